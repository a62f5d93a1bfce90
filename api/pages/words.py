"""The words of pages in the six UN languages: English stands in templates and code, catalogues translate it.

``make words`` brings the catalogues in line with what templates and code say; a test finds what is not translated.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from gettext import NullTranslations
from pathlib import Path
from typing import Any, Final, Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, format_timedelta, get_datetime_format
from babel.lists import format_list
from babel.numbers import format_decimal

from api.catalogues import N_, catalogue, locale_of
from graph.alphabet import collated
from graph.errors import GraphError
from graph.wording import Either, Fact, Wording

__all__ = [
    "FOLDER",
    "N_",
    "by_clock",
    "day",
    "days",
    "direction",
    "in_order_of",
    "listed",
    "moment",
    "months",
    "number",
    "told",
    "translated",
    "words_in",
]

FOLDER: Final = Path(__file__).with_name("translations")


def words_in(language: str) -> NullTranslations:
    """What translates English into one of the six languages."""
    return catalogue(FOLDER, language)


def translated(english: str, language: str) -> str | None:
    """What code said in English, in a language; None if no catalogue has it."""
    if not english or (language == "en" and not _has_moments(english)):
        return english
    template = english.template if isinstance(english, Wording) else english
    found = words_in(language).gettext(template)
    if found == template and language != "en":
        return None
    if isinstance(english, Wording) and english.facts:
        return found % {name: _written(fact, language) for name, fact in english.facts.items()}
    return found


def _has_moments(english: str) -> bool:
    """Whether moments stand in it, which code writes as programs do (ISO 8601), and pages as people do."""
    return isinstance(english, Wording) and any(isinstance(fact, datetime) for fact in english.facts.values())


def told(error: GraphError, language: str) -> str | None:
    """What an error says to people, in a language; None if no catalogue has all of it."""
    found = [translated(sentence, language) for sentence in error.sentences or (str(error),)]
    return None if None in found else " ".join(text for text in found if text)


def _written(fact: Fact, language: str) -> str:
    """What stands in a sentence, as the language writes it; what no catalogue has is a name, an id or a code."""
    if isinstance(fact, str):
        return translated(fact, language) or fact if isinstance(fact, Wording) else fact
    if isinstance(fact, datetime):
        return moment(fact, language)
    if isinstance(fact, date):
        return day(fact, language)
    if isinstance(fact, int | float):
        return number(fact, language)
    texts = [_written(text, language) for text in (fact.texts if isinstance(fact, Either) else fact)]
    return listed(texts, language, style="or" if isinstance(fact, Either) else "standard")


def day(at: date, language: str) -> str:
    """A day as it is written out in a language."""
    return format_date(at, "long", locale=locale_of(language))


def moment(at: datetime, language: str) -> str:
    """A moment, in UTC, as it is written in a language."""
    in_utc, locale = at.astimezone(UTC), locale_of(language)
    time = format_time(in_utc, "HH:mm", locale=locale)
    return str(get_datetime_format("medium", locale=locale)).format(f"{time} UTC", day(in_utc, language))


def by_clock(at: datetime, language: str) -> str:
    """A day and time as a clock shows them, whose zone is said elsewhere."""
    locale = locale_of(language)
    time = format_time(at, "HH:mm", locale=locale)
    return str(get_datetime_format("medium", locale=locale)).format(time, day(at, language))


def days(period: str, language: str) -> str:
    """A period as GraphQL writes it, such as "2026-05-01/2026-05-31", as its days are written in a language."""
    return " – ".join(day(date.fromisoformat(one), language) for one in period.split("/"))


def months(count: int, language: str) -> str:
    """So many months, as a language counts them."""
    return format_timedelta(timedelta(days=30 * count), "month", threshold=count + 1, locale=locale_of(language))


def number(count: float, language: str) -> str:
    """A number as it is written in a language."""
    return format_decimal(count, locale=locale_of(language))


def listed(texts: list[str], language: str, *, style: Literal["standard", "or"] = "standard") -> str:
    """Texts beside each other with a language's own "and", or "or"."""
    return format_list(texts, style, locale=locale_of(language))


def in_order_of(language: str) -> Callable[[str], Any]:
    """What the readers of a language sort texts by."""
    return partial(collated, language=language)


def direction(language: str | None) -> str:
    """Which way texts of a language run, as HTML says it; where that is not known, as their first letters do."""
    try:
        return Locale.parse(language, sep="-").text_direction if language else "auto"
    except (UnknownLocaleError, ValueError):
        return "auto"
