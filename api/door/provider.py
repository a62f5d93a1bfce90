"""Signing in through an OpenID provider: authorisation code with PKCE, every answer checked, nothing of it kept.

OpenID Connect Core 1.0, Discovery 1.0 and RP-Initiated Logout 1.0, with RFC 7636 (PKCE) and RFC 9207 (issuer in the
answer). What the provider says of itself and its keys are held for an hour at most; that is a cache, which each replica
fills for itself. It knows nothing of accounts: it says who the provider holds the person to be.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote_plus

import httpx
import orjson
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, InvalidKeyIdError, JoseError, MissingClaimError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from pydantic import BaseModel, ConfigDict, Field, SecretStr, TypeAdapter, ValidationError, field_validator

from api.door.sign_in_failures import (
    CodeRefused,
    Denied,
    ProviderMisbehaved,
    ProviderUnreachable,
    WrongIssuer,
    known_word,
)
from api.settings import ProviderSettings, is_safe_address
from graph.settings import secret_of

__all__ = ["Identity", "OpenIDProvider"]

ALGORITHMS: Final = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"})
"""Signatures that only the provider can make; never 'none', never one made with a secret that we share (RFC 8725)."""
LARGEST_ANSWER: Final = 262_144
LONGEST_SUBJECT: Final = 255  # OpenID Connect Core 1.0, 2
KEPT_FOR_S: Final = 3600.0
ASK_FOR_KEYS_AFTER_S: Final = 10.0
"""An unknown key is asked for at once, but not again and again: a provider that signs with keys it does not publish
must not be asked for them at every sign-in."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the provider holds somebody to be; the address counts only if the provider has verified it."""

    issuer: str
    subject: str
    email: str | None
    email_verified: bool


class _Metadata(BaseModel):
    """What of a provider's discovery document is used (OpenID Connect Discovery 1.0, 3)."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    end_session_endpoint: str | None = None
    algorithms: list[str] = Field(["RS256"], alias="id_token_signing_alg_values_supported")
    names_its_issuer: bool = Field(default=False, alias="authorization_response_iss_parameter_supported")

    @field_validator(
        "authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint", "end_session_endpoint"
    )
    @classmethod
    def _is_safe(cls, endpoint: str | None) -> str | None:
        if endpoint is not None and not is_safe_address(endpoint):
            raise ValueError("not https")
        return endpoint


@dataclass(frozen=True, slots=True)
class _Known:
    """What is held of the provider, and since when (a monotonic clock)."""

    metadata: _Metadata
    keys: KeySet
    since: float


class _Person(BaseModel):
    """The claims about a person that are used (OpenID Connect Core 1.0, 5.1)."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    sub: str = Field(min_length=1, max_length=LONGEST_SUBJECT)
    email: str | None = None
    email_verified: bool = False

    @field_validator("email_verified", mode="before")
    @classmethod
    def _is_said_plainly(cls, said: object) -> bool:
        """Some providers write the word; whatever else they write is no."""
        return said is True or said == "true"


_ANSWER = TypeAdapter(dict[str, Any])


class OpenIDProvider:
    """The provider that this network's settings name; made once, shared by all requests of a process."""

    def __init__(self, settings: ProviderSettings) -> None:
        """Raises as :func:`graph.settings.secret_of` does if the client secret cannot be used."""
        assert settings.oidc_issuer is not None  # noqa: S101 -- see of()
        assert settings.oidc_client_id is not None  # noqa: S101 -- the settings hold it beside the issuer
        self.name = settings.oidc_name
        self._issuer = settings.oidc_issuer
        self._client_id = settings.oidc_client_id
        self._scopes = settings.oidc_scopes
        self._skew_s = settings.oidc_clock_skew_s
        self._timeout_s = settings.oidc_timeout_s
        self._client_auth = _client_auth(
            settings.oidc_client_id,
            secret_of(
                settings.oidc_client_secret,
                settings.oidc_client_secret_file,
                setting="OIDC_CLIENT_SECRET",
                shortest=1,  # the provider chose it
            ),
        )
        self._known: _Known | None = None
        self._asked_for_keys_at = float("-inf")
        self._learning = asyncio.Lock()

    @classmethod
    def of(cls, settings: ProviderSettings) -> "OpenIDProvider | None":
        """The provider of the settings; None if they name none."""
        return None if settings.oidc_issuer is None else cls(settings)

    async def authorisation_address(self, *, callback: str, state: str, nonce: str, verifier: str) -> str:
        """Where the browser is sent to sign in.

        Raises:
            SignInFailed: the provider does not answer, or not properly.
        """
        known = await self._learn()
        address: str = prepare_grant_uri(
            known.metadata.authorization_endpoint,
            client_id=self._client_id,
            response_type="code",
            redirect_uri=callback,
            scope=self._scopes,
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )
        return address

    async def sign_out_address(self, *, back_to: str) -> str | None:
        """Where a browser signs out of the provider as well and is sent back from; None if it has no such place.

        The network is named by its client id, not by an id token, so no id token needs to be kept; the provider asks
        the person whether they mean it (RP-Initiated Logout 1.0, 2).

        Raises:
            SignInFailed: the provider does not answer, or not properly.
        """
        endpoint = (await self._learn()).metadata.end_session_endpoint
        if endpoint is None:
            return None
        address: str = add_params_to_uri(
            endpoint, [("client_id", self._client_id), ("post_logout_redirect_uri", back_to)]
        )
        return address

    async def identity(self, answer: Mapping[str, str], *, callback: str, nonce: str, verifier: str) -> Identity:
        """Who signed in, from what the provider sent the browser back with (``code``, ``iss``, ``error``).

        Raises:
            SignInFailed: one of its kinds, which says what was wrong.
        """
        known = await self._learn()
        self._check_sender(known.metadata, answer.get("iss"))
        if "error" in answer:
            raise Denied(answer["error"])
        if not answer.get("code"):
            raise ProviderMisbehaved("no code")
        tokens = await self._redeem(known.metadata, code=answer["code"], callback=callback, verifier=verifier)
        claims = await self._verified(tokens, nonce=nonce)
        person = _person(claims)
        if not person.email_verified and known.metadata.userinfo_endpoint and "access_token" in tokens:
            person = await self._described(known.metadata.userinfo_endpoint, tokens["access_token"], who=person)
        return Identity(self._issuer, person.sub, person.email, person.email is not None and person.email_verified)

    def _check_sender(self, metadata: _Metadata, issuer: str | None) -> None:
        """RFC 9207, 2.4: compared whenever there is one, and missed where the provider says that it sends one."""
        if issuer != self._issuer and (issuer is not None or metadata.names_its_issuer):
            raise WrongIssuer

    async def _learn(self) -> _Known:
        """What is known of the provider, asked for anew after an hour; those who come at once ask once."""
        async with self._learning:
            if self._known is None or time.monotonic() - self._known.since > KEPT_FOR_S:
                answer = await self._ask("discovery", "GET", get_well_known_url(self._issuer, external=True))
                try:
                    metadata = _Metadata.model_validate(answer)
                except ValidationError as error:
                    raise ProviderMisbehaved("discovery: not as it should be") from error
                if metadata.issuer != self._issuer:
                    raise ProviderMisbehaved("discovery: another issuer")
                self._known = _Known(metadata, await self._keys(metadata), time.monotonic())
            return self._known

    async def _keys(self, metadata: _Metadata) -> KeySet:
        """The provider's published keys."""
        answer = await self._ask("keys", "GET", metadata.jwks_uri)
        try:
            return KeySet.import_key_set({"keys": answer["keys"]})
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise ProviderMisbehaved("keys: not as they should be") from error

    async def _learn_keys(self) -> KeySet:
        """The keys as they are published now, because a token is signed with an unknown one.

        Raises:
            ProviderMisbehaved: they were asked for only a moment ago.
        """
        known = await self._learn()
        async with self._learning:
            now = time.monotonic()
            if now - self._asked_for_keys_at < ASK_FOR_KEYS_AFTER_S:
                raise ProviderMisbehaved("id token: unknown key")
            self._asked_for_keys_at = now
            keys = await self._keys(known.metadata)
            self._known = _Known(known.metadata, keys, known.since)
            return keys

    async def _redeem(self, metadata: _Metadata, *, code: str, callback: str, verifier: str) -> Mapping[str, Any]:
        """The token endpoint's answer to a code."""
        body: str = prepare_token_request(
            "authorization_code", code=code, redirect_uri=callback, code_verifier=verifier
        )
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        address, headers, body = self._client_auth.prepare("POST", metadata.token_endpoint, headers, body)
        return await self._ask("token", "POST", address, headers=headers, content=body)

    async def _verified(self, tokens: Mapping[str, Any], *, nonce: str) -> Mapping[str, Any]:
        """The claims of an id token that is this provider's, for this network, for this sign-in, and of now.

        OpenID Connect Core 1.0, 3.1.3.7.
        """
        text = tokens.get("id_token")
        if not isinstance(text, str):
            raise ProviderMisbehaved("id token: none")
        known = await self._learn()
        try:
            try:
                token = self._decoded(text, known.metadata, known.keys)
            except InvalidKeyIdError:
                token = self._decoded(text, known.metadata, await self._learn_keys())
            CodeIDToken(
                token.claims,
                token.header,
                {
                    "iss": {"essential": True, "value": self._issuer},
                    "aud": {"essential": True, "value": self._client_id},
                },
                {"nonce": nonce, "client_id": self._client_id, "access_token": tokens.get("access_token")},
            ).validate(leeway=self._skew_s)
        except ExpiredTokenError as error:
            raise ProviderMisbehaved("id token: expired") from error
        except InvalidClaimError as error:
            raise ProviderMisbehaved(f"id token: invalid {error.claim}") from error
        except MissingClaimError as error:
            raise ProviderMisbehaved("id token: a claim is missing") from error
        except InvalidKeyIdError as error:
            raise ProviderMisbehaved("id token: unknown key") from error
        except (JoseError, TypeError, ValueError) as error:
            raise ProviderMisbehaved("id token: not signed as it should be") from error
        return token.claims

    @staticmethod
    def _decoded(text: str, metadata: _Metadata, keys: KeySet) -> jwt.Token:
        algorithms = ALGORITHMS & set(metadata.algorithms)
        if not algorithms:  # an empty set would allow joserfc's own
            raise ProviderMisbehaved("discovery: no algorithm that can be used")
        return jwt.decode(text, keys, registry=JWSRegistry(algorithms=algorithms, strict_check_header=False))

    async def _described(self, endpoint: str, access_token: object, *, who: _Person) -> _Person:
        """The person as the userinfo endpoint has them, if it speaks of the same one (Core 1.0, 5.3.2)."""
        claims = await self._ask("userinfo", "GET", endpoint, headers={"Authorization": f"Bearer {access_token}"})
        person = _person(claims)
        if person.sub != who.sub:
            raise ProviderMisbehaved("userinfo: of somebody else")
        return person

    async def _ask(
        self, what: str, method: str, address: str, *, headers: Mapping[str, str] | None = None, content: str = ""
    ) -> Mapping[str, Any]:
        """The provider's answer, a JSON object of bounded size, in bounded time, from where it was asked.

        A client for each request: sign-ins are rare, and nothing is then left open between them.
        """
        # An answer that is not compressed cannot be larger than what arrives.
        asked = {"Accept": "application/json", "Accept-Encoding": "identity", **(headers or {})}
        body = bytearray()
        try:
            async with (
                asyncio.timeout(self._timeout_s),
                httpx.AsyncClient(timeout=self._timeout_s, follow_redirects=False) as client,
                client.stream(method, address, headers=asked, content=content or None) as response,
            ):
                async for piece in response.aiter_raw():
                    body += piece
                    if len(body) > LARGEST_ANSWER:
                        raise ProviderMisbehaved(f"{what}: too large")
        except (TimeoutError, httpx.TimeoutException) as error:
            raise ProviderUnreachable(f"{what}: no answer in time") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ProviderUnreachable(f"{what}: {type(error).__name__}") from error
        return self._understood(what, response.status_code, bytes(body))

    @staticmethod
    def _understood(what: str, status: int, body: bytes) -> Mapping[str, Any]:
        if httpx.codes.is_server_error(status):
            raise ProviderUnreachable(f"{what}: {status}")
        try:
            answer = _ANSWER.validate_python(orjson.loads(body))
        except (orjson.JSONDecodeError, ValidationError) as error:
            raise ProviderMisbehaved(f"{what}: {status}, no JSON object") from error
        if status == httpx.codes.OK:
            return answer
        if what == "token" and answer.get("error") == "invalid_grant":
            raise CodeRefused
        raise ProviderMisbehaved(f"{what}: {status} {known_word(answer.get('error'))}")


def _client_auth(client_id: str, secret: SecretStr | None) -> ClientAuth:
    """How the network proves to the token endpoint which client it is; both parts encoded as RFC 6749, 2.3.1 has it."""
    if secret is None:
        return ClientAuth(client_id, None, "none")
    return ClientAuth(quote_plus(client_id), quote_plus(secret.get_secret_value()), "client_secret_basic")


def _person(claims: Mapping[str, Any]) -> _Person:
    try:
        return _Person.model_validate(claims)
    except ValidationError as error:
        raise ProviderMisbehaved("claims: not as they should be") from error
