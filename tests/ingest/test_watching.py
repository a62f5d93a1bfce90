"""A watched folder, with a real file system: what is being written is left alone, what is settled is told once."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from ingest.watching import Settled, busy, watched

TIMEOUT_S = 30


@pytest.fixture
async def told(tmp_path: Path) -> AsyncIterator["asyncio.Queue[Settled]"]:
    """What is told of a watched folder."""
    stop = asyncio.Event()
    queue: asyncio.Queue[Settled] = asyncio.Queue()
    begun = asyncio.Event()

    async def watch() -> None:
        async with aclosing(watched(tmp_path, stop=stop, begun=begun)) as changes:
            async for settled in changes:
                queue.put_nowait(settled)

    task = asyncio.create_task(watch())
    await asyncio.wait_for(begun.wait(), TIMEOUT_S)
    yield queue
    stop.set()
    await task


async def first(told: "asyncio.Queue[Settled]") -> Settled:
    return await asyncio.wait_for(told.get(), TIMEOUT_S)


async def test_a_changed_file_is_told_once_it_is_left_alone(tmp_path: Path, told: "asyncio.Queue[Settled]") -> None:
    (tmp_path / "experts.csv").write_text("id\n", encoding="utf-8")

    assert await first(told) == Settled(frozenset({tmp_path / "experts.csv"}), frozenset())


async def test_a_file_that_is_still_open_for_writing_is_left_alone(
    tmp_path: Path, told: "asyncio.Queue[Settled]"
) -> None:
    with (tmp_path / "experts.csv").open("w", encoding="utf-8") as file:
        file.write("id\n")
        file.flush()
        (tmp_path / "topics.csv").write_text("id\n", encoding="utf-8")

        while_open = await first(told)
        file.write("ama\n")

    closed = await first(told)
    assert while_open == Settled(frozenset({tmp_path / "topics.csv"}), frozenset({tmp_path / "experts.csv"}))
    assert closed == Settled(frozenset({tmp_path / "experts.csv"}), frozenset())


async def test_what_office_programs_leave_open_and_hidden_files_are_not_told(
    tmp_path: Path, told: "asyncio.Queue[Settled]"
) -> None:
    (tmp_path / "~$roster.xlsx").write_text("", encoding="utf-8")
    (tmp_path / ".hidden.csv").write_text("", encoding="utf-8")
    (tmp_path / "last.csv").write_text("", encoding="utf-8")

    assert (await first(told)).changed == {tmp_path / "last.csv"}


async def test_a_file_that_goes_is_told(tmp_path: Path, told: "asyncio.Queue[Settled]") -> None:
    (tmp_path / "experts.csv").write_text("id\n", encoding="utf-8")
    await first(told)

    (tmp_path / "experts.csv").unlink()

    assert (await first(told)).changed == {tmp_path / "experts.csv"}


def test_the_busy_files_of_a_folder_are_those_that_somebody_writes(tmp_path: Path) -> None:
    (tmp_path / "settled.csv").write_text("", encoding="utf-8")
    with (tmp_path / "written.csv").open("w", encoding="utf-8"):
        if os.uname().sysname != "Linux":
            pytest.skip("only Linux tells whether a file is open for writing")

        assert busy(tmp_path) == {tmp_path / "written.csv"}
