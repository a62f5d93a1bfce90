"""The answers of people who were asked to speak, over all events: by their letters' links, and to organisers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from graph.graph import Graph
from graph.permissions import may_read_candidacies, refuse_unless
from graph.speaking.answering import Answer
from graph.speaking.candidacies import WHO, CandidacyId
from graph.values import Cursor, EventId, ExpertId, Page, moment
from graph.viewer import Viewer, seen

__all__ = ["AnswerGiven", "answers_given"]


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    """What somebody answered, with their reason and whom they suggest instead, each '' if there is none.

    ``is_their_own`` unless organisers took it down, whose words the reason then has.
    """

    id: str
    candidacy: CandidacyId
    event: EventId
    title: str
    expert: ExpertId
    name: str
    answer: Answer
    reason: str
    suggestion: str
    at: datetime
    is_their_own: bool


# Of two people who were found to be one, the answers of both. What organisers took down stands in a step without a
# reply of the same moment.
ANSWERS: LiteralString = seen("""
MATCH (e:Expert)-[:CONSIDERED_AS]->(c:Candidacy)
WHERE SEES(e.listing) AND ($event IS NULL OR c.event = $event)
MATCH (v:Event {id: c.event})
WITH v, PERSON(e) AS person, c,
  COLLECT {
    MATCH (e)-[:CONSIDERED_AS|WAS_CONSIDERED_AS]->(:Candidacy {event: c.event})-[:REPLY]->(r:Reply)
    RETURN {id: r.id, answer: r.answer, reason: r.reason, suggestion: r.suggestion, at: r.at, is_their_own: true}
  } + COLLECT {
    MATCH (e)-[:CONSIDERED_AS|WAS_CONSIDERED_AS]->(one:Candidacy {event: c.event})-[:STEP]->(s:Step)
    WHERE s.undone IS NULL AND s.to IN ['accepted', 'declined']
      AND (NOT s.to IN ['spoke', 'absent'] OR SEES(e.attendance))
      AND NOT EXISTS { (one)-[:REPLY]->(r:Reply WHERE r.at = s.at) }
    RETURN {id: s.id, answer: CASE s.to WHEN 'accepted' THEN 'accept' ELSE 'decline' END, reason: s.reason,
            suggestion: '', at: s.at, is_their_own: false}
  } AS answers
UNWIND answers AS one
WITH v, person, c, one
WHERE $after IS NULL OR one.at < datetime($after[0]) OR (one.at = datetime($after[0]) AND one.id > $after[1])
RETURN [toString(one.at), one.id] AS key, one {.*} AS told, c.id AS candidacy, v.id AS event, v.title AS title,
       person.id AS expert, person.name AS name
ORDER BY one.at DESC, one.id
LIMIT $first
""")


async def answers_given(
    graph: Graph, viewer: Viewer, *, event: EventId | None = None, first: int, after: Cursor | None = None
) -> Page[AnswerGiven]:
    """What was answered, to one event or all, the newest first; what was taken back is not among it.

    Raises:
        NotAllowed: the viewer is neither an organiser nor an administrator.
        NotACursor: ``after`` is a place in another list.
    """
    refuse_unless(may_read_candidacies(viewer), "see who answered", who=WHO)
    rows = await graph.read(
        ANSWERS, **viewer.sight, event=event, first=first + 1, after=None if after is None else after.of_time
    )
    return Page.of(rows, first, _given)


def _given(row: Any) -> AnswerGiven:
    told = row["told"]
    at = moment(told["at"])
    assert at is not None  # noqa: S101 -- every answer is written with its time
    return AnswerGiven(
        told["id"],
        CandidacyId(row["candidacy"]),
        EventId(row["event"]),
        row["title"],
        ExpertId(row["expert"]),
        row["name"],
        Answer(told["answer"]),
        told["reason"] or "",
        told["suggestion"] or "",
        at,
        told["is_their_own"],
    )
