"""The public ``schedule.json`` in the form of the c3voc (https://c3voc.de/schedule/schema.json), as frab began it.

pretalx, frab and others write it: days of rooms of talks, each with its persons.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from ingest.readers.pretalx.conference import Conference, Slot, Speaker, Talk, Track
from ingest.readers.pretalx.fields import Fields, Told
from ingest.readers.pretalx.rest import CLOSED, LONGEST_LABEL
from ingest.readers.pretalx.source import Source

__all__ = ["conferences_of"]

# Who in frab belongs to a talk without giving it.
NOT_SPEAKING = {"coordinator", "submitter", "attendee", "invited"}
DURATION = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{1,2})")


def conferences_of(payload: Mapping[str, object], told: Told, source: Source) -> list[Conference]:
    """The conference of a schedule."""
    schedule = Fields(payload, "schedule", told).inner("schedule") if "schedule" in payload else None
    schedule = schedule or Fields(payload, "schedule", told)
    given = schedule.inner("conference")
    if given is None:
        return []
    zone = given.zone("time_zone_name")
    filling = _Filling(Conference(), told, _Register.of(payload, schedule, source), zone)
    filling.take_conference(given, url=schedule.address("url") or given.address("url") or given.address("base_url"))
    for talk, day, room in _talks(given):
        filling.take_talk(talk, day, room)
    return [filling.conference]


def _talks(conference: Fields) -> Iterator[tuple[Fields, Fields, str]]:
    """Every talk with its day and the room that it is listed under."""
    for day in conference.objects("days"):
        rooms = day.inner("rooms")
        if rooms is None:
            continue
        for room in rooms.given:
            for talk in rooms.objects(room):
                code = talk.code("code", "guid", "id")
                yield Fields(talk.given, f"talk {code}" if code else talk.place, talk.told), day, str(room)


@dataclass(frozen=True, slots=True)
class _Register:
    """By what identifiers the system that wrote a schedule knows its people: pretalx by code, others by their ids."""

    source: Source
    is_pretalx: bool

    @classmethod
    def of(cls, payload: Mapping[str, object], schedule: Fields, source: Source) -> "_Register":
        generator = payload.get("generator")
        name = generator.get("name") if isinstance(generator, Mapping) else generator
        host = next(
            (host for key in ("base_url", "url") if (host := urlsplit(schedule.address(key)).netloc)), source.host
        )
        return cls(Source(source.host or host.lower(), source.slug), "pretalx" in str(name).lower())

    def conference(self, acronym: str) -> str:
        found = self.source.conference(acronym)
        return found if self.is_pretalx else found.replace("pretalx:", "frab:", 1)

    def person(self, given: Fields) -> tuple[str, str]:
        """What names somebody within the file, and beyond it."""
        if code := given.code("code").upper():
            return code, self.source.person(code)
        own = given.code("id", "guid")
        # Every host counts its people from 1, so that a number without its host is nobody's.
        return own, f"frab:{self.source.host}/{quote(own, safe='-._~')}" if own and self.source.host else ""


@dataclass(slots=True)
class _Filling:
    """Puts the talks of a schedule into its conference."""

    conference: Conference
    told: Told
    register: _Register
    zone: ZoneInfo | None

    def take_conference(self, given: Fields, *, url: str) -> None:
        """What a schedule says of the conference itself."""
        self.conference.identifier = self.register.conference(given.code("acronym"))
        self.conference.title = given.line("title")
        self.conference.time_zone = self.zone.key if self.zone else ""
        self.conference.url = url
        self.conference.set_days(given.day("start"), given.day("end"), self.zone)
        self.conference.tracks = [Track(name) for track in given.objects("tracks") if (name := track.texts("name"))]

    def take_talk(self, talk: Fields, day: Fields, room: str) -> None:
        """One talk; a talk that is given twice has two slots."""
        code = talk.code("code", "guid", "id")
        title = talk.line("title")
        if not code or not title:
            self.told.refuse(
                talk.place,
                f"the talk has no {'title' if code else 'code, guid or id'}",
                "export the schedule again",
            )
            return
        slot = self._slot(talk, day, room)
        known = self.conference.talks.get(code)
        if known is not None:
            self.conference.talks[code] = known.again(slot)
            return
        self.told.counts["closed"] += any(talk.has(name) for name in CLOSED)
        self.told.counts["links"] += talk.has("links") or talk.has("attachments")
        language = talk.tag("language")
        local = Fields(talk.given, talk.place, self.told, language)
        self.conference.talks[code] = Talk(
            code=code,
            title=title,
            abstract=local.text("abstract"),
            description="\n\n".join(filter(None, [local.text("subtitle"), local.text("description")])),
            language=language,
            url=talk.address("url") or talk.address("origin_url"),
            labels=tuple(dict.fromkeys(self._labels(local))),
            slots=(slot,),
            speakers=dict(self._speakers(talk)),
        )

    def _labels(self, talk: Fields) -> Iterator[str]:
        track = talk.given.get("track")
        for value in [*([track] if track is not None else []), *talk.items("tags")]:
            named = value if isinstance(value, Mapping) and "name" in value else {"name": value}
            if label := talk.within(named, "track or tag").line("name", most=LONGEST_LABEL):
                yield label

    def _slot(self, talk: Fields, day: Fields, room: str) -> Slot:
        starts_at = talk.moment("date", self.zone)
        if starts_at is None and talk.has("start") and day.has("date"):
            both = talk.within({"start": f"{day.text('date')}T{talk.text('start')}"}, "day and start")
            starts_at = both.moment("start", self.zone)
        ends_at = talk.moment("end", self.zone) if "T" in talk.text("end") else None
        if ends_at is None and starts_at is not None:
            ends_at = self._after(talk, starts_at)
        return Slot(starts_at, ends_at, talk.line("room", most=LONGEST_LABEL) or self.told.plain.line(room, most=120))

    def _after(self, talk: Fields, starts_at: datetime) -> datetime | None:
        """When a talk of that duration ends: hours and minutes, with days before them, or minutes alone."""
        value = talk.given.get("duration")
        if value is None or value == "":
            return None
        found = DURATION.fullmatch(str(value))
        if found is not None:
            days, hours, minutes = (int(part or 0) for part in found.groups())
            return starts_at + timedelta(days=days, hours=hours, minutes=minutes)
        if str(value).isascii() and str(value).isdigit() and len(str(value)) < 5:
            return starts_at + timedelta(minutes=int(str(value)))
        self.told.refuse(talk.place, "its duration is none", "write hours and minutes, such as 00:30", value=str(value))
        return None

    def _speakers(self, talk: Fields) -> Iterator[tuple[str, str]]:
        """The people who give a talk, each with their role."""
        for person in talk.objects("persons"):
            role = (person.text("role") or person.text("event_role") or "speaker").strip().lower()
            code, identifier = self.register.person(person)
            name = person.line("public_name") or person.line("name") or person.line("full_public_name")
            if role in NOT_SPEAKING:
                continue
            if not code and not name:
                self.told.refuse(person.place, "somebody has neither code nor name", "export the schedule again")
                continue
            speaker = Speaker(
                code=code or f"named {name}",
                identifiers=(identifier,) if identifier else (),
                name=name,
                email=person.email("email"),
                biography=person.text("biography") or person.text("description"),
            )
            self.conference.add_speaker(speaker)
            yield speaker.code, "moderator" if "moderator" in role else "speaker"
