"""The sample network, loaded once for all test workers and asked by many tests; nobody writes to it."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack

import pytest
from filelock import FileLock

from api.network import OpenNetwork, open_network
from graph.engine import attach, install
from graph.settings import GraphSettings
from ingest.sample import SAMPLE

LOADING_TIMEOUT_S = 600


@pytest.fixture(scope="session")
def sample_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphSettings]:
    """Settings of a network that holds the sample, loaded by whichever worker comes first."""
    own = tmp_path_factory.getbasetemp()
    folder = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    settings = GraphSettings(home=folder / "sample-network", neo4j_uri=None)
    install(settings)
    with ExitStack() as held:
        with FileLock(folder / "sample-network.lock"):
            held.enter_context(attach(settings))
            loaded = folder / "sample-network.loaded"
            if not loaded.exists():
                subprocess.run(
                    [sys.executable, "-m", "api.cli", "ingest", str(SAMPLE)],
                    env=environment(settings),
                    check=True,
                    timeout=LOADING_TIMEOUT_S,
                )
                loaded.touch()
        yield settings


@pytest.fixture(scope="session")
async def sample(sample_settings: GraphSettings) -> AsyncIterator[OpenNetwork]:
    """The sample network, open, with its encoder loaded."""
    async with open_network(sample_settings) as network:
        await network.encoder.encoder()
        yield network


def environment(settings: GraphSettings) -> dict[str, str]:
    """What another process needs in its environment to use these settings' network."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KNOWWHO_")}
    told = {"KNOWWHO_HOME": str(settings.home), "KNOWWHO_CACHE": str(settings.cache)}
    return kept | told | {"KNOWWHO_WARM_UP": "false"}  # tests/api/test_warming.py looks at the pages once for all
