"""A network of any size whose people repeat those of the sample network, with vectors that are near the real ones.

A copy has the headline, topics and texts of one person of the sample, two pieces of evidence, a name put together from
two people's, the country and languages of another person, and one of so many organisations that each has ten people.
Where people live therefore tells nothing of what they know. No copy spoke at events.

Each copy's vector is unit(real + noise): the real vector of that text, and noise of length ``NOISE`` that varies as the
sample's own vectors do. At .75 a copy has a cosine of .80 with its origin, and copies of one text .64 with each other,
as a text of the sample has with the nearest text of somebody else; 99.7% of the copies are nearer to their origin than
to any other text of the sample. All of it is by chance, but the same every time.
"""

import random
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, LiteralString

import numpy as np
import numpy.typing as npt
from neo4j.vector import Vector

from graph.filters import LEVELS, ExpertFilter
from graph.graph import Graph, Transaction
from graph.passages import restamp
from graph.values import (
    CountryId,
    ExpertId,
    ExpertiseLevel,
    LanguageId,
    LanguageLevel,
    OrganisationId,
    PassageId,
    TopicId,
)

__all__ = ["NOISE", "Copies", "Person", "Sample", "sample_in", "write"]

Vectors = npt.NDArray[np.float32]

NOISE = 0.75
EVIDENCE_EACH = 2
PEOPLE_IN_AN_ORGANISATION = 10
BATCH = 500
SETTING_UP_S = 300.0

ORIGINS: LiteralString = """
MATCH (e:Expert) WHERE EXISTS { (e)-[:EVIDENCED_BY]->(p:Passage) WHERE p.embedding IS NOT NULL AND p.kind <> 'profile' }
WITH e ORDER BY e.id
RETURN collect({
  id: e.id, name: e.name, headline: e.headline,
  country: head(COLLECT { MATCH (e)-[:BASED_IN]->(c:Country) RETURN c.id }),
  languages: COLLECT { MATCH (e)-[s:SPEAKS]->(l:Language) RETURN [l.id, s.level] ORDER BY l.id },
  topics: COLLECT { MATCH (e)-[x:EXPERT_IN]->(t:Topic) RETURN [t.id, x.level, x.since] ORDER BY t.id },
  organisations: COLLECT { MATCH (e)-[a:AFFILIATED_WITH]->(o:Organisation) WHERE a.to IS NULL RETURN o.id },
  passages: COLLECT {
    MATCH (e)-[:EVIDENCED_BY]->(p:Passage) WHERE p.embedding IS NOT NULL
    RETURN p {.id, .text, .title, .kind, .language, .occurred_on, vector: p.embedding} ORDER BY p.id
  }
}) AS people
"""

ABOVE: LiteralString = """
MATCH (t:Topic) RETURN collect([t.id, COLLECT { MATCH (t)-[:BROADER]->*(b:Topic) RETURN b.id }]) AS topics
"""

ORGANISATIONS: LiteralString = """
UNWIND $rows AS row
CREATE (:Organisation {id: row.id, name: row.name, kind: 'academia'})
"""

PEOPLE: LiteralString = """
UNWIND $rows AS row
CREATE (e:Expert {id: row.id, name: row.name, headline: row.headline})
WITH e, row
CALL (e, row) { MATCH (c:Country {id: row.country}) CREATE (e)-[:BASED_IN]->(c) }
CALL (e, row) { UNWIND row.languages AS one MATCH (l:Language {id: one[0]}) CREATE (e)-[:SPEAKS {level: one[1]}]->(l) }
CALL (e, row) {
  UNWIND row.topics AS one
  MATCH (t:Topic {id: one[0]}) CREATE (e)-[:EXPERT_IN {level: one[1], since: one[2]}]->(t)
}
CALL (e, row) { MATCH (o:Organisation {id: row.organisation}) CREATE (e)-[:AFFILIATED_WITH {role: 'Adviser'}]->(o) }
CALL (e, row) {
  UNWIND row.evidence AS one
  CREATE (e)-[:EVIDENCED_BY]->(p:Passage {position: 0})
  SET p += one
}
"""

# As graph.vectors does, but with vectors that travel as bytes: lists of floats take half of all the time.
VECTORS: LiteralString = """
UNWIND $rows AS row
MATCH (p:Passage {id: row[0]})
SET p.encoder = $revision
WITH p, row
CALL db.create.setNodeVectorProperty(p, 'embedding', toFloatList(row[1]))
"""


@dataclass(frozen=True, slots=True)
class Origin:
    """A person of the sample; ``evidence`` and ``profile`` are rows of the sample's vectors."""

    id: ExpertId
    name: str
    headline: str
    country: CountryId
    languages: dict[LanguageId, LanguageLevel]
    topics: dict[TopicId, tuple[ExpertiseLevel, int | None]]
    organisations: frozenset[OrganisationId]
    profile: int
    evidence: tuple[int, ...]


@dataclass(frozen=True)
class Sample:
    """The people of the sample network with their passages and their vectors, a row each; what is above each topic."""

    origins: Sequence[Origin]
    passages: Sequence[dict[str, Any]]
    vectors: Vectors
    above: Mapping[TopicId, frozenset[TopicId]]

    @cached_property
    def people(self) -> Sequence["Person"]:
        """Themselves, as people of the network that they are in too."""
        return [
            Person(
                origin.id,
                origin.name,
                origin,
                origin,
                origin.organisations,
                (origin.profile, *origin.evidence),
                tuple(PassageId(self.passages[row]["id"]) for row in (origin.profile, *origin.evidence)),
            )
            for origin in self.origins
        ]

    @cached_property
    def spread(self) -> Vectors:
        """The vectors around their mean: sums of them by chance vary as they do."""
        spread: Vectors = self.vectors - self.vectors.mean(axis=0)
        return spread


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the network: what they know is what ``knows_as`` knows, where they live where ``lives_as`` does."""

    id: ExpertId
    name: str
    knows_as: Origin
    lives_as: Origin
    works_at: frozenset[OrganisationId]
    rows: tuple[int, ...]
    """Of the sample's vectors: that of the profile, then those of the evidence."""
    passages: tuple[PassageId, ...]
    """In the same order."""

    def passes(self, only: ExpertFilter, above: Mapping[TopicId, frozenset[TopicId]]) -> bool:
        """Whether they pass a filter by languages, countries, topics or organisations, the only ones used here."""
        well = LEVELS[: LEVELS.index(only.language_level) + 1]
        return (
            (only.countries is None or self.lives_as.country in only.countries)
            and all(self.lives_as.languages.get(language) in well for language in only.languages)
            and (only.topics is None or any(only.topics & above[topic] for topic in self.knows_as.topics))
            and (only.organisations is None or bool(only.organisations & self.works_at))
        )


@dataclass(frozen=True)
class Copies:
    """So many copies of the sample's people."""

    sample: Sample
    how_many: int

    @property
    def organisations(self) -> int:
        """How many the copies work for."""
        return max(1, self.how_many // PEOPLE_IN_AN_ORGANISATION)

    @cached_property
    def people(self) -> Sequence[Person]:
        """The copies, without their vectors."""
        chance = random.Random(1)
        return [self._copy(number, chance) for number in range(self.how_many)]

    def batches(self) -> Iterator[tuple[Sequence[Person], Vectors]]:
        """Some hundred people with the vectors of their passages: people x passages x dimensions."""
        for start in range(0, self.how_many, BATCH):
            people = self.people[start : start + BATCH]
            dice = np.random.default_rng(start)
            real = self.sample.vectors[np.array([person.rows for person in people])]
            noise = dice.standard_normal((*real.shape[:2], len(self.sample.vectors)), np.float32) @ self.sample.spread
            yield people, _unit(real + NOISE * _unit(noise))

    def _copy(self, number: int, chance: random.Random) -> Person:
        origins = self.sample.origins
        origin = origins[number % len(origins)]
        id = ExpertId(f"copy-{number}")
        return Person(
            id,
            f"{chance.choice(origins).name.split()[0]} {chance.choice(origins).name.split()[-1]}",
            origin,
            chance.choice(origins),
            frozenset({OrganisationId(f"copied-{chance.randrange(self.organisations)}")}),
            (origin.profile, *chance.choices(origin.evidence, k=EVIDENCE_EACH)),
            (PassageId(f"profile:{id}"), *(PassageId(f"{id} {place}") for place in range(EVIDENCE_EACH))),
        )


async def sample_in(graph: Graph) -> Sample:
    """The sample network that a graph holds, loaded and with vectors."""
    ((people,),) = (row.values() for row in await graph.read(ORIGINS, timeout_s=SETTING_UP_S))
    ((topics,),) = (row.values() for row in await graph.read(ABOVE))
    passages: list[dict[str, Any]] = []
    origins = []
    for row in people:
        rows = range(len(passages), len(passages) + len(row["passages"]))
        passages += row["passages"]
        (profile,) = (place for place in rows if passages[place]["kind"] == "profile")
        origins.append(
            Origin(
                row["id"],
                row["name"],
                row["headline"],
                row["country"],
                {language: LanguageLevel(level) for language, level in row["languages"]},
                {topic: (ExpertiseLevel(level), since) for topic, level, since in row["topics"]},
                frozenset(row["organisations"]),
                profile,
                tuple(place for place in rows if place != profile),
            )
        )
    vectors = np.array([passage.pop("vector") for passage in passages], np.float32)
    return Sample(origins, passages, vectors, {topic: frozenset(above) for topic, above in topics})


async def write(graph: Graph, copies: Copies, *, revision: str) -> AsyncIterator[int]:
    """Add all of them by direct Cypher, without the vector index; how many people each batch had, as it is written."""
    rows = [{"id": f"copied-{n}", "name": f"Institute {n}"} for n in range(copies.organisations)]
    for start in range(0, len(rows), BATCH):
        await graph.write(ORGANISATIONS, rows=rows[start : start + BATCH])
    for people, vectors in copies.batches():
        await graph.transact(partial(_write, people, vectors, copies.sample, revision))
        yield len(people)


async def _write(people: Sequence[Person], vectors: Vectors, sample: Sample, revision: str, tx: Transaction) -> None:
    await tx.run(PEOPLE, rows=[_row(person, sample) for person in people])
    await restamp(tx, experts=[person.id for person in people])
    rows = [
        [id, Vector.from_numpy(vector)]
        for person, of in zip(people, vectors, strict=True)
        for id, vector in zip(person.passages, of, strict=True)
    ]
    await tx.run(VECTORS, rows=rows, revision=revision)


def _row(person: Person, sample: Sample) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "headline": person.knows_as.headline,
        "country": person.lives_as.country,
        "languages": [[language, level.value] for language, level in person.lives_as.languages.items()],
        "topics": [[topic, level.value, since] for topic, (level, since) in person.knows_as.topics.items()],
        "organisation": next(iter(person.works_at)),
        "evidence": [
            {**sample.passages[row], "id": id} for row, id in zip(person.rows[1:], person.passages[1:], strict=True)
        ],
    }


def _unit(vectors: npt.NDArray[Any]) -> Vectors:
    """The same directions, each of length 1."""
    scaled: Vectors = (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)
    return scaled
