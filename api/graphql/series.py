"""Series of events, made, changed and removed by organisers."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from api.graphql.context import Info
from api.graphql.errors import Conflict, Invalid, NotAllowed, NotFound, RateLimited
from api.graphql.nouns import Asked, one, own_id, type_of
from api.graphql.organised import KEY_ABOUT, changes, create, remove, update
from graph.programme import SERIES, SeriesChanges

__all__ = ["SeriesMutation"]


@strawberry.input
class _SeriesFields:
    """What can be said of a series and be left out."""

    description: str | None = strawberry.field(default=UNSET, description="What its events are about.")


@strawberry.input(description="What a series is to be.")
class CreateSeriesInput(_SeriesFields):
    """A series of events, and the key by which it is made once."""

    name: str = strawberry.field(description="Its name.")
    idempotency_key: str = strawberry.field(description=KEY_ABOUT)


@strawberry.input(
    description="What a series is to be. What is left out stays as it is; null takes away what is there, for good."
)
class UpdateSeriesInput(_SeriesFields):
    """A series of events, the version that was seen, and the fields that change."""

    id: strawberry.ID = strawberry.field(description="The series's id.")
    expected_version: int = strawberry.field(description="The version that the viewer saw; another one is a Conflict.")
    name: str | None = strawberry.field(default=UNSET, description="Its name; never null.")


@strawberry.input(description="Which series is to be removed.")
class RemoveSeriesInput:
    """A series of events, and the version that was seen."""

    id: strawberry.ID = strawberry.field(description="The series's id.")
    expected_version: int = strawberry.field(description="The version that the viewer saw; another one is a Conflict.")


@strawberry.type(description="A series of events was made.")
class SeriesCreated:
    """Which, and its version."""

    id: strawberry.ID = strawberry.field(description="The series's id.")
    version: int = strawberry.field(description="The version that it has now.")

    @strawberry.field(description="The series, as it is now.", graphql_type=type_of("Series"))
    def series(self) -> Asked:
        return one("Series", own_id(self.id, "Series"))


@strawberry.type(description="A series of events was changed.")
class SeriesUpdated:
    """Which, and its version."""

    id: strawberry.ID = strawberry.field(description="The series's id.")
    version: int = strawberry.field(description="The version that it has now.")

    @strawberry.field(description="The series, as it is now.", graphql_type=type_of("Series"))
    def series(self) -> Asked:
        return one("Series", own_id(self.id, "Series"))


@strawberry.type(description="A series of events was removed.")
class SeriesRemoved:
    """Which."""

    id: strawberry.ID = strawberry.field(description="The id that the series had.")


CreateSeriesPayload = Annotated[
    SeriesCreated | NotAllowed | Invalid | RateLimited,
    strawberry.union("CreateSeriesPayload", description="The series, or why none was made."),
]
UpdateSeriesPayload = Annotated[
    SeriesUpdated | NotAllowed | NotFound | Invalid | Conflict | RateLimited,
    strawberry.union("UpdateSeriesPayload", description="The series's version, or why nothing was changed."),
]
RemoveSeriesPayload = Annotated[
    SeriesRemoved | NotAllowed | NotFound | Invalid | Conflict | RateLimited,
    strawberry.union("RemoveSeriesPayload", description="The id of what was removed, or why nothing was."),
]


@strawberry.type
class SeriesMutation:
    """What organisers do with series."""

    @strawberry.mutation(description="Make a series; for organisers and administrators.")
    async def create_series(
        self, info: Info, input: Annotated[CreateSeriesInput, strawberry.argument(description="The series.")]
    ) -> CreateSeriesPayload:
        return await create(
            info,
            of=SERIES,
            into=SeriesCreated,
            given=changes(input, SeriesChanges),
            idempotency_key=input.idempotency_key,
        )

    @strawberry.mutation(description="Change a series; no file that is loaded later undoes it.")
    async def update_series(
        self, info: Info, input: Annotated[UpdateSeriesInput, strawberry.argument(description="What it is to be.")]
    ) -> UpdateSeriesPayload:
        return await update(
            info,
            of=SERIES,
            into=SeriesUpdated,
            id=input.id,
            expected_version=input.expected_version,
            changes=changes(input, SeriesChanges),
        )

    @strawberry.mutation(
        description="Remove a series that was made here; one that a file tells of is taken out of the file."
    )
    async def remove_series(
        self, info: Info, input: Annotated[RemoveSeriesInput, strawberry.argument(description="Which series.")]
    ) -> RemoveSeriesPayload:
        return await remove(
            info,
            of=SERIES,
            into=SeriesRemoved,
            id=input.id,
            expected_version=input.expected_version,
        )
