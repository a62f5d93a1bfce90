"""Letters to speakers: they wait in the graph from the transaction of their step on, until a server has taken them.

A letter holds for what it is, the organisers' words and how far it came; never an address or a text. Those are read
when it leaves, so it says what is so by then, and who hid their address, or withdrew, is not written to.

Whoever sends takes one letter at a time for :data:`LEASE`; one that was taken by a process that died is taken again
after it, under the same id. So each letter goes out once, except where the mail server took it and nobody could write
that down: a process died, the database was gone, the server did not say so in time. Then it goes out again under the
same Message-ID, by which mailboxes know it.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any, Final, LiteralString, NewType

from graph.changes import record
from graph.consents import withdraw_by_complaint
from graph.errors import GraphError, NoSuchEvent
from graph.fields import InvalidFields, Problem, Unfit, utc
from graph.graph import Graph, Row, Transaction
from graph.intake.records import identity_of
from graph.invitations import UnfitText, fit_text
from graph.passages import hold_stamps
from graph.permissions import may_read_candidacies, may_shortlist, refuse_unless
from graph.speaking.answer_links import LinkedLetter, key, sealed
from graph.speaking.candidacies import WHO, Candidacy, CandidacyId, NoSuchCandidacy, read
from graph.speaking.occasions import EventTold, Occasion
from graph.speaking.states import State
from graph.values import UN_LANGUAGES, EventId, ExpertId, LanguageLevel, moment
from graph.viewer import Role, Viewer, seen

__all__ = [
    "LEASE",
    "LETTERS",
    "LINKED",
    "LONGEST_WORDS",
    "Correspondence",
    "GivenAnswer",
    "Letter",
    "LetterId",
    "LetterState",
    "NoSuchLetter",
    "NotReachable",
    "Prepared",
    "Told",
    "Waiting",
    "Wanted",
    "correspondence",
    "event_told",
    "fit_deadline",
    "not_sent",
    "preview",
    "record_bounce",
    "send_again",
    "sent",
    "take",
    "tell_speakers",
    "was_written_to",
    "write",
]

LetterId = NewType("LetterId", str)

LETTERS: Final = Viewer(Role.ORGANISER, actor="letters")
"""Who reads what a letter tells, when it leaves: what organisers may see."""

LEASE: Final = timedelta(minutes=3)
"""How long whoever took a letter has to send it; longer than the mail server is waited for."""

FIRST_WAIT, LONGEST_WAIT, GIVE_UP = timedelta(minutes=1), timedelta(hours=6), timedelta(days=3)
"""A letter that did not leave is tried again, after twice as long each time, until it is given up."""

LINK_LASTS: Final = timedelta(days=365)
"""How long a link is good, and for a month beyond the event's day: whether it has begun is asked when it is opened."""

LONGEST_WORDS: Final = 4_000

OF_STEP: Final[Mapping[State, Occasion]] = {
    State.INVITED: Occasion.INVITATION,
    State.REMINDED: Occasion.REMINDER,
    State.CONFIRMED: Occasion.CONFIRMATION,
    State.WITHDRAWN: Occasion.RELEASE,
}
"""For which steps there are letters."""

IN_TOUCH: Final = (State.INVITED, State.REMINDED, State.ACCEPTED, State.CONFIRMED)

APT: Final[Mapping[Occasion, tuple[State, ...]]] = {
    # A reminder that waits too says all that the invitation does.
    Occasion.INVITATION: (State.INVITED,),
    Occasion.REMINDER: (State.REMINDED,),
    Occasion.CONFIRMATION: (State.CONFIRMED,),
    Occasion.RELEASE: (State.WITHDRAWN,),
    Occasion.CHANGE: IN_TOUCH,
    Occasion.CANCELLATION: IN_TOUCH,
}
"""In which states a letter still tells the truth when it leaves."""

AFTER_OTHERS: Final = (Occasion.RELEASE, Occasion.CHANGE, Occasion.CANCELLATION)
"""Letters that would puzzle somebody who got none before."""

LINKED: Final = (Occasion.INVITATION, Occasion.REMINDER, Occasion.CONFIRMATION, Occasion.CHANGE)
"""Letters with a link to answer by."""


class LetterState(StrEnum):
    """How far a letter came."""

    WAITING = "waiting"
    """It has not left yet."""
    SENT = "sent"
    """The mail server has taken it."""
    FAILED = "failed"
    """The mail server refused it for good, or could not be reached for three days."""
    OUTDATED = "outdated"
    """It did not leave, for by then it was no longer so, or they could no longer be written to."""
    BOUNCED = "bounced"
    """It came back."""
    UNWANTED = "unwanted"
    """Whoever got it complained, and is written to no more."""


class NoSuchLetter(GraphError):
    """There is no letter of this id, as far as the viewer may know, or it has not come so far."""

    def __init__(self) -> None:
        super().__init__(
            "There is no letter of that id of which this can be said; look at the letters of the candidacy."
        )


class NotReachable(GraphError):
    """Somebody was to be written to whose address organisers do not see, or who has none."""

    def __init__(self) -> None:
        super().__init__(
            "They show organisers no address to write to, or do not agree to be contacted, so nothing was changed; "
            "leave the letter out and ask them another way."
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """That a letter is to go out with a step: the organisers' own words, and its language if not the person's."""

    note: str = ""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to somebody who is considered. ``fault`` says in words of the mail why it did not go well, or ''.

    ``left_at`` is when the mail server took it, None until then; ``next_at`` when it is tried again, while it waits.
    """

    id: LetterId
    occasion: Occasion
    language: str
    note: str
    state: LetterState
    made_at: datetime
    by: str
    left_at: datetime | None
    next_at: datetime | None
    attempts: int
    fault: str


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What somebody answered by the link of a letter: accept, decline, other_time or withdraw, in their words.

    ``suggestion`` is who else could speak, as they wrote it.
    """

    answer: str
    reason: str
    suggestion: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Correspondence:
    """Letters to somebody who is considered and what they answered by their links, each the oldest first."""

    letters: tuple[Letter, ...]
    replies: tuple[GivenAnswer, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the text of a letter is made of."""

    event: EventTold
    name: str
    language: str
    answer_by: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """Who is written to of what changed, and who cannot be: their last letter bounced, or they show no address now."""

    written: tuple[Candidacy, ...]
    not_reachable: tuple[Candidacy, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter to send now, with all that it tells; ``secret`` is what its answer link ends in, None without one.

    ``sequence`` counts the letters of a candidacy from 0, for the calendar entry that all of them share.
    """

    id: LetterId
    candidacy: CandidacyId
    occasion: Occasion
    language: str
    note: str
    made_at: datetime
    sequence: int
    event: EventTold
    name: str
    address: str
    answer_by: datetime | None
    secret: str | None


ADDRESSEE: LiteralString = seen("""
MATCH (e:Expert)-[:CONSIDERED_AS]->(c:Candidacy {id: $id}) WHERE SEES(e.listing)
MATCH (v:Event {id: c.event})
RETURN PERSON(e) AS person, c.answer_by AS answer_by,
  COLLECT {
    MATCH (e)-[s:SPEAKS]->(l:Language) WHERE SEES(e.languages)
    RETURN {language: l.id, level: s.level} ORDER BY l.id
  } AS languages,
  v {.id, .title, .kind, .format, .starts_at, .ends_at, .time_zone, .place, .url, .description,
     country: head(COLLECT { MATCH (v)-[:HELD_IN]->(country:Country) RETURN country.id }),
     languages: COLLECT { MATCH (v)-[:IN_LANGUAGE]->(l:Language) RETURN l.id ORDER BY l.id },
     is_cancelled: coalesce(v.status, '') = 'cancelled'} AS event
""")

WRITE: LiteralString = """
MATCH (c:Candidacy {id: $candidacy})
CREATE (c)-[:LETTER]->(:Letter {
  id: $id, candidacy: $candidacy, occasion: $occasion, language: $language, note: $note, state: 'waiting',
  made_at: $at, next_at: $at, by: $by, attempts: 0, fault: '', number: c.version,
  sequence: COUNT { (c)-[:LETTER]->(:Letter) }
})
WITH c
MATCH (c)-[:LETTER]->(l:Letter {id: $id})
RETURN l {.*} AS letter
"""

# Of two people who were found to be one, the letters of both.
LETTERS_OF: LiteralString = seen("""
MATCH (e:Expert)-[:CONSIDERED_AS]->(c:Candidacy) WHERE c.id IN $candidacies AND SEES(e.listing)
RETURN c.id AS candidacy,
  COLLECT {
    MATCH (e)-[:CONSIDERED_AS|WAS_CONSIDERED_AS]->(one:Candidacy {event: c.event})-[:LETTER]->(l:Letter)
    RETURN l {.*} ORDER BY l.made_at, l.sequence, l.id
  } AS letters,
  COLLECT {
    MATCH (e)-[:CONSIDERED_AS|WAS_CONSIDERED_AS]->(one:Candidacy {event: c.event})-[:REPLY]->(r:Reply)
    RETURN r {.*} ORDER BY r.at, r.id
  } AS replies
""")

# The oldest first; a letter waits for those that were made before it for the same candidacy.
DUE: LiteralString = """
MATCH (l:Letter {state: 'waiting'})
WHERE l.next_at <= $now AND coalesce(l.taken_until, $now) <= $now
  AND NOT EXISTS { (l)<-[:LETTER]-(:Candidacy)-[:LETTER]->(other:Letter {state: 'waiting'})
                   WHERE other.sequence < l.sequence }
RETURN l.id AS id ORDER BY l.made_at, l.id LIMIT 20
"""

# Written to before it is looked at: of two who would take it, the second waits here and then finds it taken.
HOLD: LiteralString = """
MATCH (l:Letter {id: $id})
SET l.id = l.id
RETURN l.state = 'waiting' AND l.next_at <= $now AND coalesce(l.taken_until, $now) <= $now AS is_free,
       l.candidacy AS candidacy
"""

TAKE: LiteralString = """
MATCH (l:Letter {id: $id})
SET l.taken_until = $until, l.attempts = l.attempts + 1, l.first_tried_at = coalesce(l.first_tried_at, $now)
WITH l
MATCH (c:Candidacy {id: l.candidacy})
RETURN l {.*} AS letter, c.state AS state,
  EXISTS { (c)-[:LETTER]->(before:Letter WHERE before.sequence < l.sequence AND before.state = 'sent') }
    AS is_in_touch,
  EXISTS { (c)-[:LETTER]->(later:Letter {occasion: l.occasion, state: 'waiting'} WHERE later.sequence > l.sequence) }
    AS is_said_again,
  EXISTS { (c)-[:STEP]->(s:Step WHERE s.to = 'shortlisted' AND s.number > l.number) } AS is_of_another_time
"""

END: LiteralString = """
MATCH (l:Letter {id: $id})
SET l.state = $state, l.fault = $fault, l.left_at = $left_at, l.taken_until = NULL, l.next_at = NULL
"""

# What it tells is read when it leaves.
WRITTEN_TO: LiteralString = """
RETURN EXISTS { (:Candidacy {id: $id})-[:LETTER]->(l:Letter WHERE l.state IN ['sent', 'waiting']) } AS is_written_to
"""

TELLS: LiteralString = "MATCH (l:Letter {id: $id}) SET l.told = $told"

TRY_AGAIN: LiteralString = """
MATCH (l:Letter {id: $id, state: 'waiting'})
SET l.fault = $fault, l.next_at = $next_at, l.taken_until = NULL
"""

HOLD_TRIED: LiteralString = """
MATCH (l:Letter {id: $id, state: 'waiting'})
SET l.id = l.id
RETURN l.attempts AS attempts, l.first_tried_at AS first_tried_at
"""

CAME_BACK: LiteralString = seen("""
MATCH (e:Expert)-[:CONSIDERED_AS|WAS_CONSIDERED_AS]->(c:Candidacy)-[:LETTER]->(l:Letter {id: $id})
WHERE SEES(e.listing) AND l.state IN ['sent', 'bounced', 'unwanted']
SET l.state = CASE l.state WHEN 'unwanted' THEN l.state ELSE $state END, l.fault = $fault
RETURN e.id AS expert, c.id AS candidacy, l {.*} AS letter
""")

AGAIN: LiteralString = seen("""
MATCH (e:Expert)-[:CONSIDERED_AS]->(c:Candidacy)-[:LETTER]->(l:Letter {id: $id})
WHERE SEES(e.listing) AND l.state IN ['failed', 'bounced']
  AND NOT EXISTS { (c)-[:LETTER]->(:Letter {occasion: l.occasion, state: 'waiting'}) }
RETURN c.id AS candidacy, l {.*} AS letter
""")

TOLD_LAST: LiteralString = """
MATCH (v:Event {id: $event})
RETURN coalesce(v.status, '') = 'cancelled' AS is_cancelled, coalesce(v.starts_at <= datetime(), false) AS has_begun,
COLLECT {
  MATCH (c:Candidacy {event: $event})-[:LETTER]->(l:Letter)
  WHERE NOT l.state IN ['failed', 'outdated']
  WITH c, l ORDER BY l.sequence
  WITH c, collect(l)[-1] AS last
  RETURN {candidacy: c.id, told: last.told, occasion: last.occasion, state: last.state}
} AS last
"""


async def write(
    tx: Transaction, viewer: Viewer, *, id: CandidacyId, occasion: Occasion, wanted: Wanted, at: datetime
) -> Letter:
    """Have a letter wait for whoever sends, within the transaction of the step that it is for.

    Raises:
        NotReachable: the viewer sees no address of theirs.
        UnfitText: the words are too long, or hold what no text needs; or the network writes no letters in that
            language.
    """
    prepared, address = await _addressed(tx, viewer, id=id, wanted=wanted)
    if address is None:
        raise NotReachable
    (row,) = await tx.run(
        WRITE,
        candidacy=id,
        id=uuid.uuid4().hex,
        occasion=occasion.value,
        language=prepared.language,
        note=fit_text("note", wanted.note, LONGEST_WORDS),
        at=at,
        by=viewer.actor,
    )
    return _letter(row["letter"])


async def was_written_to(tx: Transaction, *, id: CandidacyId) -> bool:
    """Whether a letter to somebody who is considered has left, or waits to."""
    (row,) = await tx.run(WRITTEN_TO, id=id)
    return bool(row["is_written_to"])


async def preview(
    graph: Graph, viewer: Viewer, *, id: CandidacyId, wanted: Wanted, answer_by: datetime | None = None
) -> Prepared:
    """What a letter to somebody who is considered would be made of, before it is asked for.

    Raises:
        NotAllowed: the viewer may not change shortlists.
        NoSuchCandidacy: there is none of this id that the viewer may know of.
        NotReachable, UnfitText: as for :func:`write`.
        InvalidFields: ``answer_by`` says no offset.
    """
    refuse_unless(may_shortlist(viewer), "write to speakers", who=WHO)
    fit_text("note", wanted.note, LONGEST_WORDS)
    until = fit_deadline(answer_by)

    async def work(tx: Transaction) -> Prepared:
        prepared, address = await _addressed(tx, viewer, id=id, wanted=wanted)
        if address is None:
            raise NotReachable
        return prepared if until is None else replace(prepared, answer_by=until)

    return await graph.transact(work)


async def correspondence(
    graph: Graph, viewer: Viewer, *, candidacies: Sequence[CandidacyId]
) -> Mapping[CandidacyId, Correspondence]:
    """Letters and answers of candidacies, by id; whom the viewer does not see is left out.

    Raises:
        NotAllowed: the viewer is neither an organiser nor an administrator.
    """
    refuse_unless(may_read_candidacies(viewer), "see letters to speakers", who=WHO)
    rows = await graph.read(LETTERS_OF, **viewer.sight, candidacies=list(candidacies))
    return {
        CandidacyId(row["candidacy"]): Correspondence(
            tuple(map(_letter, row["letters"])),
            tuple(
                GivenAnswer(one["answer"], one["reason"], one["suggestion"], one["at"].to_native())
                for one in row["replies"]
            ),
        )
        for row in rows
    }


async def tell_speakers(graph: Graph, viewer: Viewer, *, event: EventId, note: str = "") -> Told:
    """Write to everybody who was written to before and is still asked or on the panel, of what changed since.

    Of an event that is cancelled its cancellation, else what it is now; who has been told already is not told again,
    and nobody once the event has begun.

    Raises:
        NotAllowed: the viewer may not change shortlists.
        NoSuchEvent: there is none of this id.
        UnfitText: the words are too long, or hold what no text needs.
    """
    refuse_unless(may_shortlist(viewer), "write to speakers", who=WHO)
    wanted = Wanted(fit_text("note", note, LONGEST_WORDS))

    async def work(tx: Transaction) -> Told:
        await hold_stamps(tx)
        rows = await tx.run(TOLD_LAST, event=event)
        if not rows:
            raise NoSuchEvent(event)
        (now,) = rows
        occasion = Occasion.CANCELLATION if now["is_cancelled"] else Occasion.CHANGE
        last = {} if now["has_begun"] else {one["candidacy"]: one for one in now["last"]}
        written: list[Candidacy] = []
        not_reachable: list[Candidacy] = []
        considered = await read(tx, viewer, event=event)
        for one in considered.candidacies:
            if one.state not in APT[occasion] or one.id not in last:
                continue
            rows = await tx.run(ADDRESSEE, **viewer.sight, id=one.id)
            if last[one.id]["state"] == LetterState.BOUNCED.value:
                not_reachable.append(one)
                continue
            if not _is_news(last[one.id], occasion, told=_digest(event_told(rows[0]["event"]))):
                continue
            try:
                await write(tx, viewer, id=one.id, occasion=occasion, wanted=wanted, at=datetime.now(UTC))
            except NotReachable:
                not_reachable.append(one)
            else:
                written.append(one)
        if written:
            after = {"letters": len(written)}
            await record(tx, viewer, verb="speakers told", subject=f"shortlist:{event}", after=after)
        return Told(tuple(written), tuple(not_reachable))

    return await graph.transact(work)


async def record_bounce(
    graph: Graph, viewer: Viewer, *, letter: LetterId, fault: str = "", is_complaint: bool = False
) -> Letter:
    """Take down that a letter came back, or that whoever got it complained, who is then written to no more.

    Raises:
        NotAllowed: the viewer may not change shortlists.
        NoSuchLetter: there is none of this id, or it has not left.
        UnfitText: the fault is too long, or holds what no text needs.
    """
    refuse_unless(may_shortlist(viewer), "say what became of a letter", who=WHO)
    said = fit_text("fault", fault, 300)
    state = LetterState.UNWANTED if is_complaint else LetterState.BOUNCED

    async def work(tx: Transaction) -> Letter:
        await hold_stamps(tx)
        rows = await tx.run(CAME_BACK, **viewer.sight, id=letter, state=state.value, fault=said)
        if not rows:
            raise NoSuchLetter
        (row,) = rows
        if is_complaint:
            await withdraw_by_complaint(tx, viewer, expert=ExpertId(row["expert"]))
        await record(
            tx,
            viewer,
            verb="letter came back",
            subject=f"candidacy:{row['candidacy']}",
            after={"state": state.value},
        )
        return _letter(row["letter"])

    return await graph.transact(work)


async def send_again(graph: Graph, viewer: Viewer, *, letter: LetterId) -> Letter:
    """Have a letter that failed or bounced go out once more, as it was asked for; which tells what is so by then.

    Raises:
        NotAllowed: the viewer may not change shortlists.
        NoSuchLetter: there is none of this id that failed or bounced.
        NotReachable: they show no address to write to.
    """
    refuse_unless(may_shortlist(viewer), "write to speakers", who=WHO)

    async def work(tx: Transaction) -> Letter:
        await hold_stamps(tx)
        rows = await tx.run(AGAIN, **viewer.sight, id=letter)
        if not rows:
            raise NoSuchLetter
        (row,) = rows
        id, told = CandidacyId(row["candidacy"]), row["letter"]
        wanted = Wanted(told["note"], told["language"])
        new = await write(tx, viewer, id=id, occasion=Occasion(told["occasion"]), wanted=wanted, at=datetime.now(UTC))
        after = {"occasion": told["occasion"]}
        await record(tx, viewer, verb="letter sent again", subject=f"candidacy:{id}", after=after)
        return new

    return await graph.transact(work)


async def take(graph: Graph) -> Waiting | None:
    """The next letter that is to leave now, held for :data:`LEASE`; None if there is none.

    A letter that tells what is no longer so, or whose addressee can no longer be written to, is ended instead.
    """
    while True:
        now = datetime.now(UTC)
        due = await graph.read(DUE, now=now)
        if not due:
            return None
        for row in due:
            taken = await graph.transact(partial(_taken, id=LetterId(row["id"])))
            if taken is not None:
                return taken


async def sent(graph: Graph, *, id: LetterId) -> None:
    """Take down that the mail server has taken a letter."""
    await graph.write(END, id=id, state=LetterState.SENT.value, fault="", left_at=datetime.now(UTC))


async def not_sent(graph: Graph, *, id: LetterId, fault: str, is_final: bool) -> bool:
    """Take down that a letter did not leave; whether it never will, for that is final, or it is given up.

    Else it is tried again later.
    """

    async def work(tx: Transaction) -> bool:
        rows = await tx.run(HOLD_TRIED, id=id)
        if not rows:  # erased meanwhile
            return True
        (row,) = rows
        now = datetime.now(UTC)
        if is_final or now - row["first_tried_at"].to_native() > GIVE_UP:
            await tx.run(END, id=id, state=LetterState.FAILED.value, fault=fault, left_at=None)
            return True
        wait = min(FIRST_WAIT * 2 ** min(row["attempts"] - 1, 20), LONGEST_WAIT)
        await tx.run(TRY_AGAIN, id=id, fault=fault, next_at=now + wait)
        return False

    return await graph.transact(work)


async def _taken(tx: Transaction, *, id: LetterId) -> Waiting | None:
    now = datetime.now(UTC)
    held = await tx.run(HOLD, id=id, now=now)
    if not held or not held[0]["is_free"]:
        return None
    (row,) = await tx.run(TAKE, id=id, until=now + LEASE, now=now)
    letter, candidacy = row["letter"], CandidacyId(held[0]["candidacy"])
    occasion = Occasion(letter["occasion"])
    rows = await tx.run(ADDRESSEE, **LETTERS.sight, id=candidacy)
    fault = _why_outdated(row, rows[0] if rows else None, occasion)
    if fault:
        await tx.run(END, id=id, state=LetterState.OUTDATED.value, fault=fault, left_at=None)
        return None
    (told,) = rows
    event = event_told(told["event"])
    await tx.run(TELLS, id=id, told=_digest(event))
    until = max(now + LINK_LASTS, (event.starts_at or now) + timedelta(days=30))
    linked = LinkedLetter(id, until) if occasion in LINKED else None
    answer_by = moment(told["answer_by"])
    made_at = moment(letter["made_at"])
    assert made_at is not None  # noqa: S101 -- every letter is written with its time
    return Waiting(
        id,
        candidacy,
        occasion,
        letter["language"],
        letter["note"],
        made_at,
        letter["sequence"],
        event,
        told["person"]["name"],
        _address(told) or "",
        answer_by if answer_by is not None and answer_by > now else None,
        sealed(await key(tx), linked) if linked else None,
    )


def _why_outdated(row: Row, told: Row | None, occasion: Occasion) -> str:
    """Why a letter must not leave any more, or nothing."""
    if told is None:
        return "they, or the event, are there no more"
    starts_at, is_cancelled = moment(told["event"]["starts_at"]), told["event"]["is_cancelled"]
    has_begun = starts_at is not None and starts_at <= datetime.now(UTC)
    is_so = {
        "it is no longer so": row["is_of_another_time"] or State(row["state"]) not in APT[occasion],
        "another that waits says the same": row["is_said_again"],
        "the event is cancelled": is_cancelled and occasion not in {Occasion.CANCELLATION, Occasion.RELEASE},
        "the event takes place": not is_cancelled and occasion is Occasion.CANCELLATION,
        "the event has begun": has_begun and occasion is not Occasion.RELEASE,
        "no earlier letter reached them": occasion in AFTER_OTHERS and not row["is_in_touch"],
        "they show no address to write to any more": _address(told) is None,
    }
    return next((reason for reason, holds in is_so.items() if holds), "")


async def _addressed(
    tx: Transaction, viewer: Viewer, *, id: CandidacyId, wanted: Wanted
) -> tuple[Prepared, str | None]:
    """What a letter would be made of, and the address that the viewer sees."""
    rows = await tx.run(ADDRESSEE, **viewer.sight, id=id)
    if not rows:
        raise NoSuchCandidacy
    (row,) = rows
    event = event_told(row["event"])
    language = _language(row["languages"], event.languages) if wanted.language is None else _fit(wanted.language)
    prepared = Prepared(event, row["person"]["name"], language, moment(row["answer_by"]))
    return prepared, _address(row)


def _address(told: Row) -> str | None:
    """Where they can be written to, as far as it is seen."""
    contact = told["person"]["contact"] or {}
    return (contact.get("email") or "").strip() or None


def _fit(language: str) -> str:
    if language not in UN_LANGUAGES:
        raise UnfitText("language", "is none that letters are written in", remedy=f"use {', '.join(UN_LANGUAGES)}")
    return language


def _language(spoken: Sequence[Mapping[str, str]], of_event: Sequence[str]) -> str:
    """The language that somebody reads best among those of letters; of two, one of the event's; English otherwise."""
    levels = list(LanguageLevel)
    known = [
        (levels.index(LanguageLevel(one["level"])), tag not in of_event, UN_LANGUAGES.index(tag), tag)
        for one in spoken
        for tag in (one["language"].split("-")[0],)
        if tag in UN_LANGUAGES and one["level"]
    ]
    return min(known)[-1] if known else "en"


def _is_news(last: Mapping[str, Any], occasion: Occasion, *, told: str) -> bool:
    """Whether somebody who was written to has not been told yet; a letter that still waits will tell it."""
    if occasion is Occasion.CANCELLATION:
        return bool(last["occasion"] != Occasion.CANCELLATION.value)
    return bool(last["told"] != told and last["state"] != LetterState.WAITING.value)


def _digest(event: EventTold) -> str:
    """What every letter tells of an event, to know whether somebody knows it."""
    return identity_of([str(value) for name, value in asdict(event).items() if name != "description"])


def fit_deadline(answer_by: datetime | None) -> datetime | None:
    """Until when an answer is waited for, in UTC.

    Raises:
        InvalidFields: it says no offset.
    """
    try:
        return None if answer_by is None else utc(answer_by)
    except Unfit as unfit:
        raise InvalidFields([Problem(("answer_by",), str(unfit))]) from None


def event_told(told: Mapping[str, Any]) -> EventTold:
    """From an event's properties, with its country and languages by id."""
    return EventTold(
        EventId(told["id"]),
        told["title"],
        told["kind"],
        told["format"],
        moment(told["starts_at"]),
        moment(told["ends_at"]),
        told["time_zone"],
        told["place"],
        told["country"],
        told["url"],
        told["description"],
        tuple(told["languages"]),
    )


def _letter(told: Mapping[str, Any]) -> Letter:
    made_at = moment(told["made_at"])
    assert made_at is not None  # noqa: S101 -- every letter is written with its time
    return Letter(
        LetterId(told["id"]),
        Occasion(told["occasion"]),
        told["language"],
        told["note"],
        LetterState(told["state"]),
        made_at,
        told["by"],
        moment(told.get("left_at")),
        moment(told.get("next_at")),
        told["attempts"],
        told["fault"],
    )
