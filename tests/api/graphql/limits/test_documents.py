"""Sound documents are read once, what is refused is not kept, and no more is kept than may be."""

from typing import Any

import pytest
from graphql import GraphQLError, parse

from api.graphql.limits import documents
from api.graphql.limits.documents import Documents, Invalid
from api.graphql.schema import schema
from api.settings import LimitSettings

SETTINGS = LimitSettings.model_construct()


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were parsed."""
    texts: list[str] = []

    def seen(text: str, **options: Any) -> Any:
        texts.append(text)
        return parse(text, **options)

    monkeypatch.setattr(documents, "parse", seen)
    return texts


def numbered(number: int) -> str:
    return f'{{ topic(id: "{number:04}") {{ label }} }}'


def test_the_same_text_is_read_once(parsed: list[str]) -> None:
    kept = Documents(schema._schema)

    first = kept.read(numbered(1), SETTINGS, operation=None)
    second = kept.read(numbered(1), SETTINGS, operation=None)

    assert first is second
    assert parsed == [numbered(1)]


@pytest.mark.parametrize("text", ["{ broken", "{ unknown }", "{ " + "__typename " * 21 + "}"])
def test_what_is_refused_is_not_kept(text: str) -> None:
    kept = Documents(schema._schema)

    with pytest.raises((Invalid, GraphQLError)):
        kept.read(text, SETTINGS, operation=None)

    assert (len(kept), kept.bytes) == (0, 0)


def test_what_was_asked_for_last_is_kept(parsed: list[str]) -> None:
    kept = Documents(schema._schema, most=2)

    for number in (1, 2, 1, 3, 1, 2):
        kept.read(numbered(number), SETTINGS, operation=None)

    assert parsed == [numbered(number) for number in (1, 2, 3, 2)]
    assert len(kept) == 2


def test_no_more_memory_is_taken_than_may_be() -> None:
    one = Documents(schema._schema).read(numbered(0), SETTINGS, operation=None).bytes
    kept = Documents(schema._schema, most_bytes=3 * one + 1)

    for number in range(10):
        kept.read(numbered(number), SETTINGS, operation=None)

    assert (len(kept), kept.bytes) == (3, 3 * one)


def test_limits_are_asked_again_of_what_is_kept() -> None:
    kept = Documents(schema._schema)
    kept.read(numbered(1), SETTINGS, operation=None)

    with pytest.raises(GraphQLError, match="more than 5 tokens"):
        kept.read(numbered(1), LimitSettings.model_construct(query_tokens=5), operation=None)
