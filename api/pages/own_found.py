"""How a person is found: by which topics and passages, and what place a question gives them. About themselves alone."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from api.door import Visitor, VisitorOf
from api.door.limits import Limited, spend
from api.door.waiting import while_waiting
from api.network import OpenNetwork
from api.pages.own import sign_in_first
from api.pages.reading import read
from api.pages.rendering import render
from api.pages.unanswered import NO_ANSWER
from api.pages.words import N_
from api.settings import GraphQLSettings
from graph import audiences, consents
from graph.consents import Purpose
from graph.errors import GraphError, NoSuchExpert
from graph.search import Explanation
from graph.values import ExpertId, NotACursor
from graph.viewer import FieldGroup

__all__ = ["own_found"]

PAGE: Final = "/me/found"
SHOWN_FIRST: Final = 10
"""How many people the first page shows."""
COMPARED_WITH_EVERYBODY: Final = 10
"""As many questions as one counts for that is compared with everybody in the network."""
MUCH, SOME, LITTLE = 1 / 3, 1 / 10, 1 / 100
"""Shares of a score; what has less than the last is not worth a word."""

PARTS: Final[Mapping[str, str]] = {
    "profile": N_("What your headline and topics mean is near the question"),
    "evidence": N_("A passage of yours is near the question"),
    "topics": N_("You know a topic near the question"),
    "named topics": N_("You know a topic that the question names"),
    "words": N_("You share words with the question"),
    "name": N_("The question names you"),
}
"""What a score is made of, said to whose it is."""

own_found = APIRouter(include_in_schema=False)


@own_found.get(PAGE)
async def found_page(request: Request, visitor: VisitorOf) -> Response:
    """What searches find the visitor by; with ``?q=…`` also what place that question gives them, if it gives one."""
    if visitor.account is None:
        return sign_in_first(PAGE)
    if visitor.viewer.person is None:
        return await render(request, "own_found.html", visitor, {"person": None})
    question, told, refusal = request.query_params.get("q", ""), None, None
    if question:
        await spend(request, Limited.SEARCH, times=COMPARED_WITH_EVERYBODY)
        try:
            told = await _explained(request, visitor, question, visitor.viewer.person)
        except NO_ANSWER:
            raise
        except GraphError as error:
            refusal = error
    try:
        found_by = await _found_by(request, visitor, visitor.viewer.person)
    except NotACursor:
        raise HTTPException(404) from None
    context = {
        **found_by,
        "question": question,
        "told": told,
        "parts": PARTS,
        "counted": _counted(told.score.parts) if told else [],
        "shown_first": SHOWN_FIRST,
        "refusal": refusal,
    }
    return await render(request, "own_found.html", visitor, context, status_code=422 if refusal else 200)


def _counted(parts: Mapping[str, float]) -> list[tuple[str, str]]:
    """Parts of a score that raise it, the largest first, each with a word for how much."""
    total = sum(points for points in parts.values() if points > 0)
    shares = sorted(((points / total, name) for name, points in parts.items() if points > 0), reverse=True)
    return [
        (name, N_("much") if share >= MUCH else N_("some") if share >= SOME else N_("a little"))
        for share, name in shares
        if share >= LITTLE
    ]


async def _explained(request: Request, visitor: Visitor, question: str, person: ExpertId) -> Explanation | None:
    """The place that a question gives the visitor among those whom they find; None if it does not find them."""
    network: OpenNetwork = request.app.state.network
    settings: GraphQLSettings = request.app.state.graphql
    async with while_waiting(request, seconds=settings.query_timeout_s):
        try:
            return await network.search.explain(visitor.viewer, question, expert=person)
        except NoSuchExpert:
            return None


async def _found_by(request: Request, visitor: Visitor, person: ExpertId) -> dict[str, Any]:
    network: OpenNetwork = request.app.state.network
    asked = {"person": person, "after": request.query_params.get("after")}
    found = (await read(request, visitor, "found", **asked))["expert"]
    history, _ = await consents.history_of(network.graph, visitor.viewer, expert=person)
    newest = next((one for one in history if one.purpose is Purpose.MATCHED), None)
    standing = await audiences.of_person(network.graph, visitor.viewer, expert=person)
    passages = [edge["node"] for edge in found["passages"]["edges"]]
    return {
        "person": person,
        "headline": found["headline"],
        "topics": [
            {**edge["node"], "level": edge["level"].lower(), "since": edge["since"]}
            for edge in found["expertise"]["edges"]
        ],
        "passages": [(one, date.fromisoformat(one["occurredOn"]) if one["occurredOn"] else None) for one in passages],
        "passages_in_all": found["passages"]["totalCount"],
        "next_passages": found["passages"]["pageInfo"]["endCursor"]
        if found["passages"]["pageInfo"]["hasNextPage"]
        else None,
        "does_not_agree": newest is not None and not newest.given,
        "found_by": standing[FieldGroup.PROFILE].in_force,
    }
