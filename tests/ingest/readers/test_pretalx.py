# ruff: noqa: E501 -- exact sentences stand on one line each
"""Conferences as rows and documents: pretalx's API and export, and schedules in the c3voc's form."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.intake import Kind
from ingest.files import FileRefused
from ingest.found import CellValue, Found, FoundDocument, Reading
from ingest.readers import Options
from ingest.readers.pretalx import read
from ingest.rows.events import Event, Speaker
from ingest.rows.people import Expert

HOST = "pretalx.example.org"
PAGES = f"https://{HOST}/api/events/design-2022/talks/?page=2"
Read = Callable[..., Reading]

SPEAKER = {"code": "AMA123", "name": "ama", "biography": "Trains **stewards**.", "email": "ama@example.org"}
TALK: dict[str, Any] = {
    "code": "TALK01",
    "title": "Concevoir une entrée",
    "speakers": [SPEAKER],
    "submission_type": {"en": "Talk", "fr": "Exposé"},
    "track": {"en": "Design", "fr": "Conception"},
    "tags": ["law"],
    "state": "confirmed",
    "abstract": "Une entrée *ouverte*.",
    "description": "Première partie.\n\nSeconde partie.",
    "content_locale": "fr",
    "slot": {
        "start": "2022-06-02T10:00:00+02:00",
        "end": "2022-06-02T10:30:00+02:00",
        "room": {"en": "Hall 2", "fr": "Salle 2"},
    },
}
EVENT = {
    "name": {"en": "Design for prevention", "fr": "Concevoir pour prévenir"},
    "slug": "design-2022",
    "date_from": "2022-06-01",
    "date_to": "2022-06-03",
    "timezone": "Europe/Vienna",
    "locale": "en",
    "content_locales": ["en", "fr", "de-formal"],
    "urls": {"base": f"https://{HOST}/design-2022/"},
}


def page(*results: object, following: str | None = PAGES) -> dict[str, object]:
    return {"count": len(results), "next": following, "previous": None, "results": list(results)}


@pytest.fixture
def reading(tmp_path: Path) -> Read:
    """What a JSON file of that content and name is read as."""

    def read_it(payload: object, file: str = "talks.json", mapping: dict[str, object] | None = None) -> Reading:
        path = tmp_path / "file.json"
        path.write_text(json.dumps(payload, ensure_ascii=False), encoding="utf-8", errors="surrogatepass")
        return read(path, options=Options(file=file, mapping=mapping))

    return read_it


def rows(reading: Reading, kind: Kind) -> list[Found]:
    return [row for row in reading.rows if row.kind is kind]


def cells(reading: Reading, kind: Kind) -> dict[str, CellValue]:
    (row,) = rows(reading, kind)
    return row.cells


def document(reading: Reading, key: str) -> FoundDocument:
    (found,) = [one for one in reading.documents if one.key == key]
    return found


def texts(found: FoundDocument) -> list[str]:
    return [paragraph.text for paragraph in found.paragraphs]


def test_a_talk_makes_a_speaker_of_an_expert_and_evidence_in_its_language(reading: Read) -> None:
    found = reading(page(TALK))

    assert cells(found, Kind.EXPERTS) == {
        "name": "ama",
        "email": "ama@example.org",
        "identifiers": [f"pretalx:{HOST}/AMA123"],
    }
    assert cells(found, Kind.SPEAKERS) == {
        "event": "#event",
        "expert": "#AMA123",
        "role": "speaker",
        "talk": "Concevoir une entrée",
        "starts_at": "2022-06-02T10:00:00+02:00",
        "ends_at": "2022-06-02T10:30:00+02:00",
        "room": "Salle 2",
        "language": "fr",
    }
    talk = document(found, "talk/TALK01")
    assert talk.cells == {
        "owner": ["#AMA123"],
        "kind": "talk",
        "title": "Concevoir une entrée",
        "language": "fr",
        "date": "2022-06-02",
        "event": "#event",
    }
    assert texts(talk) == ["Concevoir une entrée", "Une entrée ouverte.", "Première partie.", "Seconde partie."]
    assert document(found, "biography/AMA123").cells == {"owner": ["#AMA123"], "kind": "biography"}
    assert texts(document(found, "biography/AMA123")) == ["Trains stewards."]
    assert found.refused == []


def test_talks_alone_mention_their_conference(reading: Read) -> None:
    found = reading(page(TALK))

    assert cells(found, Kind.EVENTS) == {
        "languages": ["fr"],
        "topics": ["~Conception", "~law"],
        "identifiers": [f"pretalx:{HOST}/design-2022"],
    }


def test_the_rows_fit_their_columns(reading: Read) -> None:
    found = reading(page(TALK))

    Expert.model_validate({**cells(found, Kind.EXPERTS), "id": "ama"})
    Speaker.model_validate({**cells(found, Kind.SPEAKERS), "event": "design", "expert": "ama"})


def test_an_event_is_a_conference_from_its_first_midnight_to_its_last(reading: Read) -> None:
    found = reading(EVENT)

    assert cells(found, Kind.EVENTS) == {
        "title": "Design for prevention",
        "kind": "conference",
        "starts_at": "2022-06-01T00:00:00+02:00",
        "ends_at": "2022-06-04T00:00:00+02:00",
        "time_zone": "Europe/Vienna",
        "url": f"https://{HOST}/design-2022/",
        "languages": ["en", "fr", "de"],
        "identifiers": [f"pretalx:{HOST}/design-2022"],
    }


def test_files_of_one_export_name_the_same_people_and_conference(reading: Read) -> None:
    talks = reading(page({**TALK, "speakers": ["AMA123"]}, following=None), file="design-2022/talks.json")
    speakers = reading(page(SPEAKER, following=None), file="design-2022/speakers.json")

    assert cells(talks, Kind.EXPERTS) == {"identifiers": ["pretalx:AMA123"]}
    assert cells(speakers, Kind.EXPERTS)["identifiers"] == ["pretalx:AMA123"]
    assert cells(talks, Kind.EVENTS)["identifiers"] == ["pretalx:design-2022"]
    assert rows(speakers, Kind.EVENTS) == []
    assert any("write it into the mapping file, such as 'host: pretalx.example.org'" in note for note in talks.notes)


def test_the_mapping_file_tells_host_and_conference(reading: Read) -> None:
    found = reading([TALK], mapping={"host": "Conf.Example.org", "event": "Law-2023"})

    assert cells(found, Kind.EVENTS)["identifiers"] == ["pretalx:conf.example.org/law-2023"]
    assert cells(found, Kind.EXPERTS)["identifiers"] == ["pretalx:conf.example.org/AMA123"]


def test_talks_of_no_conference_are_evidence_only(reading: Read) -> None:
    found = reading([TALK])

    assert {row.kind for row in found.rows} == {Kind.EXPERTS}
    assert "event" not in document(found, "talk/TALK01").cells
    assert any("does not say which conference its talks are of" in note for note in found.notes)


def test_numbers_are_looked_up_in_a_file_of_several_answers(reading: Read) -> None:
    talk = {**TALK, "speakers": ["AMA123"], "track": 7, "tags": [3], "slots": [11], "slot": None}
    given = {
        "event": EVENT,
        "submissions": page(talk),
        "speakers": page(SPEAKER),
        "rooms": [{"id": 5, "name": {"en": "Hall 2"}, "capacity": 80, "guid": "g"}],
        "tracks": [{"id": 7, "name": {"en": "Design", "fr": "Conception"}, "color": "#fff"}],
        "tags": [{"id": 3, "tag": "law", "color": "#000"}],
        "slots": [
            {
                "id": 11,
                "submission": "TALK01",
                "room": 5,
                "start": "2022-06-02T10:00:00",
                "end": "2022-06-02T10:30:00+02:00",
            }
        ],
    }

    found = reading(given)

    assert cells(found, Kind.EXPERTS)["name"] == "ama"
    assert cells(found, Kind.EVENTS)["topics"] == ["~Conception", "~law"]
    assert (cells(found, Kind.SPEAKERS)["room"], cells(found, Kind.SPEAKERS)["starts_at"]) == (
        "Hall 2",
        "2022-06-02T10:00:00+02:00",
    )
    assert cells(found, Kind.TOPICS) == {"label_en": "Design", "label_fr": "Conception"}


def test_numbers_that_are_nowhere_are_said(reading: Read) -> None:
    found = reading(page({**TALK, "track": 7, "slots": [1, 2], "slot": None}))

    assert "room" not in cells(found, Kind.SPEAKERS)
    assert any(note.startswith("numbers left out") and note.endswith(": 3") for note in found.notes)


def test_expanded_slots_bring_their_talks(reading: Read) -> None:
    slot = {
        "id": 11,
        "submission": TALK,
        "room": {"id": 5, "name": "Hall 5"},
        "start": "2022-06-01T08:00:00Z",
        "end": None,
    }

    found = reading(page(slot))

    assert (cells(found, Kind.SPEAKERS)["room"], cells(found, Kind.SPEAKERS)["starts_at"]) == (
        "Hall 5",
        "2022-06-01T08:00:00+00:00",
    )


@pytest.mark.parametrize("state", ["submitted", "rejected", "withdrawn", "canceled", "draft", "deleted", 5])
def test_talks_that_are_not_accepted_are_left_out_with_their_speakers(reading: Read, state: object) -> None:
    other = {**TALK, "code": "TALK02", "state": "accepted", "speakers": [{"code": "SALMA1", "name": "salma"}]}

    found = reading(page({**TALK, "state": state}, other, {**SPEAKER, "submissions": ["TALK01"]}))

    assert [row.cells["name"] for row in rows(found, Kind.EXPERTS)] == ["salma"]
    assert [one.key for one in found.documents] == ["talk/TALK02"]
    assert "talks left out, because they are not accepted or confirmed: 1" in found.notes


def test_what_is_not_public_is_never_taken(reading: Read) -> None:
    secret = {"internal_notes": "SECRET", "notes": "SECRET", "answers": [{"answer": "SECRET"}], "reviews": ["SECRET"]}
    speaker = {**SPEAKER, "availabilities": [{"start": "SECRET"}], **secret}

    found = reading(page({**TALK, **secret, "speakers": [speaker]}, speaker))

    assert "SECRET" not in found.model_dump_json()
    assert found.notes == ["what is not public (reviews, notes, availabilities, answers to questions) was left out"]


def test_html_in_an_abstract_is_plain_text(reading: Read) -> None:
    hostile = "<p onclick='x()'>One</p><script>alert(1)</script>\n\n<img src=x onerror=alert(1)>Two <a href='javascript:alert(1)'>link</a> \x00\u202e"

    found = reading(page({**TALK, "title": "Law <b>now</b>", "abstract": hostile, "description": "<style>p{}</style>"}))

    assert texts(document(found, "talk/TALK01")) == ["Law now", "One", "Two link"]
    assert "texts from which hidden characters that no text needs were dropped: 1" in found.notes


@pytest.mark.parametrize(
    "language, title",
    [
        ("ar", "من يتحمّل الواجب؟"),
        ("zh-hans", "石窟前的两千名游客"),
        ("en", "Who notices first?"),
        ("fr", "Écrire une obligation"),
        ("ru", "Закон принят, что дальше?"),
        ("es", "Siete palabras que se entienden"),
    ],
)
def test_talks_keep_their_language(reading: Read, language: str, title: str) -> None:
    found = reading(page({**TALK, "title": title, "content_locale": language, "track": {"en": "Law", language: title}}))

    talk = document(found, "talk/TALK01")
    assert (texts(talk)[0], talk.cells["title"]) == (title, title)
    assert str(talk.cells["language"]).lower() == language
    assert f"~{title}" in cells(found, Kind.EVENTS)["topics"]


def test_a_schedule_of_before_2025_has_its_talks_as_slots(reading: Read) -> None:
    found = reading({"slots": [TALK], "version": "1.0", "breaks": []}, file="design-2022/schedule-latest.json")

    assert cells(found, Kind.SPEAKERS)["talk"] == "Concevoir une entrée"


def test_a_talk_given_twice_is_told_once(reading: Read) -> None:
    slots = [{"start": "2022-06-03T10:00:00Z", "room": "B"}, {"start": "2022-06-02T10:00:00Z", "room": "A"}]

    found = reading(page({**TALK, "slot": None, "slots": slots}))

    assert cells(found, Kind.SPEAKERS)["room"] == "A"
    assert "talks given more than once, of which the first time is kept: 1" in found.notes


SESSIONS = [
    {
        "ID": "TALK01",
        "Proposal title": "Designing an entrance",
        "Proposal state": "confirmed",
        "Track": {"en": "Design"},
        "Tags": ["law"],
        "Abstract": "An open entrance.",
        "Description": None,
        "Internal notes": "SECRET",
        "Language": "en",
        "Speaker IDs": ["AMA123"],
        "Speaker names": ["ama"],
        "Room": {"en": "Hall 2"},
        "Start": "2022-06-02T10:00:00+02:00",
        "Start (date)": "2022-06-02",
        "End": "2022-06-02T10:30:00+02:00",
        "What do you eat?": "SECRET",
    }
]


def test_the_organisers_sessions_are_talks_of_the_conference_in_their_name(reading: Read) -> None:
    found = reading(SESSIONS, file="exports/design-2022_sessions.json")

    assert cells(found, Kind.EVENTS)["identifiers"] == ["pretalx:design-2022"]
    assert cells(found, Kind.EXPERTS) == {"name": "ama", "identifiers": ["pretalx:AMA123"]}
    assert cells(found, Kind.SPEAKERS)["room"] == "Hall 2"
    assert texts(document(found, "talk/TALK01")) == ["Designing an entrance", "An open entrance."]
    assert "SECRET" not in found.model_dump_json()


def test_the_mapping_file_tells_the_title_that_the_organisers_export_does_not(reading: Read) -> None:
    untitled = (
        "it does not say the conference's title: unless another file does, such as event.json beside it, "
        "write it into the mapping file, such as 'title: TITLE'"
    )
    file = "design-2022_sessions.json"

    without, found = (reading(SESSIONS, file, mapping) for mapping in ({}, {"title": "Design for <b>prevention</b>"}))

    assert untitled in without.notes
    assert "title" not in cells(without, Kind.EVENTS)
    assert untitled not in found.notes
    assert cells(found, Kind.EVENTS)["title"] == "Design for prevention"
    assert cells(found, Kind.EVENTS)["kind"] == "conference"
    Event.model_validate({**cells(found, Kind.EVENTS), "id": "design", "topics": []})


def test_a_title_in_the_mapping_file_has_the_word_before_the_only_event_of_the_file(reading: Read) -> None:
    assert cells(reading(EVENT, "event.json", {"title": "Design"}), Kind.EVENTS)["title"] == "Design"


def test_sessions_in_another_language_are_the_same(reading: Read) -> None:
    german = [
        {
            "ID": "TALK01",
            "Titel": "Einen Eingang entwerfen",
            "Einreichungsstatus": "accepted",
            "Sprache": "de",
            "IDs der Vortragenden": ["AMA123"],
            "Namen der Vortragenden": ["ama"],
            "Raum": "Saal 2",
            "Beginn": "2022-06-02T10:00:00+02:00",
        }
    ]

    found = reading(german, file="design-2022_sessions.json")

    spoken = cells(found, Kind.SPEAKERS)
    assert (spoken["talk"], spoken["room"], spoken["language"]) == ("Einen Eingang entwerfen", "Saal 2", "de")


def test_sessions_without_a_state_count_if_they_are_scheduled(reading: Read) -> None:
    named = {"Speaker IDs": ["AMA123"], "Speaker names": ["ama"]}

    found = reading(
        [
            {"ID": "TALK01", "Title": "One", "Room": "B", **named},
            {"ID": "TALK02", "Title": "Two", "Room": None, **named},
        ],
        file="d_sessions.json",
    )

    assert [row.cells["talk"] for row in rows(found, Kind.SPEAKERS)] == ["One"]
    assert any(note.startswith("sessions left out, because neither a state") for note in found.notes)


def test_the_organisers_speakers_have_biographies_and_addresses(reading: Read) -> None:
    given = [
        {
            "ID": "AMA123",
            "Name": "ama",
            "Biography": "Trains stewards.",
            "Email": "ama@example.org",
            "Proposal IDs": ["TALK01"],
            "T-shirt": "SECRET",
        },
        {"ID": "SALMA1", "Name": "salma", "Biography": "Rejected.", "Email": None, "Proposal IDs": []},
    ]

    found = reading(given, file="design-2022_speakers.json")

    assert cells(found, Kind.EXPERTS) == {"name": "ama", "email": "ama@example.org", "identifiers": ["pretalx:AMA123"]}
    assert texts(document(found, "biography/AMA123")) == ["Trains stewards."]
    assert "speakers left out, because they have no accepted talk: 1" in found.notes
    assert "SECRET" not in found.model_dump_json()


def schedule(*talks: object, **conference: object) -> dict[str, Any]:
    """A schedule as pretalx writes it, of one day and one room."""
    return {
        "$schema": "https://c3voc.de/schedule/schema.json",
        "generator": {"name": "pretalx", "version": "2025.1.0"},
        "schedule": {
            "url": f"https://{HOST}/design-2022/schedule/",
            "version": "1.0",
            "base_url": f"https://{HOST}",
            "conference": {
                "acronym": "design-2022",
                "title": "Design for prevention",
                "start": "2022-06-01",
                "end": "2022-06-03",
                "daysCount": 3,
                "time_zone_name": "Europe/Vienna",
                "rooms": [{"name": "Hall 2", "capacity": 80}],
                "tracks": [{"name": "Design", "slug": "1-design", "color": "#fff"}],
                "days": [{"index": 1, "date": "2022-06-01", "rooms": {"Hall 2": list(talks)}}],
                **conference,
            },
        },
    }


PUBLIC_TALK: dict[str, Any] = {
    "guid": "0a0b",
    "code": "TALK01",
    "id": 1,
    "date": "2022-06-01T10:00:00+02:00",
    "start": "10:00",
    "duration": "00:45",
    "room": "Hall 2",
    "url": f"https://{HOST}/design-2022/talk/TALK01/",
    "title": "Кто замечает первым?",
    "track": "Design",
    "type": "Talk",
    "language": "ru",
    "abstract": "Коротко.",
    "description": "Подробно.",
    "persons": [{"code": "AMA123", "name": "ama", "public_name": "ama", "biography": "Trains stewards.", "guid": "p"}],
    "links": [{"title": "Slides", "url": "https://example.org/slides"}],
    "attachments": [],
}


def test_a_public_schedule_tells_of_everything(reading: Read) -> None:
    found = reading(schedule(PUBLIC_TALK), file="schedule.json")

    assert cells(found, Kind.EVENTS) == {
        "title": "Design for prevention",
        "kind": "conference",
        "starts_at": "2022-06-01T00:00:00+02:00",
        "ends_at": "2022-06-04T00:00:00+02:00",
        "time_zone": "Europe/Vienna",
        "url": f"https://{HOST}/design-2022/schedule/",
        "languages": ["ru"],
        "topics": ["~Design"],
        "identifiers": [f"pretalx:{HOST}/design-2022"],
    }
    assert cells(found, Kind.EXPERTS) == {"name": "ama", "identifiers": [f"pretalx:{HOST}/AMA123"]}
    assert cells(found, Kind.SPEAKERS) == {
        "event": "#event",
        "expert": "#AMA123",
        "role": "speaker",
        "talk": "Кто замечает первым?",
        "starts_at": "2022-06-01T10:00:00+02:00",
        "ends_at": "2022-06-01T10:45:00+02:00",
        "room": "Hall 2",
        "language": "ru",
        "url": f"https://{HOST}/design-2022/talk/TALK01/",
    }
    assert texts(document(found, "talk/TALK01")) == ["Кто замечает первым?", "Коротко.", "Подробно."]
    assert found.notes == ["talks whose links or files were left out: 1"]


def test_the_api_and_the_public_schedule_name_one_speaker(reading: Read) -> None:
    of_api = cells(reading(page(TALK)), Kind.EXPERTS)["identifiers"]

    of_schedule = cells(reading(schedule(PUBLIC_TALK)), Kind.EXPERTS)["identifiers"]

    assert of_api == of_schedule


def test_a_schedule_of_frab_knows_its_people_by_number(reading: Read) -> None:
    talk = {
        **PUBLIC_TALK,
        "code": None,
        "persons": [
            {"id": 42, "public_name": "ama"},
            {"id": 43, "public_name": "salma", "role": "moderator"},
            {"id": 44, "public_name": "x", "role": "coordinator"},
        ],
    }
    given = schedule(talk)
    del given["generator"]

    found = reading(given)

    assert [row.cells["identifiers"] for row in rows(found, Kind.EXPERTS)] == [[f"frab:{HOST}/42"], [f"frab:{HOST}/43"]]
    assert [row.cells["role"] for row in rows(found, Kind.SPEAKERS)] == ["speaker", "moderator"]
    assert cells(found, Kind.EVENTS)["identifiers"] == [f"frab:{HOST}/design-2022"]


def test_a_number_without_a_host_is_no_identifier(reading: Read) -> None:
    given = schedule({**PUBLIC_TALK, "persons": [{"id": 42, "public_name": "ama"}]})
    del given["schedule"]["base_url"], given["schedule"]["url"]

    found = reading(given)

    assert cells(found, Kind.EXPERTS) == {"name": "ama"}


def test_pictures_tell_the_host_if_it_keeps_them_itself(reading: Read) -> None:
    elsewhere = {**SPEAKER, "avatar": "https://pictures.example.org/avatar/0a"}
    own = {**SPEAKER, "code": "SALMA1", "avatar_url": f"https://{HOST}/media/avatars/0a.webp"}

    found = reading([elsewhere, own])

    assert [row.cells["identifiers"] for row in rows(found, Kind.EXPERTS)] == [
        [f"pretalx:{HOST}/AMA123"],
        [f"pretalx:{HOST}/SALMA1"],
    ]


@pytest.mark.parametrize(
    "mapping, reason, remedy",
    [
        ({"hosts": "x"}, "its mapping file says 'hosts', which is not one of host, event, title", "did you mean host?"),
        ({"host": ["x"]}, "its mapping file says nothing that is a text under 'host'", "write it such as host: TEXT"),
    ],
)
def test_a_mapping_file_says_nothing_else(reading: Read, mapping: dict[str, object], reason: str, remedy: str) -> None:
    with pytest.raises(FileRefused) as refused:
        reading([TALK], mapping=mapping)

    assert (refused.value.reason, refused.value.remedy) == (reason, remedy)


def test_a_tracks_label_is_in_the_language_of_all_talks(reading: Read) -> None:
    alone = reading(schedule(PUBLIC_TALK))
    mixed = reading(schedule(PUBLIC_TALK, {**PUBLIC_TALK, "code": "T2", "language": "fr"}))

    assert cells(alone, Kind.TOPICS) == {"label_ru": "Design"}
    assert cells(mixed, Kind.TOPICS) == {"label_en": "Design"}
    assert "it does not say the language of its tracks: they were taken as topics with English labels" in mixed.notes


def test_a_track_whose_language_no_topic_has_is_left_out_and_counted(reading: Read) -> None:
    found = reading(schedule({**PUBLIC_TALK, "language": "de"}))

    assert Kind.TOPICS not in {row.kind for row in found.rows}
    assert "tracks left out, because they are named in none of en, fr, es, ar, ru, zh; give them such a name: 1" in (
        found.notes
    )


@pytest.mark.parametrize(
    "changes, starts_at, ends_at",
    [
        (
            {"date": "2022-10-30T02:30:00+02:00", "duration": "01:00"},
            "2022-10-30T02:30:00+02:00",
            "2022-10-30T03:30:00+02:00",
        ),
        ({"date": None}, "2022-06-01T10:00:00+02:00", "2022-06-01T10:45:00+02:00"),
        ({"duration": "1:02:00"}, "2022-06-01T10:00:00+02:00", "2022-06-02T12:00:00+02:00"),
        ({"duration": 45}, "2022-06-01T10:00:00+02:00", "2022-06-01T10:45:00+02:00"),
        ({"end": "2022-06-01T11:00:00+02:00"}, "2022-06-01T10:00:00+02:00", "2022-06-01T11:00:00+02:00"),
    ],
)
def test_a_talk_starts_and_ends_as_its_schedule_says(
    reading: Read, changes: dict[str, Any], starts_at: str, ends_at: str
) -> None:
    found = cells(reading(schedule({**PUBLIC_TALK, **changes})), Kind.SPEAKERS)

    assert (found["starts_at"], found["ends_at"]) == (starts_at, ends_at)


@pytest.mark.parametrize(
    "changes, reason",
    [
        ({"title": ["x"]}, "its title is a list, not a text"),
        ({"title": ""}, "the talk has no title"),
        ({"code": None}, "the talk has no code"),
        ({"content_locale": "klingonish"}, "its content_locale is 'klingonish', not a language"),
        ({"slot": {"start": "tomorrow"}}, "its start is 'tomorrow', not a date with a time"),
        ({"slot": {"start": "2022-06-02T10:00:00"}}, "its start, 2022-06-02T10:00:00, belongs to no time zone"),
        ({"speakers": [{**SPEAKER, "email": "ama"}]}, "'ama' is not an e-mail address"),
        ({"speakers": [{"name": "ama"}]}, "a speaker has no code"),
        ({"url": "javascript:alert(1)"}, "'javascript:alert(1)' is not a web address"),
    ],
)
def test_what_is_missing_or_of_another_sort_is_said(reading: Read, changes: dict[str, Any], reason: str) -> None:
    found = reading(page({**TALK, **changes}))

    assert reason in [one.reason for one in found.refused]


@pytest.mark.parametrize(
    "content, reason",
    [
        ('{"results": [', "it is not JSON, or only the first part of it (line 1, column 14)"),
        ("[" * 100_000, "its lists are nested too deeply"),
        ('{"a": 1}', "it is neither pretalx's nor a schedule of the c3voc's form"),
        ("[" + "9" * 5000 + "]", "it holds a number of thousands of digits"),
    ],
)
def test_what_is_no_conference_is_refused(tmp_path: Path, content: str, reason: str) -> None:
    path = tmp_path / "file.json"
    path.write_text(content)

    with pytest.raises(FileRefused) as refused:
        read(path, options=Options(file="file.json"))

    assert refused.value.reason == reason


LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.sampled_from(["confirmed", "AMA123", "2022-06-01", "fr"])
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=4) | st.sampled_from(["name", "code", "en", "title"]), inner, max_size=3)
    ),
    max_leaves=6,
)


def damaged(whole: Any) -> st.SearchStrategy[Any]:
    """The same with some parts missing, or anything in their place."""
    if isinstance(whole, dict):
        parts = st.fixed_dictionaries({}, optional={key: damaged(value) for key, value in whole.items()})
        return st.one_of(parts, parts, parts, VALUES)
    if isinstance(whole, list):
        return st.one_of(st.tuples(*map(damaged, whole)).map(list), VALUES)
    return st.one_of(st.just(whole), VALUES)


SHAPES = {
    "talks": page(TALK, {**SPEAKER, "submissions": ["TALK01"]}, EVENT),
    "several": {
        "event": EVENT,
        "talks": page(TALK),
        "slots": [{"submission": "TALK01", "room": 5, "start": "x"}],
        "rooms": [{"id": 5, "name": "B"}],
    },
    "export": SESSIONS,
    "schedule": schedule(PUBLIC_TALK),
}


@pytest.mark.parametrize("shape", SHAPES)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
def test_whatever_is_in_a_file_it_is_read_or_refused_with_a_sentence(
    reading: Read, shape: str, data: st.DataObject
) -> None:
    payload = data.draw(damaged(SHAPES[shape]))

    try:
        found = reading(payload)
    except FileRefused as refused:
        assert refused.reason  # noqa: PT017 -- either is right
    else:
        assert all(row.cells for row in found.rows)
        assert all(paragraph.text for one in found.documents for paragraph in one.paragraphs)
