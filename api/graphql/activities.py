"""Technical assistance and outreach, planned by organisers, and what became of it."""

from datetime import date
from typing import Annotated

import strawberry
from strawberry import UNSET

from api.graphql.context import Info
from api.graphql.errors import Conflict, Invalid, NotAllowed, NotFound, RateLimited
from api.graphql.nouns import Asked, one, own_id, type_of
from api.graphql.organised import KEY_ABOUT, changes, create, remove, update
from graph.programme import ACTIVITY, ActivityChanges

__all__ = ["ActivitiesMutation"]


@strawberry.input
class _ActivityFields:
    """What can be said of an activity and be left out."""

    status: str | None = strawberry.field(
        default=UNSET,
        description="How far it is: idea, projected, confirmed, done or cancelled; projected if it is never said. "
        "What is done has a first day.",
    )
    starts_on: date | None = strawberry.field(
        default=UNSET, description="Its first day; achievements count it in that year."
    )
    ends_on: date | None = strawberry.field(default=UNSET, description="Its last day.")
    project: strawberry.ID | None = strawberry.field(default=UNSET, description="The project that it is part of.")
    topics: list[strawberry.ID] | None = strawberry.field(default=UNSET, description="All that it covers.")
    countries: list[strawberry.ID] | None = strawberry.field(
        default=UNSET, description="All countries that it is for (ISO 3166); of national ones, the beneficiaries."
    )
    partners: list[strawberry.ID] | None = strawberry.field(
        default=UNSET, description="All organisations that are partners in it."
    )
    description: str | None = strawberry.field(default=UNSET, description="What it is about.")


@strawberry.input(description="What an activity is to be.")
class CreateActivityInput(_ActivityFields):
    """An activity, and the key by which it is made once."""

    title: str = strawberry.field(description="Its title.")
    kind: str = strawberry.field(
        description="What sort of activity it is: national, regional, global, outreach, knowledge-product, "
        "e-learning, network or partnership."
    )
    idempotency_key: str = strawberry.field(description=KEY_ABOUT)


@strawberry.input(
    description="What an activity is to be. What is left out stays as it is; null takes away what is there, for good."
)
class UpdateActivityInput(_ActivityFields):
    """An activity, the version that was seen, and the fields that change."""

    id: strawberry.ID = strawberry.field(description="The activity's id.")
    expected_version: int = strawberry.field(description="The version that the viewer saw; another one is a Conflict.")
    title: str | None = strawberry.field(default=UNSET, description="Its title; never null.")
    kind: str | None = strawberry.field(
        default=UNSET, description="What sort of activity it is, as when it is made; never null."
    )


@strawberry.input(description="Which activity is to be removed.")
class RemoveActivityInput:
    """An activity, and the version that was seen."""

    id: strawberry.ID = strawberry.field(description="The activity's id.")
    expected_version: int = strawberry.field(description="The version that the viewer saw; another one is a Conflict.")


@strawberry.type(description="An activity was made.")
class ActivityCreated:
    """Which, and its version."""

    id: strawberry.ID = strawberry.field(description="The activity's id.")
    version: int = strawberry.field(description="The version that it has now.")

    @strawberry.field(description="The activity, as it is now.", graphql_type=type_of("Activity"))
    def activity(self) -> Asked:
        return one("Activity", own_id(self.id, "Activity"))


@strawberry.type(description="An activity was changed.")
class ActivityUpdated:
    """Which, and its version."""

    id: strawberry.ID = strawberry.field(description="The activity's id.")
    version: int = strawberry.field(description="The version that it has now.")

    @strawberry.field(description="The activity, as it is now.", graphql_type=type_of("Activity"))
    def activity(self) -> Asked:
        return one("Activity", own_id(self.id, "Activity"))


@strawberry.type(description="An activity was removed.")
class ActivityRemoved:
    """Which."""

    id: strawberry.ID = strawberry.field(description="The id that the activity had.")


CreateActivityPayload = Annotated[
    ActivityCreated | NotAllowed | Invalid | RateLimited,
    strawberry.union("CreateActivityPayload", description="The activity, or why none was made."),
]
UpdateActivityPayload = Annotated[
    ActivityUpdated | NotAllowed | NotFound | Invalid | Conflict | RateLimited,
    strawberry.union("UpdateActivityPayload", description="The activity's version, or why nothing was changed."),
]
RemoveActivityPayload = Annotated[
    ActivityRemoved | NotAllowed | NotFound | Invalid | Conflict | RateLimited,
    strawberry.union("RemoveActivityPayload", description="The id of what was removed, or why nothing was."),
]


@strawberry.type
class ActivitiesMutation:
    """What organisers do with activities."""

    @strawberry.mutation(description="Make an activity; for organisers and administrators.")
    async def create_activity(
        self, info: Info, input: Annotated[CreateActivityInput, strawberry.argument(description="The activity.")]
    ) -> CreateActivityPayload:
        return await create(
            info,
            of=ACTIVITY,
            into=ActivityCreated,
            given=changes(input, ActivityChanges),
            idempotency_key=input.idempotency_key,
        )

    @strawberry.mutation(description="Change an activity; no file that is loaded later undoes it.")
    async def update_activity(
        self, info: Info, input: Annotated[UpdateActivityInput, strawberry.argument(description="What it is to be.")]
    ) -> UpdateActivityPayload:
        return await update(
            info,
            of=ACTIVITY,
            into=ActivityUpdated,
            id=input.id,
            expected_version=input.expected_version,
            changes=changes(input, ActivityChanges),
        )

    @strawberry.mutation(
        description="Remove an activity that was made here; one that a file tells of is taken out of the file."
    )
    async def remove_activity(
        self, info: Info, input: Annotated[RemoveActivityInput, strawberry.argument(description="Which activity.")]
    ) -> RemoveActivityPayload:
        return await remove(
            info,
            of=ACTIVITY,
            into=ActivityRemoved,
            id=input.id,
            expected_version=input.expected_version,
        )
