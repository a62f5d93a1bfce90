"""The reader of attendance lists that meeting tools write: names, addresses and how long people stayed.

The header is the row that says most of these; what stands above it, such as the meeting's title and times, is left
out, and so is a second table below. Several rows of one person, who left and came back, are one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from graph.intake import Kind
from ingest import recognise
from ingest.cells import Unfit, visible
from ingest.files import FileRefused
from ingest.found import Found, NotTaken, Reading
from ingest.readers import Options
from ingest.readers.sheets.books import Value, open_book, text_of
from ingest.readers.sheets.parts import whole_name
from ingest.recognise import plain

__all__ = ["read"]

SEARCHED_ROWS = 60
SHOWN_HEADERS = 12
LONGEST_HEADER = 60

WORDS: Mapping[str, Sequence[str]] = {
    "name": (
        *("name", "full name", "participant", "participant name", "participant full name", "attendee", "attendee name"),
        *("display name", "user name", "name original name", "nom", "nom complet", "participant e", "nombre"),
        *("nombre completo", "nombre y apellidos", "participante", "имя", "фио", "полное имя", "участник", "الاسم"),
        *("الاسم الكامل", "姓名", "全名", "参会者", "参与者"),
    ),
    "first": (
        "first name",
        "firstname",
        "given name",
        "prenom",
        "nombre de pila",
        "имя участника",
        "الاسم الأول",
        "名",
    ),
    "last": (
        *("last name", "lastname", "surname", "family name", "nom de famille", "apellido", "apellidos", "фамилия"),
        *("اسم العائلة", "姓"),
    ),
    "email": (
        *("email", "e mail", "mail", "email address", "e mail address", "user email", "attendee email", "courriel"),
        *("participant email", "adresse e mail", "adresse email", "correo", "correo electronico", "электронная почта"),
        *("эл почта", "البريد الإلكتروني", "电子邮件", "邮箱", "电子邮箱"),
    ),
    "minutes": (
        *("duration", "duration minutes", "total duration minutes", "total duration", "in meeting duration"),
        *("attendance duration", "time in session", "time in session minutes", "duree", "duree minutes", "duracion"),
        *("duracion minutos", "продолжительность", "продолжительность минуты", "المدة", "时长", "时长 分钟"),
    ),
    "seconds": ("duration seconds", "duration in seconds", "time in session seconds"),
}
COLUMNS: Mapping[str, str] = {plain(word): column for column, words in WORDS.items() for word in words}
NAMES = frozenset({"name", "first", "last"})
# What tools write behind a name: that somebody is a guest, or runs the meeting.
BEHIND_A_NAME = re.compile(
    r"\s*[(\[（](?:guest|host|co-?host|organi[sz]er|presenter|external|unverified|invité|invitée|invitado|invitada|me)"
    r"(?:,[^)\]]*)?[)\]）]\s*\Z",
    re.IGNORECASE,
)
TITLE_OF_A_TABLE = re.compile(r"\d+\.\s+\D")
LASTED = re.compile(r"(?:(\d+)\s*h[a-z]*)?[\s,]*(?:(\d+)\s*m[a-z]*)?\.?[\s,]*(?:(\d+)\s*s[a-z]*)?\.?", re.IGNORECASE)
CLOCK = re.compile(r"(\d+):([0-5]\d)(?::([0-5]\d))?")


@dataclass(slots=True)
class _Person:
    """Somebody on the list: the rows that are of them, and what these say."""

    name: str
    email: str
    rows: list[int] = field(default_factory=list)
    minutes: float | None = None


def read(path: Path, *, options: Options) -> Reading:  # noqa: ARG001 -- every reader takes them
    """Who is on a list, in its order; each with ``name``, ``email`` and ``minutes`` as far as it says them.

    Raises:
        FileRefused: it is no list, damaged, locked, larger than any list, or says neither names nor addresses.
    """
    book = open_book(path)
    notes = list(book.notes)
    for table in book.tables:
        head = _head_row(table.rows)
        if head is not None:
            people, refused = _people(table.rows, head, notes)
            return Reading(rows=[_found(one) for one in people], refused=refused, notes=notes)
    headers = [text for table in book.tables for row in table.rows[:SEARCHED_ROWS] for text in _texts(row)]
    found = ", ".join(f"'{visible(one)}'" for one in dict.fromkeys(headers[:SHOWN_HEADERS])) or "nothing"
    raise FileRefused(
        f"none of its rows is a header with a column of names or of e-mail addresses; its first cells are {found}",
        remedy="call these columns Name and Email in the file",
    )


def _found(person: _Person) -> Found:
    rows = ", ".join(map(str, person.rows))
    cells = {"name": person.name, "email": person.email}
    if person.minutes is not None:
        cells["minutes"] = str(round(person.minutes))
    return Found(
        kind=Kind.ATTENDANCE,
        key=str(person.rows[0]),
        cells={column: value for column, value in cells.items() if value},
        place=f"rows {rows}" if len(person.rows) > 1 else f"row {rows}",
    )


def _head_row(rows: Sequence[Sequence[Value]]) -> int | None:
    """The index of the row that says most of what is looked for, the first of several; a name says most."""
    best, best_row = 0, None
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        said = _said(row)
        if said > best:
            best, best_row = said, index
    return best_row


def _said(row: Sequence[Value]) -> int:
    """How much a row says as a header; 0 if it is none."""
    columns = set(_columns(row).values())
    if not columns & {*NAMES, "email"}:
        return 0
    return 4 * bool(columns & NAMES) + 2 * ("email" in columns) + len(columns)


def _columns(row: Sequence[Value]) -> dict[int, str]:
    """What each column holds by its index; of two that hold the same the first."""
    found: dict[int, str] = {}
    for index, value in enumerate(row):
        column = COLUMNS.get(plain(text_of(value)[:LONGEST_HEADER])) if isinstance(value, str) else None
        if column is not None and column not in found.values():
            found[index] = column
    return found


def _people(rows: Sequence[Sequence[Value]], head: int, notes: list[str]) -> tuple[Sequence[_Person], list[NotTaken]]:
    columns = _columns(rows[head])
    people: dict[tuple[str, str], _Person] = {}
    refused: list[NotTaken] = []
    for number, row in enumerate(rows[head + 1 :], start=head + 2):
        texts = list(_texts(row))
        if (len(texts) == 1 and TITLE_OF_A_TABLE.match(texts[0])) or _said(row) >= _said(rows[head]):
            notes.append(f"from row {number} on it has another table, which was left out")
            break
        try:
            name, email = _who(row, columns)
        except Unfit as problem:
            refused.append(
                NotTaken(place=f"row {number}", column=None, value="", reason=problem.reason, remedy=problem.remedy)
            )
            continue
        if name or email:
            person = people.setdefault((email.casefold(), plain(name)), _Person(name, email))
            person.rows.append(number)
            minutes = _minutes(row, columns)
            if minutes is not None:
                person.minutes = (person.minutes or 0.0) + minutes
    return list(_put_together(people)), refused


def _put_together(people: Mapping[tuple[str, str], _Person]) -> Iterator[_Person]:
    """Rows that say a name or an address alone are of whom another row says both of, if that is one person alone.

    Two names with one address, as of an office, stay two.
    """
    whole: dict[tuple[str, str], list[_Person]] = {}
    for (email, name), person in people.items():
        if email and name:
            whole.setdefault((email, ""), []).append(person)
            whole.setdefault(("", name), []).append(person)
    for key, person in people.items():
        same = whole.get(key, [])
        if len(same) == 1:
            same[0].rows = sorted([*same[0].rows, *person.rows])
            if person.minutes is not None:
                same[0].minutes = (same[0].minutes or 0.0) + person.minutes
    for key, person in people.items():
        if len(whole.get(key, [])) != 1:
            yield person


def _who(row: Sequence[Value], columns: Mapping[int, str]) -> tuple[str, str]:
    """The name and address that a row says.

    Raises:
        Unfit: one of them is too long, or holds what no text needs.
    """
    told = {column: recognise.text_line(text_of(row[index])) for index, column in columns.items() if index < len(row)}
    name = told.get("name") or whole_name(told.get("first", ""), told.get("last", ""))
    email = told.get("email", "").removeprefix("mailto:")
    return BEHIND_A_NAME.sub("", name), email if "@" in email else ""


def _minutes(row: Sequence[Value], columns: Mapping[int, str]) -> float | None:
    """How long a row says that somebody stayed, in minutes; None if it does not, or not so that it is certain."""
    for index, column in columns.items():
        if column in {"minutes", "seconds"} and index < len(row):
            text = text_of(row[index]).strip()
            if re.fullmatch(r"\d+(?:[.,]\d+)?", text):
                return float(text.replace(",", ".")) / (60 if column == "seconds" else 1)
            clock = CLOCK.fullmatch(text)
            if clock is not None and clock[3]:
                return int(clock[1]) * 60 + int(clock[2]) + int(clock[3]) / 60
            lasted = LASTED.fullmatch(text)
            if text and lasted is not None:
                hours, minutes, seconds = (int(part or 0) for part in lasted.groups())
                return hours * 60 + minutes + seconds / 60
    return None


def _texts(row: Sequence[Value]) -> Iterator[str]:
    for value in row:
        text = text_of(value).strip()
        if text:
            yield text[:LONGEST_HEADER]
