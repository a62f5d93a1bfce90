"""So many people beside those of the sample network, made by chance but the same every time.

Each of them knows five topics, speaks two or three languages, worked in two countries and for one or two organisations,
spoke at four to eight events and has a biography of three passages. Events cover two topics, and no two begin at the
same time. They are stored by the functions that store what is taken in from a folder; where it came from is not kept.
"""

import random
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import LiteralString, TypeVar

from graph.graph import Graph, Transaction
from graph.intake import (
    AffiliationRecord,
    EventRecord,
    ExpertRecord,
    OrganisationRecord,
    SpeakerRecord,
    store_affiliations,
    store_events,
    store_experts,
    store_organisations,
    store_speakers,
)
from graph.passages import DocumentRecord, passage_id, store_documents

__all__ = ["add"]

T = TypeVar("T")

BATCH = 500
LANGUAGE_LEVELS = ("native", "fluent", "working")
EXPERTISE_LEVELS = ("lead", "practitioner", "familiar")
ROLES = ("speaker", "moderator", "panellist")
WORDS = ("stewards", "welcome", "visitors", "entrance", "training", "market", "exercise", "plan", "lighting", "design")
GIVEN = ("Ama", "Bruno", "Chen", "Dina", "Emeka", "Farida", "Goran", "Hana", "Ivo", "Jamila", "Kofi", "Lena")
FAMILY = ("Adjei", "Bakari", "Castro", "Diallo", "Eriksen", "Fofana", "Garcia", "Haddad", "Ivanova", "Jensen", "Kimura")
PEOPLE_IN_AN_ORGANISATION = 10
PEOPLE_AT_AN_EVENT = 30
FIRST_EVENT = datetime(2012, 1, 10, 9, tzinfo=UTC)
BETWEEN_EVENTS = timedelta(hours=41)

PLACES: LiteralString = """
RETURN COLLECT { MATCH (c:Country)<-[:BASED_IN]-(:Expert) RETURN DISTINCT c.id ORDER BY c.id LIMIT 40 } AS countries,
       COLLECT { MATCH (l:Language)<-[:SPEAKS]-(:Expert) RETURN DISTINCT l.id ORDER BY l.id LIMIT 12 } AS languages,
       COLLECT { MATCH (t:Topic) RETURN t.id ORDER BY t.id } AS topics
"""


async def add(graph: Graph, *, people: int) -> None:
    """Add so many people, with their organisations and events, to a graph that holds the sample network."""
    ((countries, languages, topics),) = (row.values() for row in await graph.read(PLACES))
    chance = random.Random(1)
    organisations = [_organisation(n, countries, chance) for n in range(people // PEOPLE_IN_AN_ORGANISATION)]
    events = [_event(n, topics, chance) for n in range(max(people * 6 // PEOPLE_AT_AN_EVENT, 20))]
    experts = [_expert(n, countries, languages, topics, chance) for n in range(people)]
    affiliations = [
        _affiliation(expert["id"], organisation["id"], place)
        for expert in experts
        for place, organisation in enumerate(chance.sample(organisations, chance.choice((1, 2))))
    ]
    speakers = [
        _speaker(expert["id"], event["id"], chance)
        for expert in experts
        for event in chance.sample(events, chance.randint(4, 8))
    ]
    documents = [_biography(expert["id"], chance) for expert in experts]
    await _stored(graph, organisations, store_organisations)
    await _stored(graph, events, store_events)
    await _stored(graph, experts, store_experts)
    await _stored(graph, affiliations, store_affiliations)
    await _stored(graph, speakers, store_speakers)
    await _stored(graph, documents, _store_documents)


async def _stored(
    graph: Graph, records: Sequence[T], store: Callable[[Transaction, Sequence[T]], Awaitable[None]]
) -> None:
    for start in range(0, len(records), BATCH):

        async def work(tx: Transaction, batch: Sequence[T] = records[start : start + BATCH]) -> None:
            await store(tx, batch)

        await graph.transact(work)


async def _store_documents(tx: Transaction, documents: Sequence[DocumentRecord]) -> None:
    await store_documents(tx, documents, merged={}, folder="bench", at=FIRST_EVENT)


def _organisation(number: int, countries: Sequence[str], chance: random.Random) -> OrganisationRecord:
    id = f"organisation-{number}"
    return {
        "id": id,
        "name": f"Institute {number} of {_text(chance, 2)}",
        "kind": "academia",
        "country": chance.choice(countries),
        "website": f"https://{id}.example.org",
        "digest": "",
    }


def _event(number: int, topics: Sequence[str], chance: random.Random) -> EventRecord:
    starts_at = FIRST_EVENT + number * BETWEEN_EVENTS
    return {
        "id": f"event-{number}",
        "title": f"Briefing {number}: {_text(chance, 4)}",
        "kind": "briefing",
        "format": "online",
        "status": None,
        "series": None,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "time_zone": None,
        "place": None,
        "capacity": None,
        "country": None,
        "topics": chance.sample(topics, 2),
        "languages": [],
        "partners": [],
        "url": None,
        "description": _text(chance, 30),
        "identifiers": [],
        "sequence": None,
        "digest": "",
    }


def _expert(
    number: int, countries: Sequence[str], languages: Sequence[str], topics: Sequence[str], chance: random.Random
) -> ExpertRecord:
    id = f"person-{number}"
    return {
        "id": id,
        "name": f"{chance.choice(GIVEN)} {chance.choice(FAMILY)} {number}",
        "headline": f"Adviser on {_text(chance, 5)}",
        "other_names": [],
        "email": f"{id}@example.org",
        "phone": None,
        "website": f"https://{id}.example.org",
        "orcid": None,
        "identifiers": [],
        "country": chance.choice(countries),
        "languages": [
            {"language": language, "level": chance.choice(LANGUAGE_LEVELS)}
            for language in chance.sample(languages, chance.choice((2, 3)))
        ],
        "topics": [
            {"topic": topic, "level": chance.choice(EXPERTISE_LEVELS), "since": chance.randrange(1995, 2023)}
            for topic in chance.sample(topics, 5)
        ],
        "worked_in": chance.sample(countries, 2),
        "joined": date(2022, chance.randrange(1, 13), chance.randrange(1, 29)),
        "digest": "",
    }


def _affiliation(expert: str, organisation: str, place: int) -> AffiliationRecord:
    return {
        "id": f"{expert} {organisation}",
        "expert": expert,
        "organisation": organisation,
        "role": "Adviser",
        "since": str(2020 - 5 * place),
        "until": None if place == 0 else "2019",
        "digest": "",
    }


def _speaker(expert: str, event: str, chance: random.Random) -> SpeakerRecord:
    return {
        "id": f"{expert} {event}",
        "event": event,
        "expert": expert,
        "role": chance.choice(ROLES),
        "talk": f"On {_text(chance, 5)}",
        "starts_at": None,
        "ends_at": None,
        "room": None,
        "language": None,
        "url": None,
        "digest": "",
    }


def _biography(expert: str, chance: random.Random) -> DocumentRecord:
    id = f"documents/{expert}.md"
    texts = [f"{_text(chance, 70)}.".capitalize() for _ in range(3)]
    return {
        "id": id,
        "source": id,
        "place": None,
        "kind": "biography",
        "title": None,
        "language": "en",
        "occurred_on": None,
        "event": None,
        "resource": None,
        "passages": [
            {
                "id": passage_id(owner=expert, document=id, text=text),
                "owner": expert,
                "text": text,
                "position": position,
                "place": None,
                "language": "en",
            }
            for position, text in enumerate(texts)
        ],
        "digest": "",
    }


def _text(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(WORDS, k=words))
