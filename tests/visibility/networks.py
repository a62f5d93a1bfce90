"""Small random networks with much to hide, their viewers and questions, and how a network is stored in the real graph.

Those who hide most come first in every order: their names begin with the first letter, they lead in topics, speak every
language, and use the words that others use, and some that nobody else does.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, LiteralString, cast

from graph import intake
from graph.agenda import TOLD, AgendaItem, AgendaSpeaker
from graph.audiences import SET_OF_NETWORK
from graph.filters import ExpertFilter
from graph.graph import Graph, Transaction
from graph.intake.network import NetworkRecord
from graph.passages import EVERYBODY, DocumentRecord, PassageRecord, passage_id, restamp, store_documents
from graph.schema import MIGRATIONS
from graph.values import (
    UN_LANGUAGES,
    Country,
    CountryId,
    Cursor,
    Event,
    EventId,
    ExpertId,
    ExpertiseLevel,
    Gender,
    Language,
    LanguageId,
    LanguageLevel,
    Names,
    Network,
    Organisation,
    OrganisationId,
    Period,
    Region,
    RegionId,
    Topic,
    TopicId,
)
from graph.vectors import CREATE_INDEX, DROP_INDEX, STORE_PASSAGES, STORE_TOPICS
from graph.viewer import PUBLIC, Audience, FieldGroup, Role, Scope, Viewer
from tests.visibility.candidacies import (
    EMPTY_CANDIDACIES,
    everywhere_considered,
    random_candidacies,
    write_candidacies,
)
from tests.visibility.rules import (
    Document,
    Job,
    Person,
    Sight,
    SpokeAt,
    Thing,
    World,
    place_of,
    two_sentences,
    unit_vector,
)

__all__ = [
    "DIMENSIONS",
    "REVISION",
    "Question",
    "change",
    "clean_search_indexes",
    "embed",
    "empty",
    "prepare",
    "random_question",
    "random_viewers",
    "random_world",
    "store",
    "the_crowd",
    "write",
]

DIMENSIONS = 8
REVISION = "by chance"
STORING_TIMEOUT_S = 600

WORDS = [
    "hotel",
    "market",
    "stadium",
    "mosque",
    "guard",
    "drone",
    "crowd",
    "steward",
    "police",
    "signal",
    "harbour",
    "metro",
    "school",
    "bridge",
]
RARE = ["quarry", "falconry", "lighthouse", "gondola"]
SYLLABLES = ["ama", "bo", "ce", "du", "ka", "li", "mo", "sa", "ti", "zo"]

REGIONS = {
    "001": ("World", None),
    "002": ("Africa", "001"),
    "011": ("Western Africa", "002"),
    "150": ("Europe", "001"),
    "005": ("South America", "001"),
}
COUNTRIES = {
    "GH": ("Ghana", "011"),
    "TG": ("Togo", "011"),
    "KE": ("Kenya", "002"),
    "FR": ("France", "150"),
    "NO": ("Norway", "150"),
    "PE": ("Peru", "005"),
}
LANGUAGES = {"ar": "Arabic", "en": "English", "fr": "French", "pt": "Portuguese", "sw": "Swahili", "zh": "Chinese"}
# Nobody but the crowd lives or speaks there.
LIVED_IN = [country for country in COUNTRIES if country != "PE"]
SPOKEN = [language for language in LANGUAGES if language != "pt"]
TOPICS = {
    "places": ("Vulnerable places", None),
    "hotels": ("Hotel", "places"),
    "markets": ("Market", "places"),
    "night-markets": ("Night market", "markets"),
    "drones": ("Drone", None),
    "crowd-management": ("Crowd management", None),
}
EXACT_MATCHES = {"drones": ("crowd-management", "hotels"), "hotels": ("drones",)}
DEPRECATED = {"night-markets"}
ORGANISATIONS = {"ports": "Port authority", "abbey": "Abbey", "force": "Police force"}
EVENTS = {"briefing": "Briefing on hotels", "launch": "Launch of a module", "workshop": "Workshop"}
RESOURCES = ("guide", "module")
# What came later draws its chances apart, so that the networks of a seed stay as they were.
MORE_ORGANISATIONS = {"hideout": "Aa Hideout", "trust": "Trust of partners"}
SERIES = {"briefings": "Briefings", "trainings": "Trainings"}
PROJECTS = {"markets": "Safe markets", "venues": "Safe venues"}
ACTIVITIES = {"mission": "A mission", "seminar": "A seminar", "visit": "A visit"}
STATUSES = {"mission": "done", "seminar": "cancelled", "visit": "confirmed"}

AUDIENCES = tuple(Audience)
PURPOSES = ("listed", "matched", "contacted", "recorded")


def random_world(seed: int) -> World:
    """A network of 3 to 12 people; the same for the same seed."""
    world = _with_programme(_random_world(seed), random.Random(f"programme {seed}"))
    world = replace(world, candidacies=random_candidacies(world, seed=seed))
    return _with_agendas(world, random.Random(f"agendas {seed}"))


def _random_world(seed: int) -> World:
    chance = random.Random(seed)
    starts = datetime(2022, 1, 1, 9, tzinfo=UTC)
    people = [_random_person(chance, number) for number in range(chance.randint(3, 12))]
    return World(
        description=Network("A network", "Of people who were never born.", is_fictional=True),
        audiences={group: chance.choice(AUDIENCES[:3]) for group in FieldGroup if chance.random() < 0.4},
        regions={id: Region(RegionId(id), Names({"en": name})) for id, (name, _) in REGIONS.items()},
        within={id: within for id, (_, within) in REGIONS.items()},
        countries={CountryId(id): Country(CountryId(id), Names({"en": name})) for id, (name, _) in COUNTRIES.items()},
        region_of={CountryId(id): region for id, (_, region) in COUNTRIES.items()},
        languages={LanguageId(id): Language(LanguageId(id), Names({"en": name})) for id, name in LANGUAGES.items()},
        topics={TopicId(id): _topic(id, label) for id, (label, _) in TOPICS.items()},
        broader={TopicId(id): None if broader is None else TopicId(broader) for id, (_, broader) in TOPICS.items()},
        exact_match={TopicId(id): tuple(map(TopicId, others)) for id, others in EXACT_MATCHES.items()},
        organisations={id: Organisation(id, name, "public", None) for id, name in ORGANISATIONS.items()},
        events={
            id: Event(EventId(id), title, "briefing", "online", starts + timedelta(days=day), None, None)
            for id, title, day in zip(EVENTS, EVENTS.values(), chance.sample(range(300), len(EVENTS)), strict=True)
        },
        covered={id: tuple(map(TopicId, chance.sample(list(TOPICS), 2))) for id in EVENTS},
        resources=RESOURCES,
        people={person.id: person for person in people},
        documents={document.id: document for document in _random_documents(chance, people)},
    )


def _with_programme(world: World, chance: random.Random) -> World:
    """The same network with all that a programme makes and does, who had a part in it, and more employers."""
    organisations = {
        id: replace(one, website=chance.choice((None, f"https://{id}.example.org")))
        for id, one in {
            **world.organisations,
            **{id: Organisation(id, name, "office", None) for id, name in MORE_ORGANISATIONS.items()},
        }.items()
    }
    return replace(
        world,
        organisations=organisations,
        events={id: _with_more(chance, event) for id, event in world.events.items()},
        seats={id: chance.choice((None, *world.countries)) for id in organisations},
        things=_random_things(chance, world),
        people={id: _with_repeats(chance, person) for id, person in world.people.items()},
    )


def _with_more(chance: random.Random, event: Event) -> Event:
    starts_at = event.starts_at if chance.random() < 0.8 else None
    return replace(
        event,
        starts_at=starts_at,
        ends_at=starts_at and chance.choice((None, starts_at + timedelta(hours=2))),
        description=chance.choice((None, _words(chance, 4))),
        place=chance.choice((None, "Hall")),
        time_zone=chance.choice((None, "Africa/Tunis")),
        capacity=chance.choice((None, 25, 120)),
        url=chance.choice((None, f"https://{event.id}.example.org")),
    )


def _with_agendas(world: World, chance: random.Random) -> World:
    """The same network, where organisers wrote agendas for some events; with who hides where they speak, too."""
    agendas = {}
    for id in chance.sample(list(world.events), chance.randint(1, len(world.events) - 1)):
        begins = world.events[id].starts_at or datetime(2022, 1, 1, 9, tzinfo=UTC)
        hiding = [person for person in world.people if person.startswith("a")]
        people = chance.choice((hiding, list(world.people)))
        agendas[id] = tuple(_random_item(chance, people, begins) for _ in range(chance.randint(1, 4)))
    return replace(world, agendas=agendas)


def _random_item(chance: random.Random, people: Sequence[ExpertId], begins: datetime) -> AgendaItem:
    starts_at = chance.choice((None, begins + timedelta(minutes=chance.randrange(120))))
    speakers = chance.sample(people, min(len(people), chance.randrange(4)))
    return AgendaItem(
        _words(chance, 2),
        f"item{chance.randrange(10**9)}",
        chance.choice((None, "talk", "break")),
        starts_at,
        starts_at and starts_at + timedelta(minutes=10),
        chance.choice((None, "Room 2")),
        chance.choice((None, "en")),
        chance.choice((None, "What it is about")),
        tuple(AgendaSpeaker(id, chance.choice((None, "moderator"))) for id in speakers),
    )


def _random_things(chance: random.Random, world: World) -> dict[tuple[str, str], Thing]:
    def some(what: Sequence[str], most: int) -> tuple[str, ...]:
        return tuple(chance.sample(list(what), chance.randint(0, most)))

    def thing(columns: Mapping[str, object], *, topics: Sequence[str], part_of: str | None = None) -> Thing:
        return Thing(
            columns,
            topics=tuple(map(TopicId, topics)),
            languages=tuple(map(LanguageId, some(list(LANGUAGES), 2))),
            countries=tuple(map(CountryId, some(list(COUNTRIES), 2))),
            partners=some([*ORGANISATIONS, "trust"], 2) if chance.random() < 0.5 else (),
            part_of=part_of,
        )

    def day() -> date | None:
        return date(2023, 1, 1) + timedelta(days=chance.randrange(400)) if chance.random() < 0.7 else None

    def described(title: str, **more: object) -> Mapping[str, object]:
        return {"title": title, "description": chance.choice((None, _words(chance, 4))), **more}

    things = {}
    for id, name in SERIES.items():
        things["Series", id] = Thing({"name": name, "description": chance.choice((None, "Of events"))})
    for id in EVENTS:
        series = chance.choice((None, *SERIES))
        things["Event", id] = thing({}, topics=world.covered[id], part_of=series)
    for id in RESOURCES:
        columns = described(id.title(), kind="guide", published_on=day(), url=f"https://{id}.example.org")
        work = thing(columns, topics=some(list(TOPICS), 2))
        things["Resource", id] = replace(work, versions={tag: version_in(tag) for tag in work.languages})
    for id, title in PROJECTS.items():
        columns = described(title, starts_on=day(), ends_on=day())
        things["Project", id] = thing(columns, topics=some(list(TOPICS), 2))
    for id, title in ACTIVITIES.items():
        columns = described(title, kind="national", status=STATUSES[id], starts_on=day(), ends_on=day())
        things["Activity", id] = thing(columns, topics=some(list(TOPICS), 2), part_of=chance.choice((None, *PROJECTS)))
    return things


def version_in(tag: LanguageId) -> Mapping[str, object]:
    """What a work has of its own in a language; in English nothing."""
    if tag == "en":
        return {"title": None, "url": None, "published_on": None}
    return {"title": f"Work in {tag}", "url": f"https://{tag}.example.org", "published_on": date(2023, 5, len(tag))}


def _with_repeats(chance: random.Random, person: Person) -> Person:
    """With jobs elsewhere, a job in a place where they worked before, and more than one talk at an event."""
    jobs = list(person.jobs)
    if chance.random() < 0.3:
        jobs.append(Job("hideout", "Guard", "1997", chance.choice((None, "1998"))))
    if jobs and chance.random() < 0.5:
        jobs.append(Job(jobs[0].organisation, "Trainee", "1990", "1995"))
    talks = [_in_its_slot(chance, talk) for talk in person.talks]
    if talks and chance.random() < 0.5:
        talks.append(_in_its_slot(chance, replace(talks[0], title=_words(chance, 2))))
    return replace(person, jobs=tuple(jobs), talks=tuple(talks))


def _in_its_slot(chance: random.Random, talk: SpokeAt) -> SpokeAt:
    starts_at = chance.choice((None, datetime(2022, 6, 1, 9, tzinfo=UTC) + timedelta(hours=chance.randrange(48))))
    return replace(
        talk,
        starts_at=starts_at,
        ends_at=starts_at and starts_at + timedelta(minutes=30),
        room=chance.choice((None, "Room 1")),
        language=chance.choice((None, "fr")),
        url=chance.choice((None, "https://talks.example.org")),
    )


def _topic(id: str, label: str) -> Topic:
    others: dict[str, tuple[str, ...]] = dict.fromkeys(UN_LANGUAGES, ())
    return Topic(
        TopicId(id),
        Names({"en": label}),
        others,
        f"What a {label.lower()} asks for.",
        "By chance",
        f"https://example.org/topics/{id}",
        id in DEPRECATED,
    )


def _random_person(chance: random.Random, number: int) -> Person:
    hides = chance.random() < 0.4
    name = " ".join(("".join(chance.choices(SYLLABLES, k=2))).title() for _ in range(2))
    if hides:
        name = f"Aa {name}"
        chosen = {group: chance.choice((Audience.ORGANISERS, Audience.NOBODY)) for group in FieldGroup}
        if chance.random() < 0.5:
            chosen[FieldGroup.LISTING] = chance.choice(AUDIENCES[:2])
    else:
        chosen = {group: chance.choice(AUDIENCES[:3]) for group in FieldGroup if chance.random() < 0.6}
        if chance.random() < 0.6:
            chosen[FieldGroup.LISTING] = Audience.EVERYONE
    levels = (ExpertiseLevel.LEAD,) if hides else tuple(ExpertiseLevel)
    return Person(
        id=ExpertId(f"{'a' if hides else 'p'}{number}"),
        name=name,
        headline=_words(chance, 3) if chance.random() < 0.8 else None,
        other_names=(f"Other {number}",) if number % 2 else (),
        email=f"p{number}@example.org" if chance.random() < 0.8 else None,
        phone=f"+2167100{number:04}" if number % 2 else None,
        website=f"https://p{number}.example.org" if number % 3 else None,
        orcid=f"0000-0000-0000-{number:04}" if number % 5 else None,
        gender=(Gender.WOMAN, None, Gender.MAN, Gender.OTHER)[number % 4],
        away=tuple(
            Period(date(2027, month, number % 28 + 1), date(2027, month, 28)) for month in range(1, number % 3 + 1)
        ),
        joined=date(2020, 1, 1) + timedelta(days=chance.randrange(900)) if chance.random() < 0.8 else None,
        country=CountryId(chance.choice(LIVED_IN)) if chance.random() < 0.95 else None,
        worked_in=tuple(map(CountryId, chance.sample(LIVED_IN, chance.randrange(3)))),
        languages={
            LanguageId(id): chance.choice(tuple(LanguageLevel))
            for id in chance.sample(SPOKEN, len(SPOKEN) if hides else chance.randrange(4))
        },
        topics={
            TopicId(id): (chance.choice(levels), chance.choice((None, 2009, 2015)))
            for id in chance.sample(list(TOPICS), chance.randrange(4))
        },
        jobs=tuple(
            Job(id, chance.choice((None, "Adviser")), str(chance.randrange(1999, 2020)), chance.choice((None, "2021")))
            for id in chance.sample(list(ORGANISATIONS), chance.randrange(3))
        ),
        talks=tuple(
            SpokeAt(id, chance.choice(("speaker", "moderator")), chance.choice((None, _words(chance, 2))))
            for id in chance.sample(list(EVENTS), chance.randrange(3))
        ),
        attended=tuple(chance.sample(list(EVENTS), chance.randrange(3))),
        authored=tuple(chance.sample(RESOURCES, chance.randrange(2))),
        chosen=chosen,
        withdrawn=frozenset(purpose for purpose in PURPOSES if chance.random() < 0.1),
    )


def _words(chance: random.Random, how_many: int) -> str:
    words = chance.choices(WORDS, k=how_many)
    if chance.random() < 0.3:
        words[-1] = chance.choice(RARE)
    return " ".join(words)


def _random_documents(chance: random.Random, people: Sequence[Person]) -> list[Document]:
    documents = [
        Document(
            id=f"documents/{number:02}.md",
            kind="biography",
            title=None,
            language=chance.choice((None, "en", "fr")),
            occurred_on=None,
            event=None,
            resource=None,
            passages=tuple(_passages(chance, (person.id,))),
        )
        for number, person in enumerate(people)
        if chance.random() < 0.7
    ]
    for number in range(len(people), len(people) + chance.randint(1, 4)):
        kind = chance.choice(("talk", "talk", "resource"))
        owners = [person.id for person in chance.sample(people, min(len(people), chance.randint(1, 3)))]
        documents.append(
            Document(
                id=f"documents/{number:02}.md",
                kind=kind,
                title=_words(chance, 2),
                language="en",
                occurred_on=date(2022, 3, 1) if chance.random() < 0.5 else None,
                event=chance.choice(list(EVENTS)) if kind == "talk" and chance.random() < 0.8 else None,
                resource=chance.choice(RESOURCES) if kind == "resource" and chance.random() < 0.8 else None,
                passages=tuple(_passages(chance, owners)),
            )
        )
    return documents


def _passages(chance: random.Random, owners: Sequence[ExpertId]) -> list[tuple[ExpertId, str]]:
    texts = [f"{_words(chance, chance.randint(3, 8))} {number}" for number in range(chance.randint(1, 3))]
    return [(owner, text) for owner in owners for text in texts]


def random_viewers(world: World, *, seed: int, how_many: int) -> list[Viewer]:
    """Viewers of every role, a person of the network; then clients with tokens and more people, by chance."""
    chance = random.Random(f"viewers {seed}")
    people = list(world.people)
    viewers = [PUBLIC, Viewer(Role.MEMBER), Viewer(Role.ORGANISER), Viewer(Role.ADMINISTRATOR)]
    viewers.append(Viewer(Role.MEMBER, person=chance.choice(people), actor="account:1"))
    while len(viewers) < how_many:
        scopes = frozenset(chance.sample(list(Scope), chance.randrange(len(Scope))))
        is_client = chance.random() < 0.5
        viewers.append(
            Viewer(chance.choice(list(Role)[1:]), scopes=scopes, actor="token:1")
            if is_client
            else Viewer(chance.choice(list(Role)[1:]), person=chance.choice(people), actor="account:1")
        )
    return viewers[:how_many]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of every entry point in one case."""

    experts: tuple[ExpertId, ...]
    topics: tuple[TopicId, ...]
    events: tuple[EventId, ...]
    countries: tuple[CountryId, ...]
    first: int
    after: Cursor | None
    only: ExpertFilter
    written: Mapping[str, tuple[str, ...]]
    """A filter as people write it: some of it may be nothing that the network knows."""
    words: str
    vector: tuple[float, ...]
    language: str | None
    part: int
    """Which of the documents is sent to the schema."""
    seed: str
    """What else is asked by chance, of nouns."""


def random_question(world: World, *, seed: str, part: int = 0) -> Question:
    """Something to ask: mostly of what is hidden, and of what does not exist."""
    chance = random.Random(seed)
    people = list(world.people.values())
    aimed_at = chance.choice(people)
    others = chance.sample(people, min(len(people), chance.randint(1, 12)))
    words = [*chance.sample(WORDS, chance.randint(0, 2)), *chance.sample(RARE, chance.randint(0, 2))]
    if chance.random() < 0.2:
        words = aimed_at.name.split()
    nearest = chance.choice(list(world.documents.values()))
    pieces = Sight(world, PUBLIC).pieces(aimed_at)
    after = chance.choice((None, None, Cursor((aimed_at.name, aimed_at.id)), Cursor(("G", ""))))
    return Question(
        experts=(*(person.id for person in others), ExpertId("nobody")),
        topics=(*chance.sample(list(world.topics), 3), TopicId("nothing")),
        events=(*map(EventId, chance.sample(list(EVENTS), 2)), EventId("never")),
        countries=(*chance.sample(list(world.countries), 3), CountryId("XX")),
        first=chance.choice((1, 2, 3, 3, 5, 8)),
        after=after,
        only=_filter_of_what_they_did(random.Random(f"more {seed}"), _random_filter(chance, aimed_at), aimed_at, world),
        written={
            "countries": tuple(chance.choices([*COUNTRIES, "ghan", aimed_at.name], k=chance.randrange(2))),
            "regions": tuple(chance.choices(list(REGIONS), k=chance.randrange(2))),
            "languages": tuple(chance.choices([*LANGUAGES, aimed_at.id], k=chance.randrange(2))),
            "topics": tuple(chance.choices([*TOPICS, aimed_at.name], k=chance.randrange(2))),
            "organisations": tuple(
                random.Random(f"organisations {seed}").sample([*ORGANISATIONS, *MORE_ORGANISATIONS, "nowhere"], k=1)
            ),
        },
        words=" ".join(dict.fromkeys(words or [chance.choice(WORDS)])),
        vector=tuple(unit_vector(chance.choice(pieces).id) if chance.random() < 0.7 else unit_vector(nearest.id)),
        language=chance.choice((None, "fr", "en")),
        part=part,
        seed=seed,
    )


def _random_filter(chance: random.Random, aimed_at: Person) -> ExpertFilter:
    countries = [aimed_at.country or CountryId("GH"), *map(CountryId, chance.sample(list(COUNTRIES), 1))]
    languages = list(aimed_at.languages) or [LanguageId("en")]
    topics = list(aimed_at.topics) or [TopicId("places")]
    return ExpertFilter(
        frozenset(countries[: chance.randint(0, 2)]) if chance.random() < 0.4 else None,
        frozenset(chance.sample(languages, 1)) if chance.random() < 0.3 else frozenset(),
        topics=frozenset(chance.sample(topics, 1)) if chance.random() < 0.3 else None,
    )


def _filter_of_what_they_did(chance: random.Random, only: ExpertFilter, aimed_at: Person, world: World) -> ExpertFilter:
    """The same filter, mostly, or one more part of it, that the person whom the question is aimed at may pass."""
    if chance.random() < 0.6:
        return only
    return replace(only, **chance.choice(list(parts_by_person(aimed_at, world))))


def parts_by_person(person: Person, world: World) -> Iterator[dict[str, Any]]:
    """Every other part of a filter, as somebody passes it, or may fail."""
    days = [event.starts_at.date() for event in world.events.values() if event.starts_at is not None]
    if person.languages:
        yield {"languages": frozenset([*person.languages][:1]), "language_level": LanguageLevel.FLUENT}
    yield {"worked_in": frozenset(person.worked_in[:1] or [CountryId("GH")])}
    yield {"worked_in": frozenset(world.countries)}
    yield {"organisations": frozenset(OrganisationId(job.organisation) for job in person.jobs[:1])}
    yield {"organisation_kinds": frozenset({"public"})}
    yield {"organisation_kinds": frozenset({"office"})}
    for event in world.events:
        yield {"spoke_at": frozenset({EventId(event)})}
    for day in days:
        yield {"available": (day, day)}
        yield {"active_since": day}
        yield {"not_invited_since": day}
    for period in person.away[:1]:
        yield {"available": (period.last, period.last)}
    yield {"active_since": date(2019, 6, 1)}
    yield {"genders": frozenset({person.gender or Gender.WOMAN})}


def the_crowd() -> World:
    """Twenty people of whom nobody may know, with everything that others have, and more of it.

    They are in the graph in every case, and the second evaluation of the rules has never heard of them.
    """
    world = random_world(0)
    nobody = dict.fromkeys(FieldGroup, Audience.NOBODY)
    people = [
        Person(
            id=ExpertId(f"crowd{number:02}"),
            name=f"Aa {number:02}",
            headline=" ".join(WORDS),
            other_names=(f"Crowd {number}",),
            email=f"crowd{number}@example.org",
            phone="+21671000000",
            website="https://crowd.example.org",
            orcid="0000-0002-1825-0097",
            gender=tuple(Gender)[number % 3],
            away=(Period(date(2027, 1, 1), date(2027, 12, 31)),),
            joined=date(2019, 1, 1),
            country=CountryId(list(COUNTRIES)[number % len(COUNTRIES)]),
            worked_in=tuple(map(CountryId, COUNTRIES)),
            languages={LanguageId(id): LanguageLevel.NATIVE for id in LANGUAGES},
            topics={TopicId(id): (ExpertiseLevel.LEAD, 1990) for id in TOPICS},
            jobs=tuple(Job(id, "Head", "2020", None) for id in (*ORGANISATIONS, *MORE_ORGANISATIONS)),
            talks=tuple(SpokeAt(id, "speaker", "Of everything") for id in EVENTS),
            attended=tuple(EVENTS),
            authored=RESOURCES,
            chosen=nobody if number % 2 else {},
            withdrawn=frozenset() if number % 2 else frozenset({"listed"}),
        )
        for number in range(20)
    ]
    documents = [
        Document(
            f"documents/crowd{number}.md",
            "talk",
            "Of everything",
            "en",
            date(2022, 1, 1),
            event,
            None,
            tuple((person.id, f"{' '.join(WORDS + RARE)} {number}") for person in people),
        )
        for number, event in enumerate((None, *EVENTS))
    ]
    crowd = replace(
        world,
        audiences={},
        people={person.id: person for person in people},
        documents={document.id: document for document in documents},
    )
    return replace(crowd, candidacies=everywhere_considered(crowd))


# In the real graph.

# The crowd stays. So the graph is about as large in every case, and the database need not plan its queries anew.
EMPTY: LiteralString = """
MATCH (n:Expert|Document|Network)
WHERE NOT coalesce(n.id, '') CONTAINS 'crowd'
OPTIONAL MATCH (n)-[:EVIDENCED_BY]->(p:Passage)
DETACH DELETE p, n
"""

CHOOSE: LiteralString = """
UNWIND $people AS person
MATCH (e:Expert {id: person.id})
SET e += person.chosen, e.withdrawn = person.withdrawn
"""

# Whoever is of the crowd speaks at every item, and nobody knows.
WRITE_AGENDAS: LiteralString = """
MATCH (v:Event) WHERE v.id IN $events
SET v.agenda_version = 1
CALL (v) { MATCH (item:AgendaItem)-[:ON_AGENDA]->(v) DETACH DELETE item }
WITH v
UNWIND $items AS row
WITH v, row WHERE row.event = v.id
CREATE (item:AgendaItem)-[:ON_AGENDA]->(v)
SET item = row.told
WITH item, row
UNWIND row.speakers AS speaker
MATCH (e:Expert {id: speaker.expert})
CREATE (e)-[:GIVES {role: speaker.role, number: speaker.number}]->(item)
"""

# Whoever left took a version of what they wrote with them.
FIRST_VERSIONS: LiteralString = "MATCH (n:Series|Event|Resource|Project|Activity) SET n.version = 1"

WAITING: LiteralString = """
MATCH (n:Passage|Topic)
WHERE n.encoder IS NULL AND (n:Topic OR n.found_by IS NOT NULL)
RETURN n.id AS id, n:Topic AS is_topic, n.text AS text
"""

ONLINE: LiteralString = "CALL db.awaitIndexes(60)"
DROP_TEXT_INDEXES: tuple[LiteralString, ...] = (
    "DROP INDEX passage_text_0 IF EXISTS",
    "DROP INDEX passage_text_1 IF EXISTS",
    "DROP INDEX passage_text_2 IF EXISTS",
)


async def prepare(graph: Graph) -> None:
    """Put the crowd into an empty graph, with search indexes for these tests' vectors."""
    await clean_search_indexes(graph)
    await graph.transact(lambda tx: write(tx, the_crowd()), timeout_s=STORING_TIMEOUT_S)


async def clean_search_indexes(graph: Graph) -> None:
    """Make the search indexes anew: Lucene counts what was deleted among its words until it tidies up."""
    for statement in (*DROP_TEXT_INDEXES, DROP_INDEX):
        await graph.write(statement)
    for migration in MIGRATIONS:
        for statement in migration.statements:
            if statement.startswith("CREATE FULLTEXT INDEX passage_text"):
                await graph.write(statement)
    await graph.write(CREATE_INDEX, dimensions=DIMENSIONS)
    await graph.read(ONLINE, timeout_s=70)


async def empty(graph: Graph) -> None:
    """Take a network away, but for the crowd."""
    await graph.write(EMPTY_CANDIDACIES)
    await graph.write(EMPTY)


async def store(graph: Graph, world: World) -> None:
    """Store a network in an empty graph, as a roster and its people's choices bring it, with its vectors."""
    await graph.transact(lambda tx: write(tx, world), timeout_s=STORING_TIMEOUT_S)
    await embed(graph)


async def write(tx: Transaction, world: World) -> None:
    """Store a network in a transaction; over one that is there already, its people and documents are changed."""
    await intake.store_network(tx, NetworkRecord(world.description))
    await tx.run(SET_OF_NETWORK, audiences={f"audience_{group}": int(of) for group, of in world.audiences.items()})
    (everybody,) = await tx.run(EVERYBODY)
    await restamp(tx, experts=everybody["experts"])
    await intake.store_regions(
        tx,
        [
            {"id": id, "names": {"name_en": one.names.in_language("en")}, "within": world.within[id], "digest": "r"}
            for id, one in world.regions.items()
        ],
    )
    await intake.store_countries(
        tx,
        [
            {"id": id, "names": {"name_en": one.names.in_language("en")}, "region": world.region_of[id], "digest": "c"}
            for id, one in world.countries.items()
        ],
    )
    await intake.store_languages(
        tx,
        [
            {"id": id, "names": {"name_en": one.names.in_language("en")}, "digest": "l"}
            for id, one in world.languages.items()
        ],
    )
    await intake.store_organisations(
        tx,
        [
            {
                "id": id,
                "name": one.name,
                "kind": one.kind,
                "country": world.seats[id],
                "website": one.website,
                "digest": "o",
            }
            for id, one in world.organisations.items()
        ],
    )
    await intake.store_topics(
        tx,
        [
            {
                "id": id,
                "broader": world.broader[id],
                "names": {"label_en": one.labels.in_language("en")},
                "labels": [one.labels.in_language("en")],
                "definition": one.definition,
                "scheme": one.scheme,
                "iri": one.iri,
                "exact_match": [f"https://example.org/topics/{other}" for other in world.exact_match.get(id, ())],
                "deprecated": one.is_deprecated,
                "digest": "t",
            }
            for id, one in world.topics.items()
        ],
    )
    await intake.store_experts(tx, [_expert_record(person) for person in world.people.values()])
    await intake.store_affiliations(
        tx,
        [
            {
                "id": f"{person.id} {job.organisation} {number}",
                "expert": person.id,
                "organisation": job.organisation,
                "role": job.role,
                "since": job.since,
                "until": job.until,
                "digest": "a",
            }
            for person in world.people.values()
            for number, job in enumerate(person.jobs)
        ],
    )
    await _write_programme(tx, world)
    await _write_agendas(tx, world)
    documents = [_document_record(document) for document in world.documents.values()]
    await store_documents(tx, documents, merged={}, folder="", at=datetime.now(UTC))
    await write_candidacies(tx, world)
    await tx.run(FIRST_VERSIONS)
    await change(tx, *world.people.values())


async def _write_programme(tx: Transaction, world: World) -> None:
    def of(noun: str) -> list[tuple[str, Thing, dict[str, Any]]]:
        """What things of a noun have in common, in the words of their records."""
        return [
            (
                id,
                thing,
                {"id": id, "topics": list(thing.topics), "partners": list(thing.partners), "digest": noun},
            )
            for (label, id), thing in world.things.items()
            if label == noun
        ]

    await intake.store_series(
        tx, [cast("intake.SeriesRecord", {"id": id, **thing.columns, "digest": "s"}) for id, thing, _ in of("Series")]
    )
    await intake.store_events(tx, [_event_record(world.events[id], thing, common) for id, thing, common in of("Event")])
    resources = []
    for id, thing, common in of("Resource"):
        own = {
            "languages": list(thing.languages),
            "versions": [
                {"language": tag, **own, "published_on": own["published_on"] and str(own["published_on"])}
                for tag, own in thing.versions.items()
            ],
            "country": next(iter(thing.countries), None),
            "authors": [person.id for person in world.people.values() if id in person.authored],
            "identifiers": [],
        }
        resources.append(cast("intake.ResourceRecord", common | dict(thing.columns) | own))
    await intake.store_resources(tx, resources)
    projects = [
        common | dict(thing.columns) | {"countries": list(thing.countries)} for _, thing, common in of("Project")
    ]
    await intake.store_projects(tx, [cast("intake.ProjectRecord", one) for one in projects])
    activities = [
        common | dict(thing.columns) | {"countries": list(thing.countries), "project": thing.part_of}
        for _, thing, common in of("Activity")
    ]
    await intake.store_activities(tx, [cast("intake.ActivityRecord", one) for one in activities])
    await intake.store_speakers(
        tx,
        [
            {
                "id": f"{person.id} {talk.event} {number}",
                "event": talk.event,
                "expert": person.id,
                "role": talk.role,
                "talk": talk.title,
                "starts_at": talk.starts_at,
                "ends_at": talk.ends_at,
                "room": talk.room,
                "language": talk.language,
                "url": talk.url,
                "digest": "k",
            }
            for person in world.people.values()
            for number, talk in enumerate(person.talks)
        ],
    )
    await intake.store_attendance(
        tx,
        [
            {"id": f"{person.id} {event}", "event": event, "expert": person.id, "digest": "d"}
            for person in world.people.values()
            for event in person.attended
        ],
    )


async def _write_agendas(tx: Transaction, world: World) -> None:
    items = [
        {
            "event": event,
            "told": {**{name: getattr(item, name) for name in ("id", *TOLD)}, "number": number},
            "speakers": [
                {"expert": speaker.expert, "role": speaker.role, "number": place}
                for place, speaker in enumerate((AgendaSpeaker(ExpertId("crowd00")), *item.speakers))
            ],
        }
        for event, agenda in world.agendas.items()
        for number, item in enumerate(agenda)
    ]
    await tx.run(WRITE_AGENDAS, events=list(world.events), items=items)


def _event_record(event: Event, thing: Thing, common: Mapping[str, Any]) -> intake.EventRecord:
    return cast(
        "intake.EventRecord",
        {
            **common,
            "title": event.title,
            "kind": event.kind,
            "format": event.format,
            "status": event.status,
            "series": thing.part_of,
            "starts_at": event.starts_at,
            "ends_at": event.ends_at,
            "time_zone": event.time_zone,
            "place": event.place,
            "capacity": event.capacity,
            "url": event.url,
            "identifiers": [],
            "sequence": None,
            "country": next(iter(thing.countries), None),
            "languages": list(thing.languages),
            "description": event.description,
        },
    )


def _expert_record(person: Person) -> intake.ExpertRecord:
    return {
        "id": person.id,
        "name": person.name,
        "headline": person.headline,
        "other_names": list(person.other_names),
        "email": person.email,
        "phone": person.phone,
        "website": person.website,
        "orcid": person.orcid,
        "gender": person.gender,
        "away": [str(period) for period in reversed(person.away)],
        "identifiers": [],
        "country": person.country,
        "languages": [{"language": id, "level": level.value} for id, level in person.languages.items()],
        "topics": [{"topic": id, "level": level.value, "since": since} for id, (level, since) in person.topics.items()],
        "worked_in": list(person.worked_in),
        "joined": person.joined,
        "digest": "e",
    }


def _document_record(document: Document) -> DocumentRecord:
    return {
        "id": document.id,
        "source": document.id,
        "place": None,
        "kind": document.kind,
        "title": document.title,
        "language": document.language,  # type: ignore[typeddict-item]  # a format may know no language
        "occurred_on": document.occurred_on,
        "event": document.event,
        "resource": document.resource,
        "passages": [
            PassageRecord(
                id=passage_id(owner=owner, document=document.id, text=text),
                owner=owner,
                text=text,
                position=[one for one in document.passages if one[0] == owner].index((owner, text)),
                place=place_of(text),
                language=document.language,  # type: ignore[typeddict-item]  # a format may know no language
            )
            for owner, text in document.passages
        ],
        "digest": "d",
    }


async def change(tx: Transaction, *people: Person) -> None:
    """Write down what these people choose and withdraw, and put it in force."""
    nothing_chosen = {f"chosen_{group}": None for group in FieldGroup}
    await tx.run(
        CHOOSE,
        people=[
            {
                "id": person.id,
                "chosen": nothing_chosen | {f"chosen_{group}": int(of) for group, of in person.chosen.items()},
                "withdrawn": sorted(person.withdrawn),
            }
            for person in people
        ],
    )
    await restamp(tx, experts=[person.id for person in people])


async def embed(graph: Graph) -> None:
    """Write the vector of everything that waits for one, as graph.vectors does."""
    waiting = await graph.read(WAITING)

    async def work(tx: Transaction) -> None:
        for statement, is_topic in ((STORE_TOPICS, True), (STORE_PASSAGES, False)):
            rows = [
                {
                    "id": row["id"],
                    "digest": "t",
                    "text": row["text"],
                    "vector": unit_vector(row["id"]),
                    **_sentences(row["id"], row["text"] or ""),
                }
                for row in waiting
                if row["is_topic"] is is_topic
            ]
            await tx.run(statement, rows=rows, revision=REVISION)

    await graph.transact(work)


def _sentences(id: str, text: str) -> Mapping[str, object]:
    told = two_sentences(id, text)
    return {
        "sentences": [place for span, _ in told for place in span],
        "sentence_vectors": bytes(int(number) % 256 for _, vector in told for number in vector),
    }
