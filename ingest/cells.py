"""What may stand in one cell: how text becomes a value, and the sentence that says why it does not.

Each kind of cell is an annotated type: its validator turns text into the value, and its :class:`Cell` says the same
for people and tools that read the description of the format.
"""

import difflib
import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Annotated, TypeVar
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import langcodes
import phonenumbers
import pycountry
from babel.core import get_global
from langcodes.tag_parser import LanguageTagError
from pydantic import BeforeValidator

from graph.fields import EMAIL
from graph.intake import Kind
from graph.values import ExpertiseLevel, LanguageLevel, Period

__all__ = [
    "HOSTILE",
    "Cell",
    "CountryCode",
    "Day",
    "Email",
    "Expertise",
    "Id",
    "Identifier",
    "Label",
    "LanguageTag",
    "Moment",
    "Orcid",
    "PartialDate",
    "Phone",
    "Prose",
    "Spoken",
    "TimeZone",
    "Title",
    "Unfit",
    "Url",
    "all_different",
    "cleaned",
    "closest",
    "expertise",
    "listed",
    "one_of",
    "period",
    "slug",
    "spoken",
    "visible",
]

Value = TypeVar("Value", bound=Hashable)
Choice = TypeVar("Choice", bound=StrEnum)

SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
E164 = r"\+\d{4,15}"
PARTIAL_DATE = r"\d{4}(-\d{2}(-\d{2})?)?"
FIRST_YEAR, LAST_YEAR = 1900, 2100

# Control characters that no text needs, the overrides, embeddings and isolates that make a text look like another
# (Unicode TR 36, "bidirectional text spoofing"), lone surrogates and noncharacters. The marks that Arabic, Persian
# and Hebrew are written with (U+200C to U+200F, U+061C) are not among them.
HOSTILE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


class Unfit(ValueError):
    """A cell's text is not what its column takes; ``column`` is set where it is not the cell being read."""

    def __init__(self, reason: str, *, remedy: str, value: str | None = None, column: str | None = None) -> None:
        self.reason = reason
        self.remedy = remedy
        self.value = value
        self.column = column
        super().__init__(f"{reason}; {remedy}")


@dataclass(frozen=True, slots=True)
class Cell:
    """What the description of the format says of a cell: Table Schema's words, and the kind that it refers to."""

    type: str = "string"
    pattern: str | None = None
    choices: tuple[str, ...] = ()
    max_length: int | None = None
    refers_to: Kind | None = None
    format: str | None = None


@dataclass(frozen=True, slots=True)
class Spoken:
    """A language that somebody speaks, and how well."""

    language: str
    level: LanguageLevel


@dataclass(frozen=True, slots=True)
class Expertise:
    """A topic that somebody knows, how deeply and since which year."""

    topic: str
    level: ExpertiseLevel
    since: int | None


def visible(text: str, *, limit: int = 80) -> str:
    """Text safe to show in a terminal: hidden characters escaped, long text cut."""
    shown = "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}…"


def closest(word: str, words: Iterable[str]) -> str | None:
    """The word that was probably meant, if any is close."""
    return next(iter(difflib.get_close_matches(word, words, n=1, cutoff=0.7)), None)


def cleaned(text: object) -> str:
    """Text in Unicode's composed form (NFC), without outer space.

    Raises:
        Unfit: it is not text, or it holds a hidden character that no text needs.
    """
    if not isinstance(text, str):
        raise Unfit("it is not text", remedy="write one text there")
    hostile = HOSTILE.search(text)
    if hostile is not None:
        name = unicodedata.name(hostile[0], "a control character")
        raise Unfit(f"it holds the hidden character U+{ord(hostile[0]):04X} ({name})", remedy="delete that character")
    return unicodedata.normalize("NFC", text).strip()


def line(limit: int) -> Callable[[object], str]:
    """A validator of text on one line, of at most ``limit`` characters; line breaks become spaces."""

    def validate(text: object) -> str:
        return _short(" ".join(cleaned(text).split()), limit)

    return validate


def prose(limit: int) -> Callable[[object], str]:
    """A validator of text that may have paragraphs, of at most ``limit`` characters."""

    def validate(text: object) -> str:
        lines = [" ".join(one.split()) for one in cleaned(text).splitlines()]
        return _short(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)), limit)

    return validate


def _short(text: str, limit: int) -> str:
    if len(text) > limit:
        raise Unfit(f"it has {len(text)} characters, more than {limit}", remedy="shorten it")
    return text


def slug(text: str) -> str:
    """An id: lower-case letters a to z, digits and single hyphens between them."""
    found = line(100)(text)
    if re.fullmatch(SLUG, found) is None:
        plain = unicodedata.normalize("NFKD", found).encode("ascii", "ignore").decode().lower()
        proposal = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
        remedy = f"write {proposal}" if proposal else "write it with a to z, 0 to 9 and hyphens"
        raise Unfit(
            f"'{visible(found)}' is not an id, which has only a to z, 0 to 9 and hyphens", remedy=remedy, value=found
        )
    return found


def day(text: str) -> date:
    """A date of ISO 8601, such as 2022-02-10."""
    found = line(40)(text)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", found) is not None:
        try:
            return date.fromisoformat(found)
        except ValueError:
            pass
    raise Unfit(f"'{visible(found)}' is not a date", remedy="write year-month-day, such as 2022-02-10", value=found)


def period(text: str) -> Period:
    """Days from a first to a last, both included, as an interval of ISO 8601: '2026-07-01/2026-07-31'."""
    found = line(60)(text)
    try:
        return Period.parse(found)
    except ValueError:
        raise Unfit(
            f"'{visible(found)}' is not a first and a last day, the last not before the first",
            remedy="write them such as 2026-07-01/2026-07-31",
            value=found,
        ) from None


def partial_date(text: str) -> str:
    """A year, month or day of ISO 8601: 2017, 2017-03 or 2017-03-01."""
    found = line(40)(text)
    if re.fullmatch(PARTIAL_DATE, found) is not None:
        try:
            date.fromisoformat((found + "-01-01")[:10])
        except ValueError:
            pass
        else:
            return found
    raise Unfit(
        f"'{visible(found)}' is not a year, month or day",
        remedy="write it such as 2017, 2017-03 or 2017-03-01",
        value=found,
    )


def moment(text: str) -> datetime:
    """A time of ISO 8601 with its offset from UTC, given back in UTC."""
    found = line(60)(text)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*", found) is not None:
        try:
            at = datetime.fromisoformat(found)
        except ValueError:
            pass
        else:
            if at.tzinfo is None:
                raise Unfit(
                    f"'{visible(found)}' does not say its offset from UTC",
                    remedy=f"add Z for UTC or an offset such as +02:00: {found.replace(' ', 'T')}Z",
                    value=found,
                )
            return at.astimezone(UTC)
    raise Unfit(
        f"'{visible(found)}' is not a date with a time",
        remedy="write it such as 2022-02-10T14:00:00Z or 2022-02-10T14:00:00+02:00",
        value=found,
    )


def email(text: str) -> str:
    """An e-mail address, as browsers accept it, at a host with a dot."""
    found = line(254)(text)
    if EMAIL.fullmatch(found) is None:
        raise Unfit(f"'{visible(found)}' is not an e-mail address", remedy="write one such as name@example.org")
    return found


def url(text: str) -> str:
    """An address of a page: http or https, with a host."""
    found = line(2000)(text)
    try:
        parts = urlsplit(found)
        usable = parts.scheme in ("http", "https") and parts.hostname is not None and " " not in found
    except ValueError:
        usable = False
    if not usable:
        raise Unfit(f"'{visible(found)}' is not a web address", remedy="write one such as https://example.org")
    return found


def phone(text: str) -> str:
    """A telephone number with its country's code, in the form of ITU-T E.164: '+21671000000'."""
    found = line(60)(text)
    try:
        number = phonenumbers.parse(found, None)
    except phonenumbers.NumberParseException:
        number = None
    shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if number is not None else ""
    if number is None or not phonenumbers.is_possible_number(number) or re.fullmatch(E164, shown) is None:
        raise Unfit(
            f"'{visible(found)}' is not a telephone number with its country's code",
            remedy="write it such as +216 71 000 000",
            value=found,
        )
    return str(shown)


def orcid(text: str) -> str:
    """An ORCID iD, alone or as a web address, whose last digit is right (ISO 7064, MOD 11-2): '0000-0002-1825-0097'."""
    found = line(60)(text)
    plain = re.sub(r"^https?://(www\.)?orcid\.org/", "", found, flags=re.IGNORECASE).upper()
    if re.fullmatch(r"(\d{4}-){3}\d{3}[\dX]", plain) is None:
        raise Unfit(
            f"'{visible(found)}' is not an ORCID iD", remedy="write one such as 0000-0002-1825-0097", value=found
        )
    digits, check = plain.replace("-", "")[:-1], plain[-1]
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    if "0123456789X"[(12 - total % 11) % 11] != check:
        raise Unfit(
            f"'{visible(found)}' has a wrong last digit", remedy="look for the digit that is mistyped", value=found
        )
    return plain


def identifier(text: str) -> str:
    """By what another register knows somebody or something: its name, a colon, and the number or name there."""
    found = line(300)(text)
    if re.fullmatch(r"[a-z][a-z0-9.-]*:\S.*", found) is None:
        raise Unfit(
            f"'{visible(found)}' is not an identifier", remedy="write it such as openalex:A5000000000", value=found
        )
    return found


def time_zone(text: str) -> str:
    """A time zone's name in the IANA database: 'Africa/Tunis'."""
    found = line(60)(text)
    if found not in _time_zones():
        meant = closest(found, _time_zones())
        remedy = f"did you mean {meant}?" if meant else "write one such as Africa/Tunis"
        raise Unfit(f"'{visible(found)}' is not a time zone", remedy=remedy, value=found)
    return found


@cache
def _time_zones() -> frozenset[str]:
    """All of them; looking through the files that have them takes some hundredths of a second."""
    return frozenset(available_timezones())


def country(text: str) -> str:
    """A country's two-letter code (ISO 3166-1 alpha-2)."""
    found = line(100)(text)
    if found.upper() in _country_codes():
        return found.upper()
    meant = _country_meant(found)
    remedy = f"write {meant}" if meant else "write the two-letter code, such as TN for Tunisia"
    raise Unfit(f"'{visible(found)}' is not a country code of ISO 3166", remedy=remedy, value=found)


@cache
def _country_codes() -> frozenset[str]:
    return frozenset(one.alpha_2 for one in pycountry.countries)


def _country_meant(text: str) -> str | None:
    """The code of the country that a name, a three-letter code or an old code stands for, if it is known."""
    alias = get_global("territory_aliases").get(text.upper(), ())
    if len(alias) == 1 and alias[0] in _country_codes():
        return f"{alias[0]}"
    try:
        return f"{pycountry.countries.lookup(text).alpha_2}"
    except LookupError:
        names = {one.name: one.alpha_2 for one in pycountry.countries}
        name = closest(text, names)
        return f"{names[name]} if you mean {name}" if name else None


def language(text: str) -> str:
    """A language's tag (BCP 47) in its standard form: 'fr', 'zh-Hant', 'kek'."""
    found = line(60)(text)
    try:
        if langcodes.tag_is_valid(found):
            return langcodes.standardize_tag(found)
    except LanguageTagError:
        pass
    named = pycountry.languages.get(name=found.capitalize())
    meant = (getattr(named, "alpha_2", None) or named.alpha_3) if named else None
    remedy = f"write {meant}" if meant else "write a tag such as fr, or look it up in BCP 47"
    raise Unfit(f"'{visible(found)}' is not a language tag of BCP 47", remedy=remedy, value=found)


def spoken(text: str) -> Spoken:
    """A language with how well it is spoken: 'fr:fluent'."""
    tag, *level = _parts(text, form="language:level", most=2)
    if not level:
        raise Unfit(
            f"'{visible(text)}' does not say how well the language is spoken",
            remedy=f"write it such as {visible(text)}:fluent ({', '.join(LanguageLevel)})",
            value=text,
        )
    return Spoken(language(tag), one_of(LanguageLevel)(level[0]))


def expertise(text: str) -> Expertise:
    """A topic with how deeply it is known, and since which year: 'stadiums:lead:2011' or 'stadiums:lead'."""
    topic, *rest = _parts(text, form="topic:level:year", most=3)
    if not rest:
        raise Unfit(
            f"'{visible(text)}' does not say how deeply the topic is known",
            remedy=f"write it such as {visible(text)}:practitioner ({', '.join(ExpertiseLevel)})",
            value=text,
        )
    level = one_of(ExpertiseLevel)(rest[0])
    since = None
    if len(rest) == 2:
        if re.fullmatch(r"\d{4}", rest[1]) is None or not FIRST_YEAR <= int(rest[1]) <= LAST_YEAR:
            raise Unfit(f"'{visible(rest[1])}' is not a year", remedy="write it such as 2011", value=text)
        since = int(rest[1])
    return Expertise(slug(topic), level, since)


def _parts(text: str, *, form: str, most: int) -> list[str]:
    parts = [part.strip() for part in line(200)(text).split(":")]
    if len(parts) > most or not all(parts):
        raise Unfit(f"'{visible(text)}' does not have the form {form}", remedy=f"write it as {form}", value=text)
    return parts


def one_of(choices: type[Choice]) -> Callable[[str], Choice]:
    """A validator of a word from a closed set."""

    def validate(text: str) -> Choice:
        found = line(100)(text)
        try:
            return choices(found.lower())
        except ValueError:
            meant = closest(found.lower(), list(choices))
            remedy = f"did you mean {meant}?" if meant else "choose one of them"
            raise Unfit(f"'{visible(found)}' is not one of {', '.join(choices)}", remedy=remedy, value=found) from None

    return validate


def listed(given: str | list[str]) -> list[str]:
    """The parts of a list, which semicolons separate where it is one text."""
    parts = given.split(";") if isinstance(given, str) else given
    return [part.strip() for part in parts if part.strip()]


def all_different(values: tuple[Value, ...]) -> tuple[Value, ...]:
    """The same values.

    Raises:
        Unfit: one of them comes twice.
    """
    seen: set[Hashable] = set()
    for value in values:
        name = _name_of(value)
        if name in seen:
            raise Unfit(f"'{visible(str(name))}' is listed twice", remedy="delete one of the two", value=str(name))
        seen.add(name)
    return values


def _name_of(value: Hashable) -> Hashable:
    if isinstance(value, Spoken):
        return value.language
    if isinstance(value, Expertise):
        return value.topic
    return value


Id = Annotated[str, BeforeValidator(slug), Cell(pattern=SLUG, max_length=100)]
Title = Annotated[str, BeforeValidator(line(300)), Cell(max_length=300)]
Label = Annotated[str, BeforeValidator(line(120)), Cell(max_length=120)]
Prose = Annotated[str, BeforeValidator(prose(10_000)), Cell(max_length=10_000)]
Day = Annotated[date, BeforeValidator(day), Cell("date")]
PartialDate = Annotated[str, BeforeValidator(partial_date), Cell(pattern=PARTIAL_DATE)]
Moment = Annotated[datetime, BeforeValidator(moment), Cell("datetime")]
Email = Annotated[str, BeforeValidator(email), Cell(format="email")]
Url = Annotated[str, BeforeValidator(url), Cell(format="uri")]
Phone = Annotated[str, BeforeValidator(phone), Cell(pattern=E164)]
Orcid = Annotated[str, BeforeValidator(orcid), Cell(pattern=r"(\d{4}-){3}\d{3}[\dX]")]
Identifier = Annotated[str, BeforeValidator(identifier), Cell()]
TimeZone = Annotated[str, BeforeValidator(time_zone), Cell()]
CountryCode = Annotated[str, BeforeValidator(country), Cell(pattern="[A-Z]{2}")]
LanguageTag = Annotated[str, BeforeValidator(language), Cell()]
