"""What of a load tells of somebody who was erased."""

from pathlib import Path

import pytest

from api.loading.telling import tells_of

KNOWN_AS = ["zoe-lindt", "Zoë Lindt", "zoe@example.org"]


@pytest.mark.parametrize(
    "name, content",
    [
        ("experts.csv", "id,family_name,given_name\nzl,LINDT,Zoë\n".encode()),
        ("experts.csv", "id,name\nzl,Zoe\u0308 Lindt\n".encode()),
        ("report.json", b'{"things": [{"id": "x", "name": "Zo\\u00eb Lindt"}]}'),
        ("notes.md", b"As Zo&euml; Lindt said."),
        ("orders.csv", b"id\nzoe-lindt\n"),
        ("contacts.txt", b"zoe@example.org"),
        ("zoe lindt.txt", b"Nothing."),
        ("experts.csv", "Zoë Lindt".encode("latin-1")),
        ("experts.xlsx", b"PK"),
    ],
    ids=["parted", "decomposed", "escaped", "HTML", "id", "address", "name of a file", "not UTF-8", "workbook"],
)
def test_a_load_tells_of_somebody(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / "network").mkdir()
    (tmp_path / "network" / name).write_bytes(content)

    assert tells_of(tmp_path, KNOWN_AS)


@pytest.mark.parametrize("content", ["id,name\nzoe-w,Zoë Wang\n", "Lindtner", ""], ids=["one word", "part", "empty"])
def test_a_load_tells_of_others_alone(tmp_path: Path, content: str) -> None:
    (tmp_path / "experts.csv").write_text(content, encoding="utf-8")

    assert not tells_of(tmp_path, KNOWN_AS)


def test_a_name_is_found_in_writing_without_blanks(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("講師は山田太郎さんです", encoding="utf-8")

    assert tells_of(tmp_path, ["山田太郎"])
    assert not tells_of(tmp_path, ["山田花子"])
