# ruff: noqa: E501 -- exact sentences stand on one line each
"""ORCID records and OpenAlex exports, in the shapes in which their APIs give them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from graph.intake import Kind
from ingest.files import FileRefused
from ingest.found import CellValue, FoundDocument, Reading
from ingest.readers import Options
from ingest.readers.registers import read

ORCID = "0000-0002-1825-0097"


def value(text: str | None) -> dict[str, str] | None:
    return None if text is None else {"value": text}


def date(*parts: str) -> dict[str, Any]:
    return dict(zip(("year", "month", "day"), [*map(value, parts), None, None], strict=False))


def public(**fields: Any) -> dict[str, Any]:
    return {"visibility": "public"} | {name.replace("_", "-"): given for name, given in fields.items()}


def work(number: int, title: str, *, year: str = "2019", journal: str | None = None, **fields: Any) -> dict[str, Any]:
    summary = public(
        put_code=number,
        title={"title": value(title), "subtitle": None, "translated-title": None},
        type="journal-article",
        publication_date=date(year),
        journal_title=value(journal),
        display_index="1",
    )
    return {"external-ids": {"external-id": []}, "work-summary": [summary | fields]}


def affiliation(section: str, number: int, name: str, **fields: Any) -> dict[str, Any]:
    summary = public(
        put_code=number,
        organization={"name": name, "address": {"city": "Tunis", "region": None, "country": "TN"}},
        role_title=None,
        start_date=None,
        end_date=None,
    )
    return {"external-ids": {}, "summaries": [{f"{section}-summary": summary | public(**fields)}]}


def record() -> dict[str, Any]:
    return {
        "orcid-identifier": {"uri": f"https://orcid.org/{ORCID}", "path": ORCID, "host": "orcid.org"},
        "person": {
            "name": public(given_names=value("Salma"), family_name=value("Benrabah"), credit_name=None),
            "other-names": {"other-name": [public(content="سلمى بن رباح"), public(content="S. Benrabah")]},
            "biography": public(content="Trains <b>stewards</b>.\n\nSince 2011."),
            "researcher-urls": {"researcher-url": [public(url_name="Page", url=value("https://salma.example.org"))]},
            "emails": {"email": [public(email="salma@example.org", verified=True, primary=True)]},
            "addresses": {"address": [public(country=value("TN"))]},
            "keywords": {"keyword": [public(content="prevention"), public(content="training")]},
            "external-identifiers": {
                "external-identifier": [
                    public(external_id_type="Scopus Author ID", external_id_value="7000", external_id_relationship="self")
                ]
            },
        },
        "activities-summary": {
            "employments": {
                "affiliation-group": [
                    affiliation(
                        "employment",
                        11,
                        "Association of Mosque Stewards",
                        role_title="Head of training",
                        start_date=date("2014", "09"),
                    )
                ]
            },
            "educations": {
                "affiliation-group": [
                    affiliation("education", 12, "Example University", start_date=date("2005"), end_date=date("2009"))
                ]
            },
            "works": {
                "group": [
                    work(21, "Opening the doors", journal="Journal of Prevention"),
                    work(22, "Who watches the gate?", year="2021"),
                ]
            },
        },
    }  # fmt: skip


def read_json(tmp_path: Path, payload: object, mapping: dict[str, object] | None = None) -> Reading:
    file = tmp_path / "export.json"
    file.write_text(json.dumps(payload), encoding="utf-8")
    return read(file, options=Options(file="export.json", mapping=mapping))


def rows(reading: Reading, kind: Kind) -> dict[str, dict[str, CellValue]]:
    return {row.key: row.cells for row in reading.rows if row.kind is kind}


def documents(reading: Reading) -> dict[str, FoundDocument]:
    return {document.key: document for document in reading.documents}


def test_a_record_is_a_person_with_all_their_names(tmp_path: Path) -> None:
    reading = read_json(tmp_path, record())

    assert rows(reading, Kind.EXPERTS) == {
        ORCID: {
            "name": "Salma Benrabah",
            "other_names": ["سلمى بن رباح", "S. Benrabah"],
            "orcid": ORCID,
            "country": "TN",
            "email": "salma@example.org",
            "website": "https://salma.example.org",
            "identifiers": ["scopus-author-id:7000"],
        }
    }


def test_a_name_to_be_credited_by_comes_first(tmp_path: Path) -> None:
    given = record()
    given["person"]["name"]["credit-name"] = value("Salma B.")

    person = rows(read_json(tmp_path, given), Kind.EXPERTS)[ORCID]

    assert (person["name"], person["other_names"]) == ("Salma B.", ["Salma Benrabah", "سلمى بن رباح", "S. Benrabah"])


def test_employments_and_educations_are_affiliations_with_their_dates(tmp_path: Path) -> None:
    reading = read_json(tmp_path, record())

    organisations = rows(reading, Kind.ORGANISATIONS)
    assert [cells["name"] for cells in organisations.values()] == [
        "Association of Mosque Stewards",
        "Example University",
    ]
    stewards, university = organisations
    assert list(rows(reading, Kind.AFFILIATIONS).values()) == [
        {"expert": f"#{ORCID}", "organisation": f"#{stewards}", "role": "Head of training", "from": "2014-09"},
        {"expert": f"#{ORCID}", "organisation": f"#{university}", "role": "Student", "from": "2005", "to": "2009"},
    ]


def test_a_biography_is_a_document_and_keywords_are_its_last_words(tmp_path: Path) -> None:
    reading = read_json(tmp_path, record())

    biography = documents(reading)["biography"]
    assert biography.cells == {"owner": [f"#{ORCID}"], "kind": "biography"}
    assert [one.text for one in biography.paragraphs] == ["Trains stewards.", "Since 2011.", "prevention; training."]
    assert reading.notes == [
        "texts from which HTML tags were dropped: 1",
        "2 of its keywords are read as text only: a register does not say how deeply somebody knows a topic; write that into experts.csv",
    ]


def test_titles_are_one_list_newest_first(tmp_path: Path) -> None:
    works = documents(read_json(tmp_path, record()))[f"works-{ORCID}"]

    assert works.cells == {"owner": [f"#{ORCID}"], "kind": "article", "title": "Works"}
    assert [(one.text, one.place) for one in works.paragraphs] == [
        ("Who watches the gate? 2021.", "work 22"),
        ("Opening the doors. Journal of Prevention, 2019.", "work 21"),
    ]


def test_translated_titles_are_a_list_in_their_language(tmp_path: Path) -> None:
    given = record()
    title = {
        "title": value("Opening the doors"),
        "translated-title": {"value": "Ouvrir les portes", "language-code": "fr"},
    }
    given["activities-summary"]["works"]["group"] = [work(21, "Opening the doors")]
    given["activities-summary"]["works"]["group"][0]["work-summary"][0]["title"] = title

    works = documents(read_json(tmp_path, given))

    assert [one.text for one in works[f"works-{ORCID}"].paragraphs] == ["Opening the doors. 2019."]
    assert works[f"works-{ORCID}-fr"].cells["language"] == "fr"
    assert [one.text for one in works[f"works-{ORCID}-fr"].paragraphs] == ["Ouvrir les portes. 2019."]


def test_of_the_versions_of_a_work_the_preferred_one_is_taken(tmp_path: Path) -> None:
    given = record()
    group = work(21, "Opening the doors")
    group["work-summary"] += work(23, "Opening the Doors (preferred)", **{"display-index": "2"})["work-summary"]
    given["activities-summary"]["works"]["group"] = [group]

    works = documents(read_json(tmp_path, given))[f"works-{ORCID}"]

    assert [one.text for one in works.paragraphs] == ["Opening the Doors (preferred). 2019."]


def hide(given: dict[str, Any], *path: str | int) -> None:
    for step in path:
        given = given[step]  # type: ignore[index]
    given["visibility"] = "limited"


@pytest.mark.parametrize(
    "path, words",
    [
        (("person", "emails", "email", 0), "salma@example.org"),
        (("person", "addresses", "address", 0), '"country": "TN", "email"'),
        (("person", "other-names", "other-name", 1), "S. Benrabah"),
        (("person", "biography"), "Trains stewards."),
        (("person", "keywords", "keyword", 0), "prevention"),
        (("person", "researcher-urls", "researcher-url", 0), "salma.example.org"),
        (("person", "external-identifiers", "external-identifier", 0), "scopus"),
        (("activities-summary", "employments", "affiliation-group", 0, "summaries", 0, "employment-summary"), "Mosque Stewards"),
        (("activities-summary", "works", "group", 0, "work-summary", 0), "Opening the doors"),
    ],
    ids=lambda given: str(given[-1] if isinstance(given, tuple) and isinstance(given[-1], str) else given),
)  # fmt: skip
def test_what_is_not_public_is_left_out_and_counted(tmp_path: Path, path: tuple[str | int, ...], words: str) -> None:
    given = record()
    hide(given, *path)

    reading = read_json(tmp_path, given)

    assert words in json.dumps(read_json(tmp_path, record()).model_dump(), ensure_ascii=False)
    assert words not in json.dumps(reading.model_dump(), ensure_ascii=False)
    assert reading.notes[-1] == "1 of its items are not public and were left out"


def test_an_address_that_nobody_verified_is_left_out(tmp_path: Path) -> None:
    given = record()
    given["person"]["emails"]["email"][0]["verified"] = False

    assert "email" not in rows(read_json(tmp_path, given), Kind.EXPERTS)[ORCID]


def test_a_record_without_a_public_name_is_refused(tmp_path: Path) -> None:
    given = record()
    hide(given, "person", "name")

    with pytest.raises(FileRefused) as refused:
        read_json(tmp_path, given)

    assert (
        str(refused.value)
        == f"it does not tell the person's name; ask them to make it public at https://orcid.org/{ORCID}, or write them into experts.csv"
    )


def test_an_id_with_a_wrong_last_digit_is_refused(tmp_path: Path) -> None:
    given = record()
    given["orcid-identifier"]["path"] = "0000-0002-1825-0098"

    with pytest.raises(FileRefused, match="it has no ORCID iD whose last digit is right"):
        read_json(tmp_path, given)


def author(key: str, name: str | None, **fields: Any) -> dict[str, Any]:
    return {"id": f"https://openalex.org/{key}", "display_name": name, **fields}


def openalex_work(key: str, title: str | None, *authors: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "id": f"https://openalex.org/{key}",
        "display_name": title,
        "title": title,
        "publication_year": 2019,
        "publication_date": "2019-05-17",
        "language": "en",
        "type": "article",
        "primary_location": {"source": {"display_name": "Journal of Prevention"}},
        "authorships": [{"author_position": "first", "author": one} for one in authors],
        "abstract_inverted_index": None,
        **fields,
    }


SALMA = author("A5000000001", "Salma Benrabah", orcid=f"https://orcid.org/{ORCID}")
KOFI = author("A5000000002", "Kofi Adjei", orcid=None)
ABSTRACT = {"Stewards": [0, 4], "watch": [1], "the": [2], "gate.": [3], "help.": [5]}


def page(*results: Mapping[str, Any]) -> dict[str, Any]:
    return {"meta": {"count": len(results), "page": 1, "per_page": 25}, "results": list(results)}


def test_an_author_is_a_person_with_where_they_published_from(tmp_path: Path) -> None:
    osce = {"id": "https://openalex.org/I1", "display_name": "OSCE", "country_code": "AT"}
    university = {"id": "https://openalex.org/I2", "display_name": "Example University", "country_code": "TN"}
    given = SALMA | {
        "display_name_alternatives": ["S. Benrabah", "Salma Benrabah"],
        "affiliations": [
            {"institution": osce, "years": [2024, 2021]},
            {"institution": university, "years": [2011, 2009, 2010]},
        ],
        "last_known_institutions": [osce],
        "topics": [{"id": "https://openalex.org/T1", "display_name": "Architecture", "count": 9}],
    }

    reading = read_json(tmp_path, given)

    assert rows(reading, Kind.EXPERTS) == {
        "A5000000001": {
            "name": "Salma Benrabah",
            "other_names": ["S. Benrabah"],
            "orcid": ORCID,
            "identifiers": ["openalex:A5000000001"],
        }
    }
    assert [(one.get("from"), one.get("to")) for one in rows(reading, Kind.AFFILIATIONS).values()] == [
        ("2021", None),
        ("2009", "2011"),
    ]
    assert not rows(reading, Kind.TOPICS)
    assert reading.notes == [
        "its topics are not taken: OpenAlex reckons them from citations, and does not say how deeply somebody knows a topic; write that into experts.csv"
    ]


def test_a_work_with_an_abstract_is_a_document(tmp_path: Path) -> None:
    given = page(openalex_work("W1", "Opening the <i>doors</i>", SALMA, abstract_inverted_index=ABSTRACT))

    article = documents(read_json(tmp_path, given))["W1"]

    assert article.cells == {
        "owner": ["#A5000000001"],
        "kind": "article",
        "title": "Opening the doors",
        "date": "2019-05-17",
        "language": "en",
    }
    assert [one.text for one in article.paragraphs] == [
        "Opening the doors. Journal of Prevention, 2019.",
        "Stewards watch the gate. Stewards help.",
    ]


def test_a_work_of_which_only_the_year_is_known_has_no_day(tmp_path: Path) -> None:
    given = [openalex_work("W1", "Doors", SALMA, abstract_inverted_index=ABSTRACT, publication_date="2019-01-01")]

    assert "date" not in documents(read_json(tmp_path, given))["W1"].cells


def test_a_title_that_comes_twice_is_taken_once_with_its_abstract(tmp_path: Path) -> None:
    given = [
        openalex_work("W1", "Opening the doors", SALMA, type="preprint"),
        openalex_work("W2", "Opening the Doors", SALMA, abstract_inverted_index=ABSTRACT),
        openalex_work("W3", "Gates", SALMA),
    ]

    found = documents(read_json(tmp_path, given))

    assert list(found) == ["W2", "works-A5000000001-en"]
    assert [one.place for one in found["works-A5000000001-en"].paragraphs] == ["work W3"]


def test_the_author_of_works_is_who_wrote_them_all(tmp_path: Path) -> None:
    given = page(openalex_work("W1", "Doors", SALMA, KOFI), openalex_work("W2", "Gates", SALMA))

    reading = read_json(tmp_path, given)

    assert list(rows(reading, Kind.EXPERTS)) == ["A5000000001"]
    assert [one.text for one in documents(reading)["works-A5000000001-en"].paragraphs] == [
        "Doors. Journal of Prevention, 2019.",
        "Gates. Journal of Prevention, 2019.",
    ]


def test_the_mapping_says_whose_works_they_are(tmp_path: Path) -> None:
    given = page(openalex_work("W1", "Doors", SALMA, KOFI))

    reading = read_json(tmp_path, given, {"author": "https://openalex.org/A5000000002"})

    assert list(rows(reading, Kind.EXPERTS)) == ["A5000000002"]


@pytest.mark.parametrize(
    "authors, words",
    [([[SALMA, KOFI], [SALMA, KOFI]], "several authors"), ([[SALMA], [KOFI]], "no author"), ([[]], "no author")],
)
def test_works_that_are_nobodys_for_certain_are_refused(
    tmp_path: Path, authors: list[list[dict[str, Any]]], words: str
) -> None:
    given = page(*(openalex_work(f"W{number}", "Doors", *some) for number, some in enumerate(authors)))

    with pytest.raises(FileRefused) as refused:
        read_json(tmp_path, given)

    assert (
        str(refused.value)
        == f"its works have {words} in common; put the author's own object beside them, or write 'author: A…' into its mapping file"
    )


def test_works_beside_their_authors_are_theirs_and_others_are_left_out(tmp_path: Path) -> None:
    given = [
        SALMA,
        openalex_work("W1", "Doors", KOFI, SALMA),
        openalex_work("W2", "Gates", KOFI),
        openalex_work("W3", "Withdrawn", SALMA, is_retracted=True),
        openalex_work("W4", "Front matter", SALMA, type="paratext"),
        openalex_work("W5", None, SALMA),
    ]

    reading = read_json(tmp_path, given)

    assert [one.place for one in documents(reading)["works-A5000000001-en"].paragraphs] == ["work W1"]
    assert reading.notes == [
        "1 of its works are by none of its authors and were left out",
        "1 of its works were retracted and were left out",
        "2 of its works are no texts of their own and were left out",
    ]


def test_an_author_without_a_name_is_refused_and_the_others_are_taken(tmp_path: Path) -> None:
    reading = read_json(tmp_path, [author("A5000000003", None), KOFI])

    assert list(rows(reading, Kind.EXPERTS)) == ["A5000000002"]
    assert [(one.place, one.column, one.reason) for one in reading.refused] == [
        ("author A5000000003", "name", "it does not tell the person's name")
    ]


@pytest.mark.parametrize(
    "payload",
    [page(), [], {"a": 1}, 7, page({"id": "https://openalex.org/S1", "display_name": "A journal"})],
    ids=["no results", "empty list", "something else", "a number", "journals"],
)
def test_what_names_nobody_is_refused(tmp_path: Path, payload: object) -> None:
    with pytest.raises(FileRefused):
        read_json(tmp_path, payload)


def paths_of(given: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The ways to every value within a JSON value."""
    inner: list[tuple[str | int, object]] = []
    if isinstance(given, dict):
        inner = list(given.items())
    elif isinstance(given, list):
        inner = list(enumerate(given))
    return [path, *(way for key, one in inner for way in paths_of(one, (*path, key)))][0 if path else 1 :]


@pytest.mark.parametrize("odd", [None, True, -1e308, "\ud800\x00<b>", [[]], {"a": {}}], ids=str)
@pytest.mark.parametrize(
    "whole",
    [record(), [SALMA, openalex_work("W1", "Doors", SALMA, abstract_inverted_index=ABSTRACT)]],
    ids=["ORCID", "OpenAlex"],
)
def test_whatever_stands_anywhere_the_file_is_read_or_refused(tmp_path: Path, whole: Any, odd: object) -> None:
    text = json.dumps(whole)
    for path in paths_of(whole):
        given = json.loads(text)
        inner = given
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = odd

        try:
            reading = read_json(tmp_path, given)
        except FileRefused:
            continue
        reading.model_dump_json()
