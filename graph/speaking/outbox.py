"""Letters that wait to leave, one at a time for whoever sends them.

Whoever sends takes one letter for :data:`LEASE`; one that was taken by a process that died is taken again after it,
under the same id. So each letter goes out once, except where the mail server took it and nobody could write that down:
a process died, the database was gone, the server did not say so in time. Then it goes out again under the same
Message-ID, by which mailboxes know it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final, LiteralString

from graph.graph import Graph, Row, Transaction
from graph.permissions import may_shortlist, refuse_unless
from graph.speaking.answer_links import LinkedLetter, key, sealed
from graph.speaking.candidacies import WHO, CandidacyId
from graph.speaking.letters import ADDRESSEE, LetterId, LetterState, address_of, digest_of, event_told
from graph.speaking.occasions import LINKED, EventTold, Occasion
from graph.speaking.returned import NoSuchLetter
from graph.speaking.states import IN_TOUCH, State
from graph.values import moment
from graph.viewer import Role, Viewer, seen

__all__ = ["LEASE", "LETTERS", "Waiting", "not_sent", "secret_of", "sent", "take"]

LETTERS: Final = Viewer(Role.ORGANISER, actor="letters")
"""Who reads what a letter tells, when it leaves: what organisers may see."""

LEASE: Final = timedelta(minutes=3)
"""How long whoever took a letter has to send it; longer than the mail server is waited for."""

FIRST_WAIT, LONGEST_WAIT, GIVE_UP = timedelta(minutes=1), timedelta(hours=6), timedelta(days=3)
"""A letter that did not leave is tried again, after twice as long each time, until it is given up."""

LINK_LASTS: Final = timedelta(days=365)
"""How long a link is good, and for a month beyond the event's day: whether it has begun is asked when it is opened."""

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
MATCH (e:Expert)-[:CONSIDERED_AS|WAS_CONSIDERED_AS]->(c:Candidacy {id: l.candidacy})
RETURN l {.*} AS letter, c.state AS state,
  EXISTS { (e)-[:CONSIDERED_AS|WAS_CONSIDERED_AS]->(:Candidacy {event: c.event})-[:LETTER]->
             (before:Letter WHERE before.made_at < l.made_at AND before.state = 'sent') } AS is_in_touch,
  EXISTS { (c)-[:LETTER]->(later:Letter {occasion: l.occasion, state: 'waiting'} WHERE later.sequence > l.sequence) }
    AS is_said_again,
  EXISTS { (c)-[:STEP]->(s:Step WHERE s.undone IS NULL AND s.to = 'shortlisted' AND s.number > l.number) }
    AS is_of_another_time
"""

WAITS: LiteralString = seen("""
MATCH (e:Expert)-[:CONSIDERED_AS|WAS_CONSIDERED_AS]->(c:Candidacy)-[:LETTER]->(l:Letter {id: $id, state: 'waiting'})
WHERE SEES(e.listing) AND l.occasion IN $occasions
MATCH (v:Event {id: c.event})
RETURN v.starts_at AS starts_at
""")

END: LiteralString = """
MATCH (l:Letter {id: $id})
SET l.state = $state, l.fault = $fault, l.left_at = $left_at, l.taken_until = NULL, l.next_at = NULL
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


async def secret_of(graph: Graph, viewer: Viewer, *, letter: LetterId) -> str:
    """What the answer link of a letter that waits ends in, for an organiser who gives it to the person by hand.

    Raises:
        NotAllowed: the viewer may not change shortlists.
        NoSuchLetter: there is none of this id that waits and has such a link.
    """
    refuse_unless(may_shortlist(viewer), "write to speakers", who=WHO)
    occasions = [occasion.value for occasion in LINKED]

    async def work(tx: Transaction) -> str:
        rows = await tx.run(WAITS, **viewer.sight, id=letter, occasions=occasions)
        if not rows:
            raise NoSuchLetter
        return await _secret(tx, letter, moment(rows[0]["starts_at"]))

    return await graph.transact(work)


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
    await tx.run(TELLS, id=id, told=digest_of(event))
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
        address_of(told) or "",
        answer_by if answer_by is not None and answer_by > now else None,
        await _secret(tx, id, event.starts_at) if occasion in LINKED else None,
    )


async def _secret(tx: Transaction, id: LetterId, starts_at: datetime | None) -> str:
    """What the answer link of a letter ends in."""
    now = datetime.now(UTC)
    until = max(now + LINK_LASTS, (starts_at or now) + timedelta(days=30))
    return sealed(await key(tx), LinkedLetter(id, until))


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
        "they show no address to write to any more": address_of(told) is None,
    }
    return next((reason for reason, holds in is_so.items() if holds), "")
