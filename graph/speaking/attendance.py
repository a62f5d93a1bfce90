"""Who was at an event, and who spoke there, as organisers take it down once it has begun.

It goes on record as what organisers say (graph.intake), so that no file that is loaded later undoes it, and is said
once, however often it is taken down. Whoever does not show it to organisers, or withdrew their consent to be recorded,
is not taken down. What somebody spoke about is evidence, found and shown by the rules of every talk.
"""

import asyncio
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, LiteralString

from graph.changes import record
from graph.encoder.language import sure_language
from graph.errors import GraphError, NoSuchEvent, NoSuchExpert
from graph.fields import InvalidFields, Problem, Unfit, line, zone_of
from graph.graph import Graph, Row, Transaction
from graph.intake.known import Kind
from graph.intake.records import (
    ORGANISERS,
    Sourced,
    Trust,
    document_of_talk,
    identity_of,
    read_said,
    remove_records,
    store_records,
)
from graph.passages import DocumentRecord, PassageRecord, hold_stamps, passage_id, remove_documents, store_documents
from graph.people.profiles import OtherVersion
from graph.permissions import may_shortlist, refuse_unless
from graph.speaking.candidacies import WHO, Candidacy, Considered, read
from graph.speaking.changing import LAST, STEP, step_back
from graph.speaking.states import EventCancelled, EventNotBegun, State
from graph.spelling import folded
from graph.values import EventId, ExpertId, moment
from graph.viewer import Viewer, seen
from graph.wording import Wording

__all__ = [
    "MOST_PRESENT",
    "Before",
    "OtherAttendance",
    "OwnWord",
    "Present",
    "Recorded",
    "record_attendance",
    "restore_attendance",
]

MOST_PRESENT: Final = 2_000
"""How many people are taken down at once."""

PLACE = "as they took it down"
UNTITLED: Final = ("opening", "discussion", "break", "closing")
"""Kinds of items of an agenda whose title is not that of a talk."""
UNDETERMINED = "und"  # BCP 47 (RFC 5646, 4.1), for a title too short to tell
NO_DETAILS: Mapping[str, Any] = dict.fromkeys(("role", "starts_at", "ends_at", "room", "language", "url"))
"""What a talk has of which organisers say nothing here; files may."""


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who was there; whether they spoke, and on what, where that is known.

    Who spoke without a title spoke on what stands on the agenda with them, else on what is on record already.
    """

    expert: ExpertId
    spoke: bool = False
    talk: str | None = None


@dataclass(frozen=True, slots=True)
class OwnWord:
    """What organisers took down of somebody at an event: that they were there, and each talk, untitled as ''."""

    was_there: bool
    talks: frozenset[str]


@dataclass(frozen=True, slots=True)
class Before:
    """What organisers had taken down of somebody, and what they have after it was changed.

    ``version`` is of their candidacy, where it took a step with it.
    """

    expert: ExpertId
    was: OwnWord
    became: OwnWord
    version: int | None = None


class OtherAttendance(GraphError):
    """Somebody has changed meanwhile who was there, so what was taken down is not taken back."""

    def __init__(self) -> None:
        super().__init__(
            Wording(
                "Somebody has changed since then who was there, so nothing was taken back; below is what is taken "
                "down now."
            )
        )


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was taken down of an event, person by person in the order given.

    ``unexpected`` has those who were said to be absent, but were neither to speak nor taken down as present.
    ``advanced`` are the candidacies that became spoke or absent. ``before`` tells what restores those recorded.
    """

    event: EventId
    recorded: tuple[ExpertId, ...]
    already: tuple[ExpertId, ...]
    not_recorded: tuple[ExpertId, ...]
    unexpected: tuple[ExpertId, ...]
    advanced: tuple[Candidacy, ...]
    before: tuple[Before, ...] = ()


class _Rehearsed(Exception):
    """Attendance that was taken down to see what it does; raised to take the transaction back."""

    def __init__(self, recorded: Recorded) -> None:
        self.recorded = recorded
        super().__init__()


EVENT: LiteralString = """
MATCH (v:Event {id: $event})
RETURN coalesce(v.version, 0) AS version, v.time_zone AS time_zone
"""

# What is shown to anybody is shown to organisers. Not even they take down of themselves what they show to nobody.
PEOPLE: LiteralString = seen("""
MATCH (e:Expert) WHERE e.id IN $experts AND SEES(e.listing)
RETURN e.id AS expert,
       e.audience_attendance < 3 AND NOT 'recorded' IN coalesce(e.withdrawn, []) AS shows,
       COLLECT {
         MATCH (e)-[s:SPOKE_AT]->(:Event {id: $event}) WHERE SEES(e.attendance)
         RETURN DISTINCT coalesce(s.talk, '')
       } AS talks,
       COLLECT {
         MATCH (e)-[:EVIDENCED_BY]->(p:Passage)-[:PART_OF]->(:Document)-[:DRAWN_FROM]->(:Event {id: $event})
         WHERE SEES(e, p) AND p.kind = 'talk'
         RETURN DISTINCT coalesce(p.title, '')
       } AS told,
       COLLECT {
         MATCH (e)-[gives:GIVES]->(item:AgendaItem)-[:ON_AGENDA]->(:Event {id: $event})
         WHERE SEES(e.attendance)
         RETURN item {.title, .kind, .starts_at, .ends_at, .room, .language, role: gives.role} ORDER BY item.number
       } AS items
""")

TITLES: LiteralString = """
MATCH (item:AgendaItem)-[:ON_AGENDA]->(:Event {id: $event})
RETURN collect(DISTINCT item.title) AS titles
"""

# What organisers took down of these people so far, at all events: a record names its event only in what it says.
OWN_WORD: LiteralString = """
MATCH (r:Record)-[:FROM]->(:Source {id: $source})
WHERE r.kind IN ['attendance', 'speakers'] AND r.person IN $people
RETURN r.id AS id, r.kind AS kind, r.subject AS subject, r.entity AS entity, r.person AS person, r.said AS said
"""


async def record_attendance(
    graph: Graph,
    viewer: Viewer,
    *,
    event: EventId,
    present: Sequence[Present],
    absent: Sequence[ExpertId] = (),
    expected_version: int | None = None,
    dry_run: bool = False,
) -> Recorded:
    """Take down who was at an event and who was not, in one transaction; what was taken down before stays.

    Whoever spoke has the talk among what they gave, and a confirmed candidate becomes ``spoke``. Whoever is absent is
    taken back where organisers had them present, with their talk, and a confirmed candidate becomes ``absent``.
    ``expected_version`` is the event's, where it matters. A dry run tells what would be done, and does nothing.

    Raises:
        NotAllowed: the viewer may not change shortlists.
        NoSuchEvent: there is none of this id.
        NoSuchExpert: the viewer sees nobody of one of these ids; nobody was taken down.
        EventCancelled, EventNotBegun: nobody was there.
        OtherVersion: the event has another version than is expected.
        InvalidFields: somebody is both present and absent, a talk's title cannot be kept or has no speaker, or these
            are too many.
    """
    refuse_unless(may_shortlist(viewer), "take down who was at an event", who=WHO)
    said = _checked(present, absent)
    (on_agenda,) = await graph.read(TITLES, event=event)
    titles = {*on_agenda["titles"], *(talk for talks in said.values() for talk in talks if talk)}
    languages = await asyncio.to_thread(lambda: {title: sure_language(title) or UNDETERMINED for title in titles})
    steps = {expert: uuid.uuid4().hex for expert in (*said, *absent)}

    async def work(tx: Transaction) -> Recorded:
        await hold_stamps(tx)
        told = await tx.run(EVENT, event=event)
        if not told:
            raise NoSuchEvent(event)
        if expected_version is not None and told[0]["version"] != expected_version:
            raise OtherVersion(told[0]["version"])
        considered = await read(tx, viewer, event=event)
        at = datetime.now(UTC)
        _ensure_held(considered, at)
        taking = _Taking(tx, viewer, considered, _day(considered.starts_at, told[0]["time_zone"]), languages, steps, at)
        recorded = await taking.of(said, list(dict.fromkeys(absent)))
        if dry_run:
            raise _Rehearsed(recorded)
        return recorded

    try:
        return await graph.transact(work)
    except _Rehearsed as rehearsed:
        return rehearsed.recorded


async def restore_attendance(
    graph: Graph, viewer: Viewer, *, event: EventId, before: Sequence[Before]
) -> tuple[ExpertId, ...]:
    """Have of an event what organisers had taken down before; of whom nothing is restored, since they show it no more.

    What became of candidacies by it is taken back (graph.speaking.changing). All of it is restored, or nothing.

    Raises:
        NotAllowed: the viewer may not change shortlists.
        NoSuchEvent: there is none of this id.
        NoSuchExpert: the viewer sees nobody of one of these ids.
        OtherAttendance: of one of them it is not as it became then, or they are not told once each.
        EventCancelled, EventNotBegun: somebody would have been at an event that nobody was at.
        InvalidFields: a talk's title cannot be kept.
    """
    refuse_unless(may_shortlist(viewer), "take down who was at an event", who=WHO)
    if len({one.expert for one in before}) != len(before) or len(before) > MOST_PRESENT:
        raise OtherAttendance
    _checked([Present(one.expert, spoke=True, talk=talk) for one in before for talk in one.was.talks], ())
    titles = {title for one in before for title in one.was.talks if title}
    languages = await asyncio.to_thread(lambda: {title: sure_language(title) or UNDETERMINED for title in titles})
    steps = {one.expert: uuid.uuid4().hex for one in before}

    async def work(tx: Transaction) -> tuple[ExpertId, ...]:
        await hold_stamps(tx)
        told = await tx.run(EVENT, event=event)
        if not told:
            raise NoSuchEvent(event)
        considered, at = await read(tx, viewer, event=event), datetime.now(UTC)
        if any(one.was.was_there > one.became.was_there or one.was.talks - one.became.talks for one in before):
            _ensure_held(considered, at)
        day = _day(considered.starts_at, told[0]["time_zone"])
        return await _Taking(tx, viewer, considered, day, languages, steps, at).back(before)

    return await graph.transact(work)


@dataclass(frozen=True, slots=True)
class _Taking:
    """One taking down, within a transaction. ``day`` is the event's, where it is held."""

    tx: Transaction
    viewer: Viewer
    considered: Considered
    day: date | None
    languages: Mapping[str, str]
    steps: Mapping[ExpertId, str]
    at: datetime

    async def of(self, said: "_Said", absent: Sequence[ExpertId]) -> Recorded:
        event, everybody = self.considered.event, [*said, *absent]
        rows = await self.tx.run(PEOPLE, **self.viewer.sight, experts=everybody, event=event)
        people = {row["expert"]: row for row in rows}
        for expert in everybody:
            if expert not in people:
                raise NoSuchExpert(expert)
        own = await self._own_word(everybody)
        shown = [expert for expert in everybody if people[expert]["shows"]]
        changed = await self._present({expert: said[expert] for expert in shown if expert in said}, people, own)
        taken_back = await self._absent([expert for expert in shown if expert in absent], own)
        to = {expert: State.ABSENT if expert in absent else State.SPOKE for expert in shown}
        spoke = {expert for expert, talks in said.items() if talks}
        advanced = await self._advanced({expert: to[expert] for expert in shown if expert in spoke.union(absent)})
        changed |= taken_back | {one.expert for one in advanced}
        if changed:
            counts = {"present": sum(expert in changed for expert in said), "absent": len(changed & {*absent})}
            await record(self.tx, self.viewer, verb="attendance recorded", subject=f"event:{event}", after=counts)
        now = (await read(self.tx, self.viewer, event=event)).candidacies if advanced else ()
        states = {one.expert: one.state for one in self.considered.candidacies}
        rest = [expert for expert in shown if expert not in changed]
        unexpected = [expert for expert in rest if expert in absent and states.get(expert) is not State.ABSENT]
        return Recorded(
            event,
            tuple(expert for expert in shown if expert in changed),
            tuple(expert for expert in rest if expert not in unexpected),
            tuple(expert for expert in everybody if expert not in shown),
            tuple(unexpected),
            tuple(one for one in now if one.id in {before.id for before in advanced}),
            await self._before([expert for expert in shown if expert in changed], own, now),
        )

    async def back(self, before: Sequence[Before]) -> tuple[ExpertId, ...]:
        """Restore what was, of those who show it; of whom nothing is restored."""
        event, everybody = self.considered.event, [one.expert for one in before]
        rows = await self.tx.run(PEOPLE, **self.viewer.sight, experts=everybody, event=event)
        people = {row["expert"]: row for row in rows}
        for expert in everybody:
            if expert not in people:
                raise NoSuchExpert(expert)
        shown = [one for one in before if people[one.expert]["shows"]]
        own = await self._own_word([one.expert for one in shown])
        if any(_word(own[one.expert]) != one.became for one in shown):
            raise OtherAttendance
        await self._steps_back(shown)
        await self._take_out([row for one in shown for row in own[one.expert] if not _says(one.was, row)])
        rows = await self.tx.run(PEOPLE, **self.viewer.sight, experts=everybody, event=event)
        people = {row["expert"]: row for row in rows}
        await self._put({one.expert: one.was for one in shown}, people, await self._own_word(everybody))
        await record(
            self.tx, self.viewer, verb="attendance taken back", subject=f"event:{event}", after={"people": len(shown)}
        )
        return tuple(one.expert for one in before if one not in shown)

    async def _before(
        self, changed: Sequence[ExpertId], own: Mapping[ExpertId, Sequence[Row]], now: Sequence[Candidacy]
    ) -> tuple[Before, ...]:
        became = await self._own_word(changed)
        states = {one.expert: one.state for one in self.considered.candidacies}
        versions = {one.expert: one.version for one in now if one.state is not states[one.expert]}
        return tuple(
            Before(expert, _word(own[expert]), _word(became[expert]), versions.get(expert)) for expert in changed
        )

    async def _steps_back(self, shown: Sequence[Before]) -> None:
        considered = {one.expert: one for one in self.considered.candidacies}
        for one in shown:
            if one.version is None:
                continue
            held = considered.get(one.expert)
            if held is None or held.version != one.version or held.state not in {State.SPOKE, State.ABSENT}:
                raise OtherAttendance
            (last,) = await self.tx.run(LAST, **self.viewer.sight, id=held.id)
            await step_back(
                self.tx, self.viewer, id=held.id, last=last["step"], step=self.steps[one.expert], at=self.at
            )

    async def _own_word(self, people: Sequence[ExpertId]) -> Mapping[ExpertId, Sequence[Row]]:
        """What organisers took down of each of these people at this event."""
        found: dict[ExpertId, list[Row]] = {expert: [] for expert in people}
        for row in await self.tx.run(OWN_WORD, source=ORGANISERS, people=list(people)):
            told = read_said(row["said"])
            if told["event"] == self.considered.event:
                found[row["person"]].append({**row, "talk": told.get("talk")})
        return found

    async def _present(
        self, said: "_Said", people: Mapping[str, Row], own: Mapping[ExpertId, Sequence[Row]]
    ) -> set[ExpertId]:
        """Put on record what is not there yet; of whom something was."""
        words, without_title = {}, []
        for expert, talks in said.items():
            titles = list(_as_known(talks, people[expert]["talks"], people[expert]["items"]))
            words[expert] = OwnWord(was_there=True, talks=frozenset(titles))
            if titles and all(titles):
                without_title += [row for row in own[expert] if row["kind"] == Kind.SPEAKERS and not row["talk"]]
        changed = await self._put(words, people, own)
        if without_title:
            await remove_records(self.tx, Kind.SPEAKERS, [row["id"] for row in without_title])
        return changed

    async def _put(
        self, words: Mapping[ExpertId, OwnWord], people: Mapping[str, Row], own: Mapping[ExpertId, Sequence[Row]]
    ) -> set[ExpertId]:
        """Put on record what these words say and is not there yet; of whom something was."""
        event = self.considered.event
        attendance: dict[str, Mapping[str, Any]] = {}
        speakers: dict[str, Mapping[str, Any]] = {}
        documents: list[DocumentRecord] = []
        changed: set[ExpertId] = set()
        for expert, word in words.items():
            there = {row["entity"] for row in own[expert]}
            id = identity_of([event, expert])
            if word.was_there and id not in there:
                attendance[id] = {"event": event, "expert": expert}
                changed.add(expert)
            items = people[expert]["items"]
            for talk in sorted(word.talks):
                id = identity_of([event, expert, talk])
                if id in there:
                    continue
                details = _details(talk, items)
                speakers[id] = {**details, "event": event, "expert": expert, "talk": talk or None}
                changed.add(expert)
                if talk and folded(talk) not in map(folded, people[expert]["told"]):
                    documents.append(self._document(id, expert, talk, language=details["language"]))
        await self._store(Kind.ATTENDANCE, attendance)
        await self._store(Kind.SPEAKERS, speakers)
        if documents:
            await store_documents(self.tx, documents, merged={}, folder="", at=self.at)
        return changed

    async def _store(self, kind: Kind, told: Mapping[str, Mapping[str, Any]]) -> None:
        if told:
            rows = [
                Sourced(
                    ORGANISERS,
                    PLACE,
                    Trust.ORGANISERS,
                    {**one, "id": id, "digest": identity_of([ORGANISERS, id])},
                )
                for id, one in told.items()
            ]
            await store_records(self.tx, kind, rows, folder="", at=self.at)

    async def _absent(self, absent: Sequence[ExpertId], own: Mapping[ExpertId, Sequence[Row]]) -> set[ExpertId]:
        """Take back what organisers took down of these people; of whom there was anything."""
        rows = [row for expert in absent for row in own[expert]]
        await self._take_out(rows)
        return {row["person"] for row in rows}

    async def _take_out(self, rows: Sequence[Row]) -> None:
        """Take records of organisers away, with the evidence that came of them."""
        for kind in (Kind.SPEAKERS, Kind.ATTENDANCE):
            if ids := [row["id"] for row in rows if row["kind"] == kind]:
                await remove_records(self.tx, kind, ids)
        if documents := [document_of_talk(row["subject"]) for row in rows if row["kind"] == Kind.SPEAKERS]:
            await remove_documents(self.tx, documents)

    async def _advanced(self, to: Mapping[ExpertId, State]) -> list[Candidacy]:
        """Let confirmed candidates become what they did, and put right who was taken down as the other of the two."""
        put_right = {State.SPOKE: State.ABSENT, State.ABSENT: State.SPOKE}
        advanced = [
            one
            for one in self.considered.candidacies
            if one.expert in to and one.state in {State.CONFIRMED, put_right[to[one.expert]]}
        ]
        for one in advanced:
            state = to[one.expert]
            await self.tx.run(
                STEP,
                id=one.id,
                step=self.steps[one.expert],
                before=one.state.value,
                to=state.value,
                at=self.at,
                by=self.viewer.actor,
                reason="",
                answer_by=None,
                reminders=one.reminders,
                left_agenda=False,
            )
        for one in advanced:
            await record(
                self.tx,
                self.viewer,
                verb="candidate advanced",
                subject=f"candidacy:{one.id}",
                fields=["state"],
                before={"state": one.state.value},
                after={"state": to[one.expert].value},
            )
        return advanced

    def _document(self, id: str, expert: ExpertId, talk: str, *, language: str | None) -> DocumentRecord:
        """A talk as evidence, of which its title is known; in the language of its title where none is said."""
        document, language = document_of_talk(id), language or self.languages.get(talk, UNDETERMINED)
        passage = PassageRecord(
            id=passage_id(owner=expert, document=document, text=talk),
            owner=expert,
            text=talk,
            position=0,
            place=None,
            language=language,
        )
        return DocumentRecord(
            id=document,
            source=ORGANISERS,
            place=PLACE,
            kind="talk",
            title=talk,
            language=language,
            occurred_on=self.day,
            event=self.considered.event,
            resource=None,
            passages=[passage],
            digest=identity_of([ORGANISERS, id]),
        )


_Said = Mapping[ExpertId, Collection[str]]
"""By who was present what they spoke about: nothing if they only listened, an empty title if it is not said."""


def _checked(present: Sequence[Present], absent: Sequence[ExpertId]) -> _Said:
    """What is said of each person.

    Raises:
        InvalidFields: some of it cannot be kept.
    """
    problems: list[Problem] = []
    for name, people in (("present", present), ("absent", absent)):
        if len(people) > MOST_PRESENT:
            wrong = Wording(
                "These are %(count)s, more than %(most)s; take them down in parts.",
                count=len(people),
                most=MOST_PRESENT,
            )
            problems.append(Problem((name,), wrong))
    said: dict[ExpertId, dict[str, None]] = {}
    for number, one in enumerate(present):
        talks = said.setdefault(one.expert, {})
        try:
            title = line(one.talk or "")
        except Unfit as unfit:
            problems.append(Problem(("present", number, "talk"), unfit.sentence))
            continue
        if title and not one.spoke:
            wrong = Wording("Who did not speak gave no talk; say that they spoke, or leave the title out.")
            problems.append(Problem(("present", number, "talk"), wrong))
        if one.spoke:
            talks[title] = None
    for number, expert in enumerate(absent):
        if expert in said:
            wrong = Wording("They are among those present, too; take one of the two out.")
            problems.append(Problem(("absent", number), wrong))
    if problems:
        raise InvalidFields(problems)
    return said


def _word(rows: Sequence[Row]) -> OwnWord:
    """What records of organisers say of somebody."""
    return OwnWord(
        was_there=any(row["kind"] == Kind.ATTENDANCE for row in rows),
        talks=frozenset(row["talk"] or "" for row in rows if row["kind"] == Kind.SPEAKERS),
    )


def _says(word: OwnWord, row: Row) -> bool:
    return word.was_there if row["kind"] == Kind.ATTENDANCE else (row["talk"] or "") in word.talks


def _ensure_held(considered: Considered, at: datetime) -> None:
    if considered.is_cancelled:
        raise EventCancelled(considered.event, Wording("present"))
    if considered.starts_at is not None and considered.starts_at > at:
        raise EventNotBegun(considered.event, Wording("present"))


def _as_known(talks: Collection[str], known: Sequence[str], items: Sequence[Row]) -> Iterable[str]:
    """Titles as they are on record; where none is said, those of talks on the agenda, else all on record, else none."""
    titled = [talk for talk in talks if talk]
    if talks and not titled:
        titled = [item["title"] for item in items if item["kind"] not in UNTITLED]
        if not titled:
            return known or [""]
    spelled = {folded(title): title for title in known if title}
    return dict.fromkeys(spelled.get(folded(talk), talk) for talk in titled)


def _details(talk: str, items: Sequence[Row]) -> Mapping[str, Any]:
    """What the agenda says of a talk; of who spoke on nothing in particular, what it says of where they did."""
    for item in items:
        if folded(item["title"]) == folded(talk) if talk else item["kind"] in UNTITLED:
            times = {name: moment(item[name]) for name in ("starts_at", "ends_at")}
            return {**NO_DETAILS, **times, **{name: item[name] for name in ("role", "room", "language")}}
    return NO_DETAILS


def _day(starts_at: datetime | None, time_zone: str | None) -> date | None:
    """The day on which an event begins, where it is held."""
    return None if starts_at is None else starts_at.astimezone(zone_of(time_zone)).date()
