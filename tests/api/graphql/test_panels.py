"""``suggestPanel``: the rules as an organiser writes them, and what is told of a seat."""

from typing import Any

import pytest
from strawberry.relay import to_base64

from api.door import Visitor
from api.graphql.context import Context
from api.graphql.schema import schema
from api.network import OpenNetwork
from graph.viewer import Role, Viewer

EVENT = "briefing-legislation"
SUGGEST = """
query ($event: ID!, $seats: Int!, $rules: PanelRules, $filter: MatchFilter, $before: [ID!]) {
  suggestPanel(event: $event, seats: $seats, rules: $rules, filter: $filter, before: $before) {
    candidates
    panel {
      quality
      seats { expert { slug } topics { slug } neededFor { kind number of phrase } substitutes { slug } }
      coverage { covered topic { slug } }
    }
    alternatives { seats { expert { slug } substitutes { slug } } }
    conflict { rules { kind } relaxed { by rule { phrase } } panel { seats { expert { slug } } } }
  }
}
"""


async def asked(sample: OpenNetwork, *, role: Role = Role.ORGANISER, seats: int = 3, **said: object) -> Any:
    visitor = Visitor(Viewer(role), account=None, session=None, csrf="")
    variables = {"event": EVENT, "seats": seats, **said}
    return await schema.execute(SUGGEST, variable_values=variables, context_value=Context.of(sample, visitor))


async def suggested(sample: OpenNetwork, **said: Any) -> dict[str, Any]:
    result = await asked(sample, **said)
    assert result.errors is None
    found: dict[str, Any] = result.data["suggestPanel"]
    return found


def people_of(panel: dict[str, Any]) -> set[str]:
    return {seat["expert"]["slug"] for seat in panel["seats"]}


async def test_a_seat_has_its_reasons_and_who_could_sit_there(sample: OpenNetwork) -> None:
    rules = {"languages": [{"language": "Arabic", "atLeast": 1}], "regions": [{"region": "Americas"}]}

    found = await suggested(sample, rules=rules)

    panel = found["panel"]
    assert found["conflict"] is None
    assert found["candidates"] > 50
    assert len(people_of(panel)) == 3
    needed = {rule["phrase"] for seat in panel["seats"] for rule in seat["neededFor"]}
    assert needed == {"at least 1 who speak Arabic fluently", "at least 1 from Americas"}
    covered = {one["topic"]["slug"]: one["covered"] for one in panel["coverage"]}
    assert set(covered.values()) <= {0.0, 0.4, 0.5, 0.64, 0.8, 1.0}
    assert {topic["slug"] for seat in panel["seats"] for topic in seat["topics"]} == {
        topic for topic, share in covered.items() if share
    }
    for seat in panel["seats"]:
        others = {one["slug"] for one in seat["substitutes"]}
        assert len(others) == 3
        assert others.isdisjoint(people_of(panel))
    assert len(found["alternatives"]) == 3
    assert all(len(people_of(panel) & people_of(other)) <= 1 for other in found["alternatives"])


async def test_people_and_events_are_named_by_slug_or_id(sample: OpenNetwork) -> None:
    (somebody, *_) = sorted(people_of((await suggested(sample))["panel"]))

    by_slug = await suggested(sample, rules={"exclude": [somebody]})
    by_id = await suggested(sample, event=to_base64("Event", EVENT), rules={"exclude": [to_base64("Expert", somebody)]})

    assert somebody not in people_of(by_slug["panel"])
    assert by_id == by_slug


async def test_a_conflict_names_rules_and_what_gives_way(sample: OpenNetwork) -> None:
    genders = [{"gender": "WOMAN", "atLeast": 2}, {"gender": "MAN", "atLeast": 2}]

    found = await suggested(sample, rules={"genders": genders})

    assert found["panel"] is None
    assert found["alternatives"] == []
    assert [rule["kind"] for rule in found["conflict"]["rules"]] == ["GENDER", "GENDER"]
    (relaxed,) = found["conflict"]["relaxed"]
    assert relaxed["by"] == 1
    assert relaxed["rule"]["phrase"] in {"at least 2 women", "at least 2 men"}
    assert len(people_of(found["conflict"]["panel"])) == 3


@pytest.mark.parametrize(
    "said, message",
    [
        ({"event": "nothing"}, "no event"),
        ({"seats": 0}, "A panel has 1 to 20 seats, not 0."),
        ({"rules": {"include": ["nobody"]}}, "nobody"),
        ({"rules": {"regions": [{"region": "Atlantis"}]}}, "Atlantis"),
        ({"rules": {"languages": [{"language": "Frensh"}]}}, "Frensh"),
        ({"rules": {"newcomers": -1}}, "A rule counts 0 people or talks, or more, not -1."),
    ],
)
async def test_what_cannot_be_is_one_sentence(sample: OpenNetwork, said: dict[str, Any], message: str) -> None:
    result = await asked(sample, **said)

    assert result.errors is not None
    (error,) = result.errors
    assert message in error.message


async def test_members_compose_no_panels(sample: OpenNetwork) -> None:
    result = await asked(sample, role=Role.MEMBER)

    assert result.errors is not None
    assert "organisers" in result.errors[0].message
