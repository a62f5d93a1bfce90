"""The order of names and titles: Unicode's collation (UTS 10), and what the readers of a language expect beyond it.

The languages' own rules are CLDR's: in Spanish ñ is a letter after n; in Arabic, Russian and Chinese the own script
comes first, in Chinese by the sound of each character (without its tone, which CLDR has too). What the graph orders by
is kept on a node beside the name or title that it is made from, by whatever writes that: :func:`sort_keys`.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache, partial
from typing import Any, Final, LiteralString

from anyascii import anyascii
from pyuca import Collator

from graph.graph import Graph, Transaction
from graph.values import UN_LANGUAGES

__all__ = [
    "SORT_KEY",
    "SORT_KEYS",
    "collated",
    "has_own_rules",
    "keep_order",
    "order_everything",
    "sort_key",
    "sort_key_in",
    "sort_keys",
    "with_sort_keys",
    "with_sort_keys_of_names",
]

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

DIGITS: Final = 4
DIGITS_IN_CHINESE: Final = 5
"""What is after the characters weighs more than four digits tell."""

AT_ONCE: Final = 1_000

SORT_KEY: Final = "sort_key"
"""The property of the order in English; that of another language has the language behind it."""

SORT_KEYS: Final = (SORT_KEY, *(f"{SORT_KEY}_{language}" for language in UN_LANGUAGES if language != "en"))

LISTED: LiteralString = """
MATCH (n:Activity|Country|Event|Expert|Language|Organisation|Project|Region|Resource|Series|Topic)
RETURN elementId(n) AS element
"""

# Written to before it is looked at: whoever renames it meanwhile waits, or was first and is seen.
CALLED_NOW: LiteralString = """
UNWIND $elements AS element
MATCH (n:Activity|Country|Event|Expert|Language|Organisation|Project|Region|Resource|Series|Topic)
WHERE elementId(n) = element
SET n.id = n.id
RETURN element, coalesce(n.name, n.title) AS called,
       {en: coalesce(n.name_en, n.label_en), fr: coalesce(n.name_fr, n.label_fr), es: coalesce(n.name_es, n.label_es),
        ar: coalesce(n.name_ar, n.label_ar), ru: coalesce(n.name_ru, n.label_ru), zh: coalesce(n.name_zh, n.label_zh)}
         AS names
"""

SET_KEYS: LiteralString = """
UNWIND $rows AS row
MATCH (n) WHERE elementId(n) = row.element
SET n += row.sort_keys
"""


def collated(text: str, language: str = "") -> Weights:
    """What the readers of a language sort texts by; without one, Unicode's default order."""
    return _ORDERS.get(language, _weights)(text)


def has_own_rules(language: str) -> bool:
    """Whether the order of texts in a language is another than Unicode's default."""
    return language in _ORDERS


def sort_key(text: str, language: str = "en") -> str:
    """The order of a language as text that sorts the same: as many hexadecimal digits for each weight."""
    digits = DIGITS_IN_CHINESE if language == "zh" else DIGITS
    return "".join(f"{weight:0{digits}x}" for weight in collated(text, language)[:LONGEST])


def sort_key_in(language: str) -> str:
    """The property that has a node's place in the order of a language; without it, ``sort_key`` has the same text."""
    return SORT_KEY if language == "en" else f"{SORT_KEY}_{language}"


def sort_keys(called: str | Mapping[str, str | None]) -> dict[str, str | None]:
    """The properties that a node is listed by, of its one name or title, or its names by language.

    A property is None where the node needs none, since its ``sort_key`` is the same text.
    """
    names = dict.fromkeys(UN_LANGUAGES, called) if isinstance(called, str) else _in_every_language(called)
    told = {sort_key_in(language): sort_key(name, language) for language, name in names.items()}
    plain = told[SORT_KEY]
    return {name: key if name == SORT_KEY or key != plain else None for name, key in told.items()}


def _in_every_language(names: Mapping[str, str | None]) -> dict[str, str]:
    """What is shown in each language: the name in that one, else in English, else in the first that there is."""
    first = next(filter(None, (names.get(language) for language in UN_LANGUAGES)), "")
    return {language: names.get(language) or first for language in UN_LANGUAGES}


def with_sort_keys(rows: Sequence[Mapping[str, Any]], called: str) -> list[dict[str, Any]]:
    """Rows that a statement stores, each with the ``sort_keys`` of what it is ``called``, a name or title."""
    return [{**row, "sort_keys": sort_keys(row[called])} for row in rows]


def with_sort_keys_of_names(rows: Sequence[Mapping[str, Any]], prefix: str) -> list[dict[str, Any]]:
    """The same for rows whose ``names`` are in several languages."""
    return [
        {**row, "sort_keys": sort_keys({one: row["names"].get(f"{prefix}_{one}") for one in UN_LANGUAGES})}
        for row in rows
    ]


async def keep_order(tx: Transaction, *, elements: Sequence[str]) -> None:
    """Make the keys of these nodes anew, as far as they are listed by any."""
    rows = await tx.run(CALLED_NOW, elements=elements)
    called = [row["names"] if row["called"] is None else row["called"] for row in rows]
    keys = [{"element": row["element"], "sort_keys": sort_keys(one)} for row, one in zip(rows, called, strict=True)]
    await tx.run(SET_KEYS, rows=keys)


async def order_everything(graph: Graph) -> None:
    """Make the keys of everything anew; each node is listed by those that it has until it has new ones."""
    elements = [row["element"] for row in await graph.read(LISTED)]
    for start in range(0, len(elements), AT_ONCE):
        await graph.transact(partial(keep_order, elements=elements[start : start + AT_ONCE]))


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
