"""What organisers do with somebody who is considered: note, order, and each step from shortlisted to spoke.

Whoever changes a candidacy says which version they saw: who comes second is told so. Every step stays, with who made
it, when and why.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, LiteralString

from graph.agenda import leave
from graph.changes import record
from graph.fields import InvalidFields, Problem
from graph.graph import Graph, Row, Transaction
from graph.invitations import fit_text
from graph.passages import hold_stamps
from graph.people.profiles import OtherVersion
from graph.permissions import may_shortlist, refuse_unless
from graph.speaking.candidacies import (
    EVENT_OF,
    WHO,
    Candidacy,
    CandidacyId,
    Considered,
    NoSuchCandidacy,
    considered_of,
    read,
)
from graph.speaking.candidacies import OF_EVENT as EVERYBODY
from graph.speaking.letters import Wanted, fit_deadline, refuse_past, was_written_to, write
from graph.speaking.occasions import OF_STEP, Occasion
from graph.speaking.shortlisting import LONGEST_NOTE
from graph.speaking.states import (
    ASKED,
    CALLED,
    IN_TOUCH,
    NEXT,
    OF_DRAFTS,
    OFF_THE_PANEL,
    STANDING,
    UNHELD,
    EventCancelled,
    EventNotBegun,
    EventNotPublished,
    ImpossibleStep,
    NotRecorded,
    NotTakenBack,
    State,
)
from graph.values import EventId
from graph.viewer import Viewer, seen
from graph.wording import Wording

__all__ = [
    "LAST",
    "LONGEST_REASON",
    "STEP",
    "Advanced",
    "TakenBack",
    "advance",
    "move",
    "set_note",
    "step_back",
    "take_back",
]

LONGEST_REASON: Final = 1_000


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What somebody is again; ``is_off_agenda`` if the step that is taken back took them off the agenda for good."""

    candidacy: Candidacy
    is_off_agenda: bool


@dataclass(frozen=True, slots=True)
class Advanced:
    """What became of somebody; where their place on the panel is free now, who is next in line, if there is anybody."""

    candidacy: Candidacy
    next_in_line: Candidacy | None


# Everybody who is considered has a step.
SHOWS_ATTENDANCE: LiteralString = seen("""
MATCH (e:Expert)-[:CONSIDERED_AS]->(c:Candidacy {id: $id}) WHERE SEES(e.listing)
RETURN EXISTS { MATCH (c)-[:STEP]->(s:Step) WHERE SEES(e.attendance) } AS shows
""")

SET_NOTE: LiteralString = "MATCH (c:Candidacy {id: $id}) SET c.note = $note, c.version = c.version + 1"

# In the order in which they are, those too whom the viewer does not see.
ORDER: LiteralString = """
MATCH (c:Candidacy {event: $event})
WITH c ORDER BY c.rank, c.id
RETURN collect(c.id) AS ids
"""

REORDER: LiteralString = """
UNWIND range(0, size($ids) - 1) AS place
MATCH (c:Candidacy {id: $ids[place]})
SET c.rank = place + 1
WITH c WHERE c.id = $id
SET c.version = c.version + 1
"""

STEP: LiteralString = """
MATCH (c:Candidacy {id: $id})
CREATE (c)-[:STEP]->(:Step {id: $step, number: c.version + 1, before: $before, to: $to, at: $at, by: $by,
                            reason: $reason, had_answer_by: c.answer_by, had_reminders: c.reminders,
                            left_agenda: $left_agenda})
SET c.state = $to, c.version = c.version + 1, c.answer_by = $answer_by, c.reminders = $reminders
"""

# The last step that counts, and what has come of it since, so that it cannot be as if it had not been.
LAST: LiteralString = seen("""
MATCH (e:Expert)-[:CONSIDERED_AS]->(c:Candidacy {id: $id})-[:STEP]->(s:Step)
WHERE SEES(e.listing) AND s.undone IS NULL AND (NOT s.to IN ['spoke', 'absent'] OR SEES(e.attendance))
WITH e, c, s ORDER BY s.number DESC LIMIT 1
RETURN s {.id, .before, .to, left_agenda: coalesce(s.left_agenda, false)} AS step,
  EXISTS { (c)-[:REPLY]->(r:Reply WHERE r.at >= s.at) } AS is_answered,
  EXISTS { (c)-[:LETTER]->(l:Letter WHERE l.made_at >= s.at) } AS is_written,
  EXISTS { (c)-[:LETTER]->(l:Letter {state: 'outdated'} WHERE l.made_at >= head(COLLECT {
    MATCH (c)-[:STEP]->(earlier:Step)
    WHERE earlier.undone IS NULL AND earlier.number < s.number
      AND (NOT earlier.to IN ['spoke', 'absent'] OR SEES(e.attendance))
    RETURN earlier.at ORDER BY earlier.number DESC })) } AS is_unsent
""")

STEP_BACK: LiteralString = """
MATCH (c:Candidacy {id: $id})-[:STEP]->(last:Step {id: $last})
SET last.undone = true
CREATE (c)-[:STEP]->(:Step {id: $step, number: c.version + 1, before: last.to, to: last.before, at: $at, by: $by,
                            reason: '', undone: true})
SET c.state = last.before, c.version = c.version + 1,
    c.answer_by = CASE WHEN last.had_reminders IS NULL THEN c.answer_by ELSE last.had_answer_by END,
    c.reminders = coalesce(last.had_reminders, c.reminders)
"""


async def set_note(graph: Graph, viewer: Viewer, *, id: CandidacyId, expected_version: int, note: str) -> Candidacy:
    """Say what organisers are to know of somebody who is considered; nothing takes the note away.

    Raises:
        NotAllowed: the viewer may not change shortlists.
        NoSuchCandidacy: there is none of this id that the viewer may know of.
        OtherVersion: it has another version than is expected.
        UnfitText: the note is too long, or holds what no text needs.
    """
    _ensure_may(viewer)
    said = fit_text("note", note, LONGEST_NOTE)

    async def work(tx: Transaction) -> Candidacy:
        considered, held = await _held(tx, viewer, id, expected_version)
        if held.note == said:
            return held
        await tx.run(SET_NOTE, id=id, note=said)
        await record(tx, viewer, verb="candidate noted", subject=f"candidacy:{id}", fields=["note"])
        return (await read(tx, viewer, event=considered.event)).by_id(id)

    return await graph.transact(work)


async def move(graph: Graph, viewer: Viewer, *, id: CandidacyId, expected_version: int, rank: int) -> Candidacy:
    """Put somebody in another place of the line, counted from 1; beyond its end is the end.

    Raises:
        InvalidFields: the place is before the first.
        NotAllowed, NoSuchCandidacy, OtherVersion: as for :func:`set_note`.
    """
    _ensure_may(viewer)
    if rank < 1:
        raise InvalidFields([Problem(("rank",), Wording("Places are counted from 1; give a place of 1 or more."))])

    async def work(tx: Transaction) -> Candidacy:
        considered, held = await _held(tx, viewer, id, expected_version)
        others = [one.id for one in considered.candidacies if one.id != id]
        to = min(rank, len(others) + 1)
        if to == held.rank:
            return held
        (row,) = await tx.run(ORDER, event=considered.event)
        ids = [one for one in row["ids"] if one != id]
        # Straight after whom the viewer sees before that place; where those stand who are hidden is not changed.
        ids.insert(0 if to == 1 else ids.index(others[to - 2]) + 1, id)
        await tx.run(REORDER, ids=ids, id=id)
        await record(tx, viewer, verb="candidate moved", subject=f"candidacy:{id}", fields=["rank"])
        return (await read(tx, viewer, event=considered.event)).by_id(id)

    return await graph.transact(work)


async def advance(
    graph: Graph,
    viewer: Viewer,
    *,
    id: CandidacyId,
    expected_version: int,
    to: State,
    reason: str = "",
    answer_by: datetime | None = None,
    letter: Wanted | None = None,
) -> Advanced:
    """Take down that something became of somebody, for good; ``reason`` is for organisers alone.

    ``answer_by`` is until when an answer is waited for, and is said only with an invitation or a reminder; a reminder
    that says none keeps the one there was. A ``letter`` waits for whoever sends from this transaction on.

    Raises:
        ImpossibleStep: that cannot follow on what they are.
        EventCancelled: the event does not take place, so nobody is asked, confirmed or recorded there.
        EventNotPublished: the event is a draft, of which nobody is told.
        EventNotBegun: nobody spoke, or was absent, before an event begins.
        NotRecorded: they do not show where they speak.
        UnfitText: the reason is too long, or holds what no text needs.
        InvalidFields: ``answer_by`` says no offset, or nobody is asked for an answer; or there is no letter for this,
            or it would ask for an answer by a time that is past.
        NotReachable: a letter is wanted, and they show no address to write to.
        NotAllowed, NoSuchCandidacy, OtherVersion: as for :func:`set_note`.
    """
    _ensure_may(viewer)
    said, deadline, step = fit_text("reason", reason, LONGEST_REASON), _deadline(answer_by, to), uuid.uuid4().hex
    if letter is not None:
        refuse_past(deadline)

    async def work(tx: Transaction) -> Advanced:
        considered, held = await _held(tx, viewer, id, expected_version)
        at = datetime.now(UTC)
        (row,) = await tx.run(SHOWS_ATTENDANCE, **viewer.sight, id=id)
        _ensure_possible(considered, held, to, at=at, shows_attendance=row["shows"])
        occasion = None if letter is None else _occasion(held.state, to)
        if occasion is Occasion.RELEASE and not await was_written_to(tx, id=id):
            raise InvalidFields(
                [Problem(("letter",), Wording("They got no letter before, so none releases them; leave it out."))]
            )
        kept = deadline or (held.answer_by if to is State.REMINDED else None)
        reminders = held.reminders + (to is State.REMINDED)
        left_agenda = to in OFF_THE_PANEL and await leave(tx, candidacy=id)
        await tx.run(
            STEP,
            id=id,
            step=step,
            before=held.state.value,
            to=to.value,
            at=at,
            by=viewer.actor,
            reason=said,
            answer_by=kept,
            reminders=0 if to is State.SHORTLISTED else reminders,
            left_agenda=left_agenda,
        )
        if letter is not None and occasion is not None:
            await write(tx, viewer, id=id, occasion=occasion, wanted=letter, at=at)
        await record(
            tx,
            viewer,
            verb="candidate advanced",
            subject=f"candidacy:{id}",
            fields=["state"],
            before={"state": held.state.value},
            after={"state": to.value},
        )
        now = await read(tx, viewer, event=considered.event)
        is_free = held.state in STANDING and to not in STANDING
        return Advanced(now.by_id(id), now.next_in_line if is_free else None)

    return await graph.transact(work)


async def take_back(graph: Graph, viewer: Viewer, *, id: CandidacyId, expected_version: int) -> TakenBack:
    """Take back what became of somebody last, by a further step to what they were before; both stay on record.

    Until when an answer is waited for, and how often they were reminded, is as before too. Neither step counts from
    then on, whoever asks how often somebody was invited, or what they answered.

    Raises:
        NotTakenBack: they wrote or were written to since, it is of who was there, or the first.
        EventCancelled: they would be in touch again for an event that does not take place.
        NotAllowed, NoSuchCandidacy, OtherVersion: as for :func:`set_note`.
    """
    _ensure_may(viewer)
    step = uuid.uuid4().hex

    async def work(tx: Transaction) -> TakenBack:
        at = datetime.now(UTC)
        considered, _ = await _held(tx, viewer, id, expected_version)
        (row,) = await tx.run(SHOWS_ATTENDANCE, **viewer.sight, id=id)
        if not row["shows"] and considered.starts_at is not None and considered.starts_at <= at:
            raise NotTakenBack(
                Wording(
                    "The event has begun, and they do not show where they spoke, so nothing is taken back; go on from "
                    "what they are now."
                )
            )
        (last,) = await tx.run(LAST, **viewer.sight, id=id)
        _ensure_own(last)
        before = State(last["step"]["before"])
        if considered.is_cancelled and before in IN_TOUCH:
            raise EventCancelled(considered.event, CALLED[before])
        await step_back(tx, viewer, id=id, last=last["step"], step=step, at=at)
        now = (await read(tx, viewer, event=considered.event)).by_id(id)
        return TakenBack(now, is_off_agenda=last["step"]["left_agenda"])

    return await graph.transact(work)


async def step_back(
    tx: Transaction, viewer: Viewer, *, id: CandidacyId, last: Mapping[str, Any], step: str, at: datetime
) -> None:
    """Take back the last step that counts, as :data:`LAST` tells it."""
    await tx.run(STEP_BACK, id=id, last=last["id"], step=step, at=at, by=viewer.actor)
    await record(
        tx,
        viewer,
        verb="candidate step taken back",
        subject=f"candidacy:{id}",
        fields=["state"],
        before={"state": last["to"]},
        after={"state": last["before"]},
    )


def _ensure_own(last: Row) -> None:
    """That organisers took a step down, and nobody else knows of it."""
    if last["step"]["before"] is None:
        raise NotTakenBack(
            Wording("They came onto the shortlist by this step, so it is not taken back; take them off the list.")
        )
    if last["step"]["to"] in {State.SPOKE, State.ABSENT}:
        raise NotTakenBack(
            Wording("Who spoke and who was absent is not taken back here; put it right in the event's attendance.")
        )
    if last["is_answered"]:
        raise NotTakenBack(
            Wording("They answered this themselves, so it is not taken back; ask them, and take down what they say.")
        )
    if last["is_written"]:
        raise NotTakenBack(
            Wording(
                "A letter goes with this step, so it is not taken back; what it says is put right by the next step "
                "and its letter."
            )
        )
    if last["is_unsent"]:
        raise NotTakenBack(
            Wording(
                "A letter to them was not sent because of this step, so it is not taken back; shortlist them again and "
                "go on from there."
            )
        )


async def _held(
    tx: Transaction, viewer: Viewer, id: CandidacyId, expected_version: int
) -> tuple[Considered, Candidacy]:
    """A candidacy as it is, with the others for that event, while nobody else can change them."""
    await hold_stamps(tx)
    rows = await tx.run(EVENT_OF, **viewer.sight, id=id)
    if not rows:
        raise NoSuchCandidacy
    event = EventId(rows[0]["event"])
    told = await tx.run(EVERYBODY, **viewer.sight, event=event)
    if not told:  # the event is there no more
        raise NoSuchCandidacy
    considered = considered_of(told, event)
    held = considered.by_id(id)
    if held.version != expected_version:
        raise OtherVersion(held.version)
    return considered, held


def _ensure_possible(
    considered: Considered, held: Candidacy, to: State, *, at: datetime, shows_attendance: bool
) -> None:
    possible: Sequence[State] = NEXT[held.state]
    if to not in possible:
        raise ImpossibleStep(held.state, to, tuple(possible))
    if considered.is_draft and to not in OF_DRAFTS:
        raise EventNotPublished(considered.event)
    if considered.is_cancelled and to in UNHELD:
        raise EventCancelled(considered.event, CALLED[to])
    if to in {State.SPOKE, State.ABSENT}:
        if not shows_attendance:
            raise NotRecorded
        if considered.starts_at is not None and considered.starts_at > at:
            raise EventNotBegun(considered.event, CALLED[to])


def _occasion(state: State, to: State) -> Occasion:
    """For what a letter is to go out with a step."""
    occasion = OF_STEP.get(to)
    is_unknown_to_them = state is State.SHORTLISTED and to is State.WITHDRAWN
    if occasion is None or is_unknown_to_them:
        raise InvalidFields([Problem(("letter",), Wording("No letter goes out with this step; leave it out."))])
    return occasion


def _deadline(answer_by: datetime | None, to: State) -> datetime | None:
    if answer_by is None:
        return None
    if to not in ASKED:
        wrong = Wording("Nobody is asked for an answer by this step; leave it out.")
        raise InvalidFields([Problem(("answer_by",), wrong)])
    return fit_deadline(answer_by)


def _ensure_may(viewer: Viewer) -> None:
    refuse_unless(may_shortlist(viewer), "change who is considered as a speaker", who=WHO)
