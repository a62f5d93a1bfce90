"""The form in which a person says what their profile says: what changed is saved, and nothing that was typed is lost.

Whoever saves says which version they saw. If somebody else was first, the form says what stands there now beside what
was typed, and is sent once more to put it in its place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from api.door import CheckedForm, Visitor, VisitorOf
from api.door.limits import Limited, spend
from api.network import OpenNetwork
from api.pages.join import AUDIENCES, UnfitChoice
from api.pages.languages import language_of
from api.pages.own import NotAPerson, done, person_of, sign_in_first
from api.pages.reading import read
from api.pages.rendering import render
from api.pages.unanswered import NO_ANSWER
from api.pages.words import N_, in_order_of
from graph import audiences, countries, topics
from graph.errors import GraphError
from graph.fields import InvalidFields
from graph.people import profiles
from graph.people.profiles import OtherVersion, ProfileChanges
from graph.permissions import NotAllowed
from graph.values import ExpertiseLevel, Gender, LanguageLevel
from graph.viewer import FieldGroup

__all__ = ["own_profile"]

PAGE: Final = "/me/profile"
EMPTY_ROWS: Final = 2
"""How many rows a list has to write more into; saving makes new ones."""

MOST_TO_CHOOSE: Final = 2_000
LONGEST_VERSION: Final = 10
LINES: Final = ("name", "headline", "website", "orcid", "email", "phone", "gender", "country")
"""The fields of one value."""

LISTS: Final = {
    "languages": ("language", "level"),
    "topics": ("topic", "level", "since"),
    "worked_in": ("country",),
    "away": ("since", "until"),
}
"""The fields that are lists, with what stands in a row; the first says whether the row counts."""

SAID: Final[Mapping[str, str]] = {
    "saved": N_("Saved. It is in force now, in every search and on every page."),
    "nothing": N_("Nothing was different, so nothing was changed."),
}

NO_YEAR: Final = N_("That is no year; write it in four digits, such as 2011, or leave it empty.")

own_profile = APIRouter(include_in_schema=False)

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Form:
    """What stands in the form, as text: the fields of one value, other names a line each, and the rows of lists."""

    version: int
    lines: Mapping[str, str]
    other_names: tuple[str, ...]
    rows: Mapping[str, tuple[Row, ...]]
    """Those that say something, by list; a list that is longer than a page of the form shows is not among them."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with what was typed: by field, and by list and row."""

    fields: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[tuple[str, int], str] = field(default_factory=dict)


@own_profile.get(PAGE)
async def profile_page(request: Request, visitor: VisitorOf) -> Response:
    """What the profile says, in the fields in which it is changed."""
    if visitor.account is None:
        return sign_in_first(PAGE)
    if visitor.viewer.person is None:
        return await render(request, "own_profile.html", visitor, {"person": None, "refusal": None})
    return await _page(request, visitor, await _now(request, visitor))


@own_profile.post(PAGE)
async def change_profile(request: Request, visitor: VisitorOf, form: CheckedForm) -> Response:
    """Save what is different from what the profile says."""
    if visitor.account is None:
        return sign_in_first(PAGE)
    await spend(request, Limited.MUTATION)
    if visitor.viewer.person is None:
        context = {"person": None, "refusal": NotAPerson()}
        return await render(request, "own_profile.html", visitor, context, status_code=422, page=PAGE)
    now = await _now(request, visitor)
    typed = _typed(form, offered=now.rows)
    if wrong := _unfit(typed):
        return await _page(request, visitor, typed, wrong=wrong)
    return await _saved(request, visitor, typed, now)


async def _saved(request: Request, visitor: Visitor, typed: Form, now: Form) -> Response:
    network: OpenNetwork = request.app.state.network
    try:
        changed = await profiles.update(
            network.graph,
            visitor.viewer,
            expert=person_of(visitor),
            expected_version=typed.version,
            changes=_changes(typed, now),
        )
    except InvalidFields as refusal:
        return await _page(request, visitor, typed, refusal=refusal, wrong=_wrong(refusal))
    except OtherVersion as refusal:
        return await _page(request, visitor, typed, refusal=refusal, overtaken_by=await _now(request, visitor))
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _page(request, visitor, typed, refusal=refusal)
    network.embedding.soon()
    return done(PAGE, said="saved" if changed.version != typed.version else "nothing")


async def _now(request: Request, visitor: Visitor) -> Form:
    """What the profile says now."""
    told = (await read(request, visitor, "own_profile", person=person_of(visitor)))["expert"]
    rows: dict[str, tuple[Row, ...]] = {
        "away": tuple(dict(zip(("since", "until"), one.split("/"), strict=True)) for one in told["away"])
    }
    for name, of in {"worked_in": "workedIn", "languages": "languages", "topics": "expertise"}.items():
        if not told[of]["pageInfo"]["hasNextPage"]:
            rows[name] = tuple(_row(name, edge) for edge in told[of]["edges"])
    lines = {name: told[name] or "" for name in LINES if name not in {"country", "gender"}}
    return Form(
        told["version"],
        {
            **lines,
            "country": told["country"]["code"] if told["country"] else "",
            "gender": (told["gender"] or "").lower(),
        },
        tuple(told["otherNames"]),
        rows,
    )


def _row(name: str, edge: Mapping[str, Any]) -> Row:
    match name:
        case "worked_in":
            return {"country": edge["node"]["code"]}
        case "languages":
            return {"language": edge["node"]["tag"], "level": edge["proficiency"].lower()}
    since = edge["since"]
    return {"topic": edge["node"]["slug"], "level": edge["level"].lower(), "since": "" if since is None else str(since)}


def _typed(form: FormData, *, offered: Mapping[str, Sequence[Row]]) -> Form:
    """What was typed; a list that the form does not have is not there."""

    def text(name: str) -> str:
        value = form.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    rows = {}
    for name, parts in LISTS.items():
        columns = [[str(value).strip() for value in form.getlist(f"{name}_{part}")] for part in parts]
        if name in offered:
            told = (dict(zip(parts, row, strict=False)) for row in zip(*columns, strict=False))
            rows[name] = tuple(row for row in told if row[parts[0]] or (name == "away" and row["until"]))
    other_names = tuple(line.strip() for line in text("other_names").splitlines() if line.strip())
    version = text("version")
    return Form(
        int(version) if version.isdecimal() and len(version) < LONGEST_VERSION else -1,
        {name: text(name) for name in LINES},
        other_names,
        rows,
    )


def _unfit(typed: Form) -> Wrong | None:
    """What the graph could not even be asked to keep."""
    (none_of_them,) = UnfitChoice("level").sentences
    fields: dict[str, str] = {}
    rows: dict[tuple[str, int], str] = {}
    levels_of: Mapping[str, frozenset[str]] = {
        "languages": frozenset(LanguageLevel),
        "topics": frozenset(ExpertiseLevel),
    }
    if typed.lines["gender"] not in {"", *Gender}:
        fields["gender"] = none_of_them
    for name, levels in levels_of.items():
        for number, row in enumerate(typed.rows.get(name, ())):
            if row.get("level") not in levels:
                rows[name, number] = none_of_them
            elif row.get("since") and not (row["since"].isdecimal() and len(row["since"]) <= 4):
                rows[name, number] = NO_YEAR
    return Wrong(fields, rows) if fields or rows else None


def _changes(typed: Form, now: Form) -> ProfileChanges:
    """What was typed that the profile does not say already; an empty field takes away what it says."""
    changes: dict[str, Any] = {
        name: typed.lines[name] or None for name in LINES if typed.lines[name] != now.lines[name]
    }
    if typed.other_names != now.other_names:
        changes["other_names"] = list(typed.other_names)
    for name, rows in typed.rows.items():
        if sorted(map(_key, rows)) != sorted(map(_key, now.rows[name])):
            changes[name] = [_kept(name, row) for row in rows]
    return cast("ProfileChanges", changes)


def _key(row: Row) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(row.items()))


def _kept(name: str, row: Row) -> object:
    match name:
        case "worked_in":
            return row["country"]
        case "away":
            return f"{row['since']}/{row['until']}"
        case "topics":
            return {**row, "since": int(row["since"]) if row["since"] else None}
    return dict(row)


def _wrong(refusal: InvalidFields) -> Wrong:
    """The graph's problems, by where they stand in the form."""
    fields: dict[str, str] = {}
    rows: dict[tuple[str, int], str] = {}
    for problem in refusal.problems:
        name, *rest = problem.path
        if rest and isinstance(rest[0], int) and name in LISTS:
            rows.setdefault((str(name), rest[0]), problem.message)
        else:
            fields.setdefault(str(name), problem.message)
    return Wrong(fields, rows)


async def _page(
    request: Request,
    visitor: Visitor,
    form: Form,
    *,
    refusal: GraphError | None = None,
    wrong: Wrong | None = None,
    overtaken_by: Form | None = None,
) -> Response:
    network: OpenNetwork = request.app.state.network
    standing = await audiences.of_person(network.graph, visitor.viewer, expert=person_of(visitor))
    said = request.query_params.get("said", "")
    choices = await _choices(request, visitor)
    context = {
        "person": visitor.viewer.person,
        "form": form,
        "version": form.version if overtaken_by is None else overtaken_by.version,
        "wrong": wrong or Wrong(),
        "refusal": refusal,
        "is_unfit": wrong is not None,
        "differences": [] if overtaken_by is None else _differences(form, overtaken_by),
        "choices": choices,
        "names": {name: dict(of) for name, of in choices.items()},
        "seen_by": {str(group): AUDIENCES[standing[group].in_force] for group in FieldGroup},
        "empty_rows": EMPTY_ROWS,
        "levels": {"languages": list(LanguageLevel), "topics": list(ExpertiseLevel)},
        "genders": list(Gender),
        "said": SAID.get(said),
    }
    status = 409 if overtaken_by else 403 if isinstance(refusal, NotAllowed) else 422 if refusal or wrong else 200
    return await render(request, "own_profile.html", visitor, context, status_code=status, page=PAGE)


def _differences(typed: Form, now: Form) -> list[tuple[str, Sequence[Row]]]:
    """The fields in which what was typed is not what the profile says now, and the rows that say it now."""
    found: list[tuple[str, Sequence[Row]]] = [
        (name, [{name: now.lines[name]}] if now.lines[name] else [])
        for name in LINES
        if typed.lines[name] != now.lines[name]
    ]
    if typed.other_names != now.other_names:
        found.append(("other_names", [{"name": name} for name in now.other_names]))
    for name, rows in typed.rows.items():
        if sorted(map(_key, rows)) != sorted(map(_key, now.rows.get(name, ()))):
            found.append((name, now.rows.get(name, ())))
    return found


async def _choices(request: Request, visitor: Visitor) -> dict[str, list[tuple[str, str]]]:
    """What there is to choose from, value and name, in the order of the page's language."""
    network: OpenNetwork = request.app.state.network
    language = language_of(request)
    key = in_order_of(language)
    of_topics = await topics.page(network.graph, visitor.viewer, first=MOST_TO_CHOOSE)
    of_countries = await countries.page(network.graph, visitor.viewer, first=MOST_TO_CHOOSE)
    found = {
        "topics": [(str(one.id), one.labels.in_language(language)) for _, one in of_topics.entries],
        "countries": [(str(one.id), one.names.in_language(language)) for _, one in of_countries.entries],
        "languages": [(str(one["tag"]), str(one["name"])) for one in await _languages(request, visitor)],
    }
    return {name: sorted(choices, key=lambda one: key(one[1])) for name, choices in found.items()}


async def _languages(request: Request, visitor: Visitor) -> Sequence[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    after: str | None = None
    while len(found) < MOST_TO_CHOOSE:
        page = (await read(request, visitor, "languages", after=after))["languages"]
        found += [edge["node"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    return found
