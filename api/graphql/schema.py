"""The root of the schema, and how what goes wrong inside is told outside."""

from functools import partial

import strawberry
import structlog
from graphql import FieldNode, GraphQLError
from strawberry.extensions import MaskErrors
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from api.graphql.accounts import AccountsMutation, AccountsQuery
from api.graphql.achievements import AchievementsQuery
from api.graphql.activities import ActivitiesMutation
from api.graphql.agenda import AgendaMutation
from api.graphql.attendance import AttendanceMutation, AttendanceQuery
from api.graphql.calendar_replies import CalendarRepliesMutation
from api.graphql.changes import ChangesQuery
from api.graphql.coverage import CoverageQuery
from api.graphql.drafts import EventDraftsMutation, EventDraftsQuery
from api.graphql.events import EventsMutation
from api.graphql.fairness import FairnessQuery
from api.graphql.feedback import FeedbackMutation, FeedbackQuery
from api.graphql.feeding import Subscription
from api.graphql.http import Disclosure, NamedOperation
from api.graphql.invitations import InvitationsMutation, InvitationsQuery
from api.graphql.limits import LIMITS
from api.graphql.matching import MatchingQuery
from api.graphql.network import NetworkQuery
from api.graphql.nouns import NOUN_TYPES, SCALARS, NounExecutor, NounsQuery, read_nouns
from api.graphql.panels import PanelsQuery
from api.graphql.profiles import ProfilesMutation
from api.graphql.projects import ProjectsMutation
from api.graphql.resources import ResourcesMutation
from api.graphql.rights import RightsMutation, RightsQuery
from api.graphql.series import SeriesMutation
from api.graphql.shortlists import ShortlistsMutation, ShortlistsQuery
from api.graphql.speaker_letters import SpeakerLettersMutation, SpeakerLettersQuery
from api.graphql.speaking_invitations import SpeakingInvitationsQuery
from api.graphql.tokens import TokensMutation, TokensQuery
from graph.errors import GraphError

__all__ = ["schema"]

log = structlog.get_logger(__name__)


@strawberry.type
class Query(
    NounsQuery,  # type: ignore[misc]
    MatchingQuery,
    AchievementsQuery,
    AttendanceQuery,
    CoverageQuery,
    EventDraftsQuery,
    NetworkQuery,
    AccountsQuery,
    ChangesQuery,
    FeedbackQuery,
    InvitationsQuery,
    PanelsQuery,
    RightsQuery,
    ShortlistsQuery,
    SpeakingInvitationsQuery,
    FairnessQuery,
    SpeakerLettersQuery,
    TokensQuery,
):
    """What can be asked of a network."""


@strawberry.type
class Mutation(
    AccountsMutation,
    ActivitiesMutation,
    AgendaMutation,
    AttendanceMutation,
    CalendarRepliesMutation,
    EventDraftsMutation,
    EventsMutation,
    FeedbackMutation,
    InvitationsMutation,
    ProfilesMutation,
    ProjectsMutation,
    ResourcesMutation,
    RightsMutation,
    ShortlistsMutation,
    SeriesMutation,
    SpeakerLettersMutation,
    TokensMutation,
):
    """What can be changed in a network."""


def _is_internal(error: GraphQLError) -> bool:
    """Whether an error is ours to mend, not the asker's: then nothing of its text goes out."""
    return not (error.original_error is None or isinstance(error.original_error, GraphError | GraphQLError))


class _Schema(strawberry.Schema):
    """A schema that writes down what is ours to mend, and not what askers got wrong."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:  # noqa: ARG002 -- Strawberry's signature
        for error in filter(_is_internal, errors):
            # Names that the schema knows; the path has the asker's own words, the aliases.
            fields = [node.name.value for node in error.nodes or () if isinstance(node, FieldNode)]
            log.error("graphql_field_failed", fields=fields, exc_info=error.original_error)


schema = _Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=NOUN_TYPES,
    execution_context_class=NounExecutor,
    config=StrawberryConfig(scalar_map=SCALARS),
    extensions=[
        *LIMITS,
        NamedOperation,
        Disclosure,
        partial(
            MaskErrors,
            should_mask_error=_is_internal,
            error_message="Something went wrong here; it has been written down.",
        ),
    ],
)
read_nouns(schema)
