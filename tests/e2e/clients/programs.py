"""Programs of npm that are clients of GraphQL, run by the Node that comes from a package."""

import asyncio
import subprocess
from pathlib import Path

from api.graphql.schema import schema
from tests.npm import NODE

__all__ = ["furnished", "run"]

TIMEOUT_S = 120


def furnished(folder: Path, packages: Path) -> Path:
    """The folder, with the schema of the code and these packages in it."""
    (folder / "schema.graphql").write_text(schema.as_str(), encoding="utf-8")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (folder / "node_modules").symlink_to(packages)
    return folder


async def run(program: str, *arguments: str, cwd: Path) -> tuple[int, str]:
    """What a program of the folder's packages ends with, and all that it says."""
    running = await asyncio.create_subprocess_exec(
        *(str(NODE), f"node_modules/{program}", *arguments),
        cwd=cwd,
        env={"HOME": str(cwd), "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(TIMEOUT_S):
            said, _ = await running.communicate()
    finally:
        if running.returncode is None:
            running.kill()
    assert running.returncode is not None
    return running.returncode, said.decode()
