"""The first page: one field to ask in, and the people who fit, with the evidence."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.door import VisitorOf
from api.door.limits import Limited, spend
from api.door.waiting import while_waiting
from api.network import OpenNetwork
from api.pages import filtering
from api.pages.rendering import render
from api.settings import GraphQLSettings
from graph import network
from graph.errors import GraphCannotWrite, GraphError, GraphUnavailable
from graph.permissions import NotAllowed, may_seek_speakers
from graph.search import Need

__all__ = ["pages"]

pages = APIRouter(include_in_schema=False)


@pages.get("/", response_class=HTMLResponse)
async def first_page(request: Request, visitor: VisitorOf) -> HTMLResponse:
    """Ask, and read who fits; the search is in the address, so it can be shared."""
    open_: OpenNetwork = request.app.state.network
    graph, viewer = open_.graph, visitor.viewer
    question = request.query_params.get("q", "")
    chosen = {name: request.query_params.get(name, "").strip() for name in filtering.NAMES}
    answer = None
    refusal = None
    status = 200
    if question:
        await spend(request, Limited.SEARCH)
        settings: GraphQLSettings = request.app.state.graphql
        try:
            async with while_waiting(request, seconds=settings.query_timeout_s):
                only = await filtering.resolved(graph, viewer, chosen)
                answer = await open_.search.ask(viewer, question, only=only)
        except (GraphCannotWrite, GraphUnavailable):
            raise  # what they say is for whoever runs the network
        except GraphError as error:
            refusal = str(error)
            status = 403 if isinstance(error, NotAllowed) else 422
    choices = await filtering.choices(graph, viewer)
    return await render(
        request,
        "first.html",
        visitor,
        {
            "question": question,
            "chosen": chosen,
            "answer": answer,
            "suggested": [] if answer is None else list(_suggested(answer.suggested, {"q": question, **chosen})),
            "refusal": refusal,
            "holdings": await network.holdings(graph, viewer),
            "choices": choices,
            "chips": list(filtering.chips(question, chosen, choices.options)) if question else [],
            "more": any(chosen[name] for name in filtering.NAMES if name not in filtering.IN_SIGHT),
            "for_organisers": may_seek_speakers(viewer),
        },
        status_code=status,
    )


def _suggested(needs: tuple[Need, ...], asked: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What may be filtered by, in the question's words, each with the address that asks so."""
    for need in needs:
        of = {"country": need.countries, "region": need.regions, "language": need.languages, "topic": need.topics}
        for name, ids in of.items():
            if len(ids) == 1:  # the page has one choice of each
                given = {key: value for key, value in {**asked, name: ids[0]}.items() if value}
                yield need.said, f"/?{urlencode(given)}"
