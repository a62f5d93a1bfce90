"""Rows that were refused are told with what stands in them, and mended rows take their place and no other."""

import json
from pathlib import Path

import pytest

from ingest import Doubt, MendedRow, MendedUnfit, Refusal, Report, mend, mended_rows, rows_to_mend

EXPERTS = "id,name,country\nana,Ana,ES\n\nbo,Bo,Spain\n"
ROSTER = "Members of the network;;\nName;E-Mail;Land\nBenrabah, Salma;salma@example.org;Tunesien\nKofi;kofi;ghanaisch\n"


def refused(file: str, row: int | None, place: str | None = None) -> Refusal:
    return Refusal(file, row, "country", "Spain", "it is no code", "write ES", place)


def report(folder: Path, *refusals: Refusal, doubts: tuple[Doubt, ...] = ()) -> Report:
    return Report(folder, dry_run=True, kinds={}, refusals=refusals, doubts=doubts)


def test_a_row_is_told_with_its_header_by_the_number_that_a_spreadsheet_shows(tmp_path: Path) -> None:
    (tmp_path / "experts.csv").write_text(EXPERTS, encoding="utf-8")

    told = rows_to_mend(report(tmp_path, refused("experts.csv", 4), refused("experts.csv", 4)), most=10)

    assert told == (MendedRow("experts.csv", 4, ("bo", "Bo", "Spain"), ("id", "name", "country")),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_list_of_others_is_read_as_it_is_written_below_its_title(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "Mitglieder.csv").write_text(ROSTER, encoding=encoding)
    doubt = Doubt("Mitglieder.csv", "row 4", "Land", "ghanaisch", "it is not quite a country", "write GH")

    told = rows_to_mend(
        report(tmp_path, refused("Mitglieder.csv", None, "row 3"), refused("Mitglieder.csv", None), doubts=(doubt,)),
        most=10,
    )

    header = ("Name", "E-Mail", "Land")
    assert told == (
        MendedRow("Mitglieder.csv", 3, ("Benrabah, Salma", "salma@example.org", "Tunesien"), header),
        MendedRow("Mitglieder.csv", 4, ("Kofi", "kofi", "ghanaisch"), header),
    )


def test_no_more_rows_are_told_than_were_asked_for_and_none_of_what_is_no_csv(tmp_path: Path) -> None:
    (tmp_path / "experts.csv").write_text(EXPERTS, encoding="utf-8")
    (tmp_path / "open.csv").write_text('id,name\nana,"Ana\n', encoding="utf-8")
    refusals = [refused("roster.xlsx", None, "row 3"), refused("open.csv", 2), refused("gone.csv", 2)]

    told = rows_to_mend(report(tmp_path, *refusals, refused("experts.csv", 2), refused("experts.csv", 4)), most=1)

    assert [(one.file, one.row) for one in told] == [("experts.csv", 2)]


def test_a_mended_row_takes_the_place_of_the_old_one_and_the_others_stay(tmp_path: Path) -> None:
    (tmp_path / "experts.csv").write_text(EXPERTS, encoding="utf-8")
    (tmp_path / "Mitglieder.csv").write_text(ROSTER, encoding="utf-16")

    mend(
        tmp_path,
        [
            MendedRow("experts.csv", 4, ("bo", 'Bo "the guard"', "ES")),
            MendedRow("Mitglieder.csv", 3, ()),
            MendedRow("Mitglieder.csv", 4, ("Kofi", "kofi@example.org", "GH")),
        ],
    )

    assert (tmp_path / "experts.csv").read_text(encoding="utf-8").splitlines() == [
        "id,name,country", "ana,Ana,ES", "", 'bo,"Bo ""the guard""",ES',
    ]  # fmt: skip
    assert (tmp_path / "Mitglieder.csv").read_text(encoding="utf-8").splitlines() == [
        "Members of the network;;", "Name;E-Mail;Land", "", "Kofi;kofi@example.org;GH",
    ]  # fmt: skip
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    "row", [MendedRow("../outside.csv", 1, ("x",)), MendedRow("notes.txt", 1, ("x",)), MendedRow("experts.csv", 9, ())]
)
def test_what_is_no_row_of_the_folder_is_refused_and_nothing_is_written(tmp_path: Path, row: MendedRow) -> None:
    folder = tmp_path / "network"
    folder.mkdir()
    for file in (tmp_path / "outside.csv", folder / "notes.txt", folder / "experts.csv"):
        file.write_text(EXPERTS, encoding="utf-8")

    with pytest.raises(MendedUnfit):
        mend(folder, [row])

    assert {file.read_text(encoding="utf-8") for file in tmp_path.rglob("*.*")} == {EXPERTS}


def test_rows_are_read_as_they_were_told(tmp_path: Path) -> None:
    file = tmp_path / "mended.json"
    file.write_text(json.dumps({"rows": [{"file": "experts.csv", "row": 4, "cells": ["bo"], "header": ["id"]}]}))

    assert mended_rows(file) == (MendedRow("experts.csv", 4, ("bo",)),)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"rows": [{"file": "a.csv", "row": 1}]}', '{"rows": [{"file": 1}]}', "[" * 9999]
)
def test_what_has_no_rows_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "mended.json"
    file.write_text(text)

    with pytest.raises(MendedUnfit, match="cannot be used"):
        mended_rows(file)
    with pytest.raises(MendedUnfit, match="cannot be read"):
        mended_rows(tmp_path / "none.json")
