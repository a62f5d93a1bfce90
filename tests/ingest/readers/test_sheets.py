# ruff: noqa: E501 -- rows and exact sentences stand on one line each
"""Lists as networks have them: spreadsheets and CSV files in eight languages, read as they certainly say."""

import csv
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

import odfdo
import openpyxl
import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api import spreadsheet
from graph.intake import Kind
from ingest.files import FileRefused
from ingest.found import Found, Reading
from ingest.readers import Options
from ingest.readers.sheets import books, read
from ingest.readers.sheets.books import column_letters, text_of

Rows = Sequence[Sequence[object]]
Workbook = Callable[[dict[str, Rows]], Path]
PERSON = ["Name", "Email", "Country"]


@pytest.fixture
def workbook(tmp_path: Path) -> Workbook:
    """Write an .xlsx file with these sheets."""

    def write(sheets: dict[str, Rows]) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(list(row))
        path = tmp_path / "roster.xlsx"
        book.save(path)
        return path

    return write


def table(path: Path, rows: Rows, *, encoding: str = "utf-8", separator: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)
    return path


def reading(path: Path, **options: object) -> Reading:
    return read(path, options=Options.model_validate({"file": path.name, **options}))


def of(kind: Kind, found: Reading) -> list[Found]:
    return [row for row in found.rows if row.kind is kind]


def only_person(found: Reading) -> dict[str, object]:
    (person,) = of(Kind.EXPERTS, found)
    return dict(person.cells)


HEADERS = {
    "de": ["Vorname", "Nachname", "E-Mail-Adresse", "Telefon", "Land", "Sprachen", "Themen", "Mitglied seit", "Organisation", "Funktion"],
    "fr": ["Prénom", "Nom", "Courriel", "Téléphone", "Pays", "Langues", "Domaines d'expertise", "Date d'adhésion", "Organisme", "Fonction"],
    "es": ["Nombre", "Apellidos", "Correo electrónico", "Teléfono", "País", "Idiomas", "Áreas de especialización", "Fecha de ingreso", "Organización", "Cargo"],
    "pt": ["Primeiro nome", "Sobrenome", "Endereço de e-mail", "Telefone", "País", "Idiomas", "Áreas de especialização", "Data de adesão", "Organização", "Cargo"],
    "ar": ["الاسم الأول", "اسم العائلة", "البريد الإلكتروني", "رقم الهاتف", "البلد", "اللغات", "مجالات الخبرة", "تاريخ الانضمام", "المؤسسة", "المنصب"],
    "ru": ["Имя", "Фамилия", "Электронная почта", "Телефон", "Страна", "Языки", "Темы", "Дата вступления", "Организация", "Должность"],
    "zh": ["名", "姓", "电子邮件", "电话", "国家", "语言", "专业领域", "加入日期", "单位", "职务"],
    "en": ["First name", "Last name", "E-mail", "Phone", "Country", "Languages", "Topics", "Member since", "Organisation", "Role"],
}  # fmt: skip
VALUES = {
    "de": ["Tunesien", "Arabisch (Muttersprache), Französisch fließend"],
    "fr": ["Tunisie", "arabe (langue maternelle) / français courant"],
    "es": ["Túnez", "árabe nativo; francés fluido"],
    "pt": ["Tunísia", "árabe (nativo), francês (fluente)"],
    "ar": ["تونس", "العربية (اللغة الأم)، الفرنسية: بطلاقة"],
    "ru": ["Тунис", "арабский (родной), французский (свободно)"],
    "zh": ["突尼斯", "阿拉伯语（母语）、法语 流利"],
    "en": ["Tunisia", "Arabic (native)\nFrench (C1)"],
}


@pytest.mark.parametrize("language", HEADERS)
def test_a_roster_is_read_in_each_language(workbook: Workbook, language: str) -> None:
    country, languages = VALUES[language]
    row = [
        "Salma",
        "Benrabah",
        "salma@example.org",
        "71 000 000",
        country,
        languages,
        "Markets; Stadiums",
        date(2022, 2, 10),
    ]

    found = reading(workbook({"1": [HEADERS[language], [*row, "OSCE", "Trainer"]]}))

    assert not found.doubts
    assert not found.refused
    assert only_person(found) == {
        "name": "Salma Benrabah",
        "email": "salma@example.org",
        "phone": "+21671000000",
        "country": "TN",
        "languages": [["ar", "native"], ["fr", "fluent"]],
        "topics": [["~Markets", "practitioner"], ["~Stadiums", "practitioner"]],
        "joined": "2022-02-10",
    }
    assert [row.cells for row in of(Kind.ORGANISATIONS, found)] == [{"name": "OSCE"}]
    assert [row.cells for row in of(Kind.AFFILIATIONS, found)] == [
        {"expert": "#sheet 1, row 2", "organisation": "#organisation OSCE", "role": "Trainer"}
    ]


SAID_ALONE = {
    "en": [("Gender", "Away"), ("woman", "man", "other", "F", "M", "Female", "male"), "not said"],
    "fr": [("Sexe", "Indisponibilités"), ("femme", "homme", "autre", "F", "H", "Féminin", "masculin"), "non précisé"],
    "es": [("Género", "Ausencias"), ("mujer", "hombre", "otro", "F", "H", "Femenino", "masculino"), "no indicado"],
    "ar": [("الجنس", "فترات الغياب"), ("امرأة", "رجل", "أخرى", "أنثى", "ذكر", "انثى", "ذَكَر"), "غير محدد"],
    "ru": [("Пол", "Отсутствие"), ("женщина", "мужчина", "другое", "Ж", "М", "жен.", "муж."), "не указан"],
    "zh": [("性别", "缺席时间"), ("女", "男", "其他", "女性", "男性", "女", "男"), "保密"],
}  # fmt: skip


@pytest.mark.parametrize("language", SAID_ALONE)
def test_what_people_say_they_are_and_when_they_are_away_is_read_in_each_language(
    workbook: Workbook, language: str
) -> None:
    (gender, away), words, unsaid = SAID_ALONE[language]
    rows = [[f"Person {number}", word, ""] for number, word in enumerate((*words, unsaid, "-", ""))]
    rows[0][2] = "2027-07-01/2027-07-31; 2026-12-20 / 2027-01-03"

    found = reading(workbook({"Experts": [["Name", gender, away], *rows]}))

    assert not found.doubts
    assert not found.refused
    people = [row.cells for row in of(Kind.EXPERTS, found)]
    says = ["woman", "man", "other", "woman", "man", "woman", "man", None, None, None]
    assert [person.get("gender") for person in people] == says
    assert people[0]["away"] == ["2027-07-01/2027-07-31", "2026-12-20/2027-01-03"]
    assert all("away" not in person for person in people[1:])


def test_what_is_no_gender_and_no_period_is_refused_with_its_row_and_a_remedy(workbook: Workbook) -> None:
    rows = [["Ama", "yes", "2027-07-31/2027-07-01, 2027-08-01/2027-08-02"], ["Kofi", "M", "2027-07-01"]]

    found = reading(workbook({"Experts": [["Name", "Gender", "Away"], *rows]}))

    assert [row.cells for row in of(Kind.EXPERTS, found)] == [
        {"name": "Ama", "away": ["2027-08-01/2027-08-02"]},
        {"name": "Kofi", "gender": "man"},
    ]
    assert [(one.place, one.column, one.value, one.reason, one.remedy) for one in found.refused] == [
        (
            "sheet Experts, row 2", "Gender", "yes", "'yes' is no gender that the network has",
            "write woman, man, other, in any of its languages, or nothing",
        ),
        *(
            (
                f"sheet Experts, row {row}", "Away", value,
                f"'{value}' is not a first and a last day, the last not before the first",
                "write them such as 2026-07-01/2026-07-31",
            )
            for row, value in ((2, "2027-07-31/2027-07-01"), (3, "2027-07-01"))
        ),
    ]  # fmt: skip


def test_a_letter_that_means_the_one_here_and_the_other_there_is_a_doubt(workbook: Workbook) -> None:
    found = reading(workbook({"Experts": [["Nombre completo", "Sexo"], ["Ama", "H"], ["Kofi", "M"], ["Esi", "Mujer"]]}))

    assert [row.cells.get("gender") for row in of(Kind.EXPERTS, found)] == ["man", None, "woman"]
    assert [(one.place, one.value, one.remedy) for one in found.doubts] == [
        ("sheet Experts, row 3", "M", "write the whole word")
    ]


def test_every_column_is_said_with_what_it_was_read_as(workbook: Workbook) -> None:
    found = reading(workbook({"Personen": [["Vorname", "Nachname", "Bemerkung"], ["Ama", "A", "x"]]}))

    assert found.notes == [
        "sheet 'Personen' was read as experts: 'Vorname' as first_name, 'Nachname' as last_name",
        "columns of sheet 'Personen' were left out: 'Bemerkung' (a network does not keep this)",
    ]


@pytest.mark.parametrize(
    "encoding, separator, note",
    [
        ("utf-8", ",", None),
        ("utf-8-sig", ";", "its columns are separated by semicolons"),
        ("utf-8", "\t", "its columns are separated by tabs"),
        ("utf-8", "|", "its columns are separated by vertical bars"),
        ("utf-16", ",", "it was read as UTF-16"),
        ("cp1252", ";", "it was read as Windows-1252, not as UTF-8 and its columns are separated by semicolons"),
    ],
)
def test_encoding_and_separator_are_recognised_and_said(
    tmp_path: Path, encoding: str, separator: str, note: str | None
) -> None:
    rows = [
        ["Prénom", "Nom", "Pays", "Métier"],
        ["Salma", "Benrabah", "Tunisie", "Formatrice des bénévoles à l'accueil des fidèles, très expérimentée"],
        ["Kofi", "Adjei", "Côte d'Ivoire", "Architecte, conseiller pour les entrées et les marchés où l'on se presse"],
    ]

    found = reading(table(tmp_path / "membres.csv", rows, encoding=encoding, separator=separator))

    assert [row.cells["country"] for row in of(Kind.EXPERTS, found)] == ["TN", "CI"]
    assert (note in found.notes) if note else found.notes[0].startswith("the file was read as experts")


def test_what_excel_says_of_its_separator_is_no_row(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_text("sep=;\nName;Email\nAma;ama@example.org\n", encoding="utf-8")

    found = reading(path)

    assert [(row.place, row.cells["name"]) for row in of(Kind.EXPERTS, found)] == [("row 3", "Ama")]


def test_a_spreadsheet_of_open_document_is_read(tmp_path: Path) -> None:
    document = odfdo.Document("spreadsheet")
    document.body.clear()
    sheet = odfdo.Table("Experts")
    rows: list[list[str | date]] = [[*PERSON, "Member since"], ["Ama", "ama@example.org", "Ghana", date(2022, 2, 10)]]
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.set_value((column, number), value)
    document.body.append(sheet)
    document.save(tmp_path / "roster.ods")

    found = reading(tmp_path / "roster.ods")

    assert only_person(found) == {"name": "Ama", "email": "ama@example.org", "country": "GH", "joined": "2022-02-10"}


def test_a_spreadsheet_of_old_excel_is_read(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Experts")
    for row, cells in enumerate([[*PERSON, "Member since"], ["Ama", "ama@example.org", "Ghana"]]):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    sheet.write(1, 3, date(2022, 2, 10), xlwt.easyxf(num_format_str="YYYY-MM-DD"))
    book.save(tmp_path / "roster.xls")

    found = reading(tmp_path / "roster.xls")

    assert only_person(found) == {"name": "Ama", "email": "ama@example.org", "country": "GH", "joined": "2022-02-10"}


def test_a_title_above_the_header_and_empty_rows_are_passed_over(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Personen"
    sheet["A1"] = "Experten"
    sheet.merge_cells("A1:C1")
    for row, values in {3: ["Name", "E-Mail", "Land"], 5: ["Ama", "ama@example.org", "Ghana"]}.items():
        for column, value in enumerate(values, start=1):
            sheet.cell(row, column, value)
    book.save(tmp_path / "roster.xlsx")

    found = reading(tmp_path / "roster.xlsx")

    assert [(row.key, row.cells["name"]) for row in of(Kind.EXPERTS, found)] == [("sheet Personen, row 5", "Ama")]
    assert not found.refused


def test_a_cell_merged_over_rows_speaks_for_all_of_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in [["Name", "Country", "Organisation"], ["Ama", "Ghana", "OSCE"], ["Kofi", "Ghana", None]]:
        sheet.append(row)
    sheet.merge_cells("C2:C3")
    book.save(tmp_path / "roster.xlsx")

    found = reading(tmp_path / "roster.xlsx")

    assert [row.cells["organisation"] for row in of(Kind.AFFILIATIONS, found)] == ["#organisation OSCE"] * 2


def test_the_sheets_of_a_workbook_are_told_apart_and_name_each_other(workbook: Workbook) -> None:
    found = reading(
        workbook(
            {
                "Personen": [["Nr.", *PERSON, "Institution"], [1, "Salma Benrabah", "salma@example.org", "TN", "OSCE"]],
                "Organisationen": [
                    ["Name", "Typ", "Webseite"],
                    ["OSCE", "internationale Organisation", "www.example.org"],
                ],
                "Veranstaltungen": [["Titel", "Art", "Ort", "Plätze"], ["Briefing", "Schulung", "Tunis", "1.200"]],
                "Teilnahme": [
                    ["Veranstaltung", "E-Mail"],
                    ["Briefing", "salma@example.org"],
                    ["Workshop", "ama@example.org"],
                ],
                "Themen": [
                    ["Englisch", "Französisch", "Oberbegriff"],
                    ["Markets", "Marchés", None],
                    ["Night markets", None, "Markets"],
                ],
                "Kalkulation": [["Kosten", "Summe"], [1, 2]],
            }
        )
    )

    assert [(row.kind.value, row.cells) for row in found.rows] == [
        ("organisations", {"name": "OSCE", "kind": "international", "website": "https://www.example.org"}),
        ("topics", {"label_en": "Markets", "label_fr": "Marchés"}),
        ("topics", {"label_en": "Night markets", "broader": "#sheet Themen, row 2"}),
        ("experts", {"email": "ama@example.org"}),
        ("experts", {"name": "Salma Benrabah", "country": "TN", "email": "salma@example.org"}),
        ("events", {"title": "Briefing", "kind": "training", "place": "Tunis", "capacity": "1200"}),
        ("affiliations", {"expert": "#sheet Personen, row 2", "organisation": "#sheet Organisationen, row 2"}),
        ("attendance", {"event": "#sheet Veranstaltungen, row 2", "expert": "#sheet Personen, row 2"}),
        ("attendance", {"event": "~Workshop", "expert": "#person ama@example.org"}),
    ]
    assert "sheet 'Kalkulation' was left out: its headers are of no kind that a network has" in found.notes


def test_a_hidden_sheet_is_left_out_and_said(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(PERSON)
    book.worksheets[0].append(["Ama", "ama@example.org", "GH"])
    hidden = book.create_sheet("Alt")
    hidden.append(PERSON)
    hidden.append(["Kofi", "kofi@example.org", "GH"])
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "roster.xlsx")

    found = reading(tmp_path / "roster.xlsx")

    assert only_person(found)["name"] == "Ama"
    assert "sheet 'Alt' was left out: it is hidden" in found.notes


@pytest.mark.parametrize(
    "header, cells, name, others",
    [
        (["Name", "Vorname"], ["Benrabah", "Salma"], "Salma Benrabah", None),
        (["Nom", "Prénom"], ["Benrabah", "Salma"], "Salma Benrabah", None),
        (["Nombre", "Apellidos"], ["Salma", "Benrabah"], "Salma Benrabah", None),
        (["姓", "名"], ["林", "美"], "林美", None),
        (["Имя", "Страна"], ["Салма", "Тунис"], "Салма", None),
        (["Name, Vorname", "Land"], ["Benrabah, Salma", "TN"], "Salma Benrabah", None),
        (["Name", "Name (arabic)"], ["Salma Benrabah", "سلمى بنرابح"], "Salma Benrabah", ["سلمى بنرابح"]),
        (["Name", "Other names"], ["Salma", "Selma; S. Benrabah"], "Salma", ["Selma", "S. Benrabah"]),
        (["Name", "Name"], ["Salma", "سلمى"], "Salma", ["سلمى"]),
        (
            ["Full name", "First name", "Last name"],
            ["S. Benrabah", "Salma", "Benrabah"],
            "S. Benrabah",
            ["Salma Benrabah"],
        ),
    ],
)
def test_names_are_put_together(
    workbook: Workbook, header: list[str], cells: list[str], name: str, others: list[str] | None
) -> None:
    found = reading(workbook({"Experts": [[*header, "Email"], [*cells, "salma@example.org"]]}))

    person = only_person(found)
    assert person["name"] == name
    assert person.get("other_names") == others
    assert not found.doubts


def test_a_name_with_a_comma_is_kept_and_doubted(workbook: Workbook) -> None:
    found = reading(workbook({"Experts": [PERSON, ["Benrabah, Salma", "s@example.org", "TN"], ["Ama, PhD", "", "GH"]]}))

    assert [row.cells["name"] for row in of(Kind.EXPERTS, found)] == ["Benrabah, Salma", "Ama, PhD"]
    assert [(doubt.column, doubt.value) for doubt in found.doubts] == [("Name", "Benrabah, Salma")]


@pytest.mark.parametrize(
    "header, value, reason",
    [
        ("Land", "tunesisch", "'tunesisch' is not quite a country's name"),
        ("Land", "Tunisian", "'Tunisian' is a nationality or an adjective, not a country"),
        ("Sprachen", "Frensh", "'Frensh' is not quite a language's name"),
        ("Telefon", "21671000000", "'21671000000' does not say its country's code"),
    ],
)
def test_what_is_probable_is_doubted_and_not_taken(workbook: Workbook, header: str, value: str, reason: str) -> None:
    found = reading(workbook({"Personen": [["Name", header], ["Ama", value]]}))

    assert only_person(found) == {"name": "Ama"}
    assert [(one.place, one.column, one.value, one.reason) for one in found.doubts] == [
        ("sheet Personen, row 2", header, value, reason)
    ]


@pytest.mark.parametrize("header, value", [("E-Mail", "ama"), ("ORCID", "0000-0002-1825-0098"), ("Telefon", "12")])
def test_what_is_wrong_is_refused_and_the_person_comes_in(workbook: Workbook, header: str, value: str) -> None:
    found = reading(workbook({"Personen": [["Name", header, "Land"], ["Ama", value, "GH"]]}))

    assert only_person(found) == {"name": "Ama", "country": "GH"}
    assert [(one.place, one.column, one.value) for one in found.refused] == [("sheet Personen, row 2", header, value)]


def test_a_row_without_a_name_is_refused(workbook: Workbook) -> None:
    found = reading(workbook({"Personen": [PERSON, [None, "ama@example.org", "GH"]]}))

    assert [str(one.reason) for one in found.refused] == ["it has no name"]


@pytest.mark.parametrize(
    "dates, joined",
    [
        (["10.02.2022", "25.02.2022"], ["2022-02-10", "2022-02-25"]),
        (["10/02/2022", "02/25/2022"], ["2022-10-02", "2022-02-25"]),
        (["2022-02-10", "10. Februar 2022"], ["2022-02-10", "2022-02-10"]),
        ([datetime(2022, 2, 10), date(2022, 2, 25)], ["2022-02-10", "2022-02-25"]),  # noqa: DTZ001 -- as Excel has it
    ],
)
def test_the_column_tells_the_order_of_its_dates(workbook: Workbook, dates: list[object], joined: list[str]) -> None:
    rows: Rows = [[f"Person {number}", one] for number, one in enumerate(dates)]

    found = reading(workbook({"Personen": [["Name", "Mitglied seit"], *rows]}))

    assert [row.cells["joined"] for row in of(Kind.EXPERTS, found)] == joined
    assert not found.doubts


def test_a_column_whose_dates_may_be_read_in_two_ways_is_one_doubt(workbook: Workbook) -> None:
    found = reading(
        workbook(
            {
                "Personen": [
                    ["Name", "Mitglied seit"],
                    ["Ama", "10.02.2022"],
                    ["Kofi", "11.03.2022"],
                    ["Lin", "2022-02-10"],
                ]
            }
        )
    )

    assert [row.cells.get("joined") for row in of(Kind.EXPERTS, found)] == [None, None, "2022-02-10"]
    assert [(one.place, one.column, one.reason) for one in found.doubts] == [
        (
            "sheet Personen",
            "Mitglied seit",
            "nothing tells which number of 2 dates is the day, and they were left out",
        )
    ]


def test_topics_have_their_levels_and_years(workbook: Workbook) -> None:
    cell = "Crowd safety (lead, since 2011); Markets:familiar:2015\nDesign (entrances); Law, legislation"

    found = reading(workbook({"Experts": [["Name", "Topics"], ["Ama", cell]]}))

    assert only_person(found)["topics"] == [
        ["~Crowd safety", "lead", "2011"],
        ["~Markets", "familiar", "2015"],
        ["~Design (entrances)", "practitioner"],
        ["~Law, legislation", "practitioner"],
    ]
    assert (
        "how deeply 2 topics are known is not said; 'practitioner' was taken (default_topic_level in a mapping)"
        in found.notes
    )


def test_the_first_of_two_addresses_is_taken_and_the_other_doubted(workbook: Workbook) -> None:
    found = reading(workbook({"Experts": [["Name", "Email"], ["Ama", "ama@example.org; a@example.org"]]}))

    assert only_person(found)["email"] == "ama@example.org"
    assert [one.value for one in found.doubts] == ["a@example.org"]


def test_two_columns_of_one_sort_fill_each_other(workbook: Workbook) -> None:
    rows: list[list[object]] = [["Ama", "+216 71 000 000", "+216 71 000 001"], ["Kofi", None, "+233 30 200 0000"]]

    found = reading(workbook({"Personen": [["Name", "Telefon", "Telefon"], *rows]}))

    assert [row.cells["phone"] for row in of(Kind.EXPERTS, found)] == ["+21671000000", "+233302000000"]
    assert "where both 'Telefon' and 'Telefon (2)' are filled, 'Telefon' was taken" in found.notes


def test_a_number_is_read_as_in_the_country_of_its_row(workbook: Workbook) -> None:
    rows: list[list[object]] = [
        ["Ama", "030 200 0000", "Ghana"],
        ["Salma", 71000000, "Tunisia"],
        ["Lin", "030 901820", None],
    ]

    found = reading(workbook({"Experts": [["Name", "Phone", "Country"], *rows]}), default_country="DE")

    assert [row.cells["phone"] for row in of(Kind.EXPERTS, found)] == ["+233302000000", "+21671000000", "+4930901820"]


def test_several_organisations_have_a_role_each(workbook: Workbook) -> None:
    rows = [["Ama", "OSCE; Stewards", "Adviser; Trainer"], ["Kofi", "OSCE; Stewards", "Adviser"]]

    found = reading(workbook({"Experts": [["Name", "Organisation", "Role"], *rows]}))

    assert [row.cells.get("role") for row in of(Kind.AFFILIATIONS, found)] == ["Adviser", "Trainer", None, None]
    assert [one.reason for one in found.doubts] == ["nothing tells in which of 2 organisations this is the role"]


def test_ids_are_taken_and_numbers_are_not(workbook: Workbook) -> None:
    found = reading(
        workbook(
            {
                "Experts": [["ID", *PERSON], ["ama", "Ama", "", "GH"], ["17", "Kofi", "", "GH"]],
                "Attendance": [["Event", "Participant"], ["Briefing", "17"], ["Briefing", "ama"]],
            }
        )
    )

    assert [row.cells.get("id") for row in of(Kind.EXPERTS, found)] == ["ama", None]
    assert [row.cells["expert"] for row in of(Kind.ATTENDANCE, found)] == [
        "#sheet Experts, row 3",
        "#sheet Experts, row 2",
    ]
    assert "'ID' does not hold ids of a network; it was used only to find the file's own rows" in found.notes


def test_a_biography_becomes_a_document_of_the_person(workbook: Workbook) -> None:
    found = reading(
        workbook({"Experts": [["Name", "Biography"], ["Ama", "<p>Ama trains stewards.</p><p>She lives in Accra.</p>"]]})
    )

    (document,) = found.documents
    assert document.cells == {"owner": ["#sheet Experts, row 2"], "kind": "biography"}
    assert [one.text for one in document.paragraphs] == ["Ama trains stewards.", "She lives in Accra."]


@pytest.mark.parametrize("hidden", ["\u202e", "\u2066", "\u200b", "\x85"])
def test_hidden_characters_are_dropped_from_headers(workbook: Workbook, hidden: str) -> None:
    path = workbook(
        {"People": [[f"{hidden}Na{hidden}me{hidden}", "Email", "Country"], ["ama", "ama@example.org", "GH"]]}
    )

    found = only_person(reading(path))

    assert (found["name"], found["email"]) == ("ama", "ama@example.org")


def test_tags_and_hidden_characters_are_dropped_from_names(workbook: Workbook) -> None:
    found = reading(workbook({"Experts": [PERSON, ["<b>Ama</b><script>x</script>\u202e", "ama@example.org", "GH"]]}))

    assert only_person(found)["name"] == "Ama"
    assert "texts from which HTML tags were dropped: 1" in found.notes
    assert "texts from which hidden characters that no text needs were dropped: 1" in found.notes


def test_a_formula_in_a_text_stays_a_text(tmp_path: Path) -> None:
    rows = [["Name", "Headline"], ["Ama", '=HYPERLINK("https://example.org")'], ["Kofi", "@SUM(1)"]]

    found = reading(table(tmp_path / "roster.csv", rows))

    assert [row.cells["headline"] for row in of(Kind.EXPERTS, found)] == [row[1] for row in rows[1:]]


def test_a_table_of_ours_is_read_without_what_neutralised_its_formulas(tmp_path: Path) -> None:
    row = {"Name": "Ama", "Headline": "=1+1", "Telefon": "+233302123456"}
    (tmp_path / "roster.csv").write_text(spreadsheet.table(list(row), [row]), encoding="utf-8")

    found = reading(tmp_path / "roster.csv")

    assert only_person(found) == {"name": "Ama", "headline": "=1+1", "phone": "+233302123456"}


def test_of_a_formula_the_stored_value_is_taken(workbook: Workbook, tmp_path: Path) -> None:
    path = workbook({"Experts": [["Name", "Headline"], ["Ama", '="Trainer"&""'], ["Kofi", "=1+1"]]})
    stored = tmp_path / "stored.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(stored, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                cell = b'<c r="B2"><f>"Trainer"&amp;""</f><v></v></c>'
                assert (cell in content) or b"<v />" in content
                content = (
                    content.replace(b'<c r="B2">', b'<c r="B2" t="str">')
                    .replace(b'"Trainer"&amp;""</f><v />', b'"Trainer"&amp;""</f><v>Trainer</v>')
                    .replace(b'"Trainer"&amp;""</f><v></v>', b'"Trainer"&amp;""</f><v>Trainer</v>')
                )
            target.writestr(name, content)

    found = reading(stored)

    assert [row.cells.get("headline") for row in of(Kind.EXPERTS, found)] == ["Trainer", None]
    assert found.notes[:2] == [
        "it has one formula, of which the value stored in the file was taken",
        "one formula has no value stored in the file and was left out (B3); "
        "open it in a spreadsheet program and save it again to take its value in",
    ]


def test_a_column_that_only_looks_right_is_doubted(workbook: Workbook) -> None:
    rows = [[f"Person {number}", f"p{number}@example.org", "GH"] for number in range(4)]

    found = reading(workbook({"Experts": [["Name", "Reach", "Contry"], *rows]}))

    assert [(one.column, one.reason) for one in found.doubts] == [
        (
            "Reach",
            "the column was left out: it may be email ('Reach' is not known, but its values look like an e-mail address)",
        ),
        ("Contry", "the column was left out: it may be country ('Contry' is nearly 'country', country)"),
    ]
    assert {frozenset(row.cells) for row in of(Kind.EXPERTS, found)} == {frozenset({"name"})}


def test_a_known_header_over_other_values_is_doubted(workbook: Workbook) -> None:
    rows = [[f"Person {number}", f"p{number}@example.org", "GH"] for number in range(4)]

    found = reading(workbook({"Experts": [["Name", "Land", "Country"], *rows]}))

    assert [one.column for one in found.doubts] == ["Land"]
    assert {row.cells["country"] for row in of(Kind.EXPERTS, found)} == {"GH"}


def test_a_sheet_of_which_nobody_knows_what_it_lists_is_doubted(workbook: Workbook) -> None:
    found = reading(workbook({"Tabelle1": [["Name", "Land", "Webseite"], ["OSCE", "AT", "www.example.org"]]}))

    assert not found.rows
    assert [one.reason for one in found.doubts] == [
        "it was left out: its headers may be those of experts or organisations"
    ]


def test_dates_of_birth_and_nationalities_are_left_out(workbook: Workbook) -> None:
    rows = [["Ama", "ama@example.org", date(1980, 1, 1), "Ghanaian"]]

    found = reading(workbook({"Experts": [["Name", "Email", "Date of birth", "Nationality"], *rows]}))

    assert only_person(found) == {"name": "Ama", "email": "ama@example.org"}
    assert not found.doubts


def test_a_sheet_with_too_many_columns_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "Name"
    book.worksheets[0]["XFD1048576"] = "x"
    book.save(tmp_path / "wide.xlsx")

    with pytest.raises(FileRefused, match="a sheet has more than 500 columns"):
        reading(tmp_path / "wide.xlsx")


def test_a_table_with_a_hundred_thousand_columns_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path / "wide.csv", [["a"] * 100_000, ["b"] * 100_000])

    with pytest.raises(FileRefused, match="a sheet has more than 500 columns"):
        reading(path)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_sheet_with_too_many_rows_is_refused(
    tmp_path: Path, workbook: Workbook, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.setattr(books, "MOST_ROWS", 100)
    rows = [PERSON, *[["Ama", "ama@example.org", "GH"]] * 101]
    path = table(tmp_path / "long.csv", rows) if suffix == ".csv" else workbook({"Experts": rows})

    with pytest.raises(FileRefused, match="a sheet has more than 100 rows"):
        reading(path)


def test_repeated_cells_of_open_document_count_each(tmp_path: Path) -> None:
    path = tmp_path / "bomb.ods"
    space = 'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    office = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {space} {office}><office:body><office:spreadsheet><table:table table:name='a'>"
            "<table:table-row table:number-rows-repeated='10000000'><table:table-cell office:value-type='string'>"
            "<text:p>x</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body>"
            "</office:document-content>",
        )

    with pytest.raises(FileRefused, match="a sheet has more than 200,000 rows"):
        reading(path)


def test_what_unpacks_to_more_than_any_list_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "LARGEST_UNPACKED", 5_000_000)
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 6_000_000)

    with pytest.raises(FileRefused, match="it unpacks to more than 5 MB"):
        reading(path)


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5000])
def test_what_is_no_spreadsheet_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "roster.xlsx"
    path.write_bytes(content)

    with pytest.raises(FileRefused):
        reading(path)


def test_half_a_spreadsheet_is_refused(workbook: Workbook) -> None:
    path = workbook({"Experts": [PERSON, ["Ama", "ama@example.org", "GH"]]})
    path.write_bytes(path.read_bytes()[:2000])

    with pytest.raises(FileRefused, match="it is damaged, or no spreadsheet"):
        reading(path)


def test_a_quote_that_is_never_closed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_text('Name,Email\n"Ama,ama@example.org\n', encoding="utf-8")

    with pytest.raises(FileRefused, match="near line 2 a quote does not fit"):
        reading(path)


def test_an_empty_file_has_nothing_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_bytes(b"")

    found = reading(tmp_path / "roster.csv")

    assert not found.rows
    assert found.notes == ["the file was left out: it has no rows below a header"]


def test_values_are_written_as_the_networks_own_files_have_them() -> None:
    assert [text_of(value) for value in (1.0, 1.5, True, date(2022, 2, 10), "x")] == [
        "1",
        "1.5",
        "true",
        "2022-02-10",
        "x",
    ]
    assert [column_letters(number) for number in (1, 26, 27, 703)] == ["A", "Z", "AA", "AAA"]


CELLS = st.one_of(
    st.text(max_size=30), st.sampled_from(["Name", "E-Mail", "Land", "Sprachen", "Mitglied seit", "TN", "a@b.c"])
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=5), max_size=6), st.sampled_from(",;\t"))
def test_no_table_raises_anything_but_file_refused(tmp_path: Path, rows: list[list[str]], separator: str) -> None:
    path = tmp_path / "any.csv"
    with path.open("w", encoding="utf-8", errors="surrogatepass", newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)

    try:
        found = reading(path)
    except FileRefused:
        return

    assert Reading.model_validate_json(found.model_dump_json()) == found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(content=st.binary(max_size=300), suffix=st.sampled_from([".csv", ".tsv", ".xlsx", ".xls", ".ods"]))
def test_no_bytes_raise_anything_but_file_refused(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = tmp_path / f"any{suffix}"
    path.write_bytes(content)

    try:
        reading(path)
    except FileRefused:
        return
