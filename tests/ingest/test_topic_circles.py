# ruff: noqa: E501 -- exact sentences stand on one line each
"""Topics that would be broader than themselves, in one thesaurus or over several; and thesauri as deep as they are large."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest

from graph.intake import Kind, Known, Trust
from ingest.readers import Options
from ingest.readers.skos import read
from ingest.references import settle
from ingest.rows import Topic
from ingest.tables import Entry, Table

PREFIXES = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix t: <https://example.org/> .
"""

Thesaurus = Callable[[str, str], Table]


def table_of(rows: Iterable[tuple[Mapping[str, object], str]], file: str) -> Table:
    table = Table(Kind.TOPICS, file, Trust.ROSTER)
    for cells, place in rows:
        table.accept(Entry(Topic.model_validate(cells), file, None, place))
    return table


@pytest.fixture
def thesaurus(tmp_path: Path) -> Thesaurus:
    """A thesaurus read and resolved: what it names by IRI is called ``https://example.org/{id}`` in these tests."""

    def resolved(file: str, turtle: str) -> Table:
        path = tmp_path / file
        path.write_text(PREFIXES + turtle, encoding="utf-8")
        found = read(path, options=Options(file=file))
        rows = []
        for row in found.rows:
            broader = str(row.cells.get("broader", "")).removeprefix("#").removeprefix("~https://example.org/")
            rows.append((row.cells | ({"broader": broader} if broader else {}), row.place))
        return table_of(rows, file)

    return resolved


def settled(*tables: Table) -> list[str]:
    settle({Kind.TOPICS: tables}, Known.nothing(), removals=None)
    return sorted(str(refusal) for table in tables for refusal in table.refusals)


def test_a_circle_in_a_thesaurus_is_refused_and_named_with_what_is_below_it(thesaurus: Thesaurus) -> None:
    table = thesaurus(
        "places.ttl",
        """
        t:hotels a skos:Concept ; skos:prefLabel "Hotels"@en ; skos:broader t:lodging .
        t:lodging a skos:Concept ; skos:prefLabel "Lodging"@en ; skos:broader t:tourism .
        t:tourism a skos:Concept ; skos:prefLabel "Tourism"@en ; skos:broader t:hotels .
        t:spas a skos:Concept ; skos:prefLabel "Spas"@en ; skos:broader t:hotels .
        t:markets a skos:Concept ; skos:prefLabel "Markets"@en .
        """,
    )

    refusals = settled(table)

    assert refusals == [
        "places.ttl, concept https://example.org/hotels, column broader: 'hotels' would be broader than itself: hotels > lodging > tourism > hotels; take one step out of the circle",
        "places.ttl, concept https://example.org/lodging, column broader: 'lodging' would be broader than itself: hotels > lodging > tourism > hotels; take one step out of the circle",
        "places.ttl, concept https://example.org/spas, column broader: the topic 'hotels' is itself refused (places.ttl); correct that row first",
        "places.ttl, concept https://example.org/tourism, column broader: 'tourism' would be broader than itself: hotels > lodging > tourism > hotels; take one step out of the circle",
    ]
    assert table.entries.keys() == {"markets"}


def test_a_concept_that_is_its_own_broader_one_is_refused(thesaurus: Thesaurus) -> None:
    table = thesaurus("places.ttl", 't:hotels a skos:Concept ; skos:prefLabel "Hotels"@en ; skos:narrower t:hotels .')

    assert settled(table) == [
        "places.ttl, concept https://example.org/hotels, column broader: 'hotels' would be broader than itself: hotels > hotels; take one step out of the circle"
    ]


def test_a_circle_over_two_files_is_refused_in_both(thesaurus: Thesaurus) -> None:
    places = thesaurus("places.ttl", 't:hotels a skos:Concept ; skos:prefLabel "Hotels"@en ; skos:broader t:tourism .')
    trades = thesaurus("trades.ttl", 't:tourism a skos:Concept ; skos:prefLabel "Tourism"@en ; skos:broader t:hotels .')

    assert settled(places, trades) == [
        "places.ttl, concept https://example.org/hotels, column broader: 'hotels' would be broader than itself: hotels > tourism > hotels; take one step out of the circle",
        "trades.ttl, concept https://example.org/tourism, column broader: 'tourism' would be broader than itself: hotels > tourism > hotels; take one step out of the circle",
    ]
    assert not places.entries
    assert not trades.entries


@pytest.mark.timeout(30)
def test_a_circle_of_two_thousand_is_told_in_sentences_that_can_be_read() -> None:
    rows = [
        ({"id": f"topic-{n}", "label_en": f"Topic {n}", "broader": f"topic-{(n + 1) % 2000}"}, f"concept {n}")
        for n in range(2000)
    ]
    table = table_of(rows, "places.ttl")

    refusals = settled(table)

    assert len(refusals) == 2000
    assert max(map(len, refusals)) < 500
    assert all("topic-0 > topic-1 > topic-2" in refusal for refusal in refusals)


@pytest.mark.timeout(60)
def test_a_thesaurus_as_deep_as_it_is_large_is_settled_broader_ones_first() -> None:
    rows = [
        (
            {"id": f"topic-{n}", "label_en": f"Topic {n}", **({"broader": f"topic-{n + 1}"} if n < 49_999 else {})},
            f"concept {n}",
        )
        for n in range(50_000)
    ]
    table = table_of(rows, "places.ttl")

    refusals = settled(table)

    assert not refusals
    assert list(table.entries) == [f"topic-{n}" for n in reversed(range(50_000))]
