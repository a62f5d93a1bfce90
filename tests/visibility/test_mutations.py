"""Each rule counts: a statement that skips one of its rules is caught by comparing answers with the rules in Python.

A mutant is a repository's statement in which one condition on who sees what holds for everybody. All are made from the
statements themselves, so a new statement brings its own mutants.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pytest

import graph as room
from graph import reading
from graph.filters import ANYONE, ExpertFilter
from graph.graph import Graph
from graph.model import NOUNS, Column, Facet, Noun, Part, Relation
from graph.search import candidates
from graph.viewer import RULES, SEARCH_RULES, Audience, Role, Viewer, seen
from tests.visibility.entry_points import ENTRY_POINTS, PARTS, EntryPoint, differences, first_difference
from tests.visibility.networks import Question, parts_by_person, random_question, random_viewers, random_world, store
from tests.visibility.told import Told
from tests.visibility.trees import IDS, list_of, node_with

# The rules one by one, as they stand in a statement: what is seen of a person or passage, and what finds a person.
SEEN = [seen(rule) for rule, _ in RULES if rule.startswith("SEES")]
FOUND = sorted(
    {
        condition
        for _, rule in SEARCH_RULES
        for condition in re.findall(r"\w+\.\w+ <= \$reach|NOT '\w+' IN \S+ \[\]\)", rule)
    }
)
ITS_INDEX = "'passage_text_' + $reach"
CONDITION = re.compile("|".join(map(re.escape, [*SEEN, *FOUND, ITS_INDEX])))
# A vector index filters by comparing a property with something; what it holds has numbers of 0 and more.
VECTOR_FILTER = re.compile(r"VECTOR INDEX .*?LIMIT", re.DOTALL)

SEED = 2464
VIEWERS = 3


@dataclass(frozen=True, slots=True)
class Mutant:
    """A statement with one condition less: the ``number``-th one in it, counted from 0."""

    module: str
    constant: str
    number: int
    condition: str
    statement: str

    def __str__(self) -> str:
        return f"{self.module.removeprefix('graph.')}.{self.constant} {self.number}: {self.condition}"


SAID_BY_LABELS = "the full text index of a reach holds no passage beyond it, as its label says"
SAID_AGAIN = "whoever is compared is asked for again, as person and by their passages"
SAID_BEFORE = "whoever is compared was found"
KNOWN_BEFORE = "whoever is not seen to know a topic is in none of its cells, whatever else is seen of them"
WRITTEN_BEFORE = "the network was stamped before; test_unnoticed.py looks at what is written"

SPOKEN_AT = "every event of this network has a speaker whom organisers see; tests/graph/test_plan.py has one without"
KNOWN_ANYHOW = "every language that CLDR has a name for is known, whoever speaks it"
ASKED_BESIDE = "whether somebody shows their talks is asked beside, and decides"

EQUIVALENT = {
    "panels.candidates.PANELLISTS 8: (e.audience_attendance <= $reach OR e.id = $me)": ASKED_BESIDE,
    "coverage.table.TABLE 2: (e.audience_profile <= $reach OR e.id = $me)": KNOWN_BEFORE,
    "filters.LANGUAGES 0: (e.audience_languages <= $reach OR e.id = $me)": KNOWN_ANYHOW,
    "plan.PLANNED 2: (e.audience_listing <= $reach OR e.id = $me)": SPOKEN_AT,
    "passages.RESTAMP 0: NOT 'matched' IN coalesce(e.withdrawn, [])": WRITTEN_BEFORE,
    "search.candidates.PASSING 0: e.audience_profile <= $reach": SAID_AGAIN,
    "search.candidates.PASSING 1: NOT 'matched' IN coalesce(e.withdrawn, [])": SAID_AGAIN,
    "search.candidates.BY_WORDS 0: 'passage_text_' + $reach": SAID_AGAIN,
    "search.candidates.BY_WORDS 1: p.found_by <= $reach": SAID_AGAIN,
    "search.candidates.BY_NAME 0: 'passage_text_' + $reach": SAID_AGAIN,
    "search.candidates.BY_NAME 1: p.found_by <= $reach": SAID_AGAIN,
    "search.candidates.BY_TOPIC 0: e.audience_profile <= $reach": SAID_AGAIN,
    "search.candidates.BY_TOPIC 1: NOT 'matched' IN coalesce(e.withdrawn, [])": SAID_AGAIN,
    "search.candidates.BY_INDEX 1: p.found_by <= $reach": SAID_AGAIN,
    "search.candidates.BY_COMPARING 0: p.found_by <= $reach": SAID_AGAIN,
    "search.candidates.CANDIDATES 0: e.audience_profile <= $reach": SAID_BEFORE,
    "search.candidates.CANDIDATES 1: NOT 'matched' IN coalesce(e.withdrawn, [])": SAID_BEFORE,
    "search.candidates.CANDIDATES 2: 'passage_text_' + $reach": SAID_AGAIN,
    "search.candidates.CANDIDATES 3: p.found_by <= $reach": SAID_BY_LABELS,
    "suggestions.NAMED 1: 'passage_text_' + $reach": SAID_AGAIN,
    "suggestions.NAMED 2: p.found_by <= $reach": SAID_AGAIN,
    "search.matches.DESCRIBED 0: (e.audience_organisation <= $reach OR e.id = $me)": "it is of the viewer alone",
}
"""Mutants that change nothing, since another condition says the same. Each of the two is kept: the statement can be
read without knowing the index, and the index is not trusted alone. If the other one goes, the test below says so."""


HELD_ELSEWHERE = (
    "graph.agenda",
    "graph.consents",
    "graph.drafts",
    "graph.feed",
    "graph.feedback",
    "graph.people.introductions",
    "graph.people.sight",
    "graph.programme",
    "graph.questions",
    "graph.speaking",
)
"""Rooms whose rules have a test each of their own in tests/graph; of people test_introductions.py and test_sight.py."""


def mutants() -> Iterator[Mutant]:
    for module in pkgutil.walk_packages(room.__path__, "graph."):
        if f"{module.name}.".startswith(tuple(f"{one}." for one in HELD_ELSEWHERE)):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if name.isupper() and isinstance(value, str) and not is_an_end(value):
                yield from mutants_of(module.name, name, value)


def is_an_end(statement: str) -> bool:
    """Whether it is only the end of other statements, which are mutated with it."""
    return statement.lstrip().startswith("UNION")


def mutants_of(module: str, constant: str, statement: str) -> Iterator[Mutant]:
    filters = [filter.span() for filter in VECTOR_FILTER.finditer(statement)]
    for number, found in enumerate(CONDITION.finditer(statement)):
        if found[0] == ITS_INDEX:
            instead = "'passage_text_2'"
        elif any(start <= found.start() < end for start, end in filters):
            instead = found[0].replace("<= $reach", ">= 0")
        else:
            instead = "true"
        without = statement[: found.start()] + instead + statement[found.end() :]
        yield Mutant(module, constant, number, found[0], without)


MUTANTS = {str(mutant): mutant for mutant in mutants()}


WORLD = random_world(SEED)
# Everybody; who lives in each country, speaks each language, knows each topic: what is hidden is asked for by itself.
EVERYWHERE = frozenset(WORLD.countries)
HIDING_MOST = sorted(WORLD.people.values(), key=lambda person: (-sum(person.chosen.values()), person.id))[:3]
FILTERS = [
    ANYONE,
    *(ExpertFilter(countries=frozenset({country})) for country in WORLD.countries),
    *(ExpertFilter(languages=frozenset({language})) for language in WORLD.languages),
    *(ExpertFilter(topics=frozenset({topic})) for topic in WORLD.topics),
    *(ExpertFilter(countries=EVERYWHERE, languages=frozenset({language})) for language in WORLD.languages),
    *[ExpertFilter(countries=EVERYWHERE)] * 5,
]
# Who has most jobs shares some with those who hide theirs.
MOST_JOBS = max(WORLD.people.values(), key=lambda person: (len(person.jobs), person.id))
COLLEAGUE = Viewer(Role.MEMBER, person=MOST_JOBS.id)
FILTERS_OF_WHAT_THEY_DID = [ExpertFilter(**part) for person in HIDING_MOST for part in parts_by_person(person, WORLD)]


def cases(filters: Sequence[ExpertFilter]) -> list[tuple[Viewer, Question]]:
    return [
        (viewer, replace(random_question(WORLD, seed=f"{number} {asked}", part=asked % len(PARTS)), only=only))
        for asked, only in enumerate(filters)
        for number, viewer in enumerate([*random_viewers(WORLD, seed=SEED, how_many=VIEWERS), COLLEAGUE])
    ]


CASES = cases(FILTERS)
CASES_OF_FILTERS = [*CASES, *cases(FILTERS_OF_WHAT_THEY_DID)]


@pytest.fixture(scope="module")
async def rich(network: Graph) -> Graph:
    """One rich network, that every mutant is asked."""
    await store(network, WORLD)
    return network


async def caught(graph: Graph, module: str = "") -> list[str]:
    """The first case in which a module's entry points, or all, do not answer as the rules say; empty if none is."""
    of = entry_points_of(module) if module else ENTRY_POINTS
    for viewer, question in CASES_OF_FILTERS if module == "graph.filters" else CASES:
        found = await differences(graph, WORLD, viewer, question, of=of)
        if found:
            return [f"{viewer}: {difference}" for difference in found]
    return []


def entry_points_of(module: str) -> list[EntryPoint]:
    """Those that a module's statements answer; what a filter asks, searches ask."""
    modules = (module, "graph.search.candidates") if module == "graph.filters" else (module,)
    return [one for one in ENTRY_POINTS if one.of.startswith(tuple(f"{one}." for one in modules))]


def test_every_rule_is_in_some_statement() -> None:
    conditions = {mutant.condition for mutant in MUTANTS.values()}
    groups = {relation.sees for noun in NOUNS.values() for relation in noun.relations}
    groups |= {column.group for noun in NOUNS.values() for column in noun.columns}

    in_nouns = {seen(f"SEES(e.{group})") for group in groups if group is not None}
    assert conditions | in_nouns == {*SEEN, *FOUND, ITS_INDEX}


def test_every_mutant_that_is_listed_exists() -> None:
    assert set(EQUIVALENT) <= set(MUTANTS)


@pytest.mark.slow
async def test_nothing_is_caught_where_no_rule_is_missing(rich: Graph) -> None:
    assert await caught(rich) == []
    assert await caught(rich, "graph.filters") == []


@pytest.mark.parametrize("name", sorted(set(MUTANTS) - set(EQUIVALENT)))
async def test_a_statement_without_one_of_its_rules_is_caught(
    rich: Graph, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutant = MUTANTS[name]
    monkeypatch.setattr(f"{mutant.module}.{mutant.constant}", mutant.statement)

    assert await caught(rich, mutant.module) != []


@pytest.mark.parametrize("name", sorted(EQUIVALENT))
async def test_a_rule_that_is_said_twice_changes_nothing(
    rich: Graph, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutant = MUTANTS[name]
    monkeypatch.setattr(f"{mutant.module}.{mutant.constant}", mutant.statement)

    assert await caught(rich, mutant.module) == []


@pytest.mark.parametrize("reach", [Audience.EVERYONE, Audience.MEMBERS])
async def test_a_count_of_more_than_the_viewer_finds_is_caught(
    rich: Graph, reach: Audience, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(candidates.PASSAGES, reach, candidates.PASSAGES[Audience.ORGANISERS])

    assert await caught(rich, "graph.search.candidates") != []


# Nouns: what is told of who sees them is what every statement on them is made from.

ALL_OF_THEM = "true"


@dataclass(frozen=True, slots=True)
class Blurred:
    """A part of graph.model in which one rule of sight is not told, and the relations that show it."""

    name: str
    part: Noun | Column | Relation | Part | Facet
    field: str
    instead: object
    shown_by: tuple[tuple[str, str | None], ...]
    """Nouns, each with the relation that is asked for; where there is none, it is the list of the noun's nodes."""

    def __str__(self) -> str:
        return self.name


def blurred() -> Iterator[Blurred]:
    for label, noun in NOUNS.items():
        if noun.sees:
            to_it = [
                (other.label, relation.name)
                for other in NOUNS.values()
                for relation in other.relations
                if relation.to == label
            ]
            yield Blurred(label, noun, "sees", ALL_OF_THEM, (*to_it, *([(label, None)] if noun.listed else [])))
        for column in noun.columns:
            shown = ((label, noun.relations[0].name),)
            if column.group is not None:
                yield Blurred(f"{label}.{column.name}", column, "group", None, shown)
            elif "$reach" in column.cypher:
                yield Blurred(f"{label}.{column.name}", column, "cypher", f"{{n}}.{column.property}", shown)
        for relation in noun.relations:
            if relation.sees is not None:
                yield Blurred(f"{label}.{relation.name}", relation, "sees", None, ((label, relation.name),))
        for part in noun.parts:
            for number, found in enumerate(CONDITION.finditer(part.rows)):
                without = part.rows[: found.start()] + "true" + part.rows[found.end() :]
                yield Blurred(
                    f"{label}.{part.name} {number}", part, "rows", without, ((label, noun.relations[0].name),)
                )
        for facet in noun.facets:
            yield Blurred(f"{label} by {facet.name}", facet, "sees", None, ((label, None),))


# Which documents give a work its title: tests/graph/programme/test_titles.py has one that a viewer may not read.
OF_DOCUMENTS = {"Resource.title_in", "Resource.title_language"}
BLURRED = [one for one in blurred() if one.name not in OF_DOCUMENTS]


async def caught_in_nouns(graph: Graph, shown_by: Sequence[tuple[str, str | None]]) -> bool:
    """Whether one of these is not told as it must be."""
    for viewer in random_viewers(WORLD, seed=SEED, how_many=VIEWERS):
        told = Told.of(WORLD, viewer)
        for label, name in shown_by:
            answer: object
            if name is None:
                must_be: object = told.connection(list_of(label), told.all_of(label), noun=label)
                answer = await reading.page(graph, viewer, noun=label, wanted=list_of(label))
            else:
                relation = NOUNS[label].by_name[name]
                assert isinstance(relation, Relation)
                wanted = node_with(label, relation)
                must_be = {id: told.node(wanted, id) for id in told.nodes[label]}
                answer = await reading.nodes(graph, viewer, wanted=wanted, ids=IDS[label](WORLD))
            if first_difference(must_be, answer) is not None:
                return True
    return False


@pytest.mark.parametrize("blur", BLURRED, ids=str)
async def test_a_noun_without_one_of_its_rules_is_caught(rich: Graph, blur: Blurred) -> None:
    told = getattr(blur.part, blur.field)
    assert not await caught_in_nouns(rich, blur.shown_by)

    # Parts are frozen, and are the same everywhere.
    object.__setattr__(blur.part, blur.field, blur.instead)
    try:
        assert await caught_in_nouns(rich, blur.shown_by)
    finally:
        object.__setattr__(blur.part, blur.field, told)
