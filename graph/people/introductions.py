"""Who can introduce somebody to somebody else: the shortest ways between two people, through people whom both know.

People know each other who wrote something together, worked at a place in the same years, spoke at one event, or were at
one. All of that is as far as the viewer sees it, of each of the two people, and so is how many were there: a gathering
of more than :data:`CROWD` introduces nobody. Whoever does not agree to be suggested is on no way.

What it reads grows with the gatherings of the two people and of those who were there, :data:`CROWD` people each, and
not with the network; of people between, :data:`MOST_BETWEEN` on each side are looked at, of the smallest gatherings.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any, LiteralString

from graph.graph import Graph, Row
from graph.values import ExpertId
from graph.viewer import Viewer, seen

__all__ = ["CROWD", "MOST_BETWEEN", "Known", "Link", "Shared", "Tie", "introductions"]

CROWD = 60
"""Among how many people, at most, two are taken to know each other."""
MOST_BETWEEN = 200
MOST_SHARED = 3
MOST_WAYS = 3


class Tie(StrEnum):
    """Why two people know each other, the closest first."""

    WROTE = "wrote"
    WORKED = "worked"
    SPOKE = "spoke"
    MET = "met"


CLOSEST = tuple(Tie)


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody on a way."""

    id: ExpertId
    name: str


@dataclass(frozen=True, slots=True)
class Shared:
    """A resource, an organisation or an event by which two people know each other."""

    tie: Tie
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Link:
    """Two people who know each other, with the three closest things that they share."""

    one: Known
    other: Known
    shared: tuple[Shared, ...]


Way = tuple[Link, ...]
Gathering = tuple[Tie, str]
Years = tuple[str, str]

# An event that has not begun or does not take place makes nobody known to anybody.
TIES: LiteralString = seen("""
UNWIND $people AS id
MATCH (e:Expert {id: id}) WHERE SEES(e.listing)
RETURN e.id AS id, e.name AS name, NOT 'matched' IN coalesce(e.withdrawn, []) AS is_suggested,
  COLLECT {
    MATCH (e)-[:AUTHORED]->(r:Resource) WHERE SEES(e.profile)
    RETURN DISTINCT r {.id, .title}
  } AS wrote,
  COLLECT {
    MATCH (e)-[a:AFFILIATED_WITH]->(o:Organisation) WHERE SEES(e.organisation)
    RETURN o {.id, title: o.name, since: a.from, until: a.to}
  } AS worked,
  COLLECT {
    MATCH (e)-[:SPOKE_AT]->(v:Event)
    WHERE SEES(e.attendance) AND v.starts_at <= datetime() AND coalesce(v.status, '') <> 'cancelled'
    RETURN DISTINCT v {.id, .title}
  } AS spoke,
  COLLECT {
    MATCH (e)-[:SPOKE_AT|ATTENDED]->(v:Event)
    WHERE SEES(e.attendance) AND v.starts_at <= datetime() AND coalesce(v.status, '') <> 'cancelled'
    RETURN DISTINCT v {.id, .title}
  } AS met
""")

THERE: LiteralString = seen("""
UNWIND $wrote AS id
MATCH (r:Resource {id: id})
RETURN 'wrote' AS tie, id, COLLECT {
  MATCH (e:Expert)-[:AUTHORED]->(r) WHERE SEES(e.profile)
  RETURN DISTINCT e.id LIMIT $enough
} AS people
UNION ALL
UNWIND $worked AS id
MATCH (o:Organisation {id: id})
RETURN 'worked' AS tie, id, COLLECT {
  MATCH (e:Expert)-[:AFFILIATED_WITH]->(o) WHERE SEES(e.organisation)
  RETURN DISTINCT e.id LIMIT $enough
} AS people
UNION ALL
UNWIND $spoke AS id
MATCH (v:Event {id: id})
RETURN 'spoke' AS tie, id, COLLECT {
  MATCH (e:Expert)-[:SPOKE_AT]->(v) WHERE SEES(e.attendance)
  RETURN DISTINCT e.id LIMIT $enough
} AS people
UNION ALL
UNWIND $met AS id
MATCH (v:Event {id: id})
RETURN 'met' AS tie, id, COLLECT {
  MATCH (e:Expert)-[:SPOKE_AT|ATTENDED]->(v) WHERE SEES(e.attendance)
  RETURN DISTINCT e.id LIMIT $enough
} AS people
""")


@dataclass(frozen=True, slots=True)
class _Person:
    """Somebody with the gatherings that the viewer sees them in: titles, and of work the years."""

    known: Known
    is_suggested: bool
    titles: Mapping[Gathering, str]
    years: Mapping[Gathering, Sequence[Years]]

    @classmethod
    def from_row(cls, row: Row) -> "_Person":
        titles = {(tie, one["id"]): one["title"] or "" for tie in Tie for one in row[tie]}
        years = defaultdict(list)
        for one in row[Tie.WORKED]:
            years[Tie.WORKED, one["id"]].append(((one["since"] or "")[:4], (one["until"] or "9999")[:4]))
        return cls(Known(ExpertId(row["id"]), row["name"]), row["is_suggested"], titles, years)


async def introductions(graph: Graph, viewer: Viewer, *, to: ExpertId, crowd: int = CROWD) -> Sequence[Way]:
    """The three best of the shortest ways from the viewer to a person, with two people between them at most.

    A way leads from link to link; one link alone says how the two know each other. The closest come first: by what is
    shared, then by how few others share it. There is none where the viewer is nobody of the network's people, is that
    person, or does not see them.
    """
    if viewer.person is None or viewer.person == to:
        return ()
    search = _Search(graph, viewer, crowd)
    await search.know([viewer.person, to])
    if not {viewer.person, to} <= search.people.keys():
        return ()
    return await search.ways(viewer.person, to)


class _Search:
    """What was read so far: people by id, and who was at a gathering, where those were not too many."""

    def __init__(self, graph: Graph, viewer: Viewer, crowd: int) -> None:
        self._graph = graph
        self._viewer = viewer
        self._crowd = crowd
        self.people: dict[str, _Person] = {}
        self._there: dict[Gathering, frozenset[str]] = {}

    async def know(self, ids: Iterable[str]) -> None:
        asked = sorted(set(ids) - self.people.keys())
        if asked:
            for row in await self._graph.read(TIES, **self._viewer.sight, people=asked):
                self.people[row["id"]] = _Person.from_row(row)

    async def ways(self, one: str, other: str) -> Sequence[Way]:
        await self._gather([*self.people[one].titles, *self.people[other].titles])
        if self._shared(one, other):
            return self._best([(one, other)])
        near, far = self._around(one), self._around(other)
        both = self._closest((near.keys() & far.keys()) - {one, other}, near, far)
        await self.know(both)
        between = [id for id in both if self._may_introduce(id) and self._shared(one, id) and self._shared(id, other)]
        if between:
            return self._best([(one, id, other) for id in between])
        first = self._closest(near.keys() - {one, other}, near)
        last = self._closest(far.keys() - {one, other}, far)
        await self.know([*first, *last])
        pairs = await self._pairs(
            [id for id in first if self._may_introduce(id) and self._shared(one, id)],
            [id for id in last if self._may_introduce(id) and self._shared(id, other)],
        )
        return self._best([(one, *pair, other) for pair in pairs])

    async def _gather(self, gatherings: Iterable[Gathering]) -> None:
        asked: dict[Tie, list[str]] = {tie: [] for tie in Tie}
        for tie, id in sorted(set(gatherings) - self._there.keys()):
            asked[tie].append(id)
            self._there[tie, id] = frozenset()
        if any(asked.values()):
            given: dict[str, Any] = {tie.value: ids for tie, ids in asked.items()}
            for row in await self._graph.read(THERE, **self._viewer.sight, **given, enough=self._crowd + 1):
                if len(row["people"]) <= self._crowd:
                    self._there[Tie(row["tie"]), row["id"]] = frozenset(row["people"])

    def _around(self, id: str) -> Mapping[str, int]:
        """Who was where somebody was, each with the size of the smallest such gathering."""
        found: dict[str, int] = {}
        for gathering in self.people[id].titles:
            there = self._there[gathering]
            for person in there:
                found[person] = min(found.get(person, len(there)), len(there))
        return found

    def _closest(self, ids: Iterable[str], *sizes: Mapping[str, int]) -> Sequence[str]:
        return sorted(ids, key=lambda id: (sum(of[id] for of in sizes), id))[:MOST_BETWEEN]

    async def _pairs(self, first: Sequence[str], last: Sequence[str]) -> Sequence[tuple[str, str]]:
        """Who of the first knows whom of the last."""
        at: dict[Gathering, list[str]] = defaultdict(list)
        for id in last:
            for gathering in self.people[id].titles:
                at[gathering].append(id)
        met = {
            (gathering, one, other)
            for one in first
            for gathering in self.people[one].titles
            for other in at.get(gathering, ())
            if one != other
        }
        await self._gather(gathering for gathering, _, _ in met)
        return sorted({(one, other) for _, one, other in met if self._shared(one, other)})

    def _may_introduce(self, id: str) -> bool:
        return id in self.people and self.people[id].is_suggested

    def _shared(self, one: str, other: str) -> Sequence[Gathering]:
        """What two people share, the closest first; of an event at which both spoke, that alone."""
        both = [self.people[one], self.people[other]]
        found = {
            gathering
            for gathering in both[0].titles.keys() & both[1].titles.keys()
            if self._there[gathering]
            and (gathering[0] is not Tie.WORKED or _overlap(*(person.years[gathering] for person in both)))
        }
        found -= {(Tie.MET, id) for tie, id in found if tie is Tie.SPOKE}
        return sorted(found, key=self._closeness)

    def _closeness(self, gathering: Gathering) -> tuple[int, int, str]:
        return CLOSEST.index(gathering[0]), len(self._there[gathering]), gathering[1]

    def _best(self, ways: Iterable[tuple[str, ...]]) -> Sequence[Way]:
        return tuple(tuple(self._links(ids)) for ids in sorted(ways, key=self._length)[:MOST_WAYS])

    def _length(self, ids: tuple[str, ...]) -> tuple[int, int, tuple[str, ...]]:
        """How far the links of a way are from close; ways that are as close are in the order of their people's ids."""
        closest = [self._closeness(self._shared(*pair)[0]) for pair in pairwise(ids)]
        return sum(tie for tie, _, _ in closest), sum(size for _, size, _ in closest), ids

    def _links(self, ids: tuple[str, ...]) -> Iterator[Link]:
        for pair in pairwise(ids):
            one, other = (self.people[id] for id in pair)
            shared = [Shared(*gathering, one.titles[gathering]) for gathering in self._shared(*pair)[:MOST_SHARED]]
            yield Link(one.known, other.known, tuple(shared))


def _overlap(one: Sequence[Years], other: Sequence[Years]) -> bool:
    """Whether any of these times, each from a year to a year, has a year of one of the others."""
    return any(since <= last and first <= until for since, until in one for first, last in other)
