"""Who the viewer is, and where they are signed in."""

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import Private

from api.graphql.context import Info
from api.graphql.errors import NotAllowed, NotFound, RateLimited, as_error
from api.graphql.nouns import Asked, one, type_of
from api.settings import SessionSettings
from graph import accounts, sessions, viewer
from graph.permissions import NotAllowed as NotAllowedError
from graph.sessions import NoSuchSession, SessionId
from graph.tokens import SCOPES

__all__ = ["AccountsMutation", "AccountsQuery"]

strawberry.enum(viewer.Role, description="What somebody is in the network; each may all that the ones before it may.")
strawberry.enum(viewer.Scope, description="What a client's token is good for; it never adds to what its role may.")
strawberry.enum(sessions.SignedInBy, description="How somebody signed in.")


@strawberry.type(description="Somebody who may sign in.")
class Account:
    """Wraps an account."""

    value: Private[accounts.Account]

    @strawberry.field(description="Its id, as the change log has it.")
    def id(self) -> strawberry.ID:
        return strawberry.ID(self.value.id)

    @strawberry.field(description="The address that its holder signs in with.")
    def email(self) -> str:
        return self.value.email

    @strawberry.field(description="The holder's name, if it is known.")
    def name(self) -> str | None:
        return self.value.name or None

    @strawberry.field(description="What its holder is in the network.")
    def role(self) -> viewer.Role:
        return self.value.role

    @strawberry.field(description="When it was made.")
    def created_at(self) -> datetime:
        return self.value.created_at


@strawberry.type(description="That somebody is signed in on a browser.")
class Session:
    """Wraps a session."""

    value: Private[sessions.Session]
    is_current: bool = strawberry.field(description="Whether this request came with it.")

    @strawberry.field(description="Its id, to end it by; it opens nothing.")
    def id(self) -> strawberry.ID:
        return strawberry.ID(self.value.id)

    @strawberry.field(description="When it began.")
    def created_at(self) -> datetime:
        return self.value.created_at

    @strawberry.field(description="When it was last used, to the minute.")
    def seen_at(self) -> datetime:
        return self.value.seen_at

    @strawberry.field(description="When it ends, if nothing ends it earlier.")
    def expires_at(self) -> datetime:
        return self.value.expires_at

    @strawberry.field(description="How it began.")
    def signed_in_by(self) -> sessions.SignedInBy:
        return self.value.how

    @strawberry.field(description="What the browser calls itself.")
    def agent(self) -> str:
        return self.value.agent


@strawberry.type(description="Who asks.")
class Viewer:
    """What a viewer may know of themselves."""

    role: viewer.Role = strawberry.field(description="What the viewer is in the network.")
    scopes: list[viewer.Scope] = strawberry.field(
        description="What the viewer may, of what their role may; all of it for somebody who signed in."
    )
    account: Account | None = strawberry.field(description="The viewer's account; null for the public and for clients.")

    @strawberry.field(
        description="The expert that the viewer is, if they are one.", graphql_type=type_of("Expert") | None
    )
    def expert(self, info: Info) -> Asked | None:
        person = info.context.viewer.person
        return one("Expert", person) if person else None

    @strawberry.field(description="Where the viewer is signed in, last used first; empty for the public and clients.")
    async def sessions(self, info: Info) -> list[Session]:
        visitor = info.context.visitor
        if visitor.account is None or visitor.session is None:
            return []
        found = await sessions.of_account(
            info.context.network.graph, visitor.viewer, account=visitor.account.id, limits=SessionSettings().limits
        )
        return [Session(value=one, is_current=one.id == visitor.session.id) for one in found]


@strawberry.type
class AccountsQuery:
    """What viewers ask of themselves."""

    @strawberry.field(description="Who asks, as the network knows them.")
    def viewer(self, info: Info) -> Viewer:
        visitor = info.context.visitor
        return Viewer(
            role=visitor.viewer.role,
            scopes=sorted(visitor.viewer.scopes & SCOPES[visitor.viewer.role]),
            account=Account(value=visitor.account) if visitor.account else None,
        )


@strawberry.input(description="Which session to end.")
class EndSessionInput:
    """A session."""

    id: strawberry.ID = strawberry.field(description="The session's id, as the viewer's sessions give it.")


@strawberry.type(description="Sessions were ended; they open nothing any more.")
class SessionsEnded:
    """How many."""

    ended: int = strawberry.field(description="How many sessions were ended.")


EndSessionPayload = Annotated[
    SessionsEnded | NotAllowed | NotFound | RateLimited,
    strawberry.union("EndSessionPayload", description="That the session was ended, or why not."),
]
EndOtherSessionsPayload = Annotated[
    SessionsEnded | NotAllowed | RateLimited,
    strawberry.union("EndOtherSessionsPayload", description="How many sessions were ended, or why none was."),
]


@strawberry.type
class AccountsMutation:
    """What viewers do with their own sessions."""

    @strawberry.mutation(description="End one of the viewer's sessions, as on a browser that was left signed in.")
    async def end_session(
        self,
        info: Info,
        input: Annotated[EndSessionInput, strawberry.argument(description="Which session.")],
    ) -> EndSessionPayload:
        visitor = info.context.visitor
        if visitor.account is None:
            return _nobody()
        try:
            await sessions.end(
                info.context.network.graph, visitor.viewer, account=visitor.account.id, id=SessionId(input.id)
            )
        except NoSuchSession as error:
            return NotFound(message=str(error))
        return SessionsEnded(ended=1)

    @strawberry.mutation(description="End all sessions of the viewer but the one that this request came with.")
    async def end_other_sessions(self, info: Info) -> EndOtherSessionsPayload:
        visitor = info.context.visitor
        if visitor.account is None or visitor.session is None:
            return _nobody()
        ended = await sessions.end_all(
            info.context.network.graph, visitor.viewer, account=visitor.account.id, but=visitor.session.id
        )
        return SessionsEnded(ended=ended)


def _nobody() -> NotAllowed:
    refusal = as_error(NotAllowedError("end sessions", who="people who signed in"))
    assert isinstance(refusal, NotAllowed)  # noqa: S101 -- as its class says
    return refusal
