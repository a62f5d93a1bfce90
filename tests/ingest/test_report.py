import json
from pathlib import Path

from ingest import Counts, Note, Refusal, Report
from ingest.report import Doubt

REFUSALS = [Refusal("experts.csv", row, "country", "XX", "'XX' is not a country", "write one") for row in (2, 3, 4)]
NOTES = [Note("experts.csv", "column 'phone' is not known and was left out")]


def test_the_text_has_a_line_for_each_kind_and_sentence() -> None:
    kinds = {"experts": Counts(created=150, refused=3), "passages": Counts(unchanged=2)}
    report = Report(Path("network"), dry_run=True, kinds=kinds, refusals=REFUSALS, notes=NOTES)

    text = report.to_text(most=2)

    assert text.splitlines() == [
        "                 created    changed  unchanged    removed    refused",
        "experts              150          -          -          -          3",
        "passages               -          -          2          -          -",
        "",
        "Refused:",
        "  experts.csv, row 2, column country: 'XX' is not a country; write one",
        "  experts.csv, row 3, column country: 'XX' is not a country; write one",
        "  … and 1 more, which --report FILE and --json tell",
        "",
        "Notes:",
        "  experts.csv: column 'phone' is not known and was left out",
        "",
        "This was a dry run: nothing was written.",
    ]


def test_one_doubt_at_many_places_is_one_sentence_and_each_is_in_the_json() -> None:
    doubts = [
        Doubt("a.ics", f"UID 1, 2022030{day}", "topics", "Safety", "'Safety' is no topic", "add it")
        for day in (1, 2, 3)
    ]
    report = Report(Path("network"), dry_run=False, kinds={}, doubts=doubts)

    assert "  a.ics, UID 1, 20220301, column topics: 'Safety' is no topic; add it (and at 2 more places)" in (
        report.to_text().splitlines()
    )
    assert len(json.loads(report.to_json())["doubts"]) == 3


def test_the_json_has_every_refusal() -> None:
    report = Report(
        Path("network"), dry_run=False, kinds={"experts": Counts(refused=3)}, refusals=REFUSALS, notes=NOTES
    )

    told = json.loads(report.to_json())

    assert told["kinds"] == {"experts": {"created": 0, "changed": 0, "unchanged": 0, "removed": 0, "refused": 3}}
    assert told["refusals"][1] == {
        "file": "experts.csv",
        "row": 3,
        "column": "country",
        "value": "XX",
        "reason": "'XX' is not a country",
        "remedy": "write one",
        "place": None,
        "of": "row",
    }
    assert (told["folder"], told["dry_run"], len(told["notes"])) == ("network", False, 1)


def test_a_report_is_complete_without_refusals() -> None:
    assert Report(Path(), dry_run=False, kinds={}, notes=NOTES).is_complete
    assert not Report(Path(), dry_run=False, kinds={}, refusals=REFUSALS).is_complete
