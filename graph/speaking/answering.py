"""What somebody answers who was asked to speak: by the link of a letter, without signing in, or signed in.

They say yes, no, that another time would do, or that they cannot come after all. The same answer once more changes
nothing, so a button that is pressed twice, or a form that is sent again, is harmless.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, LiteralString

from graph.agenda import leave
from graph.changes import record
from graph.errors import GraphError
from graph.graph import Graph, Row, Transaction
from graph.invitations import UnfitText, fit_text
from graph.passages import hold_stamps
from graph.permissions import may_answer, refuse_unless
from graph.speaking.answer_links import AnswerLinkEnded, opened
from graph.speaking.candidacies import CandidacyId
from graph.speaking.letters import event_told
from graph.speaking.occasions import EventTold
from graph.speaking.states import OFF_THE_PANEL, State
from graph.values import EventId, moment
from graph.viewer import Role, Viewer
from graph.wording import Either, Wording

__all__ = ["LONGEST_ANSWER", "POSSIBLE", "Answer", "AskedToSpeak", "CannotAnswer", "answer", "answer_own", "asked"]

LONGEST_ANSWER: Final = 1_000
BY_LINK: Final = Viewer(Role.PUBLIC, actor="answer link")


class Answer(StrEnum):
    """What somebody says who was asked to speak."""

    ACCEPT = "accept"
    DECLINE = "decline"
    OTHER_TIME = "other_time"
    """They would at another time; until organisers say more, they are asked still."""
    WITHDRAW = "withdraw"
    """They had said yes, and cannot come after all."""


CALLED: Final[Mapping[Answer, Wording]] = {
    Answer.ACCEPT: Wording("accept"),
    Answer.DECLINE: Wording("decline"),
    Answer.OTHER_TIME: Wording("other time"),
    Answer.WITHDRAW: Wording("withdraw"),
}

POSSIBLE: Final[Mapping[State, tuple[Answer, ...]]] = {
    State.INVITED: (Answer.ACCEPT, Answer.DECLINE, Answer.OTHER_TIME),
    State.REMINDED: (Answer.ACCEPT, Answer.DECLINE, Answer.OTHER_TIME),
    State.ACCEPTED: (Answer.WITHDRAW,),
    State.CONFIRMED: (Answer.WITHDRAW,),
}
"""What can be answered in each state, before the event begins."""

BECOMES: Final[Mapping[Answer, State]] = {
    Answer.ACCEPT: State.ACCEPTED,
    Answer.DECLINE: State.DECLINED,
    Answer.WITHDRAW: State.WITHDRAWN,
}


class CannotAnswer(GraphError):
    """That is no answer to what they were asked, as things stand; ``possible`` is what they can answer."""

    def __init__(self, possible: tuple[Answer, ...]) -> None:
        self.possible = possible
        super().__init__(
            Wording(
                "That cannot be answered now, so nothing was changed; you can answer %(possible)s.",
                possible=Either(tuple(CALLED[answer] for answer in possible)),
            )
            if possible
            else Wording("That cannot be answered now, so nothing was changed; nothing is asked of you.")
        )


@dataclass(frozen=True, slots=True)
class AskedToSpeak:
    """What somebody is asked, as they may know it.

    ``language`` and ``note`` are those of the last letter, ``possible`` what they can answer now.
    """

    candidacy: CandidacyId
    event: EventTold
    is_cancelled: bool
    name: str
    language: str
    note: str
    state: State
    answer_by: datetime | None
    possible: tuple[Answer, ...]


# Of an earlier time that somebody was asked, which ended in their being shortlisted anew, nothing is answered any more.
# Where two people were found to be one, the letter may be of a candidacy that was set aside for the one in force.
BY_LETTER: LiteralString = """
MATCH (e:Expert)-[:CONSIDERED_AS|WAS_CONSIDERED_AS]->(written:Candidacy)-[:LETTER]->(l:Letter {id: $letter})
MATCH (e)-[:CONSIDERED_AS]->(c:Candidacy {event: written.event})
WHERE NOT EXISTS { (written)-[:STEP]->(s:Step WHERE s.undone IS NULL AND s.to = 'shortlisted'
                                                  AND s.number > l.number) }
  AND NOT EXISTS { (c)-[:STEP]->(s:Step WHERE s.undone IS NULL AND s.to = 'shortlisted' AND s.before IS NOT NULL
                                            AND s.at > l.made_at) }
RETURN c.id AS candidacy, l {.language, .note} AS letter
"""

OF_PERSON: LiteralString = """
MATCH (e:Expert {id: $expert})-[:CONSIDERED_AS]->(c:Candidacy {event: $event})
WHERE c.state <> 'shortlisted'
RETURN c.id AS candidacy,
  coalesce(head(COLLECT { MATCH (c)-[:LETTER]->(l:Letter) RETURN l {.language, .note} ORDER BY l.sequence DESC }),
           {language: 'en', note: ''}) AS letter
"""

ASKED: LiteralString = """
MATCH (e:Expert)-[:CONSIDERED_AS]->(c:Candidacy {id: $id})
MATCH (v:Event {id: c.event})
RETURN e.name AS name, c.state AS state, c.answer_by AS answer_by,
  head(COLLECT { MATCH (c)-[:STEP]->(s:Step) WHERE s.undone IS NULL RETURN s.before ORDER BY s.number DESC }) AS before,
  v {.id, .title, .kind, .format, .starts_at, .ends_at, .time_zone, .place, .url, .description,
     country: head(COLLECT { MATCH (v)-[:HELD_IN]->(country:Country) RETURN country.id }),
     languages: COLLECT { MATCH (v)-[:IN_LANGUAGE]->(l:Language) RETURN l.id ORDER BY l.id },
     is_cancelled: coalesce(v.status, '') = 'cancelled'} AS event
"""

STEP: LiteralString = """
MATCH (c:Candidacy {id: $id})
CREATE (c)-[:STEP]->(:Step {id: $step, number: c.version + 1, before: $before, to: $to, at: $at, by: $by,
                            reason: $reason})
SET c.state = $to, c.version = c.version + 1, c.answer_by = NULL
"""

REPLY: LiteralString = """
MATCH (c:Candidacy {id: $id})
CREATE (c)-[:REPLY]->(:Reply {id: $reply, answer: $answer, reason: $reason, suggestion: $suggestion, at: $at})
SET c.version = c.version + CASE WHEN $answer = 'other_time' THEN 1 ELSE 0 END
"""

SAID_LAST: LiteralString = """
MATCH (c:Candidacy {id: $id})-[:REPLY]->(r:Reply)
WHERE NOT EXISTS { (c)-[:STEP]->(s:Step WHERE s.undone IS NULL AND s.at > r.at) }
RETURN r {.answer, .reason, .suggestion} AS reply ORDER BY r.at DESC, r.id LIMIT 1
"""


async def asked(graph: Graph, *, secret: str) -> AskedToSpeak:
    """What a letter's link asks; opening it answers nothing, since programs that guard mailboxes open links too.

    Raises:
        AnswerLinkEnded: it asks nothing, or nothing any more.
    """

    async def work(tx: Transaction) -> AskedToSpeak:
        return await _by_letter(tx, (await opened(tx, secret)).letter)

    return await graph.transact(work)


async def answer(graph: Graph, *, secret: str, answer: Answer, reason: str = "", suggestion: str = "") -> AskedToSpeak:
    """Take down what whoever holds a letter's link answers; what is asked of them now.

    Raises:
        AnswerLinkEnded: the link asks nothing, or nothing any more.
        CannotAnswer: that is no answer to what they were asked, as things stand.
        UnfitText: a text is too long or holds what no text needs, or another time is proposed without saying which.
    """
    words = _Words.of(answer, reason, suggestion)

    async def work(tx: Transaction) -> AskedToSpeak:
        letter = (await opened(tx, secret)).letter  # before anybody waits for it
        await hold_stamps(tx)
        held = await _by_letter(tx, letter)
        await _answered(tx, BY_LINK, held, answer, words)
        return await _by_letter(tx, letter)

    return await graph.transact(work)


async def answer_own(
    graph: Graph, viewer: Viewer, *, event: EventId, answer: Answer, reason: str = "", suggestion: str = ""
) -> AskedToSpeak:
    """As :func:`answer`, for somebody who is signed in and was invited to speak at an event.

    Raises:
        AnswerLinkEnded: nobody invited them there.
        NotAllowed: a client asks that may not write.
        CannotAnswer, UnfitText: as for :func:`answer`.
    """
    refuse_unless(may_answer(viewer), "answer invitations", who="people who are signed in, and clients that may write")
    words = _Words.of(answer, reason, suggestion)

    async def work(tx: Transaction) -> AskedToSpeak:
        await hold_stamps(tx)
        held = await _own(tx, viewer, event)
        await _answered(tx, viewer, held, answer, words)
        return await _own(tx, viewer, event)

    return await graph.transact(work)


@dataclass(frozen=True, slots=True)
class _Words:
    reason: str
    suggestion: str

    @classmethod
    def of(cls, answer: Answer, reason: str, suggestion: str) -> "_Words":
        said = fit_text("reason", reason, LONGEST_ANSWER)
        if answer is Answer.OTHER_TIME and not said:
            raise UnfitText("reason", Wording("The reason is empty; write which other time would do."))
        return cls(said, fit_text("suggestion", suggestion, LONGEST_ANSWER))


async def _by_letter(tx: Transaction, letter: str) -> AskedToSpeak:
    return await _asked(tx, await tx.run(BY_LETTER, letter=letter))


async def _own(tx: Transaction, viewer: Viewer, event: EventId) -> AskedToSpeak:
    rows = await tx.run(OF_PERSON, expert=viewer.person or "", event=event)
    return await _asked(tx, rows)


async def _asked(tx: Transaction, found: list[Row]) -> AskedToSpeak:
    rows = await tx.run(ASKED, id=found[0]["candidacy"]) if found else []
    if not rows:
        raise AnswerLinkEnded
    (row,) = rows
    state = State(row["state"])
    # Taken off the list without having been asked, or before: of that nothing is told.
    if state is State.SHORTLISTED or (state is State.WITHDRAWN and row["before"] == State.SHORTLISTED):
        raise AnswerLinkEnded
    event, is_cancelled = event_told(row["event"]), row["event"]["is_cancelled"]
    is_over = is_cancelled or (event.starts_at is not None and event.starts_at <= datetime.now(UTC))
    return AskedToSpeak(
        CandidacyId(found[0]["candidacy"]),
        event,
        is_cancelled,
        row["name"],
        found[0]["letter"]["language"],
        found[0]["letter"]["note"],
        state,
        moment(row["answer_by"]),
        () if is_over else POSSIBLE.get(state, ()),
    )


async def _answered(tx: Transaction, viewer: Viewer, held: AskedToSpeak, answer: Answer, words: _Words) -> None:
    to = BECOMES.get(answer)
    if to is held.state or (to is None and await _is_said(tx, held, answer, words)):
        return
    if answer not in held.possible:
        raise CannotAnswer(held.possible)
    at = datetime.now(UTC)
    if to is not None:
        await tx.run(
            STEP,
            id=held.candidacy,
            step=uuid.uuid4().hex,
            before=held.state.value,
            to=to.value,
            at=at,
            by=viewer.actor,
            reason=words.reason,
        )
    if to in OFF_THE_PANEL:
        await leave(tx, candidacy=held.candidacy)
    await tx.run(
        REPLY,
        id=held.candidacy,
        reply=uuid.uuid4().hex,
        answer=answer.value,
        reason=words.reason,
        suggestion=words.suggestion,
        at=at,
    )
    await record(
        tx,
        viewer,
        verb="candidate answered",
        subject=f"candidacy:{held.candidacy}",
        fields=["state"],
        before={"state": held.state.value},
        after={"answer": answer.value},
    )


async def _is_said(tx: Transaction, held: AskedToSpeak, answer: Answer, words: _Words) -> bool:
    rows = await tx.run(SAID_LAST, id=held.candidacy)
    said = {"answer": answer.value, "reason": words.reason, "suggestion": words.suggestion}
    return bool(rows) and rows[0]["reply"] == said
