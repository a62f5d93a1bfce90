"""Search: from a question in any UN language to the people who can answer it, with the evidence.

This room finds and explains; what is stored and how it came in are not its business.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from graph.encoder import sure_language
from graph.errors import GraphError, NoSuchExpert
from graph.filters import ANYONE, ExpertFilter
from graph.graph import Graph
from graph.search.candidates import Candidate, NearTopic, candidates_for, near_topics, words_of
from graph.search.like import like_event, like_expert
from graph.search.matches import Evidence, Match, Reason, Strength, by_strength, described
from graph.search.needs import Need, Needs, needs_of
from graph.search.scoring import Score, lifts_of, nobody_fits, ranked
from graph.sentences import FloatVector
from graph.values import EventId, ExpertId, TopicId
from graph.vectors import check_encoder
from graph.viewer import Viewer
from graph.wording import Wording

if TYPE_CHECKING:
    from graph.encoder import EncoderIdentity, QuestionEncoder

__all__ = [
    "LONGEST_QUESTION",
    "Answer",
    "EmptyQuestion",
    "Evidence",
    "Explanation",
    "Match",
    "Need",
    "QuestionTooLong",
    "Reason",
    "Search",
    "Strength",
    "WhyNobody",
    "asked",
]

LONGEST_QUESTION = 10_000
EVERYBODY = 1_000_000
NEAREST_TOPICS = 5


class EmptyQuestion(GraphError):
    """A question without a word in it."""

    def __init__(self) -> None:
        super().__init__(Wording("The question has no words; ask for a kind of expert in a few words."))


class QuestionTooLong(GraphError):
    """A question of more characters than anybody reads."""

    def __init__(self, length: int) -> None:
        self.length = length
        super().__init__(
            Wording(
                "The question has %(length)s characters, more than %(most)s; shorten it.",
                length=length,
                most=LONGEST_QUESTION,
            )
        )


class WhyNobody(StrEnum):
    """Why nobody is in an answer: the question is beyond it, the filter lets nobody through, or it is empty."""

    OUTSIDE = "outside"
    FILTERED = "filtered"
    NO_EVIDENCE = "no_evidence"


@dataclass(frozen=True, slots=True)
class Answer:
    """The people who fit a question, best first, or why there is nobody; and the asker's language, if it is sure.

    ``suggested`` is what the question says of whom it looks for, which nobody filters by yet. If nobody fits,
    ``nearest`` are topics of the network that come nearest to the question, best first.
    """

    matches: tuple[Match, ...]
    nobody: WhyNobody | None
    language: str | None
    suggested: tuple[Need, ...] = ()
    nearest: tuple[TopicId, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """The whole account of one person's score for a question.

    ``place`` is theirs among ``compared`` people, from 1 on. ``other_field`` is how near the question is to the nearest
    field that others work in, and ``is_beyond`` whether it is therefore answered with nobody.
    """

    match: Match
    score: Score
    place: int
    compared: int
    other_field: float
    is_beyond: bool


@dataclass(frozen=True, slots=True)
class _Scored:
    found: list[Candidate]
    near: list[NearTopic]
    scores: list[Score]
    needs: Needs
    vector: FloatVector
    other_field: float

    @property
    def is_beyond(self) -> bool:
        return nobody_fits(self.found, self.scores, self.near, other_field=self.other_field)


class Search:
    """Asks one graph with one encoder; shared by everything in a process."""

    def __init__(self, graph: Graph, encoder: "QuestionEncoder", identity: "EncoderIdentity") -> None:
        self._graph = graph
        self._encoder = encoder
        self._identity = identity

    async def ask(self, viewer: Viewer, question: str, *, first: int = 10, only: ExpertFilter = ANYONE) -> Answer:
        """Up to ``first`` people who fit the question, of those whom the viewer may find and the filter lets through.

        Raises:
            EmptyQuestion, QuestionTooLong: it is no question that can be asked.
            EncoderMismatch: the graph's vectors were written by another encoder.
        """
        return await self._answered(viewer, asked(question), first=first, only=only)

    async def like_expert(
        self, viewer: Viewer, expert: ExpertId, *, first: int = 10, only: ExpertFilter = ANYONE
    ) -> Answer:
        """Up to ``first`` peers of a person: who does and knows the like, and is somebody else.

        Raises:
            NoSuchExpert: the viewer finds nobody of this id in a search.
            EmptyQuestion: nothing is said of what they do.
            EncoderMismatch: the graph's vectors were written by another encoder.
        """
        like = await like_expert(self._graph, viewer, expert=expert)
        return await self._answered(viewer, asked(like.text), first=first, only=only, without=like.without)

    async def like_event(
        self, viewer: Viewer, event: EventId, *, first: int = 10, only: ExpertFilter = ANYONE
    ) -> Answer:
        """Up to ``first`` people who could speak at an event, and are not known to be on its programme.

        Raises:
            NoSuchEvent: there is none of this id.
            EncoderMismatch: the graph's vectors were written by another encoder.
        """
        like = await like_event(self._graph, viewer, event=event)
        return await self._answered(viewer, asked(like.text), first=first, only=only, without=like.without)

    async def near_event(
        self, viewer: Viewer, event: EventId, *, first: int, only: ExpertFilter = ANYONE
    ) -> Sequence[Score]:
        """As :meth:`like_event`, but scores alone, however little the event is about what people here do."""
        like = await like_event(self._graph, viewer, event=event)
        scored = await self._scored(viewer, asked(like.text), only=only, people=first + len(like.without))
        return [score for score in scored.scores if score.expert not in like.without][:first]

    async def explain(self, viewer: Viewer, question: str, *, expert: ExpertId) -> Explanation:
        """Why a person has their score for a question. Everybody is compared, so it takes long in a large network.

        Raises:
            NoSuchExpert: the viewer finds nobody of this id in a search.
            EmptyQuestion, QuestionTooLong, EncoderMismatch: as for :meth:`ask`.
        """
        question = asked(question)
        scored = await self._scored(viewer, question, only=ANYONE, people=EVERYBODY)
        scores = await by_strength(self._graph, viewer, scores=scored.scores, needs=scored.needs)
        place = next((place for place, one in enumerate(scores) if one.expert == expert), None)
        if place is None:
            raise NoSuchExpert(expert)
        score = scores[place]
        (match,) = await described(
            self._graph,
            viewer,
            scores=[score],
            vector=scored.vector,
            language=sure_language(question),
            needs=scored.needs,
        )
        return Explanation(match, score, place + 1, len(scores), scored.other_field, scored.is_beyond)

    async def _answered(
        self,
        viewer: Viewer,
        question: str,
        *,
        first: int,
        only: ExpertFilter,
        without: Collection[ExpertId] = frozenset(),
    ) -> Answer:
        language = sure_language(question)
        scored = await self._scored(viewer, question, only=only, people=first + len(without))
        suggested = scored.needs.beyond(only, scored.near)
        scores = await by_strength(self._graph, viewer, scores=scored.scores, needs=scored.needs)
        meant = [score for score in scores if score.expert not in without]
        if not meant:
            why = WhyNobody.NO_EVIDENCE if only == ANYONE else WhyNobody.FILTERED
            return Answer((), why, language, suggested)
        if scored.is_beyond:
            nearest = sorted(scored.near, key=lambda topic: (-topic.named, -topic.similarity, topic.id))
            return Answer(
                (), WhyNobody.OUTSIDE, language, suggested, tuple(topic.id for topic in nearest[:NEAREST_TOPICS])
            )
        matches = await described(
            self._graph, viewer, scores=meant[:first], vector=scored.vector, language=language, needs=scored.needs
        )
        return Answer(tuple(matches), None, language, suggested)

    async def _scored(self, viewer: Viewer, question: str, *, only: ExpertFilter, people: int) -> _Scored:
        vector, encoder, needs, _ = await asyncio.gather(
            self._encoder.encode(question),
            self._encoder.encoder(),
            needs_of(self._graph, viewer, question=question),
            check_encoder(self._graph, self._identity),
        )
        asked = {"question": question, "vector": vector.tolist(), "revision": self._identity.revision}
        near = await near_topics(self._graph, viewer, **asked)
        lifts = lifts_of(near, words_asked=len(words_of(question)))
        found = await candidates_for(self._graph, viewer, **asked, lifts=lifts, only=only, people=people)
        other_field = float((encoder.other_fields @ vector).max())
        scores = ranked(found, lifts, other_field=other_field)
        return _Scored(found, near, scores, needs, vector, other_field)


def asked(question: str) -> str:
    """A question as it is asked: with single spaces.

    Raises:
        EmptyQuestion, QuestionTooLong: it is none that can be.
    """
    question = " ".join(question.split())
    if not any(letter.isalnum() for letter in question):
        raise EmptyQuestion
    if len(question) > LONGEST_QUESTION:
        raise QuestionTooLong(len(question))
    return question
