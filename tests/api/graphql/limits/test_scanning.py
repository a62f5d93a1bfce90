"""The scan counts what graphql-core's own lexer sees, and never walks a text twice."""

import time

import pytest
from graphql import GraphQLSyntaxError, Lexer, Source, TokenKind, get_introspection_query
from hypothesis import given, settings
from hypothesis import strategies as st

from api.graphql.limits.scanning import scan

PIECES = st.sampled_from([
    *("{", "}", "(", ")", "[", "]", "...", "$", "@", ":", "=", "!", "|", "&", "a", "_b1", "0", "-12", "1.5e-3", " "),
    *("\n", "\r\n", "\ufeff", "# a { comment\n", '"a"', '""', '"\\""', '"\\\\"', '"{["', '"é字"', '"""a "b" c"""'),
    *('"""\\""" {"""', '""""""', '"""', '"', "\\", "'", ".", "..", "é", "\x00", "0a"),
])  # fmt: skip


def lexed(text: str) -> tuple[int, bool]:
    """How many tokens, comments among them, graphql-core's lexer reads, and whether it comes to the end."""
    lexer = Lexer(Source(text))
    try:
        while lexer.advance().kind is not TokenKind.EOF:
            pass
    except GraphQLSyntaxError:
        is_whole = False
    else:
        is_whole = True
    token, count = lexer.token, 0
    while token.prev is not None:
        token = token.prev
    while token.next is not None:
        token = token.next
        count += token.kind is not TokenKind.EOF
    return count, is_whole


@settings(max_examples=1000)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_it_sees_the_tokens_that_the_lexer_sees(text: str) -> None:
    expected, is_whole = lexed(text)

    found = scan(text, most_tokens=10_000)

    # Where the lexer gives up, so does the scan; after a token more where a wrong number begins like a right one.
    assert found.tokens == expected if is_whole else found.tokens >= expected


def test_it_counts_lines_letters_and_brackets() -> None:
    found = scan('{ a(b: [{c: "four"}])\r\n\n }\r', most_tokens=100)

    assert (found.tokens, found.lines, found.letters, found.brackets) == (14, 4, 6, 4)


def test_a_bracket_in_a_string_or_comment_is_none() -> None:
    assert scan('{ a(b: "{{{{") # {{{{\n }', most_tokens=100).brackets == 2


def test_it_stops_at_the_first_token_too_many() -> None:
    assert scan("{ " + "a " * 1000 + "}", most_tokens=10).tokens == 11


def test_a_string_without_an_end_counts_to_the_end() -> None:
    assert scan('{ a(b:"' + "x" * 1000, most_tokens=10).letters == 1001


@pytest.mark.parametrize(
    "text", ['"""' + '\\"""' * 24_000, '"' + "\\" * 99_999, '""" ' * 25_000 + '"', '"""' + '"\\' * 40_000]
)
def test_no_text_makes_it_go_back(text: str) -> None:
    began = time.thread_time()

    scan(text, most_tokens=2000)

    # A scan that went back for each of them would take minutes.
    assert time.thread_time() - began < 1


def test_the_explorers_own_question_is_scanned_whole() -> None:
    text = get_introspection_query(descriptions=True)

    assert scan(text, most_tokens=2000).tokens == lexed(text)[0]
