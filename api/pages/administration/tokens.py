"""Tokens: what programs show to be let in; a secret is shown on the page that made it, and never again."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from api.door import CheckedForm, Visitor
from api.door.limits import Limited, spend
from api.network import OpenNetwork
from api.pages.administration.gate import Administrator
from api.pages.administration.lists import after_of, next_of
from api.pages.refusals import status_of
from api.pages.rendering import render
from api.pages.token_forms import choices, end_of, role_and_scopes_of
from api.pages.unanswered import NO_ANSWER
from graph import tokens as repository
from graph.errors import GraphError
from graph.tokens import Token, TokenId
from graph.viewer import Role

__all__ = ["tokens"]

AT_ONCE: Final = 50
tokens = APIRouter()


@tokens.get("/administration/tokens")
async def tokens_page(request: Request, visitor: Administrator) -> Response:
    """The tokens by name, and a form to make one."""
    return await _page(request, visitor)


@tokens.post("/administration/tokens")
async def make_token(request: Request, visitor: Administrator, form: CheckedForm) -> Response:
    """Make a token, and show its secret."""
    await spend(request, Limited.MUTATION)
    network: OpenNetwork = request.app.state.network
    try:
        role, scopes = role_and_scopes_of(form)
        made, secret = await repository.create(
            network.graph,
            visitor.viewer,
            name=str(form.get("name", "")),
            role=role,
            scopes=scopes or None,
            expires_at=end_of(form),
        )
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _page(request, visitor, refusal=refusal, typed=form)
    response = await _page(request, visitor, made=made, secret=secret)
    response.headers["Cache-Control"] = "no-store"
    return response


@tokens.post("/administration/tokens/revoke")
async def revoke_token(request: Request, visitor: Administrator, form: CheckedForm) -> Response:
    """Make a token worthless."""
    await spend(request, Limited.MUTATION)
    network: OpenNetwork = request.app.state.network
    try:
        await repository.revoke(network.graph, visitor.viewer, id=TokenId(str(form.get("token", ""))))
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _page(request, visitor, refusal=refusal)
    return RedirectResponse("/administration/tokens?said=revoked", status_code=303)


async def _page(
    request: Request,
    visitor: Visitor,
    *,
    refusal: GraphError | None = None,
    typed: FormData | None = None,
    made: Token | None = None,
    secret: str | None = None,
) -> Response:
    network: OpenNetwork = request.app.state.network
    page = await repository.page(network.graph, visitor.viewer, first=AT_ONCE, after=after_of(request))
    context = {
        **choices(roles=list(Role), lasts_for_ever=True, refusal=refusal, typed=typed),
        "made": made,
        "secret": secret,
        "said": request.query_params.get("said"),
        "tokens": [token for _, token in page.entries],
        "more": next_of(request, page),
    }
    return await render(
        request,
        "administration/tokens.html",
        visitor,
        context,
        status_code=status_of(refusal),
        page="/administration/tokens",
    )
