"""The examples of docs/http.md, run by curl against the real server as they stand there."""

import asyncio
import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

from graph.graph import Graph
from tests.api.graphql.http.conftest import ServeWith
from tests.served import served

PAGE = (Path(__file__).parents[4] / "docs" / "http.md").read_text(encoding="utf-8")
COMMANDS = [
    command
    for block in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    for command in re.split(r"^(?=curl )", block, flags=re.MULTILINE)
    if command
]
KNOWN = "{ __typename }"
ANSWERS = [
    '{"data":{"topic":{"label":"Markets"}},',
    '{"data":{"topics":{"edges":[{"node":{"label":"Markets"}}]}}}',
    "HTTP/1.1 304 Not Modified",
    *['{"data":{"__typename":"Query"},'] * 2,
    '{"data":{"__typename":"Query"}}',
]


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here to run the page's examples with")
@pytest.mark.parametrize("number", range(len(ANSWERS)))
async def test_an_example_is_answered(graph: Graph, serve_with: ServeWith, tmp_path: Path, number: int) -> None:
    await graph.write("CREATE (:Topic {id: 'markets', label_en: 'Markets', labels_en: ['Markets']})")
    (tmp_path / "known.graphql").write_text(KNOWN)

    async with served(serve_with(documents=tmp_path)) as address, httpx.AsyncClient(trust_env=False) as client:
        tag = (await client.get(f"{address}/graphql", params={"query": KNOWN})).headers["etag"]
        command = COMMANDS[number].replace("http://localhost:8000", address).replace('W/"…"', tag)
        command = command.replace("HASH", hashlib.sha256(KNOWN.encode()).hexdigest())
        curl = await asyncio.create_subprocess_exec(
            *("sh", "-c", command.replace("curl ", "curl --silent --noproxy '*' ", 1)), stdout=subprocess.PIPE
        )
        said, _ = await curl.communicate()

    assert curl.returncode == 0
    assert said.decode().startswith(ANSWERS[number])


def test_every_example_is_run() -> None:
    assert len(COMMANDS) == len(ANSWERS)
