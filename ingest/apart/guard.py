"""What the child forbids itself before it reads: more memory, files, the network, other processes.

The limits are the system's and hold for C code too. The audit hook (PEP 578) holds for Python code: it is no prison
for code that was taken over, but it keeps libraries from following an address or a path that a file names. Where the
system has no such limit (Windows; memory on macOS) it is skipped, and the parent alone watches time and memory.
"""

import io
import os
import signal
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import graph
import ingest

if sys.platform != "win32":
    import resource

__all__ = ["Guard", "limit"]

SECONDS_TO_SPARE = 5
"""How much longer than the parent the system waits before it ends a child that nobody ended."""

FORBIDDEN = frozenset({
    "ftplib.connect",
    "http.client.connect",
    "os.chmod",
    "os.chown",
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.kill",
    "os.killpg",
    "os.link",
    "os.mkdir",
    "os.posix_spawn",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.spawn",
    "os.startfile",
    "os.symlink",
    "os.system",
    "os.truncate",
    "os.utime",
    "pty.spawn",
    "signal.pthread_kill",
    "smtplib.connect",
    "socket.bind",
    "socket.connect",
    "socket.getaddrinfo",
    "socket.gethostbyaddr",
    "socket.gethostbyname",
    "socket.sendmsg",
    "socket.sendto",
    "subprocess.Popen",
    "urllib.Request",
})  # fmt: skip
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# Where systems keep time zones and the names of media types.
SYSTEM = ("/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/etc/localtime", "/etc/mime.types", "/usr/share/mime")


def limit(memory_bytes: int) -> None:
    """Limit this process for good: its memory, and that it writes neither files nor core dumps.

    What libraries would keep in a file without a name, they keep in memory.
    """
    tempfile.TemporaryFile = _kept_in_memory  # type: ignore[assignment]
    if sys.platform == "win32":
        return
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 0)
    if sys.platform == "linux":
        _lower(resource.RLIMIT_AS, memory_bytes)


def _kept_in_memory(*_: object, **__: object) -> io.BytesIO:
    return io.BytesIO()


class Guard:
    """Forbids this process everything but one file, while it reads that file."""

    def __init__(self) -> None:
        self._file: str | None = None
        self._places = _libraries()
        sys.addaudithook(self._check)

    @contextmanager
    def only(self, path: Path, *, seconds: float) -> Iterator[None]:
        """Nothing but this file and Python's own may be opened inside, for so long, however the process fares."""
        self._file = _absolute(path)
        _alarm(seconds + SECONDS_TO_SPARE)
        try:
            yield
        finally:
            _alarm(0)
            self._file = None

    def _check(self, event: str, arguments: tuple[object, ...]) -> None:
        if self._file is None:
            return
        if event in FORBIDDEN:
            raise PermissionError(f"a reader may not do this ({event})")
        if event == "open":
            path, _, flags = arguments
            if not self._may_open(path, flags):
                raise PermissionError("a reader may open its own file only")

    def _may_open(self, path: object, flags: object) -> bool:
        if isinstance(path, int):
            return True
        if not isinstance(path, str | bytes) or not isinstance(flags, int):
            return False
        wanted = _absolute(os.fsdecode(path))
        if wanted == os.devnull:
            return True
        return not flags & WRITING and (wanted == self._file or wanted.startswith(self._places))


def _libraries() -> tuple[str, ...]:
    """Where Python's modules and their data are; of a source folder, which holds other things, only our packages."""
    root = str(Path(ingest.__file__).parent.parent)
    paths = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    paths |= {path for path in sys.path if path and path != root}
    packages = {str(Path(package.__file__).parent) for package in (graph, ingest) if package.__file__ is not None}
    return (*(f"{_absolute(path)}{os.sep}" for path in sorted(paths | packages)), *SYSTEM)


def _absolute(path: str | Path) -> str:
    """Without '..'; links are not followed, for those among Python's own files may lead out of its folders."""
    return os.path.abspath(path)  # noqa: PTH100


def _alarm(seconds: float) -> None:
    """End this process after so long and so much computing, by the system's own hand; 0 takes that back."""
    if sys.platform == "win32":
        return
    # SIGALRM and SIGXCPU end a process that has no handler for them, whatever code it is in.
    signal.setitimer(signal.ITIMER_REAL, seconds)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))
    if seconds:
        soft = int(time.process_time() + seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (_least(soft, most), most))


def _lower(kind: int, value: int) -> None:
    """Set a limit of this process for good, unless it has a lower one."""
    _, most = resource.getrlimit(kind)
    lower = _least(value, most)
    resource.setrlimit(kind, (lower, lower))


def _least(value: int, most: int) -> int:
    return value if most == resource.RLIM_INFINITY else min(value, most)
