from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil

from graph.engine import Address, EngineState, EngineStatus, logs, status
from graph.engine.files import EngineFiles
from graph.settings import GraphSettings


def test_network_that_never_ran_is_stopped(tmp_path: Path) -> None:
    settings = GraphSettings(home=tmp_path / "home", neo4j_uri=None)

    assert status(settings) == EngineStatus(
        state=EngineState.STOPPED, home=tmp_path / "home", version="2026.08.1", data_bytes=0
    )
    assert logs(settings) == ()
    assert not (tmp_path / "home").exists()


def test_running_engine_tells_where_it_is_and_what_it_takes(
    graph_settings: GraphSettings, engine_address: Address
) -> None:
    found = status(graph_settings)

    assert found.state is EngineState.RUNNING
    assert found.version == "2026.08.1"
    assert found.uri == engine_address.uri
    assert found.pid is not None
    assert psutil.Process(found.pid).name() == "java"
    assert found.since is not None
    assert timedelta() <= datetime.now(UTC) - found.since < timedelta(hours=6)
    assert found.clients is not None
    assert found.clients >= 1
    assert found.stays is False
    assert found.data_bytes > 1_000_000
    assert found.memory_bytes is not None
    assert 100_000_000 < found.memory_bytes < 2_000_000_000


def test_supervisor_stays_small(graph_settings: GraphSettings, engine_address: Address) -> None:
    found = status(graph_settings)

    assert found.supervisor_memory_bytes is not None
    assert found.supervisor_memory_bytes < 30_000_000


def test_logs_begin_with_the_one_to_read_first(graph_settings: GraphSettings, engine_address: Address) -> None:
    assert [log.name for log in logs(graph_settings)] == ["neo4j.log", "engine.log", "debug.log"]


def test_address_that_outlived_its_supervisor_is_not_believed(tmp_path: Path) -> None:
    files = EngineFiles.of(GraphSettings(home=tmp_path, neo4j_uri=None))
    files.make_folders()
    files.alive.write_text("1", encoding="ascii")
    files.address.write_text(
        '{"version": "2026.08.1", "port": 7687, "supervisor": 1, "java": 1, "since": "2026-01-01T00:00:00+00:00"}',
        encoding="ascii",
    )

    assert status(GraphSettings(home=tmp_path, neo4j_uri=None)).state is EngineState.STOPPED
