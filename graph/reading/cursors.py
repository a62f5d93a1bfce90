"""Cursors: the sort key of an entry, so that a list goes on where it was whatever came in between."""

import base64
import binascii
import json
import zlib
from collections.abc import Sequence

from graph.model import Order
from graph.reading.cypher import Names
from graph.values import NotACursor

__all__ = ["LARGEST", "beyond", "cursor_of", "key_of", "mark_of"]

Part = str | int | float | bool

LARGEST = 2**63 - 1
"""Of the whole numbers that the database has."""


def mark_of(source: str, orders: Sequence[Order]) -> str:
    """What tells the cursors of one list from those of others: where it comes from and how it is ordered."""
    told = [source, *((order.cypher, order.is_descending) for order in orders)]
    return f"{zlib.crc32(json.dumps(told).encode()):08x}"


def cursor_of(key: Sequence[Part], *, mark: str) -> str:
    """The cursor of an entry with this sort key, in the list with this mark."""
    text = json.dumps([mark, *key], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode()


def key_of(cursor: str, *, mark: str, length: int) -> list[Part]:
    """The sort key that a cursor of the list with this mark holds.

    Raises:
        NotACursor: the text is no cursor of that list, with a key of so many parts.
    """
    try:
        found: object
        key: list[Part]
        found, *key = json.loads(base64.b64decode(cursor, altchars=b"-_", validate=True))
        is_ours = found == mark and len(key) == length and all(map(_is_part, key))
        # What the list itself would not write, such as half a character, the database could not take either.
        if is_ours and cursor_of(key, mark=mark) == cursor:
            return key
    except (binascii.Error, ValueError, TypeError, RecursionError) as error:
        raise NotACursor(cursor) from error
    raise NotACursor(cursor)


def _is_part(part: object) -> bool:
    return isinstance(part, Part) and not (isinstance(part, int) and abs(part) > LARGEST)


def beyond(names: Names, orders: Sequence[Order], key: Sequence[Part], *, is_before: bool) -> str:
    """The predicate for entries after, or before, the one with this key."""
    predicate = ""
    for order, part in reversed(list(zip(orders, key, strict=True))):
        p = names.parameter(part)
        sign = "<" if order.is_descending != is_before else ">"
        # In brackets: Cypher chains comparisons, so that a <> b > c would compare b with c.
        further = f" OR (({order.cypher}) = {p} AND {predicate})" if predicate else ""
        predicate = f"(({order.cypher}) {sign} {p}{further})"
    return predicate
