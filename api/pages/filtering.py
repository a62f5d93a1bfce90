"""The filters of the first page: as they stand in its address, as choices, and as chips that take one away each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from api.asking import NotThatManyMonths, months_ago
from graph import countries, events, filters, languages, organisations, topics
from graph.errors import GraphError
from graph.filters import ExpertFilter, UnknownFilterValue
from graph.graph import Graph
from graph.values import Gender, LanguageLevel
from graph.viewer import Viewer

__all__ = ["IN_SIGHT", "NAMES", "Chip", "Choices", "chips", "choices", "resolved"]

IN_SIGHT = ("country", "region", "language", "topic")
NAMES = (
    *IN_SIGHT,
    "language_level",
    "worked_in",
    "organisation",
    "organisation_kind",
    "spoke_at",
    "available_from",
    "available_until",
    "active_since",
    "not_invited_for",
    "gender",
)
"""What the page can be filtered by, as its address says it."""

LEVELS = {"working": "working or better", "fluent": "fluent or better", "native": "native"}
GENDERS = {"woman": "women", "man": "men", "other": "of another gender"}

SAID = {
    "country": "live in {}",
    "region": "live in {}",
    "language": "speak {}",
    "language_level": "speak it {}",
    "topic": "know {}",
    "worked_in": "worked in {}",
    "organisation": "work at {}",
    "organisation_kind": "work at an organisation of the kind {}",
    "spoke_at": "spoke at {}",
    "active_since": "were active since {}",
    "not_invited_for": "were not invited for {} months",
    "gender": "are {}",
}
"""What each filter says of the people whom it lets through; the days when they are available are said together."""

MOST_CHOICES = 1000
MOST_SUGGESTIONS = 300
"""Of organisations and events, which are typed: what is not suggested can be asked for all the same."""

Chosen = Mapping[str, str]
"""What the address says, by name; empty where it does not matter."""
Options = Mapping[str, str]
"""What the page shows, by what the address says."""


class NotADay(GraphError):
    """The address has something else where a day belongs."""

    def __init__(self, text: str) -> None:
        super().__init__(f"'{text[:80]}' is no date; write one as 2026-03-01.")


@dataclass(frozen=True, slots=True)
class Choices:
    """What the viewer can choose from, by the filter's name; and what is suggested where people type."""

    options: Mapping[str, Options]
    organisations: list[str]
    events: list[str]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that acts, in words, and the address of the same search without it."""

    words: str
    without: str


async def resolved(graph: Graph, viewer: Viewer, chosen: Chosen) -> ExpertFilter:
    """The filter that the address asks for; raises as filters.resolve does, and for days and numbers that are none."""

    def one(name: str) -> list[str]:
        return [chosen[name]] if chosen[name] else []

    # One day stands for itself.
    first = _day(chosen["available_from"] or chosen["available_until"])
    last = _day(chosen["available_until"] or chosen["available_from"])
    months = chosen["not_invited_for"]
    return await filters.resolve(
        graph,
        viewer,
        countries=one("country"),
        regions=one("region"),
        languages=one("language"),
        language_level=_level(chosen["language_level"]),
        topics=one("topic"),
        worked_in=one("worked_in"),
        organisations=one("organisation"),
        organisation_kinds=one("organisation_kind"),
        spoke_at=one("spoke_at"),
        available=(first, last) if first and last else None,
        active_since=_day(chosen["active_since"]),
        not_invited_since=_months_ago(months) if months else None,
        genders=[_gender(chosen["gender"])] if chosen["gender"] else [],
    )


async def choices(graph: Graph, viewer: Viewer) -> Choices:
    """What there is to choose from, as far as the viewer sees that it finds somebody."""
    living = (await countries.page(graph, viewer, first=MOST_CHOICES, with_experts=True)).entries
    known = (await topics.page(graph, viewer, first=MOST_CHOICES)).entries
    return Choices(
        {
            "country": {country.id: country.names.in_language("en") for _, country in living},
            "region": {one.id: one.names.in_language("en") for one in await countries.regions(graph, viewer)},
            "language": {
                one.id: one.names.in_language("en") or one.id for one in await languages.spoken(graph, viewer)
            },
            "topic": {topic.id: topic.labels.in_language("en") for _, topic in known},
            "language_level": LEVELS,
            "worked_in": {one.id: one.names.in_language("en") for one in await countries.worked_in(graph, viewer)},
            "organisation_kind": {kind: kind.replace("-", " ") for kind in await organisations.kinds(graph, viewer)},
            "gender": GENDERS,
        },
        [one.name for one in await organisations.employers(graph, viewer, first=MOST_SUGGESTIONS)],
        [one.title for one in await events.with_speakers(graph, viewer, first=MOST_SUGGESTIONS)],
    )


def chips(about: Mapping[str, str], chosen: Chosen, options: Mapping[str, Options]) -> Iterator[Chip]:
    """Every filter that acts, as the page's own words for it; ``about`` is what is asked, as the address says it."""

    def chip(words: str, *names: str) -> Chip:
        kept = {name: value for name, value in chosen.items() if value and name not in names}
        return Chip(words, f"/?{urlencode({**about, **kept})}")

    shown = {name: options.get(name, {}).get(value, value)[:80] for name, value in chosen.items()}
    for name, said in SAID.items():
        if not chosen[name] or (name == "language_level" and not chosen["language"]):
            continue
        # How well they speak it goes with the language.
        taken = ("language", "language_level") if name == "language" else (name,)
        yield chip(said.format(shown[name]), *taken)
    days = dict.fromkeys(shown[name] for name in ("available_from", "available_until") if shown[name])
    if days:
        yield chip(f"are available {' to '.join(days)}", "available_from", "available_until")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise NotADay(text) from None


def _months_ago(text: str) -> date:
    if not (text.isascii() and text.isdecimal() and len(text) <= 4):
        raise NotThatManyMonths(text)
    return months_ago(int(text))


def _level(text: str) -> LanguageLevel:
    if text and text not in set(LanguageLevel):
        raise UnknownFilterValue(kind="language level", value=text, nearest=list(LanguageLevel))
    return LanguageLevel(text) if text else LanguageLevel.BASIC


def _gender(text: str) -> Gender:
    if text not in set(Gender):
        raise UnknownFilterValue(kind="gender", value=text, nearest=list(Gender))
    return Gender(text)
