"""Where a server says it serves: for this user's commands alone, with a key, and only while it lives."""

import json
import stat
from pathlib import Path

import pytest

from api.running import RunningServer, announced, running_server
from graph.credentials import fresh_secret
from graph.settings import GraphSettings

URL = "http://127.0.0.1:8000"


@pytest.fixture
def settings(tmp_path: Path) -> GraphSettings:
    return GraphSettings(home=tmp_path / "home", neo4j_uri=None)


def test_a_running_server_is_found_with_its_key(settings: GraphSettings) -> None:
    key = fresh_secret()

    with announced(settings, url=URL, key=key):
        found = running_server(settings)

    assert found == RunningServer(URL, key)
    assert running_server(settings) is None


def test_its_key_is_for_this_user_alone(settings: GraphSettings) -> None:
    settings.run.mkdir(parents=True, mode=0o755)

    with announced(settings, url=URL, key=fresh_secret()):
        modes = {path.name: oct(path.stat().st_mode & 0o777) for path in (settings.run, settings.run / "server.json")}

    assert modes == {settings.run.name: "0o700", "server.json": "0o600"}


@pytest.mark.parametrize("changed", [{"pid": 4_000_000}, {"started": 1.0}])
def test_what_a_dead_server_left_is_not_believed(settings: GraphSettings, changed: dict[str, object]) -> None:
    with announced(settings, url=URL, key=fresh_secret()):
        file = settings.run / "server.json"
        file.write_text(json.dumps(json.loads(file.read_text()) | changed))

        assert running_server(settings) is None


def test_the_networks_folder_is_the_users_alone_whoever_makes_it_first(tmp_path: Path) -> None:
    settings = GraphSettings(home=tmp_path / "one" / "network", neo4j_uri=None)

    with announced(settings, url="http://127.0.0.1:1", key="k"):
        mode = stat.S_IMODE(settings.home.stat().st_mode)

    assert mode == 0o700
