"""Topics by their names: as many words as one writes, in any language, in a scheme of any size."""

import pytest

from graph import topics
from graph.graph import Graph
from graph.viewer import PUBLIC

SCHEME = """
UNWIND $topics AS topic
CREATE (t:Topic {id: topic.id, labels: topic.labels, label_en: topic.labels[0]})
"""
INDEXED = "CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()"


@pytest.fixture
async def scheme(graph: Graph) -> Graph:
    """A topic of a word, and six hundred of words that begin so."""
    many = [{"id": f"law-{number}", "labels": [f"Lawfulness {number}"]} for number in range(600)]
    few = [
        {"id": "law", "labels": ["Law", "Droit", "法律"]},
        {"id": "worship", "labels": ["Places of worship", "Lieux de culte", "المساجد"]},
        {"id": "ethics", "labels": ["Ethics", "Éthique"]},
    ]
    await graph.write(SCHEME, topics=[*many, *few])
    await graph.read(INDEXED)
    return graph


async def named(graph: Graph, text: str, *, first: int = 20) -> list[str]:
    return [topic.id for topic in await topics.named(graph, PUBLIC, text=text, first=first)]


async def test_what_is_called_so_comes_before_what_only_begins_so(scheme: Graph) -> None:
    found = await named(scheme, "LAW", first=5)

    assert found[0] == "law"
    assert len(found) == 5


@pytest.mark.parametrize(
    "text,found",
    [
        ("places of wor", ["worship"]),
        ("worship places", ["worship"]),
        ("cult", ["worship"]),
        ("مساجد", ["worship"]),
        ("ethiq", ["ethics"]),
        ("法律", ["law"]),
        ("sourdough", []),
        ("", []),
        ('*:* OR ~"[', []),
    ],
)
async def test_every_word_counts_the_last_one_by_its_beginning(scheme: Graph, text: str, found: list[str]) -> None:
    assert await named(scheme, text) == found
