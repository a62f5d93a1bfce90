"""docs/network-format.md says what the code does: its tables, its worked example and its refusals."""

import json
import re
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

import ingest
from graph.graph import Graph
from graph.viewer import Viewer
from ingest import Counts, load, read
from ingest.documents import Document
from ingest.rows import MODELS, Row, cell_of
from ingest.tables import columns_of

OPERATOR = Viewer.at_the_command_line()
Folder = Callable[[dict[str, str]], Path]

TEXT = (Path(ingest.__file__).parent.parent / "docs" / "network-format.md").read_text(encoding="utf-8")
TYPES = {"string": "text", "list": "list", "date": "date", "datetime": "date and time", "integer": "number"}


def example(name: str) -> dict[str, str]:
    """The files of a worked example, by path."""
    part = re.search(rf"<!-- example: {name} -->\n(.*?)<!-- end -->", TEXT, re.DOTALL)
    assert part is not None
    return dict(re.findall(r"\*\*`(.+?)`\*\*\n\n```\w+\n(.*?)```", part[1], re.DOTALL))


def answer(name: str) -> str:
    """The block of code after a mark."""
    part = re.search(rf"<!-- {name} -->\n```\w+\n(.*?)```", TEXT, re.DOTALL)
    assert part is not None
    return part[1]


def table_of(model: type[Row]) -> str:
    lines = ["| Column | Needed | Type | What it says | Example |", "|---|---|---|---|---|"]
    for name, column in columns_of(model).items():
        field = model.model_fields[name]
        if field.description is not None:
            cell = cell_of(field)
            kind = f"one of {', '.join(cell.choices)}" if cell.choices else TYPES[cell.type]
            needed = "yes" if field.is_required() else ""
            assert field.examples
            lines.append(f"| `{column}` | {needed} | {kind} | {field.description} | `{field.examples[0]}` |")
    return "\n".join(lines)


@pytest.mark.parametrize("model", [*MODELS.values(), Document], ids=lambda model: model.__name__)
def test_every_column_is_described(model: type[Row]) -> None:
    assert table_of(model) in TEXT, f"The table of {model.__name__} should be:\n{table_of(model)}"


@pytest.mark.parametrize("kind, model", MODELS.items())
def test_every_file_has_its_section(kind: str, model: type[Row]) -> None:
    assert f"### {kind}.csv\n\n{model.__doc__}\n" in TEXT


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.__name__)
def test_the_examples_of_the_columns_fit_together_as_a_row(model: type[Row]) -> None:
    examples = {columns_of(model)[name]: field.examples for name, field in model.model_fields.items()}

    model.model_validate({column: found[0] for column, found in examples.items() if found})


async def test_the_worked_example_goes_in_whole(graph: Graph, folder: Folder) -> None:
    report = await load(graph, OPERATOR, folder(example("small")))

    assert report.is_complete
    assert not report.notes
    assert {kind: found.created for kind, found in report.kinds.items()} == {
        "organisations": 1,
        "topics": 2,
        "series": 1,
        "experts": 2,
        "events": 1,
        "affiliations": 1,
        "speakers": 1,
        "attendance": 1,
        "documents": 2,
        "network": 1,
        "passages": 2,
    }


def test_the_refused_example_is_refused_in_these_words(folder: Folder) -> None:
    found = read(folder(example("refused")))

    lines = ["Refused:", *(f"  {one}" for one in found.refusals), "", "Notes:", *(f"  {one}" for one in found.notes)]
    assert answer("report: refused").splitlines() == lines
    assert json.loads(answer("json: refused")) in [asdict(refusal) for refusal in found.refusals]


async def test_of_the_refused_example_the_rest_goes_in(graph: Graph, folder: Folder) -> None:
    report = await load(graph, OPERATOR, folder(example("refused")))

    assert report.kinds["experts"] == Counts(created=1, refused=6)
    assert report.kinds["topics"] == Counts(created=1, refused=2)
