"""The fields of a JSON object, each asked for as what it should be; what it is not is told of, and left out."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ingest.cells import FIRST_YEAR, LAST_YEAR, Unfit, email, language, url, visible
from ingest.found import NotTaken
from ingest.readers.plain import PlainText
from ingest.readers.pretalx.conference import Texts
from ingest.readers.zones import zone_named

__all__ = ["Fields", "Told"]

NOUNS = {
    "bool": "true or false",
    "list": "a list",
    "dict": "an object",
    "text": "a text",
    "moment": "a date with a time",
    "day": "a date",
    "zone": "a time zone of the IANA database",
    "language": "a language",
    "none": "nothing",
}
"""What a field holds or should hold, as people are told; what JSON has by its type in Python."""
LONGEST_CODE = 100


@dataclass(slots=True)
class Told:
    """What there is to say of a file, gathered while it is read."""

    refused: list[NotTaken] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    plain: PlainText = field(default_factory=PlainText)

    def refuse(self, place: str, reason: str, remedy: str, *, column: str | None = None, value: str = "") -> None:
        """Say that something was not taken."""
        self.refused.append(
            NotTaken(place=visible(place, limit=200), column=column, value=visible(value), reason=reason, remedy=remedy)
        )


@dataclass(frozen=True, slots=True)
class Fields:
    """A JSON object. ``place`` says where it stands; ``locale`` is the language that texts are wanted in."""

    given: Mapping[str, object]
    place: str
    told: Told
    locale: str = ""

    def __contains__(self, name: str) -> bool:
        return name in self.given

    def has(self, name: str) -> bool:
        """Whether the field holds anything."""
        return self.given.get(name) not in (None, "", [], {})

    def texts(self, name: str) -> Texts:
        """A text by language: pretalx writes ``{"en": …, "fr": …}`` where an event has several, else one text."""
        value = self.given.get(name)
        if isinstance(value, str):
            return {"": value} if value.strip() else {}
        if isinstance(value, Mapping):
            return {str(tag): text for tag, text in value.items() if isinstance(text, str) and text.strip()}
        if value is not None:
            self._say(name, value, "text")
        return {}

    def text(self, name: str) -> str:
        """A text, of several languages' the event's own, else English, else the first by its tag; empty without."""
        found = {tag.replace("_", "-").lower(): text for tag, text in self.texts(name).items()}
        wanted = (self.locale.lower(), self.locale.split("-")[0].lower(), "en", *sorted(found))
        return next((found[tag] for tag in wanted if tag in found), "")

    def line(self, name: str, *, most: int = 300) -> str:
        """A text on one line."""
        return self.told.plain.line(self.text(name), most=most)

    def code(self, *names: str) -> str:
        """What names the object in its system: the first of these fields that is a text or a whole number."""
        for name in names:
            value = self.given.get(name)
            if isinstance(value, str) and value.strip():
                return self.told.plain.line(value, most=LONGEST_CODE).replace(" ", "-")
            if isinstance(value, int) and not isinstance(value, bool):
                return str(value)[:LONGEST_CODE]
        return ""

    def items(self, name: str) -> list[object]:
        """The entries of a list; an only one need not be in a list."""
        value = self.given.get(name)
        if isinstance(value, list):
            return value
        if value is None or value == "":
            return []
        if isinstance(value, (str, int, Mapping)):
            return [value]
        self._say(name, value, "list")
        return []

    def inner(self, name: str) -> "Fields | None":
        """The object in a field; None if it is none."""
        value = self.given.get(name)
        if isinstance(value, Mapping):
            return self.within(value, name)
        if value is not None:
            self._say(name, value, "dict")
        return None

    def objects(self, name: str) -> Iterator["Fields"]:
        """The objects in a list; entries that are none are told of."""
        for number, value in enumerate(self.items(name), 1):
            if isinstance(value, Mapping):
                yield self.within(value, f"{name} {number}")
            else:
                self._say(f"{name} {number}", value, "dict")

    def within(self, given: Mapping[str, object], name: str) -> "Fields":
        """An object in this one."""
        return Fields(given, f"{self.place}, {name}", self.told, self.locale)

    def moment(self, name: str, zone: ZoneInfo | None) -> datetime | None:
        """A moment of ISO 8601; one without an offset is in the conference's time zone."""
        value = self.given.get(name)
        if value is None or value == "":
            return None
        try:
            found = datetime.fromisoformat(str(value).strip())
        except ValueError:
            self._say(name, value, "moment")
            return None
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            self._say_out_of_time(name, value)
            return None
        if found.tzinfo is None and zone is None:
            self.told.refuse(
                self.place,
                f"its {name}, {visible(str(value))}, belongs to no time zone",
                "put the event's time zone into the file",
                value=str(value),
            )
            return None
        return found if found.tzinfo is not None else found.replace(tzinfo=zone)

    def day(self, name: str) -> date | None:
        """A day of ISO 8601; of a moment its day."""
        value = self.given.get(name)
        if value is None or value == "":
            return None
        try:
            found = date.fromisoformat(str(value)[:10])
        except ValueError:
            self._say(name, value, "day")
            return None
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            self._say_out_of_time(name, value)
            return None
        return found

    def zone(self, name: str) -> ZoneInfo | None:
        """A time zone by its IANA name."""
        value = self.given.get(name)
        if value is None or value == "":
            return None
        found = zone_named(value)
        if found is None:
            self._say(name, value, "zone")
        return found

    def tag(self, name: str) -> str:
        """A language's tag (BCP 47). pretalx's own variants, such as de-formal, stand for their language."""
        value = self.given.get(name)
        if value is None or value == "":
            return ""
        written = str(value).strip().replace("_", "-")
        for one in (written, written.split("-")[0]):
            try:
                return language(one)
            except Unfit:
                continue
        self._say(name, value, "language")
        return ""

    def address(self, name: str) -> str:
        """A web address."""
        return self._checked(name, url)

    def email(self, name: str) -> str:
        """An e-mail address."""
        return self._checked(name, email)

    def _checked(self, name: str, check: Callable[[str], str]) -> str:
        value = self.given.get(name)
        if value is None or value == "":
            return ""
        try:
            return check(value if isinstance(value, str) else "")
        except Unfit as problem:
            self.told.refuse(self.place, problem.reason, problem.remedy, column=name, value=str(value))
            return ""

    def _say(self, name: str, value: object, wanted: str) -> None:
        written, noun = _shown(value)
        self.told.refuse(
            self.place,
            f"its {visible(name)} is {noun}, not {NOUNS[wanted]}",
            "export the conference again, or correct the file",
            value=written,
        )

    def _say_out_of_time(self, name: str, value: object) -> None:
        written, noun = _shown(value)
        self.told.refuse(
            self.place,
            f"its {visible(name)} is {noun}, not a date between {FIRST_YEAR} and {LAST_YEAR}",
            "export the conference again, or correct the file",
            value=written,
        )


def _shown(value: object) -> tuple[str, str]:
    """What is written there, if that is short, and what people are told that it is."""
    written = "" if isinstance(value, (bool, list, Mapping)) else str(value)
    return written, f"'{visible(written)}'" if written else NOUNS.get(type(value).__name__, NOUNS["none"])
