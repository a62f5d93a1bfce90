"""Which fields of somebody an administrator's page may compare: each group by its own audience."""

import pytest

from graph.graph import Graph, Transaction
from graph.people.sight import EVERY_GROUP, GENDER, groups_seen, groups_seen_of_all
from graph.viewer import FieldGroup, Role, Viewer

ADMINISTRATOR = Viewer(Role.ADMINISTRATOR, actor="account:a1")
MEMBER = Viewer(Role.MEMBER, actor="account:a2")
PERSON = "CREATE (e:Expert {id: 'ama', name: 'Ama'}) SET e += $audiences"


async def shown(graph: Graph, **audiences: int) -> None:
    everyone = {f"audience_{group}": 0 for group in FieldGroup}
    chosen = {f"audience_{group}": audience for group, audience in audiences.items()}
    await graph.write(PERSON, audiences=everyone | chosen)


@pytest.mark.parametrize("group", [group for group in FieldGroup if group is not FieldGroup.LISTING])
async def test_a_group_that_is_for_nobody_is_not_seen_and_the_others_are(graph: Graph, group: FieldGroup) -> None:
    await shown(graph, **{group: 3})

    assert await groups_seen(graph, ADMINISTRATOR) == {"ama": EVERY_GROUP - {group}}


async def test_who_is_for_nobody_is_not_there(graph: Graph) -> None:
    await shown(graph, listing=3)

    assert await groups_seen(graph, ADMINISTRATOR) == {}


async def test_gender_is_for_organisers_alone(graph: Graph) -> None:
    await shown(graph)

    async def of_a_member(tx: Transaction) -> frozenset[str]:
        return await groups_seen_of_all(tx, MEMBER, ["ama"])

    assert await graph.transact(of_a_member) == EVERY_GROUP - {GENDER}
