"""Whether two people look like one."""

import random
from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.intake.names import KnownPerson
from graph.people import Likeness, Reason, candidates, likeness

OFFICE = "stewards"


def named(name: str, other: str) -> Likeness | None:
    """Two people of whom nothing is known but their names."""
    return likeness(KnownPerson("a", name), KnownPerson("b", other))


def colleagues(name: str, other: str) -> Likeness | None:
    """Two people of one organisation."""
    return likeness(KnownPerson("a", name, organisations=(OFFICE,)), KnownPerson("b", other, organisations=(OFFICE,)))


@pytest.mark.parametrize(
    "name, other, reason",
    [
        ("Kofi Adjei", "kofi adjei", Reason.SAME_NAME),
        ("Kofi Adjei", "Kofí Adjéi", Reason.SAME_NAME),
        ("Kofi Adjei", "Adjei, Kofi", Reason.SAME_NAME),
        ("Kofi Adjei", "Dr. Kofi Adjei", Reason.SAME_NAME),
        ("Salma Benrabah", "Salma Ben Rabah", Reason.SAME_NAME),
        ("Salma Benrabah", "Selma Benrabah", Reason.NAMES_ALIKE),
        ("Kofi Adjei", "Kofi Mensah Adjei", Reason.NAMES_ALIKE),
        ("Salma Benrabah", "سلمى بنرابح", Reason.SAME_NAME_IN_ANOTHER_SCRIPT),
        ("Salma Ben Rabah", "سلمى بن رابح", Reason.SAME_NAME_IN_ANOTHER_SCRIPT),
        ("Salma al-Rabah", "سلمى الرابح", Reason.SAME_NAME_IN_ANOTHER_SCRIPT),
        ("Kofi Adjei", "Кофи Аджей", Reason.SAME_NAME_IN_ANOTHER_SCRIPT),
        ("Wang Xiaoming", "王小明", Reason.SAME_NAME_IN_ANOTHER_SCRIPT),
        ("Xiao-Ming Wang", "王小明", Reason.SAME_NAME_IN_ANOTHER_SCRIPT),
        ("Kim Minjun", "김민준", Reason.SAME_NAME_IN_ANOTHER_SCRIPT),
    ],
)
def test_one_name_in_two_spellings_is_a_likeness(name: str, other: str, reason: Reason) -> None:
    found = named(name, other)

    assert found is not None
    assert found.reasons == (reason,)


@pytest.mark.parametrize(
    "name, other",
    [
        ("Salma Benrabah", "Kofi Adjei"),
        ("Salma Benrabah", "Kofi Benrabah"),
        ("Salma Benrabah", "Salim Benrabah"),
        ("Ali Hassan", "Ali Hussein"),
        ("Ama", "Ama"),
        ("Ama", "Ama Adjei"),
        ("Kofi Adjei", "王小明"),
        ("", "?!"),
    ],
)
def test_names_that_are_merely_similar_are_none(name: str, other: str) -> None:
    assert named(name, other) is None


@pytest.mark.parametrize(
    "name, other",
    [
        ("Salma Benrabah", "S. Benrabah"),
        ("Zhang Guowei", "Chang Kuo-wei"),
        ("Wladimir Schtschukin", "Vladimir Chtchoukine"),
        ("Youssef Benrabah", "يوسف بنرابح"),
    ],
)
def test_similar_names_of_colleagues_are(name: str, other: str) -> None:
    alone, together = named(name, other), colleagues(name, other)

    assert alone is None
    assert together is not None
    assert Reason.SAME_ORGANISATION in together.reasons


def test_colleagues_with_other_names_are_not() -> None:
    assert colleagues("Salma Benrabah", "Kofi Adjei") is None


@pytest.mark.parametrize(
    "more, reason",
    [
        ({"orcid": "0000-0002-1825-0097"}, Reason.SAME_ORCID),
        ({"email": "A@example.org"}, Reason.SAME_EMAIL),
        ({"identifiers": ("openalex:A1",)}, Reason.SAME_IDENTIFIER),
    ],
)
def test_a_number_or_an_address_is_one_whatever_the_names(more: dict[str, str], reason: Reason) -> None:
    found = likeness(KnownPerson("b", "Ama", **more), KnownPerson("a", "Kofi Adjei", **more))  # type: ignore[arg-type]

    assert found is not None
    assert (found.first, found.second, found.reasons) == ("a", "b", (reason,))
    assert found.score >= 0.9


def test_two_orcids_are_two_people() -> None:
    one = KnownPerson("a", "Kofi Adjei", orcid="0000-0002-1825-0097", organisations=(OFFICE,))
    other = KnownPerson("b", "Kofi Adjei", orcid="0000-0001-5109-3700", organisations=(OFFICE,))

    assert likeness(one, other) is None


def test_the_same_word_before_the_at_of_two_addresses_says_something_and_an_offices_nothing() -> None:
    def two(before: str) -> Likeness | None:
        return likeness(
            KnownPerson("a", "S. Benrabah", email=f"{before}@example.org"),
            KnownPerson("b", "Salma Benrabah", email=f"{before}@example.com"),
        )

    found = two("salma.benrabah")

    assert found is not None
    assert Reason.SAME_LOCAL_PART in found.reasons
    assert two("info") is None


def test_another_name_counts_as_much_as_the_first() -> None:
    found = likeness(KnownPerson("a", "Ama", other_names=("سلمى بنرابح",)), KnownPerson("b", "Salma Benrabah"))

    assert found is not None


def test_a_name_that_many_have_is_no_reason_alone() -> None:
    people = [KnownPerson(f"p{number}", "Kofi Adjei") for number in range(30)]
    two = [KnownPerson("a", "Salma Benrabah"), KnownPerson("b", "Salma Benrabah")]

    found = candidates([*people, *two])

    assert [(one.first, one.second) for one in found] == [("a", "b")]


def test_candidates_are_in_order_of_likeness_and_each_once() -> None:
    people = [
        KnownPerson("a", "Salma Benrabah", email="s@example.org"),
        KnownPerson("b", "سلمى بنرابح"),
        KnownPerson("c", "Selma Benrabah", email="S@example.org"),
        KnownPerson("d", "Kofi Adjei"),
    ]

    found = candidates(people)

    assert [(one.first, one.second) for one in found] == [("a", "c"), ("a", "b"), ("b", "c")]
    assert [(one.first, one.second) for one in candidates(people, among={"b"})] == [("a", "b"), ("b", "c")]


NAMES = st.one_of(
    st.sampled_from(["Salma Benrabah", "S. Benrabah", "سلمى بنرابح", "Kofi Adjei", "Кофи Аджей", "王小明", "Ama"]),
    st.text(max_size=30),
)
PEOPLE = st.builds(
    KnownPerson,
    st.text("abc", min_size=1, max_size=3),
    NAMES,
    email=st.none() | st.sampled_from(["a@example.org", "A@example.org", "salma@example.org", "salma@example.com"]),
    orcid=st.none() | st.sampled_from(["0000-0002-1825-0097", "0000-0001-5109-3700"]),
    organisations=st.sampled_from([(), (OFFICE,)]),
)


@given(PEOPLE, PEOPLE)
@settings(deadline=None)
def test_a_likeness_has_no_direction(one: KnownPerson, other: KnownPerson) -> None:
    assert likeness(one, other) == likeness(other, one)


@given(st.lists(PEOPLE, max_size=8, unique_by=lambda person: person.id))
@settings(deadline=None)
def test_candidates_are_those_whom_comparing_all_pairs_finds_or_fewer(people: list[KnownPerson]) -> None:
    """What is common in the network says less there than of two people alone."""
    pairs = [likeness(one, other) for number, one in enumerate(people) for other in people[:number]]
    scores = {(pair.first, pair.second): pair.score for pair in pairs if pair is not None}

    assert all(found.score <= scores[found.first, found.second] for found in candidates(people))


def many(size: int, **more: object) -> list[KnownPerson]:
    """So many people with quite different names."""
    by_chance = random.Random(4)

    def word() -> str:
        return "".join(by_chance.choice("bdfgklmnrst") + by_chance.choice("aiu") for _ in range(5)).title()

    return [KnownPerson(f"p{number}", f"{word()} {word()}", **more) for number in range(size)]  # type: ignore[arg-type]


def test_an_offices_address_is_no_reason() -> None:
    people = many(20, email="stewards@example.org")
    same = [KnownPerson(id, "Salma Benrabah", email="stewards@example.org") for id in ("a", "b")]

    found = candidates([*people, *same])

    assert [(one.first, one.second, one.reasons) for one in found] == [("a", "b", (Reason.SAME_NAME,))]


def test_a_place_in_a_file_is_no_identifier() -> None:
    place = ("file:team.xlsx#row%202",)

    found = likeness(KnownPerson("a", "Kofi Adjei", identifiers=place), KnownPerson("b", "Ama", identifiers=place))

    assert found is None


@pytest.mark.parametrize(
    "shared",
    [
        {"email": "stewards@example.org"},
        {"orcid": "0000-0002-1825-0097"},
        {"identifiers": ("openalex:A1",)},
        {"organisations": (OFFICE,), "other_names": ("Kofi Adjei",)},
        {"email": "stewards@example.org", "other_names": ("Kofi Adjei",)},
        {"organisations": (OFFICE,), "other_names": ("Kofi Adjei",), "email": "stewards@example.org"},
    ],
)
def test_what_all_have_in_common_costs_in_proportion(monkeypatch: pytest.MonkeyPatch, shared: dict[str, str]) -> None:
    compared = 0

    def counting(one: object, other: object, **more: object) -> object:
        nonlocal compared
        compared += 1
        return original(one, other, **more)

    module = import_module("graph.people.likeness")
    original = module._compared
    monkeypatch.setattr(module, "_compared", counting)
    counts = []
    for size in (100, 200, 400):
        compared = 0
        candidates(many(size, **shared))
        counts.append(compared)

    assert counts[2] - counts[1] <= 3 * (counts[1] - counts[0]) + 100
    assert counts[2] <= 400 * 3 * 10
