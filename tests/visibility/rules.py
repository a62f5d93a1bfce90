"""The rules of sight, evaluated a second time: plain Python over a small network that is held in memory.

Written from what the product promises (docs/privacy.md, the docstrings of graph.viewer and of the repositories), not
from its Cypher, so that a mistake would have to be made twice. Slow and simple on purpose.
"""

import math
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TypeVar

from rapidfuzz.fuzz import ratio

from graph.achievements import Achievements, Count, Counted, Listed
from graph.agenda import AgendaItem, AgendaSpeaker
from graph.alphabet import sort_key, sort_key_in
from graph.choices import MOST, MOST_TYPED, Choices
from graph.filters import ExpertFilter
from graph.network import Holdings
from graph.panels.rules import Panellist
from graph.passages import passage_id
from graph.plan import Lack, Planned, Stage
from graph.search.candidates import Candidate, NearPassage, NearTopic
from graph.search.like import Likeness
from graph.search.matches import Evidence, Match, Reason, Strength
from graph.search.needs import Needs
from graph.search.scoring import Score
from graph.speaking import FoundBy, GivenAnswer, Letter, State, Step
from graph.spelling import is_named
from graph.suggestions import Kind, Suggestion
from graph.values import (
    Affiliation,
    Country,
    CountryId,
    Cursor,
    Event,
    EventId,
    Expert,
    ExpertId,
    Expertise,
    ExpertiseLevel,
    Gender,
    Language,
    LanguageId,
    LanguageLevel,
    Network,
    Organisation,
    OrganisationId,
    Page,
    Passage,
    PassageId,
    Period,
    Region,
    RegionId,
    SpokenLanguage,
    Talk,
    Topic,
    TopicId,
)
from graph.viewer import Audience, FieldGroup, Role, Scope, Viewer

__all__ = [
    "Considered",
    "Document",
    "Job",
    "Person",
    "Sight",
    "SpokeAt",
    "Thing",
    "World",
    "as_far_as_known",
    "place_of",
    "unit_vector",
    "words_in",
]

Vector = Sequence[float]
SentencesOf = Callable[[str, str], Sequence[tuple[tuple[int, int], Vector]]]
"""Where the sentences of a passage, by its id and text, start and end, and the vector of each."""
K = TypeVar("K")
V = TypeVar("V")

# As the levels are ordered by their docstrings: best, and deepest, first.
BEST_FIRST = (LanguageLevel.NATIVE, LanguageLevel.FLUENT, LanguageLevel.WORKING, LanguageLevel.BASIC)
IN_LANGUAGES = ("Event", "Resource")
TODAY = datetime.now(UTC).date()
DEEPEST_FIRST = (ExpertiseLevel.LEAD, ExpertiseLevel.PRACTITIONER, ExpertiseLevel.FAMILIAR)
DEPTHS = dict(zip(DEEPEST_FIRST, (1.0, 0.8, 0.5), strict=True))
IN_THE_END = (State.SPOKE, State.ABSENT)
SAID_YES = (State.ACCEPTED, State.CONFIRMED, *IN_THE_END)
"""Steps that tell where somebody spoke, or was to."""
WITHIN_A_TOPIC = 0.8
"""How well whoever knows a narrower topic covers one, of how well they cover their own."""


@dataclass(frozen=True, slots=True)
class Job:
    """That a person works, or worked, somewhere."""

    organisation: str
    role: str | None
    since: str
    until: str | None


@dataclass(frozen=True, slots=True)
class SpokeAt:
    """That a person spoke at an event."""

    event: str
    role: str | None
    title: str | None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    room: str | None = None
    language: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    """What a programme makes or does: its own columns, by the names that readers know them by, and what it is of."""

    columns: Mapping[str, object]
    topics: tuple[TopicId, ...] = ()
    languages: tuple[LanguageId, ...] = ()
    countries: tuple[CountryId, ...] = ()
    partners: tuple[str, ...] = ()
    part_of: str | None = None
    versions: Mapping[LanguageId, Mapping[str, object]] = field(default_factory=dict)
    """What a work has of its own in its languages, by the names that readers know it by."""


@dataclass(frozen=True, slots=True)
class Person:
    """All that is known of a person, whom they show it to, and what they withdrew their consent to."""

    id: ExpertId
    name: str
    headline: str | None
    other_names: tuple[str, ...]
    email: str | None
    phone: str | None
    website: str | None
    orcid: str | None
    gender: Gender | None
    away: tuple[Period, ...]
    joined: date | None
    country: CountryId | None
    worked_in: tuple[CountryId, ...]
    languages: Mapping[LanguageId, LanguageLevel]
    topics: Mapping[TopicId, tuple[ExpertiseLevel, int | None]]
    jobs: tuple[Job, ...]
    talks: tuple[SpokeAt, ...]
    attended: tuple[str, ...]
    authored: tuple[str, ...]
    chosen: Mapping[FieldGroup, Audience]
    withdrawn: frozenset[str]


def place_of(text: str) -> str:
    """Where a passage stands, told from its own words alone, so that hidden ones before it do not matter."""
    return f"page {len(text)}"


@dataclass(frozen=True, slots=True)
class Document:
    """A text that was cut into passages, each with the person whom it is evidence on."""

    id: str
    kind: str
    title: str | None
    language: str | None
    occurred_on: date | None
    event: str | None
    resource: str | None
    passages: tuple[tuple[ExpertId, str], ...]


@dataclass(frozen=True, slots=True)
class Considered:
    """That somebody is considered as a speaker at an event, with all that was ever taken down of it.

    ``place`` is where they stand in the line, hidden ones counted; ``is_aside`` if, of two people who were found to be
    one, it is what counts no more.
    """

    id: str
    expert: ExpertId
    event: str
    place: int
    note: str
    answer_by: datetime | None
    reminders: int
    version: int
    found_by: FoundBy
    question: str | None
    strength: Strength | None
    passages: tuple[PassageId, ...]
    topics: tuple[TopicId, ...]
    talks: tuple[str, ...]
    languages: tuple[LanguageId, ...]
    steps: tuple[Step, ...]
    letters: tuple[Letter, ...]
    replies: tuple[GivenAnswer, ...]
    is_aside: bool


@dataclass(frozen=True, slots=True)
class World:
    """A whole network; ``audiences`` is what it says where a person chose nothing."""

    description: Network
    audiences: Mapping[FieldGroup, Audience]
    regions: Mapping[str, Region]
    within: Mapping[str, str | None]
    countries: Mapping[CountryId, Country]
    region_of: Mapping[CountryId, str]
    languages: Mapping[LanguageId, Language]
    topics: Mapping[TopicId, Topic]
    broader: Mapping[TopicId, TopicId | None]
    exact_match: Mapping[TopicId, tuple[TopicId, ...]]
    organisations: Mapping[str, Organisation]
    events: Mapping[str, Event]
    covered: Mapping[str, tuple[TopicId, ...]]
    resources: tuple[str, ...]
    people: Mapping[ExpertId, Person]
    documents: Mapping[str, Document]
    seats: Mapping[str, CountryId | None] = field(default_factory=dict)
    """Where organisations sit."""
    things: Mapping[tuple[str, str], Thing] = field(default_factory=dict)
    """Events, series, resources, projects and activities by noun and id."""
    candidacies: tuple[Considered, ...] = ()
    agendas: Mapping[str, tuple[AgendaItem, ...]] = field(default_factory=dict)
    """What organisers wrote on the agendas of events, in the order of its numbers."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage of a person: a paragraph of a document, or (``document`` is None) their profile."""

    id: PassageId
    owner: ExpertId
    text: str
    title: str | None
    document: Document | None
    position: int


@dataclass(frozen=True, slots=True)
class Sight:
    """What one viewer gets of one network: for every entry point, the whole answer.

    A method is named after its function, ``experts_page`` after ``graph.experts.page``.
    """

    world: World
    viewer: Viewer
    vector_of: Callable[[str], Vector] = field(default_factory=lambda: unit_vector)
    sentences_of: SentencesOf = field(default_factory=lambda: two_sentences)

    # Whom a viewer is among, and what they see.

    @property
    def reach(self) -> Audience:
        """The widest audience that the viewer is among: by their role, and by what their token is good for."""
        by_role = {
            Role.PUBLIC: Audience.EVERYONE,
            Role.MEMBER: Audience.MEMBERS,
            Role.ORGANISER: Audience.ORGANISERS,
            Role.ADMINISTRATOR: Audience.ORGANISERS,
        }[self.viewer.role]
        if Scope.READ_ORGANISERS in self.viewer.scopes:
            by_scopes = Audience.ORGANISERS
        elif Scope.READ_MEMBERS in self.viewer.scopes:
            by_scopes = Audience.MEMBERS
        else:
            by_scopes = Audience.EVERYONE
        return min(by_role, by_scopes)

    def audience(self, person: Person, group: FieldGroup) -> Audience:
        """Who sees a group of a person's fields."""
        of_group = self._chosen(person, group)
        if group is FieldGroup.CONTACT and "contacted" in person.withdrawn:
            of_group = Audience.NOBODY
        if group is FieldGroup.ATTENDANCE and "recorded" in person.withdrawn:
            of_group = Audience.NOBODY
        listed = Audience.NOBODY if "listed" in person.withdrawn else self._chosen(person, FieldGroup.LISTING)
        return max(of_group, listed)

    def _chosen(self, person: Person, group: FieldGroup) -> Audience:
        if group in person.chosen:
            return person.chosen[group]
        return self.world.audiences.get(group, Audience.MEMBERS)

    def shows(self, person: Person, group: FieldGroup) -> bool:
        """Whether a group is shown to everybody of the viewer's reach."""
        return self.audience(person, group) <= self.reach

    def sees(self, person: Person, group: FieldGroup) -> bool:
        """Whether the viewer sees a group: it is shown to them, or it is their own."""
        return self.shows(person, group) or person.id == self.viewer.person

    def seen(self, group: FieldGroup = FieldGroup.LISTING) -> list[Person]:
        """The people whose group the viewer sees, by name."""
        people = [person for person in self.world.people.values() if self.sees(person, group)]
        return sorted(people, key=by_name)

    def _seen_of(self, ids: Iterable[ExpertId], group: FieldGroup) -> list[Person]:
        people = [self.world.people[id] for id in ids if id in self.world.people]
        return [person for person in people if self.sees(person, group)]

    # Passages: read by those who see the profile and, if they tell that somebody was at an event, the attendance.

    def pieces(self, person: Person) -> list[Piece]:
        """All passages of a person, the profile too."""
        known = sorted(person.topics, key=lambda id: (latest(person.topics[id][1]), id))
        said = [person.headline or "", *(self.world.topics[id].labels.in_language("en") for id in known)]
        found = [
            Piece(PassageId(f"profile:{person.id}"), person.id, "; ".join(filter(None, said)), person.name, None, 0)
        ]
        for document in self.world.documents.values():
            of_person = [text for owner, text in document.passages if owner == person.id]
            for position, text in enumerate(of_person):
                id = PassageId(passage_id(owner=person.id, document=document.id, text=text))
                found.append(Piece(id, person.id, text, document.title, document, position))
        return found

    def readers(self, piece: Piece) -> Audience:
        """Who may read a passage."""
        person = self.world.people[piece.owner]
        profile = self.audience(person, FieldGroup.PROFILE)
        if piece.document is not None and piece.document.event is not None:
            return max(profile, self.audience(person, FieldGroup.ATTENDANCE))
        return profile

    def reads(self, piece: Piece) -> bool:
        """Whether the viewer may read a passage."""
        return self.readers(piece) <= self.reach or piece.owner == self.viewer.person

    def sees_source(self, piece: Piece) -> bool:
        """Whether the viewer sees which file of the roster a passage came from, which may name others."""
        return self.reach >= Audience.ORGANISERS or piece.owner == self.viewer.person

    def is_searched(self, piece: Piece) -> bool:
        """Whether a passage is in any search: never for nobody, nor of people who do not want to be matched."""
        return self.readers(piece) < Audience.NOBODY and "matched" not in self.world.people[piece.owner].withdrawn

    def finds(self, piece: Piece) -> bool:
        """Whether a passage finds its person for the viewer, as for everybody of their reach."""
        return self.is_searched(piece) and self.readers(piece) <= self.reach

    def _findable(self) -> list[Piece]:
        return [piece for person in self.world.people.values() for piece in self.pieces(person) if self.finds(piece)]

    # Values, with what the viewer does not see left out.

    def expert(self, person: Person) -> Expert:
        """A person whom the viewer may know of."""
        has_profile = self.sees(person, FieldGroup.PROFILE)
        return Expert(
            person.id,
            person.name,
            (person.headline or "") if has_profile else "",
            person.email if self.sees(person, FieldGroup.CONTACT) else None,
            person.joined if has_profile else None,
            self.world.countries[person.country]
            if person.country is not None and self.sees(person, FieldGroup.COUNTRY)
            else None,
            person.other_names if has_profile else (),
            person.phone if self.sees(person, FieldGroup.CONTACT) else None,
            person.website if has_profile else None,
            person.orcid if has_profile else None,
            person.gender if self.sees_gender(person) else None,
            person.away if self.sees(person, FieldGroup.CONTACT) else (),
        )

    def sees_gender(self, person: Person) -> bool:
        """Organisers see it of everybody whom they see, and people their own; it has no audience."""
        return self.reach >= Audience.ORGANISERS or person.id == self.viewer.person

    def _passage(self, piece: Piece) -> Passage:
        document = piece.document
        assert document is not None
        return Passage(
            piece.id,
            piece.text,
            piece.title,
            document.kind,
            document.language,
            document.id if self.sees_source(piece) else None,
            document.occurred_on,
            self.world.events[document.event] if document.event is not None else None,
            place_of(piece.text) if self.sees_source(piece) else None,
            document.resource,
        )

    def broader_than(self, topic: TopicId) -> list[TopicId]:
        broader = self.world.broader[topic]
        return [] if broader is None else [broader, *self.broader_than(broader)]

    def _is_within(self, topic: TopicId, asked: TopicId) -> bool:
        return asked in (topic, *self.broader_than(topic))

    def _passes(self, person: Person, only: ExpertFilter, *, shown: Mapping[FieldGroup, bool]) -> bool:
        in_countries = only.countries is None or (shown[FieldGroup.COUNTRY] and person.country in only.countries)
        well = BEST_FIRST[: BEST_FIRST.index(only.language_level) + 1]
        languages = {language for language, level in person.languages.items() if level in well}
        speaks = not only.languages or (shown[FieldGroup.LANGUAGES] and only.languages <= languages)
        knows = only.topics is None or (
            shown[FieldGroup.PROFILE]
            and any(self._is_within(topic, asked) for topic in person.topics for asked in only.topics)
        )
        return in_countries and speaks and knows and self._passes_by_what_they_did(person, only, shown=shown)

    def _passes_by_what_they_did(self, person: Person, only: ExpertFilter, *, shown: Mapping[FieldGroup, bool]) -> bool:
        employers = (
            [job.organisation for job in person.jobs if job.until is None] if shown[FieldGroup.ORGANISATION] else []
        )
        kinds = [self.world.organisations[employer].kind for employer in employers]
        spoke = [self.world.events[talk.event] for talk in person.talks] if shown[FieldGroup.ATTENDANCE] else []
        came = [self.world.events[id] for id in person.attended] if shown[FieldGroup.ATTENDANCE] else []
        away = person.away if shown[FieldGroup.CONTACT] else ()
        first, last = only.available or (date.max, date.min)
        return (
            (only.worked_in is None or (shown[FieldGroup.COUNTRY] and bool(only.worked_in & set(person.worked_in))))
            and (only.organisations is None or not only.organisations.isdisjoint(employers))
            and (only.organisation_kinds is None or not only.organisation_kinds.isdisjoint(kinds))
            and (only.spoke_at is None or bool(only.spoke_at & {event.id for event in spoke}))
            and not any(one.first <= last and one.last >= first for one in away)
            and not any(first <= day <= last for day in days_of(spoke))
            and (
                only.active_since is None
                or any(only.active_since <= day <= TODAY for day in self._active_on(person, [*spoke, *came]))
            )
            and (
                only.not_invited_since is None
                or all(day < only.not_invited_since for day in [*days_of(spoke), *self._invited_on(person)])
            )
            and (only.genders is None or (self.reach >= Audience.ORGANISERS and person.gender in only.genders))
        )

    def _invited_on(self, person: Person) -> Iterator[date]:
        """The days on which somebody was invited to speak, which only organisers find."""
        for one in self.world.candidacies:
            if one.expert == person.id and self.reach >= Audience.ORGANISERS:
                yield from (step.at.date() for step in one.steps if step.to is State.INVITED)

    def _active_on(self, person: Person, events: Iterable[Event]) -> Iterator[date]:
        """The days on which somebody did what the viewer may find."""
        yield from days_of(events)
        for work in person.authored:
            published = self.world.things["Resource", work].columns.get("published_on")
            if isinstance(published, date):
                yield published
        for piece in self.pieces(person):
            if piece.document is not None and piece.document.occurred_on is not None and self.finds(piece):
                yield piece.document.occurred_on

    # graph.experts

    def experts_by_id(self, ids: Sequence[ExpertId]) -> Mapping[ExpertId, Expert]:
        return {person.id: self.expert(person) for person in self._seen_of(ids, FieldGroup.LISTING)}

    def experts_pages(self, *, first: int, after: Cursor | None, only: ExpertFilter) -> list[Page[Expert]]:
        people = [
            person
            for person in self.seen()
            if self._passes(person, only, shown={group: self.sees(person, group) for group in FieldGroup})
        ]
        told = {(sort_key(person.name), str(person.id)): self.expert(person) for person in people}
        return pages(sorted(told.items(), key=lambda one: one[0]), first=first, after=after)

    def experts_languages_of(self, ids: Sequence[ExpertId]) -> Mapping[ExpertId, list[SpokenLanguage]]:
        return listed((person.id, self._languages(person)) for person in self._seen_of(ids, FieldGroup.LANGUAGES))

    def _languages(self, person: Person) -> list[SpokenLanguage]:
        spoken = sorted(person.languages.items(), key=lambda one: (BEST_FIRST.index(one[1]), one[0]))
        return [SpokenLanguage(self.world.languages[id], level) for id, level in spoken]

    def experts_expertise_of(self, ids: Sequence[ExpertId]) -> Mapping[ExpertId, list[Expertise]]:
        return listed((person.id, self._expertise(person)) for person in self._seen_of(ids, FieldGroup.PROFILE))

    def _expertise(self, person: Person) -> list[Expertise]:
        known = sorted(
            person.topics.items(), key=lambda one: (DEEPEST_FIRST.index(one[1][0]), latest(one[1][1]), one[0])
        )
        return [Expertise(self.world.topics[id], level, since) for id, (level, since) in known]

    def experts_affiliations_of(self, ids: Sequence[ExpertId]) -> Mapping[ExpertId, list[Affiliation]]:
        return listed((person.id, self._affiliations(person)) for person in self._seen_of(ids, FieldGroup.ORGANISATION))

    def _affiliations(self, person: Person) -> list[Affiliation]:
        by_organisation = sorted(person.jobs, key=lambda job: job.organisation)
        newest_first = sorted(by_organisation, key=lambda job: job.since, reverse=True)
        present_first = sorted(newest_first, key=lambda job: job.until is not None)
        return [
            Affiliation(self.world.organisations[job.organisation], job.role, job.since, job.until)
            for job in present_first
        ]

    def experts_worked_in_of(self, ids: Sequence[ExpertId]) -> Mapping[ExpertId, list[Country]]:
        return listed(
            (person.id, sorted((self.world.countries[id] for id in person.worked_in), key=by_english_name))
            for person in self._seen_of(ids, FieldGroup.COUNTRY)
        )

    def choices_of_language(self, language: str) -> Choices:
        world = self.world
        jobs = [job for person in self.seen(FieldGroup.ORGANISATION) for job in person.jobs if job.until is None]
        people = Counter(job.organisation for job in jobs)
        named = Counter(world.organisations[job.organisation].name for job in jobs)
        employers = sorted(named, key=lambda name: (-named[name], name))[:MOST_TYPED]
        spoken_at = {talk.event for person in self.seen(FieldGroup.ATTENDANCE) for talk in person.talks}
        with_speakers = [event.title for event in self._newest_first() if event.id in spoken_at]
        inhabited = {region for country in self._lived_in() for region in self.regions_of(country)}
        worked_in = {id for person in self.seen(FieldGroup.COUNTRY) for id in person.worked_in}
        spoken = {id for person in self.seen(FieldGroup.LANGUAGES) for id in person.languages}
        topics = sorted(world.topics.values(), key=lambda one: (one.labels.in_language("en"), one.id))[:MOST]
        return Choices(
            countries={id: world.countries[id].names.in_language(language) for id in self._lived_in()},
            regions={id: world.regions[id].names.in_language(language) for id in inhabited},
            languages={id: world.languages[id].names.in_language(language) or id for id in spoken},
            topics={one.id: one.labels.in_language(language) for one in topics},
            worked_in={id: world.countries[id].names.in_language(language) for id in worked_in},
            organisation_kinds=sorted({kind for id in people if (kind := world.organisations[id].kind) is not None}),
            organisations=sorted(employers),
            events=list(dict.fromkeys(with_speakers))[:MOST_TYPED],
        )

    def experts_talks_of(self, ids: Sequence[ExpertId]) -> Mapping[ExpertId, list[Talk]]:
        return listed(
            (
                person.id,
                [
                    Talk(self.world.events[talk.event], talk.role, talk.title)
                    for event in self._newest_first()
                    for talk in person.talks
                    if talk.event == event.id
                ],
            )
            for person in self._seen_of(ids, FieldGroup.ATTENDANCE)
        )

    def experts_passages_of(self, ids: Sequence[ExpertId]) -> Mapping[ExpertId, list[Passage]]:
        found = {}
        for id in ids:
            if id in self.world.people:
                pieces = [piece for piece in self.pieces(self.world.people[id]) if piece.document and self.reads(piece)]
                pieces.sort(key=in_reading_order)
                found[id] = [self._passage(piece) for piece in pieces]
        return listed(found.items())

    # graph.topics, graph.countries, graph.network

    def topics_pages(self, *, first: int, after: Cursor | None) -> list[Page[Topic]]:
        topics = sorted(self.world.topics.values(), key=by_label)
        return pages([(by_label(topic), topic) for topic in topics], first=first, after=after)

    def topics_broader_of(self, ids: Sequence[TopicId]) -> Mapping[TopicId, Topic]:
        broader = {id: self.world.broader.get(id) for id in ids}
        return {id: self.world.topics[above] for id, above in broader.items() if above is not None}

    def topics_narrower_of(self, ids: Sequence[TopicId]) -> Mapping[TopicId, list[Topic]]:
        topics = sorted(self.world.topics.values(), key=by_label)
        return listed((id, [topic for topic in topics if self.world.broader[topic.id] == id]) for id in ids)

    def topics_exact_matches_of(self, ids: Sequence[TopicId]) -> Mapping[TopicId, list[Topic]]:
        named = {(one, other) for one, others in self.world.exact_match.items() for other in others}
        topics = sorted(self.world.topics.values(), key=by_label)
        return listed((id, [topic for topic in topics if {(id, topic.id), (topic.id, id)} & named]) for id in ids)

    def topics_experts_of(self, ids: Sequence[TopicId], *, first: int) -> Mapping[TopicId, list[Expert]]:
        found = {}
        for id in ids:
            depths = {}
            for person in self.seen(FieldGroup.PROFILE):
                levels = [level for topic, (level, _) in person.topics.items() if self._is_within(topic, id)]
                if levels:
                    depths[person.id] = min(DEEPEST_FIRST.index(level) for level in levels)
            people = [self.world.people[expert] for expert in depths]
            people.sort(key=lambda person: (depths[person.id], by_name(person)))
            found[id] = [self.expert(person) for person in people[:first]]
        return listed(found.items())

    def _newest_first(self) -> list[Event]:
        by_id = sorted(self.world.events.values(), key=lambda event: event.id)
        return sorted(by_id, key=lambda event: event.starts_at.timestamp() if event.starts_at else -1, reverse=True)

    def events_page(self) -> list[Event]:
        return self._newest_first()

    def events_speakers_of(self, ids: Sequence[str]) -> Mapping[str, list[tuple[Expert, SpokeAt]]]:
        return listed(
            (
                id,
                [
                    (self.expert(person), talk)
                    for person in self.seen(FieldGroup.ATTENDANCE)
                    for talk in person.talks
                    if talk.event == id
                ],
            )
            for id in ids
        )

    def events_topics_of(self, ids: Sequence[str]) -> Mapping[str, list[Topic]]:
        return listed(
            (id, sorted((self.world.topics[topic] for topic in self.world.covered.get(id, ())), key=by_label))
            for id in ids
        )

    def regions_of(self, country: CountryId) -> list[str]:
        found = []
        region: str | None = self.world.region_of[country]
        while region is not None:
            found.append(region)
            region = self.world.within[region]
        return found

    def _lived_in(self) -> set[CountryId]:
        return {person.country for person in self.seen(FieldGroup.COUNTRY) if person.country is not None}

    def countries_pages(self, *, first: int, after: Cursor | None) -> list[Page[Country]]:
        countries = sorted(self.world.countries.values(), key=by_english_name)
        return pages([(by_english_name(one), one) for one in countries], first=first, after=after)

    def countries_lived_in(self) -> list[Country]:
        return sorted((self.world.countries[id] for id in self._lived_in()), key=by_english_name)

    def countries_regions_of(self, ids: Sequence[CountryId]) -> Mapping[CountryId, list[Region]]:
        known = [id for id in ids if id in self.world.countries]
        return {id: [self.world.regions[region] for region in self.regions_of(id)] for id in known}

    def countries_experts_of(self, ids: Sequence[CountryId], *, first: int) -> Mapping[CountryId, list[Expert]]:
        return listed(
            (id, [self.expert(one) for one in self.seen(FieldGroup.COUNTRY) if one.country == id][:first]) for id in ids
        )

    def network_describe(self) -> Network:
        return self.world.description

    def network_holdings(self) -> Holdings:
        passages = [
            piece
            for person in self.world.people.values()
            for piece in self.pieces(person)
            if piece.document and self.reads(piece)
        ]
        return Holdings(
            len(self.seen()), len(self._lived_in()), len(self.world.topics), len(self.world.events), len(passages)
        )

    # graph.achievements

    def achievements_of_span(self, span: Period) -> Achievements:
        """The figures of a span; whoever does not show when they joined had joined."""

        def counted(things: Iterable[Thing], *names: str) -> list[Count]:
            found = Counter(tuple(str(thing.columns[name]) for name in names) for thing in things)
            return [Count(key[0], key[1] if len(key) > 1 else None, count) for key, count in sorted(found.items())]

        kinds = Counter(self.world.events[EventId(id)].kind for id in self._held(span))
        return Achievements(
            span=span,
            members=len(self._joined_until(span)),
            new_members=len(self._joined_within(span)),
            speakers=len(self._spoke_within(span)),
            partners=len(self._partners_within(span)),
            events=[Count(kind, None, count) for kind, count in sorted(kinds.items())],
            resources=counted(self._within("Resource", "published_on", span).values(), "kind"),
            activities=counted(self._within("Activity", "starts_on", span).values(), "kind", "status"),
            projects=len(self._within("Project", "starts_on", span)),
            countries=[one.id for one in self._beneficiaries(span)],
        )

    def achievements_listed(self, of: Counted, span: Period, *, first: int, language: str) -> list[Page[Listed]]:
        """All pages of the list behind a count."""
        people = {
            Counted.MEMBERS: self._joined_until,
            Counted.NEW_MEMBERS: self._joined_within,
            Counted.SPEAKERS: self._spoke_within,
        }
        days = {
            Counted.RESOURCES: ("Resource", "published_on"),
            Counted.ACTIVITIES: ("Activity", "starts_on"),
            Counted.PROJECTS: ("Project", "starts_on"),
        }
        if of in people:
            keys = [(listed_at(one.name, language), str(one.id)) for one in people[of](span)]
        elif of in days:
            noun, column = days[of]
            keys = [(str(one.columns[column]), id) for id, one in self._within(noun, column, span).items()]
        elif of is Counted.EVENTS:
            keys = [(str(_day(self.world.events[EventId(id)].starts_at)), id) for id in self._held(span)]
        elif of is Counted.COUNTRIES:
            keys = [
                (listed_at(one.names.in_language(language), language), str(one.id)) for one in self._beneficiaries(span)
            ]
        else:
            keys = [(listed_at(self.world.organisations[id].name, language), id) for id in self._partners_within(span)]
        return _pages({key: Listed(of.noun, key[1]) for key in sorted(keys)}, first)

    def _within(self, noun: str, column: str, span: Period) -> dict[str, Thing]:
        things = {id: thing for (label, id), thing in self.world.things.items() if label == noun}
        return {
            id: thing
            for id, thing in things.items()
            if _is_within(_day(thing.columns.get(column)), span) and thing.columns.get("status") != "cancelled"
        }

    def _held(self, span: Period) -> list[str]:
        events = self.world.events.items()
        return [id for id, one in events if _is_within(_day(one.starts_at), span) and one.status != "cancelled"]

    def _joined_until(self, span: Period) -> list[Person]:
        days = {one.id: self.expert(one).joined for one in self.seen()}
        return [one for one in self.seen() if (day := days[one.id]) is None or day <= span.last]

    def _joined_within(self, span: Period) -> list[Person]:
        return [one for one in self.seen() if _is_within(self.expert(one).joined, span)]

    def _spoke_within(self, span: Period) -> list[Person]:
        held = self._held(span)
        return [one for one in self.seen(FieldGroup.ATTENDANCE) if any(talk.event in held for talk in one.talks)]

    def _partners_within(self, span: Period) -> set[str]:
        columns = {"Resource": "published_on", "Project": "starts_on", "Activity": "starts_on"}
        within = {noun: self._within(noun, column, span).values() for noun, column in columns.items()}
        things = [
            thing
            for noun, found in within.items()
            for thing in found
            if noun != "Activity" or thing.columns["status"] == "done"
        ]
        things += [self.world.things["Event", id] for id in self._held(span)]
        return {id for thing in things for id in thing.partners}

    def _beneficiaries(self, span: Period) -> list[Country]:
        activities = self._within("Activity", "starts_on", span).values()
        done = [one for one in activities if (one.columns["kind"], one.columns["status"]) == ("national", "done")]
        countries = sorted(self.world.countries.values(), key=by_english_name)
        return [one for one in countries if any(one.id in activity.countries for activity in done)]

    # graph.plan

    def planned(self, span: Period, *, today: date, first: int) -> list[Page[Planned]]:
        """All pages of the plan for a span, as it is on a day."""
        found: dict[tuple[str, str], Planned] = {}
        for (noun, id), thing in self.world.things.items():
            if noun not in {"Activity", "Event", "Project", "Resource"}:
                continue
            event = self.world.events[EventId(id)] if noun == "Event" else None
            starts_on, ends_on = _days_of(noun, thing, event)
            if not self._is_in_plan((noun, id), thing, (starts_on, ends_on), span):
                continue
            kind = event.kind if event else thing.columns.get("kind")
            status = event.status if event else thing.columns.get("status")
            planned = Planned(
                noun,
                id,
                event.title if event else str(thing.columns["title"]),
                str(kind) if kind else None,
                str(status) if status else None,
                starts_on,
                ends_on,
                stage := _stage_of(noun, status, starts_on, ends_on, today),
                () if stage is Stage.DONE else self._lacking((noun, id), thing, (starts_on, ends_on), today),
            )
            found[str(starts_on or "later"), f"{noun}:{id}"] = planned
        return _pages(dict(sorted(found.items())), first)

    def _is_in_plan(
        self, node: tuple[str, str], thing: Thing, days: tuple[date | None, date | None], span: Period
    ) -> bool:
        (noun, id), (starts_on, ends_on) = node, days
        match noun:
            case "Resource":
                return _is_within(starts_on, span)
            case "Event":
                is_off = self.world.events[EventId(id)].status == "cancelled"
                return not is_off and (starts_on is None or _is_within(starts_on, span))
            case "Project":
                begins, ends = starts_on or date.min, ends_on or date.max
                return begins <= span.last and ends >= span.first
            case _:
                if thing.columns["status"] == "cancelled":
                    return False
                if starts_on is None:
                    return thing.columns["status"] != "done"
                return starts_on <= span.last and (ends_on or starts_on) >= span.first

    def _lacking(
        self, node: tuple[str, str], thing: Thing, days: tuple[date | None, date | None], today: date
    ) -> tuple[Lack, ...]:
        (noun, id), (starts_on, ends_on) = node, days
        event = self.world.events[EventId(id)] if noun == "Event" else None
        announced = {speaker.expert for item in self.world.agendas.get(id, ()) for speaker in item.speakers}
        seen_there = [
            one
            for one in self.seen(FieldGroup.ATTENDANCE)
            if one.id in announced or any(talk.event == id for talk in one.talks)
        ]
        said_yes = self.reach >= Audience.ORGANISERS and any(
            one.event == id and not one.is_aside and one.steps[-1].to in SAID_YES
            for one in self.world.candidacies
            if self.sees(self.world.people[one.expert], FieldGroup.LISTING)
        )
        is_somewhere = {
            "Activity": thing.columns.get("kind") in {"national", "regional"},
            "Event": event is not None and event.format != "online",
            "Project": False,
            "Resource": thing.columns.get("kind") == "roadmap",
        }[noun]
        lacking = {
            Lack.DATE: starts_on is None,
            Lack.SPEAKER: noun == "Event" and not seen_there and not said_yes,
            Lack.PARTNER: not thing.partners,
            Lack.COUNTRY: is_somewhere and not thing.countries,
            Lack.TOPIC: not thing.topics,
            Lack.OUTCOME: noun == "Activity" and starts_on is not None and (ends_on or starts_on) < today,
        }
        return tuple(lack for lack, is_lacking in lacking.items() if is_lacking)

    # graph.filters

    def resolved(
        self,
        *,
        countries: Sequence[str],
        regions: Sequence[str],
        languages: Sequence[str],
        topics: Sequence[str],
        organisations: Sequence[str],
    ) -> ExpertFilter | str:
        """The filter that ids stand for, or the first of them that the network, or the viewer, does not know."""
        for wanted, known in (
            (countries, set(self.world.countries)),
            (regions, set(self.world.regions)),
            (organisations, self._organisations_seen()),
            (languages, set(self.world.languages)),
            (topics, set(self.world.topics)),
        ):
            unknown = [one for one in wanted if one not in known]
            if unknown:
                return unknown[0]
        inside = {id for id in self.world.countries if set(self.regions_of(id)) & set(regions)}
        return ExpertFilter(
            frozenset(map(CountryId, [*countries, *inside])) if countries or regions else None,
            frozenset(map(LanguageId, languages)),
            topics=frozenset(map(TopicId, topics)) if topics else None,
            organisations=frozenset(map(OrganisationId, organisations)) if organisations else None,
        )

    def _organisations_seen(self) -> set[str]:
        """Organisers know all; others partners, and where people work or worked whose organisations they see."""
        if self.reach >= Audience.ORGANISERS:
            return set(self.world.organisations)
        partners = {id for thing in self.world.things.values() for id in thing.partners}
        return partners | {job.organisation for person in self.seen(FieldGroup.ORGANISATION) for job in person.jobs}

    # graph.panels

    def panellists(
        self, people: Sequence[ExpertId], *, event: str, topics: Sequence[TopicId], since: datetime
    ) -> Mapping[ExpertId, Panellist]:
        return {
            person.id: self._panellist(person, event, topics, since)
            for person in self._seen_of(people, FieldGroup.LISTING)
        }

    def _panellist(self, person: Person, event: str, topics: Sequence[TopicId], since: datetime) -> Panellist:
        covers: dict[TopicId, float] = {}
        for known, (level, _) in person.topics.items() if self.sees(person, FieldGroup.PROFILE) else ():
            for topic in {known, *self.broader_than(known)}.intersection(topics):
                depth = DEPTHS[level] * (1.0 if known == topic else WITHIN_A_TOPIC)
                covers[topic] = max(covers.get(topic, 0.0), depth)
        lives_in = [person.country] if person.country and self.sees(person, FieldGroup.COUNTRY) else []
        speaks = person.languages.items() if self.sees(person, FieldGroup.LANGUAGES) else ()
        jobs = person.jobs if self.sees(person, FieldGroup.ORGANISATION) else ()
        gave = {talk.event for talk in person.talks} - {event}
        spoke = [one for one in map(self.world.events.__getitem__, gave) if one.status != "cancelled"]
        has_talks = self.sees(person, FieldGroup.ATTENDANCE)
        return Panellist(
            person.id,
            covers=covers,
            countries=frozenset(lives_in),
            regions=frozenset(RegionId(region) for country in lives_in for region in self.regions_of(country)),
            languages=frozenset(of for of, level in speaks if level in BEST_FIRST[:2]),
            organisations=frozenset(OrganisationId(job.organisation) for job in jobs if job.until is None),
            gender=person.gender if self.sees_gender(person) else None,
            talks=sum(one.starts_at is not None and one.starts_at >= since for one in spoke) if has_talks else None,
            is_new=not spoke if has_talks else None,
        )

    # graph.search

    def suggested(self, text: str, *, first: int) -> list[Suggestion]:
        """Topics, countries lived in and people whom a search finds, of whose names a word begins so."""
        lived_in = self._lived_in()
        findable = [one for one in self.world.people.values() if self.finds(self.pieces(one)[0])]
        people: dict[str, str] = {person.id: person.name for person in findable}
        called: dict[Kind, Mapping[str, str]] = {
            Kind.TOPIC: {
                id: topic.labels.in_language("en") for id, topic in self.world.topics.items() if not topic.is_deprecated
            },
            Kind.COUNTRY: {
                id: country.names.in_language("en") for id, country in self.world.countries.items() if id in lived_in
            },
            Kind.PERSON: people,
        }
        *whole, last = words_in(text)
        asked = " ".join([*whole, last])
        found = []
        for kind, names in called.items():
            meant = [
                (not " ".join(words_in(name)).startswith(asked), name, id)
                for id, name in names.items()
                if set(whole) <= set(words_in(name)) and any(word.startswith(last) for word in words_in(name))
            ]
            found.append([Suggestion(kind, id, name) for _, name, id in sorted(meant)] if len(last) > 1 else [])
        shares = [min(len(of), share) for of, share in zip(found, (3, 2, 3), strict=True)]
        for place, of in enumerate(found):
            shares[place] += min(len(of) - shares[place], max(first - sum(shares), 0))
        return [one for of, share in zip(found, shares, strict=True) for one in of[:share]][:first]

    def passages_found(self) -> int:
        return len(self._findable())

    def passing(self, *, only: ExpertFilter, first: int, language: str = "en") -> list[Page[Expert]]:
        """Everybody whom a search may find and the filter lets through, by name, in pages."""
        people = [
            person
            for person in self.world.people.values()
            if self.finds(self.pieces(person)[0])
            and self._passes(person, only, shown={group: self.shows(person, group) for group in FieldGroup})
        ]
        told = {(listed_at(person.name, language), str(person.id)): self.expert(person) for person in people}
        return pages(sorted(told.items(), key=lambda one: one[0]), first=first, after=None)

    def candidates(self, *, question: str, vector: Vector, only: ExpertFilter) -> Mapping[ExpertId, Candidate]:
        """Everybody whom the viewer may find and the filter lets through, with the passages that find them."""
        found = {}
        for person in self.world.people.values():
            pieces = [piece for piece in self.pieces(person) if self.finds(piece)]
            shown = {group: self.shows(person, group) for group in FieldGroup}
            if pieces and self._passes(person, only, shown=shown):
                found[person.id] = Candidate(
                    person.id,
                    is_of((person.name, *person.other_names), question),
                    tuple(
                        NearPassage(
                            piece.id,
                            cosine(self.vector_of(piece.id), vector),
                            shared_words(question, piece),
                            piece.document is None,
                        )
                        for piece in sorted(pieces, key=lambda piece: piece.id)
                    ),
                    tuple(sorted((topic, level) for topic, (level, _) in person.topics.items())),
                )
        return found

    def like_expert(self, expert: ExpertId) -> Likeness | None:
        """The words of a person's profile and titles, newest first, as they find the person; None if nothing does."""
        person = self.world.people.get(expert)
        pieces = [piece for piece in self.pieces(person) if self.finds(piece)] if person is not None else []
        if not pieces:
            return None
        pieces.sort(key=lambda piece: piece.id)
        pieces.sort(key=lambda piece: (piece.document and piece.document.occurred_on) or date.max, reverse=True)
        pieces.sort(key=lambda piece: piece.document is not None)
        texts = dict.fromkeys(piece.text if piece.document is None else piece.title for piece in pieces)
        return Likeness(". ".join(filter(None, texts)), frozenset({expert}))

    def like_event(self, id: EventId) -> Likeness | None:
        event = self.world.events.get(id)
        if event is None:
            return None
        labels = [self.world.topics[topic].labels.in_language("en") for topic in sorted(self.world.covered[id])]
        speakers = {
            person.id
            for person in self.world.people.values()
            if any(talk.event == id for talk in person.talks)
            and self.shows(person, FieldGroup.ATTENDANCE)
            and self.shows(person, FieldGroup.PROFILE)
            and "matched" not in person.withdrawn
        }
        return Likeness(". ".join(filter(None, [event.title, event.description, *labels])), frozenset(speakers))

    def near_topics(self, *, question: str, vector: Vector) -> Mapping[TopicId, NearTopic]:
        return {
            id: NearTopic(
                id,
                cosine(self.vector_of(id), vector),
                tuple(sorted(self.broader_than(id))),
                *named_by(question, topic),
            )
            for id, topic in self.world.topics.items()
        }

    def described(self, scores: Sequence[Score], *, vector: Vector, language: str | None, needs: Needs) -> list[Match]:
        known = [score for score in scores if score.expert in self.world.people]
        return [
            self._match(self.world.people[score.expert], score, vector, language, needs)
            for score in known
            if self.sees(self.world.people[score.expert], FieldGroup.LISTING)
        ]

    def _match(self, person: Person, score: Score, vector: Vector, language: str | None, needs: Needs) -> Match:
        readable = {piece.id: piece for piece in self.pieces(person) if self.reads(piece)}
        shown = [(near, readable[near.id]) for near in score.evidence if near.id in readable]
        known = self._expertise(person) if self.sees(person, FieldGroup.PROFILE) else []
        spoken = self._languages(person) if self.sees(person, FieldGroup.LANGUAGES) else []
        reasons: list[Reason] = [one for topic in score.topics for one in known if one.topic.id == topic]
        talks = []
        for _, piece in shown:
            if piece.document is not None and piece.document.kind == "talk" and piece.document.event is not None:
                role = next((talk.role for talk in person.talks if talk.event == piece.document.event), None)
                talks.append(Talk(self.world.events[piece.document.event], role, piece.title))
        reasons += [talk for number, talk in enumerate(talks) if talk not in talks[:number]]
        reasons += [one for one in spoken if one.language.id == language and one.level is not LanguageLevel.BASIC]
        jobs = self._affiliations(person) if self.sees(person, FieldGroup.ORGANISATION) else []
        asking = self.world.people.get(self.viewer.person) if self.viewer.person is not None else None
        mine = {job.organisation for job in asking.jobs} if asking is not None and asking.id != person.id else set()
        for number, job in enumerate(jobs):
            if job.organisation.id in mine - {earlier.organisation.id for earlier in jobs[:number]}:
                reasons.append(job)
        has_country = self.sees(person, FieldGroup.COUNTRY)
        countries = {*person.worked_in, *([person.country] if person.country else [])} if has_country else set()
        unmet = tuple(
            need.said
            for need in needs.told
            if (need.languages and not {one.language.id for one in spoken if one.level != "basic"} & {*need.languages})
            or ((need.countries or need.regions) and not countries & needs.countries)
        )
        told = [(near, piece) for near, piece in shown if piece.document]
        is_sure = score.confidence >= 0.9
        strength = Strength.WEAK if unmet or score.confidence < 0.45 else Strength.STRONG if is_sure else Strength.GOOD
        return Match(
            self.expert(person),
            score.total,
            strength,
            unmet,
            tuple(spoken),
            tuple(job for job in jobs if job.until is None),
            tuple(
                Evidence(self._passage(piece), near.similarity, self._sentence(piece, vector))
                for number, (near, piece) in enumerate(told)
                if not any(ratio(piece.text, earlier.text) >= 90 for _, earlier in told[:number])
            ),
            tuple(reasons),
        )

    def _sentence(self, piece: Piece, vector: Vector) -> tuple[int, int] | None:
        """Where the sentence is that is nearest to a question; what is in no search has no vectors."""
        known = self.sentences_of(piece.id, piece.text) if self.is_searched(piece) else ()
        return max(((cosine(of, vector), span) for span, of in known), default=(0, None))[1]


def as_far_as_known(world: World, viewer: Viewer) -> World:
    """The same network without all that the viewer may neither see nor find: to them, it must look the same."""
    sight = Sight(world, viewer)
    people = {person.id: _without_hidden(sight, person) for person in sight.seen()}
    documents = {
        id: replace(document, passages=tuple(one for one in document.passages if _is_known(sight, document, one)))
        for id, document in world.documents.items()
    }
    employers = {job.organisation for person in people.values() for job in person.jobs}
    partners = {one for thing in world.things.values() for one in thing.partners}
    organisations = {
        id: one
        for id, one in world.organisations.items()
        if sight.reach >= Audience.ORGANISERS or id in employers | partners
    }
    spoken = {id for person in people.values() for id in person.languages}
    held_in = {id for (noun, _), thing in world.things.items() if noun in IN_LANGUAGES for id in thing.languages}
    languages = {
        id: one for id, one in world.languages.items() if sight.reach >= Audience.ORGANISERS or id in spoken | held_in
    }
    agendas = {
        event: tuple(replace(item, speakers=_speakers_seen(sight, item)) for item in items)
        for event, items in world.agendas.items()
    }
    return replace(
        world,
        people=people,
        documents=documents,
        organisations=organisations,
        languages=languages,
        candidacies=tuple(_considered_as_known(sight)),
        agendas=agendas,
    )


def _considered_as_known(sight: Sight) -> Iterator[Considered]:
    """Whoever reads nothing of others who are considered knows of their own candidacies alone."""
    for one in sight.world.candidacies:
        person = sight.world.people[one.expert]
        reads = sight.reach >= Audience.ORGANISERS and sight.sees(person, FieldGroup.LISTING)
        if reads or person.id == sight.viewer.person:
            shown = [
                step for step in one.steps if step.to not in IN_THE_END or sight.sees(person, FieldGroup.ATTENDANCE)
            ]
            yield replace(one, steps=tuple(shown))


def _speakers_seen(sight: Sight, item: AgendaItem) -> tuple[AgendaSpeaker, ...]:
    seen = {person.id for person in sight.seen(FieldGroup.ATTENDANCE)}
    return tuple(speaker for speaker in item.speakers if speaker.expert in seen)


def _without_hidden(sight: Sight, person: Person) -> Person:
    has = {group: sight.sees(person, group) for group in FieldGroup}
    profile, country, attendance = has[FieldGroup.PROFILE], has[FieldGroup.COUNTRY], has[FieldGroup.ATTENDANCE]
    return replace(
        person,
        headline=person.headline if profile else None,
        joined=person.joined if profile else None,
        other_names=person.other_names if profile else (),
        website=person.website if profile else None,
        orcid=person.orcid if profile else None,
        gender=person.gender if sight.sees_gender(person) else None,
        away=person.away if has[FieldGroup.CONTACT] else (),
        phone=person.phone if has[FieldGroup.CONTACT] else None,
        topics=person.topics if profile else {},
        authored=person.authored if profile else (),
        email=person.email if has[FieldGroup.CONTACT] else None,
        country=person.country if country else None,
        worked_in=person.worked_in if country else (),
        languages=person.languages if has[FieldGroup.LANGUAGES] else {},
        jobs=person.jobs if has[FieldGroup.ORGANISATION] else (),
        talks=person.talks if attendance else (),
        attended=person.attended if attendance else (),
    )


def _is_known(sight: Sight, document: Document, passage: tuple[ExpertId, str]) -> bool:
    pieces = [piece for piece in sight.pieces(sight.world.people[passage[0]]) if piece.document == document]
    return any(piece.text == passage[1] and sight.reads(piece) for piece in pieces)


def _day(of: object) -> date | None:
    if isinstance(of, datetime):
        return of.date()
    return of if isinstance(of, date) else None


def _is_within(day: date | None, span: Period) -> bool:
    return day is not None and span.first <= day <= span.last


def _pages(entries: Mapping[tuple[str, str], V], first: int) -> list[Page[V]]:
    """The parts of a list, from its first to its last."""
    cursors = [(Cursor(key), entry) for key, entry in entries.items()]
    starts = range(0, max(len(cursors), 1), first)
    return [Page(cursors[start : start + first], start + first < len(cursors)) for start in starts]


def _days_of(noun: str, thing: Thing, event: Event | None) -> tuple[date | None, date | None]:
    if event is not None:
        return _day(event.starts_at), _day(event.ends_at)
    if noun == "Resource":
        return (_day(thing.columns.get("published_on")),) * 2
    return _day(thing.columns.get("starts_on")), _day(thing.columns.get("ends_on"))


def _stage_of(noun: str, status: object, starts_on: date | None, ends_on: date | None, today: date) -> Stage:
    """What is over is done, but an activity is done when that is said, and what has no end lasts."""
    if status == "done":
        return Stage.DONE
    if starts_on is None or status == "idea":
        return Stage.IDEA
    ends = (ends_on or starts_on) if noun != "Project" else (ends_on or date.max)
    if noun == "Resource":
        return Stage.DONE if starts_on <= today else Stage.PLANNED
    if ends < today and noun != "Activity":
        return Stage.DONE
    if starts_on <= today <= ends:
        return Stage.UNDER_WAY
    return Stage.CONFIRMED if status == "confirmed" else Stage.PLANNED


# Orders. What is not dated comes last where the first come first.


def by_name(person: Person) -> tuple[str, str]:
    return person.name, person.id


def by_label(topic: Topic) -> tuple[str, str]:
    return topic.labels.in_language("en"), topic.id


def by_english_name(value: Country | Region | Language) -> tuple[str, str]:
    return value.names.in_language("en"), value.id


def latest(year: int | None) -> float:
    return math.inf if year is None else year


def in_reading_order(piece: Piece) -> tuple[bool, int, str, int, str]:
    """Biographies first; then what was said or published last, by title, as it was written."""
    assert piece.document is not None
    day = piece.document.occurred_on
    newest = -day.toordinal() if day is not None else 0
    return piece.document.kind != "biography", newest, piece.title or "", piece.position, piece.id


def listed(pairs: Iterable[tuple[K, list[V]]]) -> dict[K, list[V]]:
    """Lists by key, without the empty ones."""
    return {key: values for key, values in pairs if values}


def listed_at(name: str, language: str) -> str:
    """Where a name stands in a list by name that is told in parts, as its cursors say it."""
    return f"{sort_key_in(language)} {sort_key(name, language)}"


def pages(entries: Sequence[tuple[tuple[str, str], V]], *, first: int, after: Cursor | None) -> list[Page[V]]:
    """All pages of an ordered list, from a cursor to the end."""
    left = [(Cursor(key), value) for key, value in entries if after is None or key > after.key]
    found = []
    while True:
        found.append(Page(left[:first], len(left) > first))
        left = left[first:]
        if not left:
            return found


# Words and vectors.


def words_in(text: str) -> list[str]:
    """The words of a text, without capitals and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"\w+", "".join(letter for letter in plain if not unicodedata.combining(letter)))


def days_of(events: Iterable[Event]) -> list[date]:
    """The days of those of these events that have one; in these networks each is on one day, and takes place."""
    return [event.starts_at.date() for event in events if event.starts_at is not None]


def is_of(names: Sequence[str], question: str) -> bool:
    """Whether a question is of a person: a whole name stands in it, or it is nothing but words of one."""
    asked = set(words_in(question))
    spelled = [set(words_in(name)) for name in names]
    return any(bool(asked) and (one <= asked or asked <= one) for one in spelled) or is_named(names, question)


def named_by(question: str, topic: Topic) -> tuple[float, str]:
    """How much of a question is a label of a topic, and the longest that stands in it, whole words of it.

    What is less than a third is nothing, and a question that is a label but for some letters is one.
    """
    asked = " ".join(words_in(question))
    labels = [topic.labels.in_language("en"), *(label for labels in topic.other_labels.values() for label in labels)]
    written = [" ".join(words_in(label)) for label in labels]
    if any(ratio(label, asked) >= 80 for label in written):
        return 1.0, asked
    said = max((label for label in written if f" {label} " in f" {asked} "), key=len, default="")
    return (len(said) / len(asked) if 3 * len(said) >= len(asked) else 0.0), said


def shared_words(question: str, piece: Piece) -> float:
    """How many of the question's words a passage has, in its text or title; how rare they are counts for nothing."""
    words = {*words_in(piece.text), *words_in(piece.title or "")}
    return float(sum(word in words for word in words_in(question)))


def unit_vector(id: str) -> list[float]:
    """The vector that stands for a passage or topic in these tests: by chance, always the same."""
    chance = random.Random(id)
    numbers = [chance.gauss(0, 1) for _ in range(8)]
    length = math.hypot(*numbers)
    return [number / length for number in numbers]


def two_sentences(id: str, text: str) -> list[tuple[tuple[int, int], list[float]]]:
    """What stands for a passage's sentences: its first word and all that follows, each with a vector as it is kept."""
    first, _, rest = text.partition(" ")
    if not rest:
        return []
    vectors = [unit_vector(f"{id} {part}") for part in ("first", "rest")]
    kept = [[float(round(number / max(map(abs, vector)) * 127)) for number in vector] for vector in vectors]
    return [((0, len(first)), kept[0]), ((len(first) + 1, len(text)), kept[1])]


def cosine(one: Vector, other: Vector) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True)) / math.hypot(*one) / math.hypot(*other)
