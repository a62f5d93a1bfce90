"""An answer as a file, for who signed in: a table for spreadsheet programs, or contacts for address books.

A file has what the page shows its viewer, of the same people in the same order, and nothing else.
"""

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.door import Visitor, VisitorOf
from api.pages.asked import Asked, answer_to
from api.pages.languages import language_of
from api.pages.own import sign_in_first
from api.pages.terms import term
from api.pages.unanswered import NO_ANSWER
from api.pages.words import N_, listed, words_in
from api.settings import base_url
from api.spreadsheet import BYTE_ORDER_MARK, table
from api.vcards import Contact, cards
from graph.errors import GraphError
from graph.search import Match
from graph.values import Expertise

__all__ = ["taken_along"]

COLUMNS = {
    "name": N_("Name"),
    "headline": N_("Headline"),
    "strength": N_("Strength"),
    "country": N_("Country"),
    "languages": N_("Languages"),
    "organisations": N_("Organisations"),
    "topics": N_("Topics"),
    "email": N_("E-mail"),
    "telephone": N_("Telephone"),
    "page": N_("Page"),
}

taken_along = APIRouter(include_in_schema=False)


@taken_along.get("/search.csv")
async def as_table(request: Request, visitor: VisitorOf) -> Response:
    """The people of an answer, a row each, with headings in the language of the page."""
    matches = await _matches(request, visitor)
    if isinstance(matches, Response):
        return matches
    language = language_of(request)
    say = words_in(language).gettext
    rows = [{say(COLUMNS[name]): cell for name, cell in row.items()} for row in _rows(request, matches, language)]
    text = BYTE_ORDER_MARK + table([say(heading) for heading in COLUMNS.values()], rows)
    return _file(text, "text/csv", "people.csv")


@taken_along.get("/search.vcf")
async def as_contacts(request: Request, visitor: VisitorOf) -> Response:
    """The people of an answer, a card each."""
    matches = await _matches(request, visitor)
    if isinstance(matches, Response):
        return matches
    language = language_of(request)
    contacts = [
        Contact(
            match.expert.name,
            _page_of(request, match),
            match.expert.headline,
            [(at.organisation.name, at.role or "") for at in match.affiliations],
            match.expert.country.names.in_language(language) if match.expert.country else "",
            [spoken.language.id for spoken in match.languages],
            _topics(match, language),
            match.expert.email or "",
            match.expert.phone or "",
        )
        for match in matches
    ]
    return _file(cards(contacts), "text/vcard", "people.vcf")


async def _matches(request: Request, visitor: Visitor) -> Sequence[Match] | Response:
    """The people who fit; or where to go, for who has to sign in first or is refused."""
    asked = Asked.of(request.query_params)
    if visitor.account is None:
        return sign_in_first(asked.address())
    if not asked.is_something:
        return RedirectResponse("/", status_code=303)
    try:
        return (await answer_to(request, visitor, asked)).matches
    except NO_ANSWER:
        raise
    except GraphError:
        return RedirectResponse(asked.address(), status_code=303)  # the page says why


def _rows(request: Request, matches: Sequence[Match], language: str) -> Iterator[dict[str, str]]:
    for match in matches:
        expert = match.expert
        spoken = [one.language.names.in_language(language) or one.language.id for one in match.languages]
        yield {
            "name": expert.name,
            "headline": expert.headline,
            "strength": term("strength", match.strength, language),
            "country": expert.country.names.in_language(language) if expert.country else "",
            "languages": listed(spoken, language),
            "organisations": "; ".join(at.organisation.name for at in match.affiliations),
            "topics": "; ".join(_topics(match, language)),
            "email": expert.email or "",
            "telephone": expert.phone or "",
            "page": _page_of(request, match),
        }


def _topics(match: Match, language: str) -> list[str]:
    """What of the question's topics the person knows."""
    return [reason.topic.labels.in_language(language) for reason in match.reasons if isinstance(reason, Expertise)]


def _page_of(request: Request, match: Match) -> str:
    return f"{base_url(request)}/people/{quote(match.expert.id)}"


def _file(text: str, kind: str, name: str) -> Response:
    return Response(
        text,
        media_type=f"{kind}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
