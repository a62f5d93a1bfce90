"""Who was asked to speak and has not answered, at events that are still to come: whom to remind, and when at last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from graph.graph import Graph
from graph.permissions import may_read_candidacies, refuse_unless
from graph.speaking.candidacies import WHO, CandidacyId
from graph.speaking.states import State
from graph.values import EventId, ExpertId, moment
from graph.viewer import Viewer, seen

__all__ = ["Unanswered", "unanswered"]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Somebody who is waited for; ``asked_at`` is when they were asked or reminded last.

    ``answer_by`` is until when, None if nobody said; ``starts_at`` is when the event begins, None if that is not known;
    ``version`` is the candidacy's.
    """

    candidacy: CandidacyId
    version: int
    event: EventId
    starts_at: datetime | None
    expert: ExpertId
    state: State
    asked_at: datetime
    answer_by: datetime | None
    reminders: int
    is_overdue: bool
    """Whether that is past."""

    @property
    def is_to_be_reminded(self) -> bool:
        """Whether it is past, and they were not reminded since; it may have been past before they were asked."""
        if not self.is_overdue or self.answer_by is None:
            return False
        return self.state is State.INVITED or self.asked_at < self.answer_by


UNANSWERED: LiteralString = seen("""
MATCH (e:Expert)-[:CONSIDERED_AS]->(c:Candidacy) WHERE c.state IN ['invited', 'reminded'] AND SEES(e.listing)
MATCH (v:Event {id: c.event})
WHERE coalesce(v.status, '') <> 'cancelled' AND (v.starts_at IS NULL OR v.starts_at > datetime())
  AND ($event IS NULL OR v.id = $event)
  AND NOT EXISTS {
    MATCH (c)-[:REPLY]->(r:Reply) WHERE NOT EXISTS { MATCH (c)-[:STEP]->(s:Step) WHERE s.undone IS NULL AND s.at > r.at
                                                     AND (NOT s.to IN ['spoke', 'absent'] OR SEES(e.attendance)) }
  }
WITH e, c, v ORDER BY coalesce(c.answer_by, v.starts_at), v.starts_at, c.rank, c.id
RETURN collect({
  expert: e.id, candidacy: c {.id, .version, .event, .state, .answer_by, .reminders},
  starts_at: v.starts_at,
  asked_at: head(COLLECT { MATCH (c)-[:STEP]->(s:Step)
                           WHERE s.undone IS NULL AND (NOT s.to IN ['spoke', 'absent'] OR SEES(e.attendance))
                           RETURN s.at ORDER BY s.number DESC }),
  is_overdue: coalesce(c.answer_by < datetime(), false)
}) AS waited_for
""")


async def unanswered(graph: Graph, viewer: Viewer, *, event: EventId | None = None) -> Sequence[Unanswered]:
    """Everybody who is asked, at one event or all, and does not answer yet; whose answer is due first comes first.

    Who would at another time has answered: it is for the organisers to say more.

    Raises:
        NotAllowed: the viewer is neither an organiser nor an administrator.
    """
    refuse_unless(may_read_candidacies(viewer), "see who is asked to speak", who=WHO)
    (row,) = await graph.read(UNANSWERED, **viewer.sight, event=event)
    found = []
    for one in row["waited_for"]:
        told, asked_at = one["candidacy"], moment(one["asked_at"])
        assert asked_at is not None  # noqa: S101 -- every step is written with its time
        found.append(
            Unanswered(
                CandidacyId(told["id"]),
                told["version"],
                EventId(told["event"]),
                moment(one["starts_at"]),
                ExpertId(one["expert"]),
                State(told["state"]),
                asked_at,
                moment(told["answer_by"]),
                told["reminders"],
                one["is_overdue"],
            )
        )
    return found
