"""Which system a JSON file is from, told by what is in it, because their files are all called something.json."""

import codecs
import json
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from pydantic_core import from_json

from ingest.files import FileRefused, ensure_plain

__all__ = ["JsonKind", "NotTold", "kind_of_json", "kind_of_payload", "payload_of"]

LARGEST_FILE = 32_000_000
START_BYTES = 256_000
"""How much of a file is looked at to tell what it is, outside the process that reads it."""
PAGE = {"count", "next", "previous", "results"}
# The keys that pretalx's REST API gives an object of each sort, as far as they tell it from another system's.
PRETALX_OBJECTS = (
    {"code", "title"},
    {"code", "name"},
    {"slug", "date_from"},
    {"submission", "start"},
    {"id", "name", "color"},
    {"id", "name", "capacity"},
    {"id", "name", "default_duration"},
    {"id", "tag"},
    {"version", "slots"},
)
PRETALX_LISTS = ("events", "event", "talks", "submissions", "speakers", "rooms", "tracks", "tags", "slots", "schedules")
# pretalx names talks and speakers by capital letters and digits, so that another system's numbered list is not taken.
CODE = re.compile(r"(?=.*[A-Z])[A-Z0-9]{5,16}")


class JsonKind(StrEnum):
    """A system whose JSON has a reader."""

    PRETALX = "pretalx"
    FRAB = "frab"
    ORCID = "orcid"
    OPENALEX = "openalex"
    JSONLD = "jsonld"


class NotTold(Exception):
    """What the start of a file holds does not tell what it is: its reader finds out."""


def kind_of_json(path: Path, *, folder: Path) -> JsonKind | None:
    """Which system's JSON a file of a network's folder holds, as its start tells; None if it is none that is known.

    Raises:
        NotTold: it is no plain file of the folder, no JSON, only a part of it, or longer than what was looked at.
    """
    try:
        ensure_plain(path, folder=folder)
        with path.open("rb") as file:
            start = file.read(START_BYTES + 1)
        is_whole = len(start) <= START_BYTES
        kind = kind_of_payload(from_json(start[:START_BYTES].removeprefix(codecs.BOM_UTF8), allow_partial=not is_whole))
    except (FileRefused, OSError, ValueError) as problem:
        raise NotTold from problem
    if kind is None and not is_whole:
        raise NotTold
    return kind


def payload_of(path: Path) -> object:
    """What a JSON file holds (RFC 8259).

    Raises:
        FileRefused: it is too large, not UTF-8, not JSON, cut off, or nested deeper than any export.
    """
    try:
        return json.loads(_text_of(path))
    except RecursionError:
        raise FileRefused("its lists are nested too deeply", remedy="check that it is the right file") from None
    except json.JSONDecodeError as problem:
        raise FileRefused(
            f"it is not JSON, or only the first part of it (line {problem.lineno}, column {problem.colno})",
            remedy="export or download it again",
        ) from None
    except ValueError:
        # Python refuses to read numbers of more than 4,300 digits.
        raise FileRefused(
            "it holds a number of thousands of digits", remedy="check that it is the right file"
        ) from None


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise FileRefused(
                f"it is larger than {LARGEST_FILE // 1_000_000:,} MB", remedy="check that it is the right file"
            )
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused("it is not UTF-8 text, as JSON must be", remedy="export or download it again") from None
    except OSError as problem:
        raise FileRefused(
            f"it cannot be read ({problem.strerror})", remedy="check the file and its permissions"
        ) from None


def kind_of_payload(payload: object) -> JsonKind | None:
    """Which system made what a JSON file holds; None if none that is known."""
    if isinstance(payload, Mapping):
        return _kind_of_object(payload)
    if isinstance(payload, Sequence) and not isinstance(payload, str):
        return _kind_of_list(payload)
    return None


def _kind_of_object(given: Mapping[str, object]) -> JsonKind | None:
    schedule = given.get("schedule", given)
    tests = {
        JsonKind.FRAB: isinstance(schedule, Mapping) and isinstance(schedule.get("conference"), Mapping),
        JsonKind.ORCID: "orcid-identifier" in given and bool(given.keys() & {"activities-summary", "person"}),
        JsonKind.OPENALEX: _is_of_openalex(given) or _is_answer_of_openalex(given),
        JsonKind.JSONLD: bool(given.keys() & {"@context", "@graph"}),
        JsonKind.PRETALX: _is_part_of_pretalx(given)
        or any(_is_part_of_pretalx(given[name]) for name in PRETALX_LISTS if name in given),
    }
    return next((kind for kind, is_so in tests.items() if is_so), None)


def _is_part_of_pretalx(given: object) -> bool:
    """Whether it is a page or a list of pretalx's, or one object, as in a file that holds several of its answers."""
    if isinstance(given, Mapping):
        return given.keys() >= PAGE or _is_of_pretalx(given)
    return isinstance(given, list) and any(isinstance(one, Mapping) and _is_of_pretalx(one) for one in given)


def _kind_of_list(given: Sequence[object]) -> JsonKind | None:
    objects = [one for one in given if isinstance(one, Mapping)]
    if not objects:
        return None
    if any(map(_is_of_openalex, objects)):
        return JsonKind.OPENALEX
    if any("@id" in one or "@context" in one for one in objects):
        return JsonKind.JSONLD
    if any(_is_of_pretalx(one) or _is_of_the_organisers_export(one) for one in objects):
        return JsonKind.PRETALX
    return None


def _is_of_openalex(given: Mapping[str, object]) -> bool:
    return str(given.get("id", "")).startswith("https://openalex.org/")


def _is_answer_of_openalex(given: Mapping[str, object]) -> bool:
    results = given.get("results")
    return isinstance(results, list) and (
        "meta" in given or any(isinstance(one, Mapping) and _is_of_openalex(one) for one in results)
    )


def _is_of_pretalx(given: Mapping[str, object]) -> bool:
    return any(given.keys() >= keys for keys in PRETALX_OBJECTS)


def _is_of_the_organisers_export(given: Mapping[str, object]) -> bool:
    """Whether it is a line of pretalx's own exporter, which calls the code "ID" whatever language the rest is in."""
    return len(given) > 1 and CODE.fullmatch(str(given.get("ID", ""))) is not None
