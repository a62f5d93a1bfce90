"""The first page: one field to ask in, and the people who fit, with the evidence."""

from collections.abc import Iterator, Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.door import VisitorOf
from api.door.limits import Limited, spend
from api.door.waiting import while_waiting
from api.network import OpenNetwork
from api.pages.rendering import render
from api.settings import GraphQLSettings
from graph import countries, filters, languages, network, topics
from graph.errors import GraphCannotWrite, GraphError, GraphUnavailable
from graph.search import Need

__all__ = ["pages"]

MOST_CHOICES = 1000

pages = APIRouter(include_in_schema=False)


@pages.get("/", response_class=HTMLResponse)
async def first_page(
    request: Request,
    visitor: VisitorOf,
    question: Annotated[str, Query(alias="q")] = "",
    country: str = "",
    region: str = "",
    language: str = "",
    topic: str = "",
) -> HTMLResponse:
    """Ask, and read who fits; the search is in the address, so it can be shared."""
    open_: OpenNetwork = request.app.state.network
    graph, viewer = open_.graph, visitor.viewer
    answer = None
    refusal = None
    if question:
        await spend(request, Limited.SEARCH)
        settings: GraphQLSettings = request.app.state.graphql
        try:
            async with while_waiting(request, seconds=settings.query_timeout_s):
                only = await filters.resolve(
                    graph,
                    viewer,
                    countries=[country] if country else [],
                    regions=[region] if region else [],
                    languages=[language] if language else [],
                    topics=[topic] if topic else [],
                )
                answer = await open_.search.ask(viewer, question, only=only)
        except (GraphCannotWrite, GraphUnavailable):
            raise  # what they say is for whoever runs the network
        except GraphError as error:
            refusal = str(error)
    chosen = {"country": country, "region": region, "language": language, "topic": topic}
    return await render(
        request,
        "first.html",
        visitor,
        {
            "question": question,
            "chosen": chosen,
            "answer": answer,
            "suggested": [] if answer is None else list(_suggested(answer.suggested, {"q": question, **chosen})),
            "refusal": refusal,
            "holdings": await network.holdings(graph, viewer),
            "countries": await countries.page(graph, viewer, first=MOST_CHOICES, with_experts=True),
            "regions": await countries.regions(graph, viewer),
            "languages": await languages.spoken(graph, viewer),
            "topics": await topics.page(graph, viewer, first=MOST_CHOICES),
        },
        status_code=422 if refusal else 200,
    )


def _suggested(needs: tuple[Need, ...], asked: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What may be filtered by, in the question's words, each with the address that asks so."""
    for need in needs:
        of = {"country": need.countries, "region": need.regions, "language": need.languages, "topic": need.topics}
        for name, ids in of.items():
            if len(ids) == 1:  # the page has one choice of each
                given = {key: value for key, value in {**asked, name: ids[0]}.items() if value}
                yield need.said, f"/?{urlencode(given)}"
