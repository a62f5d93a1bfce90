"""Panels: who should speak at an event together, under an organiser's rules.

The candidates are the people nearest to what the event is about (graph.search); which of them sit is worked out by
:mod:`graph.panels.solving`, on what the organiser sees of them and nothing else.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from graph.errors import GraphError, NoSuchExpert
from graph.filters import ANYONE, ExpertFilter
from graph.graph import Graph
from graph.panels.candidates import LATELY, panellists, plan_of
from graph.panels.panel import Conflict, Panel, PanelTooHard, Relaxed, Seat, Suggestion, TooFewCandidates
from graph.panels.rules import Rule, RuleKind
from graph.permissions import may_seek_speakers, refuse_unless
from graph.search import Search
from graph.values import EventId, ExpertId
from graph.viewer import Viewer
from graph.wording import Wording

__all__ = [
    "LATELY",
    "MOST_RULES",
    "MOST_SEATS",
    "Conflict",
    "NotSoFew",
    "NotSoManyRules",
    "NotSoManySeats",
    "Panel",
    "PanelTooHard",
    "Relaxed",
    "Rule",
    "RuleKind",
    "Seat",
    "Suggested",
    "TooFewCandidates",
    "suggest_panel",
]

MOST_SEATS = 20
MOST_RULES = 60
CANDIDATES = 100
"""How many people nearest to the event are thought of; those who are named come beside."""


class NotSoManySeats(GraphError):
    """Somebody asked for a panel of nobody, or of a crowd."""

    def __init__(self, seats: int) -> None:
        super().__init__(Wording("A panel has 1 to %(most)s seats, not %(seats)s.", most=MOST_SEATS, seats=seats))


class NotSoManyRules(GraphError):
    """A panel has more rules than anybody keeps in mind."""

    def __init__(self, rules: int) -> None:
        super().__init__(
            Wording("A panel has %(most)s rules at most, not %(rules)s; leave some out.", most=MOST_RULES, rules=rules)
        )


class NotSoFew(GraphError):
    """A rule counts fewer people, or talks, than none."""

    def __init__(self, number: int) -> None:
        super().__init__(Wording("A rule counts 0 people or talks, or more, not %(number)s.", number=number))


@dataclass(frozen=True, slots=True)
class Suggested:
    """What was found for an event, out of so many candidates."""

    suggestion: Suggestion
    candidates: int


async def suggest_panel(
    graph: Graph,
    viewer: Viewer,
    *,
    search: Search,
    event: EventId,
    seats: int,
    rules: Sequence[Rule] = (),
    before: Collection[ExpertId] = (),
    only: ExpertFilter = ANYONE,
) -> Suggested:
    """The best panel for an event of those who pass a filter and are free on its days, under these rules.

    Who must be on it, or was on it ``before``, is a candidate whatever the filter says.

    Raises:
        NotAllowed: the viewer is no organiser.
        NotSoManySeats, NotSoManyRules, NotSoFew: it is no panel.
        NoSuchEvent: there is none of this id.
        NoSuchExpert: a rule names somebody whom the viewer does not see.
        TooFewCandidates: there are fewer of them than seats.
        PanelTooHard: the best panel is not found in time.
        EmptyQuestion: nothing is said of what the event is about.
        EncoderMismatch: the graph's vectors were written by another encoder.
    """
    refuse_unless(may_seek_speakers(viewer), "compose panels", who="organisers")
    if not 1 <= seats <= MOST_SEATS:
        raise NotSoManySeats(seats)
    if len(rules) > MOST_RULES:
        raise NotSoManyRules(len(rules))
    for rule in rules:
        if rule.number < 0:
            raise NotSoFew(rule.number)
    plan = await plan_of(graph, viewer, event=event)
    if plan.days is not None and only.available is None:
        only = replace(only, available=plan.days)
    near = await search.near_event(viewer, event, first=CANDIDATES, only=only)
    named = {ExpertId(rule.of) for rule in rules if rule.kind in {RuleKind.INCLUDED, RuleKind.EXCLUDED}}
    included = {ExpertId(rule.of) for rule in rules if rule.kind is RuleKind.INCLUDED}
    fits = {score.expert: score.confidence for score in near}
    people = await panellists(
        graph,
        viewer,
        event=event,
        topics=plan.topics,
        people=sorted({*fits, *named, *before}),
        fits=fits,
        since=datetime.now(UTC) - LATELY,
    )
    unknown = named - {person.expert for person in people}
    if unknown:
        raise NoSuchExpert(min(unknown))
    meant = [person for person in people if person.expert in fits or person.expert in {*included, *before}]

    def solved() -> Suggestion:
        from graph.panels.solving import suggest  # takes a second to import, and who asks for no panel needs none of it

        return suggest(meant, topics=plan.topics, seats=seats, rules=list(dict.fromkeys(rules)), before=before)

    return Suggested(await asyncio.to_thread(solved), len(meant))
