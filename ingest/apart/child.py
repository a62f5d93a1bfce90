"""The child: asked for one file after the other on its standard input, it answers on its standard output.

It ends when its parent does, for then its input ends too; while it reads a file, the system's alarm ends it.
"""

import importlib
import os
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from pydantic_core import PydanticSerializationError

from ingest.apart.guard import Guard, limit
from ingest.apart.messages import HEAD, Answer, Ask, Began, Refused, Spent, Taken, framed, is_reader
from ingest.files import FileRefused
from ingest.found import Reading
from ingest.readers import Options

__all__ = ["main"]

DAMAGED = "open it in the program that made it, save it again, and report this if it is refused again"


class _Reader(Protocol):
    def read(self, path: Path, *, options: Options) -> Reading: ...


def main() -> None:
    """Answer until the input ends. The arguments are the most bytes of memory and of an answer."""
    memory_bytes, answer_bytes = map(int, sys.argv[1:])
    questions, answers = _pipes()
    limit(memory_bytes)
    guard = Guard()
    spent = framed(Spent())  # made while there is memory for it
    for ask in _asked(questions):
        try:
            reader = _reader(ask.reader)
            _say(answers, Began())
            answer = _framed_answer(ask, reader, guard, answer_bytes)
        except MemoryError:
            answer = spent  # said after this clause, when whatever took the memory is let go of
        answers.write(answer)
        answers.flush()
        if answer is spent:
            return


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output, which afterwards lead nowhere: what a library prints must not become an answer."""
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    return questions, answers


def _asked(questions: BinaryIO) -> Iterator[Ask]:
    while len(head := questions.read(HEAD)) == HEAD:
        yield Ask.model_validate_json(questions.read(int.from_bytes(head)))


def _say(answers: BinaryIO, message: Answer) -> None:
    answers.write(framed(message))
    answers.flush()


def _reader(name: str) -> _Reader:
    if not is_reader(name):
        raise ValueError(f"{name} is no reader")
    return cast(_Reader, importlib.import_module(name))


def _framed_answer(ask: Ask, reader: _Reader, guard: Guard, answer_bytes: int) -> bytes:
    try:
        answer = framed(_answer(ask, reader, guard))
    except PydanticSerializationError:
        return framed(Refused(reason="it holds half a character, which is no text", remedy=DAMAGED))
    if len(answer) > answer_bytes:
        return framed(
            Refused(
                reason=f"what it says takes more than {answer_bytes / 1e6:g} MB",
                remedy="split it into smaller files",
            )
        )
    return answer


def _answer(ask: Ask, reader: _Reader, guard: Guard) -> Taken | Refused:
    path = Path(ask.path)
    try:
        with guard.only(path, seconds=ask.seconds):
            return Taken(reading=reader.read(path, options=ask.options))
    except FileRefused as problem:
        return Refused(reason=problem.reason, remedy=problem.remedy, value=_whole(problem.value), column=problem.column)
    except RecursionError:
        return Refused(reason="it is nested too deeply to be read", remedy=DAMAGED)
    except MemoryError:
        raise
    except Exception as problem:  # noqa: BLE001 -- whatever a library makes of a foreign file must not end the ingest
        return Refused(reason=f"it is damaged, or not what its name says ({_where(problem)})", remedy=DAMAGED)


def _whole(text: str) -> str:
    """Text without the halves of characters that JSON cannot carry."""
    return text.encode(errors="replace").decode()


def _where(problem: BaseException) -> str:
    """An error's name and the line of the reader that met it, for whoever mends the reader: nothing of the file."""
    ours = [frame for frame in traceback.extract_tb(problem.__traceback__) if "readers" in Path(frame.filename).parts]
    name = type(problem).__name__
    return f"{name}, {Path(ours[-1].filename).name} line {ours[-1].lineno}" if ours else name
