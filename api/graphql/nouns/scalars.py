"""Scalars that validate what clients give: dates, times, addresses, codes and tags."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, NewType
from urllib.parse import urlsplit

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from graph.values import Period

__all__ = ["SCALARS", "URL", "CountryCode", "DateInterval", "EmailAddress", "LanguageTag", "PhoneNumber"]

URL = NewType("URL", str)
EmailAddress = NewType("EmailAddress", str)
PhoneNumber = NewType("PhoneNumber", str)
CountryCode = NewType("CountryCode", str)
LanguageTag = NewType("LanguageTag", str)
DateInterval = NewType("DateInterval", str)

EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
PHONE = re.compile(r"\+[1-9][0-9]{4,14}")
TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise GraphQLError(f"{_shown(value)} is no date; write one as 2026-03-01.") from None


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
        # In UTC: the database takes no offset that has seconds.
        known = moment.astimezone(UTC) if moment.tzinfo else None
    except (TypeError, ValueError, OverflowError):
        known = None
    if known is None:
        raise GraphQLError(f"{_shown(value)} is no time; write one with its time zone, as 2026-03-01T14:00:00Z.")
    return known


def _told(value: Any) -> str:
    """A date or a time; what was read from the graph is text already."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat() if value.tzinfo else value.isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _interval(value: Any) -> str:
    try:
        return str(Period.parse(value))
    except (AttributeError, ValueError):
        said = f"{_shown(value)} is no first and last day; write them as 2026-07-01/2026-07-31."
        raise GraphQLError(said) from None


def _url(value: Any) -> str:
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
    except ValueError:
        parts = None
    if parts is None or parts.scheme not in {"http", "https"} or not parts.netloc or " " in value:
        raise GraphQLError(f"{_shown(value)} is no address of a page; write one that begins with https://.")
    return str(value)


def _email(value: Any) -> str:
    if not isinstance(value, str) or not EMAIL.fullmatch(value):
        raise GraphQLError(f"{_shown(value)} is no e-mail address; write one as name@example.org.")
    return value


def _phone(value: Any) -> str:
    if not isinstance(value, str) or not PHONE.fullmatch(value):
        raise GraphQLError(
            f"{_shown(value)} is no telephone number; write one with its country's code, as +21671000000."
        )
    return value


def _country(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z]{2}", value):
        raise GraphQLError(f"{_shown(value)} is no code of a country; write two letters of ISO 3166-1, as TN.")
    return value.upper()


def _tag(value: Any) -> str:
    if not isinstance(value, str) or not TAG.fullmatch(value):
        raise GraphQLError(f"{_shown(value)} is no language tag; write one of BCP 47, as fr or pt-BR.")
    return value


def _shown(value: Any) -> str:
    return f"'{str(value)[:80]}'"


def _scalar(name: str, about: str, parse: Any, source: str) -> ScalarDefinition:
    return strawberry.scalar(name=name, description=about, serialize=_told, parse_value=parse, specified_by_url=source)


SCALARS: Mapping[object, ScalarDefinition] = {
    date: _scalar("Date", "A day, as 2026-03-01.", _day, "https://www.rfc-editor.org/rfc/rfc3339"),
    datetime: _scalar(
        "DateTime",
        "A moment with its time zone, as 2026-03-01T14:00:00Z.",
        _moment,
        "https://www.rfc-editor.org/rfc/rfc3339",
    ),
    DateInterval: _scalar(
        "DateInterval",
        "Days from a first to a last, both included, as 2026-07-01/2026-07-31.",
        _interval,
        "https://www.iso.org/iso-8601-date-and-time-format.html",
    ),
    URL: _scalar("URL", "The address of a page, http or https.", _url, "https://url.spec.whatwg.org/"),
    EmailAddress: _scalar(
        "EmailAddress", "An e-mail address.", _email, "https://www.rfc-editor.org/rfc/rfc5322#section-3.4.1"
    ),
    PhoneNumber: _scalar(
        "PhoneNumber",
        "A telephone number with its country's code, as +21671000000.",
        _phone,
        "https://www.itu.int/rec/T-REC-E.164",
    ),
    CountryCode: _scalar(
        "CountryCode",
        "The code of a country: two letters of ISO 3166-1.",
        _country,
        "https://www.iso.org/iso-3166-country-codes.html",
    ),
    LanguageTag: _scalar(
        "LanguageTag", "A language, as BCP 47 writes it: fr, pt-BR.", _tag, "https://www.rfc-editor.org/info/bcp47"
    ),
}
"""The scalars of the schema, by the Python types that stand for them."""
