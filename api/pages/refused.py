"""What is told to whoever is not let in."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from api.door import Refusal, Visitor
from api.door.csrf import StaleForm
from api.door.refusals import as_text
from api.pages.rendering import plain, render, way_back
from api.pages.return_path import came_from, sign_in_address
from api.pages.words import N_
from graph.viewer import PUBLIC

TITLES: Final[Mapping[int, str]] = {408: N_("Too slow"), 413: N_("Too large")}
"""What the page is called whose request was let in, and then was more than is taken."""

__all__ = ["refused", "refused_at_the_door"]


async def refused(request: Request, refusal: Exception) -> Response:
    """The answer of a refusal: a page for people, JSON for programs; GraphQL tells its own."""
    assert isinstance(refusal, Refusal)  # noqa: S101 -- registered for this class alone
    response: Response
    if "text/html" in request.headers.get("accept", ""):
        nobody = Visitor(PUBLIC, account=None, session=None, csrf="")
        visitor: Visitor = getattr(request.state, "visitor", nobody)
        context = _told(request, refusal)
        response = await render(
            request, "refused.html", visitor, context, status_code=refusal.status, page=way_back(request)
        )
    else:
        response = JSONResponse({"error": refusal.sentence}, status_code=refusal.status)
    response.headers.update(refusal.headers | {"Cache-Control": "no-store"})
    return response


def refused_at_the_door(request: Request, refusal: Refusal) -> Response:
    """The answer to what a guard does not let in, for which nothing is asked of the graph: text for programs."""
    if "text/html" not in request.headers.get("accept", ""):
        return as_text(request, refusal)
    nobody = Visitor(PUBLIC, account=None, session=None, csrf="")
    context = _told(request, refusal)
    response = plain(request, "refused.html", nobody, context, status_code=refusal.status, page=way_back(request))
    response.headers.update(refusal.headers | {"Cache-Control": "no-store"})
    return response


def _told(request: Request, refusal: Refusal) -> dict[str, Any]:
    """What the page says; of what a page sent, that page, and the way to sign in first if that is why."""
    again = came_from(request) if request.method == "POST" else "/"
    return {
        "sentence": refusal.sentence,
        "title": TITLES.get(refusal.status, N_("Not let in")),
        "again": again,
        "sign_in": sign_in_address(again)
        if isinstance(refusal, StaleForm) and not again.startswith("/sign-in")
        else None,
        "typed": [one for one in refusal.typed if _is_text(one)] if isinstance(refusal, StaleForm) else [],
    }


def _is_text(value: str) -> bool:
    """Whether the value of a field is something to read, and no number, day or code: those are one word in ASCII."""
    return not value.isascii() or len(value.split()) > 1
