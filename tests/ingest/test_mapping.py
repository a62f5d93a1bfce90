# ruff: noqa: E501 -- exact sentences stand on one line each
"""Mapping files: proposed from a list, corrected by a person, and then binding."""

import csv
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from graph.intake import Kind
from ingest.files import FileRefused
from ingest.found import Reading
from ingest.mapping import load_mapping, mapping_file_of, mapping_of, mapping_yaml, options_for
from ingest.readers import Options
from ingest.readers.sheets import propose_mapping, proposed_mapping_yaml, read

PERSONEN: list[list[object]] = [
    ["Netzwerk 2022", None, None, None, None, None],
    ["Vorname", "Nachname", "Land", "Beitritt", "Erreichbar", "Bemerkung"],
    ["Salma", "Benrabah", "Tunesien", "10.02.2022", "salma@example.org", "x"],
    ["Kofi", "Adjei", "Ghana", "11.03.2022", "kofi@example.org", None],
    ["Ama", "A", "Ghana", "12.03.2022", "ama@example.org", None],
]


def workbook(path: Path, sheets: dict[str, Sequence[Sequence[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    return workbook(tmp_path / "roster.xlsx", {"Personen": PERSONEN, "Notizen": [["Dies"], ["das"]]})


def read_with(path: Path, mapping: str) -> Reading:
    """Read a file as a mapping file beside it says."""
    mapping_file_of(path).write_text(mapping, encoding="utf-8")
    options = options_for(path, name=path.name, mapping=mapping_file_of(path), folder=path.parent)
    return read(path, options=Options.model_validate_json(options.model_dump_json()))


def refusal(mapping: object) -> str:
    with pytest.raises(FileRefused) as raised:
        mapping_of(mapping)  # type: ignore[arg-type]
    return str(raised.value)


def sheet(**more: object) -> dict[str, object]:
    return {"sheets": {"Personen": {"kind": "experts", "columns": {"Name": "name"}, **more}}}


def test_a_proposal_says_of_every_column_why(roster: Path) -> None:
    assert (
        proposed_mapping_yaml(roster)
        == """\
# How roster.xlsx is read. Correct what is wrong, then leave this file beside it as
# roster.xlsx.mapping.yaml. From then on it alone decides: what it does not name is left out.

# date_order:  # day-month-year or month-day-year, of dates such as 10.02.2022
# default_country:  # of telephone numbers without a country's code: TN
# time_zone:  # of times without an offset from UTC: Africa/Tunis
default_language_level: working  # where a cell does not say it
default_topic_level: practitioner  # where a cell does not say it
sheets:
  "Personen":
    kind: experts  # its headers are those of experts
    header_row: 2
    # fields: id, name, first_name, last_name, last_first_name, other_names, headline, email, phone, website, orcid, country, languages, topics, worked_in, joined, gender, away, organisation, role, biography, documents
    columns:
      "Vorname": first_name  # 'Vorname' means first name
      "Nachname": last_name  # 'Nachname' means last name
      "Land": country  # 'Land' means country
      "Beitritt": joined  # 'Beitritt' means joined
      "Erreichbar": email  # CHECK: 'Erreichbar' is not known, but its values look like an e-mail address
      "Bemerkung": leave-out  # a network does not keep this
  "Notizen":
    kind: leave-out  # its headers are of no kind that a network has
    header_row: 1
    columns:
      "Dies": leave-out  # CHECK: nothing is known of 'Dies'
"""
    )


def test_a_proposal_can_be_read_back_as_it_is(roster: Path) -> None:
    proposal = propose_mapping(roster)

    again = mapping_of(yaml.safe_load(mapping_yaml(proposal)))

    assert again == proposal.mapping


EVENTS = "no column says kind, which every row needs; kind is one of briefing, launch, workshop, training, conference, meeting"


@pytest.mark.parametrize("name, kind", [("Schulungen", "training"), ("Formações", "training"), ("Termine", "meeting")])
def test_a_sheet_of_events_without_a_kind_is_proposed_one_and_goes_in_as_proposed(
    tmp_path: Path, name: str, kind: str
) -> None:
    rows = [["Titel", "Beginn", "Ende", "Ort"], ["Offene Türen", "2022-06-02", "2022-06-03", "Wien"]]
    path = workbook(tmp_path / "a.xlsx", {name: rows})

    proposed = proposed_mapping_yaml(path)

    assert f"    defaults: {{kind: {kind}}}  # CHECK: {EVENTS}" in proposed.splitlines()
    assert mapping_of(yaml.safe_load(proposed)) == propose_mapping(path).mapping
    (event,) = read_with(path, proposed).rows
    assert event.cells["kind"] == kind


def test_what_kind_events_are_is_not_guessed_without_a_mapping(tmp_path: Path) -> None:
    rows = [["Titel", "Beginn", "Ende", "Ort"], ["Offene Türen", "2022-06-02", "2022-06-03", "Wien"]]
    path = workbook(tmp_path / "a.xlsx", {"Schulungen": rows})

    (event,) = read(path, options=Options(file="a.xlsx")).rows

    assert "kind" not in event.cells


def test_what_cannot_be_proposed_for_a_column_that_is_missing_is_a_line_to_take_the_mark_from(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"Activities": [["Title", "Start", "End", "Project"], ["A", "2022", "", "B"]]})

    assert (
        "    # defaults: {kind: national, status: idea}  # CHECK: no column says kind and status, which every row needs; "
        "kind is one of national, regional, global, outreach, knowledge-product, e-learning, network, partnership; "
        "status is one of idea, projected, confirmed, done, cancelled"
    ) in proposed_mapping_yaml(path).splitlines()


def test_a_corrected_proposal_is_binding(roster: Path) -> None:
    text = proposed_mapping_yaml(roster)
    text = text.replace("# date_order:", "date_order: day-month-year").replace(
        '"Bemerkung": leave-out', '"Bemerkung": headline'
    )

    found = read_with(roster, text)

    (salma, *_) = [row.cells for row in found.rows if row.kind is Kind.EXPERTS]
    assert salma == {
        "name": "Salma Benrabah",
        "headline": "x",
        "email": "salma@example.org",
        "country": "TN",
        "joined": "2022-02-10",
    }
    assert not found.doubts
    assert not found.notes


def test_what_a_mapping_does_not_name_is_left_out(roster: Path) -> None:
    found = read_with(roster, "sheets: {Personen: {kind: experts, columns: {Vorname: name}}}")

    assert [row.cells for row in found.rows] == [{"name": "Salma"}, {"name": "Kofi"}, {"name": "Ama"}]
    assert found.notes == ["sheet 'Notizen' is not in the mapping and was left out"]


def test_a_mapping_says_separators_levels_and_what_is_always_so(tmp_path: Path) -> None:
    path = tmp_path / "trainers.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [
                ["Who", "Speaks", "Knows", "Call", "Since"],
                ["Ama", "French+English", "Law, design / Markets", "71 000 000", "02/10/2022"],
            ]
        )

    found = read_with(
        path,
        """
default_country: TN
default_topic_level: familiar
sheets:
  trainers:
    kind: experts
    columns:
      Who: name
      Speaks: {field: languages, separators: ["+"], level: fluent}
      Knows: {field: topics, separators: ["/"]}
      Call: phone
      Since: {field: joined, date_order: month-day-year}
    defaults: {country: Ghana}
""",
    )

    assert [row.cells for row in found.rows] == [
        {
            "name": "Ama",
            "country": "GH",
            "languages": [["fr", "fluent"], ["en", "fluent"]],
            "topics": [["~Law, design", "familiar"], ["~Markets", "familiar"]],
            "joined": "2022-02-10",
        }
    ]
    assert [one.column for one in found.refused] == ["Call"]


def test_a_mapping_says_where_times_without_offset_are_from(tmp_path: Path) -> None:
    path = workbook(tmp_path / "events.xlsx", {"E": [["Titel", "Beginn"], ["Briefing", "2022-06-02 14:00"]]})

    found = read_with(
        path,
        "{time_zone: Africa/Tunis, sheets: {E: {kind: events, columns: {Titel: title, Beginn: starts_at}, defaults: {kind: briefing}}}}",
    )

    assert [row.cells for row in found.rows] == [
        {"title": "Briefing", "kind": "briefing", "starts_at": "2022-06-02T14:00:00+01:00"}
    ]


@pytest.mark.parametrize(
    "mapping, sentence",
    [
        ({}, "its mapping, at sheets: it is missing; add it"),
        ({"sheet": {}, "sheets": {"a": {"kind": "leave-out"}}}, "its mapping, at sheet: 'sheet' is not known there; did you mean sheets?"),
        (sheet(kind="expert"), "its mapping, at sheets.Personen.kind: 'expert' is no kind; did you mean experts?"),
        (sheet(kind="documents"), "its mapping, at sheets.Personen: a sheet cannot hold documents; write one of experts"),
        (sheet(columns={"Name": "nme"}), "its mapping, at sheets.Personen.columns.Name: 'nme' is not a field of experts; did you mean name?"),
        (sheet(columns={"Land": "country"}), "its mapping, at sheets.Personen: rows of experts need name or first_name or last_name or last_first_name; say which column is that, or leave-out"),
        (sheet(colums={}), "its mapping, at sheets.Personen.colums: 'colums' is not known there; did you mean columns?"),
        (sheet(header_row=0), "its mapping, at sheets.Personen.header_row: input should be greater than or equal to 1"),
        (sheet(columns={"Name": {"field": "name", "sep": ";"}}), "its mapping, at sheets.Personen.columns.Name.sep: 'sep' is not known there"),
        (sheet(columns={"Name": "name", "S": {"field": "languages", "level": "good"}}), "its mapping, at sheets.Personen.columns.S.level: 'good' is no level of languages; write one of native, fluent, working, basic"),
        (sheet(defaults={"countri": "GH"}), "its mapping, at sheets.Personen.defaults.countri: 'countri' is not a field of experts; did you mean country?"),
        (sheet() | {"default_country": "Tunisia"}, "its mapping, at default_country: 'Tunisia' is not a country code of ISO 3166; write one such as TN"),
        (sheet() | {"time_zone": "Africa/Tunes"}, "its mapping, at time_zone: 'Africa/Tunes' is not a time zone; did you mean Africa/Tunis?"),
        (sheet() | {"date_order": "dmy"}, "its mapping, at date_order: input should be 'day-month-year' or 'month-day-year'"),
    ],
)  # fmt: skip
def test_what_a_mapping_cannot_say_is_refused_with_its_place(mapping: object, sentence: str) -> None:
    assert refusal(mapping).startswith(sentence)


def test_norways_code_is_no_falsehood() -> None:
    assert mapping_of(sheet() | yaml.safe_load("default_country: NO")).default_country == "NO"


@pytest.mark.parametrize(
    "text, sentence",
    [
        ("sheets: {Person: {kind: experts, columns: {Vorname: name}}}", "its mapping, at sheets: the file has no sheet 'Person'; write one of Personen, Notizen, or delete it from the mapping"),
        ("sheets: {Personen: {kind: experts, columns: {Name: name}}}", "its mapping, at sheets.Personen.columns: row 2 has no header 'Name'; write the header as the file has it, or say header_row"),
        ("sheets: [", "its mapping roster.xlsx.mapping.yaml: it is not YAML in line 1; check the indents, colons and quotes there"),
        ("- a", "its mapping roster.xlsx.mapping.yaml: it holds no names with values; start it with 'sheets:'"),
        ("a: &a [x]\nb: [*a, *a]", "its mapping roster.xlsx.mapping.yaml: it repeats parts by YAML's * marks; write those parts out"),
    ],
)  # fmt: skip
def test_a_mapping_that_does_not_fit_the_file_refuses_it(roster: Path, text: str, sentence: str) -> None:
    with pytest.raises(FileRefused) as raised:
        read_with(roster, text)

    assert str(raised.value) == sentence


def test_a_file_without_a_mapping_is_told_its_name_alone(roster: Path) -> None:
    options = options_for(roster, name="lists/roster.xlsx", mapping=mapping_file_of(roster), folder=roster.parent)

    assert options == Options(file="lists/roster.xlsx")


def test_other_files_are_told_what_their_mapping_says(tmp_path: Path) -> None:
    (tmp_path / "feed.ics.mapping.yaml").write_text("time_zone: Africa/Tunis\n", encoding="utf-8")

    options = options_for(
        tmp_path / "feed.ics", name="feed.ics", mapping=tmp_path / "feed.ics.mapping.yaml", folder=tmp_path
    )

    assert options == Options(file="feed.ics", mapping={"time_zone": "Africa/Tunis"})


def test_a_mapping_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    inside = tmp_path / "network"
    inside.mkdir()
    (tmp_path / "secret.yaml").write_text("sheets: {}\n", encoding="utf-8")
    (inside / "a.csv.mapping.yaml").symlink_to(tmp_path / "secret.yaml")

    with pytest.raises(FileRefused, match="it is a link out of the network's folder"):
        options_for(inside / "a.csv", name="a.csv", mapping=inside / "a.csv.mapping.yaml", folder=inside)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_no_text_of_a_mapping_raises_anything_but_file_refused(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.mapping.yaml"
    path.write_text(text, encoding="utf-8")

    try:
        mapping_of(load_mapping(path))
    except FileRefused:
        return


HEADER = st.text(min_size=1, max_size=12)


@given(st.lists(HEADER, min_size=1, max_size=5), st.text(min_size=1, max_size=10))
def test_every_header_can_be_written_into_a_mapping_and_read_back(
    tmp_path_factory: pytest.TempPathFactory, headers: list[str], value: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        csv.writer(file).writerows([headers, [value] * len(headers)])

    try:
        proposal = propose_mapping(path)
    except FileRefused:
        return

    assert mapping_of(yaml.safe_load(mapping_yaml(proposal))) == proposal.mapping
