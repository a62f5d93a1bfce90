"""The best panel that keeps all rules, proven by CP-SAT, and others as good as can be; or which rules are in conflict.

A panel is as good as the sum of how well its best person covers each topic of the event, and of how well each of its
people fits the event as a whole, which counts a quarter of a topic. Whoever was on it before stays where the rules let
them: one person less changed counts more than anything else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType

from ortools.sat.python import cp_model

from graph.panels.panel import Conflict, Panel, PanelTooHard, Relaxed, Seat, Suggestion, TooFewCandidates
from graph.panels.rules import Panellist, Rule, RuleKind
from graph.values import ExpertId, TopicId

__all__ = ["ALTERNATIVES", "APART", "FIT", "TOPIC", "suggest"]

TOPIC, FIT = 1_000, 250
"""What covering a topic counts, and fitting as a whole."""
ALTERNATIVES = 3
APART = 2
"""People in whom two panels differ at least, where so many seats are free."""
SUBSTITUTES = 3
LONGEST_S = 10.0
"""For one panel; a hundred people and eight seats take some hundredths."""


def suggest(
    people: Iterable[Panellist],
    *,
    topics: Sequence[TopicId],
    seats: int,
    rules: Sequence[Rule] = (),
    before: Iterable[ExpertId] = (),
) -> Suggestion:
    """The best panel of so many seats. ``before`` is who was on it when it was suggested last.

    The same people, rules and seats always give the same panel. Up to a hundred people take some tenths of a second of
    one processor.

    Raises:
        TooFewCandidates: there are fewer people than seats.
        PanelTooHard: it takes too long.
    """
    asked = _Asked(sorted(people, key=lambda one: one.expert), tuple(topics), seats, tuple(rules), frozenset(before))
    if len(asked.people) < seats:
        raise TooFewCandidates(len(asked.people), seats=seats)
    best = asked.best()
    if best is None:
        return Suggestion(None, conflict=asked.conflict())
    found = [best]
    free = seats - sum(rule.kind is RuleKind.INCLUDED for rule in rules)
    while len(found) <= ALTERNATIVES:
        other = asked.best(unlike=found, apart=min(APART, max(free, 1)))
        if other is None:
            break
        found.append(other)
    first, *others = (asked.panel(places) for places in found)
    return Suggestion(asked.with_substitutes(first), tuple(others))


@dataclass(frozen=True)
class _Asked:
    """What a panel is asked of; people are places in ``people``."""

    people: list[Panellist]
    topics: tuple[TopicId, ...]
    seats: int
    rules: tuple[Rule, ...]
    before: frozenset[ExpertId]

    def best(
        self,
        *,
        unlike: Sequence[Sequence[int]] = (),
        apart: int = 1,
        slack: Mapping[Rule, int] = MappingProxyType({}),
    ) -> list[int] | None:
        """The best panel that keeps all rules and differs from others in so many people; None: there is none.

        Rules that have a slack may be missed by so many people.
        """
        model = _Model(self)
        for rule, groups in zip(self.rules, self.groups, strict=True):
            for group in groups:
                model.hold(group, rule, slack=slack.get(rule, 0))
        for places in unlike:
            model.at_most(places, self.seats - apart)
        return model.solved(model.quality)

    def conflict(self) -> Conflict:
        """Why no panel keeps all rules. The fewest rules in conflict hit each set of rules that may be left out.

        After: Reiter, A theory of diagnosis from first principles (1987), and Ignatiev et al., Smallest MUS extraction
        with minimal hitting set dualization (2015).
        """
        least = given = self._given()
        left_out, core = [], []
        while given:
            left_out.append([number for number, people in enumerate(given) if people])
            core = _hitting(left_out, len(self.rules))
            given = self._given(core)
        slack = {rule: people for rule, people in zip(self.rules, least, strict=True) if people}
        relaxed = tuple(Relaxed(rule, people) for rule, people in slack.items())
        return Conflict(tuple(self.rules[number] for number in core), relaxed, self.panel(self.best(slack=slack) or ()))

    def _given(self, core: Sequence[int] = ()) -> Sequence[int]:
        """By how many people each rule must give way so that the others can be kept: as few rules as can be, by as few.

        Those of the core do not; empty if these alone cannot be kept.
        """
        model = _Model(self, has_quality=False)
        most = max([self.seats, *(rule.bound for rule in self.rules)])  # a rule may ask for more people than sit
        by = [model.cp.new_int_var(0, 0 if number in core else most, "") for number in range(len(self.rules))]
        gives = [model.cp.new_bool_var("") for _ in self.rules]
        for number, (rule, groups) in enumerate(zip(self.rules, self.groups, strict=True)):
            model.cp.add(by[number] <= most * gives[number])
            for group in groups:
                model.hold(group, rule, slack=by[number])
        # A rule more costs more than all people whom rules could give way by.
        if model.solved(-sum(by) - (1 + most * len(self.rules)) * sum(gives)) is None:
            return ()
        return [model.solver.value(people) for people in by]

    @cached_property
    def groups(self) -> list[list[list[int]]]:
        """The groups of each rule."""
        return [rule.groups(self.people) for rule in self.rules]

    @cached_property
    def covers(self) -> list[list[int]]:
        """How well each person covers each topic, in what it counts."""
        return [[round(TOPIC * person.covers.get(topic, 0.0)) for topic in self.topics] for person in self.people]

    @cached_property
    def fits(self) -> list[int]:
        """How well each person fits as a whole, in what it counts; and more than all for who was there before."""
        return [
            round(FIT * person.fit) + (self._kept_counts if person.expert in self.before else 0)
            for person in self.people
        ]

    @property
    def _kept_counts(self) -> int:
        return 1 + len(self.topics) * TOPIC + self.seats * FIT

    def quality(self, places: Sequence[int]) -> int:
        """How good a panel of these people is."""
        covered = sum(max(self.covers[place][topic] for place in places) for topic in range(len(self.topics)))
        return covered + sum(self.fits[place] for place in places)

    def panel(self, places: Sequence[int]) -> Panel:
        """The panel of these people, with the reasons for each seat."""
        people = [self.people[place] for place in places]
        best = [max(person.covers.get(topic, 0.0) for person in people) for topic in self.topics]
        kept = [rule for rule in self.rules if rule.is_kept(people)]
        return Panel(
            tuple(
                Seat(
                    person.expert,
                    person.fit,
                    tuple(
                        topic
                        for topic, most in zip(self.topics, best, strict=True)
                        if most and person.covers.get(topic, 0.0) == most
                    ),
                    tuple(
                        rule
                        for rule in kept
                        if rule.is_at_least and not rule.is_kept([one for one in people if one is not person])
                    ),
                    (),
                )
                for person in people
            ),
            tuple(zip(self.topics, best, strict=True)),
            (sum(best) * TOPIC + sum(person.fit for person in people) * FIT) / TOPIC,
        )

    def with_substitutes(self, panel: Panel) -> Panel:
        """The same panel, with who could sit on each seat instead."""
        places = [place for place, person in enumerate(self.people) if person.expert in set(panel.experts)]
        seats = [
            replace(seat, substitutes=self._substitutes(place, places))
            for seat, place in zip(panel.seats, places, strict=True)
        ]
        return Panel(tuple(seats), panel.coverage, panel.quality)

    def _substitutes(self, leaves: int, places: Sequence[int]) -> tuple[ExpertId, ...]:
        stay = [place for place in places if place != leaves]
        rules = [rule for rule in self.rules if rule != Rule(RuleKind.INCLUDED, of=self.people[leaves].expert)]
        others = [place for place in range(len(self.people)) if place not in places]
        others.sort(key=lambda place: (-self.quality([*stay, place]), place))
        found: list[ExpertId] = []
        for place in others:
            if len(found) == SUBSTITUTES:
                break
            panel = [self.people[one] for one in [*stay, place]]
            if all(rule.is_kept(panel) for rule in rules):
                found.append(self.people[place].expert)
        return tuple(found)


class _Model:
    """A model of CP-SAT: who sits, and who covers which topic."""

    def __init__(self, asked: _Asked, *, has_quality: bool = True) -> None:
        self.cp = cp_model.CpModel()
        self.solver = cp_model.CpSolver()
        self.solver.parameters.num_workers = 1  # the same panel each time, and the other processors stay free
        self.solver.parameters.linearization_level = 2  # twenty times as fast here as without the linear relaxation
        self.solver.parameters.max_time_in_seconds = LONGEST_S
        self.sits = [self.cp.new_bool_var("") for _ in asked.people]
        self.cp.add(sum(self.sits) == asked.seats)
        self._told, self._counts = [*self.sits], [*asked.fits]
        for topic in range(len(asked.topics) if has_quality else 0):
            self._cover([covers[topic] for covers in asked.covers])

    @property
    def quality(self) -> cp_model.LinearExprT:
        """How good the panel of those who sit is."""
        return cp_model.LinearExpr.weighted_sum(self._told, self._counts)

    def _cover(self, worth: Sequence[int]) -> None:
        """A topic counts what it is worth to the best who sits: for each step up, whether somebody reaches it."""
        for lower, upper in pairwise(sorted({0, *worth})):
            is_reached = self.cp.new_bool_var("")
            reach_it = [sits for sits, one in zip(self.sits, worth, strict=True) if one >= upper]
            self.cp.add(cp_model.LinearExpr.sum(reach_it) >= is_reached)
            self._told.append(is_reached)
            self._counts.append(upper - lower)

    def at_most(self, places: Iterable[int], number: int) -> None:
        """Of these people at most so many sit."""
        self.cp.add(sum(self.sits[place] for place in places) <= number)

    def hold(self, group: Sequence[int], rule: Rule, *, slack: cp_model.IntVar | int = 0) -> None:
        """A rule's group has as many people as it must, or so many more or less."""
        sitting = [self.sits[place] for place in group]
        if rule.is_at_least:
            self.cp.add(cp_model.LinearExpr.sum([*sitting, slack]) >= rule.bound)
        else:
            self.cp.add(cp_model.LinearExpr.sum(sitting) <= slack + rule.bound)

    def solved(self, aim: cp_model.LinearExprT) -> list[int] | None:
        """Who sits where the aim is largest, proven; None if nothing is possible."""
        self.cp.maximize(aim)
        if not _is_solved(self.cp, self.solver):
            return None
        return [place for place, sits in enumerate(self.sits) if self.solver.boolean_value(sits)]


def _is_solved(model: cp_model.CpModel, solver: cp_model.CpSolver) -> bool:
    """Whether the best of all solutions was found; False: there is none.

    Raises:
        PanelTooHard: it took too long to prove either.
    """
    status = solver.solve(model)
    if status not in {cp_model.OPTIMAL, cp_model.INFEASIBLE}:
        raise PanelTooHard
    return bool(status == cp_model.OPTIMAL)


def _hitting(sets: Sequence[Sequence[int]], size: int) -> list[int]:
    """As few numbers below ``size`` as can be, with one at least of each set."""
    model, solver = cp_model.CpModel(), cp_model.CpSolver()
    solver.parameters.num_workers = 1
    is_in = [model.new_bool_var("") for _ in range(size)]
    for one in sets:
        model.add_bool_or([is_in[number] for number in one])
    model.minimize(sum(is_in))
    _is_solved(model, solver)
    return [number for number, chosen in enumerate(is_in) if solver.boolean_value(chosen)]
