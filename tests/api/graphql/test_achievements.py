"""Achievements and plans by GraphQL, of the sample network, as the public asks."""

import pytest

from tests.api.conftest import Query

MEMBERS = """
query ($after: String) {
  achievements(year: 2022) {
    members
    list(of: MEMBERS, first: 100, after: $after) {
      edges { node { id ... on Expert { name } } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""


async def test_a_list_goes_on_to_the_last_of_the_count(query: Query) -> None:
    first = (await query(MEMBERS))["data"]["achievements"]
    second = (await query(MEMBERS, after=first["list"]["pageInfo"]["endCursor"]))["data"]["achievements"]

    names = [edge["node"]["name"] for part in (first, second) for edge in part["list"]["edges"]]
    assert (len(names), len(set(names))) == (first["members"], 150)
    assert (first["list"]["pageInfo"]["hasNextPage"], second["list"]["pageInfo"]["hasNextPage"]) == (True, False)


async def test_a_list_is_of_a_kind_and_of_what_became_of_it(query: Query) -> None:
    answer = await query(
        '{ achievements(year: 2023) { year since until list(of: ACTIVITIES, kind: "national", status: "projected") '
        "{ edges { node { ... on Activity { slug } } } } } }"
    )

    found = answer["data"]["achievements"]
    assert (found["year"], found["since"], found["until"]) == (2023, "2023-01-01", "2023-12-31")
    assert [edge["node"]["slug"] for edge in found["list"]["edges"]] == [
        "projected-current-countries",
        "projected-new-countries",
    ]


async def test_a_plan_goes_on(query: Query) -> None:
    asked = "query ($after: String) { plan(year: 2023, first: 5, after: $after) "
    asked += "{ edges { title cursor node { id } } pageInfo { hasNextPage endCursor } } }"
    first = (await query(asked))["data"]["plan"]
    second = (await query(asked, after=first["pageInfo"]["endCursor"]))["data"]["plan"]

    titles = [edge["title"] for part in (first, second) for edge in part["edges"]]
    assert (len(titles), len(set(titles))) == (9, 9)
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)


@pytest.mark.parametrize(
    "span,said",
    [
        ("", "Ask for a year, or for the days since one and until another."),
        ('(since: "2022-01-01")', "Ask for a year, or for the days since one and until another."),
        ('(year: 2022, since: "2022-01-01", until: "2022-02-01")', "Ask for a year, or for the days since one"),
        ('(since: "2022-02-01", until: "2022-01-01")', "until is 2022-01-01, which is before since, 2022-02-01."),
        ("(year: 1)", "year is 1; ask for one from 1900 to 9999."),
    ],
)
@pytest.mark.parametrize("field", ["achievements%s { members }", "plan%s { edges { title } }"])
async def test_what_is_no_span_is_refused(query: Query, field: str, span: str, said: str) -> None:
    answer = await query(f"{{ {field % span} }}")

    assert answer["errors"][0]["message"].startswith(said)


async def test_a_cursor_is_one_that_the_list_gave(query: Query) -> None:
    answer = await query(MEMBERS, after="x")

    assert "is not a cursor of this list" in answer["errors"][0]["message"]
