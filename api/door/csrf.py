"""Requests that a browser was talked into by somebody else's page, kept out.

Two things hold at once for every form: it comes from our own pages, says the browser, and it holds what only our own
pages know (OWASP Cross-Site Request Forgery Prevention Cheat Sheet). GraphQL over cookies must be what no other site
can make a browser send without asking us first: a header of our own, and a body that says it is JSON where there is
one. That holds for queries in an address too, which a picture or a script on another site would otherwise ask with the
member's cookie. Clients with tokens need neither, since no browser sends a token by itself.
"""

import hmac
from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from api.catalogues import N_
from api.door.refusals import Refusal
from api.door.visitors import Visitor, VisitorOf
from api.settings import base_url
from graph.wording import Wording

__all__ = ["CheckedForm", "checked_form", "checked_graphql", "checked_upload"]

PORTS = {"http": 80, "https": 443}
HEADER = "X-Knowwho"


class ForeignForm(Refusal):
    """A form does not come from this network's own pages."""

    def __init__(self) -> None:
        super().__init__(
            N_("This did not come from this network's own pages; open the page again and send it from there."),
            status=403,
        )


class StaleForm(Refusal):
    """A form does not hold the token of this browser or session; ``typed`` is what else it holds, as text."""

    def __init__(self, typed: Sequence[str] = ()) -> None:
        self.typed = typed
        super().__init__(
            N_(
                "This page was open for too long, or from before you signed in or out; open it again and send it once "
                "more."
            ),
            status=403,
        )


class TooManyFiles(Refusal):
    """Files were not sent as a form sends them, or too many."""

    def __init__(self, most_files: int) -> None:
        super().__init__(
            Wording(
                "These files did not come as a form sends them, or are more than %(most)s; pack them into a ZIP.",
                most=most_files,
            ),
            status=400,
        )


class ForeignGraphQL(Refusal):
    """A GraphQL request with a session's cookie could be another site's doing."""

    def __init__(self) -> None:
        super().__init__(
            f"A GraphQL request of somebody who is signed in needs the header {HEADER} with any value, and "
            "'Content-Type: application/json' if it has a body; programs use a token instead.",
            status=403,
        )


async def checked_form(request: Request, visitor: VisitorOf) -> FormData:
    """The form that was sent, once it is known to be of this network's own page and of this visitor.

    Raises:
        Refusal: it is not.
    """
    await request.body()  # kept, for a page that answers a form waits for whoever asks (api.door.waiting)
    return await _checked(request, visitor, most_files=0)


async def checked_upload(request: Request, visitor: Visitor, *, most_files: int) -> FormData:
    """As :func:`checked_form`, of a form with files; nothing is read before whoever calls it has looked at who sends.

    Raises:
        Refusal: it is not, or there are more files.
    """
    try:
        return await _checked(request, visitor, most_files=most_files)
    except HTTPException:  # what Starlette makes of a body that is no form, or holds too many files
        raise TooManyFiles(most_files) from None


async def _checked(request: Request, visitor: Visitor, *, most_files: int) -> FormData:
    if not visitor.csrf:  # a client with a token: no browser, so no form of ours
        return await request.form(max_files=most_files)
    if not _is_from_here(request):
        raise ForeignForm
    form = await request.form(max_files=most_files)
    given = form.get("csrf")
    if not (isinstance(given, str) and hmac.compare_digest(given.encode(), visitor.csrf.encode())):
        await form.close()
        raise StaleForm([value for name, value in form.multi_items() if name != "csrf" and isinstance(value, str)])
    return form


CheckedForm = Annotated[FormData, Depends(checked_form)]


async def checked_graphql(request: Request, visitor: VisitorOf) -> Visitor:
    """Who asks by GraphQL, once it is known that no other site made their browser ask.

    Raises:
        Refusal: it could be so.
    """
    if visitor.session is None:
        return visitor
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json = content_type == "application/json" or request.method == "GET"
    if not is_json or HEADER not in request.headers:
        raise ForeignGraphQL
    if {"origin", "sec-fetch-site"} & set(request.headers) and not _is_from_here(request):
        raise ForeignGraphQL
    return visitor


def _is_from_here(request: Request) -> bool:
    """Whether the browser says that a page of this network sent this; one that says nothing is not believed."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is None and origin is None:
        return False
    if origin == "null":
        # So browsers call the origin of a page that sends no referrer, as those with a secret in their address do
        # (Fetch, "append a request Origin header"); Sec-Fetch-Site, which no page can write, then tells alone.
        return site == "same-origin"
    return (site is None or site == "same-origin") and (origin is None or _place(origin) in _places(request))


def _places(request: Request) -> set[tuple[str, str, int | None]]:
    """Where this network's pages are: at its public address, and at the one that this request was sent to."""
    return {place for address in (base_url(request), str(request.base_url)) if (place := _place(address))}


def _place(address: str) -> tuple[str, str, int | None] | None:
    """Scheme, host and port, which together are an origin (RFC 6454); None for what is none, such as ``null``."""
    try:
        parts = urlsplit(address)
        return (parts.scheme, parts.hostname, parts.port or PORTS.get(parts.scheme)) if parts.hostname else None
    except ValueError:
        return None
