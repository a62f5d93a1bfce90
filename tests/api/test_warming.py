"""Pages are looked at once when the server starts, so that nobody waits for the database's plans."""

import secrets
from pathlib import PurePosixPath

from fastapi.routing import iter_route_contexts
from structlog.testing import capture_logs

from api.app import create_app
from api.network import OpenNetwork
from api.settings import GraphQLSettings
from api.warming import NOT_LOOKED_AT, look
from graph.settings import GraphSettings
from tests.patience import PLANNING_S, patience_with_planning

OF_ONE_AFTER_A_FORM = {"/organise/candidacies/{id}/{step}", "/organise/letters/{id}/link", "/erased"}
"""Of a letter that is about to leave, of one that left by hand, and of an account that is gone."""

NO_PAGES = {"/graphql", "/healthz", "/readyz", "/people/{slug}/neighbourhood.json"}


async def test_every_kind_of_page_is_looked_at(sample: OpenNetwork, sample_settings: GraphSettings) -> None:
    app = create_app(sample_settings, local_key=secrets.token_urlsafe())
    app.state.network = sample
    app.state.graphql = GraphQLSettings(query_timeout_s=PLANNING_S)

    with patience_with_planning(), capture_logs() as lines:
        await look(app)

    looked_at = {line["route"] for line in lines if line["event"] == "request"}
    pages = {
        route.path
        for route in iter_route_contexts(app.routes)
        if route.methods and "GET" in route.methods and route.path and not PurePosixPath(route.path).suffix
    }
    left_out = {path for path in pages - NO_PAGES - OF_ONE_AFTER_A_FORM if not path.startswith(NOT_LOOKED_AT)}
    assert left_out <= looked_at, left_out - looked_at
    assert [line for line in lines if line.get("status", 200) >= 400] == []
