"""The audit of GraphQL over HTTP that npm's graphql-http brings, run against the real server."""

import asyncio
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.door import Serve
from tests.npm import NODE, installed
from tests.served import served

ROOT = Path(__file__).parents[4]
AUDIT_TIMEOUT_S = 60
DUTIES = ("MUST", "SHOULD", "MAY")


@pytest.fixture
async def results(serve: Serve) -> list[dict[str, Any]]:
    """What the audit says of the server, each with its id, name, status and the reason of a failure."""
    folder = await asyncio.to_thread(installed, ROOT / "tests" / "audit", programs=["audit.mjs"])
    async with served(serve()) as address:
        audit = await asyncio.create_subprocess_exec(
            *(str(NODE), "audit.mjs", f"{address}/graphql"),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        async with asyncio.timeout(AUDIT_TIMEOUT_S):
            printed, _ = await audit.communicate()
    found: list[dict[str, Any]] = json.loads(printed)
    return found


def counts(results: list[dict[str, Any]]) -> dict[str, tuple[int, int]]:
    """Of each kind of duty, how many passed and how many there are."""
    of_duty = {duty: [one for one in results if one["name"].startswith(f"{duty} ")] for duty in DUTIES}
    return {duty: (sum(one["status"] == "ok" for one in some), len(some)) for duty, some in of_duty.items()}


async def test_the_audit_of_graphql_over_http_passes_in_every_point(results: list[dict[str, Any]]) -> None:
    for one in results:
        print(f"{one['id']} {one['status']:>6}  {one['name']}" + (f" ({one['reason']})" if one["reason"] else ""))  # noqa: T201 -- make audit shows it

    failed = [one for one in results if one["status"] != "ok"]

    assert failed == []
    assert sum(of_all for _, of_all in counts(results).values()) == len(results)


async def test_the_page_for_clients_tells_the_audits_numbers(results: list[dict[str, Any]]) -> None:
    page = (ROOT / "docs" / "http.md").read_text(encoding="utf-8")

    told = {
        duty: (int(passed), int(of_all))
        for duty, of_all, passed in re.findall(r"^\| (\w+) \| (\d+) \| (\d+) \|", page, re.MULTILINE)
    }

    assert told == counts(results)
