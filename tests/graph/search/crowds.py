"""A network of thousands of people by chance, and who fits a question there, told by comparing everybody in Python.

Vectors lie around the centres of topics, as those of texts do. Some people hide some of their fields, or all.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, LiteralString

import numpy as np
import numpy.typing as npt

from graph.filters import LEVELS, ExpertFilter
from graph.graph import Graph, Transaction
from graph.passages import restamp
from graph.search.candidates import Candidate, Lifts, NearPassage, NearTopic, words_of
from graph.search.scoring import lifts_of, ranked
from graph.values import (
    CountryId,
    EventId,
    ExpertId,
    ExpertiseLevel,
    Gender,
    LanguageId,
    LanguageLevel,
    OrganisationId,
    PassageId,
    TopicId,
)
from graph.vectors import CREATE_INDEX, DROP_INDEX, STORE_PASSAGES
from graph.viewer import Audience, FieldGroup

__all__ = ["REVISION", "Asked", "Crowd", "Person", "asked_by_chance", "crowd", "filter_by_chance", "store", "who_fits"]

REVISION = "by chance"
DIMENSIONS = 64
TODAY = datetime.now(UTC).date()
TOPICS = [TopicId(f"topic-{number}") for number in range(40)]
"""Every fourth is above the three after it."""
COUNTRIES = [CountryId(f"C{number}") for number in range(60)]
LANGUAGES = [LanguageId(f"l{number}") for number in range(15)]
ORGANISATIONS = [OrganisationId(f"organisation-{number}") for number in range(400)]
KINDS = ["police", "ministry", "university", "civil-society", "company"]
EVENTS = [EventId(f"event-{number}") for number in range(200)]
WORDS = [f"word{number}" for number in range(300)]
AT_ONCE = 500

Vector = npt.NDArray[np.float32]


@dataclass
class Person:
    """Somebody as the rules in Python know them; ``evidence`` is (id, vector, words, day)."""

    id: ExpertId
    country: CountryId
    languages: dict[LanguageId, LanguageLevel]
    topics: dict[TopicId, ExpertiseLevel]
    worked_in: list[CountryId]
    works_at: OrganisationId
    worked_at: OrganisationId
    spoke_at: list[EventId]
    away: list[tuple[date, date]]
    gender: Gender | None
    shows: dict[FieldGroup, Audience]
    is_matched: bool
    profile: Vector
    evidence: list[tuple[PassageId, Vector, list[str], date | None]] = field(default_factory=list)

    def shown(self, group: FieldGroup, reach: Audience) -> bool:
        return self.shows[group] <= reach


@dataclass(frozen=True)
class Crowd:
    """All of it: people, and the days of events; the kind of an organisation goes by its number."""

    centres: Vector
    people: list[Person]
    days: dict[EventId, date]


@dataclass(frozen=True)
class Asked:
    """A question: its words, its vector, and the topics near it."""

    words: str
    vector: Vector
    near: list[NearTopic]

    @property
    def lifts(self) -> Lifts:
        return lifts_of(self.near, words_asked=len(words_of(self.words)))


def crowd(how_many: int, *, seed: int) -> Crowd:
    chance, dice = random.Random(seed), np.random.default_rng(seed)
    centres = _unit(dice.normal(size=(len(TOPICS), DIMENSIONS)))
    days = {event: TODAY + timedelta(days=chance.randint(-1500, 400)) for event in EVENTS}
    people = []
    for number in range(how_many):
        topics = chance.sample(range(len(TOPICS)), chance.randint(1, 3))
        profile = _unit(centres[topics].mean(axis=0) + dice.normal(size=DIMENSIONS, scale=0.06))
        person = Person(
            id=ExpertId(f"person-{number}"),
            country=_often_the_first(chance, COUNTRIES),
            languages={_often_the_first(chance, LANGUAGES): chance.choice(LEVELS) for _ in range(chance.randint(1, 3))},
            topics={TOPICS[topic]: chance.choice(list(ExpertiseLevel)) for topic in topics},
            worked_in=chance.sample(COUNTRIES, chance.randint(0, 2)),
            works_at=chance.choice(ORGANISATIONS),
            worked_at=chance.choice(ORGANISATIONS),
            spoke_at=chance.sample(EVENTS, chance.choice((0, 0, 0, 1, 2))),
            away=[_period(chance)] if chance.random() < 0.2 else [],
            gender=chance.choice((*Gender, None)),
            shows={group: _shown_to(chance) for group in FieldGroup},
            is_matched=chance.random() > 0.05,
            profile=profile,
        )
        # No group of fields is shown to more than the person is.
        least = person.shows[FieldGroup.LISTING]
        person.shows = {group: max(least, shown) for group, shown in person.shows.items()}
        for place in range(chance.randint(1, 4)):
            vector = _unit(centres[chance.choice(topics)] + dice.normal(size=DIMENSIONS, scale=0.08))
            day = TODAY - timedelta(days=chance.randint(0, 3000)) if chance.random() < 0.7 else None
            words = [_often_the_first(chance, WORDS) for _ in range(6)]
            person.evidence.append((PassageId(f"{person.id}-{place}"), vector, words, day))
        people.append(person)
    return Crowd(centres, people, days)


def asked_by_chance(of: Crowd, *, seed: int) -> Asked:
    """A question near a topic, or near none; of one common word, or of some, or of as many as a sentence has."""
    chance, dice = random.Random(seed), np.random.default_rng(seed)
    noise = dice.normal(size=DIMENSIONS, scale=chance.choice((0.02, 0.1, 0.2)))
    vector = _unit(of.centres[chance.randrange(len(TOPICS))] + noise)
    words = " ".join(_often_the_first(chance, WORDS) for _ in range(chance.choice((1, 2, 4, 9, 30))))
    is_named = chance.random() < 0.2
    nearness = of.centres @ vector
    nearest = int(nearness.argmax())
    near = [
        NearTopic(
            topic,
            float(nearness[number]),
            () if number % 4 == 0 else (TOPICS[number - number % 4],),
            named=1.0 if is_named and number == nearest else 0.0,
        )
        for number, topic in enumerate(TOPICS)
    ]
    return Asked(words, vector, near)


FILTERS: tuple[str, ...] = (
    "countries",
    "languages",
    "language_level",
    "topics",
    "worked_in",
    "organisations",
    "organisation_kinds",
    "spoke_at",
    "available",
    "active_since",
    "not_invited_since",
    "genders",
)


def filter_by_chance(kinds: Sequence[str], *, seed: int) -> ExpertFilter:
    """A filter of these kinds, wide or narrow."""
    chance = random.Random(seed)
    chosen: dict[str, Any] = {}
    for kind in kinds:
        match kind:
            case "countries" | "worked_in":
                chosen[kind] = frozenset(chance.sample(COUNTRIES, chance.choice((1, 3, 30))))
            case "languages":
                chosen[kind] = frozenset({_often_the_first(chance, LANGUAGES)})
            case "language_level":
                chosen["language_level"] = chance.choice(LEVELS)
                chosen.setdefault("languages", frozenset({_often_the_first(chance, LANGUAGES)}))
            case "topics":
                chosen[kind] = frozenset(chance.sample(TOPICS, chance.choice((1, 10))))
            case "organisations":
                chosen[kind] = frozenset(chance.sample(ORGANISATIONS, chance.choice((1, 100))))
            case "organisation_kinds":
                chosen[kind] = frozenset(chance.sample(KINDS, chance.choice((1, 3))))
            case "spoke_at":
                chosen[kind] = frozenset(chance.sample(EVENTS, chance.choice((1, 80))))
            case "available":
                chosen[kind] = _period(chance)
            case "active_since" | "not_invited_since":
                chosen[kind] = TODAY - timedelta(days=chance.choice((30, 365, 1200)))
            case "genders":
                chosen[kind] = frozenset(chance.sample(list(Gender), chance.choice((1, 2))))
    return ExpertFilter(**chosen)


def passes(of: Crowd, person: Person, only: ExpertFilter, reach: Audience) -> bool:  # noqa: C901, PLR0911, PLR0912 -- a filter each
    """Whether somebody passes a filter, by what they show to those who ask."""
    shown = {group: person.shown(group, reach) for group in FieldGroup}
    days = [of.days[event] for event in person.spoke_at] if shown[FieldGroup.ATTENDANCE] else []
    knows = {TOPICS.index(topic) for topic in person.topics}
    if only.countries is not None and not (shown[FieldGroup.COUNTRY] and person.country in only.countries):
        return False
    well = LEVELS[: LEVELS.index(only.language_level) + 1]
    speaks = {language for language, level in person.languages.items() if level in well}
    if only.languages and not (shown[FieldGroup.LANGUAGES] and only.languages <= speaks):
        return False
    if only.topics is not None:
        asked = {TOPICS.index(topic) for topic in only.topics}
        if not asked & (knows | {number - number % 4 for number in knows}):
            return False
    if only.worked_in is not None and not (shown[FieldGroup.COUNTRY] and only.worked_in & set(person.worked_in)):
        return False
    if only.organisations is not None or only.organisation_kinds is not None:
        kind = KINDS[ORGANISATIONS.index(person.works_at) % len(KINDS)]
        is_there = only.organisations is None or person.works_at in only.organisations
        is_so = only.organisation_kinds is None or kind in only.organisation_kinds
        if not (shown[FieldGroup.ORGANISATION] and is_there and is_so):
            return False
    if only.spoke_at is not None and not (shown[FieldGroup.ATTENDANCE] and only.spoke_at & set(person.spoke_at)):
        return False
    if only.available is not None:
        first, last = only.available
        away = person.away if shown[FieldGroup.CONTACT] else []
        if any(start <= last and end >= first for start, end in [*away, *((day, day) for day in days)]):
            return False
    if only.active_since is not None:
        told = [day for *_, day in person.evidence if day is not None]
        if not any(only.active_since <= day <= TODAY for day in [*days, *told]):
            return False
    if only.not_invited_since is not None and any(day >= only.not_invited_since for day in days):
        return False
    return only.genders is None or (reach >= Audience.ORGANISERS and person.gender in only.genders)


def who_fits(of: Crowd, asked: Asked, only: ExpertFilter, reach: Audience) -> list[ExpertId]:
    """Everybody who is found and passes, best first, by comparing all."""
    words = words_of(asked.words) if asked.lifts.word else []
    candidates = [
        Candidate(
            person.id,
            False,
            (
                NearPassage(PassageId(f"profile:{person.id}"), float(person.profile @ asked.vector), 0.0, True),
                *(
                    NearPassage(id, float(vector @ asked.vector), float(sum(word in text for word in words)), False)
                    for id, vector, text, _ in person.evidence
                ),
            ),
            tuple(person.topics.items()),
        )
        for person in of.people
        if person.is_matched and person.shown(FieldGroup.PROFILE, reach) and passes(of, person, only, reach)
    ]
    return [score.expert for score in ranked(candidates, asked.lifts, other_field=0.0)]


THINGS: LiteralString = """
FOREACH (id IN $countries | CREATE (:Country {id: id}))
FOREACH (id IN $languages | CREATE (:Language {id: id}))
FOREACH (one IN $organisations | CREATE (:Organisation {id: one[0], name: one[0], kind: one[1]}))
FOREACH (one IN $events | CREATE (:Event {id: one[0], title: one[0], starts_at: datetime(one[1])}))
FOREACH (id IN $topics | CREATE (:Topic {id: id}))
WITH 1 AS one
UNWIND $broader AS pair
MATCH (t:Topic {id: pair[0]}), (b:Topic {id: pair[1]}) CREATE (t)-[:BROADER]->(b)
"""

PEOPLE: LiteralString = """
UNWIND $people AS row
CREATE (e:Expert {id: row.id, name: row.id, gender: row.gender, away_from: row.away_from, away_until: row.away_until,
                  withdrawn: row.withdrawn})
SET e += row.chosen
WITH e, row
CALL (e, row) { MATCH (c:Country {id: row.country}) CREATE (e)-[:BASED_IN]->(c) }
CALL (e, row) { UNWIND row.languages AS one MATCH (l:Language {id: one[0]}) CREATE (e)-[:SPEAKS {level: one[1]}]->(l) }
CALL (e, row) { UNWIND row.topics AS one MATCH (t:Topic {id: one[0]}) CREATE (e)-[:EXPERT_IN {level: one[1]}]->(t) }
CALL (e, row) { UNWIND row.worked_in AS id MATCH (c:Country {id: id}) CREATE (e)-[:WORKED_IN]->(c) }
CALL (e, row) { MATCH (o:Organisation {id: row.works_at}) CREATE (e)-[:AFFILIATED_WITH]->(o) }
CALL (e, row) { MATCH (o:Organisation {id: row.worked_at}) CREATE (e)-[:AFFILIATED_WITH {to: '2020'}]->(o) }
CALL (e, row) { UNWIND row.spoke_at AS id MATCH (v:Event {id: id}) CREATE (e)-[:SPOKE_AT]->(v) }
CALL (e, row) {
  UNWIND row.evidence AS one
  CREATE (e)-[:EVIDENCED_BY]->(:Passage {id: one[0], text: one[1], kind: 'talk', occurred_on: one[2]})
}
"""


TEXTS: LiteralString = "MATCH (p:Passage) WHERE p.id IN $ids RETURN collect([p.id, p.text]) AS texts"


async def store(graph: Graph, of: Crowd) -> None:
    """Put it into an empty graph, with the index over its vectors."""
    await graph.write(
        THINGS,
        countries=COUNTRIES,
        languages=LANGUAGES,
        organisations=[[id, KINDS[number % len(KINDS)]] for number, id in enumerate(ORGANISATIONS)],
        events=[[event, f"{day}T12:00:00Z"] for event, day in of.days.items()],
        topics=TOPICS,
        broader=[[TOPICS[number], TOPICS[number - number % 4]] for number in range(len(TOPICS)) if number % 4],
    )
    await graph.write(DROP_INDEX)
    await graph.write(CREATE_INDEX, dimensions=DIMENSIONS)
    for start in range(0, len(of.people), AT_ONCE):
        await graph.transact(partial(_write, of.people[start : start + AT_ONCE]))
    await graph.read("CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()")


async def _write(people: Sequence[Person], tx: Transaction) -> None:
    await tx.run(PEOPLE, people=[_row(person) for person in people])
    await restamp(tx, experts=[person.id for person in people])
    vectors = {f"profile:{person.id}": person.profile for person in people}
    vectors |= {id: vector for person in people for id, vector, *_ in person.evidence}
    texts = (await tx.run(TEXTS, ids=list(vectors)))[0]["texts"]
    rows = [{"id": id, "text": text, "vector": vectors[id].tolist(), "sentences": []} for id, text in texts]
    await tx.run(STORE_PASSAGES, rows=rows, revision=REVISION)


def _row(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "gender": person.gender,
        "away_from": [start for start, _ in person.away] or None,
        "away_until": [end for _, end in person.away] or None,
        "withdrawn": [] if person.is_matched else ["matched"],
        "chosen": {f"chosen_{group}": int(shown) for group, shown in person.shows.items()},
        "country": person.country,
        "languages": [[language, level.value] for language, level in person.languages.items()],
        "topics": [[topic, level.value] for topic, level in person.topics.items()],
        "worked_in": person.worked_in,
        "works_at": person.works_at,
        "worked_at": person.worked_at,
        "spoke_at": person.spoke_at,
        "evidence": [[id, " ".join(words), day] for id, _, words, day in person.evidence],
    }


def _unit(vectors: npt.NDArray[Any]) -> Vector:
    unit: Vector = (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)
    return unit


def _often_the_first(chance: random.Random, things: Sequence[Any]) -> Any:
    """One of them, the first far more often than the last, as words and countries are."""
    return things[int(len(things) * chance.random() ** 3)]


def _period(chance: random.Random) -> tuple[date, date]:
    start = TODAY + timedelta(days=chance.randint(-100, 300))
    return start, start + timedelta(days=chance.randint(0, 60))


def _shown_to(chance: random.Random) -> Audience:
    return chance.choices(list(Audience), weights=(2, 14, 3, 1))[0]
