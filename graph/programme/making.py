"""What all things have in common that organisers make, change and remove, described once for each kind.

What organisers say is put on record as a source of its own, which counts before every file (graph.intake.amending): a
file that is loaded next does not undo it, and what organisers left alone follows the files. Whoever changes something
says which version they saw: who comes second is told so. What was made here can be removed here; what a file tells of
would come back with it, and is removed there.
"""

import uuid
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, Final, LiteralString

from graph.changes import record
from graph.errors import GraphError, NoSuchThing
from graph.fields import Checked, Path, Problem, distinct, present
from graph.graph import Graph, Transaction
from graph.idempotency import KeySpent, keep, made_before
from graph.intake.amending import amend
from graph.intake.known import Kind
from graph.intake.records import ORGANISERS, Sourced, Trust, identity_of, record_id, remove_records, store_records
from graph.passages import hold_stamps
from graph.people.profiles import OtherVersion
from graph.permissions import may_organise, refuse_unless
from graph.slugs import slugs
from graph.viewer import Viewer, seen
from graph.wording import Wording

__all__ = [
    "WHO",
    "Described",
    "Made",
    "StillNeeded",
    "ToldByFile",
    "amended",
    "as_it_is",
    "checked",
    "country_code",
    "country_codes",
    "create",
    "held",
    "ids",
    "in_order",
    "made_then",
    "put_on_record",
    "remove",
    "stored",
    "the_day",
    "update",
]

WHO = "organisers and administrators"
MOST_LISTED: Final = 300
"""Topics, partners, authors, countries or languages of one thing."""
NOT_IN_THE_LOG: Final = ("authors", "description", "identifiers")
"""What may speak of people, or is no word of an organiser's: the log does not keep it of what was removed."""


@dataclass(frozen=True, slots=True)
class Made:
    """What was made or changed, and its version now."""

    id: str
    version: int


class ToldByFile(GraphError):
    """What a file tells of is not removed here, or it would come back with the file."""

    def __init__(self, called: str, files: Sequence[str]) -> None:
        self.files = tuple(files)
        if files:
            tell = "tells" if len(files) == 1 else "tell"
            told = f"{', '.join(files)} {tell} of this {called}; take it out of there and load the folder again"
        else:
            told = f"A file that was loaded long ago told of this {called}; load the folder again without it"
        super().__init__(f"{told}, with --prune.")


class StillNeeded(GraphError):
    """Something is part of what was to be removed."""

    def __init__(self, called: str, parts: str, count: int) -> None:
        self.count = count
        super().__init__(f"There are still {parts} of this {called}: {count}. Take them out of it first.")


Check = Callable[[Any], Any]
ListCheck = Callable[[Checked, Path, Any], Any]


def _fits(checked: Checked, held: Mapping[str, Any]) -> None:
    """Nothing more to be said of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A kind of thing that organisers make and change.

    ``called`` is the noun in sentences and in the change log, ``named_by`` the field that an id is made of, ``needed``
    are fields that are never empty. ``checks`` bring each field to what is kept of it, ``lists`` each of several.
    ``nothing`` is what a thing has of which nothing is said. ``fits`` looks at all fields together, beside what is
    ``held``; ``parts`` are what hangs on a thing, which has to go before it. ``missing`` makes the error for an id that
    is not there.
    """

    kind: Kind
    label: LiteralString
    called: Wording
    plural: str
    named_by: str = "title"
    needed: Sequence[str]
    nothing: Mapping[str, Any]
    checks: Mapping[str, Check]
    lists: Mapping[str, ListCheck] = field(default_factory=dict)
    fits: Callable[[Checked, Mapping[str, Any]], None] = _fits
    parts: str = ""
    missing: Callable[[str], GraphError] | None = None

    def of_label(self, cypher: LiteralString) -> LiteralString:
        """A statement on a Thing as one on this kind of thing."""
        return cypher.replace(":Thing", ":" + self.label)

    def no(self, id: str) -> GraphError:
        """That there is none of this id."""
        return NoSuchThing(self.called, id) if self.missing is None else self.missing(id)


# With the first free id; who comes at the same moment with the same title gets the next one. A draft keeps its id for
# the event that it becomes.
MAKE: LiteralString = """
OPTIONAL MATCH (d:Draft|DiscardedDraft {id: $id})
WITH d WHERE d IS NULL
MERGE (n:Thing {id: $id})
ON CREATE SET n.made_by = $made_by
WITH n, coalesce(n.made_by = $made_by, false) AS is_made
REMOVE n.made_by
RETURN is_made
"""

# Written to before it is looked at, so that two who change one thing wait for each other.
HOLD: LiteralString = """
MATCH (n:Thing {id: $id})
SET n.id = n.id
RETURN coalesce(n.version, 0) AS version, n {.status, .starts_at, .ends_at, .starts_on, .ends_on} AS known,
       EXISTS { (:Record {kind: $kind, entity: n.id}) } AS is_told
"""

VERSION: LiteralString = "MATCH (n:Thing {id: $id}) RETURN coalesce(n.version, 0) AS version"

AS_IT_IS: LiteralString = """
MATCH (n:Thing {id: $id})
RETURN n {
  .*,
  identifiers: coalesce(n.identifiers, []),
  series: head(COLLECT { MATCH (n)-[:PART_OF]->(s:Series) RETURN s.id }),
  project: head(COLLECT { MATCH (n)-[:PART_OF]->(p:Project) RETURN p.id }),
  country: head(COLLECT { MATCH (n)-[:HELD_IN|FOR_COUNTRY]->(c:Country) RETURN c.id }),
  countries: COLLECT { MATCH (n)-[:FOR_COUNTRY]->(c:Country) RETURN c.id ORDER BY c.id },
  topics: COLLECT { MATCH (n)-[:COVERS]->(t:Topic) RETURN t.id ORDER BY t.id },
  languages: COLLECT { MATCH (n)-[:IN_LANGUAGE]->(l:Language) RETURN l.id ORDER BY l.id },
  versions: COLLECT {
    MATCH (n)-[r:IN_LANGUAGE]->(l:Language) WHERE coalesce(r.title, r.url, toString(r.published_on)) IS NOT NULL
    RETURN {language: l.id, title: r.title, url: r.url, published_on: toString(r.published_on)} ORDER BY l.id
  },
  partners: COLLECT { MATCH (n)<-[:PARTNER_IN]-(o:Organisation) RETURN o.id ORDER BY o.id },
  authors: COLLECT { MATCH (n)<-[:AUTHORED]-(e:Expert) RETURN e.id ORDER BY e.id }
} AS thing
"""

# An organisation that is known only as somebody's employer is named by those who see that, and nobody is named as an
# author by those who do not see their profile.
NAMED_BY_VIEWER: LiteralString = seen("""
RETURN COLLECT {
         MATCH (o:Organisation) WHERE o.id IN $organisations
           AND ($reach >= 2 OR EXISTS { (o)-[:PARTNER_IN]->() } OR EXISTS {
             MATCH (e:Expert)-[:AFFILIATED_WITH]->(o) WHERE SEES(e.organisation)
           })
         RETURN o.id
       } AS organisations,
       COLLECT { MATCH (e:Expert) WHERE e.id IN $people AND SEES(e.profile) RETURN e.id } AS people
""")

# Authors whom the viewer does not see stay, or whoever changed the others would take them away unawares.
UNSEEN_AUTHORS: LiteralString = seen("""
MATCH (:Resource {id: $id})<-[:AUTHORED]-(e:Expert) WHERE NOT coalesce(SEES(e.profile), false)
RETURN e.id AS id ORDER BY id
""")

TOLD_BY: LiteralString = """
MATCH (r:Record {kind: $kind, entity: $id})-[:FROM]->(s:Source) WHERE r.amends IS NULL
RETURN DISTINCT s.id AS source ORDER BY source
"""

# A draft names its series by id (graph.drafts).
PARTS: LiteralString = """
MATCH (n:Thing {id: $id})
RETURN COUNT { (n)<-[:PART_OF|DRAWN_FROM]-() } + COUNT { MATCH (d:Draft) WHERE n:Series AND d.series = n.id } AS parts
"""


async def create(
    graph: Graph, viewer: Viewer, *, of: Described, given: Mapping[str, Any], idempotency_key: str | None
) -> Made:
    """Make a thing, in one transaction; with the key of one that was made, that one again, as it is now.

    Raises:
        NotAllowed: the viewer is no organiser.
        InvalidFields: fields cannot be kept as they were given.
        KeyUnfit, KeyOfOther, KeySpent: the key cannot be used.
    """
    refuse_unless(may_organise(viewer), f"make {of.plural}", who=WHO)
    at, made_by, mutation = datetime.now(UTC), uuid.uuid4().hex, f"create{of.label}"

    async def work(tx: Transaction) -> Made:
        before = await made_before(tx, viewer, mutation=mutation, key=idempotency_key, given=given)
        if before is not None:
            return await made_then(tx, of, before)
        await hold_stamps(tx)
        needed = {name: of.nothing.get(name) for name in of.needed}
        said = {**of.nothing, **await checked(tx, viewer, of, {**needed, **given}, {})}
        made = await stored(tx, viewer, of, said, fields=list(given), made_by=made_by, at=at)
        await keep(tx, viewer, mutation=mutation, key=idempotency_key, result=made.id)
        return made

    return await graph.transact(work)


async def update(
    graph: Graph, viewer: Viewer, *, of: Described, id: str, expected_version: int, changes: Mapping[str, Any]
) -> Made:
    """Change what is said of a thing, in one transaction; fields that are left out stay as they are.

    Raises:
        NotAllowed: the viewer is no organiser.
        NoSuchThing: there is nothing of this id.
        OtherVersion: it has another version than is expected.
        InvalidFields: fields cannot be kept as they were given.
    """
    refuse_unless(may_organise(viewer), f"change {of.plural}", who=WHO)

    async def work(tx: Transaction) -> Made:
        known = await held(tx, of, id, expected_version)
        said = await checked(tx, viewer, of, changes, known)
        return await amended(tx, viewer, of, known=known, changes=said, verb=f"{of.called} changed")

    return await graph.transact(work)


async def remove(graph: Graph, viewer: Viewer, *, of: Described, id: str, expected_version: int) -> None:
    """Take away what organisers made, in one transaction; the change log keeps what it was, but for what is of people.

    Raises:
        NotAllowed: the viewer is no organiser.
        NoSuchThing: there is nothing of this id.
        OtherVersion: it has another version than is expected.
        ToldByFile: a file tells of it.
        StillNeeded: something is part of it.
    """
    refuse_unless(may_organise(viewer), f"remove {of.plural}", who=WHO)

    async def work(tx: Transaction) -> None:
        await held(tx, of, id, expected_version)
        sources = [row["source"] for row in await tx.run(TOLD_BY, kind=of.kind, id=id)]
        if sources != [ORGANISERS]:
            raise ToldByFile(of.called, [source for source in sources if source != ORGANISERS])
        (row,) = await tx.run(of.of_label(PARTS), id=id)
        if row["parts"]:
            raise StillNeeded(of.called, of.parts, row["parts"])
        was = await as_it_is(tx, of, id)
        before = {name: value for name, value in was.items() if value not in (None, []) and name not in NOT_IN_THE_LOG}
        await remove_records(tx, of.kind, [record_id(source=ORGANISERS, kind=of.kind, subject=id)])
        await record(tx, viewer, verb=f"{of.called} removed", subject=f"{of.called}:{id}", before=before)

    await graph.transact(work)


async def made_then(tx: Transaction, of: Described, id: str) -> Made:
    """What a key made before, as it is now.

    Raises:
        KeySpent: it is there no more.
    """
    rows = await tx.run(of.of_label(VERSION), id=id)
    if not rows:
        raise KeySpent(Wording("that %(called)s is there no more", called=of.called))
    return Made(id, rows[0]["version"])


async def stored(
    tx: Transaction,
    viewer: Viewer,
    of: Described,
    said: Mapping[str, Any],
    *,
    fields: Sequence[str],
    made_by: str,
    at: datetime,
) -> Made:
    """A new thing of which organisers say this."""
    id = await _free_id(tx, of, said[of.named_by], made_by=made_by)
    return await put_on_record(
        tx, viewer, of, id, said, fields=fields, made_by=made_by, at=at, verb=f"{of.called} made"
    )


async def put_on_record(
    tx: Transaction,
    viewer: Viewer,
    of: Described,
    id: str,
    said: Mapping[str, Any],
    *,
    fields: Sequence[str],
    made_by: str,
    at: datetime,
    verb: str,
) -> Made:
    """Have organisers say this of a thing from now on, and tell it; it is made if there is none.

    ``made_by`` is of 32 hexadecimal digits, and of nothing else that was ever said.
    """
    row = {**said, "id": id, "digest": identity_of([ORGANISERS, made_by])}
    await store_records(tx, of.kind, [Sourced(ORGANISERS, "as they made it", Trust.ORGANISERS, row)], folder="", at=at)
    (now,) = await tx.run(of.of_label(VERSION), id=id)
    await record(tx, viewer, verb=verb, subject=f"{of.called}:{id}", fields=fields)
    return Made(id, now["version"])


async def held(tx: Transaction, of: Described, id: str, expected_version: int) -> Mapping[str, Any]:
    """A thing as it is, while nobody else can change it: its ``id``, ``version``, status and times, if it ``is_told``.

    Raises:
        NoSuchThing: there is nothing of this id.
        OtherVersion: it has another version than is expected.
    """
    await hold_stamps(tx)
    rows = await tx.run(of.of_label(HOLD), id=id, kind=of.kind)
    if not rows:
        raise of.no(id)
    (row,) = rows
    if row["version"] != expected_version:
        raise OtherVersion(row["version"])
    return {"id": id, "version": row["version"], "is_told": row["is_told"], **_native(row["known"])}


async def amended(
    tx: Transaction,
    viewer: Viewer,
    of: Described,
    *,
    known: Mapping[str, Any],
    changes: Mapping[str, Any],
    verb: str,
) -> Made:
    """A thing of which this is ``known`` (:func:`held`), changed; without a change it stays as it is."""
    id = known["id"]
    if not changes:
        return Made(id, known["version"])
    at = datetime.now(UTC)
    if not known["is_told"]:
        await _take_down(tx, of, id, at=at)
    await amend(
        tx,
        of.kind,
        source=ORGANISERS,
        trust=Trust.ORGANISERS,
        place="as they changed it",
        subject=id,
        changes=changes,
        at=at,
    )
    (row,) = await tx.run(of.of_label(VERSION), id=id)
    await record(tx, viewer, verb=verb, subject=f"{of.called}:{id}", fields=list(changes))
    return Made(id, row["version"])


async def as_it_is(tx: Transaction, of: Described, id: str) -> Mapping[str, Any]:
    """What is known of a thing, as a record says it.

    Raises:
        NoSuchThing: there is nothing of this id.
    """
    rows = await tx.run(of.of_label(AS_IT_IS), id=id)
    if not rows:
        raise of.no(id)
    thing = _native(rows[0]["thing"])
    return {name: thing.get(name) for name in dict.fromkeys((*of.needed, *of.nothing))}


async def checked(
    tx: Transaction,
    viewer: Viewer,
    of: Described,
    changes: Mapping[str, Any],
    known: Mapping[str, Any],
    *,
    needed: Collection[str] | None = None,
) -> Mapping[str, Any]:
    """The changes as they are kept; ``known`` has what :func:`held` told of the thing, and nothing of a new one.

    What is ``needed``, if not what the kind needs, cannot be empty if it is among the changes.

    Raises:
        InvalidFields: some cannot be kept.
    """
    found = Checked(changes)
    for name, check in of.checks.items():
        found.take(name, check, needed=name in (of.needed if needed is None else needed))
    for name, each in of.lists.items():
        found.take_list(name, partial(each, found), most=MOST_LISTED)
    await _name_what_is_there(tx, viewer, found)
    for name in of.lists:
        if name != "versions":
            distinct(found, name)
    of.fits(found, known)
    found.refuse()
    if "authors" in found.values and "id" in known:
        unseen = [row["id"] for row in await tx.run(UNSEEN_AUTHORS, **viewer.sight, id=known["id"])]
        found.values["authors"] = list(dict.fromkeys([*found.values["authors"], *unseen]))
    return found.values


NAMES: Final[Mapping[str, tuple[str, Wording]]] = {
    "topics": ("topics", Wording("The network has no topic of this id; look it up among its topics.")),
    "country": (
        "countries",
        Wording("That is no country of ISO 3166; write its two-letter code, such as TN for Tunisia."),
    ),
    "countries": (
        "countries",
        Wording("That is no country of ISO 3166; write its two-letter code, such as TN for Tunisia."),
    ),
    "languages": (
        "languages",
        Wording("The network knows no language of this tag; write one of those it has, such as fr."),
    ),
    "series": ("series", Wording("The network has no series of this id; leave it out, or make the series first.")),
    "project": ("projects", Wording("The network has no project of this id; leave it out, or make the project first.")),
    "partners": (
        "organisations",
        Wording("The network shows you no organisation of this id; look it up among its organisations."),
    ),
    "authors": ("people", Wording("The network shows you nobody of this id; look them up among its experts.")),
}
"""What a field names, and what is said where that is not there."""


async def _name_what_is_there(tx: Transaction, viewer: Viewer, found: Checked) -> None:
    """Take down a problem for whatever is named and not there, as far as the viewer may know."""
    wanted: dict[str, list[str]] = {}
    named = list(_named(found.values))
    for name, _, id in named:
        wanted.setdefault(NAMES[name][0], []).append(id)
    seen_by_all = {group: wanted.get(group, ()) for group in ("topics", "countries", "languages", "series", "projects")}
    there = dict(await present(tx, **seen_by_all))
    if wanted.keys() & {"organisations", "people"}:
        (row,) = await tx.run(
            NAMED_BY_VIEWER,
            **viewer.sight,
            organisations=wanted.get("organisations", []),
            people=wanted.get("people", []),
        )
        there |= {group: frozenset(row[group]) for group in ("organisations", "people")}
    for name, path, id in named:
        group, sentence = NAMES[name]
        found.among(path, id, there[group], sentence)


def _named(values: Mapping[str, Any]) -> Iterator[tuple[str, Path, str]]:
    """Each id that a field names: of which field it is one, where it stands, and itself."""
    for name in NAMES:
        value = values.get(name)
        if isinstance(value, str):
            yield name, (name,), value
        for number, id in enumerate(value if isinstance(value, list) else ()):
            yield name, (name, number), id
    for number, version in enumerate(values.get("versions", ())):
        yield "languages", ("versions", number, "language"), version["language"]


def ids(found: Checked, path: Path, id: str) -> str:
    """One of several ids."""
    return id.strip()


def country_code(code: str) -> str:
    """A two-letter code as it is kept."""
    return code.strip().upper()


def country_codes(found: Checked, path: Path, code: str) -> str:
    """One of several two-letter codes."""
    return country_code(code)


def the_day(day: date) -> date:
    """A day is kept as it is."""
    return day


def in_order(found: Checked, known: Mapping[str, Any], *, first: str, last: str, wrong: Wording) -> None:
    """Take down as ``wrong`` that something would end before it starts."""
    starts, ends = (found.values.get(name, known.get(name)) for name in (first, last))
    if starts is not None and ends is not None and ends < starts:
        named = last if last in found.values else first
        found.problems.append(Problem((named,), wrong))


async def _free_id(tx: Transaction, of: Described, name: str, *, made_by: str) -> str:
    for id in slugs(name, otherwise=f"{of.called}-{made_by[:8]}"):
        rows = await tx.run(of.of_label(MAKE), id=id, made_by=made_by)
        if rows and rows[0]["is_made"]:
            return id
    raise AssertionError  # there is always a next one


async def _take_down(tx: Transaction, of: Described, id: str, *, at: datetime) -> None:
    """Put on record what is known of a thing of which no record tells, as an earlier release left it."""
    said = await as_it_is(tx, of, id)
    digest = identity_of([ORGANISERS, id, *(str(said[name]) for name in sorted(said))])
    known = Sourced(ORGANISERS, "as it was", Trust.ORGANISERS, {**said, "id": id, "digest": digest})
    await store_records(tx, of.kind, [known], folder="", at=at)


def _native(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row whose days and moments are Python's own."""
    return {name: value.to_native() if hasattr(value, "to_native") else value for name, value in row.items()}
