"""Who sees what of a person: what the person chose, what the network says where they chose nothing, what is in force.

A choice is in force when its transaction ends, in every page and every search: graph.passages stamps it. What may be
found again after a wider choice has no vector yet; that is written by :func:`graph.vectors.embed_waiting`, and until
then full text finds it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import LiteralString, Self

from graph.changes import record
from graph.errors import NoSuchExpert
from graph.graph import Graph, Row, Transaction
from graph.passages import EVERYBODY, hold_stamps, restamp
from graph.permissions import may_read_choices, may_set_audiences, may_set_network, refuse_unless
from graph.values import ExpertId
from graph.viewer import DEFAULT_AUDIENCES, Audience, FieldGroup, Viewer

__all__ = ["Standing", "choose", "of_network", "of_person", "set_of_network", "set_of_person"]

# 10,000 people with 30,000 passages are restamped in some 10 s; a network may be larger and its machine slower.
RESTAMPING_TIMEOUT_S = 900.0


@dataclass(frozen=True, slots=True)
class Standing:
    """Who sees one group of a person's fields; ``chosen`` is None where the person leaves it to the network.

    ``in_force`` may be narrower than the choice: nothing of a person is shown more widely than that they are listed,
    and what consent was withdrawn for is for nobody.
    """

    chosen: Audience | None
    network: Audience
    in_force: Audience

    @classmethod
    def from_row(cls, row: Row) -> Self:
        """From a row with ``group``, ``chosen``, ``network`` and ``stamped`` (numbers or null)."""
        return cls(
            None if row["chosen"] is None else Audience(row["chosen"]),
            DEFAULT_AUDIENCES[FieldGroup(row["group"])] if row["network"] is None else Audience(row["network"]),
            Audience.NOBODY if row["stamped"] is None else Audience(row["stamped"]),
        )


OF_PERSON: LiteralString = """
MATCH (e:Expert {id: $expert})
OPTIONAL MATCH (n:Network {id: 'network'})
UNWIND $groups AS group
RETURN group, e['chosen_' + group] AS chosen, n['audience_' + group] AS network, e['audience_' + group] AS stamped
"""

CHOOSE: LiteralString = """
MATCH (e:Expert {id: $expert})
SET e += $chosen
"""

OF_NETWORK: LiteralString = """
MATCH (n:Network {id: 'network'})
UNWIND $groups AS group
RETURN group, n['audience_' + group] AS network
"""

SET_OF_NETWORK: LiteralString = """
MERGE (n:Network {id: 'network'})
SET n += $audiences
"""


async def of_person(graph: Graph, viewer: Viewer, *, expert: ExpertId) -> Mapping[FieldGroup, Standing]:
    """What a person chose and what is in force, for each group of their fields.

    Raises:
        NotAllowed: the viewer is neither the person nor an administrator.
        NoSuchExpert: there is no such person.
    """
    refuse_unless(may_read_choices(viewer, expert), "read what this person chose", who="the person")
    rows = await graph.read(OF_PERSON, expert=expert, groups=list(FieldGroup))
    return _standings(rows, expert)


async def choose(
    tx: Transaction, viewer: Viewer, *, expert: ExpertId, chosen: Mapping[FieldGroup, Audience | None]
) -> Mapping[FieldGroup, Standing]:
    """Set a person's own choice for some groups, in a transaction that does more; what stands then, for every group.

    None leaves a group to the network. To be called after everything but changes: the change log is written here.

    Raises:
        NotAllowed: the viewer is not the person.
        NoSuchExpert: there is no such person.
    """
    refuse_unless(may_set_audiences(viewer, expert), "choose who sees what of this person", who="that person alone")
    await hold_stamps(tx)
    before = _standings(await tx.run(OF_PERSON, expert=expert, groups=list(FieldGroup)), expert)
    changed = {group: audience for group, audience in chosen.items() if before[group].chosen != audience}
    if not changed:
        return before
    await tx.run(CHOOSE, expert=expert, chosen={f"chosen_{group}": _number(of) for group, of in changed.items()})
    await restamp(tx, experts=[expert])
    after = _standings(await tx.run(OF_PERSON, expert=expert, groups=list(FieldGroup)), expert)
    await record(
        tx,
        viewer,
        verb="audiences chosen",
        subject=f"expert:{expert}",
        fields=list(changed),
        before={group: _name(before[group].chosen) for group in changed},
        after={group: _name(audience) for group, audience in changed.items()},
    )
    return after


async def set_of_person(
    graph: Graph, viewer: Viewer, *, expert: ExpertId, chosen: Mapping[FieldGroup, Audience | None]
) -> Mapping[FieldGroup, Standing]:
    """As :func:`choose`, in a transaction of its own."""

    async def work(tx: Transaction) -> Mapping[FieldGroup, Standing]:
        return await choose(tx, viewer, expert=expert, chosen=chosen)

    return await graph.transact(work)


async def of_network(graph: Graph, viewer: Viewer) -> Mapping[FieldGroup, Audience]:
    """Who sees what of the people who chose nothing, for each group."""
    return _of_network(await graph.read(OF_NETWORK, groups=list(FieldGroup)))


async def set_of_network(
    graph: Graph, viewer: Viewer, *, audiences: Mapping[FieldGroup, Audience]
) -> Mapping[FieldGroup, Audience]:
    """Set who sees what of the people who chose nothing, for some groups, and restamp everybody; what stands then.

    Raises:
        NotAllowed: the viewer is no administrator.
        QueryTimedOut: there are too many people for :data:`RESTAMPING_TIMEOUT_S`; nothing has changed.
    """
    refuse_unless(may_set_network(viewer), "set who sees what in this network", who="administrators")

    async def work(tx: Transaction) -> Mapping[FieldGroup, Audience]:
        await hold_stamps(tx)
        before = _of_network(await tx.run(OF_NETWORK, groups=list(FieldGroup)))
        changed = {group: audience for group, audience in audiences.items() if before[group] != audience}
        if not changed:
            return before
        await tx.run(SET_OF_NETWORK, audiences={f"audience_{group}": int(of) for group, of in changed.items()})
        (everybody,) = await tx.run(EVERYBODY)
        await restamp(tx, experts=everybody["experts"])
        await record(
            tx,
            viewer,
            verb="audiences set",
            subject="network",
            fields=list(changed),
            before={group: _name(before[group]) for group in changed},
            after={group: _name(audience) for group, audience in changed.items()},
        )
        return {**before, **changed}

    return await graph.transact(work, timeout_s=RESTAMPING_TIMEOUT_S)


def _standings(rows: list[Row], expert: ExpertId) -> Mapping[FieldGroup, Standing]:
    if not rows:
        raise NoSuchExpert(expert)
    return {FieldGroup(row["group"]): Standing.from_row(row) for row in rows}


def _of_network(rows: list[Row]) -> Mapping[FieldGroup, Audience]:
    set_by_network = {row["group"]: Audience(row["network"]) for row in rows if row["network"] is not None}
    return {group: set_by_network.get(group, default) for group, default in DEFAULT_AUDIENCES.items()}


def _number(audience: Audience | None) -> int | None:
    return None if audience is None else int(audience)


def _name(audience: Audience | None) -> str | None:
    return None if audience is None else audience.name.lower()
