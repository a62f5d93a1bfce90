"""docs/security.md names every way in, with the rule that guards it: routes, fields of GraphQL's roots, commands."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from fastapi.routing import iter_route_contexts

from api.app import create_app
from api.cli.commands import app as command_line
from api.graphql.schema import schema
from graph.settings import GraphSettings

TEXT = (Path(__file__).parents[1] / "docs" / "security.md").read_text(encoding="utf-8")


def told(heading: str) -> set[str]:
    """The names in the first column of the table under a heading, each of whose rows must tell a rule."""
    part = TEXT.partition(f"### {heading}\n")[2].partition("\n#")[0]
    rows = re.findall(r"^\| `(.+?)` \| (.*?) \|", part, re.MULTILINE)
    assert all(rule.strip() for _, rule in rows), f"a way in under '{heading}' has no rule"
    return {name for name, _ in rows}


def routes(tmp_path: Path) -> Iterator[str]:
    app = create_app(GraphSettings(home=tmp_path, neo4j_uri=None))
    for route in iter_route_contexts(app.routes):
        if route.methods is None:
            yield f"GET {route.path}/…"
        else:
            yield from (f"{method} {route.path}" for method in route.methods)


def fields() -> Iterator[str]:
    for root in (schema._schema.query_type, schema._schema.mutation_type):
        assert root is not None
        yield from root.fields


def commands(group: typer.Typer, prefix: str = "") -> Iterator[str]:
    click = typer.main.get_command(group)
    yield from _commands(click, prefix)


def _commands(command: object, prefix: str) -> Iterator[str]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield prefix.strip()
        return
    for name, one in inner.items():
        yield from _commands(one, f"{prefix} {name}")


def test_every_route_is_told(tmp_path: Path) -> None:
    assert told("Routes") == set(routes(tmp_path))


def test_every_field_of_graphqls_roots_is_told() -> None:
    assert told("GraphQL") == set(fields())


def test_every_command_is_told() -> None:
    assert told("Commands") == set(commands(command_line))


@pytest.mark.parametrize("heading", ["Routes", "GraphQL", "Commands"])
def test_the_tables_are_there(heading: str) -> None:
    assert told(heading)
