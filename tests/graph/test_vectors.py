"""Vectors: written once, by one encoder that the graph remembers, from wherever writing stopped."""

from dataclasses import replace

import pytest

from graph.encoder import Encoder
from graph.graph import Graph
from graph.vectors import EncoderMismatch, check_encoder, embed_waiting, waiting

TWO_PASSAGES = """
CREATE (:Passage {id: 'a', text: 'She trains wardens of mosques.', kind: 'biography', language: 'en', found_by: 0}),
       (:Passage {id: 'b', text: 'Il conseille les hôtels.', kind: 'biography', language: 'fr', found_by: 0}),
       (:Topic {id: 'hotels', label_en: 'Hotels', digest: '1'})
"""
VECTORS = "MATCH (n) WHERE n.embedding IS NOT NULL RETURN n.id AS id, size(n.embedding) AS dimensions ORDER BY id"


async def test_everything_that_waits_gets_a_vector_and_then_nothing_waits(graph: Graph, encoder: Encoder) -> None:
    await graph.write(TWO_PASSAGES)
    told: list[tuple[int, int]] = []

    written = await embed_waiting(graph, encoder, progress=lambda done, total: told.append((done, total)))

    assert written == 3
    assert told[-1] == (3, 3)
    assert await graph.read(VECTORS) == [{"id": id_, "dimensions": 768} for id_ in ("a", "b", "hotels")]
    assert await waiting(graph, encoder.identity) == 0
    assert await embed_waiting(graph, encoder) == 0


async def test_only_what_changed_is_encoded_again(graph: Graph, encoder: Encoder) -> None:
    await graph.write(TWO_PASSAGES)
    await embed_waiting(graph, encoder)
    await graph.write("MATCH (t:Topic {id: 'hotels'}) SET t.digest = '2'")
    await graph.write("MATCH (p:Passage {id: 'a'}) SET p.text = 'She trains ushers.' REMOVE p.encoder")

    assert await waiting(graph, encoder.identity) == 2
    assert await embed_waiting(graph, encoder) == 2


async def test_it_goes_on_where_it_was_stopped(graph: Graph, encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    await graph.write(
        "UNWIND range(1, 5) AS n CREATE (:Passage {id: toString(n), text: 'Text ' + n, kind: 'talk', found_by: 0})"
    )
    monkeypatch.setattr("graph.vectors.BATCH", 2)

    def stop_after_two(done: int, _: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await embed_waiting(graph, encoder, progress=stop_after_two)

    assert await waiting(graph, encoder.identity) == 3
    assert await embed_waiting(graph, encoder) == 3


async def test_another_encoder_is_refused_by_name_until_it_writes_all_anew(graph: Graph, encoder: Encoder) -> None:
    await graph.write(TWO_PASSAGES)
    await embed_waiting(graph, encoder)
    first, *others = encoder.identity.models
    other = replace(encoder.identity, models=(replace(first, name="another-model"), *others))

    with pytest.raises(EncoderMismatch, match=r"another-model.*run 'knowwho embed' to write them anew"):
        await check_encoder(graph, other)

    assert await waiting(graph, other) == 3


async def test_an_empty_graph_suits_any_encoder(graph: Graph, encoder: Encoder) -> None:
    await check_encoder(graph, encoder.identity)
