"""What is told to whoever is not let in."""

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from api.door import Refusal, Visitor
from api.door.csrf import StaleForm
from api.door.refusals import as_text
from api.pages.rendering import plain, render, way_back
from api.pages.return_path import came_from, sign_in_address
from graph.viewer import PUBLIC

__all__ = ["refused", "refused_at_the_door"]


async def refused(request: Request, refusal: Exception) -> Response:
    """The answer of a refusal: a page for people, JSON for programs; GraphQL tells its own."""
    assert isinstance(refusal, Refusal)  # noqa: S101 -- registered for this class alone
    response: Response
    if "text/html" in request.headers.get("accept", ""):
        nobody = Visitor(PUBLIC, account=None, session=None, csrf="")
        visitor: Visitor = getattr(request.state, "visitor", nobody)
        page = came_from(request) if isinstance(refusal, StaleForm) else "/"
        context = {"sentence": refusal.sentence, "again": page, "sign_in": sign_in_address(page)}
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
    context = {"sentence": refusal.sentence, "again": "/"}
    response = plain(request, "refused.html", nobody, context, status_code=refusal.status, page=way_back(request))
    response.headers.update(refusal.headers | {"Cache-Control": "no-store"})
    return response
