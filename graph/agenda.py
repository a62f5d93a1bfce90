"""The agenda of an event, as organisers write it: what happens when and where, in which language, and who speaks.

It is written whole: what is left out goes, and what has an id stays the same item. It has a version of its own, so that
a calendar that is loaded again does not come between whoever writes it, and two who write it do not overwrite each
other. Whoever reads it is told of a speaker if they see where that person spoke; the talks that files tell of stand in
where organisers wrote nothing (graph.model.agenda).
"""

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, LiteralString

from graph import reading
from graph.changes import record
from graph.errors import NoSuchEvent
from graph.fields import Checked, InvalidFields, Path, Problem, line, one_of, paragraphs, present, utc
from graph.graph import Graph, Row, Transaction
from graph.model import NOUNS, Noun, Part
from graph.passages import hold_stamps
from graph.people.profiles import OtherVersion
from graph.permissions import may_shortlist, refuse_unless
from graph.reading import Item, Node, Parts, Related, Value
from graph.values import EventId, ExpertId, moment
from graph.viewer import Viewer, seen
from graph.wording import Fact, Wording

__all__ = [
    "KINDS",
    "MOST_ITEMS",
    "MOST_SPEAKERS",
    "Agenda",
    "AgendaItem",
    "AgendaSet",
    "AgendaSpeaker",
    "Overlap",
    "agenda",
    "leave",
    "set_agenda",
    "take_over",
]

KINDS: Final = ("opening", "talk", "panel", "discussion", "workshop", "break", "closing")
MOST_ITEMS: Final = 200
MOST_SPEAKERS: Final = 20
"""Of one item."""

NAMED = 60
"""Letters of a title, where a problem names an item."""

WHO = "organisers and administrators"


@dataclass(frozen=True, slots=True)
class AgendaSpeaker:
    """Somebody who speaks at an item, and as what. ``name`` is told, and not read where an agenda is written."""

    expert: ExpertId
    role: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """A part of an event; without an ``id`` it is a new one, or one of which a file tells."""

    title: str
    id: str | None = None
    kind: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    room: str | None = None
    language: str | None = None
    description: str | None = None
    speakers: tuple[AgendaSpeaker, ...] = ()


@dataclass(frozen=True, slots=True)
class Agenda:
    """What is on the agenda of an event, by time, and when and in which time zone the event is."""

    event: EventId
    version: int
    starts_at: datetime | None
    ends_at: datetime | None
    time_zone: str | None
    items: tuple[AgendaItem, ...]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Somebody who is to speak at two items at one time; the items by their ids, the earlier one first."""

    expert: ExpertId
    items: tuple[str, str]


@dataclass(frozen=True, slots=True)
class AgendaSet:
    """What was written, the ids of its items in the order given, and what organisers may want to look at again.

    ``unconfirmed`` are speakers who did not say yes to an invitation to speak at this event.
    """

    event: EventId
    version: int
    items: tuple[str, ...]
    unconfirmed: tuple[ExpertId, ...]
    overlaps: tuple[Overlap, ...]


# Written to before it is looked at, so that two who write one agenda wait for each other.
HOLD: LiteralString = """
MATCH (v:Event {id: $event})
SET v.id = v.id
RETURN coalesce(v.agenda_version, 0) AS version, v.starts_at AS starts_at, v.ends_at AS ends_at,
       COLLECT { MATCH (item:AgendaItem)-[:ON_AGENDA]->(v) RETURN item.id } AS items
"""

PEOPLE: LiteralString = seen("""
MATCH (e:Expert) WHERE e.id IN $experts AND SEES(e.listing)
RETURN e.id AS expert,
       e.audience_attendance < 3 AND NOT 'recorded' IN coalesce(e.withdrawn, []) AS shows,
       EXISTS {
         MATCH (e)-[:CONSIDERED_AS]->(c:Candidacy {event: $event})
         WHERE c.state IN ['accepted', 'confirmed', 'spoke']
       } AS has_accepted
""")

REMOVE_OTHERS: LiteralString = """
MATCH (item:AgendaItem)-[:ON_AGENDA]->(:Event {id: $event})
WHERE NOT item.id IN $kept
DETACH DELETE item
"""

# A speaker who stays keeps the relation, which says from whom it came if two people were merged.
WRITE: LiteralString = """
MATCH (v:Event {id: $event})
SET v.agenda_version = coalesce(v.agenda_version, 0) + 1
WITH v
CALL (v) {
  UNWIND $items AS row
  MERGE (item:AgendaItem {id: row.id})
  MERGE (item)-[:ON_AGENDA]->(v)
  SET item.number = row.number, item.title = row.title, item.kind = row.kind, item.starts_at = row.starts_at,
      item.ends_at = row.ends_at, item.room = row.room, item.language = row.language,
      item.description = row.description
  WITH item, row
  CALL (item, row) {
    MATCH (e:Expert)-[gone:GIVES]->(item)
    WHERE NOT e.id IN [speaker IN row.speakers | speaker.expert]
    DELETE gone
  }
  CALL (item, row) {
    UNWIND row.speakers AS speaker
    MATCH (e:Expert {id: speaker.expert})
    MERGE (e)-[gives:GIVES]->(item)
    SET gives.role = speaker.role, gives.number = speaker.number
  }
}
RETURN v.agenda_version AS version
"""

LEAVE: LiteralString = """
MATCH (e:Expert)-[:CONSIDERED_AS]->(c:Candidacy {id: $candidacy})
MATCH (e)-[gives:GIVES]->(:AgendaItem)-[:ON_AGENDA]->(v:Event {id: c.event})
WITH v, collect(gives) AS given
FOREACH (one IN given | DELETE one)
SET v.agenda_version = coalesce(v.agenda_version, 0) + 1
RETURN v.id AS event
"""

OF_EARLIER: LiteralString = """
MATCH (item:AgendaItem)-[:ON_AGENDA]->(:Event {id: $event})
WITH item ORDER BY item.number
RETURN item {.title, .kind, .starts_at, .ends_at, .room, .language, .description} AS told
"""


async def agenda(graph: Graph, viewer: Viewer, *, event: EventId) -> Agenda:
    """What is on the agenda of an event, with its speakers as far as the viewer sees them.

    Raises:
        NoSuchEvent: there is none of this id that the viewer may know of.
    """
    found = await reading.nodes(graph, viewer, wanted=WANTED, ids=[event])
    if event not in found:
        raise NoSuchEvent(event)
    told = found[event]
    return Agenda(
        event,
        told["agenda_version"],
        _time(told["starts_at"]),
        _time(told["ends_at"]),
        told["time_zone"],
        tuple(_item(one) for one in told["agenda"]),
    )


async def set_agenda(
    graph: Graph, viewer: Viewer, *, event: EventId, expected_version: int, items: Sequence[AgendaItem]
) -> AgendaSet:
    """Write the whole agenda of an event, in one transaction; what is not among the items is on it no more.

    Whoever is put on it needs no invitation. Whoever does not show where they spoke, or withdrew their consent to be
    recorded, cannot be put on it.

    Raises:
        NotAllowed: the viewer may not change shortlists.
        NoSuchEvent: there is no such event.
        OtherVersion: the agenda has another version than is expected.
        InvalidFields: items cannot be kept as they were given.
    """
    refuse_unless(may_shortlist(viewer), "write an agenda", who=WHO)
    if len(items) > MOST_ITEMS:
        wrong = Wording(
            "These are %(count)s items, more than %(most)s; leave some out, or make two events of it.",
            count=len(items),
            most=MOST_ITEMS,
        )
        raise InvalidFields([Problem(("items",), wrong)])
    fresh = [uuid.uuid4().hex for _ in items]

    async def work(tx: Transaction) -> AgendaSet:
        await hold_stamps(tx)
        held = await _held(tx, event, expected_version)
        experts = sorted({speaker.expert for item in items for speaker in item.speakers})
        people = {row["expert"]: row for row in await tx.run(PEOPLE, **viewer.sight, event=event, experts=experts)}
        written = await _checked(tx, items, held, people)
        kept = [replace(item, id=item.id or id) for item, id in zip(written, fresh, strict=True)]
        version = await _written(tx, event, kept)
        await record(tx, viewer, verb="agenda changed", subject=f"event:{event}", after={"items": len(kept)})
        return AgendaSet(
            event,
            version,
            tuple(item.id or "" for item in kept),
            tuple(ExpertId(expert) for expert in experts if not people[expert]["has_accepted"]),
            tuple(_overlaps(kept)),
        )

    return await graph.transact(work)


async def take_over(tx: Transaction, *, earlier: EventId, event: EventId, later_by: timedelta | None) -> None:
    """Give an event the agenda that organisers wrote for an earlier one, that much later, without its speakers.

    Where it is not known how much later, the items have no times.

    Raises:
        InvalidFields: an item would be after the event, or at no time that there is.
    """
    rows = await tx.run(OF_EARLIER, event=earlier)
    items = [AgendaItem(**{**row["told"], **_moved(row["told"], later_by)}) for row in rows]
    if items:
        held = await _held(tx, event, 0)
        problems = [
            Problem(("with_agenda",), wrong)
            for number, item in enumerate(items)
            for _, _, wrong in _outside(item, held, number)
        ]
        if problems:
            raise InvalidFields(problems)
        await _written(tx, event, [replace(item, id=uuid.uuid4().hex) for item in items])


async def leave(tx: Transaction, *, candidacy: str) -> bool:
    """Take somebody who does not speak after all off the agenda of their candidacy's event; whether they were on it."""
    return bool(await tx.run(LEAVE, candidacy=candidacy))


async def _held(tx: Transaction, event: EventId, expected_version: int) -> Mapping[str, Any]:
    """An event as it is, with the ids on its agenda, while nobody else can write that."""
    rows = await tx.run(HOLD, event=event)
    if not rows:
        raise NoSuchEvent(event)
    (held,) = rows
    if held["version"] != expected_version:
        raise OtherVersion(held["version"])
    return {**held, **{name: moment(held[name]) for name in ("starts_at", "ends_at")}}


async def _written(tx: Transaction, event: EventId, items: Sequence[AgendaItem]) -> int:
    await tx.run(REMOVE_OTHERS, event=event, kept=[item.id for item in items])
    rows = [
        {
            **{name: getattr(item, name) for name in ("id", *TOLD)},
            "number": number,
            "speakers": [
                {"expert": speaker.expert, "role": speaker.role, "number": place}
                for place, speaker in enumerate(item.speakers)
            ],
        }
        for number, item in enumerate(items)
    ]
    (row,) = await tx.run(WRITE, event=event, items=rows)
    version: int = row["version"]
    return version


async def _checked(
    tx: Transaction, items: Sequence[AgendaItem], held: Mapping[str, Any], people: Mapping[str, Row]
) -> list[AgendaItem]:
    """The items as they are kept.

    Raises:
        InvalidFields: some cannot be.
    """
    checked = Checked({})
    found = await present(tx, languages={item.language.strip() for item in items if item.language})
    ids: set[str] = set()
    kept = []
    for number, item in enumerate(items):
        at: Path = ("items", number)
        one = AgendaItem(
            title=_title(checked, at, item.title),
            id=(item.id or "").strip() or None,
            kind=checked.of((*at, "kind"), partial(one_of, KINDS), item.kind),
            starts_at=checked.of((*at, "starts_at"), utc, item.starts_at),
            ends_at=checked.of((*at, "ends_at"), utc, item.ends_at),
            room=checked.of((*at, "room"), line, item.room),
            language=checked.of((*at, "language"), str.strip, item.language),
            description=checked.of((*at, "description"), paragraphs, item.description),
            speakers=tuple(_speakers(checked, at, item.speakers, people)),
        )
        no_item = Wording("This event's agenda has no item of this id; leave the id out for a new one.")
        checked.among((*at, "id"), one.id, held["items"], no_item)
        if one.id in ids:
            checked.problems.append(Problem((*at, "id"), Wording("This item is there twice; delete one of the two.")))
        ids |= {one.id} if one.id else set()
        no_language = Wording("The network knows no language of this tag; write one of those it has, such as fr.")
        checked.among((*at, "language"), one.language, found["languages"], no_language)
        _check_times(checked, at, one, held, number)
        kept.append(one)
    checked.refuse()
    return kept


def _title(checked: Checked, at: Path, given: str) -> str:
    before = len(checked.problems)
    title = checked.of((*at, "title"), line, given)
    if title is None and len(checked.problems) == before:
        checked.empty((*at, "title"))
    return title or ""


def _speakers(
    checked: Checked, at: Path, speakers: Collection[AgendaSpeaker], people: Mapping[str, Row]
) -> Iterator[AgendaSpeaker]:
    if len(speakers) > MOST_SPEAKERS:
        wrong = Wording(
            "These are %(count)s speakers, more than %(most)s; part the item in two.",
            count=len(speakers),
            most=MOST_SPEAKERS,
        )
        checked.problems.append(Problem((*at, "speakers"), wrong))
        return
    seen_so_far: set[str] = set()
    for number, speaker in enumerate(speakers):
        path = (*at, "speakers", number)
        if speaker.expert not in people:
            wrong = Wording("The network has nobody of this id, as far as you see; look them up among its people.")
            checked.problems.append(Problem((*path, "expert"), wrong))
        elif not people[speaker.expert]["shows"]:
            wrong = Wording(
                "They do not show where they speak, or did not agree to be recorded; ask them, or leave them out."
            )
            checked.problems.append(Problem((*path, "expert"), wrong))
        if speaker.expert in seen_so_far:
            wrong = Wording("This person is there twice; delete one of the two.")
            checked.problems.append(Problem((*path, "expert"), wrong))
        seen_so_far.add(speaker.expert)
        yield AgendaSpeaker(speaker.expert, checked.of((*path, "role"), line, speaker.role))


def _check_times(checked: Checked, at: Path, item: AgendaItem, held: Mapping[str, Any], number: int) -> None:
    for name, wrong, _ in _outside(item, held, number):
        checked.problems.append(Problem((*at, name), wrong))
    if item.starts_at is not None and item.ends_at is not None and item.ends_at < item.starts_at:
        wrong = Wording(
            "Item %(number)s, '%(title)s', would end before it begins; correct one of the two.",
            number=number + 1,
            title=item.title[:NAMED],
        )
        checked.problems.append(Problem((*at, "ends_at"), wrong))


def _outside(item: AgendaItem, held: Mapping[str, Any], number: int) -> Iterator[tuple[str, Wording, Wording]]:
    """Where an item is not within its event: the field, and what is said of a written and of a copied agenda."""
    said: dict[str, Fact] = {"number": number + 1, "title": item.title[:NAMED]}
    begins, ends = held["starts_at"], held["ends_at"]
    if item.starts_at is not None and begins is not None and item.starts_at < begins:
        yield (
            "starts_at",
            Wording(
                "Item %(number)s, '%(title)s', would begin before the event begins, at %(moment)s; correct it.",
                **said,
                moment=begins,
            ),
            Wording(
                "Item %(number)s, '%(title)s', would begin before the event begins, at %(moment)s; correct it, "
                "or copy the event without its agenda.",
                **said,
                moment=begins,
            ),
        )
    if item.starts_at is not None and ends is not None and item.starts_at > ends:
        yield (
            "starts_at",
            Wording(
                "Item %(number)s, '%(title)s', would begin after the event ends, at %(moment)s; correct it.",
                **said,
                moment=ends,
            ),
            Wording(
                "Item %(number)s, '%(title)s', would begin after the event ends, at %(moment)s; correct it, "
                "or copy the event without its agenda.",
                **said,
                moment=ends,
            ),
        )
    if item.ends_at is not None and begins is not None and item.ends_at < begins:
        yield (
            "ends_at",
            Wording(
                "Item %(number)s, '%(title)s', would end before the event begins, at %(moment)s; correct it.",
                **said,
                moment=begins,
            ),
            Wording(
                "Item %(number)s, '%(title)s', would end before the event begins, at %(moment)s; correct it, "
                "or copy the event without its agenda.",
                **said,
                moment=begins,
            ),
        )
    if item.ends_at is not None and ends is not None and item.ends_at > ends:
        yield (
            "ends_at",
            Wording(
                "Item %(number)s, '%(title)s', would end after the event ends, at %(moment)s; correct it.",
                **said,
                moment=ends,
            ),
            Wording(
                "Item %(number)s, '%(title)s', would end after the event ends, at %(moment)s; correct it, "
                "or copy the event without its agenda.",
                **said,
                moment=ends,
            ),
        )


def _overlaps(items: Sequence[AgendaItem]) -> Iterator[Overlap]:
    """For each item of a speaker that begins before an earlier one of theirs has ended, that one which ends last."""
    of_speaker: dict[ExpertId, list[AgendaItem]] = {}
    for item in items:
        for speaker in item.speakers:
            of_speaker.setdefault(speaker.expert, []).append(item)
    for expert, theirs in of_speaker.items():
        timed = sorted((item.starts_at, number, item) for number, item in enumerate(theirs) if item.starts_at)
        last: AgendaItem | None = None
        for starts_at, _, item in timed:
            if last is not None and (starts_at < _end(last) or starts_at == last.starts_at):
                yield Overlap(expert, (last.id or "", item.id or ""))
            if last is None or _end(item) >= _end(last):
                last = item


def _end(item: AgendaItem) -> datetime:
    """When an item ends; of one that does not say it, when it begins."""
    end = item.ends_at or item.starts_at
    assert end is not None  # noqa: S101 -- only items that begin are compared
    return end


def _moved(item: Mapping[str, Any], later_by: timedelta | None) -> Mapping[str, datetime | None]:
    """The times of an item, that much later.

    Raises:
        InvalidFields: there is no such time.
    """
    times = {name: moment(item[name]) for name in ("starts_at", "ends_at")}
    if later_by is None:
        return dict.fromkeys(times)
    try:
        return {name: time and time + later_by for name, time in times.items()}
    except OverflowError:
        raise InvalidFields(
            [Problem(("starts_at",), Wording("The agenda would go on after the year 9999; start earlier."))]
        ) from None


def _item(told: Mapping[str, Any]) -> AgendaItem:
    speakers = tuple(
        AgendaSpeaker(ExpertId(one["expert"]["slug"]), one["role"], one["expert"]["name"]) for one in told["speakers"]
    )
    times = {name: _time(told[name]) for name in ("starts_at", "ends_at")}
    return AgendaItem(**{**told, **times, "speakers": speakers})


def _time(told: str | None) -> datetime | None:
    return None if told is None else datetime.fromisoformat(told)


def _columns(of: Noun | Part, names: Sequence[str]) -> list[tuple[str, Item]]:
    columns = {column.name: column for column in of.columns}
    return [(name, Value(columns[name])) for name in names]


def _wanted() -> Node:
    """The whole agenda of an event."""
    event = NOUNS["Event"]
    (told,) = event.parts
    (speakers,) = told.parts
    (expert,) = speakers.relations
    person = Related(expert, Node("Expert", _columns(NOUNS["Expert"], ("slug", "name"))))
    speaker = Parts(speakers, [*_columns(speakers, ("role",)), ("expert", person)])
    items = Parts(told, [*_columns(told, ("id", *TOLD)), ("speakers", speaker)])
    return Node("Event", [*_columns(event, ("agenda_version", "starts_at", "ends_at", "time_zone")), ("agenda", items)])


TOLD: Final = ("title", "kind", "starts_at", "ends_at", "room", "language", "description")
"""What is kept of an item itself."""

WANTED: Final = _wanted()
