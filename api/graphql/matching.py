"""The schema's main question: who in the network can answer this?"""

from typing import Annotated

import strawberry
from strawberry import Private

from api.graphql.types import Expert, Expertise, Passage, SpokenLanguage, Talk
from graph import search, values

__all__ = ["ExpertFilter", "ExpertMatchConnection"]

strawberry.enum(search.WhyNobody, description="Why nobody is in an answer.")

Reason = Annotated[
    Expertise | Talk | SpokenLanguage,
    strawberry.union(
        "Reason", description="Why a person is in the answer: they know it, spoke on it, or speak the asker's language."
    ),
]


@strawberry.input(
    description="Whom to look among. Each value is a code, an id or a name in any of the six UN languages."
)
class ExpertFilter:
    """What a client may filter experts by."""

    countries: list[str] = strawberry.field(default_factory=list, description="Living in one of these countries …")
    regions: list[str] = strawberry.field(default_factory=list, description="… or in one of these regions.")
    languages: list[str] = strawberry.field(default_factory=list, description="Speaking all of these languages.")
    topics: list[str] = strawberry.field(
        default_factory=list, description="Knowing one of these topics or a narrower one."
    )


@strawberry.type(description="A passage that earned a person their place.")
class Evidence:
    """Wraps a piece of evidence."""

    value: Private[search.Evidence]

    @strawberry.field(description="The passage.")
    def passage(self) -> Passage:
        return Passage(value=self.value.passage)

    @strawberry.field(description="How near it is to the question by meaning, -1 to 1.")
    def similarity(self) -> float:
        return self.value.similarity


@strawberry.type(description="A person who fits, and why.")
class ExpertMatchEdge:
    """Wraps a match."""

    value: Private[search.Match]

    @strawberry.field(description="The person.")
    def node(self) -> Expert:
        return Expert(value=self.value.expert)

    @strawberry.field(description="How well they fit; comparable within one answer only.")
    def score(self) -> float:
        return self.value.score

    @strawberry.field(description="The passages that earned the place, nearest first.")
    def evidence(self) -> list[Evidence]:
        return [Evidence(value=one) for one in self.value.evidence]

    @strawberry.field(description="The topics, talks and languages that speak for the person.")
    def reasons(self) -> list[Reason]:
        return [_reason(one) for one in self.value.reasons]


@strawberry.type(description="The people who fit a question, best first.")
class ExpertMatchConnection:
    """Wraps an answer."""

    value: Private[search.Answer]

    @strawberry.field(description="The people.")
    def edges(self) -> list[ExpertMatchEdge]:
        return [ExpertMatchEdge(value=one) for one in self.value.matches]

    @strawberry.field(description="Why nobody is among them, if nobody is.")
    def nobody(self) -> search.WhyNobody | None:
        return self.value.nobody

    @strawberry.field(description="The UN language that the question is surely asked in, as a BCP 47 tag.")
    def question_language(self) -> str | None:
        return self.value.language


def _reason(value: search.Reason) -> Expertise | Talk | SpokenLanguage:
    match value:
        case values.Expertise():
            return Expertise(value=value)
        case values.Talk():
            return Talk(value=value)
        case values.SpokenLanguage():
            return SpokenLanguage(value=value)
