"""The foreign files of a folder, read by their readers in processes of their own, two at a time.

What was found is kept as long as the file is as it was, so that whoever looks again and again (ingest.watching) reads
only what changed, and what the machine was too busy for. :func:`text_of` reads one document alone.
"""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from ingest.apart import Apart, Limits, NotThisTime
from ingest.documents import LEGACY, SUFFIXES, paragraphs_of
from ingest.files import FileRefused
from ingest.folder import DOCUMENTS, Files, Foreign
from ingest.found import Reading
from ingest.mapping import mapping_file_of, options_for
from ingest.readers import Options
from ingest.report import Progress

__all__ = ["Readings", "proposed_mapping", "text_of"]

AT_ONCE = 2


class _Signature(NamedTuple):
    """What changes when a file or what is said of its columns does."""

    size: int
    changed_ns: int
    inode: int
    mapping_changed_ns: int


class Readings:
    """Reads foreign files; used as ``async with Readings(limits) as readings``."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._idle: asyncio.Queue[Apart] = asyncio.Queue()
        self._kept: dict[str, tuple[_Signature, Reading | FileRefused]] = {}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        for _ in range(AT_ONCE):
            self._idle.put_nowait(await self._stack.enter_async_context(Apart(self._limits)))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def of(self, files: Files, *, progress: Progress | None = None) -> Mapping[str, Reading | FileRefused]:
        """What readers find in each foreign file, by its path in the folder; or why the file was refused."""
        done = 0

        async def read(file: Foreign) -> tuple[str, Reading | FileRefused]:
            nonlocal done
            found = await self._reading(file, files.folder)
            done += 1
            if progress is not None:
                progress("files", done, len(files.foreign))
            return file.name, found

        return dict(await asyncio.gather(*(read(file) for file in files.foreign)))

    async def _reading(self, file: Foreign, folder: Path) -> Reading | FileRefused:
        if file.problem is not None:
            return file.problem
        signature = _signature(file)
        kept = self._kept.get(file.name)
        if kept is not None and kept[0] == signature:
            return kept[1]
        apart = await self._idle.get()
        try:
            reader = f"ingest.readers.{file.reader}"
            options = options_for(file.path, name=file.name, mapping=mapping_file_of(file.path), folder=folder)
            found: Reading | FileRefused = await apart.read(file.path, reader=reader, options=options, folder=folder)
        except FileRefused as problem:
            found = problem
        finally:
            self._idle.put_nowait(apart)
        if signature is not None and not isinstance(found, NotThisTime):
            self._kept[file.name] = signature, found
        return found


async def proposed_mapping(file: Path, limits: Limits | None = None) -> str:
    """The mapping file to write beside a list, for a person to correct.

    Raises:
        FileRefused: it is no list, or as :meth:`ingest.apart.Apart.read`.
    """
    async with Apart(limits) as apart:
        options = Options(file=file.name)
        reading = await apart.read(file, reader="ingest.readers.proposal", options=options, folder=file.parent)
    return "\n".join(reading.notes)


async def text_of(file: Path, limits: Limits | None = None) -> str:
    """What a document says, a paragraph a line; what its front matter says is left out.

    Raises:
        FileRefused: it is no document, says nothing, or as :meth:`ingest.apart.Apart.read`.
    """
    suffix = file.suffix.lower()
    if suffix in DOCUMENTS:
        async with Apart(limits) as apart:
            reader = f"ingest.readers.documents.{DOCUMENTS[suffix]}"
            reading = await apart.read(file, reader=reader, options=Options(file=file.name), folder=file.parent)
        paragraphs = [paragraph for document in reading.documents for paragraph in document.paragraphs]
    elif suffix in SUFFIXES or not suffix:
        paragraphs = [*paragraphs_of(file, folder=file.parent)]
    else:
        known = f"give a file of another kind: {', '.join(sorted([*SUFFIXES, *DOCUMENTS]))}"
        remedy = f"save it as {LEGACY[suffix]}" if suffix in LEGACY else known
        raise FileRefused("it is no document that can be read", remedy=remedy)
    if not paragraphs:
        raise FileRefused(
            "it has no text", remedy="if it is made of pictures of pages, have their text recognised first"
        )
    return "\n".join(paragraph.text for paragraph in paragraphs)


def _signature(file: Foreign) -> _Signature | None:
    """None if the file cannot be looked at, which its reader then says."""
    try:
        found = file.path.stat()
    except OSError:
        return None
    try:
        mapping = mapping_file_of(file.path).stat().st_mtime_ns
    except OSError:  # there is none
        mapping = 0
    return _Signature(found.st_size, found.st_mtime_ns, found.st_ino, mapping)
