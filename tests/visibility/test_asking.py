"""A whole search with the real encoder: the answer is what the rules make of the passages that the asker may find."""

import html
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from api.app import create_app
from api.door import Visitor, visitor_of
from api.embedding import Embedding
from api.graphql.schema import schema
from api.network import OpenNetwork
from graph.encoder import Encoder, QuestionEncoder, sure_language
from graph.filters import ANYONE, ExpertFilter
from graph.graph import Graph
from graph.search import NEAREST_TOPICS, Answer, Search, WhyNobody
from graph.search.candidates import words_of
from graph.search.needs import Needs, said_in
from graph.search.scoring import lifts_of, nobody_fits, ranked
from graph.settings import GraphSettings
from graph.vectors import embed_waiting
from graph.viewer import Viewer
from tests.visibility.entry_points import context, first_difference
from tests.visibility.networks import Question, empty, random_question, random_viewers, random_world, write
from tests.visibility.rules import Sight, World

# The encoder takes a while to load, and the machine may be busy.
pytestmark = pytest.mark.timeout(1800)

SEEDS = (1, 5, 6, 11)
VIEWERS = 8
QUESTIONS = 3

VECTORS = "MATCH (n:Passage|Topic) WHERE n.embedding IS NOT NULL RETURN n.id AS id, n.embedding AS vector"
MATCH = """
query ($question: String!, $first: Int!, $filter: MatchFilter) {
  matchExperts(question: $question, first: $first, filter: $filter) {
    nobody
    suggestedFilters { said languages countries regions topics }
    edges { score strength unmet node { slug name headline email country { code } } evidence { passage { text } } }
  }
}
"""


@pytest.fixture(scope="module")
async def asked(encoder: Encoder) -> AsyncIterator[QuestionEncoder]:
    async with QuestionEncoder(encoder) as questions:
        await questions.encoder()
        yield questions


async def expected(sight: Sight, question: Question, encoder: QuestionEncoder) -> Answer:
    """What a search must answer, by the product's own arithmetic over what the rules let be found."""
    vector = await encoder.encode(question.words)
    language = sure_language(question.words)
    near = list(sight.near_topics(question=question.words, vector=vector.tolist()).values())
    needs = Needs(said_in(question.words))
    suggested = needs.beyond(question.only, near)
    found = list(sight.candidates(question=question.words, vector=vector.tolist(), only=question.only).values())
    if not found:
        why = WhyNobody.NO_EVIDENCE if question.only == ANYONE else WhyNobody.FILTERED
        return Answer((), why, language, suggested)
    other_field = float(((await encoder.encoder()).other_fields @ vector).max())
    lifts = lifts_of(near, words_asked=len(words_of(question.words)))
    scores = ranked(found, lifts, other_field=other_field)
    if nobody_fits(found, scores, near, other_field=other_field):
        nearest = sorted(near, key=lambda topic: (-topic.named, -topic.similarity, topic.id))[:NEAREST_TOPICS]
        return Answer((), WhyNobody.OUTSIDE, language, suggested, tuple(topic.id for topic in nearest))
    told = sight.described(scores, vector=vector.tolist(), language=language, needs=needs)
    if needs.told:
        named = {one.expert for one in found if one.is_named}
        told.sort(key=lambda match: (match.expert.id not in named, ["strong", "good", "weak"].index(match.strength)))
    return Answer(tuple(told[: question.first]), None, language, suggested)


async def by_graphql(graph: Graph, search: Search, viewer: Viewer, question: Question) -> object:
    answer = await schema.execute(
        MATCH,
        variable_values={
            "question": question.words,
            "first": question.first,
            "filter": {
                "countries": sorted(question.only.countries or ()),
                "languages": sorted(question.only.languages),
                "topics": sorted(question.only.topics or ()),
                "languageLevel": question.only.language_level.name,
                "workedIn": sorted(question.only.worked_in or ()),
                "organisations": sorted(question.only.organisations or ()),
                "organisationKinds": sorted(question.only.organisation_kinds or ()),
                "spokeAt": sorted(question.only.spoke_at or ()),
                "available": "/".join(map(str, question.only.available)) if question.only.available else None,
                "activeSince": str(question.only.active_since) if question.only.active_since else None,
            },
        },
        context_value=context(graph, viewer, search=search),
    )
    assert answer.errors is None
    assert answer.data is not None
    return answer.data["matchExperts"]


def can_be_written(only: ExpertFilter) -> bool:
    """Whether a filter can be asked of the schema by everybody: by no empty set, days counted in months, or gender."""
    is_empty = frozenset() in (only.countries, only.organisations)
    return not is_empty and only.not_invited_since is None and only.genders is None


def on_the_page(page: str) -> object:
    """The people of the first page's answer: names in order, addresses, and all the evidence."""
    text = html.unescape(page)
    return (
        re.findall(r"<h2 id=[^>]*><a [^>]*><bdi>(.*?)</bdi></a></h2>", text),
        re.findall(r'href="mailto:(.*?)"', text),
        re.findall(r"<blockquote.*?<p>(.*?)</p>", text, re.DOTALL),
    )


def as_page(answer: Answer) -> object:
    people = [one.expert for one in answer.matches]
    return (
        [one.name for one in people],
        [one.email for one in people if one.email is not None],
        [evidence.passage.text for one in answer.matches for evidence in one.evidence],
    )


def as_json(answer: Answer) -> object:
    return {
        "nobody": answer.nobody and answer.nobody.name,
        "suggestedFilters": [
            {
                "said": one.said,
                "languages": list(one.languages),
                "countries": list(one.countries),
                "regions": list(one.regions),
                "topics": list(one.topics),
            }
            for one in answer.suggested
        ],
        "edges": [
            {
                "score": one.score,
                "strength": one.strength.name,
                "unmet": list(one.unmet),
                "node": {
                    "slug": one.expert.id,
                    "name": one.expert.name,
                    "headline": one.expert.headline,
                    "email": one.expert.email,
                    "country": one.expert.country and {"code": one.expert.country.id},
                },
                "evidence": [{"passage": {"text": evidence.passage.text}} for evidence in one.evidence],
            }
            for one in answer.matches
        ],
    }


def of_one_sentence(_id: str, _text: str) -> tuple[()]:
    """The texts of these networks are words without an end of a sentence."""
    return ()


def cases(world: World, seed: int) -> list[tuple[Viewer, Question]]:
    viewers = random_viewers(world, seed=seed, how_many=VIEWERS)
    return [
        (viewer, random_question(world, seed=f"{seed} {number} {asked}"))
        for number, viewer in enumerate(viewers)
        for asked in range(QUESTIONS)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
async def test_a_search_answers_with_what_may_be_found(
    network: Graph, encoder: Encoder, asked: QuestionEncoder, seed: int
) -> None:
    world = random_world(seed)
    await empty(network)
    await network.transact(lambda tx: write(tx, world))
    await embed_waiting(network, encoder)
    vectors = {row["id"]: row["vector"] for row in await network.read(VECTORS)}
    search = Search(network, asked, encoder.identity)

    answered = 0
    for viewer, question in cases(world, seed):
        must_be = await expected(Sight(world, viewer, vectors.__getitem__, of_one_sentence), question, asked)
        answer = await search.ask(viewer, question.words, first=question.first, only=question.only)

        assert first_difference(must_be, answer) is None, f"{viewer} asks {question}"
        if can_be_written(question.only):
            through_the_schema = await by_graphql(network, search, viewer, question)
            assert first_difference(as_json(must_be), through_the_schema) is None, f"{viewer} asks {question}"
        answered += bool(answer.matches)

    assert answered > 0


@pytest.mark.slow
async def test_the_first_page_shows_what_may_be_found(
    network: Graph, encoder: Encoder, asked: QuestionEncoder, graph_settings: GraphSettings
) -> None:
    world = random_world(SEEDS[0])
    await empty(network)
    await network.transact(lambda tx: write(tx, world))
    await embed_waiting(network, encoder)
    vectors = {row["id"]: row["vector"] for row in await network.read(VECTORS)}
    search = Search(network, asked, encoder.identity)
    app = create_app(graph_settings)
    app.state.network = OpenNetwork(network, search, asked, Embedding(network, asked))

    answered = 0
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as browser:
        for viewer, question in cases(world, SEEDS[0]):
            unfiltered = replace(question, only=ANYONE, first=10)
            must_be = await expected(Sight(world, viewer, vectors.__getitem__, of_one_sentence), unfiltered, asked)
            visitor = Visitor(viewer, account=None, session=None, csrf="")
            app.dependency_overrides[visitor_of] = lambda visitor=visitor: visitor
            page = await browser.get("/", params={"q": question.words})

            assert on_the_page(page.text) == as_page(must_be), f"{viewer} asks {question}"
            answered += bool(must_be.matches)

    assert answered > 0
