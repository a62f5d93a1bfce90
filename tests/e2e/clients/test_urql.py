"""urql reads a list to its end while people come and go: nobody who stays is told twice, or not at all."""

import asyncio
import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from graph import intake, tokens
from graph.graph import Graph
from graph.intake import ExpertRecord
from graph.viewer import Role, Viewer
from tests.door import Serve
from tests.npm import NODE
from tests.served import served

SCRIPT = Path(__file__).parent / "urql.mjs"
PAGE_TIMEOUT_S = 60
STAYING = [f"P{n:03} stays" for n in range(0, 300, 10)]
LEAVING = [f"P{n:03} leaves" for n in range(5, 300, 10)]
KEEPER = Viewer.at_the_command_line()


@pytest.mark.parametrize("direction", ["forward", "backward"])
async def test_who_stays_is_told_once_whoever_comes_and_goes_between_the_pages(
    graph: Graph, serve: Serve, workshop: Path, direction: str
) -> None:
    shutil.copy(SCRIPT, workshop)
    await add(graph, [*STAYING, *LEAVING])
    _, token = await tokens.create(graph, KEEPER, name="urql", role=Role.MEMBER, expires_at=None)
    is_forward = direction == "forward"
    expected_next: set[str] = set()
    told: list[str] = []
    gone: set[str] = set()
    async with served(serve()) as address:
        client = await asyncio.create_subprocess_exec(
            *(str(NODE), SCRIPT.name, f"{address}/graphql", token, direction),
            cwd=workshop,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert client.stdin is not None
        assert client.stdout is not None
        assert client.stderr is not None
        try:
            has_more = True
            while has_more:
                async with asyncio.timeout(PAGE_TIMEOUT_S):
                    line = await client.stdout.readline()
                assert line, (await client.stderr.read()).decode()
                page = json.loads(line)
                names, has_more = page["names"], page["hasMore"]
                told += names if is_forward else names[::-1]
                assert len(names) == 7 or not has_more
                assert not gone & set(names)
                # Who came just beyond the last page is told by the next one, be the last page's cursor gone or not.
                assert expected_next <= set(names)
                if has_more:
                    last = names[-1] if is_forward else names[0]
                    leaving = [name for name in LEAVING if name == last or abs(int(name[1:4]) - int(last[1:4])) < 10]
                    gone |= set(leaving)
                    number = int(last[1:4])
                    beyond, behind = number + (1 if is_forward else -1), number + (-1 if is_forward else 1)
                    expected_next = {f"P{beyond:03} comes"}
                    await remove(graph, leaving)
                    await add(graph, [f"P{beyond:03} comes", f"P{behind:03} comes too late"])
                    client.stdin.write(b"go on\n")
        finally:
            client.stdin.close()
            if client.returncode is None:
                async with asyncio.timeout(PAGE_TIMEOUT_S):
                    await client.wait()

    in_order = sorted(told, reverse=not is_forward)
    assert told == in_order
    assert len(set(told)) == len(told)
    assert [name for name in in_order if name in STAYING] == sorted(STAYING, reverse=not is_forward)
    assert not [name for name in told if "too late" in name]
    assert len(gone) >= 5


async def add(graph: Graph, names: Iterable[str]) -> None:
    """People who are nothing but their names."""
    records = [
        ExpertRecord(
            id=id_of(name),
            name=name,
            headline=None,
            other_names=[],
            email=None,
            phone=None,
            website=None,
            orcid=None,
            identifiers=[],
            country=None,
            languages=[],
            topics=[],
            worked_in=[],
            joined=None,
            digest="d",
        )
        for name in names
    ]
    await graph.transact(lambda tx: intake.store_experts(tx, records))


async def remove(graph: Graph, names: Iterable[str]) -> None:
    await graph.transact(lambda tx: intake.remove_experts(tx, [id_of(name) for name in names]))


def id_of(name: str) -> str:
    return name.lower().replace(" ", "-")
