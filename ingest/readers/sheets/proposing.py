"""How a list can be read, told from its headers and values, with a reason for every sheet and every column.

A header that is a known word is certain, unless the values beneath it are nothing of the kind. What only looks right,
a misspelt header or a column of e-mail addresses under a word that nobody knows, is proposed and never done unasked.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath

from graph.intake import Kind
from ingest import recognise
from ingest.cells import HOSTILE, Unfit, period
from ingest.fields import (
    FIELDS,
    MEANINGS,
    NOT_KEPT,
    REQUIRED,
    Form,
    Meaning,
    choices_of,
    headers_known,
    kinds_named,
)
from ingest.mapping import LEAVE_OUT, Column, Proposal, Reason, Sheet
from ingest.mapping import Mapping as FileMapping
from ingest.readers.event_kinds import event_kind
from ingest.readers.sheets.books import Book, Table, Value, column_letters, text_of
from ingest.recognise import Doubtful, date_order, looks_like_date, looks_like_phone, near, plain
from ingest.rows.events import EventKind

__all__ = ["Head", "head_of", "proposal_of", "sheet_label", "values_below"]

SEARCHED_ROWS = 40
SAMPLE = 200
DISTINCT = 40
FEW = 3
MOSTLY, SELDOM = 0.8, 0.5
LONGEST_HEADER = 120
# Words that mean the whole name, or what is missing of it beside a column with the other part.
PART_OR_WHOLE = frozenset(map(plain, ("name", "nom", "nombre", "nome", "الاسم", "اسم", "имя")))
NAME_PARTS = frozenset({"first_name", "last_name", "last_first_name"})
MANY = frozenset(
    {Form.NAMES, Form.COUNTRIES, Form.LANGUAGES, Form.SPOKEN, Form.EXPERTISE, Form.TOPICS, Form.PEOPLE, Form.PERIODS}
)
LEFT_OUT: Mapping[Meaning | None, str] = {
    NOT_KEPT: "a network does not keep this",
    "nationality": "a nationality does not say where somebody lives",
}
NOT_PROPOSED = "the values look like dates, but not of what"


@dataclass(frozen=True, slots=True)
class Head:
    """The header of a table: its row, counted from 1, and a name for each column that has one, by the column's index.

    A header that comes twice is "Telefon" and "Telefon (2)"; a column with values and no header is "column F".
    """

    row: int
    columns: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class _Told:
    """What a header says, and why; ``is_word`` if the header is just one known word."""

    meaning: Meaning | None
    why: str
    is_certain: bool
    is_word: str = ""


def sheet_label(table: Table, file: str) -> str:
    """The name of a table in a mapping file: the sheet's, or for a file without sheets the file's without its end."""
    return table.name or PurePath(file).stem


def proposal_of(book: Book, *, file: str) -> Proposal:
    """How every sheet of a file can be read."""
    sheets: dict[str, Sheet] = {}
    reasons: dict[str, Reason] = {}
    columns: dict[tuple[str, str], Reason] = {}
    for table in book.tables:
        label = sheet_label(table, file)
        sheet, reason, whys = _sheet(table, label)
        sheets[label], reasons[label] = sheet, reason
        columns |= {(label, header): why for header, why in whys.items()}
    # A file without sheets, such as a workbook of diagrams, still has a mapping: of nothing.
    mapping = FileMapping(sheets=sheets or {PurePath(file).stem: Sheet(kind=LEAVE_OUT)})
    reasons = reasons or {PurePath(file).stem: Reason("there is no sheet with cells", is_certain=True)}
    return Proposal(file=PurePath(file).name, mapping=mapping, sheets=reasons, columns=columns, notes=book.notes)


def head_of(table: Table, row: int | None = None) -> Head | None:
    """The header of a table, in ``row`` if that is known; None if no row can be one."""
    number = row or _head_row(table)
    if number is None or number > len(table.rows):
        return None
    found: dict[int, str] = {}
    taken: dict[str, int] = {}
    width = max((len(cells) for cells in table.rows), default=0)
    cells = [*table.rows[number - 1], *[""] * width][:width]
    filled = {index for below in table.rows[number:] for index, value in enumerate(below) if value != ""}
    for index, value in enumerate(cells):
        text = _header_text(value)
        if not text and index not in filled:
            continue
        text = text or f"column {column_letters(index + 1)}"
        taken[text] = taken.get(text, 0) + 1
        found[index] = text if taken[text] == 1 else f"{text} ({taken[text]})"
    return Head(number, found) if found else None


def values_below(table: Table, head: Head, index: int) -> list[Value]:
    """The values of a column that are not empty."""
    return [row[index] for row in table.rows[head.row :] if index < len(row) and row[index] != ""]


def _header_text(value: Value) -> str:
    try:
        return recognise.text_line(HOSTILE.sub("", text_of(value)))[:LONGEST_HEADER]
    except Unfit:
        return ""


def _head_row(table: Table) -> int | None:
    """The row with the most known headers among the first; else the first with several texts."""
    best, best_row, first = 0, None, None
    for number, cells in enumerate(table.rows[:SEARCHED_ROWS], start=1):
        texts = [text for value in cells if isinstance(value, str) and (text := _header_text(value))]
        known = sum(1 for text in texts if _told(text).is_certain)
        # A title above the header may be one known word: "Experts".
        if known > best and (known > 1 or len(texts) == 1 == len({*map(len, table.rows)} - {0}) or len(texts) > 1):
            best, best_row = known, number
        if first is None and len(texts) > 1:
            first = number
    if best_row is not None:
        return best_row
    return first or next((number for number, cells in enumerate(table.rows, start=1) if any(cells)), None)


@lru_cache(maxsize=4096)
def _told(header: str) -> _Told:
    """What a header says by itself."""
    known = headers_known()
    bare = re.sub(r"\s*\(\d+\)$", "", header)
    word = plain(bare)
    if word in known:
        return _Told(known[word], f"'{header}' means {_shown(known[word])}", is_certain=True, is_word=word)
    parts = [part for part in re.split(r"[/|\n()\[\]–—:*]|\s-\s", bare) if plain(part)]
    meanings = [known.get(plain(part)) for part in parts]
    said = {meaning for meaning in meanings if meaning is not None}
    if len(said) == 1:
        meaning = said.pop()
        if None not in meanings:
            return _Told(meaning, f"'{header}' means {_shown(meaning)}", is_certain=True, is_word=plain(parts[0]))
        return _Told(meaning, f"'{header}' may mean {_shown(meaning)}", is_certain=False)
    missed = near(word, known)
    if missed is not None:
        return _Told(missed[1], f"'{header}' is nearly '{missed[0]}', {_shown(missed[1])}", is_certain=False)
    return _Told(None, f"nothing is known of '{header}'", is_certain=False)


def _shown(meaning: Meaning) -> str:
    return "what a network does not keep" if meaning == NOT_KEPT else meaning.replace("_", " ")


def _sheet(table: Table, label: str) -> tuple[Sheet, Reason, Mapping[str, Reason]]:
    """How a sheet can be read, and why so."""
    head = head_of(table)
    if head is None or head.row >= len(table.rows):
        return Sheet(kind=LEAVE_OUT), Reason("it has no rows below a header", is_certain=True), {}
    if table.is_hidden:
        return Sheet(kind=LEAVE_OUT), Reason("it is hidden", is_certain=True), {}
    told = {index: _told(header) for index, header in head.columns.items()}
    told |= _names_in_parts(told)
    kinds = _by_likelihood(told, label)
    if not kinds:
        reason = Reason("its headers are of no kind that a network has", is_certain=True)
        columns = {header: Column() for header in head.columns.values()}
        whys = {head.columns[index]: Reason(one.why, is_certain=False) for index, one in told.items()}
        return Sheet(kind=LEAVE_OUT, header_row=head.row, columns=columns), reason, whys
    (kind, likelihood), *others = kinds
    is_certain = _is_certain(kind, likelihood, others, label)
    why = f"its headers are those of {kind}" if is_certain else _doubt_of(kinds)
    columns, whys = _columns(table, head, kind, told)
    defaults: dict[str, str] = {}
    if kind is Kind.EVENTS and not any(column.field == "kind" for column in columns.values()):
        defaults["kind"] = event_kind(label, []) or EventKind.MEETING
    sheet = Sheet(kind=kind, header_row=head.row, columns=columns, defaults=defaults)
    return sheet, Reason(why, is_certain=is_certain), whys


def _names_in_parts(told: Mapping[int, _Told]) -> Mapping[int, _Told]:
    """What headers of names say together.

    "Name" beside "Vorname" is the family's name, "Nombre" beside "Apellidos" the first name, "Имя" alone all of it.
    """
    meanings = {one.meaning for one in told.values() if one.is_certain}
    if "name" in meanings and len(meanings & {"first_name", "last_name"}) == 1:
        part = "last_name" if "first_name" in meanings else "first_name"
        return {
            index: _Told(part, f"'{one.is_word}' beside the other part of the name", is_certain=True)
            for index, one in told.items()
            if one.meaning == "name" and one.is_word in PART_OR_WHOLE
        }
    if "name" not in meanings and "last_name" not in meanings:
        return {
            index: _Told("name", f"'{one.is_word}' is the only name", is_certain=True)
            for index, one in told.items()
            if one.meaning == "first_name" and one.is_word in PART_OR_WHOLE
        }
    return {}


def _by_likelihood(told: Mapping[int, _Told], label: str) -> list[tuple[Kind, float]]:
    """The kinds that the headers have what is needed for, the likeliest first."""
    hinted = kinds_named(label)
    found: list[tuple[Kind, float]] = []
    for kind, meanings in MEANINGS.items():
        fields: dict[str, float] = {}
        strange = 0
        for one in told.values():
            name = meanings.get(one.meaning or "")
            if name is not None:
                # "Name" is first of all what people have, and only then the title of an event.
                likely = (2.0 if one.is_certain else 1.0) - (0.1 if name != one.meaning else 0.0)
                fields[name] = max(likely, fields.get(name, 0.0))
            elif one.is_certain and one.meaning not in LEFT_OUT:
                strange += 1
        if all(part & set(fields) for part in REQUIRED[kind]):
            hint = 4.0 if kind in hinted else 0.0
            found.append((kind, round(sum(fields.values()) - 1.5 * strange + hint, 1)))
    return sorted(found, key=lambda one: -one[1])


def _is_certain(kind: Kind, likelihood: float, others: Sequence[tuple[Kind, float]], label: str) -> bool:
    """Whether one kind is clearly the likeliest, by its headers or by the sheet's name."""
    rivals = [other for other, also in others if also == likelihood]
    # A list of people with their organisations tells their affiliations too.
    if rivals and not (kind is Kind.EXPERTS and rivals == [Kind.AFFILIATIONS]):
        return False
    return likelihood >= (3.8 if kind not in kinds_named(label) else 1.9)


def _doubt_of(kinds: Sequence[tuple[Kind, float]]) -> str:
    best = [kind.value for kind, likelihood in kinds if likelihood == kinds[0][1]]
    return f"its headers may be those of {' or '.join(best)}"


def _columns(
    table: Table, head: Head, kind: Kind, told: Mapping[int, _Told]
) -> tuple[dict[str, Column], dict[str, Reason]]:
    columns: dict[str, Column] = {}
    whys: dict[str, Reason] = {}
    taken: dict[str, str] = {}
    for index, header in head.columns.items():
        values = values_below(table, head, index)
        name, reason = _column(kind, told[index], values, header)
        if name in taken and FIELDS[kind][name] not in MANY:
            if name == "name" and kind is Kind.EXPERTS:
                name, reason = "other_names", Reason(f"'{taken[name]}' is the name already", reason.is_certain)
            else:
                reason = Reason(f"{reason.why}; taken where '{taken[name]}' is empty", reason.is_certain)
        if name != LEAVE_OUT:
            taken.setdefault(name, header)
        columns[header], whys[header] = Column(field=name), reason
    return columns, whys


def _column(kind: Kind, told: _Told, values: Sequence[Value], header: str) -> tuple[str, Reason]:
    """The field that a column probably is, and why."""
    name = MEANINGS[kind].get(told.meaning or "")
    if told.meaning in LEFT_OUT:
        return LEAVE_OUT, Reason(LEFT_OUT[told.meaning], is_certain=True)
    texts = [text_of(value) for value in values[:SAMPLE]]
    if name is not None:
        share = _share(FIELDS[kind][name], texts)
        if share is not None and share < SELDOM and len(texts) >= FEW:
            form = FIELDS[kind][name]
            return name, Reason(f"{told.why}, but few of its values look like {form.value}", is_certain=False)
        return name, Reason(f"{told.why}{_order_of(FIELDS[kind][name], values)}", told.is_certain)
    if told.meaning is not None and told.is_certain:
        return LEAVE_OUT, Reason(f"{told.why}, which {kind} do not have", is_certain=True)
    return _by_values(kind, texts, header) or (LEAVE_OUT, Reason(told.why, is_certain=True))


def _by_values(kind: Kind, texts: Sequence[str], header: str) -> tuple[str, Reason] | None:
    """The field that a column under an unknown header may be, by what its values look like."""
    looks = _looks_like(texts)
    if looks is None:
        return None
    for name, form in FIELDS[kind].items():
        if form in looks and form is not Form.DAY:
            return name, Reason(f"'{header}' is not known, but its values look like {form.value}", is_certain=False)
    return (LEAVE_OUT, Reason(NOT_PROPOSED, is_certain=False)) if Form.DAY in looks else None


def _order_of(form: Form, values: Iterable[Value]) -> str:
    """What is to be said of a column of dates, when its dates leave the order of day and month open."""
    if form not in (Form.DAY, Form.MOMENT, Form.PARTIAL_DATE):
        return ""
    texts = [value for value in values if isinstance(value, str) and looks_like_date(value)]
    order = date_order(texts)
    return f"; its dates are {order}" if order else ""


def _share(form: Form, texts: Sequence[str]) -> float | None:
    """How many of a column's values are of a form, or nearly; None if the form has no look of its own."""
    looks = LOOKS.get(form)
    if looks is None or not texts:
        return None
    distinct = list(dict.fromkeys(texts))[:DISTINCT]
    return sum(1 for text in distinct if looks(text)) / len(distinct)


def _looks_like(texts: Sequence[str]) -> tuple[Form, ...] | None:
    """The forms that nearly all of a column's values have."""
    if len(texts) < FEW:
        return None
    for forms in TOLD_BY_VALUES:
        if (_share(forms[0], texts) or 0.0) >= MOSTLY:
            return forms
    return None


def _fits(recognised: Callable[[str], object]) -> Callable[[str], bool]:
    def fits(text: str) -> bool:
        try:
            recognised(text)
        except Doubtful:
            return True
        except Unfit:
            return False
        return True

    return fits


def _any_part(fits: Callable[[str], bool]) -> Callable[[str], bool]:
    """Whether a whole text fits, or one of the parts that lists are made of."""

    def fits_in_part(text: str) -> bool:
        return fits(text) or any(fits(part) for part in re.split(r"[;,/\n|،、，]", text) if part.strip())

    return fits_in_part


def _is_date(text: str) -> bool:
    return looks_like_date(text) or _fits(recognise.partial_date)(text)


LOOKS: Mapping[Form, Callable[[str], bool]] = {
    Form.EMAIL: _any_part(_fits(recognise.email)),
    Form.ORCID: _fits(recognise.orcid),
    Form.URL: _fits(recognise.url),
    Form.PHONE: _any_part(lambda text: looks_like_phone(text) or _fits(recognise.phone)(text)),
    Form.COUNTRY: _any_part(_fits(recognise.country)),
    Form.COUNTRIES: _any_part(_fits(recognise.country)),
    Form.LANGUAGE: _fits(recognise.spoken),
    Form.LANGUAGES: _any_part(_fits(recognise.spoken)),
    Form.SPOKEN: _any_part(_fits(recognise.spoken)),
    Form.DAY: _is_date,
    Form.PARTIAL_DATE: _is_date,
    Form.GENDER: lambda text: plain(text) in choices_of(Kind.EXPERTS, "gender"),
    Form.PERIODS: lambda text: any(map(_fits(period), re.split(r"[;,\n|؛；،、，]", text))),
    Form.MOMENT: lambda text: looks_like_date(text) or _fits(recognise.moment)(text),
}
TOLD_BY_VALUES: Sequence[tuple[Form, ...]] = (
    (Form.EMAIL,),
    (Form.ORCID,),
    (Form.URL,),
    (Form.DAY,),
    (Form.PHONE,),
    (Form.COUNTRY, Form.COUNTRIES),
    (Form.SPOKEN, Form.LANGUAGES, Form.LANGUAGE),
)
