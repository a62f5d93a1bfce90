"""What may break a client is written down: the schema beside the released one, as graphql-core compares them."""

import re
from pathlib import Path

from graphql import build_schema, find_breaking_changes, find_dangerous_changes

ROOT = Path(__file__).parents[2]
RELEASED = Path(__file__).parent / "released.graphql"
CHANGELOG = ROOT / "docs" / "schema-changelog.md"
ARGUMENT = re.compile(r"An optional argument ([\w.]+)\(\w+:\) was added\.")


def changes(released: str, now: str) -> list[str]:
    """What clients of the released schema may stumble over, in graphql-core's words."""
    before, after = build_schema(released), build_schema(now)
    breaking = [change.description for change in find_breaking_changes(before, after)]
    dangerous = [change.description for change in find_dangerous_changes(before, after)]
    return breaking + [change for change in dangerous if not _is_told_with_its_field(change, breaking)]


def _is_told_with_its_field(change: str, breaking: list[str]) -> bool:
    """Whether it is an optional argument of a field that has another type now: nobody can go on asking that field."""
    argument = ARGUMENT.fullmatch(change)
    return argument is not None and any(one.startswith(f"Field {argument[1]} changed type ") for one in breaking)


def test_every_change_that_may_break_a_client_is_in_the_changelog() -> None:
    unreleased = CHANGELOG.read_text(encoding="utf-8").split("\n## ")[1]

    found = changes(RELEASED.read_text(encoding="utf-8"), (ROOT / "schema.graphql").read_text(encoding="utf-8"))

    assert [change for change in found if change not in unreleased] == [], f"write these down in {CHANGELOG.name}"


def test_what_breaks_a_client_is_found() -> None:
    before = "type Query { name: String, topics(first: Int): [ID!]! } enum Level { LEAD }"
    after = "type Query { topics(first: Int, of: ID!): [ID] } enum Level { LEAD, EXPERT }"

    assert changes(before, after) == [
        "Field Query.name was removed.",
        "A required argument Query.topics(of:) was added.",
        "Field Query.topics changed type from [ID!]! to [ID].",
        "Enum value Level.EXPERT was added.",
    ]


def test_an_argument_that_was_added_to_a_field_of_another_type_is_told_with_the_field() -> None:
    before = "type Query { topics: [ID!]!, experts(first: Int): Int, topicsOf: [ID!]! }"
    after = "type Query { topics(after: ID): String, experts(first: Int, last: Int): Int, topicsOf(of: ID): [ID!]! }"

    assert changes(before, after) == [
        "Field Query.topics changed type from [ID!]! to String.",
        "An optional argument Query.experts(last:) was added.",
        "An optional argument Query.topicsOf(of:) was added.",
    ]
