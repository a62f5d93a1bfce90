"""The Lucene query: whatever people type, it is words and never syntax."""

from hypothesis import given
from hypothesis import strategies as st

from graph.graph import Graph
from graph.passages import restamp
from graph.search.candidates import LIMITS, MOST_WORDS, full_text_query

LOOK_UP = "CALL db.index.fulltext.queryNodes('passage_text_1', $words, {limit: 1}) YIELD node RETURN node.id AS id"


def test_each_word_counts_one_in_text_or_title_however_rare_it_is() -> None:
    assert full_text_query("hotel guards?") == (
        '(+(text:"hotel" title:"hotel")^0 *:*) (+(text:"guards" title:"guards")^0 *:*)'
    )


def test_a_query_may_be_for_the_passages_of_some_people() -> None:
    assert full_text_query("hotel", ["anna-nguyen", "ama"]) == (
        '+((+(text:"hotel" title:"hotel")^0 *:*)) +stamps:("of_anna_nguyen" "of_ama")^0'
    )


def test_a_page_of_text_stays_below_lucenes_limit_of_clauses() -> None:
    query = full_text_query(" ".join(f"word{number}" for number in range(5_000)), ["ama"] * LIMITS.compared)

    assert query.count("text:") == MOST_WORDS
    assert query.count('"') / 2 < 1_024


async def test_no_text_is_ever_a_syntax_error(graph: Graph) -> None:
    hostile = ['" OR *:*', "a AND", "[1 TO", "(((", "\\", "text:x", "~2^3", "\u0000", "مسجد", "清真寺", "!!!", "NOT"]

    for question in hostile:
        rows = await graph.read(LOOK_UP, words=full_text_query(question))

        assert rows == []


@given(st.text(max_size=300))
def test_only_words_stand_between_the_quotes(question: str) -> None:
    query = full_text_query(question)

    between = query.split('"')[1::2]
    assert all(part.replace("_", "a").isalnum() or part == "\u0001" for part in between)


NORWAY = """
CREATE (e:Expert {id: 'no', name: 'No'})-[:EVIDENCED_BY]->(:Passage {id: 'no', text: 'hotel guards', kind: 'talk'}),
       (o:Expert {id: 'no-one', name: 'No One'})-[:EVIDENCED_BY]->(:Passage {id: 'one', text: 'hotel', kind: 'talk'})
"""


async def test_people_whose_ids_are_english_words_are_told_apart_like_any_others(graph: Graph) -> None:
    await graph.write(NORWAY)
    await graph.transact(lambda tx: restamp(tx, experts=["no", "no-one"]))
    await graph.read("CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()")

    assert await graph.read(LOOK_UP, words=full_text_query("hotel", ["no"])) == [{"id": "no"}]
    assert await graph.read(LOOK_UP, words=full_text_query("hotel", ["no-one"])) == [{"id": "one"}]
    assert await graph.read(LOOK_UP, words=full_text_query("hotel", ["one"])) == []
