import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import psutil
import pytest

from graph.engine import Address, lifecycle, supervisor
from graph.engine.files import EngineFiles
from graph.engine.lifecycle import has_ended
from graph.engine.locks import is_locked, shared_lock
from graph.settings import GraphSettings
from tests.graph.engine.processes import until

Supervise = Callable[[str], tuple[psutil.Process, psutil.Process]]

SLEEP = "import time; print('awake', flush=True); time.sleep(120)"
SLEEP_DEEPLY = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEP}"


def test_log_keeps_its_newest_output_in_two_files(tmp_path: Path) -> None:
    log = supervisor._BoundedLog(tmp_path / "engine.log")

    for number in range(30):
        log.write(f"{number:09}\n".encode() * 10_000)

    assert (tmp_path / "engine.log").stat().st_size <= 1_100_000
    assert (tmp_path / "engine.log.1").stat().st_size <= 1_100_000
    assert (tmp_path / "engine.log").read_text(encoding="ascii").endswith("000000029\n")
    assert len(list(tmp_path.iterdir())) == 2


def test_log_goes_on_after_an_older_run(tmp_path: Path) -> None:
    (tmp_path / "engine.log").write_text("older\n", encoding="ascii")

    supervisor._BoundedLog(tmp_path / "engine.log").write(b"newer\n")

    assert (tmp_path / "engine.log").read_text(encoding="ascii") == "older\nnewer\n"


def test_reserved_port_is_refused_to_others_but_not_to_who_listens_on_it() -> None:
    reservation = supervisor._reserved_port()
    port = reservation.getsockname()[1]

    with socket.socket() as stranger, pytest.raises(OSError, match="Address already in use"):
        stranger.bind(("127.0.0.1", port))

    with socket.socket() as engine:
        engine.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        engine.bind(("127.0.0.1", port))
        engine.listen()
    reservation.close()


def test_engine_answers_bolt(engine_address: Address) -> None:
    port = int(engine_address.uri.rpartition(":")[2])

    assert supervisor.answers_bolt(port)


def test_port_that_is_only_reserved_does_not_answer() -> None:
    with supervisor._reserved_port() as reservation:
        assert not supervisor.answers_bolt(reservation.getsockname()[1])


def test_listener_that_says_nothing_does_not_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        assert not supervisor.answers_bolt(port)


def test_child_of_a_killed_supervisor_ends(supervise: Supervise, files: EngineFiles) -> None:
    with shared_lock(files.lease):
        own, child = supervise(SLEEP)

        own.kill()

        until(lambda: has_ended(child), what="the child ends after its supervisor")
        assert not is_locked(files.alive)


def test_supervisor_of_a_killed_child_ends(supervise: Supervise, files: EngineFiles) -> None:
    with shared_lock(files.lease):
        own, child = supervise(SLEEP)

        child.kill()

        until(lambda: has_ended(own), what="the supervisor ends after its child")
        assert not is_locked(files.alive)


def test_supervisor_stops_when_nobody_holds_the_lease(supervise: Supervise, files: EngineFiles) -> None:
    with shared_lock(files.lease):
        own, child = supervise(SLEEP)

    until(lambda: has_ended(own), what="the supervisor ends after its last user")
    assert has_ended(child)


def test_kept_supervisor_stays_without_users_until_it_is_told_to_stop(supervise: Supervise, files: EngineFiles) -> None:
    files.keep.touch()
    own, child = supervise(SLEEP)

    # Several times as long as it lingers: that nothing happens cannot be awaited.
    time.sleep(1.0)
    has_stayed = not has_ended(own)
    own.terminate()

    assert has_stayed
    until(lambda: has_ended(own), what="the supervisor has stopped")
    assert has_ended(child)


def test_child_that_does_not_heed_is_killed(supervise: Supervise, files: EngineFiles) -> None:
    with shared_lock(files.lease):
        own, child = supervise(SLEEP_DEEPLY)

        own.terminate()

        until(lambda: has_ended(own), what="the supervisor has stopped")
        assert has_ended(child)


def test_hang_up_and_interrupt_of_a_terminal_do_not_reach_the_child(supervise: Supervise, files: EngineFiles) -> None:
    with shared_lock(files.lease):
        own, child = supervise(SLEEP)

        own.send_signal(signal.SIGHUP)
        own.send_signal(signal.SIGINT)

        # That nothing happens cannot be awaited.
        time.sleep(0.5)
        assert not has_ended(own)
        assert not has_ended(child)
        assert os.getsid(child.pid) != os.getsid(0)


@pytest.fixture
def files(tmp_path: Path) -> EngineFiles:
    files = EngineFiles.of(GraphSettings(home=tmp_path, neo4j_uri=None))
    files.make_folders()
    return files


@pytest.fixture
def supervise(files: EngineFiles) -> Iterator[Supervise]:
    """Runs a supervisor that owns a small Python instead of Java; gives both processes once the child is awake."""
    supervisors: list[psutil.Process] = []

    def run(program: str) -> tuple[psutil.Process, psutil.Process]:
        lifecycle._spawn_supervisor(
            files,
            [sys.executable, "-c", program],
            environment=dict(os.environ),
            linger_s=0.2,
            stop_timeout_s=0.5,
        )
        until(lambda: "awake" in files.supervisor_log.read_text(encoding="utf-8"), what="the child is awake")
        own = psutil.Process(int(files.alive.read_text(encoding="ascii")))
        supervisors.append(own)
        return own, own.children()[0]

    yield run
    for own in supervisors:
        with suppress(psutil.NoSuchProcess):
            own.terminate()
    for own in supervisors:
        until(partial(has_ended, own), what="the supervisor has ended")
