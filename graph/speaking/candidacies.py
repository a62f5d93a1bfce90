"""Who is considered as a speaker at an event: one candidacy for each person and event, read as organisers may.

What became of somebody is told by their steps alone. Where a person does not show where they spoke, nobody is told that
they spoke or were absent. Places in the line are counted among those whom the reader sees, so that nobody hidden
leaves a gap. A draft of an event (graph.drafts) is one here, too; but nobody is told of it, so nobody is invited.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, LiteralString, NewType

from graph.errors import GraphError, NoSuchEvent
from graph.graph import Graph, Row, Transaction
from graph.permissions import may_read_candidacies, refuse_unless
from graph.search import Strength
from graph.speaking.states import State
from graph.values import Cursor, EventId, ExpertId, Page, PassageId, TopicId, moment
from graph.viewer import Viewer, seen
from graph.wording import Wording

__all__ = [
    "Candidacy",
    "CandidacyId",
    "Considered",
    "FoundBy",
    "Grounds",
    "NoSuchCandidacy",
    "Step",
    "by_id",
    "next_in_line",
    "page",
    "read",
]

CandidacyId = NewType("CandidacyId", str)

WHO = "organisers and administrators"


class FoundBy(StrEnum):
    """What brought somebody onto a shortlist."""

    HAND = "hand"
    QUESTION = "question"
    TOPIC = "topic"
    EVENT = "event"
    """What the event itself says of what it is about."""


class NoSuchCandidacy(GraphError):
    """Nobody is considered under this id, as far as the viewer may know."""

    def __init__(self) -> None:
        super().__init__(
            Wording("There is no candidacy with that id; look at the event's shortlist for those there are.")
        )


@dataclass(frozen=True, slots=True)
class Step:
    """That something became of somebody: from what (None at first) to what, when, said by whom, and why.

    ``is_undone`` is so of a step that was taken back, and of the one that took it back: neither counts any more.
    """

    before: State | None
    to: State
    at: datetime
    by: str
    reason: str
    is_undone: bool = False


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why somebody was shortlisted: how they were found, and the ids of what speaks for them, as far as it is seen."""

    found_by: FoundBy
    question: str | None
    strength: Strength | None
    passages: tuple[PassageId, ...]
    topics: tuple[TopicId, ...]
    talks: tuple[EventId, ...]
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidacy:
    """One person considered for one event, with the organisers' note; ``rank`` counts from 1 among those seen.

    ``answer_by`` is when an answer is waited for at the latest, ``reminders`` how often they were reminded.
    """

    id: CandidacyId
    event: EventId
    expert: ExpertId
    rank: int
    note: str
    answer_by: datetime | None
    reminders: int
    version: int
    created_at: datetime
    grounds: Grounds
    steps: tuple[Step, ...]
    state: State


@dataclass(frozen=True, slots=True)
class Considered:
    """An event with everybody who is considered for it and seen, in their order."""

    event: EventId
    starts_at: datetime | None
    ends_at: datetime | None
    time_zone: str | None
    is_cancelled: bool
    is_draft: bool
    candidacies: tuple[Candidacy, ...]

    def by_id(self, id: CandidacyId) -> Candidacy:
        """The candidacy with an id.

        Raises:
            NoSuchCandidacy: there is none that is seen.
        """
        for one in self.candidacies:
            if one.id == id:
                return one
        raise NoSuchCandidacy

    @property
    def next_in_line(self) -> Candidacy | None:
        """Who is first among those who are shortlisted and not asked."""
        return next((one for one in self.candidacies if one.state is State.SHORTLISTED), None)


# Of two people who were found to be one, both were considered (graph.speaking.joining): their steps are told together.
OF_EVENT: LiteralString = seen("""
MATCH (v:Event|Draft {id: $event})
RETURN v.starts_at AS starts_at, v.ends_at AS ends_at, v.time_zone AS time_zone,
coalesce(v.status, '') = 'cancelled' AS is_cancelled, v:Draft AS is_draft,
COLLECT {
  MATCH (e:Expert)-[:CONSIDERED_AS]->(c:Candidacy {event: $event}) WHERE SEES(e.listing)
  RETURN {
    expert: e.id,
    candidacy: c {.id, .note, .answer_by, .reminders, .version, .created_at, .found_by, .question, .strength},
    passages: COLLECT {
      UNWIND c.passages AS id
      MATCH (e)-[:EVIDENCED_BY]->(p:Passage {id: id}) WHERE SEES(e, p) AND p.kind <> 'profile'
      RETURN p.id
    },
    topics: COLLECT {
      UNWIND c.topics AS id
      MATCH (e)-[:EXPERT_IN]->(t:Topic {id: id}) WHERE SEES(e.profile)
      RETURN t.id
    },
    talks: COLLECT {
      UNWIND c.talks AS id
      MATCH (e)-[:SPOKE_AT]->(w:Event {id: id}) WHERE SEES(e.attendance)
      RETURN DISTINCT w.id
    },
    languages: COLLECT {
      UNWIND c.languages AS id
      MATCH (e)-[:SPEAKS]->(l:Language {id: id}) WHERE SEES(e.languages)
      RETURN l.id
    },
    steps: COLLECT {
      MATCH (e)-[:CONSIDERED_AS|WAS_CONSIDERED_AS]->(one:Candidacy {event: $event})-[:STEP]->(s:Step)
      WHERE SEES(e.attendance) OR NOT (s.to IN ['spoke', 'absent'] OR coalesce(s.before, '') IN ['spoke', 'absent'])
      RETURN s {.before, .to, .at, .by, .reason, .undone, is_of_this: one.id = c.id} ORDER BY s.at, s.number
    }
  }
  ORDER BY c.rank, c.id
} AS candidacies
""")

EVENT_OF: LiteralString = seen("""
MATCH (e:Expert)-[:CONSIDERED_AS]->(c:Candidacy {id: $id}) WHERE SEES(e.listing)
RETURN c.event AS event
""")


async def page(
    graph: Graph, viewer: Viewer, *, event: EventId, first: int, after: Cursor | None = None
) -> Page[Candidacy]:
    """Who is considered for an event, in the organisers' order, at most ``first`` of them.

    Raises:
        NotAllowed: the viewer is neither an organiser nor an administrator.
        NoSuchEvent: there is none of this id.
    """
    _ensure_may_read(viewer)
    considered = considered_of(await graph.read(OF_EVENT, **viewer.sight, event=event), event)
    everybody = considered.candidacies
    begins = 0 if after is None else _place_after(everybody, after)
    shown = everybody[begins : begins + first]
    return Page(
        [(Cursor((str(one.rank), one.id)), one) for one in shown], has_next=len(everybody) > begins + len(shown)
    )


async def by_id(graph: Graph, viewer: Viewer, *, id: CandidacyId) -> Candidacy:
    """One candidacy.

    Raises:
        NotAllowed: the viewer is neither an organiser nor an administrator.
        NoSuchCandidacy: there is none of this id that the viewer may know of.
    """
    _ensure_may_read(viewer)
    rows = await graph.read(EVENT_OF, **viewer.sight, id=id)
    if not rows:
        raise NoSuchCandidacy
    event = EventId(rows[0]["event"])
    told = await graph.read(OF_EVENT, **viewer.sight, event=event)
    if not told:
        raise NoSuchCandidacy
    return considered_of(told, event).by_id(id)


async def next_in_line(graph: Graph, viewer: Viewer, *, event: EventId) -> Candidacy | None:
    """Who is to be asked next: the first who is shortlisted and not asked yet; None if there is nobody.

    Raises:
        NotAllowed: the viewer is neither an organiser nor an administrator.
        NoSuchEvent: there is none of this id.
    """
    _ensure_may_read(viewer)
    return considered_of(await graph.read(OF_EVENT, **viewer.sight, event=event), event).next_in_line


async def read(tx: Transaction, viewer: Viewer, *, event: EventId) -> Considered:
    """Everybody who is considered for an event, within a transaction.

    Raises:
        NoSuchEvent: there is none of this id.
    """
    return considered_of(await tx.run(OF_EVENT, **viewer.sight, event=event), event)


def considered_of(rows: Sequence[Row], event: EventId) -> Considered:
    """From the row of :data:`OF_EVENT`.

    Raises:
        NoSuchEvent: there is no row.
    """
    if not rows:
        raise NoSuchEvent(event)
    (row,) = rows
    return Considered(
        event,
        moment(row["starts_at"]),
        moment(row["ends_at"]),
        row["time_zone"],
        row["is_cancelled"],
        row["is_draft"],
        tuple(_candidacy(one, event, rank) for rank, one in enumerate(row["candidacies"], start=1)),
    )


def steps_of(told: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Steps, as they were written."""
    steps = []
    for one in told:
        at = moment(one["at"])
        assert at is not None  # noqa: S101 -- every step is written with its time
        before = one.get("before")
        steps.append(
            Step(
                State(before) if before else None,
                State(one["to"]),
                at,
                one.get("by", ""),
                one.get("reason") or "",
                bool(one.get("undone")),
            )
        )
    return tuple(steps)


def _candidacy(row: Row, event: EventId, rank: int) -> Candidacy:
    told = row["candidacy"]
    created_at = moment(told["created_at"])
    assert created_at is not None  # noqa: S101 -- every candidacy is written with its time
    return Candidacy(
        CandidacyId(told["id"]),
        event,
        ExpertId(row["expert"]),
        rank,
        told["note"] or "",
        moment(told["answer_by"]),
        told["reminders"],
        told["version"],
        created_at,
        Grounds(
            FoundBy(told["found_by"]),
            told["question"],
            Strength(told["strength"]) if told["strength"] else None,
            tuple(map(PassageId, row["passages"])),
            tuple(map(TopicId, row["topics"])),
            tuple(map(EventId, row["talks"])),
            tuple(row["languages"]),
        ),
        steps_of(row["steps"]),
        State([one["to"] for one in row["steps"] if one["is_of_this"]][-1]),
    )


def _place_after(everybody: Sequence[Candidacy], after: Cursor) -> int:
    """How many come before a cursor's end, wherever that person stands now; the place itself if they are gone."""
    rank, id = after.key
    for number, one in enumerate(everybody, start=1):
        if one.id == id:
            return number
    return int(rank) - 1 if rank.isdecimal() and len(rank) < 9 and int(rank) > 0 else 0


def _ensure_may_read(viewer: Viewer) -> None:
    refuse_unless(may_read_candidacies(viewer), "see who is considered as a speaker", who=WHO)
