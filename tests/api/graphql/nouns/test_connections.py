"""Lists in parts: forwards and backwards the same list, and a cursor holds its place whatever comes between."""

import base64
import json
from typing import Any

import httpx
import pytest

from graph.graph import Graph
from tests.api.conftest import Query
from tests.door import Browse, Serve

PAGE = "first: $first, after: $after, last: $last, before: $before"
TOLD = "{ totalCount edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }"
LISTS = {
    "all of a noun": ("{ list: experts(PAGE) TOLD }", 40),
    "ordered by a column": ("{ list: experts(order: [{joined: DESC}], PAGE) TOLD }", 40),
    "filtered": ('{ list: experts(filter: {languages: {some: {node: {named: ["French"]}}}}, PAGE) TOLD }', 25),
    "by moments": ("{ list: events(PAGE) TOLD }", 3),
    "by names in a language": ("{ list: countries(PAGE) TOLD }", 100),
    "of a relation": ('{ of: language(id: "ar") { list: speakers(PAGE) TOLD } }', 11),
    "with columns": ('{ of: topic(id: "hotels") { list: experts(PAGE) TOLD } }', 4),
    "along a path": ('{ of: topic(id: "religious-sites") { list: experts(PAGE) TOLD } }', 13),
    "repeated": ('{ of: event(id: "briefing-religious-sites") { list: speakers(PAGE) TOLD } }', 1),
    "of a region": ('{ of: region(id: "002") { list: countries(order: [{name: ASC}], PAGE) TOLD } }', 20),
}


def written(text: str) -> str:
    variables = "query ($first: Int, $after: String, $last: Int, $before: String) "
    return variables + text.replace("PAGE", PAGE).replace("TOLD", TOLD)


async def part(query: Query, text: str, **page: object) -> dict[str, Any]:
    answer = await query(written(text), **page)
    assert "errors" not in answer, answer
    data = answer["data"]
    found: dict[str, Any] = data["list"] if "list" in data else data["of"]["list"]
    return found


async def whole(query: Query, text: str, *, size: int, forwards: bool) -> list[tuple[str, str]]:
    """All entries, as cursor and id, read in parts of this size."""
    entries: list[tuple[str, str]] = []
    end, parts = None, 0
    while True:
        page = {"first": size, "after": end} if forwards else {"last": size, "before": end}
        found = await part(query, text, **page)
        told = [(edge["cursor"], edge["node"]["id"]) for edge in found["edges"]]
        info = found["pageInfo"]
        assert (info["startCursor"], info["endCursor"]) == (told[0][0], told[-1][0])
        entries = [*entries, *told] if forwards else [*told, *entries]
        parts += 1
        ahead, behind = ("hasNextPage", "hasPreviousPage") if forwards else ("hasPreviousPage", "hasNextPage")
        assert info[behind] is (parts > 1)
        assert info[ahead] is (len(entries) < found["totalCount"])
        assert len(told) == min(size, found["totalCount"] - (parts - 1) * size)
        end = info["endCursor" if forwards else "startCursor"]
        if not info[ahead]:
            assert len(entries) == found["totalCount"]
            return entries


@pytest.mark.parametrize("name", LISTS)
async def test_forwards_and_backwards_it_is_the_same_list_to_the_end(query: Query, name: str) -> None:
    text, size = LISTS[name]

    forwards = await whole(query, text, size=size, forwards=True)
    backwards = await whole(query, text, size=size, forwards=False)

    assert forwards == backwards
    assert len(forwards) == len(set(forwards)) > 2


async def test_a_part_that_ends_where_the_list_ends_has_nothing_after_it(query: Query) -> None:
    text = "{ list: events(PAGE) TOLD }"
    total = (await part(query, text, first=1))["totalCount"]

    exactly = await part(query, text, first=total)
    backwards = await part(query, text, last=total)

    for found in (exactly, backwards):
        assert (found["pageInfo"]["hasNextPage"], found["pageInfo"]["hasPreviousPage"]) == (False, False)
        assert len(found["edges"]) == total


async def test_after_the_last_and_before_the_first_there_is_nothing(query: Query) -> None:
    text = "{ list: events(PAGE) TOLD }"
    entries = await whole(query, text, size=100, forwards=True)

    after, before = await part(query, text, after=entries[-1][0]), await part(query, text, last=5, before=entries[0][0])

    for found in (after, before):
        assert (found["edges"], found["totalCount"]) == ([], len(entries))
        assert (found["pageInfo"]["startCursor"], found["pageInfo"]["endCursor"]) == (None, None)
    assert (after["pageInfo"]["hasNextPage"], after["pageInfo"]["hasPreviousPage"]) == (False, True)
    assert (before["pageInfo"]["hasNextPage"], before["pageInfo"]["hasPreviousPage"]) == (True, False)


@pytest.mark.parametrize("way", [{"first": 2}, {"last": 2}])
async def test_between_two_cursors_there_is_what_lies_between(query: Query, way: dict[str, int]) -> None:
    text = "{ list: events(PAGE) TOLD }"
    entries = await whole(query, text, size=100, forwards=True)

    found = await part(query, text, after=entries[0][0], before=entries[4][0], **way)

    between = entries[1:4]
    expected = between[:2] if "first" in way else between[-2:]
    assert [(edge["cursor"], edge["node"]["id"]) for edge in found["edges"]] == expected


async def test_twenty_are_told_where_nobody_says_how_many(query: Query) -> None:
    answer = await query('{ experts { edges { cursor } } language(id: "en") { speakers { edges { cursor } } } }')

    assert len(answer["data"]["experts"]["edges"]) == len(answer["data"]["language"]["speakers"]["edges"]) == 20


@pytest.mark.parametrize("asked", ["experts(PAGE)", 'topic(id: "hotels") { experts(PAGE) CURSORS }'])
@pytest.mark.parametrize(
    "page,said",
    [
        *((f"first: {size}", f"first is {size}; ask for 1 to 100 at once.") for size in (0, -1, 101, 2147483647)),
        *((f"last: {size}", f"last is {size}; ask for 1 to 100 at once.") for size in (0, -1, 101, 2147483647)),
        ("first: 2, last: 2", "Both first and last are given; ask for one of them."),
    ],
)
async def test_how_many_has_limits_at_every_level(query: Query, asked: str, page: str, said: str) -> None:
    text = asked.replace("PAGE", page)
    text = text.replace("CURSORS", "{ edges { cursor } }") if "CURSORS" in text else text + " { edges { cursor } }"

    # What costs more than may be is refused before it is looked at.
    if "2147483647" in page:
        said = "The query may cost "
    (error,) = (await query("{ " + text + " }"))["errors"]

    assert error["message"].startswith(said)


async def test_a_cursor_is_of_its_list_alone(query: Query) -> None:
    lists = {
        "experts": "{ list: experts(PAGE) TOLD }",
        "experts, other way round": "{ list: experts(order: [{name: DESC}], PAGE) TOLD }",
        "experts by day": "{ list: experts(order: [{joined: ASC}], PAGE) TOLD }",
        "countries": "{ list: countries(PAGE) TOLD }",
        "events": "{ list: events(PAGE) TOLD }",
        "organisations": "{ list: organisations(PAGE) TOLD }",
        "experts of a country": '{ of: country(id: "TN") { list: experts(PAGE) TOLD } }',
        "experts of a topic": '{ of: topic(id: "hotels") { list: experts(PAGE) TOLD } }',
        "speakers": '{ of: language(id: "en") { list: speakers(PAGE) TOLD } }',
    }
    cursors = {name: (await part(query, text, first=1))["edges"][0]["cursor"] for name, text in lists.items()}

    taken = {}
    for name, text in lists.items():
        for other, cursor in cursors.items():
            errors = (await query(written(text), after=cursor)).get("errors", [])
            assert all(
                error["message"] == f"'{cursor[:80]}' is not a cursor of this list; pass a cursor that the list itself "
                "gave."
                for error in errors
            )
            taken[name, other] = not errors

    assert [pair for pair, is_taken in taken.items() if is_taken] == [(name, name) for name in lists]


def forged(cursor: str, *key: object) -> str:
    """A cursor of the same list with another key."""
    mark, *_ = json.loads(base64.urlsafe_b64decode(cursor))
    return base64.urlsafe_b64encode(json.dumps([mark, *key], separators=(",", ":")).encode()).decode()


@pytest.mark.parametrize(
    "key",
    [
        ("Ama",),
        ("Ama", "ama", "ama"),
        ("Ama", None),
        ("Ama", ["ama"]),
        ("Ama", {"id": "ama"}),
        (2**63, "ama"),
        (-(10**400), "ama"),
        ("\ud800", "ama"),
    ],
)
async def test_what_no_list_would_write_is_no_cursor(query: Query, key: tuple[object, ...]) -> None:
    text = "{ list: experts(PAGE) TOLD }"
    cursor = (await part(query, text, first=1))["edges"][0]["cursor"]

    (error,) = (await query(written(text), after=forged(cursor, *key)))["errors"]

    assert "is not a cursor of this list" in error["message"]


@pytest.mark.parametrize("text", ["", "!", "é", "bnVsbA==", "[]", "W10=", base64.b64encode(b"[" * 100_000).decode()])
@pytest.mark.parametrize("argument", ["after", "before"])
async def test_what_is_no_cursor_at_all_is_refused(query: Query, text: str, argument: str) -> None:
    (error,) = (await query(written("{ list: events(PAGE) TOLD }"), **{argument: text}))["errors"]

    assert error["message"] == f"'{text[:80]}' is not a cursor of this list; pass a cursor that the list itself gave."
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize("key", [(7, "ama"), (True, "ama"), (float("inf"), "ama"), ("Ama", 7)])
async def test_a_forged_place_is_a_place_where_nothing_else_is_told(query: Query, key: tuple[object, ...]) -> None:
    text = "{ list: experts(PAGE) TOLD }"
    cursor = (await part(query, text, first=1))["edges"][0]["cursor"]

    answer = await query(written(text), first=100, after=forged(cursor, *key))

    assert "errors" not in answer or "is not a cursor" in answer["errors"][0]["message"]


PEOPLE = """
UNWIND $names AS name
CREATE (:Expert {id: toLower(name), name: name, sort_key: name, audience_listing: 0, audience_profile: 0})
"""


async def names(client: httpx.AsyncClient, page: str) -> tuple[list[str], dict[str, Any]]:
    document = (
        f"{{ experts({page}) {{ totalCount edges {{ node {{ name }} }} pageInfo {{ startCursor endCursor }} }} }}"
    )
    found = (await client.post("/graphql", json={"query": document})).json()["data"]["experts"]
    return [edge["node"]["name"] for edge in found["edges"]], found


async def test_a_place_survives_what_comes_and_goes_in_between(graph: Graph, serve: Serve, browse: Browse) -> None:
    client = await browse(serve())
    await graph.write(PEOPLE, names=["Bola", "Chen", "Dora", "Emil", "Fadi"])
    first, found = await names(client, "first: 2")
    last, found_last = await names(client, "last: 2")

    await graph.write(PEOPLE, names=["Ama", "Bora", "Cleo", "Ewa", "Zoe"])
    await graph.write("MATCH (e:Expert) WHERE e.name IN $names DETACH DELETE e", names=["Chen", "Emil"])
    after, told = await names(client, f'first: 10, after: "{found["pageInfo"]["endCursor"]}"')
    before, _ = await names(client, f'last: 10, before: "{found_last["pageInfo"]["startCursor"]}"')

    assert (first, last) == (["Bola", "Chen"], ["Emil", "Fadi"])
    assert after == ["Cleo", "Dora", "Ewa", "Fadi", "Zoe"]
    assert before == ["Ama", "Bola", "Bora", "Cleo", "Dora"]
    assert told["totalCount"] == 8


async def test_entries_with_the_same_key_are_told_apart(graph: Graph, serve: Serve, browse: Browse) -> None:
    client = await browse(serve())
    await graph.write(
        "UNWIND range(1, 7) AS n CREATE (:Expert {id: 'ama-' + n, name: 'Ama', sort_key: 'a', audience_listing: 0})"
    )
    document = "query ($after: String) { experts(first: 3, after: $after) { edges { cursor node { slug } } } }"
    slugs: list[str] = []
    after = None
    for _ in range(3):
        body = {"query": document, "variables": {"after": after}}
        edges = (await client.post("/graphql", json=body)).json()["data"]["experts"]["edges"]
        slugs += [edge["node"]["slug"] for edge in edges]
        after = edges[-1]["cursor"]

    assert slugs == [f"ama-{n}" for n in range(1, 8)]


async def test_a_part_under_several_names_is_told_under_each(query: Query) -> None:
    answer = await query(
        """{
          experts(first: 2) {
            all: totalCount totalCount
            edges { cursor } again: edges { place: cursor node { name } }
            pageInfo { endCursor } info: pageInfo { __typename hasNextPage }
          }
        }"""
    )

    found = answer["data"]["experts"]
    assert list(found) == ["all", "totalCount", "edges", "again", "pageInfo", "info"]
    assert [edge["cursor"] for edge in found["edges"]] == [edge["place"] for edge in found["again"]]
    assert found["pageInfo"] == {"endCursor": found["edges"][-1]["cursor"]}
    assert found["info"] == {"__typename": "PageInfo", "hasNextPage": True}
    assert found["all"] == found["totalCount"] == 150
