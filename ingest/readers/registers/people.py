"""A person of a register and where they worked, as rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from graph.intake import Kind
from ingest.found import CellValue, Found

__all__ = ["Membership", "Person", "rows_of"]


@dataclass(frozen=True, slots=True)
class Membership:
    """That a person works or worked for an organisation; dates are years, months or days, empty if unknown."""

    organisation: str
    country: str
    role: str
    since: str
    until: str
    place: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person of a register; what is empty is not known."""

    key: str
    place: str
    name: str
    orcid: str = ""
    other_names: tuple[str, ...] = ()
    country: str = ""
    email: str = ""
    website: str = ""
    identifiers: tuple[str, ...] = ()
    memberships: tuple[Membership, ...] = field(default=())


def rows_of(people: Iterable[Person]) -> list[Found]:
    """The rows of these people, of the organisations that they name, and of their affiliations."""
    people = list(people)
    experts = [_expert(person) for person in people]
    organisations: dict[str, Found] = {}
    affiliations: dict[tuple[str, ...], Found] = {}
    for person in people:
        for one in person.memberships:
            key = f"organisation {one.organisation.casefold()}"
            cells = _filled({"name": one.organisation, "country": one.country})
            organisations.setdefault(key, Found(kind=Kind.ORGANISATIONS, key=key, cells=cells, place=one.place))
            link = _filled(
                {
                    "expert": f"#{person.key}",
                    "organisation": f"#{key}",
                    "role": one.role,
                    "from": one.since,
                    "to": one.until,
                }
            )
            identity = (person.key, key, one.role, one.since)
            affiliations.setdefault(
                identity, Found(kind=Kind.AFFILIATIONS, key=" / ".join(identity), cells=link, place=one.place)
            )
    return [*experts, *organisations.values(), *affiliations.values()]


def _expert(person: Person) -> Found:
    cells = _filled(
        {
            "name": person.name,
            "other_names": list(person.other_names),
            "orcid": person.orcid,
            "country": person.country,
            "email": person.email,
            "website": person.website,
            "identifiers": list(person.identifiers),
        }
    )
    return Found(kind=Kind.EXPERTS, key=person.key, cells=cells, place=person.place)


def _filled(cells: dict[str, CellValue]) -> dict[str, CellValue]:
    return {column: value for column, value in cells.items() if value}
