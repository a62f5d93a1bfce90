"""Panels against brute force: people of a small network in all ways, by rules told once more in Python."""

import random
from collections.abc import Iterable, Sequence
from itertools import chain, combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.panels.panel import Panel, TooFewCandidates
from graph.panels.rules import Panellist, Rule, RuleKind
from graph.panels.solving import ALTERNATIVES, APART, FIT, TOPIC, suggest
from graph.values import CountryId, ExpertId, Gender, LanguageId, OrganisationId, RegionId, TopicId
from tests.visibility.networks_by_chance import GENERATED

SEEDS = st.integers(0, 100_000)
TOPICS = [TopicId(f"topic-{number}") for number in range(4)]
REGIONS = [RegionId(f"{number:03}") for number in range(3)]
LANGUAGES = [LanguageId(tag) for tag in ("en", "fr", "ar")]
PEOPLE = 9
SEATS = 3


def somebody(chance: random.Random, number: int) -> Panellist:
    region = chance.choice(REGIONS)
    talks = chance.choice((None, 0, 1, 2, 5))
    return Panellist(
        ExpertId(f"person-{number}"),
        fit=chance.random(),
        covers={topic: chance.choice((0.5, 0.8, 1.0)) for topic in chance.sample(TOPICS, chance.randint(0, 2))},
        countries=frozenset(chance.sample([CountryId("AA"), CountryId("BB"), CountryId("CC")], chance.randint(0, 1))),
        regions=frozenset({region}),
        languages=frozenset(chance.sample(LANGUAGES, chance.randint(1, 2))),
        organisations=frozenset(OrganisationId(f"at-{chance.randrange(4)}") for _ in range(chance.randint(0, 2))),
        gender=chance.choice((*Gender, None)),
        talks=talks,
        is_new=None if talks is None else talks == 0 and chance.random() < 0.7,
    )


def rule_by_chance(chance: random.Random) -> Rule:
    kind = chance.choice(list(RuleKind))
    number = chance.choice((1, 1, 1, 2, 3, 7, 9_999))
    match kind:
        case RuleKind.REGION:
            return Rule(kind, number, chance.choice(REGIONS))
        case RuleKind.LANGUAGE:
            return Rule(kind, number, chance.choice(LANGUAGES))
        case RuleKind.GENDER:
            return Rule(kind, number, chance.choice(list(Gender)))
        case RuleKind.INCLUDED | RuleKind.EXCLUDED:
            return Rule(kind, of=f"person-{chance.randrange(PEOPLE + 1)}")
        case _:
            return Rule(kind, number)


def missed(rule: Rule, panel: Sequence[Panellist]) -> int:  # noqa: PLR0911 -- a rule each
    """By how many people a panel misses a rule; 0: it keeps it."""
    match rule.kind:
        case RuleKind.REGION:
            return max(0, rule.number - sum(rule.of in one.regions for one in panel))
        case RuleKind.LANGUAGE:
            return max(0, rule.number - sum(rule.of in one.languages for one in panel))
        case RuleKind.GENDER:
            return max(0, rule.number - sum(one.gender == rule.of for one in panel))
        case RuleKind.NEWCOMERS:
            return max(0, rule.number - sum(one.is_new is True for one in panel))
        case RuleKind.INCLUDED:
            return int(all(one.expert != rule.of for one in panel))
        case RuleKind.EXCLUDED:
            return sum(one.expert == rule.of for one in panel)
        case RuleKind.ORGANISATION:
            everywhere = [*chain.from_iterable(one.organisations for one in panel)]
            return max([0, *(everywhere.count(one) - rule.number for one in everywhere)])
        case RuleKind.COUNTRY:
            lived_in = [*chain.from_iterable(one.countries for one in panel)]
            return max([0, *(lived_in.count(one) - rule.number for one in lived_in)])
        case RuleKind.TALKS:
            return sum((one.talks or 0) > rule.number for one in panel)


def quality(panel: Sequence[Panellist]) -> int:
    covered = sum(max(round(TOPIC * one.covers.get(topic, 0.0)) for one in panel) for topic in TOPICS)
    return covered + sum(round(FIT * one.fit) for one in panel)


def all_panels(people: Sequence[Panellist], rules: Iterable[Rule]) -> list[tuple[Panellist, ...]]:
    rules = list(rules)
    return [panel for panel in combinations(people, SEATS) if not any(missed(rule, panel) for rule in rules)]


def members(panel: Panel, people: Sequence[Panellist]) -> list[Panellist]:
    return [one for one in people if one.expert in panel.experts]


def case(seed: int) -> tuple[list[Panellist], list[Rule]]:
    chance = random.Random(seed)
    rules = dict.fromkeys(rule_by_chance(chance) for _ in range(chance.randint(0, 6)))
    return [somebody(chance, number) for number in range(PEOPLE)], list(rules)


@settings(GENERATED, max_examples=150)
@given(seed=SEEDS)
def test_the_best_panel_is_the_best_of_all_panels(seed: int) -> None:
    people, rules = case(seed)
    kept = all_panels(people, rules)

    found = suggest(people, topics=TOPICS, seats=SEATS, rules=rules)

    assert (found.best is None) == (not kept)
    assert (found.conflict is None) == bool(kept)
    if found.best is None:
        return
    assert quality(members(found.best, people)) == max(map(quality, kept))
    named = {rule.of for rule in rules if rule.kind is RuleKind.INCLUDED}
    apart = min(APART, max(SEATS - len(named), 1))
    earlier = [{*found.best.experts}]
    for other in found.alternatives:
        different = [one for one in kept if all(len({p.expert for p in one} - of) >= apart for of in earlier)]
        assert quality(members(other, people)) == max(map(quality, different))
        earlier.append({*other.experts})
    left = [one for one in kept if all(len({p.expert for p in one} - of) >= apart for of in earlier)]
    assert len(found.alternatives) == ALTERNATIVES or not left


@settings(GENERATED, max_examples=150)
@given(seed=SEEDS)
def test_a_seat_tells_what_it_is_for_and_who_could_sit_there(seed: int) -> None:
    people, rules = case(seed)
    found = suggest(people, topics=TOPICS, seats=SEATS, rules=rules)
    if found.best is None:
        return
    panel = members(found.best, people)

    assert [seat.expert for seat in found.best.seats] == [one.expert for one in panel]
    for seat, person in zip(found.best.seats, panel, strict=True):
        stay = [one for one in panel if one is not person]
        needs = [rule for rule in rules if rule.number and missed(rule, stay) > missed(rule, panel)]
        assert list(seat.needed_for) == needs
        assert seat.fit == person.fit
        best = {topic: max(one.covers.get(topic, 0.0) for one in panel) for topic in TOPICS}
        assert [*seat.topics] == [topic for topic, most in best.items() if most and person.covers.get(topic) == most]
        theirs = [rule for rule in rules if rule != Rule(RuleKind.INCLUDED, of=person.expert)]
        instead = [one for one in people if one not in panel and not any(missed(r, [*stay, one]) for r in theirs)]
        instead.sort(key=lambda one: -quality([*stay, one]))
        assert [quality([*stay, one]) for one in people_of(seat.substitutes, people)] == [
            quality([*stay, one]) for one in instead[:3]
        ]


def people_of(experts: Iterable[ExpertId], people: Sequence[Panellist]) -> list[Panellist]:
    by_id = {one.expert: one for one in people}
    return [by_id[expert] for expert in experts]


@settings(GENERATED, max_examples=150)
@given(seed=SEEDS)
def test_a_conflict_is_as_small_as_can_be_and_so_is_what_must_give_way(seed: int) -> None:
    people, rules = case(seed)
    conflict = suggest(people, topics=TOPICS, seats=SEATS, rules=rules).conflict
    if conflict is None:
        return

    assert all_panels(people, conflict.rules) == []
    smaller = chain.from_iterable(combinations(rules, size) for size in range(len(conflict.rules)))
    assert all(all_panels(people, some) for some in smaller)

    given_way = [[missed(rule, panel) for rule in rules] for panel in combinations(people, SEATS)]
    least = min((sum(map(bool, misses)), sum(misses)) for misses in given_way)
    assert (len(conflict.relaxed), sum(one.by for one in conflict.relaxed)) == least
    by = {one.rule: one.by for one in conflict.relaxed}
    assert all(missed(rule, members(conflict.panel, people)) <= by.get(rule, 0) for rule in rules)


@pytest.mark.parametrize("number", [0, 2 * SEATS, 2 * SEATS + 1, 9_999])
@pytest.mark.parametrize("kind", [kind for kind in RuleKind if kind not in {RuleKind.INCLUDED, RuleKind.EXCLUDED}])
def test_a_rule_may_ask_for_more_people_than_sit(kind: RuleKind, number: int) -> None:
    people, _ = case(1)
    of = {RuleKind.REGION: REGIONS[0], RuleKind.LANGUAGE: LANGUAGES[0], RuleKind.GENDER: Gender.WOMAN}
    rule = Rule(kind, number, of.get(kind, ""))

    found = suggest(people, topics=TOPICS, seats=SEATS, rules=[rule])

    least = min(missed(rule, panel) for panel in combinations(people, SEATS))
    assert least == (0 if found.conflict is None else found.conflict.relaxed[0].by)
    panel = found.best or (found.conflict and found.conflict.panel)
    assert panel
    assert missed(rule, members(panel, people)) == least


@settings(GENERATED, max_examples=100)
@given(seed=SEEDS)
def test_asking_again_with_somebody_locked_changes_as_few_as_can_be(seed: int) -> None:
    people, rules = case(seed)
    first = suggest(people, topics=TOPICS, seats=SEATS, rules=rules)
    if first.best is None:
        return
    locked = [*rules, Rule(RuleKind.INCLUDED, of=f"person-{seed % PEOPLE}")]
    kept = all_panels(people, locked)

    again = suggest(people, topics=TOPICS, seats=SEATS, rules=locked, before=first.best.experts)

    assert (again.best is None) == (not kept)
    if again.best is None:
        return
    stay = [len({one.expert for one in panel} & {*first.best.experts}) for panel in kept]
    assert len({*again.best.experts} & {*first.best.experts}) == max(stay)
    same = [panel for panel, stays in zip(kept, stay, strict=True) if stays == max(stay)]
    assert quality(members(again.best, people)) == max(map(quality, same))


def test_the_order_of_people_does_not_matter() -> None:
    people, _ = case(1)
    found: list[Any] = [suggest(order, topics=TOPICS, seats=SEATS) for order in (people, people[::-1])]

    assert found[0] == found[1]


def test_fewer_people_than_seats_are_said() -> None:
    with pytest.raises(TooFewCandidates, match="9 candidates for 10 seats"):
        suggest(case(1)[0], topics=TOPICS, seats=10)
