"""The first page of the administration: its rooms, each with the one number that says whether to go there."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.doctor import Severity, examine
from api.loading import Loads
from api.network import OpenNetwork
from api.pages.administration.gate import Administrator, account_of
from api.pages.rendering import render
from graph import feed, invitations, tokens
from graph.invitations import State

__all__ = ["SOON", "home"]

AT_MOST: Final = 500
SOON: Final = timedelta(days=14)
"""How long before its end a token is about to expire."""

home = APIRouter()


@home.get("/administration")
async def administration_page(request: Request, visitor: Administrator) -> Response:
    """The rooms."""
    network: OpenNetwork = request.app.state.network
    graph, viewer = network.graph, visitor.viewer
    loads: Loads = request.app.state.loads
    now = datetime.now(UTC)
    invited = await invitations.page(graph, viewer, first=AT_MOST)
    made = await tokens.page(graph, viewer, first=AT_MOST)
    last = next(iter(loads.of(account_of(visitor).id)), None)
    told = await asyncio.to_thread(loads.told, last) if last else None
    findings = await examine(graph)
    context = {
        "refused": told.refused if told else None,
        "open_invitations": sum(one.state is State.OPEN for _, one in invited.entries),
        "ending_tokens": sum(
            one.revoked_at is None and one.expires_at is not None and now < one.expires_at <= now + SOON
            for _, one in made.entries
            if one.holder is None
        ),
        "changes": await feed.latest(graph, viewer),
        "unsafe": sum(one.severity is Severity.UNSAFE for one in findings),
        "findings": len(findings),
    }
    return await render(request, "administration/home.html", visitor, context)
