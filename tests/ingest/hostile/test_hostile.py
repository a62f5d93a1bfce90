"""Hostile and broken files of each kind are refused with a sentence or cleaned, and the next file is read."""

import re
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from ingest.apart import Apart, Limits
from ingest.cells import HOSTILE as HIDDEN
from ingest.files import FileRefused
from ingest.found import CellValue, Reading
from ingest.readers import Options
from tests.ingest.hostile.hostile import HOSTILE, SECRET, Hostile
from tests.ingest.hostile.valid import KINDS, NAME, existing

LIMITS = Limits(seconds=20.0, memory_bytes=800_000_000, answer_bytes=5_000_000)
# What a file may cost beside its own time: a child that has to be started, on a machine that has other things to do.
TO_SPARE = 60.0
# What ingest.apart says of an error that no reader foresaw.
UNFORESEEN = "not what its name says ("
SCRIPTED = re.compile(r"<\s*/?\s*(script|b|i|iframe)\b", re.IGNORECASE)


@pytest_asyncio.fixture(scope="module")
async def apart() -> AsyncIterator[Apart]:
    """One child, which must outlive or be replaced after each of these files."""
    async with Apart(LIMITS) as reader:
        yield reader


async def read(apart: Apart, file: Path, kind: str) -> Reading | FileRefused:
    """What a file gives, or why it is refused."""
    options = Options(file=file.name)
    try:
        return await apart.read(file, reader=KINDS[kind].reader, options=options, folder=file.parent)
    except FileRefused as problem:
        return problem


def files_below(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*")}


def texts_of(reading: Reading) -> Iterator[str]:
    """Everything of a reading that could reach a page or an index."""
    for row in reading.rows:
        for value in row.cells.values():
            yield from parts_of(value)
    for document in reading.documents:
        for value in document.cells.values():
            yield from parts_of(value)
        for paragraph in document.paragraphs:
            yield paragraph.text
            yield paragraph.place


def parts_of(value: CellValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    else:
        for part in value:
            yield from parts_of(part)


@pytest.mark.parametrize("kind", existing())
async def test_a_valid_file_is_read(apart: Apart, tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"valid{KINDS[kind].suffix}"
    file.write_bytes(KINDS[kind].content())

    reading = await read(apart, file, kind)

    assert isinstance(reading, Reading), str(reading)
    assert not reading.refused
    assert any(NAME in text for text in texts_of(reading))


@pytest.mark.parametrize("hostile", [one for one in HOSTILE if one.kind in existing()], ids=lambda one: one.name)
async def test_a_hostile_file_is_refused_or_cleaned(apart: Apart, tmp_path: Path, hostile: Hostile) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET, encoding="utf-8")
    folder = tmp_path / "network"
    folder.mkdir()
    file = folder / f"hostile{KINDS[hostile.kind].suffix}"
    file.write_bytes(hostile.make(secret))
    start = time.monotonic()

    found = await read(apart, file, hostile.kind)

    assert time.monotonic() - start < LIMITS.seconds + TO_SPARE
    assert files_below(tmp_path) == {"secret.txt", "network", file.name}
    if isinstance(found, FileRefused):
        assert hostile.refused is not False, str(found)
        assert found.reason
        assert found.remedy
        assert "crashed" not in found.reason, "a library crashed on it"
        assert UNFORESEEN not in found.reason, f"nobody thought of this: {found.reason}"
        assert SECRET not in str(found)
    else:
        assert not hostile.refused, f"taken in: {list(texts_of(found))[:5]}"
        text = "\n".join(texts_of(found))
        assert SECRET not in text
        assert HIDDEN.search(text) is None
        if "script" in hostile.name:
            assert SCRIPTED.search(text) is None


@pytest.mark.parametrize("tenth", range(1, 10))
@pytest.mark.parametrize("kind", existing())
async def test_a_part_of_a_file_is_refused_or_read_as_far_as_it_goes(
    apart: Apart, tmp_path: Path, kind: str, tenth: int
) -> None:
    content = KINDS[kind].content()
    file = tmp_path / f"part{KINDS[kind].suffix}"
    file.write_bytes(content[: len(content) * tenth // 10])

    found = await read(apart, file, kind)

    assert isinstance(found, Reading) or "crashed" not in found.reason
    assert isinstance(found, Reading) or UNFORESEEN not in found.reason, f"nobody thought of this: {found.reason}"


async def test_after_all_of_them_a_valid_file_is_read(apart: Apart, tmp_path: Path) -> None:
    kind = existing()[0]
    file = tmp_path / f"valid{KINDS[kind].suffix}"
    file.write_bytes(KINDS[kind].content())

    assert isinstance(await read(apart, file, kind), Reading)
