"""Facets: what a list is about, counted; each count is what the list filtered by it has in all."""

from typing import Any

import pytest

from graph.graph import Graph
from tests.api.conftest import Query
from tests.door import Browse, Serve

FACETS = {
    "topics": ("slug", "{expertise: {some: {node: {named: [$x]}}}}"),
    "countries": ("code", "{country: {named: [$x]}}"),
    "languages": ("tag", "{languages: {some: {node: {named: [$x]}}}}"),
}
LISTS = [
    "{}",
    '{country: {named: ["Africa"]}}',
    '{languages: {some: {node: {named: ["French"]}, proficiency: {eq: NATIVE}}}}',
    '{name: {startsWith: "a"}}',
]


async def data(query: Query, document: str) -> Any:
    answer = await query(document)
    assert "errors" not in answer, answer
    return answer["data"]


@pytest.mark.parametrize("facet", FACETS)
@pytest.mark.parametrize("filter", LISTS)
async def test_a_count_is_how_many_the_list_filtered_by_it_has(query: Query, facet: str, filter: str) -> None:
    own, by = FACETS[facet]
    asked = f"{{ experts(filter: {filter}) {{ facets {{ {facet}(first: 8) {{ count node {{ {own} }} }} }} }} }}"
    counts = (await data(query, asked))["experts"]["facets"][facet]

    lists = []
    for number, one in enumerate(counts):
        also = by.replace("$x", f'"{one["node"][own]}"')
        lists.append(f"e{number}: experts(filter: {{and: [{filter}, {also}]}}) {{ totalCount }}")
    totals = await data(query, "{ " + " ".join(lists) + " }")

    assert [one["count"] for one in counts] == [total["totalCount"] for total in totals.values()]
    assert len(counts) > 1


@pytest.mark.parametrize("facet", FACETS)
async def test_the_most_frequent_come_first_and_those_that_are_as_many_by_their_id(query: Query, facet: str) -> None:
    own, _ = FACETS[facet]

    told = await data(query, f"{{ experts {{ facets {{ {facet}(first: 100) {{ count node {{ {own} }} }} }} }} }}")

    counts = [(-one["count"], one["node"][own]) for one in told["experts"]["facets"][facet]]
    assert counts == sorted(counts)
    assert counts[0][0] < counts[-1][0] < 0


async def test_ten_are_told_where_nobody_says_how_many_and_the_page_does_not_matter(query: Query) -> None:
    facets = "facets { topics { count node { slug } } few: topics(first: 2) { __typename count } __typename }"

    told = await data(query, f"{{ a: experts(first: 1) {{ {facets} }} b: experts(last: 100) {{ {facets} }} }}")

    assert told["a"] == told["b"]
    assert len(told["a"]["facets"]["topics"]) == 10
    assert told["a"]["facets"]["few"] == [
        {"__typename": "TopicCount", "count": one["count"]} for one in told["a"]["facets"]["topics"][:2]
    ]
    assert told["a"]["facets"]["__typename"] == "ExpertFacets"


async def test_what_is_counted_tells_all_of_itself(query: Query) -> None:
    told = await data(
        query, "{ experts { facets { countries(first: 1) { node { code experts { totalCount } } count } } } }"
    )

    (one,) = told["experts"]["facets"]["countries"]
    assert one["node"]["experts"]["totalCount"] == one["count"]


async def test_a_relations_list_is_counted_too(query: Query) -> None:
    told = await data(
        query,
        """{
          country(id: "TN") {
            experts(first: 100) {
              facets { languages(first: 1) { count node { tag } } }
              edges { node { languages(first: 100) { edges { node { tag } } } } }
            }
          }
        }""",
    )

    found = told["country"]["experts"]
    (most,) = found["facets"]["languages"]
    tags = [{x["node"]["tag"] for x in edge["node"]["languages"]["edges"]} for edge in found["edges"]]
    assert most["count"] == sum(most["node"]["tag"] in spoken for spoken in tags) > 0


@pytest.mark.parametrize("first", [0, -1, 101])
async def test_how_many_has_limits(query: Query, first: int) -> None:
    (error,) = (await query(f"{{ experts {{ facets {{ topics(first: {first}) {{ count }} }} }} }}"))["errors"]

    assert error["message"] == f"first is {first}; ask for 1 to 100 at once."


async def test_nothing_hidden_is_counted(graph: Graph, serve: Serve, browse: Browse) -> None:
    await graph.write(
        """
        CREATE (c:Country {id: 'TN', name_en: 'Tunisia'}), (t:Topic {id: 'hotels', label_en: 'Hotels'}),
               (l:Language {id: 'ar', name_en: 'Arabic'})
        WITH c, t, l UNWIND [0, 1, 2] AS audience
        CREATE (e:Expert {id: 'e' + audience, name: 'E', sort_key: 'e', audience_listing: 0, audience_profile: audience,
                          audience_country: audience, audience_languages: audience})
        CREATE (e)-[:BASED_IN]->(c), (e)-[:EXPERT_IN {level: 'lead'}]->(t), (e)-[:SPEAKS {level: 'native'}]->(l)
        """
    )
    client = await browse(serve())
    facets = "topics { count } countries { count } languages { count }"
    body = {"query": f"{{ experts {{ totalCount facets {{ {facets} }} }} }}"}

    told = (await client.post("/graphql", json=body)).json()["data"]["experts"]

    assert told["totalCount"] == 3
    assert told["facets"] == {name: [{"count": 1}] for name in FACETS}
