"""The Lucene query: whatever people type, it is words and never syntax."""

from hypothesis import given
from hypothesis import strategies as st

from graph.filters import ANYONE, ExpertFilter
from graph.graph import Graph
from graph.passages import restamp
from graph.search.candidates import MOST_WORDS, full_text_query, topic_stamp
from graph.values import CountryId, LanguageId, TopicId
from graph.viewer import Audience

MEMBERS = Audience.MEMBERS
LOOK_UP = "CALL db.index.fulltext.queryNodes('passage_text_1', $words, {limit: 1}) YIELD node RETURN node.id AS id"


def test_each_word_counts_one_in_text_or_title_however_rare_it_is() -> None:
    assert full_text_query("hotel guards?", ANYONE, reach=MEMBERS) == (
        '+((+(text:"hotel" title:"hotel")^0 *:*) (+(text:"guards" title:"guards")^0 *:*))'
    )


def test_filters_act_inside_the_full_text_search() -> None:
    only = ExpertFilter(
        frozenset({CountryId("TN"), CountryId("FR")}),
        frozenset({LanguageId("ar")}),
        frozenset({TopicId("religious-sites")}),
    )

    query = full_text_query("hotel", only, reach=MEMBERS)

    assert query == (
        '+((+(text:"hotel" title:"hotel")^0 *:*)) '
        '+stamps:("country_FR_0" "country_FR_1" "country_TN_0" "country_TN_1")^0 '
        '+stamps:("speaks_ar_0" "speaks_ar_1")^0 +stamps:("topic_religious_sites")^0'
    )


def test_a_topic_is_one_word_to_lucene() -> None:
    assert topic_stamp(TopicId("public-private-partnerships")) == "public_private_partnerships"


def test_a_page_of_text_stays_below_lucenes_limit_of_clauses() -> None:
    query = full_text_query(" ".join(f"word{number}" for number in range(5_000)), ANYONE, reach=MEMBERS)

    assert query.count("text:") == MOST_WORDS


async def test_no_text_is_ever_a_syntax_error(graph: Graph) -> None:
    hostile = ['" OR *:*', "a AND", "[1 TO", "(((", "\\", "text:x", "~2^3", "\u0000", "مسجد", "清真寺", "!!!", "NOT"]

    for question in hostile:
        rows = await graph.read(LOOK_UP, words=full_text_query(question, ANYONE, reach=MEMBERS))

        assert rows == []


@given(st.text(max_size=300))
def test_only_words_stand_between_the_quotes(question: str) -> None:
    query = full_text_query(question, ANYONE, reach=MEMBERS)

    between = query.split('"')[1::2]
    assert all(part.replace("_", "a").isalnum() or part == "\u0001" for part in between)


TONGAN_IN_INDIA = """
CREATE (e:Expert {id: 'is', name: 'Is'})-[:EVIDENCED_BY]->(:Passage {id: 'is', text: 'hotel guards', kind: 'talk'}),
       (e)-[:BASED_IN]->(:Country {id: 'IN'}), (e)-[:SPEAKS {level: 'native'}]->(:Language {id: 'to'}),
       (e)-[:EXPERT_IN {level: 'lead'}]->(:Topic {id: 'it-or-not'})
"""


async def test_countries_and_languages_that_are_english_words_filter_like_any_other(graph: Graph) -> None:
    await graph.write(TONGAN_IN_INDIA)
    await graph.transact(lambda tx: restamp(tx, experts=["is"]))
    await graph.read("CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()")
    found = ExpertFilter(frozenset({CountryId("IN")}), frozenset({LanguageId("to")}), frozenset({TopicId("it-or-not")}))
    elsewhere = ExpertFilter(frozenset({CountryId("NO")}))

    assert await graph.read(LOOK_UP, words=full_text_query("hotel", found, reach=MEMBERS)) == [{"id": "is"}]
    assert await graph.read(LOOK_UP, words=full_text_query("hotel", elsewhere, reach=MEMBERS)) == []
