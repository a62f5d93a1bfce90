"""The filters of the first page: as they stand in its address, as choices, and as chips that take one away each."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from api.asking import NotThatManyMonths, months_ago
from api.pages.refusals import NotADay
from api.pages.terms import term
from api.pages.words import N_, day, in_order_of, months, words_in
from graph import filters
from graph.choices import of_language
from graph.filters import ExpertFilter, LevelWithoutLanguage, UnknownFilterValue
from graph.graph import Graph
from graph.values import Gender, LanguageLevel
from graph.viewer import Viewer

__all__ = ["IN_SIGHT", "NAMES", "Chip", "Choices", "chips", "choices", "meant", "resolved"]

WORLD = "001"
"""The region in M49 that all others are in."""

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

OF_KIND = {
    "country": ("country", "worked_in"),
    "region": ("region",),
    "language": ("language",),
    "topic": ("topic",),
    "organisation": ("organisation",),
    "organisation kind": ("organisation_kind",),
    "event": ("spoke_at",),
}
"""The filters in which something of a kind is chosen, by the kind as filters.UnknownFilterValue has it."""

LEVELS = {"working": N_("working or better"), "fluent": N_("fluent or better"), "native": N_("native")}
GENDERS = {"woman": N_("women"), "man": N_("men"), "other": N_("of another gender")}

SAID = {
    "country": N_("live in %(what)s"),
    "region": N_("live in %(what)s"),
    "language": N_("speak %(what)s"),
    "language_level": N_("speak it %(what)s"),
    "topic": N_("know %(what)s"),
    "worked_in": N_("worked in %(what)s"),
    "organisation": N_("work at %(what)s"),
    "organisation_kind": N_("work at an organisation of the kind %(what)s"),
    "spoke_at": N_("spoke at %(what)s"),
    "active_since": N_("were active since %(what)s"),
    "not_invited_for": N_("were not invited for %(what)s"),
    "gender": N_("are %(what)s"),
}
"""What each filter says of the people whom it lets through; the days when they are available are said together."""

DAYS = ("available_from", "available_until", "active_since")

Chosen = Mapping[str, str]
"""What the address says, by name; empty where it does not matter."""
Options = Mapping[str, str]
"""What the page shows, by what the address says."""


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

    level = _level(chosen["language_level"])
    if chosen["language_level"] and not chosen["language"]:
        raise LevelWithoutLanguage
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
        language_level=level,
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


def meant(
    unknown: UnknownFilterValue, chosen: Chosen, *, language: str, address: Callable[[Chosen], str]
) -> Iterator[tuple[str, str]]:
    """What may be meant by a value that is not known: each in words, and where it is asked for instead."""
    words = words_in(language).gettext
    for name in OF_KIND.get(unknown.kind, ()):
        if chosen[name] == unknown.value:
            for one in unknown.nearest:
                yield words(SAID[name]) % {"what": one[:80]}, address({**chosen, name: one})


async def choices(graph: Graph, viewer: Viewer, *, language: str) -> Choices:
    """What there is to choose from, as far as the viewer sees that it finds somebody, in the order of a language."""
    found = await of_language(graph, viewer, language=language)
    words = words_in(language).gettext
    named: Mapping[str, Options] = {
        "country": found.countries,
        "region": {id: name for id, name in found.regions.items() if id != WORLD},  # all live there
        "language": found.languages,
        "topic": found.topics,
        "worked_in": found.worked_in,
        "organisation_kind": {kind: term("organisation", kind, language) for kind in found.organisation_kinds},
    }
    ordered = in_order_of(language)
    return Choices(
        {
            **{name: dict(sorted(of.items(), key=lambda one: ordered(one[1]))) for name, of in named.items()},
            "language_level": {level: words(said) for level, said in LEVELS.items()},
            "gender": {gender: words(said) for gender, said in GENDERS.items()},
        },
        found.organisations,
        found.events,
    )


def chips(
    chosen: Chosen, options: Mapping[str, Options], *, language: str, address: Callable[[Chosen], str]
) -> Iterator[Chip]:
    """Every filter that acts, in the language of the page; ``address`` says where others are asked for."""
    words = words_in(language).gettext

    def chip(said: str, *names: str) -> Chip:
        return Chip(said, address({name: value for name, value in chosen.items() if value and name not in names}))

    shown = {name: options.get(name, {}).get(value, value)[:80] for name, value in chosen.items()}
    shown |= {name: _day_in(language, chosen[name]) for name in DAYS}
    if _is_count(chosen["not_invited_for"]):
        shown["not_invited_for"] = months(int(chosen["not_invited_for"]), language)
    for name, said in SAID.items():
        if not chosen[name]:
            continue
        # How well they speak it goes with the language.
        taken = ("language", "language_level") if name == "language" else (name,)
        yield chip(words(said) % {"what": shown[name]}, *taken)
    first, last = shown["available_from"], shown["available_until"]
    if first and last and first != last:
        said = words(N_("are available from %(first)s to %(last)s")) % {"first": first, "last": last}
        yield chip(said, "available_from", "available_until")
    elif first or last:
        said = words(N_("are available on %(what)s")) % {"what": first or last}
        yield chip(said, "available_from", "available_until")


def _day_in(language: str, text: str) -> str:
    """A day as the page writes it; what is none as it was written."""
    try:
        return day(date.fromisoformat(text), language) if text else ""
    except ValueError:
        return text[:80]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise NotADay(text) from None


def _months_ago(text: str) -> date:
    if not _is_count(text):
        raise NotThatManyMonths(text)
    return months_ago(int(text))


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 4


def _level(text: str) -> LanguageLevel:
    if text and text not in set(LanguageLevel):
        raise UnknownFilterValue(kind="language level", value=text, nearest=list(LanguageLevel))
    return LanguageLevel(text) if text else LanguageLevel.BASIC


def _gender(text: str) -> Gender:
    if text not in set(Gender):
        raise UnknownFilterValue(kind="gender", value=text, nearest=list(Gender))
    return Gender(text)
