"""The first page: one field to ask in, and the people who fit, with the evidence."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from api.door import CheckedForm, Visitor, VisitorOf
from api.door.limits import Limited, spend
from api.network import OpenNetwork
from api.pages import filtering
from api.pages.asked import FIRST, MOST, Asked, Passing, answer_to, passing
from api.pages.join import UnfitChoice
from api.pages.languages import language_of
from api.pages.own import sign_in_first
from api.pages.refusals import status_of
from api.pages.rendering import plain, render
from api.pages.typed import text_in
from api.pages.unanswered import NO_ANSWER
from api.pages.words import words_in
from api.pages.works import works_called
from graph import experts, feedback, network, saved_searches, suggestions
from graph.errors import GraphError
from graph.filters import LevelWithoutLanguage, UnknownFilterValue
from graph.permissions import may_judge, may_save_searches, may_seek_speakers
from graph.saved_searches import SavedSearch, SavedSearchId
from graph.search import Answer, EmptyQuestion, Match, Need, WhyNobody
from graph.suggestions import Kind
from graph.values import Cursor, Expert, ExpertId, LanguageLevel, NotACursor, SpokenLanguage

__all__ = ["pages"]

MARKS: Mapping[str, bool | None] = {"useful": True, "not-useful": False, "none": None}
"""What the buttons of a match say of it; none takes back what was said."""

PLACES = {Kind.TOPIC: "topics", Kind.COUNTRY: "countries", Kind.PERSON: "people"}
"""Where the page of what is suggested stands."""

AFTER = "after"
"""What the address calls the cursor in a list of those who pass."""

pages = APIRouter(include_in_schema=False)


@pages.get("/", response_class=HTMLResponse)
async def first_page(request: Request, visitor: VisitorOf) -> HTMLResponse:
    """Ask, and read who fits; the search is in the address, so it can be shared."""
    return await _page(request, visitor, Asked.of(request.query_params))


@pages.get("/suggestions", response_class=HTMLResponse)
async def suggest(request: Request, visitor: VisitorOf) -> HTMLResponse:
    """What the text in the field may name, as a part of the page."""
    await spend(request, Limited.SUGGESTION)
    open_: OpenNetwork = request.app.state.network
    language = language_of(request)
    found = await suggestions.suggested(
        open_.graph, visitor.viewer, text=request.query_params.get("q", ""), language=language
    )
    addressed = [(one, f"/{PLACES[one.kind]}/{quote(one.id)}") for one in found]
    return plain(request, "suggestions.html", visitor, {"found": addressed})


@pages.post("/judgement")
async def judge_match(request: Request, visitor: VisitorOf, form: CheckedForm) -> Response:
    """Say of somebody in an answer whether they were useful, or take that back; then the same answer again.

    A page that shows by itself what was kept asks with ``Prefer: return=minimal`` (RFC 7240) for 204 instead.
    """
    await spend(request, Limited.MUTATION)
    open_: OpenNetwork = request.app.state.network
    asked, expert = Asked.of(form), ExpertId(text_in(form, "expert"))
    if visitor.account is None:
        return sign_in_first(asked.address())
    try:
        if (is_useful := _mark(form)) is None:
            await feedback.take_back(open_.graph, visitor.viewer, question=asked.question, expert=expert)
        else:
            await feedback.judge(
                open_.graph,
                visitor.viewer,
                question=asked.question,
                expert=expert,
                is_useful=is_useful,
                keeps_question=True,  # the page says so beside the button
            )
    except NO_ANSWER:
        raise
    except GraphError as error:
        return await _page(request, visitor, asked, refused=error)
    if "return=minimal" in request.headers.get("prefer", ""):
        return Response(status_code=204)
    return RedirectResponse(f"{asked.address()}#judged-{quote(expert)}", status_code=303)


@pages.post("/searches")
async def save_search(request: Request, visitor: VisitorOf, form: CheckedForm) -> Response:
    """Keep a search for oneself, under a title; then its answer again."""
    await spend(request, Limited.MUTATION)
    open_: OpenNetwork = request.app.state.network
    asked, title = Asked.of(form), text_in(form, "title")
    if visitor.account is None:
        return sign_in_first(asked.address())
    try:
        await saved_searches.save(
            open_.graph, visitor.viewer, title=title, question=asked.question, filters=asked.chosen
        )
    except NO_ANSWER:
        raise
    except GraphError as error:
        return await _page(request, visitor, asked, refused=error, title=title)
    if text_in(form, "back") == "list":
        return RedirectResponse("/#saved", status_code=303)
    return RedirectResponse(f"{asked.address()}#keeping", status_code=303)


@pages.post("/searches/remove")
async def remove_search(request: Request, visitor: VisitorOf, form: CheckedForm) -> Response:
    """Forget a search of one's own; the page that follows offers to have it back."""
    await spend(request, Limited.MUTATION)
    open_: OpenNetwork = request.app.state.network
    asked = Asked.of(form)
    if visitor.account is None:
        return sign_in_first(asked.address())
    try:
        removed = await saved_searches.remove(open_.graph, visitor.viewer, id=SavedSearchId(text_in(form, "search")))
    except NO_ANSWER:
        raise
    except GraphError as error:
        return await _page(request, visitor, asked, refused=error)
    undo = {} if removed is None else {"removed": _asked(removed).address("").removeprefix("?"), "title": removed.title}
    return RedirectResponse(f"/?{urlencode({**asked.fields, **undo})}", status_code=303)


async def _page(
    request: Request, visitor: Visitor, asked: Asked, *, refused: GraphError | None = None, title: str = ""
) -> HTMLResponse:
    """The page with who fits a question or, if there is none, who is like somebody; or with a refusal in its place.

    Where nothing is asked and something filtered by, it has everybody who passes.
    """
    open_: OpenNetwork = request.app.state.network
    graph, viewer, language = open_.graph, visitor.viewer, language_of(request)
    (answer, everybody, refusal, status), choices, saved, like = await asyncio.gather(
        _answered(request, visitor, asked, refused),
        filtering.choices(graph, viewer, language=language),
        saved_searches.own(graph, viewer),
        _alike(open_, visitor, asked),
    )
    matches = answer.matches[: asked.first] if answer else ()
    found = [match.expert.id for match in matches]
    stand_in = [evidence.passage.resource for match in matches for evidence in match.evidence]
    context: dict[str, Any] = {
        "asked": asked,
        "question": asked.question,
        "like": like,
        "chosen": asked.chosen,
        "matches": matches,
        "works": await works_called(request, visitor, stand_in),
        "has_more": answer is not None and len(answer.matches) > asked.first,
        "everybody": everybody,
        "following": _following(asked, everybody),
        "nobody": _nobody(answer, everybody),
        "nearest": _nearest(answer, choices.options["topic"]),
        "more": _more(asked, answer),
        "spoken": lambda match: _spoken(match, language),
        "suggested": [] if answer is None else list(_suggested(answer.suggested, asked, choices.options)),
        "judged": await feedback.marks(graph, viewer, question=asked.question, experts=found),
        "may_judge": {expert for expert in found if asked.question and may_judge(viewer, expert)},
        "refusal": refusal,
        "lacks_language": isinstance(refusal, LevelWithoutLanguage),
        "meant": list(filtering.meant(refusal, asked.chosen, language=language, address=asked.among))
        if isinstance(refusal, UnknownFilterValue)
        else [],
        "holdings": None if asked.is_something or asked.is_narrowed else await network.holdings(graph, viewer),
        "choices": choices,
        "chips": list(filtering.chips(asked.chosen, choices.options, language=language, address=asked.among))
        if asked.is_something or asked.is_narrowed
        else [],
        "more_filters": any(asked.chosen[name] for name in filtering.NAMES if name not in filtering.IN_SIGHT),
        "for_organisers": may_seek_speakers(viewer),
        "may_save": may_save_searches(viewer),
        "saved": [(one, _asked(one).address()) for one in saved],
        "same": next((one for one in saved if _is_same(one, asked)), None),
        "undo": _removed(request) if visitor.account else None,
        "title": title,
    }
    return await render(request, "first.html", visitor, context, status_code=status, page="/")


async def _answered(
    request: Request, visitor: Visitor, asked: Asked, refused: GraphError | None
) -> tuple[Answer | None, Passing | None, GraphError | None, int]:
    """The answer, who passes, or the refusal, and the status of it; one person more, to know whether there are more."""
    if refused is not None:
        return None, None, refused, 422
    try:
        if asked.is_something:
            return await answer_to(request, visitor, asked, further=1), None, None, 200
        if asked.is_narrowed:
            return None, await _everybody(request, visitor, asked), None, 200
        if "q" in request.query_params:
            raise EmptyQuestion
    except NO_ANSWER:
        raise  # what they say is for whoever runs the network
    except GraphError as error:
        return None, None, error, status_of(error)
    return None, None, None, 200


async def _everybody(request: Request, visitor: Visitor, asked: Asked) -> Passing:
    after = request.query_params.get(AFTER)
    try:
        return await passing(request, visitor, asked, after=Cursor.parse(after) if after else None)
    except NotACursor:  # as a shortened address has it, or one of a page in another language
        return await passing(request, visitor, asked)


def _following(asked: Asked, everybody: Passing | None) -> str | None:
    """Where the next of those who pass stand, by name."""
    if everybody is None or everybody.after is None:
        return None
    return f"{asked.among(asked.chosen)}&{urlencode({AFTER: str(everybody.after)})}"


def _nobody(answer: Answer | None, everybody: Passing | None) -> WhyNobody | None:
    if everybody is not None and not everybody.people:
        return WhyNobody.FILTERED
    return answer.nobody if answer else None


async def _alike(open_: OpenNetwork, visitor: Visitor, asked: Asked) -> Expert | None:
    if not asked.like or asked.question:
        return None
    return (await experts.by_id(open_.graph, visitor.viewer, ids=[asked.like])).get(asked.like)


def _spoken(match: Match, language: str) -> list[str]:
    """The languages; of those that are known a little only, that too: who asks for one does not mean these."""

    def told(one: SpokenLanguage) -> str:
        name = one.language.names.in_language(language) or one.language.id
        if one.level != LanguageLevel.BASIC:
            return name
        return words_in(language).gettext("%(language)s (basic)") % {"language": name}

    return [told(one) for one in match.languages]


def _suggested(
    needs: tuple[Need, ...], asked: Asked, options: Mapping[str, filtering.Options]
) -> Iterator[tuple[str, str]]:
    """What may be filtered by, each with the address that asks so.

    It is in the question's words; of a person to be like, whose texts may be in any language, in the page's.
    """
    for need in needs:
        of = {"country": need.countries, "region": need.regions, "language": need.languages, "topic": need.topics}
        for name, ids in of.items():
            if len(ids) == 1:  # the page has one choice of each
                said = need.said if asked.question else options[name].get(ids[0])
                if said:
                    yield said, asked.among({**asked.chosen, name: ids[0]})


def _nearest(answer: Answer | None, topics: Mapping[str, str]) -> list[tuple[str, str]]:
    """The topics that come nearest where nobody fits: their addresses and names."""
    return [(f"/topics/{quote(id)}", topics[id]) for id in (answer.nearest if answer else ()) if id in topics]


def _more(asked: Asked, answer: Answer | None) -> str | None:
    """Where more of the same answer stands, from the first of them on; None if there is no more."""
    if answer is None or len(answer.matches) <= asked.first or asked.first >= MOST:
        return None
    more = Asked(asked.question, asked.like, asked.chosen, min(asked.first + FIRST, MOST))
    return f"{more.address()}#match-{asked.first + 1}"


def _asked(saved: SavedSearch) -> Asked:
    return Asked.of({"q": saved.question, **saved.filters})


def _is_same(saved: SavedSearch, asked: Asked) -> bool:
    of_saved = _asked(saved)
    return of_saved.question == " ".join(asked.question.split()) and of_saved.chosen == asked.chosen


def _removed(request: Request) -> tuple[Asked, str] | None:
    """The search that was just removed, and its title, as the address says them."""
    removed = dict(parse_qsl(request.query_params.get("removed", "")))
    return (Asked.of(removed), request.query_params.get("title", "")) if removed.get("q") else None


def _mark(form: FormData) -> bool | None:
    if (mark := text_in(form, "mark")) not in MARKS:
        raise UnfitChoice("mark")
    return MARKS[mark]
