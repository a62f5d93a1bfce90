"""What the tests of who is one have in common."""

from pathlib import Path

import pytest

from graph.graph import Graph
from tests.graph.people.duplicated import loaded, written


@pytest.fixture
async def folder(graph: Graph, tmp_path: Path) -> Path:
    """A network's folder, loaded, that tells of one person twice."""
    folder = written(tmp_path / "network")
    await loaded(graph, folder)
    return folder
