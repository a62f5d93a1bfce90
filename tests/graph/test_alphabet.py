"""The order of names: as the readers of each language expect it, and as a graph lists them, however they are written.

The orders of languages are those that ICU gives for CLDR's rules.
"""

import random

import pytest

from graph.alphabet import LONGEST, collated, order_everything, sort_key
from graph.erasure import erase
from graph.graph import Graph
from graph.viewer import Viewer
from tests.graph.person import EXPERT, NAME, add_person

ORDERED = (
    "MATCH (n) WHERE n.sort_key IS NOT NULL RETURN coalesce(n.name, n.title, '') AS called, n.sort_key AS sort_key"
)


@pytest.mark.parametrize(
    "language,ordered",
    [
        ("en", ["cote", "coté", "côte", "côté", "Eric", "Étienne", "Nunez", "Núñez", "Nunzio", "Zoé", "Иван"]),
        ("fr", ["cote", "coté", "côte", "côté", "Eric", "Étienne", "Nunez", "Núñez", "Nunzio", "Zoé", "Иван"]),
        ("es", ["Nunez", "Nuno", "Nunzio", "Núñez", "Nzinga", "ñandú", "Ñuflo", "Ocampo"]),
        ("ar", ["12", "أحمد", "باسم", "زينب", "سارة", "سارت", "سارة ب", "علي", "Ahmad", "Zaynab"]),
        ("ru", ["12", "Ежов", "Ёлкин", "Ель", "Иванов", "Йорк", "Яна", "Anna", "Zoe"]),
        ("zh", ["12", "安娜", "李娜", "汪东", "王刚", "王伟", "张三", "Anna", "Иван"]),
    ],
)
def test_names_are_in_the_order_that_readers_of_a_language_expect(language: str, ordered: list[str]) -> None:
    mixed = random.Random(7).sample(ordered, len(ordered))

    assert sorted(mixed, key=lambda name: collated(name, language)) == ordered


def test_what_is_composed_and_what_is_not_are_one_letter() -> None:
    assert collated("N\u0303uflo", "es") == collated("Ñuflo", "es")


def test_a_key_is_a_short_text_that_sorts_as_unicode_does() -> None:
    names = ["", " ", "Abel", "abel", "Äbel", "Abelard", "Zoé", "Zoë", "Ñandú", "Ωmega", "Иван", "سارة", "王伟", "🙂"]

    assert sorted(names, key=sort_key) == sorted(names, key=collated)
    assert len(sort_key("é" * 5_000)) == 4 * LONGEST


async def test_a_network_from_before_gets_its_keys(graph: Graph) -> None:
    await graph.write(
        "CREATE (:Expert {id: 'e', name: 'Élodie'}), (:Topic {id: 't', label_fr: 'Été'}), (:Series {id: 's'})"
    )

    await order_everything(graph)

    found = await graph.read("MATCH (n:Expert|Topic|Series) RETURN n.id AS id, n.sort_key AS sort_key")
    assert {row["id"]: row["sort_key"] for row in found} == {
        "e": sort_key("Élodie"),
        "t": sort_key("Été"),
        "s": sort_key(""),
    }


async def test_a_key_tells_nothing_of_a_name_that_was_erased(graph: Graph) -> None:
    await add_person(graph)
    told = {row["called"]: row["sort_key"] for row in await graph.read(ORDERED)}
    title = next(called for called in told if NAME in called and called != NAME)

    await erase(graph, Viewer.at_the_command_line(), expert=EXPERT)

    left = {row["called"]: row["sort_key"] for row in await graph.read(ORDERED)}
    assert told[title] not in left.values()
    assert all(sort_key(called) == key for called, key in left.items() if called)
