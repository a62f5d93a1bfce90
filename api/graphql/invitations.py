"""Invitations to join, for organisers and administrators."""

from datetime import datetime
from typing import Annotated

import strawberry
from fastapi import Request
from strawberry import Private, relay

from api.graphql.context import Info
from api.graphql.errors import Invalid, NotAllowed, NotFound, RateLimited, as_error, invalid
from api.graphql.paging import After, First, cursor_of, first_of, page_info
from api.mail import deliver, invitation_letter
from api.pages.join import join_address
from api.settings import MailSettings, base_url
from graph import invitations
from graph.accounts import NotAnAddress, NotARole
from graph.errors import GraphError
from graph.idempotency import KeyOfOther, KeySpent, KeyUnfit
from graph.invitations import InvitationId, InvitedBefore, NoSuchInvitation, UnfitText
from graph.network import describe
from graph.permissions import NotAllowed as NotAllowedError
from graph.permissions import may_invite
from graph.values import Page
from graph.viewer import Role

__all__ = ["InvitationsMutation", "InvitationsQuery"]

strawberry.enum(invitations.State, name="InvitationState", description="What has become of an invitation.")

WRONG_FIELDS: dict[type[GraphError], str] = {
    NotAnAddress: "input.email",
    NotARole: "input.role",
    UnfitText: "input.note",
    KeyUnfit: "input.idempotencyKey",
    KeyOfOther: "input.idempotencyKey",
    KeySpent: "input.idempotencyKey",
}
REFUSALS: tuple[type[GraphError], ...] = (NotAllowedError, *WRONG_FIELDS)


@strawberry.type(description="That somebody was asked to join; the link in their letter is not kept.")
class Invitation:
    """Wraps an invitation."""

    value: Private[invitations.Invitation]

    @strawberry.field(description="Its id, as the change log has it.")
    def id(self) -> strawberry.ID:
        return strawberry.ID(self.value.id)

    @strawberry.field(description="The address that the letter went to.")
    def email(self) -> str:
        return self.value.email

    @strawberry.field(description="What they are in the network if they accept.")
    def role(self) -> Role:
        return self.value.role

    @strawberry.field(description="What whoever invited them wrote; empty if nothing.")
    def note(self) -> str:
        return self.value.note

    @strawberry.field(description="Who invited them: an account, a token or the command line.")
    def invited_by(self) -> str:
        return self.value.invited_by

    @strawberry.field(description="When they were invited.")
    def created_at(self) -> datetime:
        return self.value.created_at

    @strawberry.field(description="Until when they can answer.")
    def expires_at(self) -> datetime:
        return self.value.expires_at

    @strawberry.field(description="What has become of it; a member who is invited again need not answer.")
    def state(self) -> invitations.State:
        return self.value.state


@strawberry.type(description="An invitation with its place in the list.")
class InvitationEdge:
    """An invitation and its cursor."""

    cursor: str = strawberry.field(description="To go on after it.")
    node: Invitation = strawberry.field(description="The invitation.")


@strawberry.type(description="Part of the list of invitations, newest first.")
class InvitationConnection:
    """Wraps a page of invitations."""

    value: Private[Page[invitations.Invitation]]
    after: Private[str | None]

    @strawberry.field(description="The invitations.")
    def edges(self) -> list[InvitationEdge]:
        return [InvitationEdge(cursor=str(cursor), node=Invitation(value=one)) for cursor, one in self.value.entries]

    @strawberry.field(description="Where this part begins and ends, and whether more follow.")
    def page_info(self) -> relay.PageInfo:
        return page_info(self.value, after=self.after)


@strawberry.type
class InvitationsQuery:
    """What organisers ask of invitations."""

    @strawberry.field(description="Invitations to join, newest first; for organisers and administrators.")
    async def invitations(
        self,
        info: Info,
        first: First = 20,
        after: After = None,
    ) -> InvitationConnection:
        page = await invitations.page(
            info.context.network.graph,
            info.context.viewer,
            first=first_of(first),
            after=cursor_of(after),
        )
        return InvitationConnection(value=page, after=after)


@strawberry.input(description="Whom to invite.")
class InviteInput:
    """An address, a role and a few words."""

    email: str = strawberry.field(description="The address that the letter goes to.")
    role: Role = strawberry.field(default=Role.MEMBER, description="What they will be; organisers invite members only.")
    note: str = strawberry.field(default="", description="A few words to them, at most 1,000 characters.")
    idempotency_key: str | None = strawberry.field(
        default=None,
        description="Asked again with the same key, no second letter goes out; the invitation is told as it is now.",
    )


@strawberry.type(description="Somebody was invited; the letter is on its way.")
class Invited:
    """The invitation."""

    invitation: Invitation = strawberry.field(description="The invitation.")


@strawberry.input(description="Which invitation to withdraw.")
class WithdrawInvitationInput:
    """An invitation."""

    id: strawberry.ID = strawberry.field(description="The invitation's id.")


@strawberry.type(description="An invitation was withdrawn; its link opens nothing any more.")
class InvitationWithdrawn:
    """The invitation."""

    invitation: Invitation = strawberry.field(description="The invitation.")


InvitePayload = Annotated[
    Invited | NotAllowed | Invalid | RateLimited,
    strawberry.union("InvitePayload", description="The invitation, or why nobody was invited."),
]
WithdrawInvitationPayload = Annotated[
    InvitationWithdrawn | NotAllowed | NotFound | Invalid | RateLimited,
    strawberry.union("WithdrawInvitationPayload", description="The invitation, or why it was not withdrawn."),
]


@strawberry.type
class InvitationsMutation:
    """What organisers do with invitations."""

    @strawberry.mutation(
        description="Invite an address to join, by a letter. Whether it is a member's already is not told."
    )
    async def invite(
        self,
        info: Info,
        input: Annotated[InviteInput, strawberry.argument(description="Whom to invite.")],
    ) -> InvitePayload:
        graph, viewer = info.context.network.graph, info.context.viewer
        request, background = info.context.request, info.context.background_tasks
        assert isinstance(request, Request)  # noqa: S101 -- nothing is subscribed to, so each request is HTTP's
        assert background is not None  # noqa: S101 -- FastAPI gives one to each
        mail: MailSettings = request.app.state.mail
        if may_invite(viewer, role=input.role) and not mail.sends:
            return invalid("This network sends no letters; 'knowwho invite' prints a link instead.")
        try:
            invitation, secret = await invitations.invite(
                graph,
                viewer,
                email=input.email,
                role=input.role,
                note=input.note,
                idempotency_key=input.idempotency_key,
            )
        except InvitedBefore as before:
            return Invited(invitation=Invitation(value=before.invitation))
        except REFUSALS as error:
            return as_error(error, field=WRONG_FIELDS.get(type(error)))
        letter = invitation_letter(
            await describe(graph, viewer),
            to=invitation.email,
            link=join_address(base_url(request), secret),
            note=invitation.note,
        )
        background.add_task(deliver, mail, letter)
        return Invited(invitation=Invitation(value=invitation))

    @strawberry.mutation(description="Withdraw an invitation that nobody has answered yet.")
    async def withdraw_invitation(
        self,
        info: Info,
        input: Annotated[WithdrawInvitationInput, strawberry.argument(description="Which invitation.")],
    ) -> WithdrawInvitationPayload:
        try:
            withdrawn = await invitations.withdraw(
                info.context.network.graph, info.context.viewer, id=InvitationId(input.id)
            )
        except NoSuchInvitation as error:
            return NotFound(message=str(error))
        except NotAllowedError as error:
            return as_error(error)
        return InvitationWithdrawn(invitation=Invitation(value=withdrawn))
