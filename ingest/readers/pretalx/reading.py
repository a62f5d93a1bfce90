"""A conference as rows and documents: experts, what they spoke on, the texts of their talks, the event, its topics."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from graph.intake import Kind
from graph.values import UN_LANGUAGES
from ingest.documents import DocumentKind
from ingest.files import FileRefused
from ingest.found import CellValue, Found, FoundDocument, FoundText, Reading
from ingest.readers import Options
from ingest.readers.json_kinds import JsonKind, kind_of_payload, payload_of
from ingest.readers.pretalx import export, frab, rest
from ingest.readers.pretalx.conference import Conference, Slot, Speaker, Talk
from ingest.readers.pretalx.fields import Told
from ingest.readers.pretalx.source import source_of
from ingest.rows.events import EventKind

__all__ = ["read"]

SENTENCES = {
    "not accepted": "talks left out, because they are not accepted or confirmed",
    "no state": "sessions left out, because neither a state, a room nor a start says that they were accepted",
    "no talk": "speakers left out, because they have no accepted talk",
    "unsure": "speakers taken, although the file does not say whether a talk of theirs was accepted "
    "(export only those with accepted talks, if that is not so)",
    "unexpanded": "numbers left out, because the rooms, slots, tracks or tags that they stand for are not in the file "
    "(ask the API with ?expand=slots,slots.room,track,tags,speakers)",
    "slots alone": "slots left out, because their talks are not in the file (ask the API with ?expand=submission)",
    "more slots": "talks given more than once, of which the first time is kept",
    "labels": f"tracks left out, because they are named in none of {', '.join(UN_LANGUAGES)}; give them such a name",
    "links": "talks whose links or files were left out",
}
UNTITLED = (
    "it does not say the conference's title: unless another file does, such as event.json beside it, "
    "write it into the mapping file, such as 'title: TITLE'"
)
CLOSED = "what is not public (reviews, notes, availabilities, answers to questions) was left out"


def read(path: Path, *, options: Options) -> Reading:
    """The conference of a JSON file of pretalx's API or export, or of a c3voc schedule.

    Raises:
        FileRefused: it is no JSON, or of neither.
    """
    payload = payload_of(path)
    kind = kind_of_payload(payload)
    told = Told()
    # A schedule says itself where it is from; its persons' pictures may be anywhere.
    source = source_of(None if kind is JsonKind.FRAB else payload, options)
    if kind is JsonKind.FRAB and isinstance(payload, Mapping):
        conferences = frab.conferences_of(payload, told, source)
    elif isinstance(payload, list) and export.is_export(payload):
        conferences = export.conferences_of(payload, told, source)
    elif kind is JsonKind.PRETALX:
        conferences = rest.conferences_of(payload, told, source)
    else:
        raise FileRefused(
            "it is neither pretalx's nor a schedule of the c3voc's form",
            remedy="download schedule.json, or what the API says under events, talks and speakers",
        )
    if source.title and (len(conferences) == 1 or not conferences[0].title):
        conferences[0].title = told.plain.line(source.title)
    writers = [
        _Writer(one, told, f"event {number}" if number > 1 else "event") for number, one in enumerate(conferences, 1)
    ]
    rows = [row for writer in writers for row in writer.rows()]
    documents = [document for writer in writers for document in writer.documents()]
    notes = [note for writer in writers for note in writer.assumed()]
    if isinstance(payload, list) and export.is_export(payload) and not conferences[0].title and conferences[0].talks:
        notes.append(UNTITLED)
    notes += [f"{sentence}: {told.counts[name]:,}" for name, sentence in SENTENCES.items() if told.counts[name]]
    if told.counts["closed"]:
        notes.append(CLOSED)
    return Reading(rows=rows, documents=documents, refused=told.refused, notes=[*notes, *told.plain.notes()])


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes one conference. ``key`` names its event within the file."""

    conference: Conference
    told: Told
    key: str

    def rows(self) -> Iterator[Found]:
        """Everything but the texts. A file of speakers alone names the conference, and has nothing to say of it."""
        if self._has_event() and (self.conference.title or self.conference.starts_at or self.conference.talks):
            yield self._event()
        yield from self._topics()
        for speaker in self.conference.speakers.values():
            yield self._expert(speaker)
        if self._has_event():
            for talk in self.conference.talks.values():
                self.told.counts["more slots"] += len(talk.slots) > 1
                yield from self._spoken(talk)

    def assumed(self) -> Iterator[str]:
        """What was assumed of the conference, or is missing."""
        if self.conference.talks and not self._has_event():
            yield (
                "it does not say which conference its talks are of, so that they are evidence only: "
                "write its slug into the mapping file, such as 'event: SLUG'"
            )
        if self.conference.starts_at and not self.conference.time_zone:
            yield "it does not say the conference's time zone: its days were taken as days in UTC"
        if self.conference.identifier and "/" not in self.conference.identifier:
            yield (
                "it does not say which host it is from: to know its speakers again in files of other conferences, "
                "write it into the mapping file, such as 'host: pretalx.example.org'"
            )
        if any("" in track.name for track in self.conference.tracks) and not self._language_of_labels():
            yield "it does not say the language of its tracks: they were taken as topics with English labels"

    def documents(self) -> Iterator[FoundDocument]:
        """Biographies and talks, as far as they have text."""
        for speaker in self.conference.speakers.values():
            if paragraphs := self.told.plain.markdown(speaker.biography):
                cells: dict[str, CellValue] = {"owner": [f"#{speaker.code}"], "kind": DocumentKind.BIOGRAPHY}
                yield _document(f"biography/{speaker.code}", cells, paragraphs, f"speaker {speaker.code}")
        for talk in self.conference.talks.values():
            if talk.speakers:
                yield _document(f"talk/{talk.code}", self._about(talk), self._text(talk), f"talk {talk.code}")

    def _has_event(self) -> bool:
        return bool(self.conference.identifier or self.conference.title)

    def _event(self) -> Found:
        """The conference; one that the file does not name has no title, and is told of in another file."""
        conference = self.conference
        labels = [f"~{label}" for talk in conference.talks.values() for label in talk.labels]
        languages = conference.languages or tuple(talk.language for talk in conference.talks.values() if talk.language)
        return _found(
            Kind.EVENTS,
            self.key,
            {
                "title": conference.title,
                "kind": EventKind.CONFERENCE if conference.title else "",
                "starts_at": conference.starts_at.isoformat() if conference.starts_at else "",
                "ends_at": conference.ends_at.isoformat() if conference.ends_at else "",
                "time_zone": conference.time_zone,
                "url": conference.url,
                "languages": list(dict.fromkeys(languages)),
                "topics": _once(labels),
                "identifiers": [conference.identifier] if conference.identifier else [],
            },
            "conference",
        )

    def _topics(self) -> Iterator[Found]:
        """The tracks that the file defines, in the languages that topics have labels in."""
        seen: set[str] = set()
        for track in self.conference.tracks:
            cells: dict[str, CellValue] = {}
            for tag, text in track.name.items():
                language = (tag or self._language_of_labels() or "en").replace("_", "-").split("-")[0].lower()
                label = self.told.plain.line(text, most=rest.LONGEST_LABEL)
                if language in UN_LANGUAGES and label:
                    cells.setdefault(f"label_{language}", label)
            self.told.counts["labels"] += not cells
            key = " / ".join(str(label) for label in cells.values())
            if cells and key.casefold() not in seen:
                seen.add(key.casefold())
                yield _found(Kind.TOPICS, key, cells, f"track {key}")

    def _language_of_labels(self) -> str:
        """The language of labels that say none: the conference's, or that of all of its talks."""
        languages = {talk.language.split("-")[0] for talk in self.conference.talks.values()}
        return self.conference.locale or (languages.pop() if len(languages) == 1 else "")

    def _expert(self, speaker: Speaker) -> Found:
        cells: dict[str, CellValue] = {
            "name": speaker.name,
            "email": speaker.email,
            "identifiers": list(speaker.identifiers),
        }
        return _found(Kind.EXPERTS, speaker.code, cells, f"speaker {speaker.code}")

    def _spoken(self, talk: Talk) -> Iterator[Found]:
        slot = _first(talk)
        for code, role in talk.speakers.items():
            cells: dict[str, CellValue] = {
                "event": f"#{self.key}",
                "expert": f"#{code}",
                "role": role,
                "talk": talk.title,
                "starts_at": slot.starts_at.isoformat() if slot.starts_at else "",
                "ends_at": slot.ends_at.isoformat() if slot.ends_at else "",
                "room": slot.room,
                "language": talk.language,
                "url": talk.url,
            }
            yield _found(Kind.SPEAKERS, f"{talk.code} {code}", cells, f"talk {talk.code}")

    def _about(self, talk: Talk) -> dict[str, CellValue]:
        starts_at = _first(talk).starts_at
        return {
            "owner": [f"#{code}" for code in talk.speakers],
            "kind": DocumentKind.TALK,
            "title": talk.title,
            "language": talk.language,
            "date": f"{starts_at:%Y-%m-%d}" if starts_at else "",
            "event": f"#{self.key}" if self._has_event() else "",
        }

    def _text(self, talk: Talk) -> list[str]:
        """Title, abstract and description, without the paragraphs that two of them share."""
        plain = self.told.plain
        return list(dict.fromkeys([talk.title, *plain.markdown(talk.abstract), *plain.markdown(talk.description)]))


def _first(talk: Talk) -> Slot:
    """The first time that a talk is given; slots without a time come last."""
    dated = [slot for slot in talk.slots if slot.starts_at is not None]
    return min(dated, key=_start) if dated else next(iter(talk.slots), Slot())


def _start(slot: Slot) -> float:
    return slot.starts_at.timestamp() if slot.starts_at else 0.0


def _once(labels: list[str]) -> list[str]:
    """Labels in their order, each once, whatever the case of its letters."""
    return list({label.casefold(): label for label in reversed(labels)}.values())[::-1]


def _found(kind: Kind, key: str, cells: Mapping[str, CellValue], place: str) -> Found:
    return Found(kind=kind, key=key, cells={column: value for column, value in cells.items() if value}, place=place)


def _document(key: str, cells: Mapping[str, CellValue], paragraphs: list[str], place: str) -> FoundDocument:
    return FoundDocument(
        key=key,
        cells={column: value for column, value in cells.items() if value},
        paragraphs=[FoundText(text=paragraph) for paragraph in paragraphs],
        place=place,
    )
