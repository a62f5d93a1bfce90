"""The parent's side: starts the child, asks it, and ends it when a file was too much for it."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil
from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from ingest.apart.messages import ANSWER, HEAD, Answer, Ask, Began, Refused, Spent, Taken, framed, is_reader
from ingest.files import FileRefused, ensure_plain
from ingest.found import Reading
from ingest.readers import Options

__all__ = ["Apart", "Limits", "NotThisTime"]

START_SECONDS = 60.0
"""How long Python and a reader's libraries may take to start, which no file is charged with."""
LOOK_SECONDS = 0.2
"""How often the parent looks at the child's memory, for systems that do not limit it themselves."""
MOST_FILES = 500
"""After so many files a new child starts, so that what libraries never give back does not add up."""

FRAME_BYTES = 1_000
"""What an answer without a reading may take at most."""

COMMAND = (sys.executable, "-P", "-B", "-X", "utf8", "-m", "ingest.apart")
# All that the child gets of the environment: no secret of ours or of others is in its memory.
ENVIRONMENT = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT")
# Numeric libraries would set memory aside for every core.
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may cost. The time counts from when the reader's libraries are there."""

    seconds: float = 10.0
    memory_bytes: int = 1_500_000_000
    file_bytes: int = 200_000_000
    answer_bytes: int = 64_000_000


class NotThisTime(FileRefused):
    """What the machine had to spare was too little for the file, which may be read another time."""


class _BrokeOff(NotThisTime):
    """The child had no memory left or ended without an answer; files that it read before may have a part in it."""


class Apart:
    """Reads foreign files in a child process, one after the other; used as ``async with Apart() as apart``.

    The child starts with the first file, and anew after one that was too much for it.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._child: asyncio.subprocess.Process | None = None
        self._files = 0
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._end()

    async def read(self, path: Path, *, reader: str, options: Options, folder: Path) -> Reading:
        """What a reader, such as ``ingest.readers.skos``, finds in a file of a network's folder.

        Raises:
            FileRefused: it is no plain file of that folder, too large, too slow, needs too much memory, crashes what
                reads it, or the reader refuses it. What another time may be read is a NotThisTime.
            ValueError: that is no reader.
        """
        question = _question(path, reader, options, folder=folder, limits=self._limits)
        async with self._turn:
            return await self._reading(question)

    async def _reading(self, question: bytes) -> Reading:
        """The child's reading. If an old child breaks off, a fresh one is asked: no file pays for earlier ones."""
        if self._files >= MOST_FILES:
            await self._end()
        if self._child is not None:
            with contextlib.suppress(_BrokeOff):
                return await self._asked(question)
        return await self._asked(question)

    async def _asked(self, question: bytes) -> Reading:
        try:
            child = self._child = self._child or await _started(self._limits)
            self._files += 1
            answer = await self._exchanged(child, question)
        except BaseException:
            # Whatever it was, cancellation too: a child that was left in the middle of a file reads no other.
            await self._end()
            raise
        if isinstance(answer, Refused):
            raise FileRefused(answer.reason, remedy=answer.remedy, value=answer.value, column=answer.column)
        return answer.reading

    async def _exchanged(self, child: asyncio.subprocess.Process, question: bytes) -> Taken | Refused:
        began = await self._heard(
            child,
            question,
            seconds=START_SECONDS,
            late=NotThisTime(
                f"what reads it did not start within {START_SECONDS:g} s",
                remedy="try again when the machine has less to do",
            ),
        )
        if not isinstance(began, Began):
            raise _crashed()
        seconds = self._limits.seconds
        answer = await self._heard(
            child,
            seconds=seconds,
            late=NotThisTime(
                f"it took longer than {seconds:g} s to read",
                remedy="split it into smaller files, or allow more time by KNOWWHO_INGEST_SECONDS",
            ),
        )
        if isinstance(answer, Began):
            raise _crashed()
        return answer

    async def _heard(
        self, child: asyncio.subprocess.Process, question: bytes = b"", *, seconds: float, late: FileRefused
    ) -> Began | Taken | Refused:
        """What the child says next, while its time and memory are watched."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        hearing = asyncio.ensure_future(_exchange(child, question, most=self._limits.answer_bytes + FRAME_BYTES))
        try:
            while not hearing.done():
                await asyncio.wait({hearing}, timeout=max(0.0, min(LOOK_SECONDS, end - loop.time())))
                if hearing.done():
                    break
                if loop.time() >= end:
                    raise late
                if _memory_of(child) > self._limits.memory_bytes:
                    raise self._too_much()
            answer = hearing.result()
        finally:
            hearing.cancel()
        if isinstance(answer, Spent):
            raise self._too_much()
        return answer

    def _too_much(self) -> _BrokeOff:
        return _BrokeOff(
            f"reading it takes more than {self._limits.memory_bytes / 1e9:g} GB of memory",
            remedy="split it into smaller files, or allow more by KNOWWHO_INGEST_MEMORY_MB",
        )

    async def _end(self) -> None:
        """End the child, if there is one, with all that it may have started."""
        child, self._child, self._files = self._child, None, 0
        if child is None:
            return
        with contextlib.suppress(ProcessLookupError):
            if sys.platform == "win32":
                child.kill()
            else:
                os.killpg(child.pid, signal.SIGKILL)
        # Not to be broken off: a child that was killed is there until somebody has waited for it.
        await asyncio.shield(child.wait())


def _question(path: Path, reader: str, options: Options, *, folder: Path, limits: Limits) -> bytes:
    """The framed question for a file, which is looked at before.

    Raises:
        FileRefused, ValueError: as :meth:`Apart.read`.
    """
    if not is_reader(reader):
        raise ValueError(f"{reader} is no reader: name a module below ingest.readers")
    ensure_plain(path, folder=folder, largest=limits.file_bytes)
    try:
        return framed(Ask(reader=reader, path=str(path.absolute()), options=options, seconds=limits.seconds))
    except PydanticSerializationError:
        raise FileRefused("its name is not Unicode", remedy="rename it") from None


async def _started(limits: Limits) -> asyncio.subprocess.Process:
    """A child, in a session of its own: Ctrl-C in the terminal is for the parent, who ends the child."""
    return await asyncio.create_subprocess_exec(
        *COMMAND,
        str(limits.memory_bytes),
        str(limits.answer_bytes),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # What libraries say about a file may hold what is in the file: it goes into no log.
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ} | dict.fromkeys(ONE_THREAD, "1"),
        start_new_session=True,
    )


async def _exchange(child: asyncio.subprocess.Process, question: bytes, *, most: int) -> Answer:
    """Say a question, if there is one, and hear the answer.

    Raises:
        FileRefused: the child is gone, or says what no child says.
    """
    questions, answers = child.stdin, child.stdout
    if questions is None or answers is None:
        raise _crashed()
    try:
        questions.write(question)
        await questions.drain()
        length = int.from_bytes(await answers.readexactly(HEAD))
        if length > most:
            raise _crashed()
        return ANSWER.validate_json(await answers.readexactly(length))
    except (EOFError, ConnectionError, ValidationError):
        raise _crashed() from None


def _crashed() -> _BrokeOff:
    return _BrokeOff(
        "what reads it crashed on it",
        remedy="open it in the program that made it and save it again, or in another format",
    )


def _memory_of(child: asyncio.subprocess.Process) -> int:
    """The bytes of memory that the child occupies; 0 if it is gone."""
    try:
        return psutil.Process(child.pid).memory_info().rss
    except psutil.Error:
        return 0
