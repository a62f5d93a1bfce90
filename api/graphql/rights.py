"""What is a person's own to decide: who sees what, consent, the export of all that is known, and erasure."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, TypeVar

import strawberry
from fastapi import Request
from strawberry import Private
from strawberry.scalars import JSON

from api import erasing
from api.graphql.context import Info
from api.graphql.errors import Invalid, NotAllowed, NotFound, RateLimited, as_error
from api.graphql.languages import LanguageCode
from api.graphql.nouns import own_id
from graph import audiences, consents, erasure, export, values, viewer
from graph.audiences import Standing
from graph.consents import How
from graph.errors import GraphError, NoSuchExpert
from graph.permissions import NotAllowed as NotAllowedError
from graph.values import ExpertId

__all__ = ["RightsMutation", "RightsQuery"]

A = TypeVar("A")

InLanguage = Annotated[
    LanguageCode | None,
    strawberry.argument(
        description="The language of the text, yours if left out; English stands in where it is missing."
    ),
]

strawberry.enum(viewer.Audience, description="Who may see a group of a person's fields; nobody: the person alone.")
strawberry.enum(viewer.FieldGroup, description="What of a person has an audience of its own.")
strawberry.enum(values.Purpose, name="ConsentPurpose", description="What a person agrees to, each on its own.")
strawberry.enum(consents.How, name="ConsentHow", description="On which way a decision came.")


@strawberry.type(description="Who sees one group of the viewer's own fields.")
class AudienceChoice:
    """Wraps what stands for one group."""

    group: viewer.FieldGroup = strawberry.field(description="The group of fields.")
    value: Private[Standing]

    @strawberry.field(description="What the viewer chose; null where they leave it to the network.")
    def chosen(self) -> viewer.Audience | None:
        return self.value.chosen

    @strawberry.field(description="What the network says for those who chose nothing.")
    def network(self) -> viewer.Audience:
        return self.value.network

    @strawberry.field(
        description="What is in force: never wider than that the person is listed, nor than what they agree to."
    )
    def in_force(self) -> viewer.Audience:
        return self.value.in_force


@strawberry.type(description="Who sees one group of the fields of people who chose nothing.")
class NetworkAudience:
    """A group and its audience."""

    group: viewer.FieldGroup = strawberry.field(description="The group of fields.")
    audience: viewer.Audience = strawberry.field(description="Who sees it.")


@strawberry.type(description="What people agree to for one purpose, in one version.")
class ConsentText:
    """Wraps a text."""

    value: Private[consents.ConsentText]

    @strawberry.field(description="The purpose.")
    def purpose(self) -> values.Purpose:
        return self.value.purpose

    @strawberry.field(description="The version, from 1.")
    def version(self) -> int:
        return self.value.version

    @strawberry.field(description="The words.")
    def text(self, info: Info, language: InLanguage = None) -> str:
        return self.value.texts.in_language(language or info.context.language)


@strawberry.type(description="One decision of a person on one purpose; the newest is in force.")
class Consent:
    """Wraps a decision."""

    value: Private[consents.Consent]

    @strawberry.field(description="The purpose.")
    def purpose(self) -> values.Purpose:
        return self.value.purpose

    @strawberry.field(description="Whether consent was given; false: it was withdrawn.")
    def given(self) -> bool:
        return self.value.given

    @strawberry.field(description="The version of the text that was decided on.")
    def version(self) -> int:
        return self.value.version

    @strawberry.field(description="When.")
    def at(self) -> datetime:
        return self.value.at

    @strawberry.field(description="On which way.")
    def how(self) -> consents.How:
        return self.value.how


@strawberry.type
class RightsQuery:
    """What the viewer decided, and what they are asked."""

    @strawberry.field(description="Who sees what of the viewer; empty for who is nobody of the network's people.")
    async def my_audiences(self, info: Info) -> list[AudienceChoice]:
        person = info.context.viewer.person
        if person is None:
            return []
        found = await audiences.of_person(info.context.network.graph, info.context.viewer, expert=person)
        return _choices(found)

    @strawberry.field(description="Every decision of the viewer on what they agree to, newest first.")
    async def my_consents(self, info: Info) -> list[Consent]:
        person = info.context.viewer.person
        if person is None:
            return []
        history, _ = await consents.history_of(info.context.network.graph, info.context.viewer, expert=person)
        return [Consent(value=one) for one in history]

    @strawberry.field(description="Who sees what of people who chose nothing.")
    async def network_audiences(self, info: Info) -> list[NetworkAudience]:
        found = await audiences.of_network(info.context.network.graph, info.context.viewer)
        return _of_network(found)

    @strawberry.field(description="What people agree to, the text in force for each purpose.")
    async def consent_texts(self, info: Info) -> list[ConsentText]:
        found = await consents.texts(info.context.network.graph, info.context.viewer)
        return [ConsentText(value=text) for text in found.values()]


@strawberry.input(description="Who is to see a group of fields.")
class ChooseAudienceInput:
    """A group, and who sees it."""

    group: viewer.FieldGroup = strawberry.field(description="The group of fields.")
    audience: viewer.Audience | None = strawberry.field(
        default=None, description="Who sees it; null leaves it to the network."
    )


@strawberry.input(description="What the viewer chooses for themselves; other groups stay as they are.")
class SetAudiencesInput:
    """Choices."""

    choices: list[ChooseAudienceInput] = strawberry.field(description="A choice for each group that is to change.")


@strawberry.input(description="Who is to see a group of fields of people who chose nothing.")
class NetworkAudienceInput:
    """A group, and who sees it."""

    group: viewer.FieldGroup = strawberry.field(description="The group of fields.")
    audience: viewer.Audience = strawberry.field(description="Who sees it.")


@strawberry.input(description="What the network says; other groups stay as they are.")
class SetNetworkAudiencesInput:
    """Audiences."""

    audiences: list[NetworkAudienceInput] = strawberry.field(description="An audience for each group to change.")


@strawberry.input(description="What is decided, and by whom.")
class DecideConsentInput:
    """A purpose, and a person."""

    purpose: values.Purpose = strawberry.field(description="The purpose.")
    expert: strawberry.ID | None = strawberry.field(
        default=None, description="Who decided on paper, for administrators; null: the viewer decides now."
    )


@strawberry.input(description="Of whom everything is wanted.")
class ExportPersonInput:
    """A person."""

    expert: strawberry.ID | None = strawberry.field(
        default=None, description="The person, for administrators who answer a request; null: the viewer."
    )


@strawberry.input(description="Who is to be erased.")
class ErasePersonInput:
    """A person, named twice."""

    expert: strawberry.ID = strawberry.field(description="The person's id.")
    confirmation: str = strawberry.field(description="The person's own id once more, such as salma-benrabah.")


@strawberry.type(description="Choices are in force, in every search and on every page.")
class AudiencesSet:
    """What stands now."""

    audiences: list[AudienceChoice] = strawberry.field(description="What stands now, for every group.")


@strawberry.type(description="The network's audiences are in force for everybody who chose nothing.")
class NetworkAudiencesSet:
    """What stands now."""

    audiences: list[NetworkAudience] = strawberry.field(description="What stands now, for every group.")


@strawberry.type(description="A decision was taken down and is in force.")
class ConsentDecided:
    """The decision."""

    consent: Consent = strawberry.field(description="The decision in force.")


@strawberry.type(description="Everything that is stored about a person.")
class PersonExported:
    """All of it."""

    everything: JSON = strawberry.field(description="All of it, as docs/privacy.md describes it.")


@strawberry.type(description="Somebody was erased, for good.")
class PersonErased:
    """What that took."""

    passages: int = strawberry.field(description="How many passages went.")
    texts: int = strawberry.field(description="In how many texts of others a trace was erased.")
    participations: int = strawberry.field(description="How many nameless participants keep the counts of events.")


SetAudiencesPayload = Annotated[
    AudiencesSet | NotAllowed | Invalid | RateLimited,
    strawberry.union("SetAudiencesPayload", description="What stands now, or why nothing was changed."),
]
SetNetworkAudiencesPayload = Annotated[
    NetworkAudiencesSet | NotAllowed | Invalid | RateLimited,
    strawberry.union("SetNetworkAudiencesPayload", description="What stands now, or why nothing was changed."),
]
DecideConsentPayload = Annotated[
    ConsentDecided | NotAllowed | NotFound | Invalid | RateLimited,
    strawberry.union("DecideConsentPayload", description="The decision, or why it was not taken down."),
]
ExportPersonPayload = Annotated[
    PersonExported | NotAllowed | NotFound | Invalid | RateLimited,
    strawberry.union("ExportPersonPayload", description="Everything, or why it is not given."),
]
ErasePersonPayload = Annotated[
    PersonErased | NotAllowed | NotFound | Invalid | RateLimited,
    strawberry.union("ErasePersonPayload", description="What went, or why nobody was erased."),
]


class NotConfirmed(GraphError):
    """The id that confirms an erasure is another one."""

    def __init__(self) -> None:
        super().__init__("The confirmation is not the person's id, so nobody was erased; give the id there too.")


class NamedTwice(GraphError):
    """A group of fields is there twice."""

    def __init__(self) -> None:
        super().__init__("A group of fields is there twice; name each once.")


@strawberry.type
class RightsMutation:
    """What people decide for themselves, and administrators for the network."""

    @strawberry.mutation(description="Choose who sees what of the viewer; it is in force at once.")
    async def set_audiences(
        self, info: Info, input: Annotated[SetAudiencesInput, strawberry.argument(description="The choices.")]
    ) -> SetAudiencesPayload:
        try:
            chosen = _each_once((choice.group, choice.audience) for choice in input.choices)
            found = await audiences.set_of_person(
                info.context.network.graph, info.context.viewer, expert=_of(info, None), chosen=chosen
            )
        except (NotAllowedError, NamedTwice) as error:
            return as_error(error, field="input.choices")
        info.context.network.embedding.soon()
        return AudiencesSet(audiences=_choices(found))

    @strawberry.mutation(description="Set who sees what of people who chose nothing; for administrators.")
    async def set_network_audiences(
        self, info: Info, input: Annotated[SetNetworkAudiencesInput, strawberry.argument(description="The audiences.")]
    ) -> SetNetworkAudiencesPayload:
        try:
            wanted = _each_once((one.group, one.audience) for one in input.audiences)
            found = await audiences.set_of_network(info.context.network.graph, info.context.viewer, audiences=wanted)
        except (NotAllowedError, NamedTwice) as error:
            return as_error(error, field="input.audiences")
        info.context.network.embedding.soon()
        return NetworkAudiencesSet(audiences=_of_network(found))

    @strawberry.mutation(description="Agree to something; in force at once, in every search too.")
    async def give_consent(
        self, info: Info, input: Annotated[DecideConsentInput, strawberry.argument(description="To what.")]
    ) -> DecideConsentPayload:
        return await _decide(info, input, given=True)

    @strawberry.mutation(description="Withdraw consent to something; in force at once, in every search too.")
    async def withdraw_consent(
        self, info: Info, input: Annotated[DecideConsentInput, strawberry.argument(description="To what.")]
    ) -> DecideConsentPayload:
        return await _decide(info, input, given=False)

    @strawberry.mutation(
        description="Everything that is stored about a person; if an administrator asks, the change log says so."
    )
    async def export_person(
        self, info: Info, input: Annotated[ExportPersonInput, strawberry.argument(description="Of whom.")]
    ) -> ExportPersonPayload:
        try:
            about = await export.about(info.context.network.graph, info.context.viewer, expert=_of(info, input.expert))
        except NoSuchExpert as error:
            return NotFound(message=str(error))
        except NotAllowedError as error:
            return as_error(error, field="input.expert")
        return PersonExported(everything=JSON(about))

    @strawberry.mutation(description="Erase a person, for good; docs/privacy.md tells what remains.")
    async def erase_person(
        self, info: Info, input: Annotated[ErasePersonInput, strawberry.argument(description="Whom.")]
    ) -> ErasePersonPayload:
        graph, background = info.context.network.graph, info.context.background_tasks
        request = info.context.request
        assert isinstance(request, Request)  # noqa: S101 -- nothing is subscribed to, so each request is HTTP's
        assert background is not None  # noqa: S101 -- FastAPI gives one to each
        expert = _of(info, input.expert)
        try:
            _ensure_confirmed(input.confirmation, expert=expert)
            erased = await erasing.erase(graph, request.app.state.loads, info.context.viewer, expert=expert)
        except NoSuchExpert as error:
            return NotFound(message=str(error))
        except NotConfirmed as error:
            return as_error(error, field="input.confirmation")
        except NotAllowedError as error:
            return as_error(error)
        info.context.network.embedding.soon()
        background.add_task(erasure.sweep, graph)
        return PersonErased(passages=erased.passages, texts=erased.texts, participations=erased.participations)


def _of(info: Info, expert: strawberry.ID | None) -> ExpertId:
    """The person who is named, else the viewer."""
    if expert is not None:
        return ExpertId(own_id(expert, "Expert"))
    person = info.context.viewer.person
    if person is None:
        raise NotAllowedError("decide this for yourself", who="people whom the network lists")
    return person


def _each_once(pairs: Iterable[tuple[viewer.FieldGroup, A]]) -> dict[viewer.FieldGroup, A]:
    listed = list(pairs)
    found = dict(listed)
    if len(found) < len(listed):
        raise NamedTwice
    return found


def _ensure_confirmed(confirmation: str, *, expert: ExpertId) -> None:
    if confirmation != expert:
        raise NotConfirmed


async def _decide(
    info: Info, input: DecideConsentInput, *, given: bool
) -> ConsentDecided | NotAllowed | NotFound | Invalid:
    try:
        person = _of(info, input.expert)
        how = How.API if person == info.context.viewer.person else How.PAPER
        decided = await consents.decide(
            info.context.network.graph, info.context.viewer, expert=person, purpose=input.purpose, given=given, how=how
        )
    except NoSuchExpert as error:
        return NotFound(message=str(error))
    except NotAllowedError as error:
        return as_error(error, field="input.expert")
    info.context.network.embedding.soon()
    return ConsentDecided(consent=Consent(value=decided))


def _choices(found: Mapping[viewer.FieldGroup, Standing]) -> list[AudienceChoice]:
    return [AudienceChoice(group=group, value=standing) for group, standing in found.items()]


def _of_network(found: Mapping[viewer.FieldGroup, viewer.Audience]) -> list[NetworkAudience]:
    return [NetworkAudience(group=group, audience=audience) for group, audience in found.items()]
