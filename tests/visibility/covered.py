"""Coverage, evaluated a second time: plain Python over a small network, from what docs/coverage.md promises."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from graph.coverage import By, Cell, Coverage, Nearest, NearEvent, NearExpert, Nearness, NearOrganisation, Row
from graph.values import (
    UN_LANGUAGES,
    Country,
    CountryId,
    ExpertiseLevel,
    Language,
    LanguageLevel,
    OrganisationId,
    Region,
    TopicId,
)
from graph.viewer import FieldGroup
from tests.visibility.rules import DEEPEST_FIRST, TODAY, Person, Sight, Thing, by_english_name, by_label, days_of

__all__ = ["coverage_of", "nearest_of"]

STRONG = (ExpertiseLevel.LEAD, ExpertiseLevel.PRACTITIONER)
ON_TOPICS = ("Event", "Resource", "Project", "Activity")


def is_within(sight: Sight, topic: TopicId, asked: TopicId) -> bool:
    return asked in (topic, *sight.broader_than(topic))


def covers(sight: Sight, topics: Iterable[TopicId], asked: TopicId) -> bool:
    return any(is_within(sight, topic, asked) for topic in topics)


def is_in(sight: Sight, country: CountryId | None, place: str) -> bool:
    """Whether a country is a place, or lies in it."""
    return country is not None and place in (country, *sight.regions_of(country))


# The table.


def coverage_of(sight: Sight, *, by: By, topic: TopicId | None, within: str | None, as_of: date) -> Coverage | None:
    """The table; None if there is none within this region."""
    world = sight.world
    found: Sequence[Region | Country | Language]
    if by is By.REGION:
        tops = [id for id, above in world.within.items() if above is None]
        found = [one for id, one in world.regions.items() if world.within[id] in ([within] if within else tops)]
    elif by is By.COUNTRY:
        assert within is not None
        found = [one for id, one in world.countries.items() if is_in(sight, id, within)]
    else:
        used = {id for (noun, _), thing in world.things.items() if noun in ON_TOPICS[:2] for id in thing.languages}
        found = [one for id, one in world.languages.items() if id in used or id in UN_LANGUAGES]
    places = sorted(found, key=by_english_name)
    if within is not None and not places:
        return None
    below = [id for id, above in world.broader.items() if above == topic and not world.topics[id].is_deprecated]
    topics = sorted((world.topics[id] for id in below or ([] if topic is None else [topic])), key=by_label)
    return Coverage(
        by,
        as_of,
        tuple(places),
        tuple(
            Row(
                one,
                sum(depth_of(sight, person, one.id, as_of) is not None for person in sight.seen(FieldGroup.PROFILE)),
                tuple(cell(sight, by, one.id, place.id, as_of) for place in places),
            )
            for one in topics
        ),
    )


def depth_of(sight: Sight, person: Person, topic: TopicId, day: date) -> int | None:
    """How deeply somebody knew a topic on a day: 0 led, 1 practised, 2 were familiar."""
    if person.joined is not None and person.joined > day:
        return None
    known = [
        DEEPEST_FIRST.index(level)
        for id, (level, since) in person.topics.items()
        if is_within(sight, id, topic) and (since is None or since <= day.year)
    ]
    return min(known, default=None)


def is_there(sight: Sight, person: Person, by: By, place: str) -> bool:
    if by is By.LANGUAGE:
        level = {str(id): level for id, level in person.languages.items()}.get(place, LanguageLevel.BASIC)
        return sight.sees(person, FieldGroup.LANGUAGES) and level is not LanguageLevel.BASIC
    return sight.sees(person, FieldGroup.COUNTRY) and is_in(sight, person.country, place)


def cell(sight: Sight, by: By, topic: TopicId, place: str, as_of: date) -> Cell:
    people = [person for person in sight.seen(FieldGroup.PROFILE) if is_there(sight, person, by, place)]
    then = [person for person in people if depth_of(sight, person, topic, as_of) is not None]
    depths = [depth_of(sight, person, topic, as_of) for person in then]
    now = [person for person in people if depth_of(sight, person, topic, TODAY) is not None]
    days = [day for person in then for day in evidence(sight, person, topic) if day <= as_of]
    done = Counter[str]()
    planned = 0
    for noun, thing, starts in things_there(sight, by, topic, place):
        is_ahead = thing.columns.get("status") in {"idea", "projected", "confirmed"}
        done[noun] += starts is not None and starts <= as_of and not is_ahead
        planned += is_ahead or (starts is not None and starts > as_of)
    return Cell(
        place,
        lead=depths.count(0),
        practitioner=depths.count(1),
        familiar=depths.count(2),
        newest=max(days, default=None),
        events=done["Event"],
        activities=done["Activity"],
        planned=planned,
        change=len(now) - len(then),
    )


def evidence(sight: Sight, person: Person, topic: TopicId) -> Iterator[date]:
    """The days on which somebody did something on a topic, as far as the viewer sees it."""
    world = sight.world
    if sight.sees(person, FieldGroup.ATTENDANCE):
        yield from days_of(
            world.events[talk.event]
            for talk in person.talks
            if covers(sight, world.covered[talk.event], topic) and not is_cancelled(sight, "Event", talk.event)
        )
    for work in person.authored:
        published = world.things["Resource", work].columns.get("published_on")
        if isinstance(published, date) and covers(sight, world.things["Resource", work].topics, topic):
            yield published
    for piece in sight.pieces(person):
        document = piece.document
        if document is not None and document.occurred_on is not None and sight.reads(piece):
            event = document.event
            topics = () if event is None or is_cancelled(sight, "Event", event) else world.covered[event]
            if document.resource is not None:
                topics = world.things["Resource", document.resource].topics
            if covers(sight, topics, topic):
                yield document.occurred_on


def things_there(sight: Sight, by: By, topic: TopicId, place: str) -> Iterator[tuple[str, Thing, date | None]]:
    """Events and activities on a topic in a place, with the day on which they began or will; not what was cancelled."""
    for (noun, id), thing in sight.world.things.items():
        if noun not in ("Event", "Activity") or not covers(sight, thing.topics, topic):
            continue
        if thing_is_there(sight, noun, thing, by, place) and not is_cancelled(sight, noun, id):
            starts_at = sight.world.events[id].starts_at if noun == "Event" else None
            day = starts_at.date() if starts_at is not None else thing.columns.get("starts_on")
            yield noun, thing, day if isinstance(day, date) else None


def is_cancelled(sight: Sight, noun: str, id: str) -> bool:
    if noun == "Event":
        return sight.world.events[id].status == "cancelled"
    return sight.world.things[noun, id].columns.get("status") == "cancelled"


def thing_is_there(sight: Sight, noun: str, thing: Thing, by: By, place: str) -> bool:
    if by is By.LANGUAGE:
        return noun in ON_TOPICS[:2] and place in thing.languages
    countries = thing.countries[:1] if noun in ON_TOPICS[:2] else thing.countries
    return any(is_in(sight, country, place) for country in countries)


# What is nearest to a gap.


def nearest_of(sight: Sight, *, topic: TopicId, by: By, place: str, first: int) -> Nearest:
    findable = [
        person
        for person in sight.world.people.values()
        if sight.shows(person, FieldGroup.PROFILE) and "matched" not in person.withdrawn
    ]
    near = [(key, one) for person in findable for key, one in near_place(sight, person, topic, by, place)]
    there = [(key, one) for person in findable for key, one in in_place(sight, person, topic, by, place)]
    return Nearest(
        by,
        topic,
        place,
        tuple(one for _, one in sorted(near, key=lambda pair: pair[0])[:first]),
        tuple(one for _, one in sorted(there, key=lambda pair: pair[0])[:first]),
        tuple(organisations(sight, findable, topic, by, place)[:first]),
        (*planned_there(sight, topic, by, place)[:first], *held_before(sight, topic)[:first]),
    )


Key = tuple[int, int, str, str]


def near_place(sight: Sight, person: Person, topic: TopicId, by: By, place: str) -> Iterator[tuple[Key, NearExpert]]:
    """Somebody who leads or practises the topic, and is not there but near."""
    known = [
        (DEEPEST_FIRST.index(level), id)
        for id, (level, _) in person.topics.items()
        if level in STRONG and is_within(sight, id, topic)
    ]
    if not known:
        return
    depth, knows = min(known)
    if by is By.LANGUAGE:
        level = {str(id): level for id, level in person.languages.items()}.get(place)
        if sight.shows(person, FieldGroup.LANGUAGES) and level is LanguageLevel.BASIC:
            key = 0, depth, person.name, person.id
            yield key, NearExpert(person.id, knows, DEEPEST_FIRST[depth], Nearness.SPEAKS_SOME, None)
        return
    if not sight.shows(person, FieldGroup.COUNTRY) or is_in(sight, person.country, place):
        return
    worked = sorted(country for country in person.worked_in if is_in(sight, country, place))
    if worked:
        yield (
            (0, depth, person.name, person.id),
            NearExpert(person.id, knows, DEEPEST_FIRST[depth], Nearness.WORKED_THERE, worked[0]),
        )
    elif person.country is not None:
        steps = [step for step, region in enumerate(around(sight, place), 1) if is_in(sight, person.country, region)]
        if steps:
            yield (
                (steps[0], depth, person.name, person.id),
                NearExpert(person.id, knows, DEEPEST_FIRST[depth], Nearness.LIVES_NEAR, person.country),
            )


def around(sight: Sight, place: str) -> list[str]:
    """The regions that a place lies in, the smallest first, without the one that all lie in."""
    if place in sight.world.countries:
        return [one for one in sight.regions_of(CountryId(place)) if sight.world.within[one] is not None]
    above = sight.world.within[place]
    return [] if above is None or sight.world.within[above] is None else [above, *around(sight, above)]


def in_place(sight: Sight, person: Person, topic: TopicId, by: By, place: str) -> Iterator[tuple[Key, NearExpert]]:
    """Somebody who is there, and knows the topic or what is beside it."""
    group = FieldGroup.LANGUAGES if by is By.LANGUAGE else FieldGroup.COUNTRY
    if not sight.shows(person, group) or not is_there(sight, person, by, place):
        return
    above = sight.world.broader[topic]
    known = [
        (not is_within(sight, id, topic), DEEPEST_FIRST.index(level), id)
        for id, (level, _) in person.topics.items()
        if is_within(sight, id, topic) or (above is not None and is_within(sight, id, above))
    ]
    if known:
        is_beside, depth, knows = min(known)
        is_language = by is By.LANGUAGE
        yield (
            (int(is_beside), depth, person.name, person.id),
            NearExpert(
                person.id,
                knows,
                DEEPEST_FIRST[depth],
                Nearness.SPEAKS_IT if is_language else Nearness.LIVES_THERE,
                None if is_language else person.country,
            ),
        )


def organisations(sight: Sight, findable: list[Person], topic: TopicId, by: By, place: str) -> list[NearOrganisation]:
    found = []
    for id, organisation in sight.world.organisations.items():
        works = [
            (noun, thing)
            for (noun, work), thing in sight.world.things.items()
            if noun in ON_TOPICS and id in thing.partners and covers(sight, thing.topics, topic)
            if not is_cancelled(sight, noun, work) and thing.columns.get("status") != "idea"
        ]
        experts = [
            person
            for person in findable
            if sight.shows(person, FieldGroup.ORGANISATION)
            and any(job.organisation == id and job.until is None for job in person.jobs)
            and any(level in STRONG and is_within(sight, known, topic) for known, (level, _) in person.topics.items())
        ]
        is_there = any(thing_is_there(sight, noun, thing, by, place) for noun, thing in works) or (
            by is not By.LANGUAGE and is_in(sight, sight.world.seats.get(id), place)
        )
        if works or experts:
            key = not is_there, -len(works) - len(experts), organisation.name, id
            found.append((key, NearOrganisation(OrganisationId(id), len(works), len(experts), is_there)))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def planned_there(sight: Sight, topic: TopicId, by: By, place: str) -> list[NearEvent]:
    """Events in a place that are to come, on whatever topic, soonest first."""
    found = []
    for event in sight.world.events.values():
        is_to_come = event.starts_at is not None and event.starts_at.date() > TODAY and event.status != "cancelled"
        if is_to_come and thing_is_there(sight, "Event", sight.world.things["Event", event.id], by, place):
            covered = [known for known in sight.world.covered[event.id] if is_within(sight, known, topic)]
            found.append((event.starts_at, NearEvent(event.id, Nearness.PLANNED_THERE, min(covered, default=None))))
    return [one for _, one in sorted(found, key=lambda pair: (pair[0], pair[1].event))]


def held_before(sight: Sight, topic: TopicId) -> list[NearEvent]:
    """Events on the topic that are over, newest first."""
    events = [one for one in sight.world.events.values() if one.status != "cancelled"]
    dated = [(one.starts_at, one.id) for one in events if one.starts_at is not None and one.starts_at.date() <= TODAY]
    newest_first = sorted(sorted(dated, key=lambda one: one[1]), key=lambda one: one[0], reverse=True)
    return [
        NearEvent(id, Nearness.HELD_BEFORE, min(covered))
        for _, id in newest_first
        if (covered := [known for known in sight.world.covered[id] if is_within(sight, known, topic)])
    ]
