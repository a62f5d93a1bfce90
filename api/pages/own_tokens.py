"""Tokens of somebody's own, for programs of theirs; a secret is shown on the page that made it, and never again."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from api.door import CheckedForm, Visitor, VisitorOf
from api.door.limits import Limited, spend
from api.network import OpenNetwork
from api.pages.own import done, sign_in_first
from api.pages.refusals import status_of
from api.pages.rendering import render
from api.pages.token_forms import NotAnEnd, choices, end_of, role_and_scopes_of
from api.pages.unanswered import NO_ANSWER
from graph import own_tokens as repository
from graph.errors import GraphError
from graph.tokens import Token, TokenId
from graph.viewer import Role

__all__ = ["own_tokens"]

PAGE: Final = "/me/tokens"

own_tokens = APIRouter(include_in_schema=False)


@own_tokens.get(PAGE)
async def tokens_page(request: Request, visitor: VisitorOf) -> Response:
    """The visitor's tokens, and a form to make one."""
    return await _page(request, visitor)


@own_tokens.post(PAGE)
async def make_token(request: Request, visitor: VisitorOf, form: CheckedForm) -> Response:
    """Make a token, and show its secret."""
    await spend(request, Limited.MUTATION)
    network: OpenNetwork = request.app.state.network
    try:
        role, scopes = role_and_scopes_of(form)
        if (end := end_of(form)) is None:
            raise NotAnEnd
        made, secret = await repository.create(
            network.graph,
            visitor.viewer,
            name=str(form.get("name", "")),
            role=role,
            scopes=scopes or None,
            expires_at=end,
        )
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _page(request, visitor, refusal=refusal, typed=form)
    return await _page(request, visitor, made=made, secret=secret)


@own_tokens.post(f"{PAGE}/revoke")
async def revoke_token(request: Request, visitor: VisitorOf, form: CheckedForm) -> Response:
    """Make one of the visitor's tokens worthless."""
    await spend(request, Limited.MUTATION)
    network: OpenNetwork = request.app.state.network
    try:
        await repository.revoke(network.graph, visitor.viewer, id=TokenId(str(form.get("token", ""))))
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _page(request, visitor, refusal=refusal)
    return done(PAGE, said="revoked")


async def _page(
    request: Request,
    visitor: Visitor,
    *,
    refusal: GraphError | None = None,
    typed: FormData | None = None,
    made: Token | None = None,
    secret: str | None = None,
) -> Response:
    if visitor.account is None:
        return sign_in_first(PAGE)
    network: OpenNetwork = request.app.state.network
    roles = [role for role in Role if role.rank <= visitor.viewer.role.rank]
    context = {
        **choices(roles=roles, lasts_for_ever=False, refusal=refusal, typed=typed),
        "person": visitor.viewer.person,
        "made": made,
        "secret": secret,
        "said": request.query_params.get("said"),
        "tokens": await repository.own(network.graph, visitor.viewer),
        "most": repository.MOST,
    }
    response = await render(request, "own_tokens.html", visitor, context, status_code=status_of(refusal), page=PAGE)
    response.headers["Cache-Control"] = "no-store"
    return response
