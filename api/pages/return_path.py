"""Where somebody goes once they have signed in: back to the page of this site that they came from, and nowhere else."""

import re
from urllib.parse import unquote, urlencode, urlsplit

from fastapi import Request

__all__ = ["came_from", "return_path", "sign_in_address"]

LONGEST = 2000
DECODED_AT_MOST = 5


def sign_in_address(page: str) -> str:
    """Where somebody signs in who then comes back to a page."""
    return f"/sign-in?{urlencode({'next': page}, safe='/')}"


def came_from(request: Request) -> str:
    """The path and query of the page of this site that a request was made from; ``/`` if the browser says none."""
    try:
        page = urlsplit(request.headers.get("referer", ""))
        is_here = page.netloc == request.url.netloc
    except ValueError:  # such as an address that opens a bracket
        return "/"
    if not is_here:
        return "/"
    return return_path(page.path + (f"?{page.query}" if page.query else ""))


def return_path(asked: object) -> str:
    r"""The path and query that were asked for, if they are surely this site's; else ``/``.

    Browsers take ``//host``, ``/\host`` and these with tabs or line breaks within for another site, and something on
    the way may decode what is encoded (OWASP Unvalidated Redirects and Forwards Cheat Sheet); so the path must be
    harmless however often it is decoded.
    """
    if not isinstance(asked, str) or len(asked) > LONGEST or not asked.isprintable() or " " in asked:
        return "/"
    path = re.split(r"[?#]", asked, maxsplit=1)[0]
    for _ in range(DECODED_AT_MOST):
        if not path.startswith("/") or "//" in path or "\\" in path or not path.isprintable():
            return "/"
        decoded = unquote(path)
        if decoded == path:
            return asked
        path = decoded
    return "/"
