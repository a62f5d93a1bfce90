"""Profiles, changed by the people themselves, and by administrators for them."""

from collections.abc import Mapping
from typing import Annotated, Any, cast

import strawberry
from strawberry import UNSET, relay

from api.graphql.context import Info
from api.graphql.errors import Conflict, Invalid, NotAllowed, NotFound, RateLimited, as_error
from api.graphql.nouns import Asked, one, own_id, type_of
from graph import values
from graph.errors import NoSuchExpert
from graph.fields import InvalidFields
from graph.intake.experts import ExpertiseRecord, SpokenLanguageRecord
from graph.people import profiles
from graph.people.profiles import OtherVersion, ProfileChanges
from graph.permissions import NotAllowed as NotAllowedError
from graph.values import ExpertId

__all__ = ["ProfilesMutation"]


@strawberry.input(description="A language that a person speaks, and how well.")
class SpokenLanguageInput:
    """A language and a level."""

    language: str = strawberry.field(description="The BCP 47 tag, as the network has it, such as fr.")
    level: values.LanguageLevel = strawberry.field(description="How well.")


@strawberry.input(description="A topic that a person knows, how deeply and since when.")
class ExpertiseInput:
    """A topic, a level and a year."""

    topic: strawberry.ID = strawberry.field(description="The topic's id.")
    level: values.ExpertiseLevel = strawberry.field(description="How deeply.")
    since: int | None = strawberry.field(default=None, description="Since which year, if that is known.")


@strawberry.input(
    description="What a profile is to say. What is left out stays as it is; null takes away what is there, for good."
)
class UpdateProfileInput:
    """A person, the version that was seen, and the fields that change."""

    expert: strawberry.ID | None = strawberry.field(
        default=None, description="Whose profile, for administrators; null: the viewer's own."
    )
    expected_version: int = strawberry.field(description="The version that the viewer saw; another one is a Conflict.")
    name: str | None = strawberry.field(default=UNSET, description="The name as the person writes it; never null.")
    other_names: list[str] | None = strawberry.field(
        default=UNSET, description="All other names and spellings, 50 at most."
    )
    headline: str | None = strawberry.field(default=UNSET, description="The role in a few words.")
    website: str | None = strawberry.field(default=UNSET, description="A page of the person's own.")
    orcid: str | None = strawberry.field(default=UNSET, description="The ORCID iD, alone or as a web address.")
    phone: str | None = strawberry.field(default=UNSET, description="A telephone number with its country's code.")
    email: str | None = strawberry.field(
        default=UNSET, description="The address to be reached at. Who signs in by which address stays as it is."
    )
    country: strawberry.ID | None = strawberry.field(default=UNSET, description="Where the person lives (ISO 3166).")
    worked_in: list[strawberry.ID] | None = strawberry.field(
        default=UNSET, description="All countries where the person has worked."
    )
    languages: list[SpokenLanguageInput] | None = strawberry.field(
        default=UNSET, description="All languages that the person speaks."
    )
    topics: list[ExpertiseInput] | None = strawberry.field(
        default=UNSET, description="All topics that the person knows; one that is not among them finds them no more."
    )
    gender: values.Gender | None = strawberry.field(
        default=UNSET, description="What the person says they are; seen by them and by organisers alone."
    )
    away: list[str] | None = strawberry.field(
        default=UNSET,
        description="All periods in which the person is not available, first and last day such as "
        "2026-07-01/2026-07-31, 50 at most; seen by those who see how to reach the person.",
    )


@strawberry.type(description="A profile was changed; search finds the person by it.")
class ProfileUpdated:
    """Whose, and its version."""

    id: strawberry.ID = strawberry.field(description="The expert's id.")
    version: int = strawberry.field(description="The version that the profile has now.")

    @strawberry.field(description="The person, as they are now.", graphql_type=type_of("Expert"))
    def expert(self) -> Asked:
        return one("Expert", own_id(self.id, "Expert"))


UpdateProfilePayload = Annotated[
    ProfileUpdated | NotAllowed | NotFound | Invalid | Conflict | RateLimited,
    strawberry.union("UpdateProfilePayload", description="The profile's version, or why nothing was changed."),
]


@strawberry.type
class ProfilesMutation:
    """What people say of themselves."""

    @strawberry.mutation(description="Change what a profile says; no file that is loaded later undoes it.")
    async def update_profile(
        self, info: Info, input: Annotated[UpdateProfileInput, strawberry.argument(description="What it is to say.")]
    ) -> UpdateProfilePayload:
        network, viewer = info.context.network, info.context.viewer
        if input.expert is not None:
            expert = ExpertId(own_id(input.expert, "Expert"))
        elif viewer.person is not None:
            expert = viewer.person
        else:
            return as_error(NotAllowedError("change a profile of your own", who="people whom the network lists"))
        try:
            changed = await profiles.update(
                network.graph, viewer, expert=expert, expected_version=input.expected_version, changes=_changes(input)
            )
        except NoSuchExpert as error:
            return NotFound(message=str(error))
        except OtherVersion as error:
            return Conflict.of(error)
        except (NotAllowedError, InvalidFields) as error:
            return as_error(error)
        network.embedding.soon()
        return ProfileUpdated(id=strawberry.ID(relay.to_base64("Expert", changed.expert)), version=changed.version)


def _changes(input: UpdateProfileInput) -> ProfileChanges:
    """The fields that were given, in the graph's words."""
    given: Mapping[str, Any] = {
        name: getattr(input, name) for name in ProfileChanges.__annotations__ if getattr(input, name) is not UNSET
    }
    changes = dict(given)
    if given.get("country"):
        changes["country"] = own_id(given["country"], "Country")
    if given.get("worked_in"):
        changes["worked_in"] = [own_id(country, "Country") for country in given["worked_in"]]
    if given.get("languages"):
        changes["languages"] = [
            SpokenLanguageRecord(language=spoken.language, level=spoken.level) for spoken in given["languages"]
        ]
    if given.get("topics"):
        changes["topics"] = [
            ExpertiseRecord(topic=own_id(known.topic, "Topic"), level=known.level, since=known.since)
            for known in given["topics"]
        ]
    return cast("ProfileChanges", changes)
