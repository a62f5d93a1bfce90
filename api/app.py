"""The server: GraphQL, its explorer, the first page, and whether all is well."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Response
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import FileResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from api.door import FreshBrowsers, Refusal
from api.door.guard import guard
from api.door.limits import Limits, RateLimited
from api.door.provider import OpenIDProvider
from api.graphql.http import TrustedDocuments, graphql_router
from api.graphql.http.streams import Streams
from api.graphql.schema import schema
from api.health import health
from api.loading import Loads
from api.memory import settled
from api.network import open_network
from api.pages.administration import administration
from api.pages.answer import answer
from api.pages.broken import broken
from api.pages.countries import countries
from api.pages.demo import demo as demo_pages
from api.pages.event_feeds import feeds
from api.pages.events import events
from api.pages.first import pages
from api.pages.join import join
from api.pages.limited import too_often
from api.pages.me import me
from api.pages.missing import missing
from api.pages.organise import organise
from api.pages.own_found import own_found
from api.pages.own_invitations import own_invitations
from api.pages.own_profile import own_profile
from api.pages.own_tokens import own_tokens
from api.pages.people import people
from api.pages.provider import provider
from api.pages.questions import questions
from api.pages.refused import refused, refused_at_the_door
from api.pages.rendering import STATIC
from api.pages.reports import reports
from api.pages.resources import resources
from api.pages.series import series
from api.pages.sign_in import sign_in
from api.pages.taken_along import taken_along
from api.pages.topics import topics
from api.pages.unanswered import gone, unanswered
from api.running import network_address
from api.settings import GraphQLSettings, LimitSettings, MailSettings, ProviderSettings, ServerSettings, SessionSettings
from api.speaking.sending import Sending
from api.warming import warmed
from api.web import GRAPHIQL_PAGE, GRAPHIQL_POLICY, folder
from graph.errors import GraphCannotWrite, GraphUnavailable, QueryTimedOut
from graph.settings import GraphSettings
from graph.tokens import RecalledTokens

__all__ = ["create_app"]


def create_app(
    settings: GraphSettings, *, server: ServerSettings | None = None, local_key: str | None = None, demo: bool = False
) -> FastAPI:
    """The application for one network; it opens the network when it starts and lets go of it when it stops.

    Who shows ``local_key`` from this machine is its command line; without one, nobody is. With ``demo`` one can sign in
    as a sample person, where api.door.demo allows that.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_network(settings) as network, settled(network.encoder):
            app.state.network = network
            async with app.state.loads.at_work(), app.state.sending.at_work(network.graph), warmed(app):
                with app.state.streams.ended_by_signals():
                    yield
            await app.state.streams.close()
            await app.state.limits.close()

    app = FastAPI(title="Knowwho", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.settings = server or ServerSettings()
    app.state.session_limits = SessionSettings().limits
    app.state.local_key = local_key
    app.state.demo = demo
    app.state.recalled_tokens = RecalledTokens()
    app.state.mail = MailSettings()
    app.state.sending = Sending(app.state.mail, base=lambda: network_address(settings))
    app.state.loads = Loads(
        settings,
        upload_mb=app.state.settings.upload_mb,
        loaded=lambda: app.state.network.embedding.soon(),  # noqa: PLW0108 -- the network is opened later
    )
    app.state.provider = OpenIDProvider.of(ProviderSettings())
    app.state.limits = Limits(LimitSettings())
    app.state.streams = Streams()
    app.state.graphql = GraphQLSettings()
    app.state.schema = schema
    app.state.documents = TrustedDocuments.load(app.state.graphql.documents)
    app.add_exception_handler(Refusal, refused)
    app.add_exception_handler(RateLimited, too_often)
    app.add_exception_handler(ClientDisconnect, gone)
    app.add_exception_handler(HTTPException, missing)
    for no_answer in (GraphCannotWrite, GraphUnavailable, QueryTimedOut):
        app.add_exception_handler(no_answer, unanswered)

    app.include_router(graphql_router(schema), prefix="/graphql")
    # Calendars before the pages of events: an address that ends in .ics names none.
    of_events = (feeds, events, series, resources)
    of_oneself = (me, own_profile, own_found, own_invitations, own_tokens)
    for router in (
        *(health, pages, taken_along, demo_pages, provider, sign_in, join, answer, reports),
        *(people, topics, questions, countries, *of_events, *of_oneself, organise, administration),
    ):
        app.include_router(router)
    # Our pages hold what a form must hold: only what is the same for everybody is compressed (breachattack.com).
    app.mount("/static", GZipMiddleware(StaticFiles(directory=STATIC)), name="static")
    fetched = app.state.fetched = folder(settings)
    if fetched.is_dir():
        files = GZipMiddleware(StaticFiles(directory=fetched))
        app.mount("/assets/web", files, name="web")
        app.mount("/assets/graphiql", files, name="graphiql")

    @app.get("/graphiql", include_in_schema=False)
    async def graphiql() -> Response:
        """The explorer, for people who write queries."""
        if not fetched.is_dir():
            return PlainTextResponse("The explorer is not installed; run 'knowwho setup', then serve again.", 503)
        return FileResponse(GRAPHIQL_PAGE, headers={"Content-Security-Policy": GRAPHIQL_POLICY})

    @app.get("/robots.txt", include_in_schema=False)
    async def robots() -> Response:
        """What search engines may read (RFC 9309): nothing, unless the network says otherwise."""
        return PlainTextResponse(f"User-agent: *\nDisallow:{'' if app.state.settings.crawlers else ' /'}\n")

    app.add_middleware(FreshBrowsers)
    guard(app, app.state.settings, sorry=broken, refused=refused_at_the_door)
    return app
