"""What askers say of matches, and what they said."""

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import Private, relay

from api.graphql.context import Info
from api.graphql.errors import Invalid, NotAllowed, NotFound, RateLimited, as_error
from api.graphql.nouns import Asked, one, own_id, type_of
from api.graphql.paging import After, First, cursor_of, first_of, page_info
from graph import feedback
from graph.errors import NoSuchExpert
from graph.feedback import QuestionNotKept, TooManyJudgements
from graph.permissions import NotAllowed as NotAllowedError
from graph.search import EmptyQuestion, QuestionTooLong
from graph.values import ExpertId, Page

__all__ = ["FeedbackMutation", "FeedbackQuery"]


@strawberry.type(description="What the viewer said of a match: whether the person was useful for a question.")
class Judgement:
    """Wraps a judgement."""

    value: Private[feedback.Judgement]

    @strawberry.field(description="The question, in the words in which it was judged.")
    def question(self) -> str:
        return self.value.question

    @strawberry.field(description="The person.", graphql_type=type_of("Expert"))
    def expert(self) -> Asked:
        return one("Expert", self.value.expert)

    @strawberry.field(description="Whether they were useful for it.")
    def is_useful(self) -> bool:
        return self.value.is_useful

    @strawberry.field(description="When the viewer said so.")
    def at(self) -> datetime:
        return self.value.at


@strawberry.type(description="A judgement with its place in the list.")
class JudgementEdge:
    """A judgement and its cursor."""

    cursor: str = strawberry.field(description="To go on after it.")
    node: Judgement = strawberry.field(description="The judgement.")


@strawberry.type(description="Part of the list of the viewer's judgements, newest first.")
class JudgementConnection:
    """Wraps a page of judgements."""

    value: Private[Page[feedback.Judgement]]
    after: Private[str | None]

    @strawberry.field(description="The judgements.")
    def edges(self) -> list[JudgementEdge]:
        return [JudgementEdge(cursor=str(cursor), node=Judgement(value=one)) for cursor, one in self.value.entries]

    @strawberry.field(description="Where this part begins and ends, and whether more follow.")
    def page_info(self) -> relay.PageInfo:
        return page_info(self.value, after=self.after)


@strawberry.input(description="Whether somebody was useful for a question.")
class JudgeMatchInput:
    """A question, a person, and what is said of them."""

    question: str = strawberry.field(description="The question, as it was asked.")
    expert: strawberry.ID = strawberry.field(description="The person: somebody whom the viewer finds in a search.")
    is_useful: bool = strawberry.field(description="Whether they were useful for it.")
    keep_question: bool = strawberry.field(
        description="That the viewer agrees: the question is kept with the judgement, for organisers to measure the "
        "search by, until it is taken back. Show the viewer this sentence; without true nothing is kept."
    )


@strawberry.input(description="Which judgement to take back.")
class TakeBackJudgementInput:
    """A question and a person."""

    question: str = strawberry.field(description="The question that was judged; case, width and spaces do not matter.")
    expert: strawberry.ID = strawberry.field(description="The person who was judged.")


@strawberry.type(description="A match was judged; what the viewer said of it before is replaced.")
class MatchJudged:
    """The judgement."""

    judgement: Judgement = strawberry.field(description="The judgement.")


@strawberry.type(description="Nothing that the viewer said of this match is kept any more, if anything was.")
class JudgementTakenBack:
    """Whom it was on."""

    expert: strawberry.ID = strawberry.field(description="The person's id, as it was given.")


JudgeMatchPayload = Annotated[
    MatchJudged | NotAllowed | NotFound | Invalid | RateLimited,
    strawberry.union("JudgeMatchPayload", description="The judgement, or why nothing was kept."),
]
TakeBackJudgementPayload = Annotated[
    JudgementTakenBack | NotAllowed | RateLimited,
    strawberry.union("TakeBackJudgementPayload", description="That it is gone, or why not."),
]


@strawberry.type
class FeedbackQuery:
    """What askers ask of their own judgements."""

    @strawberry.field(
        description="What the viewer said of matches, newest first, as far as they still see the people; empty for who "
        "has no account."
    )
    async def my_judgements(self, info: Info, first: First = 20, after: After = None) -> JudgementConnection:
        page = await feedback.own(
            info.context.network.graph, info.context.viewer, first=first_of(first), after=cursor_of(after)
        )
        return JudgementConnection(value=page, after=after)


@strawberry.type
class FeedbackMutation:
    """What askers say of matches."""

    @strawberry.mutation(
        description="Say whether a person was useful for a question; for people who signed in, of others. Asked again, "
        "it replaces what they said."
    )
    async def judge_match(
        self, info: Info, input: Annotated[JudgeMatchInput, strawberry.argument(description="The judgement.")]
    ) -> JudgeMatchPayload:
        try:
            made = await feedback.judge(
                info.context.network.graph,
                info.context.viewer,
                question=input.question,
                expert=ExpertId(own_id(input.expert, "Expert")),
                is_useful=input.is_useful,
                keeps_question=input.keep_question,
            )
        except NoSuchExpert as error:
            return NotFound(message=str(error))
        except QuestionNotKept as error:
            return as_error(error, field="input.keepQuestion")
        except (EmptyQuestion, QuestionTooLong) as error:
            return as_error(error, field="input.question")
        except (NotAllowedError, TooManyJudgements) as error:
            return as_error(error)
        return MatchJudged(judgement=Judgement(value=made))

    @strawberry.mutation(description="Take back what the viewer said of a match; the question is kept no more.")
    async def take_back_judgement(
        self, info: Info, input: Annotated[TakeBackJudgementInput, strawberry.argument(description="Which one.")]
    ) -> TakeBackJudgementPayload:
        try:
            await feedback.take_back(
                info.context.network.graph,
                info.context.viewer,
                question=input.question,
                expert=ExpertId(own_id(input.expert, "Expert")),
            )
        except NotAllowedError as error:
            return NotAllowed(message=str(error), who=error.who)
        return JudgementTakenBack(expert=input.expert)
