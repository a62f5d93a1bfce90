"""The pages of people: everybody whom the visitor sees, one person, their card, and their part of the graph."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from urllib.parse import quote, urlencode

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from api.door import Visitor, VisitorOf
from api.door.limits import pay
from api.door.waiting import while_waiting
from api.network import OpenNetwork
from api.pages import person as shown
from api.pages.languages import PARAMETER, language_of
from api.pages.neighbourhood import Neighbourhood, neighbourhood, walk_to
from api.pages.own import sign_in_first
from api.pages.reading import read
from api.pages.rendering import render
from api.pages.works import works_called
from api.settings import GraphQLSettings, base_url
from api.vcards import Contact, cards
from graph import experts, speaking
from graph.people.introductions import Tie, Way, introductions
from graph.permissions import may_read_candidacies, may_shortlist
from graph.spelling import folded
from graph.values import ExpertId, NotACursor

__all__ = ["people"]

AT_ONCE: Final = 50
LONGEST_NAME: Final = 200
MOST_WORDS: Final = 12
COST_OF_WAYS: Final = 200
"""What looking for introductions costs, in the units of GraphQL's queries: as many people are looked at each side."""
PERSON: Final = ("person", "person_deeds", "person_evidence")
NEIGHBOURHOOD: Final = (
    "neighbourhood",
    "neighbourhood_events",
    "neighbourhood_work",
    "neighbourhood_places",
    "neighbourhood_languages",
)

people = APIRouter(include_in_schema=False)


@people.get("/people")
async def everybody(request: Request, visitor: VisitorOf) -> Response:
    """Everybody whom the visitor sees, by name, in parts that lead to each other."""
    asked = request.query_params
    name = asked.get("name", "").strip()[:LONGEST_NAME]
    if before := asked.get("before"):
        span: dict[str, Any] = {"last": AT_ONCE, "before": before}
    else:
        span = {"first": AT_ONCE, "after": asked.get("after") or None}
    try:
        found = await read(request, visitor, "people", **span, filter=_called(name) if name else None)
    except NotACursor:
        chosen = {PARAMETER: asked[PARAMETER]} if PARAMETER in asked else {}
        return RedirectResponse(_list(name, **chosen), status_code=303)
    page = found["experts"]["pageInfo"]
    context = {
        "name": name,
        "people": [edge["node"] for edge in found["experts"]["edges"]],
        "total": found["experts"]["totalCount"],
        "previous": _list(name, before=page["startCursor"]) if page["hasPreviousPage"] else None,
        "next": _list(name, after=page["endCursor"]) if page["hasNextPage"] else None,
    }
    return await render(request, "people.html", visitor, context)


def _called(name: str) -> Mapping[str, Any]:
    """A filter for people of whose names each word is a part, in any order."""
    words = folded(name).split()[:MOST_WORDS] or [name]
    return {"and": [{"or": [{"name": {"contains": one}}, {"otherNames": {"contains": one}}]} for one in words]}


def _list(name: str, **span: str) -> str:
    asked = urlencode({**({"name": name} if name else {}), **span})
    return f"/people?{asked}" if asked else "/people"


@people.get("/people/{slug}.vcf")
async def card(request: Request, visitor: VisitorOf, slug: str) -> Response:
    """The person as a vCard, with what the visitor sees of them; for those who are signed in."""
    page = f"/people/{quote(slug, safe='')}"
    if visitor.account is None:
        return sign_in_first(page)
    person = await _person(request, visitor, slug, "person")
    content = cards([_contact(person, page=f"{base_url(request)}{page}")])
    name = re.sub(r"[^A-Za-z0-9._-]", "-", slug)
    headers = {"Content-Disposition": f'attachment; filename="{name}.vcf"', "Cache-Control": "no-store"}
    return Response(content, media_type="text/vcard; charset=utf-8", headers=headers)


@people.get("/people/{slug}/neighbourhood.json")
async def picture(request: Request, visitor: VisitorOf, slug: str) -> JSONResponse:
    """Nodes and edges of a neighbourhood, to be drawn."""
    found = await _neighbourhood(request, visitor, slug)
    return JSONResponse(found.picture(), headers={"Cache-Control": "no-store", "Vary": "Accept-Language, Cookie"})


@people.get("/people/{slug}/neighbourhood")
async def neighbourhood_page(request: Request, visitor: VisitorOf, slug: str) -> Response:
    """What somebody shares with whom: a list to walk along, and where there are scripts a picture of the same."""
    found = await _neighbourhood(request, visitor, slug)
    drawn = f"{walk_to(slug)}.json?{urlencode({'language': language_of(request)})}"
    context = {"found": found, "walk_to": walk_to, "drawn": drawn}
    return await render(request, "neighbourhood.html", visitor, context)


async def _neighbourhood(request: Request, visitor: Visitor, slug: str) -> Neighbourhood:
    return neighbourhood(await _person(request, visitor, slug, *NEIGHBOURHOOD))


@people.get("/people/{slug}")
async def person_page(request: Request, visitor: VisitorOf, slug: str) -> Response:
    """All that the visitor sees of a person, how to reach them, and who can introduce them."""
    person = await _person(request, visitor, slug, *PERSON)
    network: OpenNetwork = request.app.state.network
    viewer, expert = visitor.viewer, ExpertId(slug)
    language = language_of(request)
    settings: GraphQLSettings = request.app.state.graphql
    async with while_waiting(request, seconds=settings.query_timeout_s):
        if viewer.person is not None:
            await pay(request, COST_OF_WAYS)
        ways = await introductions(network.graph, viewer, to=expert)
        wrote = [one.id for way in ways for link in way for one in link.shared if one.tie is Tie.WROTE]
        works = await works_called(request, visitor, wrote)
        letters = await _letters(request, visitor, ways, to=person)
        asked = await _asked(request, visitor, expert)
    read_first, in_other_languages = shown.biographies(person, language=language)
    told = shown.years(person)
    context = {
        "person": person,
        "joined": person["joined"] and date.fromisoformat(person["joined"]),
        "away": [[date.fromisoformat(day) for day in period.split("/")] for period in person["away"]],
        "biography": read_first,
        "biography_elsewhere": in_other_languages,
        "evidence": shown.evidence(person),
        "years": told,
        "bars": shown.bars(told),
        "begins": shown.begins,
        "language_named": lambda tag: shown.language_named(tag, language),
        "is_self": viewer.person == slug,
        "asks_for_ways": viewer.person not in {None, slug},
        "ways": ways,
        "works": works,
        "knows": _knows(ways),
        "letters": letters,
        "may_shortlist": may_shortlist(viewer),
        "asked": asked,
    }
    return await render(request, "person.html", visitor, context)


def _knows(ways: Sequence[Way]) -> bool:
    """Whether the visitor knows the person without anybody between."""
    return any(len(way) == 1 for way in ways)


async def _letters(
    request: Request, visitor: Visitor, ways: Sequence[Way], *, to: Mapping[str, Any]
) -> Mapping[ExpertId, str]:
    """Where a letter to each who is first on a way opens, of those whose e-mail address the visitor sees."""
    network: OpenNetwork = request.app.state.network
    first = [way[0].other.id for way in ways if len(way) > 1]
    known = await experts.by_id(network.graph, visitor.viewer, ids=first) if first else {}
    page = f"{base_url(request)}/people/{quote(to['slug'], safe='')}"
    return {
        one.id: shown.asks_to_introduce(one.email, of=one.name, to=to["name"], page=page, language=language_of(request))
        for one in known.values()
        if one.email
    }


async def _asked(request: Request, visitor: Visitor, expert: ExpertId) -> Sequence[Mapping[str, Any]] | None:
    """To which events somebody was invited, and what became of it; None for who may not know."""
    if not may_read_candidacies(visitor.viewer):
        return None
    network: OpenNetwork = request.app.state.network
    found = await speaking.histories(network.graph, visitor.viewer, experts=[expert])
    if expert not in found or not found[expert].asked:
        return []
    ids = [one.event for one in found[expert].asked]
    events = await read(request, visitor, "event_titles", ids=ids, first=len(ids))
    titles = {edge["node"]["slug"]: edge["node"]["title"] for edge in events["events"]["edges"]}
    return [
        {"event": one.event, "title": titles.get(one.event), "at": one.at, "state": one.state}
        for one in found[expert].asked
    ]


async def _person(request: Request, visitor: Visitor, slug: str, *documents: str) -> Mapping[str, Any]:
    """What documents tell of a person together; 404 for who is not there, or not for the visitor.

    The first one tells the id. Several small ones are planned sooner by the database than one that is large.
    """
    told: dict[str, Any] = {}
    for document in documents:
        person = (await read(request, visitor, document, id=slug))["expert"]
        # An id among all nodes finds the person as well, and would be a second address of one page.
        if person is None or {**told, **person}["slug"] != slug:
            raise HTTPException(404)
        told |= person
    return told


def _contact(person: Mapping[str, Any], *, page: str) -> Contact:
    """What the query ``person`` tells, for an address book."""
    return Contact(
        person["name"],
        page,
        person["headline"] or "",
        [(edge["node"]["name"], edge["role"] or "") for edge in person["affiliations"]["edges"] if not edge["until"]],
        person["country"]["name"] if person["country"] else "",
        [edge["node"]["tag"] for edge in person["languages"]["edges"]],
        [edge["node"]["label"] for edge in person["expertise"]["edges"]],
        person["email"] or "",
        person["phone"] or "",
        person["otherNames"],
        person["website"] or "",
        person["orcid"] or "",
    )
