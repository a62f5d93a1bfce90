"""A second issuer on loopback, with real keys, which answers as a test tells it to: late, too much, or with a lie."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, Final

import uvicorn
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from joserfc.jws import JWSRegistry
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

__all__ = ["Issuer", "issuer_of_its_own", "key"]

Answer = Callable[[Request], Awaitable[Response]]

ANY_ALGORITHM: Final = JWSRegistry(algorithms=list(JWSRegistry.algorithms))


class Issuer:
    """What it answers by path, and what it was asked."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.key = key("of the issuer")
        self.asked: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.discovery: dict[str, Any] = {
            "issuer": address,
            "authorization_endpoint": f"{address}/authorise",
            "token_endpoint": f"{address}/token",
            "jwks_uri": f"{address}/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
        }
        self.answers: dict[str, Answer] = {
            "/.well-known/openid-configuration": self._discovery,
            "/keys": self._keys,
        }

    def times_asked(self, path: str) -> int:
        """How often a path was asked for."""
        return [asked for asked, _, _ in self.asked].count(path)

    def claims(self, nonce: str, /, **changed: object) -> dict[str, Any]:
        """What an honest id token says, but for what is changed; a claim that becomes None is left out."""
        now = int(time.time())
        honest = {
            "iss": self.address,
            "sub": "ama",
            "aud": "knowwho",
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            "email": "ama@example.org",
            "email_verified": True,
        }
        return {name: value for name, value in {**honest, **changed}.items() if value is not None}

    def signed(
        self, claims: dict[str, Any], *, by: RSAKey | OctKey | None = None, algorithm: str = "RS256", kid: str = ""
    ) -> str:
        """A token with these claims, truly signed, by default with the key that is published."""
        signer = by or self.key
        header = {"alg": algorithm, "kid": kid or str(signer.kid)}
        return jwt.encode(header, dict(claims), signer, registry=ANY_ALGORITHM)

    def will_give(self, id_token: object, **others: object) -> None:
        """Let the token endpoint answer every code with this."""

        async def tokens(_: Request) -> Response:
            return JSONResponse(
                {"access_token": "an access token", "token_type": "Bearer", "id_token": id_token, **others}
            )

        self.answers["/token"] = tokens

    async def _discovery(self, _: Request) -> Response:
        return JSONResponse(self.discovery)

    async def _keys(self, _: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """The ASGI application."""
        request = Request(scope, receive)
        form = {name: str(value) for name, value in (await request.form()).items()}
        self.asked.append((request.url.path, dict(request.headers), form))
        response = await self.answers[request.url.path](request)
        await response(scope, receive, send)


class _Server(uvicorn.Server):
    """A server that says when it serves."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.serves = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.serves.set()


@asynccontextmanager
async def issuer_of_its_own() -> AsyncIterator[Issuer]:
    """An issuer on a free port, for one test."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    issuer = Issuer(f"http://127.0.0.1:{listener.getsockname()[1]}")
    server = _Server(uvicorn.Config(issuer, lifespan="off", log_config=None))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    await server.serves.wait()
    try:
        yield issuer
    finally:
        server.should_exit = server.force_exit = True  # some answers never end
        await serving


@cache
def key(name: str) -> RSAKey:
    """A key to sign with: always the same one under one name, since making one takes long."""
    return RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
