# ruff: noqa: E501 -- exact sentences stand on one line each
"""RDF files of four syntaxes are read as the same statements, and nothing but the file itself is ever looked at."""

import json
import socket
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef

from ingest.files import FileRefused
from ingest.readers.rdf import NOWHERE, parsed

A, B, C = (URIRef(f"https://example.org/{name}") for name in "abc")
SKOS = "http://www.w3.org/2004/02/skos/core#"
XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="https://example.org/">%s</rdf:RDF>'
STATEMENT = '<rdf:Description rdf:about="https://example.org/a"><e:b xml:lang="en">%s</e:b></rdf:Description>'
DEEP = "[" * 100_000


def refusal(path: Path) -> str:
    with pytest.raises(FileRefused) as refused:
        parsed(path)
    return str(refused.value)


def file(tmp_path: Path, name: str, text: str | bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a connection, or asks for a host, fails the test."""

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("something asked for the network")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.parametrize(
    "name,syntax",
    [
        ("a.ttl", "turtle"),
        ("a.nt", "nt11"),
        ("a.rdf", "xml"),
        ("A.OWL", "pretty-xml"),
        ("a.xml", "xml"),
        ("a.jsonld", "json-ld"),
        ("a.json", "json-ld"),
    ],
)
def test_a_syntax_is_told_by_the_end_of_the_name(tmp_path: Path, name: str, syntax: str) -> None:
    written = Graph().add((A, B, Literal("Église", lang="fr"))).add((A, C, B))
    written.serialize(tmp_path / name, format=syntax, encoding="utf-8")

    found = parsed(tmp_path / name)

    assert set(found) == set(written)


def test_the_named_graphs_of_json_ld_are_read_as_one(tmp_path: Path) -> None:
    in_a_graph = {"@id": str(C), "@graph": [{"@id": str(A), str(B): "in a graph"}]}
    path = file(tmp_path, "a.jsonld", json.dumps([in_a_graph, {"@id": str(A), str(B): "in none"}]))

    found = parsed(path)

    assert set(found.objects(A, B)) == {Literal("in a graph"), Literal("in none")}


@pytest.mark.parametrize(
    "name,text",
    [
        ("a.ttl", "<#x> <https://example.org/b> <y> ."),
        ("a.json", '{"@id": "#x", "https://example.org/b": {"@id": "y"}}'),
    ],
)
def test_what_has_no_address_of_its_own_does_not_get_that_of_the_file(tmp_path: Path, name: str, text: str) -> None:
    found = parsed(file(tmp_path, name, text))

    assert set(found) == {(URIRef(f"{NOWHERE}#x"), B, URIRef(f"{NOWHERE}y"))}


def test_a_byte_order_mark_is_no_part_of_turtle(tmp_path: Path) -> None:
    found = parsed(file(tmp_path, "a.ttl", "\ufeff<https://example.org/a> <https://example.org/b> 'x'@fr ."))

    assert set(found) == {(A, B, Literal("x", lang="fr"))}


@pytest.mark.parametrize(
    "name,text",
    [
        ("a.rdf", XML % STATEMENT.replace('"en"', '"en_US"') % "x"),
        (
            "a.jsonld",
            '{"@id": "https://example.org/a", "https://example.org/b": {"@value": "x", "@language": "en_US"}}',
        ),
    ],
)
def test_a_language_written_as_computers_write_it_is_read(tmp_path: Path, name: str, text: str) -> None:
    found = parsed(file(tmp_path, name, text))

    assert set(found) == {(A, B, Literal("x", lang="en-us"))}


def test_an_entity_may_abbreviate_an_address(tmp_path: Path) -> None:
    abbreviated = XML % '<rdf:Description rdf:about="&e;a"><e:c rdf:resource="&e;b"/></rdf:Description>'

    found = parsed(file(tmp_path, "a.rdf", f'<!DOCTYPE r [<!ENTITY e "https://example.org/">]>{abbreviated}'))

    assert set(found) == {(A, C, B)}


@pytest.mark.parametrize(
    "declared,sentence",
    [
        ('[<!ENTITY e SYSTEM "%s">]', "its entity 'e' stands for another file, '%s'"),
        ('[<!ENTITY e PUBLIC "p" "http://example.org/e">]', "its entity 'e' stands for another file, 'http://example.org/e'"),
        ('SYSTEM "http://example.org/r.dtd"', "its document type is another file, 'http://example.org/r.dtd'"),
        ('[<!ENTITY % p SYSTEM "http://example.org/p"> %p;]', "its entity 'p' stands for another file, 'http://example.org/p'"),
        ('[<!ENTITY a "ha"><!ENTITY e "&a;&a;&a;&a;">]', "its entity 'e' is more than the beginning of an address"),
        (f'[<!ENTITY e "{"x" * 5000}">]', "its entity 'e' is more than the beginning of an address"),
    ],
    ids=["a file", "public", "a document type", "a parameter entity", "of others", "long"],
)  # fmt: skip
@pytest.mark.usefixtures("no_network")
def test_xml_that_asks_for_more_than_itself_is_refused(tmp_path: Path, declared: str, sentence: str) -> None:
    other = file(tmp_path, "other.txt", "what is in another file").name
    path = file(tmp_path, "a.rdf", f"<!DOCTYPE r {declared.replace('%s', other)}>" + XML % STATEMENT % "&e;")

    assert refusal(path) == f"{sentence.replace('%s', other)}; export it without a document type, or as Turtle"


@pytest.mark.parametrize(
    "context,address",
    [
        ('"https://example.org/context.jsonld"', "https://example.org/context.jsonld"),
        ('[{"e": "https://example.org/"}, "other.json"]', "other.json"),
        ('{"@import": "https://example.org/context.jsonld"}', "https://example.org/context.jsonld"),
        ('{"e": {"@id": "https://example.org/e", "@context": "file:///etc/hostname"}}', "file:///etc/hostname"),
    ],
    ids=["an address", "a file beside", "imported", "of a term"],
)
@pytest.mark.usefixtures("no_network")
def test_json_ld_whose_context_is_elsewhere_is_refused(tmp_path: Path, context: str, address: str) -> None:
    file(tmp_path, "other.json", '{"@context": {"e": "https://example.org/"}}')
    path = file(tmp_path, "a.jsonld", f'{{"@graph": [{{"@context": {context}, "@id": "e:a", "e:b": "x"}}]}}')

    assert refusal(path) == (
        f"its @context is at another address, '{address}'; write the context itself into the file, or save the thesaurus as Turtle"
    )


@pytest.mark.parametrize(
    "name,text,reason",
    [
        ("a.ttl", "@prefix e: <https://example.org/> .\ne:a e:b .", "line 2 is not Turtle (objectList expected)"),
        ("a.ttl", "a:b a:c 'x' .", 'line 1 is not Turtle (Prefix "a:" not bound)'),
        ("a.ttl", b"<https://example.org/a> \n <https://example.org/b> '\xff' .", "line 2 is not UTF-8 text"),
        ("a.ttl", "<a> <b> 'x", "it is not Turtle (Quote expected in string at ^ in <a> <b> '^x)"),
        ("a.ttl", DEEP, "it is nested too deeply to be read"),
        ("a.nt", "<https://example.org/a> 'x' .", "it is not N-Triples (the end of a line, 'x' .)"),
        ("a.rdf", XML % STATEMENT % "x" + "<", "line 1 is not RDF/XML (unclosed token)"),
        ("a.rdf", "", "line 1 is not RDF/XML (no element found)"),
        ("a.rdf", "{}", "line 1 is not RDF/XML (not well-formed (invalid token))"),
        ("a.jsonld", "{\n", "line 2 is not JSON-LD (Expecting property name enclosed in double quotes)"),
        ("a.jsonld", DEEP, "it is nested too deeply to be read"),
        ("a.jsonld", '{"@context": {"a": {"@id": 1}}, "a": 2}', "it is not JSON-LD (argument of type 'int' is not iterable)"),
    ],
)  # fmt: skip
def test_what_is_broken_is_refused(tmp_path: Path, name: str, text: str | bytes, reason: str) -> None:
    assert refusal(file(tmp_path, name, text)).partition("; ")[0] == reason


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "a.ttl") == (
        "it cannot be read (No such file or directory); check the file and its permissions"
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(
    name=st.sampled_from(["a.ttl", "a.nt", "a.rdf", "a.jsonld"]),
    start=st.sampled_from([
        b"",
        f"<{A}> a <{SKOS}Concept> ; ".encode(),
        (XML % STATEMENT % "x")[:200].encode(),
        json.dumps({"@context": {"s": SKOS}, "@id": str(A), "s:prefLabel": {"@value": "x"}})[:70].encode(),
    ]),
    rest=st.one_of(st.binary(max_size=60), st.text(alphabet="<>[]{}()\"'&;:.,@^_#?/ab\n", max_size=60).map(str.encode)),
)  # fmt: skip
def test_whatever_is_in_a_file_it_is_read_or_refused(tmp_path: Path, name: str, start: bytes, rest: bytes) -> None:
    path = file(tmp_path, name, start + rest)

    try:
        found = parsed(path)
    except FileRefused as refused:
        assert refused.remedy  # noqa: PT017 -- either is right
    else:
        assert len(found) >= 0
