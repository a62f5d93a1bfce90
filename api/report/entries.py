"""What is told of the nodes on a report's page, read in the words of its language as far as there are any."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graph import reading
from graph.graph import Graph
from graph.model import NOUNS, Relation
from graph.reading import Connection, Edges, Item, Node, PageSpan, Related, Value
from graph.viewer import Viewer

__all__ = ["Entry", "PlannedEntry", "entries"]

MOST_RELATED: Final = 100
"""Countries, languages, partners or topics of one entry at most."""

TOLD: Final = frozenset(
    {
        *("title", "title_in", "title_language", "name", "kind"),
        *("starts_on", "ends_on", "starts_at", "ends_at", "published_on"),
    }
)
"""Columns that are told of an entry, as far as it has them."""

DESCRIBED: Final = frozenset({"Event", "Resource", "Activity", "Project"})
"""Nouns of which relations are told as well."""

RELATED: Final[Mapping[str, str]] = {
    "country": "name",
    "countries": "name",
    "languages": "name",
    "partners": "name",
    "topics": "label",
}
"""Relations that are told of an entry, by the column that names what they lead to."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something on the page, in the words of the report's language as far as there are any."""

    noun: str
    id: str
    title: str
    title_language: str | None
    kind: str | None
    date: str | None
    until: str | None
    countries: tuple[str, ...]
    languages: tuple[str, ...]
    partners: tuple[str, ...]
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlannedEntry(Entry):
    """Something that is planned: what kind of thing it is in words, and what it has not got yet (empty if all)."""

    kind_told: str
    missing: str


async def entries(graph: Graph, viewer: Viewer, *, noun: str, ids: Sequence[str], language: str) -> tuple[Entry, ...]:
    """What is told of nodes in their order, without those that the viewer does not see."""
    found = await reading.nodes(graph, viewer, wanted=_wanted(noun, language), ids=ids)
    return tuple(_entry(noun, id, found[id]) for id in ids if id in found)


def _wanted(label: str, language: str) -> Node:
    noun = NOUNS[label]
    items: list[tuple[str, Item]] = [
        (column.name, Value(column, language)) for column in noun.columns if column.name in TOLD
    ]
    if label in DESCRIBED:
        items += [
            (relation.name, _related(relation, language)) for relation in noun.relations if relation.name in RELATED
        ]
    return Node(label, items)


def _related(relation: Relation, language: str) -> Related:
    (column,) = [one for one in NOUNS[relation.to].columns if one.name == RELATED[relation.name]]
    node = Node(relation.to, [("text", Value(column, language))])
    if relation.is_one:
        return Related(relation, node)
    return Related(relation, Connection(PageSpan(MOST_RELATED), [("edges", Edges([("node", node)]))]))


def _entry(noun: str, id: str, found: Mapping[str, Any]) -> Entry:
    def texts(*names: str) -> tuple[str, ...]:
        told: list[str] = []
        for name in names:
            of = found.get(name) or {}
            told += [of["text"]] if "text" in of else [edge["node"]["text"] for edge in of.get("edges", ())]
        return tuple(told)

    def day(*names: str) -> str | None:
        return next((str(found[name])[:10] for name in names if found.get(name)), None)

    starts = day("starts_on", "starts_at", "published_on")
    ends = day("ends_on", "ends_at")
    return Entry(
        noun=noun,
        id=id,
        title=found.get("title_in") or found.get("title") or found.get("name") or "",
        title_language=found.get("title_language"),
        kind=found.get("kind") if noun != "Organisation" else None,
        date=starts,
        until=ends if ends != starts else None,
        countries=texts("country", "countries"),
        languages=texts("languages"),
        partners=texts("partners"),
        topics=texts("topics"),
    )
