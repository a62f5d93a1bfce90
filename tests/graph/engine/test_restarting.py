"""An engine that dies under those who use it comes back in the same place; one that nobody uses does not."""

from collections.abc import Callable
from contextlib import suppress

import psutil
import pytest
from neo4j import GraphDatabase

from graph.engine import EngineState, attach, start, status, stop
from graph.engine.files import EngineFiles
from graph.engine.running import RunningEngine
from graph.settings import GraphSettings
from tests.graph.engine.client import WRITE_ROW
from tests.graph.engine.processes import Client, engine_processes, row_numbers, until, until_stopped

StartClient = Callable[[str, GraphSettings], Client]


def running(settings: GraphSettings) -> RunningEngine:
    found = RunningEngine.of(EngineFiles.of(settings))
    assert found is not None
    return found


def kill_java(settings: GraphSettings) -> None:
    """Kill it, and wait until the supervisor has noticed."""
    java = psutil.Process(running(settings).java_pid)
    java.kill()
    until(lambda: status(settings).pid != java.pid, what="the supervisor has noticed")


def until_running(settings: GraphSettings) -> None:
    until(lambda: status(settings).state is EngineState.RUNNING, what="the engine is back")


def test_it_comes_back_where_it_was_with_all_that_was_acknowledged(network: GraphSettings) -> None:
    with attach(network, linger_s=0) as address:
        auth = (address.user, address.password.get_secret_value())
        with GraphDatabase.driver(address.uri, auth=auth) as driver:
            driver.execute_query(WRITE_ROW, number=1)
            supervisor = running(network).supervisor_pid

            kill_java(network)
            until_running(network)

            driver.execute_query(WRITE_ROW, number=2)
        assert running(network).uri == address.uri
        assert running(network).supervisor_pid == supervisor
        assert row_numbers(address) == {1, 2}
        assert len(engine_processes(network)) == 1
    said = EngineFiles.of(network).supervisor_log.read_text(encoding="utf-8")
    assert "supervisor: Java ended with -9; it is started again in 0 s if somebody uses it." in said


def test_it_waits_before_it_is_started_once_more_and_can_be_stopped_meanwhile(network: GraphSettings) -> None:
    with attach(network, linger_s=0):
        kill_java(network)
        until_running(network)
        kill_java(network)
        log = EngineFiles.of(network).supervisor_log
        until(lambda: "started again in 1 s" in log.read_text(encoding="utf-8"), what="it waits")

        assert stop(network)

        assert status(network).state is EngineState.STOPPED
        assert engine_processes(network) == []


def test_one_that_nobody_uses_stays_down(network: GraphSettings, start_client: StartClient) -> None:
    user = start_client("hold", network)
    user.next_line()
    supervisor = psutil.Process(running(network).supervisor_pid)
    java = psutil.Process(running(network).java_pid)
    supervisor.suspend()
    java.kill()
    user.kill()

    supervisor.resume()

    until_stopped(network)
    assert engine_processes(network) == []


def test_one_that_was_told_to_stay_comes_back_though_nobody_uses_it(network: GraphSettings) -> None:
    start(network)

    kill_java(network)

    until_running(network)
    assert status(network).stays


@pytest.fixture(autouse=True)
def _ended(network: GraphSettings) -> None:
    with suppress(FileNotFoundError):
        EngineFiles.of(network).supervisor_log.unlink()
