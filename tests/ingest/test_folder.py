"""What each file of a folder is told to be, without trusting any of them."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graph.intake import Kind, Known, KnownNames, Trust
from ingest import Readings, files_of
from ingest.apart import Limits
from ingest.files import FileRefused
from ingest.folder import Files
from ingest.network import assemble
from ingest.readers.json_kinds import START_BYTES

Folder = Callable[[dict[str, str]], Path]

TOPICS = {"topics.csv": "id,label_en\na,A\n"}
SCHEDULE = '{"schedule":{"version":"1","conference":{"acronym":"design","title":"Design","days":[]}}}'
NO_JSON = "it is not JSON, or only the first part of it (line 1, column {}); export or download it again"


async def told(files: Files) -> dict[str, str]:
    """What becomes of each foreign file: why it is refused, or what is doubted or noted of it."""
    async with Readings(Limits(seconds=60)) as readings:
        found = await readings.of(files)
    return {
        name: str(one) if isinstance(one, FileRefused) else "; ".join([*(d.reason for d in one.doubts), *one.notes])
        for name, one in found.items()
    }


def readers(files: Files) -> dict[str, tuple[str, Trust]]:
    return {file.name: (file.reader, file.trust) for file in files.foreign}


@pytest.mark.parametrize(
    "content, sentence",
    [
        (SCHEDULE[:60].encode(), NO_JSON.format(61)),
        (SCHEDULE.encode("utf-16"), "it is not UTF-8 text, as JSON must be; export or download it again"),
        (b"", NO_JSON.format(1)),
        (b"[" * 100_000, "its lists are nested too deeply; check that it is the right file"),
    ],
    ids=["half", "not UTF-8", "nothing", "nested"],
)
async def test_json_that_cannot_be_told_is_refused(folder: Folder, content: bytes, sentence: str) -> None:
    where = folder(TOPICS)
    (where / "schedule.json").write_bytes(content)

    files = files_of(where)

    assert files.missing(["schedule.json"]) == frozenset()
    assert await told(files) == {"schedule.json": sentence}


async def test_json_that_is_too_large_is_refused(folder: Folder) -> None:
    where = folder(TOPICS)
    with (where / "large.json").open("w", encoding="utf-8") as file:
        file.write('["x"]')
        file.truncate(33_000_000)

    assert await told(files_of(where)) == {"large.json": "it is larger than 32 MB; check that it is the right file"}


def test_json_of_no_known_system_is_noted_and_not_gone(folder: Folder) -> None:
    files = files_of(folder(TOPICS | {"package.json": '{"name": "x"}'}))

    assert [str(note) for note in files.notes] == [
        "package.json: it was left out; its JSON is of no system that is known"
    ]
    assert files.foreign == ()
    assert files.left == {"package.json"}
    assert files.missing(["package.json", "other.json"]) == {"other.json"}


async def test_the_start_of_a_file_tells_its_system_and_its_reader_finds_out_what_it_does_not(folder: Folder) -> None:
    long = "x" * START_BYTES
    files = files_of(
        folder(
            TOPICS
            | {
                "early.json": json.dumps({"results": [{"id": "https://openalex.org/W1", "x": long}], "meta": {}}),
                "half.json": json.dumps({"orcid-identifier": {}, "person": {}, "x": long})[:-1],
                "late.json": json.dumps({"x": long, **json.loads(SCHEDULE)}),
                "other.json": json.dumps({"x": long}),
            }
        )
    )

    found = await told(files)

    assert readers(files) == {
        "early.json": ("registers", Trust.REGISTER),
        "half.json": ("registers", Trust.REGISTER),
        "late.json": ("other_json", Trust.PROGRAMME),
        "other.json": ("other_json", Trust.PROGRAMME),
    }
    assert found["half.json"].startswith("it is not JSON, or only the first part of it")
    assert found["other.json"] == "it was left out: its JSON is of no system that is known"
    assert "refused" not in found["late.json"]


async def test_json_that_is_no_plain_file_of_the_folder_is_not_opened(folder: Folder, tmp_path: Path) -> None:
    where = folder(TOPICS)
    (tmp_path / "outside.json").write_text(SCHEDULE, encoding="utf-8")
    (where / "out.json").symlink_to(tmp_path / "outside.json")
    (where / "endless.json").symlink_to("/dev/zero")
    os.mkfifo(where / "pipe.json")
    look = f"from pathlib import Path; from ingest import files_of; files_of(Path({str(where)!r}))"
    await asyncio.to_thread(subprocess.run, [sys.executable, "-c", look], timeout=60, check=True)

    files = files_of(where)

    assert {reader for reader, _ in readers(files).values()} == {"other_json"}
    assert await told(files) == {
        "out.json": "it is a link out of the network's folder; copy the file into the folder",
        "endless.json": "it is a link out of the network's folder; copy the file into the folder",
        "pipe.json": "it is not a file; put a file there, or nothing",
    }


async def test_two_files_of_one_name_but_for_capitals_are_not_taken_for_one(folder: Folder) -> None:
    files = files_of(folder(TOPICS | {"experts.csv": "id,name\nama,Ama\n", "Experts.csv": "id,name\nkofi,Kofi\n"}))

    sentences = await told(files)

    assert sentences == {
        "experts.csv": "Experts.csv beside it has the same name but for capitals; put the rows of both into one of "
        "them, and delete the other"
    }


async def test_two_descriptions_but_for_capitals_are_not_taken_for_one(folder: Folder) -> None:
    files = files_of(folder(TOPICS | {"datapackage.json": "{}", "Datapackage.json": "{}"}))

    assert files.description is not None
    assert files.description.name == "Datapackage.json"
    assert await told(files) == {
        "datapackage.json": "Datapackage.json beside it has the same name but for capitals; put what both say into one "
        "of them, and delete the other"
    }


@pytest.mark.parametrize("name", ["list{}.csv", "documents/{}.md", "documents/{}/cv.pdf", "talks{}.json"])
async def test_two_files_of_one_name_in_two_spellings_of_unicode_are_both_refused(folder: Folder, name: str) -> None:
    composed, decomposed = "\u00e9", "e\u0301"
    files = files_of(folder(TOPICS | {name.format(composed): "name\nAma\n", name.format(decomposed): "name\nKofi\n"}))

    assert await told(files) == {
        name.format(composed): "two files have this name, one with composed letters and one with decomposed ones "
        "(é as one character or as two); put what both say into one of them, and delete the other"
    }
    assert not files.documents
    assert files.missing([name.format(composed)]) == frozenset()


@pytest.mark.parametrize("name", ["expert", "topic", "Activites", "evetns"])
async def test_a_slip_in_the_name_of_one_of_the_networks_own_files_is_refused(folder: Folder, name: str) -> None:
    files = files_of(folder(TOPICS | {f"{name}.csv": "id,name\nama,Ama\n"}))

    (sentence,) = (await told(files)).values()

    meant = {"expert": "experts", "topic": "topics", "Activites": "activities", "evetns": "events"}[name]
    assert sentence == (
        f"it is not certain whether {meant}.csv is meant; rename it so, or as no file of the network's own"
    )
    assert files.missing([f"{name}.csv"]) == frozenset()


@pytest.mark.parametrize(
    "name",
    [
        "roster",
        "members",
        "persons",
        "people",
        "attendees",
        "partners",
        "presenters",
        "teachers",
        "tutors",
        "organizations",
        "exports",
        "events-2022",
    ],
)
def test_another_word_is_a_roster(folder: Folder, name: str) -> None:
    files = files_of(folder({f"{name}.csv": "id,name\nama,Ama\n"}))

    assert [(file.name, file.reader, file.problem) for file in files.foreign] == [(f"{name}.csv", "sheets", None)]
    assert not files.notes


def test_a_folder_that_cannot_be_read_is_noted_and_what_it_held_is_not_gone(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = folder(TOPICS | {"lost/roster.csv": "", "lost/deep/a.csv": "", "kept/roster.csv": ""})
    scandir = os.scandir

    def refusing(path: Path) -> object:
        """As for a user who may not read it; the user that runs tests may read everything."""
        if path == where / "lost":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)

    files = files_of(where)

    assert readers(files).keys() == {"kept/roster.csv"}
    assert [str(note) for note in files.notes] == ["lost: it cannot be read (Permission denied) and was left out"]
    assert files.is_whole
    assert files.missing(["lost/roster.csv"]) == frozenset()
    assert files.missing(["lost/deep/a.csv"]) == frozenset()
    assert files.missing(["lost.csv"]) == {"lost.csv"}


async def test_a_link_to_a_folder_is_refused_and_what_came_from_there_is_not_gone(
    folder: Folder, tmp_path: Path
) -> None:
    where = folder(TOPICS)
    share = tmp_path / "share"
    share.mkdir()
    (share / "cv.md").write_text("Trains stewards.", encoding="utf-8")
    (where / "documents").symlink_to(share)
    (where / "lists").mkdir()
    (where / "lists" / "here").symlink_to(where)
    (where / "lists" / "away").symlink_to(tmp_path / "unmounted")
    (where / "lists" / "itself").symlink_to(where / "lists" / "itself")

    files = files_of(where)

    folders = (
        "it is a link to a folder, which is not followed, and what came from there before stays; "
        "put the folder itself in its place (a share can be mounted there), or delete the link"
    )
    nowhere = (
        "it is a link that leads nowhere, and what came from there before stays; "
        "put the file or folder itself in its place, or delete the link"
    )
    assert await told(files) == {
        "documents": folders,
        "lists/away": nowhere,
        "lists/here": folders,
        "lists/itself": nowhere,
    }
    assert not files.documents
    assert files.missing(["documents/cv.md", "lists/away/roster.csv", "lists/gone.csv"]) == {"lists/gone.csv"}


def test_pruning_takes_out_nothing_that_came_from_beneath_a_link(folder: Folder, tmp_path: Path) -> None:
    where = folder(TOPICS)
    (tmp_path / "share").mkdir()
    (where / "documents").symlink_to(tmp_path / "share")
    sources = ["documents/cv.md", "gone.pdf"]
    known = Known(
        {**{kind: {} for kind in Kind}, Kind.DOCUMENTS: dict.fromkeys(sources, "digest")},
        {},
        documents=dict(zip(sources, sources, strict=True)),
        folders={source: [str(where.resolve())] for source in sources},
    )

    found = assemble(files_of(where), {}, known=known, names=KnownNames(), prune=True)

    assert found.removals.ids(Kind.DOCUMENTS) == ["gone.pdf"]


async def test_a_folder_of_nothing_but_a_link_says_so(folder: Folder, tmp_path: Path) -> None:
    where = folder({"rosters/.keep": ""})
    shutil.move(where / "rosters", tmp_path / "rosters")
    (where / "rosters").symlink_to(tmp_path / "rosters")

    assert (await told(files_of(where))).keys() == {"rosters"}


def test_a_folder_that_goes_meanwhile_is_noted(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    where = folder(TOPICS | {"gone/roster.csv": ""})
    scandir = os.scandir

    def late(path: Path) -> object:
        if path == where / "gone":
            shutil.rmtree(path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", late)

    files = files_of(where)

    assert [str(note) for note in files.notes] == [
        "gone: it cannot be read (No such file or directory) and was left out"
    ]
    assert files.missing(["gone/roster.csv"]) == frozenset()


@pytest.fixture
def endless(folder: Folder) -> Iterator[Path]:
    """A folder with folders in it, deeper than the system can name them."""
    where = folder(TOPICS)
    here = os.open(where, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("a", dir_fd=here)
        above, here = here, os.open("a", os.O_RDONLY, dir_fd=here)
        os.close(above)
    os.close(here)
    yield where
    subprocess.run(["rm", "-rf", where], check=True)  # as deep as this pytest removes nothing


def test_folders_within_folders_without_end_are_left_out(endless: Path) -> None:
    files = files_of(endless)

    assert [str(note).split(": ")[1] for note in files.notes] == [
        "it cannot be read (File name too long) and was left out"
    ]


@pytest.mark.parametrize(
    "files, file, name",
    [
        ({"experts.csv": ""}, "documents/salma/cv.pdf", "documents/salma/cv.pdf"),
        ({"roster.xlsx": ""}, "documents/salma/cv.pdf", "documents/salma/cv.pdf"),
        ({"datapackage.json": "{}"}, "lists/roster.xlsx", "lists/roster.xlsx"),
        ({"experts.csv": ""}, "lists/2022/roster.xlsx", "lists/2022/roster.xlsx"),
        ({"roster.csv": ""}, "documents/network/roster.xlsx", "roster.xlsx"),
        ({"roster.csv": ""}, "Documents/network/cv.pdf", "cv.pdf"),
        ({"documents/network/experts.csv": ""}, "documents/network/cv.pdf", "cv.pdf"),
        ({"roster.csv": ""}, "lists/roster.xlsx", "roster.xlsx"),
    ],
)
def test_one_file_is_called_as_in_its_network(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], file: str, name: str
) -> None:
    where = folder(files | {file: ""})
    monkeypatch.chdir(where)

    (foreign,) = files_of(where / file).foreign

    assert foreign.name == name
    assert files_of(Path(file)).foreign == (foreign,)
    assert not files_of(where / file).is_whole


def test_a_text_below_documents_is_called_as_in_its_network(folder: Folder) -> None:
    where = folder({"documents/salma/cv.md": "Trains stewards."})

    files = files_of(where / "documents" / "salma" / "cv.md")

    assert (files.folder, list(files.documents)) == (where, ["documents/salma/cv.md"])


def test_a_file_that_is_being_written_is_left_however_the_folder_is_called(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = folder(TOPICS | {"sub/roster.csv": "", "other.csv": ""})
    (where.parent / "link").symlink_to(where)
    monkeypatch.chdir(where.parent)

    for called in (where, Path(where.name), Path("link")):
        files = files_of(called, writing=frozenset({where / "sub" / "roster.csv"}))

        assert files.left == {"sub/roster.csv"}
        assert readers(files).keys() == {"other.csv"}
