"""Every way into what is known of people: what is asked, and what must come back, to the last field and count."""

import asyncio
import base64
import dataclasses
import json
import math
import random
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar, cast

import numpy as np
from strawberry.relay import to_base64

from api.door import Visitor
from api.graphql.context import Context
from api.graphql.schema import schema
from api.network import OpenNetwork
from graph import (
    achievements,
    choices,
    countries,
    experts,
    filters,
    network,
    plan,
    reading,
    suggestions,
    topics,
)
from graph.agenda import Agenda, AgendaItem, AgendaSpeaker, agenda
from graph.alphabet import sort_key
from graph.coverage import By, Coverage, NoPlaces, coverage, nearest
from graph.errors import NoSuchEvent, NoSuchExpert
from graph.filters import ANYONE, ExpertFilter, UnknownFilterValue
from graph.graph import Graph
from graph.model import NOUNS, Relation
from graph.panels.candidates import panellists
from graph.people.introductions import CROWD, introductions
from graph.reading import Connection, Cursors, Edges, Item, Node, PageInfo, PageSpan, Related, Total, Value
from graph.search.candidates import (
    INDEX_FAULTS,
    LIMITS,
    Asked,
    Lifts,
    NearPassage,
    candidates_for,
    near_topics,
    passages_found,
    words_of,
)
from graph.search.like import Likeness, like_event, like_expert
from graph.search.matches import Strength, by_strength, described
from graph.search.needs import Need, Needs
from graph.search.passing import count as count_passing
from graph.search.passing import page as page_of_passing
from graph.search.scoring import Score, lifts_of
from graph.values import UN_LANGUAGES, Cursor, EventId, Expert, ExpertId, Page, Period
from graph.viewer import Viewer
from tests.visibility.acquainted import introductions_of
from tests.visibility.covered import coverage_of, nearest_of
from tests.visibility.networks import REVISION, Question
from tests.visibility.rules import TODAY, SentencesOf, Sight, World, as_far_as_known, two_sentences
from tests.visibility.speakers import OF_SPEAKERS
from tests.visibility.told import Told, agenda_of
from tests.visibility.trees import (
    IDS,
    LISTED,
    list_of,
    node_with,
    random_connection,
    random_filter,
    random_order,
)

__all__ = ["ENTRY_POINTS", "OF_PEOPLE", "EntryPoint", "answered", "context", "differences", "first_difference"]

AT_A_TIME = 3
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """A function of the graph room, or a document sent to the schema, and what it must answer."""

    of: str
    """The function's name, with its module; several entry points may ask one function in several ways."""
    ask: Callable[[Graph, Viewer, Question, World], Awaitable[Any]]
    expected: Callable[[Sight, Question], Any]
    is_of_people: bool = True
    """Whether people come into it at all; the rest is the same for every viewer, and need not be asked as often."""
    part: int | None = None
    """The only part of a question that it is compared for, where it takes the database long."""


async def differences(
    graph: Graph,
    world: World,
    viewer: Viewer,
    question: Question,
    *,
    of: "Sequence[EntryPoint] | None" = None,
    sentences_of: SentencesOf = two_sentences,
) -> list[str]:
    """Where what comes back is not what must; empty if all is as it must be."""
    sight = Sight(world, viewer, sentences_of=sentences_of)
    asked = [one for one in (ENTRY_POINTS if of is None else of) if one.part in {None, question.part}]
    answers = await answered(graph, world, viewer, question, of=asked)
    found = []
    for one, answer in zip(asked, answers, strict=True):
        difference = first_difference(one.expected(sight, question), answer)
        if difference is not None:
            found.append(f"{one.of}{difference}")
    return found


async def answered(
    graph: Graph, world: World, viewer: Viewer, question: Question, *, of: "Sequence[EntryPoint]"
) -> Sequence[object]:
    """What entry points answer, in their order; asked a few at a time, for two cores."""
    turn = asyncio.Semaphore(AT_A_TIME)

    async def ask(one: EntryPoint) -> object:
        async with turn:
            return await one.ask(graph, viewer, question, world)

    return await asyncio.gather(*map(ask, of))


def first_difference(expected: object, actual: object, at: str = "") -> str | None:
    """Where two answers differ first and how; None if they are the same. Scores are single-precision numbers."""
    if isinstance(expected, float) and isinstance(actual, float):
        same = math.isclose(expected, actual, rel_tol=1e-4, abs_tol=1e-5)
        return None if same else f"{at}: must be {expected}, is {actual}"
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        if expected.keys() != actual.keys():
            return f"{at}: must have {sorted(expected)}, has {sorted(actual)}"
        pairs = [(f"{at}[{key!r}]", expected[key], actual[key]) for key in expected]
    elif isinstance(expected, list | tuple) and isinstance(actual, list | tuple):
        if len(expected) != len(actual):
            return f"{at}: must be {len(expected)} long, is {len(actual)}: must be {expected}, is {actual}"
        pairs = [(f"{at}[{place}]", *both) for place, both in enumerate(zip(expected, actual, strict=True))]
    elif dataclasses.is_dataclass(expected) and type(expected) is type(actual):
        names = [field.name for field in dataclasses.fields(expected)]
        pairs = [(f"{at}.{name}", getattr(expected, name), getattr(actual, name)) for name in names]
    else:
        return None if expected == actual else f"{at}: must be {expected!r}, is {actual!r}"
    return next(filter(None, (first_difference(one, other, place) for place, one, other in pairs)), None)


def walked(
    pages_from: Callable[[Cursor | None], Awaitable[Page[Any]]],
) -> Callable[[Cursor | None], Awaitable[list[Page[Any]]]]:
    """All pages of a list, from a cursor to the end."""

    async def walk(after: Cursor | None) -> list[Page[Any]]:
        found = [await pages_from(after)]
        while found[-1].has_next and found[-1].entries:
            found.append(await pages_from(found[-1].entries[-1][0]))
        return found

    return walk


# What is asked, where it takes more than a call.


async def pages_of_topics(graph: Graph, viewer: Viewer, q: Question, world: World) -> object:
    return await walked(lambda after: topics.page(graph, viewer, first=q.first, after=after))(q.after)


async def pages_of_countries(graph: Graph, viewer: Viewer, q: Question, world: World) -> object:
    return await walked(lambda after: countries.page(graph, viewer, first=q.first, after=after))(q.after)


async def pages_of_passing(graph: Graph, viewer: Viewer, q: Question, world: World) -> object:
    language = page_language_of(q)
    return await walked(
        lambda after: page_of_passing(graph, viewer, only=q.only, first=q.first, after=after, language=language)
    )(None)


def page_language_of(q: Question) -> str:
    """One of the languages that a page may be in."""
    return chance_of(q, "page").choice(UN_LANGUAGES)


def beginnings_of(q: Question, world: World) -> list[str]:
    """What somebody may type who means a person, hidden ones too, a country or a topic: the beginning of a name."""
    chance = chance_of(q, "beginnings")
    people = [world.people[id].name for id in q.experts if id in world.people]
    names = [*people, *(world.countries[id].names.in_language("en") for id in world.countries), *q.words.split()]
    names += [topic.labels.in_language("en") for topic in world.topics.values()]
    some = chance.sample(names, min(3, len(names)))
    return [*(name[: chance.randint(1, len(name))].swapcase() for name in some), "Aa", "aa " + q.words[:3]]


async def begun(graph: Graph, viewer: Viewer, q: Question, world: World) -> object:
    return [
        await suggestions.suggested(graph, viewer, text=text, language="en", first=q.first)
        for text in beginnings_of(q, world)
    ]


def span_of(q: Question) -> Period:
    """A year in some questions; in others any days, of which the last may be the first."""
    chance = chance_of(q, "year")
    if chance.random() < 0.5:
        return achievements.year(chance.choice((2020, 2021, 2022, 2023)))
    first = date(2020, 1, 1) + timedelta(days=chance.randrange(1600))
    return Period(first, first + timedelta(days=chance.choice((0, 30, 400))))


def today_of(q: Question) -> date:
    """The day on which a plan is asked for: before all of it, or when some is over and some has begun."""
    return chance_of(q, "today").choice((date(2020, 1, 1), date(2023, 8, 1)))


async def achievements_listed(graph: Graph, viewer: Viewer, q: Question, _: World) -> object:
    """Every page of the list behind each count."""
    first, span, language = chance_of(q, "listed").choice((1, 2, 100)), span_of(q), page_language_of(q)
    return {
        of: await all_pages(
            lambda after, of=of: achievements.page(  # type: ignore[misc]
                graph, viewer, of=of, span=span, first=first, after=after, language=language
            )
        )
        for of in achievements.Counted
    }


def achievements_listed_expected(sight: Sight, q: Question) -> object:
    first = chance_of(q, "listed").choice((1, 2, 100))
    span, language = span_of(q), page_language_of(q)
    return {of: sight.achievements_listed(of, span, first=first, language=language) for of in achievements.Counted}


async def planned(graph: Graph, viewer: Viewer, q: Question, _: World) -> object:
    """Every page of a plan."""
    first, span = chance_of(q, "plan").choice((1, 3, 100)), span_of(q)
    return await all_pages(
        lambda after: plan.page(graph, viewer, span=span, today=today_of(q), first=first, after=after)
    )


async def agendas(graph: Graph, viewer: Viewer, q: Question, _: World) -> object:
    found: list[Agenda | None] = []
    for event in q.events:
        try:
            found.append(await agenda(graph, viewer, event=event))
        except NoSuchEvent:
            found.append(None)
    return found


def agendas_expected(sight: Sight, q: Question) -> list[Agenda | None]:
    known = as_far_as_known(sight.world, sight.viewer)
    return [_agenda(known, event) if event in known.events else None for event in q.events]


def _agenda(known: World, id: EventId) -> Agenda:
    event = known.events[id]
    items = [
        AgendaItem(
            **{
                **item,
                "speakers": tuple(
                    AgendaSpeaker(one["expert"], one["role"], known.people[one["expert"]].name)
                    for one in item["speakers"]
                ),
            }
        )
        for item in agenda_of(known, id)
    ]
    return Agenda(id, 1, event.starts_at, event.ends_at, event.time_zone, tuple(items))


async def all_pages(ask: Callable[[Cursor | None], Awaitable[Page[T]]]) -> list[Page[T]]:
    pages = [await ask(None)]
    while pages[-1].has_next:
        pages.append(await ask(pages[-1].entries[-1][0]))
    return pages


TABLES = 6
"""Tables, and gaps, that are asked for in one case."""
DAYS = (date(2008, 12, 31), date(2014, 12, 31), date(2021, 6, 30), date(2022, 3, 1), date(2022, 9, 1), TODAY, TODAY)


def tables_of(q: Question, world: World) -> list[dict[str, Any]]:
    chance = chance_of(q, "coverage")
    within = {By.REGION: (None, "001", "002", "005"), By.COUNTRY: ("001", "002", "150"), By.LANGUAGE: (None,)}
    kinds = [chance.choice(list(By)) for _ in range(TABLES)]
    return [
        {
            "by": by,
            "topic": chance.choice((None, *world.topics)),
            "within": chance.choice(within[by]),
            "as_of": chance.choice(DAYS),
        }
        for by in kinds
    ]


async def tables(graph: Graph, viewer: Viewer, q: Question, world: World) -> object:
    found: list[Coverage | None] = []
    for asked in tables_of(q, world):
        try:
            found.append(await coverage(graph, viewer, **asked))
        except NoPlaces:
            found.append(None)
    return found


def gaps_of(q: Question, world: World) -> list[dict[str, Any]]:
    chance = chance_of(q, "gaps")
    # The languages of every network, those that its viewer may not know too.
    places: Mapping[By, list[str]] = {
        By.REGION: [*world.regions],
        By.COUNTRY: [*world.countries],
        By.LANGUAGE: ["ar", "en", "fr", "sw", "zh"],
    }
    kinds = [chance.choice(list(By)) for _ in range(TABLES)]
    return [
        {
            "by": by,
            "topic": chance.choice(list(world.topics)),
            "place": chance.choice(places[by]),
            "first": chance.choice((1, 2, 5, 20)),
        }
        for by in kinds
    ]


async def gaps(graph: Graph, viewer: Viewer, q: Question, world: World) -> object:
    return [await nearest(graph, viewer, **asked) for asked in gaps_of(q, world)]


def names_of(q: Question, world: World) -> tuple[str, list[str]]:
    """A noun with ids of it, one of which is a region's or an expert's in some questions."""
    chance = chance_of(q, "names")
    noun = chance.choice([label for label in LISTED if NOUNS[label].names])
    regions = IDS["Region"](world) if noun == "Country" else ()
    return noun, chance.sample([*IDS[noun](world), *regions, q.experts[0]], 2)


async def named(graph: Graph, viewer: Viewer, q: Question, world: World) -> object:
    noun, names = names_of(q, world)
    try:
        found = await filters.ids_of(graph, viewer, noun=noun, names=names)
    except UnknownFilterValue as error:
        return error.value
    return {name: sorted(ids) for name, ids in found.items()}


def named_expected(sight: Sight, q: Question) -> object:
    noun, names = names_of(q, sight.world)
    regions = IDS["Region"](sight.world) if noun == "Country" else ()
    unknown = [name for name in names if name not in (*IDS[noun](sight.world), *regions)]
    if unknown:
        return unknown[0]
    within = {name: [id for id in sight.world.countries if name in sight.regions_of(id)] for name in regions}
    return {name: sorted(within.get(name, [name])) for name in names}


async def resolved(graph: Graph, viewer: Viewer, q: Question, world: World) -> object:
    """The filter; or what is unknown, and whatever the error suggests that is not the name of a thing."""
    try:
        return await filters.resolve(graph, viewer, **cast("Any", q.written)), set()
    except UnknownFilterValue as error:
        everything = [world.countries, world.regions, world.languages, world.topics]
        things = [thing for kind in everything for thing in cast("Mapping[str, Any]", kind).values()]
        names = {thing.id for thing in things}
        names |= {(thing.names if hasattr(thing, "names") else thing.labels).in_language("en") for thing in things}
        return error.value, set(error.nearest) - names


def crowd_of(q: Question) -> int:
    """How many make a crowd: so few that who is hidden would make one, or as many as in earnest."""
    return chance_of(q, "crowd").choice((2, 3, 5, CROWD))


async def introduced(graph: Graph, viewer: Viewer, q: Question, _: World) -> object:
    return {one: await introductions(graph, viewer, to=one, crowd=crowd_of(q)) for one in q.experts}


def introduced_expected(sight: Sight, q: Question) -> object:
    return {one: introductions_of(sight, to=one, crowd=crowd_of(q)) for one in q.experts}


Way = Callable[[Asked, Sequence[str], int], Awaitable[Sequence[str]]]


async def by_passing(asked: Asked, named: Sequence[str], passages: int) -> Sequence[str]:
    return await asked.passing()


async def by_index(asked: Asked, named: Sequence[str], passages: int) -> Sequence[str]:
    """As many hits as there are passages to find: what must not be found would take the place of one that must."""
    try:
        return (await asked.near(named, hits=passages)).people
    except INDEX_FAULTS:  # the index's own, just after many vectors went; a search compares everybody then
        return await by_comparing(asked, named, passages)


async def by_comparing(asked: Asked, named: Sequence[str], passages: int) -> Sequence[str]:
    return await asked.by_comparing(named, told=100)


def candidates_by(way: Way | None) -> Callable[[Graph, Viewer, Question, World], Awaitable[object]]:
    """By one of the ways in which people are looked for, or as a search chooses."""

    async def ask(graph: Graph, viewer: Viewer, q: Question, world: World) -> object:
        asked = Asked(graph, viewer, q.words, q.vector, REVISION, lifts(world, q), q.only, LIMITS)
        if way is None:
            found = await candidates_for(
                graph,
                viewer,
                question=q.words,
                vector=q.vector,
                revision=REVISION,
                lifts=asked.lifts,
                only=q.only,
                people=100,
            )
        else:
            findable = Sight(world, viewer).candidates(question=q.words, vector=q.vector, only=ANYONE)
            named = await asked.named()
            people = await way(asked, named, max(sum(len(one.passages) for one in findable.values()), 3))
            found = (await asked.compared(people, named, told=100)).candidates
        return {
            one.expert: replace(
                one,
                passages=tuple(sorted(one.passages, key=lambda passage: passage.id)),
                expertise=tuple(sorted(one.expertise)),
            )
            for one in found
        }

    return ask


async def peers(graph: Graph, viewer: Viewer, q: Question, world: World) -> object:
    """What is looked for by each of the people; None for those who are not to be found."""
    found: dict[str, Likeness | None] = {}
    for expert in q.experts:
        try:
            found[expert] = await like_expert(graph, viewer, expert=expert)
        except NoSuchExpert:
            found[expert] = None
    return found


async def speakers_for(graph: Graph, viewer: Viewer, q: Question, world: World) -> object:
    found: dict[str, Likeness | None] = {}
    for event in q.events:
        try:
            found[event] = await like_event(graph, viewer, event=event)
        except NoSuchEvent:
            found[event] = None
    return found


async def panel_candidates(graph: Graph, viewer: Viewer, q: Question, world: World) -> object:
    found = await panellists(graph, viewer, **panel_of(q, world), fits={}, since=since_of(q))
    return {one.expert: one for one in found}


def panel_of(q: Question, world: World) -> dict[str, Any]:
    chance = chance_of(q, "panel")
    topics = chance.sample(sorted(world.topics), min(3, len(world.topics)))
    return {"event": EventId(q.events[0]), "topics": topics, "people": q.experts}


def since_of(q: Question) -> datetime:
    return datetime.combine(span_of(q).first, time(), UTC)


def lifts(world: World, q: Question) -> Lifts:
    near = Sight(world, Viewer.at_the_command_line()).near_topics(question=q.words, vector=q.vector)
    return lifts_of(list(near.values()), words_asked=len(words_of(q.words)))


async def topics_near(graph: Graph, viewer: Viewer, q: Question, world: World) -> object:
    found = await near_topics(graph, viewer, question=q.words, vector=q.vector, revision=REVISION)
    return {topic.id: replace(topic, broader=tuple(sorted(topic.broader))) for topic in found}


def scores_of_all(world: World, q: Question) -> list[Score]:
    """As if all passages and topics of everybody had earned their place, hidden ones too."""
    sight = Sight(world, Viewer.at_the_command_line())
    scores = [Score(ExpertId("nobody"), 0.5, 0.5, (), ())]
    confidence = (0.9, 0.5, 0.1)[q.first % 3]
    for id in q.experts:
        if (person := world.people.get(id)) is not None:
            evidence = [NearPassage(piece.id, 0.5, 0.0, False) for piece in sight.pieces(person) if piece.document]
            scores.append(Score(id, 0.5, 0.5, tuple(evidence), tuple(person.topics), confidence))
    return scores


async def descriptions(graph: Graph, viewer: Viewer, q: Question, world: World) -> object:
    return await described(
        graph,
        viewer,
        scores=scores_of_all(world, q),
        vector=np.array(q.vector, np.float32),
        language=q.language,
        needs=needed(q),
    )


async def strongest_first(graph: Graph, viewer: Viewer, q: Question, world: World) -> object:
    return [one.expert for one in await by_strength(graph, viewer, scores=scores_of_all(world, q), needs=needed(q))]


def strongest_first_expected(sight: Sight, q: Question) -> object:
    scores, needs = scores_of_all(sight.world, q), needed(q)
    if not needs.told:
        return [one.expert for one in scores]
    told = sight.described(scores, vector=q.vector, language=q.language, needs=needs)
    strengths = {match.expert.id: match.strength for match in told}
    # Of whom the viewer does not see in a list, no more than the score is known.
    return [
        one.expert
        for one in sorted(
            scores, key=lambda one: [*Strength].index(strengths.get(one.expert, Strength.of(one.confidence)))
        )
    ]


def needed(q: Question) -> Needs:
    """What the question says of whom it looks for: a language, a place, both or neither."""
    languages = [Need("a language", languages=(language,)) for language in sorted(q.only.languages)]
    places = [Need("a place", countries=q.countries)] if q.only.countries is not None else []
    return Needs((*languages, *places), frozenset(q.countries if places else ()))


# Nouns. What is asked of them is by chance, the same for what is asked and for what must be answered.


@dataclass(frozen=True, slots=True)
class Walk:
    """A list that is read in pages, forwards and backwards: of a noun, or what a relation leads to from some nodes."""

    label: str
    wanted: Connection
    relation: Relation | None = None
    of: str = ""
    ids: tuple[str, ...] = ()

    @property
    def edges(self) -> Edges:
        (edges,) = [item for _, item in self.wanted.items if isinstance(item, Edges)]
        return edges

    def spanning(self, span: PageSpan) -> Connection:
        return replace(self.wanted, span=span)


def chance_of(q: Question, of: str) -> random.Random:
    return random.Random(f"{of} {q.seed}")


def node_of(q: Question) -> Node:
    """All of a node, with one of its relations."""
    chance = chance_of(q, "node")
    label = chance.choice(list(NOUNS))
    return node_with(label, chance.choice(NOUNS[label].relations))


def list_of_nouns(q: Question) -> str:
    return chance_of(q, "list").choice(LISTED)


def ids_of(world: World, label: str) -> list[str]:
    return [*IDS[label](world), "nothing"]


async def nodes(graph: Graph, viewer: Viewer, q: Question, world: World) -> object:
    wanted = node_of(q)
    return await reading.nodes(graph, viewer, wanted=wanted, ids=ids_of(world, wanted.noun))


def nodes_expected(sight: Sight, q: Question) -> object:
    wanted = node_of(q)
    return told_of(sight, wanted)


def told_of(sight: Sight, wanted: Node) -> Mapping[str, object]:
    """What is told of all nodes of a noun."""
    told = Told.of(sight.world, sight.viewer)
    return {id: told.node(wanted, id) for id in ids_of(sight.world, wanted.noun) if id in told.nodes[wanted.noun]}


async def whole_list(graph: Graph, viewer: Viewer, q: Question, world: World) -> object:
    label = list_of_nouns(q)
    return await reading.page(graph, viewer, noun=label, wanted=list_of(label))


def whole_list_expected(sight: Sight, q: Question) -> object:
    told, label = Told.of(sight.world, sight.viewer), list_of_nouns(q)
    return told.connection(list_of(label), told.all_of(label), noun=label)


async def by_chance(graph: Graph, viewer: Viewer, q: Question, world: World) -> object:
    label, wanted = tree_by_chance(q, world)
    return await reading.page(graph, viewer, noun=label, wanted=wanted)


def by_chance_expected(sight: Sight, q: Question) -> object:
    told = Told.of(sight.world, sight.viewer)
    label, wanted = tree_by_chance(q, sight.world)
    return told.connection(wanted, told.all_of(label, wanted.language), noun=label)


def tree_by_chance(q: Question, world: World) -> tuple[str, Connection]:
    chance = chance_of(q, "tree")
    label = chance.choice(LISTED)
    return label, random_connection(chance, world, label, depth=2)


def walk_of_list(q: Question, world: World) -> Walk:
    chance = chance_of(q, "walk of list")
    label = chance.choice(LISTED)
    return Walk(label, _walked(chance, world, label, None))


def walk_of_relation(q: Question, world: World) -> Walk:
    chance = chance_of(q, "walk of relation")
    label = chance.choice(list(NOUNS))
    relation = chance.choice([one for one in NOUNS[label].relations if not one.is_one] or [None])
    if relation is None:
        label, relation = "Expert", NOUNS["Expert"].relations[1]
    ids = IDS[label](world)
    chosen = tuple(chance.sample(ids, min(len(ids), 3)))
    return Walk(relation.to, _walked(chance, world, relation.to, relation), relation, label, chosen)


def _walked(chance: random.Random, world: World, label: str, relation: Relation | None) -> Connection:
    noun = NOUNS[label]
    filter = random_filter(chance, world, noun, depth=1, relation=relation) if chance.random() < 0.5 else None
    node = Node(label, [("id", reading.Identity())])
    own = [(column.name, Value(column)) for column in (relation.columns if relation is not None else ())]
    items: list[tuple[str, Item]] = [
        ("total", Total()),
        (
            "page",
            PageInfo(
                [
                    ("next", "has_next_page"),
                    ("previous", "has_previous_page"),
                    ("start", "start_cursor"),
                    ("end", "end_cursor"),
                ]
            ),
        ),
        ("edges", Edges([("cursor", Cursors()), ("node", node), *own])),
    ]
    return Connection(
        PageSpan(chance.randint(1, 4)),
        items,
        filter=filter,
        order=random_order(chance, noun),
        language=chance.choice(UN_LANGUAGES),
    )


async def listed_in_pages(graph: Graph, viewer: Viewer, q: Question, world: World) -> object:
    walk = walk_of_list(q, world)

    async def ask(span: PageSpan) -> Mapping[str, Any]:
        return await reading.page(graph, viewer, noun=walk.label, wanted=walk.spanning(span))

    return await there_and_back(ask, walk.wanted.span.size)


def listed_in_pages_expected(sight: Sight, q: Question) -> object:
    told, walk = Told.of(sight.world, sight.viewer), walk_of_list(q, sight.world)
    entries = told.all_of(walk.label, walk.wanted.language)
    found = told.filtered(walk.wanted, entries, noun=walk.label)
    return there_and_back_expected([told.edge(walk.edges, one) for one in found], walk.wanted.span.size)


async def related_in_pages(graph: Graph, viewer: Viewer, q: Question, world: World) -> object:
    walk = walk_of_relation(q, world)
    assert walk.relation is not None
    answers = {}
    for id in walk.ids:

        async def ask(span: PageSpan, id: str = id) -> Mapping[str, Any]:
            wanted = Node(walk.of, [("list", Related(cast("Relation", walk.relation), walk.spanning(span)))])
            found = await reading.nodes(graph, viewer, wanted=wanted, ids=[id])
            return found[id]["list"] if id in found else {}

        if await ask(walk.wanted.span):
            answers[id] = await there_and_back(ask, walk.wanted.span.size)
    return answers


def related_in_pages_expected(sight: Sight, q: Question) -> object:
    told, walk = Told.of(sight.world, sight.viewer), walk_of_relation(q, sight.world)
    assert walk.relation is not None
    answers = {}
    for id in walk.ids:
        if id in told.nodes[walk.of]:
            entries = told.related(walk.of, id, walk.relation.name, walk.wanted.language)
            found = told.filtered(walk.wanted, entries, noun=walk.label, relation=walk.relation)
            answers[id] = there_and_back_expected([told.edge(walk.edges, one) for one in found], walk.wanted.span.size)
    return answers


async def there_and_back(ask: Callable[[PageSpan], Awaitable[Mapping[str, Any]]], size: int) -> object:
    """All pages of a list from its start, and all from its end, with what is wrong with the cursors in them."""
    walks = []
    for is_backward in (False, True):
        pages, cursor = [], None
        while True:
            span = PageSpan(
                size,
                after=None if is_backward else cursor,
                before=cursor if is_backward else None,
                is_backward=is_backward,
            )
            page = await ask(span)
            cursors = [edge.pop("cursor") for edge in page["edges"]]
            told = page["page"]
            assert (told.pop("start"), told.pop("end")) == ((cursors[0], cursors[-1]) if cursors else (None, None))
            pages.append(page)
            if not told["previous" if is_backward else "next"]:
                break
            cursor = cursors[0 if is_backward else -1]
        walks.append(pages)
    return walks


def there_and_back_expected(edges: list[dict[str, Any]], size: int) -> object:
    """The same pages, cut from the whole list."""
    places = range(0, len(edges), size) if edges else [0]
    forwards = [edges[place : place + size] for place in places]
    backwards = [edges[max(0, len(edges) - place - size) : len(edges) - place] for place in places]
    last = len(forwards) - 1
    return [
        [
            {"total": len(edges), "page": {"next": number < last, "previous": number > 0}, "edges": page}
            for number, page in enumerate(forwards)
        ],
        [
            {"total": len(edges), "page": {"next": number > 0, "previous": number < last}, "edges": page}
            for number, page in enumerate(backwards)
        ],
    ]


# GraphQL. The loaders ask the same functions; here it is seen that they are asked for the viewer, and nothing else is.

PERSON = """
fragment Known on Expert {
  id slug name headline otherNames email phone website orcid gender away joined country { code }
}
fragment Person on Expert {
  ...Known
  languages(first: 6) { edges { proficiency node { tag } } }
  expertise(first: 6) { edges { level since node { slug } } }
  affiliations(first: 6) { edges { role since until node { slug } } }
  workedIn(first: 5) { edges { node { code } } }
  talks(first: 4) { edges { role title node { slug speakers(first: 24) { edges { node { slug name email } } } } } }
  passages(first: 16) {
    edges { node { text title kind language source place occurredOn event { slug } } }
  }
}
"""

PARTS = (
    (
        "query ($first: Int!, $after: String, $filter: ExpertFilter) { experts(first: $first, after: $after, "
        "filter: $filter) { pageInfo { hasNextPage hasPreviousPage startCursor endCursor } "
        "edges { cursor node { ...Person } } } }",
        lambda sight, q: {"experts": connection_as_json(sight, q)},
    ),
    (
        "query ($expert: ID!, $other: ID!) { expert(id: $expert) { ...Person } "
        "node(id: $other) { ... on Expert { ...Person } } }",
        lambda sight, q: {
            "expert": person_as_json(sight, sight.experts_by_id([q.experts[0]]).get(q.experts[0])),
            "node": person_as_json(sight, sight.experts_by_id([q.experts[-2]]).get(q.experts[-2])),
        },
    ),
    (
        "query ($first: Int!, $topic: ID!) { topic(id: $topic) { slug broader { slug } "
        "narrower { edges { node { slug } } } exactMatches { edges { node { slug } } } "
        "experts(first: $first) { edges { node { ...Person } } } } }",
        lambda sight, q: {
            "topic": {
                "slug": q.topics[0],
                "broader": slug_of(sight.topics_broader_of(q.topics[:1]).get(q.topics[0])),
                "narrower": slugs(sight.topics_narrower_of(q.topics[:1]).get(q.topics[0], ())),
                "exactMatches": slugs(sight.topics_exact_matches_of(q.topics[:1]).get(q.topics[0], ())),
                "experts": people_as_json(sight, sight.topics_experts_of(q.topics[:1], first=q.first), q.topics[0]),
            }
        },
    ),
    (
        "query ($event: ID!) { event(id: $event) { slug topics { edges { node { slug } } } "
        "speakers(first: 24) { edges { role title node { ...Person } } } } "
        "events(first: 3) { edges { node { slug } } } }",
        lambda sight, q: {
            "event": {
                "slug": q.events[0],
                "topics": slugs(sight.events_topics_of(q.events[:1]).get(q.events[0], ())),
                "speakers": edges(
                    {"role": talk.role, "title": talk.title, "node": person_as_json(sight, expert)}
                    for expert, talk in sight.events_speakers_of(q.events[:1]).get(q.events[0], ())
                ),
            },
            "events": slugs(sight.events_page()),
        },
    ),
    (
        "query ($first: Int!, $country: ID!) { country(id: $country) { code regions { edges { node { code } } } "
        "experts(first: $first) { edges { node { ...Person } } } } "
        "countries(first: 100, filter: {experts: {some: {}}}) { edges { node { code } } } }",
        lambda sight, q: {
            "country": {
                "code": q.countries[0],
                "regions": edges(
                    {"node": {"code": one.id}}
                    for one in sight.countries_regions_of(q.countries[:1]).get(q.countries[0], ())
                ),
                "experts": people_as_json(
                    sight, sight.countries_experts_of(q.countries[:1], first=q.first), q.countries[0]
                ),
            },
            "countries": edges({"node": {"code": one.id}} for one in sight.countries_lived_in()),
        },
    ),
)
"""Documents and what they must answer; each case asks one, in turn."""


def context(graph: Graph, viewer: Viewer, **parts: object) -> Context:
    """A request's context; without a search, where nothing is searched, no encoder has to be loaded."""
    nothing: dict[str, Any] = dict.fromkeys(field.name for field in dataclasses.fields(OpenNetwork))
    open_network = OpenNetwork(**nothing | {"graph": graph} | parts)
    return Context.of(open_network, Visitor(viewer, account=None, session=None, csrf=""))


async def graphql(graph: Graph, viewer: Viewer, q: Question, world: World) -> object:
    document, _ = PARTS[q.part]
    after = await experts_after(graph, viewer, q.after) if "$after" in document else None
    variables = {
        "first": q.first,
        "after": after,
        "filter": filter_as_json(q),
        "expert": q.experts[0],
        "other": to_base64("Expert", q.experts[-2]),
        "topic": q.topics[0],
        "event": q.events[0],
        "country": to_base64("Country", q.countries[0]),
    }
    answer = await schema.execute(
        PERSON + document,
        variable_values={name: value for name, value in variables.items() if f"${name}:" in document},
        context_value=context(graph, viewer),
    )
    return answer.errors, keys_in(answer.data)


async def experts_after(graph: Graph, viewer: Viewer, after: Cursor | None) -> str | None:
    """A cursor of the list of experts after this key, which may be of somebody hidden; None if it has nobody."""
    wanted = Connection(PageSpan(1), [("edges", Edges([("cursor", Cursors())]))])
    found = await reading.page(graph, viewer, noun="Expert", wanted=wanted)
    if after is None or not found["edges"]:
        return None
    mark, *_ = json.loads(base64.urlsafe_b64decode(found["edges"][0]["cursor"]))
    key = json.dumps([mark, *_among_experts(after).key], separators=(",", ":"))
    return base64.urlsafe_b64encode(key.encode()).decode()


def _among_experts(after: Cursor) -> Cursor:
    """The place in the list of experts of a name and an id."""
    name, id = after.key
    return Cursor((sort_key(name), id))


def keys_in(answer: Any) -> Any:
    """An answer with the sort keys that are in its cursors, in place of the cursors."""
    if isinstance(answer, list):
        return [keys_in(one) for one in answer]
    if not isinstance(answer, dict):
        return answer
    return {
        name: json.loads(base64.urlsafe_b64decode(one))[1:]
        if one is not None and name.lower().endswith("cursor")
        else keys_in(one)
        for name, one in answer.items()
    }


def filter_as_json(q: Question) -> dict[str, Any]:
    """Where people live, what they speak and what they know, as the schema filters by."""
    wanted: list[dict[str, Any]] = []
    if q.only.countries:
        wanted.append({"country": {"code": {"in": sorted(q.only.countries)}}})
    wanted += [{"languages": {"some": {"node": {"tag": {"eq": language}}}}} for language in sorted(q.only.languages)]
    if q.only.topics:
        wanted.append({"expertise": {"some": {"node": {"named": sorted(q.only.topics)}}}})
    return {"and": wanted}


def graphql_expected(sight: Sight, q: Question) -> object:
    _, expected = PARTS[q.part]
    return None, expected(sight, q)


def connection_as_json(sight: Sight, q: Question) -> dict[str, Any]:
    only = ExpertFilter(q.only.countries or None, q.only.languages, topics=q.only.topics)
    after = _among_experts(q.after) if q.after and sight.seen() else None
    (page, *_) = sight.experts_pages(first=q.first, after=after, only=only)
    keys = [list(cursor.key) for cursor, _ in page.entries]
    return {
        "pageInfo": {
            "hasNextPage": page.has_next,
            "hasPreviousPage": after is not None,
            "startCursor": keys[0] if keys else None,
            "endCursor": keys[-1] if keys else None,
        },
        "edges": [
            {"cursor": key, "node": person_as_json(sight, one)}
            for key, (_, one) in zip(keys, page.entries, strict=True)
        ],
    }


def edges(of: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    return {"edges": list(of)}


def slugs(of: Iterable[Any]) -> dict[str, list[dict[str, Any]]]:
    return edges({"node": {"slug": one.id}} for one in of)


def slug_of(one: Any) -> dict[str, str] | None:
    return one and {"slug": one.id}


def people_as_json(sight: Sight, found: Mapping[Any, Sequence[Expert]], of: str) -> dict[str, list[dict[str, Any]]]:
    return edges({"node": person_as_json(sight, one)} for one in found.get(of, ()))


def known_as_json(expert: Expert) -> dict[str, Any]:
    return {
        "id": to_base64("Expert", expert.id),
        "slug": expert.id,
        "name": expert.name,
        "headline": expert.headline,
        "otherNames": list(expert.other_names),
        "email": expert.email,
        "phone": expert.phone,
        "website": expert.website,
        "orcid": expert.orcid,
        "gender": expert.gender and expert.gender.name,
        "away": [str(period) for period in expert.away],
        "joined": expert.joined and expert.joined.isoformat(),
        "country": expert.country and {"code": expert.country.id},
    }


def person_as_json(sight: Sight, expert: Expert | None) -> dict[str, Any] | None:
    if expert is None:
        return None
    id = expert.id

    def of(found: Mapping[ExpertId, Sequence[Any]]) -> Sequence[Any]:
        return found.get(id, ())

    return known_as_json(expert) | {
        "languages": edges(
            {"proficiency": one.level.name, "node": {"tag": one.language.id}}
            for one in of(sight.experts_languages_of([id]))
        ),
        "expertise": edges(
            {"level": one.level.name, "since": one.since, "node": {"slug": one.topic.id}}
            for one in of(sight.experts_expertise_of([id]))
        ),
        "affiliations": edges(
            {"role": one.role, "since": one.since, "until": one.until, "node": {"slug": one.organisation.id}}
            for one in of(sight.experts_affiliations_of([id]))
        ),
        "workedIn": edges({"node": {"code": one.id}} for one in of(sight.experts_worked_in_of([id]))),
        "talks": edges(
            {
                "role": one.role,
                "title": one.title,
                "node": {
                    "slug": one.event.id,
                    "speakers": edges(
                        {"node": {"slug": speaker.id, "name": speaker.name, "email": speaker.email}}
                        for speaker, _ in sight.events_speakers_of([one.event.id])[one.event.id]
                    ),
                },
            }
            for one in of(sight.experts_talks_of([id]))
        ),
        "passages": edges(
            {
                "node": {
                    "text": one.text,
                    "title": one.title,
                    "kind": one.kind,
                    "language": one.language,
                    "source": one.source,
                    "place": one.place,
                    "occurredOn": one.occurred_on and one.occurred_on.isoformat(),
                    "event": one.event and {"slug": one.event.id},
                }
            }
            for one in of(sight.experts_passages_of([id]))
        ),
    }


ENTRY_POINTS = (
    EntryPoint(
        "graph.experts.by_id",
        lambda graph, viewer, q, _: experts.by_id(graph, viewer, ids=q.experts),
        lambda sight, q: sight.experts_by_id(q.experts),
    ),
    EntryPoint(
        "graph.topics.page",
        pages_of_topics,
        lambda sight, q: sight.topics_pages(first=q.first, after=q.after),
        is_of_people=False,
    ),
    EntryPoint(
        "graph.countries.page",
        pages_of_countries,
        lambda sight, q: sight.countries_pages(first=q.first, after=q.after),
        is_of_people=False,
    ),
    EntryPoint(
        "graph.choices.of_language",
        lambda graph, viewer, q, _: choices.of_language(graph, viewer, language=page_language_of(q)),
        lambda sight, q: sight.choices_of_language(page_language_of(q)),
    ),
    EntryPoint(
        "graph.agenda.agenda",
        agendas,
        agendas_expected,
    ),
    EntryPoint(
        "graph.network.describe",
        lambda graph, viewer, *_: network.describe(graph, viewer),
        lambda sight, _: sight.network_describe(),
        is_of_people=False,
    ),
    EntryPoint(
        "graph.network.holdings",
        lambda graph, viewer, *_: network.holdings(graph, viewer),
        lambda sight, _: sight.network_holdings(),
    ),
    EntryPoint(
        "graph.achievements.of_span",
        lambda graph, viewer, q, _: achievements.of_span(graph, viewer, span=span_of(q)),
        lambda sight, q: sight.achievements_of_span(span_of(q)),
    ),
    EntryPoint("graph.achievements.page", achievements_listed, achievements_listed_expected),
    EntryPoint(
        "graph.plan.page",
        planned,
        lambda sight, q: sight.planned(span_of(q), today=today_of(q), first=chance_of(q, "plan").choice((1, 3, 100))),
    ),
    EntryPoint(
        "graph.coverage.table.coverage",
        tables,
        lambda sight, q: [coverage_of(sight, **asked) for asked in tables_of(q, sight.world)],
        part=1,
    ),
    EntryPoint(
        "graph.coverage.near.nearest",
        gaps,
        lambda sight, q: [nearest_of(sight, **asked) for asked in gaps_of(q, sight.world)],
        part=3,
    ),
    EntryPoint(
        "graph.suggestions.suggested",
        begun,
        lambda sight, q: [sight.suggested(text, first=q.first) for text in beginnings_of(q, sight.world)],
    ),
    EntryPoint("graph.people.introductions.introductions", introduced, introduced_expected, part=2),
    EntryPoint("graph.filters.ids_of", named, named_expected, is_of_people=False),
    EntryPoint("graph.filters.resolve", resolved, lambda sight, q: (sight.resolved(**q.written), set())),
    EntryPoint(
        "graph.search.candidates.passages_found",
        lambda graph, viewer, *_: passages_found(graph, viewer),
        lambda sight, _: sight.passages_found(),
    ),
    EntryPoint(
        "graph.search.passing.page",
        pages_of_passing,
        lambda sight, q: sight.passing(only=q.only, first=q.first, language=page_language_of(q)),
    ),
    EntryPoint(
        "graph.search.passing.count",
        lambda graph, viewer, q, _: count_passing(graph, viewer, only=q.only),
        lambda sight, q: len(sight.passing(only=q.only, first=1000)[0].entries),
    ),
    *(
        EntryPoint(
            "graph.search.candidates.candidates_for",
            candidates_by(way),
            lambda sight, q: sight.candidates(question=q.words, vector=q.vector, only=q.only),
        )
        for way in (None, by_passing, by_index, by_comparing)
    ),
    EntryPoint(
        "graph.search.like.like_expert", peers, lambda sight, q: {one: sight.like_expert(one) for one in q.experts}
    ),
    EntryPoint(
        "graph.search.like.like_event", speakers_for, lambda sight, q: {one: sight.like_event(one) for one in q.events}
    ),
    EntryPoint(
        "graph.panels.candidates.panellists",
        panel_candidates,
        lambda sight, q: sight.panellists(**panel_of(q, sight.world), since=since_of(q)),
    ),
    EntryPoint(
        "graph.search.candidates.near_topics",
        topics_near,
        lambda sight, q: sight.near_topics(question=q.words, vector=q.vector),
        is_of_people=False,
    ),
    EntryPoint("graph.search.matches.by_strength", strongest_first, strongest_first_expected),
    EntryPoint(
        "graph.search.matches.described",
        descriptions,
        lambda sight, q: sight.described(
            scores_of_all(sight.world, q), vector=q.vector, language=q.language, needs=needed(q)
        ),
    ),
    # All of them in the first three questions; tests/visibility/test_considered.py asks each in every one.
    *(EntryPoint(of, ask, told, part=number % 3) for number, (of, ask, told) in enumerate(OF_SPEAKERS)),
    EntryPoint("graph.reading.nodes", nodes, nodes_expected, part=0),
    EntryPoint("graph.reading.nodes", related_in_pages, related_in_pages_expected, part=1),
    EntryPoint("graph.reading.page", whole_list, whole_list_expected, part=2),
    EntryPoint("graph.reading.page", listed_in_pages, listed_in_pages_expected, part=3),
    EntryPoint("graph.reading.page", by_chance, by_chance_expected, part=4),
    EntryPoint("api.graphql", graphql, graphql_expected),
)

OF_PEOPLE = tuple(one for one in ENTRY_POINTS if one.is_of_people)
