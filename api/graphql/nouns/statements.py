"""The statements of documents that were asked before: what a client asks again is not put together again.

A statement depends on the place of the document, the viewer's language and the variables that stand in it; ids that are
asked for, and names in filters, are its parameters.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import FieldNode, FragmentDefinitionNode, FragmentSpreadNode, Node, VariableNode

from graph.reading import Statement

__all__ = ["Statements"]

PLACES = 2_000
OF_A_PLACE = 16
LONGEST_KEY = 2_000
"""Characters of the variables' values; larger ones are not remembered."""


@dataclass(slots=True)
class _Place:
    """Where in a document something is asked. It holds the document's nodes, so that their ids stay theirs."""

    nodes: Sequence[FieldNode]
    variables: Sequence[str]
    statements: OrderedDict[str, Statement] = field(default_factory=OrderedDict)


class Statements:
    """The statements of the places that were asked last."""

    def __init__(self) -> None:
        self._places: OrderedDict[tuple[int, ...], _Place] = OrderedDict()

    def of(
        self,
        nodes: Sequence[FieldNode],
        *,
        noun: str,
        language: str,
        with_arguments: bool,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, Any],
        make: Callable[[], Statement],
    ) -> Statement:
        """The statement of a place; made, where it was not asked for like this before.

        ``with_arguments`` is whether it depends on the arguments of the place itself, or on what is selected alone.
        """
        place = self._place(nodes, fragments, with_arguments=with_arguments)
        values = {name: variables[name] for name in place.variables if name in variables}
        key = f"{noun} {language} {values!r}"
        if len(key) > LONGEST_KEY:
            return make()
        statement = place.statements.pop(key, None) or make()
        place.statements[key] = statement
        if len(place.statements) > OF_A_PLACE:
            place.statements.popitem(last=False)
        return statement

    def _place(
        self,
        nodes: Sequence[FieldNode],
        fragments: Mapping[str, FragmentDefinitionNode],
        *,
        with_arguments: bool,
    ) -> _Place:
        key = tuple(map(id, nodes))
        place = self._places.pop(key, None)
        if place is None:
            read = nodes if with_arguments else [node.selection_set for node in nodes if node.selection_set]
            place = _Place(nodes, sorted(set(_variables(read, fragments))))
        self._places[key] = place
        if len(self._places) > PLACES:
            self._places.popitem(last=False)
        return place


def _variables(nodes: Sequence[Node], fragments: Mapping[str, FragmentDefinitionNode]) -> Iterator[str]:
    """The names of all variables beneath these nodes, in fragments too."""
    todo: list[Any] = list(nodes)
    spread: set[str] = set()
    while todo:
        node = todo.pop()
        if isinstance(node, VariableNode):
            yield node.name.value
        elif isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
            spread.add(node.name.value)
            todo.append(fragments[node.name.value])
        if isinstance(node, Node):
            for name in node.keys:
                value = getattr(node, name)
                if isinstance(value, Node):
                    todo.append(value)
                elif isinstance(value, (list, tuple)):
                    todo.extend(value)
