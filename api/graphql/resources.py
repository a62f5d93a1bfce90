"""Resources, made, changed and removed by organisers: one work in as many languages as there are versions."""

from datetime import date
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from api.graphql.context import Info
from api.graphql.errors import Conflict, Invalid, NotAllowed, NotFound, RateLimited
from api.graphql.nouns import Asked, one, own_id, type_of
from api.graphql.organised import KEY_ABOUT, changes, create, remove, update
from graph.programme import RESOURCE, ResourceChanges, VersionGiven

__all__ = ["ResourcesMutation"]


@strawberry.input(description="A version of a work: what it has of its own in a language.")
class ResourceVersionInput:
    """A language, and what is said of the version in it."""

    language: str = strawberry.field(description="The language (BCP 47).")
    title: str | None = strawberry.field(default=UNSET, description="The title in it.")
    url: str | None = strawberry.field(default=UNSET, description="Where that version is found.")
    published_on: date | None = strawberry.field(default=UNSET, description="When that version was published.")


@strawberry.input
class _ResourceFields:
    """What can be said of a resource and be left out."""

    published_on: date | None = strawberry.field(
        default=UNSET, description="When it was published; achievements count it in that year."
    )
    languages: list[str] | None = strawberry.field(
        default=UNSET, description="In which languages it is (BCP 47); left out where versions are given."
    )
    versions: list[ResourceVersionInput] | None = strawberry.field(
        default=UNSET, description="All its versions; it is in their languages then."
    )
    topics: list[strawberry.ID] | None = strawberry.field(default=UNSET, description="All that it covers.")
    country: strawberry.ID | None = strawberry.field(
        default=UNSET, description="The country that it is for, if it is for one (ISO 3166)."
    )
    authors: list[strawberry.ID] | None = strawberry.field(
        default=UNSET, description="Who wrote it: all of whom the viewer sees the profile; others stay."
    )
    partners: list[strawberry.ID] | None = strawberry.field(
        default=UNSET, description="All organisations that are partners in it."
    )
    url: str | None = strawberry.field(default=UNSET, description="Where it is found; of a course, where it is taken.")
    description: str | None = strawberry.field(default=UNSET, description="What it is about.")


@strawberry.input(description="What a resource is to be.")
class CreateResourceInput(_ResourceFields):
    """A resource, and the key by which it is made once."""

    title: str = strawberry.field(description="Its title.")
    kind: str = strawberry.field(
        description="What sort of resource it is: module, compendium, course, roadmap, guide or report."
    )
    idempotency_key: str = strawberry.field(description=KEY_ABOUT)


@strawberry.input(
    description="What a resource is to be. What is left out stays as it is; null takes away what is there, for good."
)
class UpdateResourceInput(_ResourceFields):
    """A resource, the version that was seen, and the fields that change."""

    id: strawberry.ID = strawberry.field(description="The resource's id.")
    expected_version: int = strawberry.field(description="The version that the viewer saw; another one is a Conflict.")
    title: str | None = strawberry.field(default=UNSET, description="Its title; never null.")
    kind: str | None = strawberry.field(
        default=UNSET, description="What sort of resource it is, as when it is made; never null."
    )


@strawberry.input(description="Which resource is to be removed.")
class RemoveResourceInput:
    """A resource, and the version that was seen."""

    id: strawberry.ID = strawberry.field(description="The resource's id.")
    expected_version: int = strawberry.field(description="The version that the viewer saw; another one is a Conflict.")


@strawberry.type(description="A resource was made.")
class ResourceCreated:
    """Which, and its version."""

    id: strawberry.ID = strawberry.field(description="The resource's id.")
    version: int = strawberry.field(description="The version that it has now.")

    @strawberry.field(description="The resource, as it is now.", graphql_type=type_of("Resource"))
    def resource(self) -> Asked:
        return one("Resource", own_id(self.id, "Resource"))


@strawberry.type(description="A resource was changed.")
class ResourceUpdated:
    """Which, and its version."""

    id: strawberry.ID = strawberry.field(description="The resource's id.")
    version: int = strawberry.field(description="The version that it has now.")

    @strawberry.field(description="The resource, as it is now.", graphql_type=type_of("Resource"))
    def resource(self) -> Asked:
        return one("Resource", own_id(self.id, "Resource"))


@strawberry.type(description="A resource was removed.")
class ResourceRemoved:
    """Which."""

    id: strawberry.ID = strawberry.field(description="The id that the resource had.")


CreateResourcePayload = Annotated[
    ResourceCreated | NotAllowed | Invalid | RateLimited,
    strawberry.union("CreateResourcePayload", description="The resource, or why none was made."),
]
UpdateResourcePayload = Annotated[
    ResourceUpdated | NotAllowed | NotFound | Invalid | Conflict | RateLimited,
    strawberry.union("UpdateResourcePayload", description="The resource's version, or why nothing was changed."),
]
RemoveResourcePayload = Annotated[
    ResourceRemoved | NotAllowed | NotFound | Invalid | Conflict | RateLimited,
    strawberry.union("RemoveResourcePayload", description="The id of what was removed, or why nothing was."),
]


@strawberry.type
class ResourcesMutation:
    """What organisers do with resources."""

    @strawberry.mutation(description="Make a resource; for organisers and administrators.")
    async def create_resource(
        self, info: Info, input: Annotated[CreateResourceInput, strawberry.argument(description="The resource.")]
    ) -> CreateResourcePayload:
        return await create(
            info,
            of=RESOURCE,
            into=ResourceCreated,
            given=_given(input),
            idempotency_key=input.idempotency_key,
        )

    @strawberry.mutation(description="Change a resource; no file that is loaded later undoes it.")
    async def update_resource(
        self, info: Info, input: Annotated[UpdateResourceInput, strawberry.argument(description="What it is to be.")]
    ) -> UpdateResourcePayload:
        return await update(
            info,
            of=RESOURCE,
            into=ResourceUpdated,
            id=input.id,
            expected_version=input.expected_version,
            changes=_given(input),
        )

    @strawberry.mutation(
        description="Remove a resource that was made here; one that a file tells of is taken out of the file."
    )
    async def remove_resource(
        self, info: Info, input: Annotated[RemoveResourceInput, strawberry.argument(description="Which resource.")]
    ) -> RemoveResourcePayload:
        return await remove(
            info,
            of=RESOURCE,
            into=ResourceRemoved,
            id=input.id,
            expected_version=input.expected_version,
        )


def _given(input: CreateResourceInput | UpdateResourceInput) -> dict[str, Any]:
    """The fields that were given, in the graph's words, each version with what was said of it."""
    given = changes(input, ResourceChanges)
    if given.get("versions"):
        given["versions"] = [changes(version, VersionGiven) for version in given["versions"]]
    return given
