"""A watched folder, with a real file system: what is being written is left alone, what is settled is told once."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from ingest import FolderUnreadable, watching
from ingest.watching import UNTOLD_QUIET_S, Settled, watched

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


async def test_a_path_that_is_not_absolute_tells_absolute_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = asyncio.Event()
    monkeypatch.chdir(tmp_path.parent)
    (tmp_path / "early.csv").write_text("", encoding="utf-8")

    async with aclosing(watched(Path(tmp_path.name), stop=stop)) as changes:
        first = await anext(changes)
        await asyncio.to_thread((tmp_path / "experts.csv").write_text, "id\n", encoding="utf-8")
        second = await asyncio.wait_for(anext(changes), TIMEOUT_S)
        stop.set()

    assert first.changed == {tmp_path / "early.csv"}
    assert second.changed == {tmp_path / "experts.csv"}


@pytest.fixture
def no_leases(monkeypatch: pytest.MonkeyPatch) -> None:
    """As of another user's file: the user that runs tests may get leases on everybody's."""
    import fcntl

    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(fcntl, "fcntl", refused)


@pytest.mark.usefixtures("no_leases")
async def test_where_the_system_does_not_tell_who_writes_a_file_is_left_alone_for_longer(tmp_path: Path) -> None:
    stop = asyncio.Event()
    old, young = tmp_path / "old.csv", tmp_path / "young.csv"
    old.write_text("", encoding="utf-8")
    os.utime(old, (0, 0))
    with young.open("w", encoding="utf-8") as file:
        file.write("id\n")

        async with aclosing(watched(tmp_path, stop=stop)) as changes:
            first = await anext(changes)
            started = time.monotonic()
            second = await asyncio.wait_for(anext(changes), TIMEOUT_S)
            stop.set()

    assert first == Settled(frozenset({old}), frozenset({young}))
    assert second == Settled(frozenset({young}), frozenset())
    assert time.monotonic() - started >= 0.9 * UNTOLD_QUIET_S


async def test_what_could_not_be_taken_in_is_told_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "AGAIN_S", 0.5)
    stop, again = asyncio.Event(), asyncio.Event()

    async with aclosing(watched(tmp_path, stop=stop, again=again)) as changes:
        await anext(changes)
        again.set()
        second = await asyncio.wait_for(anext(changes), TIMEOUT_S)
        stop.set()

    assert second == Settled(frozenset(), frozenset())
    assert not again.is_set()


async def test_a_folder_that_comes_back_is_told_as_at_first(tmp_path: Path) -> None:
    stop = asyncio.Event()
    folder = tmp_path / "network"
    folder.mkdir()

    async with aclosing(watched(folder, stop=stop)) as changes:
        await anext(changes)
        await asyncio.to_thread(replace_folder, folder)
        again = await asyncio.wait_for(anext(changes), TIMEOUT_S)
        await asyncio.to_thread((folder / "topics.csv").write_text, "", encoding="utf-8")
        then = await asyncio.wait_for(anext(changes), TIMEOUT_S)
        stop.set()

    assert again.changed == {folder / "experts.csv"}
    assert then.changed == {folder / "topics.csv"}


def replace_folder(folder: Path) -> None:
    """As programs do that synchronise: the folder is another one."""
    folder.rename(folder.with_name("old"))
    folder.mkdir()
    (folder / "experts.csv").write_text("", encoding="utf-8")


async def test_a_folder_that_is_gone_for_good_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "GONE_S", 0.5)
    folder = tmp_path / "network"
    folder.mkdir()

    async with aclosing(watched(folder)) as changes:
        await anext(changes)
        folder.rmdir()

        with pytest.raises(FolderUnreadable, match=r"network cannot be read \(it was gone for 0\.5 s\)"):
            await asyncio.wait_for(anext(changes), TIMEOUT_S)
