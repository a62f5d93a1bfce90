"""What is told to whoever cannot be answered: the database is gone, it took too long, or nobody is there any more."""

from typing import Final

import structlog
from fastapi import Request, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.door import Visitor
from api.door.bodies import takes_files
from api.door.limits import RateLimited
from api.pages.rendering import plain, way_back
from api.pages.words import N_
from graph.errors import GraphCannotWrite, GraphUnavailable, QueryTimedOut
from graph.viewer import PUBLIC

__all__ = ["NO_ANSWER", "gone", "unanswered"]

NO_ANSWER: Final = (GraphCannotWrite, GraphUnavailable, QueryTimedOut, RateLimited)
"""What the application tells by itself, so that no page makes a refusal of it."""

CLIENT_GONE = 499
"""What web servers write down for a client that hung up; nobody receives it."""

UNAVAILABLE = N_("The network cannot answer at the moment; try again shortly.")
TOOK_TOO_LONG = N_("The network took too long to answer; ask for less, or try again.")
RETRY_AFTER_S = "5"


async def unanswered(request: Request, error: Exception) -> Response:
    """The answer 503 or 504, for which nothing is asked of the graph: a page for people, JSON for programs."""
    status, sentence = (504, TOOK_TOO_LONG) if isinstance(error, QueryTimedOut) else (503, UNAVAILABLE)
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    response: Response
    if "text/html" in request.headers.get("accept", ""):
        nobody = Visitor(PUBLIC, account=None, session=None, csrf="")
        visitor = getattr(request.state, "visitor", nobody)
        context = {
            "sentence": sentence,
            "request_id": request_id,
            "sent": await _sent(request),
            "address": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
            "is_asked_again_by_a_link": request.method in {"GET", "HEAD"},
        }
        response = plain(request, "unanswered.html", visitor, context, status_code=status, page=way_back(request))
    else:
        response = JSONResponse({"error": sentence, "requestId": request_id}, status_code=status)
    response.headers.update({"Retry-After": RETRY_AFTER_S, "Cache-Control": "no-store"})
    return response


async def _sent(request: Request) -> list[tuple[str, str]]:
    """The fields of the form that was sent, for the page from which it can be sent again; of files, nothing.

    Where files are sent nothing is read for this, since nobody looked yet at who sends them.
    """
    is_of_texts = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    if not is_of_texts or takes_files(request):
        return []
    try:
        form = await request.form()
    except HTTPException:  # what Starlette makes of a body that is no form
        return []
    return [(name, value) for name, value in form.multi_items() if isinstance(value, str)]


async def gone(_: Request, __: Exception) -> Response:
    """The end of a request whose client hung up."""
    return Response(status_code=CLIENT_GONE)
