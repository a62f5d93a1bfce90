"""The server: GraphQL, its explorer, the first page, and whether all is well."""

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, JSONResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles
from strawberry.fastapi import GraphQLRouter

from api.graphql.context import Context
from api.graphql.schema import schema
from api.health import health
from api.network import OpenNetwork, open_network
from api.pages.first import STATIC, pages
from api.web import GRAPHIQL_PAGE, GRAPHIQL_POLICY, folder
from graph.settings import GraphSettings

__all__ = ["create_app"]

log = structlog.get_logger(__name__)

# Nothing on our pages comes from elsewhere or is written into them: scripts, styles and pictures are our own files.
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def create_app(settings: GraphSettings) -> FastAPI:
    """The application for one network; it opens the network when it starts and lets go of it when it stops."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_network(settings) as network:
            app.state.network = network
            yield

    app = FastAPI(title="Knowwho", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)

    async def context(request: Request) -> Context:
        network: OpenNetwork = request.app.state.network
        return Context.of(network)

    app.include_router(
        GraphQLRouter(schema, context_getter=context, graphql_ide=None, allow_queries_via_get=False), prefix="/graphql"
    )
    app.include_router(health)
    app.include_router(pages)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    explorer = folder(settings)
    if explorer.is_dir():
        app.mount("/assets/graphiql", StaticFiles(directory=explorer), name="graphiql")

    @app.get("/graphiql", include_in_schema=False)
    async def graphiql() -> Response:
        """The explorer, for people who write queries."""
        if not explorer.is_dir():
            return PlainTextResponse("The explorer is not installed; run 'knowwho setup', then serve again.", 503)
        return FileResponse(GRAPHIQL_PAGE, headers={"Content-Security-Policy": GRAPHIQL_POLICY})

    @app.middleware("http")
    async def guarded(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        """Every answer carries the security headers and the id that its log lines carry."""
        request_id = uuid.uuid4().hex
        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            response = await call_next(request)
        except Exception:
            log.exception("request_failed", path=request.url.path)
            response = JSONResponse(
                {"error": f"Something went wrong here; it has been written down as {request_id}."}, status_code=500
            )
        finally:
            structlog.contextvars.unbind_contextvars("request_id")
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers["X-Request-Id"] = request_id
        return response

    return app
