"""For what speakers get a letter, and what such a letter tells of the event."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from graph.speaking.states import State
from graph.values import EventId

__all__ = ["LINKED", "OF_STEP", "EventTold", "Occasion"]


class Occasion(StrEnum):
    """Why somebody gets a letter about an event at which they are to speak."""

    INVITATION = "invitation"
    """They are asked to speak."""
    REMINDER = "reminder"
    """They are asked once more, since they did not answer."""
    CONFIRMATION = "confirmation"
    """They said yes, and it is settled that they speak."""
    RELEASE = "release"
    """They were asked or had said yes, and are needed no more."""
    CHANGE = "change"
    """Something of the event changed since they were last told of it: its day, its place, its title."""
    CANCELLATION = "cancellation"
    """The event does not take place."""


OF_STEP: Final[Mapping[State, Occasion]] = {
    State.INVITED: Occasion.INVITATION,
    State.REMINDED: Occasion.REMINDER,
    State.CONFIRMED: Occasion.CONFIRMATION,
    State.WITHDRAWN: Occasion.RELEASE,
}
"""For which steps there are letters."""

LINKED: Final = (Occasion.INVITATION, Occasion.REMINDER, Occasion.CONFIRMATION, Occasion.CHANGE)
"""Letters with a link to answer by."""


@dataclass(frozen=True, slots=True)
class EventTold:
    """An event as a letter tells it; what nobody said is None, or empty.

    ``starts_at`` and ``ends_at`` are in UTC; ``time_zone`` is the event's own, by its IANA name. ``place`` is where in
    the country, ``country`` its ISO 3166 alpha-2 code. ``languages`` are BCP 47 tags.
    """

    id: EventId
    title: str
    kind: str
    format: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    time_zone: str | None
    place: str | None
    country: str | None
    url: str | None
    description: str | None
    languages: tuple[str, ...]
