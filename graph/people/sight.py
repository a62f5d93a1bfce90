"""Which of two who may be one a viewer sees, and what of them; whoever holds the database's password sees everybody."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, LiteralString

from graph.errors import NoSuchExpert
from graph.graph import Graph, Transaction
from graph.intake.names import KnownPerson
from graph.permissions import may_merge_people, refuse_unless
from graph.viewer import FieldGroup, Viewer, seen

__all__ = ["EVERY_GROUP", "GENDER", "as_seen", "ensure_seen", "groups_seen", "groups_seen_of_all", "sees_everybody"]

GENDER: Final = "gender"
EVERY_GROUP: Final = frozenset({*FieldGroup, GENDER})

SEEN: LiteralString = seen("""
MATCH (e:Expert) WHERE ($people IS NULL OR e.id IN $people) AND SEES(e.listing)
RETURN e.id AS id,
       ['listing']
       + CASE WHEN SEES(e.profile) THEN ['profile'] ELSE [] END
       + CASE WHEN SEES(e.contact) THEN ['contact'] ELSE [] END
       + CASE WHEN SEES(e.country) THEN ['country'] ELSE [] END
       + CASE WHEN SEES(e.organisation) THEN ['organisation'] ELSE [] END
       + CASE WHEN SEES(e.languages) THEN ['languages'] ELSE [] END
       + CASE WHEN SEES(e.attendance) THEN ['attendance'] ELSE [] END
       + CASE WHEN SEES(e.gender) THEN ['gender'] ELSE [] END AS groups
""")


def sees_everybody(viewer: Viewer) -> bool:
    """Whether nothing is kept from the viewer, who could ask the database itself."""
    return viewer == Viewer.at_the_command_line()


async def groups_seen(graph: Graph, viewer: Viewer) -> Mapping[str, frozenset[str]]:
    """By the id of everybody whom the viewer sees: the groups of their fields that they see.

    Raises:
        NotAllowed: the viewer is no administrator.
    """
    refuse_unless(may_merge_people(viewer), "see which people may be one", who="administrators")
    return {row["id"]: frozenset(row["groups"]) for row in await graph.read(SEEN, people=None, **viewer.sight)}


async def groups_seen_of_all(tx: Transaction, viewer: Viewer, people: Sequence[str]) -> frozenset[str]:
    """The groups of fields that the viewer sees of each of these people."""
    if sees_everybody(viewer):
        return EVERY_GROUP
    groups = {row["id"]: frozenset(row["groups"]) for row in await tx.run(SEEN, people=people, **viewer.sight)}
    return EVERY_GROUP.intersection(*(groups.get(id, frozenset()) for id in people))


async def ensure_seen(tx: Transaction, viewer: Viewer, people: Sequence[str], *, merged: Mapping[str, str]) -> None:
    """Go on only if the viewer sees these people, or whoever they are since they were merged.

    Raises:
        NoSuchExpert: one is not there for the viewer.
    """
    for id in people:
        if FieldGroup.LISTING not in await groups_seen_of_all(tx, viewer, [merged.get(id, id)]):
            raise NoSuchExpert(id)


def as_seen(person: KnownPerson, groups: frozenset[str]) -> KnownPerson:
    """A person with no more than these groups of their fields."""
    sees_profile = FieldGroup.PROFILE in groups
    return replace(
        person,
        other_names=person.other_names if sees_profile else (),
        orcid=person.orcid if sees_profile else None,
        identifiers=person.identifiers if sees_profile else (),
        email=person.email if FieldGroup.CONTACT in groups else None,
        organisations=person.organisations if FieldGroup.ORGANISATION in groups else (),
        country=person.country if FieldGroup.COUNTRY in groups else None,
    )
