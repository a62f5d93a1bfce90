"""The first page: one field to ask in, and the people who fit, with the evidence."""

from collections.abc import Iterator, Mapping
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from api.door import CheckedForm, Visitor, VisitorOf
from api.door.limits import Limited, spend
from api.door.waiting import while_waiting
from api.network import OpenNetwork
from api.pages import filtering
from api.pages.join import UnfitChoice
from api.pages.rendering import render
from api.settings import GraphQLSettings
from graph import experts, feedback, network
from graph.errors import GraphCannotWrite, GraphError, GraphUnavailable
from graph.permissions import NotAllowed, may_judge, may_seek_speakers
from graph.search import Need
from graph.values import ExpertId

__all__ = ["pages"]

NOBODY = ExpertId("")

MARKS: Mapping[str, bool | None] = {"useful": True, "not-useful": False, "none": None}
"""What the buttons of a match say of it; none takes back what was said."""

pages = APIRouter(include_in_schema=False)


@pages.get("/", response_class=HTMLResponse)
async def first_page(request: Request, visitor: VisitorOf) -> HTMLResponse:
    """Ask, and read who fits; the search is in the address, so it can be shared."""
    asked = request.query_params
    chosen = {name: asked.get(name, "").strip() for name in filtering.NAMES}
    return await _page(request, visitor, asked.get("q", ""), chosen, like=ExpertId(asked.get("like", "").strip()))


@pages.post("/judgement")
async def judge_match(request: Request, visitor: VisitorOf, form: CheckedForm) -> Response:
    """Say of somebody in an answer whether they were useful, or take that back; then the same answer again."""
    await spend(request, Limited.MUTATION)
    open_: OpenNetwork = request.app.state.network
    question, expert = _field(form, "q"), ExpertId(_field(form, "expert"))
    chosen = {name: _field(form, name).strip() for name in filtering.NAMES}
    address = _address({"q": question}, chosen)
    if visitor.account is None:
        return RedirectResponse(f"/sign-in?{urlencode({'next': address})}", status_code=303)
    try:
        if (is_useful := _mark(form)) is None:
            await feedback.take_back(open_.graph, visitor.viewer, question=question, expert=expert)
        else:
            await feedback.judge(
                open_.graph,
                visitor.viewer,
                question=question,
                expert=expert,
                is_useful=is_useful,
                keeps_question=True,  # the page says so beside the button
            )
    except (GraphCannotWrite, GraphUnavailable):
        raise
    except GraphError as error:
        return await _page(request, visitor, question, chosen, refusal=str(error))
    return RedirectResponse(f"{address}#judged-{quote(expert)}", status_code=303)


async def _page(
    request: Request,
    visitor: Visitor,
    question: str,
    chosen: Mapping[str, str],
    *,
    like: ExpertId = NOBODY,
    refusal: str | None = None,
) -> HTMLResponse:
    """The page with who fits a question or, if there is none, who is like somebody; or with a refusal in its place."""
    open_: OpenNetwork = request.app.state.network
    graph, viewer = open_.graph, visitor.viewer
    answer = None
    status = 422 if refusal else 200
    about = {"q": question} if question else {"like": like}
    if any(about.values()) and refusal is None:
        await spend(request, Limited.SEARCH)
        settings: GraphQLSettings = request.app.state.graphql
        try:
            async with while_waiting(request, seconds=settings.query_timeout_s):
                only = await filtering.resolved(graph, viewer, chosen)
                if question:
                    answer = await open_.search.ask(viewer, question, only=only)
                else:
                    answer = await open_.search.like_expert(viewer, like, only=only)
        except (GraphCannotWrite, GraphUnavailable):
            raise  # what they say is for whoever runs the network
        except GraphError as error:
            refusal = str(error)
            status = 403 if isinstance(error, NotAllowed) else 422
    found = [match.expert.id for match in answer.matches] if answer else []
    choices = await filtering.choices(graph, viewer)
    return await render(
        request,
        "first.html",
        visitor,
        {
            "question": question,
            "like": (await experts.by_id(graph, viewer, ids=[like])).get(like) if like and not question else None,
            "without_filter": _address(about, {}),
            "chosen": chosen,
            "answer": answer,
            "suggested": [] if answer is None else list(_suggested(answer.suggested, about, chosen)),
            "judged": await feedback.marks(graph, viewer, question=question, experts=found),
            "may_judge": {expert for expert in found if question and may_judge(viewer, expert)},
            "refusal": refusal,
            "holdings": await network.holdings(graph, viewer),
            "choices": choices,
            "chips": list(filtering.chips(about, chosen, choices.options)) if any(about.values()) else [],
            "more": any(chosen[name] for name in filtering.NAMES if name not in filtering.IN_SIGHT),
            "for_organisers": may_seek_speakers(viewer),
        },
        status_code=status,
    )


def _suggested(
    needs: tuple[Need, ...], about: Mapping[str, str], chosen: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """What may be filtered by, in the question's words, each with the address that asks so."""
    for need in needs:
        of = {"country": need.countries, "region": need.regions, "language": need.languages, "topic": need.topics}
        for name, ids in of.items():
            if len(ids) == 1:  # the page has one choice of each
                yield need.said, _address(about, {**chosen, name: ids[0]})


def _address(about: Mapping[str, str], chosen: Mapping[str, str]) -> str:
    """Where this is asked, among those who were chosen."""
    return f"/?{urlencode({name: value for name, value in {**about, **chosen}.items() if value})}"


def _field(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _mark(form: FormData) -> bool | None:
    if (mark := _field(form, "mark")) not in MARKS:
        raise UnfitChoice("mark")
    return MARKS[mark]
