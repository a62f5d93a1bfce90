"""What is told of a network, told a second time: plain lists over the network as far as a viewer knows it.

A tree of what is wanted (graph.reading) is answered here without a rule of sight, since what the viewer does not see is
not there: rules.as_far_as_known took it away. Columns and relations are told by their names alone; what graph.model has
beyond them is missing here, and a test says so.
"""

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache, partial
from operator import ge, gt, le, lt
from typing import Any
from unicodedata import combining, normalize

from graph.agenda import TOLD, AgendaItem
from graph.alphabet import sort_key
from graph.model import NOUNS, Column, Facet, Kind, Noun, Part, Relation
from graph.reading import Connection, Constant, Edges, Facets, Identity, Node, PageInfo, Parts, Related, Total, Value
from graph.values import UN_LANGUAGES, Event, EventStage
from graph.viewer import Audience, Viewer
from tests.visibility.rules import (
    BEST_FIRST,
    DEEPEST_FIRST,
    Person,
    Sight,
    SpokeAt,
    Thing,
    World,
    as_far_as_known,
    in_reading_order,
    place_of,
)

__all__ = ["Entry", "Told", "agenda_of"]

Columns = Mapping[str, Any]
Filter = Mapping[str, Any]

PROGRAMME = ("Event", "Resource", "Project", "Activity")


@dataclass(frozen=True, slots=True)
class Entry:
    """A node in a list, with what its relation says."""

    noun: str
    id: str
    columns: Columns = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """A network as far as one viewer knows it: its nodes by noun and id, and lists of what is related to each."""

    nodes: Mapping[str, Mapping[str, Columns]]
    relations_in: Callable[[str], Mapping[tuple[str, str], Callable[[str], list[Entry]]]]
    agendas: Mapping[str, Sequence[Columns]]

    @classmethod
    def of(cls, world: World, viewer: Viewer) -> "Told":
        """What the viewer may know of a network."""
        known = as_far_as_known(world, viewer)
        sight = Sight(known, viewer)
        return cls(
            _nodes(sight), cache(partial(_relations, sight)), {event: agenda_of(known, event) for event in known.events}
        )

    def related(self, noun: str, id: str, relation: str, language: str = "en") -> list[Entry]:
        """The nodes that a relation leads to, in the order of its list."""
        return self.relations_in(language)[noun, relation](id)

    def all_of(self, noun: str, language: str = "en") -> list[Entry]:
        """The nodes of a noun, in the order of its list."""
        nodes = self.nodes[noun]
        return [Entry(noun, id) for id in sorted(nodes, key=lambda id: _LISTED[noun](id, nodes[id], language))]

    # Answers.

    def node(self, wanted: Node, id: str) -> dict[str, Any]:
        """What is wanted of a node."""
        answer: dict[str, Any] = {}
        for key, item in wanted.items:
            if isinstance(item, Constant):
                answer[key] = item.value
            elif isinstance(item, Identity):
                answer[key] = base64.b64encode(f"{wanted.noun}:{id}".encode()).decode()
            elif isinstance(item, Value):
                answer[key] = _told(item, self.nodes[wanted.noun][id])
            elif isinstance(item, Parts):
                answer[key] = [self.part(item, one) for one in self.agendas[id]]
            elif isinstance(item, Related):
                language = item.wanted.language if isinstance(item.wanted, Connection) else "en"
                found = self.related(wanted.noun, id, item.relation.name, language)
                if isinstance(item.wanted, Node):
                    answer[key] = self.node(item.wanted, found[0].id) if found else None
                else:
                    answer[key] = self.connection(item.wanted, found, noun=item.relation.to, relation=item.relation)
        return answer

    def part(self, wanted: Parts, told: Columns) -> dict[str, Any]:
        """What is wanted of an item of an agenda, or of a speaker of one."""
        answer: dict[str, Any] = {}
        for key, item in wanted.items:
            if isinstance(item, Constant):
                answer[key] = item.value
            elif isinstance(item, Value):
                answer[key] = _told(item, told)
            elif isinstance(item, Parts):
                answer[key] = [self.part(item, one) for one in told[item.part.name]]
            elif isinstance(item, Related):
                assert isinstance(item.wanted, Node)
                answer[key] = self.node(item.wanted, told[item.relation.name])
        return answer

    def connection(
        self, wanted: Connection, entries: Sequence[Entry], *, noun: str, relation: Relation | None = None
    ) -> dict[str, Any]:
        """What is wanted of a list from its beginning, or its end."""
        found = self.filtered(wanted, entries, noun=noun, relation=relation)
        size, is_backward = wanted.span.size, wanted.span.is_backward
        page = found[-size:] if is_backward else found[:size]
        is_more = len(found) > size
        answer: dict[str, Any] = {}
        for key, item in wanted.items:
            if isinstance(item, Constant):
                answer[key] = item.value
            elif isinstance(item, Total):
                answer[key] = len(found)
            elif isinstance(item, PageInfo):
                ends = {"has_next_page": is_more and not is_backward, "has_previous_page": is_more and is_backward}
                answer[key] = {own: one.value if isinstance(one, Constant) else ends[one] for own, one in item.items}
            elif isinstance(item, Edges):
                answer[key] = [self.edge(item, one) for one in page]
            elif isinstance(item, Facets):
                answer[key] = {
                    own: one.value if isinstance(one, Constant) else self._facet(one.facet, one.first, one.items, found)
                    for own, one in item.items
                }
        return answer

    def filtered(
        self, wanted: Connection, entries: Sequence[Entry], *, noun: str, relation: Relation | None = None
    ) -> list[Entry]:
        """The entries that a list's filter lets through, in the order that is wanted."""
        own = relation if relation is not None and relation.columns else None
        found = [one for one in entries if self.holds(wanted.filter or {}, one, noun=NOUNS[noun], relation=own)]
        if relation is not None and not relation.is_repeated:
            first: dict[str, Entry] = {}
            for one in found:
                first.setdefault(one.id, one)
            found = list(first.values())
        language = wanted.language
        for name, descends in reversed(wanted.order):
            column = NOUNS[noun].by_name[name]
            assert isinstance(column, Column)
            found.sort(key=lambda one: _sortable(column, self.nodes[noun][one.id][name], language), reverse=descends)
        return found

    def edge(self, wanted: Edges, entry: Entry) -> dict[str, Any]:
        """What is wanted of an entry of a list, but for its cursor."""
        answer: dict[str, Any] = {}
        for key, item in wanted.items:
            if isinstance(item, Constant):
                answer[key] = item.value
            elif isinstance(item, Value):
                answer[key] = _told(item, entry.columns)
            elif isinstance(item, Node):
                answer[key] = self.node(item, entry.id)
        return answer

    def _facet(
        self, facet: Facet, first: int, wanted: Sequence[tuple[str, Any]], entries: Sequence[Entry]
    ) -> list[dict[str, Any]]:
        counts: dict[str, int] = {}
        for id in {one.id for one in entries}:
            for other in self._counted(facet, id):
                counts[other] = counts.get(other, 0) + 1
        most = sorted(counts, key=lambda other: (-counts[other], other))[:first]
        return [
            {
                key: item.value
                if isinstance(item, Constant)
                else self.node(item, other)
                if isinstance(item, Node)
                else counts[other]
                for key, item in wanted
            }
            for other in most
        ]

    def _counted(self, facet: Facet, expert: str) -> set[str]:
        if facet.name == "countries":
            return {one.id for one in self.related("Expert", expert, "country")}
        if facet.name == "languages":
            return {one.id for one in self.related("Expert", expert, "languages")}
        assert facet.name == "topics", facet.name
        found = {one.id for one in self.related("Expert", expert, "expertise")}
        return found | {broader for topic in found for broader in self._broader(topic)}

    def _broader(self, topic: str) -> Iterator[str]:
        for one in self.related("Topic", topic, "broader"):
            yield one.id
            yield from self._broader(one.id)

    # Filters.

    def holds(self, filter: Filter, entry: Entry, *, noun: Noun, relation: Relation | None = None) -> bool:
        """Whether a filter lets an entry of a list through."""
        return all(
            self._holds(name, wanted, entry, noun=noun, relation=relation)
            for name, wanted in filter.items()
            if wanted is not None
        )

    def _holds(  # noqa: PLR0911 -- one return a word
        self, name: str, wanted: Any, entry: Entry, *, noun: Noun, relation: Relation | None
    ) -> bool:
        def inner(one: Filter) -> bool:
            return self.holds(one, entry, noun=noun, relation=relation)

        if name == "and":
            return all(map(inner, wanted))
        if name == "or":
            return any(map(inner, wanted))
        if name == "not":
            return not inner(wanted)
        if name == "named":
            return any(self._is_named(entry, one) for one in wanted)
        if name == "node" and relation is not None:
            return self.holds(wanted, entry, noun=noun)
        if relation is not None and name in {column.name for column in relation.columns}:
            (column,) = [one for one in relation.columns if one.name == name]
            return _compares(column, entry.columns[name], wanted)
        of = noun.by_name[name]
        assert not isinstance(of, Part)
        if isinstance(of, Column):
            return _compares(of, self.nodes[noun.label][entry.id][name], wanted)
        others = self.related(noun.label, entry.id, name)
        own = of if of.columns else None
        target = NOUNS[of.to]
        if of.is_one:
            return any(self.holds(wanted, one, noun=target) for one in others)
        return all(
            any(self.holds(one, other, noun=target, relation=own) for other in others) is (word == "some")
            for word, one in wanted.items()
            if one is not None
        )

    def _is_named(self, entry: Entry, name: str) -> bool:
        """Whether a node is the one of that id, or lies within it."""
        within = [entry.id]
        if entry.noun == "Topic":
            within += self._broader(entry.id)
        elif entry.noun == "Region":
            within += self._larger(entry.id)
        elif entry.noun == "Country":
            within += [one.id for one in self.related("Country", entry.id, "regions")]
        return name in within

    def _larger(self, region: str) -> Iterator[str]:
        for one in self.related("Region", region, "within"):
            yield one.id
            yield from self._larger(one.id)


# Values.


def _told(wanted: Value, columns: Columns) -> Any:  # noqa: PLR0911 -- one return a kind
    """A column as answers have it."""
    value = columns[wanted.column.name]
    kind = wanted.column.kind
    if wanted.column.name in {"title_in", "title_language"}:
        return value[wanted.language]
    if kind is Kind.NAME:
        return value.in_language(wanted.language)
    if kind is Kind.NAMES:
        return list(value.get(wanted.language, ()))
    if kind is Kind.TEXTS:
        return list(value)
    if kind is Kind.PERIODS:
        return [str(one) for one in value]
    if kind is Kind.CHOICE:
        return None if value is None else value.name
    if kind is Kind.MOMENT:
        return None if value is None else value.astimezone(UTC).isoformat()
    if kind is Kind.DAY:
        return None if value is None else value.isoformat()
    return "" if value is None and kind is Kind.TEXT and wanted.column.is_required else value


def _sortable(column: Column, value: Any, language: str) -> Any:
    """What is not there comes first."""
    if column.kind is Kind.MOMENT:
        return float("-inf") if value is None else value.timestamp()
    if column.kind is Kind.WHOLE:
        return float("-inf") if value is None else value
    if column.kind is Kind.NAME:
        return sort_key(value.in_language(language), language)
    if column.is_alphabetical:
        return sort_key(value, language)
    return value.isoformat() if isinstance(value, date) else value or ""


def _compares(column: Column, value: Any, wanted: Filter) -> bool:
    values = [value]
    if column.kind is Kind.NAME:
        values = list(value.by_language.values())
    if column.kind is Kind.TEXTS:
        values = list(value or ())
    return all(
        any(_test(word, value, given) for value in values) for word, given in wanted.items() if given is not None
    )


def _test(word: str, value: Any, given: Any) -> bool:
    if isinstance(value, Enum):
        value = value.value
    if word == "is_set":
        return bool((value is not None) is given)
    if value is None:
        return False
    if word == "contains":
        return _plain(given) in _plain(value)
    if word == "starts_with":
        return _plain(value).startswith(_plain(given))
    if word in {"eq", "in"}:
        return bool(value == given if word == "eq" else value in given)
    return bool({"gt": gt, "gte": ge, "lt": lt, "lte": le}[word](value, given))


def _plain(text: str) -> str:
    """Without capitals and accents."""
    return "".join(one for one in normalize("NFKD", text).casefold() if not combining(one))


# Agendas.


def agenda_of(world: World, event: str) -> list[Columns]:
    """What is on the agenda of an event, by time: what organisers wrote, else the talks of those who are seen."""
    if event in world.agendas:
        return _by_time([_written(world, item) for item in world.agendas[event]])
    talks: dict[tuple[str, datetime | None], list[tuple[Person, SpokeAt]]] = {}
    for person in world.people.values():
        for talk in person.talks:
            if talk.event == event and talk.title is not None:
                talks.setdefault((talk.title, talk.starts_at), []).append((person, talk))
    return _by_time([_given(*key, found) for key, found in talks.items()])


def _written(world: World, item: AgendaItem) -> Columns:
    speakers = [{"role": speaker.role, "expert": speaker.expert} for speaker in item.speakers]
    return {**{name: getattr(item, name) for name in ("id", *TOLD)}, "speakers": speakers}


def _given(title: str, starts_at: datetime | None, found: Sequence[tuple[Person, SpokeAt]]) -> Columns:
    """A talk that files tell of, by one or several; of what they tell otherwise the first by letter, or the latest."""
    names = {person.id: person.name for person, _ in found}
    roles = {id: [talk.role for person, talk in found if person.id == id and talk.role] for id in names}
    return {
        **dict.fromkeys(("id", "kind", "description")),
        "title": title,
        "starts_at": starts_at,
        "ends_at": max(filter(None, (talk.ends_at for _, talk in found)), default=None),
        "room": min(filter(None, (talk.room for _, talk in found)), default=None),
        "language": min(filter(None, (talk.language for _, talk in found)), default=None),
        "speakers": [
            {"role": min(roles[id], default=None), "expert": id} for id in sorted(names, key=lambda id: (names[id], id))
        ],
    }


def _by_time(items: Sequence[Columns]) -> list[Columns]:
    """What has no time comes last; at one time organisers' own order counts, and titles of what they did not order."""
    order = {id(item): (place if item["id"] else 0, item["title"]) for place, item in enumerate(items)}
    never = datetime.max.replace(tzinfo=UTC)
    return sorted(items, key=lambda item: (item["starts_at"] or never, order[id(item)]))


# Nodes.


def _stage(event: Event) -> EventStage:
    """How far an event is by now: all that have a time were years ago."""
    if event.status == "cancelled":
        return EventStage.CANCELLED
    if event.starts_at is not None:
        return EventStage.HELD
    return EventStage.CONFIRMED if event.status == "confirmed" else EventStage.PLANNED


def _nodes(sight: Sight) -> Mapping[str, Mapping[str, Columns]]:
    world = sight.world
    return {
        "Expert": {
            id: {
                "slug": id,
                "version": 1 if sight.reach >= Audience.ORGANISERS or id == sight.viewer.person else None,
                "name": one.name,
                "headline": one.headline,
                "email": one.email,
                "phone": one.phone,
                "other_names": one.other_names,
                "website": one.website,
                "orcid": one.orcid,
                "gender": one.gender,
                "away": one.away,
                "joined": one.joined,
            }
            for id, one in world.people.items()
        },
        "Topic": {
            id: {
                "slug": id,
                "label": one.labels,
                "other_labels": one.other_labels,
                "definition": one.definition,
                "scheme": one.scheme,
                "iri": one.iri,
                "is_deprecated": one.is_deprecated,
            }
            for id, one in world.topics.items()
        },
        "Event": {
            id: {
                "slug": id,
                "version": 1,
                "agenda_version": 1,
                "stage": _stage(one),
                "title": one.title,
                "kind": one.kind,
                "format": one.format,
                "status": one.status,
                "starts_at": one.starts_at,
                "ends_at": one.ends_at,
                "time_zone": one.time_zone,
                "place": one.place,
                "capacity": one.capacity,
                "url": one.url,
                "description": one.description,
            }
            for id, one in world.events.items()
        },
        "Country": {id: {"code": id, "name": one.names} for id, one in world.countries.items()},
        "Region": {id: {"code": id, "name": one.names} for id, one in world.regions.items()},
        "Language": {id: {"tag": id, "name": one.names} for id, one in world.languages.items()},
        "Organisation": {
            id: {"slug": id, "name": one.name, "kind": one.kind, "website": one.website}
            for id, one in world.organisations.items()
        },
        "Passage": {
            piece.id: {
                "text": piece.text,
                "title": piece.title,
                "kind": piece.document.kind if piece.document else None,
                "language": piece.document.language if piece.document else None,
                "source": piece.document.id if piece.document and sight.sees_source(piece) else None,
                "place": place_of(piece.text) if sight.sees_source(piece) else None,
                "occurred_on": piece.document.occurred_on if piece.document else None,
            }
            for piece in _passages(sight)
        },
        **{
            noun: {
                id: {"slug": id, "version": 1, **thing.columns}
                for (label, id), thing in world.things.items()
                if label == noun
            }
            for noun in ("Series", "Project", "Activity")
        },
        "Resource": {
            id: {"slug": id, "version": 1, **thing.columns, **_titles_of_work(sight, id, thing)}
            for (label, id), thing in world.things.items()
            if label == "Resource"
        },
    }


def _titles_of_work(sight: Sight, work: str, thing: Thing) -> Columns:
    """By language, what a work is called by and in which language that is; documents count that are read."""
    written: dict[str | None, set[str]] = {}
    for piece in _passages(sight):
        document = piece.document
        if document.kind == "resource" and document.resource == work and document.title is not None:
            written.setdefault(document.language, set()).add(document.title)
    own = thing.columns["title"]
    called: dict[str, object] = {}
    for tag in sorted(thing.languages):
        (title,) = written[tag] if len(written.get(tag, ())) == 1 else (None,)
        called[tag] = thing.versions.get(tag, {}).get("title") or title
    as_the_work = next((tag for tag, title in called.items() if title == own), None)
    return {
        "title_in": {language: called.get(language) or own for language in UN_LANGUAGES},
        "title_language": {language: language if called.get(language) else as_the_work for language in UN_LANGUAGES},
    }


def _passages(sight: Sight) -> list[Any]:
    people = sight.world.people.values()
    return [piece for person in people for piece in sight.pieces(person) if piece.document is not None]


def _newest(event: Columns) -> float:
    """Earlier is more; what has no date comes last."""
    return -event["starts_at"].timestamp() if event["starts_at"] is not None else float("inf")


_LISTED: Mapping[str, Callable[[str, Columns, str], Any]] = {
    "Expert": lambda id, one, language: (sort_key(one["name"], language), id),
    "Topic": lambda id, one, language: (sort_key(one["label"].in_language(language), language), id),
    "Event": lambda id, one, _: (_newest(one), id),
    "Series": lambda id, one, language: (sort_key(one["name"], language), id),
    "Country": lambda id, one, language: (sort_key(one["name"].in_language(language), language), id),
    "Region": lambda id, one, language: (sort_key(one["name"].in_language(language), language), id),
    "Language": lambda id, one, language: (sort_key(one["name"].in_language(language), language), id),
    "Organisation": lambda id, one, language: (sort_key(one["name"], language), id),
    "Resource": lambda id, one, language: (sort_key(one["title"], language), id),
    "Project": lambda id, one, language: (sort_key(one["title"], language), id),
    "Activity": lambda id, one, language: (sort_key(one["title"], language), id),
}
"""How the nodes of a noun are ordered."""


# Relations.


@dataclass(frozen=True, slots=True)
class _Fact:
    """That one node is related to another; ``place`` is which of several such facts it is."""

    one: str
    other: str
    columns: Columns = field(default_factory=dict)
    place: int = 0


def _relations(  # noqa: C901, PLR0915 -- a table
    sight: Sight, language: str
) -> Mapping[tuple[str, str], Callable[[str], list[Entry]]]:
    world, nodes = sight.world, _nodes(sight)
    found: dict[tuple[str, str], Callable[[str], list[Entry]]] = {}

    def listed(noun: str, id: str) -> Any:
        return _LISTED[noun](id, nodes[noun][id], language)

    def relate(
        noun: str,
        name: str,
        to: str,
        facts: Iterable[_Fact],
        order: Callable[[_Fact], Any] | None = None,
        *,
        is_back: bool = False,
    ) -> None:
        by_node: dict[str, list[_Fact]] = {}
        for fact in facts:
            turned = _Fact(fact.other, fact.one, fact.columns, fact.place) if is_back else fact
            by_node.setdefault(turned.one, []).append(turned)

        def of(id: str) -> list[Entry]:
            facts = by_node.get(id, [])
            facts.sort(key=lambda fact: (order(fact) if order else listed(to, fact.other), fact.other, fact.place))
            return [Entry(to, fact.other, fact.columns) for fact in facts]

        found[noun, name] = of

    people = world.people.values()

    # People.
    lives = [_Fact(one.id, one.country) for one in people if one.country is not None]
    speaks = [_Fact(one.id, id, {"proficiency": level}) for one in people for id, level in one.languages.items()]
    knows = [
        _Fact(one.id, id, {"level": level, "since": since})
        for one in people
        for id, (level, since) in one.topics.items()
    ]
    works = [
        _Fact(one.id, job.organisation, {"role": job.role, "since": job.since, "until": job.until}, place)
        for one in people
        for place, job in enumerate(one.jobs)
    ]
    worked = [_Fact(one.id, id) for one in people for id in one.worked_in]
    spoke = [
        _Fact(
            one.id,
            talk.event,
            {
                "role": talk.role,
                "title": talk.title,
                "starts_at": talk.starts_at,
                "ends_at": talk.ends_at,
                "room": talk.room,
                "language": talk.language,
                "url": talk.url,
            },
            place,
        )
        for one in people
        for place, talk in enumerate(one.talks)
    ]
    came = [_Fact(one.id, id) for one in people for id in one.attended]
    wrote = [_Fact(one.id, id) for one in people for id in one.authored]
    pieces = {piece.id: piece for piece in _passages(sight)}
    told = [_Fact(piece.owner, id) for id, piece in pieces.items()]

    def best(fact: _Fact) -> int:
        return BEST_FIRST.index(fact.columns["proficiency"])

    def deepest(fact: _Fact) -> int:
        return DEEPEST_FIRST.index(fact.columns["level"])

    relate("Expert", "country", "Country", lives)
    relate("Country", "experts", "Expert", lives, is_back=True)
    relate("Expert", "languages", "Language", speaks, best)
    relate("Language", "speakers", "Expert", speaks, lambda f: (best(f), listed("Expert", f.other)), is_back=True)
    relate("Expert", "expertise", "Topic", knows, lambda f: (deepest(f), f.columns["since"] or 9999))
    relate(
        "Expert",
        "affiliations",
        "Organisation",
        works,
        lambda f: (f.columns["until"] is not None, -int(f.columns["since"])),
    )
    relate(
        "Organisation",
        "experts",
        "Expert",
        works,
        lambda f: (f.columns["until"] is not None, listed("Expert", f.other)),
        is_back=True,
    )
    relate("Expert", "worked_in", "Country", worked)
    relate("Country", "experts_who_worked_there", "Expert", worked, is_back=True)
    relate("Expert", "talks", "Event", spoke)
    relate("Event", "speakers", "Expert", spoke, is_back=True)
    relate("Expert", "attended", "Event", came)
    relate("Event", "attendees", "Expert", came, is_back=True)
    relate("Expert", "resources", "Resource", wrote)
    relate("Resource", "authors", "Expert", wrote, is_back=True)
    relate("Expert", "passages", "Passage", told, lambda f: in_reading_order(pieces[f.other]))
    relate("Passage", "expert", "Expert", told, is_back=True)
    drawn = {
        "Event": [_Fact(id, piece.document.event) for id, piece in pieces.items() if piece.document.event],
        "Resource": [_Fact(id, piece.document.resource) for id, piece in pieces.items() if piece.document.resource],
    }
    for noun, facts in drawn.items():
        relate("Passage", noun.lower(), noun, facts)
        relate(noun, "passages", "Passage", facts, lambda f: f.other, is_back=True)

    # Topics; who knows a narrower one knows the topic, as deeply as they know any of them.
    broader = [_Fact(id, above) for id, above in world.broader.items() if above is not None]
    relate("Topic", "broader", "Topic", broader)
    relate("Topic", "narrower", "Topic", broader, is_back=True)
    matches = {pair for id, others in world.exact_match.items() for one in others for pair in ((id, one), (one, id))}
    relate("Topic", "exact_matches", "Topic", [_Fact(id, other) for id, other in matches])
    known = [
        _Fact(one.id, topic, {"level": level, "since": since})
        for one in people
        for id, (level, since) in one.topics.items()
        for topic in (id, *sight.broader_than(id))
    ]
    relate(
        "Topic",
        "experts",
        "Expert",
        known,
        lambda f: (deepest(f), listed("Expert", f.other), f.columns["since"] or 9999),
        is_back=True,
    )

    # Places.
    within = [_Fact(id, larger) for id, larger in world.within.items() if larger is not None]
    relate("Region", "within", "Region", within)
    relate("Region", "parts", "Region", within, is_back=True)
    lies = []
    for country, region in world.region_of.items():
        up: str | None = region
        place = 0
        while up is not None:
            lies.append(_Fact(country, up, {}, place))
            up, place = world.within[up], place + 1
    relate("Country", "regions", "Region", lies, lambda f: f.place)
    relate("Region", "countries", "Country", lies, is_back=True)
    sits = [_Fact(id, seat) for id, seat in world.seats.items() if seat is not None and id in world.organisations]
    relate("Organisation", "country", "Country", sits)
    relate("Country", "organisations", "Organisation", sits, is_back=True)

    # The programme.
    def of_things(noun: str, what: Callable[[Thing], Iterable[str]]) -> list[_Fact]:
        return [_Fact(id, one) for (label, id), thing in world.things.items() if label == noun for one in what(thing)]

    plural = {"Event": "events", "Resource": "resources", "Project": "projects", "Activity": "activities"}
    for noun, several in plural.items():
        covers = of_things(noun, lambda thing: thing.topics)
        relate(noun, "topics", "Topic", covers)
        relate("Topic", several, noun, covers, is_back=True)
        partners = of_things(noun, lambda thing: thing.partners)
        relate(noun, "partners", "Organisation", partners)
        relate("Organisation", several, noun, partners, is_back=True)
        is_one = noun in {"Event", "Resource"}
        places = of_things(noun, _first_country if is_one else _countries)
        relate(noun, "country" if is_one else "countries", "Country", places)
        relate("Country", several, noun, places, is_back=True)
        if is_one:
            languages = [
                _Fact(id, tag, thing.versions.get(tag, {}))
                for (label, id), thing in world.things.items()
                if label == noun
                for tag in thing.languages
            ]
            relate(noun, "languages", "Language", languages)
            relate("Language", several, noun, languages, is_back=True)
    for noun, of_what, several in (("Event", "Series", "events"), ("Activity", "Project", "activities")):
        parts = of_things(noun, lambda thing: (thing.part_of,) if thing.part_of else ())
        relate(noun, of_what.lower(), of_what, parts)
        relate(of_what, several, noun, parts, is_back=True)
    return found


def _countries(thing: Thing) -> Sequence[str]:
    return thing.countries


def _first_country(thing: Thing) -> Sequence[str]:
    return thing.countries[:1]
