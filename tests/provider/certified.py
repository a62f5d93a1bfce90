"""A certified OpenID provider (npm's oidc-provider) as a child process on loopback, and a person who signs in there."""

import asyncio
import json
import os
import re
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import httpx
from joserfc.jwk import RSAKey

from tests.npm import NODE, installed

__all__ = ["ACCOUNTS", "CertifiedProvider", "certified_provider", "installed_provider", "signing_key"]

READY_WITHIN_S: Final = 30.0

ACCOUNTS: Final[dict[str, dict[str, Any]]] = {
    "ama": {"email": "ama@example.org", "email_verified": True},
    "salma": {"email": "salma@example.org", "email_verified": False},
    "nameless": {},
    "odd": {"email": "no address", "email_verified": True},
}
"""Who can sign in at the provider, with any password, and what it says of them."""


def installed_provider() -> Path:
    """The folder of the provider's program and packages, in the user's cache; made by whoever comes first."""
    return installed(Path(__file__).parent, programs=["server.mjs"])


def signing_key() -> dict[str, Any]:
    """A new private key to sign with, as a JSON Web Key with an id of its own."""
    key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
    return dict(key.as_dict(private=True))


class CertifiedProvider:
    """A running provider, and how a browser's user gets through its forms."""

    def __init__(self, folder: Path, client: dict[str, Any]) -> None:
        self._folder = folder
        self._client = client
        self._process: asyncio.subprocess.Process | None = None
        self.issuer = ""

    async def start(self, *, keys: Sequence[dict[str, Any]], port: int = 0) -> None:
        """Start it, and return when it listens."""
        configuration = {
            "port": port,
            "clients": [self._client],
            "people": ACCOUNTS,
            "keys": list(keys),
        }
        self._process = await asyncio.create_subprocess_exec(
            *(str(NODE), "server.mjs", json.dumps(configuration)),
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: value for name, value in os.environ.items() if not name.startswith(("NODE_", "npm_"))},
        )
        assert self._process.stdout is not None
        async with asyncio.timeout(READY_WITHIN_S):
            line = (await self._process.stdout.readline()).decode()
        assert line.startswith("listening "), "the provider ended before it listened"
        self.issuer = line.split()[1]

    async def stop(self) -> None:
        """End it by its process, and return when it has ended."""
        if self._process is not None:
            self._process.terminate()
            await self._process.communicate()
            self._process = None

    async def restart(self, *, keys: Sequence[dict[str, Any]]) -> None:
        """Start it again at the same address, with other keys and without a memory."""
        port = int(self.issuer.rpartition(":")[2])
        await self.stop()
        await self.start(keys=keys, port=port)

    async def signed_in(self, address: str, *, login: str) -> str:
        """Where the provider sends a browser back to that came by ``address`` and signed in as ``login``."""
        async with self.browser() as browser:
            return await self.sign_in(browser, address, login=login)

    async def sign_in(self, browser: httpx.AsyncClient, address: str, *, login: str) -> str:
        """The same, in a browser that keeps the provider's cookies."""
        form = await _followed(browser, address)
        form = await _followed(browser, _action(form), data={"prompt": "login", "login": login, "password": "any"})
        back = await _followed(browser, _action(form), data={"prompt": "consent"})
        return back.headers["location"]

    async def given_up(self, address: str) -> str:
        """Where the provider sends a browser back to whose user gave up at the form."""
        async with self.browser() as browser:
            form = await _followed(browser, address)
            back = await _followed(browser, f"{_action(form)}/abort")
            return back.headers["location"]

    async def sign_out(self, browser: httpx.AsyncClient, address: str) -> str:
        """Where the provider sends a browser back to that came by ``address`` and confirmed that it signs out."""
        form = await _followed(browser, address)
        xsrf = re.search(r'name="xsrf" value="(\w+)"', form.text)
        assert xsrf is not None
        back = await _followed(browser, _action(form), data={"xsrf": xsrf[1], "logout": "yes"})
        return back.headers["location"]

    async def page(self, browser: httpx.AsyncClient, address: str) -> httpx.Response:
        """The provider's page that a browser comes to."""
        return await _followed(browser, address)

    @asynccontextmanager
    async def browser(self) -> AsyncIterator[httpx.AsyncClient]:
        """A browser's cookies at the provider, and nowhere else."""
        async with httpx.AsyncClient(base_url=self.issuer) as browser:
            yield browser


@asynccontextmanager
async def certified_provider(*, back_to: str, secret: str | None) -> AsyncIterator[CertifiedProvider]:
    """A provider that knows the network at ``back_to``, as a public client if there is no secret."""
    client = {
        "client_id": "knowwho",
        "redirect_uris": [f"{back_to}/sign-in/provider/callback"],
        "post_logout_redirect_uris": [f"{back_to}/"],
        **({"client_secret": secret} if secret else {"token_endpoint_auth_method": "none"}),
    }
    folder = await asyncio.to_thread(installed_provider)
    provider = CertifiedProvider(folder, client)
    try:
        await provider.start(keys=[signing_key()])
        yield provider
    finally:
        await provider.stop()


async def _followed(browser: httpx.AsyncClient, address: str, *, data: dict[str, str] | None = None) -> httpx.Response:
    """The first answer that is a page of the provider, or a redirect to another site."""
    response = await (browser.get(address) if data is None else browser.post(address, data=data))
    while response.is_redirect:
        assert response.next_request is not None
        if response.next_request.url.netloc != browser.base_url.netloc:
            return response
        response = await browser.send(response.next_request)
    response.raise_for_status()
    return response


def _action(page: httpx.Response) -> str:
    """Where the form of a page is sent."""
    found = re.search(r'action="([^"]+)"', page.text)
    assert found is not None
    return found[1]
