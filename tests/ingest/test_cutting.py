import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.cutting import LEAST, MOST, passages, words

SENTENCES = {
    "en": "Each of the volunteers at the door learned what to watch for and whom to call. ",
    "fr": "Chaque bénévole à la porte a appris quoi observer et qui appeler en cas de doute. ",
    "es": "Cada voluntario en la puerta aprendió qué observar y a quién llamar si duda. ",
    "ar": "تعلّم كل متطوع عند الباب ما الذي يراقبه ومن يتصل به عند الشك. ",
    "ru": "Каждый доброволец у двери узнал, что замечать и кому звонить при сомнении. ",
    "zh": "门口的每一位志愿者都学会了观察什么，以及有疑问时给谁打电话。",
}
ENDS = {language: sentence.strip()[-1] for language, sentence in SENTENCES.items()}


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

    assert passages(paragraphs, language=language) == ["\n\n".join(paragraphs)]


@pytest.mark.parametrize("language", SENTENCES)
def test_a_long_paragraph_is_cut_at_sentence_borders(language: str) -> None:
    paragraph = (SENTENCES[language] * 40).strip()

    pieces = passages([paragraph], language=language)

    assert len(pieces) > 1
    assert all(piece[-1] == ENDS[language] for piece in pieces)
    assert all(LEAST <= words(piece) <= MOST for piece in pieces)
    assert without_space("".join(pieces)) == without_space(paragraph)


def test_a_change_in_one_paragraph_leaves_the_passages_of_others_alone() -> None:
    paragraphs = [f"{(SENTENCES['en'] * 5).strip()} This is paragraph {number}." for number in range(6)]
    changed = [*paragraphs[:2], "An other text stands here now. " * 12, *paragraphs[3:]]

    before = passages(paragraphs, language="en")
    after = passages(changed, language="en")

    assert len(before) == len(after) == 6
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, True, False, True, True, True]


def test_abbreviations_do_not_end_sentences() -> None:
    paragraph = " ".join(["Dr. Smith met Mr. Jones at 3.30 p.m. in the U.S. embassy and wrote it all down there."] * 20)

    pieces = passages([paragraph], language="en")

    assert all(piece.startswith("Dr. Smith met") for piece in pieces)


def test_a_language_that_the_cutter_does_not_know_is_cut_all_the_same() -> None:
    pieces = passages([("Xin ru keb li poyanam sa' li tenamit. " * 40).strip()], language="kek")

    assert len(pieces) > 1
    assert all(piece.endswith("tenamit.") for piece in pieces)


def test_a_sentence_longer_than_a_passage_is_cut_between_words() -> None:
    paragraph = " ".join(f"word{number}" for number in range(1000))

    pieces = passages([paragraph], language="en")

    assert all(words(piece) <= MOST for piece in pieces)
    assert " ".join(pieces) == paragraph


PARAGRAPH = st.lists(st.one_of(st.sampled_from([*SENTENCES.values()]), st.text(max_size=60)), max_size=40).map("".join)


@given(st.lists(PARAGRAPH, max_size=8), st.sampled_from([*SENTENCES, "th", "kek", "zh-Hant"]))
def test_no_text_is_lost_doubled_or_moved(paragraphs: list[str], language: str) -> None:
    pieces = passages(paragraphs, language=language)

    assert without_space("".join(pieces)) == without_space("".join(paragraphs))
    assert all(piece == piece.strip() and piece for piece in pieces)
    assert all(words(piece) <= MOST for piece in pieces)
