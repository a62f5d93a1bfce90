"""Vectors: written once, by one encoder that the graph remembers, from wherever writing stopped."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import pytest

from graph.encoder import Encoder
from graph.graph import Graph
from graph.sentences import FloatMatrix, nearest
from graph.vectors import EncoderMismatch, check_encoder, embed_waiting, waiting

TWO_PASSAGES = """
CREATE (:Passage {id: 'a', text: 'She trains wardens of mosques.', kind: 'biography', language: 'en', found_by: 0}),
       (:Passage {id: 'b', text: 'Il conseille les hôtels.', kind: 'biography', language: 'fr', found_by: 0}),
       (:Topic {id: 'hotels', label_en: 'Hotels', digest: '1'})
"""
OF_THREE = "She trained wardens of a church.\n\nHe tests drinking water.\n\nThey teach hotel receptionists."
THREE_SENTENCES = """
CREATE (:Passage {id: 'three', text: $text, kind: 'biography', language: 'en', found_by: 0}),
       (:Passage {id: 'one', text: 'Il conseille les hôtels.', kind: 'biography', language: 'fr', found_by: 0}),
       (:Passage {id: 'profile:p', text: 'Trainer of wardens. Adviser.', kind: 'profile', found_by: 0})
"""
REWRITE = "MATCH (p:Passage {id: 'three'}) SET p.text = 'Who is she? [erased] is.' REMOVE p.encoder"
SENTENCES = """
MATCH (p:Passage) RETURN p.id AS id, p.sentences AS sentences, p.sentence_vectors AS vectors ORDER BY id
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


async def test_a_passage_has_a_vector_for_each_sentence_and_a_question_in_another_language_tells_the_right_one(
    graph: Graph, encoder: Encoder
) -> None:
    first, second, third = OF_THREE.split("\n\n")
    await graph.write(THREE_SENTENCES, text=OF_THREE)

    await embed_waiting(graph, encoder)

    kept = {row["id"]: row for row in await graph.read(SENTENCES)}
    assert {id: row["vectors"] and len(row["vectors"]) for id, row in kept.items()} == {
        "one": None, "profile:p": None, "three": 3 * 768,
    }  # fmt: skip
    assert (kept["one"]["sentences"], kept["profile:p"]["sentences"]) == ([], [])
    asked = {
        "Qui a formé des gens à l'église ?": first,
        "谁懂得供水安全？": second,
        "Кто ведёт занятия для гостиниц?": third,
    }
    for question, right in asked.items():
        (vector,) = encoder.encode_questions([question])
        span = nearest(vector, kept["three"]["sentences"], kept["three"]["vectors"])
        assert span is not None
        assert OF_THREE[slice(*span)] == right


async def test_passages_that_had_a_vector_before_they_had_sentences_wait_for_them(
    graph: Graph, encoder: Encoder
) -> None:
    await graph.write(THREE_SENTENCES, text=OF_THREE)
    await embed_waiting(graph, encoder)
    before = await graph.read(SENTENCES)
    await graph.write("MATCH (p:Passage) REMOVE p.sentences, p.sentence_vectors")

    assert await waiting(graph, encoder.identity) == 2  # a profile has none
    assert await embed_waiting(graph, encoder) == 2

    after = await graph.read(SENTENCES)
    assert [row["sentences"] or [] for row in after] == [row["sentences"] for row in before]
    assert [len(row["vectors"] or b"") for row in after] == [0, 0, 3 * 768]


async def test_a_text_that_changed_while_its_vector_was_made_gets_the_vector_of_what_it_says_now(
    graph: Graph, encoder: Encoder
) -> None:
    await graph.write(THREE_SENTENCES, text=OF_THREE)

    class Rewriting:
        """The encoder, while somebody else rewrites the text that it was given."""

        identity = encoder.identity

        def encode_passages(self, passages: Sequence[str], *, languages: Sequence[str | None]) -> FloatMatrix:
            if OF_THREE in passages:
                asyncio.run_coroutine_threadsafe(graph.write(REWRITE), loop).result()
            return encoder.encode_passages(passages, languages=languages)

    loop = asyncio.get_running_loop()
    await embed_waiting(graph, cast("Encoder", Rewriting()))

    (row,) = [row for row in await graph.read(SENTENCES) if row["id"] == "three"]
    assert row["sentences"] == [0, 11, 12, 24]
    assert len(row["vectors"]) == 2 * 768


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
