"""What a search costs in networks of 1,000, 10,000 and 100,000 people, how many it misses, and how many are answered.

Run it with ``python -m bench.scale``; ``--people 1000,10000`` chooses sizes, ``--home FOLDER`` keeps the networks for
the next time, ``--markdown`` prints the tables for a document. The sample network is loaded and embedded once, with the
real encoder; the rest of each network are copies of its people (bench.copies), each with a profile and two pieces of
evidence, whose vectors are the real ones with noise: unit(real + noise), the noise .75 long. Copies are written by
direct Cypher, which is not what the loader does (bench.loading measures that), and the vector index is made afterwards.

Each question is asked with each filter by turns, so that a busy machine slows all alike: once as a whole, and once in
other words that were encoded before, which leaves the search without its encoder. The encoder remembers questions, so
no two are the same. Then the first ten of candidates_for and ranked are compared with the first ten of everybody who
passes (bench.exhaustive), and sixteen ask at once for some seconds, beside sixteen who only have questions encoded.
"""

import argparse
import asyncio
import itertools
import json
import os
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import mean, median, quantiles
from typing import Any, LiteralString

import psutil
import uvloop
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bench.copies import Copies, Sample, sample_in, write
from bench.exhaustive import Everybody, words_shared
from graph.encoder import QuestionEncoder, identity
from graph.encoder import load as load_encoder
from graph.engine import Address, attach, status, stop
from graph.filters import ANYONE, ExpertFilter, resolve
from graph.graph import Graph, Row
from graph.schema import migrate
from graph.search import Search
from graph.search.candidates import candidates_for, near_topics, words_of
from graph.search.scoring import lifts_of, ranked
from graph.settings import GraphSettings
from graph.values import LanguageLevel, OrganisationId
from graph.vectors import CREATE_INDEX, DROP_INDEX, embed_waiting
from graph.viewer import Viewer
from ingest import load
from ingest.sample import SAMPLE

__all__ = ["main", "recall"]

QUESTIONS = Path(__file__).parents[1] / "tests" / "quality" / "questions.jsonl"
OPERATOR = Viewer.at_the_command_line()
PEOPLE = (1_000, 10_000, 100_000)
HEAP_MB, PAGE_CACHE_MB = 1_024, 2_048
ASKED = 24
WARM_UP = 6
FIRST = 10
CLIENTS = 16
TOGETHER_S = 8.0
BLOCKS = 2
TARGET_GROWTH, TARGET_SHARE, TARGET_RECALL = 2.0, 0.8, 0.99

POPULATED: LiteralString = """
SHOW VECTOR INDEXES YIELD id, name, state, populationPercent
WHERE name = 'passage_embedding'
RETURN id, state, populationPercent AS percent
"""
PASSAGES: LiteralString = "MATCH (p:Passage) WHERE p.embedding IS NOT NULL RETURN count(p) AS passages"
ONE_VECTOR: LiteralString = "MATCH (p:Passage {id: $id}) RETURN p.embedding AS vector"

STEPS = {
    "encoder's name": "MATCH (w:Encoder",
    "near topics": "topic_labels",
    "by index": "VECTOR INDEX",
    "by comparing all": "avg(similarity)",
    "best of these": "$told",
    "by name": "e.other_names",
    "by words": "size(hits) AS hits, COLLECT",
    "by topic": "t.id IN $named",
    "who passes": "LIMIT $most",
    "described": "UNWIND $scores",
    "how many passages": "AS passages",
    "regions": "IN_REGION",
}
"""The statements of a search by what only they say; what comes first counts."""


@dataclass
class _Watched:
    """A graph that remembers how long each statement took, in milliseconds, by its step."""

    graph: Graph
    taken_ms: list[tuple[str, float]] = field(default_factory=list)

    async def read(self, cypher: LiteralString, **parameters: Any) -> list[Row]:
        begun = time.perf_counter()
        rows = await self.graph.read(cypher, **parameters)
        step = next((step for step, said in STEPS.items() if said in cypher), "other")
        self.taken_ms.append((step, (time.perf_counter() - begun) * 1e3))
        return rows


@dataclass
class _Filtered:
    """What was measured of searches with one filter."""

    only: ExpertFilter
    passing: int = 0
    whole_ms: list[float] = field(default_factory=list)
    without_encoder_ms: list[float] = field(default_factory=list)
    steps: list[list[tuple[str, float]]] = field(default_factory=list)
    recall: float = 0.0


@dataclass(frozen=True, slots=True)
class _Rate:
    """Questions a second, and what each takes of processors: in the database's process, and in ours."""

    a_second: float
    database_ms: float
    python_ms: float

    @classmethod
    def mean(cls, rates: Sequence["_Rate"]) -> "_Rate":
        return cls(
            *(mean(told) for told in zip(*((r.a_second, r.database_ms, r.python_ms) for r in rates), strict=True))
        )


@dataclass
class _Figures:
    """What was measured of one network."""

    people: int
    passages: int
    written_per_s: float
    indexed_s: float
    store_mb: float
    index_mb: float
    database_mb: float = 0.0
    python_mb: float = 0.0
    searched: _Rate = _Rate(0.0, 0.0, 0.0)
    encoded: _Rate = _Rate(0.0, 0.0, 0.0)
    filters: dict[str, _Filtered] = field(default_factory=dict)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=lambda sizes: [int(size) for size in sizes.split(",")], default=list(PEOPLE))
    parser.add_argument("--questions", type=int, default=ASKED, help="how many are asked with each filter")
    parser.add_argument("--home", type=Path)
    parser.add_argument("--markdown", action="store_true")
    arguments = parser.parse_args()
    with ExitStack() as held:
        home = arguments.home or Path(held.enter_context(tempfile.TemporaryDirectory()))
        progress = held.enter_context(_progress())
        sample = _embedded(home / "sample", progress)
        figures = []
        for people in sorted(arguments.people):
            copies = Copies(sample, max(people - len(sample.people), 0))
            settings = _loaded(home / str(people), home / "sample", copies, progress)
            with attach(settings) as address:
                measured = uvloop.run(_measured(settings, address, copies, arguments.questions, progress))
            stop(settings)
            figures.append(measured)
            for table in _tables(measured):
                table.print(progress.console, markdown=arguments.markdown)
        for table in (_whole(figures), _together(figures), _growth(figures)):
            table.print(progress.console, markdown=arguments.markdown)
        progress.console.print(_verdict(figures))


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(highlight=False, width=150 if not os.isatty(1) else None))


def _settings(home: Path) -> GraphSettings:
    # The same for all sizes, and more than a laptop's network gets, so that the largest fits.
    return GraphSettings(
        home=home, neo4j_uri=None, encoder="default", engine_heap_mb=HEAP_MB, engine_page_cache_mb=PAGE_CACHE_MB
    )


def _embedded(home: Path, progress: Progress) -> Sample:
    """The sample network, loaded and embedded unless it was before."""
    settings = _settings(home)

    async def made(address: Address) -> Sample:
        async with Graph.connect(address) as graph:
            if not (home / "loaded").exists():
                task = progress.add_task("the sample network embedded", total=None)
                await migrate(graph)
                report = await load(graph, OPERATOR, SAMPLE)
                assert report.is_complete, report.to_text()
                encoder = await asyncio.to_thread(load_encoder, settings)
                await embed_waiting(
                    graph, encoder, progress=lambda done, total: progress.update(task, completed=done, total=total)
                )
                (home / "loaded").touch()
            return await sample_in(graph)

    with attach(settings) as address:
        sample = uvloop.run(made(address))
    stop(settings)
    return sample


def _loaded(home: Path, sample_home: Path, copies: Copies, progress: Progress) -> GraphSettings:
    """A network with these copies, written unless it was before; its engine is stopped, so all of it is on the disk."""
    settings = _settings(home)
    told = home / "loaded.json"
    if told.exists():
        return settings
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(sample_home, home)
    with attach(settings) as address:
        took = uvloop.run(_written(settings, address, copies, progress))
    stop(settings)
    told.write_text(json.dumps(took), encoding="utf-8")
    return settings


async def _written(
    settings: GraphSettings, address: Address, copies: Copies, progress: Progress
) -> Mapping[str, float]:
    """Seconds to write the copies, and to make the vector index."""
    encoder = identity(settings)
    async with Graph.connect(address) as graph:
        await graph.write(DROP_INDEX)
        task = progress.add_task(f"{copies.how_many:,} people written", total=copies.how_many)
        begun = time.perf_counter()
        async for people in write(graph, copies, revision=encoder.revision):
            progress.advance(task, people)
        await graph.read("CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()", timeout_s=300.0)
        written = time.perf_counter()
        await graph.write(CREATE_INDEX, dimensions=encoder.dimensions)
        task = progress.add_task(f"vector index of {copies.how_many:,} people, %", total=100)
        while (index := (await graph.read(POPULATED))[0])["state"] != "ONLINE":
            assert index["state"] == "POPULATING", index
            progress.update(task, completed=int(index["percent"]))
            await asyncio.sleep(0.5)
        progress.update(task, completed=100)
        return {"written_s": written - begun, "indexed_s": time.perf_counter() - written}


async def _measured(
    settings: GraphSettings, address: Address, copies: Copies, asked: int, progress: Progress
) -> _Figures:
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines][:: max(len(lines) // asked, 1)][:asked]
    async with (
        Graph.connect(address) as graph,
        QuestionEncoder(lambda: load_encoder(settings)) as encoder,
    ):
        await encoder.encoder()
        figures = await _stored(graph, settings, copies)
        asking = _Asking(graph, encoder, settings, questions)
        await asking.by_turns(figures, progress)
        await asking.together(figures, progress)
        figures.database_mb = (status(settings).memory_bytes or 0) / 1e6
        figures.python_mb = psutil.Process().memory_info().rss / 1e6
        everybody = await asyncio.to_thread(Everybody.of, copies)
        await _same_vectors(graph, everybody)
        task = progress.add_task(f"{figures.people:,} people compared", total=len(figures.filters) * len(questions))
        for one in figures.filters.values():
            one.passing = len(everybody.passing(one.only))
            found = []
            for question in questions:
                found.append(await recall(graph, encoder, everybody, question=question, only=one.only))
                progress.advance(task)
            one.recall = mean(found)
    return figures


async def _stored(graph: Graph, settings: GraphSettings, copies: Copies) -> _Figures:
    """What is known of a network before it is asked."""
    took = json.loads((settings.home / "loaded.json").read_text(encoding="utf-8"))
    database = settings.home / "graph" / "data" / "databases" / "neo4j"
    index = (await graph.read(POPULATED))[0]["id"]
    (index_folder,) = database.glob(f"schema/index/vector-*/{index}")
    return _Figures(
        people=copies.how_many + len(copies.sample.people),
        passages=(await graph.read(PASSAGES, timeout_s=60.0))[0]["passages"],
        written_per_s=copies.how_many / took["written_s"],
        indexed_s=took["indexed_s"],
        store_mb=_size_mb(database),
        index_mb=_size_mb(index_folder),
        filters={name: _Filtered(only) for name, only in (await _filters(graph)).items()},
    )


async def _filters(graph: Graph) -> Mapping[str, ExpertFilter]:
    """The filters that are measured, by their names; of the sample's people 150, 83, 15, 2, 0 and 18 pass."""
    return {
        "nobody is left out": ANYONE,
        "wide: fluent English": await resolve(graph, OPERATOR, languages=["en"], language_level=LanguageLevel.FLUENT),
        "middle: Western Asia": await resolve(graph, OPERATOR, regions=["145"]),
        "narrow: Kenya": await resolve(graph, OPERATOR, countries=["KE"]),
        "very narrow: an organisation": ExpertFilter(organisations=frozenset({OrganisationId("copied-0")})),
        "topic: religious sites": await resolve(graph, OPERATOR, topics=["religious-sites"]),
    }


@dataclass
class _Asking:
    """Questions put to one network; no two are the same, since the encoder remembers them."""

    graph: Graph
    encoder: QuestionEncoder
    settings: GraphSettings
    questions: Sequence[str]
    numbers: Iterator[int] = field(default_factory=itertools.count)

    async def by_turns(self, figures: _Figures, progress: Progress) -> None:
        """Each question with each filter, as a whole and without its encoder."""
        watched = _Watched(self.graph)
        search = Search(watched, self.encoder, identity(self.settings))  # type: ignore[arg-type]
        rounds = [*self.questions[:WARM_UP], *self.questions]
        task = progress.add_task(f"{figures.people:,} people asked for", total=len(rounds) * len(figures.filters))
        for place, question in enumerate(rounds):
            for one in figures.filters.values():
                begun = time.perf_counter()
                await search.ask(OPERATOR, self._anew(question), only=one.only)
                whole_ms = (time.perf_counter() - begun) * 1e3
                other = self._anew(question)
                await self.encoder.encode(other)
                watched.taken_ms.clear()
                begun = time.perf_counter()
                await search.ask(OPERATOR, other, only=one.only)
                if place >= WARM_UP:
                    one.whole_ms.append(whole_ms)
                    one.without_encoder_ms.append((time.perf_counter() - begun) * 1e3)
                    one.steps.append(list(watched.taken_ms))
                progress.advance(task)

    async def together(self, figures: _Figures, progress: Progress) -> None:
        """Sixteen ask at once, and sixteen have questions encoded at once, in blocks by turns."""
        search = Search(self.graph, self.encoder, identity(self.settings))
        ways: dict[str, Callable[[str], Awaitable[object]]] = {
            "searched": lambda question: search.ask(OPERATOR, question),
            "encoded": self.encoder.encode,
        }
        rates: dict[str, list[_Rate]] = {way: [] for way in ways}
        task = progress.add_task(f"{CLIENTS} at once, people: {figures.people:,}", total=BLOCKS * len(ways))
        for _ in range(BLOCKS):
            for way, ask in ways.items():
                rates[way].append(await self._rate(ask))
                progress.advance(task)
        figures.searched, figures.encoded = map(_Rate.mean, rates.values())

    async def _rate(self, ask: Callable[[str], Awaitable[object]]) -> _Rate:
        database, python = psutil.Process(status(self.settings).pid), psutil.Process()
        spent = [sum(process.cpu_times()[:2]) for process in (database, python)]
        begun = time.perf_counter()
        done = 0

        async def client(questions: Iterator[str]) -> None:
            nonlocal done
            while time.perf_counter() - begun < TOGETHER_S:
                await ask(self._anew(next(questions)))
                done += 1

        questions = itertools.cycle(self.questions)
        await asyncio.gather(*(client(questions) for _ in range(CLIENTS)))
        took = time.perf_counter() - begun
        of_database, of_python = (
            (sum(process.cpu_times()[:2]) - before) * 1e3 / done
            for process, before in zip((database, python), spent, strict=True)
        )
        return _Rate(done / took, of_database, of_python)

    def _anew(self, question: str) -> str:
        return f"{question} ({next(self.numbers)})"


async def recall(
    graph: Graph, encoder: QuestionEncoder, everybody: Everybody, *, question: str, only: ExpertFilter
) -> float:
    """The share of the best ten who pass a filter, by comparing everybody, that are a search's first ten; 0 to 1."""
    vector = await encoder.encode(question)
    revision = (await encoder.encoder()).identity.revision
    asked: dict[str, Any] = {"question": question, "vector": vector.tolist(), "revision": revision}
    near = await near_topics(graph, OPERATOR, **asked)
    lifts = lifts_of(near, words_asked=len(words_of(question)))
    found = await candidates_for(graph, OPERATOR, **asked, lifts=lifts, only=only, people=FIRST)
    first = {score.expert for score in ranked(found, lifts, other_field=0.0)[:FIRST]}
    words = await words_shared(graph, question, lifts, reach=OPERATOR.reach)
    named = {one.expert for one in found if one.is_named}
    among = everybody.passing(only)
    best = await asyncio.to_thread(everybody.best, vector, lifts, among=among, words=words, named=named, first=FIRST)
    return len(first & set(best)) / len(best) if best else 1.0


async def _same_vectors(graph: Graph, everybody: Everybody) -> None:
    """Make sure that everybody's vectors are those of the graph, by the last person's."""
    id, start = everybody.people[-1].passages[0], int(everybody.starts[-1])
    (stored,) = await graph.read(ONE_VECTOR, id=id)
    assert abs(everybody.vectors[start] - stored["vector"]).max() < 1e-6, f"{id} has another vector in the graph"


def _size_mb(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


@dataclass(frozen=True)
class _Printed:
    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]

    def print(self, console: Console, *, markdown: bool) -> None:
        if not markdown:
            table = Table(*self.header, title=self.title, title_justify="left")
            for row in self.rows:
                table.add_row(*row)
            console.print(table)
            return
        lines = [self.header, ["---", *(["---:"] * (len(self.header) - 1))], *self.rows]
        print(f"\n{self.title}\n", *(f"| {' | '.join(line)} |" for line in lines), sep="\n", flush=True)


def _tables(figures: _Figures) -> list[_Printed]:
    """Each step of the searches with each filter: how often a search takes it, and for how long."""
    steps = [step for step in (*STEPS, "other") if any(_taken(one, step) for one in figures.filters.values())]
    rows = [
        [step, *(_often(_taken(one, step), searches=len(one.steps)) for one in figures.filters.values())]
        for step in steps
    ]
    title = f"{figures.people:,} people, each statement of a search: how often, and p50 in ms"
    return [_Printed(title, ["", *figures.filters], rows)]


def _taken(one: _Filtered, step: str) -> list[float]:
    return [ms for search in one.steps for name, ms in search if name == step]


def _often(taken: Sequence[float], *, searches: int) -> str:
    return f"{len(taken) / searches:.1f} x {median(taken):.0f}" if taken else ""


def _whole(figures: Sequence[_Figures]) -> _Printed:
    header = [
        *("people", "passages", "people written/s", "vector index made, s", "store MB", "of it vector index MB"),
        *("database's memory MB", "Python's memory MB"),
    ]
    rows = [
        [
            f"{one.people:,}",
            f"{one.passages:,}",
            f"{one.written_per_s:.0f}",
            f"{one.indexed_s:.0f}",
            *(f"{mb:,.0f}" for mb in (one.store_mb, one.index_mb, one.database_mb, one.python_mb)),
        ]
        for one in figures
    ]
    return _Printed("Networks by size", header, rows)


def _together(figures: Sequence[_Figures]) -> _Printed:
    header = [
        *("people", "searches/s", "encoded/s", "share", "processor ms a search, database", "Python"),
        "Python's for encoding alone",
    ]
    rows = [
        [
            f"{one.people:,}",
            f"{one.searched.a_second:.1f}",
            f"{one.encoded.a_second:.1f}",
            f"{one.searched.a_second / one.encoded.a_second:.0%}",
            *(f"{ms:.0f}" for ms in (one.searched.database_ms, one.searched.python_ms, one.encoded.python_ms)),
        ]
        for one in figures
    ]
    return _Printed(f"{CLIENTS} at once", header, rows)


def _growth(figures: Sequence[_Figures]) -> _Printed:
    rows = []
    for before, one in zip([None, *figures], figures, strict=False):
        for name, asked in one.filters.items():
            earlier = before.filters[name] if before else None
            rows.append(
                [
                    f"{one.people:,}",
                    name,
                    f"{asked.passing:,}",
                    _percentiles(asked.whole_ms),
                    _percentiles(asked.without_encoder_ms),
                    f"{median(asked.whole_ms) / median(earlier.whole_ms):.2f}" if earlier else "",
                    f"{asked.recall:.3f}",
                ]
            )
    header = [
        *("people", "filter", "pass", "search p50 / p95 ms", "without encoder"),
        *("p50 / p50 of the size before", f"recall@{FIRST}"),
    ]
    return _Printed("A search by size and filter", header, rows)


def _percentiles(taken_ms: Sequence[float]) -> str:
    return f"{median(taken_ms):.0f} / {quantiles(taken_ms, n=20)[-1]:.0f}"


def _verdict(figures: Sequence[_Figures]) -> str:
    lines = []
    for before, one in pairwise(figures):
        grown = {
            name: median(asked.whole_ms) / median(before.filters[name].whole_ms) for name, asked in one.filters.items()
        }
        most = max(grown, key=grown.__getitem__)
        lines.append(
            f"from {before.people:,} to {one.people:,} people a search's p50 grows {grown[most]:.2f}-fold at most "
            f"({most}); the target is less than {TARGET_GROWTH:.0f}"
        )
    for one in figures:
        share = one.searched.a_second / one.encoded.a_second
        least = min(asked.recall for asked in one.filters.values())
        lines.append(
            f"{one.people:,} people: {share:.0%} of what the encoder alone answers, the target is {TARGET_SHARE:.0%}; "
            f"recall@{FIRST} at least {least:.3f}, the target is {TARGET_RECALL}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
