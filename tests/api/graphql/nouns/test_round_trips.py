"""How often the database is asked: once for each field of the root, however deep; once for each place of an answer."""

from typing import Any

import pytest

from api.network import OpenNetwork
from tests.api.conftest import Query
from tests.api.graphql.nouns.test_node import id_of
from tests.reading import note_statements

DEEP = """
experts(first: 3, order: [{name: DESC}]) {
  totalCount
  facets { topics(first: 3) { count node { label narrower { totalCount } } } }
  edges {
    cursor
    node {
      name
      country { name regions { edges { node { name } } } }
      languages { edges { proficiency node { name speakers(first: 2) { totalCount edges { node { name } } } } } }
      expertise(filter: {level: {in: [LEAD, PRACTITIONER]}}) {
        edges { level node { label broader { label broader { label } } } }
      }
      talks {
        edges { title node { title series { name events { totalCount } } speakers { edges { role node { name } } } } }
      }
    }
  }
}
"""


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that were sent to the database."""
    sent: list[str] = []
    note_statements(monkeypatch, sent)
    return sent


async def data(query: Query, document: str, **variables: object) -> Any:
    answer = await query(document, **variables)
    assert "errors" not in answer, answer
    return answer["data"]


async def test_a_deep_document_is_one_statement(query: Query, statements: list[str]) -> None:
    told = await data(query, "{ " + DEEP + " }")

    assert len(statements) == 1
    assert len(told["experts"]["edges"]) == 3
    assert told["experts"]["facets"]["topics"][0]["node"]["label"]


async def test_the_size_of_the_lists_does_not_matter(query: Query, statements: list[str]) -> None:
    shallow = "experts(first: {n}) {{ edges {{ node {{ name languages {{ edges {{ node {{ name }} }} }} }} }} }}"

    for n in (1, 100):
        await data(query, "{ " + shallow.format(n=n) + " }")

    assert len(statements) == 2


async def test_each_field_of_the_root_is_one(query: Query, statements: list[str]) -> None:
    fields = [
        'expert(id: "lisandro-bassi-echague") { name country { name } }',
        'topic(id: "hotels") { label experts(first: 2) { edges { node { name } } } }',
        "events(first: 2) { edges { node { speakers { edges { node { name } } } } } }",
        "allSeries { edges { node { events { edges { node { title } } } } } }",
    ]

    await data(query, "{ " + " ".join(fields) + " }")

    assert len(statements) == len(fields)


async def test_fragments_aliases_and_repeated_fields_are_no_more(query: Query, statements: list[str]) -> None:
    document = """
    { topic(id: "hotels") { ...f label again: label ... on Topic { broader { label } broader { slug } } ...f } }
    fragment f on Topic { experts(first: 2) { ...g } experts(first: 2) { edges { node { headline } } } }
    fragment g on TopicExpertsConnection { edges { level node { name } } }
    """

    told = await data(query, document)

    assert len(statements) == 1
    assert set(told["topic"]["experts"]["edges"][0]["node"]) == {"name", "headline"}
    assert set(told["topic"]["broader"]) == {"label", "slug"}


async def test_nodes_by_their_ids_are_one_for_each_noun(query: Query, statements: list[str]) -> None:
    ids = [id_of("Topic", "hotels"), id_of("Country", "TN"), id_of("Country", "FR"), id_of("Topic", "markets"), "x"]
    fields = "... on Topic { label experts { totalCount } } ... on Country { name }"

    await data(query, f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ id {fields} }} }}", ids=ids)

    assert len(statements) == 2


async def test_names_in_filters_are_looked_up_once_for_each_noun(query: Query, statements: list[str]) -> None:
    by = [f'{{languages: {{some: {{node: {{named: ["{name}"]}}}}}}}}' for name in ("fr", "Arabic", "русский")]

    await data(query, "{ experts(filter: {or: [" + ", ".join(by) + "]}) { totalCount } }")

    assert len(statements) == 2


async def test_what_is_not_read_is_not_asked_for(query: Query, statements: list[str]) -> None:
    told = await data(query, '{ __typename node(id: "nonsense") { id } nodes(ids: ["x"]) { id } }')

    assert told == {"__typename": "Query", "node": None, "nodes": [None]}
    assert statements == []


async def test_the_people_of_an_answer_are_one_for_each_place(
    query: Query, sample: OpenNetwork, statements: list[str]
) -> None:
    document = """
    query ($first: Int!) {
      matchExperts(question: "Who protects places of worship?", first: $first) {
        edges {
          node { name languages { edges { node { name } } } }
          evidence { passage { text event { title } } }
          reasons {
            ... on Expertise { topic { label } }
            ... on Talk { event { title } }
            ... on SpokenLanguage { language { name } }
          }
        }
      }
    }
    """
    searched = document[: document.index("edges {")] + "nobody } }"
    counts = {}
    for first in (2, 20):
        for name, asked in (("alone", searched), ("told", document)):
            statements.clear()
            await data(query, asked, first=first)
            counts[name, first] = len(statements)

    # Five places: the person, the passage, the topic, the event and the language; what no reason leads to is not read.
    assert counts["alone", 2] == counts["alone", 20]
    assert 3 <= counts["told", 20] - counts["alone", 20] <= 5
    assert counts["told", 2] <= counts["told", 20]
