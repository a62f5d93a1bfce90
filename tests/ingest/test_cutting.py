from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.cutting import LEAST, MOST, Piece, main_language, passages, words
from ingest.found import FoundText

SENTENCES = {
    "en": "Each of the volunteers at the door learned what to watch for and whom to call. ",
    "fr": "Chaque bénévole à la porte a appris quoi observer et qui appeler en cas de doute. ",
    "es": "Cada voluntario en la puerta aprendió qué observar y a quién llamar si duda. ",
    "ar": "تعلّم كل متطوع عند الباب ما الذي يراقبه ومن يتصل به عند الشك. ",
    "ru": "Каждый доброволец у двери узнал, что замечать и кому звонить при сомнении. ",
    "zh": "门口的每一位志愿者都学会了观察什么，以及有疑问时给谁打电话。",
}
ENDS = {language: sentence.strip()[-1] for language, sentence in SENTENCES.items()}


def cut(paragraphs: list[str], *, language: str | None) -> list[str]:
    """The texts of the passages of paragraphs without places."""
    return [piece.text for piece in passages([FoundText(text=text) for text in paragraphs], language=language)]


def without_space(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    "text, count",
    [
        ("one two  three", 3),
        ("— “Who?” — she asked.", 3),
        ("志" * 18, 10),
        ("ส" * 50, 10),
        ("志愿者 volunteers", 3 / 1.8 + 1),
        ("x" * 61, 3),
        ("", 0),
    ],
)
def test_words_are_counted_in_every_script(text: str, count: float) -> None:
    assert words(text) == pytest.approx(count)


@pytest.mark.parametrize("language", SENTENCES)
def test_a_short_document_is_one_passage(language: str) -> None:
    paragraphs = [SENTENCES[language].strip(), SENTENCES[language].strip()]

    assert cut(paragraphs, language=language) == ["\n\n".join(paragraphs)]


@pytest.mark.parametrize("language", SENTENCES)
def test_a_long_paragraph_is_cut_at_sentence_borders(language: str) -> None:
    paragraph = (SENTENCES[language] * 40).strip()

    pieces = cut([paragraph], language=language)

    assert len(pieces) > 1
    assert all(piece[-1] == ENDS[language] for piece in pieces)
    assert all(LEAST <= words(piece) <= MOST for piece in pieces)
    assert without_space("".join(pieces)) == without_space(paragraph)


def test_a_change_in_one_paragraph_leaves_the_passages_of_others_alone() -> None:
    paragraphs = [f"{(SENTENCES['en'] * 5).strip()} This is paragraph {number}." for number in range(6)]
    changed = [*paragraphs[:2], "An other text stands here now. " * 12, *paragraphs[3:]]

    before = cut(paragraphs, language="en")
    after = cut(changed, language="en")

    assert len(before) == len(after) == 6
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, True, False, True, True, True]


def test_abbreviations_do_not_end_sentences() -> None:
    paragraph = " ".join(["Dr. Smith met Mr. Jones at 3.30 p.m. in the U.S. embassy and wrote it all down there."] * 20)

    pieces = cut([paragraph], language="en")

    assert all(piece.startswith("Dr. Smith met") for piece in pieces)


def test_a_language_that_the_cutter_does_not_know_is_cut_all_the_same() -> None:
    pieces = cut([("Xin ru keb li poyanam sa' li tenamit. " * 40).strip()], language="kek")

    assert len(pieces) > 1
    assert all(piece.endswith("tenamit.") for piece in pieces)


def test_a_sentence_longer_than_a_passage_is_cut_between_words() -> None:
    paragraph = " ".join(f"word{number}" for number in range(1000))

    pieces = cut([paragraph], language="en")

    assert all(words(piece) <= MOST for piece in pieces)
    assert " ".join(pieces) == paragraph


def placed(text: str, place: str, *, times: int = 1) -> list[FoundText]:
    return [FoundText(text=(text * 5).strip(), place=place) for _ in range(times)]


def test_a_passage_knows_where_it_begins() -> None:
    paragraphs = [*placed(SENTENCES["en"], "page 1"), *placed(SENTENCES["en"], "page 2"), *placed("More. ", "page 3")]

    pieces = passages(paragraphs, language="en")

    assert [piece.place for piece in pieces] == ["page 1", "page 2"]


def test_a_passage_cut_from_a_long_paragraph_begins_where_the_paragraph_does() -> None:
    paragraphs = [FoundText(text="A short one.", place="page 1"), FoundText(text=SENTENCES["en"] * 30, place="page 2")]

    pieces = passages(paragraphs, language="en")

    assert [piece.place for piece in pieces] == ["page 1", "page 2", "page 2"]


def test_no_passage_goes_over_two_of_the_highest_headings() -> None:
    work = [*placed(SENTENCES["en"], "Work › Tunis"), FoundText(text="A short rest of it.", place="Work › Accra")]
    study = placed(SENTENCES["en"], "Study", times=2)

    pieces = passages([*work, *study], language="en")

    assert [piece.place for piece in pieces] == ["Work › Tunis", "Study", "Study"]
    assert pieces[0].text.endswith("A short rest of it.")


def test_what_stands_under_a_heading_and_is_too_short_for_a_passage_joins_the_next() -> None:
    pieces = passages([FoundText(text="Short.", place="Work"), *placed(SENTENCES["en"], "Study")], language="en")

    assert [piece.place for piece in pieces] == ["Work"]


def test_pages_and_slides_part_nothing() -> None:
    slides = [FoundText(text=SENTENCES["en"].strip(), place=f"slide {number}") for number in range(1, 5)]

    assert len(passages(slides, language="en")) == 1


def test_each_passage_has_its_own_language() -> None:
    paragraphs = [FoundText(text=(sentence * 8).strip()) for sentence in SENTENCES.values()]

    pieces = passages(paragraphs, language=None)

    assert [piece.language for piece in pieces] == [*SENTENCES]


def test_a_language_that_somebody_has_said_is_that_of_every_passage() -> None:
    paragraphs = [FoundText(text=(sentence * 8).strip()) for sentence in SENTENCES.values()]

    assert {piece.language for piece in passages(paragraphs, language="kek")} == {"kek"}


def test_a_passage_that_does_not_tell_has_the_documents_language() -> None:
    numbers = FoundText(text=" ".join(f"2{number:03}–2{number:03}" for number in range(70)), place="Numbers")

    pieces = passages([*placed(SENTENCES["fr"], "Travail", times=2), numbers], language=None)

    assert [piece.language for piece in pieces] == ["fr", "fr", "fr"]


def test_a_text_without_words_is_in_no_language() -> None:
    assert [piece.language for piece in passages([FoundText(text="2011–2014")], language=None)] == ["und"]


def test_the_main_language_has_the_most_words() -> None:
    pieces = [
        Piece("un deux trois quatre", "", "fr"),
        Piece("one", "", "en"),
        Piece("two", "", "en"),
        Piece("x", "", ""),
    ]

    assert main_language(pieces) == "fr"
    assert main_language([]) == ""


@pytest.mark.parametrize("language", SENTENCES)
def test_sentences_end_as_in_their_script_when_nobody_says_the_language(language: str) -> None:
    pieces = cut([(SENTENCES[language] * 40).strip()], language=None)

    assert len(pieces) > 1
    assert all(piece[-1] == ENDS[language] for piece in pieces)


@pytest.mark.parametrize(
    "sentence",
    [
        "هل يعرف المتطوعون عند الباب ما الذي يراقبونه ومن يتصلون به؟ ",
        "门口的志愿者知道要观察什么吗？",
        "门口的志愿者知道要观察什么！",
        "Знают ли добровольцы у двери, что замечать и кому звонить? ",
    ],
)
def test_questions_end_sentences_in_every_script(sentence: str) -> None:
    pieces = cut([(sentence * 40).strip()], language=None)

    assert len(pieces) > 1
    assert all(piece[-1] == sentence.strip()[-1] for piece in pieces)


TEXT = st.lists(st.one_of(st.sampled_from([*SENTENCES.values()]), st.text(max_size=60)), max_size=40).map("".join)
PLACE = st.sampled_from(["", "page 1", "page 2", "Work", "Work › Tunis", "Study"])
PARAGRAPH = st.builds(lambda text, place: FoundText(text=text, place=place), TEXT, PLACE)


@given(st.lists(PARAGRAPH, max_size=8), st.sampled_from([*SENTENCES, "th", "kek", "zh-Hant", None]))
def test_no_text_is_lost_doubled_or_moved(paragraphs: list[FoundText], language: str | None) -> None:
    pieces = passages(paragraphs, language=language)

    assert without_space("".join(piece.text for piece in pieces)) == without_space("".join(p.text for p in paragraphs))
    assert all(piece.text == piece.text.strip() and piece.text for piece in pieces)
    assert all(words(piece.text) <= MOST for piece in pieces)
    assert all(piece.language for piece in pieces)
    assert {piece.place for piece in pieces} <= {paragraph.place for paragraph in paragraphs}


@pytest.mark.parametrize("character", ["a", "中", "(", "a.", "e.g. ", "word ", "؟", "😀"])
def test_one_endless_sentence_takes_time_in_proportion(character: str) -> None:
    text = character * (60_000 // len(character))
    began = process_time()

    passages([FoundText(text=text)], language="en")

    assert process_time() - began < 5.0
