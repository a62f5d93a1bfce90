"""The pages of what there is to learn from: modules, guides, courses and the like, each in its languages."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from api.door import VisitorOf
from api.pages.event_shown import listing, nodes_of
from api.pages.reading import read
from api.pages.rendering import render
from api.pages.terms import TERMS
from graph.values import NotACursor

__all__ = ["resources"]

AT_ONCE: Final = 20
NAMES: Final = ("q", "kind")
"""What the list can be filtered by."""

resources = APIRouter(include_in_schema=False)


@resources.get("/resources", response_class=HTMLResponse)
async def resources_page(request: Request, visitor: VisitorOf) -> HTMLResponse:
    """What there is to learn from, the newest first."""
    asked = {name: request.query_params.get(name, "").strip() for name in NAMES}
    only: list[dict[str, Any]] = []
    if asked["q"]:
        titled = {"title": {"contains": asked["q"]}}
        written = {"kind": {"eq": "resource"}, **titled}
        only.append({"or": [titled, {"languages": {"some": titled}}, {"passages": {"some": written}}]})
    if asked["kind"]:
        only.append({"kind": {"eq": asked["kind"]}})
    part = listing(AT_ONCE, **{name: request.query_params.get(name, "") for name in ("after", "before")})
    try:
        found = (await read(request, visitor, "resources", filter={"and": only}, **part))["resources"]
    except NotACursor:
        raise HTTPException(404) from None
    told = found["pageInfo"]
    cursors = {
        "before": told["startCursor"] if told["hasPreviousPage"] else None,
        "after": told["endCursor"] if told["hasNextPage"] else None,
    }
    context = {
        "found": [{**edge["node"], "published": _day(edge["node"]["publishedOn"])} for edge in found["edges"]],
        "asked": asked,
        "kinds": list(TERMS["resource"]),
        "steps": {name: f"/resources?{_said(asked, **{name: cursor})}" for name, cursor in cursors.items() if cursor},
    }
    return await render(request, "resources.html", visitor, context)


@resources.get("/resources/{slug}", response_class=HTMLResponse)
async def resource_page(request: Request, visitor: VisitorOf, slug: str) -> HTMLResponse:
    """One of them, with its versions in each language."""
    found = (await read(request, visitor, "resource", slug=slug))["resource"]
    if found is None or found["slug"] != slug:
        raise HTTPException(404)
    return await render(request, "resource.html", visitor, {"resource": _shown(found)})


def _shown(node: Mapping[str, Any]) -> dict[str, Any]:
    """A resource with its versions, and the language of its own title, if a version is called the same."""
    versions = [
        {**edge, **edge["node"], "published": _day(edge["publishedOn"])} for edge in nodes_of(node, "languages")
    ]
    return {
        **node,
        "own_language": next((one["tag"] for one in versions if one["title"] == node["title"]), None),
        "versions": versions,
        "has_versions": any(one["title"] or one["url"] for one in versions),
        "published": _day(node["publishedOn"]),
    }


def _day(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None


def _said(asked: Mapping[str, str], **further: str) -> str:
    return urlencode({name: value for name, value in {**asked, **further}.items() if value})
