"""docs/graphql.md: each of its queries is asked as whom it is for, and answered as it says."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from graphql import build_schema, parse, validate

from api.door import Visitor
from api.graphql.context import Context
from api.graphql.schema import schema
from api.network import OpenNetwork
from graph.viewer import Role, Viewer

DOCUMENT = Path(__file__).parents[3] / "docs" / "graphql.md"
BLOCK = re.compile(
    r"^## (?P<heading>[^\n]+)$|^```(?P<kind>graphql|json variables|json answer)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
AS = {"As a member": Role.MEMBER, "As an organiser": Role.ORGANISER, "As a client": Role.MEMBER}


def examples(text: str) -> list[dict[str, Any]]:
    """The queries of the document, each with the role it is asked in, its variables and its answer."""
    found: list[dict[str, Any]] = []
    heading = ""
    for block in BLOCK.finditer(text):
        if block["heading"]:
            heading = block["heading"]
        elif heading not in AS:
            continue
        elif block["kind"] == "graphql":
            found.append({"role": AS[heading], "query": block["text"], "variables": {}, "answer": None})
        else:
            found[-1][block["kind"].removeprefix("json ")] = json.loads(block["text"])
    return found


TEXT = DOCUMENT.read_text(encoding="utf-8")
EXAMPLES = examples(TEXT)


def test_what_is_shown_of_changes_fits_the_schema() -> None:
    changes = [block["text"] for block in BLOCK.finditer(TEXT) if (block["text"] or "").startswith("mutation")]

    assert changes
    for change in changes:
        assert validate(build_schema(schema.as_str()), parse(change)) == []


def test_there_are_examples_for_each_kind_of_user() -> None:
    assert {example["role"] for example in EXAMPLES} == set(AS.values())
    assert len(EXAMPLES) >= 6


@pytest.mark.parametrize("example", EXAMPLES, ids=[f"{n} {one['role']}" for n, one in enumerate(EXAMPLES)])
async def test_an_example_is_answered_as_the_document_says(sample: OpenNetwork, example: dict[str, Any]) -> None:
    visitor = Visitor(Viewer(example["role"]), account=None, session=None, csrf="")

    result = await schema.execute(
        example["query"], variable_values=example["variables"], context_value=Context.of(sample, visitor)
    )

    assert result.errors is None
    assert result.data == example["answer"]
