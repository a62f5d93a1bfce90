"""Telling those who were written to what changed since, and once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, LiteralString

from graph.changes import record
from graph.errors import NoSuchEvent
from graph.graph import Graph, Transaction
from graph.invitations import fit_text
from graph.passages import hold_stamps
from graph.permissions import may_shortlist, refuse_unless
from graph.speaking.candidacies import WHO, Candidacy, read
from graph.speaking.letters import (
    ADDRESSEE,
    LONGEST_WORDS,
    LetterState,
    NotReachable,
    Wanted,
    digest_of,
    event_told,
    write,
)
from graph.speaking.occasions import Occasion
from graph.speaking.states import IN_TOUCH
from graph.values import EventId
from graph.viewer import Viewer

__all__ = ["Told", "tell_speakers"]


@dataclass(frozen=True, slots=True)
class Told:
    """Who is written to of what changed, and who cannot be: their last letter bounced, or they show no address now."""

    written: tuple[Candidacy, ...]
    not_reachable: tuple[Candidacy, ...]


# Of two people who were found to be one, the letters of both.
TOLD_LAST: LiteralString = """
MATCH (v:Event {id: $event})
RETURN coalesce(v.status, '') = 'cancelled' AS is_cancelled, coalesce(v.starts_at <= datetime(), false) AS has_begun,
COLLECT {
  MATCH (e:Expert)-[:CONSIDERED_AS]->(c:Candidacy {event: $event})
  MATCH (e)-[:CONSIDERED_AS|WAS_CONSIDERED_AS]->(:Candidacy {event: $event})-[:LETTER]->(l:Letter)
  WHERE NOT l.state IN ['failed', 'outdated']
  WITH c, l ORDER BY l.made_at, l.sequence
  WITH c, collect(l)[-1] AS last
  RETURN {candidacy: c.id, told: last.told, occasion: last.occasion, state: last.state}
} AS last
"""


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
            if one.state not in IN_TOUCH or one.id not in last:
                continue
            rows = await tx.run(ADDRESSEE, **viewer.sight, id=one.id)
            if last[one.id]["state"] == LetterState.BOUNCED.value:
                not_reachable.append(one)
                continue
            if not _is_news(last[one.id], occasion, told=digest_of(event_told(rows[0]["event"]))):
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


def _is_news(last: Mapping[str, Any], occasion: Occasion, *, told: str) -> bool:
    """Whether somebody who was written to has not been told yet; a letter that still waits will tell it."""
    if occasion is Occasion.CANCELLATION:
        return bool(last["occasion"] != Occasion.CANCELLATION.value)
    takes_place_again = last["occasion"] == Occasion.CANCELLATION.value
    return bool((takes_place_again or last["told"] != told) and last["state"] != LetterState.WAITING.value)
