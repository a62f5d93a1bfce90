"""What a list can tell: for each kind its fields, the form of each, and the words by which headers name them.

A field is mostly a column of the kind's own file. A few are more: parts of a name, an organisation named beside a
person, a biography. The words stand in fields.yaml beside this module.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

import yaml

from graph.intake import Kind
from ingest.recognise import plain

__all__ = [
    "FIELDS",
    "MEANINGS",
    "NOT_KEPT",
    "REQUIRED",
    "Form",
    "Meaning",
    "choices_of",
    "headers_known",
    "kinds_named",
    "required_text",
]

Meaning = str
"""What a header says whatever the sheet is about, a key of ``headers`` in fields.yaml."""

NOT_KEPT: Meaning = "not_kept"


class Form(StrEnum):
    """What a field's cell holds."""

    ID = "an id"
    LINE = "text"
    PROSE = "text"
    NAMES = "names"
    EMAIL = "an e-mail address"
    PHONE = "a telephone number"
    URL = "a web address"
    ORCID = "an ORCID iD"
    COUNTRY = "a country"
    COUNTRIES = "countries"
    LANGUAGE = "a language"
    LANGUAGES = "languages"
    SPOKEN = "languages with levels"
    EXPERTISE = "topics with levels"
    TOPIC = "a topic"
    TOPICS = "topics"
    DAY = "a date"
    PARTIAL_DATE = "a year, month or date"
    MOMENT = "a date and time"
    CHOICE = "one of a few words"
    ZONE = "a time zone"
    GENDER = "a gender"
    CAPACITY = "a number of people"
    PERIODS = "periods of days"
    PERSON = "a person"
    PEOPLE = "people"
    ORGANISATION = "an organisation"
    ORGANISATIONS = "organisations"
    EVENT = "an event"
    SERIES = "a series"
    PROJECT = "a project"


_LABELS = {f"label_{language}": Form.LINE for language in ("en", "fr", "es", "ar", "ru", "zh")}

FIELDS: Mapping[Kind, Mapping[str, Form]] = {
    Kind.EXPERTS: {
        "id": Form.ID,
        "name": Form.LINE,
        "first_name": Form.LINE,
        "last_name": Form.LINE,
        "last_first_name": Form.LINE,
        "other_names": Form.NAMES,
        "headline": Form.LINE,
        "email": Form.EMAIL,
        "phone": Form.PHONE,
        "website": Form.URL,
        "orcid": Form.ORCID,
        "country": Form.COUNTRY,
        "languages": Form.SPOKEN,
        "topics": Form.EXPERTISE,
        "worked_in": Form.COUNTRIES,
        "joined": Form.DAY,
        "gender": Form.GENDER,
        "away": Form.PERIODS,
        "organisation": Form.ORGANISATION,
        "role": Form.LINE,
        "biography": Form.PROSE,
        "documents": Form.NAMES,
    },
    Kind.ORGANISATIONS: {
        "id": Form.ID,
        "name": Form.LINE,
        "kind": Form.CHOICE,
        "country": Form.COUNTRY,
        "website": Form.URL,
    },
    Kind.TOPICS: {
        "id": Form.ID,
        **_LABELS,
        **{f"other_{name}s": Form.NAMES for name in _LABELS},
        "broader": Form.TOPIC,
        "definition": Form.PROSE,
    },
    Kind.SERIES: {"id": Form.ID, "name": Form.LINE, "description": Form.PROSE},
    Kind.PROJECTS: {
        "id": Form.ID,
        "title": Form.LINE,
        "starts_on": Form.DAY,
        "ends_on": Form.DAY,
        "countries": Form.COUNTRIES,
        "topics": Form.TOPICS,
        "partners": Form.ORGANISATIONS,
        "description": Form.PROSE,
    },
    Kind.EVENTS: {
        "id": Form.ID,
        "title": Form.LINE,
        "kind": Form.CHOICE,
        "format": Form.CHOICE,
        "status": Form.CHOICE,
        "series": Form.SERIES,
        "starts_at": Form.MOMENT,
        "ends_at": Form.MOMENT,
        "time_zone": Form.ZONE,
        "place": Form.LINE,
        "capacity": Form.CAPACITY,
        "country": Form.COUNTRY,
        "topics": Form.TOPICS,
        "languages": Form.LANGUAGES,
        "partners": Form.ORGANISATIONS,
        "url": Form.URL,
        "description": Form.PROSE,
    },
    Kind.RESOURCES: {
        "id": Form.ID,
        "title": Form.LINE,
        "kind": Form.CHOICE,
        "languages": Form.LANGUAGES,
        "country": Form.COUNTRY,
        "topics": Form.TOPICS,
        "authors": Form.PEOPLE,
        "partners": Form.ORGANISATIONS,
        "published_on": Form.DAY,
        "url": Form.URL,
        "description": Form.PROSE,
    },
    Kind.ACTIVITIES: {
        "id": Form.ID,
        "title": Form.LINE,
        "kind": Form.CHOICE,
        "status": Form.CHOICE,
        "starts_on": Form.DAY,
        "ends_on": Form.DAY,
        "countries": Form.COUNTRIES,
        "topics": Form.TOPICS,
        "partners": Form.ORGANISATIONS,
        "project": Form.PROJECT,
        "description": Form.PROSE,
    },
    Kind.AFFILIATIONS: {
        "expert": Form.PERSON,
        "email": Form.EMAIL,
        "organisation": Form.ORGANISATION,
        "role": Form.LINE,
        "from": Form.PARTIAL_DATE,
        "to": Form.PARTIAL_DATE,
    },
    Kind.SPEAKERS: {
        "event": Form.EVENT,
        "expert": Form.PERSON,
        "email": Form.EMAIL,
        "role": Form.LINE,
        "talk": Form.LINE,
        "starts_at": Form.MOMENT,
        "ends_at": Form.MOMENT,
        "room": Form.LINE,
        "language": Form.LANGUAGE,
        "url": Form.URL,
    },
    Kind.ATTENDANCE: {"event": Form.EVENT, "expert": Form.PERSON, "email": Form.EMAIL},
}
"""The fields that a column may be read as, by the kind of the sheet's rows."""

# Where a header's meaning and the field have different names.
_OTHERWISE: Mapping[Kind, Mapping[Meaning, str]] = {
    Kind.EXPERTS: {"person": "name", "speaker": "name"},
    Kind.ORGANISATIONS: {"organisation": "name"},
    Kind.SERIES: {"series": "name", "title": "name"},
    Kind.PROJECTS: {
        "name": "title",
        "project": "title",
        "start": "starts_on",
        "end": "ends_on",
        "country": "countries",
        "worked_in": "countries",
    },
    Kind.EVENTS: {"event": "title", "name": "title", "start": "starts_at", "date": "starts_at", "end": "ends_at"}
    | {"website": "url", "organisation": "partners"},
    Kind.RESOURCES: {"name": "title", "date": "published_on", "website": "url"},
    Kind.ACTIVITIES: {"name": "title", "start": "starts_on", "date": "starts_on", "end": "ends_on"}
    | {"country": "countries", "worked_in": "countries"},
    Kind.AFFILIATIONS: {"person": "expert", "name": "expert", "start": "from", "end": "to"},
    Kind.SPEAKERS: {"person": "expert", "speaker": "expert", "name": "expert", "start": "starts_at", "end": "ends_at"}
    | {"languages": "language", "website": "url", "title": "talk"},
    Kind.ATTENDANCE: {"person": "expert", "name": "expert"},
    Kind.TOPICS: {},
}

# Every row needs one of the fields of each part.
REQUIRED: Mapping[Kind, Sequence[frozenset[str]]] = {
    Kind.EXPERTS: [frozenset({"name", "first_name", "last_name", "last_first_name"})],
    Kind.ORGANISATIONS: [frozenset({"name"})],
    Kind.TOPICS: [frozenset(_LABELS)],
    Kind.SERIES: [frozenset({"name"})],
    Kind.PROJECTS: [frozenset({"title"})],
    Kind.EVENTS: [frozenset({"title"})],
    Kind.RESOURCES: [frozenset({"title"})],
    Kind.ACTIVITIES: [frozenset({"title"})],
    Kind.AFFILIATIONS: [frozenset({"expert", "email"}), frozenset({"organisation"})],
    Kind.SPEAKERS: [frozenset({"event"}), frozenset({"expert", "email"})],
    Kind.ATTENDANCE: [frozenset({"event"}), frozenset({"expert", "email"})],
}


@dataclass(frozen=True, slots=True)
class _Words:
    headers: Mapping[str, Meaning]
    sheets: Mapping[str, Sequence[Kind]]
    choices: Mapping[str, Mapping[str, str]]


@cache
def _words() -> _Words:
    told = yaml.safe_load(files("ingest").joinpath("fields.yaml").read_text(encoding="utf-8"))
    sheets: dict[str, list[Kind]] = {}
    for kind, words in told["sheets"].items():
        for word in (kind, *words):
            named = sheets.setdefault(plain(word), [])
            if Kind(kind) not in named:
                named.append(Kind(kind))
    return _Words(
        headers={plain(word): meaning for meaning, words in told["headers"].items() for word in (meaning, *words)},
        sheets=sheets,
        choices={
            field: {plain(word): choice for choice, words in choices.items() for word in (choice, *words)}
            for field, choices in told["choices"].items()
        },
    )


def headers_known() -> Mapping[str, Meaning]:
    """All plain words of headers with what they mean."""
    return _words().headers


def kinds_named(text: str) -> Sequence[Kind]:
    """The kinds that a sheet's name says its rows are of."""
    return _words().sheets.get(plain(text), ())


def choices_of(kind: Kind, field: str) -> Mapping[str, str]:
    """The plain words of a closed set, with the word that the network's own files have for each."""
    return _words().choices.get(f"{kind}.{field}", {})


@cache
def _meanings(kind: Kind) -> Mapping[Meaning, str]:
    return {name: name for name in FIELDS[kind]} | dict(_OTHERWISE[kind])


MEANINGS: Mapping[Kind, Mapping[Meaning, str]] = {kind: _meanings(kind) for kind in FIELDS}
"""What a header's meaning is the field of, by kind."""


def required_text(kind: Kind) -> str:
    """The fields that rows of a kind need, to say in a sentence."""
    return " and ".join(" or ".join(name for name in FIELDS[kind] if name in part) for part in REQUIRED[kind])
