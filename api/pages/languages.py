"""Which of the six UN languages a page is in: what its address names, else what was chosen before, else the browser's.

``?lang=fr`` on any page chooses it, and a cookie remembers it until another is chosen.
"""

from typing import Final
from urllib.parse import urlencode

from babel import Locale
from fastapi import Request, Response

from api.door.browser import cookie_name, is_secure
from api.graphql.http.preferences import language
from api.pages.listing import without_cursors
from graph.values import UN_LANGUAGES

__all__ = ["PARAMETER", "language_of", "languages_to_choose", "remember_language"]

COOKIE: Final = "knowwho_language"
PARAMETER: Final = "lang"
YEAR_S: Final = 365 * 86_400


def language_of(request: Request) -> str:
    """The language to answer a request in."""
    chosen_before = request.cookies.get(cookie_name(COOKIE, secure=is_secure(request)), "")
    for chosen in (request.query_params.get(PARAMETER, ""), chosen_before):
        if chosen in UN_LANGUAGES:
            return chosen
    return language(",".join(request.headers.getlist("accept-language"))).value


def remember_language(request: Request, response: Response) -> None:
    """Let the browser keep the language that an address named; any other address changes nothing."""
    chosen = request.query_params.get(PARAMETER, "")
    if chosen in UN_LANGUAGES:
        secure = is_secure(request)
        response.set_cookie(
            cookie_name(COOKIE, secure=secure),
            chosen,
            max_age=YEAR_S,
            path="/",
            httponly=True,
            samesite="lax",
            secure=secure,
        )


def languages_to_choose(request: Request, page: str) -> list[tuple[str, str, str]]:
    """Each language with its own name and the address of ``page``, as it was asked for, in that language."""
    page = "/" + page.lstrip("/\\")  # with two, a browser takes what follows for another site
    # What another page was asked, such as the one that a provider sends people back to, is nothing for this one.
    of_this = without_cursors(request) if page == request.url.path else []
    asked = [(name, value) for name, value in of_this if name != PARAMETER]
    return [
        (code, Locale(code).get_display_name(code) or code, f"{page}?{urlencode([*asked, (PARAMETER, code)])}")
        for code in UN_LANGUAGES
    ]
