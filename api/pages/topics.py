"""The topics: the scheme as a tree, and a page for each with people, events and what else is on it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from api.door import Visitor, VisitorOf
from api.door.limits import Limited, spend
from api.network import OpenNetwork
from api.pages.languages import language_of
from api.pages.listing import Entry, begun_again, entries, paged
from api.pages.questions import questions_on
from api.pages.reading import read
from api.pages.rendering import render
from api.pages.words import in_order_of
from graph import topics as scheme
from graph.filters import UnknownFilterValue
from graph.spelling import folded
from graph.values import UN_LANGUAGES, NotACursor, Topic, TopicId

__all__ = ["topics"]

LONGEST_NAME: Final = 200
MOST_IN_TREE: Final = 1_000
"""Of a larger scheme the page shows the broadest topics alone, and the search finds all."""

MOST_OPEN: Final = 100
"""Of a scheme as small as this the narrower topics of the broadest are shown at once."""

LOOKED_AT: Final = 500
"""Of more topics whose names begin so, those are shown that have the last word as it stands."""

MOST_FOUND: Final = 50
"""As many topics that are called like what was searched for are told; GraphQL's page is a hundred."""

topics = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Branch:
    """A topic with the narrower ones, in the language's order; ``is_open`` where those are shown at once."""

    topic: Entry
    narrower: tuple["Branch", ...]
    is_open: bool


@topics.get("/topics", response_class=HTMLResponse)
async def topics_page(request: Request, visitor: VisitorOf) -> HTMLResponse:
    """The scheme; or, with ``?q=``, the topics that are called so in any of the six languages."""
    question = request.query_params.get("q", "").strip()
    if question:
        found = await _found(request, visitor, question)
        return await render(request, "topics.html", visitor, {"question": question, "found": found, "tree": ()})
    known, is_whole = await _scheme(request, visitor)
    tree = _tree(known, language_of(request), opened=request.query_params.get("open", ""))
    context = {"question": "", "found": None, "tree": tree, "is_whole": is_whole, "total": len(known)}
    return await render(request, "topics.html", visitor, context)


@topics.get("/topics/{slug}", response_class=HTMLResponse)
async def topic_page(request: Request, visitor: VisitorOf, slug: str) -> HTMLResponse:
    """A topic, with all that is on it or on a narrower one."""
    asked = request.query_params
    try:
        found = await read(
            request,
            visitor,
            "topic",
            slug=slug,
            within={"some": {"named": [slug]}},
            people=asked.get("people"),
            past=asked.get("past"),
        )
    except UnknownFilterValue:
        raise HTTPException(404) from None
    except NotACursor:
        raise begun_again(request) from None
    topic = found["topic"]
    if topic is None or topic["slug"] != slug:
        raise HTTPException(404)
    try:
        questions = await questions_on(request, visitor, TopicId(slug))
    except NotACursor:
        raise begun_again(request) from None
    language = language_of(request)
    narrower = entries(topic["narrower"])
    context = {
        "topic": topic,
        "path": _broader(topic),
        "narrower": sorted(narrower, key=lambda one: in_order_of(language)(one["label"])),
        "more_narrower": topic["narrower"]["totalCount"] - len(narrower),
        "same": entries(topic["exactMatches"]),
        "names": list(_names(topic, language)),
        "people": paged(request, topic["experts"], "people"),
        "questions": questions,
        "coming": paged(request, found["coming"]),
        "past": paged(request, found["past"], "past"),
        **{name: paged(request, found[name]) for name in ("resources", "activities", "projects")},
    }
    return await render(request, "topic.html", visitor, context)


async def _scheme(request: Request, visitor: Visitor) -> tuple[list[Entry], bool]:
    """All topics and True; or, if they are too many to be read, those that nothing is broader than, and False."""
    found = (await read(request, visitor, "topics"))["topics"]
    is_whole = found["totalCount"] <= MOST_IN_TREE
    only: dict[str, Any] = {} if is_whole else {"filter": {"not": {"broader": {}}}}
    if only:
        found = (await read(request, visitor, "topics", **only))["topics"]
    known = entries(found)
    while found["pageInfo"]["hasNextPage"] and len(known) < MOST_IN_TREE:
        found = (await read(request, visitor, "topics", after=found["pageInfo"]["endCursor"], **only))["topics"]
        known += entries(found)
    return known, is_whole


def _tree(known: Sequence[Entry], language: str, *, opened: str) -> tuple[Branch, ...]:
    """The topics that nothing is broader than, with all that is narrower; open is the way to the one ``opened``."""
    by_slug = {topic["slug"]: topic for topic in known}
    narrower: dict[str | None, list[Entry]] = {}
    for topic in sorted(known, key=lambda topic: in_order_of(language)(topic["label"])):
        broader = topic["broader"]
        narrower.setdefault(broader["slug"] if broader and broader["slug"] in by_slug else None, []).append(topic)
    way: set[str] = set()
    while opened in by_slug and opened not in way:
        way.add(opened)
        opened = (by_slug[opened]["broader"] or {}).get("slug", "")

    def branches(of: str | None, *, depth: int) -> tuple[Branch, ...]:
        return tuple(
            Branch(
                topic,
                branches(topic["slug"], depth=depth + 1),
                is_open=topic["slug"] in way or (depth == 0 and len(known) <= MOST_OPEN),
            )
            for topic in narrower.get(of, ())
        )

    return branches(None, depth=0)


async def _found(request: Request, visitor: Visitor, question: str) -> list[Entry]:
    """The topics that are called like that, in the language's order, each with the ``name`` that says so."""
    await spend(request, Limited.SEARCH)
    network: OpenNetwork = request.app.state.network
    language = language_of(request)
    text = question[:LONGEST_NAME]
    known = {topic.id: topic for topic in await scheme.named(network.graph, visitor.viewer, text=text, first=LOOKED_AT)}
    asked = folded(text)
    said = {id: name for id, topic in known.items() if (name := _called(topic, asked, language))}
    # Those that are called so in the language of the page come before those with another name, or in another language.
    order = in_order_of(language)
    labels = {id: known[id].labels.in_language(language) for id in said}
    ids = sorted(said, key=lambda id: (said[id][0] != labels[id], order(labels[id])))[:MOST_FOUND]
    if not ids:
        return []
    read_of = await read(request, visitor, "topics", filter={"slug": {"in": ids}})
    topics = {topic["slug"]: topic for topic in entries(read_of["topics"])}
    return [
        {**topics[id], "path": _broader(topics[id]), "name": None if said[id][0] == labels[id] else said[id]}
        for id in ids
        if id in topics
    ]


def _called(topic: Topic, wanted: str, language: str) -> tuple[str, str] | None:
    """The first name of a topic that has ``wanted`` in it, with its language; the page's language comes first."""
    for one in dict.fromkeys((language, *UN_LANGUAGES)):
        label = topic.labels.by_language.get(one)
        for name in (*((label,) if label else ()), *topic.other_labels.get(one, ())):
            if wanted and wanted in folded(name):
                return name, one
    return None


def _broader(topic: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The topics broader than one, the broadest first, three at most."""
    found: list[Mapping[str, Any]] = []
    while broader := topic.get("broader"):
        found.append(broader)
        topic = broader
    return found[::-1]


def _names(topic: Mapping[str, Any], language: str) -> Iterator[tuple[str, str | None, list[str]]]:
    """Each other language with the label there, if it has one of its own, and the other names."""
    for one in UN_LANGUAGES:
        label = topic[one] if one == "en" or topic[one] != topic["en"] else None
        others = topic[f"others{one.title()}"]
        if one != language and (label or others):
            yield one, label, others
