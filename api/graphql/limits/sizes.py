"""How large the operations of a parsed document are when their fragments are written out, each fragment counted once.

Nothing here calls itself, so no document is too deep to be counted. A fragment that is missing, or that spreads itself,
adds nothing where it does: validation refuses such documents by name, and none is ever run.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
)

__all__ = ["MOST", "OperationSize", "Sizes", "in_order", "measure"]

MOST = 10**12
"""Where counting stops: sizes multiply, and no limit is near."""


@dataclass(frozen=True, slots=True)
class OperationSize:
    """What one operation comes to; ``depth`` is the levels of fields that have fields, introspection left out."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    root_fields: int = 0


@dataclass(frozen=True, slots=True)
class Sizes:
    """What a document comes to; ``steps`` is how many nodes were looked at to know it."""

    operations: Mapping[str | None, OperationSize]
    definitions: int
    fields: int
    values: int
    steps: int

    def of(self, operation: str | None) -> OperationSize:
        """The size of the operation that is asked for: by its name, else the first one."""
        return self.operations.get(operation) or next(iter(self.operations.values()), OperationSize())


@dataclass(frozen=True, slots=True)
class _Spread:
    """Where a fragment is spread; ``depth`` is None in introspection, whose depth counts for nothing."""

    name: str
    depth: int | None
    at_root: bool


@dataclass(slots=True)
class _Counted:
    """One definition by itself, its fragments not yet written out."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    root_fields: int = 0
    values: int = 0
    steps: int = 0
    spreads: tuple[_Spread, ...] = ()


def measure(document: DocumentNode) -> Sizes:
    """The sizes of a document; a document without operations has none."""
    operations = {}
    fragments = {}
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            operations[definition.name.value if definition.name else None] = _count(definition)
        elif isinstance(definition, FragmentDefinitionNode):
            fragments[definition.name.value] = _count(definition)
    written_out: dict[str, OperationSize] = {}
    for name in in_order(fragments, lambda name: (spread.name for spread in fragments[name].spreads)):
        written_out[name] = _written_out(fragments[name], written_out)
    sizes = {name: _written_out(counted, written_out) for name, counted in operations.items()}
    everything = [*operations.values(), *fragments.values()]
    return Sizes(
        operations=sizes,
        definitions=len(document.definitions),
        fields=min(MOST, sum(size.fields for size in sizes.values())),
        values=sum(counted.values for counted in everything),
        steps=sum(counted.steps for counted in everything),
    )


def in_order(names: Iterable[str], spread_by: Callable[[str], Iterable[str]]) -> list[str]:
    """The fragments so that each comes after those that it spreads; a circle is cut where it closes."""
    known = set(names)
    done: dict[str, None] = {}
    for root in list(known):
        path: list[tuple[str, Iterator[str]]] = []
        on_path: set[str] = set()
        following: str | None = root if root not in done else None
        while path or following is not None:
            if following is not None:
                path.append((following, iter(set(spread_by(following)) & known)))
                on_path.add(following)
            name, spreads = path[-1]
            following = next((one for one in spreads if one not in done and one not in on_path), None)
            if following is None:
                path.pop()
                on_path.discard(name)
                done[name] = None
    return list(done)


def _count(definition: OperationDefinitionNode | FragmentDefinitionNode) -> _Counted:
    counted = _Counted()
    spreads: list[_Spread] = []
    _count_values(counted, _given_by(definition))
    todo: list[tuple[SelectionSetNode, int | None, bool]] = [(definition.selection_set, 0, True)]
    while todo:
        selections, depth, at_root = todo.pop()
        for selection in selections.selections:
            counted.steps += 1
            _count_values(counted, _given_by(selection))
            if isinstance(selection, FragmentSpreadNode):
                spreads.append(_Spread(selection.name.value, depth, at_root))
            elif isinstance(selection, InlineFragmentNode):
                todo.append((selection.selection_set, depth, at_root))
            elif isinstance(selection, FieldNode):
                counted.fields += 1
                counted.aliases += selection.alias is not None
                counted.root_fields += at_root
                if selection.selection_set is not None:
                    is_told = depth is not None and not selection.name.value.startswith("__")
                    below = depth + 1 if depth is not None and is_told else None
                    counted.depth = max(counted.depth, below or 0)
                    todo.append((selection.selection_set, below, False))
    counted.spreads = tuple(spreads)
    return counted


def _given_by(node: object) -> list[ValueNode]:
    """The values that stand at a field, a spread or a definition: of its arguments, directives and variables."""
    values = [argument.value for argument in getattr(node, "arguments", None) or ()]
    directives: tuple[DirectiveNode, ...] = tuple(getattr(node, "directives", None) or ())
    values += [argument.value for directive in directives for argument in directive.arguments or ()]
    for variable in getattr(node, "variable_definitions", None) or ():
        # The variable counts as a value, whether or not it has a default.
        values.append(variable.variable)
        values += [variable.default_value] if variable.default_value is not None else []
    return values


def _count_values(counted: _Counted, values: list[ValueNode]) -> None:
    while values:
        value = values.pop()
        counted.values += 1
        counted.steps += 1
        if isinstance(value, ListValueNode):
            values += value.values
        elif isinstance(value, ObjectValueNode):
            values += (field.value for field in value.fields)


def _written_out(counted: _Counted, fragments: Mapping[str, OperationSize]) -> OperationSize:
    depth, fields, aliases, root_fields = counted.depth, counted.fields, counted.aliases, counted.root_fields
    for spread in counted.spreads:
        fragment = fragments.get(spread.name, OperationSize())
        depth = max(depth, spread.depth + fragment.depth) if spread.depth is not None else depth
        fields += fragment.fields
        aliases += fragment.aliases
        root_fields += fragment.root_fields if spread.at_root else 0
    return OperationSize(
        depth=min(MOST, depth),
        fields=min(MOST, fields),
        aliases=min(MOST, aliases),
        root_fields=min(MOST, root_fields),
    )
