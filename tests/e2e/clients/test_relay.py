"""Relay's compiler takes the schema as it is, and what it makes of fragments is answered."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from graphql import OperationDefinitionNode, OperationType, parse

from api.door import Visitor
from api.graphql.context import Context
from api.graphql.schema import schema
from api.network import OpenNetwork
from graph.viewer import Role, Viewer
from tests.e2e.clients.programs import run

SOURCES = Path(__file__).parent / "relay"
CONFIGURED = {"src": "src", "schema": "schema.graphql", "language": "typescript", "artifactDirectory": "compiled"}
TEXT = re.compile(r'^    "text": ("(?:[^"\\]|\\.)*")$', re.MULTILINE)
ASKED: dict[str, dict[str, Any]] = {
    "DirectoryQuery": {"topic": ["Major events"], "language": "FR"},
    "DirectoryPeopleQuery": {"topic": ["Major events"], "count": 3},
    "PersonQuery": {"id": "RXhwZXJ0OnJhY2hpZC1ib3VtZWRqYW5l"},
    "PersonTopicsQuery": {"id": "RXhwZXJ0OnJhY2hpZC1ib3VtZWRqYW5l", "count": None, "countBefore": 2},
    "PersonTalksQuery": {"id": "RXhwZXJ0OnJhY2hpZC1ib3VtZWRqYW5l", "count": 1},
    "TopicPeopleQuery": {"id": "VG9waWM6bWFqb3ItZXZlbnRz", "countBefore": 4},
}
"""The queries that are made of the sources, most of them by the compiler itself, and what to ask them with."""


async def compiled(workshop: Path) -> tuple[int, str]:
    """What the compiler ends with, and what it says."""
    (workshop / "compiled").mkdir()
    (workshop / "relay.config.json").write_text(json.dumps(CONFIGURED), encoding="utf-8")
    return await run("relay-compiler/cli.js", "--noWatchman", "relay.config.json", cwd=workshop)


def operations(workshop: Path) -> dict[str, str]:
    """The texts of the operations that the compiler wrote, by name."""
    found = {}
    for file in (workshop / "compiled").glob("*.graphql.ts"):
        for text in map(json.loads, TEXT.findall(file.read_text(encoding="utf-8"))):
            found[file.name.removesuffix(".graphql.ts")] = text
    return found


async def test_lists_within_lists_are_paged_in_both_directions(workshop: Path, sample: OpenNetwork) -> None:
    shutil.copytree(SOURCES, workshop / "src")

    code, said = await compiled(workshop)

    assert (code, "Compilation completed." in said) == (0, True), said
    texts = operations(workshop)
    queries = {name for name, text in texts.items() if _type(text) is OperationType.QUERY}
    assert queries == set(ASKED)
    assert {_type(text) for text in texts.values()} == set(OperationType)
    for name, variables in ASKED.items():
        context = Context.of(sample, Visitor(Viewer(Role.MEMBER), account=None, session=None, csrf=""))
        result = await schema.execute(texts[name], variable_values=variables, context_value=context)
        assert result.errors is None, name
        assert result.data is not None
        assert all(result.data.values()), name


@pytest.mark.parametrize(
    "wrong, said_of_it",
    [
        ("{ experts(first: 1) { edges { node { age } } } }", "The type `Expert` has no field `age`"),
        ('{ experts(first: "1") { totalCount } }', "Expected a value of type 'Int'"),
        (
            '{ network { title } experts @connection(key: "Wrong_experts") { edges { node { name } } } }',
            "Expected field 'experts' to be passed a 'first' or 'last' argument",
        ),
    ],
)
async def test_what_the_schema_does_not_have_is_not_compiled(workshop: Path, wrong: str, said_of_it: str) -> None:
    (workshop / "src").mkdir()
    source = f'import {{ graphql }} from "relay-runtime";\nexport const Wrong = graphql`query WrongQuery {wrong}`;\n'
    (workshop / "src" / "Wrong.ts").write_text(source, encoding="utf-8")

    code, said = await compiled(workshop)

    assert code == 1
    assert said_of_it in said
    assert operations(workshop) == {}


def _type(text: str) -> OperationType:
    (operation,) = (one for one in parse(text).definitions if isinstance(one, OperationDefinitionNode))
    return operation.operation
