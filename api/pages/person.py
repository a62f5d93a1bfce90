"""What the page of a person shows, in the order in which it shows it, of what the query ``person`` tells of them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import quote, urlencode

from babel import Locale

from api.pages.listing import moment_in
from api.pages.words import N_, words_in

__all__ = [
    "Bar",
    "Deed",
    "Evidence",
    "Year",
    "asks_to_introduce",
    "bars",
    "begins",
    "biographies",
    "evidence",
    "language_named",
    "years",
]

KINDS: Final = ("talk", "resource", "article", "answer")
"""Kinds of evidence in the order of the page; others come after them."""
MOST_BARS: Final = 40

Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Passages of one kind."""

    kind: str
    passages: Sequence[Told]


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did in a year: ``what`` is spoke, came, published, joined or worked."""

    what: str
    title: str = ""
    address: str | None = None
    role: str | None = None
    until: str | None = None
    """Of work, the last year; None while it lasts."""
    language: str | None = None
    """Which language the title is in, if it is known."""


@dataclass(frozen=True, slots=True)
class Year:
    """A year with what somebody did in it."""

    year: int
    deeds: Sequence[Deed]


@dataclass(frozen=True, slots=True)
class Bar:
    """A year in the picture of years: where it stands and how high, in a picture of 100 by 20."""

    year: int
    x: float
    width: float
    height: float


def nodes(person: Told, of: str) -> list[Told]:
    """What is at the other ends of a relation."""
    return [edge["node"] for edge in person[of]["edges"]]


def biographies(person: Told, *, language: str) -> tuple[Sequence[Told], Sequence[Told]]:
    """The paragraphs of the biography to read, and those of the same in other languages.

    Where none is in the page's language, all are to be read.
    """
    paragraphs = [passage for passage in nodes(person, "passages") if passage["kind"] == "biography"]
    own = [one for one in paragraphs if _is_in(one["language"], language)]
    return (own, [one for one in paragraphs if one not in own]) if own else (paragraphs, [])


def _is_in(tag: str | None, language: str) -> bool:
    return tag is not None and tag.split("-")[0].lower() == language


def evidence(person: Told) -> Sequence[Evidence]:
    """The passages by kind, without the biography; the newest first, as they are told."""
    found: dict[str, list[Told]] = {kind: [] for kind in KINDS}
    for passage in nodes(person, "passages"):
        if passage["kind"] != "biography":
            occurred_on = passage["occurredOn"] and date.fromisoformat(passage["occurredOn"])
            found.setdefault(passage["kind"], []).append({**passage, "occurredOn": occurred_on})
    return [Evidence(kind, passages) for kind, passages in found.items() if passages]


def years(person: Told) -> Sequence[Year]:
    """What somebody did, by year, the last one first; what has no year is not in it."""
    found: dict[int, list[Deed]] = defaultdict(list)
    for year, deed in _deeds(person):
        if year is not None and deed not in found[year]:
            found[year].append(deed)
    return [Year(year, deeds) for year, deeds in sorted(found.items(), reverse=True) if deeds]


def _deeds(person: Told) -> Iterator[tuple[int | None, Deed]]:
    spoke = set()
    for edge in person["talks"]["edges"]:
        event = edge["node"]
        spoke.add(event["slug"])
        yield _begun(event), Deed("spoke", event["title"], f"/events/{quote(event['slug'])}", edge["role"])
    for event in nodes(person, "attended"):
        if event["slug"] not in spoke:
            yield _begun(event), Deed("came", event["title"], f"/events/{quote(event['slug'])}")
    for work in nodes(person, "resources"):
        address = f"/resources/{quote(work['slug'])}"
        yield (
            _year(work["publishedOn"]),
            Deed("published", work["titleIn"], address, language=work["titleLanguage"]),
        )
    for edge in person["affiliations"]["edges"]:
        until = edge["until"] and edge["until"][:4]
        yield _year(edge["since"]), Deed("worked", edge["node"]["name"], role=edge["role"], until=until)
    yield _year(person["joined"]), Deed("joined")


def _begun(event: Told) -> int | None:
    at = moment_in(event, "startsAt")
    return at.year if at else None


def _year(when: str | None) -> int | None:
    return int(when[:4]) if when and when[:4].isdecimal() else None


def bars(told: Sequence[Year]) -> Sequence[Bar]:
    """How much was done in each year, from the first to the last, forty at most."""
    if not told:
        return []
    counts = {one.year: len(one.deeds) for one in told}
    last = max(counts)
    shown = range(max(min(counts), last - MOST_BARS + 1), last + 1)
    step, most = 100 / len(shown), max(counts.values())
    return [
        Bar(year, round(place * step + step / 10, 2), round(step * 0.8, 2), round(counts.get(year, 0) / most * 20, 2))
        for place, year in enumerate(shown)
    ]


def begins(talk: Told) -> datetime | None:
    """When a talk begins by the clocks of its event; when the event does, if that is not known."""
    event = talk["node"]
    return moment_in({**event, "startsAt": talk["startsAt"] or event["startsAt"]}, "startsAt")


def language_named(tag: str | None, language: str) -> str | None:
    """The name of a language in the page's language; the tag itself where no name is known."""
    return tag and Locale(language).languages.get(tag.split("-")[0].lower(), tag)


def asks_to_introduce(address: str, *, of: str, to: str, page: str, language: str) -> str:
    """Where a letter opens that asks somebody of an address to make its writer known to a person (RFC 6068)."""
    said = words_in(language).gettext
    lines = (
        said(N_("Hello %(name)s,")) % {"name": of},
        "",
        said(N_("You seem to know %(name)s. Would you introduce us to each other?")) % {"name": to},
        page,
    )
    fields = {"subject": said(N_("Could you introduce me to %(name)s?")) % {"name": to}, "body": "\r\n".join(lines)}
    return f"mailto:{quote(address, safe='@')}?{urlencode(fields, quote_via=quote, safe='')}"
