"""Every way into what is known of people: what is asked, and what must come back, to the last field and count."""

import asyncio
import dataclasses
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from strawberry.relay import to_base64

from api.door import Visitor
from api.graphql.context import Context
from api.graphql.schema import schema
from api.network import OpenNetwork
from graph import countries, events, experts, filters, languages, network, topics
from graph.filters import ExpertFilter, UnknownFilterValue
from graph.graph import Graph
from graph.search import candidates
from graph.search.candidates import (
    COMPARE_ALL_UP_TO,
    INDEX_HITS,
    WORD_HITS,
    NearPassage,
    near_topics,
    passages_found,
)
from graph.search.matches import described
from graph.search.scoring import Score
from graph.values import Cursor, Expert, ExpertId, Page
from graph.viewer import Viewer
from tests.visibility.networks import REVISION, Question
from tests.visibility.rules import Sight, World

__all__ = ["ENTRY_POINTS", "OF_PEOPLE", "EntryPoint", "answered", "context", "differences", "first_difference"]

AT_A_TIME = 3


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """A function of the graph room, or a document sent to the schema, and what it must answer."""

    of: str
    """The function's name, with its module; several entry points may ask one function in several ways."""
    ask: Callable[[Graph, Viewer, Question, World], Awaitable[Any]]
    expected: Callable[[Sight, Question], Any]
    is_of_people: bool = True
    """Whether people come into it at all; the rest is the same for every viewer, and need not be asked as often."""


async def differences(
    graph: Graph,
    world: World,
    viewer: Viewer,
    question: Question,
    *,
    of: "Sequence[EntryPoint] | None" = None,
) -> list[str]:
    """Where what comes back is not what must; empty if all is as it must be."""
    sight = Sight(world, viewer)
    asked = ENTRY_POINTS if of is None else of
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
        while found[-1].has_next:
            found.append(await pages_from(found[-1].entries[-1][0]))
        return found

    return walk


# What is asked, where it takes more than a call.


async def pages_of_experts(graph: Graph, viewer: Viewer, q: Question, world: World) -> list[Page[Expert]]:
    return await walked(lambda after: experts.page(graph, viewer, first=q.first, after=after, only=q.only))(q.after)


async def pages_of_topics(graph: Graph, viewer: Viewer, q: Question, world: World) -> object:
    return await walked(lambda after: topics.page(graph, viewer, first=q.first, after=after))(q.after)


async def pages_of_countries(graph: Graph, viewer: Viewer, q: Question, world: World) -> object:
    walk = walked(lambda after: countries.page(graph, viewer, first=q.first, after=after, with_experts=True))
    return await walk(q.after)


async def all_countries(graph: Graph, viewer: Viewer, q: Question, world: World) -> object:
    return await walked(lambda after: countries.page(graph, viewer, first=100, after=after))(q.after)


async def all_events(graph: Graph, viewer: Viewer, q: Question, world: World) -> object:
    walk = walked(lambda after: events.page(graph, viewer, first=q.first, after=after))
    return [event for page in await walk(None) for _, event in page.entries]


async def resolved(graph: Graph, viewer: Viewer, q: Question, world: World) -> object:
    """The filter; or what is unknown, and whatever the error suggests that is not the name of a thing."""
    try:
        return await filters.resolve(graph, viewer, **q.written), set()
    except UnknownFilterValue as error:
        everything = [world.countries, world.regions, world.languages, world.topics]
        things = [thing for kind in everything for thing in cast("Mapping[str, Any]", kind).values()]
        names = {thing.id for thing in things}
        names |= {(thing.names if hasattr(thing, "names") else thing.labels).in_language("en") for thing in things}
        return error.value, set(error.nearest) - names


def candidates_by(*, comparing: bool) -> Callable[[Graph, Viewer, Question, World], Awaitable[object]]:
    """By comparing all passages, or by the vector index, whatever comes of it."""

    async def ask(graph: Graph, viewer: Viewer, q: Question, world: World) -> object:
        # As many hits as there are passages to find: what must not be found would take the place of one that must.
        sight = Sight(world, viewer)
        in_countries = sight.candidates(question=q.words, vector=q.vector, only=ExpertFilter(q.only.countries))
        worded = sight.candidates(question=q.words, vector=q.vector, only=q.only)
        candidates.INDEX_HITS = max(sum(len(one.passages) for one in in_countries.values()), 3)
        candidates.WORD_HITS = max(sum(near.words > 0 for one in worded.values() for near in one.passages), 1)
        try:
            # Both are read before this waits for anything, so that others who ask meanwhile may set their own.
            found = await candidates.candidates_for(
                graph,
                viewer,
                question=q.words,
                vector=q.vector,
                revision=REVISION,
                only=q.only,
                people=100 if comparing else 0,
                passages=0 if comparing else COMPARE_ALL_UP_TO + 1,
            )
        finally:
            candidates.INDEX_HITS, candidates.WORD_HITS = INDEX_HITS, WORD_HITS
        return {
            one.expert: replace(
                one,
                passages=tuple(sorted(one.passages, key=lambda passage: passage.id)),
                expertise=tuple(sorted(one.expertise)),
            )
            for one in found
        }

    return ask


async def topics_near(graph: Graph, viewer: Viewer, q: Question, world: World) -> object:
    found = await near_topics(graph, viewer, question=q.words, vector=q.vector, revision=REVISION)
    return {topic.id: replace(topic, broader=tuple(sorted(topic.broader))) for topic in found}


def scores_of_all(world: World, q: Question) -> list[Score]:
    """As if all passages and topics of everybody had earned their place, hidden ones too."""
    sight = Sight(world, Viewer.at_the_command_line())
    scores = [Score(ExpertId("nobody"), 0.5, 0.5, (), ())]
    for id in q.experts:
        if (person := world.people.get(id)) is not None:
            evidence = [NearPassage(piece.id, 0.5, 0.0, False) for piece in sight.pieces(person) if piece.document]
            scores.append(Score(id, 0.5, 0.5, tuple(evidence), tuple(person.topics)))
    return scores


async def descriptions(graph: Graph, viewer: Viewer, q: Question, world: World) -> object:
    return await described(graph, viewer, scores=scores_of_all(world, q), language=q.language)


# GraphQL. The loaders ask the same functions; here it is seen that they are asked for the viewer, and nothing else is.

PERSON = """
fragment Known on Expert {
  id slug name headline otherNames email phone website orcid joined country { code }
}
fragment Person on Expert {
  ...Known
  languages { proficiency language { tag } }
  expertise { level since topic { slug } }
  affiliations { role since until organisation { slug } }
  workedIn { code }
  talks { role title event { slug speakers { expert { ...Known } } } }
  passages { text title kind language source place occurredOn event { slug } }
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
        "query ($first: Int!, $topic: ID!) { topic(id: $topic) { slug experts(first: $first) { ...Person } } }",
        lambda sight, q: {
            "topic": {
                "slug": q.topics[0],
                "experts": people_as_json(sight, sight.topics_experts_of(q.topics[:1], first=q.first), q.topics[0]),
            }
        },
    ),
    (
        "query ($event: ID!) { event(id: $event) { slug speakers { role title expert { ...Person } } } }",
        lambda sight, q: {
            "event": {
                "slug": q.events[0],
                "speakers": [
                    {"role": one.role, "title": one.title, "expert": person_as_json(sight, one.expert)}
                    for one in sight.events_speakers_of(q.events[:1]).get(q.events[0], [])
                ],
            }
        },
    ),
    (
        "query ($first: Int!, $country: ID!) { country(id: $country) { code experts(first: $first) { ...Person } } "
        "countries(first: 100, withExperts: true) { edges { node { code } } } }",
        lambda sight, q: {
            "country": {
                "code": q.countries[0],
                "experts": people_as_json(
                    sight, sight.countries_experts_of(q.countries[:1], first=q.first), q.countries[0]
                ),
            },
            "countries": {
                "edges": [
                    {"node": {"code": one.id}}
                    for page in sight.countries_pages(first=100, after=None, with_experts=True)
                    for _, one in page.entries
                ]
            },
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
    variables = {
        "first": q.first,
        "after": None if q.after is None else str(q.after),
        "filter": {
            "countries": sorted(q.only.countries or ()),
            "languages": sorted(q.only.languages),
            "topics": sorted(q.only.topics or ()),
        },
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
    return answer.errors, answer.data


def graphql_expected(sight: Sight, q: Question) -> object:
    _, expected = PARTS[q.part]
    return None, expected(sight, q)


def connection_as_json(sight: Sight, q: Question) -> dict[str, Any]:
    only = replace(q.only, countries=q.only.countries or None)
    (page, *_) = sight.experts_pages(first=q.first, after=q.after, only=only)
    cursors = [str(cursor) for cursor, _ in page.entries]
    return {
        "pageInfo": {
            "hasNextPage": page.has_next,
            "hasPreviousPage": q.after is not None,
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        },
        "edges": [{"cursor": str(cursor), "node": person_as_json(sight, one)} for cursor, one in page.entries],
    }


def people_as_json(sight: Sight, found: Mapping[Any, Sequence[Expert]], of: str) -> list[dict[str, Any] | None]:
    return [person_as_json(sight, one) for one in found.get(of, ())]


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
        "languages": [
            {"proficiency": one.level.name, "language": {"tag": one.language.id}}
            for one in of(sight.experts_languages_of([id]))
        ],
        "expertise": [
            {"level": one.level.name, "since": one.since, "topic": {"slug": one.topic.id}}
            for one in of(sight.experts_expertise_of([id]))
        ],
        "affiliations": [
            {"role": one.role, "since": one.since, "until": one.until, "organisation": {"slug": one.organisation.id}}
            for one in of(sight.experts_affiliations_of([id]))
        ],
        "workedIn": [{"code": one.id} for one in of(sight.experts_worked_in_of([id]))],
        "talks": [
            {
                "role": one.role,
                "title": one.title,
                "event": {
                    "slug": one.event.id,
                    "speakers": [
                        {"expert": known_as_json(speaker.expert)}
                        for speaker in sight.events_speakers_of([one.event.id])[one.event.id]
                    ],
                },
            }
            for one in of(sight.experts_talks_of([id]))
        ],
        "passages": [
            {
                "text": one.text,
                "title": one.title,
                "kind": one.kind,
                "language": one.language,
                "source": one.source,
                "place": one.place,
                "occurredOn": one.occurred_on and one.occurred_on.isoformat(),
                "event": one.event and {"slug": one.event.id},
            }
            for one in of(sight.experts_passages_of([id]))
        ],
    }


ENTRY_POINTS = (
    EntryPoint(
        "graph.experts.by_id",
        lambda graph, viewer, q, _: experts.by_id(graph, viewer, ids=q.experts),
        lambda sight, q: sight.experts_by_id(q.experts),
    ),
    EntryPoint(
        "graph.experts.page",
        pages_of_experts,
        lambda sight, q: sight.experts_pages(first=q.first, after=q.after, only=q.only),
    ),
    EntryPoint(
        "graph.experts.languages_of",
        lambda graph, viewer, q, _: experts.languages_of(graph, viewer, ids=q.experts),
        lambda sight, q: sight.experts_languages_of(q.experts),
    ),
    EntryPoint(
        "graph.experts.expertise_of",
        lambda graph, viewer, q, _: experts.expertise_of(graph, viewer, ids=q.experts),
        lambda sight, q: sight.experts_expertise_of(q.experts),
    ),
    EntryPoint(
        "graph.experts.affiliations_of",
        lambda graph, viewer, q, _: experts.affiliations_of(graph, viewer, ids=q.experts),
        lambda sight, q: sight.experts_affiliations_of(q.experts),
    ),
    EntryPoint(
        "graph.experts.worked_in_of",
        lambda graph, viewer, q, _: experts.worked_in_of(graph, viewer, ids=q.experts),
        lambda sight, q: sight.experts_worked_in_of(q.experts),
    ),
    EntryPoint(
        "graph.experts.talks_of",
        lambda graph, viewer, q, _: experts.talks_of(graph, viewer, ids=q.experts),
        lambda sight, q: sight.experts_talks_of(q.experts),
    ),
    EntryPoint(
        "graph.experts.passages_of",
        lambda graph, viewer, q, _: experts.passages_of(graph, viewer, ids=q.experts),
        lambda sight, q: sight.experts_passages_of(q.experts),
    ),
    EntryPoint(
        "graph.topics.by_id",
        lambda graph, viewer, q, _: topics.by_id(graph, viewer, ids=q.topics),
        lambda sight, q: sight.topics_by_id(q.topics),
        is_of_people=False,
    ),
    EntryPoint(
        "graph.topics.page",
        pages_of_topics,
        lambda sight, q: sight.topics_pages(first=q.first, after=q.after),
        is_of_people=False,
    ),
    EntryPoint(
        "graph.topics.broader_of",
        lambda graph, viewer, q, _: topics.broader_of(graph, viewer, ids=q.topics),
        lambda sight, q: sight.topics_broader_of(q.topics),
        is_of_people=False,
    ),
    EntryPoint(
        "graph.topics.narrower_of",
        lambda graph, viewer, q, _: topics.narrower_of(graph, viewer, ids=q.topics),
        lambda sight, q: sight.topics_narrower_of(q.topics),
        is_of_people=False,
    ),
    EntryPoint(
        "graph.topics.exact_matches_of",
        lambda graph, viewer, q, _: topics.exact_matches_of(graph, viewer, ids=q.topics),
        lambda sight, q: sight.topics_exact_matches_of(q.topics),
        is_of_people=False,
    ),
    EntryPoint(
        "graph.topics.experts_of",
        lambda graph, viewer, q, _: topics.experts_of(graph, viewer, ids=q.topics, first=q.first),
        lambda sight, q: sight.topics_experts_of(q.topics, first=q.first),
    ),
    EntryPoint(
        "graph.events.by_id",
        lambda graph, viewer, q, _: events.by_id(graph, viewer, ids=q.events),
        lambda sight, q: sight.events_by_id(q.events),
        is_of_people=False,
    ),
    EntryPoint("graph.events.page", all_events, lambda sight, _: sight.events_page(), is_of_people=False),
    EntryPoint(
        "graph.events.speakers_of",
        lambda graph, viewer, q, _: events.speakers_of(graph, viewer, ids=q.events),
        lambda sight, q: sight.events_speakers_of(q.events),
    ),
    EntryPoint(
        "graph.events.topics_of",
        lambda graph, viewer, q, _: events.topics_of(graph, viewer, ids=q.events),
        lambda sight, q: sight.events_topics_of(q.events),
        is_of_people=False,
    ),
    EntryPoint(
        "graph.countries.by_id",
        lambda graph, viewer, q, _: countries.by_id(graph, viewer, ids=q.countries),
        lambda sight, q: sight.countries_by_id(q.countries),
        is_of_people=False,
    ),
    EntryPoint(
        "graph.countries.page",
        all_countries,
        lambda sight, q: sight.countries_pages(first=100, after=q.after, with_experts=False),
        is_of_people=False,
    ),
    EntryPoint(
        "graph.countries.page",
        pages_of_countries,
        lambda sight, q: sight.countries_pages(first=q.first, after=q.after, with_experts=True),
    ),
    EntryPoint(
        "graph.countries.regions",
        lambda graph, viewer, *_: countries.regions(graph, viewer),
        lambda sight, _: sight.countries_regions(),
    ),
    EntryPoint(
        "graph.countries.regions_of",
        lambda graph, viewer, q, _: countries.regions_of(graph, viewer, ids=q.countries),
        lambda sight, q: sight.countries_regions_of(q.countries),
        is_of_people=False,
    ),
    EntryPoint(
        "graph.countries.experts_of",
        lambda graph, viewer, q, _: countries.experts_of(graph, viewer, ids=q.countries, first=q.first),
        lambda sight, q: sight.countries_experts_of(q.countries, first=q.first),
    ),
    EntryPoint(
        "graph.languages.spoken",
        lambda graph, viewer, *_: languages.spoken(graph, viewer),
        lambda sight, _: sight.languages_spoken(),
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
    EntryPoint("graph.filters.resolve", resolved, lambda sight, q: (sight.resolved(**q.written), set())),
    EntryPoint(
        "graph.search.candidates.passages_found",
        lambda graph, viewer, *_: passages_found(graph, viewer),
        lambda sight, _: sight.passages_found(),
    ),
    EntryPoint(
        "graph.search.candidates.candidates_for",
        candidates_by(comparing=True),
        lambda sight, q: sight.candidates(question=q.words, vector=q.vector, only=q.only),
    ),
    EntryPoint(
        "graph.search.candidates.candidates_for",
        candidates_by(comparing=False),
        lambda sight, q: sight.candidates(question=q.words, vector=q.vector, only=q.only),
    ),
    EntryPoint(
        "graph.search.candidates.near_topics",
        topics_near,
        lambda sight, q: sight.near_topics(question=q.words, vector=q.vector),
        is_of_people=False,
    ),
    EntryPoint(
        "graph.search.matches.described",
        descriptions,
        lambda sight, q: sight.described(scores_of_all(sight.world, q), language=q.language),
    ),
    EntryPoint("api.graphql", graphql, graphql_expected),
)

OF_PEOPLE = tuple(one for one in ENTRY_POINTS if one.is_of_people)
