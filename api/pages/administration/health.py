"""How the network is: what is unsafe and what would be better otherwise, each with its remedy; and what runs."""

import asyncio
import importlib.metadata
import math
import shutil
from dataclasses import dataclass
from typing import Final, Literal

from babel.dates import TIMEDELTA_UNITS, format_timedelta
from fastapi import APIRouter, Request
from fastapi.responses import Response
from limits import parse

from api.catalogues import locale_of
from api.doctor import examine
from api.network import OpenNetwork
from api.pages.administration.gate import Administrator
from api.pages.languages import language_of
from api.pages.rendering import render
from api.settings import LimitSettings
from graph.encoder import identity
from graph.engine import EngineStatus, status
from graph.settings import GraphSettings
from graph.vectors import waiting

__all__ = ["health"]

MEGABYTE: Final = 1_000_000

UNITS: Final[tuple[Literal["second", "minute", "hour", "day", "month", "year"], ...]] = (
    "second",
    "minute",
    "hour",
    "day",
    "month",
    "year",
)
"""What limits are counted by; babel calls them the same."""

health = APIRouter()


@dataclass(frozen=True, slots=True)
class _Limit:
    """How often something may be done, and in which time, as a language writes that."""

    times: int
    span: str

    @classmethod
    def of(cls, text: str, language: str) -> "_Limit":
        """Of several limits in one setting, the first: it alone is counted."""
        limit = parse(text)
        unit = next(unit for unit in UNITS if unit == limit.GRANULARITY.name)
        seconds = limit.multiples * dict(TIMEDELTA_UNITS)[unit]
        return cls(limit.amount, format_timedelta(seconds, unit, threshold=math.inf, locale=locale_of(language)))


@health.get("/administration/health")
async def health_page(request: Request, visitor: Administrator) -> Response:
    """Findings, and facts without any secret."""
    network: OpenNetwork = request.app.state.network
    settings: GraphSettings = request.app.state.loads.settings
    findings = await examine(network.graph)
    limits = LimitSettings()
    language = language_of(request)
    engine = None if settings.neo4j_uri else await asyncio.to_thread(status, settings)
    context = {
        "findings": findings,
        "version": importlib.metadata.version("knowwho"),
        "engine": engine,
        "megabytes": _megabytes(engine),
        "own_neo4j": settings.neo4j_uri,
        "encoder": [(one.name, one.weight) for one in identity(settings).models],
        "encoder_is_loaded": network.encoder.is_loaded,
        "waiting": await waiting(network.graph, identity(settings)),
        "mail": request.app.state.mail,
        "limits": {
            "search": _Limit.of(limits.limit_search, language),
            "mutation": _Limit.of(limits.limit_mutation, language),
            "graphql": _Limit.of(limits.limit_graphql, language),
            "cost": _Limit.of(limits.limit_cost, language),
            "sign_in": _Limit.of(limits.limit_sign_in, language),
        },
        "each_counts": limits.limits_store == "memory://",
        "disk": await asyncio.to_thread(_disk, settings),
    }
    return await render(request, "administration/health.html", visitor, context)


def _megabytes(engine: EngineStatus | None) -> tuple[int, int | None] | None:
    """What the engine's data take on the disk, and what it takes of memory, in MB."""
    if engine is None:
        return None
    return engine.data_bytes // MEGABYTE, engine.memory_bytes and engine.memory_bytes // MEGABYTE


def _disk(settings: GraphSettings) -> tuple[int, int]:
    """What is free where the network's folder is, of how much, in MB."""
    usage = shutil.disk_usage(settings.home)
    return usage.free // MEGABYTE, usage.total // MEGABYTE
