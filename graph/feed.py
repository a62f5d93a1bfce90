"""The change log as those who follow it are told it: in order, each change once, as far as they may see.

Administrators are told every change in full. Everybody else is told a change only if all of this holds:

- What was done is in the closed list :data:`VERBS`, or it was a load. Who signed in, agreed to something, was invited,
  merged, exported or erased, and who chose which audience, is told to nobody: whoever sees the person sees no
  difference, or is not meant to know why there is one.
- It was done to a thing that everybody sees, or to a person whose listing the viewer sees now.
- Of a person, it changed a field that the viewer sees now: one at least is in :data:`GROUPS` in a group that they see.

They are told when, what kind of thing, which one, and whether it was added or changed: nothing of who did it,
of which fields, or of any value. Of a load they are told what kind of thing it changed, not which and not how many.

A place in the log is handed out as a cursor that is encrypted anew each time: two cursors do not tell how many changes
are between them, nor whether there is any. Only administrators may name a place by its number.
"""

import base64
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, LiteralString

from cryptography.fernet import Fernet, InvalidToken

from graph.changes import Change
from graph.graph import Graph, Row
from graph.intake import Kind, Place
from graph.permissions import may_read_changes
from graph.values import NotACursor
from graph.viewer import FieldGroup, Viewer, seen

__all__ = ["Part", "Subject", "Told", "Verb", "changes", "latest", "start"]


class Verb(StrEnum):
    """What was done, in words that tell nothing personal."""

    FOLLOWING = "following"
    """Nothing was done: a place in the log, behind which changes are told."""
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    LOADED = "loaded"
    """A load added, changed or removed things of a kind."""
    OTHER = "other"
    """For administrators alone, whom the change itself tells."""


class Subject(StrEnum):
    """What kind of thing it was done to."""

    NETWORK = "network"
    EXPERT = "expert"
    TOPIC = "topic"
    EVENT = "event"
    SERIES = "series"
    ORGANISATION = "organisation"
    RESOURCE = "resource"
    PROJECT = "project"
    ACTIVITY = "activity"
    REGION = "region"
    COUNTRY = "country"
    LANGUAGE = "language"


VERBS: Final[Mapping[str, Verb]] = {
    "profile changed": Verb.CHANGED,
    "event made": Verb.ADDED,
    "event published": Verb.ADDED,
    "event changed": Verb.CHANGED,
    "event cancelled": Verb.CHANGED,
    "resource made": Verb.ADDED,
    "resource changed": Verb.CHANGED,
    "resource removed": Verb.REMOVED,
    "project made": Verb.ADDED,
    "project changed": Verb.CHANGED,
    "project removed": Verb.REMOVED,
    "activity made": Verb.ADDED,
    "activity changed": Verb.CHANGED,
    "activity removed": Verb.REMOVED,
    "series made": Verb.ADDED,
    "series changed": Verb.CHANGED,
    "series removed": Verb.REMOVED,
    "agenda changed": Verb.CHANGED,
}
"""The words of the log that are told to others, of things that have an id."""

LOADING: Final = ("loaded", "removed")
"""The words of the log for a load, whose subject is a kind."""

SOURCE: Final = "source:"
"""What the subject of a removed source begins with: whatever that told, of all kinds, is gone."""

LOADS: Final[Mapping[str, Subject]] = {
    "network": Subject.NETWORK,
    Kind.ORGANISATIONS: Subject.ORGANISATION,
    Kind.TOPICS: Subject.TOPIC,
    Kind.SERIES: Subject.SERIES,
    Kind.PROJECTS: Subject.PROJECT,
    Kind.EXPERTS: Subject.EXPERT,
    Kind.EVENTS: Subject.EVENT,
    Kind.RESOURCES: Subject.RESOURCE,
    Kind.ACTIVITIES: Subject.ACTIVITY,
    # Of these it is not told which they were: they are of people.
    Kind.AFFILIATIONS: Subject.EXPERT,
    Kind.SPEAKERS: Subject.EXPERT,
    Kind.ATTENDANCE: Subject.EXPERT,
    Kind.DOCUMENTS: Subject.EXPERT,
    Place.REGIONS: Subject.REGION,
    Place.COUNTRIES: Subject.COUNTRY,
    Place.LANGUAGES: Subject.LANGUAGE,
}

GROUPS: Final[Mapping[str, FieldGroup]] = {
    "name": FieldGroup.LISTING,
    "other_names": FieldGroup.PROFILE,
    "headline": FieldGroup.PROFILE,
    "topics": FieldGroup.PROFILE,
    "website": FieldGroup.PROFILE,
    "orcid": FieldGroup.PROFILE,
    "email": FieldGroup.CONTACT,
    "phone": FieldGroup.CONTACT,
    "away": FieldGroup.CONTACT,
    "country": FieldGroup.COUNTRY,
    "worked_in": FieldGroup.COUNTRY,
    "languages": FieldGroup.LANGUAGES,
}
"""The fields of a person that the log names; what is not here is told to administrators alone."""


@dataclass(frozen=True, slots=True)
class Told:
    """One change as a viewer is told it; ``change`` is the whole of it, for administrators alone.

    ``sequence`` is for going on, and never told to others.
    """

    sequence: int
    cursor: str
    at: datetime
    verb: Verb
    subject: Subject | None
    id: str | None
    change: Change | None


@dataclass(frozen=True, slots=True)
class Part:
    """Part of the log: what is told of it, where it ends, and whether there may be more behind it already."""

    told: Sequence[Told]
    until: int
    is_full: bool


LATEST: LiteralString = """
OPTIONAL MATCH (n:ChangeCounter {id: 'changes'})
RETURN coalesce(n.last, 0) AS last, n.cursor_key AS key
"""

# The constraint on the counter's id makes two servers that begin at once wait for each other here. The key is of bytes:
# erasing somebody looks for their names in every text.
MAKE_KEY: LiteralString = """
MERGE (n:ChangeCounter {id: 'changes'})
SET n.cursor_key = coalesce(n.cursor_key, $fresh)
RETURN coalesce(n.last, 0) AS last, n.cursor_key AS key
"""

AFTER: LiteralString = seen("""
MATCH (n:ChangeCounter {id: 'changes'})
MATCH (c:Change) WHERE c.sequence > $after
WITH n, c ORDER BY c.sequence LIMIT $limit
OPTIONAL MATCH (e:Expert {id: CASE WHEN c.subject STARTS WITH 'expert:' THEN substring(c.subject, 7) END})
  WHERE SEES(e.listing)
RETURN c {.*} AS change, n.cursor_key AS key, CASE WHEN e IS NOT NULL THEN {
  listing: SEES(e.listing), profile: SEES(e.profile), contact: SEES(e.contact), country: SEES(e.country),
  languages: SEES(e.languages)
} END AS sees
ORDER BY c.sequence
""")


async def latest(graph: Graph, viewer: Viewer) -> int:
    """The number of the newest change, 0 before the first; one cheap read, for the server, not for its visitors."""
    (row,) = await graph.read(LATEST)
    return int(row["last"])


async def start(graph: Graph, viewer: Viewer, *, after: str | None) -> Told:
    """The place to begin at, as nothing that was done: behind a cursor, or behind the newest change there is.

    Asked of the leader where the graph is a cluster, so that a cursor which another server gave is not ahead of it.

    Raises:
        NotACursor: ``after`` is no cursor of this log.
    """
    (row,) = await graph.write(LATEST)
    if row["key"] is None:
        (row,) = await graph.write(MAKE_KEY, fresh=secrets.token_bytes(32))
    sequence = row["last"] if after is None else _sequence(after, viewer, row["key"])
    if sequence > row["last"]:  # of a log that went on longer, as before a backup was put back
        raise NotACursor(after or "")
    return Told(sequence, _cursor(sequence, row["key"]), datetime.now(UTC), Verb.FOLLOWING, None, None, None)


async def changes(graph: Graph, viewer: Viewer, *, after: int, first: int) -> Part:
    """The next changes after a number, in order: of the ``first`` that there are, those that the viewer may see."""
    rows = await graph.read(AFTER, **viewer.sight, after=after, limit=first)
    if _has_gap(rows, after):
        # What is read while others write need not be one moment. Whoever wrote a later change waited for the earlier
        # one to be written, so it is there by now.
        rows = await graph.read(AFTER, **viewer.sight, after=after, limit=first)
    told = [one for row in rows if (one := _told(row, in_full=may_read_changes(viewer))) is not None]
    return Part(told, until=rows[-1]["change"]["sequence"] if rows else after, is_full=len(rows) == first)


def _has_gap(rows: Sequence[Row], after: int) -> bool:
    return any(row["change"]["sequence"] != number for number, row in enumerate(rows, start=after + 1))


def _told(row: Row, *, in_full: bool) -> Told | None:
    change = Change.from_row(row)
    words = _in_few_words(change, sees=None if in_full else row["sees"] or {})
    if in_full:
        words = words or (Verb.OTHER, *_thing(change))
    if words is None:
        return None
    verb, subject, id = words
    cursor = _cursor(change.sequence, row["key"])
    return Told(change.sequence, cursor, change.at, verb, subject, id, change if in_full else None)


def _in_few_words(
    change: Change, *, sees: Mapping[str, bool | None] | None
) -> tuple[Verb, Subject | None, str | None] | None:
    """What others are told of a change, as far as there is anything; ``sees`` is None for who sees everything."""
    if change.verb in LOADING and change.subject in LOADS:
        return Verb.LOADED, LOADS[change.subject], None
    if change.verb in LOADING and change.subject.startswith(SOURCE):
        return Verb.LOADED, None, None
    subject, id = _thing(change)
    verb = VERBS.get(change.verb)
    if verb is None or subject is None:
        return None
    if subject is Subject.EXPERT and sees is not None and not _is_seen(change, sees):
        return None
    return verb, subject, id


def _is_seen(change: Change, sees: Mapping[str, bool | None]) -> bool:
    return any(sees.get(GROUPS[field]) is True for field in change.fields if field in GROUPS)


def _thing(change: Change) -> tuple[Subject | None, str | None]:
    """The kind and the id of what was changed, if it is of those that can be named."""
    kind, _, id = change.subject.partition(":")
    if not id or kind not in set(Subject):
        return None, None
    return Subject(kind), id


def _cursor(sequence: int, key: Any) -> str:
    return _cipher(key).encrypt(str(sequence).encode()).decode()


def _sequence(cursor: str, viewer: Viewer, key: Any) -> int:
    if may_read_changes(viewer) and cursor.isascii() and cursor.isdecimal() and len(cursor) < 19:
        return int(cursor)
    try:
        return int(_cipher(key).decrypt(cursor))
    except (InvalidToken, ValueError):
        raise NotACursor(cursor) from None


def _cipher(key: Any) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(bytes(key)))
