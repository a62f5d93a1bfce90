"""The format described to programs: that of the row models, held by a file, and good for a public tool."""

import json
import shutil
from pathlib import Path

import pytest
from frictionless import Package, validate

import ingest
from ingest import data_package
from ingest.format import data_package_text

COMMITTED = Path(ingest.__file__).parent / "network.schema.json"
SAMPLE = Path(ingest.__file__).parent / "sample"


def test_the_committed_description_is_that_of_the_row_models() -> None:
    again = "python -c 'from ingest.format import data_package_text as text; print(text(), end=\"\")'"

    assert COMMITTED.read_text(encoding="utf-8") == data_package_text(), (
        f"The row models have changed. Write the file again: {again} > ingest/network.schema.json"
    )


def test_a_column_tells_what_it_may_hold() -> None:
    resources = {resource["name"]: resource["schema"] for resource in data_package()["resources"]}
    fields = {field["name"]: field for field in resources["experts"]["fields"]}

    assert fields["topics"] == {
        "name": "topics",
        "type": "list",
        "delimiter": ";",
        "itemType": "string",
        "description": "Topics with how deeply each is known, lead, practitioner or familiar, and since which year, "
        "if that is known (topic:level:year).",
        "example": "worship-stewards:lead:2011; religious-sites:practitioner",
        "refersTo": "topics",
    }
    assert fields["id"]["constraints"] == {
        "required": True,
        "unique": True,
        "pattern": "[a-z0-9]+(-[a-z0-9]+)*",
        "maxLength": 100,
    }
    assert resources["topics"]["foreignKeys"] == [
        {"fields": ["broader"], "reference": {"resource": "", "fields": ["id"]}}
    ]
    assert resources["affiliations"]["uniqueKeys"] == [["expert", "organisation", "role", "from"]]
    assert resources["attendance"]["primaryKey"] == ["event", "expert"]


@pytest.mark.parametrize("descriptor", [COMMITTED, SAMPLE / "datapackage.json"], ids=["the format", "the sample"])
def test_the_descriptors_are_data_packages(descriptor: Path) -> None:
    report = Package.validate_descriptor(json.loads(descriptor.read_text(encoding="utf-8")))

    assert report.valid, report.errors


@pytest.fixture
def described(tmp_path: Path) -> Path:
    """The sample's tables beside the description of the format."""
    for file in SAMPLE.glob("*.csv"):
        shutil.copy(file, tmp_path)
    shutil.copy(COMMITTED, tmp_path / "datapackage.json")
    return tmp_path


def test_a_public_tool_finds_the_sample_valid(described: Path) -> None:
    report = validate(str(described / "datapackage.json"))

    assert report.valid, report.flatten(["fieldName", "rowNumber", "note"])
    assert report.stats["tasks"] == 11


def test_a_public_tool_finds_what_is_wrong(described: Path) -> None:
    with (described / "speakers.csv").open("a", encoding="utf-8") as file:
        file.write("no-such-event,no-such-expert,speaker,Talk\n")
    with (described / "organisations.csv").open("a", encoding="utf-8") as file:
        file.write("bad,Bad,army,Tunisia,\n")

    report = validate(str(described / "datapackage.json"))

    assert {tuple(found) for found in report.flatten(["type", "fieldName"])} == {
        ("foreign-key", None),
        ("constraint-error", "kind"),
        ("constraint-error", "country"),
    }
