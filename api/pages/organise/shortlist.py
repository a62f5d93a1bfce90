"""An event's text beside its shortlist: who is considered, how far each is, what speaks against, and whom to add."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from api.door import CheckedForm, Visitor
from api.door.limits import Limited, spend
from api.pages.languages import language_of
from api.pages.organise.asking import asked, day_by_clocks_of, graph_of, texts_in, when
from api.pages.organise.door import OrganiserOf
from api.pages.organise.saying import Said, done, in_words, said_in
from api.pages.rendering import render
from api.pages.typed import text_in
from api.pages.unanswered import NO_ANSWER
from graph import experts, speaking
from graph.drafts import AlreadyPublished
from graph.errors import GraphError, NoSuchEvent, NoSuchExpert
from graph.invitations import UnfitText
from graph.people.profiles import OtherVersion
from graph.speaking import CandidacyId, Proposed, ShortlistFull, State
from graph.values import EventId, ExpertId, NotACursor

__all__ = ["Typed", "Undo", "event_page", "shortlist"]

MOST_NAMED: Final = 20

TAKEN_BACK: Final = (Said.TAKEN_OFF, Said.THOUGHT_OF, Said.ACCEPTED, Said.DECLINED, Said.STEPPED)
"""What is taken back as a step that no letter went with."""

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


@shortlist.get("/events/{slug}", response_class=HTMLResponse)
async def shortlist_page(request: Request, visitor: OrganiserOf, slug: str) -> HTMLResponse:
    """The event and its shortlist; with ``?q=``, ``?like=1`` or ``?who=`` people who could be added."""
    return await event_page(request, visitor, slug)


@shortlist.post("/events/{slug}/shortlist")
async def add(request: Request, visitor: OrganiserOf, form: CheckedForm, slug: str) -> Response:
    """Put people on the shortlist by hand."""
    await spend(request, Limited.MUTATION)
    people = [Proposed(ExpertId(expert)) for expert in texts_in(form, "expert")]
    try:
        made = await speaking.shortlist(graph_of(request), visitor.viewer, event=EventId(slug), people=people)
    except NoSuchEvent:
        raise HTTPException(404) from None
    except (NoSuchExpert, ShortlistFull, UnfitText) as error:
        return await event_page(request, visitor, slug, refusal=error)
    searched = {name: value for name in ("q", "like", "who") if (value := text_in(form, name))}
    page = f"/organise/events/{quote(slug)}{'?' if searched else ''}{urlencode(searched)}"
    of = {"of": made.added[0].id, "version": str(made.added[0].version)} if len(made.added) == 1 else {}
    return done(page, Said.ADDED if made.added else Said.ALREADY, anchor="add" if searched else "list", **of)


async def event_page(
    request: Request,
    visitor: Visitor,
    slug: str,
    *,
    refusal: GraphError | None = None,
    typed: Typed | None = None,
    said: Said | None = None,
    undo: Undo | None = None,
    unreached: Sequence[ExpertId] = (),
    words: str | None = None,
) -> HTMLResponse:
    """The page; with a refusal, and what was typed, where something was not done; ``words`` are those to the speakers.

    ``said`` is what was done and ``undo`` what takes it back, if the address does not say it; ``unreached`` are those
    whom a letter did not reach.

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
        "candidates": everybody,
        "on_list": {one["expert"]["slug"] for one in everybody},
        "next_in_line": found["nextInLine"],
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
        "said": said_in(request) if said is None else in_words(request, said),
        "undo": undo or _undo(query, everybody),
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


def _undo(query: Mapping[str, str], everybody: Sequence[Mapping[str, Any]]) -> Undo | None:
    """What takes back what was done last to somebody of the list; None if nothing does, or more was done since."""
    one = next((one for one in everybody if one["id"] == query.get("of")), None)
    if one is None or query.get("version") != str(one["version"]):
        return None
    path, version = f"/organise/candidacies/{one['id']}", {"version": str(one["version"])}
    was = query.get("rank", "")
    if query.get("said") == Said.MOVED and was.isascii() and was.isdecimal():
        return Undo(f"{path}/move", {**version, "rank": was})
    if query.get("said") == Said.ADDED and one["state"] == "SHORTLISTED":
        return Undo(f"{path}/step", {**version, "to": "withdrawn"})
    if query.get("said") in TAKEN_BACK:
        return Undo(f"{path}/back", version)
    return None


def _status(refusal: GraphError | None) -> int:
    if refusal is None:
        return 200
    return 409 if isinstance(refusal, OtherVersion | AlreadyPublished) else 422
