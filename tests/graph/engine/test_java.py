import stat
from pathlib import Path

import pytest

from graph.engine import Address
from graph.engine.errors import DamagedDownload, PasswordUnreadable
from graph.engine.files import EngineFiles
from graph.engine.java import engine_command, java_environment, prepare_store
from graph.engine.programs import aot_cache, jar_folder
from graph.graph import Graph
from graph.settings import GraphSettings
from tests.graph.engine.processes import engine_processes


def test_running_java_uses_the_start_up_cache(graph_settings: GraphSettings, engine_address: Address) -> None:
    (java,) = engine_processes(graph_settings)

    maps = {mapped.path for mapped in java.memory_maps()}

    assert str(aot_cache(graph_settings)) in maps


async def test_plans_take_no_more_than_their_share_of_the_heap(graph_settings: GraphSettings, graph: Graph) -> None:
    (plans,) = await graph.read("SHOW SETTINGS 'server.memory.query_cache.per_db_cache_num_entries' YIELD value")

    assert int(plans["value"]) == graph_settings.engine_heap_mb


def test_no_log_holds_the_queries_with_their_personal_data(
    graph_settings: GraphSettings, engine_address: Address
) -> None:
    names = {log.name for log in graph_settings.logs.iterdir()}
    assert names >= {"debug.log", "engine.log", "neo4j.log"}
    assert names.isdisjoint({"query.log", "http.log", "security.log"})


def test_damaged_start_up_cache_does_not_hinder_java(own_cache: GraphSettings) -> None:
    files = EngineFiles.of(own_cache)
    files.make_folders()
    aot_cache(own_cache).unlink()
    aot_cache(own_cache).write_bytes(b"not what Java wrote")

    prepare_store(own_cache, files)

    assert (files.data / "dbms" / "auth.ini").read_text(encoding="ascii").startswith("neo4j:SHA-256,")
    assert stat.S_IMODE((files.data / "dbms" / "auth.ini").stat().st_mode) == 0o600


def test_first_start_leaves_a_password_for_the_owner_alone(used_home: Path) -> None:
    password = EngineFiles.of(GraphSettings(home=used_home)).password

    assert stat.S_IMODE(password.stat().st_mode) == 0o600
    assert len(password.read_text(encoding="ascii")) == 48
    for folder in (used_home, used_home / "graph", used_home / "run", used_home / "logs"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_jar_that_is_damaged_in_its_middle_is_named(own_cache: GraphSettings) -> None:
    files = EngineFiles.of(own_cache)
    files.make_folders()
    jar = next(jar_folder(own_cache).glob("neo4j-command-line-*.jar"))
    size = jar.stat().st_size
    jar.unlink()
    jar.write_bytes(b"\0" * size)

    with pytest.raises(DamagedDownload, match=jar.name):
        prepare_store(own_cache, files)


def test_store_without_its_password_is_refused(tmp_path: Path) -> None:
    settings = GraphSettings(home=tmp_path, neo4j_uri=None)
    files = EngineFiles.of(settings)
    (files.data / "databases" / "system").mkdir(parents=True)

    with pytest.raises(PasswordUnreadable, match=r"put .*password back from a backup"):
        prepare_store(settings, files)


def test_java_learns_no_secret_and_no_foreign_option(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("KNOWWHO_NEO4J_PASSWORD", "MAIL_PASSWORD", "HUB_TOKEN", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"):
        monkeypatch.setenv(name, "anything")
    settings = GraphSettings(home=tmp_path, neo4j_uri=None)

    environment = java_environment(settings, EngineFiles.of(settings))

    assert "anything" not in environment.values()
    assert environment["NEO4J_HOME"] == str(tmp_path / "graph")


def test_heap_decides_the_collector(tmp_path: Path) -> None:
    small = GraphSettings(home=tmp_path, engine_heap_mb=384)
    large = GraphSettings(home=tmp_path, engine_heap_mb=4096)

    small_command = engine_command(small, EngineFiles.of(small))
    large_command = engine_command(large, EngineFiles.of(large))

    assert {"-Xmx384m", "-XX:+UseSerialGC"} <= set(small_command)
    assert "-Xmx4096m" in large_command
    assert "-XX:+UseSerialGC" not in large_command
