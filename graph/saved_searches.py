"""Searches that people who signed in keep for themselves: a question and its filters under a title.

A saved search is its account's alone: it goes with the account, is in its holder's export, and nobody else is told of
it, the change log neither but for that there was one.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, LiteralString, NewType, Self

from graph.changes import record
from graph.errors import GraphError
from graph.graph import Graph, Transaction
from graph.permissions import may_save_searches, refuse_unless
from graph.search import asked
from graph.values import moment
from graph.viewer import Viewer
from graph.wording import Wording

__all__ = [
    "LONGEST_TITLE",
    "MOST",
    "FilterTooLong",
    "SavedSearch",
    "SavedSearchId",
    "TitleTooLong",
    "TooManySaved",
    "own",
    "remove",
    "save",
]

MOST = 50
"""How many searches of one account are kept."""

LONGEST_TITLE = 200
LONGEST_FILTER = 300

SavedSearchId = NewType("SavedSearchId", str)


class TitleTooLong(GraphError):
    """A title of more characters than a list shows."""

    def __init__(self, length: int) -> None:
        self.length = length
        super().__init__(
            Wording(
                "The title has %(length)s characters, more than %(most)s; shorten it.",
                length=length,
                most=LONGEST_TITLE,
            )
        )


class FilterTooLong(GraphError):
    """A filter of more characters than the page takes."""

    def __init__(self, length: int) -> None:
        self.length = length
        super().__init__(
            Wording(
                "A filter has %(length)s characters, more than %(most)s; shorten it.",
                length=length,
                most=LONGEST_FILTER,
            )
        )


class TooManySaved(GraphError):
    """The account has as many saved searches as are kept of one."""

    def __init__(self) -> None:
        super().__init__(Wording("You have %(most)s saved searches already; remove one to save another.", most=MOST))


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search under its title; ``filters`` are what people wrote, by the filter's name, in the order of the names."""

    id: SavedSearchId
    title: str
    question: str
    filters: Mapping[str, str]
    at: datetime

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """From a row with ``saved``, its properties."""
        saved = row["saved"]
        at = moment(saved["at"])
        assert at is not None  # noqa: S101 -- every saved search is written with its time
        filters = dict(one.split("=", 1) for one in saved["filters"])
        return cls(SavedSearchId(saved["id"]), saved["title"], saved["question"], filters, at)


# The account is written to before it is looked at: of two at once, or of one and the account's closing, the second
# sees the first.
KEPT: LiteralString = """
MATCH (a:Account {id: $account})
SET a.id = a.id
WITH a WHERE a.closed_at IS NULL
RETURN COUNT { (a)-[:SAVED]->(:SavedSearch) } AS kept,
       COLLECT {
         MATCH (a)-[:SAVED]->(s:SavedSearch) WHERE s.question = $question AND s.filters = $filters
         RETURN s.id
       } AS same
"""

SAVE: LiteralString = """
MATCH (a:Account {id: $account})
CREATE (a)-[:SAVED]->(:SavedSearch {id: $id, title: $title, question: $question, filters: $filters, at: $at})
"""

REMOVE: LiteralString = """
MATCH (:Account {id: $account})-[:SAVED]->(s:SavedSearch) WHERE s.id IN $ids
WITH s, s {.*} AS saved
DETACH DELETE s
RETURN saved
"""

OWN: LiteralString = """
MATCH (:Account {id: $account})-[:SAVED]->(s:SavedSearch)
WITH s ORDER BY s.at DESC, s.id
RETURN collect(s {.*}) AS saved
"""


async def save(graph: Graph, viewer: Viewer, *, title: str, question: str, filters: Mapping[str, str]) -> SavedSearch:
    """Keep a search under a title, its question if that is empty; the same search is kept once, as it was saved last.

    Raises:
        NotAllowed: the viewer is nobody who signed in, or may not write.
        EmptyQuestion, QuestionTooLong: it is no question that can be asked.
        TitleTooLong, FilterTooLong: it is.
        TooManySaved: the viewer keeps as many as are kept.
    """
    refuse_unless(may_save_searches(viewer), "save searches", who="people who signed in")
    question = asked(question)
    title = " ".join(title.split()) or question[:LONGEST_TITLE]
    if len(title) > LONGEST_TITLE:
        raise TitleTooLong(len(title))
    kept = {name: value for name, value in sorted(filters.items()) if value}
    for value in kept.values():
        if len(value) > LONGEST_FILTER:
            raise FilterTooLong(len(value))
    saved = SavedSearch(SavedSearchId(uuid.uuid4().hex), title, question, kept, datetime.now(UTC))
    written = [f"{name}={value}" for name, value in kept.items()]

    async def work(tx: Transaction) -> SavedSearch:
        account = viewer.account
        rows = await tx.run(KEPT, account=account, question=question, filters=written)
        refuse_unless(bool(rows), "save searches", who="people who signed in")
        (row,) = rows
        if row["kept"] - len(row["same"]) >= MOST:
            raise TooManySaved
        await tx.run(REMOVE, account=account, ids=row["same"])
        await tx.run(SAVE, account=account, id=saved.id, title=title, question=question, filters=written, at=saved.at)
        await record(tx, viewer, verb="search saved", subject=viewer.actor)
        return saved

    return await graph.transact(work)


async def remove(graph: Graph, viewer: Viewer, *, id: SavedSearchId) -> SavedSearch | None:
    """Forget a search of the viewer's own; what it was, or None if the viewer has none of this id.

    Raises:
        NotAllowed: the viewer is nobody who signed in, or may not write.
    """
    refuse_unless(may_save_searches(viewer), "remove saved searches", who="people who signed in")

    async def work(tx: Transaction) -> SavedSearch | None:
        rows = await tx.run(REMOVE, account=viewer.account, ids=[id])
        if not rows:
            return None
        await record(tx, viewer, verb="saved search removed", subject=viewer.actor)
        return SavedSearch.from_row(rows[0])

    return await graph.transact(work)


async def own(graph: Graph, viewer: Viewer) -> list[SavedSearch]:
    """The viewer's own saved searches, newest first; none of who has no account."""
    if not viewer.account:
        return []
    rows = await graph.read(OWN, account=viewer.account)
    return [SavedSearch.from_row({"saved": saved}) for row in rows for saved in row["saved"]]
