"""What people are told of their own invitations to speak: to which event, what became of it, and until when to answer.

Nothing is told before they are invited, and nothing of notes, places in a line, reasons and who decided.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from graph.graph import Graph, Row, Transaction
from graph.speaking.candidacies import Step, steps_of
from graph.speaking.states import ASKED, State
from graph.values import EventId, moment
from graph.viewer import Viewer

__all__ = ["SpeakingInvitation", "in_words", "own_invitations"]


@dataclass(frozen=True, slots=True)
class SpeakingInvitation:
    """That a person was asked to speak at an event: what became of it, when they were asked, when that was last so.

    ``answer_by`` is until when an answer is waited for, while one is.
    """

    event: EventId
    state: State
    invited_at: datetime
    changed_at: datetime
    answer_by: datetime | None
    letters: tuple[Mapping[str, Any], ...] = ()
    """Those that left, the oldest first: occasion, language, note and when."""
    replies: tuple[Mapping[str, Any], ...] = ()
    """What the person answered themselves, the oldest first."""


# Where two people who are one were both asked, what stays in force is told.
OF_PERSON: LiteralString = """
MATCH (e:Expert {id: $expert})-[:CONSIDERED_AS]->(c:Candidacy)
RETURN c.event AS event, c.answer_by AS answer_by,
       COLLECT { MATCH (c)-[:STEP]->(s:Step) WHERE s.undone IS NULL
                 RETURN s {.before, .to, .at} ORDER BY s.at, s.number } AS steps,
       COLLECT { MATCH (e)-[:CONSIDERED_AS|WAS_CONSIDERED_AS]->(one:Candidacy {event: c.event})-[:LETTER]->(l:Letter)
                 WHERE l.left_at IS NOT NULL
                 RETURN l {.occasion, .language, .note, .left_at} ORDER BY l.left_at, l.id } AS letters,
       COLLECT { MATCH (e)-[:CONSIDERED_AS|WAS_CONSIDERED_AS]->(one:Candidacy {event: c.event})-[:REPLY]->(r:Reply)
                 RETURN r {.answer, .reason, .suggestion, .at} ORDER BY r.at, r.id } AS replies
ORDER BY c.created_at, c.id
"""


async def own_invitations(graph: Graph, viewer: Viewer) -> Sequence[SpeakingInvitation]:
    """To which events the viewer was invited to speak, and what became of it; none of who is nobody of the network."""
    if viewer.person is None:
        return ()
    return _told(await graph.read(OF_PERSON, expert=viewer.person))


async def in_words(tx: Transaction, *, expert: str) -> list[dict[str, Any]]:
    """The same of a person, for the export of all that is known of them."""
    return [
        {
            "event": one.event,
            "state": one.state.value,
            "invited_at": one.invited_at.isoformat(),
            "changed_at": one.changed_at.isoformat(),
            **({"answer_by": one.answer_by.isoformat()} if one.answer_by else {}),
            "letters": [_dated(letter, "left_at") for letter in one.letters],
            "answers": [_dated(reply, "at") for reply in one.replies],
        }
        for one in _told(await tx.run(OF_PERSON, expert=expert))
    ]


def _told(rows: Sequence[Row]) -> tuple[SpeakingInvitation, ...]:
    found = []
    for row in rows:
        told = _as_they_know_it(steps_of(row["steps"]))
        if told:
            last = told[-1]
            (invited_at, *_) = [step.at for step in reversed(told) if step.to is State.INVITED]
            answer_by = moment(row["answer_by"]) if last.to in ASKED else None
            found.append(
                SpeakingInvitation(
                    EventId(row["event"]),
                    last.to,
                    invited_at,
                    last.at,
                    answer_by,
                    tuple(row["letters"]),
                    tuple(row["replies"]),
                )
            )
    return tuple(found)


def _dated(told: Mapping[str, Any], name: str) -> dict[str, Any]:
    """As words, for a file."""
    return {**told, name: told[name].to_native().isoformat()}


def _as_they_know_it(steps: Sequence[Step]) -> list[Step]:
    """The steps that concern an invitation; that organisers think of somebody, or do so no more, does not."""
    return [
        step
        for step in steps
        if step.to is State.INVITED or State.SHORTLISTED not in {step.before, step.to}
        if step.before is not None
    ]
