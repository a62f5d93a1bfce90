"""What the graph tells of nouns, in as few words as a test needs, and by which statements."""

import base64
from collections.abc import Mapping
from typing import Any

import pytest

from graph import reading
from graph.graph import Graph
from graph.model import NOUNS, Column, Relation
from graph.reading import Connection, Edges, Identity, Node, PageSpan, Related, Value
from graph.viewer import Viewer

__all__ = ["listed", "note_statements", "related", "told"]


def note_statements(monkeypatch: pytest.MonkeyPatch, sent: list[str]) -> None:
    """From now on, have each statement that is sent to the database on its own in this list."""
    for name in ("read", "write", "write_repeatably"):
        real = getattr(Graph, name)

        async def run(self: Graph, cypher: str, real: Any = real, **given: Any) -> Any:
            sent.append(cypher)
            return await real(self, cypher, **given)

        monkeypatch.setattr(Graph, name, run)


def _list(noun: str, filter: Mapping[str, Any] | None = None) -> Connection:
    return Connection(PageSpan(100), [("edges", Edges([("node", Node(noun, [("id", Identity())]))]))], filter=filter)


def _own_ids(found: Mapping[str, Any]) -> list[str]:
    return [base64.b64decode(edge["node"]["id"]).decode().partition(":")[2] for edge in found["edges"]]


async def listed(graph: Graph, viewer: Viewer, noun: str, filter: Mapping[str, Any] | None = None) -> list[str]:
    """The ids of a noun's nodes that a filter lets through, in their order."""
    found = await reading.page(graph, viewer, noun=noun, wanted=_list(noun, filter))
    return _own_ids(found)


async def related(graph: Graph, viewer: Viewer, noun: str, id: str, relation: str) -> list[str]:
    """The ids of what a node is related to, in their order."""
    of = NOUNS[noun].by_name[relation]
    assert isinstance(of, Relation)
    wanted = Node(noun, [("found", Related(of, _list(of.to)))])
    found = await reading.nodes(graph, viewer, wanted=wanted, ids=[id])
    return _own_ids(found[id]["found"]) if id in found else []


async def told(graph: Graph, viewer: Viewer, noun: str, id: str, *, language: str = "en") -> Mapping[str, Any]:
    """All columns of a node, by name."""
    columns = [one for one in NOUNS[noun].by_name.values() if isinstance(one, Column)]
    wanted = Node(noun, [(column.name, Value(column, language)) for column in columns])
    return (await reading.nodes(graph, viewer, wanted=wanted, ids=[id]))[id]
