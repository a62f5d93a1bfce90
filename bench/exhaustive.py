"""Who fits a question best, told by comparing everybody in numpy: what searches are measured against.

Vectors are compared here. How many words a passage shares with a question, and whom it names, is what full text says
when it is asked without a limit: it breaks texts into words, and this does not say how well it does.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import LiteralString

import numpy as np
import numpy.typing as npt

from bench.copies import Copies, Person, Vectors
from graph.filters import ExpertFilter
from graph.graph import Graph
from graph.search.candidates import Candidate, Lifts, NearPassage, full_text_query, words_of
from graph.search.scoring import ranked
from graph.values import ExpertId, PassageId
from graph.viewer import Audience

__all__ = ["Everybody", "words_shared"]

ASKED_S = 120.0

WORDS: LiteralString = """
CALL db.index.fulltext.queryNodes('passage_text_' + $reach, $query) YIELD node, score
RETURN collect([node.id, score]) AS passages
"""


@dataclass(frozen=True)
class Everybody:
    """All people of a network, the sample's and the copies, with all their vectors."""

    copies: Copies
    people: Sequence[Person]
    vectors: Vectors
    """Of all their passages, those of a person together, the profile first."""
    starts: npt.NDArray[np.int64]
    """Where the vectors of each person begin."""

    @classmethod
    def of(cls, copies: Copies) -> "Everybody":
        """They and their vectors, made once more as they were made for the graph."""
        sample = copies.sample
        people = [*sample.people, *copies.people]
        own = [sample.vectors[list(person.rows)] for person in sample.people]
        vectors = np.concatenate([*own, *(of.reshape(-1, of.shape[-1]) for _, of in copies.batches())])
        starts = np.cumsum([0, *(len(person.rows) for person in people)])
        return cls(copies, people, vectors, starts[:-1])

    def passing(self, only: ExpertFilter) -> npt.NDArray[np.int64]:
        """The places of those who pass a filter."""
        above = self.copies.sample.above
        return np.array([place for place, person in enumerate(self.people) if person.passes(only, above)], np.int64)

    def best(
        self,
        vector: Vectors,
        lifts: Lifts,
        *,
        among: npt.NDArray[np.int64],
        words: Mapping[PassageId, float],
        named: Collection[ExpertId],
        first: int,
    ) -> list[ExpertId]:
        """The first so many of those at these places, as graph.search.scoring ranks them."""
        cosines = self.vectors @ vector
        evidence = np.maximum.reduceat(np.delete(cosines, self.starts), self.starts - np.arange(len(self.starts)))
        similarity = ((cosines[self.starts] + evidence) / 2)[among]
        # Whoever is farther from the question than the tenth nearest by more than all lifts is not among the first ten.
        most = sum(max(lift.values(), default=0.0) for lift in (lifts.near_topics, lifts.named_topics))
        most += lifts.word * max(words.values(), default=0.0)
        nearest = np.sort(similarity)[-first:]
        worth = among[similarity >= (nearest[0] if len(nearest) else 0.0) - most - 1e-6]
        places = {*worth.tolist(), *(place for place in among.tolist() if named and self.people[place].id in named)}
        candidates = [self._candidate(place, cosines, words, named) for place in places]
        return [score.expert for score in ranked(candidates, lifts, other_field=0.0)[:first]]

    def _candidate(
        self, place: int, cosines: Vectors, words: Mapping[PassageId, float], named: Collection[ExpertId]
    ) -> Candidate:
        person = self.people[place]
        start = int(self.starts[place])
        return Candidate(
            person.id,
            person.id in named,
            tuple(
                NearPassage(id, float(cosines[start + number]), words.get(id, 0.0), number == 0)
                for number, id in enumerate(person.passages)
            ),
            tuple((topic, level) for topic, (level, _) in person.knows_as.topics.items()),
        )


async def words_shared(graph: Graph, question: str, lifts: Lifts, *, reach: Audience) -> Mapping[PassageId, float]:
    """How many words of a question each passage has, as full text tells; nothing where they do not count."""
    if not lifts.word or not words_of(question):
        return {}
    query = full_text_query(question)
    (found,) = await graph.read(WORDS, timeout_s=ASKED_S, reach=int(reach), query=query)
    return dict(found["passages"])
