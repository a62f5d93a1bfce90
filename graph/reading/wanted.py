"""What is wanted of a noun, as a tree: the shape of an answer, by the keys that it is to have there.

A tree says nothing of GraphQL's documents, fragments or aliases; api.graphql.selecting makes one of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from graph.model import Column, Facet, Part, Relation

__all__ = [
    "Connection",
    "Constant",
    "Cursors",
    "Edges",
    "FacetCounts",
    "Facets",
    "Identity",
    "Items",
    "Node",
    "PageInfo",
    "PageSpan",
    "Parts",
    "Related",
    "Total",
    "Value",
]


@dataclass(frozen=True, slots=True)
class Constant:
    """Something that is known without asking."""

    value: str


@dataclass(frozen=True, slots=True)
class Identity:
    """The id of a node among all nodes."""


@dataclass(frozen=True, slots=True)
class Value:
    """A column of a node or of a relation, in a language where there are several."""

    column: Column
    language: str = "en"


@dataclass(frozen=True, slots=True)
class PageSpan:
    """Which part of a list: ``size`` entries after or before a cursor, from its start or, ``is_backward``, its end."""

    size: int
    after: str | None = None
    before: str | None = None
    is_backward: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """What is wanted of a node."""

    noun: str
    items: "Items"


@dataclass(frozen=True, slots=True)
class Cursors:
    """The cursor of an entry."""


@dataclass(frozen=True, slots=True)
class Edges:
    """What is wanted of each entry of a list: its :class:`Node`, its cursor, columns of the relation."""

    items: "Items"


@dataclass(frozen=True, slots=True)
class Total:
    """How many entries the whole list has."""


@dataclass(frozen=True, slots=True)
class PageInfo:
    """Where the part begins and ends and whether more follow."""

    items: Sequence[tuple[str, Literal["has_next_page", "has_previous_page", "start_cursor", "end_cursor"] | Constant]]


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """The most frequent nodes of a facet, with their counts (``"count"``), at most ``first``."""

    facet: Facet
    first: int
    items: "Sequence[tuple[str, Literal['count'] | Node | Constant]]"


@dataclass(frozen=True, slots=True)
class Facets:
    """Facets of a whole list."""

    items: Sequence[tuple[str, FacetCounts | Constant]]


@dataclass(frozen=True, slots=True)
class Connection:
    """Part of a list, filtered and ordered.

    ``filter`` is in the words of the schema, in snake case, and ``order`` a list of column and whether it descends,
    before the list's own order. Names and titles are ordered as readers of the ``language`` expect it.
    """

    span: PageSpan
    items: "Items"
    filter: Mapping[str, Any] | None = None
    order: Sequence[tuple[str, bool]] = ()
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Related:
    """What is related to a node."""

    relation: Relation
    wanted: "Node | Connection"


@dataclass(frozen=True, slots=True)
class Parts:
    """What is wanted of each of a node's parts."""

    part: Part
    items: "Items"


Item: TypeAlias = "Constant | Identity | Value | Related | Node | Cursors | Edges | Total | PageInfo | Facets | Parts"
Items: TypeAlias = Sequence[tuple[str, Item]]
