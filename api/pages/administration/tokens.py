"""Tokens: what programs show to be let in; a secret is shown on the page that made it, and never again."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from api.door import CheckedForm, Visitor
from api.door.limits import Limited, spend
from api.network import OpenNetwork
from api.pages.administration.gate import Administrator, status_of
from api.pages.administration.lists import after_of, next_of
from api.pages.administration.typed import typed_in
from api.pages.rendering import render
from api.pages.words import N_
from graph import tokens as repository
from graph.errors import GraphError
from graph.tokens import SCOPES, NotAName, ScopeNotGranted, Token, TokenId, TokenNameTaken
from graph.viewer import Role, Scope

__all__ = ["tokens"]

AT_ONCE: Final = 50
LASTS: Final[Mapping[str, tuple[str, timedelta | None]]] = {
    "30": (N_("30 days"), timedelta(days=30)),
    "90": (N_("90 days"), timedelta(days=90)),
    "365": (N_("a year"), timedelta(days=365)),
    "day": (N_("until a day of your choice"), None),
    "never": (N_("until it is revoked"), None),
}

tokens = APIRouter()


class NotAnEnd(GraphError):
    """What a form says of a token's end is no end."""

    def __init__(self) -> None:
        super().__init__(N_("It is not said how long the token is good for; choose a span, or write its last day."))


class NotARoleOrScope(GraphError):
    """What a form says a token may is nothing that there is."""

    def __init__(self) -> None:
        super().__init__(N_("That is no role, or nothing that a token may do; choose among those on the page."))


FIELDS: Final[Mapping[type[GraphError], str]] = {
    NotAName: "name",
    TokenNameTaken: "name",
    ScopeNotGranted: "scope",
    NotARoleOrScope: "scope",
    repository.ExpiryPassed: "day",
    NotAnEnd: "day",
}
"""Beside which field a refusal stands."""


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
        role, scopes = _may(form)
        made, secret = await repository.create(
            network.graph,
            visitor.viewer,
            name=str(form.get("name", "")),
            role=role,
            scopes=scopes or None,
            expires_at=_end(form),
        )
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
    except GraphError as refusal:
        return await _page(request, visitor, refusal=refusal)
    return RedirectResponse("/administration/tokens?said=revoked", status_code=303)


def _may(form: FormData) -> tuple[Role, frozenset[Scope]]:
    try:
        return Role(str(form.get("role", ""))), frozenset(Scope(str(one)) for one in form.getlist("scope"))
    except ValueError:
        raise NotARoleOrScope from None


def _end(form: FormData) -> datetime | None:
    """When a token ends, as a form says it: with the day that it names, or so long from now."""
    chosen = form.get("lasts")
    if chosen == "never":
        return None
    try:
        if chosen == "day":
            last = date.fromisoformat(str(form.get("day", "")))
            return datetime.combine(last + timedelta(days=1), time(), UTC)
        _, span = LASTS[str(chosen)]
    except (ValueError, OverflowError, KeyError):
        raise NotAnEnd from None
    return datetime.now(UTC) + (span or timedelta())


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
        "refusal": refusal,
        "field": FIELDS.get(type(refusal)) if refusal else None,
        "typed": typed_in(typed),
        "chosen": set(typed.getlist("scope")) if typed else set(),
        "made": made,
        "secret": secret,
        "said": request.query_params.get("said"),
        "tokens": [token for _, token in page.entries],
        "more": next_of(request, page),
        "now": datetime.now(UTC),
        "roles": list(Role),
        "scopes": [(scope, [role for role in Role if scope in SCOPES[role]]) for scope in Scope],
        "lasts": [(value, words) for value, (words, _) in LASTS.items()],
    }
    return await render(
        request,
        "administration/tokens.html",
        visitor,
        context,
        status_code=status_of(refusal),
        page="/administration/tokens",
    )
