"""The order of names and titles: Unicode's collation (UTS 10), and what the readers of a language expect beyond it.

The languages' own rules are CLDR's: in Spanish ñ is a letter after n; in Arabic, Russian and Chinese the own script
comes first, in Chinese by the sound of each character (without its tone, which CLDR has too). What the graph orders by
is of no language: :func:`sort_key` is kept on a node beside the name or title that it is made from, by whatever writes
that.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, Final, LiteralString

from anyascii import anyascii
from pyuca import Collator

from graph.graph import Graph, Transaction
from graph.values import UN_LANGUAGES

__all__ = ["collated", "keep_order", "order_everything", "sort_key", "with_sort_keys", "with_sort_keys_of_names"]

Weights = tuple[int, ...]

LEVEL: Final = 0
"""What stands between the weights of letters, of accents and of case: less than any of them."""
LONGEST: Final = 100
"""As many weights tell names apart; where they do not, the graph orders by what comes next."""

LAST: Final = "\U0010ffff"
"""No character, and after all of them in Unicode's collation: n with it comes after n with anything else."""
TILDE_ON_N: Final = re.compile("(?<=[nN])\u0303")
HAN: Final = re.compile("([\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af])")
# In Arabic the first two are written beside the others and sort with them.
ARABIC_LETTERS: Final = str.maketrans({"\u0629": "\u062a", "\u0649": "\u064a"})
FIRST_LETTER: Final = "a"
SCRIPTS: Final[Mapping[str, tuple[str, str]]] = {"ar": ("\u0621", "\u0710"), "ru": ("\u0430", "\u2c30")}
"""By language, the first letter of its script, and that of the script after it in Unicode's collation."""

AFTER_HAN: Final = 0x10000
"""What the letters of other scripts weigh more in Chinese than the sounds of characters."""

AT_ONCE: Final = 1_000

WITHOUT_KEY: LiteralString = """
MATCH (n:Activity|Country|Event|Expert|Language|Organisation|Project|Region|Resource|Series|Topic)
WHERE n.sort_key IS NULL
WITH n, coalesce(n.name, n.title, n.name_en, n.name_fr, n.name_es, n.name_ar, n.name_ru, n.name_zh,
                 n.label_en, n.label_fr, n.label_es, n.label_ar, n.label_ru, n.label_zh, '') AS called
RETURN elementId(n) AS element, called LIMIT $most
"""

CALLED_NOW: LiteralString = """
UNWIND $elements AS element
MATCH (n) WHERE elementId(n) = element AND n.sort_key IS NOT NULL
WITH n, coalesce(n.name, n.title, n.name_en, n.name_fr, n.name_es, n.name_ar, n.name_ru, n.name_zh,
                 n.label_en, n.label_fr, n.label_es, n.label_ar, n.label_ru, n.label_zh, '') AS called
RETURN elementId(n) AS element, called
"""

SET_KEYS: LiteralString = """
UNWIND $rows AS row
MATCH (n) WHERE elementId(n) = row.element
SET n.sort_key = row.sort_key
"""

# Whoever was renamed since has theirs.
SET_MISSING: LiteralString = """
UNWIND $rows AS row
MATCH (n) WHERE elementId(n) = row.element AND n.sort_key IS NULL
SET n.sort_key = row.sort_key
"""


def collated(text: str, language: str = "") -> Weights:
    """What the readers of a language sort texts by; without one, Unicode's default order."""
    return _ORDERS.get(language, _weights)(text)


def sort_key(text: str) -> str:
    """Unicode's default order as text that sorts the same, four hexadecimal digits a weight."""
    return "".join(f"{weight:04x}" for weight in _weights(text)[:LONGEST])


def with_sort_keys(rows: Sequence[Mapping[str, Any]], called: str) -> list[dict[str, Any]]:
    """Rows that a statement stores, each with the ``sort_key`` of what it is ``called``, a name or title."""
    return [{**row, "sort_key": sort_key(row[called])} for row in rows]


def with_sort_keys_of_names(rows: Sequence[Mapping[str, Any]], prefix: str) -> list[dict[str, Any]]:
    """The same for rows whose ``names`` are in several languages: that of the English one where there is one."""
    called = [next(filter(None, (row["names"].get(f"{prefix}_{one}") for one in UN_LANGUAGES)), "") for row in rows]
    return [{**row, "sort_key": sort_key(name)} for row, name in zip(rows, called, strict=True)]


async def keep_order(tx: Transaction, *, elements: Sequence[str]) -> None:
    """Make the keys of these nodes anew, of which somebody rewrote texts."""
    rows = await tx.run(CALLED_NOW, elements=elements)
    await tx.run(SET_KEYS, rows=with_sort_keys(rows, "called"))


async def order_everything(graph: Graph) -> None:
    """Give a key to every node that has a name or a title and no key yet."""
    while rows := await graph.read(WITHOUT_KEY, most=AT_ONCE):
        await graph.write(SET_MISSING, rows=with_sort_keys(rows, "called"))


@lru_cache(maxsize=50_000)
def _weights(text: str) -> Weights:
    """What Unicode's collation compares; the same names come again on every page."""
    return tuple(_collator().sort_key(text))


@cache
def _collator() -> Collator:
    """Unicode's default order, which takes a moment to read."""
    return Collator()


def _spanish(text: str) -> Weights:
    return _weights(TILDE_ON_N.sub(LAST, unicodedata.normalize("NFD", text)))


def _arabic(text: str) -> Weights:
    return (*_own_script_first("ar", text.translate(ARABIC_LETTERS)), LEVEL, *_weights(text))


def _russian(text: str) -> Weights:
    return _own_script_first("ru", text)


@lru_cache(maxsize=20_000)
def _own_script_first(language: str, text: str) -> Weights:
    """The order with the letters of a language's script before all others, after marks and digits."""
    weights = _weights(text)
    letters = weights.index(LEVEL)
    latin, first, after = (_letter(one) for one in (FIRST_LETTER, *SCRIPTS[language]))

    def moved(weight: int) -> int:
        if first <= weight < after:
            return weight - first + latin
        return weight + after - first if latin <= weight < first else weight

    return (*map(moved, weights[:letters]), *weights[letters:])


@lru_cache(maxsize=20_000)
def _chinese(text: str) -> Weights:
    """Characters by their sound in Latin letters, then by themselves, one after the other; then all other scripts."""
    found: list[int] = []
    for part in HAN.split(unicodedata.normalize("NFC", text)):
        letters = _letters(anyascii(part) if HAN.fullmatch(part) else part)
        if HAN.fullmatch(part):
            found += (*letters, LEVEL, ord(part))
        else:
            latin = _letter(FIRST_LETTER)
            found += (weight + AFTER_HAN if weight >= latin else weight for weight in letters)
    return (*found, LEVEL, *_weights(text))


def _letters(text: str) -> Weights:
    weights = _weights(text)
    return weights[: weights.index(LEVEL)]


@cache
def _letter(one: str) -> int:
    return _letters(one)[0]


_ORDERS: Final[Mapping[str, Callable[[str], Weights]]] = {
    "ar": _arabic,
    "es": _spanish,
    "ru": _russian,
    "zh": _chinese,
}
