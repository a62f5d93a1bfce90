"""Tables for spreadsheet programs: what they would calculate stays a text."""

import csv
import io

import pytest

from api.spreadsheet import table


def test_a_table_has_its_header_and_a_row_each() -> None:
    made = table(
        ["name", "country"], [{"name": 'Ama, "the first"', "country": "GH"}, {"name": "Salma\nB", "country": ""}]
    )

    assert list(csv.reader(io.StringIO(made))) == [["name", "country"], ['Ama, "the first"', "GH"], ["Salma\nB", ""]]


@pytest.mark.parametrize(
    "cell", ["=1+1", "+216 70 123456", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠SUM(A1)"]
)
def test_what_a_spreadsheet_program_would_calculate_is_a_text(cell: str) -> None:
    (_, row) = csv.reader(io.StringIO(table(["name"], [{"name": cell}]), newline=""))

    assert row == [f"'{cell}"]


@pytest.mark.parametrize("cell", ["x;=1+1", "x; @SUM(A1)", "x|=1", 'x;"=1', "x;+cmd|'/C'!A0"])
def test_so_does_what_a_semicolon_would_part_from_the_rest(cell: str) -> None:
    (_, (shown,)) = csv.reader(io.StringIO(table(["name"], [{"name": cell}]), newline=""))

    assert shown.replace("'", "", 1) == cell
    assert not any(part.lstrip(' "').startswith(("=", "@", "+")) for part in shown.replace("|", ";").split(";"))


def test_a_header_is_no_formula_either() -> None:
    assert table(["=1+1"], []).strip() == "'=1+1"


@pytest.mark.parametrize("cell", ["", "Ama", "1+1=2", "ama@example.org", "'s-Hertogenbosch", "fax; +216 71 1; -5"])
def test_any_other_cell_is_as_it_is(cell: str) -> None:
    assert next(iter(csv.DictReader(io.StringIO(table(["name", "x"], [{"name": cell, "x": "y"}])))))["name"] == cell
