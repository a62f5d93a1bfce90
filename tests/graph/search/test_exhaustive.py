"""With every filter, a search finds whom comparing everybody finds: 5,000 people by chance, compared in Python."""

from collections.abc import AsyncIterator
from itertools import product
from statistics import fmean

import pytest

from graph.engine import Address
from graph.filters import ExpertFilter
from graph.graph import Graph
from graph.schema import migrate
from graph.search.candidates import LIMITS, Limits, candidates_for
from graph.search.scoring import ranked
from graph.values import ExpertId
from graph.vectors import DROP_INDEX
from graph.viewer import Role, Viewer
from tests.conftest import EMPTY
from tests.graph.search.crowds import (
    FILTERS,
    REVISION,
    Asked,
    Crowd,
    asked_by_chance,
    crowd,
    filter_by_chance,
    store,
    who_fits,
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

HOW_MANY = 5_000
FIRST = 10
QUESTIONS = 12
VIEWERS = (Viewer(Role.MEMBER), Viewer(Role.ORGANISER))
RECALL = 0.99
COMBINED = [(one, other) for one, other in product(FILTERS, FILTERS) if one < other]


@pytest.fixture(scope="module")
def of() -> Crowd:
    return crowd(HOW_MANY, seed=20260)


@pytest.fixture(scope="module")
async def network(engine_address: Address, of: Crowd) -> AsyncIterator[Graph]:
    async with Graph.connect(engine_address) as graph:
        await migrate(graph)
        while (await graph.write(EMPTY))[0]["removed"]:
            pass
        await store(graph, of)
        yield graph
        while (await graph.write(EMPTY))[0]["removed"]:
            pass
        await graph.write(DROP_INDEX)


async def found(
    graph: Graph, viewer: Viewer, asked: Asked, only: ExpertFilter, *, limits: Limits = LIMITS
) -> list[ExpertId]:
    people = await candidates_for(
        graph,
        viewer,
        question=asked.words,
        vector=asked.vector.tolist(),
        revision=REVISION,
        lifts=asked.lifts,
        only=only,
        people=FIRST,
        limits=limits,
    )
    return [score.expert for score in ranked(people, asked.lifts, other_field=0.0)][:FIRST]


async def recall(
    graph: Graph, of: Crowd, viewer: Viewer, asked: Asked, only: ExpertFilter, *, limits: Limits = LIMITS
) -> float:
    """How many of those who should be found are; nobody else may take their place, and nobody be missing."""
    everybody = who_fits(of, asked, only, viewer.reach)
    people = await found(graph, viewer, asked, only, limits=limits)

    assert set(people) <= set(everybody), f"{only} lets others through"
    assert len(people) == min(FIRST, len(everybody)), f"{only} hides people"
    return len(set(people) & set(everybody[:FIRST])) / len(people) if people else 1.0


@pytest.mark.parametrize("kind", ["", *FILTERS])
async def test_a_filter_finds_whom_an_exhaustive_scan_finds(network: Graph, of: Crowd, kind: str) -> None:
    recalled = [
        await recall(
            network,
            of,
            VIEWERS[seed % len(VIEWERS)],
            asked_by_chance(of, seed=seed),
            filter_by_chance([kind], seed=seed),
        )
        for seed in range(QUESTIONS)
        if kind != "genders" or seed % len(VIEWERS)
    ]

    assert fmean(recalled) >= RECALL


async def test_so_do_two_filters_together(network: Graph, of: Crowd) -> None:
    recalled = [
        await recall(network, of, VIEWERS[1], asked_by_chance(of, seed=seed), filter_by_chance(kinds, seed=seed))
        for seed, kinds in enumerate(COMBINED, start=100)
    ]

    assert fmean(recalled) >= RECALL


async def test_the_indexes_alone_miss_few_and_a_filter_still_hides_nobody(network: Graph, of: Crowd) -> None:
    """As in a network with too many passages to compare them all."""
    recalled = [
        await recall(
            network,
            of,
            VIEWERS[1],
            asked_by_chance(of, seed=seed),
            filter_by_chance(FILTERS[seed % len(FILTERS) :][:1], seed=seed),
            limits=Limits(listed=LIMITS.compared, scanned=0),
        )
        for seed in range(24)
    ]

    assert fmean(recalled) >= RECALL
