"""How well questions find people, beside what else one could build on the same Neo4j, measured in one run.

Run it with ``python -m bench.quality``, or ``make quality``. The sample network is loaded into a folder of its own and
asked the labelled questions of tests/quality in four ways: (a) by Neo4j's full text alone, with Lucene's own score;
(b) by all-MiniLM-L6-v2 alone, its vectors as they are; (c) by neo4j-graphrag's HybridRetriever over our two indexes,
with our vectors and its own ranking; (d) by our search. A person's place is that of their best passage in (a) to (c).

Then it ranks once more without each part of (d), which shows what that part adds, and with what could be a part: talks
and resources on topics near the question, and how lately somebody spoke.
"""

import asyncio
import json
import os
import re
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from neo4j import GraphDatabase
from neo4j_graphrag.retrievers import HybridRetriever
from rich.console import Console
from rich.progress import track
from rich.table import Table

from graph.encoder import Encoder, QuestionEncoder, identity
from graph.encoder import load as load_encoder
from graph.encoder.joined import JoinedModels
from graph.encoder.kit import KIT
from graph.encoder.models import installed, models_folder
from graph.engine import Address, attach
from graph.evaluation import DEPTH, figures, interval
from graph.filters import ANYONE
from graph.graph import Graph
from graph.schema import migrate
from graph.search import EVERYBODY, Search
from graph.search.candidates import Candidate, Lifts, candidates_for, near_topics, words_of
from graph.search.scoring import lifts_of, ranked
from graph.settings import GraphSettings
from graph.values import TopicId
from graph.vectors import embed_waiting
from graph.viewer import Viewer
from ingest import load
from ingest.sample import SAMPLE

__all__ = ["main"]

LABELLED = Path(__file__).parents[1] / "tests" / "quality"
FILES = {"at hand": "questions.jsonl", "held back": "questions-held-back.jsonl"}
MINILM = "sentence-transformers/all-MiniLM-L6-v2"
OPERATOR = Viewer.at_the_command_line()
RARE_WORDS_APART = 7
"""Every seventh rare word is asked."""
HITS = 200
"""More passages than people are asked for, so that ten people are among them."""

WORDS_ALONE = """
CALL db.index.fulltext.queryNodes('passage_text_2', $words, {limit: $hits}) YIELD node, score
MATCH (e:Expert)-[:EVIDENCED_BY]->(node)
RETURN e.id AS expert, max(score) AS score ORDER BY score DESC, expert
"""

EXPERTS = (
    "MATCH (e:Expert)-[:EVIDENCED_BY]->(p:Passage) RETURN e.id AS expert, p.id AS id, p.text AS text ORDER BY p.id"
)

Way = Callable[[str], Awaitable[Sequence[str]]]
Part = Callable[[Sequence[Candidate], Lifts], tuple[Sequence[Candidate], Lifts]]


@dataclass(frozen=True, slots=True)
class _Passages:
    experts: Sequence[str]
    ids: Sequence[str]
    texts: Sequence[str]


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as home:
        settings = GraphSettings(home=Path(home), neo4j_uri=None, encoder="default")
        with attach(settings) as address:
            asyncio.run(_measure(settings, address))


async def _measure(settings: GraphSettings, address: Address) -> None:
    console = Console(width=170 if not os.isatty(1) else None)
    async with Graph.connect(address) as graph:
        console.print("Loading the sample network and encoding it …")
        await migrate(graph)
        await load(graph, OPERATOR, SAMPLE)
        encoder = load_encoder(settings)
        await embed_waiting(graph, encoder)
        rows = await graph.read(EXPERTS)
        passages = _Passages(*zip(*((row["expert"], row["id"], row["text"]) for row in rows), strict=True))
        async with _ways(settings, address, graph, encoder, passages) as ways:
            for name, file in FILES.items():
                labelled = [json.loads(line) for line in (LABELLED / file).read_text(encoding="utf-8").splitlines()]
                console.print(await _table(name, labelled, ways))
            console.print(await _parts(settings, graph, encoder))


@asynccontextmanager
async def _ways(
    settings: GraphSettings, address: Address, graph: Graph, encoder: Encoder, passages: _Passages
) -> AsyncIterator[Mapping[str, Way]]:
    auth = (address.user, address.password.get_secret_value())
    with GraphDatabase.driver(address.uri, auth=auth) as driver:
        async with QuestionEncoder(encoder) as questions:
            search = Search(graph, questions, identity(settings))

            async def ours(question: str) -> Sequence[str]:
                answer = await search.ask(OPERATOR, question, first=DEPTH)
                return [match.expert.id for match in answer.matches]

            yield {
                "(a) full text": _words_alone(graph),
                "(b) MiniLM": _minilm_alone(settings, passages),
                "(c) neo4j-graphrag": _hybrid(driver, encoder, passages),
                "(d) ours": ours,
            }


def _only(people: Sequence[Candidate], *, profiles: bool) -> Sequence[Candidate]:
    """The same people with their profiles alone, or with their evidence alone."""
    return [
        replace(one, passages=tuple(passage for passage in one.passages if passage.is_profile is profiles))
        for one in people
    ]


PARTS: Mapping[str, Part] = {
    "everything": lambda people, lifts: (people, lifts),
    "without profiles": lambda people, lifts: (_only(people, profiles=False), lifts),
    "without evidence": lambda people, lifts: (_only(people, profiles=True), lifts),
    "without topics": lambda people, lifts: (people, replace(lifts, near_topics={}, named_topics={})),
    "without named topics": lambda people, lifts: (people, replace(lifts, named_topics={})),
    "without words": lambda people, lifts: (people, replace(lifts, word=0.0)),
    "without names": lambda people, lifts: (people, replace(lifts, name=0.0)),
}


# What could be a part, for each person: the topics of what they gave a talk at or wrote, and 0 to 1 for how lately.
EXTRAS: Mapping[str, str] = {
    "talks": """
        MATCH (e:Expert)-[:SPOKE_AT]->(:Event)-[:COVERS]->(t:Topic)
        RETURN e.id AS expert, collect(DISTINCT t.id) AS told
    """,
    "resources": """
        MATCH (e:Expert)-[:AUTHORED]->(:Resource)-[:COVERS]->(t:Topic)
        RETURN e.id AS expert, collect(DISTINCT t.id) AS told
    """,
    "recency": """
        MATCH (e:Expert)-[:SPOKE_AT]->(v:Event) WHERE v.starts_at <= datetime.realtime()
        WITH e, max(v.starts_at) AS last
        RETURN e.id AS expert, exp(duration.inDays(last, datetime.realtime()).days / -730.0) AS told
    """,
}
WEIGHTS = (0.01, 0.05, 0.2)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A labelled question with all that a ranking is made of."""

    people: Sequence[Candidate]
    lifts: Lifts
    other_field: float
    fits: Sequence[str]

    def ndcg(self, part: Part) -> float:
        scores = ranked(*part(self.people, self.lifts), other_field=self.other_field)
        return figures([score.expert for score in scores], self.fits).ndcg

    def ndcg_with(self, extra: Mapping[str, float | Sequence[str]], weight: float) -> float:
        """With what could be a part, of this weight."""
        scores = ranked(self.people, self.lifts, other_field=self.other_field)
        nearest = max(self.lifts.near_topics.values(), default=1.0)

        def added(expert: str) -> float:
            told = extra.get(expert, 0.0)
            if isinstance(told, float):
                return weight * told
            return weight * max(
                (self.lifts.near_topics.get(TopicId(topic), 0.0) / nearest for topic in told), default=0.0
            )

        order = sorted(scores, key=lambda score: (-score.total - added(score.expert), score.expert))
        return figures([score.expert for score in order], self.fits).ndcg


async def _parts(settings: GraphSettings, graph: Graph, encoder: Encoder) -> Table:
    """nDCG@10 without each part of the ranking, before anybody is turned away."""
    labelled = {
        name: list(map(json.loads, (LABELLED / file).read_text(encoding="utf-8").splitlines()))
        for name, file in FILES.items()
    }
    labelled["rare words"] = _rare_words(await graph.read(EXPERTS))
    table = Table(f"nDCG@{DEPTH}", *labelled)
    asked = {
        name: [await _asked(settings, graph, encoder, one) for one in track(of, f"parts, {name}", transient=True)]
        for name, of in labelled.items()
    }
    for name, part in PARTS.items():
        table.add_row(name, *(f"{np.mean([one.ndcg(part) for one in of]):.3f}" for of in asked.values()))
    for name, statement in EXTRAS.items():
        extra = {row["expert"]: row["told"] for row in await graph.read(statement)}
        for weight in WEIGHTS:
            row = (f"{np.mean([one.ndcg_with(extra, weight) for one in of]):.3f}" for of in asked.values())
            table.add_row(f"with {name} x {weight}", *row)
    return table


def _rare_words(passages: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Capitalised words within a sentence that one person's passages have and nobody else's, as questions."""
    who: dict[str, set[str]] = {}
    for passage in passages:
        for word in re.findall(r"(?<=[a-z] )[A-Z][a-zA-Z-]{5,}", passage["text"]):
            who.setdefault(word, set()).add(passage["expert"])
    of_one = sorted(word for word, experts in who.items() if len(experts) == 1)
    return [{"question": word, "fits": sorted(who[word])} for word in of_one[::RARE_WORDS_APART]]


async def _asked(settings: GraphSettings, graph: Graph, encoder: Encoder, labelled: Mapping[str, Any]) -> _Asked:
    question = " ".join(labelled["question"].split())
    vector = encoder.encode_questions([question])[0]
    asked = {"question": question, "vector": vector.tolist(), "revision": identity(settings).revision}
    lifts = lifts_of(await near_topics(graph, OPERATOR, **asked), words_asked=len(words_of(question)))
    people = await candidates_for(graph, OPERATOR, **asked, lifts=lifts, only=ANYONE, people=EVERYBODY)
    return _Asked(people, lifts, float((encoder.other_fields @ vector).max()), labelled["fits"])


def _words_alone(graph: Graph) -> Way:
    async def ask(question: str) -> Sequence[str]:
        found = await graph.read(WORDS_ALONE, words=_plain(question), hits=HITS)
        return [row["expert"] for row in found]

    return ask


def _minilm_alone(settings: GraphSettings, passages: _Passages) -> Way:
    (folder,) = (model.folder(models_folder(settings)) for model in KIT if model.name == MINILM)
    models = JoinedModels(installed(settings.model_copy(update={"encoder": f"{folder}=1"})))
    vectors = models.encode_passages(passages.texts)

    async def ask(question: str) -> Sequence[str]:
        nearness = vectors @ models.encode_questions([question], ["en"])[0]
        return list(dict.fromkeys(passages.experts[at] for at in np.argsort(-nearness, kind="stable")))

    return ask


def _hybrid(driver: Any, encoder: Encoder, passages: _Passages) -> Way:
    retriever = HybridRetriever(driver, "passage_embedding", "passage_text_2", return_properties=["id"])
    of_passage: dict[str, list[str]] = {}
    for expert, id in zip(passages.experts, passages.ids, strict=True):
        of_passage.setdefault(id, []).append(expert)

    async def ask(question: str) -> Sequence[str]:
        vector = encoder.encode_questions([question])[0].tolist()
        found = await asyncio.to_thread(
            retriever.get_search_results, query_text=_plain(question), query_vector=vector, top_k=HITS
        )
        ids = [record["node"]["id"] for record in found.records]
        return list(dict.fromkeys(expert for id in ids for expert in of_passage.get(id, ())))

    return ask


def _plain(question: str) -> str:
    """A question without what Lucene takes for syntax, as both need it."""
    return " ".join(re.findall(r"\w+", question)).lower()


async def _table(name: str, labelled: Sequence[Mapping[str, Any]], ways: Mapping[str, Way]) -> Table:
    languages = list(dict.fromkeys(one["language"] for one in labelled))
    table = Table(f"nDCG@{DEPTH}, {name}", *languages, "all", "95%", "MRR", f"recall@{DEPTH}")
    for way, ask in ways.items():
        measured = [
            figures((await ask(one["question"]))[:DEPTH], one["fits"])
            for one in track(labelled, f"{way}, {name}", transient=True)
        ]
        low, high = interval([one.ndcg for one in measured])
        by_language = [
            np.mean([one.ndcg for one, of in zip(measured, labelled, strict=True) if of["language"] == language])
            for language in languages
        ]
        means = [np.mean([getattr(one, of) for one in measured]) for of in ("ndcg", "reciprocal_rank", "recall")]
        table.add_row(
            way,
            *(f"{mean:.3f}" for mean in (*by_language, means[0])),
            f"{low:.3f} to {high:.3f}",
            *(f"{mean:.3f}" for mean in means[1:]),
        )
    return table


if __name__ == "__main__":
    main()
