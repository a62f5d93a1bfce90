"""The change log: who changed what and when, written in the transaction that changes it.

One counter numbers the changes. It is taken inside the transaction, so a change that did not happen uses no number and
the sequence has no gaps; two changes at once wait for each other. There is no function that edits or removes one;
erasing a person takes their id out of it (graph.erasure) and leaves the change.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, LiteralString, Self

from graph.graph import Graph, Transaction
from graph.permissions import may_read_changes, refuse_unless
from graph.values import Cursor, NotACursor, Page, Period, moment
from graph.viewer import Viewer

__all__ = ["Change", "page", "record"]


@dataclass(frozen=True, slots=True)
class Change:
    """One change; ``subject`` is ``kind:id``, ``before`` and ``after`` hold only values that are not personal."""

    sequence: int
    at: datetime
    actor: str
    verb: str
    subject: str
    fields: Sequence[str]
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """From a row with ``change`` (properties)."""
        change = row["change"]
        at = moment(change["at"])
        assert at is not None  # noqa: S101 -- every change is written with its time
        return cls(
            change["sequence"],
            at,
            change["actor"],
            change["verb"],
            change["subject"],
            tuple(change["fields"]),
            json.loads(change["before"]),
            json.loads(change["after"]),
        )


RECORD: LiteralString = """
MERGE (n:ChangeCounter {id: 'changes'})
SET n.last = coalesce(n.last, 0) + 1
CREATE (:Change {sequence: n.last, at: datetime(), actor: $actor, verb: $verb, subject: $subject,
                 fields: $fields, before: $before, after: $after})
RETURN n.last AS sequence
"""

LONGEST_NUMBER = 19
"""Numbers of fewer digits fit into the graph's whole numbers."""

PAGE: LiteralString = """
MATCH (c:Change)
WHERE ($before IS NULL OR c.sequence < $before) AND ($subjects IS NULL OR c.subject IN $subjects)
  AND ($actors IS NULL OR c.actor IN $actors) AND ($verb IS NULL OR c.verb = $verb)
  AND ($since IS NULL OR c.at >= $since) AND ($until IS NULL OR c.at < $until)
RETURN [toString(c.sequence), ''] AS key, c {.*} AS change
ORDER BY c.sequence DESC LIMIT $limit
"""


async def record(
    tx: Transaction,
    viewer: Viewer,
    *,
    verb: str,
    subject: str,
    fields: Sequence[str] = (),
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> int:
    """Write down a change in its own transaction; its number. Names of fields always, values only if not personal.

    To be called last in the transaction: from here until its end, every other change waits.
    """
    (row,) = await tx.run(
        RECORD,
        actor=viewer.actor,
        verb=verb,
        subject=subject,
        fields=list(fields),
        before=json.dumps(before or {}, ensure_ascii=False, default=str),
        after=json.dumps(after or {}, ensure_ascii=False, default=str),
    )
    return int(row["sequence"])


async def page(
    graph: Graph,
    viewer: Viewer,
    *,
    first: int,
    after: Cursor | None = None,
    subjects: Collection[str] | None = None,
    actors: Collection[str] | None = None,
    verb: str | None = None,
    days: Period | None = None,
) -> Page[Change]:
    """Changes, newest first, at most ``first`` of them; only those of subjects, by actors, of a verb, of some days.

    Days are those of UTC.

    Raises:
        NotAllowed: the viewer is no administrator.
        NotACursor: ``after`` is a cursor of another list.
    """
    refuse_unless(may_read_changes(viewer), "read the change log", who="administrators")
    before = None if after is None else _sequence(after)
    rows = await graph.read(
        PAGE,
        limit=first + 1,
        before=before,
        subjects=None if subjects is None else sorted(subjects),
        actors=None if actors is None else sorted(actors),
        verb=verb,
        since=days and _midnight(days.first),
        until=days and _midnight(days.last + timedelta(days=1)),
    )
    return Page.of(rows, first, Change.from_row)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _sequence(cursor: Cursor) -> int:
    number = cursor.key[0]
    if not (number.isascii() and number.isdecimal() and len(number) < LONGEST_NUMBER):
        raise NotACursor(str(cursor))
    return int(number)
