"""Whether the server is alive, and whether it is ready to be asked; for whoever watches over it."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from api.network import OpenNetwork
from graph.errors import GraphError
from graph.network import ping
from graph.patience import patience

__all__ = ["health"]

PING_TIMEOUT_S = 2.0

health = APIRouter(include_in_schema=False)


@health.get("/healthz")
async def healthz() -> dict[str, str]:
    """Alive: the process answers."""
    return {"status": "alive"}


@health.get("/readyz")
async def readyz(request: Request) -> JSONResponse:
    """Ready: the graph answers and the encoder is loaded."""
    network: OpenNetwork = request.app.state.network
    try:
        async with patience(PING_TIMEOUT_S):
            await ping(network.graph)
    except GraphError:
        return JSONResponse({"status": "the graph does not answer"}, status_code=503)
    if not network.encoder.is_loaded:
        return JSONResponse({"status": "the encoder is still loading"}, status_code=503)
    return JSONResponse({"status": "ready"})
