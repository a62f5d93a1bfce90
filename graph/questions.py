"""Questions that people who signed in leave open with the network, and who offers to help with them.

A question is its account's, and so is an offer: both go with the account. People who signed in see the questions that
are open; who asked is told to whoever may know of that person anyway, and who offers help to the one who asked alone,
by the same rule. The change log says that somebody asked or offered, not what or where.
"""

import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, LiteralString, NewType, Self

from graph.changes import record
from graph.errors import GraphError, NoSuchThing
from graph.graph import Graph, Row, Transaction
from graph.invitations import fit_text
from graph.permissions import (
    NotAllowed,
    may_ask_network,
    may_moderate_questions,
    may_offer_help,
    may_read_questions,
    refuse_unless,
)
from graph.values import UN_LANGUAGES, Cursor, ExpertId, Page, Topic, TopicId, moment
from graph.viewer import Role, Viewer, seen
from graph.wording import Wording

__all__ = [
    "CLOSED_KEPT",
    "DAYS_OPEN",
    "LONGEST_NOTE",
    "LONGEST_TEXT",
    "MOST_OPEN",
    "MOST_TOPICS",
    "NoSuchLanguage",
    "NoSuchQuestion",
    "NotSeenByMembers",
    "NoteTooLong",
    "NothingAsked",
    "Offer",
    "OpenQuestion",
    "QuestionClosed",
    "QuestionId",
    "Somebody",
    "Standing",
    "TextTooLong",
    "TooManyOpen",
    "TopicsUnfit",
    "ask",
    "by_id",
    "close",
    "count",
    "offer",
    "offers",
    "own",
    "page",
    "reopen",
    "take_back",
    "topics_asked",
    "would_be_seen",
]

LONGEST_TEXT = 1_000
LONGEST_NOTE = 500
MOST_TOPICS = 5

MOST_OPEN = 10
"""How many questions of one account are open at once; one that was taken down counts until its days are over."""

DAYS_OPEN = 90
"""After how many days a question closes by itself."""

CLOSED_KEPT = 100
"""How many closed questions of one account are kept; the oldest of more are forgotten when it asks again."""

MOST_LISTED = 1_000
"""Of the topics that open questions are on."""

QuestionId = NewType("QuestionId", str)


class NothingAsked(GraphError):
    """A question without a text."""

    def __init__(self) -> None:
        super().__init__(Wording("The question is empty; write what you want to know."))


class TextTooLong(GraphError):
    """A question of more characters than are kept."""

    def __init__(self, length: int) -> None:
        self.length = length
        super().__init__(
            Wording(
                "The question has %(length)s characters, more than %(most)s; shorten it.",
                length=length,
                most=LONGEST_TEXT,
            )
        )


class NoteTooLong(GraphError):
    """A note of more characters than are kept."""

    def __init__(self, length: int) -> None:
        self.length = length
        super().__init__(
            Wording(
                "The note has %(length)s characters, more than %(most)s; shorten it.", length=length, most=LONGEST_NOTE
            )
        )


class NoSuchLanguage(GraphError):
    """A question in none of the six languages."""

    def __init__(self, language: str) -> None:
        self.language = language
        super().__init__(
            Wording(
                "'%(language)s' is none of the languages %(languages)s; choose one of them.",
                language=language[:20],
                languages=UN_LANGUAGES,
            )
        )


class TopicsUnfit(GraphError):
    """A question on too many topics."""

    def __init__(self, how_many: int) -> None:
        self.how_many = how_many
        super().__init__(
            Wording(
                "The question is on %(how_many)s topics; choose %(most)s at most.",
                how_many=how_many,
                most=MOST_TOPICS,
            )
        )


class TooManyOpen(GraphError):
    """The account has as many open questions as it may."""

    def __init__(self) -> None:
        super().__init__(
            Wording("You have %(most)s open questions already; close one to open another.", most=MOST_OPEN)
        )


class NoSuchQuestion(NoSuchThing):
    """There is no question of this id, or none that the viewer sees."""

    def __init__(self, question: str) -> None:
        self.question = question
        super().__init__(Wording("question"), question)


class QuestionClosed(GraphError):
    """Help was offered with a question that is not open any more."""

    def __init__(self) -> None:
        super().__init__(Wording("This question is closed; offer your help with one that is open."))


class NotSeenByMembers(GraphError):
    """Somebody offered help whom members may not know of."""

    def __init__(self) -> None:
        super().__init__(
            Wording(
                "Members may not see your name, by your own choice of who sees that you are in the "
                "network, so your offer would not reach whoever asked; let members see you, and offer "
                "again."
            )
        )


class Standing(StrEnum):
    """How a question stands: open, or why it is not."""

    OPEN = "open"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    TAKEN_DOWN = "taken down"
    """By somebody who organises the network, and theirs alone to open again."""
    RUN_OUT = "run out"
    """Its days were over."""


OWN_CLOSINGS = (Standing.ANSWERED, Standing.WITHDRAWN)
"""Why whoever asked closes a question."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person of the network whom the viewer may know of."""

    id: ExpertId
    name: str


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question as a viewer sees it; ``asker`` is None where they may not know who asked.

    ``own_note`` is what the viewer wrote with their own offer, None where they made none; ``offers`` is how many offers
    they see, None where they did not ask.
    """

    id: QuestionId
    text: str
    language: str
    asked_at: datetime
    open_until: datetime
    standing: Standing
    topics: tuple[Topic, ...]
    asker: Somebody | None
    is_own: bool
    own_note: str | None
    offers: int | None

    @property
    def is_open(self) -> bool:
        """Whether help can be offered."""
        return self.standing is Standing.OPEN

    @classmethod
    def from_row(cls, row: Mapping[str, Any], now: datetime) -> Self:
        """From a row of :data:`TOLD`."""
        question = row["question"]
        return cls(
            QuestionId(question["id"]),
            question["text"],
            question["language"],
            _moment(question["asked_at"]),
            _moment(question["open_until"]),
            _standing(question, now),
            tuple(Topic.from_row(topic) for topic in row["topics"]),
            Somebody(ExpertId(row["asker"][0]), row["asker"][1]) if row["asker"] else None,
            row["is_own"],
            row["own_note"],
            row["offers"],
        )


@dataclass(frozen=True, slots=True)
class Offer:
    """Help that somebody offered to the viewer, who asked."""

    helper: Somebody
    note: str
    at: datetime

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """From a row of :data:`OFFERS`."""
        return cls(Somebody(ExpertId(row["expert"]), row["name"]), row["note"], _moment(row["at"]))


OPEN: LiteralString = """
MATCH (q:Question) WHERE q.open_until > $now AND q.closed_as IS NULL
  AND ($after IS NULL OR q.asked_at < datetime($after[0]) OR (q.asked_at = datetime($after[0]) AND q.id > $after[1]))
RETURN [toString(q.asked_at), q.id] AS key, q.id AS id
ORDER BY q.asked_at DESC, q.id LIMIT $limit
"""

OPEN_ON_TOPIC: LiteralString = """
MATCH (:Topic {id: $topic})<-[:BROADER]-*(:Topic)<-[:ABOUT]-(q:Question)
WHERE q.open_until > $now AND q.closed_as IS NULL
  AND ($after IS NULL OR q.asked_at < datetime($after[0]) OR (q.asked_at = datetime($after[0]) AND q.id > $after[1]))
WITH DISTINCT q
RETURN [toString(q.asked_at), q.id] AS key, q.id AS id
ORDER BY q.asked_at DESC, q.id LIMIT $limit
"""

COUNT: LiteralString = """
MATCH (q:Question) WHERE q.open_until > $now AND q.closed_as IS NULL
RETURN count(q) AS questions
"""

COUNT_ON_TOPIC: LiteralString = """
MATCH (:Topic {id: $topic})<-[:BROADER]-*(:Topic)<-[:ABOUT]-(q:Question)
WHERE q.open_until > $now AND q.closed_as IS NULL
RETURN count(DISTINCT q) AS questions
"""

TOPICS_ASKED: LiteralString = """
MATCH (t:Topic)<-[:ABOUT]-(q:Question) WHERE q.open_until > $now AND q.closed_as IS NULL
WITH DISTINCT t LIMIT $most
RETURN collect(t {.*, embedding: null}) AS topics
"""

OWN: LiteralString = """
MATCH (:Account {id: $account})-[:ASKED]->(q:Question)
RETURN q.id AS id
ORDER BY q.asked_at DESC, id
"""

# A question that is not open is seen by whoever asked or offered help, and by those who can still open it again.
TOLD: LiteralString = seen("""
UNWIND $ids AS id
MATCH (a:Account)-[:ASKED]->(q:Question {id: id})
OPTIONAL MATCH (:Account {id: $account})-[own:OFFERED]->(q)
WITH a, q, own
WHERE (q.closed_as IS NULL AND q.open_until > $now) OR a.id = $account OR own IS NOT NULL
   OR ($moderates AND q.closed_as = 'taken down' AND q.open_until > $now)
WITH a, q, own, CASE WHEN a.id = $account THEN COUNT {
  MATCH (q)<-[:OFFERED]-(:Account)-[:IS]->(e:Expert) WHERE SEES(e.listing)
} END AS offers
OPTIONAL MATCH (a)-[:IS]->(e:Expert) WHERE SEES(e.listing)
RETURN q.id AS id, q {.*} AS question, a.id = $account AS is_own, own.note AS own_note, offers,
       CASE WHEN e IS NOT NULL THEN [e.id, e.name] END AS asker,
       COLLECT { MATCH (q)-[:ABOUT]->(t:Topic) RETURN t {.*, embedding: null} ORDER BY t.id } AS topics
""")

OFFERS: LiteralString = seen("""
MATCH (:Account {id: $account})-[:ASKED]->(:Question {id: $id})<-[o:OFFERED]-(:Account)-[:IS]->(e:Expert)
WHERE SEES(e.listing)
  AND ($after IS NULL OR o.at < datetime($after[0]) OR (o.at = datetime($after[0]) AND e.id > $after[1]))
RETURN [toString(o.at), e.id] AS key, e.id AS expert, e.name AS name, o.note AS note, o.at AS at
ORDER BY o.at DESC, e.id LIMIT $limit
""")

# Members alone are asked about, whoever asked: so the answer does not tell in which role that was.
SEEN_HELPER: LiteralString = seen("""
MATCH (:Account {id: $account})-[:IS]->(e:Expert) WHERE SEES(e.listing)
RETURN e.id AS id
""")

# Written to before they are looked at: of two at once, or of one and the account's closing, the second sees the first.
HOLD_ACCOUNT: LiteralString = """
MATCH (a:Account {id: $account})
SET a.id = a.id
WITH a WHERE a.closed_at IS NULL
RETURN COUNT {
  MATCH (a)-[:ASKED]->(q:Question)
  WHERE q.open_until > $now AND (q.closed_as IS NULL OR q.closed_as = 'taken down')
} AS open
"""

HOLD: LiteralString = "MATCH (q:Question {id: $id}) SET q.id = q.id"

KNOWN_TOPICS: LiteralString = "MATCH (t:Topic) WHERE t.id IN $topics RETURN collect(t.id) AS known"

# Whoever sends a form once more, since no answer came to the first, leaves no second question.
SAME: LiteralString = """
MATCH (:Account {id: $account})-[:ASKED]->(q:Question {text: $text, language: $language})
WHERE q.closed_as IS NULL AND q.open_until > $now
  AND COLLECT { MATCH (q)-[:ABOUT]->(t:Topic) RETURN t.id ORDER BY t.id } = $topics
RETURN q.id AS id
"""

ASK: LiteralString = """
MATCH (a:Account {id: $account})
CREATE (a)-[:ASKED]->(q:Question {id: $id, text: $text, language: $language, asked_at: $now, open_until: $until})
WITH q
MATCH (t:Topic) WHERE t.id IN $topics
CREATE (q)-[:ABOUT]->(t)
"""

FORGET_CLOSED: LiteralString = """
MATCH (:Account {id: $account})-[:ASKED]->(q:Question)
WHERE q.closed_as IS NOT NULL OR q.open_until <= $now
WITH q ORDER BY q.asked_at DESC, q.id SKIP $kept
DETACH DELETE q
"""

CLOSE: LiteralString = "MATCH (q:Question {id: $id}) SET q.closed_as = $closed_as"

PUT_BACK: LiteralString = "MATCH (q:Question {id: $id}) REMOVE q.closed_as"

REOPEN: LiteralString = "MATCH (q:Question {id: $id}) SET q.closed_as = null, q.open_until = $until"

OFFER: LiteralString = """
MATCH (a:Account {id: $account})
MATCH (q:Question {id: $id})
MERGE (a)-[o:OFFERED]->(q)
SET o.note = $note, o.at = $now
"""

TAKE_BACK: LiteralString = """
MATCH (:Account {id: $account})-[o:OFFERED]->(:Question {id: $id})
WITH o, o.note AS note
DELETE o
RETURN note
"""


async def page(
    graph: Graph, viewer: Viewer, *, first: int, after: Cursor | None = None, topic: TopicId | None = None
) -> Page[OpenQuestion]:
    """The open questions, newest first, at most ``first``; on a topic, those on it or on a narrower one.

    For who is not signed in there are none.

    Raises:
        NotACursor: ``after`` is a cursor of another list.
    """
    if not may_read_questions(viewer):
        return Page([], has_next=False)
    now = datetime.now(UTC)
    limit, key = first + 1, after and after.of_time
    rows = await (
        graph.read(OPEN, now=now, limit=limit, after=key)
        if topic is None
        else graph.read(OPEN_ON_TOPIC, now=now, limit=limit, after=key, topic=topic)
    )
    told = await _told(graph, viewer, [row["id"] for row in rows[:first]], now)
    made = Page.of(rows, first, lambda row: told.get(row["id"]))
    # What was closed between the two reads is not there.
    return Page([(cursor, one) for cursor, one in made.entries if one is not None], made.has_next)


async def count(graph: Graph, viewer: Viewer, *, topic: TopicId | None = None) -> int:
    """How many questions are open, on a topic or a narrower one if one is given; 0 for who is not signed in."""
    if not may_read_questions(viewer):
        return 0
    now = datetime.now(UTC)
    rows = await (graph.read(COUNT, now=now) if topic is None else graph.read(COUNT_ON_TOPIC, now=now, topic=topic))
    return int(rows[0]["questions"])


async def topics_asked(graph: Graph, viewer: Viewer) -> list[Topic]:
    """The topics that open questions are on, in no order, at most :data:`MOST_LISTED`; none for the public."""
    if not may_read_questions(viewer):
        return []
    rows = await graph.read(TOPICS_ASKED, now=datetime.now(UTC), most=MOST_LISTED)
    return [Topic.from_row(topic) for topic in rows[0]["topics"]]


async def own(graph: Graph, viewer: Viewer) -> list[OpenQuestion]:
    """The viewer's own questions, open and closed, newest first; at most :data:`MOST_OPEN` and :data:`CLOSED_KEPT`."""
    if not may_read_questions(viewer):
        return []
    rows = await graph.read(OWN, account=viewer.account)
    return list((await _told(graph, viewer, [row["id"] for row in rows], datetime.now(UTC))).values())


async def by_id(graph: Graph, viewer: Viewer, *, id: QuestionId) -> OpenQuestion | None:
    """A question that the viewer sees: an open one, their own, and one that they offered help with; else None.

    Those who may open it again see one that was taken down.
    """
    if not may_read_questions(viewer):
        return None
    return (await _told(graph, viewer, [id], datetime.now(UTC))).get(id)


async def offers(
    graph: Graph, viewer: Viewer, *, id: QuestionId, first: int, after: Cursor | None = None
) -> Page[Offer]:
    """Who offers help with a question of the viewer's own, of whom they may know, newest first; of others' none.

    Raises:
        NotACursor: ``after`` is a cursor of another list.
    """
    if not may_read_questions(viewer):
        return Page([], has_next=False)
    rows = await graph.read(
        OFFERS, **viewer.sight, account=viewer.account, id=id, limit=first + 1, after=after and after.of_time
    )
    return Page.of(rows, first, Offer.from_row)


async def would_be_seen(graph: Graph, viewer: Viewer) -> bool:
    """Whether members may know of the viewer, so that an offer of theirs would reach whoever asked."""
    return may_offer_help(viewer) and await _is_seen(graph.read, viewer)


async def ask(graph: Graph, viewer: Viewer, *, text: str, language: str, topics: Sequence[TopicId]) -> QuestionId:
    """Leave a question open with the network for :data:`DAYS_OPEN` days; its id, or that of the same one if it is open.

    Raises:
        NotAllowed: the viewer is nobody who signed in, or may not write.
        NothingAsked, TextTooLong, UnfitText: the text is none that can be kept.
        NoSuchLanguage: it is in none of the six languages.
        TopicsUnfit: it is on more than :data:`MOST_TOPICS`.
        NoSuchThing: there is no such topic.
        TooManyOpen: the viewer has as many open as there may be.
    """
    refuse_unless(may_ask_network(viewer), "ask the network", who="people who signed in")
    text = _lines(text, "question")
    if not text:
        raise NothingAsked
    if len(text) > LONGEST_TEXT:
        raise TextTooLong(len(text))
    if language not in UN_LANGUAGES:
        raise NoSuchLanguage(language)
    wanted = list(dict.fromkeys(topics))
    if len(wanted) > MOST_TOPICS:
        raise TopicsUnfit(len(wanted))
    id, now = QuestionId(uuid.uuid4().hex), datetime.now(UTC)

    async def work(tx: Transaction) -> QuestionId:
        open_ = await _open(tx, viewer, now)
        asked = {"account": viewer.account, "text": text, "language": language}
        for same in await tx.run(SAME, **asked, topics=sorted(wanted), now=now):
            return QuestionId(same["id"])
        if open_ >= MOST_OPEN:
            raise TooManyOpen
        (row,) = await tx.run(KNOWN_TOPICS, topics=wanted)
        for topic in wanted:
            if topic not in row["known"]:
                raise NoSuchThing(Wording("topic"), topic)
        await tx.run(
            ASK,
            **asked,
            id=id,
            topics=wanted,
            now=now,
            until=now + timedelta(days=DAYS_OPEN),
        )
        await tx.run(FORGET_CLOSED, account=viewer.account, now=now, kept=CLOSED_KEPT)
        await record(tx, viewer, verb="question asked", subject=viewer.actor)
        return id

    return await graph.transact(work)


async def close(graph: Graph, viewer: Viewer, *, id: QuestionId, closed_as: Standing) -> None:
    """Close an open question: one's own as answered or withdrawn, or anybody's by taking it down. Twice is as once.

    Raises:
        NotAllowed: the viewer may not write; or it is not theirs, and they do not organise.
        NoSuchQuestion: they see none of this id.
    """
    _ensure_may_close(viewer, closed_as)

    async def work(tx: Transaction) -> None:
        question = await _held(tx, viewer, id)
        if closed_as in OWN_CLOSINGS:
            refuse_unless(question.is_own, "close this question", who="whoever asked it")
        if not question.is_open:
            return
        await tx.run(CLOSE, id=id, closed_as=closed_as)
        if closed_as is Standing.TAKEN_DOWN:
            await record(tx, viewer, verb="question taken down", subject=f"question:{id}")
        else:
            # Of their own questions it is not said which: the log would name who asked.
            await record(tx, viewer, verb="question closed", subject=viewer.actor)

    await graph.transact(work)


async def reopen(graph: Graph, viewer: Viewer, *, id: QuestionId) -> None:
    """Open a closed question again: one's own for :data:`DAYS_OPEN` days, one that was taken down for what was left.

    One that is open is left as it is.

    Raises:
        NotAllowed: the viewer may not write; or it was taken down, and they do not organise.
        NoSuchQuestion: they see none of this id.
        TooManyOpen: the viewer has as many open as there may be.
    """
    refuse_unless(may_ask_network(viewer), "open questions again", who="people who signed in")
    now = datetime.now(UTC)

    async def work(tx: Transaction) -> None:
        open_ = await _open(tx, viewer, now)
        question = await _held(tx, viewer, id)
        if question.is_open:
            return
        if question.standing is Standing.TAKEN_DOWN:
            refuse_unless(
                may_moderate_questions(viewer), "open this question again", who="organisers and administrators"
            )
            await tx.run(PUT_BACK, id=id)
            await record(tx, viewer, verb="question put back", subject=f"question:{id}")
            return
        refuse_unless(question.is_own, "open this question again", who="whoever asked it")
        if open_ >= MOST_OPEN:
            raise TooManyOpen
        await tx.run(REOPEN, id=id, until=now + timedelta(days=DAYS_OPEN))
        await record(tx, viewer, verb="question opened again", subject=viewer.actor)

    await graph.transact(work)


async def offer(graph: Graph, viewer: Viewer, *, id: QuestionId, note: str = "") -> None:
    """Offer help with somebody's open question; what the viewer wrote with an earlier offer is replaced.

    Raises:
        NotAllowed: the viewer is nobody of the network's people who signed in, may not write, or asked it themselves.
        NoteTooLong, UnfitText: the note is none that can be kept.
        NoSuchQuestion: they see none of this id.
        QuestionClosed: it is not open.
        NotSeenByMembers: members may not know of them.
    """
    _ensure_may_offer(viewer)
    note = _lines(note, "note")
    if len(note) > LONGEST_NOTE:
        raise NoteTooLong(len(note))
    now = datetime.now(UTC)

    async def work(tx: Transaction) -> None:
        await _open(tx, viewer, now)
        question = await _held(tx, viewer, id)
        refuse_unless(not question.is_own, "offer help with your own question", who="others")
        if not question.is_open:
            raise QuestionClosed
        if not await _is_seen(tx.run, viewer):
            raise NotSeenByMembers
        await tx.run(OFFER, account=viewer.account, id=id, note=note, now=now)
        await record(tx, viewer, verb="help offered", subject=viewer.actor)

    await graph.transact(work)


async def take_back(graph: Graph, viewer: Viewer, *, id: QuestionId) -> str | None:
    """Take back an offer of the viewer's own; the note that was with it, None where there was no offer.

    Raises:
        NotAllowed: the viewer is nobody who signed in, or may not write.
    """
    refuse_unless(may_ask_network(viewer), "take back offers of help", who="people who signed in")

    async def work(tx: Transaction) -> str | None:
        rows = await tx.run(TAKE_BACK, account=viewer.account, id=id)
        if not rows:
            return None
        await record(tx, viewer, verb="offer of help taken back", subject=viewer.actor)
        return str(rows[0]["note"])

    return await graph.transact(work)


async def _told(graph: Graph, viewer: Viewer, ids: Sequence[str], now: datetime) -> dict[str, OpenQuestion]:
    """These questions as far as the viewer sees them, in this order."""
    if not ids:
        return {}
    rows = await graph.read(TOLD, **_asking(viewer, ids, now))
    return {row["id"]: OpenQuestion.from_row(row, now) for row in rows}


async def _held(tx: Transaction, viewer: Viewer, id: QuestionId) -> OpenQuestion:
    """A question that the viewer sees, as it is while nobody else can change it."""
    await tx.run(HOLD, id=id)
    now = datetime.now(UTC)
    rows = await tx.run(TOLD, **_asking(viewer, [id], now))
    if not rows:
        raise NoSuchQuestion(id)
    return OpenQuestion.from_row(rows[0], now)


def _asking(viewer: Viewer, ids: Sequence[str], now: datetime) -> dict[str, Any]:
    """What :data:`TOLD` is asked with."""
    return {
        **viewer.sight,
        "ids": list(ids),
        "account": viewer.account,
        "now": now,
        "moderates": may_moderate_questions(viewer),
    }


async def _is_seen(run: Callable[..., Awaitable[list[Row]]], viewer: Viewer) -> bool:
    """Whether members may know of the viewer; ``run`` asks the statement."""
    return bool(await run(SEEN_HELPER, **Viewer(Role.MEMBER).sight, account=viewer.account))


async def _open(tx: Transaction, viewer: Viewer, now: datetime) -> int:
    """How many questions of the viewer's are open, while nobody else can open one for them."""
    rows = await tx.run(HOLD_ACCOUNT, account=viewer.account, now=now)
    refuse_unless(bool(rows), "ask the network", who="people who signed in")
    return int(rows[0]["open"])


def _ensure_may_close(viewer: Viewer, closed_as: Standing) -> None:
    if closed_as is Standing.TAKEN_DOWN:
        refuse_unless(may_moderate_questions(viewer), "take questions down", who="organisers and administrators")
    elif closed_as in OWN_CLOSINGS:
        refuse_unless(may_ask_network(viewer), "close questions", who="people who signed in")
    else:
        raise NotAllowed(f"close a question as '{closed_as}'", who="its last day")


def _ensure_may_offer(viewer: Viewer) -> None:
    refuse_unless(
        may_offer_help(viewer), "offer help", who="people who signed in and whose account is linked to their profile"
    )


def _lines(text: str, what: str) -> str:
    """A text as it is kept: its lines without needless spaces; of any length, which others measure.

    Raises:
        UnfitText: it holds what no text needs.
    """
    lines = "\n".join(" ".join(one.split()) for one in text.strip().splitlines())
    return fit_text(what, lines, max(len(lines), 1))


def _standing(question: Mapping[str, Any], now: datetime) -> Standing:
    if question.get("closed_as"):
        return Standing(question["closed_as"])
    return Standing.OPEN if _moment(question["open_until"]) > now else Standing.RUN_OUT


def _moment(value: Any) -> datetime:
    at = moment(value)
    assert at is not None  # noqa: S101 -- questions and offers are written with their times
    return at
