"""Sentences: where they begin and end in each language, and that a passage's own vectors tell the nearest one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.sentences import MOST, nearest, packed, sentences, spans


def told(text: str, language: str | None) -> list[str]:
    return [text[start:end] for start, end in spans(text, language=language)]


@pytest.mark.parametrize(
    "language,first,second",
    [
        ("en", "Dr. Okoro counts people at gates.", "She then moves the chip van!"),
        ("fr", "M. Diatta enseigne aux sacristains.", "Peut-on fermer les portes ?"),
        ("es", "El Sr. Iza repartió la ruta en tramos.", "¿Quién ordena las entradas?"),
        ("ar", "درّبت المتطوعين على مراقبة الأبواب.", "هل تعرف المخارج كلها؟"),
        ("ru", "В 2012 г. он учил дежурных в метро.", "За год обращений стало втрое больше."),
        ("zh", "她负责给一百四十个洞窟建立台账。", "他用无人机巡查崖面！"),
        ("pt-BR", "O Sr. Silva treinou os guardas.", "Depois abriu as saídas."),
        ("zh", "她十岁起就替父母听电话。", "2013年她说服了电视台。"),
        (None, "They walked the whole route.", "Nobody was hurt."),
    ],
)
def test_each_language_has_its_own_ends_of_sentences(language: str | None, first: str, second: str) -> None:
    assert told(f"{first} {second}", language) == [first, second]


def test_a_sentence_ends_with_its_paragraph_and_has_no_space_around_it() -> None:
    assert told("\n  A heading of a course \n\n She trains stewards.\n", "en") == [
        "A heading of a course",
        "She trains stewards.",
    ]


def test_places_count_code_points_as_python_does() -> None:
    assert spans("🕌🕌 doors are open. She watches them.", language="en") == [(0, 18), (19, 36)]


def test_what_is_too_short_to_say_anything_is_part_of_what_follows_or_of_what_went_before() -> None:
    assert told("1. Close the side door. 2. Call for help. Yes.", "en") == [
        "1. Close the side door.",
        "2. Call for help. Yes.",
    ]


@pytest.mark.parametrize("text", ["", " \n ", "One sentence alone.", "Yes. No. Go.", "no end of it"])
def test_a_passage_of_one_sentence_has_nothing_to_tell_apart(text: str) -> None:
    assert spans(text, language="en") == []


def test_of_a_passage_of_very_many_sentences_the_last_takes_the_rest() -> None:
    text = "Another one. " * (MOST + 5)

    found = told(text, "en")

    assert len(found) == MOST
    assert found[-1] == ("Another one. " * 6).strip()


@given(
    st.text(alphabet=st.sampled_from("aB .!?。؟\n\t«»\"'1é🕌中ا"), max_size=80),
    st.sampled_from(["en", "fr", "ar", "zh", "und", "", "xx-Latn"]),
)
def test_nothing_is_lost_or_told_twice(text: str, language: str) -> None:
    assert "".join(sentences(text, language=language)) == text
    found = spans(text, language=language)
    assert all(
        end <= start for (_, end), (start, _) in zip([(0, 0), *found], [*found, (len(text), len(text))], strict=True)
    )
    assert not found or "".join("".join(text[start:end].split()) for start, end in found) == "".join(text.split())


def test_the_nearest_sentence_is_told_from_a_byte_a_dimension() -> None:
    chance = np.random.default_rng(0)
    vectors = chance.normal(size=(20, 768)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    flat = [place for number in range(20) for place in (number * 10, number * 10 + 9)]

    kept = packed(vectors)

    assert len(kept) == 20 * 768
    assert [nearest(vector, flat, kept) for vector in vectors] == [(n * 10, n * 10 + 9) for n in range(20)]
    rows = np.frombuffer(kept, np.int8).reshape(20, 768).astype(np.float32)
    cosines = np.sum(rows * vectors, axis=1) / np.linalg.norm(rows, axis=1)
    assert cosines.min() > 0.999


def test_a_passage_without_sentences_or_with_another_encoders_vectors_has_none_marked() -> None:
    question = np.ones(4, np.float32)

    assert nearest(question, [], b"") is None
    assert nearest(question, [0, 3, 4, 8], bytes(6)) is None
    assert nearest(question, [0, 3, 4, 8], b"\x81\x81\x81\x81\x01\x01\x01\x01") == (4, 8)
