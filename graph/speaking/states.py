"""What may become of somebody who is considered as a speaker, step by step; stated once, in :data:`NEXT`.

A step is never edited: what was wrong is put right by another step. One that organisers took down by mistake is taken
back by a step to where it came from, and both stay on record (:class:`NotTakenBack`).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from graph.errors import GraphError
from graph.wording import Either, Wording

__all__ = [
    "ASKED",
    "CALLED",
    "IN_TOUCH",
    "NEXT",
    "OFF_THE_PANEL",
    "OF_DRAFTS",
    "STANDING",
    "UNHELD",
    "EventCancelled",
    "EventNotBegun",
    "EventNotPublished",
    "ImpossibleStep",
    "NotRecorded",
    "NotTakenBack",
    "State",
]


class State(StrEnum):
    """Where somebody stands who is considered for one event."""

    SHORTLISTED = "shortlisted"
    """Organisers think of them; they know nothing of it."""
    INVITED = "invited"
    """They were asked to speak."""
    REMINDED = "reminded"
    """They were asked once more."""
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    """Off the list: organisers think of them no more, or somebody who had accepted cannot come after all."""
    CONFIRMED = "confirmed"
    """Both sides know that they speak."""
    SPOKE = "spoke"
    ABSENT = "absent"
    """They were to speak and did not come."""


CALLED: Final[Mapping[State, Wording]] = {
    State.SHORTLISTED: Wording("shortlisted"),
    State.INVITED: Wording("invited"),
    State.REMINDED: Wording("reminded"),
    State.ACCEPTED: Wording("accepted"),
    State.DECLINED: Wording("declined"),
    State.WITHDRAWN: Wording("withdrawn"),
    State.CONFIRMED: Wording("confirmed"),
    State.SPOKE: Wording("spoke"),
    State.ABSENT: Wording("absent"),
}

NEXT: Final[Mapping[State, tuple[State, ...]]] = {
    State.SHORTLISTED: (State.INVITED, State.WITHDRAWN),
    State.INVITED: (State.REMINDED, State.ACCEPTED, State.DECLINED, State.WITHDRAWN),
    State.REMINDED: (State.REMINDED, State.ACCEPTED, State.DECLINED, State.WITHDRAWN),
    State.ACCEPTED: (State.CONFIRMED, State.DECLINED, State.WITHDRAWN),
    # Somebody who said no, or was taken off the list, may be thought of anew.
    State.DECLINED: (State.SHORTLISTED,),
    State.WITHDRAWN: (State.SHORTLISTED,),
    State.CONFIRMED: (State.SPOKE, State.ABSENT, State.WITHDRAWN),
    # Whoever took down the wrong one of the two puts it right.
    State.SPOKE: (State.ABSENT,),
    State.ABSENT: (State.SPOKE,),
}
"""Which states may follow on each."""

ASKED: Final = (State.INVITED, State.REMINDED)
"""An answer is waited for."""

STANDING: Final = (State.INVITED, State.REMINDED, State.ACCEPTED, State.CONFIRMED, State.SPOKE)
"""They are on the panel, or will be if they say yes."""

IN_TOUCH: Final = (State.INVITED, State.REMINDED, State.ACCEPTED, State.CONFIRMED)
"""Who is to know what becomes of the event."""

OFF_THE_PANEL: Final = (State.DECLINED, State.WITHDRAWN)
"""Who does not speak, and is on no agenda."""

UNHELD: Final = (State.INVITED, State.REMINDED, State.CONFIRMED, State.SPOKE, State.ABSENT)
"""What becomes of nobody at an event that does not take place."""

OF_DRAFTS: Final = (State.SHORTLISTED, State.WITHDRAWN)
"""What becomes of somebody at an event that is not published: nobody is told of it."""


class ImpossibleStep(GraphError):
    """What is to become of somebody cannot follow on what they are; ``possible`` is what can."""

    def __init__(self, state: State, to: State, possible: tuple[State, ...]) -> None:
        self.state = state
        self.to = to
        self.possible = possible
        super().__init__(
            Wording(
                "Who is %(state)s cannot become %(to)s; from here they can become %(possible)s, so nothing "
                "was changed.",
                state=CALLED[state],
                to=CALLED[to],
                possible=Either(tuple(CALLED[one] for one in possible)),
            )
        )


class EventCancelled(GraphError):
    """Somebody was to be asked to an event that does not take place."""

    def __init__(self, event: str, to: Wording) -> None:
        self.event = event
        super().__init__(
            Wording(
                "The event '%(event)s' is cancelled, so nobody becomes %(to)s there; choose another event.",
                event=event[:80],
                to=to,
            )
        )


class EventNotPublished(GraphError):
    """Somebody was to be asked to an event that is a draft."""

    def __init__(self, event: str) -> None:
        self.event = event
        super().__init__(
            Wording(
                "The event '%(event)s' is a draft, so nobody is asked to it yet. Publish the event first.",
                event=event[:80],
            )
        )


class EventNotBegun(GraphError):
    """Somebody was to have spoken, or been absent, at an event that is still to come."""

    def __init__(self, event: str, to: Wording) -> None:
        self.event = event
        super().__init__(
            Wording(
                "The event '%(event)s' has not begun, so nobody is %(to)s yet; say so once it has.",
                event=event[:80],
                to=to,
            )
        )


class NotRecorded(GraphError):
    """Where somebody speaks is not for organisers to know, or they do not agree that it is taken down."""

    def __init__(self) -> None:
        super().__init__(
            Wording("They do not show where they speak, so it is not taken down here; leave them confirmed.")
        )


class NotTakenBack(GraphError):
    """A step is not taken back: by it they came onto the list, spoke or were absent, or somebody knows of it."""
