"""By which names the server is reached, and whose word about a client's address is believed."""

import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.types import Message

from api.door.guard import guard
from api.door.limits import network_of
from api.settings import ServerSettings


def answering(settings: ServerSettings, *, client: tuple[str, int] = ("203.0.113.9", 1)) -> httpx.AsyncClient:
    """A client of a small application behind the guard, which tells whom it believes to talk with."""
    app = FastAPI()

    @app.get("/who")
    async def who(request: Request) -> dict[str, str]:
        return {"network": network_of(request), "scheme": request.url.scheme}

    @app.get("/healthz")
    async def healthz() -> str:
        return "alive"

    guard(app, settings)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, client=client), base_url="http://localhost")


async def status(settings: ServerSettings, host: str, path: str = "/who") -> int:
    async with answering(settings) as client:
        return (await client.get(path, headers={"Host": host})).status_code


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST", "::1"])
async def test_loopback_is_always_this_server(host: str) -> None:
    wanted = 400 if host == "::1" else 200  # without brackets it is a name and a port, and neither

    assert await status(ServerSettings(), host) == wanted


@pytest.mark.parametrize(
    "host",
    [
        "attacker.example",
        "localhost.attacker.example",
        "127.0.0.1.attacker.example",
        "attacker.example#localhost",
        "localhost@attacker.example",
        "attacker.example/localhost",
        "",
        "[::1",
        "192.0.2.1",
    ],
)
async def test_a_foreign_name_as_in_dns_rebinding_is_refused(host: str) -> None:
    assert await status(ServerSettings(), host) == 400


async def test_two_names_at_once_are_refused() -> None:
    async with answering(ServerSettings()) as client:
        answer = await client.get("/who", headers=[("Host", "localhost"), ("Host", "attacker.example")])

    assert answer.status_code == 400
    assert answer.text.startswith("This server does not go by that name")


async def test_the_public_name_and_those_of_the_setting_are_this_server() -> None:
    settings = ServerSettings(
        public_url="https://Experts.example.org:8443", trusted_hosts=("inside.example", "*.example.net")
    )

    answers = {
        host: await status(settings, host)
        for host in (
            *("experts.example.org", "experts.example.org.:443", "inside.example", "a.example.net", "example.net"),
            *("a.b.example.net", "xexample.net", "other.example.org"),
        )
    }

    assert [host for host, answer in answers.items() if answer == 200] == [
        *("experts.example.org", "experts.example.org.:443", "inside.example", "a.example.net", "a.b.example.net"),
    ]


async def test_any_name_is_let_in_only_where_the_setting_says_so() -> None:
    assert await status(ServerSettings(trusted_hosts=("*",)), "attacker.example") == 200


async def test_whoever_watches_over_it_may_ask_by_address() -> None:
    assert await status(ServerSettings(), "10.1.2.3:8000", "/healthz") == 200


def test_hosts_are_read_from_the_environment_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOWWHO_TRUSTED_HOSTS", "a.example, *.example.net")
    monkeypatch.setenv("KNOWWHO_TRUSTED_PROXIES", "10.0.0.0/8,2001:db8::/32")

    settings = ServerSettings()

    assert settings.trusted_hosts == ("a.example", "*.example.net")
    assert [str(network) for network in settings.trusted_proxies] == ["10.0.0.0/8", "2001:db8::/32"]


FORWARDED = {"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https"}


async def told(settings: ServerSettings, peer: str, headers: dict[str, str]) -> dict[str, str]:
    async with answering(settings, client=(peer, 1)) as client:
        answer: dict[str, str] = (await client.get("/who", headers=headers)).json()
        return answer


async def test_nobody_is_believed_who_is_no_proxy_of_ours() -> None:
    assert await told(ServerSettings(), "203.0.113.9", FORWARDED) == {"network": "203.0.113.9", "scheme": "http"}
    assert await told(ServerSettings(), "127.0.0.1", FORWARDED) == {"network": "127.0.0.1", "scheme": "http"}


async def test_a_proxy_of_ours_is_believed() -> None:
    settings = ServerSettings.model_validate({"trusted_proxies": "10.0.0.0/8"})

    assert await told(settings, "10.0.0.5", FORWARDED) == {"network": "198.51.100.7", "scheme": "https"}
    assert await told(settings, "203.0.113.9", FORWARDED) == {"network": "203.0.113.9", "scheme": "http"}


@pytest.mark.parametrize(
    "said",
    ["192.0.2.66, 198.51.100.7", "127.0.0.1, 198.51.100.7", "10.0.0.9, 198.51.100.7, 10.0.0.6", "x, 198.51.100.7"],
)
async def test_what_a_client_wrote_before_the_proxy_is_not_believed(said: str) -> None:
    settings = ServerSettings.model_validate({"trusted_proxies": "10.0.0.0/8"})

    answer = await told(settings, "10.0.0.5", {"X-Forwarded-For": said})

    assert answer["network"] == "198.51.100.7"


@pytest.mark.parametrize(
    "address,network",
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("no address", "elsewhere"),
    ],
)
async def test_an_ipv6_household_is_one_network(address: str, network: str) -> None:
    assert (await told(ServerSettings(), address, {}))["network"] == network


async def test_a_websocket_by_a_foreign_name_is_refused() -> None:
    app = FastAPI()
    guard(app, ServerSettings())
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "websocket", "path": "/graphql", "headers": [(b"host", b"attacker.example")]}
    await app(scope, receive, send)

    assert [message["type"] for message in sent] == ["websocket.http.response.start", "websocket.http.response.body"]
    assert sent[0]["status"] == 400
