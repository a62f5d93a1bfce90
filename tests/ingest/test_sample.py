"""The sample network goes in whole and says that it is fictional."""

from pathlib import Path

import ingest
from graph.intake import Kind
from ingest import read

SAMPLE = Path(ingest.__file__).parent / "sample"


def test_nothing_of_the_sample_is_refused_or_left_out() -> None:
    found = read(SAMPLE)

    assert [str(refusal) for refusal in found.refusals] == []
    assert [str(note) for note in found.notes] == []
    assert len(found.tables) == len(Kind)


def test_the_sample_says_that_it_is_fictional() -> None:
    described = read(SAMPLE).description

    assert described is not None
    assert described.is_fictional
    assert "fictional" in described.title
