"""How often anybody may do what costs something: sign-in, search, changes, GraphQL, and what its queries cost.

Viewers who are known are counted by account or token, everybody else by network address. Signing in is counted so that
nobody can lock somebody else out: what strangers do to an e-mail address slows down strangers, and never the browsers
on which its owner signed in before (the device cookies of OWASP's "Slow Down Online Guessing Attacks").
"""

import ipaddress
import math
import time
from collections.abc import Awaitable, Callable
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

import strawberry
import structlog
from fastapi import Request
from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter
from limits.errors import StorageError

from api.door.known import known_of
from api.door.visitors import visitor_of
from api.settings import LimitSettings
from graph.credentials import digest_of
from graph.errors import GraphError
from graph.settings import secret_of
from graph.viewer import Role

__all__ = [
    "Limited",
    "Limits",
    "RateLimited",
    "left_of",
    "limited_graphql",
    "limited_sign_in",
    "network_of",
    "pay",
    "spend",
    "spend_answer",
    "spend_sign_in",
]

log = structlog.get_logger(__name__)

T = TypeVar("T")

STORE_TIMEOUT_S = 0.5
STORE_TRIED_AGAIN_AFTER_S = 10.0


class Limited(StrEnum):
    """What is limited, in the words of the sentence that refuses it."""

    SIGN_IN = "attempts to sign in"
    ANSWER = "answers"
    SEARCH = "questions"
    SUGGESTION = "suggestions"
    MUTATION = "changes"
    GRAPHQL = "GraphQL requests"
    COST = "costly queries"


class RateLimited(GraphError):
    """Somebody did something more often than they may; the sentence says when they may again."""

    def __init__(self, what: Limited, *, retry_after_s: int) -> None:
        self.what = what
        self.retry_after_s = retry_after_s
        # What a GraphQL error of this kind tells programs.
        self.extensions = {"code": "RATE_LIMITED", "retryAfterS": retry_after_s}
        super().__init__(f"These were too many {what} at once; try again {_in_words(retry_after_s)}.")


class Limits:
    """The counters of one server, or those that all servers of a network share."""

    def __init__(self, settings: LimitSettings) -> None:
        """Counters as the settings want them.

        Raises:
            SecretUnreadable, SecretExposed, SecretWeak: the store's password cannot be used.
        """
        self.settings = settings
        self._own = FixedWindowRateLimiter(MemoryStorage())
        self._store = _store(settings)
        self._shared = FixedWindowRateLimiter(self._store) if self._store else None
        self._is_lost = False
        self._tried_again_at = 0.0
        self.sign_in = parse(settings.limit_sign_in)
        self.letters = parse(settings.limit_sign_in_letters)
        self.strangers = parse(settings.limit_sign_in_strangers)
        self.of_viewer = {
            Limited.SEARCH: parse(settings.limit_search),
            Limited.SUGGESTION: parse(settings.limit_suggestion),
            Limited.MUTATION: parse(settings.limit_mutation),
            Limited.GRAPHQL: parse(settings.limit_graphql),
            Limited.COST: parse(settings.limit_cost),
        }

    async def spend(self, what: Limited, limit: RateLimitItem, *who: str, times: int = 1) -> None:
        """Count one, or some, for whoever it is.

        A store that is lost leaves everybody limited: each server then counts for itself until the store is back.

        Raises:
            RateLimited: it is one too many.
        """
        wait_s = await self._counted(partial(_hit, limit=limit, who=(what.name, *who), times=times))
        if wait_s is not None:
            raise RateLimited(what, retry_after_s=wait_s)

    async def pay(self, cost: int, *who: str) -> int:
        """Take what a query costs from what somebody may spend in this window; what is left of it.

        A query that is refused costs nothing, so what is left can still be spent on smaller ones.

        Raises:
            RateLimited: less than the cost is left.
        """
        limit = self.of_viewer[Limited.COST]
        left, wait_s = await self._counted(partial(_pay, limit=limit, who=(Limited.COST.name, *who), cost=cost))
        if wait_s is not None:
            raise RateLimited(Limited.COST, retry_after_s=wait_s)
        return left

    async def left(self, *who: str) -> int:
        """What somebody may still spend on queries in this window."""
        limit = self.of_viewer[Limited.COST]
        return await self._counted(partial(_left, limit=limit, who=(Limited.COST.name, *who)))

    async def close(self) -> None:
        """Let go of the store."""
        if self._store is not None:
            await self._store.bridge.get_connection().aclose()  # type: ignore[attr-defined]

    async def _counted(self, count: Callable[[FixedWindowRateLimiter], Awaitable[T]]) -> T:
        if self._shared is not None and time.monotonic() >= self._tried_again_at:
            try:
                counted = await count(self._shared)
            except (StorageError, OSError) as error:
                self._tried_again_at = time.monotonic() + STORE_TRIED_AGAIN_AFTER_S
                if not self._is_lost:
                    self._is_lost = True
                    log.error("limits_store_lost", exc_info=error)  # noqa: TRY400 -- handled here
            else:
                if self._is_lost:
                    self._is_lost = False
                    log.warning("limits_store_back")
                return counted
        return await count(self._own)


async def spend(source: "Request | strawberry.Info[Any, Any]", what: Limited, *, times: int = 1) -> None:
    """Count one search, change or GraphQL request of whoever asks; nothing where the schema is asked without a server.

    Raises:
        RateLimited: it is one too many.
    """
    request = source if isinstance(source, Request) else source.context.request
    if not isinstance(request, Request):
        return
    limits: Limits = request.app.state.limits
    await limits.spend(what, limits.of_viewer[what], await _who(request), times=times)


async def pay(request: Request, cost: int) -> int:
    """Take what a query costs from what whoever asks may spend in this window; what is left of it.

    Raises:
        RateLimited: less than the cost is left; nothing was taken.
    """
    limits: Limits = request.app.state.limits
    return await limits.pay(cost, await _who(request))


async def left_of(request: Request) -> int:
    """What whoever asks may still spend on queries in this window."""
    limits: Limits = request.app.state.limits
    return await limits.left(await _who(request))


async def limited_graphql(request: Request) -> None:
    """The dependency that counts a GraphQL request.

    Raises:
        RateLimited: it is one too many.
    """
    await spend(request, Limited.GRAPHQL)


async def limited_sign_in(request: Request) -> None:
    """The dependency that counts a step of signing in that names no e-mail address.

    Raises:
        RateLimited: it is one too many.
    """
    await spend_sign_in(request)


async def spend_sign_in(request: Request, *, email: str | None = None) -> None:
    """Count one step of signing in; with the e-mail address, if a letter is asked for.

    The answer is the same for addresses that are known here and those that are not.

    Raises:
        RateLimited: it is one too many: from this browser if its owner has signed in on it before, else from this
            network address, or to this e-mail address from all browsers that never signed in to it.
    """
    limits: Limits = request.app.state.limits
    browser, owner = await known_of(request)
    wanted = email.strip().casefold() if email is not None else None
    if browser is not None and wanted in {None, owner}:
        await limits.spend(Limited.SIGN_IN, limits.sign_in, "browser", browser)
        if wanted is not None:
            await limits.spend(Limited.SIGN_IN, limits.letters, "letters", browser)
        return
    network = network_of(request)
    await limits.spend(Limited.SIGN_IN, limits.sign_in, "network", network)
    if wanted is not None:
        # One after the other: what one network is refused takes nothing from the others.
        await limits.spend(Limited.SIGN_IN, limits.letters, "letters", digest_of(wanted), network)
        await limits.spend(Limited.SIGN_IN, limits.strangers, "strangers", digest_of(wanted))


async def spend_answer(request: Request) -> None:
    """Count one answer by the link of a letter, as often as one may sign in.

    Raises:
        RateLimited: it is one too many from this network address.
    """
    limits: Limits = request.app.state.limits
    await limits.spend(Limited.ANSWER, limits.sign_in, "network", network_of(request))


def network_of(request: Request) -> str:
    """The network that a request came from: an IPv4 address, or the /64 of an IPv6 one, which one household has."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "elsewhere"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            return str(ipaddress.IPv6Network((int(address), 64), strict=False))
        address = address.ipv4_mapped
    return str(address)


def _store(settings: LimitSettings) -> RedisStorage | None:
    if settings.limits_store == "memory://":
        return None
    password = secret_of(
        settings.limits_store_password, settings.limits_store_password_file, setting="LIMITS_STORE_PASSWORD"
    )
    # Valkey's client speaks to Redis as well; it only wants to hear its own name.
    address = settings.limits_store.replace("redis", "valkey", 1)
    return RedisStorage(
        f"async+{address}",
        wrap_exceptions=True,
        key_prefix="knowwho",
        socket_timeout=STORE_TIMEOUT_S,
        socket_connect_timeout=STORE_TIMEOUT_S,
        password=password.get_secret_value() if password else "",
    )


async def _who(request: Request) -> str:
    """By what a viewer is counted."""
    visitor = getattr(request.state, "visitor", None) or await visitor_of(request)
    viewer = visitor.viewer
    return network_of(request) if viewer.role is Role.PUBLIC and viewer.actor == "public" else viewer.counted_as


async def _hit(
    limiter: FixedWindowRateLimiter, *, limit: RateLimitItem, who: tuple[str, ...], times: int
) -> int | None:
    """Count it; None if it may be, else the seconds until the next one may."""
    if await limiter.hit(limit, *who, cost=times):
        return None
    return await _wait_s(limiter, limit, who)


async def _pay(
    limiter: FixedWindowRateLimiter, *, limit: RateLimitItem, who: tuple[str, ...], cost: int
) -> tuple[int, int | None]:
    """What is left, and None if the cost was taken, else the seconds until there is more."""
    key, expiry_s = limit.key_for(*who), limit.get_expiry()
    left = limit.amount - await limiter.storage.incr(key, expiry_s, amount=cost)
    if left >= 0:
        return left, None
    await limiter.storage.incr(key, expiry_s, amount=-cost)
    return max(0, left + cost), await _wait_s(limiter, limit, who)


async def _left(limiter: FixedWindowRateLimiter, *, limit: RateLimitItem, who: tuple[str, ...]) -> int:
    window = await limiter.get_window_stats(limit, *who)
    return max(0, window.remaining)


async def _wait_s(limiter: FixedWindowRateLimiter, limit: RateLimitItem, who: tuple[str, ...]) -> int:
    window = await limiter.get_window_stats(limit, *who)
    return max(1, math.ceil(window.reset_time - time.time()))


def _in_words(seconds: int) -> str:
    if seconds < 120:
        return f"in {seconds} second{'' if seconds == 1 else 's'}"
    return f"in {math.ceil(seconds / 60)} minutes"
