"""How a page is made: its template, and what every page shows of the network and of who looks at it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from babel import Locale
from fastapi import Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from api.door import Visitor
from api.door.demo import is_demo
from api.network import OpenNetwork
from api.speaking.layout import inline
from api.speaking.telling import moment_told
from graph.network import describe

__all__ = ["STATIC", "render", "templates"]

STATIC = Path(__file__).parent / "static"

templates = Jinja2Templates(directory=Path(__file__).parent / "templates")
templates.env.globals["direction"] = lambda language: Locale.parse(language, sep="-").text_direction
templates.env.globals["moment_told"] = moment_told
templates.env.filters["inline"] = inline


async def render(
    request: Request, name: str, visitor: Visitor, context: Mapping[str, Any], *, status_code: int = 200
) -> HTMLResponse:
    """A page for this visitor; the template gets the context, ``visitor``, ``network`` and ``is_demo``."""
    network: OpenNetwork = request.app.state.network
    described = await describe(network.graph, visitor.viewer)
    return templates.TemplateResponse(
        request,
        name,
        {**context, "visitor": visitor, "network": described, "is_demo": await is_demo(request)},
        status_code=status_code,
        # What one person sees is not kept for the next one at the same machine.
        headers={"Cache-Control": "no-store" if visitor.account else "no-cache"},
    )
