"""The documents of pages: nothing is asked that no page tells, and no setting for clients keeps a page from opening."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import FieldNode, FragmentSpreadNode, parse

from api.pages.reading import QUERIES
from graph.graph import Graph
from tests.door import Browse, Serve

PAGES = QUERIES.parent
FOLDERS = (PAGES, PAGES.parent / "speaking")
ADDRESSES = ("/events", "/topics", "/countries", "/resources", "/people")
CLIENTS = {"query": "{ topics(first: 100) { edges { node { slug label } } } }"}
COMPUTED = {f"others{language}" for language in ("Ar", "En", "Es", "Fr", "Ru", "Zh")}
"""Names of fields that code puts together."""


def asked_for(node: Any) -> Iterator[str]:
    """What fields are called in the answer to a document, an operation or a field of it."""
    for inner in getattr(node, "definitions", ()) or (node.selection_set.selections if node.selection_set else ()):
        if isinstance(inner, FieldNode):
            yield (inner.alias or inner.name).value
        if not isinstance(inner, FragmentSpreadNode):
            yield from asked_for(inner)


def test_nothing_is_asked_that_no_page_tells() -> None:
    files = [file for folder in FOLDERS for kind in ("py", "html", "js") for file in folder.rglob(f"*.{kind}")]
    told = {word for file in files for word in re.findall(r"\w+", file.read_text(encoding="utf-8"))}

    untold = {file.stem: {*asked_for(parse(file.read_text()))} - told - COMPUTED for file in QUERIES.glob("*.graphql")}

    assert {document: names for document, names in untold.items() if names} == {}


async def test_what_an_operator_lets_clients_ask_keeps_no_page_from_opening(
    graph: Graph, serve: Serve, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit in ("COST", "DEPTH", "ALIASES", "ROOT_FIELDS", "FIELDS"):
        monkeypatch.setenv(f"KNOWWHO_QUERY_{limit}", "1")
    monkeypatch.setenv("KNOWWHO_QUERY_TOKENS", "100")
    browser = await browse(serve())

    pages = [(await browser.get(address)).status_code for address in ADDRESSES]
    client = (await browser.post("/graphql", json=CLIENTS)).json()

    assert pages == [200] * len(ADDRESSES)
    assert client["errors"][0]["extensions"]["code"].startswith("QUERY_")
