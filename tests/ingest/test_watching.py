"""A watched folder, with a real file system: what is being written is left alone, what is settled is told once."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from ingest.watching import Settled, watched

TIMEOUT_S = 30


@pytest.fixture
async def told(tmp_path: Path) -> AsyncIterator["asyncio.Queue[Settled]"]:
    """What is told of a watched folder, one file of which is there and another being written when it begins."""
    stop = asyncio.Event()
    queue: asyncio.Queue[Settled] = asyncio.Queue()
    (tmp_path / "early.csv").write_text("", encoding="utf-8")

    async def watch() -> None:
        async with aclosing(watched(tmp_path, stop=stop)) as changes:
            async for settled in changes:
                queue.put_nowait(settled)

    with (tmp_path / "written.csv").open("w", encoding="utf-8"):
        task = asyncio.create_task(watch())
        at_first = await next_of(queue)
    if os.uname().sysname == "Linux":  # no other system tells whether a file is open for writing
        assert at_first == Settled(frozenset({tmp_path / "early.csv"}), frozenset({tmp_path / "written.csv"}))
        assert (await next_of(queue)).changed == {tmp_path / "written.csv"}
    yield queue
    stop.set()
    await task


async def next_of(told: "asyncio.Queue[Settled]") -> Settled:
    return await asyncio.wait_for(told.get(), TIMEOUT_S)


async def test_a_changed_file_is_told_once_it_is_left_alone(tmp_path: Path, told: "asyncio.Queue[Settled]") -> None:
    (tmp_path / "experts.csv").write_text("id\n", encoding="utf-8")

    assert await next_of(told) == Settled(frozenset({tmp_path / "experts.csv"}), frozenset())


async def test_a_file_that_is_still_open_for_writing_is_left_alone(
    tmp_path: Path, told: "asyncio.Queue[Settled]"
) -> None:
    with (tmp_path / "experts.csv").open("w", encoding="utf-8") as file:
        file.write("id\n")
        file.flush()
        (tmp_path / "topics.csv").write_text("id\n", encoding="utf-8")

        while_open = await next_of(told)
        file.write("ama\n")

    closed = await next_of(told)
    assert while_open == Settled(frozenset({tmp_path / "topics.csv"}), frozenset({tmp_path / "experts.csv"}))
    assert closed == Settled(frozenset({tmp_path / "experts.csv"}), frozenset())


async def test_what_office_programs_leave_open_and_hidden_files_are_not_told(
    tmp_path: Path, told: "asyncio.Queue[Settled]"
) -> None:
    (tmp_path / "~$roster.xlsx").write_text("", encoding="utf-8")
    (tmp_path / ".hidden.csv").write_text("", encoding="utf-8")
    (tmp_path / "last.csv").write_text("", encoding="utf-8")

    assert (await next_of(told)).changed == {tmp_path / "last.csv"}


async def test_a_file_that_goes_is_told(tmp_path: Path, told: "asyncio.Queue[Settled]") -> None:
    (tmp_path / "experts.csv").write_text("id\n", encoding="utf-8")
    await next_of(told)

    (tmp_path / "experts.csv").unlink()

    assert (await next_of(told)).changed == {tmp_path / "experts.csv"}


async def test_what_changes_while_nobody_asks_is_told_later(tmp_path: Path) -> None:
    stop = asyncio.Event()

    async with aclosing(watched(tmp_path, stop=stop)) as changes:
        assert await anext(changes) == Settled(frozenset(), frozenset())
        await asyncio.to_thread((tmp_path / "experts.csv").write_text, "id\n", encoding="utf-8")

        assert (await asyncio.wait_for(anext(changes), TIMEOUT_S)).changed == {tmp_path / "experts.csv"}
        stop.set()
