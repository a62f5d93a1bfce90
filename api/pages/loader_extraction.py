"""The texts by which the loader (``ingest``) tells why something was refused and what to do, as its code has them.

They are the literals that are handed on as a reason, a remedy or a note; what an f-string fills in becomes a place.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

__all__ = ["loader_texts"]

LOADER: Final = Path(__file__).parents[2] / "ingest"
FEWEST_WORDS: Final = dict.fromkeys(("reason", "remedy", "message", "note", "notes", "why", "hint"), 2) | dict.fromkeys(
    ("place", "where"), 1
)
"""What such a text is called, and how many words of its own it has: one with fewer would be known again in anything."""
REFUSING: Final = {"Unfit", "Doubtful", "FileRefused", "NotThisTime", "_BrokeOff", "Refused", "_refusal", "_refused"}
"""What takes such a text without calling it so."""
WORD: Final = re.compile(r"[^\W\d_]{2,}")
PLACE: Final = re.compile(r"%\(\w+\)s")


def loader_texts() -> Iterator[tuple[str, str]]:
    """Each file of the loader with a text of it, as a template of gettext."""
    parsed = {file: ast.parse(file.read_text("utf-8")) for file in sorted(LOADER.rglob("*.py"))}
    constants = {name: value for tree in parsed.values() for name, value in _constants(tree)}
    for file, tree in parsed.items():
        for node in ast.walk(tree):
            for called, handed_on in _handed_on(node):
                for text in _literals(handed_on, constants):
                    words, places = WORD.findall(PLACE.sub(" ", text)), PLACE.findall(text)
                    if len(words) >= FEWEST_WORDS[called] and len(words) + len(places) > 1:
                        yield f"ingest/{file.relative_to(LOADER)}", text


def _constants(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            for target in _targets(node):
                if isinstance(target, ast.Name):
                    yield target.id, node.value


def _targets(node: ast.Assign | ast.AnnAssign) -> Iterator[ast.expr]:
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        yield from target.elts if isinstance(target, ast.Tuple) else [target]


def _handed_on(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """What is told to people by a call or under a name, and what it is called."""
    if isinstance(node, ast.Call):
        function = ast.unparse(node.func)
        yield from ((given.arg, given.value) for given in node.keywords if given.arg in FEWEST_WORDS)
        if function.split(".")[-1] in {*REFUSING, "Note"} or function.endswith("notes.append"):
            yield from (("reason", given) for given in node.args)
    elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        names = {ast.unparse(target).split(".")[-1] for target in _targets(node)} & FEWEST_WORDS.keys()
        yield from ((name, node.value) for name in sorted(names))


def _literals(node: ast.expr, constants: Mapping[str, ast.expr]) -> Iterator[str]:
    """The texts that an expression may come to, or that are filled into it."""
    match node:
        case ast.Constant(value=str()) | ast.JoinedStr():
            yield _template(node)
            for part in getattr(node, "values", ()):
                if isinstance(part, ast.FormattedValue):
                    yield from _literals(part.value, constants)
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*_literals(body, constants), *_literals(orelse, constants))
        case ast.BoolOp(values=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Dict(values=parts):
            for part in parts:
                yield from _literals(part, constants)
        case ast.BinOp(left=left, right=right):
            yield from (*_literals(left, constants), *_literals(right, constants))
        case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)) if name in constants:
            yield from _literals(constants[name], {})


def _template(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value).replace("%", "%%")
    text, places = "", dict[str, str]()
    for part in node.values:
        if isinstance(part, ast.Constant):
            text += str(part.value).replace("%", "%%")
        elif isinstance(part, ast.FormattedValue):
            name, filled = _name(part.value), ast.unparse(part)
            while places.setdefault(name, filled) != filled:
                name += "_other"
            text += f"%({name})s"
    return text


def _name(node: ast.expr) -> str:
    """What a place is called: the last name in the expression that fills it."""
    while isinstance(node, ast.Subscript | ast.Call):
        node = node.value if isinstance(node, ast.Subscript) else node.args[0] if node.args else node.func
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else "it"
    return name.lower().lstrip("_")
