"""Everything that foreign files say, put together: rows and documents with ids, refusals and doubts."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from graph.intake import Kind
from graph.intake.names import KnownNames, KnownPerson
from graph.people import Likeness, candidates
from graph.spelling import folded
from ingest.cells import visible
from ingest.found import Found, FoundText, Reading
from ingest.report import Doubt, Note, Refusal, RefusalOf
from ingest.resolving.cancellations import called_off
from ingest.resolving.events import resolve_events
from ingest.resolving.named import resolve_named
from ingest.resolving.people import People, resolve_people
from ingest.resolving.resources import resolve_activities, resolve_resources
from ingest.resolving.rows import Cells, Named, ResolvedRow, keys_named, merged, references, with_ids
from ingest.resolving.things import Things
from ingest.resolving.told import Spot, Told
from ingest.resolving.topics import Topics, resolve_topics

__all__ = ["Resolved", "ResolvedDocument", "resolve"]


@dataclass(frozen=True, slots=True)
class ResolvedDocument:
    """A document of a foreign file, its owner, event and resource being ids."""

    file: str
    key: str
    cells: Cells
    paragraphs: Sequence[FoundText]
    place: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """What foreign files say in the network's own words, in the order of kinds, then of files.

    ``ids`` has by file, kind and key which id that is; every row that was found is there, or in the refusals,
    but for cancellations that call nothing off, which are in the notes.
    """

    rows: Sequence[ResolvedRow] = ()
    documents: Sequence[ResolvedDocument] = ()
    refusals: Sequence[Refusal] = ()
    doubts: Sequence[Doubt] = ()
    notes: Sequence[Note] = ()
    ids: Mapping[Spot, str] = field(default_factory=dict)
    refused_rows: Mapping[Kind, int] = field(default_factory=dict)


def resolve(readings: Mapping[str, Reading], known: KnownNames, *, own: KnownNames) -> Resolved:
    """What every row and document of ``readings`` (by the file's path) means.

    ``known`` is what the graph holds, ``own`` what the network's own files say.
    """
    return _Resolving(readings, known, own).resolved()


NOUNS: Mapping[Kind, str] = {
    Kind.ORGANISATIONS: "organisation",
    Kind.TOPICS: "topic",
    Kind.SERIES: "series",
    Kind.PROJECTS: "project",
    Kind.EXPERTS: "person",
    Kind.EVENTS: "event",
    Kind.RESOURCES: "resource",
}


class _Resolving:
    def __init__(self, readings: Mapping[str, Reading], known: KnownNames, own: KnownNames) -> None:
        self._readings = dict(sorted(readings.items()))
        self._known, self._own = known, own
        self._told: dict[Kind, list[Told]] = defaultdict(list)
        self._documents: list[tuple[Told, Sequence[FoundText]]] = []
        self._refusals: list[Refusal] = []
        self._doubts: list[Doubt] = []
        for file, reading in self._readings.items():
            for row in reading.rows:
                self._told[row.kind].append(Told(file, row))
            for found in reading.documents:
                row = Found(kind=Kind.DOCUMENTS, key=found.key, cells=found.cells, place=found.place)
                self._documents.append((Told(file, row), found.paragraphs))
        self._told[Kind.EVENTS], self._notes = called_off(self._told[Kind.EVENTS], (*known.events, *own.events))
        organisations = {**known.organisations, **own.organisations}
        self._organisations = self._named(Kind.ORGANISATIONS, organisations, column="name")
        self._series = self._named(Kind.SERIES, {**known.series, **own.series}, column="name")
        self._projects = self._named(Kind.PROJECTS, {**known.projects, **own.projects}, column="title")
        self._topics: Topics = resolve_topics(self._told[Kind.TOPICS], known, own=own)
        # In the order of keys, so that the same doubts are told whatever the order of rows.
        people = sorted(self._told[Kind.EXPERTS], key=lambda told: told.spot)
        self._people: People = resolve_people(people, known, own=own)
        self._events = resolve_events(self._told[Kind.EVENTS], known, own=own)
        self._resources = resolve_resources(
            self._told[Kind.RESOURCES],
            {**known.resources, **own.resources},
            {**known.resources_by_identifier, **own.resources_by_identifier},
        )
        self._activities = resolve_activities(self._told[Kind.ACTIVITIES])
        self._names_of_people = self._index_people()
        self._ids: dict[Told, str] = {}
        self._left_out: set[Told] = set()
        self._refused: dict[Told, Refusal] = {}
        for kind in (*THINGS, Kind.TOPICS, Kind.EXPERTS):
            self._collect(kind)
        self._by_spot: dict[Spot, list[Told]] = defaultdict(list)
        for told in (told for rows in self._told.values() for told in rows):
            self._by_spot[told.spot].append(told)

    def _things(self, kind: Kind) -> Things:
        return {
            Kind.ORGANISATIONS: self._organisations,
            Kind.SERIES: self._series,
            Kind.PROJECTS: self._projects,
            Kind.EVENTS: self._events,
            Kind.RESOURCES: self._resources,
            Kind.ACTIVITIES: self._activities,
        }[kind]

    def _collect(self, kind: Kind) -> None:
        """Take over what was found of one kind."""
        if kind is Kind.TOPICS:
            self._ids.update(self._topics.ids)
            self._left_out.update(self._topics.left_out)
            self._doubts += self._topics.doubts
        elif kind is Kind.EXPERTS:
            self._ids.update(self._people.ids)
            self._refused.update(self._people.refusals)
            self._doubts += self._people.doubts
        else:
            things = self._things(kind)
            self._ids.update(things.ids)
            self._left_out.update(things.left_out)
            self._refused.update(things.refusals)
            self._doubts += things.doubts

    def _named(self, kind: Kind, there: Mapping[str, str], *, column: str) -> Things:
        mentions: dict[str, Told] = {}
        if kind is Kind.ORGANISATIONS:
            for told in self._everything():
                for name in _names(told, kind):
                    mentions.setdefault(name, told)
        return resolve_named(self._told[kind], mentions, there, column=column, noun=NOUNS[kind])

    def _everything(self) -> Iterator[Told]:
        for kind in Kind:
            yield from self._told[kind]
        yield from (told for told, _ in self._documents)

    def _index_people(self) -> Mapping[str, set[str]]:
        """Ids of people by their names, without case and diacritics."""
        found: dict[str, set[str]] = defaultdict(set)
        for person in (*self._known.people, *self._own.people):
            for name in (person.name, *person.other_names):
                found[folded(name)].add(self._known.merged.get(person.id, person.id))
        for told, id in self._people.ids.items():
            for name in (told.text("name") or "", *told.all("other_names")):
                found[folded(name)].add(id)
        found.pop("", None)
        return found

    # Rows

    def resolved(self) -> Resolved:
        """Everything, with ids."""
        self._refuse_dangling()
        rows = list(self._rows())
        together, doubts = merged(rows)
        self._doubts += doubts
        documents = list(self._resolved_documents())
        self._doubts += self._alike(together)
        for file, reading in self._readings.items():
            shown = visible(file, limit=300)
            self._refusals += [
                Refusal(
                    *(shown, None, one.column, visible(one.value), one.reason, one.remedy, one.place or None),
                    of=RefusalOf.PART,
                )
                for one in reading.refused
            ]
            self._doubts += [
                Doubt(shown, one.place or None, one.column, visible(one.value), one.reason, one.remedy)
                for one in reading.doubts
            ]
        notes = [Note(visible(file, limit=300), note) for file, one in self._readings.items() for note in one.notes]
        notes += self._notes
        order = list(Kind)
        return Resolved(
            sorted(together, key=lambda row: (order.index(row.kind), row.file)),
            documents,
            tuple(sorted(dict.fromkeys([*self._refused.values(), *self._refusals]), key=lambda one: one.file)),
            tuple(sorted(dict.fromkeys(self._doubts), key=lambda one: one.file)),
            tuple(notes),
            {told.spot: id for told, id in self._ids.items() if told not in self._refused},
            Counter(told.row.kind for told in self._refused),
        )

    def _refuse_dangling(self) -> None:
        """Refuse every row that names what its file does not have, or what is itself refused."""
        waiting: dict[Spot, list[tuple[Told, str]]] = defaultdict(list)
        for told in self._everything():
            for column, spot in keys_named(told):
                if spot not in self._by_spot:
                    noun = NOUNS[spot[1]]
                    reason = f"the file has no {noun} '{visible(spot[2])}', which this names"
                    remedy = "export the file again, or correct what it names"
                    self._refused.setdefault(told, told.refusal(column, spot[2], reason=reason, remedy=remedy))
                else:
                    waiting[spot].append((told, column))
        queue = list(self._refused)
        while queue:
            refused = queue.pop()
            spot = refused.spot
            if any(one not in self._refused for one in self._by_spot.get(spot, ())):
                continue
            for told, column in waiting.pop(spot, ()):
                if told not in self._refused:
                    reason = f"the {NOUNS[spot[1]]} '{visible(spot[2])}', which this names, is itself refused"
                    remedy = f"correct that first ({refused.where})"
                    self._refused[told] = told.refusal(column, spot[2], reason=reason, remedy=remedy)
                    queue.append(told)

    def _rows(self) -> Iterator[tuple[Told, Cells]]:
        for kind in Kind:
            if kind is Kind.ORGANISATIONS:
                yield from self._mentioned_organisations()
            for told in self._told[kind]:
                if told not in self._refused and told not in self._left_out and not self._says_nothing_more(told):
                    cells = self._cells(told)
                    if cells is not None:
                        yield told, cells

    def _says_nothing_more(self, told: Told) -> bool:
        """Whether a row only names what others describe."""
        if told.row.kind is Kind.TOPICS:
            return told in self._topics.told_elsewhere
        return _is_mention(told) and not self._describing(told)

    def _describing(self, told: Told) -> Told | None:
        """The row of another file that describes what this one mentions, if this one has more to say of it."""
        says_more = set(told.row.cells) - {"id", "identifiers"}
        if not says_more:
            return None
        same = [
            one
            for one in self._told[told.row.kind]
            if one not in self._refused and not _is_mention(one) and self._ids.get(one) == self._ids.get(told)
        ]
        return min(same, key=lambda one: (one.file, one.row.key), default=None)

    def _cells(self, told: Told) -> Cells | None:
        cells, doubts, refusals = with_ids(told, lambda kind, name: self._lookup(told, kind, name))
        self._doubts += doubts
        if cells is None:
            self._refused[told] = refusals[0]
            return None
        found = dict(cells)
        if told in self._ids:
            found = {"id": self._ids[told], **{column: value for column, value in found.items() if column != "id"}}
        given = self._given(told)
        if given:
            before = found.get("identifiers", [])
            found["identifiers"] = [*([before] if isinstance(before, str) else before), *given]
        describing = self._describing(told) if _is_mention(told) else None
        if describing is not None:
            for column in NEEDED[told.row.kind]:
                value = describing.text(column)
                if value is not None:
                    found.setdefault(column, value)
        return found

    def _given(self, told: Told) -> Sequence[str]:
        if told.row.kind is Kind.EXPERTS:
            return self._people.given.get(told, ())
        return self._events.given.get(told, ()) if told.row.kind is Kind.EVENTS else ()

    def _mentioned_organisations(self) -> Iterator[tuple[Told, Cells]]:
        """A row for each organisation that a file names and neither describes nor finds in the network's own files."""
        described = {(told.file, self._ids.get(told)) for told in self._told[Kind.ORGANISATIONS]}
        for told in self._everything():
            if told in self._refused:
                continue
            for name in _names(told, Kind.ORGANISATIONS):
                ids = self._organisations.labels.ids(name)
                if len(ids) == 1 and ids[0] not in self._own.organisations and (told.file, ids[0]) not in described:
                    described.add((told.file, ids[0]))
                    row = Found(kind=Kind.ORGANISATIONS, key="", cells={"name": name}, place=told.row.place)
                    yield Told(told.file, row), {"id": ids[0], "name": name}

    def _resolved_documents(self) -> Iterator[ResolvedDocument]:
        for told, paragraphs in self._documents:
            if told not in self._refused:
                cells = self._cells(told)
                if cells is not None:
                    yield ResolvedDocument(told.file, told.row.key, cells, tuple(paragraphs), told.row.place)

    # References

    def _lookup(self, told: Told, kind: Kind, name: str) -> Named:
        if name.startswith("#"):
            for one in self._by_spot[told.file, kind, name[1:]]:
                if one in self._ids and one not in self._refused:
                    return Named(self._ids[one])
            return Named(None)
        if not name.startswith("~"):
            return Named(self._known.merged.get(name, name) if kind is Kind.EXPERTS else name)
        label = name[1:].strip()
        ids = self._called(kind, label)
        if len(ids) == 1:
            return Named(ids[0])
        return self._several(kind, label, ids) if ids else self._nobody(kind, label)

    def _called(self, kind: Kind, label: str) -> Sequence[str]:
        if kind is Kind.EXPERTS:
            return sorted(self._names_of_people.get(folded(label), ()))
        if kind is Kind.TOPICS:
            return self._topics.named(label)
        return self._things(kind).labels.ids(label)

    @staticmethod
    def _several(kind: Kind, label: str, ids: Sequence[str]) -> Named:
        shown = ", ".join(ids[:5]) + (f" and {len(ids) - 5} more" if len(ids) > 5 else "")
        remedy = "write the id of the one that is meant"
        if kind is Kind.TOPICS:
            remedy = "give one of them another name in topics.csv, or say in the thesaurus that they match exactly"
        return Named(None, f"several could be meant by '{visible(label)}' ({shown}), so none was taken", remedy)

    def _nobody(self, kind: Kind, label: str) -> Named:
        noun = NOUNS[kind]
        near = None
        if kind is Kind.TOPICS:
            near = self._topics.labels.near(label)
        elif kind is not Kind.EXPERTS:
            near = self._things(kind).labels.near(label)
        if near is not None:
            reason = f"no {noun} is called '{visible(label)}', though one is called '{visible(near[0])}' ({near[1]})"
            return Named(None, reason, f"write it so if it is the same, or add '{visible(label)}' to its names")
        reason = f"no {noun} is called '{visible(label)}'"
        return Named(None, reason, f"add it to {kind}.csv, or correct the name")

    # People who look like one

    def _alike(self, rows: Sequence[ResolvedRow]) -> Iterator[Doubt]:
        """A doubt on everybody from these files who looks like somebody else and was not said to be two people."""
        told: dict[str, Told] = {}
        for one, id in sorted(self._people.ids.items(), key=lambda item: item[0].spot):
            if one not in self._refused and not _is_mention(one) and one.text("id") is None:
                told.setdefault(self._known.merged.get(id, id), one)
        own = {person.id for person in self._own.people}
        told = {id: one for id, one in told.items() if id not in own}
        if not told:
            return
        there = {person.id for person in (*self._own.people, *self._known.people)}
        settled = self._known.distinct | self._people.doubted
        for alike in candidates(self._everybody(rows), among=told):
            if frozenset({alike.first, alike.second}) not in settled:
                new = max((alike.first, alike.second), key=lambda id: (id in told, id not in there, id))
                yield _may_be(told[new], new, alike)

    def _everybody(self, rows: Sequence[ResolvedRow]) -> list[KnownPerson]:
        """All people, as the graph, the network's own files and these files together tell of them."""
        found: dict[str, KnownPerson] = {}
        organisations: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            if row.kind is Kind.AFFILIATIONS:
                organisations[str(row.cells["expert"])].add(str(row.cells["organisation"]))
        for known in (*self._own.people, *self._known.people):
            id = self._known.merged.get(known.id, known.id)
            found[id] = _together(found.get(id), replace(known, id=id))
        for told, told_as in self._people.ids.items():
            id = self._known.merged.get(told_as, told_as)
            name = told.text("name")
            if told not in self._refused and (name is not None or id in found):
                person = KnownPerson(
                    id,
                    name or found[id].name,
                    told.all("other_names"),
                    told.text("email"),
                    told.text("orcid"),
                    told.all("identifiers"),
                    (),
                    told.text("country"),
                )
                found[id] = _together(found.get(id), person)
        return [
            replace(
                one,
                # Of an address that strangers share there is one doubt, and not one on every two who have it.
                email=None if one.email and one.email.casefold() in self._people.shared else one.email,
                organisations=tuple(sorted({*one.organisations, *organisations[one.id]})),
            )
            for one in found.values()
        ]


THINGS = (Kind.ORGANISATIONS, Kind.SERIES, Kind.PROJECTS, Kind.EVENTS, Kind.RESOURCES, Kind.ACTIVITIES)
NEEDED: Mapping[Kind, Sequence[str]] = {Kind.EXPERTS: ("name",), Kind.EVENTS: ("title", "kind")}
"""What a mention lacks, and takes over from the row that describes the same."""


def _is_mention(told: Told) -> bool:
    """Whether a row only names somebody or an event, by numbers."""
    return told.row.kind in NEEDED and told.text(NEEDED[told.row.kind][0]) is None


def _names(told: Told, kind: Kind) -> Iterator[str]:
    """The names by which a row's cells mean something of a kind: what is after ``~``."""
    for column, of in references(told.row.kind).items():
        if of is kind:
            value = told.row.cells.get(column) or ()
            for one in [value] if isinstance(value, str) else value:
                head = one if isinstance(one, str) else next(iter(one), "")
                if head.startswith("~") and head[1:].strip():
                    yield head[1:].strip()


def _together(known: KnownPerson | None, more: KnownPerson) -> KnownPerson:
    """What is known of somebody, and more."""
    if known is None:
        return more
    return KnownPerson(
        known.id,
        known.name,
        tuple(dict.fromkeys([*known.other_names, *more.other_names, more.name])),
        known.email or more.email,
        known.orcid or more.orcid,
        tuple(dict.fromkeys([*known.identifiers, *more.identifiers])),
        tuple(dict.fromkeys([*known.organisations, *more.organisations])),
        known.country or more.country,
    )


def _may_be(told: Told, id: str, alike: Likeness) -> Doubt:
    other = alike.second if alike.first == id else alike.first
    return told.doubt(
        "name",
        told.text("name") or "",
        reason=f"{id} may be the same person as {other} ({', '.join(alike.reasons)})",
        remedy=f"run 'knowwho people merge {other} {id}' or 'knowwho people distinct {id} {other}'",
    )
