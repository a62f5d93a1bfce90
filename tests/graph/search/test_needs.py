"""What a question says of whom it looks for: languages and places in six languages, in the words as they are bent."""

import pytest

from graph.filters import ANYONE, ExpertFilter
from graph.graph import Graph
from graph.search.candidates import NearTopic
from graph.search.needs import Need, Needs, needs_of, said_in
from graph.values import CountryId, LanguageId, RegionId, TopicId
from graph.viewer import PUBLIC

MAGHREB = ("DZ", "LY", "MA", "MR", "TN")


def told(question: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(need.said, need.languages or need.regions or need.countries) for need in said_in(question)]


@pytest.mark.parametrize(
    "question,expected",
    [
        ("Who can speak Arabic, based in the Maghreb?", [("Arabic", ("ar",)), ("Maghreb", MAGHREB)]),
        ("A French-speaking trainer in Western Africa", [("French", ("fr",)), ("Western Africa", ("011",))]),
        ("Qui parle espagnol et vit aux Antilles ?", [("espagnol", ("es",)), ("Antilles", ("029",))]),
        ("Un formateur francophone au Sénégal", [("francophone", ("fr",)), ("Sénégal", ("SN",))]),
        ("alguien que hable ruso en Asia Central", [("ruso", ("ru",)), ("Asia Central", ("143",))]),
        ("Кто говорит по-русски и живёт в Кении?", [("по-русски", ("ru",)), ("Кении", ("KE",))]),
        ("на французском языке, из Южной Америки", [("французском", ("fr",)), ("Южной Америки", ("005",))]),
        ("من يتحدث الفرنسية في تونس؟", [("الفرنسية", ("fr",)), ("تونس", ("TN",))]),
        ("خبير بالعربية من المغرب العربي", [("بالعربية", ("ar",)), ("المغرب العربي", MAGHREB)]),
        ("会说阿拉伯语、在东南亚工作的人", [("阿拉伯语", ("ar",)), ("东南亚", ("035",))]),
        ("Equatorial Guinea, not the other one", [("Equatorial Guinea", ("GQ",))]),
        ("kenya", [("kenya", ("KE",))]),
    ],
)
def test_languages_and_places_are_found_in_the_words_that_say_them(
    question: str, expected: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert told(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Spanish police procedures at stadiums",  # not a language that somebody is to speak
        "Keep a jar of jordan almonds, and the Bench",  # 'jordan' is no name where names have capitals
        "Who trains stewards all over the world?",
        "多语种",  # "several languages" is no language
        "",
        "؟؟؟ !!! 123",
    ],
)
def test_what_is_no_such_need_is_left_alone(question: str) -> None:
    assert told(question) == []


async def test_a_region_stands_for_its_countries(graph: Graph) -> None:
    await graph.write(
        "CREATE (:Country {id: 'KE'})-[:IN_REGION]->(:Region {id: '014'})-[:WITHIN]->(:Region {id: '002'})"
    )

    needs = await needs_of(graph, PUBLIC, question="Who has worked in Africa, or in Tonga?")

    assert needs.countries == {"KE", "TO"}


SPANISH = Need("Spanish", languages=(LanguageId("es"),))
CHAD = Need("Chad", countries=(CountryId("TD"),))
CARIBBEAN = Need("Caribbean", regions=(RegionId("029"),))


def test_all_languages_are_needed_and_one_of_the_places() -> None:
    needs = Needs((SPANISH, CHAD, CARIBBEAN), frozenset({CountryId("TD"), CountryId("CU")}))

    assert needs.unmet(languages=[LanguageId("es")], countries=[CountryId("CU")]) == ()
    assert needs.unmet(languages=[], countries=[CountryId("TD")]) == ("Spanish",)
    assert needs.unmet(languages=[LanguageId("es")], countries=[]) == ("Chad", "Caribbean")


def test_what_is_filtered_by_already_is_not_suggested() -> None:
    needs = Needs((SPANISH, CHAD), frozenset({CountryId("TD")}))
    topics = [
        NearTopic(TopicId("security"), 0.4, (), said="security"),
        NearTopic(TopicId("hotels"), 0.5, (), said="hotel security"),
        NearTopic(TopicId("drones"), 0.6, ()),
    ]
    hotels = Need("hotel security", topics=(TopicId("hotels"),))

    assert needs.beyond(ANYONE, topics) == (SPANISH, CHAD, hotels)
    assert needs.beyond(ExpertFilter(languages=frozenset({LanguageId("es")})), topics) == (CHAD, hotels)
    assert needs.beyond(ExpertFilter(countries=frozenset()), topics) == (SPANISH, hotels)
    assert needs.beyond(ExpertFilter(topics=frozenset()), topics) == (SPANISH, CHAD)
