"""Searching by the vector index and by comparing all: the same people, and a filter never hides anybody."""

from functools import partial

import pytest

from api.network import OpenNetwork
from graph import filters
from graph.errors import NoSuchExpert
from graph.filters import ANYONE, ExpertFilter
from graph.search import Strength
from graph.search.candidates import Limits, candidates_for
from graph.values import ExpertId, LanguageId
from graph.viewer import Role, Viewer

ORGANISER = Viewer(Role.ORGANISER)
QUESTIONS = (
    "Who has trained volunteers at places of worship?",
    "Кто отвечал за безопасность метро?",
    "¿Quién ha redactado leyes sobre protección de lugares vulnerables?",
    "谁懂得水厂和供水的保护？",
)


def look_no_farther(monkeypatch: pytest.MonkeyPatch, limits: Limits) -> None:
    monkeypatch.setattr("graph.search.candidates_for", partial(candidates_for, limits=limits))


async def ranking(network: OpenNetwork, question: str, only: ExpertFilter, first: int = 10) -> list[str]:
    answer = await network.search.ask(ORGANISER, question, first=first, only=only)
    return [match.expert.id for match in answer.matches]


@pytest.mark.parametrize("question", QUESTIONS)
async def test_the_index_finds_whom_comparing_all_finds(
    sample: OpenNetwork, question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = await ranking(sample, question, ANYONE)
    look_no_farther(monkeypatch, Limits(compared=100, listed=140))

    by_index = await ranking(sample, question, ANYONE)

    assert compared
    assert len(set(compared) & set(by_index)) >= 9


@pytest.mark.parametrize("question", QUESTIONS)
async def test_a_filter_on_countries_acts_inside_the_index(
    sample: OpenNetwork, question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    only = await filters.resolve(sample.graph, ORGANISER, regions=["Africa"])
    compared = await ranking(sample, question, only)
    look_no_farther(monkeypatch, Limits(compared=100, listed=140))

    by_index = await ranking(sample, question, only)

    assert len(set(compared) & set(by_index)) >= 9


async def test_a_filter_that_the_index_cannot_fill_is_filled_by_comparing_all(
    sample: OpenNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    only = ExpertFilter(languages=frozenset({LanguageId("sw")}))
    everybody = await ranking(sample, QUESTIONS[0], only, first=100)
    look_no_farther(monkeypatch, Limits(compared=3, listed=3, hits=5))

    found = await ranking(sample, QUESTIONS[0], only, first=100)

    assert len(everybody) > 3
    assert set(found) == set(everybody)


@pytest.mark.parametrize("name", ["Bakyt Sultanaliev", "bakyt sultanaliev", "Sultanaliev", "Aïssatou Ndiaye Sarr"])
async def test_a_person_is_found_by_name(sample: OpenNetwork, name: str) -> None:
    found = await sample.search.ask(ORGANISER, name, first=1)

    assert name.casefold() in found.matches[0].expert.name.casefold()


@pytest.mark.parametrize(
    "question, expert",
    [
        ("Есть ли в сети директор школы Жан-Кальвен Мбарга?", "jean-calvin-mbarga"),
        ("هل الدكتور توماش غيرالتوفسكي عضو عندكم؟", "tomasz-gieraltowski"),
        ("Busco a una jurista uzbeka que se llama Feruza Alimyánova", "feruza-alimdjanova"),
    ],
)
async def test_a_person_is_found_by_name_in_another_script_or_spelling(
    sample: OpenNetwork, question: str, expert: str
) -> None:
    found = await sample.search.ask(ORGANISER, question, first=1)

    assert [match.expert.id for match in found.matches] == [expert]
    assert found.matches[0].strength == "strong"


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


async def test_the_account_of_a_score_adds_up_to_it_and_is_that_of_the_answer(sample: OpenNetwork) -> None:
    answer = await sample.search.ask(ORGANISER, QUESTIONS[0], first=3)
    second = answer.matches[1]

    told = await sample.search.explain(ORGANISER, QUESTIONS[0], expert=second.expert.id)

    assert told.place == 2
    assert told.compared == 150
    assert told.match == second
    assert told.score.total == second.score == pytest.approx(sum(told.score.parts.values()))
    assert told.score.parts.keys() == {"profile", "evidence", "topics", "named topics", "words", "name"}
    assert not told.is_beyond


async def test_whoever_is_far_down_is_accounted_for_too(sample: OpenNetwork) -> None:
    told = await sample.search.explain(ORGANISER, "sourdough bread", expert=ExpertId("yvonne-szeto"))

    assert told.is_beyond
    assert told.match.strength == "weak"
    with pytest.raises(NoSuchExpert):
        await sample.search.explain(ORGANISER, QUESTIONS[0], expert=ExpertId("nobody"))


@pytest.mark.parametrize("question", ["hotel securty", "поведенчиские подхды", "تقيبم المخاظر"])
async def test_a_topic_is_found_in_spite_of_slips_of_the_pen(sample: OpenNetwork, question: str) -> None:
    found = await sample.search.ask(ORGANISER, question, first=3)

    assert found.nobody is None
    assert [need.topics for need in found.suggested if need.topics]


async def test_what_a_question_says_of_people_is_suggested_and_filters_nothing(sample: OpenNetwork) -> None:
    found = await sample.search.ask(
        ORGANISER, "Vehicle barriers for a pedestrian street: which experts can work with us in Spanish?"
    )

    assert [need.languages for need in found.suggested if need.languages] == [("es",)]
    assert {match.unmet for match in found.matches} == {(), ("Spanish",)}
    assert {match.strength for match in found.matches if match.unmet} == {"weak"}


async def test_where_a_question_needs_a_language_the_strongest_come_first(sample: OpenNetwork) -> None:
    question = "Who has trained volunteers at places of worship, in French?"
    strengths = list(Strength)

    found = (await sample.search.ask(ORGANISER, question, first=20)).matches
    few = (await sample.search.ask(ORGANISER, question, first=5)).matches
    explained = await sample.search.explain(ORGANISER, question, expert=found[2].expert.id)

    assert found[0].unmet == ()
    assert any(match.unmet for match in found)
    assert [match.strength for match in found] == sorted((match.strength for match in found), key=strengths.index)
    assert [match.expert.id for match in few] == [match.expert.id for match in found[:5]]
    assert explained.place == 3


async def test_whom_a_question_names_comes_first_whatever_they_speak(sample: OpenNetwork) -> None:
    found = (await sample.search.ask(ORGANISER, "Grace Nakimuli in Tongan", first=3)).matches

    assert (found[0].expert.name, found[0].unmet) == ("Grace Nakimuli", ("Tongan",))
