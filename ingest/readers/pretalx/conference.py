"""What a conference consists of, whichever way it was exported."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

__all__ = ["Conference", "Slot", "Speaker", "Talk", "Texts", "Track"]

Texts = Mapping[str, str]
"""A text by language, the empty language where none is said."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who speaks. ``code`` names them within the file, ``identifiers`` beyond it."""

    code: str
    identifiers: tuple[str, ...]
    name: str = ""
    email: str = ""
    biography: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """When and where a talk is given."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    room: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk that was accepted. ``speakers`` are codes, each with the role in which they speak."""

    code: str
    title: str
    abstract: str
    description: str
    language: str
    url: str
    labels: tuple[str, ...]
    slots: tuple[Slot, ...]
    speakers: Mapping[str, str]

    def again(self, slot: Slot) -> "Talk":
        """The same talk, given once more."""
        return replace(self, slots=(*self.slots, slot))


@dataclass(frozen=True, slots=True)
class Track:
    """A track that the file defines, so that it may become a topic."""

    name: Texts
    description: str = ""


@dataclass(slots=True)
class Conference:
    """A conference as far as one file tells of it."""

    identifier: str = ""
    title: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    time_zone: str = ""
    url: str = ""
    languages: tuple[str, ...] = ()
    locale: str = ""
    """The language of texts that say none."""
    speakers: dict[str, Speaker] = field(default_factory=dict)
    talks: dict[str, Talk] = field(default_factory=dict)
    tracks: list[Track] = field(default_factory=list)

    def add_speaker(self, found: Speaker) -> None:
        """Add somebody; whoever is there already is told only what was not known."""
        known = self.speakers.get(found.code, found)
        self.speakers[found.code] = Speaker(
            code=found.code,
            identifiers=tuple(dict.fromkeys([*known.identifiers, *found.identifiers])),
            name=known.name or found.name,
            email=known.email or found.email,
            biography=known.biography or found.biography,
        )

    def set_days(self, first: date | None, last: date | None, zone: ZoneInfo | None) -> None:
        """From the first moment of its first day to the last of its last, in its time zone (or else in UTC)."""
        self.starts_at = _midnight(first, zone)
        self.ends_at = _midnight(last + timedelta(days=1) if last else None, zone)


def _midnight(day: date | None, zone: ZoneInfo | None) -> datetime | None:
    return datetime(day.year, day.month, day.day, tzinfo=zone or UTC) if day else None
