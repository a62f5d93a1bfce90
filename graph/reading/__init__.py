"""Reading the graph: what is wanted of nouns, however deeply related, in one statement and in the viewer's sight."""

from collections.abc import Mapping, Sequence
from typing import Any

from graph.filters import ids_of
from graph.graph import Graph
from graph.model import NOUNS
from graph.reading.statement import Statement, global_id, listed, of_ids
from graph.reading.wanted import (
    Connection,
    Constant,
    Cursors,
    Edges,
    FacetCounts,
    Facets,
    Identity,
    Item,
    Items,
    Node,
    PageInfo,
    PageSpan,
    Parts,
    Related,
    Total,
    Value,
)
from graph.tokens import STILL_GOOD, Recalled
from graph.viewer import Viewer

__all__ = [
    "Connection",
    "Constant",
    "Cursors",
    "Edges",
    "FacetCounts",
    "Facets",
    "Identity",
    "Item",
    "Items",
    "Node",
    "PageInfo",
    "PageSpan",
    "Parts",
    "Related",
    "Statement",
    "Total",
    "Value",
    "global_id",
    "listed",
    "nodes",
    "of_ids",
    "page",
]


async def nodes(
    graph: Graph, viewer: Viewer, *, wanted: Node | Statement, ids: Sequence[str], token: Recalled | None = None
) -> Mapping[str, Mapping[str, Any]]:
    """What is wanted of the nodes with these ids, by id; without those that the viewer may not know of.

    A ``token`` of which it is not known yet whether it is still good is asked about in the same statement.

    Raises:
        NotACursor: a list in it goes on after what is no cursor of that list.
        UnknownFilterValue: a filter in it names what the network does not know.
        FilterTooLarge: its filters are more than a statement may have.
    """
    statement = wanted if isinstance(wanted, Statement) else of_ids(wanted)
    made: Mapping[str, Mapping[str, Any]] = await _read(graph, viewer, statement, token, ids=list(ids))
    return made


async def page(
    graph: Graph, viewer: Viewer, *, noun: str, wanted: Connection | Statement, token: Recalled | None = None
) -> Mapping[str, Any]:
    """Part of the list of all nodes of a noun that the viewer may know of; as :func:`nodes` otherwise."""
    statement = wanted if isinstance(wanted, Statement) else listed(NOUNS[noun], wanted)
    made: Mapping[str, Any] = await _read(graph, viewer, statement, token)
    return made


async def _read(graph: Graph, viewer: Viewer, statement: Statement, token: Recalled | None, **further: Any) -> Any:
    asked: dict[str, list[str]] = {}
    for noun, names in statement.named.values():
        asked.setdefault(noun, []).extend(names)
    found = {noun: await ids_of(graph, viewer, noun=noun, names=names) for noun, names in asked.items()}
    named: dict[str, Any] = {
        parameter: sorted({id for name in names for id in found[noun][name]})
        for parameter, (noun, names) in statement.named.items()
    }
    given = {**viewer.sight, **statement.parameters, **named, **further}
    if token is None or token.is_good:
        (row,) = await graph.read(statement.cypher, **given)
    else:
        (row,) = await graph.read(f"{statement.cypher}, {STILL_GOOD}", **given, token=token.digest)
        token.is_good = row["token_is_good"]
    return statement.make(row["found"])
