"""A mapping file: how a list that somebody else keeps becomes rows of the network's own kinds.

It stands beside the list, ``roster.xlsx.mapping.yaml`` for ``roster.xlsx``, and is binding: what it does not name is
left out. ``knowwho ingest --propose-mapping`` writes one for a person to correct.
"""

import math
import os
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import available_timezones

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from graph.intake import Kind
from graph.values import ExpertiseLevel, LanguageLevel
from ingest.cells import Unfit, closest, visible
from ingest.fields import FIELDS, REQUIRED, required_text
from ingest.files import FileRefused, ensure_plain
from ingest.readers import Options
from ingest.recognise import DateOrder, default_country
from ingest.rows import MODELS
from ingest.tables import required_choices

__all__ = [
    "LEAVE_OUT",
    "SUFFIX",
    "Column",
    "Mapping",
    "Proposal",
    "Reason",
    "Sheet",
    "load_mapping",
    "mapping_file_of",
    "mapping_of",
    "mapping_yaml",
    "options_for",
]

SUFFIX = ".mapping.yaml"
ROSTERS = frozenset({".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv"})
"""Lists of people and things; readers of other files check for themselves what a mapping says to them."""
LEAVE_OUT: Literal["leave-out"] = "leave-out"
LARGEST = 1_000_000
LONGEST_COMMENT = 500


def _zone(text: object) -> object:
    if isinstance(text, str) and text not in available_timezones():
        meant = closest(text, available_timezones())
        raise Unfit(
            f"'{visible(text)}' is not a time zone",
            remedy=f"did you mean {meant}?" if meant else "write one such as Africa/Tunis",
        )
    return text


def _country(text: object) -> object:
    # YAML 1.1 reads the code of Norway as "no".
    if text is False:
        return "NO"
    return default_country(text) if isinstance(text, str) else text


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(_Strict):
    """What a column is read as: a field of the sheet's kind, or nothing."""

    field: str = LEAVE_OUT
    separators: tuple[Annotated[str, Field(min_length=1, max_length=5)], ...] | None = None
    """What stands between several values of one cell; semicolons, line breaks and, in lists, commas and slashes."""
    date_order: DateOrder | None = None
    level: str | None = None
    """How well the languages, or how deeply the topics, are known where a cell does not say."""


def _column(given: object) -> object:
    """A column written in short, by its field alone."""
    if given is None:
        return {"field": LEAVE_OUT}
    return {"field": given} if isinstance(given, str) else given


class Sheet(_Strict):
    """What the rows of a sheet are, and what its columns say of them."""

    kind: Kind | Literal["leave-out"]
    header_row: int | None = Field(None, ge=1, le=1000)
    columns: dict[str, Annotated[Column, BeforeValidator(_column)]] = Field(default_factory=dict)
    defaults: dict[str, str] = Field(default_factory=dict)
    """What a field is where the sheet has no column for it, or an empty cell."""

    @model_validator(mode="after")
    def fields_are_of_the_kind(self) -> Self:
        """Every field is one of the kind's, and what each row needs is there."""
        if self.kind == LEAVE_OUT:
            return self
        if self.kind not in FIELDS:
            raise Unfit(f"a sheet cannot hold {self.kind}", remedy=f"write one of {', '.join(FIELDS)}, or leave-out")
        known = FIELDS[self.kind]
        for place, name in [
            *((f"columns.{header}", column.field) for header, column in self.columns.items()),
            *((f"defaults.{name}", name) for name in self.defaults),
        ]:
            if name not in known and name != LEAVE_OUT:
                meant = closest(name, known)
                raise Unfit(
                    f"'{visible(name)}' is not a field of {self.kind}",
                    remedy=f"did you mean {meant}?" if meant else f"write one of {', '.join(known)}, or leave-out",
                    column=place,
                )
        for header, column in self.columns.items():
            if column.level is not None and column.level not in _levels(self.kind, column.field):
                levels = _levels(self.kind, column.field)
                raise Unfit(
                    f"'{visible(column.level)}' is no level of {column.field}",
                    remedy=f"write one of {', '.join(levels)}" if levels else "leave the level out",
                    column=f"columns.{header}.level",
                )
        named = {column.field for column in self.columns.values()} | set(self.defaults)
        if not all(named & part for part in REQUIRED[self.kind]):
            raise Unfit(
                f"rows of {self.kind} need {required_text(self.kind)}", remedy="say which column is that, or leave-out"
            )
        return self


def _levels(kind: Kind | str, name: str) -> Sequence[str]:
    if kind != Kind.EXPERTS:
        return ()
    return {"languages": [*LanguageLevel], "topics": [*ExpertiseLevel]}.get(name, ())


class Mapping(_Strict):
    """How all sheets of a file are read. A sheet that is not named is left out."""

    sheets: dict[str, Sheet] = Field(min_length=1)
    date_order: DateOrder | None = None
    default_country: Annotated[str, BeforeValidator(_country)] | None = None
    default_language_level: LanguageLevel = LanguageLevel.WORKING
    default_topic_level: ExpertiseLevel = ExpertiseLevel.PRACTITIONER
    time_zone: Annotated[str, BeforeValidator(_zone)] | None = None
    """Where times without an offset are from (IANA)."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a sheet or a column was proposed to be read so, and whether that is certain enough to be done unasked."""

    why: str
    is_certain: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mapping that was made from a file, with the reason for each sheet and each (sheet, column)."""

    file: str
    mapping: Mapping
    sheets: Map[str, Reason]
    columns: Map[tuple[str, str], Reason] = field(default_factory=dict)
    notes: Sequence[str] = ()


def mapping_file_of(path: Path) -> Path:
    """Where the mapping file of a list stands."""
    return path.with_name(path.name + SUFFIX)


def load_mapping(path: Path) -> dict[str, object]:
    """What a mapping file says, as plain values; it is checked by :func:`mapping_of`.

    Raises:
        FileRefused: it cannot be read, or is no YAML with names and values.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as problem:
        raise FileRefused(
            f"it cannot be read ({problem.strerror})", remedy="check the file and its permissions"
        ) from None
    if len(raw) > LARGEST:
        raise FileRefused(f"it has more than {LARGEST:,} bytes", remedy="check that it is a mapping file")
    try:
        text = raw.decode("utf-8-sig")
        # An alias can stand for a thing that holds a thousand aliases.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader)):
            raise FileRefused("it repeats parts by YAML's * marks", remedy="write those parts out")
        found = yaml.safe_load(text)
    except UnicodeDecodeError:
        raise FileRefused("it is not UTF-8 text", remedy="save the file in UTF-8") from None
    except (yaml.YAMLError, RecursionError, ValueError) as problem:
        mark = getattr(problem, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark is not None else ""
        raise FileRefused(f"it is not YAML{where}", remedy="check the indents, colons and quotes there") from None
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found):
        raise FileRefused("it holds no names with values", remedy="start it with 'sheets:'")
    return found


def options_for(path: Path, *, name: str, mapping: Path, folder: Path) -> Options:
    """What the reader of a file is told: ``name``, its path in the folder, and what its mapping file says, if any.

    Raises:
        FileRefused: there is a mapping file, and it does not hold what it should.
    """
    if not os.path.lexists(mapping):  # which, unlike Path.exists, knows that no file has a name that is too long
        return Options(file=name)
    try:
        ensure_plain(mapping, folder=folder)
        told = load_mapping(mapping)
    except FileRefused as problem:
        raise FileRefused(f"its mapping {visible(mapping.name)}: {problem.reason}", remedy=problem.remedy) from None
    if path.suffix.lower() in ROSTERS:
        mapping_of(told)
    return Options(file=name, mapping=told)


def mapping_of(given: Map[str, object]) -> Mapping:
    """The mapping that a mapping file's values say.

    Raises:
        FileRefused: something in it is not what a mapping holds; the sentence names the place.
    """
    try:
        return Mapping.model_validate(given)
    except ValidationError as problem:
        raise _refused(problem.errors(include_url=False)[0]) from None
    except RecursionError:
        raise FileRefused(
            "the mapping is nested too deeply", remedy="write it as docs/ingest/rosters.md shows"
        ) from None


def _refused(error: ErrorDetails) -> FileRefused:
    # What follows a kind in the path is which of its types was tried, which is no place in the file.
    is_kind = error["loc"][:1] == ("sheets",) and error["loc"][2:3] == ("kind",)
    place = ".".join(str(part) for part in (error["loc"][:3] if is_kind else error["loc"]))
    unfit = error.get("ctx", {}).get("error")
    if isinstance(unfit, Unfit):
        where = ".".join(part for part in (place, unfit.column) if part)
        return FileRefused(f"its mapping, at {visible(where)}: {unfit.reason}", remedy=unfit.remedy)
    where = visible(place or "its top")
    if error["type"] == "extra_forbidden":
        name = str(error["loc"][-1])
        known = {1: Mapping.model_fields, 3: Sheet.model_fields}.get(len(error["loc"]), Column.model_fields)
        meant = closest(name, known)
        return FileRefused(
            f"its mapping, at {where}: '{visible(name)}' is not known there",
            remedy=f"did you mean {meant}?" if meant else f"write one of {', '.join(known)}",
        )
    if error["type"] == "missing":
        return FileRefused(f"its mapping, at {where}: it is missing", remedy="add it")
    if is_kind and error["type"] in ("enum", "literal_error"):
        shown = visible(str(error["input"]))
        meant = closest(str(error["input"]), [*FIELDS, LEAVE_OUT])
        return FileRefused(
            f"its mapping, at {where}: '{shown}' is no kind",
            remedy=f"did you mean {meant}?" if meant else f"write one of {', '.join(FIELDS)}, or leave-out",
        )
    message = error["msg"]
    return FileRefused(
        f"its mapping, at {where}: {message[0].lower()}{message[1:]}", remedy="write it as docs/ingest/rosters.md shows"
    )


def mapping_yaml(proposal: Proposal) -> str:
    """A proposed mapping as a file for a person to correct, each line with its reason."""
    mapping = proposal.mapping
    lines = [
        f"# How {_comment(proposal.file)} is read. Correct what is wrong, then leave this file beside it as",
        f"# {_comment(proposal.file)}{SUFFIX}. From then on it alone decides: what it does not name is left out.",
        *(f"# {_comment(note)}" for note in proposal.notes),
        "",
        *_setting("date_order", mapping.date_order, "day-month-year or month-day-year, of dates such as 10.02.2022"),
        *_setting("default_country", mapping.default_country, "of telephone numbers without a country's code: TN"),
        *_setting("time_zone", mapping.time_zone, "of times without an offset from UTC: Africa/Tunis"),
        f"default_language_level: {mapping.default_language_level}  # where a cell does not say it",
        f"default_topic_level: {mapping.default_topic_level}  # where a cell does not say it",
        "sheets:",
    ]
    for name, sheet in mapping.sheets.items():
        reason = proposal.sheets[name]
        lines += [f"  {_quoted(name)}:", f"    kind: {sheet.kind}  # {_doubt(reason)}"]
        if sheet.header_row is not None:
            lines.append(f"    header_row: {sheet.header_row}")
        if sheet.kind != LEAVE_OUT:
            lines.append(f"    # fields: {', '.join(FIELDS[sheet.kind])}")
        if sheet.columns:
            lines.append("    columns:")
        for header, column in sheet.columns.items():
            lines.append(f"      {_quoted(header)}: {_written(column)}  # {_doubt(proposal.columns[name, header])}")
        lines += _defaults(sheet)
    return "\n".join(lines) + "\n"


def _defaults(sheet: Sheet) -> list[str]:
    """The line for what every row needs and no column says: proposed, or for a person to take the mark away."""
    if sheet.kind == LEAVE_OUT:
        return []
    named = {column.field for column in sheet.columns.values()}
    needed = {name: words for name, words in required_choices(MODELS[sheet.kind]).items() if name not in named}
    if not needed:
        return []
    mark = "" if needed.keys() <= sheet.defaults.keys() else "# "
    said = ", ".join(f"{name}: {sheet.defaults.get(name, words[0])}" for name, words in needed.items())
    choices = "; ".join(f"{name} is one of {', '.join(words)}" for name, words in needed.items())
    why = f"no column says {' and '.join(needed)}, which every row needs; {choices}"
    return [f"    {mark}defaults: {{{said}}}  # {_comment(f'CHECK: {why}')}"]


def _setting(name: str, value: str | None, comment: str) -> list[str]:
    return [f"{name}: {_quoted(value)}" if value is not None else f"# {name}:  # {comment}"]


def _written(column: Column) -> str:
    more = column.model_dump(mode="json", exclude_none=True)
    if set(more) == {"field"}:
        return column.field
    return yaml.safe_dump(more, default_flow_style=True, allow_unicode=True, width=math.inf).rstrip("\n")


def _doubt(reason: Reason) -> str:
    return _comment(reason.why if reason.is_certain else f"CHECK: {reason.why}")


def _comment(text: str) -> str:
    return visible(text, limit=LONGEST_COMMENT)


def _quoted(text: str) -> str:
    """A text as YAML has it between double quotes."""
    return yaml.safe_dump(text, default_style='"', allow_unicode=True, width=math.inf).rstrip("\n")
