"""Foreign files are read once for each change, and again if it was the machine that could not."""

import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from ingest import Readings, files_of
from ingest.apart import Apart, Limits, NotThisTime
from ingest.files import FileRefused
from ingest.found import Reading
from ingest.readers import Options
from ingest.reading import proposed_mapping, text_of
from tests.ingest.hostile import valid

Folder = Callable[[dict[str, str]], Path]

ROSTER = "Name,Email\nAma,ama@example.org\nKofi,kofi@example.org\n"


@pytest_asyncio.fixture
async def readings() -> AsyncIterator[Readings]:
    async with Readings(Limits(seconds=60)) as opened:
        yield opened


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[FileRefused]:
    """What the child answers once before it reads; empty when it was asked."""
    answers: list[FileRefused] = []
    read = Apart.read

    async def answer(self: Apart, path: Path, *, reader: str, options: Options, folder: Path) -> Reading:
        if answers:
            raise answers.pop()
        return await read(self, path, reader=reader, options=options, folder=folder)

    monkeypatch.setattr(Apart, "read", answer)
    return answers


async def test_what_the_machine_was_too_busy_for_is_read_the_next_time(
    folder: Folder, readings: Readings, asked: list[FileRefused]
) -> None:
    files = files_of(folder({"roster.csv": ROSTER}))
    asked.append(NotThisTime("it took longer than 10 s to read", remedy="split it"))

    first, second = await readings.of(files), await readings.of(files)

    assert isinstance(first["roster.csv"], FileRefused)
    assert isinstance(second["roster.csv"], Reading)


async def test_what_is_refused_for_what_is_in_it_is_not_read_again(
    folder: Folder, readings: Readings, asked: list[FileRefused]
) -> None:
    files = files_of(folder({"roster.csv": ROSTER}))
    asked.append(FileRefused("it is locked", remedy="save it without a password"))

    first, second = await readings.of(files), await readings.of(files)

    assert second == first


@pytest.mark.parametrize("limits", [Limits(seconds=0.000_001), Limits(memory_bytes=1_000_000)], ids=["time", "memory"])
async def test_time_and_memory_are_the_machines(folder: Folder, limits: Limits) -> None:
    where = folder({"roster.csv": ROSTER})

    async with Apart(limits) as apart:
        with pytest.raises(NotThisTime):
            await apart.read(
                where / "roster.csv", reader="ingest.readers.sheets", options=Options(file="r.csv"), folder=where
            )


async def test_a_name_that_leaves_no_room_for_a_mappings_is_read_once_without_one(
    folder: Folder, readings: Readings
) -> None:
    name = f"{'中' * 82}.csv"
    files = files_of(folder({name: ROSTER}))

    first, second = await readings.of(files), await readings.of(files)

    found = first[name]
    assert isinstance(found, Reading)
    assert [row.cells["email"] for row in found.rows] == ["ama@example.org", "kofi@example.org"]
    assert second[name] is found


async def test_a_mapping_is_proposed_within_the_limits_of_any_file(folder: Folder) -> None:
    where = folder({"roster.csv": ROSTER, "roster.xlsx": "no zip"})

    proposed = await proposed_mapping(where / "roster.csv")

    assert proposed.startswith("# How roster.csv is read.")
    assert "kind: experts" in proposed
    assert proposed.endswith("\n")
    with pytest.raises(FileRefused, match=r"it took longer than 1e-06 s to read"):
        await proposed_mapping(where / "roster.csv", Limits(seconds=0.000_001))
    with pytest.raises(FileRefused):
        await proposed_mapping(where / "roster.xlsx")


SAID = "Doors are watched on days of prayer."


@pytest.mark.parametrize(
    "name, content",
    [
        ("note.txt", f"{SAID}\n".encode()),
        ("NOTE", f"{SAID}\n".encode("utf-16")),
        ("note.md", f"---\nowner: nobody\n---\n\n# Doors\n\n{SAID}\n".encode()),
        ("note.pdf", valid.pdf("somebody", SAID)),
        ("note.docx", valid.docx_("somebody", SAID)),
        ("note.html", f"<html><body><p>{SAID}</p></body></html>".encode()),
    ],
)
async def test_the_text_of_one_document_is_what_it_says(tmp_path: Path, name: str, content: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(content)

    text = await text_of(file, Limits(seconds=60))

    assert SAID in text
    assert "owner" not in text


@pytest.mark.parametrize(
    "name, content, said",
    [
        ("empty.txt", b"", "it has no text"),
        ("old.doc", b"\xd0\xcf", "save it as .docx"),
        ("sheet.xlsx", b"PK", "give a file of another kind: .docx, "),
        ("broken.pdf", b"%PDF-1.7", "it is no PDF that can be read"),
        ("letters.txt", b"caf\xe9 \x00", "not UTF-8 text"),
    ],
)
async def test_what_is_no_document_is_refused_with_what_to_do(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)

    with pytest.raises(FileRefused, match=re.escape(said)):
        await text_of(file, Limits(seconds=60))
