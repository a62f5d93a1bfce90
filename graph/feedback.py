"""What askers say of matches: useful or not, kept as evidence of how well the search works, with their consent.

A judgement is a relation from the account of whoever asked to the person who was found, so it goes with either of them.
It holds the question in the asker's words, who agreed to that with each judgement, and takes it back whenever they
like. Nobody is told of a judgement but the asker and, without the asker's name, organisers; the ranking knows nothing
of them.
"""

import unicodedata
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, LiteralString, Self

from graph.changes import record
from graph.errors import GraphError, NoSuchExpert
from graph.graph import Graph, Row, Transaction
from graph.passages import hold_stamps
from graph.permissions import may_judge, may_read_judgements, refuse_unless
from graph.search import asked
from graph.values import Cursor, ExpertId, Page, moment
from graph.viewer import Viewer, found, seen
from graph.wording import Wording

__all__ = [
    "MOST",
    "Feedback",
    "JudgedQuestion",
    "Judgement",
    "QuestionNotKept",
    "TooManyJudgements",
    "judge",
    "marks",
    "of_network",
    "own",
    "take_back",
]

MOST = 2_000
"""How many judgements of one account are kept."""


class QuestionNotKept(GraphError):
    """Somebody judged a match without agreeing that the question is kept."""

    def __init__(self) -> None:
        super().__init__(
            Wording(
                "A match is judged only together with its question; agree that the question is kept, or "
                "leave it unjudged."
            )
        )


class TooManyJudgements(GraphError):
    """The account has as many judgements as are kept of one."""

    def __init__(self) -> None:
        super().__init__(
            Wording("Your account has %(most)s judgements already; take some back to make others.", most=MOST)
        )


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an asker said of a match: whether it was useful, for which question, and when."""

    question: str
    expert: ExpertId
    is_useful: bool
    at: datetime

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """From a row with ``judgement`` (properties and ``expert``)."""
        judgement = row["judgement"]
        at = moment(judgement["at"])
        assert at is not None  # noqa: S101 -- every judgement is written with its time
        return cls(judgement["question"], ExpertId(judgement["expert"]), judgement["is_useful"], at)


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question with those whom more of its askers called useful than not, and the other way round; ids in order."""

    question: str
    useful: tuple[ExpertId, ...]
    not_useful: tuple[ExpertId, ...]


@dataclass(frozen=True, slots=True)
class Feedback:
    """Everything that askers said of people whom a search may find: by question, oldest first, and how much it is."""

    questions: tuple[JudgedQuestion, ...]
    askers: int
    people: int
    useful: int
    not_useful: int


# The account is written to before it is looked at: of two judgements at once, or of one and the account's closing, the
# second sees the first.
FINDABLE: LiteralString = found("""
MATCH (a:Account {id: $account})
SET a.id = a.id
WITH a WHERE a.closed_at IS NULL
MATCH (e:Expert {id: $expert})-[:EVIDENCED_BY]->(p:Passage) WHERE FINDS(p)
WITH DISTINCT a, e
RETURN COUNT { (a)-[:JUDGED]->() } AS judgements,
       COLLECT {
         MATCH (a)-[j:JUDGED]->(e)
         RETURN j {.id, .question, .is_useful, .at, expert: e.id} ORDER BY j.at DESC, j.id
       } AS of_expert
""")

# Whoever takes back what they said need not see the person any more.
OF_EXPERT: LiteralString = """
MATCH (a:Account {id: $account})
SET a.id = a.id
RETURN COLLECT {
  MATCH (a)-[j:JUDGED]->(e:Expert {id: $expert})
  RETURN j {.id, .question}
} AS of_expert
"""

JUDGE: LiteralString = """
MATCH (a:Account {id: $account})
MATCH (e:Expert {id: $expert})
CREATE (a)-[:JUDGED {id: $id, question: $question, is_useful: $is_useful, at: $at}]->(e)
"""

TAKE_BACK: LiteralString = """
MATCH (a:Account {id: $account})-[j:JUDGED]->()
WHERE j.id IN $ids
DELETE j
"""

MARKS: LiteralString = seen("""
MATCH (a:Account {id: $account})-[j:JUDGED]->(e:Expert)
WHERE e.id IN $experts AND SEES(e.listing)
WITH j, e ORDER BY j.at, j.id
RETURN collect({expert: e.id, question: j.question, is_useful: j.is_useful}) AS marks
""")

OWN: LiteralString = seen("""
MATCH (a:Account {id: $account})-[j:JUDGED]->(e:Expert)
WHERE SEES(e.listing)
  AND ($after IS NULL OR j.at < datetime($after[0]) OR (j.at = datetime($after[0]) AND j.id > $after[1]))
RETURN [toString(j.at), j.id] AS key, j {.question, .is_useful, .at, expert: e.id} AS judgement
ORDER BY j.at DESC, j.id LIMIT $limit
""")

OF_NETWORK: LiteralString = found("""
MATCH (a:Account)-[j:JUDGED]->(e:Expert)-[:EVIDENCED_BY]->(p:Passage) WHERE FINDS(p)
WITH DISTINCT a, j, e ORDER BY j.at, j.id
RETURN collect({asker: a.id, question: j.question, expert: e.id, is_useful: j.is_useful}) AS judgements
""")


async def judge(
    graph: Graph, viewer: Viewer, *, question: str, expert: ExpertId, is_useful: bool, keeps_question: bool
) -> Judgement:
    """Say whether a person was useful for a question; what the viewer said of both before is replaced.

    The same once more changes nothing. A question is the same in other letters' case, width and spaces.

    Raises:
        NotAllowed: the viewer is nobody who signed in, may not write, or is that person.
        QuestionNotKept: the viewer does not agree that the question is kept.
        EmptyQuestion, QuestionTooLong: it is no question that can be asked.
        NoSuchExpert: the viewer finds nobody of this id in a search.
        TooManyJudgements: the viewer has made as many as are kept.
    """
    _ensure_may_judge(viewer)
    refuse_unless(may_judge(viewer, expert), "judge yourself", who="others")
    if not keeps_question:
        raise QuestionNotKept
    question = asked(question)
    account = viewer.account

    async def work(tx: Transaction) -> Judgement:
        await hold_stamps(tx)
        rows = await tx.run(FINDABLE, account=account, expert=expert, reach=int(viewer.reach))
        if not rows:
            raise NoSuchExpert(expert)
        (row,) = rows
        before = _of_question(row["of_expert"], question)
        if [one["is_useful"] for one in before] == [is_useful]:
            return Judgement.from_row({"judgement": before[0]})
        if row["judgements"] - len(before) >= MOST:
            raise TooManyJudgements
        judgement = Judgement(question, expert, is_useful, datetime.now(UTC))
        await tx.run(TAKE_BACK, account=account, ids=[one["id"] for one in before])
        await tx.run(
            JUDGE,
            account=account,
            expert=expert,
            id=uuid.uuid4().hex,
            question=question,
            is_useful=is_useful,
            at=judgement.at,
        )
        # The subject is who judged, and no more is said: whoever was judged has what concerns them in their export.
        await record(tx, viewer, verb="match judged", subject=viewer.actor)
        return judgement

    return await graph.transact(work)


async def take_back(graph: Graph, viewer: Viewer, *, question: str, expert: ExpertId) -> None:
    """Forget what the viewer said of a person for a question. If they said nothing, nothing is done, and not told.

    Raises:
        NotAllowed: the viewer is nobody who signed in, or may not write.
    """
    _ensure_may_judge(viewer)
    account = viewer.account

    async def work(tx: Transaction) -> None:
        await hold_stamps(tx)
        rows = await tx.run(OF_EXPERT, account=account, expert=expert)
        before = _of_question(rows[0]["of_expert"], question) if rows else []
        if before:
            await tx.run(TAKE_BACK, account=account, ids=[one["id"] for one in before])
            await record(tx, viewer, verb="judgement taken back", subject=viewer.actor)

    await graph.transact(work)


async def marks(graph: Graph, viewer: Viewer, *, question: str, experts: Sequence[ExpertId]) -> Mapping[ExpertId, bool]:
    """Of these people, whom the viewer called useful (True) or not (False) for a question; nobody's of who has none."""
    if not viewer.account or not experts:
        return {}
    (row,) = await graph.read(MARKS, **viewer.sight, account=viewer.account, experts=list(experts))
    return {one["expert"]: one["is_useful"] for one in _of_question(row["marks"], question)}


async def own(graph: Graph, viewer: Viewer, *, first: int, after: Cursor | None = None) -> Page[Judgement]:
    """The viewer's own judgements on people whom they see, newest first; none of who has no account."""
    if not viewer.account:
        return Page([], has_next=False)
    rows = await graph.read(OWN, **viewer.sight, account=viewer.account, limit=first + 1, after=after and after.of_time)
    return Page.of(rows, first, Judgement.from_row)


async def of_network(graph: Graph, viewer: Viewer) -> Feedback:
    """What all askers said, without who they are; of people whom the viewer finds in a search.

    Raises:
        NotAllowed: the viewer is neither an organiser nor an administrator.
    """
    refuse_unless(may_read_judgements(viewer), "read what askers said of matches", who="organisers and administrators")
    (row,) = await graph.read(OF_NETWORK, reach=int(viewer.reach))
    judgements: list[Row] = row["judgements"]
    questions: dict[str, str] = {}
    said: dict[str, Counter[str]] = {}
    for one in judgements:
        folded = _folded(one["question"])
        questions.setdefault(folded, one["question"])
        said.setdefault(folded, Counter())[one["expert"]] += 1 if one["is_useful"] else -1
    return Feedback(
        questions=tuple(
            JudgedQuestion(
                questions[folded],
                tuple(ExpertId(expert) for expert, more in sorted(of.items()) if more > 0),
                tuple(ExpertId(expert) for expert, more in sorted(of.items()) if more < 0),
            )
            for folded, of in said.items()
        ),
        askers=len({one["asker"] for one in judgements}),
        people=len({one["expert"] for one in judgements}),
        useful=sum(one["is_useful"] for one in judgements),
        not_useful=sum(not one["is_useful"] for one in judgements),
    )


def _ensure_may_judge(viewer: Viewer) -> None:
    refuse_unless(may_judge(viewer), "judge matches", who="people who signed in")


def _of_question(judgements: Sequence[Row], question: str) -> list[Row]:
    """Those that are on a question, however it was written."""
    return [one for one in judgements if _folded(one["question"]) == _folded(question)]


def _folded(question: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", question).casefold().split())
