"""``knowwho evaluate``: what it reads, what it refuses, and that the labelled questions are whole."""

import json
from collections import Counter
from pathlib import Path

import pytest

from api.cli.evaluate import UnusableQuestions, evaluate_and_print, read_questions
from ingest import read
from ingest.sample import SAMPLE

QUALITY = Path(__file__).parents[2] / "quality"


def test_a_question_with_everybody_who_fits_is_read(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text('{"language": "fr", "question": "Qui ?", "fits": ["ama", "bea"]}\n\n', encoding="utf-8")

    (question,) = read_questions(file)

    assert (question.language, question.question) == ("fr", "Qui ?")
    assert question.fits == frozenset({"ama", "bea"})


@pytest.mark.parametrize(
    "content,told",
    [
        ("", "it holds no question"),
        ("{", "line 1: it is no JSON"),
        ('{"question": "x"}', "line 1: language, question or fits is missing"),
        ('["x"]', "line 1: language, question or fits is missing"),
        ('{"language": 1, "question": "x", "fits": []}', "language and question are texts"),
        ('{"language": "en", "question": "x", "fits": [], "not_useful": "ama"}', "not_useful is a list of ids"),
    ],
)
def test_what_is_no_labelled_question_is_refused_with_its_place(tmp_path: Path, content: str, told: str) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(content, encoding="utf-8")

    with pytest.raises(UnusableQuestions, match=told):
        read_questions(file)


def test_whom_askers_called_not_useful_is_read_and_told_from_nobody(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    lines = ['"fits": ["ama"], "not_useful": ["bea"]', '"fits": ["ama"], "not_useful": []', '"fits": ["ama"]']
    file.write_text("".join(f'{{"language": "fr", "question": "Qui ?", {line}}}\n' for line in lines), encoding="utf-8")

    assert [one.not_useful for one in read_questions(file)] == [frozenset({"bea"}), frozenset(), None]


def test_a_file_in_which_nobody_fits_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text('{"language": "fr", "question": "Qui ?", "fits": [], "not_useful": ["bea"]}\n', encoding="utf-8")

    with pytest.raises(UnusableQuestions, match="nobody was called useful"):
        evaluate_and_print(file, outside=None, as_json=False)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnusableQuestions, match="it cannot be read"):
        read_questions(tmp_path / "nowhere.jsonl")


@pytest.mark.parametrize("name,each", [("questions.jsonl", 16), ("questions-held-back.jsonl", 9)])
def test_the_labelled_questions_are_evenly_spread_and_name_members(name: str, each: int) -> None:
    questions = [json.loads(line) for line in (QUALITY / name).read_text(encoding="utf-8").splitlines()]
    members = {row["id"] for row in _sample_members()}

    assert Counter(question["language"] for question in questions) == dict.fromkeys(
        ("en", "fr", "es", "ar", "ru", "zh"), each
    )
    for question in questions:
        assert question["fits"], question["id"]
        assert set(question["fits"]) <= members, question["id"]


def _sample_members() -> list[dict[str, str]]:
    import csv

    assert not read(SAMPLE).refusals
    with (SAMPLE / "experts.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
