"""The words of pages in the six UN languages: English stands in templates and code, catalogues translate it.

``make words`` brings the catalogues in line with what templates and code say; a test finds what is not translated.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from gettext import NullTranslations
from pathlib import Path
from typing import Any, Final

from anyascii import anyascii
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.numbers import format_decimal
from pyuca import Collator

from api.catalogues import N_, catalogue, locale_of

__all__ = ["FOLDER", "N_", "day", "direction", "in_order_of", "listed", "moment", "number", "translated", "words_in"]

FOLDER: Final = Path(__file__).with_name("translations")


def words_in(language: str) -> NullTranslations:
    """What translates English into one of the six languages."""
    return catalogue(FOLDER, language)


def translated(english: str, language: str) -> str | None:
    """What code said in English, in a language; None if no catalogue has it, as with most that the graph refuses."""
    found = words_in(language).gettext(english) if english else english
    return None if found == english and language != "en" else found


def day(at: date, language: str) -> str:
    """A day as it is written out in a language."""
    return format_date(at, "long", locale=locale_of(language))


def moment(at: datetime, language: str) -> str:
    """A moment, in UTC, as it is written in a language."""
    return f"{format_datetime(at.astimezone(UTC), 'd MMMM y, HH:mm', locale=locale_of(language))} UTC"


def number(count: float, language: str) -> str:
    """A number as it is written in a language."""
    return format_decimal(count, locale=locale_of(language))


def listed(texts: list[str], language: str) -> str:
    """Texts beside each other with a language's own "and"."""
    return format_list(texts, locale=locale_of(language))


def in_order_of(language: str) -> Callable[[str], Any]:
    """What a language sorts texts by: Unicode's collation (UTS 10), in Chinese the sound of each character."""
    return (lambda text: _sort_key(anyascii(text))) if language == "zh" else _sort_key


@lru_cache(maxsize=20_000)
def _sort_key(text: str) -> tuple[int, ...]:
    """What Unicode's collation compares; the same names come again on every page."""
    return tuple(_collator().sort_key(text))


@cache
def _collator() -> Collator:
    """Unicode's default order, which takes a moment to read."""
    return Collator()


def direction(language: str | None) -> str:
    """Which way texts of a language run, as HTML says it; where that is not known, as their first letters do."""
    try:
        return Locale.parse(language, sep="-").text_direction if language else "auto"
    except (UnknownLocaleError, ValueError):
        return "auto"
