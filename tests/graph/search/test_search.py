"""Searching by the vector index and by comparing all: the same people, and a filter never hides anybody."""

import pytest

from api.network import OpenNetwork
from graph import filters
from graph.filters import ANYONE, ExpertFilter
from graph.values import LanguageId
from graph.viewer import Role, Viewer

ORGANISER = Viewer(Role.ORGANISER)
QUESTIONS = (
    "Who has trained volunteers at places of worship?",
    "Кто отвечал за безопасность метро?",
    "¿Quién ha redactado leyes sobre protección de lugares vulnerables?",
    "谁懂得水厂和供水的保护？",
)


async def ranking(network: OpenNetwork, question: str, only: ExpertFilter, first: int = 10) -> list[str]:
    answer = await network.search.ask(ORGANISER, question, first=first, only=only)
    return [match.expert.id for match in answer.matches]


@pytest.mark.parametrize("question", QUESTIONS)
async def test_the_index_finds_whom_comparing_all_finds(
    sample: OpenNetwork, question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = await ranking(sample, question, ANYONE)
    monkeypatch.setattr("graph.search.candidates.COMPARE_ALL_UP_TO", 0)

    by_index = await ranking(sample, question, ANYONE)

    assert compared
    assert len(set(compared) & set(by_index)) >= 9


@pytest.mark.parametrize("question", QUESTIONS)
async def test_a_filter_on_countries_acts_inside_the_index(
    sample: OpenNetwork, question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    only = await filters.resolve(sample.graph, ORGANISER, regions=["Africa"])
    compared = await ranking(sample, question, only)
    monkeypatch.setattr("graph.search.candidates.COMPARE_ALL_UP_TO", 0)

    by_index = await ranking(sample, question, only)

    assert len(set(compared) & set(by_index)) >= 9


async def test_a_filter_that_the_index_cannot_fill_is_filled_by_comparing_all(
    sample: OpenNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    only = ExpertFilter(languages=frozenset({LanguageId("sw")}))
    everybody = await ranking(sample, QUESTIONS[0], only, first=100)
    monkeypatch.setattr("graph.search.candidates.COMPARE_ALL_UP_TO", 0)
    monkeypatch.setattr("graph.search.candidates.INDEX_HITS", 5)

    found = await ranking(sample, QUESTIONS[0], only, first=100)

    assert len(everybody) > 3
    assert set(found) == set(everybody)


@pytest.mark.parametrize("name", ["Bakyt Sultanaliev", "bakyt sultanaliev", "Sultanaliev", "Aïssatou Ndiaye Sarr"])
async def test_a_person_is_found_by_name(sample: OpenNetwork, name: str) -> None:
    found = await sample.search.ask(ORGANISER, name, first=1)

    assert name.casefold() in found.matches[0].expert.name.casefold()


@pytest.mark.parametrize("label", ["Stadiums", "Школы и кампусы", "清真寺", "protección de mercados", "drones"])
async def test_the_label_of_a_topic_is_never_beyond_the_network(sample: OpenNetwork, label: str) -> None:
    found = await sample.search.ask(ORGANISER, label, first=3)

    assert found.nobody is None
    assert found.matches


@pytest.mark.parametrize("question", ["sourdough bread", "wheat futures", "Comment soigner un chat qui éternue ?"])
async def test_what_has_nothing_to_do_with_the_network_finds_nobody(sample: OpenNetwork, question: str) -> None:
    assert await ranking(sample, question, ANYONE) == []


@pytest.mark.parametrize("country", ["NO", "IT", "IN", "BE"])
async def test_words_in_common_let_nobody_past_a_filter(sample: OpenNetwork, country: str) -> None:
    only = await filters.resolve(sample.graph, ORGANISER, countries=[country])

    answer = await sample.search.ask(
        ORGANISER, "training of hotel staff and police in stadiums and mosques", first=50, only=only
    )

    assert {match.expert.country.id for match in answer.matches if match.expert.country} == {country}
