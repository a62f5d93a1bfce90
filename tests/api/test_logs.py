"""What is written down: structure, an id and a line for each request; nothing secret or personal, whatever comes."""

import ast
import json
import logging
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from neo4j.exceptions import ConstraintError
from pydantic import BaseModel
from structlog.testing import capture_logs

from api import logs
from api.door.guard import guard
from api.settings import ServerSettings
from graph import accounts, sessions, tokens
from graph.errors import GraphUnavailable
from graph.graph import Graph
from graph.sessions import LIMITS, SignedInBy
from graph.settings import GraphSettings
from graph.viewer import Role
from tests.door import KEEPER, Browse, Serve
from tests.sample_network import environment

ROOT = Path(__file__).parents[2]
WORD = "zanzibarquince"
ENDS_WITHIN_S = 200  # it waits for the encoder that it is still loading
"""Planted, with a number, in everything that a person or a client could send."""

LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
MAY_BE_SAID = {"exc_info", "fields", "is_final", "letter", "pages", "reason", "route", "seconds"}
"""What a line of ours may hold besides its event, a request's and a websocket's apart: no value from outside."""


def told(problem: BaseException) -> str:
    """What a line says of an exception."""
    line = logs._without_messages(None, "error", {"event": "failed", "exc_info": problem})
    return json.dumps(line)


def caught(function: Any, *arguments: Any) -> BaseException:
    with pytest.raises(BaseException) as raised:  # noqa: PT011 -- whatever comes
        function(*arguments)
    return raised.value


class _Form(BaseModel):
    age: int


@pytest.mark.parametrize(
    "problem",
    [
        caught(lambda: _Form(age=f"{WORD}1")),  # type: ignore[arg-type]
        caught(int, f"{WORD}2"),
        caught(dict[str, str]().__getitem__, f"{WORD}3"),
        caught(Path(f"/{WORD}4").read_text),
        caught(f"{WORD}5\ud800".encode),
        ExceptionGroup(f"{WORD}6", [ValueError(f"{WORD}7")]),
    ],
    ids=["pydantic", "ValueError", "KeyError", "OSError", "UnicodeError", "group"],
)
def test_an_exception_is_its_type_and_its_place_without_what_it_quotes(problem: BaseException) -> None:
    assert WORD in repr(problem) or WORD in str(problem)

    line = told(problem)

    assert WORD not in line
    assert type(problem).__name__ in line


def test_what_led_to_an_exception_is_told_as_well() -> None:
    def fail() -> None:
        try:
            int(f"{WORD}1")
        except ValueError as cause:
            raise RuntimeError(f"{WORD}2") from cause

    line = told(caught(fail))

    assert [one["type"] for one in json.loads(line)["exception"]] == ["builtins.RuntimeError", "builtins.ValueError"]
    assert re.search(r"test_logs.py:\d+ fail", line)
    assert WORD not in line


async def test_a_value_that_is_not_unique_is_not_told(graph: Graph) -> None:
    create = "CREATE (:Account {id: $id, email: $email})"
    await graph.write(create, id="1", email=f"{WORD}@example.org")
    with pytest.raises(ConstraintError) as raised:
        await graph.write(create, id="2", email=f"{WORD}@example.org")
    assert WORD in str(raised.value)

    line = told(raised.value)

    assert WORD not in line
    assert "Neo.ClientError.Schema.ConstraintValidationFailed" in line


def test_an_error_of_ours_that_holds_nothing_personal_says_its_sentence() -> None:
    assert "Neo4j at bolt://127.0.0.1:1 does not answer" in told(GraphUnavailable("bolt://127.0.0.1:1"))


@pytest.mark.parametrize("name,says", [("somebodys.library", "library"), ("uvicorn.error", "Text with %s")])
def test_a_librarys_line_tells_where_it_is_said_and_not_what(name: str, says: str) -> None:
    record = logging.LogRecord(name, logging.WARNING, __file__, 7, "Text with %s", (WORD,), None, func="f")

    line = logs._without_text(None, "warning", {"event": record.getMessage(), "_record": record})

    assert line["event"] == says
    assert line["at"] == "api/test_logs.py:7 f"


def test_every_line_of_ours_is_a_constant_with_nothing_from_outside() -> None:
    said = {}
    for file in (file for room in ("api", "graph", "ingest") for file in (ROOT / room).rglob("*.py")):
        for call in (node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)):
            function = call.func
            if not (isinstance(function, ast.Attribute) and function.attr in LEVELS):
                continue
            if ast.unparse(function.value).partition("(")[0] not in {"log", "logger", "structlog.get_logger"}:
                continue
            where = f"{file.relative_to(ROOT)}:{call.lineno}"
            constant = bool(call.args) and isinstance(call.args[0], ast.Constant) and len(call.args) == 1
            said[where] = constant, {word.arg for word in call.keywords} - MAY_BE_SAID

    assert {where for where, (constant, _) in said.items() if not constant} == set()
    odd = {where: words for where, (_, words) in said.items() if words}
    assert {where.partition(":")[0]: words for where, words in odd.items()} == {
        "api/door/requests.py": {None},
        "api/graphql/http/streams/sockets.py": {None},
    }


@pytest.fixture
async def failing() -> FastAPI:
    """An application that fails with what it was given."""
    app = FastAPI()

    @app.post("/fails/{what}")
    async def fails(what: str) -> None:
        raise ValueError(what)

    guard(app, ServerSettings())
    return app


async def test_a_request_is_one_line_with_the_routes_template(failing: FastAPI, browse: Browse) -> None:
    browser = await browse(failing)

    with capture_logs() as lines:
        answer = await browser.post(f"/fails/{WORD}")
        await browser.get(f"/{WORD}")
        await browser.request(WORD.upper(), "/")

    failed, request, missing, odd = lines
    request_id = answer.headers["x-request-id"]
    assert answer.status_code == 500
    assert answer.json() == {"error": f"Something went wrong here; it has been written down as {request_id}."}
    assert (failed["event"], failed["route"]) == ("request_failed", "/fails/{what}")
    assert request.pop("ms") >= 0
    assert request == {
        "event": "request",
        "log_level": "info",
        "method": "POST",
        "route": "/fails/{what}",
        "status": 500,
        "role": None,
    }
    assert (missing["route"], missing["status"]) == (None, 404)
    assert odd["method"] == "other"
    assert WORD not in json.dumps([request, missing, odd]).lower()


async def test_the_role_is_written_down_and_the_address_where_a_setting_asks(serve: Serve, browse: Browse) -> None:
    app = serve()
    guard(app, ServerSettings(log_addresses=True))  # a second guard, around the first

    with capture_logs() as lines:
        await (await browse(app, address="203.0.113.9")).post("/graphql", json={"query": "{ __typename }"})

    inner, outer = lines
    assert (inner["route"], inner["role"], inner.get("address")) == ("/graphql", "public", None)
    assert outer["address"] == "203.0.113.9"


@contextmanager
def server(settings: GraphSettings, errors: Path) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """A real server as in a container: no terminal."""
    with errors.open("w") as err:
        process = subprocess.Popen(
            [sys.executable, "-m", "api.cli", "serve", "--port", "0"],
            env=environment(settings)
            | {"PYTHONUNBUFFERED": "1", "KNOWWHO_SMTP_HOST": "127.0.0.1"}
            | {"KNOWWHO_SMTP_PORT": "9", "KNOWWHO_MAIL_FROM": "network@example.org"},
            stdout=subprocess.PIPE,
            stderr=err,
            text=True,
        )
        assert process.stdout is not None
        try:
            address = next(line.split()[3] for line in process.stdout if line.startswith("Knowwho serves at "))
            yield address, process
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=ENDS_WITHIN_S)
            process.stdout.close()


def planted() -> Iterator[str]:
    """Words that nobody else writes, each another one."""
    for number in range(1000):
        yield f"{WORD}{number:03}"


async def drive(address: str, token: str, session: str, word: Iterator[str]) -> tuple[set[int], str]:
    """Every kind of request, each with planted words in all places; the statuses that came back, and a token's secret.

    That is of a token which a member made on their page.
    """
    seen: set[int] = set()

    async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=120) as client:

        async def send(method: str, path: str, **more: Any) -> httpx.Response:
            headers = {
                "User-Agent": next(word),
                "Referer": f"{address}/{next(word)}",
                "X-Forwarded-For": next(word),
                "X-Request-Id": next(word),
            }
            more["headers"] = headers | more.get("headers", {})
            response = await client.request(method, path, **more)
            seen.add(response.status_code)
            return response

        async def ask(query: str, headers: dict[str, str] | None = None, **variables: Any) -> dict[str, Any]:
            body = {"query": query, "variables": variables, "operationName": None}
            answer: dict[str, Any] = (await send("POST", "/graphql", json=body, headers=headers or {})).json()
            return answer

        bearer = {"Authorization": f"Bearer {token}"}
        await send("GET", "/", params={"q": next(word), "country": next(word)})
        await send("GET", f"/{next(word)}", params={next(word): next(word)})
        await send("GET", f"/sign-in/link/{next(word)}", params={"next": f"/{next(word)}"})
        await send("GET", f"/join/{next(word)}")
        await send("GET", "/sign-in/provider/callback", params={"code": next(word), "state": next(word)})
        await send("GET", "/", headers={"Cookie": f"knowwho_session={next(word)}; {next(word)}={next(word)}"})
        await send("GET", "/", headers={"Cookie": f"knowwho_session={session}"})
        await send("GET", "/", headers={"Host": f"{next(word)}.example.org"})
        await send("GET", "/", headers={"Authorization": f"Bearer kw_{next(word)}"})
        await send(next(word).upper(), "/")
        await send(
            "POST", "/graphql", content=f'{{"query": "{next(word)}', headers={"Content-Type": "application/json"}
        )
        await send("POST", "/graphql", content=next(word) * 100_000)
        await send("POST", "/sign-in", data={"email": next(word)})
        page = await send("GET", "/sign-in")
        (csrf,) = re.findall(r'name="csrf" value="([^"]+)"', page.text)[:1]
        for email in (f"{next(word)}@example.org", f"{WORD}@example.org"):  # nobody's, and a member's
            await send("POST", "/sign-in", data={"email": email, "csrf": csrf}, headers={"Origin": address})
        own = {"Cookie": f"knowwho_session={session}"}
        page = await send("GET", "/me/tokens", headers=own)
        (csrf,) = re.findall(r'name="csrf" value="([^"]+)"', page.text)[:1]
        form = {"name": next(word), "role": "member", "lasts": "90", "csrf": csrf}
        made = await send("POST", "/me/tokens", data=form, headers={**own, "Origin": address})
        (secret,) = re.findall('<code class="secret" dir="ltr">kw_([^<]+)</code>', made.text)
        await send("POST", "/me/tokens", data=form | {"role": next(word)}, headers={**own, "Origin": address})
        await ask(f"{{ {next(word)}: __typename {next(word)} }}")
        await ask("query ($id: ID!) { expert(id: $id) { name } }", id=next(word))
        await ask("query ($id: Int!) { expert(id: $id) { name } }", id=next(word))
        await ask(f'{{ experts(after: "{next(word)}") {{ edges {{ cursor }} }} }}', bearer)
        broken = await ask(f"{{ {next(word)}: events(first: 1) {{ edges {{ node {{ title startsAt }} }} }} }}", bearer)
        assert broken["errors"][0]["message"].startswith("Something went wrong here")
        await ask("query ($q: String!) { matchExperts(question: $q) { nobody } }", bearer, q=next(word))
    return seen, secret


@pytest.mark.slow
async def test_nothing_that_comes_with_any_request_is_in_any_log(
    graph: Graph, graph_settings: GraphSettings, tmp_path: Path
) -> None:
    account = await accounts.create(graph, KEEPER, email=f"{WORD}@example.org", role=Role.MEMBER, name=f"{WORD} Ama")
    _, token = await tokens.create(graph, KEEPER, name="client", role=Role.ADMINISTRATOR, expires_at=None)
    _, session = await sessions.open_session(
        graph, account.viewer, account=account.id, how=SignedInBy.LINK, agent=WORD, limits=LIMITS, replaces=None
    )
    await graph.write("CREATE (:Event {id: $word, title: $word, starts_at: $word})", word=f"{WORD}-in-the-graph")

    with server(graph_settings, tmp_path / "stderr") as (address, process):
        statuses, own_token = await drive(address, token, session, planted())
    assert process.returncode in {0, -signal.SIGINT, 130}

    files = [*(file for file in graph_settings.logs.rglob("*") if file.is_file()), tmp_path / "stderr"]
    lines = [json.loads(line) for line in (graph_settings.logs / "knowwho.log").read_text().splitlines()]
    said = {file.name: file.read_text(errors="replace").lower() for file in files}
    secrets = (WORD, token.lower(), own_token.lower(), session.lower(), account.id)
    assert {file for file, text in said.items() if any(secret in text for secret in secrets)} == set()
    assert statuses >= {200, 400, 401, 403, 404, 413}
    requests = [line for line in lines if line["event"] == "request"]
    assert len(requests) >= 20
    assert all(re.fullmatch("[0-9a-f]{32}", line["request_id"]) for line in requests)
    assert {line["role"] for line in requests} >= {None, "public", "member", "administrator"}
    (failed,) = [line for line in lines if line["event"] == "graphql_field_failed"][:1]
    assert failed["fields"] == ["events"]
    assert failed["exception"][0]["at"]
    assert failed["request_id"] in {line["request_id"] for line in requests}
