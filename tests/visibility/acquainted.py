"""Who knows whom, evaluated a second time: every way through a small network is walked, as the viewer sees it.

Written from what graph.people.introductions promises; see tests.visibility.rules.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise, permutations

from graph.people.introductions import Known, Link, Shared, Tie, Way
from graph.values import ExpertId
from graph.viewer import FieldGroup
from tests.visibility.rules import Person, Sight, World

__all__ = ["introductions_of"]

CLOSEST_FIRST = (Tie.WROTE, Tie.WORKED, Tie.SPOKE, Tie.MET)
Together = tuple[Tie, str]
Circles = Mapping[Together, Mapping[ExpertId, Sequence[tuple[int, int]]]]
"""Who was together where, in the viewer's sight, and from which year to which; people alone by what is no work."""

ALWAYS = ((0, 9999),)


def introductions_of(sight: Sight, *, to: ExpertId, crowd: int) -> Sequence[Way]:
    """What ``graph.people.introductions.introductions`` must answer."""
    world, me = sight.world, sight.viewer.person
    if me is None or me == to or not {me, to} <= {person.id for person in sight.seen()}:
        return ()
    circles = {at: people for at, people in _circles(sight).items() if len(people) <= crowd}
    others = [person.id for person in sight.seen() if person.id not in {me, to} and "matched" not in person.withdrawn]
    for number in range(3):
        chains = [(me, *between, to) for between in permutations(others, number)]
        ways = [chain for chain in chains if all(_shared(circles, *pair) for pair in pairwise(chain))]
        if ways:
            ways.sort(key=lambda chain: _distance(circles, chain))
            return tuple(_way(world, circles, chain) for chain in ways[:3])
    return ()


def _circles(sight: Sight) -> Circles:
    found: dict[Together, dict[ExpertId, Sequence[tuple[int, int]]]] = {}
    for person in sight.world.people.values():
        for at, years in _seen_at(sight, person):
            found.setdefault(at, {})
            found[at][person.id] = [*found[at].get(person.id, ()), *years]
    return found


def _seen_at(sight: Sight, person: Person) -> Iterator[tuple[Together, Sequence[tuple[int, int]]]]:
    if sight.sees(person, FieldGroup.PROFILE):
        yield from (((Tie.WROTE, work), ALWAYS) for work in person.authored)
    if sight.sees(person, FieldGroup.ORGANISATION):
        for job in person.jobs:
            yield (Tie.WORKED, job.organisation), [(int(job.since), int(job.until or 9999))]
    if sight.sees(person, FieldGroup.ATTENDANCE):
        spoke = {talk.event for talk in person.talks if _was(sight.world, talk.event)}
        came = {event for event in person.attended if _was(sight.world, event)}
        yield from (((Tie.SPOKE, event), ALWAYS) for event in spoke)
        yield from (((Tie.MET, event), ALWAYS) for event in spoke | came)


def _was(world: World, event: str) -> bool:
    at = world.events[event].starts_at
    return at is not None and at <= datetime.now(UTC) and world.events[event].status != "cancelled"


def _shared(circles: Circles, one: ExpertId, other: ExpertId) -> list[Together]:
    found = [
        at
        for at, people in circles.items()
        if {one, other} <= people.keys()
        and any(a[0] <= b[1] and b[0] <= a[1] for a in people[one] for b in people[other])
    ]
    found = [(tie, id) for tie, id in found if tie is not Tie.MET or (Tie.SPOKE, id) not in found]
    return sorted(found, key=lambda at: (CLOSEST_FIRST.index(at[0]), len(circles[at]), at[1]))


def _distance(circles: Circles, chain: Sequence[ExpertId]) -> tuple[int, int, Sequence[ExpertId]]:
    closest = [_shared(circles, *pair)[0] for pair in pairwise(chain)]
    return sum(CLOSEST_FIRST.index(tie) for tie, _ in closest), sum(len(circles[at]) for at in closest), chain


def _way(world: World, circles: Circles, chain: Sequence[ExpertId]) -> Way:
    known = [Known(id, world.people[id].name) for id in chain]
    return tuple(
        Link(
            one,
            other,
            tuple(Shared(tie, id, _title(world, tie, id)) for tie, id in _shared(circles, one.id, other.id)[:3]),
        )
        for one, other in pairwise(known)
    )


def _title(world: World, tie: Tie, id: str) -> str:
    if tie is Tie.WROTE:
        return str(world.things["Resource", id].columns["title"])
    return world.organisations[id].name if tie is Tie.WORKED else world.events[id].title
