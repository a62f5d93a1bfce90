"""Filters that try to be long work: each is refused by name, or answered, however large, deep or often it is asked."""

from typing import Any

import httpx
import pytest

Filter = dict[str, Any]

ASK = "query ($f: ExpertFilter) { experts(first: 100, filter: $f) { edges { node { name } } } }"
NAMED: Filter = {"name": {"contains": "a"}}


def within(word: str, levels: int) -> Filter:
    """A filter in so many others."""
    nested = NAMED
    for _ in range(levels):
        nested = {word: nested if word == "not" else [nested]}
    return nested


def through(relations: int, word: str) -> Filter:
    """What is asked of those whom as many relations lead to, there and back."""
    nested = NAMED
    for number in range(relations):
        nested = {("experts" if number % 2 == 0 else "expertise"): {word: {"node": nested}}}
    return nested if relations % 2 == 0 else {"expertise": {word: {"node": nested}}}


def lists(count: int) -> str:
    """A document that asks for so many lists, each with a filter of its own."""
    return (
        "{ " + "".join(f'a{n}: experts(filter: {{name: {{eq: "a{n}"}}}}) {{ totalCount }} ' for n in range(count)) + "}"
    )


def none_of(count: int) -> Filter:
    """People who know nothing of one of so many topics."""
    return {"or": [{"expertise": {"none": {"node": {"slug": {"eq": f"a{number}"}}}}} for number in range(count)]}


async def asked(client: httpx.AsyncClient, document: str, variables: object) -> tuple[int, str | None]:
    """The status and, if there is one, the code of the first error."""
    answer = await client.post(
        "/graphql",
        json={"query": document, "variables": variables},
        headers={"Accept": "application/graphql-response+json"},
    )
    errors = answer.json().get("errors")
    return answer.status_code, errors[0]["extensions"]["code"] if errors else None


@pytest.mark.parametrize(
    "filter, code",
    [
        (within("and", 80), None),
        (within("or", 120), "BAD_USER_INPUT"),
        (within("not", 240), "BAD_USER_INPUT"),
        (within("and", 200), "QUERY_TOO_LONG"),
        (through(10, "some"), "BAD_USER_INPUT"),
        (through(40, "none"), "BAD_USER_INPUT"),
        ({"or": [NAMED] * 10_000}, "QUERY_TOO_LONG"),
        ({"slug": {"in": ["a"] * 50_000}}, "QUERY_TOO_LONG"),
        ({"slug": {"in": ["a" * 100_000] * 9}}, None),
        ({"slug": {"in": [f"a{number}" for number in range(240)]}}, None),
        ({"or": [{"headline": {"contains": f"a{number}"}} for number in range(80)]}, None),
        ({"or": [{"country": {"name": {"eq": f"a{number}"}}} for number in range(10)]}, None),
        ({"or": [{"country": {"name": {"eq": f"a{number}"}}} for number in range(40)]}, "BAD_USER_INPUT"),
        (none_of(15), None),
        (none_of(40), "BAD_USER_INPUT"),
        (through(4, "none"), None),
        ({"or": [through(4, "none")] * 15}, "BAD_USER_INPUT"),
    ],
)
async def test_a_filter_is_refused_by_name_or_answered(
    client: httpx.AsyncClient, filter: Filter, code: str | None
) -> None:
    status, told = await asked(client, ASK, {"f": filter})

    assert told == code
    # What is refused while it is executed has data, null.
    assert status in ({200} if code is None else {200, 400})


@pytest.mark.parametrize(
    "document, code",
    [
        ("{ experts(filter: " + "{and: [" * 10_000 + "{}" + "]}" * 10_000 + ") { totalCount } }", "QUERY_TOO_LONG"),
        ("{ experts(filter: " + "{and: [" * 60 + "{}" + "]}" * 60 + ") { totalCount } }", "QUERY_TOO_DEEP"),
        ("{ experts(order: [" + "{name: ASC} " * 50 + "]) { totalCount } }", "BAD_USER_INPUT"),
        (lists(1000), "QUERY_TOO_LONG"),
        (lists(20), None),
    ],
    ids=["10,000 levels", "60 levels", "50 columns", "1,000 lists", "20 lists"],
)
async def test_a_document_of_filters_is_refused_by_name_or_answered(
    client: httpx.AsyncClient, document: str, code: str | None
) -> None:
    _, told = await asked(client, document, {})

    assert told == code
