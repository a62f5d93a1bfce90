"""Projects with their partners, made, changed and removed by organisers."""

from datetime import date
from typing import Annotated

import strawberry
from strawberry import UNSET

from api.graphql.context import Info
from api.graphql.errors import Conflict, Invalid, NotAllowed, NotFound, RateLimited
from api.graphql.nouns import Asked, one, own_id, type_of
from api.graphql.organised import KEY_ABOUT, changes, create, remove, update
from graph.programme import PROJECT, ProjectChanges

__all__ = ["ProjectsMutation"]


@strawberry.input
class _ProjectFields:
    """What can be said of a project and be left out."""

    starts_on: date | None = strawberry.field(default=UNSET, description="Its first day.")
    ends_on: date | None = strawberry.field(default=UNSET, description="Its last day.")
    topics: list[strawberry.ID] | None = strawberry.field(default=UNSET, description="All that it covers.")
    countries: list[strawberry.ID] | None = strawberry.field(
        default=UNSET, description="All countries that it is for (ISO 3166)."
    )
    partners: list[strawberry.ID] | None = strawberry.field(
        default=UNSET, description="All organisations that are partners in it."
    )
    description: str | None = strawberry.field(default=UNSET, description="What it is about.")


@strawberry.input(description="What a project is to be.")
class CreateProjectInput(_ProjectFields):
    """A project, and the key by which it is made once."""

    title: str = strawberry.field(description="Its title.")
    idempotency_key: str = strawberry.field(description=KEY_ABOUT)


@strawberry.input(
    description="What a project is to be. What is left out stays as it is; null takes away what is there, for good."
)
class UpdateProjectInput(_ProjectFields):
    """A project, the version that was seen, and the fields that change."""

    id: strawberry.ID = strawberry.field(description="The project's id.")
    expected_version: int = strawberry.field(description="The version that the viewer saw; another one is a Conflict.")
    title: str | None = strawberry.field(default=UNSET, description="Its title; never null.")


@strawberry.input(description="Which project is to be removed.")
class RemoveProjectInput:
    """A project, and the version that was seen."""

    id: strawberry.ID = strawberry.field(description="The project's id.")
    expected_version: int = strawberry.field(description="The version that the viewer saw; another one is a Conflict.")


@strawberry.type(description="A project was made.")
class ProjectCreated:
    """Which, and its version."""

    id: strawberry.ID = strawberry.field(description="The project's id.")
    version: int = strawberry.field(description="The version that it has now.")

    @strawberry.field(description="The project, as it is now.", graphql_type=type_of("Project"))
    def project(self) -> Asked:
        return one("Project", own_id(self.id, "Project"))


@strawberry.type(description="A project was changed.")
class ProjectUpdated:
    """Which, and its version."""

    id: strawberry.ID = strawberry.field(description="The project's id.")
    version: int = strawberry.field(description="The version that it has now.")

    @strawberry.field(description="The project, as it is now.", graphql_type=type_of("Project"))
    def project(self) -> Asked:
        return one("Project", own_id(self.id, "Project"))


@strawberry.type(description="A project was removed.")
class ProjectRemoved:
    """Which."""

    id: strawberry.ID = strawberry.field(description="The id that the project had.")


CreateProjectPayload = Annotated[
    ProjectCreated | NotAllowed | Invalid | RateLimited,
    strawberry.union("CreateProjectPayload", description="The project, or why none was made."),
]
UpdateProjectPayload = Annotated[
    ProjectUpdated | NotAllowed | NotFound | Invalid | Conflict | RateLimited,
    strawberry.union("UpdateProjectPayload", description="The project's version, or why nothing was changed."),
]
RemoveProjectPayload = Annotated[
    ProjectRemoved | NotAllowed | NotFound | Invalid | Conflict | RateLimited,
    strawberry.union("RemoveProjectPayload", description="The id of what was removed, or why nothing was."),
]


@strawberry.type
class ProjectsMutation:
    """What organisers do with projects."""

    @strawberry.mutation(description="Make a project; for organisers and administrators.")
    async def create_project(
        self, info: Info, input: Annotated[CreateProjectInput, strawberry.argument(description="The project.")]
    ) -> CreateProjectPayload:
        return await create(
            info,
            of=PROJECT,
            into=ProjectCreated,
            given=changes(input, ProjectChanges),
            idempotency_key=input.idempotency_key,
        )

    @strawberry.mutation(description="Change a project; no file that is loaded later undoes it.")
    async def update_project(
        self, info: Info, input: Annotated[UpdateProjectInput, strawberry.argument(description="What it is to be.")]
    ) -> UpdateProjectPayload:
        return await update(
            info,
            of=PROJECT,
            into=ProjectUpdated,
            id=input.id,
            expected_version=input.expected_version,
            changes=changes(input, ProjectChanges),
        )

    @strawberry.mutation(
        description="Remove a project that was made here; one that a file tells of is taken out of the file."
    )
    async def remove_project(
        self, info: Info, input: Annotated[RemoveProjectInput, strawberry.argument(description="Which project.")]
    ) -> RemoveProjectPayload:
        return await remove(
            info,
            of=PROJECT,
            into=ProjectRemoved,
            id=input.id,
            expected_version=input.expected_version,
        )
