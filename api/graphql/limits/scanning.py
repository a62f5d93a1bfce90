"""A document's text, read once by a regular expression before any parser does: how long it is, and how deeply nested.

graphql-core's lexer walks a text letter by letter and its parser calls itself for each bracket, which is dear for what
is refused anyway. Where a text is no GraphQL the scan stops, as the parser will, and the parser says why.
"""

import re
from dataclasses import dataclass

__all__ = ["Scan", "scan"]

_BLANK = r"[\ufeff\t ,\n\r]*+"
_BLOCK_STRING = r'"""(?:[^"\\]++|\\"""|\\|"(?!""))*+"""'
_STRING = r'"(?:[^"\\\n\r]++|\\[^\n\r])*+"'
_NUMBER = r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+"
_REST = rf"#[^\n\r]*+|[A-Za-z_][A-Za-z_0-9]*+|{_NUMBER}|\.\.\.|[!$&:=@|]"
# The lexical grammar of GraphQL, October 2021, 2.1. Every repetition is possessive: no text makes it go back.
_TOKEN = re.compile(
    rf"{_BLANK}(?:(?P<text>{_BLOCK_STRING}|{_STRING})|(?P<open>[{{(\[])|(?P<close>[}})\]])|(?P<rest>{_REST})|(?P<end>\Z))"
)
_LINE = re.compile(r"\r\n|[\n\r]")


@dataclass(frozen=True, slots=True)
class Scan:
    """What a text comes to: tokens (comments are some), lines, the letters of its strings, brackets within brackets."""

    tokens: int
    lines: int
    letters: int
    brackets: int


def scan(text: str, *, most_tokens: int) -> Scan:
    """Count, at most one token beyond ``most_tokens``; never slower than the text is long."""
    tokens = letters = open_ = deepest = position = 0
    while tokens <= most_tokens:
        token = _TOKEN.match(text, position)
        if token is None:
            # A string without an end, if it is one: the lexer will walk to where it should have been.
            letters += len(text) - position if '"' in text[position:] else 0
            break
        if token.lastgroup == "end":
            break
        tokens += 1
        position = token.end()
        if token.lastgroup == "text":
            letters += position - token.start("text")
        elif token.lastgroup == "open":
            open_ += 1
            deepest = max(deepest, open_)
        elif token.lastgroup == "close":
            open_ -= 1
    return Scan(tokens=tokens, lines=1 + len(_LINE.findall(text)), letters=letters, brackets=deepest)
