"""What is sent lands in its own folder under a name of its own, and no archive leads out of it or fills the disk."""

import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from api.loading import UnfitUpload, Upload, put_in_place, take_in
from api.loading import files as module

LARGEST = 1_000_000


class Sent:
    """A file of a form."""

    def __init__(self, filename: str, content: bytes = b"x") -> None:
        self.filename = filename
        self.file = io.BytesIO(content)


def upload(filename: str, content: bytes = b"x") -> Upload:
    made = Upload.of(Sent(filename, content))
    assert made is not None
    return made


def archive(members: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return made.getvalue()


def special(name: str, kind: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        member = zipfile.ZipInfo(name)
        member.external_attr = (kind | 0o777) << 16
        file.writestr(member, "/etc/passwd")
    return made.getvalue()


def locked() -> bytes:
    content = bytearray(archive({"experts.csv": b"id,name\n"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.index(signature) + offset
        content[at : at + 2] = struct.pack("<H", 1)
    return bytes(content)


def in_folder(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "sent,name",
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\experts.csv", "experts.csv"),
        ("/etc/experts.csv", "experts.csv"),
        ("C:\\Users\\Ana\\Mitglieder 2024.xlsx", "Mitglieder 2024.xlsx"),
        (".bashrc", "bashrc"),
        ("a\x00b\u202egpj.csv", "abgpj.csv"),
        ("con|<>?.csv", "con____.csv"),
        ("é" * 200 + ".csv", "é" * 88 + ".csv"),
        ("قائمة الخبراء.xlsx", "قائمة الخبراء.xlsx"),
    ],
)
def test_a_name_means_a_file_of_its_own_folder(tmp_path: Path, sent: str, name: str) -> None:
    take_in([upload(sent)], tmp_path, largest=LARGEST)

    assert in_folder(tmp_path) == {name: b"x"}


@pytest.mark.parametrize("sent", ["..", "...", "/", "\x00", "~", f"a.{'b' * 200}"])
def test_what_is_no_name_is_refused(sent: str) -> None:
    with pytest.raises(UnfitUpload, match="has no name that can be used"):
        upload(sent)


def test_texts_are_put_where_a_network_keeps_them_and_no_two_files_have_one_name(tmp_path: Path) -> None:
    take_in([upload("ana.md"), upload("experts.csv")], tmp_path, largest=LARGEST)

    assert set(in_folder(tmp_path)) == {"documents/ana.md", "experts.csv"}
    with pytest.raises(UnfitUpload, match=r"two files are called 'EXPERTS\.csv'"):
        take_in([upload("EXPERTS.csv")], tmp_path, largest=LARGEST)
    with pytest.raises(UnfitUpload, match="no file was chosen"):
        take_in([], tmp_path, largest=LARGEST)


def test_a_folder_comes_as_what_is_in_it_without_what_is_hidden(tmp_path: Path) -> None:
    packed = archive(
        {
            "network/2024/experts.csv": b"1",
            "network/2024/documents/biographies/ana.md": b"2",
            "network/2024/.DS_Store": b"3",
            "__MACOSX/network/2024/._experts.csv": b"4",
        }
    )

    take_in([upload("network.zip", packed)], tmp_path, largest=LARGEST)

    assert in_folder(tmp_path) == {"experts.csv": b"1", "documents/biographies/ana.md": b"2"}


def test_a_folder_of_documents_alone_stays_one(tmp_path: Path) -> None:
    take_in([upload("d.ZIP", archive({"documents/ana.md": b"1"}))], tmp_path, largest=LARGEST)

    assert in_folder(tmp_path) == {"documents/ana.md": b"1"}


HOSTILE = {
    "../experts.csv": (archive({"a/../../experts.csv": b"x"}), "a path in it leads out of it"),
    "an absolute path": (archive({"/etc/cron.d/x": b"x"}), "a path in it leads out of it"),
    "a path of Windows": (archive({"..\\x.csv": b"x"}), "a path in it leads out of it"),
    "a drive": (archive({"C:x.csv": b"x"}), "a path in it leads out of it"),
    "a link": (special("experts.csv", stat.S_IFLNK), "there is a link in it"),
    "a pipe": (special("experts.csv", stat.S_IFIFO), "there is something in it that is no file"),
    "zeros": (archive({"experts.csv": bytes(3_000_000)}), "more than 200 times its size"),
    "more than there is room for": (
        archive({f"{number}.csv": bytes(range(256)) * 3_900 for number in range(6)}),
        "it unpacks to more than 5 MB",
    ),
    "10,000 files": (archive({f"{number}.csv": b"" for number in range(10_000)}), "it holds more than 5,000 files"),
    "folders within folders": (archive({"/".join("abcdefghijklmnop"): b"x"}), "folders within more than 12 folders"),
    "two of one name": (archive({"a/x.csv": b"1", "a/X.CSV": b"2"}), "two files in it have one name"),
    "a file that is a folder, too": (archive({"a": b"1", "a/b.csv": b"2"}), "it is damaged"),
    "a password": (locked(), "it is locked by a password"),
    "another packing": (archive({"x.csv": b"x"}, compression=zipfile.ZIP_LZMA), "packed in a way that is not known"),
    "nothing": (archive({}), "there is no file in it"),
    "a text": (b"id,name\n", "it is damaged"),
    "no bytes": (b"", "it is damaged"),
    "half": (archive({"x.csv": bytes(range(256))})[:-40], "it is damaged"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_an_archive_that_is_hostile_or_broken_is_refused(tmp_path: Path, what: str) -> None:
    content, why = HOSTILE[what]
    folder = tmp_path / "loads" / "network"
    folder.mkdir(parents=True)

    with pytest.raises(UnfitUpload, match=why):
        take_in([upload("network.zip", content)], folder, largest=LARGEST)

    assert set(in_folder(tmp_path)) <= {"loads/network/a"}


def test_an_archive_that_lies_about_how_many_files_it_holds_is_not_read_into_memory(tmp_path: Path) -> None:
    content = bytearray(archive({f"{number}.csv": b"" for number in range(60)}))
    at = content.rindex(b"PK\x05\x06")
    content[at + 8 : at + 12] = struct.pack("<HH", 1, 1)
    content[at + 12 : at + 16] = struct.pack("<I", module.LARGEST_DIRECTORY + 1)

    with pytest.raises(UnfitUpload, match="it holds more than 5,000 files"):
        take_in([upload("network.zip", bytes(content))], tmp_path, largest=LARGEST)


def test_changed_bytes_are_refused_or_taken_in_but_never_a_fault(tmp_path: Path) -> None:
    content = archive({"experts.csv": b"id,name\nana,Ana\n" * 50, "documents/ana.md": b"Ana protects gates. " * 20})

    for at in range(len(content)):
        folder = tmp_path / str(at)
        folder.mkdir()
        changed = bytearray(content)
        changed[at] ^= 0xFF
        try:
            take_in([upload("network.zip", bytes(changed))], folder, largest=LARGEST)
        except UnfitUpload:
            continue


def test_a_mended_file_takes_the_place_of_the_other(tmp_path: Path) -> None:
    (tmp_path / "experts.csv").write_bytes(b"old")

    put_in_place(upload("mended by Ana.csv", b"new"), tmp_path / "experts.csv")

    assert in_folder(tmp_path) == {"experts.csv": b"new"}
