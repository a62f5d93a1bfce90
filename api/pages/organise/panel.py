"""The panel builder: its rules stand in the address, so every change is a link, and the browser's way back undoes it.

``seats`` says how many sit; ``region``, ``speaks`` and ``gender`` each stand with how many there are to be at least,
as ``region=002&region_least=1``; ``newcomers``, ``organisation``, ``country`` and ``talks`` are numbers; ``include``
and ``exclude`` are people; ``before`` are those who sat before, of whom as few change as can be; each ``back`` is
the query as it was before a change, the last one at the end, so that a link takes one change after another back;
``undone`` says that it did.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from gettext import NullTranslations
from itertools import chain, repeat
from typing import Any, Final
from urllib.parse import quote, urlencode

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse
from starlette.datastructures import QueryParams

from api.pages.languages import language_of
from api.pages.organise.asking import asked, graph_of
from api.pages.organise.door import OrganiserOf
from api.pages.organise.fields import Choice
from api.pages.rendering import render
from api.pages.terms import term
from api.pages.unanswered import NO_ANSWER
from api.pages.words import N_, number, words_in
from graph import experts
from graph.errors import GraphError, NoSuchEvent
from graph.panels import MOST_SEATS
from graph.values import ExpertId, Gender

__all__ = ["panel"]

QUOTAS: Final[Mapping[str, str]] = {"REGION": "region", "LANGUAGE": "speaks", "GENDER": "gender"}
"""What the address calls a quota, by its kind; ``language`` is the page's own."""
MOST: Final = ("organisation", "country", "talks")
LISTS: Final = ("topics", "languages")
"""Of an event, connections in the contract; of a draft they are lists."""
SEATS: Final = 4
MOST_NAMED: Final = 60
MOST_BACK: Final = 20
LONGEST_BACK: Final = 3_000
"""Of an address, what tells of earlier steps; the oldest are left out."""

PHRASES: Final[Mapping[str, str]] = {
    "REGION": N_("at least %(number)s from %(of)s"),
    "NEWCOMERS": N_("at least %(number)s who never gave a talk"),
    "INCLUDED": N_("%(of)s is on it"),
    "EXCLUDED": N_("%(of)s is not on it"),
    "ORGANISATION": N_("at most %(number)s of one organisation"),
    "COUNTRY": N_("at most %(number)s of one country"),
}
"""A rule in words, by its kind, where those are the same of one as of several; the others are in :func:`_counted`."""

panel = APIRouter()


@dataclass(frozen=True, slots=True)
class Builder:
    """What the address says. A quota is what it is of, and how many there are to be at least."""

    seats: int
    region: tuple[tuple[str, int], ...] = ()
    speaks: tuple[tuple[str, int], ...] = ()
    gender: tuple[tuple[str, int], ...] = ()
    newcomers: int = 0
    organisation: int | None = None
    country: int | None = None
    talks: int | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    before: tuple[str, ...] = ()

    @classmethod
    def of(cls, query: QueryParams) -> "Builder":
        """From the address; what is no number is as if it were left out."""
        quotas = {
            name: tuple(
                (of, _number(least) or 1)
                for of, least in zip(
                    query.getlist(name), chain(query.getlist(f"{name}_least"), repeat("")), strict=False
                )
                if of
            )
            for name in QUOTAS.values()
        }
        people = {
            name: tuple(dict.fromkeys(one for one in query.getlist(name) if one))[:MOST_NAMED]
            for name in ("include", "exclude", "before")
        }
        most = {name: _number(query.get(name, "")) for name in MOST}
        seats = _number(query.get("seats", ""))
        newcomers = _number(query.get("newcomers", "")) or 0
        return cls(SEATS if seats is None else seats, **quotas, **people, **most, newcomers=newcomers)  # type: ignore[arg-type]

    @property
    def address(self) -> str:
        """The query that says it."""
        said: list[tuple[str, str]] = [("seats", str(self.seats))]
        for name in QUOTAS.values():
            for of, least in getattr(self, name):
                said += [(name, of), (f"{name}_least", str(least))]
        said += [("newcomers", str(self.newcomers))] if self.newcomers else []
        said += [(name, str(most)) for name in MOST if (most := getattr(self, name)) is not None]
        said += [(name, one) for name in ("include", "exclude", "before") for one in getattr(self, name)]
        return urlencode(said)

    @property
    def rules(self) -> Mapping[str, Any]:
        """As PanelRules of the contract."""
        return {
            "regions": [{"region": of, "atLeast": least} for of, least in self.region],
            "languages": [{"language": of, "atLeast": least} for of, least in self.speaks],
            "genders": [{"gender": of.upper(), "atLeast": least} for of, least in self.gender if of in set(Gender)],
            "newcomers": self.newcomers,
            "mostOfOneOrganisation": self.organisation,
            "mostOfOneCountry": self.country,
            "mostTalks": self.talks,
            "include": list(self.include),
            "exclude": list(self.exclude),
        }

    def without(self, rule: Mapping[str, Any]) -> "Builder":
        """Without one rule, as the graph names it."""
        kind, of = rule["kind"], rule["of"]
        if (quota := QUOTAS.get(kind)) is not None:
            left: dict[str, Any] = {quota: tuple(one for one in getattr(self, quota) if one != (of, rule["number"]))}
        elif kind == "NEWCOMERS":
            left = {"newcomers": 0}
        elif kind in {"INCLUDED", "EXCLUDED"}:
            return self.freed(of)
        else:
            left = {kind.lower(): None}
        return replace(self, **left)

    def locked(self, slug: str, seated: Sequence[str]) -> "Builder":
        """With somebody who must sit; of the others as few change as can be."""
        exclude = tuple(one for one in self.exclude if one != slug)
        return replace(self, include=_with(self.include, slug), exclude=exclude, before=tuple(seated))

    def swapped(self, slug: str, substitute: str | None, seated: Sequence[str]) -> "Builder":
        """With somebody else in a seat: the substitute, or whoever fits best then."""
        others = tuple(one for one in seated if one != slug)
        include = tuple(one for one in self.include if one != slug)
        if substitute is not None:
            include, others = _with(include, substitute), (*others, substitute)
        exclude = tuple(one for one in _with(self.exclude, slug) if one != substitute)
        return replace(self, include=include, exclude=exclude, before=others)

    def taken(self, seated: Sequence[str]) -> "Builder":
        """With these people, who are all the seats there are."""
        others = tuple(one for one in self.exclude if one not in seated)
        return replace(self, include=tuple(seated), exclude=others, before=tuple(seated))

    def freed(self, slug: str, seated: Sequence[str] = ()) -> "Builder":
        """With nothing said of somebody; of those who are seated as few change as can be."""
        return replace(
            self,
            before=tuple(seated) or self.before,
            include=tuple(one for one in self.include if one != slug),
            exclude=tuple(one for one in self.exclude if one != slug),
        )


@panel.get("/events/{slug}/panel", response_class=HTMLResponse)
async def panel_page(request: Request, visitor: OrganiserOf, slug: str) -> HTMLResponse:
    """The rules as controls and, once they were sent, the panel that keeps them, or why none does."""
    builder, language = Builder.of(request.query_params), language_of(request)
    try:
        about = await asked(request, visitor, "organise_panel_event", id=slug)
    except NoSuchEvent:
        raise HTTPException(404) from None
    if about["event"] is None and about["eventDraft"] is None:
        raise HTTPException(404)
    event = about["eventDraft"] or {**about["event"], **{name: _nodes(about["event"][name]) for name in LISTS}}
    steps = [Builder.of(QueryParams(one)) for one in request.query_params.getlist("back")[-MOST_BACK:]]
    back = _back([*steps, builder])
    found: Mapping[str, Any] | None = None
    refusal: GraphError | None = None
    if "seats" in request.query_params:
        try:
            variables = {"event": slug, "seats": builder.seats, "rules": builder.rules, "before": list(builder.before)}
            found = (await asked(request, visitor, "organise_panel", **variables))["suggestPanel"]
        except NO_ANSWER:
            raise
        except GraphError as error:
            refusal = error
    choices = {
        "region": [Choice(one["node"]["code"], one["node"]["name"]) for one in about["regions"]["edges"]],
        "speaks": [Choice(one["node"]["tag"], one["node"]["name"]) for one in about["languages"]["edges"]],
        "gender": [Choice(one.value, term("gender", one.value, language)) for one in Gender],
    }
    shortlisted = {one["node"]["expert"]["slug"]: one["node"]["expert"]["name"] for one in about["shortlist"]["edges"]}
    named = [ExpertId(one) for one in (*builder.include, *builder.exclude)]
    known = await experts.by_id(graph_of(request), visitor.viewer, ids=named)
    names = {**shortlisted, **{one.id: one.name for one in known.values()}}
    page = f"/organise/events/{quote(slug)}/panel"
    wording = _Wording(language, {name: {one.value: one.text for one in of} for name, of in choices.items()}, names)
    context = {
        "event": event,
        "builder": builder,
        "choices": choices,
        "shortlisted": [Choice(slug, name) for slug, name in shortlisted.items() if slug not in builder.include],
        "names": names,
        "found": found,
        "seats": [] if found is None else _seats(found["panel"] or found["conflict"]["panel"]),
        "phrase": wording.phrase,
        "refusal": refusal,
        "most_seats": MOST_SEATS,
        "page": page,
        "at": lambda changed, seat=None: (
            f"{page}?{changed.address}&{urlencode(back)}#{f'seat-{seat}' if seat else 'result'}"
        ),
        "back": back,
        "undo": (
            f"{page}?{steps[-1].address}&{urlencode([*_back(steps[:-1]), ('undone', '1')])}#result" if steps else None
        ),
        "was_undone": "undone" in request.query_params,
        "in_common": {one["tag"] for one in event["languages"]},
    }
    return await render(request, "organise/panel.html", visitor, context, status_code=200 if refusal is None else 422)


@dataclass(frozen=True, slots=True)
class _Wording:
    """Rules in the words of a language; ``called`` is what regions, languages and genders are called."""

    language: str
    called: Mapping[str, Mapping[str, str]]
    names: Mapping[str, str]

    def phrase(self, rule: Mapping[str, Any]) -> str:
        """A rule in words."""
        of = rule["of"] or ""
        called = self.called.get(QUOTAS.get(rule["kind"], ""), self.names).get(of, of)
        words, kind, count = words_in(self.language), rule["kind"], rule["number"]
        template = words.gettext(PHRASES[kind]) if kind in PHRASES else _counted(words, kind, of, count)
        return template % {"number": number(count or 0, self.language), "of": called}


def _counted(words: NullTranslations, kind: str, of: str, count: int) -> str:
    """A rule in words that agree with a count."""
    if kind == "LANGUAGE":
        return words.ngettext(
            "at least %(number)s who speaks %(of)s fluently", "at least %(number)s who speak %(of)s fluently", count
        )
    if kind == "GENDER":
        return _gendered(words, Gender(of), count)
    return words.ngettext(
        "nobody with more than %(number)s talk in the last year",
        "nobody with more than %(number)s talks in the last year",
        count,
    )


def _gendered(words: NullTranslations, gender: Gender, count: int) -> str:
    match gender:
        case Gender.WOMAN:
            return words.ngettext(
                "at least %(number)s who says she is a woman", "at least %(number)s who say they are women", count
            )
        case Gender.MAN:
            return words.ngettext(
                "at least %(number)s who says he is a man", "at least %(number)s who say they are men", count
            )
        case Gender.OTHER:
            return words.ngettext(
                "at least %(number)s who says they are of another gender",
                "at least %(number)s who say they are of another gender",
                count,
            )


def _back(steps: Sequence[Builder]) -> Sequence[tuple[str, str]]:
    """The part of a query that tells of earlier steps, of which the oldest are left out where it is too long."""
    told = [("back", step.address) for step in steps]
    while len(urlencode(told)) > LONGEST_BACK:
        del told[0]
    return told


def _nodes(connection: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return [edge["node"] for edge in connection["edges"]]


def _seats(found: Mapping[str, Any]) -> Sequence[str]:
    return [seat["expert"]["slug"] for seat in found["seats"]]


def _with(people: Iterable[str], slug: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*people, slug)))


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else None
