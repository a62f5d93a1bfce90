"""The order of names: as the readers of each language expect it, and as a graph lists them, however they are written.

The orders of languages are those that ICU gives for CLDR's rules.
"""

import random
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.alphabet import LONGEST, SORT_KEYS, collated, order_everything, sort_key, sort_key_in, sort_keys
from graph.erasure import erase
from graph.graph import Graph
from graph.people.holding import set_properties
from graph.values import UN_LANGUAGES, Names
from graph.viewer import Viewer
from tests.graph.person import EXPERT, NAME, add_person

ORDERED = """
MATCH (n) WHERE n.sort_key IS NOT NULL
RETURN coalesce(n.name, n.title, '') AS called,
       [n.sort_key, n.sort_key_es, n.sort_key_ar, n.sort_key_ru, n.sort_key_zh] AS keys
"""
KEYS = "MATCH (n {id: $id}) RETURN n {.*} AS node"
LETTERS = "aAnNñÑéZ 1'عةتىиЁя王伟汪\u0303🙂"
NAMES = st.text(LETTERS, max_size=12) | st.text(max_size=40)


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


def place(keys: Mapping[str, str | None], language: str) -> str:
    """What a node with these keys is listed by in a language."""
    return next(key for key in (keys[sort_key_in(language)], keys["sort_key"]) if key is not None)


@pytest.mark.parametrize("language", UN_LANGUAGES)
@given(one=NAMES, other=NAMES)
def test_what_a_node_keeps_sorts_as_the_readers_of_a_language_expect(language: str, one: str, other: str) -> None:
    kept = [place(sort_keys(name), language) for name in (one, other)]
    expected = [collated(name, language)[:LONGEST] for name in (one, other)]

    assert (kept[0] < kept[1], kept[0] == kept[1]) == (expected[0] < expected[1], expected[0] == expected[1])


@given(names=st.dictionaries(st.sampled_from(UN_LANGUAGES), NAMES.filter(bool)))
def test_names_in_several_languages_are_listed_by_what_is_shown_in_each(names: dict[str, str]) -> None:
    kept, shown = sort_keys(names), Names.from_row({f"name_{one}": name for one, name in names.items()}, "name")

    for language in UN_LANGUAGES:
        assert place(kept, language) == sort_key(shown.in_language(language), language)


def test_a_key_is_short_and_kept_where_it_differs_alone() -> None:
    assert {len(key) for key in sort_keys("é" * 5_000).values() if key} == {4 * LONGEST, 5 * LONGEST}
    assert [name for name, key in sort_keys("Nuñez").items() if key is None] == ["sort_key_fr"]
    assert [name for name, key in sort_keys("12").items() if key is not None] == [
        "sort_key",
        "sort_key_ar",
        "sort_key_zh",
    ]


async def test_a_network_from_before_gets_its_keys(graph: Graph) -> None:
    await graph.write(
        "CREATE (:Expert {id: 'e', name: 'Élodie'}), (:Topic {id: 't', label_fr: 'Été'}), (:Series {id: 's'})"
    )

    await order_everything(graph)

    expected = {"e": sort_keys("Élodie"), "t": sort_keys({"fr": "Été"}), "s": sort_keys("")}
    for id, keys in expected.items():
        assert await kept(graph, id) == {name: key for name, key in keys.items() if key is not None}


async def kept(graph: Graph, id: str) -> dict[str, str]:
    ((node),) = [row["node"] for row in await graph.read(KEYS, id=id)]
    return {name: node[name] for name in SORT_KEYS if name in node}


async def test_keys_are_made_anew_whatever_was_there(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.alphabet.AT_ONCE", 2)
    await graph.write(
        """
        UNWIND range(1, 5) AS n
        CREATE (:Expert {id: toString(n), name: 'Nuñez', sort_key: 'old', sort_key_fr: 'old', sort_key_ru: 'old'}),
               (:Passage {id: 'p' + n, title: 'None lists it'})
        """
    )

    await order_everything(graph)
    await order_everything(graph)

    expected = {name: key for name, key in sort_keys("Nuñez").items() if key is not None}
    assert [await kept(graph, str(n)) for n in range(1, 6)] == [expected] * 5
    assert await kept(graph, "p1") == {}


async def test_whoever_is_renamed_is_listed_by_the_new_name_alone(graph: Graph) -> None:
    await graph.write("CREATE (e:Expert {id: 'e', name: 'Núñez'}) SET e += $keys", keys=sort_keys("Núñez"))

    await graph.transact(lambda tx: set_properties(tx, "e", properties={"name": "12"}))

    assert await kept(graph, "e") == {name: key for name, key in sort_keys("12").items() if key is not None}


async def test_a_key_tells_nothing_of_a_name_that_was_erased(graph: Graph) -> None:
    await add_person(graph)
    told = {row["called"]: row["keys"] for row in await graph.read(ORDERED)}
    title = next(called for called in told if NAME in called and called != NAME)

    await erase(graph, Viewer.at_the_command_line(), expert=EXPERT)

    left = {row["called"]: row["keys"] for row in await graph.read(ORDERED)}
    assert not {key for key in told[title] if key} & {key for keys in left.values() for key in keys}
    for called, keys in left.items():
        if called:
            assert keys == [sort_keys(called)[sort_key_in(one)] for one in ("en", "es", "ar", "ru", "zh")]
