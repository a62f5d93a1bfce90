"""How a page is made: its template, and what every page shows of the network and of who looks at it."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api import web
from api.door import Visitor
from api.door.demo import is_demo
from api.network import OpenNetwork
from api.pages.languages import language_of, languages_to_choose, remember_language
from api.pages.loader_words import of_loader
from api.pages.terms import term
from api.pages.words import day, days, direction, in_order_of, listed, moment, number, told, translated, words_in
from api.speaking.layout import inline
from api.speaking.telling import moment_told
from graph.errors import GraphError
from graph.network import describe
from graph.permissions import may_administer, may_organise
from graph.values import Network

__all__ = ["STATIC", "plain", "render", "templates", "way_back"]

STATIC: Final = Path(__file__).parent / "static"


@cache
def templates(language: str) -> Jinja2Templates:
    """The templates in one of the six languages.

    Each knows ``language`` and ``direction(language)``, and how days, moments, numbers and lists are written: ``{{ at |
    day }}``, ``| moment``, ``| number``, ``| listed``, ``| alphabetical(attribute="name")``; ``| term("kind")`` gives
    the word for a code (api.pages.terms). ``translated(said)`` is what code or an error says in English, and
    ``of_loader(text)`` what the loader says, if catalogues have it.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(words_in(language), newstyle=True)  # type: ignore[attr-defined]
    environment.globals |= {
        "language": language,
        "direction": direction,
        "moment_told": moment_told,
        "static": static,
        "translated": lambda said: _in_words(said, language),
        "of_loader": lambda text: of_loader(text, language),
    }
    environment.filters["inline"] = inline
    environment.filters["term"] = lambda code, kind: term(kind, code, language)
    for write in (day, days, moment, number, listed):
        environment.filters[write.__name__] = lambda value, write=write: write(value, language)
    environment.filters["alphabetical"] = lambda values, attribute=None: sorted(
        values, key=lambda one: in_order_of(language)(str(getattr(one, attribute) if attribute else one))
    )
    return Jinja2Templates(env=environment)


def _in_words(said: str | Exception, language: str) -> str | None:
    """What code said in English, in a language."""
    if isinstance(said, GraphError):
        return told(said, language)
    if isinstance(said, Exception):
        said = next((sentence for sentence in said.args[:1] if isinstance(sentence, str)), str(said))
    return translated(said, language)


@cache
def static(name: str) -> str:
    """The address of one of our own files, another one whenever what it holds is another."""
    return f"/static/{name}?{hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:16]}"


async def render(
    request: Request,
    name: str,
    visitor: Visitor,
    context: Mapping[str, Any],
    *,
    status_code: int = 200,
    language: str | None = None,
    page: str | None = None,
) -> HTMLResponse:
    """A page for this visitor, in the language of the request or, for a letter's reader, in ``language``.

    ``page`` is the path that shows the page again, if it is not the request's own: the answer of a form names it. The
    template gets the context and what :func:`plain` tells.
    """
    network: OpenNetwork = request.app.state.network
    described = await describe(network.graph, visitor.viewer)
    response = plain(
        request,
        name,
        visitor,
        context,
        network=described,
        demo=await is_demo(request),
        status_code=status_code,
        language=language,
        page=page,
    )
    # What one person sees is not kept for the next one at the same machine.
    response.headers["Cache-Control"] = "no-store" if visitor.account else "no-cache"
    return response


def way_back(request: Request) -> str:
    """The page that a refusal's page leads to in another language: the one that was asked for; of a form, the first."""
    return request.url.path if request.method in {"GET", "HEAD"} else "/"


def plain(
    request: Request,
    name: str,
    visitor: Visitor,
    context: Mapping[str, Any],
    *,
    network: Network | None = None,
    demo: bool = False,
    status_code: int = 200,
    language: str | None = None,
    page: str | None = None,
) -> HTMLResponse:
    """A page for which nothing is asked of the graph.

    The template gets the context, ``visitor``, ``network`` (None if nothing is known of it), ``is_demo``, ``here`` (the
    page's path), ``languages`` to choose, ``assets`` (the version of the files of set-up), and ``organises`` and
    ``administers``, which tell what the visitor may.
    """
    in_language = language or language_of(request)
    here = page or request.url.path
    response = templates(in_language).TemplateResponse(
        request,
        name,
        {
            **context,
            "visitor": visitor,
            "network": network,
            "is_demo": demo,
            "here": here,
            "languages": [] if language else languages_to_choose(request, here),
            "assets": web.version(),
            "organises": may_organise(visitor.viewer),
            "administers": may_administer(visitor.viewer),
        },
        status_code=status_code,
    )
    response.headers["Content-Language"] = in_language
    response.headers.append("Vary", "Accept-Language, Cookie")
    if language is None:
        remember_language(request, response)
    return response
