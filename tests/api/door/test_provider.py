"""What an OpenID provider answers is believed only if it is this provider's, for this network, this sign-in and now."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import OctKey
from pydantic import SecretStr, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse

from api.door import provider as module
from api.door.provider import Identity, OpenIDProvider
from api.door.sign_in_failures import (
    CodeRefused,
    Denied,
    ProviderMisbehaved,
    ProviderUnreachable,
    SignInFailed,
    WrongIssuer,
)
from api.failures import sentence_for
from api.settings import ProviderSettings
from graph.settings import SecretExposed
from tests.provider.issuer import Issuer, issuer_of_its_own, key

CALLBACK = "http://knowwho.test/sign-in/provider/callback"
NONCE = "a nonce"
VERIFIER = "a-verifier-of-forty-three-characters-or-more"
AMA = ("ama", "ama@example.org", True)


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with issuer_of_its_own() as running:
        running.will_give(running.signed(running.claims(NONCE)))
        yield running


@pytest.fixture
def provider(issuer: Issuer) -> OpenIDProvider:
    return of(issuer)


def of(issuer: Issuer, **changed: Any) -> OpenIDProvider:
    """The network's side of an issuer."""
    settings: dict[str, Any] = {
        "oidc_issuer": issuer.address,
        "oidc_client_id": "knowwho",
        "oidc_client_secret": SecretStr("a secret of the client"),
    }
    return OpenIDProvider(ProviderSettings(**{**settings, **changed}))


async def came_back(provider: OpenIDProvider, **answer: str) -> Identity:
    """Who comes back from the provider with this answer, by default with a code."""
    return await provider.identity(answer or {"code": "a code"}, callback=CALLBACK, nonce=NONCE, verifier=VERIFIER)


async def refused(provider: OpenIDProvider, kind: type[SignInFailed] = ProviderMisbehaved, **answer: str) -> str:
    """Why who comes back is not signed in, as the log has it."""
    with pytest.raises(kind) as failure:
        await came_back(provider, **answer)
    return failure.value.reason


async def test_an_honest_token_tells_who_it_is(issuer: Issuer, provider: OpenIDProvider) -> None:
    who = await came_back(provider)

    assert who == Identity(issuer.address, *AMA)


async def test_a_code_is_redeemed_with_the_verifier_and_the_secret_in_the_header(
    issuer: Issuer,
) -> None:
    issuer.will_give(issuer.signed(issuer.claims(NONCE, aud="know:who")))

    await came_back(of(issuer, oidc_client_id="know:who", oidc_client_secret=SecretStr("s/e+c ret")))

    (headers, form) = next((headers, form) for path, headers, form in issuer.asked if path == "/token")
    assert form == {
        "grant_type": "authorization_code",
        "code": "a code",
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }
    # Each part encoded for itself, or a colon could not be told from the one between them (RFC 6749, 2.3.1).
    assert base64.b64decode(headers["authorization"].removeprefix("Basic ")) == b"know%3Awho:s%2Fe%2Bc+ret"


async def test_a_public_client_names_itself_and_shows_no_secret(issuer: Issuer) -> None:
    await came_back(of(issuer, oidc_client_secret=None))

    (headers, form) = next((headers, form) for path, headers, form in issuer.asked if path == "/token")
    assert form["client_id"] == "knowwho"
    assert "authorization" not in headers


async def test_the_browser_is_sent_with_a_challenge_that_fits_the_verifier(provider: OpenIDProvider) -> None:
    address = await provider.authorisation_address(callback=CALLBACK, state="a state", nonce=NONCE, verifier=VERIFIER)

    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
    assert f"code_challenge={challenge}&code_challenge_method=S256" in address
    assert VERIFIER not in address


@pytest.mark.parametrize(
    "changed, reason",
    [
        ({"iss": "https://another.example.org"}, "invalid iss"),
        ({"iss": None}, "a claim is missing"),
        ({"aud": "another client"}, "invalid aud"),
        ({"aud": ["another client", "a third"]}, "invalid aud"),
        ({"aud": None}, "a claim is missing"),
        ({"aud": ["knowwho", "another client"]}, "a claim is missing"),
        ({"azp": "another client"}, "invalid azp"),
        ({"nonce": "of another sign-in"}, "invalid nonce"),
        ({"nonce": None}, "a claim is missing"),
        ({"exp": int(time.time()) - 3600}, "expired"),
        ({"exp": None}, "a claim is missing"),
        ({"exp": "tomorrow"}, "invalid exp"),
        ({"iat": int(time.time()) + 3600, "exp": int(time.time()) + 7200}, "invalid iat"),
        ({"iat": None}, "a claim is missing"),
        ({"nbf": int(time.time()) + 3600}, "invalid nbf"),
        ({"sub": None}, "a claim is missing"),
        ({"sub": 7}, "invalid sub"),
        ({"at_hash": "of another access token"}, "invalid at_hash"),
    ],
)
async def test_a_token_that_says_the_wrong_thing_is_refused(
    issuer: Issuer, provider: OpenIDProvider, *, changed: dict[str, object], reason: str
) -> None:
    issuer.will_give(issuer.signed(issuer.claims(NONCE, **changed)))

    assert await refused(provider) == f"id token: {reason}"


@pytest.mark.parametrize("subject", ["", "a" * 256])
async def test_a_subject_is_neither_empty_nor_endless(
    issuer: Issuer, provider: OpenIDProvider, *, subject: str
) -> None:
    issuer.will_give(issuer.signed(issuer.claims(NONCE, sub=subject)))

    assert await refused(provider) == "claims: not as they should be"


@pytest.mark.parametrize("seconds, is_let_in", [(-50, True), (-70, False)])
async def test_a_clock_may_be_a_minute_off_when_a_token_ends(
    issuer: Issuer, provider: OpenIDProvider, *, seconds: int, is_let_in: bool
) -> None:
    issuer.will_give(issuer.signed(issuer.claims(NONCE, exp=int(time.time()) + seconds)))

    assert await is_in(provider) == is_let_in


@pytest.mark.parametrize("seconds, is_let_in", [(50, True), (70, False)])
async def test_a_clock_may_be_a_minute_off_when_a_token_begins(
    issuer: Issuer, provider: OpenIDProvider, *, seconds: int, is_let_in: bool
) -> None:
    issuer.will_give(issuer.signed(issuer.claims(NONCE, iat=int(time.time()) + seconds)))

    assert await is_in(provider) == is_let_in


async def test_the_clock_skew_is_a_setting(issuer: Issuer) -> None:
    issuer.will_give(issuer.signed(issuer.claims(NONCE, exp=int(time.time()) - 5)))

    assert not await is_in(of(issuer, oidc_clock_skew_s=0))


async def is_in(provider: OpenIDProvider) -> bool:
    try:
        await came_back(provider)
    except SignInFailed:
        return False
    return True


async def test_two_audiences_are_fine_if_the_token_says_that_it_is_for_us(
    issuer: Issuer, provider: OpenIDProvider
) -> None:
    issuer.will_give(issuer.signed(issuer.claims(NONCE, aud=["knowwho", "another"], azp="knowwho")))

    assert (await came_back(provider)).subject == "ama"


async def test_a_key_that_is_not_published_is_refused(issuer: Issuer, provider: OpenIDProvider) -> None:
    issuer.will_give(issuer.signed(issuer.claims(NONCE), by=key("another")))

    assert await refused(provider) == "id token: unknown key"


async def test_another_key_under_a_published_name_is_refused(issuer: Issuer, provider: OpenIDProvider) -> None:
    issuer.will_give(issuer.signed(issuer.claims(NONCE), by=key("another"), kid=str(issuer.key.kid)))

    assert await refused(provider) == "id token: not signed as it should be"


async def test_a_new_key_is_asked_for_when_it_is_met(issuer: Issuer, provider: OpenIDProvider) -> None:
    await came_back(provider)
    issuer.key = key("another")
    issuer.will_give(issuer.signed(issuer.claims(NONCE)))

    assert (await came_back(provider)).subject == "ama"
    assert issuer.times_asked("/keys") == 2


async def test_unknown_keys_do_not_make_us_ask_again_and_again(issuer: Issuer, provider: OpenIDProvider) -> None:
    issuer.will_give(issuer.signed(issuer.claims(NONCE), by=key("another")))

    reasons = [await refused(provider) for _ in range(5)]

    assert set(reasons) == {"id token: unknown key"}
    assert issuer.times_asked("/keys") == 2


async def test_what_is_known_of_the_provider_is_asked_for_once(issuer: Issuer, provider: OpenIDProvider) -> None:
    await asyncio.gather(*(came_back(provider) for _ in range(5)))

    assert (issuer.times_asked("/.well-known/openid-configuration"), issuer.times_asked("/keys")) == (1, 1)


async def test_a_key_that_was_withdrawn_is_not_believed_for_longer_than_it_is_kept(
    issuer: Issuer, provider: OpenIDProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    await came_back(provider)
    issuer.key = key("another")

    monkeypatch.setattr(module, "KEPT_FOR_S", 0.0)

    assert await refused(provider) == "id token: unknown key"


async def test_a_token_without_a_signature_is_refused(issuer: Issuer, provider: OpenIDProvider) -> None:
    issuer.discovery["id_token_signing_alg_values_supported"] = ["RS256", "none"]
    issuer.will_give(unsigned(issuer, algorithm="none") + ".")

    assert await refused(provider) == "id token: not signed as it should be"


def unsigned(issuer: Issuer, *, algorithm: str) -> str:
    """Head and body of an otherwise honest token, which joserfc would not sign in such a way."""
    header = {"alg": algorithm, "kid": issuer.key.kid}
    parts = [json.dumps(part).encode() for part in (header, issuer.claims(NONCE))]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


async def test_a_token_signed_with_the_public_key_as_if_it_were_a_secret_is_refused(
    issuer: Issuer, provider: OpenIDProvider
) -> None:
    issuer.discovery["id_token_signing_alg_values_supported"] = ["RS256", "HS256"]
    text = unsigned(issuer, algorithm="HS256")
    mac = hmac.digest(issuer.key.as_pem(private=False), text.encode(), "sha256")
    issuer.will_give(f"{text}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}")

    assert await refused(provider) == "id token: not signed as it should be"


async def test_a_token_signed_with_the_client_secret_is_refused(issuer: Issuer, provider: OpenIDProvider) -> None:
    issuer.discovery["id_token_signing_alg_values_supported"] = ["HS256"]
    token = issuer.signed(
        issuer.claims(NONCE), by=OctKey.import_key("a secret of the client"), algorithm="HS256", kid=str(issuer.key.kid)
    )
    issuer.will_give(token)

    assert await refused(provider) == "discovery: no algorithm that can be used"


async def test_an_algorithm_that_the_provider_does_not_announce_is_refused(
    issuer: Issuer, provider: OpenIDProvider
) -> None:
    issuer.key = type(issuer.key).generate_key(2048, auto_kid=True)  # its key would do for the other one too
    issuer.will_give(issuer.signed(issuer.claims(NONCE), algorithm="RS512"))

    assert await refused(provider) == "id token: not signed as it should be"


@pytest.mark.parametrize("token", [None, 7, "", "not a token", "a.b.c", "é.é.é", "." * 3])
async def test_what_is_no_token_is_refused(issuer: Issuer, provider: OpenIDProvider, *, token: object) -> None:
    issuer.will_give(token)

    assert (await refused(provider)).startswith("id token: ")


async def test_a_discovery_document_of_another_issuer_is_refused(issuer: Issuer, provider: OpenIDProvider) -> None:
    issuer.discovery["issuer"] = "https://another.example.org"

    assert await refused(provider) == "discovery: another issuer"


@pytest.mark.parametrize("endpoint", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize("address", ["http://provider.example.org/", "javascript:alert(1)", "", None, 7])
async def test_an_endpoint_that_is_not_safe_is_refused(
    issuer: Issuer, provider: OpenIDProvider, *, endpoint: str, address: object
) -> None:
    issuer.discovery[endpoint] = address

    assert await refused(provider) == "discovery: not as it should be"


@pytest.mark.parametrize("keys", [{}, {"keys": []}, {"keys": 7}, {"keys": [7]}, {"keys": [{"kty": "RSA"}]}])
async def test_keys_that_are_none_are_refused(issuer: Issuer, provider: OpenIDProvider, *, keys: object) -> None:
    async def published(_: Request) -> Response:
        return JSONResponse(keys)

    issuer.answers["/keys"] = published

    assert await refused(provider) == "keys: not as they should be"


PATHS = ["/.well-known/openid-configuration", "/keys", "/token"]


@pytest.mark.parametrize("path", PATHS)
async def test_an_answer_without_end_is_refused(issuer: Issuer, provider: OpenIDProvider, *, path: str) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"{" * 65_536
            await asyncio.sleep(0)  # the loop is the asker's too

    async def answer(_: Request) -> Response:
        return StreamingResponse(endless())

    issuer.answers[path] = answer

    assert (await refused(provider)).endswith(": too large")


@pytest.mark.parametrize("path", PATHS)
async def test_an_answer_that_does_not_come_is_not_waited_for(issuer: Issuer, *, path: str) -> None:
    async def answer(_: Request) -> Response:
        await asyncio.Event().wait()
        raise AssertionError

    issuer.answers[path] = answer

    assert (await refused(of(issuer, oidc_timeout_s=1), ProviderUnreachable)).endswith(": no answer in time")


async def test_an_answer_that_comes_in_drops_is_not_waited_for(issuer: Issuer) -> None:
    async def drops() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0.05)

    async def answer(_: Request) -> Response:
        return StreamingResponse(drops())

    issuer.answers["/token"] = answer

    async with asyncio.timeout(15):
        assert await refused(of(issuer, oidc_timeout_s=2), ProviderUnreachable) == "token: no answer in time"


@pytest.mark.parametrize("path", PATHS)
async def test_a_redirect_is_not_followed(issuer: Issuer, provider: OpenIDProvider, *, path: str) -> None:
    honest = issuer.answers[path]

    async def answer(_: Request) -> Response:
        return RedirectResponse("/elsewhere")

    issuer.answers |= {path: answer, "/elsewhere": honest}

    await refused(provider)
    assert issuer.times_asked("/elsewhere") == 0


@pytest.mark.parametrize("path", PATHS)
async def test_a_provider_in_trouble_is_not_taken_for_a_liar(
    issuer: Issuer, provider: OpenIDProvider, *, path: str
) -> None:
    async def answer(_: Request) -> Response:
        return Response("<h1>Bad gateway</h1>", status_code=502)

    issuer.answers[path] = answer

    assert (await refused(provider, ProviderUnreachable)).endswith(": 502")


async def test_nobody_at_the_address_is_said(issuer: Issuer) -> None:
    provider = of(issuer, oidc_issuer="http://127.0.0.1:9")

    assert await refused(provider, ProviderUnreachable) == "discovery: ConnectError"


@pytest.mark.parametrize("said", [{"error": "invalid_client"}, {"error": "<script>"}, {"error": 7}, {}])
async def test_an_error_of_the_token_endpoint_reaches_the_log_only_as_a_known_word(
    issuer: Issuer, provider: OpenIDProvider, *, said: dict[str, object]
) -> None:
    async def answer(_: Request) -> Response:
        return JSONResponse(said, status_code=401)

    issuer.answers["/token"] = answer

    word = "invalid_client" if said == {"error": "invalid_client"} else "an error of its own"
    assert await refused(provider) == f"token: 401 {word}"


async def test_a_code_that_is_not_taken_is_said(issuer: Issuer, provider: OpenIDProvider) -> None:
    async def answer(_: Request) -> Response:
        return JSONResponse({"error": "invalid_grant"}, status_code=400)

    issuer.answers["/token"] = answer

    assert await refused(provider, CodeRefused) == "invalid_grant"


async def test_an_answer_that_names_another_issuer_is_refused_before_its_code_is_used(
    issuer: Issuer, provider: OpenIDProvider
) -> None:
    await refused(provider, WrongIssuer, code="a code", iss="https://another.example.org")

    assert issuer.times_asked("/token") == 0


async def test_an_error_that_names_another_issuer_is_refused_too(provider: OpenIDProvider) -> None:
    await refused(provider, WrongIssuer, error="access_denied", iss="https://another.example.org")


async def test_an_answer_must_name_its_issuer_if_the_provider_says_that_it_does(
    issuer: Issuer, provider: OpenIDProvider
) -> None:
    issuer.discovery["authorization_response_iss_parameter_supported"] = True

    await refused(provider, WrongIssuer)

    assert (await came_back(provider, code="a code", iss=issuer.address)).subject == "ama"


@pytest.mark.parametrize("error, reason", [("access_denied", "access_denied"), ("ama said no", "an error of its own")])
async def test_who_is_not_let_in_there_is_not_let_in_here(provider: OpenIDProvider, *, error: str, reason: str) -> None:
    assert await refused(provider, Denied, error=error) == reason


async def test_an_answer_without_a_code_is_refused(provider: OpenIDProvider) -> None:
    assert await refused(provider, state="a state") == "no code"


@pytest.mark.parametrize(
    "verified, counts", [(True, True), ("true", True), (False, False), ("false", False), (None, False), (1, False)]
)
async def test_an_address_counts_only_if_the_provider_has_verified_it(
    issuer: Issuer, provider: OpenIDProvider, *, verified: object, counts: bool
) -> None:
    issuer.will_give(issuer.signed(issuer.claims(NONCE, email_verified=verified)))

    assert (await came_back(provider)).email_verified == counts


async def test_an_address_is_asked_of_the_userinfo_endpoint_if_the_token_has_none(
    issuer: Issuer, provider: OpenIDProvider
) -> None:
    tell(issuer, {"sub": "ama", "email": "ama@example.org", "email_verified": True})

    assert await came_back(provider) == Identity(issuer.address, *AMA)


async def test_userinfo_of_somebody_else_is_refused(issuer: Issuer, provider: OpenIDProvider) -> None:
    tell(issuer, {"sub": "salma", "email": "salma@example.org", "email_verified": True})

    assert await refused(provider) == "userinfo: of somebody else"


def tell(issuer: Issuer, userinfo: dict[str, object]) -> None:
    """Let the token hold no address, and the userinfo endpoint tell one."""

    async def answer(request: Request) -> Response:
        assert request.headers["authorization"] == "Bearer an access token"
        return JSONResponse(userinfo)

    issuer.discovery["userinfo_endpoint"] = f"{issuer.address}/me"
    issuer.answers["/me"] = answer
    issuer.will_give(issuer.signed(issuer.claims(NONCE, email=None, email_verified=None)))


async def test_a_provider_that_signs_nobody_out_has_no_address_for_it(provider: OpenIDProvider) -> None:
    assert await provider.sign_out_address(back_to="http://knowwho.test/") is None


def test_without_an_issuer_there_is_no_provider() -> None:
    assert OpenIDProvider.of(ProviderSettings(oidc_issuer=None)) is None


@pytest.mark.parametrize(
    "issuer",
    [
        *(
            "http://id.example.org",
            "http://127.0.0.1.example.org",
            "ftp://id.example.org",
            "id.example.org",
            "https://",
        ),
        *(
            "https://id.example.org/?tenant=1",
            "https://id.example.org/#one",
            "https://ama@id.example.org",
            "http://[::1",
        ),
    ],
)
def test_an_issuer_that_is_none_is_refused_in_a_sentence(issuer: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        ProviderSettings(oidc_issuer=issuer, oidc_client_id="knowwho")

    assert sentence_for(refusal.value) == (
        "KNOWWHO_OIDC_ISSUER cannot be used (Value error, an issuer begins with https://, or with http:// on loopback, "
        "and has no query); docs/settings.md says what it takes."
    )


@pytest.mark.parametrize("issuer", ["https://id.example.org/realms/one/", "http://127.0.0.1:8080", "http://[::1]:8080"])
def test_an_issuer_is_https_or_on_this_machine(issuer: str) -> None:
    assert ProviderSettings(oidc_issuer=issuer, oidc_client_id="knowwho").oidc_issuer == issuer


def test_an_issuer_without_a_client_id_is_refused_in_a_sentence() -> None:
    with pytest.raises(ValidationError) as refusal:
        ProviderSettings(oidc_issuer="https://id.example.org")

    assert sentence_for(refusal.value).startswith("KNOWWHO_OIDC_CLIENT_ID cannot be used")


def test_scopes_that_do_not_ask_who_it_is_are_refused() -> None:
    with pytest.raises(ValidationError, match="'openid' must be among them"):
        ProviderSettings(oidc_scopes="email profile")


async def test_the_secret_is_read_from_its_file(issuer: Issuer, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.touch(mode=0o600)
    file.write_text("of the file\n")

    await came_back(of(issuer, oidc_client_secret_file=file))

    (headers,) = [headers for path, headers, _ in issuer.asked if path == "/token"]
    assert base64.b64decode(headers["authorization"].removeprefix("Basic ")) == b"knowwho:of+the+file"


def test_a_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("of the file")
    file.chmod(0o644)

    with pytest.raises(SecretExposed):
        OpenIDProvider.of(
            ProviderSettings(
                oidc_issuer="https://id.example.org", oidc_client_id="knowwho", oidc_client_secret_file=file
            )
        )
