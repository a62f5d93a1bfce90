"""Finds dead code with vulture, leaving out what is alive in ways that vulture does not see.

That is: fields of classes and members of enumerations, which drivers, clients and templates read; names that a
template uses; attributes set on objects of other packages.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from vulture.config import make_config
from vulture.core import Item, Vulture


def main() -> None:
    """Print what seems dead, and fail if anything does."""
    config = make_config()
    vulture = Vulture(ignore_names=config["ignore_names"], ignore_decorators=config["ignore_decorators"])
    vulture.scavenge(config["paths"], exclude=config["exclude"])
    in_templates = {
        word
        for room in config["paths"]
        for template in Path(room).rglob("*.html")
        for word in re.findall(r"\w+", template.read_text())
    }
    dead = [
        item
        for item in vulture.get_unused_code(min_confidence=config["min_confidence"])
        if item.name not in in_templates and not is_field(item) and not is_set_elsewhere(item)
    ]
    for item in dead:
        print(item.get_report())
    sys.exit(1 if dead else 0)


def is_field(item: Item) -> bool:
    """Whether the item is assigned or declared in the body of a class."""
    return item.typ == "variable" and any(
        isinstance(statement, ast.Assign | ast.AnnAssign) and statement.lineno == item.first_lineno
        for parent in nodes(item)
        if isinstance(parent, ast.ClassDef)
        for statement in parent.body
    )


def is_set_elsewhere(item: Item) -> bool:
    """Whether the item is an attribute of something else than self."""
    return item.typ == "attribute" and not any(
        isinstance(node, ast.Attribute)
        and node.attr == item.name
        and node.lineno == item.first_lineno
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
        for node in nodes(item)
    )


def nodes(item: Item) -> Iterator[ast.AST]:
    """Everything in the item's file."""
    return ast.walk(ast.parse(Path(item.filename).read_text()))


if __name__ == "__main__":
    main()
