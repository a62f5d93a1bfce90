import random
import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.intake import Kind
from ingest.documents import Document
from ingest.found import FoundText
from ingest.likeness import count_once
from ingest.tables import Entry, Table

WORDS = (
    "The stewards of {0} welcome everybody at the door and notice what is out of place. They know whom to call when "
    "something worries them, and they practise it twice a year with the police and with the neighbours of {0}. In {0} "
    "the plan for leaving the building is short, known to all, and hangs where people can read it. Those who lead the "
    "teams have learned to speak calmly to a crowd, to keep the exits free, and to write down afterwards what went "
    "well and what did not, so that the next event in {0} is safer than the last one was."
)
CHINESE = (
    "门口的每一位志愿者都学会了观察什么以及有疑问时给谁打电话。他们每年与警察和邻居一起练习两次。疏散计划很短，人人皆知，"
    "挂在大家都能看到的地方。领导团队的人学会了冷静地对人群讲话，保持出口畅通，并在事后写下哪些做得好，哪些做得不好。{0}"
)
FOOTER = "This text was written for the prevention network and may be passed on to its members."


def document(id: str, owner: str | Sequence[str], *paragraphs: str) -> Document:
    owners = (owner,) if isinstance(owner, str) else tuple(owner)
    return Document(
        id=id, source=id, owner=owners, language="en", paragraphs=tuple(FoundText(text=text) for text in paragraphs)
    )


def tables(*documents: Document) -> list[Table]:
    """Each document in a table of its own, as foreign files have them."""
    made: list[Table] = []
    for one in documents:
        table = Table(Kind.DOCUMENTS, one.id)
        table.accept(Entry(one, one.id, None))
        made.append(table)
    return made


def counted(made: Sequence[Table]) -> dict[str, list[str]]:
    """The owners who keep their passage, for each document."""
    rows = {id: entry.row for table in made for id, entry in table.entries.items()}
    return {
        id: [passage["owner"] for passage in row.record()["passages"]]
        for id, row in rows.items()
        if isinstance(row, Document)
    }


def test_what_says_nearly_the_same_of_the_same_person_is_counted_once() -> None:
    made = tables(
        document("b.md", "salma", WORDS.format("Tunis").replace("twice", "three times")),
        document("a.md", "salma", WORDS.format("Tunis")),
    )

    notes = count_once(made)

    assert counted(made) == {"b.md": [], "a.md": ["salma"]}
    assert [str(note) for note in notes] == [
        "documents: 1 passage nearly the same as an earlier one of the same person was left out"
    ]


def test_what_says_the_same_of_different_people_is_evidence_on_each() -> None:
    made = tables(*(document(f"{owner}.md", owner, WORDS.format("Tunis")) for owner in ("salma", "kofi", "ana", "ama")))

    notes = count_once(made)

    assert counted(made) == {f"{owner}.md": [owner] for owner in ("salma", "kofi", "ana", "ama")}
    assert notes == []


def test_only_the_owner_who_has_it_already_is_left_out_of_a_shared_document() -> None:
    made = tables(
        document("a.md", "salma", WORDS.format("Tunis")),
        document("b.md", ["salma", "kofi"], WORDS.format("Tunis")),
    )

    count_once(made)

    assert counted(made) == {"a.md": ["salma"], "b.md": ["kofi"]}


def test_different_texts_are_both_kept() -> None:
    other = WORDS.format("Tunis").replace("door", "gate").replace("people", "guests").replace("what", "whatever")
    made = tables(
        document("a.md", "salma", WORDS.format("Tunis")),
        document("b.md", "salma", other.replace("and", "as well as").replace("the", "a")),
    )

    assert count_once(made) == []
    assert counted(made) == {"a.md": ["salma"], "b.md": ["salma"]}


def test_chinese_is_compared_by_its_characters() -> None:
    made = tables(
        document("a.md", "salma", CHINESE.format("")), document("b.md", "salma", CHINESE.format("这很重要。"))
    )

    count_once(made)

    assert counted(made) == {"a.md": ["salma"], "b.md": []}


def test_a_footer_that_five_people_share_is_dropped() -> None:
    towns = {"salma": "Tunis", "kofi": "Accra", "ana": "Lima", "ama": "Kumasi", "lin": "Xiamen"}
    others = [f"What {owner} did is known to {town} alone. " * 9 for owner, town in towns.items()]
    made = tables(*(document(f"{owner}.md", owner, text, FOOTER) for owner, text in zip(towns, others, strict=True)))

    notes = count_once(made)

    texts = [
        passage["text"]
        for table in made
        for entry in table.entries.values()
        for passage in entry.row.record()["passages"]
    ]
    assert sorted(texts) == sorted(text.strip() for text in others)
    assert [str(note) for note in notes] == [
        "documents: 1 text that documents of 5 or more people share, such as a footer, was left out"
    ]


def test_a_footer_of_one_person_or_of_four_is_kept() -> None:
    made = tables(
        *(document(f"{number}.md", "salma", f"Text {number} of many. " * 20, FOOTER) for number in range(9)),
        *(document(f"{owner}.md", owner, f"Text of {owner}. " * 20, FOOTER) for owner in ("kofi", "ana", "ama")),
    )

    assert not any("share" in str(note) for note in count_once(made))


def test_short_paragraphs_are_as_many_peoples_by_nature() -> None:
    owners = ("salma", "kofi", "ana", "ama", "lin")
    made = tables(
        *(
            document(f"{owner}.md", owner, "Languages", "English: fluent", f"What {owner} did. " * 20)
            for owner in owners
        )
    )

    count_once(made)

    assert all(
        passage["text"].startswith("Languages\n\nEnglish: fluent")
        for table in made
        for entry in table.entries.values()
        for passage in entry.row.record()["passages"]
    )


def test_a_passage_that_five_people_nearly_share_says_nothing_of_anybody() -> None:
    owners = ("salma", "kofi", "ana", "ama", "lin")
    made = tables(*(document(f"{owner}.md", owner, f"{owner}: {WORDS.format('Tunis')}") for owner in owners))

    notes = count_once(made)

    assert counted(made) == {f"{owner}.md": [] for owner in owners}
    assert "1 text that documents of 5 or more people share" in str(notes[0])


def test_five_owners_of_one_document_are_no_boilerplate() -> None:
    owners = ["salma", "kofi", "ana", "ama", "lin"]
    made = tables(document("a.md", owners, WORDS.format("Tunis"), FOOTER))

    assert count_once(made) == []
    assert counted(made) == {"a.md": owners}


@pytest.mark.parametrize("turn", [1, -1])
def test_the_order_of_reading_changes_nothing(turn: int) -> None:
    texts = [WORDS.format("Tunis"), WORDS.format("Tunis") + " More.", WORDS.format("Tunis").replace("short", "long")]
    documents = [document(f"{number}.md", "salma", text) for number, text in enumerate(texts)]
    made = tables(*documents[::turn])

    count_once(made)

    assert counted(made) == {"0.md": ["salma"], "1.md": [], "2.md": []}


def test_what_is_left_out_makes_another_digest_so_that_it_is_stored_again() -> None:
    alone = document("b.md", "salma", WORDS.format("Tunis"))
    made = tables(document("a.md", "salma", WORDS.format("Tunis")), alone)
    before = alone.digest

    count_once(made)

    assert made[1].entries["b.md"].row.digest != before


def test_nothing_alike_changes_nothing() -> None:
    made = tables(document("a.md", "salma", WORDS.format("Tunis")), document("b.md", "kofi", CHINESE.format("")))
    before = [table.entries.copy() for table in made]

    assert count_once(made) == []
    assert [table.entries for table in made] == before


def invented(chance: random.Random, *, words: int = 110) -> list[str]:
    return ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(3, 9))) for _ in range(words)]


@given(st.integers(0, 2**32), st.integers(0, 3))
@settings(max_examples=30, deadline=None)
def test_what_differs_in_a_word_or_two_is_found_whatever_the_words(seed: int, changed: int) -> None:
    chance = random.Random(seed)
    words = invented(chance)
    others = words.copy()
    for place in chance.sample(range(10, 100), changed // 2):
        others[place] = "changed"
    made = tables(document("a.md", "salma", " ".join(words)), document("b.md", "salma", " ".join(others)))

    count_once(made)

    assert counted(made) == {"a.md": ["salma"], "b.md": []}


def test_a_template_that_thousands_fill_in_costs_in_proportion() -> None:
    chance = random.Random(1)
    template = invented(chance)

    def filled() -> str:
        words = template.copy()
        for place in chance.sample(range(len(words)), 5):
            words[place] = f"word{chance.randrange(10**9)}"
        return " ".join(words)

    def seconds(number: int) -> float:
        made = tables(*(document(f"{one:05}.md", f"p-{one}", filled()) for one in range(number)))
        start = time.process_time()
        count_once(made)
        return time.process_time() - start

    seconds(100)
    # The best of several: whatever else runs on the machine only adds to the time.
    few, many = (min(seconds(number) for _ in range(3)) for number in (500, 2_000))

    assert many < 8 * few
