"""A reader that does what the file tells it to: the worst that a library can be brought to do by a file."""

import ctypes
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

from graph.intake import Kind
from ingest.files import FileRefused
from ingest.found import Found, FoundDocument, FoundText, Reading
from ingest.readers import Options

__all__ = ["read"]


def read(path: Path, *, options: Options) -> Reading:
    """A reading that says what came of the order, unless the order is such that there is none."""
    order, _, argument = path.read_text(encoding="utf-8").partition(" ")
    return ORDERS[order](argument, options)


def say(text: str) -> Reading:
    return Reading(rows=[], documents=[], refused=[], doubts=[], notes=[text])


def echo(argument: str, options: Options) -> Reading:
    found = Found(kind=Kind.EXPERTS, key="ama", cells={"name": argument}, place=options.file)
    return Reading(rows=[found], documents=[], refused=[], doubts=[], notes=[])


def refuse(argument: str, options: Options) -> Reading:
    raise FileRefused("it has no sheet", remedy="add one", value=argument, column="name")


def sleep(argument: str, options: Options) -> Reading:
    time.sleep(1000)
    return say("slept")


def loop_in_c(argument: str, options: Options) -> Reading:
    re.match(r"(a+)+$", "a" * 60 + "b")
    return say("matched")


def swell(argument: str, options: Options) -> Reading:
    held = []
    while True:
        held.append(bytes(10_000_000))


def grow(argument: str, options: Options) -> Reading:
    """Hold memory for ever, as libraries with a leak do."""
    KEPT.append(b"x" * int(argument))
    return say(f"holds {sum(map(len, KEPT))}")


def crash(argument: str, options: Options) -> Reading:
    ctypes.string_at(0)
    return say("lived")


def leave(argument: str, options: Options) -> Reading:
    os._exit(0)


def fail(argument: str, options: Options) -> Reading:
    raise KeyError(argument)


def nest(argument: str, options: Options) -> Reading:
    return nest(argument, options)


def flood(argument: str, options: Options) -> Reading:
    paragraph = FoundText(text="x" * int(argument), place="")
    document = FoundDocument(key="", cells={}, paragraphs=[paragraph], place="")
    return Reading(rows=[], documents=[document], refused=[], doubts=[], notes=[])


def halve(argument: str, options: Options) -> Reading:
    return say("\ud800")


def chatter(argument: str, options: Options) -> Reading:
    print("an answer?", flush=True)  # noqa: T201
    os.write(1, b"another?")
    sys.stderr.write("a person's name")
    return say("said nothing")


def tell_environment(argument: str, options: Options) -> Reading:
    return say(" ".join(sorted(os.environ)))


def tell_process(argument: str, options: Options) -> Reading:
    return say(str(os.getpid()))


def try_to(argument: str, options: Options) -> Reading:
    """Do what a reader may not, and say what came of it."""
    try:
        ATTEMPTS[argument]()
    except OSError as problem:
        return say(f"{type(problem).__name__}: {problem}")
    return say("done")


def write_in_c() -> None:
    """Write as C libraries do, past every audit hook; the file is made, nothing goes into it."""
    libc = ctypes.CDLL(None, use_errno=True)
    file = libc.open(b"written-in-c", os.O_WRONLY | os.O_CREAT, 0o600)
    if libc.write(file, b"text", 4) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def keep_for_a_while() -> None:
    with tempfile.TemporaryFile(suffix=".npz") as file:
        file.write(b"text")
        file.seek(0)
        assert file.read() == b"text"


KEPT: list[bytes] = []
ORDERS: Mapping[str, Callable[[str, Options], Reading]] = {
    "echo": echo,
    "refuse": refuse,
    "sleep": sleep,
    "loop_in_c": loop_in_c,
    "swell": swell,
    "grow": grow,
    "crash": crash,
    "leave": leave,
    "fail": fail,
    "nest": nest,
    "flood": flood,
    "halve": halve,
    "chatter": chatter,
    "tell_environment": tell_environment,
    "tell_process": tell_process,
    "try_to": try_to,
}
ATTEMPTS: Mapping[str, Callable[[], object]] = {
    "connect": lambda: socket.socket().connect(("127.0.0.1", 1)),
    "look up": lambda: socket.getaddrinfo("example.org", 80),
    "fetch": lambda: urllib.request.urlopen("http://127.0.0.1:1/"),
    "fetch a file": lambda: urllib.request.urlopen("file:///etc/hosts"),  # noqa: S310
    "listen": lambda: socket.socket().bind(("127.0.0.1", 0)),
    "run": lambda: subprocess.run(["true"], check=True),
    "fork": os.fork,
    "write": lambda: Path("written").write_text("text", encoding="utf-8"),
    "write in C": write_in_c,
    "keep a temporary file": keep_for_a_while,
    "remove": lambda: Path("written").unlink(),
    "open another": lambda: Path("/etc/hosts").read_text(encoding="utf-8"),
    "open its own package": lambda: Path(os.__file__).read_text(encoding="utf-8"),
}
