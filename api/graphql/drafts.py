"""Drafts of events: made, changed, published, discarded and brought back by organisers, who alone know of them."""

from datetime import datetime
from typing import Annotated, cast

import strawberry
from strawberry import UNSET, Private, relay

from api.graphql.context import Info
from api.graphql.errors import Conflict, Error, Invalid, NotAllowed, NotFound, RateLimited, as_error
from api.graphql.events import EventFields
from api.graphql.nouns import URL, Asked, one, own_id, type_of
from api.graphql.organised import changes
from api.graphql.paging import After, First, cursor_of, first_of, page_info
from graph import drafts
from graph.drafts import AlreadyPublished as AlreadyPublishedError
from graph.drafts import NoSuchDraft
from graph.errors import GraphError, NoSuchEvent
from graph.event_changes import EventChanges
from graph.fields import InvalidFields
from graph.idempotency import KeyOfOther, KeySpent, KeyUnfit
from graph.people.profiles import OtherVersion
from graph.permissions import NotAllowed as NotAllowedError
from graph.values import EventId, Page

__all__ = ["EventDraft", "EventDraftsMutation", "EventDraftsQuery"]


@strawberry.type(
    description="An event that is not published: organisers alone know of it. It takes the place of an event where "
    "people are shortlisted or a panel is suggested."
)
class EventDraft:
    """Wraps a draft."""

    value: Private[drafts.Draft]

    @strawberry.field(description="Its id, which the event keeps that it becomes.")
    def id(self) -> strawberry.ID:
        return _global(self.value.id)

    @strawberry.field(description="Its short name, which the event keeps as well.")
    def slug(self) -> str:
        return self.value.id

    @strawberry.field(description="Its version, which grows with every change of it.")
    def version(self) -> int:
        return self.value.version

    @strawberry.field(description="Its title.")
    def title(self) -> str:
        return self.value.title

    @strawberry.field(
        description="What sort of event it is to be; null while nobody said, and then it is not published."
    )
    def kind(self) -> str | None:
        return self.value.kind

    @strawberry.field(description="How people are to take part: online, in-person or hybrid.")
    def format(self) -> str | None:
        return self.value.format

    @strawberry.field(description="Whether it takes place: confirmed or tentative.")
    def status(self) -> str | None:
        return self.value.status

    @strawberry.field(description="When it is to begin.")
    def starts_at(self) -> datetime | None:
        return self.value.starts_at

    @strawberry.field(description="When it is to end.")
    def ends_at(self) -> datetime | None:
        return self.value.ends_at

    @strawberry.field(description="The time zone it is to be held in, as the IANA database names it.")
    def time_zone(self) -> str | None:
        return self.value.time_zone

    @strawberry.field(description="Where it is to be held, in words.")
    def place(self) -> str | None:
        return self.value.place

    @strawberry.field(description="How many people it has room for.")
    def capacity(self) -> int | None:
        return self.value.capacity

    @strawberry.field(description="Its page.")
    def url(self) -> URL | None:
        return self.value.url  # type: ignore[return-value]

    @strawberry.field(description="What it is about, in a paragraph.")
    def description(self) -> str | None:
        return self.value.description

    @strawberry.field(description="Where it is to be held.", graphql_type=type_of("Country") | None)
    def country(self) -> Asked | None:
        return one("Country", self.value.country) if self.value.country else None

    @strawberry.field(description="The series it is to be part of.", graphql_type=type_of("Series") | None)
    def series(self) -> Asked | None:
        return one("Series", self.value.series) if self.value.series else None

    @strawberry.field(
        description="What it is to cover, by slug.",
        graphql_type=list[type_of("Topic")],  # type: ignore[misc]
    )
    def topics(self) -> Asked:
        return Asked([("Topic", id) for id in self.value.topics], is_list=True)

    @strawberry.field(
        description="The languages it is to be in, by tag.",
        graphql_type=list[type_of("Language")],  # type: ignore[misc]
    )
    def languages(self) -> Asked:
        return Asked([("Language", tag) for tag in self.value.languages], is_list=True)

    @strawberry.field(
        description="Organisations that are to be partners in it, by id.",
        graphql_type=list[type_of("Organisation")],  # type: ignore[misc]
    )
    def partners(self) -> Asked:
        return Asked([("Organisation", id) for id in self.value.partners], is_list=True)

    @strawberry.field(description="When it was made.")
    def made_at(self) -> datetime:
        return self.value.made_at

    @strawberry.field(description="When it was changed last.")
    def changed_at(self) -> datetime:
        return self.value.changed_at


@strawberry.type(description="A draft with its place in the list.")
class EventDraftEdge:
    """A draft and its cursor."""

    cursor: str = strawberry.field(description="To go on after it.")
    node: EventDraft = strawberry.field(description="The draft.")


@strawberry.type(description="Part of the list of drafts of events, the one that was made last first.")
class EventDraftConnection:
    """Wraps a page of drafts."""

    value: Private[Page[drafts.Draft]]
    after: Private[str | None]

    @strawberry.field(description="The drafts.")
    def edges(self) -> list[EventDraftEdge]:
        return [EventDraftEdge(cursor=str(cursor), node=EventDraft(value=one)) for cursor, one in self.value.entries]

    @strawberry.field(description="Where this part begins and ends, and whether more follow.")
    def page_info(self) -> relay.PageInfo:
        return page_info(self.value, after=self.after)


@strawberry.input(
    description="What a draft is to be. Of an event that it is a copy of it takes over what copyEvent does, where "
    "nothing else is said here; with a start and no end it is then as long."
)
class CreateEventDraftInput(EventFields):
    """A draft, and the key by which it is made once."""

    idempotency_key: str = strawberry.field(
        description="A random text of the client's own, such as a UUID: asked again with the same key within two days, "
        "no second draft is made and the first is told."
    )
    title: str | None = strawberry.field(
        default=UNSET, description="Its title; needed, unless it is a copy and keeps that of the event."
    )
    copy_of: strawberry.ID | None = strawberry.field(default=None, description="An event that is to be held once more.")


@strawberry.input(description="What a draft is to be. What is left out stays as it is; null takes away what is there.")
class UpdateEventDraftInput(EventFields):
    """A draft, the version that was seen, and the fields that change."""

    id: strawberry.ID = strawberry.field(description="The draft's id.")
    expected_version: int = strawberry.field(description="The version that the viewer saw; another one is a Conflict.")
    title: str | None = strawberry.field(default=UNSET, description="Its title; never null.")


@strawberry.input(description="Which draft becomes an event. It needs its kind by then.")
class PublishEventDraftInput:
    """A draft, and the version that was seen."""

    id: strawberry.ID = strawberry.field(description="The draft's id.")
    expected_version: int = strawberry.field(description="The version that the viewer saw; another one is a Conflict.")


@strawberry.input(
    description="Which draft is thrown away, with who is considered for it; restoreEventDraft brings it back for a day."
)
class DiscardEventDraftInput:
    """A draft, and the version that was seen."""

    id: strawberry.ID = strawberry.field(description="The draft's id.")
    expected_version: int = strawberry.field(description="The version that the viewer saw; another one is a Conflict.")


@strawberry.input(description="Which draft is brought back, of those that were thrown away within a day.")
class RestoreEventDraftInput:
    """A draft."""

    id: strawberry.ID = strawberry.field(description="The id that the draft had, and has then again.")


@strawberry.type(description="A draft was made.")
class EventDraftCreated:
    """The draft."""

    draft: EventDraft = strawberry.field(description="The draft, as it is now.")


@strawberry.type(description="A draft was changed.")
class EventDraftUpdated:
    """The draft."""

    draft: EventDraft = strawberry.field(description="The draft, as it is now.")


@strawberry.type(description="A draft is an event now, and everybody knows of it.")
class EventDraftPublished:
    """Which event, and its version."""

    id: strawberry.ID = strawberry.field(description="The event's id.")
    version: int = strawberry.field(description="The version that it has now.")

    @strawberry.field(description="The event, as it is now.", graphql_type=type_of("Event"))
    def event(self) -> Asked:
        return one("Event", own_id(self.id, "Event"))


@strawberry.type(description="A draft is there again, with who was considered for it.")
class EventDraftRestored:
    """The draft."""

    draft: EventDraft = strawberry.field(description="The draft, as it is now.")


@strawberry.type(description="A draft is thrown away, with who was considered for it.")
class EventDraftDiscarded:
    """Which it was."""

    id: strawberry.ID = strawberry.field(description="The id that the draft had.")
    considered: int = strawberry.field(
        description="How many people were considered for it; who is hidden from the viewer is not counted."
    )


@strawberry.type(description="The draft is an event by now; that can be changed and cancelled.")
class AlreadyPublished(Error):
    """Something was to be done with a draft that is none any more."""

    id: strawberry.ID = strawberry.field(description="The event's id.")

    @strawberry.field(description="The event, as it is now.", graphql_type=type_of("Event"))
    def event(self) -> Asked:
        return one("Event", own_id(self.id, "Event"))


CreateEventDraftPayload = Annotated[
    EventDraftCreated | NotAllowed | NotFound | Invalid | RateLimited,
    strawberry.union("CreateEventDraftPayload", description="The draft, or why none was made."),
]
UpdateEventDraftPayload = Annotated[
    EventDraftUpdated | AlreadyPublished | NotAllowed | NotFound | Invalid | Conflict | RateLimited,
    strawberry.union("UpdateEventDraftPayload", description="The draft, or why nothing was changed."),
]
PublishEventDraftPayload = Annotated[
    EventDraftPublished | AlreadyPublished | NotAllowed | NotFound | Invalid | Conflict | RateLimited,
    strawberry.union("PublishEventDraftPayload", description="The event, or why the draft is none."),
]
DiscardEventDraftPayload = Annotated[
    EventDraftDiscarded | AlreadyPublished | NotAllowed | NotFound | Invalid | Conflict | RateLimited,
    strawberry.union("DiscardEventDraftPayload", description="What is gone, or why nothing is."),
]
RestoreEventDraftPayload = Annotated[
    EventDraftRestored | AlreadyPublished | NotAllowed | NotFound | Invalid | RateLimited,
    strawberry.union("RestoreEventDraftPayload", description="The draft, or why none is brought back."),
]

REFUSED: tuple[type[GraphError], ...] = (
    *(NoSuchDraft, AlreadyPublishedError, OtherVersion),
    *(NotAllowedError, InvalidFields),
)


@strawberry.type
class EventDraftsQuery:
    """What organisers ask of drafts."""

    @strawberry.field(
        description="A draft of an event, by id; null if there is none. For organisers and administrators."
    )
    async def event_draft(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The draft's id.")]
    ) -> EventDraft | None:
        draft = own_id(id, "Event")
        found = await drafts.by_ids(info.context.network.graph, info.context.viewer, ids=[draft])
        return EventDraft(value=found[draft]) if draft in found else None

    @strawberry.field(
        description="Drafts of events, the one that was made last first; for organisers and administrators."
    )
    async def event_drafts(self, info: Info, first: First = 20, after: After = None) -> EventDraftConnection:
        page = await drafts.page(
            info.context.network.graph, info.context.viewer, first=first_of(first), after=cursor_of(after)
        )
        return EventDraftConnection(value=page, after=after)


@strawberry.type
class EventDraftsMutation:
    """What organisers do with drafts."""

    @strawberry.mutation(
        description="Draft an event, of which nobody but organisers and administrators knows; for them."
    )
    async def create_event_draft(
        self, info: Info, input: Annotated[CreateEventDraftInput, strawberry.argument(description="The draft.")]
    ) -> CreateEventDraftPayload:
        try:
            made = await drafts.create(
                info.context.network.graph,
                info.context.viewer,
                given=cast("EventChanges", changes(input, EventChanges)),
                like=EventId(own_id(input.copy_of, "Event")) if input.copy_of else None,
                idempotency_key=input.idempotency_key,
            )
        except (KeyUnfit, KeyOfOther, KeySpent) as error:
            return as_error(error, field="input.idempotencyKey")
        except NoSuchEvent as error:
            return NotFound(message=str(error))
        except (NotAllowedError, InvalidFields) as error:
            return as_error(error)
        return EventDraftCreated(draft=EventDraft(value=made))

    @strawberry.mutation(description="Change a draft of an event; for organisers and administrators.")
    async def update_event_draft(
        self, info: Info, input: Annotated[UpdateEventDraftInput, strawberry.argument(description="What it is to be.")]
    ) -> UpdateEventDraftPayload:
        try:
            changed = await drafts.update(
                info.context.network.graph,
                info.context.viewer,
                draft=_id(input.id),
                expected_version=input.expected_version,
                changes=cast("EventChanges", changes(input, EventChanges)),
            )
        except REFUSED as error:
            return _not_done(error)
        return EventDraftUpdated(draft=EventDraft(value=changed))

    @strawberry.mutation(
        description="Make a draft an event that everybody knows of, with the same id and the same shortlist; for "
        "organisers and administrators."
    )
    async def publish_event_draft(
        self, info: Info, input: Annotated[PublishEventDraftInput, strawberry.argument(description="Which draft.")]
    ) -> PublishEventDraftPayload:
        try:
            made = await drafts.publish(
                info.context.network.graph,
                info.context.viewer,
                draft=_id(input.id),
                expected_version=input.expected_version,
            )
        except REFUSED as error:
            return _not_done(error)
        return EventDraftPublished(id=_global(made.event), version=made.version)

    @strawberry.mutation(description="Throw a draft away, with its shortlist; for organisers and administrators.")
    async def discard_event_draft(
        self, info: Info, input: Annotated[DiscardEventDraftInput, strawberry.argument(description="Which draft.")]
    ) -> DiscardEventDraftPayload:
        try:
            gone = await drafts.discard(
                info.context.network.graph,
                info.context.viewer,
                draft=_id(input.id),
                expected_version=input.expected_version,
            )
        except REFUSED as error:
            return _not_done(error)
        return EventDraftDiscarded(id=_global(gone.draft), considered=gone.considered)

    @strawberry.mutation(
        description="Bring back a draft that was thrown away within a day, with its shortlist; one that is there "
        "already is told as it is. For organisers and administrators."
    )
    async def restore_event_draft(
        self, info: Info, input: Annotated[RestoreEventDraftInput, strawberry.argument(description="Which draft.")]
    ) -> RestoreEventDraftPayload:
        try:
            found = await drafts.restore(info.context.network.graph, info.context.viewer, draft=_id(input.id))
        except NoSuchDraft as error:
            return NotFound(message=str(error))
        except AlreadyPublishedError as error:
            return AlreadyPublished(message=str(error), id=_global(error.event))
        except NotAllowedError as error:
            return as_error(error)
        return EventDraftRestored(draft=EventDraft(value=found))


def _global(id: EventId) -> strawberry.ID:
    return strawberry.ID(relay.to_base64("Event", id))


def _id(given: str) -> EventId:
    return EventId(own_id(given, "Event"))


def _not_done(error: GraphError) -> AlreadyPublished | NotAllowed | NotFound | Invalid | Conflict:
    """Why nothing became of a draft."""
    if isinstance(error, NoSuchDraft):
        return NotFound(message=str(error))
    if isinstance(error, AlreadyPublishedError):
        return AlreadyPublished(message=str(error), id=_global(error.event))
    if isinstance(error, OtherVersion):
        return Conflict.of(error)
    return as_error(error)
