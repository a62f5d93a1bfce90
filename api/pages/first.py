"""The first page: one field to ask in, and the people who fit, with the evidence."""

from pathlib import Path
from typing import Annotated

from babel import Locale
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from api.network import OpenNetwork
from graph import countries, filters, languages, network, topics
from graph.errors import GraphError

__all__ = ["STATIC", "pages"]

STATIC = Path(__file__).parent / "static"
MOST_CHOICES = 1000

pages = APIRouter(include_in_schema=False)
templates = Jinja2Templates(directory=Path(__file__).parent / "templates")
templates.env.globals["direction"] = lambda language: Locale.parse(language, sep="-").text_direction


@pages.get("/", response_class=HTMLResponse)
async def first_page(
    request: Request,
    question: Annotated[str, Query(alias="q")] = "",
    country: str = "",
    region: str = "",
    language: str = "",
    topic: str = "",
) -> HTMLResponse:
    """Ask, and read who fits; the search is in the address, so it can be shared."""
    open_: OpenNetwork = request.app.state.network
    answer = None
    refusal = None
    if question:
        try:
            only = await filters.resolve(
                open_.graph,
                countries=[country] if country else [],
                regions=[region] if region else [],
                languages=[language] if language else [],
                topics=[topic] if topic else [],
            )
            answer = await open_.search.ask(question, only=only)
        except GraphError as error:
            refusal = str(error)
    return templates.TemplateResponse(
        request,
        "first.html",
        {
            "question": question,
            "chosen": {"country": country, "region": region, "language": language, "topic": topic},
            "answer": answer,
            "refusal": refusal,
            "network": await network.describe(open_.graph),
            "holdings": await network.holdings(open_.graph),
            "countries": await countries.page(open_.graph, first=MOST_CHOICES, with_experts=True),
            "regions": await countries.regions(open_.graph),
            "languages": await languages.spoken(open_.graph),
            "topics": await topics.page(open_.graph, first=MOST_CHOICES),
        },
        status_code=422 if refusal else 200,
    )
