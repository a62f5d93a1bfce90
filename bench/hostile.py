"""Documents that try to make the checking of a query slow, each family as large as it is asked to be.

bench.limits measures them; the tests of the limits hold that each is answered or refused within bounded work.
"""

from collections.abc import Callable, Mapping
from functools import partial

__all__ = ["FAMILIES", "LARGEST", "TEXTS", "VARIABLES", "largest"]

LARGEST = 100_000
"""Bytes of the largest document that is looked at."""

Family = Callable[[int], str]


def _repeated(head: str, unit: str, tail: str, count: int) -> str:
    """The unit so many times, with its number in place of ``#`` and whether that is odd in place of ``?``."""
    return head + "".join(unit.replace("#", str(n)).replace("?", "ab"[n % 2]) for n in range(count)) + tail


def _nested(outside: tuple[str, str], opens: str, inside: str, closes: str, count: int) -> str:
    return outside[0] + opens * count + inside + closes * count + outside[1]


def _chain(spreads: int, count: int) -> str:
    links = (f"fragment f{n} on Query {{ {f'...f{n + 1} ' * spreads}}}" for n in range(count))
    return "{ ...f0 } " + " ".join(links) + f" fragment f{count} on Query {{ __typename }}"


def _web(count: int, *, from_itself: bool) -> str:
    """Each fragment spreads all others, or all that follow."""
    size = int(count**0.5) + 1
    webs = []
    for n in range(size):
        spreads = " ".join(f"...f{m}" for m in range(0 if from_itself else n + 1, size))
        webs.append(f"fragment f{n} on Query {{ __typename {spreads} }}")
    return "{ ...f0 } " + " ".join(webs)


def _twins(count: int) -> str:
    """Fragments that are all compared with each other."""
    spreads = " ".join(f"...f{n}" for n in range(count))
    return f"{{ {spreads} }} " + _repeated("", "fragment f# on Query { network { title } } ", "", count)


FAMILIES: Mapping[str, Family] = {
    "one field again and again": partial(_repeated, "{ ", "network { title } ", "}"),
    "one leaf again and again": partial(_repeated, "{ ", "__typename ", "}"),
    "aliases": partial(_repeated, "{ ", 'a#: topic(id: "#") { label } ', "}"),
    "one alias, other arguments": partial(_repeated, "{ ", 'a: topic(id: "#") { label } ', "}"),
    "one alias, same arguments": partial(_repeated, "{ ", 'a: topic(id: "0") { label } ', "}"),
    "two aliases in each other": partial(_repeated, "{ ", "?: experts { edges { ?: node { name } } } ", "}"),
    "unknown fields": partial(_repeated, "{ ", "expertz# ", "}"),
    "unknown long fields": partial(_repeated, "{ ", "expertz" * 100 + "# ", "}"),
    "unknown types": partial(_repeated, "{ ", "...on Expertz# { a } ", "}"),
    "unknown arguments": partial(_repeated, "{ experts(", "firzt#: 1 ", ") { __typename } }"),
    "unknown directives": partial(_repeated, "{ __typename ", "@skipp# ", "}"),
    "directives on one field": partial(_repeated, "{ __typename ", "@skip(if: false) ", "}"),
    "inline fragments": partial(_repeated, "{ ", "... on Query { __typename } ", "}"),
    "a long list": partial(_repeated, "{ experts(filter: {slug: {in: [", '"a" ', "]}}) { __typename } }"),
    "a long wrong list": partial(_repeated, "{ experts(filter: {slug: {in: [", "1 ", "]}}) { __typename } }"),
    "a large object": partial(_repeated, "{ experts(filter: {", 'name: {eq: "a"} ', "}) { __typename } }"),
    "a large wrong object": partial(_repeated, "{ experts(filter: {", 'namez#: {eq: "a"} ', "}) { __typename } }"),
    "conditions": partial(_repeated, "{ experts(filter: {or: [", '{name: {contains: "a#"}} ', "]}) { __typename } }"),
    "columns to order by": partial(_repeated, "{ experts(order: [", "{name: ASC} ", "]) { __typename } }"),
    "lists that are filtered": partial(
        _repeated, "{ ", 'a#: experts(filter: {name: {contains: "a#"}}) { totalCount } ', "}"
    ),
    "variables": partial(_repeated, "query(", "$v#: Int ", ") { __typename }"),
    "variables of unknown types": partial(_repeated, "query(", "$v#: Intt# ", ") { __typename }"),
    "unknown variables": partial(_repeated, "{ ", "a#: topic(id: $v#) { label } ", "}"),
    "operations": partial(_repeated, "", "query q# { __typename } ", ""),
    "operations without names": partial(_repeated, "", "{ __typename } ", ""),
    "operations that share a fragment": partial(
        _repeated, "fragment f on Query { __typename } ", "query q# { ...f } ", ""
    ),
    "fragments that nobody spreads": partial(_repeated, "{ __typename } ", "fragment f# on Query { __typename } ", ""),
    "a chain of fragments": partial(_chain, 1),
    "fragments that double each other": partial(_chain, 2),
    "fragments that spread all others": partial(_web, from_itself=True),
    "fragments that spread all that follow": partial(_web, from_itself=False),
    "fragments with the same field": _twins,
    "nested fields": partial(_nested, ("{ ", " }"), "a { ", "a", " }"),
    "nested fields of the schema": partial(_nested, ('{ topic(id: "x") { ', " } }"), "broader { ", "label", " }"),
    "nested inline fragments": partial(_nested, ("{ ", " }"), "... { ", "__typename", " }"),
    "nested filters": partial(_nested, ("{ experts(filter: ", ") { __typename } }"), "{and: [", "{}", "]}"),
    "nested filters of relations": partial(
        _nested,
        ("{ experts(filter: ", ") { __typename } }"),
        "{expertise: {none: {node: {experts: {none: {node: ",
        "{}",
        "}}}}}}",
    ),
    "nested lists": partial(_nested, ("{ topic(id: ", ") { label } }"), "[", "", "]"),
    "nested objects": partial(_nested, ("{ topic(id: ", ") { label } }"), "{a: ", "1", "}"),
    "comments": partial(_repeated, "{ __typename ", "#\n", "}"),
    "definitions of types": partial(_repeated, "", "type A# { a: Int } ", ""),
}
"""By a number of repetitions."""

_FULL = LARGEST - 100

TEXTS: Mapping[str, str] = {
    "spaces": "{ __typename " + " " * _FULL + "}",
    "commas": "{ __typename " + "," * _FULL + "}",
    "empty lines": "{ __typename " + "\n" * _FULL + "}",
    "empty lines before errors": "{ " + "\n" * (_FULL - 10_000) + "".join(f"x{n} " for n in range(1000)) + "}",
    "marks of byte order": "\ufeff" * (_FULL // 3) + "{ __typename }",
    "one comment": "{ __typename #" + "x" * _FULL + "\n}",
    "nothing but comments": "#\n" * (LARGEST // 2),
    "a long name": "{ " + "a" * _FULL + " }",
    "a long alias": "{ " + "a" * _FULL + ": __typename }",
    "a long type": "{ ... on " + "Expert" * (_FULL // 6) + " { a } }",
    "a long directive": "{ __typename @" + "a" * _FULL + " }",
    "a long string": '{ topic(id: "' + "x" * _FULL + '") { label } }',
    "letters of three bytes": '{ topic(id: "' + "字" * (_FULL // 3) + '") { label } }',
    "letters of four bytes": '{ topic(id: "' + "\U0001f600" * (_FULL // 4) + '") { label } }',
    "escapes": '{ topic(id: "' + "\\n" * (_FULL // 2) + '") { label } }',
    "escapes of Unicode": '{ topic(id: "' + "\\u{41}" * (_FULL // 6) + '") { label } }',
    "escapes without an end": '{ topic(id: "' + "\\n" * (_FULL // 2),
    "lines of a block string": '{ topic(id: """' + " \n" * (_FULL // 2) + '""") { label } }',
    "quotes in a block string": '{ topic(id: """' + '\\"""' * (_FULL // 4) + '""") { label } }',
    "a block string without an end": '{ topic(id: """' + '\\"""' * (_FULL // 4),
    "quotes": '"' * _FULL,
    "a long number": "{ experts(first: " + "9" * _FULL + ") { __typename } }",
    "a long fraction": "{ experts(first: 1." + "9" * _FULL + ") { __typename } }",
    "zero bytes": "\x00" * _FULL,
    "half a letter": "{ a" + "\ud800" * (_FULL // 3) + " }",
    "all at once": "{ __typename #" + "x" * 80_000 + '\n a: topic(id: "' + "\\n" * 4500 + '") { label } '
    "experts(filter: {slug: {in: [" + '"a" ' * 900 + "]}}) { __typename } " + "__typename " * 400 + "}",
}
"""As they are; none is beyond LARGEST."""

VARIABLES: Mapping[str, object] = {
    "a long list": {"f": {"slug": {"in": ["a"] * (LARGEST // 4)}}},
    "a long wrong list": {"f": {"slug": {"in": [1] * (LARGEST // 2)}}},
    "a large wrong object": {"f": {f"k{n}": 1 for n in range(LARGEST // 12)}},
    "unknown variables": {f"k{n}": 1 for n in range(LARGEST // 12)},
    "a long name": {"f": {"k" * _FULL: 1}},
    "nested lists": {"f": {"slug": {"in": eval("[" * 150 + "1" + "]" * 150)}}},  # noqa: S307 -- a literal of ours
}
"""JSON of variables of ``query($f: ExpertFilter) { experts(filter: $f) { __typename } }``."""


def largest(family: Family, *, is_within: Callable[[str], bool]) -> str:
    """The document of a family with the most repetitions that is within some bound."""
    low, high = 1, LARGEST
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if is_within(family(middle)) else (low, middle - 1)
    return family(low)
