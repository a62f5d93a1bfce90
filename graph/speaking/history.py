"""What is known of people as speakers: where they spoke, when they were asked, and what speaks against asking them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, LiteralString

from graph.graph import Graph, Row
from graph.permissions import may_read_candidacies, refuse_unless
from graph.speaking.candidacies import OF_EVENT, WHO, Step, considered_of, steps_of
from graph.speaking.states import STANDING, State
from graph.values import EventId, ExpertId, OrganisationId, Period, moment
from graph.viewer import Viewer, seen

__all__ = ["Asked", "Conflict", "ConflictKind", "History", "TookPart", "conflicts", "histories"]

SPEAKS = (State.ACCEPTED, State.CONFIRMED, State.SPOKE)


class ConflictKind(StrEnum):
    """What speaks against asking somebody for an event."""

    SPEAKS_ELSEWHERE = "speaks_elsewhere"
    """They are on the programme of another event then, or have said yes to one."""
    ASKED_LATELY = "asked_lately"
    """They were invited to another event, or on its programme, not long ago."""
    ORGANISATION_ON_PANEL = "organisation_on_panel"
    """Somebody of their organisation is asked to this event already, or on its programme."""
    AWAY = "away"
    """They said that they are away then."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing that speaks against asking somebody, with the facts of its kind; the others are None."""

    kind: ConflictKind
    event: EventId | None = None
    at: datetime | None = None
    organisation: OrganisationId | None = None
    expert: ExpertId | None = None
    """Who of that organisation it is."""
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class TookPart:
    """An event at which somebody was, and when it began."""

    event: EventId
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Asked:
    """That somebody was invited to speak at an event: when last, what became of it, and when they said yes or no."""

    event: EventId
    at: datetime
    state: State
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class History:
    """What somebody did as a speaker, the newest first; of events to come they did not speak yet."""

    expert: ExpertId
    spoke: tuple[TookPart, ...]
    attended: tuple[TookPart, ...]
    asked: tuple[Asked, ...]


# A step that tells where somebody spoke is for those who see it.
PEOPLE: LiteralString = seen("""
MATCH (e:Expert) WHERE e.id IN $experts AND SEES(e.listing)
WITH collect({
  expert: e.id,
  organisations: COLLECT {
    MATCH (e)-[a:AFFILIATED_WITH]->(o:Organisation) WHERE a.to IS NULL AND SEES(e.organisation)
    RETURN DISTINCT o.id ORDER BY o.id
  },
  away: CASE WHEN SEES(e.contact) THEN
    [n IN range(0, size(coalesce(e.away_from, [])) - 1) | [e.away_from[n], e.away_until[n]]] END,
  talks: COLLECT {
    MATCH (e)-[:SPOKE_AT]->(w:Event) WHERE SEES(e.attendance) AND coalesce(w.status, '') <> 'cancelled'
    RETURN DISTINCT w {.id, .starts_at, .ends_at} ORDER BY w.id
  },
  on_agenda: COLLECT {
    MATCH (e)-[:GIVES]->(:AgendaItem)-[:ON_AGENDA]->(w:Event)
    WHERE SEES(e.attendance) AND coalesce(w.status, '') <> 'cancelled'
    RETURN DISTINCT w {.id, .starts_at, .ends_at} ORDER BY w.id
  },
  attended: COLLECT {
    MATCH (e)-[:ATTENDED]->(w:Event) WHERE SEES(e.attendance) AND coalesce(w.status, '') <> 'cancelled'
    RETURN DISTINCT w {.id, .starts_at, .ends_at} ORDER BY w.id
  },
  considered: COLLECT {
    MATCH (e)-[:CONSIDERED_AS]->(c:Candidacy)
    OPTIONAL MATCH (w:Event {id: c.event})
    RETURN {
      id: c.event, starts_at: w.starts_at, ends_at: w.ends_at, is_cancelled: coalesce(w.status, '') = 'cancelled',
      steps: COLLECT {
        MATCH (c)-[:STEP]->(s:Step)
        WHERE s.undone IS NULL AND (NOT s.to IN ['spoke', 'absent'] OR SEES(e.attendance))
        RETURN s {.before, .to, .at} ORDER BY s.at, s.number
      }
    } ORDER BY c.event
  }
}) AS people
RETURN people, datetime() AS now
""")

# Of people on the programme, or an item of its agenda, of whom no organiser has a record, too.
PROGRAMME: LiteralString = seen("""
MATCH (v:Event {id: $event})
MATCH (e:Expert)-[:SPOKE_AT|GIVES|ON_AGENDA]->{1,2}(v)
WHERE SEES(e.listing) AND SEES(e.attendance)
RETURN collect(DISTINCT e.id) AS speakers
""")


async def histories(graph: Graph, viewer: Viewer, *, experts: Sequence[ExpertId]) -> Mapping[ExpertId, History]:
    """What each of these people did as a speaker; nothing of whom the viewer does not see.

    Raises:
        NotAllowed: the viewer is neither an organiser nor an administrator.
    """
    _ensure_may_read(viewer)
    (row,) = await graph.read(PEOPLE, **viewer.sight, experts=list(experts))
    now = moment(row["now"])
    assert now is not None  # noqa: S101 -- the database's own clock
    return {ExpertId(one["expert"]): _history(one, now) for one in row["people"]}


async def conflicts(
    graph: Graph, viewer: Viewer, *, event: EventId, experts: Sequence[ExpertId], asked_since: date
) -> Mapping[ExpertId, tuple[Conflict, ...]]:
    """What speaks against asking each of these people to an event; nothing of whom the viewer does not see.

    ``asked_since`` is the day from which on another invitation counts as one of late.

    Raises:
        NotAllowed: the viewer is neither an organiser nor an administrator.
        NoSuchEvent: there is none of this id.
    """
    _ensure_may_read(viewer)
    considered = considered_of(await graph.read(OF_EVENT, **viewer.sight, event=event), event)
    (programme,) = await graph.read(PROGRAMME, **viewer.sight, event=event)
    panel = {one.expert for one in considered.candidacies if one.state in STANDING} | set(programme["speakers"])
    (row,) = await graph.read(PEOPLE, **viewer.sight, experts=sorted({*experts, *panel}))
    people: Mapping[str, Row] = {one["expert"]: one for one in row["people"]}
    told = {"id": event, "starts_at": considered.starts_at, "ends_at": considered.ends_at}
    return {
        expert: (
            *_elsewhere(people[expert], told),
            *_asked_lately(people[expert], event, asked_since),
            *_on_panel(people, expert, sorted(panel)),
            *_away(people[expert], told),
        )
        for expert in experts
        if expert in people
    }


def asked_in(steps: Sequence[Step]) -> datetime | None:
    """When somebody was invited last."""
    return next((step.at for step in reversed(steps) if step.to is State.INVITED and not step.is_undone), None)


def _history(person: Row, now: datetime) -> History:
    spoke = {one["id"]: one for one in person["talks"] if _has_begun(one, now)}
    asked = []
    for one in person["considered"]:
        steps = steps_of(one["steps"])
        if steps[-1].to is State.SPOKE:
            spoke.setdefault(one["id"], one)
        at = asked_in(steps)
        if at is not None:
            answered = [step.at for step in steps if step.at >= at and step.to in {State.ACCEPTED, State.DECLINED}]
            asked.append(Asked(EventId(one["id"]), at, steps[-1].to, answered[-1] if answered else None))
    return History(
        ExpertId(person["expert"]),
        _took_part(spoke.values()),
        _took_part(one for one in person["attended"] if _has_begun(one, now)),
        tuple(sorted(asked, key=lambda one: one.at, reverse=True)),
    )


def _has_begun(event: Mapping[str, Any], now: datetime) -> bool:
    at = moment(event["starts_at"])
    return at is None or at <= now


def _took_part(events: Any) -> tuple[TookPart, ...]:
    found = [TookPart(EventId(one["id"]), moment(one["starts_at"])) for one in events]
    return tuple(sorted(found, key=lambda one: one.at.timestamp() if one.at else 0.0, reverse=True))


def _elsewhere(person: Row, event: Mapping[str, Any]) -> list[Conflict]:
    others = {one["id"]: one for one in (*person["talks"], *person["on_agenda"])}
    for one in person["considered"]:
        if steps_of(one["steps"])[-1].to in SPEAKS and not one["is_cancelled"]:
            others.setdefault(one["id"], one)
    return [
        Conflict(ConflictKind.SPEAKS_ELSEWHERE, event=EventId(one["id"]), at=moment(one["starts_at"]))
        for one in others.values()
        if one["id"] != event["id"] and _meet(one, event)
    ]


def _meet(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two events are at one time; where one of them says no end, whether they are on one day (UTC)."""
    times = [(_time(event["starts_at"]), _time(event["ends_at"])) for event in (one, other)]
    (start, end), (other_start, other_end) = times
    if start is None or other_start is None:
        return False
    if end is None or other_end is None:
        last, other_last = (end or start).date(), (other_end or other_start).date()
        return start.date() <= other_last and other_start.date() <= last
    return start < other_end and other_start < end


def _time(value: Any) -> datetime | None:
    return value if isinstance(value, datetime) else moment(value)


def _asked_lately(person: Row, event: EventId, since: date) -> list[Conflict]:
    found: dict[str, datetime] = {}
    for one in (*person["talks"], *person["on_agenda"]):
        at = moment(one["starts_at"])
        if at is not None:
            found[one["id"]] = at
    for one in person["considered"]:
        at = asked_in(steps_of(one["steps"]))
        if at is not None:
            found[one["id"]] = at
    return [
        Conflict(ConflictKind.ASKED_LATELY, event=EventId(id), at=at)
        for id, at in sorted(found.items(), key=lambda pair: pair[1], reverse=True)
        if id != event and at.date() >= since
    ]


def _on_panel(people: Mapping[str, Row], expert: str, panel: Sequence[str]) -> list[Conflict]:
    own = people[expert]["organisations"]
    return [
        Conflict(ConflictKind.ORGANISATION_ON_PANEL, organisation=OrganisationId(organisation), expert=ExpertId(other))
        for other in panel
        if other != expert and other in people
        for organisation in people[other]["organisations"]
        if organisation in own
    ]


def _away(person: Row, event: Mapping[str, Any]) -> list[Conflict]:
    starts_at, ends_at = _time(event["starts_at"]), _time(event["ends_at"])
    if starts_at is None:
        return []
    last = (ends_at or starts_at).date()
    periods = [Period(first.to_native(), until.to_native()) for first, until in person["away"] or ()]
    return [
        Conflict(ConflictKind.AWAY, period=period)
        for period in periods
        if period.first <= last and period.last >= starts_at.date()
    ]


def _ensure_may_read(viewer: Viewer) -> None:
    refuse_unless(may_read_candidacies(viewer), "see who is considered as a speaker", who=WHO)
