"""The JSON of pretalx's REST API, of today's version and of those before 2025: events, talks, speakers, rooms, slots.

A talk names its speakers, track, tags, room and slots by objects, by names or (today, unless expanded) by numbers; a
number is looked up in the same file, if that holds several of the API's answers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from ingest.readers.json_kinds import PRETALX_LISTS
from ingest.readers.pretalx.conference import Conference, Slot, Speaker, Talk, Texts, Track
from ingest.readers.pretalx.fields import Fields, Told
from ingest.readers.pretalx.source import Source

__all__ = ["ACCEPTED", "CLOSED", "conferences_of"]

ACCEPTED = {"accepted", "confirmed"}
CLOSED = (
    *("answers", "availabilities", "internal_notes", "notes", "reviews", "median_score", "mean_score"),
    *("assigned_reviewers", "speaker_info", "anonymised_data", "invitations", "access_code", "review_code"),
)
LONGEST_LABEL = 120


@dataclass(slots=True)
class _Answers:
    """The objects of a file by what they are."""

    events: list[Fields] = field(default_factory=list)
    talks: list[Fields] = field(default_factory=list)
    speakers: list[Fields] = field(default_factory=list)
    slots: list[Fields] = field(default_factory=list)
    rooms: dict[str, str] = field(default_factory=dict)
    tracks: dict[str, Texts] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)


def conferences_of(payload: object, told: Told, source: Source) -> list[Conference]:
    """The conferences of a file of the API; the one that its talks and speakers belong to comes first."""
    answers = _Answers()
    for number, given in enumerate(_flat(payload), 1):
        if isinstance(given, Mapping):
            _sort(Fields(given, f"entry {number}", told), answers)
        else:
            told.refuse(f"entry {number}", "it is no object", "export the conference again")
    events = [_event(one, source) for one in answers.events]
    own = next((one for one in events if one.identifier == source.conference()), None)
    if own is None and len(events) == 1:
        own = events[0]
    if own is None:
        own = Conference(identifier=source.conference())
        events = [own, *events] if answers.talks or answers.speakers or answers.slots else events
    _Filling(own, answers, told, source).fill()
    return sorted(events, key=lambda one: one is not own)


def _flat(payload: object) -> Iterator[object]:
    """The objects of a page, a list, an only object, or of several of these under the API's names for them."""
    if isinstance(payload, list):
        yield from payload
    elif isinstance(payload, Mapping) and isinstance(payload.get("results"), list):
        yield from payload["results"]
    elif isinstance(payload, Mapping) and not _is_object(payload) and payload.keys() & set(PRETALX_LISTS):
        for name in PRETALX_LISTS:
            part = payload.get(name)
            if isinstance(part, Mapping) and "results" not in part:
                yield part
            elif part is not None:
                yield from _flat(part)
    elif isinstance(payload, Mapping) and not payload.keys() >= {"results", "next"}:
        yield payload


def _is_object(given: Mapping[str, object]) -> bool:
    return bool(given.keys() & {"code", "slug", "id", "version"})


def _sort(given: Fields, answers: _Answers) -> None:
    """Put an object where it belongs, by the fields that it has."""
    if "slug" in given and ("date_from" in given or "name" in given):
        answers.events.append(given)
    elif "submission" in given:
        answers.slots.append(given)
    elif "version" in given and "slots" in given:
        _sort_schedule(given, answers)
    elif "title" in given:
        answers.talks.append(given)
    elif "tag" in given:
        answers.tags[given.code("id")] = given.line("tag", most=LONGEST_LABEL)
    elif "name" in given and ("code" in given or "biography" in given):
        answers.speakers.append(given)
    elif "name" in given and "color" in given:
        answers.tracks[given.code("id")] = given.texts("name")
    elif "name" in given and "id" in given:
        # Session types are as little needed as rooms nobody speaks in, and are looked up by nobody.
        if "default_duration" not in given:
            answers.rooms[given.code("id")] = given.line("name", most=LONGEST_LABEL)
    else:
        given.told.refuse(
            given.place, "it is no event, talk, speaker, slot, room, track or tag", "export the conference again"
        )


def _sort_schedule(schedule: Fields, answers: _Answers) -> None:
    """A schedule's slots: until 2024 they are its talks, today slots, or numbers."""
    for one in schedule.items("slots"):
        if isinstance(one, Mapping):
            inner = schedule.within(one, "slots")
            (answers.slots if "submission" in inner else answers.talks).append(inner)
        else:
            schedule.told.counts["unexpanded"] += 1


def _event(given: Fields, source: Source) -> Conference:
    locale = given.tag("locale")
    event = Fields(given.given, given.place, given.told, locale)
    zone = event.zone("timezone")
    tags = (Fields({"tag": one}, given.place, given.told).tag("tag") for one in event.items("content_locales"))
    urls = event.inner("urls")
    conference = Conference(
        identifier=source.conference(event.code("slug")),
        title=event.line("name"),
        time_zone=zone.key if zone else "",
        url=(urls.address("base") if urls else "") or event.address("custom_domain"),
        languages=tuple(dict.fromkeys(tag for tag in tags if tag)),
        locale=locale,
    )
    conference.set_days(event.day("date_from"), event.day("date_to"), zone)
    return conference


@dataclass(frozen=True, slots=True)
class _Filling:
    """Puts the talks and speakers of a file into their conference."""

    conference: Conference
    answers: _Answers
    told: Told
    source: Source

    def fill(self) -> None:
        slots: dict[str, list[Slot]] = {}
        for slot in self.answers.slots:
            submission = slot.given.get("submission")
            if isinstance(submission, Mapping):
                self.answers.talks.append(Fields({**submission, "slots": [slot.given]}, slot.place, self.told))
            elif code := slot.code("submission"):
                slots.setdefault(code, []).append(self._slot(slot))
        left_out = set(filter(None, [self._talk(one, slots) for one in self.answers.talks]))
        for speaker in self.answers.speakers:
            self._listed_speaker(speaker, left_out)
        self.conference.tracks += [Track(name) for name in self.answers.tracks.values() if name]
        self.told.counts["slots alone"] += len(slots.keys() - self.conference.talks.keys() - left_out)

    def _zone(self) -> ZoneInfo | None:
        return ZoneInfo(self.conference.time_zone) if self.conference.time_zone else None

    def _talk(self, given: Fields, slots: Mapping[str, list[Slot]]) -> str:
        """Take a talk in; its code if it was left out because it is not accepted, else nothing."""
        code = given.code("code")
        if not code:
            self.told.refuse(given.place, "the talk has no code", "export the conference again")
            return ""
        self._count_what_is_left_out(given)
        state = given.text("state").strip().lower()
        if "state" in given and state not in ACCEPTED:
            self.told.counts["not accepted"] += 1
            return code
        language = given.tag("content_locale")
        talk = Fields(given.given, f"talk {code}", self.told, language or self.conference.locale)
        title = talk.line("title")
        if not title:
            self.told.refuse(talk.place, "the talk has no title", "give it one in pretalx")
            return ""
        speakers = [speaker for value in talk.items("speakers") if (speaker := self._speaker(value, talk.place))]
        for speaker in speakers:
            self.conference.add_speaker(speaker)
        self.conference.talks.setdefault(
            code,
            Talk(
                code=code,
                title=title,
                abstract=talk.text("abstract"),
                description=talk.text("description"),
                language=language,
                url=talk.address("url"),
                labels=self._labels(talk),
                slots=(*self._slots_of(talk), *slots.get(code, ())),
                speakers={speaker.code: "speaker" for speaker in speakers},
            ),
        )
        return ""

    def _speaker(self, value: object, place: str) -> Speaker | None:
        """A speaker of a talk: an object, or today a code alone."""
        given = Fields(value if isinstance(value, Mapping) else {"code": value}, f"{place}, speakers", self.told)
        code = given.code("code").upper()
        if not code:
            self.told.refuse(given.place, "a speaker has no code", "export the conference again")
            return None
        self._count_what_is_left_out(given)
        return Speaker(
            code=code,
            identifiers=(self.source.person(code),),
            name=given.line("name"),
            email=given.email("email"),
            biography=given.text("biography"),
        )

    def _listed_speaker(self, given: Fields, left_out: set[str]) -> None:
        """Somebody from the list of speakers, in which an organiser finds those too whose talks were not accepted."""
        submissions = given.items("submissions")
        states = [one.get("state", "confirmed") for one in submissions if isinstance(one, Mapping)]
        codes = [one for one in submissions if isinstance(one, str)]
        is_accepted = any(state in ACCEPTED for state in states if isinstance(state, str))
        is_listed = given.code("code").upper() in self.conference.speakers
        if not is_listed and "submissions" in given and not is_accepted and not set(codes) - left_out:
            self.told.counts["no talk"] += 1
            return
        if not is_listed and not is_accepted and "email" in given:
            self.told.counts["unsure"] += 1
        speaker = self._speaker(given.given, given.place)
        if speaker is not None:
            self.conference.add_speaker(speaker)

    def _labels(self, talk: Fields) -> tuple[str, ...]:
        track = talk.given.get("track")
        found = [
            self._label(talk, {"name": one} if isinstance(one, Mapping) and "name" not in one else one)
            for one in [*([track] if track is not None else []), *talk.items("tags")]
        ]
        return tuple(dict.fromkeys(label for label in found if label))

    def _label(self, talk: Fields, value: object) -> str:
        """A track's or a tag's label: an object's name or tag, a text, or a number to look up."""
        if isinstance(value, int) and not isinstance(value, bool):
            track = self.answers.tracks.get(str(value), {})
            named = Fields({"name": track}, talk.place, self.told, talk.locale).line("name", most=LONGEST_LABEL)
            found = named or self.answers.tags.get(str(value), "")
            self.told.counts["unexpanded"] += not found
            return found
        given = talk.within(value if isinstance(value, Mapping) else {"name": value}, "track or tag")
        if isinstance(value, Mapping) and value.get("is_public") is False:
            self.told.counts["closed"] += 1
            return ""
        return given.line("tag" if "tag" in given else "name", most=LONGEST_LABEL)

    def _slots_of(self, talk: Fields) -> Iterator[Slot]:
        for one in [*talk.items("slot"), *talk.items("slots")]:
            if isinstance(one, Mapping):
                yield self._slot(talk.within(one, "slot"))
            else:
                self.told.counts["unexpanded"] += 1

    def _slot(self, given: Fields) -> Slot:
        zone = self._zone()
        return Slot(given.moment("start", zone), given.moment("end", zone), self._room(given))

    def _room(self, slot: Fields) -> str:
        value = slot.given.get("room")
        if isinstance(value, int) and not isinstance(value, bool):
            found = self.answers.rooms.get(str(value), "")
            self.told.counts["unexpanded"] += not found
            return found
        if isinstance(value, Mapping) and "name" in value:
            return slot.within(value, "room").line("name", most=LONGEST_LABEL)
        return slot.line("room", most=LONGEST_LABEL)

    def _count_what_is_left_out(self, given: Fields) -> None:
        self.told.counts["closed"] += any(given.has(name) for name in CLOSED)
        self.told.counts["links"] += given.has("resources")
