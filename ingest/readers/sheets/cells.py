"""The cells of a list, each recognised, doubted or refused for itself.

A person with a telephone number that is none still comes in, without it. What is refused or doubted says where it
stands, in the words of the list.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from graph.intake import Kind
from graph.values import Gender
from ingest import recognise
from ingest.cells import Unfit, period, time_zone, visible
from ingest.fields import Form, choices_of
from ingest.found import CellValue, Doubted, NotTaken
from ingest.mapping import Column
from ingest.mapping import Mapping as FileMapping
from ingest.readers.plain import PlainText
from ingest.readers.sheets.parts import expertise, known_parts, parts
from ingest.readers.sheets.proposing import MANY
from ingest.recognise import DateOrder, Doubtful, language_level, near, plain
from ingest.rows import MODELS, cell_of

__all__ = ["Cell", "Recognising"]

KNOWN: Mapping[Form, Callable[[str], str]] = {
    Form.COUNTRIES: recognise.country,
    Form.LANGUAGES: lambda text: recognise.spoken(text)[0],
    Form.PERIODS: lambda text: str(period(recognise.text_line(text))),
}
BETWEEN_PERIODS = (";", "؛", "；", ",", "،", "、", "，", "|", "\n")
"""What stands between periods; a slash stands within them."""
UNSAID = "unsaid"
# In a Spanish column of H and M, M is a woman; in one of F and M, a man.
SPANISH_OR_PORTUGUESE = frozenset({"genero", "sexo"})
NAMED = frozenset({Form.TOPICS, Form.PEOPLE, Form.ORGANISATIONS})
"""Lists of what has rows of its own, which a cell names."""
LONGEST_LABEL = 120
LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is filled: its text, the header above it, how that column is read and where it stands."""

    text: str
    header: str
    column: Column
    form: Form
    kind: Kind
    place: str
    order: DateOrder | None = None


@dataclass(slots=True)
class Recognising:
    """What the cells of a file say, and everything that has to be said about them."""

    mapping: FileMapping
    default_country: str | None
    refused: list[NotTaken] = field(default_factory=list)
    doubts: list[Doubted] = field(default_factory=list)
    plain_text: PlainText = field(default_factory=PlainText)
    _without_level: dict[Form, int] = field(default_factory=dict)
    _first_taken: set[tuple[str, str]] = field(default_factory=set)

    def told(self, cells: Sequence[Cell]) -> dict[str, CellValue]:
        """What the cells of a row say, by field; its own country and time zone are read first."""
        told: dict[str, CellValue] = {}
        headers: dict[str, str] = {}
        for cell in sorted(cells, key=lambda cell: cell.form not in (Form.COUNTRY, Form.ZONE)):
            name = cell.column.field
            if name in told and cell.form not in MANY:
                self._first_taken.add((headers[name], cell.header))
                continue
            value = self._value(cell, told)
            if value:
                before = cast("list[str]", told.get(name, []))
                told[name] = [*before, *cast("list[str]", value)] if cell.form in MANY else value
                headers[name] = cell.header
        return {name: _all_different(value) if isinstance(value, list) else value for name, value in told.items()}

    def refuse(self, place: str, reason: str, remedy: str) -> None:
        """Keep that a whole row was not taken in."""
        self.refused.append(NotTaken(place=place, column=None, value="", reason=reason, remedy=remedy))

    def doubt(self, place: str, column: str | None, value: str, *, reason: str, remedy: str) -> None:
        """Keep that a value is not certain."""
        self.doubts.append(Doubted(place=place, column=column, value=visible(value), reason=reason, remedy=remedy))

    def said(self) -> Iterator[str]:
        """A sentence for each thing that was assumed or passed over, whatever how often."""
        languages, topics = self._without_level.get(Form.SPOKEN, 0), self._without_level.get(Form.EXPERTISE, 0)
        if languages:
            yield (
                f"how well {_counted(languages, 'language')} spoken is not said; "
                f"'{self.mapping.default_language_level}' was taken (default_language_level in a mapping)"
            )
        if topics:
            yield (
                f"how deeply {_counted(topics, 'topic')} known is not said; "
                f"'{self.mapping.default_topic_level}' was taken (default_topic_level in a mapping)"
            )
        for header, other in sorted(self._first_taken):
            yield f"where both '{header}' and '{other}' are filled, '{header}' was taken"
        yield from self.plain_text.notes()

    def _complain(self, cell: Cell, problem: Unfit) -> None:
        value = visible(problem.value or cell.text)
        sort = Doubted if isinstance(problem, Doubtful) else NotTaken
        said = sort(place=cell.place, column=cell.header, value=value, reason=problem.reason, remedy=problem.remedy)
        if isinstance(said, Doubted):
            self.doubts.append(said)
        else:
            self.refused.append(said)

    def _value(self, cell: Cell, told: Mapping[str, CellValue]) -> CellValue | None:
        """What a cell holds; None if it was refused or doubted."""
        try:
            if cell.form is Form.SPOKEN:
                return self._spoken(cell)
            if cell.form is Form.EXPERTISE:
                return self._expertise(cell)
            return self._each(cell) if cell.form in MANY else self._single(cell, told)
        except Unfit as problem:
            self._complain(cell, problem)
            return None

    def _single(self, cell: Cell, told: Mapping[str, CellValue]) -> str:
        if cell.form is Form.PHONE:
            country = told.get("country") or self.mapping.default_country or self.default_country
            return self._first(cell, lambda part: recognise.phone(part, country=cast("str | None", country)))
        if cell.form is Form.EMAIL:
            return self._first(cell, recognise.email)
        if cell.form is Form.MOMENT:
            zone = told.get("time_zone") or self.mapping.time_zone
            return recognise.moment(cell.text, order=cell.order, zone=cast("str | None", zone))
        return SINGLE.get(cell.form, _name)(cell)

    def _each(self, cell: Cell) -> list[str]:
        """The parts of a list; where one of them is not what the list holds, the others still go in."""
        recognised = KNOWN.get(cell.form)
        separators = cell.column.separators or (BETWEEN_PERIODS if cell.form is Form.PERIODS else None)
        values: list[str] = []
        for part in known_parts(cell.text, recognised, separators) if recognised else parts(cell.text, separators):
            try:
                values.append(recognised(part) if recognised else _named(cell, part))
            except Unfit as problem:
                self._complain(cell, problem)
        return values if cell.form not in NAMED else [f"~{value}" for value in values]

    def _first(self, cell: Cell, recognised: Callable[[str], str]) -> str:
        """The first value of a cell in which people write several where the network has one."""
        try:
            return recognised(cell.text)
        except Unfit:
            found = known_parts(cell.text, recognised, cell.column.separators)
            first = recognised(found[0] if len(found) > 1 else cell.text)
        for other in found[1:]:
            self.doubt(
                cell.place,
                cell.header,
                other,
                reason=f"'{visible(other)}' is one more than a network keeps; the first was taken",
                remedy="write the one to use first",
            )
        return first

    def _spoken(self, cell: Cell) -> list[list[str]]:
        """Languages with their levels; a level that stands alone belongs to the language before it."""
        found: list[list[str]] = []
        for part in known_parts(cell.text, recognise.spoken, cell.column.separators):
            level = language_level(part)
            try:
                if level is not None and found and len(found[-1]) == 1:
                    found[-1].append(level.value)
                    continue
                tag, level = recognise.spoken(part)
                found.append([tag, level.value] if level is not None else [tag])
            except Unfit as problem:
                self._complain(cell, problem)
        for one in found:
            if len(one) == 1:
                one.append(cell.column.level or self._assumed(cell.form, self.mapping.default_language_level))
        return found

    def _expertise(self, cell: Cell) -> list[list[str]]:
        found: list[list[str]] = []
        for part in parts(cell.text, cell.column.separators):
            try:
                label, level, since = expertise(part, choices_of(Kind.EXPERTS, "topics"))
                name = _named(cell, label)
            except Unfit as problem:
                self._complain(cell, problem)
                continue
            told = level or cell.column.level or self._assumed(cell.form, self.mapping.default_topic_level)
            found.append([f"~{name}", str(told), *([str(since)] if since is not None else [])])
        return found

    def _assumed(self, form: Form, level: str) -> str:
        self._without_level[form] = self._without_level.get(form, 0) + 1
        return str(level)


def _counted(number: int, noun: str) -> str:
    return f"one {noun} is" if number == 1 else f"{number:,} {noun}s are"


def _name(cell: Cell) -> str:
    return _named(cell, cell.text)


def _named(cell: Cell, text: str) -> str:
    """The name of something on one line.

    Raises:
        Unfit: it is longer than any name.
    """
    name = " ".join(text.split())
    longest = LONGEST_LABEL if cell.form in (Form.EXPERTISE, Form.TOPIC, Form.TOPICS) else LONGEST_TITLE
    if len(name) > longest:
        raise Unfit(
            f"it has {len(name)} characters, more than {longest}",
            remedy="shorten it, or say in a mapping what separates the values of this column",
            value=name,
        )
    return name


def _choice(cell: Cell) -> str:
    """The word of a closed set that a cell means, in any of the eight languages.

    Raises:
        Doubtful: it is nearly one.
        Unfit: it is none.
    """
    choices = cell_of(MODELS[cell.kind].model_fields[cell.column.field]).choices
    words = {**choices_of(cell.kind, cell.column.field), **{plain(choice): choice for choice in choices}}
    word = plain(cell.text)
    if word in words:
        return words[word]
    missed = near(word, words)
    if missed is not None:
        raise Doubtful(
            f"'{visible(cell.text)}' is nearly '{missed[0]}'",
            meant=missed[1],
            remedy=f"write {missed[1]} if you mean that",
            value=cell.text,
        )
    raise Unfit(
        f"'{visible(cell.text)}' is not one of {', '.join(choices)}", remedy="choose one of them", value=cell.text
    )


def _gender(cell: Cell) -> str:
    """What somebody says they are; empty where the cell says that they do not say.

    Raises:
        Doubtful: it is one letter that means the one in one list and the other in another.
        Unfit: it is no word for a gender.
    """
    words, word = choices_of(cell.kind, cell.column.field), plain(cell.text)
    if word == "m" and plain(cell.header) in SPANISH_OR_PORTUGUESE:
        raise Doubtful(
            f"'{visible(cell.text)}' under '{visible(cell.header)}' may be mujer or masculino",
            meant=Gender.MAN,
            remedy="write the whole word",
            value=cell.text,
        )
    if word and word not in words:
        raise Unfit(
            f"'{visible(cell.text)}' is no gender that the network has",
            remedy=f"write {', '.join(Gender)}, in any of its languages, or nothing",
            value=cell.text,
        )
    found = words.get(word, UNSAID)
    return "" if found == UNSAID else found


def _all_different(values: Sequence[str] | Sequence[list[str]]) -> list[str] | list[list[str]]:
    """The same without what comes twice: the same language or topic again, whatever its level."""
    found: dict[str, str | list[str]] = {}
    for value in values:
        found.setdefault(plain(value[0]) if isinstance(value, list) else plain(value), value)
    return cast("list[str] | list[list[str]]", list(found.values()))


# What the forms hold that need neither the rest of the row nor the mapping; the others are text on one line.
SINGLE: Mapping[Form, Callable[[Cell], str]] = {
    Form.URL: lambda cell: recognise.url(cell.text),
    Form.ORCID: lambda cell: recognise.orcid(cell.text),
    Form.COUNTRY: lambda cell: recognise.country(cell.text),
    Form.LANGUAGE: lambda cell: recognise.spoken(cell.text)[0],
    Form.DAY: lambda cell: recognise.day(cell.text, order=cell.order),
    Form.PARTIAL_DATE: lambda cell: recognise.partial_date(cell.text, order=cell.order),
    Form.ZONE: lambda cell: time_zone(cell.text),
    Form.CAPACITY: lambda cell: recognise.number_of_people(cell.text),
    Form.CHOICE: _choice,
    Form.GENDER: _gender,
    Form.PROSE: lambda cell: cell.text,
    # It may name several: lines still part them.
    Form.ORGANISATION: lambda cell: cell.text,
    **dict.fromkeys((Form.TOPIC, Form.SERIES, Form.PROJECT, Form.EVENT), lambda cell: f"~{_name(cell)}"),
}
