"""Whom a search is about: filters by where people live and worked, what they speak and know, and what they did when.

A filter holds ids. People write names, codes or ids; :func:`resolve` turns what they wrote into ids, in any of the
six UN languages, and refuses what it does not know instead of dropping it. What a person does not show to those who
ask, no filter finds them by; and what keeps them out, such as an absence, keeps them out only if it is shown.
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from typing import Any, Final, LiteralString

from babel import Locale
from rapidfuzz import fuzz, process

from graph import spelling
from graph.errors import GraphError
from graph.graph import Graph
from graph.permissions import may_seek_speakers, refuse_unless
from graph.values import (
    UN_LANGUAGES,
    CountryId,
    EventId,
    Gender,
    LanguageId,
    LanguageLevel,
    OrganisationId,
    TopicId,
)
from graph.viewer import Viewer, found, seen
from graph.wording import Either, Wording

__all__ = [
    "ANYONE",
    "ExpertFilter",
    "LevelWithoutLanguage",
    "PeriodEndsFirst",
    "UnknownFilterValue",
    "countries_within",
    "folded",
    "ids_of",
    "narrowed",
    "resolve",
]


@dataclass(frozen=True, slots=True)
class ExpertFilter:
    """People of whom all of this is true: one of the countries, all of the languages, one of the topics, and so on.

    ``None`` means that it does not matter. Regions have become their countries, and a topic stands for itself and all
    narrower ones.
    """

    countries: frozenset[CountryId] | None = None
    """Where they live."""
    languages: frozenset[LanguageId] = field(default_factory=frozenset)
    language_level: LanguageLevel = LanguageLevel.BASIC
    """How well they speak each of the languages at least."""
    topics: frozenset[TopicId] | None = None
    worked_in: frozenset[CountryId] | None = None
    organisations: frozenset[OrganisationId] | None = None
    """Where they work now."""
    organisation_kinds: frozenset[str] | None = None
    spoke_at: frozenset[EventId] | None = None
    available: tuple[date, date] | None = None
    """Both included: they neither said that they are away then, nor are on the programme of an event."""
    active_since: date | None = None
    """They spoke, came to an event, published, or have other dated evidence since then, and not only to come."""
    not_invited_since: date | None = None
    """They were not invited to speak since then, and are on no event's programme. For organisers."""
    genders: frozenset[Gender] | None = None
    """As they say of themselves. For organisers."""

    def parameters(self) -> dict[str, Any]:
        """What :func:`narrowed` asks for, as Cypher parameters; a part that does not matter is None."""
        first, last = self.available or (None, None)
        return {
            "countries": _listed(self.countries),
            "languages": sorted(self.languages) or None,
            "levels": [level.value for level in LEVELS[: LEVELS.index(self.language_level) + 1]],
            "topics": _listed(self.topics),
            "worked_in": _listed(self.worked_in),
            "organisations": _listed(self.organisations),
            "organisation_kinds": _listed(self.organisation_kinds),
            "spoke_at": _listed(self.spoke_at),
            "available_from": first,
            "available_until": last,
            "active_since": self.active_since,
            "not_invited_since": self.not_invited_since,
            "genders": _listed(self.genders),
        }


ANYONE = ExpertFilter()
LIKE, ALMOST_THE_SAME, LIKE_WORDS = 70, 90, 80
"""From these likenesses on (rapidfuzz's ratio, 0 to 100), a name is offered for one that is not known; goes before
names of which that is a part; and has a word that is like one of its words."""
LONGEST_NAME = 200
SHORTEST_PART = 3
"""Letters of a part of a name."""
MOST_LIKE, MOST_WITH_PART = 2, 3
"""How many names are offered that are like one, and that have it in them."""

LEVELS = (LanguageLevel.NATIVE, LanguageLevel.FLUENT, LanguageLevel.WORKING, LanguageLevel.BASIC)
"""Best first."""

# That a person e passes one part of a filter, by what they show to those who ask. They go into statements that have
# variables of their own, so theirs are words, and those of the statements are letters. Whoever is found shows their
# profile: topics and works.
LIVES: LiteralString = found("""
  AND FINDS(e.country) AND EXISTS { (e)-[:BASED_IN]->(country:Country) WHERE country.id IN $countries }""")
SPEAKS: LiteralString = found("""
  AND FINDS(e.languages) AND all(asked IN $languages WHERE
    EXISTS { (e)-[speaks:SPEAKS]->(language:Language) WHERE language.id = asked AND speaks.level IN $levels })""")
KNOWS: LiteralString = found("""
  AND EXISTS { (e)-[:EXPERT_IN]->(:Topic)-[:BROADER]->*(topic:Topic) WHERE topic.id IN $topics }""")
WORKED: LiteralString = found("""
  AND FINDS(e.country) AND EXISTS { (e)-[:WORKED_IN]->(country:Country) WHERE country.id IN $worked_in }""")
WORKS_AT: LiteralString = found("""
  AND FINDS(e.organisation)
  AND EXISTS { (e)-[job:AFFILIATED_WITH]->(employer:Organisation)
    WHERE job.to IS NULL AND employer.id IN $organisations }""")
WORKS_AT_SUCH: LiteralString = found("""
  AND FINDS(e.organisation)
  AND EXISTS { (e)-[job:AFFILIATED_WITH]->(employer:Organisation)
    WHERE job.to IS NULL AND employer.kind IN $organisation_kinds }""")
SPOKE: LiteralString = found("""
  AND FINDS(e.attendance) AND EXISTS { (e)-[:SPOKE_AT]->(event:Event) WHERE event.id IN $spoke_at }""")
IS_AVAILABLE: LiteralString = found("""
  AND NOT (FINDS(e.contact) AND any(n IN range(0, size(coalesce(e.away_from, [])) - 1)
    WHERE e.away_from[n] <= $available_until AND e.away_until[n] >= $available_from))
  AND NOT (FINDS(e.attendance) AND EXISTS { (e)-[:SPOKE_AT]->(event:Event)
    WHERE coalesce(event.status, '') <> 'cancelled' AND date(event.starts_at) <= $available_until
      AND date(coalesce(event.ends_at, event.starts_at)) >= $available_from })""")
WAS_ACTIVE: LiteralString = found("""
  AND ((FINDS(e.attendance) AND EXISTS { (e)-[:SPOKE_AT|ATTENDED]->(event:Event)
      WHERE coalesce(event.status, '') <> 'cancelled' AND date(event.starts_at) >= $active_since
        AND event.starts_at <= datetime() })
    OR EXISTS { (e)-[:AUTHORED]->(work:Resource)
      WHERE work.published_on >= $active_since AND work.published_on <= date() }
    OR EXISTS { (e)-[:EVIDENCED_BY]->(dated:Passage)
      WHERE FINDS(dated) AND dated.occurred_on >= $active_since AND dated.occurred_on <= date() })""")
NOT_INVITED: LiteralString = found("""
  AND NOT (FINDS(e.attendance) AND EXISTS { (e)-[:SPOKE_AT]->(event:Event)
    WHERE coalesce(event.status, '') <> 'cancelled' AND date(event.starts_at) >= $not_invited_since })
  AND NOT ($reach >= 2 AND EXISTS {
    (e)-[:CONSIDERED_AS|WAS_CONSIDERED_AS]->(:Candidacy)-[:STEP]->(step:Step {to: 'invited'})
    WHERE step.undone IS NULL AND date(step.at) >= $not_invited_since })""")
OF_GENDER: LiteralString = """
  AND $reach >= 2 AND e.gender IN $genders"""


def narrowed(statement: LiteralString, only: ExpertFilter) -> LiteralString:
    """A statement with ``PASSES(e)`` as what a filter asks of a person ``e``; it goes on a WHERE.

    It needs :meth:`ExpertFilter.parameters` and ``reach``.
    """
    asked: list[tuple[object, LiteralString]] = [
        (only.countries is not None, LIVES),
        (only.languages, SPEAKS),
        (only.topics is not None, KNOWS),
        (only.worked_in is not None, WORKED),
        (only.organisations is not None, WORKS_AT),
        (only.organisation_kinds is not None, WORKS_AT_SUCH),
        (only.spoke_at is not None, SPOKE),
        (only.available, IS_AVAILABLE),
        (only.active_since, WAS_ACTIVE),
        (only.not_invited_since, NOT_INVITED),
        (only.genders is not None, OF_GENDER),
    ]
    return statement.replace("PASSES(e)", "".join(part for is_asked, part in asked if is_asked))


KINDS: Final[Mapping[str, Wording]] = {
    "country": Wording("country"),
    "region": Wording("region"),
    "language": Wording("language"),
    "topic": Wording("topic"),
    "organisation": Wording("organisation"),
    "organisation kind": Wording("organisation kind"),
    "event": Wording("event"),
    "language level": Wording("language level"),
    "gender": Wording("gender"),
}
"""What people are filtered by, as it is called where it is not known."""


class LevelWithoutLanguage(GraphError):
    """Somebody filtered by how well people speak a language, and not by which."""

    def __init__(self) -> None:
        super().__init__(Wording("You said how well people speak, but not which language; choose the language too."))


class PeriodEndsFirst(GraphError):
    """A period ends before it begins."""

    def __init__(self, first: date, last: date) -> None:
        self.first = first
        self.last = last
        super().__init__(
            Wording(
                "The period from %(first)s to %(last)s ends before it begins; swap its days.", first=first, last=last
            )
        )


class UnknownFilterValue(GraphError):
    """Somebody filtered by a country, region, language or topic that the network does not know."""

    def __init__(self, *, kind: str, value: str, nearest: Sequence[str]) -> None:
        self.kind = kind
        self.value = value
        self.nearest = tuple(nearest)
        called = KINDS.get(kind, kind)
        super().__init__(
            Wording(
                "The network knows no %(kind)s '%(value)s'; did you mean %(nearest)s?",
                kind=called,
                value=value[:80],
                nearest=Either(self.nearest),
            )
            if nearest
            else Wording(
                "The network knows no %(kind)s '%(value)s'; look at its spelling, or write its code or id.",
                kind=called,
                value=value[:80],
            )
        )


LANGUAGES: LiteralString = seen("""
MATCH (n:Language)
WHERE $reach >= 2 OR EXISTS { (n)<-[:IN_LANGUAGE]-(:Event|Resource) }
   OR EXISTS { MATCH (e:Expert)-[:SPEAKS]->(n) WHERE SEES(e.languages) }
RETURN n {.*} AS node
""")

NAMES: dict[str, LiteralString] = {
    "country": "MATCH (n:Country) RETURN n {.*} AS node",
    "region": "MATCH (n:Region) RETURN n {.*} AS node",
    "language": LANGUAGES,
    "topic": "MATCH (n:Topic) RETURN n {.*} AS node",
}

ORGANISATIONS: LiteralString = seen("""
CALL () {
  MATCH (o:Organisation) WHERE $reach >= 2 OR EXISTS { (o)-[:PARTNER_IN]->() }
  RETURN o
UNION
  MATCH (e:Expert)-[:AFFILIATED_WITH]->(o:Organisation) WHERE SEES(e.organisation)
  RETURN o
}
WITH o ORDER BY o.id
RETURN collect([o.id, o.name, o.kind]) AS organisations
""")

EVENTS: LiteralString = "MATCH (v:Event) WITH v ORDER BY v.id RETURN collect([v.id, v.title]) AS events"

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
    language_level: LanguageLevel = LanguageLevel.BASIC,
    topics: Sequence[str] = (),
    worked_in: Sequence[str] = (),
    organisations: Sequence[str] = (),
    organisation_kinds: Sequence[str] = (),
    spoke_at: Sequence[str] = (),
    available: tuple[date, date] | None = None,
    active_since: date | None = None,
    not_invited_since: date | None = None,
    genders: Sequence[Gender] = (),
) -> ExpertFilter:
    """The filter that these ids, codes or names (in any UN language, capitals and accents aside) stand for.

    A country and a region together mean either, and ``worked_in`` takes both; several languages mean all of them. A
    name that several share means each of them; of languages the first.

    Raises:
        UnknownFilterValue: one of them is not known, or is an organisation that the viewer does not see.
        LevelWithoutLanguage: it says how well, and not which language.
        PeriodEndsFirst: it does.
        NotAllowed: the viewer is no organiser, whom the last two are for.
    """
    if genders or not_invited_since:
        what = "filter by gender" if genders else "filter by when people were invited"
        refuse_unless(may_seek_speakers(viewer), what, who="organisers")
    if available is not None and available[0] > available[1]:
        raise PeriodEndsFirst(*available)
    if language_level is not LanguageLevel.BASIC and not languages:
        raise LevelWithoutLanguage
    living = await _places(graph, viewer, countries=countries, regions=regions)
    worked = (await ids_of(graph, viewer, noun="Country", names=worked_in)).values()
    at, kinds = await _organisations(graph, viewer, names=organisations, kinds=organisation_kinds)
    return ExpertFilter(
        countries=living,
        languages=frozenset(map(LanguageId, await _ids(graph, viewer, "language", languages))),
        language_level=language_level,
        topics=frozenset(map(TopicId, await _ids(graph, viewer, "topic", topics))) if topics else None,
        worked_in=frozenset(CountryId(id) for ids in worked for id in ids) if worked_in else None,
        organisations=at,
        organisation_kinds=kinds,
        spoke_at=await _events(graph, spoke_at) if spoke_at else None,
        available=available,
        active_since=active_since,
        not_invited_since=not_invited_since,
        genders=frozenset(genders) if genders else None,
    )


async def _places(
    graph: Graph, viewer: Viewer, *, countries: Sequence[str], regions: Sequence[str]
) -> frozenset[CountryId] | None:
    if not countries and not regions:
        return None
    wanted = await _ids(graph, viewer, "country", countries)
    wanted_regions = await _ids(graph, viewer, "region", regions)
    within = await countries_within(graph, viewer, regions=wanted_regions) if wanted_regions else {}
    return frozenset(map(CountryId, wanted)).union(*within.values())


async def _organisations(
    graph: Graph, viewer: Viewer, *, names: Sequence[str], kinds: Sequence[str]
) -> tuple[frozenset[OrganisationId] | None, frozenset[str] | None]:
    if not names and not kinds:
        return None, None
    rows = (await graph.read(ORGANISATIONS, **viewer.sight))[0]["organisations"]
    named, of_kind = _Spellings(), _Spellings()
    for id, name, kind in rows:
        named.add(id, name)
        if kind is not None:
            of_kind.add(kind)
    return (
        frozenset(OrganisationId(id) for name in names for id in named.of("organisation", name)) if names else None,
        frozenset(id for kind in kinds for id in of_kind.of("organisation kind", kind)) if kinds else None,
    )


async def _events(graph: Graph, names: Sequence[str]) -> frozenset[EventId]:
    spellings = _Spellings()
    for id, title in (await graph.read(EVENTS))[0]["events"]:
        spellings.add(id, title)
    return frozenset(EventId(id) for name in names for id in spellings.of("event", name))


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

    A name that several share stands for each of them; of languages for the first.

    Raises:
        UnknownFilterValue: one of them is not known.
    """
    if not names:
        return {}
    kind = noun.lower()
    spellings = await _spellings(graph, viewer, kind)
    found: dict[str, Sequence[str]] = {}
    for name in names:
        if ids := spellings.ids(name):
            found[name] = ids
    unknown = [name for name in names if name not in found]
    if unknown and noun == "Country":
        regions = await _spellings(graph, viewer, "region")
        asked = {name: ids for name in unknown if (ids := regions.ids(name))}
        within = await countries_within(graph, viewer, regions=sorted({id for ids in asked.values() for id in ids}))
        for name, ids in asked.items():
            found[name] = [country for region in ids for country in within.get(region, [])]
        unknown = [name for name in unknown if name not in asked]
    if unknown:
        raise spellings.unknown(kind, unknown[0])
    return found


@dataclass(frozen=True, slots=True)
class _Spellings:
    """Every id, code and name of a noun's nodes."""

    own: dict[str, str] = field(default_factory=dict)
    """An id by itself, folded."""
    named: dict[str, list[str]] = field(default_factory=dict)
    """The ids that have a name, by the folded name."""
    spelled: dict[str, str] = field(default_factory=dict)
    """A name as it is written, by the folded one."""

    def add(self, id: str, *names: str) -> None:
        """Take in a node by its names, which others may have too; an id is nobody else's."""
        for name in names:
            having = self.named.setdefault(folded(name), [])
            if id not in having:
                having.append(id)
            self.spelled.setdefault(folded(name), name)
        self.own[folded(id)] = id

    def free(self, names: Sequence[str]) -> Sequence[str]:
        """Those of the names that nobody has yet: who is to speak several languages must speak all, not one of them."""
        return [name for name in names if folded(name) not in self.named]

    def ids(self, name: str) -> Sequence[str]:
        """The ids that a name stands for, in the order in which they were taken in; none if nothing is called so."""
        own = self.own.get(folded(name))
        return self.named.get(folded(name), []) if own is None else [own]

    def of(self, kind: str, name: str) -> Sequence[str]:
        """The ids that a name stands for, one at least.

        Raises:
            UnknownFilterValue: nothing is called so.
        """
        ids = self.ids(name)
        if not ids:
            raise self.unknown(kind, name)
        return ids

    def unknown(self, kind: str, value: str) -> UnknownFilterValue:
        found = self._nearest(folded(value)[:LONGEST_NAME])
        return UnknownFilterValue(kind=kind, value=value, nearest=[self.spelled.get(name, name) for name in found])

    def _nearest(self, asked: str) -> Sequence[str]:
        """Names that are like it; else those that it is a part of; else those with words that are like its words."""
        names = self.own.keys() | self.named.keys()
        like = process.extract(asked, names, scorer=fuzz.ratio, limit=MOST_LIKE, score_cutoff=LIKE)
        if like and like[0][1] >= ALMOST_THE_SAME:
            return [name for name, *_ in like]
        if with_part := self._with_words(asked, str.startswith, most=MOST_WITH_PART):
            return with_part
        return [name for name, *_ in like] or self._with_words(asked, _is_like, most=MOST_LIKE)

    def _with_words(self, asked: str, fits: Callable[[str, str], bool], *, most: int) -> Sequence[str]:
        """Names of which each word asked fits a word, the likest first, one for the same ids."""
        words = spelling.folded(asked).split()
        if sum(map(len, words)) < (1 if spelling.SYLLABIC.search(asked) else SHORTEST_PART):
            return []
        found = []
        for name, ids in self.named.items():
            has = spelling.folded(name).split()
            if all(any(fits(one, word) for one in has) or _is_within(word, name) for word in words):
                found.append((-fuzz.ratio(asked, name), name, ids))
        by_ids: dict[tuple[str, ...], str] = {}
        for _, name, ids in sorted(found):
            by_ids.setdefault(tuple(ids), name)
        return list(by_ids.values())[:most]


def _is_like(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= SHORTEST_PART and fuzz.ratio(one, other) >= LIKE_WORDS


def _is_within(word: str, name: str) -> bool:
    """Of scripts that are written without spaces: whether a word stands in a name."""
    return bool(spelling.SYLLABIC.fullmatch(word)) and word in name


async def _spellings(graph: Graph, viewer: Viewer, kind: str) -> _Spellings:
    spellings = _Spellings()
    for row in await graph.read(NAMES[kind], **viewer.sight):
        names = _names_of(row["node"])
        spellings.add(row["node"]["id"], *(spellings.free(names) if kind == "language" else names))
    if kind == "language":
        for id, spoken in languages_of_the_world().items():
            if folded(id) not in spellings.own:
                spellings.add(id, *spellings.free(spoken))
    return spellings


@cache
def languages_of_the_world() -> Mapping[str, Sequence[str]]:
    """By tag the names of every language that CLDR has, in the six UN languages.

    All of them are known, whether anybody speaks them here: so nobody learns what hidden people speak by asking for it.
    """
    names: dict[str, list[str]] = {}
    for language in UN_LANGUAGES:
        for id, name in Locale(language).languages.items():
            names.setdefault(id.replace("_", "-"), []).append(name)
    return names


async def _ids(graph: Graph, viewer: Viewer, kind: str, values: Sequence[str]) -> list[str]:
    if not values:
        return []
    spellings = await _spellings(graph, viewer, kind)
    return [id for value in values for id in spellings.of(kind, value)]


def _listed(values: frozenset[str] | None) -> list[str] | None:
    return None if values is None else sorted(values)


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
