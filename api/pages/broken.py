"""What is told where something went wrong here: that it did, and by which number it is found in the log."""

from fastapi import Request, Response

from api.door import Visitor
from api.door.requests import as_json
from api.pages.rendering import plain, way_back
from graph.viewer import PUBLIC

__all__ = ["broken"]


def broken(request: Request, request_id: str) -> Response:
    """The answer 500, for which nothing is asked of the graph: a page for people, JSON for programs."""
    if "text/html" not in request.headers.get("accept", ""):
        return as_json(request, request_id)
    nobody = Visitor(PUBLIC, account=None, session=None, csrf="")
    visitor = getattr(request.state, "visitor", None) or nobody
    context = {"request_id": request_id}
    response = plain(request, "broken.html", visitor, context, status_code=500, page=way_back(request))
    response.headers["Cache-Control"] = "no-store"
    return response
