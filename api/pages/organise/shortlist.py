"""An event's text beside its shortlist: who is considered, how far each is, what speaks against, and whom to add."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote, urlencode

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from api.door import CheckedForm, Visitor
from api.door.limits import Limited, spend
from api.pages.languages import language_of
from api.pages.organise.asking import asked, day_by_clocks_of, graph_of, texts_in, when
from api.pages.organise.door import OrganiserOf
from api.pages.organise.saying import Said, done, in_words, word_in
from api.pages.rendering import render
from api.pages.typed import number_of, text_in
from api.pages.unanswered import NO_ANSWER
from graph import experts, speaking
from graph.drafts import AlreadyPublished
from graph.errors import GraphError, NoSuchEvent, NoSuchExpert
from graph.invitations import UnfitText
from graph.people.profiles import OtherVersion
from graph.speaking import (
    LINKED,
    Candidacy,
    CandidacyId,
    ImpossibleStep,
    NoSuchCandidacy,
    Proposed,
    ShortlistFull,
    State,
)
from graph.speaking.shortlisting import MOST
from graph.speaking.states import IN_TOUCH, OFF_THE_PANEL
from graph.values import EventId, ExpertId, NotACursor

__all__ = ["Typed", "Undo", "anchor_of", "event_page", "shortlist"]

MOST_NAMED: Final = 20

TAKEN_BACK: Final = (Said.TAKEN_OFF, Said.THOUGHT_OF, Said.ACCEPTED, Said.DECLINED, Said.STEPPED)
"""What is taken back as a step that no letter went with."""

TO_TELL: Final = (Said.CANCELLED, Said.RESTORED)
"""What speakers are to know of."""

shortlist = APIRouter()


@dataclass(frozen=True, slots=True)
class Undo:
    """The form that takes back what was done last: its path, and its fields, of which one may have several values."""

    path: str
    fields: Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed of one who is considered and that was not taken: it is shown again, and not lost."""

    candidacy: CandidacyId
    note: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands in the line, from 1; ``up`` and ``down`` are the ranks one further, None at its ends."""

    number: int
    up: int | None
    down: int | None


@shortlist.get("/events/{slug}", response_class=HTMLResponse)
async def shortlist_page(request: Request, visitor: OrganiserOf, slug: str) -> HTMLResponse:
    """The event and its shortlist; with ``?q=``, ``?like=1`` or ``?who=`` people who could be added."""
    return await event_page(request, visitor, slug)


@shortlist.post("/events/{slug}/shortlist")
async def add(request: Request, visitor: OrganiserOf, form: CheckedForm, slug: str) -> Response:
    """Put people on the shortlist by hand; whoever was taken off it and never asked is back there."""
    await spend(request, Limited.MUTATION)
    graph, viewer = graph_of(request), visitor.viewer
    people = [Proposed(ExpertId(expert)) for expert in texts_in(form, "expert")]
    try:
        made = await speaking.shortlist(graph, viewer, event=EventId(slug), people=people)
    except NoSuchEvent:
        raise HTTPException(404) from None
    except (NoSuchExpert, ShortlistFull, UnfitText) as error:
        return await event_page(request, visitor, slug, refusal=error)
    forgotten = [one for one in made.already if _is_forgotten(one)]
    back = await _stepped(request, visitor, forgotten, State.SHORTLISTED)
    searched = {name: value for name in ("q", "like", "who") if (value := text_in(form, name))}
    page = f"/organise/events/{quote(slug)}{'?' if searched else ''}{urlencode(searched)}"
    of: dict[str, str] = {}
    match [*made.added, *back]:
        case []:
            said = Said.ALREADY
        case [one]:
            said = Said.THOUGHT_OF if back else Said.ADDED
            of = {"of": one.id, "version": str(one.version)}
        case [one, *others]:
            said = Said.ADDED
            of = {"count": str(1 + len(others)), **({} if back else {"of": one.id})}
    return done(page, said, anchor="add" if searched else "list", **of)


@shortlist.post("/events/{slug}/shortlist/off")
async def take_off(request: Request, visitor: OrganiserOf, form: CheckedForm, slug: str) -> Response:
    """Take those off the shortlist again who were put there together, and were not touched since."""
    await spend(request, Limited.MUTATION)
    try:
        line = await _line(request, visitor, slug)
    except NoSuchEvent:
        raise HTTPException(404) from None
    one = next((one for one in line if one.id == text_in(form, "of")), None)
    if one is None:
        raise HTTPException(404)
    taken = await _stepped(request, visitor, _added_with(one, line), State.WITHDRAWN)
    if not taken:
        return await event_page(request, visitor, slug, refusal=OtherVersion(one.version))
    return done(f"/organise/events/{quote(slug)}", Said.TAKEN_OFF, anchor="list", count=str(len(taken)))


async def event_page(
    request: Request,
    visitor: Visitor,
    slug: str,
    *,
    refusal: GraphError | None = None,
    typed: Typed | None = None,
    said: Said | None = None,
    undo: Undo | None = None,
    is_news: bool = False,
    unreached: Sequence[ExpertId] = (),
    words: str | None = None,
) -> HTMLResponse:
    """The page; with a refusal, and what was typed, where something was not done; ``words`` are those to the speakers.

    ``said`` is what was done and ``undo`` what takes it back, if the address does not say it; ``is_news`` whether
    speakers are to know of it; ``unreached`` are those whom a letter did not reach.

    Raises:
        HTTPException: there is no such event or draft.
    """
    query = request.query_params if request.method == "GET" else {}
    try:
        found = await asked(request, visitor, "organise_event", id=slug, after=query.get("after") or None)
    except (NoSuchEvent, NotACursor):
        raise HTTPException(404) from None
    told = found["event"] or found["eventDraft"]
    if told is None:
        raise HTTPException(404)
    event = _event(told, is_draft=found["event"] is None)
    everybody = [
        {**one, "answerBy": day_by_clocks_of(told, one["answerBy"])}
        for one in (edge["node"] for edge in found["shortlist"]["edges"])
    ]
    line = await _line(request, visitor, slug)
    in_line = [one for one in line if one.state not in OFF_THE_PANEL]
    waited_for = await speaking.unanswered(graph_of(request), visitor.viewer, event=EventId(slug))
    said = word_in(request) if said is None else said
    is_untold = (is_news or said in TO_TELL) and _may_be_told(event, line)
    suggestions, nobody = None, None
    not_found: GraphError | None = None
    if query.get("q", "").strip() or query.get("like"):
        try:
            suggestions, nobody = await _suggestions(request, visitor, slug, query.get("q", "").strip())
        except NO_ANSWER:
            raise
        except GraphError as error:
            not_found = error
    who = query.get("who", "").strip()[:200]
    by_name = (await asked(request, visitor, "organise_by_name", who=who))["experts"]["edges"] if who else None
    context = {
        "event": event,
        "when": when(event, language_of(request)),
        "candidates": [one for one in everybody if State[one["state"]] not in OFF_THE_PANEL],
        "out": [one for one in everybody if State[one["state"]] in OFF_THE_PANEL],
        "places": _places(in_line),
        "overdue": {one.candidacy for one in waited_for if one.is_overdue},
        "on_list": {one.expert: one.state for one in line if not _is_forgotten(one)},
        "next_in_line": found["nextInLine"] if event["stage"] in {"DRAFT", "PLANNED", "CONFIRMED"} else None,
        "after": found["shortlist"]["pageInfo"]["endCursor"] if found["shortlist"]["pageInfo"]["hasNextPage"] else None,
        "is_continued": bool(query.get("after")),
        "possible_now": possible_now,
        "question": query.get("q", ""),
        "is_like": bool(query.get("like")),
        "suggestions": suggestions,
        "nobody": nobody,
        "not_found": not_found,
        "who": who,
        "by_name": by_name,
        "said": said and in_words(request, said, count=number_of(query.get("count", "")), is_untold=is_untold),
        "is_untold": is_untold,
        "sends": request.app.state.mail.sends,
        "linked": [occasion.name for occasion in LINKED],
        "undo": undo or _undo(query, line),
        "restores": event["stage"] == "CANCELLED",
        "was": query.get("was", ""),
        "unreached": list(
            (await experts.by_id(graph_of(request), visitor.viewer, ids=unreached[:MOST_NAMED])).values()
        ),
        "refusal": refusal,
        "is_conflict": isinstance(refusal, OtherVersion),
        "typed": typed,
        "words": words,
    }
    return await render(
        request,
        "organise/event.html",
        visitor,
        context,
        status_code=_status(refusal) if not_found is None else 422,
        page=f"/organise/events/{quote(slug)}",
    )


def possible_now(event: Mapping[str, Any], candidate: Mapping[str, Any]) -> Sequence[str]:
    """What can become of somebody now: what may follow on what they are, as far as the event allows it."""
    possible = set(candidate["possible"])
    if event["isDraft"]:
        possible &= {"SHORTLISTED", "WITHDRAWN"}
    if event["stage"] == "CANCELLED":
        possible -= {"INVITED", "REMINDED", "CONFIRMED", "SPOKE", "ABSENT"}
    if event["stage"] in {"UNDER_WAY", "HELD"}:
        possible -= {"INVITED", "REMINDED"}
    return [state.name for state in State if state.name in possible]


def _event(told: Mapping[str, Any], *, is_draft: bool) -> Mapping[str, Any]:
    """An event or a draft as one shape: ``topics`` and ``languages`` are lists, ``stage`` is DRAFT for a draft."""
    if is_draft:
        return {**told, "stage": "DRAFT", "isDraft": True}
    lists = {name: [edge["node"] for edge in told[name]["edges"]] for name in ("topics", "languages")}
    return {**told, **lists, "isDraft": False}


async def _suggestions(
    request: Request, visitor: Visitor, slug: str, question: str
) -> tuple[Sequence[Mapping[str, Any]], str | None]:
    """Who fits a question, or what the event says of itself if nothing is asked; or why nobody does."""
    if question:
        found = (await asked(request, visitor, "organise_found", question=question))["found"]
    else:
        found = (await asked(request, visitor, "organise_like", event=slug))["found"]
    return found["edges"], found["nobody"]


async def _line(request: Request, visitor: Visitor, slug: str) -> Sequence[Candidacy]:
    """Everybody who is or was considered, in the organisers' order.

    Raises:
        NoSuchEvent: there is no such event or draft.
    """
    page = await speaking.page(graph_of(request), visitor.viewer, event=EventId(slug), first=MOST)
    return [one for _, one in page.entries]


async def _stepped(request: Request, visitor: Visitor, people: Sequence[Candidacy], to: State) -> Sequence[Candidacy]:
    """Have this become of them, but of those whom somebody has changed just now; who they are then."""
    stepped = []
    for one in people:
        try:
            advanced = await speaking.advance(
                graph_of(request), visitor.viewer, id=one.id, expected_version=one.version, to=to
            )
        except (OtherVersion, ImpossibleStep, NoSuchCandidacy):
            continue
        stepped.append(advanced.candidacy)
    return stepped


def anchor_of(one: Candidacy) -> str:
    """Where the page shows what became of somebody: their card, or the list if they are on it no more."""
    return "list" if one.state in OFF_THE_PANEL else f"candidate-{one.id}"


def _places(in_line: Sequence[Candidacy]) -> Mapping[CandidacyId, Place]:
    """Where those stand who are considered: whoever is not any more is passed over."""
    ranks = [None, *(one.rank for one in in_line), None]
    return {one.id: Place(number, ranks[number - 1], ranks[number + 1]) for number, one in enumerate(in_line, start=1)}


def _is_forgotten(one: Candidacy) -> bool:
    """Whether somebody was taken off the list, and never asked."""
    was_asked = any(step.to is State.INVITED and not step.is_undone for step in one.steps)
    return one.state is State.WITHDRAWN and not was_asked


def _added_with(one: Candidacy, line: Sequence[Candidacy]) -> Sequence[Candidacy]:
    """Who was put on the shortlist together with somebody, and is as they were then."""
    return [other for other in line if other.created_at == one.created_at and other.version == 1]


def _may_be_told(event: Mapping[str, Any], line: Sequence[Candidacy]) -> bool:
    """Whether somebody is to know what becomes of the event, and it is to come."""
    is_to_come = event["startsAt"] is None or event["startsAt"] > datetime.now(UTC)
    return is_to_come and any(one.state in IN_TOUCH for one in line)


def _undo(query: Mapping[str, str], line: Sequence[Candidacy]) -> Undo | None:
    """What takes back what was done last to somebody of the list; None if nothing does, or more was done since."""
    one = next((one for one in line if one.id == query.get("of")), None)
    if one is None:
        return None
    if query.get("said") == Said.ADDED and query.get("count"):
        off = Undo(f"/organise/events/{quote(one.event)}/shortlist/off", {"of": one.id})
        return off if _added_with(one, line) else None
    return _undo_of(one, query) if query.get("version") == str(one.version) else None


def _undo_of(one: Candidacy, query: Mapping[str, str]) -> Undo | None:
    """What takes back what was done last to somebody alone."""
    path, version = f"/organise/candidacies/{one.id}", {"version": str(one.version)}
    was = query.get("rank", "")
    if query.get("said") == Said.MOVED and was.isascii() and was.isdecimal():
        return Undo(f"{path}/move", {**version, "rank": was})
    if query.get("said") == Said.ADDED and one.state is State.SHORTLISTED:
        return Undo(f"{path}/step", {**version, "to": "withdrawn"})
    if query.get("said") in TAKEN_BACK:
        return Undo(f"{path}/back", version)
    return None


def _status(refusal: GraphError | None) -> int:
    if refusal is None:
        return 200
    return 409 if isinstance(refusal, OtherVersion | AlreadyPublished) else 422
