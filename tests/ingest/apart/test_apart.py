# ruff: noqa: E501 -- exact sentences stand on one line each
import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import psutil
import pytest
import pytest_asyncio

from ingest.apart import Apart, Limits, apart
from ingest.apart.messages import Ask, framed
from ingest.files import FileRefused
from ingest.found import Reading
from ingest.readers import Options

CHILD = Path(__file__).parent / "child_with_faulty_reader.py"
COMMAND = (sys.executable, "-P", "-B", "-X", "utf8", str(CHILD))
FAULTY = "ingest.readers.faulty"
SOURCE = (CHILD.parent / "readers" / "faulty.py").read_text(encoding="utf-8")
FAILING_LINE = SOURCE[: SOURCE.index("raise KeyError")].count("\n") + 1
SMALL = Limits(seconds=30.0, memory_bytes=600_000_000, answer_bytes=100_000, file_bytes=1_000)
HASTY = Limits(seconds=2.0)

Order = Callable[[str], Awaitable[Reading]]


@pytest.fixture(scope="module", autouse=True)
def faulty_reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The child knows a reader that does what the file says; what it writes, it writes into a folder of this test's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(apart, "COMMAND", COMMAND)
        patch.chdir(tmp_path_factory.mktemp("writable"))
        yield


async def ordered(reader: Apart, folder: Path, order: str) -> Reading:
    file = folder / "order.txt"
    file.write_text(order, encoding="utf-8")
    return await reader.read(file, reader=FAULTY, options=Options(file="order.txt"), folder=folder)


@pytest_asyncio.fixture(scope="module")
async def shared() -> AsyncIterator[Apart]:
    """One child for most tests: to start Python takes longer than they do."""
    async with Apart(SMALL) as reader:
        yield reader


@pytest.fixture
def order(shared: Apart, tmp_path: Path) -> Order:
    """Read a file that holds an order, with small limits."""
    return lambda text: ordered(shared, tmp_path, text)


async def refusal(reading: Awaitable[Reading]) -> str:
    with pytest.raises(FileRefused) as refused:
        await reading
    return str(refused.value)


async def test_what_a_reader_finds_comes_back(order: Order) -> None:
    reading = await order("echo سلمى\u00a0بن رباح")

    assert [(row.key, row.cells, row.place) for row in reading.rows] == [
        ("ama", {"name": "سلمى\u00a0بن رباح"}, "order.txt")
    ]


async def test_what_a_reader_refuses_is_refused_in_its_words(order: Order) -> None:
    with pytest.raises(FileRefused) as refused:
        await order("refuse Ama\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"))

    problem = refused.value
    assert (problem.reason, problem.remedy, problem.value, problem.column) == (
        "it has no sheet",
        "add one",
        "Ama\U0001f600",
        "name",
    )


async def test_one_child_reads_many_files(order: Order) -> None:
    first, second = await order("tell_process"), await order("tell_process")

    assert first.notes == second.notes


@pytest.mark.parametrize(
    "text, sentence",
    [
        ("crash", "what reads it crashed on it; open it in the program that made it and save it again, or in another format"),
        ("leave", "what reads it crashed on it; open it in the program that made it and save it again, or in another format"),
        ("fail Salma", f"it is damaged, or not what its name says (KeyError, faulty.py line {FAILING_LINE}); open it in the program that made it, save it again, and report this if it is refused again"),
        ("nest", "it is nested too deeply to be read; open it in the program that made it, save it again, and report this if it is refused again"),
        ("flood 200000", "what it says takes more than 0.1 MB; split it into smaller files"),
        ("halve", "it holds half a character, which is no text; open it in the program that made it, save it again, and report this if it is refused again"),
    ],
    ids=lambda text: text.split()[0],
)  # fmt: skip
async def test_a_file_that_is_too_much_is_refused_and_the_next_one_is_read(
    order: Order, text: str, sentence: str
) -> None:
    assert await refusal(order(text)) == sentence

    assert (await order("echo next")).rows[0].cells == {"name": "next"}


async def test_a_file_that_takes_too_much_memory_is_refused_and_the_next_one_is_read(order: Order) -> None:
    sentence = await refusal(order("swell"))

    # What the system limits may die of it before it says so; test_memory_is_watched_… holds the sentence.
    assert sentence.startswith(("reading it takes more than 0.6 GB of memory; ", "what reads it crashed on it; "))
    assert (await order("echo next")).rows[0].cells == {"name": "next"}


@pytest.mark.parametrize("text", ["sleep", "loop_in_c"])
async def test_a_file_that_takes_too_long_is_refused_and_the_next_one_is_read(tmp_path: Path, text: str) -> None:
    async with Apart(HASTY) as reader:
        sentence = await refusal(ordered(reader, tmp_path, text))
        reading = await ordered(reader, tmp_path, "echo next")

    assert (
        sentence
        == "it took longer than 2 s to read; split it into smaller files, or allow more time by KNOWWHO_INGEST_SECONDS"
    )
    assert reading.rows[0].cells == {"name": "next"}


async def test_no_child_is_left(tmp_path: Path) -> None:
    async with Apart(HASTY) as reader:
        process = int((await ordered(reader, tmp_path, "tell_process")).notes[0])
        await refusal(ordered(reader, tmp_path, "sleep"))
        other = int((await ordered(reader, tmp_path, "tell_process")).notes[0])

    assert process != other
    assert not psutil.pid_exists(process)
    assert not psutil.pid_exists(other)


async def test_a_reading_that_is_broken_off_leaves_no_child_and_no_half_answer(tmp_path: Path) -> None:
    async with Apart(Limits(seconds=30)) as reader:
        process = int((await ordered(reader, tmp_path, "tell_process")).notes[0])
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await ordered(reader, tmp_path, "sleep")

        assert not psutil.pid_exists(process)
        assert (await ordered(reader, tmp_path, "echo next")).rows[0].cells == {"name": "next"}


async def test_readings_asked_for_at_once_wait_for_each_other(tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.txt" for number in range(5)]
    for number, file in enumerate(files):
        file.write_text(f"echo {number}", encoding="utf-8")

    async with Apart(SMALL) as reader:
        readings = await asyncio.gather(
            *(reader.read(file, reader=FAULTY, options=Options(file=file.name), folder=tmp_path) for file in files)
        )

    assert [reading.rows[0].cells["name"] for reading in readings] == ["0", "1", "2", "3", "4"]


async def test_no_file_pays_for_what_earlier_ones_left_behind(order: Order) -> None:
    held = [(await order("grow 150000000")).notes[0] for _ in range(4)]

    assert "holds 150000000" in held[1:]


async def test_after_many_files_a_fresh_child_reads(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(apart, "MOST_FILES", 2)

    async with Apart(SMALL) as reader:
        first, second, third = [(await ordered(reader, tmp_path, "tell_process")).notes for _ in range(3)]

    assert first == second
    assert third != first


async def test_memory_is_watched_where_the_system_does_not_limit_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlimited = f"import runpy, sys; sys.argv[1] = '9' * 15; runpy.run_path({str(CHILD)!r}, run_name='__main__')"
    monkeypatch.setattr(apart, "COMMAND", (sys.executable, "-P", "-B", "-c", unlimited))

    async with Apart(Limits(memory_bytes=600_000_000)) as reader:
        sentence = await refusal(ordered(reader, tmp_path, "swell"))

    assert (
        sentence
        == "reading it takes more than 0.6 GB of memory; split it into smaller files, or allow more by KNOWWHO_INGEST_MEMORY_MB"
    )


@pytest.mark.parametrize(
    "attempt, answer",
    [
        ("connect", "PermissionError: a reader may not do this (socket.connect)"),
        ("look up", "PermissionError: a reader may not do this (socket.getaddrinfo)"),
        ("fetch", "PermissionError: a reader may not do this (urllib.Request)"),
        ("fetch a file", "PermissionError: a reader may not do this (urllib.Request)"),
        ("listen", "PermissionError: a reader may not do this (socket.bind)"),
        ("run", "PermissionError: a reader may not do this (subprocess.Popen)"),
        ("fork", "PermissionError: a reader may not do this (os.fork)"),
        ("write", "PermissionError: a reader may open its own file only"),
        ("write in C", "OSError: [Errno 27] File too large"),
        ("remove", "PermissionError: a reader may not do this (os.remove)"),
        ("open another", "PermissionError: a reader may open its own file only"),
        ("open its own package", "done"),
        ("keep a temporary file", "done"),
    ],
)
async def test_a_reader_reads_its_file_and_does_nothing_else(order: Order, attempt: str, answer: str) -> None:
    reading = await order(f"try_to {attempt}")

    assert reading.notes == [answer]


async def test_the_child_knows_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KNOWWHO_NEO4J_PASSWORD", "throw-away")
    monkeypatch.setenv("SOMEBODYS_TOKEN", "throw-away")

    async with Apart(SMALL) as reader:
        reading = await ordered(reader, tmp_path, "tell_environment")

    names = set(reading.notes[0].split())
    assert "OMP_NUM_THREADS" in names
    assert not {name for name in names if name.startswith("KNOWWHO_") or "TOKEN" in name}


async def test_what_a_library_prints_is_no_answer(order: Order, capfd: pytest.CaptureFixture[str]) -> None:
    reading = await order("chatter")

    assert reading.notes == ["said nothing"]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["os", "ingest.loader", "ingest.readers", "ingest.readers.", "ingest.readers.a.__b"])
async def test_only_readers_may_be_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.txt").write_text("echo", encoding="utf-8")

    async with Apart(SMALL) as reader:
        with pytest.raises(ValueError, match="is no reader"):
            await reader.read(tmp_path / "a.txt", reader=name, options=Options(file="a.txt"), folder=tmp_path)


def make_link_out(path: Path) -> None:
    path.symlink_to("/etc/hosts")


def make_link_to_itself(path: Path) -> None:
    path.symlink_to(path)


def make_large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(2_000_000)


@pytest.mark.parametrize(
    "make, sentence",
    [
        (make_link_out, "it is a link out of the network's folder; copy the file into the folder"),
        (make_link_to_itself, "it is not a file; put a file there, or nothing"),
        (os.mkfifo, "it is not a file; put a file there, or nothing"),
        (os.mkdir, "it is not a file; put a file there, or nothing"),
        (make_large, "it has 2 MB, more than 0.001; split it into smaller files"),
        (lambda path: None, "it is not a file; put a file there, or nothing"),
    ],
    ids=["link out", "link to itself", "pipe", "folder", "too large", "nothing"],
)
async def test_a_file_is_looked_at_before_it_is_opened(
    tmp_path: Path, make: Callable[[Path], None], sentence: str
) -> None:
    file = tmp_path / "order.txt"
    make(file)

    async with Apart(SMALL) as reader:
        refused = refusal(reader.read(file, reader=FAULTY, options=Options(file="order.txt"), folder=tmp_path))

        assert await refused == sentence


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    """A child without a parent that watches it."""
    with subprocess.Popen(
        [*COMMAND, "600000000", "1000000"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as started:
        yield started
        started.kill()


def test_the_child_ends_when_its_parent_does(child: subprocess.Popen[bytes]) -> None:
    _, complaints = child.communicate(timeout=60)

    assert (child.returncode, complaints) == (0, b"")


def test_a_child_that_nobody_ends_is_ended_by_the_system(child: subprocess.Popen[bytes], tmp_path: Path) -> None:
    file = tmp_path / "order.txt"
    file.write_text("loop_in_c", encoding="utf-8")
    ask = Ask(reader=FAULTY, path=str(file), options=Options(file="order.txt"), seconds=0.2)

    child.communicate(framed(ask), timeout=60)

    assert child.returncode < 0
