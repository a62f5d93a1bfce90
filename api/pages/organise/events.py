"""Events made and changed: as a draft first or at once, published, cancelled, or thrown away, and brought back."""

import secrets
from collections.abc import Mapping
from typing import Any, Final, cast
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from api.door import CheckedForm, Visitor
from api.door.limits import Limited, spend
from api.pages.languages import language_of
from api.pages.organise import fields
from api.pages.organise.asking import asked, graph_of, number_in
from api.pages.organise.door import OrganiserOf
from api.pages.organise.saying import Said, done
from api.pages.organise.shortlist import Undo, event_page
from api.pages.rendering import render
from api.pages.typed import text_in
from api.speaking.sending import Sending
from graph import drafts, event_changes, speaking
from graph.drafts import AlreadyPublished, NoSuchDraft
from graph.errors import GraphError, NoSuchEvent
from graph.event_changes import EventChanges
from graph.fields import LARGEST_CAPACITY, InvalidFields, Problem
from graph.idempotency import KeyOfOther, KeySpent, KeyUnfit
from graph.invitations import UnfitText
from graph.people.profiles import OtherVersion
from graph.values import UN_LANGUAGES, EventId

__all__ = ["events"]

REFUSED: Final = (InvalidFields, OtherVersion, KeyUnfit, KeyOfOther, KeySpent, AlreadyPublished)

SPEAKERS_KNOW: Final = {"title", "kind", "format", *fields.TIMES, "time_zone", "place", "country", "url", "languages"}
"""Of an event, what its letters tell."""

events = APIRouter()


@events.get("/new", response_class=HTMLResponse)
async def new_page(request: Request, visitor: OrganiserOf) -> HTMLResponse:
    """An empty form for an event."""
    return await _form(request, visitor, fields.typed_from_event(None))


@events.post("/new")
async def make(request: Request, visitor: OrganiserOf, form: CheckedForm) -> Response:
    """Make a draft, or an event that everybody sees at once."""
    await spend(request, Limited.MUTATION)
    typed, key = fields.typed_in(form), text_in(form, "key")
    graph, viewer = graph_of(request), visitor.viewer
    try:
        given = fields.meant(typed)
        if text_in(form, "as") == "event":
            made = await event_changes.create(graph, viewer, given=given, idempotency_key=key)
            return done(_page(made.event), Said.MADE)
        draft = await drafts.create(graph, viewer, given=given, idempotency_key=key)
        return done(_page(draft.id), Said.DRAFTED)
    except REFUSED as error:
        return await _form(request, visitor, typed, refusal=error)


@events.get("/events/{slug}/edit", response_class=HTMLResponse)
async def edit_page(request: Request, visitor: OrganiserOf, slug: str) -> HTMLResponse:
    """What is said of an event or draft, to be changed."""
    told = await _told(request, visitor, slug)
    return await _form(request, visitor, fields.typed_from_event(told), of=told)


@events.post("/events/{slug}/edit")
async def change(request: Request, visitor: OrganiserOf, form: CheckedForm, slug: str) -> Response:
    """Change what differs from how it is, so that nothing is said of what nobody touched; the page offers to undo it.

    The earlier text may be long, so it stands on the page itself and not in its address. A draft is published with it
    where that is asked for.
    """
    await spend(request, Limited.MUTATION)
    typed, told = fields.typed_in(form), await _told(request, visitor, slug)
    before = fields.typed_from_event(told)
    graph, viewer, version = graph_of(request), visitor.viewer, number_in(form, "version")
    try:
        wanted = fields.meant(typed)
        # The same clock in another time zone is another time.
        touched = {name for name in wanted if _differs(name, typed, before)}
        touched |= set(fields.TIMES) if "time_zone" in touched else set()
        publishes = told["isDraft"] and text_in(form, "as") == "event"
        if not touched and not publishes:
            return done(_page(slug), Said.SAVED)
        if version != told["version"]:
            raise OtherVersion(told["version"])
        changes = cast("EventChanges", {name: value for name, value in wanted.items() if name in touched})
        if told["isDraft"]:
            changed = (
                await drafts.update(graph, viewer, draft=EventId(slug), expected_version=version, changes=changes)
            ).version
            if publishes:
                return await _published(request, visitor, slug, version=changed)
        else:
            changed = (
                await event_changes.update(
                    graph, viewer, event=EventId(slug), expected_version=version, changes=changes
                )
            ).version
    except (NoSuchEvent, NoSuchDraft):
        raise HTTPException(404) from None
    except REFUSED as error:
        return await _form(request, visitor, typed, of=told, refusal=error)
    is_called_off = "status" in touched and "cancelled" in {typed["status"], before["status"]}
    is_news = is_called_off or bool(touched & SPEAKERS_KNOW)
    undo = Undo(f"{_page(slug)}/edit", {**before, "version": str(changed)})
    return await event_page(request, visitor, slug, said=Said.SAVED, undo=undo, is_news=is_news)


@events.post("/events/{slug}/publish")
async def publish(request: Request, visitor: OrganiserOf, form: CheckedForm, slug: str) -> Response:
    """Make a draft an event that everybody sees."""
    await spend(request, Limited.MUTATION)
    return await _published(request, visitor, slug, version=number_in(form, "version"))


async def _published(request: Request, visitor: Visitor, slug: str, *, version: int) -> Response:
    """The way to what a draft has become; where it lacks what an event needs, the form to say it in."""
    try:
        await drafts.publish(graph_of(request), visitor.viewer, draft=EventId(slug), expected_version=version)
    except NoSuchDraft:
        raise HTTPException(404) from None
    except InvalidFields as error:
        told = await _told(request, visitor, slug)
        return await _form(request, visitor, fields.typed_from_event(told), of=told, refusal=error, is_publishing=True)
    except REFUSED as error:
        return await event_page(request, visitor, slug, refusal=error)
    return done(_page(slug), Said.PUBLISHED)


@events.post("/events/{slug}/discard")
async def discard(request: Request, visitor: OrganiserOf, form: CheckedForm, slug: str) -> Response:
    """Throw a draft away; the board then offers to bring it back."""
    await spend(request, Limited.MUTATION)
    try:
        await drafts.discard(
            graph_of(request), visitor.viewer, draft=EventId(slug), expected_version=number_in(form, "version")
        )
    except NoSuchDraft:
        raise HTTPException(404) from None
    except REFUSED as error:
        return await event_page(request, visitor, slug, refusal=error)
    return done("/organise", Said.DISCARDED, draft=slug)


@events.post("/events/{slug}/bring-back")
async def bring_back(request: Request, visitor: OrganiserOf, form: CheckedForm, slug: str) -> Response:  # noqa: ARG001 -- it is checked
    """Have a draft again that was thrown away."""
    await spend(request, Limited.MUTATION)
    try:
        await drafts.restore(graph_of(request), visitor.viewer, draft=EventId(slug))
    except NoSuchDraft:
        raise HTTPException(404) from None
    except AlreadyPublished as error:
        return await event_page(request, visitor, slug, refusal=error)
    return done(_page(slug), Said.BROUGHT_BACK)


@events.post("/events/{slug}/cancel")
async def cancel(request: Request, visitor: OrganiserOf, form: CheckedForm, slug: str) -> Response:
    """Say that an event does not take place; the page then offers to take that back."""
    await spend(request, Limited.MUTATION)
    told = await _told(request, visitor, slug)
    try:
        await event_changes.cancel(
            graph_of(request), visitor.viewer, event=EventId(slug), expected_version=number_in(form, "version")
        )
    except NoSuchEvent:
        raise HTTPException(404) from None
    except REFUSED as error:
        return await event_page(request, visitor, slug, refusal=error)
    return done(_page(slug), Said.CANCELLED, was=told["status"] if told["status"] in {"confirmed", "tentative"} else "")


@events.post("/events/{slug}/restore")
async def restore(request: Request, visitor: OrganiserOf, form: CheckedForm, slug: str) -> Response:
    """Say that a cancelled event takes place after all, as it did before."""
    await spend(request, Limited.MUTATION)
    try:
        await event_changes.update(
            graph_of(request),
            visitor.viewer,
            event=EventId(slug),
            expected_version=number_in(form, "version"),
            changes=EventChanges(status=text_in(form, "status") or None),
        )
    except NoSuchEvent:
        raise HTTPException(404) from None
    except REFUSED as error:
        return await event_page(request, visitor, slug, refusal=error)
    return done(_page(slug), Said.RESTORED)


@events.post("/events/{slug}/tell")
async def tell(request: Request, visitor: OrganiserOf, form: CheckedForm, slug: str) -> Response:
    """Write to the event's speakers what changed, or that it is cancelled, if they do not know it yet."""
    await spend(request, Limited.MUTATION)
    words = text_in(form, "words")
    try:
        told = await speaking.tell_speakers(graph_of(request), visitor.viewer, event=EventId(slug), note=words)
    except NoSuchEvent:
        raise HTTPException(404) from None
    except UnfitText as error:
        return await event_page(request, visitor, slug, refusal=error, words=words)
    sending: Sending = request.app.state.sending
    sending.soon()
    said = Said.TOLD if told.written else Said.NOBODY_TOLD
    if told.not_reachable:  # named on the page itself: an address is kept by browsers and logs
        return await event_page(request, visitor, slug, said=said, unreached=[one.expert for one in told.not_reachable])
    return done(_page(slug), said)


async def _told(request: Request, visitor: Visitor, slug: str) -> Mapping[str, Any]:
    """An event or draft as the form needs it, with ``isDraft``.

    Raises:
        HTTPException: there is neither.
    """
    found = await asked(request, visitor, "organise_event_fields", id=slug)
    told = found["event"] or found["eventDraft"]
    if told is None:
        raise HTTPException(404)
    return {**told, "isDraft": found["event"] is None}


async def _form(
    request: Request,
    visitor: Visitor,
    typed: fields.Typed,
    *,
    of: Mapping[str, Any] | None = None,
    refusal: GraphError | None = None,
    is_publishing: bool = False,
) -> HTMLResponse:
    """The form with what was typed; where somebody else was faster, with what they changed.

    ``is_publishing`` where all of it is kept, and a draft lacks what an event needs.
    """
    problems: tuple[Problem, ...] = refusal.problems if isinstance(refusal, InvalidFields) else ()
    now = fields.typed_from_event(of) if isinstance(refusal, OtherVersion) else {}
    choices = await fields.choices(request, visitor, typed, told=of)
    context = {
        "event": of,
        "is_published": of is not None and not of["isDraft"],
        "is_publishing": is_publishing,
        "largest_capacity": LARGEST_CAPACITY,
        "typed": typed,
        "now": {
            name: fields.in_words(name, value, choices, language_of(request))
            for name, value in now.items()
            if _differs(name, typed, now)
        },
        "problems": {str(one.path[0]): one.message for one in reversed(problems)},
        "refusal": None if problems else refusal,
        "choices": choices,
        "un_languages": UN_LANGUAGES,
        "key": secrets.token_urlsafe(16),
    }
    status = 200 if refusal is None else 409 if isinstance(refusal, OtherVersion) else 422
    page = f"{_page(of['slug'])}/edit" if of else None
    return await render(request, "organise/event_form.html", visitor, context, status_code=status, page=page)


def _differs(name: str, typed: fields.Typed, before: fields.Typed) -> bool:
    """Whether a field was touched; a browser sends the lines of a text with CR LF."""
    one, other = typed[name], before[name]
    if isinstance(one, str):
        return bool(one.replace("\r\n", "\n").strip() != str(other).strip())
    return set(one) != set(other)


def _page(slug: str) -> str:
    return f"/organise/events/{quote(slug)}"
