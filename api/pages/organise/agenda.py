"""The agenda of an event, written whole: a row for each item, by the event's own clocks."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any, Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from api.door import CheckedForm, Visitor
from api.door.limits import Limited, spend
from api.pages.languages import language_of
from api.pages.organise.asking import asked, graph_of, number_in, when
from api.pages.organise.door import OrganiserOf
from api.pages.organise.fields import TIMES
from api.pages.organise.saying import Said, in_words
from api.pages.rendering import render
from api.pages.typed import text_in
from api.pages.words import by_clock
from api.speaking.telling import by_clocks_of
from graph.agenda import KINDS, MOST_ITEMS, Agenda, AgendaItem, AgendaSet, AgendaSpeaker, set_agenda
from graph.agenda import agenda as read_agenda
from graph.errors import GraphError, NoSuchEvent
from graph.fields import InvalidFields, Problem, zone_of
from graph.people.profiles import OtherVersion
from graph.values import EventId, ExpertId
from graph.wording import Wording

__all__ = ["agenda"]

EMPTY_ROWS: Final = 3
"""How many rows there are to write more into, and how many more each time they are asked for."""

SPEAK: Final = ("ACCEPTED", "CONFIRMED", "SPOKE")
"""Who is offered as a speaker, beside who is on the agenda already."""

LINES: Final = ("id", "starts_at", "ends_at", "title", "kind", "room", "language", "description")

agenda = APIRouter()


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the form, as text; ``roles`` has who speaks, by id, and as what."""

    id: str = ""
    starts_at: str = ""
    ends_at: str = ""
    title: str = ""
    kind: str = ""
    room: str = ""
    language: str = ""
    description: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)

    @property
    def says_something(self) -> bool:
        """Whether it is an item, and not a row that was left empty."""
        return bool(self.roles) or any(getattr(self, name).strip() for name in LINES)


@agenda.get("/events/{slug}/agenda", response_class=HTMLResponse)
async def agenda_page(request: Request, visitor: OrganiserOf, slug: str) -> HTMLResponse:
    """What is on the agenda, to be changed; where organisers wrote nothing, the talks that files tell of."""
    now = await _now(request, visitor, slug)
    return await _page(request, visitor, now, _rows(now), version=now.version)


@agenda.post("/events/{slug}/agenda")
async def write(request: Request, visitor: OrganiserOf, form: CheckedForm, slug: str) -> Response:
    """Write the whole agenda, or show the form once more with more rows; what it was before is offered to undo it."""
    await spend(request, Limited.MUTATION)
    now, version = await _now(request, visitor, slug), number_in(form, "version")
    typed = _typed(form, without=form.getlist("off"))
    if text_in(form, "do") == "more":
        return await _page(request, visitor, now, typed, version=version, more=EMPTY_ROWS)
    try:
        items = list(_meant(typed, now))
        made = await set_agenda(
            graph_of(request), visitor.viewer, event=EventId(slug), expected_version=version, items=items
        )
    except NoSuchEvent:
        raise HTTPException(404) from None
    except OtherVersion as error:
        return await _page(request, visitor, now, typed, version=now.version, refusal=error)
    except InvalidFields as error:
        return await _page(request, visitor, now, typed, version=version, refusal=error)
    written = await _now(request, visitor, slug)
    return await _page(
        request,
        visitor,
        written,
        _rows(written),
        version=made.version,
        made=made,
        kept=typed,
        before=_before(now, made),
    )


def _before(now: Agenda, made: AgendaSet) -> list[Row]:
    """What takes back what was made: the rows of organisers, as new items where they are on the agenda no more."""
    return [replace(row, id=row.id if row.id in made.items else "") for row in _rows(now) if row.id]


async def _now(request: Request, visitor: Visitor, slug: str) -> Agenda:
    """The agenda as it is.

    Raises:
        HTTPException: there is no such event; a draft has no agenda.
    """
    try:
        return await read_agenda(graph_of(request), visitor.viewer, event=EventId(slug))
    except NoSuchEvent:
        raise HTTPException(404) from None


def _rows(now: Agenda) -> list[Row]:
    day = _only_day(now)
    return [
        Row(
            id=item.id or "",
            starts_at=_clock(item.starts_at, now, day),
            ends_at=_clock(item.ends_at, now, day),
            title=item.title,
            kind=item.kind or "",
            room=item.room or "",
            language=item.language or "",
            description=item.description or "",
            roles={one.expert: one.role or "" for one in item.speakers},
        )
        for item in now.items
    ]


def _only_day(now: Agenda) -> date | None:
    """The day of all that happens, by the event's own clocks; None if that is more than one, or not known."""
    times = [now.starts_at, now.ends_at, *(at for item in now.items for at in (item.starts_at, item.ends_at))]
    days = {by_clocks_of(now.time_zone, at).date() for at in times if at is not None}
    return next(iter(days)) if len(days) == 1 and now.starts_at is not None else None


def _clock(at: datetime | None, now: Agenda, day: date | None) -> str:
    """A time as a field has it: without its day, if all is on one."""
    if at is None:
        return ""
    local = by_clocks_of(now.time_zone, at).replace(tzinfo=None)
    return local.isoformat(timespec="minutes") if day is None else f"{local:%H:%M}"


def _typed(form: FormData, *, without: Collection[object] = ()) -> list[Row]:
    """The rows that say something, but for those that are taken off."""
    columns = [[value if isinstance(value, str) else "" for value in form.getlist(name)] for name in LINES]
    rows = []
    for number, told in enumerate(zip(*columns, strict=False)):
        speakers = [one for one in form.getlist(f"speaker {number}") if isinstance(one, str)]
        roles = {one: text_in(form, f"role {number} {one}") for one in speakers}
        row = Row(**dict(zip(LINES, told, strict=True)), roles=roles)
        if row.says_something and str(number) not in without:
            rows.append(row)
    return rows


def _meant(rows: Sequence[Row], now: Agenda) -> Iterator[AgendaItem]:
    """The items that rows mean.

    Raises:
        InvalidFields: times are none.
    """
    problems: list[Problem] = []
    items = []
    for number, row in enumerate(rows):
        times: dict[str, datetime | None] = {}
        for name in TIMES:
            try:
                times[name] = _time(getattr(row, name).strip(), now)
            except ValueError:
                wrong = Wording("That is no time; write it as 14:10, or with its day as 2026-03-01T14:10.")
                problems.append(Problem(("items", number, name), wrong))
        if len(times) == len(TIMES):
            items.append(_item(row, times))
    if problems:
        raise InvalidFields(problems)
    yield from items


def _item(row: Row, times: Mapping[str, datetime | None]) -> AgendaItem:
    speakers = tuple(AgendaSpeaker(ExpertId(one), role.strip() or None) for one, role in row.roles.items())
    told = {name: getattr(row, name).strip() or None for name in ("id", "kind", "room", "language", "description")}
    return AgendaItem(
        title=row.title, starts_at=times["starts_at"], ends_at=times["ends_at"], speakers=speakers, **told
    )


def _time(text: str, now: Agenda) -> datetime | None:
    """A time of the event's day, or a day and time, by the event's own clocks.

    Raises:
        ValueError: it is none.
    """
    if not text:
        return None
    zone = zone_of(now.time_zone)
    if "T" in text or now.starts_at is None:
        return datetime.fromisoformat(text).replace(tzinfo=zone)
    return datetime.combine(by_clocks_of(now.time_zone, now.starts_at).date(), time.fromisoformat(text), tzinfo=zone)


async def _page(
    request: Request,
    visitor: Visitor,
    now: Agenda,
    rows: Sequence[Row],
    *,
    version: int,
    more: int = 0,
    refusal: GraphError | None = None,
    made: AgendaSet | None = None,
    before: Sequence[Row] = (),
    kept: Sequence[Row] = (),
) -> HTMLResponse:
    """The form; after it was saved with what it said ``before``, and what organisers may want to look at again."""
    found = await asked(request, visitor, "organise_agenda", id=now.event)
    told: Mapping[str, Any] = found["event"]
    names: dict[str, str] = {one.expert: one.name for item in now.items for one in item.speakers}
    considered = [edge["node"] for edge in found["shortlist"]["edges"]]
    names |= {one["expert"]["slug"]: one["expert"]["name"] for one in considered if one["state"] in SPEAK}
    names |= {one: one for row in rows for one in row.roles if one not in names}
    problems = refusal.problems if isinstance(refusal, InvalidFields) else ()
    titles = dict(zip(made.items, (row.title for row in kept), strict=True)) if made else {}
    day = _only_day(now)
    context = {
        "event": told,
        "when": when(told, language_of(request)),
        "zone": zone_of(now.time_zone).key,
        "day": day,
        "rows": [*rows, *[Row()] * min(EMPTY_ROWS + more, max(0, MOST_ITEMS - len(rows)))],
        "version": version,
        "people": [{"slug": slug, "name": name} for slug, name in names.items()],
        "kinds": KINDS,
        "tongues": [edge["node"] for edge in found["languages"]["edges"]],
        "is_from_files": bool(now.items) and not any(item.id for item in now.items),
        "focused": len(rows) if more else None,
        "refusal": refusal,
        "is_conflict": isinstance(refusal, OtherVersion),
        "now": _rows(now) if isinstance(refusal, OtherVersion) else (),
        "problems": [_placed(problem, now, language_of(request)) for problem in problems],
        "said": in_words(request, Said.SAVED) if made else None,
        "before": before if made else None,
        "unconfirmed": [names.get(one, one) for one in made.unconfirmed] if made else [],
        "overlaps": [
            (names.get(one.expert, one.expert), *(titles[id] for id in one.items)) for one in made.overlaps
        ] if made else [],
    }  # fmt: skip
    status = 200 if refusal is None else 409 if isinstance(refusal, OtherVersion) else 422
    return await render(request, "organise/agenda.html", visitor, context, status_code=status)


def _placed(problem: Problem, now: Agenda, language: str) -> Mapping[str, Any]:
    """A problem with the row and the field where it stands; neither if it is of the whole.

    What it says of the event's times is by the event's own clocks, as the fields are.
    """
    _, number, name, *_rest = (*problem.path, None, None)
    message = problem.message
    zone = zone_of(now.time_zone).key
    facts = {
        fact: f"{by_clock(by_clocks_of(now.time_zone, value), language)} ({zone})"
        if isinstance(value, datetime)
        else value
        for fact, value in getattr(message, "facts", {}).items()
    }
    if facts:
        message = type(message)(message.template, **facts)
    return {"row": number, "field": name, "message": message}
