"""Clients' tokens, for administrators."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import strawberry
from strawberry import Private, relay

from api.graphql.context import Info
from api.graphql.errors import Invalid, NotAllowed, NotFound, RateLimited, as_error, invalid
from api.graphql.paging import After, First, cursor_of, first_of, page_info
from graph import tokens
from graph.errors import GraphError
from graph.idempotency import KeyOfOther, KeyUnfit
from graph.permissions import NotAllowed as NotAllowedError
from graph.tokens import (
    LIFETIME,
    ExpiryPassed,
    NoSuchToken,
    NotAName,
    ScopeNotGranted,
    TokenId,
    TokenMadeBefore,
    TokenNameTaken,
)
from graph.values import Page
from graph.viewer import Role, Scope

__all__ = ["TokensMutation", "TokensQuery"]

WRONG_FIELDS: dict[type[GraphError], str] = {
    NotAName: "input.name",
    TokenNameTaken: "input.name",
    ScopeNotGranted: "input.scopes",
    ExpiryPassed: "input.expiresAt",
    KeyUnfit: "input.idempotencyKey",
    KeyOfOther: "input.idempotencyKey",
    TokenMadeBefore: "input.idempotencyKey",
}
REFUSALS: tuple[type[GraphError], ...] = (NotAllowedError, *WRONG_FIELDS)


@strawberry.type(description="A client's token: what a program shows to be let in. The secret itself is not kept.")
class Token:
    """Wraps a token."""

    value: Private[tokens.Token]

    @strawberry.field(description="Its id, as the change log has it.")
    def id(self) -> strawberry.ID:
        return strawberry.ID(self.value.id)

    @strawberry.field(description="The name by which people know it.")
    def name(self) -> str:
        return self.value.name

    @strawberry.field(
        description="The address of the account whose own it is; null for one that administrators made for a client."
    )
    def held_by(self) -> str | None:
        return self.value.held_by

    @strawberry.field(description="The role that it asks in.")
    def role(self) -> Role:
        return self.value.role

    @strawberry.field(description="What it is good for.")
    def scopes(self) -> list[Scope]:
        return sorted(self.value.scopes)

    @strawberry.field(description="When it was made.")
    def created_at(self) -> datetime:
        return self.value.created_at

    @strawberry.field(description="Who made it: an account, a token or the command line.")
    def created_by(self) -> str:
        return self.value.created_by

    @strawberry.field(description="When it expires; null if it does not.")
    def expires_at(self) -> datetime | None:
        return self.value.expires_at

    @strawberry.field(description="When it was last used, to the minute; null if it never was.")
    def last_used_at(self) -> datetime | None:
        return self.value.last_used_at

    @strawberry.field(description="When it was revoked; null if it was not.")
    def revoked_at(self) -> datetime | None:
        return self.value.revoked_at


@strawberry.type(description="A token with its place in the list.")
class TokenEdge:
    """A token and its cursor."""

    cursor: str = strawberry.field(description="To go on after it.")
    node: Token = strawberry.field(description="The token.")


@strawberry.type(description="Part of the list of tokens, by name.")
class TokenConnection:
    """Wraps a page of tokens."""

    value: Private[Page[tokens.Token]]
    after: Private[str | None]

    @strawberry.field(description="The tokens.")
    def edges(self) -> list[TokenEdge]:
        return [TokenEdge(cursor=str(cursor), node=Token(value=one)) for cursor, one in self.value.entries]

    @strawberry.field(description="Where this part begins and ends, and whether more follow.")
    def page_info(self) -> relay.PageInfo:
        return page_info(self.value, after=self.after)


@strawberry.type
class TokensQuery:
    """What administrators ask of tokens."""

    @strawberry.field(description="Tokens by name, people's own and those that work no more too; for administrators.")
    async def tokens(
        self,
        info: Info,
        first: First = 20,
        after: After = None,
    ) -> TokenConnection:
        page = await tokens.page(
            info.context.network.graph,
            info.context.viewer,
            first=first_of(first),
            after=cursor_of(after),
        )
        return TokenConnection(value=page, after=after)


@strawberry.input(description="A token to be made.")
class CreateTokenInput:
    """What it is called and what it is good for."""

    name: str = strawberry.field(description="The name by which people will know it, in one line.")
    role: Role = strawberry.field(description="The role that it asks in.")
    scopes: list[Scope] | None = strawberry.field(
        default=None, description="What it is good for; reading what its role reads, if left out."
    )
    expires_at: datetime | None = strawberry.field(
        default=None, description="When it expires, with its time zone; in 90 days, if left out."
    )
    never_expires: bool = strawberry.field(default=False, description="Let it work until it is revoked.")
    idempotency_key: str | None = strawberry.field(
        default=None,
        description="Asked again with the same key, no second token is made; its secret is not shown again either.",
    )


@strawberry.type(description="A token was made.")
class TokenCreated:
    """The token, and its secret."""

    token: Token = strawberry.field(description="The token.")
    secret: str = strawberry.field(
        description="What the client sends, as 'Authorization: Bearer SECRET'. It is shown here and never again."
    )


@strawberry.input(description="Which token to revoke.")
class RevokeTokenInput:
    """A token."""

    id: strawberry.ID = strawberry.field(description="The token's id.")


@strawberry.type(description="A token was revoked; it opens nothing any more.")
class TokenRevoked:
    """The token."""

    token: Token = strawberry.field(description="The token.")


CreateTokenPayload = Annotated[
    TokenCreated | NotAllowed | Invalid | RateLimited,
    strawberry.union("CreateTokenPayload", description="The token with its secret, or why it was not made."),
]
RevokeTokenPayload = Annotated[
    TokenRevoked | NotAllowed | NotFound | Invalid | RateLimited,
    strawberry.union("RevokeTokenPayload", description="The token, or why it was not revoked."),
]


@strawberry.type
class TokensMutation:
    """What administrators do with tokens."""

    @strawberry.mutation(description="Make a token for a client; for administrators.")
    async def create_token(
        self,
        info: Info,
        input: Annotated[CreateTokenInput, strawberry.argument(description="The token.")],
    ) -> CreateTokenPayload:
        expires_at = input.expires_at
        if expires_at is not None and (input.never_expires or expires_at.tzinfo is None):
            return invalid(
                "Give expiresAt with its time zone, or say neverExpires, but not both.", field="input.expiresAt"
            )
        given = {**asdict(input), "idempotency_key": None}
        if expires_at is None and not input.never_expires:
            expires_at = datetime.now(UTC) + LIFETIME
        try:
            token, secret = await tokens.create(
                info.context.network.graph,
                info.context.viewer,
                name=input.name,
                role=input.role,
                scopes=input.scopes,
                expires_at=expires_at,
                idempotency_key=input.idempotency_key,
                given=given,
            )
        except REFUSALS as error:
            return as_error(error, field=WRONG_FIELDS.get(type(error)))
        return TokenCreated(token=Token(value=token), secret=secret)

    @strawberry.mutation(description="Revoke a token, at once and everywhere; for administrators.")
    async def revoke_token(
        self,
        info: Info,
        input: Annotated[RevokeTokenInput, strawberry.argument(description="Which token.")],
    ) -> RevokeTokenPayload:
        try:
            token = await tokens.revoke(info.context.network.graph, info.context.viewer, id=TokenId(input.id))
        except NoSuchToken as error:
            return NotFound(message=str(error))
        except NotAllowedError as error:
            return as_error(error)
        return TokenRevoked(token=Token(value=token))
