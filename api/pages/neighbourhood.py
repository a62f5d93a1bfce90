"""The neighbourhood of a person: what they share with whom, as a list to walk along and as a picture of the graph."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

__all__ = ["MOST_NODES", "Neighbour", "Neighbourhood", "Shared", "neighbourhood", "walk_to"]

MOST_NODES: Final = 60
"""In a picture; more can be neither drawn nor read."""

Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Somebody with whom something is shared."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Shared:
    """What a person has, such as a topic, and who has it too, of those who are shown."""

    kind: str
    id: str
    title: str
    address: str | None
    neighbours: Sequence[Neighbour]


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A person, what they have, by kind, and the people who share most of it, those first."""

    person: Neighbour
    shared: Sequence[Shared]
    neighbours: Sequence[Neighbour]
    by_kind: Mapping[str, Sequence[Shared]] = field(init=False)

    def __post_init__(self) -> None:
        found: dict[str, list[Shared]] = {}
        for one in self.shared:
            found.setdefault(one.kind, []).append(one)
        object.__setattr__(self, "by_kind", found)

    def of(self, neighbour: Neighbour) -> Sequence[Shared]:
        """What is shared with somebody."""
        return [one for one in self.shared if neighbour in one.neighbours]

    def picture(self) -> Mapping[str, Any]:
        """Nodes and edges, as the script that draws them reads them."""
        people = [self.person, *self.neighbours]
        nodes: list[dict[str, str | None]] = [
            {"id": f"person:{one.slug}", "kind": "person", "label": one.name, "walk": walk_to(one.slug)}
            for one in people
        ]
        nodes += [
            {"id": f"{one.kind}:{one.id}", "kind": one.kind, "label": one.title, "address": one.address}
            for one in self.shared
        ]
        edges = [
            [f"person:{person.slug}", f"{one.kind}:{one.id}"]
            for one in self.shared
            for person in (self.person, *one.neighbours)
        ]
        return {"centre": f"person:{self.person.slug}", "nodes": nodes, "edges": edges}


def walk_to(slug: str) -> str:
    """Where the neighbourhood of a person is."""
    return f"/people/{quote(slug, safe='')}/neighbourhood"


def neighbourhood(person: Told) -> Neighbourhood:
    """What the query ``neighbourhood`` tells, sixty nodes at most; who shares most is shown first, then by name."""
    found: dict[tuple[str, str], tuple[str, str | None, list[Neighbour]]] = {}
    for kind, id, title, address, people in _relations(person):
        _, _, known = found.setdefault((kind, id), (title, address, []))
        known += [one for one in people if one not in known and one.slug != person["slug"]]
    times = Counter(one for _, _, people in found.values() for one in people)
    chosen = sorted(times, key=lambda one: (-times[one], one.name, one.slug))[: MOST_NODES - 1 - len(found)]
    kept = set(chosen)
    shared = [
        Shared(kind, id, title, address, [one for one in people if one in kept])
        for (kind, id), (title, address, people) in found.items()
    ]
    return Neighbourhood(Neighbour(person["slug"], person["name"]), shared, chosen)


def _relations(person: Told) -> Iterator[tuple[str, str, str, str | None, Sequence[Neighbour]]]:
    """Kind, id, title, address and people of everything that somebody has, in the order of the page."""
    for topic in _ends(person["expertise"]):
        yield "topic", topic["slug"], topic["label"], f"/topics/{quote(topic['slug'])}", _people(topic["experts"])
    for name, who in (("talks", "speakers"), ("attended", "attendees")):
        for event in _ends(person[name]):
            yield "event", event["slug"], event["title"], f"/events/{quote(event['slug'])}", _people(event[who])
    for organisation in _ends(person["affiliations"]):
        yield "organisation", organisation["slug"], organisation["name"], None, _people(organisation["experts"])
    for work in _ends(person["resources"]):
        yield "resource", work["slug"], work["title"], f"/resources/{quote(work['slug'])}", _people(work["authors"])
    if (home := person["country"]) is not None:
        yield "country", home["code"], home["name"], f"/countries/{home['code']}", _people(home["experts"])
    for country in _ends(person["workedIn"]):
        people = _people(country["expertsWhoWorkedThere"])
        yield "country", country["code"], country["name"], f"/countries/{country['code']}", people
    for language in _ends(person["languages"]):
        yield "language", language["tag"], language["name"], None, _people(language["speakers"])


def _ends(connection: Told) -> Sequence[Told]:
    return [edge["node"] for edge in connection["edges"]]


def _people(connection: Told) -> Sequence[Neighbour]:
    return [Neighbour(one["slug"], one["name"]) for one in _ends(connection)]
