"""Sizes of a document with its fragments written out, each fragment counted once."""

import pytest
from graphql import get_introspection_query, parse

from api.graphql.limits.sizes import MOST, OperationSize, Sizes, measure


def sizes(text: str) -> Sizes:
    return measure(parse(text))


def test_an_operation_has_levels_fields_aliases_and_roots() -> None:
    found = sizes('{ a: topic(id: "x") { b: broader { label } } network { title } }').of(None)

    assert found == OperationSize(depth=2, fields=5, aliases=2, root_fields=2)


def test_a_fragment_counts_where_it_is_spread() -> None:
    text = (
        "{ ...f topic { broader { ...g } } } fragment f on Query { a: x y } fragment g on Topic { broader { label } }"
    )

    assert sizes(text).of(None) == OperationSize(depth=3, fields=6, aliases=1, root_fields=3)


def test_an_inline_fragment_is_no_level() -> None:
    assert sizes("{ ... { ... on Query { x } } }").of(None) == OperationSize(depth=0, fields=1, root_fields=1)


def test_fragments_that_double_each_other_are_counted_once_each_and_come_to_what_they_are() -> None:
    links = " ".join(f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }}" for n in range(20))

    found = sizes(f"{{ ...f0 }} {links} fragment f20 on Query {{ x }}")

    assert found.of(None) == OperationSize(depth=0, fields=2**20, aliases=0, root_fields=2**20)
    assert found.steps == 1 + 20 * 2 + 1


def test_sizes_stop_growing_where_no_limit_is_near() -> None:
    links = " ".join(f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }}" for n in range(300))

    assert sizes(f"{{ ...f0 }} {links} fragment f300 on Query {{ x }}").of(None).fields == MOST


def test_a_chain_of_fragments_is_as_deep_as_it_is_long_and_no_stack_is_needed_for_it() -> None:
    links = " ".join(f"fragment f{n} on Topic {{ broader {{ ...f{n + 1} }} }}" for n in range(5000))

    assert sizes(f"{{ topic {{ ...f0 }} }} {links} fragment f5000 on Topic {{ label }}").of(None).depth == 5001


@pytest.mark.parametrize(
    "text",
    [
        "{ a ...f } fragment f on Query { b ...f }",
        "{ a ...f } fragment f on Query { b ...g } fragment g on Query { ...f }",
        "{ a b ...nowhere }",
    ],
)
def test_a_fragment_that_is_missing_or_spreads_itself_adds_nothing_there(text: str) -> None:
    assert sizes(text).of(None).fields == 2


def test_each_operation_has_its_own_size_and_the_document_all_fields() -> None:
    found = sizes("query one { a } query two { a b ...f } fragment f on Query { c d }")

    assert [found.of(name).fields for name in ("one", "two", None, "three")] == [1, 4, 1, 1]
    assert (found.fields, found.definitions) == (5, 3)


def test_the_depth_of_introspection_counts_for_nothing_and_its_fields_do() -> None:
    found = sizes(get_introspection_query()).of(None)

    assert found.depth == 0
    assert found.fields > 100


def test_values_are_counted_in_lists_objects_directives_and_defaults() -> None:
    text = "query($v: Int = 1, $w: [Int!]) @a(b: 1) { x(c: [1, {d: $v, e: []}]) @skip(if: true) ...f @a(b: 2) } "

    found = sizes(text + "fragment f on Query @a(b: 3) { y }")

    # Two variables, a default, four values of directives; and a list, in it 1, an object, and $v and [] in that.
    assert found.values == 3 + 4 + 5


def test_a_document_without_operations_has_no_size() -> None:
    assert sizes("fragment f on Query { x }").of(None) == OperationSize()
