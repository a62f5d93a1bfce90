"""Where clients of npm work: a folder of the test's own with the schema of the code and the packages of the lock."""

import asyncio
from pathlib import Path

import pytest

from tests.e2e.clients.programs import furnished
from tests.npm import installed

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
async def packages() -> Path:
    """The packages of the lock, installed."""
    return await asyncio.to_thread(installed, HERE, programs=[]) / "node_modules"


@pytest.fixture
def workshop(tmp_path: Path, packages: Path) -> Path:
    """A folder with the schema and the packages, for one test."""
    return furnished(tmp_path, packages)
