"""The texts by which the loader (``ingest``) tells why something was refused and what to do, as its code has them.

They are the literals that are handed on as a reason, a remedy or a note; what an f-string fills in becomes a place.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from api.pages.loader_words import PLACE, SENTENCES

__all__ = ["loader_nouns", "loader_texts"]

LOADER: Final = Path(__file__).parents[2] / "ingest"
FEWEST_WORDS: Final = dict.fromkeys(
    ("reason", "message", "note", "notes", "why", "hint", "sentences", "assumed"), 2
) | dict.fromkeys(("remedy", "place", "where"), 1)
"""What such a text is called, and how many words of its own it has: one with fewer would be known again in anything."""
REFUSING: Final = {"Unfit", "Doubtful", "FileRefused", "NotThisTime", "_BrokeOff", "Refused", "Refusal", "Named"} | {
    *("Contradiction", "Encoding", "Note", "_refusal", "_refused", "refuse", "doubt", "Doubt")
}
"""What takes such a text without calling it so."""
KEPT_AS_NOUNS: Final = {"NOUNS", "THINGS"}
WORD: Final = re.compile(r"[^\W\d_]{2,}")


def loader_texts() -> Iterator[tuple[str, str]]:
    """Each file of the loader with a text of it, as a template of gettext."""
    parsed = {file: ast.parse(file.read_text("utf-8")) for file in sorted(LOADER.rglob("*.py"))}
    constants = {name: [value] for tree in parsed.values() for name, value in _constants(tree)}
    functions = {name: values for tree in parsed.values() for name, values in _returned(tree).items()}
    for file, tree in parsed.items():
        named = functions | constants | _named(tree) | _returned(tree)
        for node in ast.walk(tree):
            for called, handed_on in _handed_on(node):
                for text in _literals(handed_on, named):
                    words, places = WORD.findall(PLACE.sub(" ", text)), PLACE.findall(text)
                    says_enough = len(words) >= FEWEST_WORDS[called] and len(words) + len(places) > 1
                    if " " in text and (says_enough or SENTENCES & set(places)):
                        yield f"ingest/{file.relative_to(LOADER)}", text


def loader_nouns() -> Iterator[tuple[str, str]]:
    """Each file of the loader with a noun that its texts fill in: what it keeps under ``NOUNS`` and ``THINGS``."""
    for file in sorted(LOADER.rglob("*.py")):
        for name, value in _constants(ast.parse(file.read_text("utf-8"))):
            if name in KEPT_AS_NOUNS and isinstance(value, ast.Dict):
                for noun in value.values:
                    if isinstance(noun, ast.Constant):
                        yield f"ingest/{file.relative_to(LOADER)}", str(noun.value)


def _constants(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            for target in _targets(node):
                if isinstance(target, ast.Name):
                    yield target.id, node.value


def _named(tree: ast.Module) -> dict[str, list[ast.expr]]:
    """What a file keeps under each name, wherever in it."""
    found: dict[str, list[ast.expr]] = defaultdict(list)
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            for target, value in zip(_targets(node), values, strict=False):
                if isinstance(target, ast.Name):
                    found[target.id].append(value)
    return found


def _returned(tree: ast.Module) -> dict[str, list[ast.expr]]:
    """What a file's functions return."""
    return {
        node.name: [one.value for one in ast.walk(node) if isinstance(one, ast.Return) and one.value is not None]
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    }


def _targets(node: ast.Assign | ast.AnnAssign) -> Iterator[ast.expr]:
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        yield from target.elts if isinstance(target, ast.Tuple) else [target]


def _handed_on(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """What is told to people by a call or under a name, and what it is called."""
    if isinstance(node, ast.Call):
        function = ast.unparse(node.func)
        yield from ((given.arg, given.value) for given in node.keywords if given.arg in FEWEST_WORDS)
        if function.split(".")[-1] in REFUSING or function.endswith(("notes.append", "super().__init__")):
            yield from (("reason", given) for given in node.args)
    elif isinstance(node, ast.AugAssign) and ast.unparse(node.target) == "notes":
        yield "notes", node.value
    elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        names = {ast.unparse(target).split(".")[-1].lower() for target in _targets(node)} & FEWEST_WORDS.keys()
        yield from ((name, node.value) for name in sorted(names))
    elif isinstance(node, ast.FunctionDef) and node.name.lstrip("_") in FEWEST_WORDS:
        yield from (
            (node.name.lstrip("_"), one.value)
            for one in ast.walk(node)
            if isinstance(one, ast.Yield | ast.Return) and one.value is not None
        )


def _literals(node: ast.expr, named: Mapping[str, Sequence[ast.expr]]) -> Iterator[str]:
    """The texts that an expression may come to, or that are filled into it."""
    match node:
        case ast.Constant(value=str()) | ast.JoinedStr():
            yield _template(node)
            for part in getattr(node, "values", ()):
                if isinstance(part, ast.FormattedValue):
                    yield from _literals(part.value, named)
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*_literals(body, named), *_literals(orelse, named))
        case ast.BoolOp(values=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Dict(values=parts):
            for part in parts:
                yield from _literals(part, named)
        case ast.ListComp(elt=one) | ast.GeneratorExp(elt=one):
            yield from _literals(one, named)
        case ast.BinOp(left=left, right=right):
            yield from (*_literals(left, named), *_literals(right, named))
        case (
            ast.Name(id=name)
            | ast.Subscript(value=ast.Name(id=name))
            | ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name))
        ):
            for value in named.get(name, ()) if name not in KEPT_AS_NOUNS else ():
                # What is kept under a name is looked into once: names may be kept under each other.
                yield from _literals(value, {})


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
