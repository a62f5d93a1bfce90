"""What a merge changes of a person, in words for whoever is asked whether two are one."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, LiteralString

from graph.graph import Transaction
from graph.people.sight import GENDER
from graph.viewer import Audience, FieldGroup

__all__ = ["Difference", "differences", "in_words"]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a merge changes of the person who is kept: a field, what it said and what it says."""

    field: str
    before: str
    after: str


GROUP_OF: Final[Mapping[str, str]] = {
    "name": FieldGroup.LISTING,
    **dict.fromkeys(
        ("headline", "website", "orcid", "joined", "other_names", "identifiers", "topics", "authored"),
        FieldGroup.PROFILE,
    ),
    **dict.fromkeys(("email", "phone", "away"), FieldGroup.CONTACT),
    **dict.fromkeys(("country", "worked_in"), FieldGroup.COUNTRY),
    "organisations": FieldGroup.ORGANISATION,
    "languages": FieldGroup.LANGUAGES,
    **dict.fromkeys(("spoke_at", "attended"), FieldGroup.ATTENDANCE),
    "gender": GENDER,
}
"""To which group each field belongs; what somebody chose and withdrew is in none, and told to administrators."""

SHOWN: LiteralString = """
MATCH (e:Expert {id: $expert})
RETURN e {.name, .headline, .email, .phone, .website, .orcid, .joined, .other_names, .gender,
          away: [i IN range(0, size(coalesce(e.away_from, [])) - 1) |
                 toString(e.away_from[i]) + '/' + toString(e.away_until[i])],
          // Where a file told of somebody is a note of ours (graph.intake.records).
          identifiers: [one IN coalesce(e.identifiers, []) WHERE NOT one STARTS WITH 'file:']} AS person,
       e {.*} AS properties,
       COLLECT { MATCH (e)-[:BASED_IN]->(c) RETURN c.id ORDER BY c.id } AS country,
       COLLECT { MATCH (e)-[s:SPEAKS]->(l) RETURN l.id + ':' + s.level ORDER BY l.id } AS languages,
       COLLECT { MATCH (e)-[x:EXPERT_IN]->(t) RETURN t.id + ':' + x.level ORDER BY t.id } AS topics,
       COLLECT { MATCH (e)-[:WORKED_IN]->(c) RETURN c.id ORDER BY c.id } AS worked_in,
       COLLECT { MATCH (e)-[:AFFILIATED_WITH]->(o) RETURN DISTINCT o.id ORDER BY o.id } AS organisations,
       COLLECT { MATCH (e)-[:SPOKE_AT]->(v) RETURN DISTINCT v.id ORDER BY v.id } AS spoke_at,
       COLLECT { MATCH (e)-[:ATTENDED]->(v) RETURN DISTINCT v.id ORDER BY v.id } AS attended,
       COLLECT { MATCH (e)-[:AUTHORED]->(r) RETURN r.id ORDER BY r.id } AS authored
"""


async def in_words(tx: Transaction, expert: str) -> Mapping[str, str]:
    """What a person is, field by field."""
    (row,) = await tx.run(SHOWN, expert=expert)
    person, properties = row["person"], row["properties"]
    lists = ("country", "languages", "topics", "worked_in", "organisations", "spoke_at", "attended", "authored")
    return {
        **{name: _words(value) for name, value in person.items()},
        **{name: _words(row[name]) for name in lists},
        **{
            f"who sees {group}": Audience(properties.get(f"audience_{group}", Audience.NOBODY)).name.lower()
            for group in FieldGroup
        },
        "withdrawn": _words(properties.get("withdrawn")),
    }


def differences(
    before: Mapping[str, str], after: Mapping[str, str], *, groups: Collection[str]
) -> tuple[Difference, ...]:
    """The fields that say something else after than before, in their order, of these groups and of none."""
    return tuple(
        Difference(field, before[field], after[field])
        for field in before
        if before[field] != after[field] and (field not in GROUP_OF or GROUP_OF[field] in groups)
    )


def _words(value: object) -> str:
    if isinstance(value, str) or not isinstance(value, Iterable):
        return "" if value is None else str(value)
    return "; ".join(str(one) for one in value)
