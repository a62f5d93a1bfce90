"""What people write into the network itself, field by field: what can be kept of it, and what is wrong with it."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from functools import cache
from typing import Any, LiteralString, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers

from graph.errors import GraphError
from graph.graph import Transaction
from graph.invitations import UnfitText, fit_text
from graph.values import Period
from graph.wording import Wording

__all__ = [
    "LARGEST_CAPACITY",
    "NO_CAPACITY",
    "Checked",
    "InvalidFields",
    "Path",
    "Problem",
    "Unfit",
    "capacity",
    "distinct",
    "email",
    "line",
    "one_of",
    "orcid",
    "paragraphs",
    "period",
    "present",
    "telephone",
    "time_zone",
    "time_zones",
    "utc",
    "web_address",
    "year",
    "zone_of",
]

Path = tuple[str | int, ...]
V = TypeVar("V")

LONGEST_LINE = 300  # as in experts.csv
LONGEST_TEXT = 10_000
LONGEST_ADDRESS = 2000
LONGEST_EMAIL = 254
# The pattern by which browsers check <input type=email> (HTML Living Standard, "valid e-mail address"), but a
# host has a dot: an address without one reaches nobody from outside.
EMAIL = re.compile(
    r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
    r"(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+"
)
ORCID = re.compile(r"(?:https?://(?:www\.)?orcid\.org/)?((?:\d{4}-){3}\d{3}[\dX])", re.ASCII | re.IGNORECASE)
E164 = phonenumbers.PhoneNumberFormat.E164
FIRST_YEAR = 1900
LARGEST_CAPACITY = 1_000_000
NO_CAPACITY = Wording(
    "That is no number of people from 1 to %(most)s; write how many there is room for.", most=LARGEST_CAPACITY
)
NOT_WRITTEN = Wording("This cannot be empty; write something.")
NOT_CHOSEN: Mapping[str | int, Wording] = {"kind": Wording("There is no kind yet; choose one.")}
"""What is said of a field that has nothing in it, where something is chosen and not written."""
AT_THE_END = Wording(
    "Not every time zone has that time; write one in a year from %(first)s to %(last)s.",
    first=str(MINYEAR + 1),
    last=str(MAXYEAR - 1),
)

# What a person, an event or anything else can name: it has to be there.
PRESENT: LiteralString = """
RETURN COLLECT { MATCH (n:Topic) WHERE n.id IN $topics RETURN n.id } AS topics,
       COLLECT { MATCH (n:Country) WHERE n.id IN $countries RETURN n.id } AS countries,
       COLLECT { MATCH (n:Language) WHERE n.id IN $languages RETURN n.id } AS languages,
       COLLECT { MATCH (n:Series) WHERE n.id IN $series RETURN n.id } AS series,
       COLLECT { MATCH (n:Project) WHERE n.id IN $projects RETURN n.id } AS projects
"""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a field: its path, such as ``("topics", 1, "since")``, and one sentence."""

    path: Path
    message: Wording


class InvalidFields(GraphError):
    """Fields cannot be kept as they were given; all of them are told."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(self.sentences))

    @property
    def sentences(self) -> Sequence[Wording]:
        """Each of the problems once."""
        return tuple(dict.fromkeys(problem.message for problem in self.problems))


class Unfit(ValueError):
    """A value cannot be kept; one sentence says what to do."""

    def __init__(self, sentence: Wording) -> None:
        self.sentence = sentence
        super().__init__(sentence)


class Checked:
    """What was given, checked: the values that can be kept, and the problems of those that cannot."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = given
        self.values: dict[str, Any] = {}
        self.problems: list[Problem] = []

    def take(self, name: str, check: Callable[[Any], Any], *, needed: bool = False) -> None:
        """Check a field, if it was given; null clears it, and so does nothing but space, unless it is ``needed``."""
        if name not in self.given:
            return
        value = self.of((name,), check, self.given[name])
        self.values[name] = value
        if needed and value is None and not any(problem.path == (name,) for problem in self.problems):
            self.empty((name,))

    def take_list(self, name: str, check: Callable[[Path, Any], Any], *, most: int | None = None) -> None:
        """Check each of a list, if one was given; null clears it. ``check`` is handed the path of each."""
        if name not in self.given:
            return
        listed = self.given[name] or ()
        if most is not None and len(listed) > most:
            too_many = Wording("These are %(count)s, more than %(most)s; give fewer.", count=len(listed), most=most)
            self.problems.append(Problem((name,), too_many))
        self.values[name] = [check((name, number), one) for number, one in enumerate(listed)]

    def of(self, path: Path, check: Callable[[Any], V], value: Any) -> V | None:
        """A value as it is kept; None if it is null, empty or wrong, which is then a problem."""
        if value is None:
            return None
        try:
            return check(value) or None
        except Unfit as unfit:
            self.problems.append(Problem(path, unfit.sentence))
            return None

    def among(self, path: Path, value: str | None, present: Collection[str], message: Wording) -> None:
        """Take down a problem where what a field names is not there."""
        if value is not None and value not in present:
            self.problems.append(Problem(path, message))

    def empty(self, path: Path) -> None:
        """Take down that a field has nothing in it and needs something."""
        said = NOT_CHOSEN.get(path[-1], NOT_WRITTEN)
        self.problems.append(Problem(path, said))

    def refuse(self) -> None:
        """Go on if there is no problem.

        Raises:
            InvalidFields: there is one, or more.
        """
        if self.problems:
            raise InvalidFields(sorted(self.problems, key=lambda problem: [str(part) for part in problem.path]))


async def present(
    tx: Transaction,
    *,
    topics: Collection[str] = (),
    countries: Collection[str] = (),
    languages: Collection[str] = (),
    series: Collection[str] = (),
    projects: Collection[str] = (),
) -> Mapping[str, frozenset[str]]:
    """Of these ids those that there are, by the names of the arguments."""
    wanted = {
        "topics": topics,
        "countries": countries,
        "languages": languages,
        "series": series,
        "projects": projects,
    }
    (row,) = await tx.run(PRESENT, **{name: [id for id in ids if id] for name, ids in wanted.items()})
    return {name: frozenset(row[name]) for name in wanted}


def distinct(checked: Checked, name: str, key: Callable[[Any], object] = lambda one: one, *, at: str = "") -> None:
    """Take down a problem for each of a list that comes twice."""
    seen: set[object] = set()
    for number, one in enumerate(checked.values.get(name, ())):
        if key(one) in seen:
            path: Path = (name, number, at) if at else (name, number)
            checked.problems.append(Problem(path, Wording("This is there twice; delete one of the two.")))
        seen.add(key(one))


def line(text: str) -> str:
    """One line of at most 300 characters."""
    return _fit(" ".join(text.split()), LONGEST_LINE)


def paragraphs(text: str) -> str:
    """A text of at most 10,000 characters, in paragraphs."""
    return _fit("\n".join(" ".join(one.split()) for one in text.splitlines()), LONGEST_TEXT)


def email(text: str) -> str:
    """An e-mail address, as browsers accept it, at a host with a dot."""
    found = text.strip()
    if found and (len(found) > LONGEST_EMAIL or EMAIL.fullmatch(found) is None):
        raise Unfit(Wording("That is no e-mail address; write one such as name@example.org."))
    return found


def web_address(text: str) -> str:
    """The address of a page: http or https, with a host."""
    found = _fit(text.strip(), LONGEST_ADDRESS)
    try:
        parts = urlsplit(found)
        is_usable = parts.scheme in {"http", "https"} and parts.hostname is not None and len(found.split()) == 1
    except ValueError:
        is_usable = False
    if found and not is_usable:
        raise Unfit(Wording("That is no web address; write one such as https://example.org."))
    return found


def telephone(text: str) -> str:
    """A telephone number with its country's code, in the form of ITU-T E.164: ``+21671000000``."""
    found = text.strip()
    if not found:
        return ""
    try:
        number = phonenumbers.parse(found[:100], None)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or number.extension or not phonenumbers.is_valid_number(number):
        raise Unfit(Wording("That is no telephone number with its country's code; write it such as +216 71 000 000."))
    return str(phonenumbers.format_number(number, E164))


def orcid(text: str) -> str:
    """An ORCID iD, alone or as a web address, whose last digit is right (ISO 7064, MOD 11-2)."""
    found = text.strip()
    if not found:
        return ""
    iD = ORCID.fullmatch(found)  # noqa: N806 -- as ORCID writes it
    if iD is None:
        raise Unfit(Wording("That is no ORCID iD; write one such as 0000-0002-1825-0097."))
    plain = iD[1].upper()
    total = 0
    for digit in plain.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    if "0123456789X"[(12 - total % 11) % 11] != plain[-1]:
        raise Unfit(Wording("The last digit of that ORCID iD is wrong; look for the digit that is mistyped."))
    return plain


def time_zone(text: str) -> str:
    """A time zone's name in the IANA database: ``Africa/Tunis``."""
    found = text.strip()
    if found and found not in time_zones():
        raise Unfit(Wording("That is no time zone of the IANA database; write one such as Africa/Tunis."))
    return found


def zone_of(name: str | None) -> ZoneInfo:
    """The time zone of a name; UTC where there is none, or none that this machine's database has."""
    return ZoneInfo(name) if name in time_zones() else ZoneInfo("UTC")


@cache
def time_zones() -> frozenset[str]:
    """All of them; looking through the files that have them takes some hundredths of a second."""
    return frozenset(available_timezones())


def utc(at: datetime) -> datetime:
    """A time that says its offset, in UTC; not so near to an end of the calendar that a zone's clocks lack it."""
    if at.tzinfo is None:
        raise Unfit(Wording("That time does not say its offset from UTC; write it such as 2022-02-10T14:00:00+02:00."))
    try:
        found = at.astimezone(UTC)
    except OverflowError:
        raise Unfit(AT_THE_END) from None
    if found.year in {MINYEAR, MAXYEAR}:
        raise Unfit(AT_THE_END)
    return found


def period(text: str) -> str:
    """Days from a first to a last, as an interval of ISO 8601: ``2026-07-01/2026-07-31``."""
    try:
        return str(Period.parse(text))
    except ValueError:
        said = Wording(
            "That is no first and last day, the last not before the first; write them such as 2026-07-01/2026-07-31."
        )
        raise Unfit(said) from None


def year(given: int) -> int:
    """A year that has begun."""
    if not FIRST_YEAR <= given <= datetime.now(UTC).year:
        raise Unfit(Wording("That is no year from %(first)s until now; write it such as 2011.", first=str(FIRST_YEAR)))
    return given


def capacity(given: int) -> int:
    """For how many people there is room: 1 to 1,000,000."""
    if not 1 <= given <= LARGEST_CAPACITY:
        raise Unfit(NO_CAPACITY)
    return given


def one_of(choices: Sequence[str], text: str) -> str:
    """A word of a closed list."""
    found = text.strip()
    if found and found not in choices:
        raise Unfit(Wording("That is none of %(choices)s; write one of them.", choices=choices))
    return found


def _fit(text: str, limit: int) -> str:
    try:
        return fit_text("text", text, limit)
    except UnfitText as unfit:
        raise Unfit(unfit.args[0]) from None
