"""Whom a search or a list is about: filters by where people live, what they speak and what they know.

A filter holds ids. People write names, codes or ids; :func:`resolve` turns what they wrote into ids, in any of the
six UN languages, and refuses what it does not know instead of dropping it.
"""

import difflib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, LiteralString

from graph.errors import GraphError
from graph.graph import Graph
from graph.values import UN_LANGUAGES, CountryId, LanguageId, TopicId
from graph.viewer import Viewer

__all__ = ["ANYONE", "ExpertFilter", "UnknownFilterValue", "countries_within", "folded", "ids_of", "resolve"]


@dataclass(frozen=True, slots=True)
class ExpertFilter:
    """People who live in one of these countries, speak all of these languages, and know one of these topics.

    ``None`` means that the countries or topics do not matter. Regions have become their countries, and a topic
    stands for itself and all narrower ones.
    """

    countries: frozenset[CountryId] | None = None
    languages: frozenset[LanguageId] = field(default_factory=frozenset)
    topics: frozenset[TopicId] | None = None

    def parameters(self) -> dict[str, Any]:
        """The filter as Cypher parameters: ``countries``, ``languages``, ``topics``."""
        return {
            "countries": None if self.countries is None else sorted(self.countries),
            "languages": sorted(self.languages),
            "topics": None if self.topics is None else sorted(self.topics),
        }


ANYONE = ExpertFilter()


class UnknownFilterValue(GraphError):
    """Somebody filtered by a country, region, language or topic that the network does not know."""

    def __init__(self, *, kind: str, value: str, nearest: Sequence[str]) -> None:
        self.kind = kind
        self.value = value
        self.nearest = tuple(nearest)
        hint = f"did you mean {' or '.join(nearest)}?" if nearest else f"'{kind}' takes a code, an id or a name."
        super().__init__(f"The network knows no {kind} '{value[:80]}'; {hint}")


NAMES: dict[str, LiteralString] = {
    "country": "MATCH (n:Country) RETURN n {.*} AS node",
    "region": "MATCH (n:Region) RETURN n {.*} AS node",
    "language": "MATCH (n:Language) RETURN n {.*} AS node",
    "topic": "MATCH (n:Topic) RETURN n {.*} AS node",
}

COUNTRIES_WITHIN: LiteralString = """
MATCH (c:Country)-[:IN_REGION]->(:Region)-[:WITHIN]->*(r:Region)
WHERE r.id IN $regions
RETURN DISTINCT r.id AS region, c.id AS country
"""


async def resolve(
    graph: Graph,
    viewer: Viewer,
    *,
    countries: Sequence[str] = (),
    regions: Sequence[str] = (),
    languages: Sequence[str] = (),
    topics: Sequence[str] = (),
) -> ExpertFilter:
    """The filter that these ids, codes or names (in any UN language, capitals and accents aside) stand for.

    A country and a region together mean either; several languages mean all of them.

    Raises:
        UnknownFilterValue: one of them is not known.
    """
    wanted_countries = await _ids(graph, "country", countries)
    wanted_regions = await _ids(graph, "region", regions)
    if wanted_regions:
        within = await countries_within(graph, viewer, regions=wanted_regions)
        wanted_countries = [*wanted_countries, *(country for countries in within.values() for country in countries)]
    return ExpertFilter(
        frozenset(map(CountryId, wanted_countries)) if countries or regions else None,
        frozenset(map(LanguageId, await _ids(graph, "language", languages))),
        frozenset(map(TopicId, await _ids(graph, "topic", topics))) if topics else None,
    )


async def countries_within(
    graph: Graph,
    viewer: Viewer,
    *,
    regions: Sequence[str],
) -> Mapping[str, list[CountryId]]:
    """The countries in each of these regions, by the region's id."""
    found: dict[str, list[CountryId]] = {}
    for row in await graph.read(COUNTRIES_WITHIN, regions=list(regions)):
        found.setdefault(row["region"], []).append(CountryId(row["country"]))
    return found


async def ids_of(graph: Graph, viewer: Viewer, *, noun: str, names: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """The ids that each of these ids, codes or names of a noun stands for; a region's name stands for its countries.

    Raises:
        UnknownFilterValue: one of them is not known.
    """
    kind = noun.lower()
    spellings = await _spellings(graph, kind)
    found: dict[str, Sequence[str]] = {}
    for name in names:
        if folded(name) in spellings.ids:
            found[name] = [spellings.ids[folded(name)]]
    unknown = [name for name in names if name not in found]
    if unknown and noun == "Country":
        regions = await _spellings(graph, "region")
        asked = {name: regions.ids[folded(name)] for name in unknown if folded(name) in regions.ids}
        within = await countries_within(graph, viewer, regions=sorted(set(asked.values())))
        for name, region in asked.items():
            found[name] = within.get(region, [])
        unknown = [name for name in unknown if name not in asked]
    if unknown:
        raise spellings.unknown(kind, unknown[0])
    return found


@dataclass(frozen=True, slots=True)
class _Spellings:
    """Every id, code and name of a noun's nodes."""

    ids: Mapping[str, str]
    """By the folded name."""
    spelled: Mapping[str, str]
    """A name as it is written, by the folded one."""

    def unknown(self, kind: str, value: str) -> UnknownFilterValue:
        nearest = difflib.get_close_matches(folded(value), self.ids, n=2, cutoff=0.7)
        return UnknownFilterValue(kind=kind, value=value, nearest=[self.spelled.get(name, name) for name in nearest])


async def _spellings(graph: Graph, kind: str) -> _Spellings:
    ids: dict[str, str] = {}
    spelled: dict[str, str] = {}
    for row in await graph.read(NAMES[kind]):
        node = row["node"]
        for name in _names_of(node):
            ids.setdefault(folded(name), node["id"])
            spelled.setdefault(folded(name), name)
        ids[folded(node["id"])] = node["id"]
    return _Spellings(ids, spelled)


async def _ids(graph: Graph, kind: str, values: Sequence[str]) -> list[str]:
    if not values:
        return []
    spellings = await _spellings(graph, kind)
    found = []
    for value in values:
        id = spellings.ids.get(folded(value))
        if id is None:
            raise spellings.unknown(kind, value)
        found.append(id)
    return found


def _names_of(node: Mapping[str, object]) -> list[str]:
    names: list[str] = []
    for language in UN_LANGUAGES:
        for key in (f"name_{language}", f"label_{language}"):
            name = node.get(key)
            if isinstance(name, str):
                names.append(name)
        others = node.get(f"other_labels_{language}")
        if isinstance(others, list):
            names.extend(others)
    return names


@lru_cache(maxsize=65_536)
def folded(text: str) -> str:
    """Text without capitals, accents and outer space, for comparison only."""
    decomposed = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
