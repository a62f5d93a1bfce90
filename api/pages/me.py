"""A person's own page: who sees what of them, what they agreed to, their sessions, and how to take or erase it all.

``?as=everyone``, ``members`` or ``organisers`` shows it as somebody of that audience sees it, by the rules for them.

Every form works without scripts, answers with a redirect, and says on the page what was done.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.background import BackgroundTask
from starlette.datastructures import FormData

from api import erasing
from api.door import CheckedForm, Visitor, VisitorOf, end_session
from api.door.limits import Limited, spend
from api.export import archive
from api.network import OpenNetwork
from api.pages.browsers import browser_named
from api.pages.join import AUDIENCES, GROUPS, PURPOSES, UnfitChoice
from api.pages.languages import language_of
from api.pages.listing import moment_in
from api.pages.own import done, person_of, sign_in_first
from api.pages.own_invitations import invitations_of
from api.pages.reading import own_page_as
from api.pages.rendering import render
from api.pages.unanswered import NO_ANSWER
from api.pages.words import N_, listed, words_in
from graph import audiences, consents, erasure, experts, export, feedback, sessions
from graph.audiences import Standing
from graph.consents import Consent, ConsentText, How, Purpose
from graph.errors import GraphError
from graph.sessions import SessionId, SignedInBy
from graph.values import ExpertId
from graph.viewer import Audience, FieldGroup
from graph.wording import Wording

__all__ = ["me"]

MOST_JUDGEMENTS = 100
"""How many are shown at once, newest first; behind those that are taken back the next ones come up."""

me = APIRouter(include_in_schema=False)

HOW: Mapping[How, str] = {
    How.PAGE: N_("on this page"),
    How.API: N_("by a program"),
    How.PAPER: N_("on paper"),
    How.INVITATION: N_("when joining"),
    How.COMPLAINT: N_("by complaining of a letter"),
    How.MERGE: N_("in one of two entries that were put together"),
}
SIGNED_IN_BY: Mapping[SignedInBy, str] = {
    SignedInBy.LINK: N_("by a link"),
    SignedInBy.PROVIDER: N_("at the organisation's sign-in"),
    SignedInBy.DEMO: N_("as a sample person"),
    SignedInBy.COMMAND_LINE: N_("by the command line"),
}
SEEN: Mapping[FieldGroup, str] = {
    FieldGroup.LISTING: N_("your name"),
    FieldGroup.PROFILE: N_("your headline, topics, biography and works"),
    FieldGroup.CONTACT: N_("your e-mail address, telephone and when you are away"),
    FieldGroup.COUNTRY: N_("your country and those where you worked"),
    FieldGroup.ORGANISATION: N_("the organisations that you work for"),
    FieldGroup.LANGUAGES: N_("the languages that you speak"),
    FieldGroup.ATTENDANCE: N_("the events where you spoke or took part"),
}
"""Of each group of fields, what somebody sees."""

SEEN_BY: Mapping[Audience, tuple[str, str]] = {
    Audience.EVERYONE: (N_("Everybody sees %(what)s."), N_("Everybody sees %(what)s.")),
    Audience.MEMBERS: (N_("Only members and organisers see %(what)s."), N_("Members also see %(what)s.")),
    Audience.ORGANISERS: (N_("Only organisers see %(what)s."), N_("Only organisers see %(what)s.")),
    Audience.NOBODY: (N_("Nobody but you sees %(what)s."), N_("Nobody but you sees %(what)s.")),
}
"""Who sees something: where nobody farther away sees anything, and where somebody does."""

AS: Mapping[str, Audience] = {audience.name.lower(): audience for audience in Audience if audience != Audience.NOBODY}


class Said(StrEnum):
    """What was done, as the address of the page says it."""

    AUDIENCES = "audiences"
    NOTHING = "nothing"
    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    FORGOTTEN = "forgotten"
    ENDED = "ended"
    ALL_ENDED = "all-ended"


SAID: Mapping[Said, str] = {
    Said.AUDIENCES: N_("Saved. It is in force now, in every search and on every page."),
    Said.NOTHING: N_("Nothing was different, so nothing was changed."),
    Said.GIVEN: N_("Taken down: you agree. It is in force now."),
    Said.WITHDRAWN: N_("Taken down: you no longer agree. It is in force now, in every search and on every page."),
    Said.FORGOTTEN: N_("Taken back: the question is kept no more."),
    Said.ENDED: N_("That session has ended."),
    Said.ALL_ENDED: N_("All your other sessions have ended."),
}


class NotConfirmed(GraphError):
    """The erasure was not confirmed by typing the right id."""

    def __init__(self) -> None:
        super().__init__(
            Wording("That is not what was to be typed, so nothing was erased; type it exactly to erase yourself.")
        )


@me.get("/me")
async def own_page(request: Request, visitor: VisitorOf) -> Response:
    """Everything that is the visitor's own to decide; who is not signed in does that first."""
    if visitor.account is None:
        return sign_in_first("/me")
    audience = AS.get(request.query_params.get("as", ""))
    if audience is not None and visitor.viewer.person is not None:
        seen = await own_page_as(request, visitor, audience)
        return await render(request, "own_page_as.html", visitor, _preview(seen, audience))
    return await _page(request, visitor)


@me.post("/me/audiences")
async def choose_audiences(request: Request, visitor: VisitorOf, form: CheckedForm) -> Response:
    """Set who sees what; the page then offers to take it back."""
    await spend(request, Limited.MUTATION)
    network: OpenNetwork = request.app.state.network
    try:
        person = person_of(visitor)
        chosen = {group: _audience(form, group) for group in FieldGroup if f"audience_{group}" in form}
        before = await audiences.of_person(network.graph, visitor.viewer, expert=person)
        await audiences.set_of_person(network.graph, visitor.viewer, expert=person, chosen=chosen)
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _refused(request, visitor, refusal)
    network.embedding.soon()
    was = {
        f"audience_{group}": _word(before[group].chosen)
        for group, audience in chosen.items()
        if before[group].chosen != audience
    }
    return done("/me", said=Said.AUDIENCES if was else Said.NOTHING, **was)


@me.post("/me/consent")
async def decide_consent(request: Request, visitor: VisitorOf, form: CheckedForm) -> Response:
    """Give or withdraw consent for one purpose; the page then offers the decision before."""
    await spend(request, Limited.MUTATION)
    network: OpenNetwork = request.app.state.network
    try:
        person = person_of(visitor)
        purpose = _purpose(form)
        given = _is_given(form)
        await consents.decide(network.graph, visitor.viewer, expert=person, purpose=purpose, given=given, how=How.PAGE)
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _refused(request, visitor, refusal)
    network.embedding.soon()
    return done("/me", said=Said.GIVEN if given else Said.WITHDRAWN, purpose=purpose)


@me.post("/me/judgement")
async def forget_judgement(request: Request, visitor: VisitorOf, form: CheckedForm) -> Response:
    """Take back what the visitor said of a match."""
    await spend(request, Limited.MUTATION)
    network: OpenNetwork = request.app.state.network
    try:
        await feedback.take_back(
            network.graph,
            visitor.viewer,
            question=str(form.get("q", "")),
            expert=ExpertId(str(form.get("expert", ""))),
        )
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _refused(request, visitor, refusal)
    return done("/me", said=Said.FORGOTTEN)


@me.get("/me/export.zip")
async def take_export(request: Request, visitor: VisitorOf) -> Response:
    """Everything about the visitor, as a file."""
    if visitor.account is None:
        return sign_in_first("/me")
    await spend(request, Limited.MUTATION)
    network: OpenNetwork = request.app.state.network
    try:
        person = person_of(visitor)
        about = await export.about(network.graph, visitor.viewer, expert=person)
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _refused(request, visitor, refusal)
    return Response(
        archive(about, language=language_of(request)),
        media_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{person}.zip"', "Cache-Control": "no-store"},
    )


@me.post("/me/erase")
async def erase_oneself(request: Request, visitor: VisitorOf, form: CheckedForm) -> Response:
    """Erase the visitor, once they typed their id."""
    await spend(request, Limited.MUTATION)
    network: OpenNetwork = request.app.state.network
    try:
        person = person_of(visitor)
        if form.get("confirmation") != person:
            raise NotConfirmed
        await erasing.erase(network.graph, request.app.state.loads, visitor.viewer, expert=person)
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _refused(request, visitor, refusal)
    network.embedding.soon()
    response = RedirectResponse("/erased", status_code=303, background=BackgroundTask(erasure.sweep, network.graph))
    await end_session(request, response)
    return response


@me.get("/erased")
async def erased_page(request: Request, visitor: VisitorOf) -> Response:
    """What somebody is told who is no longer known here."""
    return await render(request, "erased.html", visitor, {})


@me.post("/me/sessions/end")
async def end_one_session(request: Request, visitor: VisitorOf, form: CheckedForm) -> Response:
    """End one of the visitor's sessions."""
    if visitor.account is None:
        return sign_in_first("/me")
    network: OpenNetwork = request.app.state.network
    try:
        await sessions.end(
            network.graph, visitor.viewer, account=visitor.account.id, id=SessionId(str(form.get("session", "")))
        )
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _refused(request, visitor, refusal)
    return done("/me", said=Said.ENDED)


@me.post("/me/sessions/end-others")
async def end_other_sessions(request: Request, visitor: VisitorOf, form: CheckedForm) -> Response:  # noqa: ARG001 -- it is checked
    """End all of the visitor's sessions but this one."""
    if visitor.account is None or visitor.session is None:
        return sign_in_first("/me")
    network: OpenNetwork = request.app.state.network
    await sessions.end_all(network.graph, visitor.viewer, account=visitor.account.id, but=visitor.session.id)
    return done("/me", said=Said.ALL_ENDED)


def _audience(form: FormData, group: FieldGroup) -> Audience | None:
    """The audience that was chosen for a group; None for what is left to the network."""
    word = form.get(f"audience_{group}")
    if not word:
        return None
    for audience in Audience:
        if word == audience.name.lower():
            return audience
    raise UnfitChoice(f"audience_{group}")


def _word(audience: Audience | None) -> str:
    return "" if audience is None else audience.name.lower()


def _purpose(form: FormData) -> Purpose:
    word = form.get("purpose")
    for purpose in Purpose:
        if word == purpose:
            return purpose
    raise UnfitChoice("purpose")


def _is_given(form: FormData) -> bool:
    if (decision := form.get("decision")) not in {"given", "withdrawn"}:
        raise UnfitChoice("decision")
    return decision == "given"


async def _refused(request: Request, visitor: Visitor, refusal: GraphError) -> Response:
    if visitor.account is None:
        return sign_in_first("/me")
    return await _page(request, visitor, refusal=refusal)


async def _page(request: Request, visitor: Visitor, *, refusal: GraphError | None = None) -> Response:
    network: OpenNetwork = request.app.state.network
    assert visitor.account is not None  # noqa: S101 -- whoever has none was sent to sign in
    asked = request.query_params
    own = await sessions.of_account(
        network.graph, visitor.viewer, account=visitor.account.id, limits=request.app.state.session_limits
    )
    judged = [one for _, one in (await feedback.own(network.graph, visitor.viewer, first=MOST_JUDGEMENTS)).entries]
    context: dict[str, Any] = {
        "judgements": judged,
        "judged": await experts.by_id(network.graph, visitor.viewer, ids=[one.expert for one in judged]),
        "refusal": refusal,
        "said": next((sentence for said, sentence in SAID.items() if asked.get("said") == said), None),
        "wants_erasure": isinstance(refusal, NotConfirmed),
        "undo": {name: asked[name] for group in FieldGroup if (name := f"audience_{group}") in asked},
        "sessions": await asyncio.to_thread(lambda: [(one, browser_named(one.agent)) for one in own]),
        "signed_in_by": SIGNED_IN_BY,
        "person": visitor.viewer.person,
    }
    if visitor.viewer.person is not None:
        context |= await _choices(request, visitor, visitor.viewer.person)
    return await render(request, "me.html", visitor, context, status_code=422 if refusal else 200, page="/me")


async def _choices(request: Request, visitor: Visitor, person: ExpertId) -> dict[str, Any]:
    network: OpenNetwork = request.app.state.network
    standing = await audiences.of_person(network.graph, visitor.viewer, expert=person)
    texts = await consents.texts(network.graph, visitor.viewer)
    history, decided_on = await consents.history_of(network.graph, visitor.viewer, expert=person)
    by_purpose: dict[Purpose, list[Consent]] = {purpose: [] for purpose in Purpose}
    for one in history:
        by_purpose[one.purpose].append(one)
    decided = next((purpose for purpose in Purpose if request.query_params.get("purpose") == purpose), None)
    return {
        "before": None if decided is None else _before(by_purpose[decided], texts[decided]),
        "waiting": sum(one.waits for one in await invitations_of(request, visitor)),
        "seen": _sentences({group: standing[group].in_force for group in FieldGroup}, language_of(request)),
        "groups": [(group, GROUPS[group], standing[group], _is_narrower(standing[group])) for group in FieldGroup],
        "audiences": [(audience, _word(audience), AUDIENCES[audience]) for audience in Audience],
        "audience_words": AUDIENCES,
        "purposes": [(purpose, PURPOSES[purpose], texts[purpose], by_purpose[purpose]) for purpose in Purpose],
        "decided_on": decided_on,
        "how": HOW,
    }


def _before(decisions: Sequence[Consent], text: ConsentText) -> Consent | None:
    """The decision that was in force before the last one, if it was another one on the text as it is now."""
    earlier = decisions[1] if len(decisions) > 1 else None
    return earlier if earlier and earlier.given != decisions[0].given and earlier.version == text.version else None


def _is_narrower(standing: Standing) -> bool:
    """Whether fewer people see something than the choice says."""
    return standing.in_force != (standing.network if standing.chosen is None else standing.chosen)


def _sentences(in_force: Mapping[FieldGroup, Audience], language: str) -> Sequence[str]:
    """Who sees what, a sentence for each audience, from everybody to nobody."""
    words = words_in(language)
    said: list[str] = []
    for audience, (alone, more) in SEEN_BY.items():
        what = [words.gettext(SEEN[group]) for group in FieldGroup if in_force[group] == audience]
        if what:
            said.append(words.gettext(more if said else alone) % {"what": listed(what, language)})
    return said


def _preview(seen: Mapping[str, Any] | None, audience: Audience) -> dict[str, Any]:
    """What the preview shows: the person as they are seen, None if they are not, with days that can be written out."""
    if seen is None:
        return {"person": None, "audience": audience.name.lower()}
    return {
        "person": seen,
        "audience": audience.name.lower(),
        "joined": date.fromisoformat(seen["joined"]) if seen["joined"] else None,
        "away": [tuple(map(date.fromisoformat, one.split("/"))) for one in seen["away"]],
        "days": {
            edge["node"]["slug"]: begins.date()
            for of in ("talks", "attended")
            for edge in seen[of]["edges"]
            if (begins := moment_in(edge["node"], "startsAt"))
        },
    }
