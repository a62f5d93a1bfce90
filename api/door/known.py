"""Browsers on which an account's owner has signed in before, by a cookie that only such a sign-in sets.

They are what OWASP's "Slow Down Online Guessing Attacks" calls device cookies: guesses by strangers are slowed down
together, and the owner is not among the strangers.
"""

from fastapi import Request, Response

from api.door.browser import cookie_name, is_secure
from api.network import OpenNetwork
from graph import known_browsers
from graph.accounts import Account, AccountId
from graph.credentials import digest_of, fresh_secret

__all__ = ["known_of", "remember_known"]

KNOWN = "knowwho_known"
KNOWN_FOR_S = 365 * 24 * 3600


async def known_of(request: Request) -> tuple[str | None, str | None]:
    """The digest of the browser that asks and the address of whoever signed in on it; two None if nobody did."""
    cookie = request.cookies.get(cookie_name(KNOWN, secure=is_secure(request)), "")
    account, _, secret = cookie.partition(".")
    if not secret:
        return None, None
    network: OpenNetwork = request.app.state.network
    digest = digest_of(secret)
    owner = await known_browsers.owner(network.graph, account=AccountId(account), digest=digest)
    return (digest, owner) if owner is not None else (None, None)


async def remember_known(request: Request, response: Response, account: Account) -> None:
    """From now on, this browser is one that the account's owner signed in on."""
    _, owner = await known_of(request)
    if owner == account.email:
        return
    network: OpenNetwork = request.app.state.network
    secret = fresh_secret()
    await known_browsers.remember(network.graph, account=account.id, digest=digest_of(secret))
    secure = is_secure(request)
    response.set_cookie(
        cookie_name(KNOWN, secure=secure),
        f"{account.id}.{secret}",
        max_age=KNOWN_FOR_S,
        path="/",
        httponly=True,
        samesite="lax",
        secure=secure,
    )
