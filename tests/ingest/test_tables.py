# ruff: noqa: E501 -- exact sentences and rows stand on one line each
import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.intake import Kind, Trust
from ingest import tables
from ingest.cells import HOSTILE
from ingest.rows import Expert, Organisation, Series
from ingest.tables import LONGEST_CELL, Table, read_row, read_table

HEADER = "id,name,country,languages"


def experts(tmp_path: Path, text: str | bytes) -> Table:
    file = tmp_path / "experts.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_table(file, Kind.EXPERTS)


def sentences(table: Table) -> list[str]:
    return [str(refusal) for refusal in table.refusals]


@pytest.mark.parametrize(
    "text",
    [
        f"{HEADER}\na,Ana,ES,es:native\n",
        f"\ufeff{HEADER}\r\na,Ana,ES,es:native\r\n",
        "languages,ID, country ,Name\nes:native,a,ES,Ana\n",
        f'{HEADER}\n"a","Ana",ES,es:native',
        f"{HEADER}\n,,,\na,Ana,ES,es:native\n\n",
    ],
    ids=["plain", "mark and CRLF", "columns in another order", "quoted, no last line end", "empty rows"],
)
def test_the_same_rows_come_in_many_dresses(tmp_path: Path, text: str) -> None:
    table = experts(tmp_path, text)

    assert not table.refusals
    assert not table.notes
    row = table.entries["a"].row
    assert isinstance(row, Expert)
    assert (row.name, row.country, row.languages[0].language) == ("Ana", "ES", "es")


def test_the_digest_tells_whether_a_row_says_the_same(tmp_path: Path) -> None:
    first = experts(tmp_path, f"{HEADER}\na,Ana,ES,es:native\n").entries["a"].row
    again = experts(tmp_path, "name,id,languages,country,email\n Ana ,a, es:native ,es,\n").entries["a"].row
    other = experts(tmp_path, f"{HEADER}\na,Ana,ES,es:fluent\n").entries["a"].row

    assert first.digest == again.digest
    assert first.digest != other.digest


def test_a_choice_that_a_list_does_not_make_can_be_made_in_a_mapping() -> None:
    table = Table(Kind.ACTIVITIES, "roster.xlsx", Trust.ROSTER)

    read_row(table, {"id": "training", "status": "done"}, where="sheet Schulungen, row 2")

    assert sentences(table) == [
        "roster.xlsx, sheet Schulungen, row 2, column title: it is empty; fill in title",
        "roster.xlsx, sheet Schulungen, row 2, column kind: it is empty; fill in kind, or say it for all rows of the sheet in a mapping (knowwho ingest --propose-mapping FILE), such as 'defaults: {kind: national}'",
    ]


def test_rows_are_numbered_as_a_spreadsheet_numbers_them(tmp_path: Path) -> None:
    table = experts(tmp_path, f'{HEADER}\na,"two\nlines",ES,es:native\n\nb,Bo,XX,es:native\n')

    assert sentences(table) == [
        "experts.csv, row 4, column country: 'XX' is not a country code of ISO 3166; "
        "write the two-letter code, such as TN for Tunisia"
    ]


@pytest.mark.parametrize(
    "text, sentence",
    [
        ("", "experts.csv: it has no header; write the columns in its first row: id, name, headline, other_names, email, phone, website, orcid, identifiers, country, languages, topics, worked_in, joined, gender, away, documents"),
        ("id,nam,country,languages\n", "experts.csv, column name: it has no column 'name'; did you mean 'name' by 'nam'?"),
        ("headline\n", "experts.csv, column id: it has no column 'id' and 'name'; add it, with that name in the first row"),
        (f"{HEADER},name\n", "experts.csv, column name: it has two columns 'name'; delete one of the two"),
        (f"{HEADER}\na,Jos\xe9,ES,es:native\n".encode("latin-1"), "experts.csv: line 2 is not UTF-8 text; save the file in UTF-8 (in Excel: 'CSV UTF-8')"),
        (f'{HEADER}\na,"Ana,ES,es:native\n', "experts.csv: a double quote is opened and never closed; close it, or write a quote inside a text twice"),
        (f'{HEADER}\na,"Ana" Ruiz,ES,es:native\n', "experts.csv: line 2 is not CSV (',' expected after '\"'); write a double quote inside a text twice"),
        (f"{HEADER}\ra,Ana,ES,es:native\r", "experts.csv: line 1 has a line break outside quotes; save the file as CSV again"),
        (f"{HEADER}\na,{'x' * (LONGEST_CELL + 1)},ES,es:native\n", "experts.csv: a cell that ends near line 2 has more than 131,072 characters; shorten it, or close a quote that was left open"),
        (f"{HEADER}\n" + "x" * 1_000_001, "experts.csv: line 2 is longer than 1,000,000 bytes; check that it is the right file and that its quotes are closed"),
    ],
    ids=[
        "empty", "misspelled column", "missing columns", "column twice", "Latin-1", "open quote",
        "stray quote", "old Mac", "huge cell", "huge line",
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused_as_a_whole(tmp_path: Path, text: str | bytes, sentence: str) -> None:
    table = experts(tmp_path, text)

    assert sentences(table) == [sentence]
    assert not table.is_readable
    assert not table.entries


@pytest.mark.parametrize(
    "text, notes",
    [
        ("id;name;country;languages\na;Ana;ES;es:native\n", ["experts.csv: its columns are parted by semicolons"]),
        ("id\tname\tcountry\tlanguages\na\tAna\tES\tes:native\n", ["experts.csv: its columns are parted by tabs"]),
        ("id,name,country,languages\na,Ana,ES,es:native\n".encode("utf-16"), ["experts.csv: it was read as UTF-16"]),
        ("\ufeffid,name,country,languages\na,Ana,ES,es:native\n", []),
    ],
    ids=["semicolons", "tabs", "UTF-16", "UTF-8 with a mark"],
)
def test_separators_and_encodings_are_recognised_and_said(tmp_path: Path, text: str | bytes, notes: list[str]) -> None:
    table = experts(tmp_path, text)

    assert list(table.entries) == ["a"]
    assert [str(note) for note in table.notes] == notes


def test_more_rows_than_a_network_has_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 2)

    table = experts(tmp_path, f"{HEADER}\na,Ana,ES,es:native\nb,Bo,ES,es:native\nc,Cy,ES,es:native\n")

    assert sentences(table) == ["experts.csv: it has more than 2 rows; load it in parts"]


def test_a_file_that_is_too_long_is_refused_before_its_rows_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[object] = []
    monkeypatch.setattr(tables, "MOST_ROWS", 2)
    monkeypatch.setattr(tables, "_read_row", lambda *row: looked_at.append(row))

    experts(tmp_path, f"{HEADER}\n" + "a,Ana,ES,es:native\n" * 4)

    assert looked_at == []


def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "experts.csv").mkdir()

    table = read_table(tmp_path / "experts.csv", Kind.EXPERTS)

    assert sentences(table) == ["experts.csv: it is not a file; put a file there, or nothing"]


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("root:x:0:0\n", encoding="utf-8")
    (tmp_path / "network").mkdir()
    (tmp_path / "network" / "experts.csv").symlink_to(tmp_path / "secret")

    table = read_table(tmp_path / "network" / "experts.csv", Kind.EXPERTS)

    assert sentences(table) == ["experts.csv: it is a link out of the network's folder; copy the file into the folder"]


def test_an_unknown_column_is_noted_and_left_out(tmp_path: Path) -> None:
    table = experts(tmp_path, f"{HEADER},budget,hedline\na,Ana,ES,es:native,1,Trainer\n")

    assert [str(note) for note in table.notes] == [
        "experts.csv: column 'budget' is not known and was left out",
        "experts.csv: column 'hedline' is not known and was left out; did you mean 'headline'?",
    ]
    assert list(table.entries) == ["a"]


def test_a_column_in_another_language_is_no_misspelling_of_a_known_one(tmp_path: Path) -> None:
    file = tmp_path / "topics.csv"
    file.write_text("id,label_en,label_de\na,Hotels,Hotels\n", encoding="utf-8")

    table = read_table(file, Kind.TOPICS)

    assert [str(note) for note in table.notes] == ["topics.csv: column 'label_de' is not known and was left out"]


def test_every_cell_that_does_not_fit_is_named_and_the_other_rows_go_in(tmp_path: Path) -> None:
    table = experts(tmp_path, f"{HEADER},email\na,,XX,es,x\nb,Bo,ES,es:native,\n")

    assert [(refusal.row, refusal.column, refusal.value) for refusal in table.refusals] == [
        (2, "name", ""),
        (2, "email", "x"),
        (2, "country", "XX"),
        (2, "languages", "es"),
    ]
    assert table.refused_rows == 1
    assert sentences(table)[0] == "experts.csv, row 2, column name: it is empty; fill in name"
    assert list(table.entries) == ["b"]


def test_the_second_row_with_an_id_is_refused(tmp_path: Path) -> None:
    table = experts(tmp_path, f"{HEADER}\na,Ana,ES,es:native\na,Another,FR,fr:native\n")

    assert sentences(table) == [
        "experts.csv, row 3, column id: row 2 has the same id, 'a'; delete one of the two or give it an id of its own"
    ]
    row = table.entries["a"].row
    assert isinstance(row, Expert)
    assert row.name == "Ana"


def test_a_row_with_a_comma_too_many_is_refused(tmp_path: Path) -> None:
    table = experts(tmp_path, f"{HEADER}\na,Ruiz, Ana,ES,es:native\n")

    assert sentences(table) == [
        "experts.csv, row 2: it has 5 cells, but the header has 4; put a text that has a comma between double quotes"
    ]
    assert not table.names_all_refused


def test_a_refused_row_tells_its_id_if_it_can(tmp_path: Path) -> None:
    told = experts(tmp_path, f"{HEADER}\na,Ana,XX,es:native\n")
    untold = experts(tmp_path, f"{HEADER}\nAna,Ana,ES,es:native\n")

    assert (dict(told.refused), told.names_all_refused) == ({"a": 2}, True)
    assert (dict(untold.refused), untold.names_all_refused) == ({}, False)


def test_an_end_before_its_start_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "affiliations.csv"
    file.write_text("expert,organisation,role,from,to\na,o,,2017-03,2017\na,p,,2017-03,2016\n", encoding="utf-8")

    table = read_table(file, Kind.AFFILIATIONS)

    assert len(table.entries) == 1
    assert sentences(table) == [
        "affiliations.csv, row 3, column to: '2016' is before the start, '2017'; correct one of the two"
    ]


TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40).filter(
    lambda text: text.strip() and not HOSTILE.search(text)
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=5), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_what_a_csv_writer_writes_is_read_back(
    tmp_path: Path, rows: list[tuple[str, str]], line_end: str, mark: bool
) -> None:
    file = tmp_path / "series.csv"
    with file.open("w", encoding="utf-8-sig" if mark else "utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator=line_end, quoting=csv.QUOTE_ALL)
        writer.writerow(["name", "description", "id"])
        writer.writerows([name, text, f"s-{number}"] for number, (name, text) in enumerate(rows))

    table = read_table(file, Kind.SERIES)

    assert not table.refusals
    for number, (name, text) in enumerate(rows):
        expected = Series(id=f"s-{number}", name=name, description=text)
        assert table.entries[f"s-{number}"].row == expected


def test_what_people_say_of_themselves_alone_is_checked(tmp_path: Path) -> None:
    many = "; ".join(f"{2100 + year}-01-01/{2100 + year}-01-02" for year in range(51))
    file = tmp_path / "experts.csv"
    file.write_text(
        "id,name,gender,away\n"
        "a,A,Woman,2027-03-01/2027-03-10; 2027-01-04/2027-01-04\n"
        "b,B,,\n"
        "c,C,F,\n"
        "d,D,,2027-03-10/2027-03-01\n"
        f"e,E,,{many}\n",
        encoding="utf-8",
    )

    table = read_table(file, Kind.EXPERTS)

    rows = [table.entries[id].row.record() for id in ("a", "b")]
    assert [(row["gender"], row["away"]) for row in rows] == [
        ("woman", ["2027-03-01/2027-03-10", "2027-01-04/2027-01-04"]),
        (None, []),
    ]
    assert sentences(table) == [
        "experts.csv, row 4, column gender: 'F' is not one of woman, man, other; choose one of them",
        "experts.csv, row 5, column away: '2027-03-10/2027-03-01' is not a first and a last day, the last not before "
        "the first; write them such as 2026-07-01/2026-07-31",
        "experts.csv, row 6, column away: it has 51 periods, more than 50; leave out those that are over",
    ]


def test_the_choices_of_a_closed_set_are_named(tmp_path: Path) -> None:
    file = tmp_path / "organisations.csv"
    file.write_text("id,name,kind\no,O,Police\np,P,army\n", encoding="utf-8")

    table = read_table(file, Kind.ORGANISATIONS)

    row = table.entries["o"].row
    assert isinstance(row, Organisation)
    assert row.kind == "police"
    assert sentences(table) == [
        "organisations.csv, row 3, column kind: 'army' is not one of government, police, international, academia, "
        "civil-society, private-sector, faith-community; choose one of them"
    ]
