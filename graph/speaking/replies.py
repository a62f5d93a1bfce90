"""Answers that came as calendar messages: who was asked to speak said yes or no in their own calendar (RFC 5546)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import LiteralString

from graph.graph import Graph
from graph.people.profiles import OtherVersion
from graph.permissions import may_shortlist, refuse_unless
from graph.speaking.candidacies import OF_EVENT, WHO, Candidacy, CandidacyId, Considered, NoSuchCandidacy, considered_of
from graph.speaking.changing import advance
from graph.speaking.history import asked_in
from graph.speaking.states import NEXT, State
from graph.values import EventId, ExpertId
from graph.viewer import Viewer, seen

__all__ = ["Outcome", "Replied", "Reply", "take_replies"]

REASON = "answered from their calendar"


class Outcome(StrEnum):
    """What became of an answer."""

    TAKEN = "taken"
    """It is taken down."""
    ALREADY = "already"
    """It was before."""
    OUTDATED = "outdated"
    """It was given before they were asked last."""
    IMPOSSIBLE = "impossible"
    """It cannot follow on what they are."""
    UNCERTAIN = "uncertain"
    """Several who are considered have the address."""
    NOBODY = "nobody"
    """Nobody who is considered for the event has the address, as far as the viewer sees."""
    OTHER_EVENT = "other_event"
    """It answers for another event of the network."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: to the event of a UID, from an address, accepted or declined, and when, if it says so."""

    uid: str
    email: str
    answer: State
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Replied:
    """An answer and what became of it; ``expert`` and ``state`` are of who gave it, where that is certain."""

    reply: Reply
    outcome: Outcome
    expert: ExpertId | None = None
    state: State | None = None


# Only an address that the viewer sees tells who somebody is.
ADDRESSES: LiteralString = seen("""
MATCH (e:Expert)-[:CONSIDERED_AS]->(c:Candidacy {event: $event}) WHERE SEES(e.listing)
RETURN c.id AS id, PERSON(e) AS expert
""")

# By the UID of a calendar, where an occurrence of a series has its first start behind it, or of a letter's entry, which
# begins with the candidacy (api.speaking.composing).
OTHER_EVENTS: LiteralString = """
UNWIND $uids AS uid
WITH uid
WHERE EXISTS {
        MATCH (v:Event)
        WHERE v.id <> $event
          AND any(one IN v.identifiers WHERE one = 'ical:' + uid OR one STARTS WITH 'ical:' + uid + '/')
      }
   OR EXISTS { MATCH (c:Candidacy {id: split(uid, '@')[0]}) WHERE c.event <> $event }
RETURN collect(DISTINCT uid) AS uids
"""


async def take_replies(
    graph: Graph, viewer: Viewer, *, event: EventId, replies: Sequence[Reply], dry_run: bool = False
) -> tuple[Replied, ...]:
    """Take down what people who were asked to an event answered; of one address the last of these counts.

    Each is taken down by itself, as :func:`graph.speaking.advance` does; of whom somebody else changes at that moment,
    what they are then counts. A dry run tells what would be.

    Raises:
        NotAllowed: the viewer may not change shortlists.
        NoSuchEvent: there is none of this id.
    """
    refuse_unless(may_shortlist(viewer), "take down what speakers answered", who=WHO)
    _ = await _considered(graph, viewer, event)
    by_address: dict[str, list[CandidacyId]] = {}
    for row in await graph.read(ADDRESSES, **viewer.sight, event=event):
        if row["expert"]["contact"] and row["expert"]["contact"]["email"]:
            by_address.setdefault(_address(row["expert"]["contact"]["email"]), []).append(CandidacyId(row["id"]))
    (others,) = await graph.read(OTHER_EVENTS, event=event, uids=[one.uid for one in replies])
    replied = []
    elsewhere = [reply for reply in replies if reply.uid in others["uids"]]
    replied += [Replied(reply, Outcome.OTHER_EVENT) for reply in elsewhere]
    for reply in _last([reply for reply in replies if reply not in elsewhere]):
        found = by_address.get(_address(reply.email), [])
        if len(found) != 1:
            replied.append(Replied(reply, Outcome.UNCERTAIN if found else Outcome.NOBODY))
            continue
        replied.append(await _replied(graph, viewer, event, reply, found[0], dry_run=dry_run))
    return tuple(replied)


async def _considered(graph: Graph, viewer: Viewer, event: EventId) -> Considered:
    return considered_of(await graph.read(OF_EVENT, **viewer.sight, event=event), event)


async def _replied(
    graph: Graph, viewer: Viewer, event: EventId, reply: Reply, id: CandidacyId, *, dry_run: bool
) -> Replied:
    """Take one answer down, by what its sender is at that moment."""
    while True:
        try:
            candidacy = (await _considered(graph, viewer, event)).by_id(id)
        except NoSuchCandidacy:  # they were erased, or hid, at that moment
            return Replied(reply, Outcome.NOBODY)
        outcome = _outcome(reply, candidacy)
        if outcome is not Outcome.TAKEN or dry_run:
            break
        try:
            await advance(graph, viewer, id=id, expected_version=candidacy.version, to=reply.answer, reason=REASON)
        except OtherVersion:
            continue
        break
    state = reply.answer if outcome is Outcome.TAKEN else candidacy.state
    return Replied(reply, outcome, candidacy.expert, state)


def _outcome(reply: Reply, candidacy: Candidacy) -> Outcome:
    asked_at = asked_in(candidacy.steps)
    if candidacy.state is reply.answer:
        return Outcome.ALREADY
    if reply.at is not None and asked_at is not None and reply.at < asked_at.replace(microsecond=0):
        return Outcome.OUTDATED
    return Outcome.TAKEN if reply.answer in NEXT[candidacy.state] else Outcome.IMPOSSIBLE


def _last(replies: Sequence[Reply]) -> Iterable[Reply]:
    """The last answer of each address: to the event of a calendar, or to a letter's entry, which is the same event."""
    return {_address(one.email): one for one in replies}.values()


def _address(email: str) -> str:
    return email.strip().casefold()
