"""The neighbourhood of a person: what they share with whom, as a list to walk along and as a picture of the graph."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
    """What a person has, such as a topic, and who has it too: those who are told, and how many there are.

    ``everybody`` is the page that has all of them.
    """

    kind: str
    id: str
    title: str
    address: str | None
    everybody: str | None
    neighbours: Sequence[Neighbour]
    total: int
    language: str | None = None
    """Which language the title is in, if it is told."""


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
        """Nodes and edges of who shares most, sixty nodes at most, as the script that draws them reads them."""
        drawn = self.neighbours[: MOST_NODES - 1 - len(self.shared)]
        kept = {self.person, *drawn}
        people = [self.person, *drawn]
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
            if person in kept
        ]
        return {"centre": f"person:{self.person.slug}", "nodes": nodes, "edges": edges}


def walk_to(slug: str) -> str:
    """Where the neighbourhood of a person is."""
    return f"/people/{quote(slug, safe='')}/neighbourhood"


def neighbourhood(person: Told) -> Neighbourhood:
    """What the query ``neighbourhood`` tells; who shares most is first, then by name."""
    found: dict[tuple[str, str], Shared] = {}
    for one in _relations(person):
        known = found.get((one.kind, one.id))
        told = [*(known.neighbours if known else ()), *one.neighbours]
        others = [other for other in dict.fromkeys(told) if other.slug != person["slug"]]
        total = max(len(others), one.total - 1, known.total if known else 0)
        found[one.kind, one.id] = replace(known or one, neighbours=others, total=total)
    times = Counter(other for one in found.values() for other in one.neighbours)
    first = sorted(times, key=lambda one: (-times[one], one.name, one.slug))
    return Neighbourhood(Neighbour(person["slug"], person["name"]), list(found.values()), first)


def _relations(person: Told) -> Iterator[Shared]:
    """Everything that somebody has with who has it, themselves too, in the order of the page."""
    for topic in _ends(person["expertise"]):
        yield _on_a_page("topic", topic["slug"], topic["label"], f"/topics/{quote(topic['slug'])}", topic["experts"])
    for name, who in (("talks", "speakers"), ("attended", "attendees")):
        for event in _ends(person[name]):
            yield _on_a_page("event", event["slug"], event["title"], f"/events/{quote(event['slug'])}", event[who])
    for of in _ends(person["affiliations"]):
        yield _shared("organisation", of["slug"], of["name"], of["experts"])
    for work in _ends(person["resources"]):
        address = f"/resources/{quote(work['slug'])}"
        shared = _on_a_page("resource", work["slug"], work["titleIn"], address, work["authors"])
        yield replace(shared, language=work["titleLanguage"])
    if (home := person["country"]) is not None:
        yield _on_a_page("country", home["code"], home["name"], f"/countries/{home['code']}", home["experts"])
    for country in _ends(person["workedIn"]):
        people = country["expertsWhoWorkedThere"]
        yield _on_a_page("country", country["code"], country["name"], f"/countries/{country['code']}", people)
    for language in _ends(person["languages"]):
        everybody = f"/?language={quote(language['tag'])}"
        yield _shared("language", language["tag"], language["name"], language["speakers"], everybody=everybody)


def _on_a_page(kind: str, id: str, title: str, address: str, people: Told) -> Shared:
    return _shared(kind, id, title, people, address=address, everybody=address)


def _shared(
    kind: str, id: str, title: str, people: Told, *, address: str | None = None, everybody: str | None = None
) -> Shared:
    told = [Neighbour(one["slug"], one["name"]) for one in _ends(people)]
    return Shared(kind, id, title, address, everybody, told, people["totalCount"])


def _ends(connection: Told) -> Sequence[Told]:
    return [edge["node"] for edge in connection["edges"]]
