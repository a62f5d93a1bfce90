import subprocess
import sys
import threading
from pathlib import Path

from graph.engine.locks import exclusive_lock, is_locked, shared_lock
from tests.graph.engine.processes import until

HOLD = """
import fcntl, os, sys
fcntl.flock(os.open(sys.argv[1], os.O_RDWR | os.O_CREAT), fcntl.LOCK_EX)
print("locked", flush=True)
sys.stdin.read()
"""


def test_file_that_nobody_made_is_not_locked(tmp_path: Path) -> None:
    assert not is_locked(tmp_path / "lock")
    assert not (tmp_path / "lock").exists()


def test_lock_ends_with_its_process(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    command = [sys.executable, "-c", HOLD, str(lock)]

    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        was_locked = is_locked(lock)
        holder.kill()

    assert was_locked
    until(lambda: not is_locked(lock), what="the kernel takes the lock back")


def test_shared_locks_do_not_count_as_locked(tmp_path: Path) -> None:
    with shared_lock(tmp_path / "lock"), shared_lock(tmp_path / "lock"):
        assert not is_locked(tmp_path / "lock")


def test_exclusive_lock_waits_for_the_shared_ones(tmp_path: Path) -> None:
    has_it = threading.Event()

    def take() -> None:
        with exclusive_lock(tmp_path / "lock"):
            has_it.set()

    with shared_lock(tmp_path / "lock"):
        waiter = threading.Thread(target=take)
        waiter.start()
        had_it_early = has_it.wait(0.2)

    waiter.join()
    assert not had_it_early
    assert has_it.is_set()
