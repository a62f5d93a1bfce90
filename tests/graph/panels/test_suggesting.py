"""Panels of the sample network: every rule is kept, who is known of is named, and who asks is an organiser."""

import random
from collections import Counter
from collections.abc import Sequence
from typing import Any, LiteralString

import pytest

from api.network import OpenNetwork
from graph.errors import NoSuchEvent, NoSuchExpert
from graph.filters import ExpertFilter
from graph.panels import (
    MOST_RULES,
    MOST_SEATS,
    NotSoManyRules,
    NotSoManySeats,
    Rule,
    RuleKind,
    Suggested,
    TooFewCandidates,
    suggest_panel,
)
from graph.permissions import NotAllowed
from graph.values import EventId, LanguageId
from graph.viewer import Role, Viewer

EVENT = EventId("briefing-religious-sites")
ORGANISER = Viewer(Role.ORGANISER)
AFRICA = "002"

ABOUT: LiteralString = """
UNWIND $people AS id
MATCH (e:Expert {id: id})
RETURN e.id AS expert, e.gender AS gender,
       COLLECT { MATCH (e)-[:BASED_IN]->(c:Country) RETURN c.id } AS countries,
       COLLECT { MATCH (e)-[:BASED_IN]->()-[:IN_REGION]->()-[:WITHIN]->*(r:Region) RETURN r.id } AS regions,
       COLLECT { MATCH (e)-[s:SPEAKS]->(l) WHERE s.level IN ['native', 'fluent'] RETURN l.id } AS languages,
       COLLECT { MATCH (e)-[a:AFFILIATED_WITH]->(o) WHERE a.to IS NULL RETURN DISTINCT o.id } AS organisations,
       COUNT { (e)-[:SPOKE_AT]->() } AS talks
"""


async def suggested(
    sample: OpenNetwork, *rules: Rule, seats: int = 4, viewer: Viewer = ORGANISER, event: str = EVENT, **how: Any
) -> Suggested:
    return await suggest_panel(
        sample.graph, viewer, search=sample.search, event=EventId(event), seats=seats, rules=rules, **how
    )


async def about(sample: OpenNetwork, people: Sequence[str]) -> Sequence[Any]:
    return await sample.graph.read(ABOUT, people=list(people))


async def test_the_best_panel_and_the_others_keep_every_rule(sample: OpenNetwork) -> None:
    found = await suggested(
        sample,
        Rule(RuleKind.REGION, 2, AFRICA),
        Rule(RuleKind.LANGUAGE, 2, "fr"),
        Rule(RuleKind.GENDER, 2, "woman"),
        Rule(RuleKind.NEWCOMERS, 1),
        Rule(RuleKind.ORGANISATION, 1),
        Rule(RuleKind.COUNTRY, 1),
    )

    best = found.suggestion.best
    assert best is not None
    others = found.suggestion.alternatives
    assert len(others) == 3
    assert best.quality >= max(other.quality for other in others)
    for panel in (best, *others):
        people = await about(sample, panel.experts)
        assert len(people) == 4
        assert sum(AFRICA in one["regions"] for one in people) >= 2
        assert sum("fr" in one["languages"] for one in people) >= 2
        assert sum(one["gender"] == "woman" for one in people) >= 2
        assert any(one["talks"] == 0 for one in people)
        for shared in ("countries", "organisations"):
            assert max(Counter(id for one in people for id in one[shared]).values()) == 1


async def test_who_speaks_at_the_event_already_is_not_suggested(sample: OpenNetwork) -> None:
    found = await suggested(sample, seats=8)
    rows = await sample.graph.read("MATCH (e)-[:SPOKE_AT]->({id: $event}) RETURN e.id AS id", event=EVENT)

    best = found.suggestion.best
    assert best is not None
    assert rows
    assert {row["id"] for row in rows}.isdisjoint(best.experts)


async def test_to_leave_somebody_out_changes_as_little_as_can_be(sample: OpenNetwork) -> None:
    before = (await suggested(sample)).suggestion.best
    assert before is not None
    leaves = random.Random(7).choice(before.experts)

    found = await suggested(sample, Rule(RuleKind.EXCLUDED, of=leaves), before=before.experts)

    best = found.suggestion.best
    assert best is not None
    assert set(before.experts) - set(best.experts) == {leaves}


async def test_who_must_be_on_it_is_whatever_the_filter_says(sample: OpenNetwork) -> None:
    only = ExpertFilter(languages=frozenset({LanguageId("ar")}))
    (somebody,) = (await suggested(sample, seats=1)).suggestion.best.experts  # type: ignore[union-attr]
    included = Rule(RuleKind.INCLUDED, of=somebody)

    found = await suggested(sample, included, only=only)

    best = found.suggestion.best
    assert best is not None
    assert somebody in best.experts
    people = await about(sample, [expert for expert in best.experts if expert != somebody])
    rows = await sample.graph.read("MATCH (e:Expert)-[:SPEAKS]->({id: 'ar'}) RETURN collect(DISTINCT e.id) AS speak_it")
    assert {one["expert"] for one in people} <= set(rows[0]["speak_it"])


async def test_rules_that_cannot_be_kept_together_are_named_and_one_gives_way(sample: OpenNetwork) -> None:
    women, men = Rule(RuleKind.GENDER, 3, "woman"), Rule(RuleKind.GENDER, 2, "man")
    french = Rule(RuleKind.LANGUAGE, 1, "fr")

    conflict = (await suggested(sample, women, french, men)).suggestion.conflict

    assert conflict is not None
    assert set(conflict.rules) == {women, men}
    (relaxed,) = conflict.relaxed
    assert relaxed.rule in {women, men}
    assert relaxed.by == 1
    assert len(conflict.panel.experts) == 4


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.MEMBER])
async def test_panels_are_for_organisers(sample: OpenNetwork, role: Role) -> None:
    with pytest.raises(NotAllowed):
        await suggested(sample, viewer=Viewer(role))


async def test_what_is_no_panel_is_refused(sample: OpenNetwork) -> None:
    with pytest.raises(NoSuchEvent):
        await suggested(sample, event="nothing")
    for seats in (0, MOST_SEATS + 1):
        with pytest.raises(NotSoManySeats):
            await suggested(sample, seats=seats)
    with pytest.raises(NotSoManyRules):
        await suggested(sample, *[Rule(RuleKind.NEWCOMERS, 1)] * (MOST_RULES + 1))
    for kind in (RuleKind.INCLUDED, RuleKind.EXCLUDED):
        with pytest.raises(NoSuchExpert):
            await suggested(sample, Rule(kind, of="nobody"))
    nobody = ExpertFilter(genders=frozenset(), countries=frozenset())
    with pytest.raises(TooFewCandidates):
        await suggested(sample, only=nobody)
