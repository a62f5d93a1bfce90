"""What the network was loaded from, file by file, and how what a file told is taken out again."""

from datetime import UTC, datetime
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.door import CheckedForm, Visitor
from api.door.limits import Limited, spend
from api.network import OpenNetwork
from api.pages.administration.gate import Administrator
from api.pages.refusals import status_of
from api.pages.rendering import render
from api.pages.unanswered import NO_ANSWER
from graph import intake, provenance
from graph.errors import GraphError
from graph.provenance import Removed

__all__ = ["sources"]

PAGE: Final = "/administration/sources"
SHOWN: Final = 100
LONGEST: Final = 200
OLDEST: Final = datetime(1, 1, 1, tzinfo=UTC)

sources = APIRouter()


@sources.get(PAGE)
async def sources_page(request: Request, visitor: Administrator) -> Response:
    """The files that something came from, those read last first, or those in whose name a text stands."""
    return await _page(request, visitor)


@sources.post(f"{PAGE}/look")
async def look(request: Request, visitor: Administrator, form: CheckedForm) -> Response:
    """Show what would go with a source; by a form, since a file's name may tell of people."""
    return await _take_out(request, visitor, str(form.get("source", "")), dry_run=True)


@sources.post(f"{PAGE}/remove")
async def remove(request: Request, visitor: Administrator, form: CheckedForm) -> Response:
    """Take out what a source told and no other source tells."""
    response = await _take_out(request, visitor, str(form.get("source", "")), dry_run=False)
    request.app.state.network.embedding.soon()
    return response


async def _take_out(request: Request, visitor: Visitor, source: str, *, dry_run: bool) -> Response:
    await spend(request, Limited.MUTATION)
    network: OpenNetwork = request.app.state.network
    try:
        removed = await provenance.remove_source(network.graph, visitor.viewer, source=source, dry_run=dry_run)
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _page(request, visitor, refusal=refusal)
    return await _page(request, visitor, source=source, removed=removed, is_done=not dry_run)


async def _page(
    request: Request,
    visitor: Visitor,
    *,
    refusal: GraphError | None = None,
    source: str = "",
    removed: Removed | None = None,
    is_done: bool = False,
) -> Response:
    """The page; ``removed`` is what would go with a source or, if it is done, what went."""
    network: OpenNetwork = request.app.state.network
    sought = request.query_params.get("q", "").strip()[:LONGEST]
    known = await intake.sources(network.graph, visitor.viewer)
    found = [one for one in known if sought.casefold() in one.id.casefold()]
    found.sort(key=lambda one: one.read_at or OLDEST, reverse=True)
    context = {
        "refusal": refusal,
        "source": source,
        "removed": removed,
        "is_done": is_done,
        "sought": sought,
        "is_empty": not known,
        "sources": found[:SHOWN],
        "left": max(0, len(found) - SHOWN),
    }
    return await render(
        request, "administration/sources.html", visitor, context, status_code=status_of(refusal), page=PAGE
    )
