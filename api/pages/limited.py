"""What is told to whoever asked too often: when they may again."""

import math
from collections.abc import Mapping
from typing import Final

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from api.door import visitor_of
from api.door.limits import Limited, RateLimited
from api.pages.languages import language_of
from api.pages.rendering import render, way_back
from api.pages.words import N_, words_in

__all__ = ["too_often"]

SENTENCES: Final[Mapping[Limited, str]] = {
    Limited.SIGN_IN: N_("These were too many attempts to sign in at once; try again %(when)s."),
    Limited.ANSWER: N_("These were too many answers at once; try again %(when)s."),
    Limited.SEARCH: N_("These were too many questions at once; try again %(when)s."),
    Limited.SUGGESTION: N_("These were too many suggestions at once; try again %(when)s."),
    Limited.MUTATION: N_("These were too many changes at once; try again %(when)s."),
    Limited.GRAPHQL: N_("These were too many GraphQL requests at once; try again %(when)s."),
    Limited.COST: N_("These were too many costly queries at once; try again %(when)s."),
}
LONGEST_IN_SECONDS: Final = 120


async def too_often(request: Request, error: Exception) -> Response:
    """The answer 429: a page for people, JSON for programs; GraphQL tells its own."""
    assert isinstance(error, RateLimited)  # noqa: S101 -- registered for this class alone
    response: Response
    if "text/html" in request.headers.get("accept", ""):
        visitor = await visitor_of(request)
        context = {"sentence": _told(error, language_of(request))}
        response = await render(request, "limited.html", visitor, context, status_code=429, page=way_back(request))
    else:
        response = JSONResponse({"error": str(error)}, status_code=429)
    response.headers["Retry-After"] = str(error.retry_after_s)
    return response


def _told(error: RateLimited, language: str) -> str:
    """The error's own sentence, in the language of the page."""
    words, wait_s = words_in(language), error.retry_after_s
    if wait_s < LONGEST_IN_SECONDS:
        when = words.ngettext("in %(num)s second", "in %(num)s seconds", wait_s) % {"num": wait_s}
    else:
        minutes = math.ceil(wait_s / 60)
        when = words.ngettext("in %(num)s minute", "in %(num)s minutes", minutes) % {"num": minutes}
    return words.gettext(SENTENCES[error.what]) % {"when": when}
