"""What comes of asking for a panel."""

from dataclasses import dataclass

from graph.errors import GraphError
from graph.panels.rules import Rule
from graph.values import ExpertId, TopicId
from graph.wording import Wording

__all__ = ["Conflict", "Panel", "PanelTooHard", "Relaxed", "Seat", "Suggestion", "TooFewCandidates"]


class TooFewCandidates(GraphError):
    """There are fewer people who may sit on a panel than seats."""

    def __init__(self, candidates: int, *, seats: int) -> None:
        super().__init__(
            Wording(
                "There are %(candidates)s candidates for %(seats)s seats; ask for fewer seats, or widen the filter.",
                candidates=candidates,
                seats=seats,
            )
        )


class PanelTooHard(GraphError):
    """The best panel could not be proven in time."""

    def __init__(self) -> None:
        super().__init__(
            Wording("The best panel could not be worked out in time; ask for fewer seats, or leave out some rules.")
        )


@dataclass(frozen=True, slots=True)
class Seat:
    """One person of a panel.

    ``fit`` is how likely they fit the event as a whole, 0 to 1; ``topics`` are those that nobody on it covers better,
    ``needed_for`` the rules that would be broken without them, and ``substitutes`` who could sit there instead with all
    rules kept, best first.
    """

    expert: ExpertId
    fit: float
    topics: tuple[TopicId, ...]
    needed_for: tuple[Rule, ...]
    substitutes: tuple[ExpertId, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """People who keep the rules together; ``coverage`` is how well each topic is covered by its best person, 0 to 1.

    ``quality`` is what panels of one event are compared by, and nothing more.
    """

    seats: tuple[Seat, ...]
    coverage: tuple[tuple[TopicId, float], ...]
    quality: float

    @property
    def experts(self) -> list[ExpertId]:
        """Who sits on it, by id."""
        return [seat.expert for seat in self.seats]


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A rule that gives way by so many people."""

    rule: Rule
    by: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """Rules that cannot be kept together, as few as there can be; and how to go on.

    ``relaxed`` are the fewest rules, by the fewest people, that must give way, and ``panel`` is the best one then.
    """

    rules: tuple[Rule, ...]
    relaxed: tuple[Relaxed, ...]
    panel: Panel


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The best panel and others that differ, or the conflict that leaves none."""

    best: Panel | None
    alternatives: tuple[Panel, ...] = ()
    conflict: Conflict | None = None
