"""The catalogues: every text in every language, in every form that the language has for numbers."""

import re
import string

import pytest
from babel.messages.pofile import read_po

from api.report.words import FOLDER, NAMES, PLURALS, words_of
from graph.values import UN_LANGUAGES

OTHERS = [language for language in UN_LANGUAGES if language != "en"]
NUMBERS = (0, 1, 2, 3, 5, 10, 11, 21, 22, 100, 101, 150)


def blanks(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", text))


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_has_every_text_and_no_other(language: str) -> None:
    with (FOLDER / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)

    told = {message.id: message for message in catalogue if message.id}
    assert set(told) == {*NAMES.values(), *PLURALS.values()}
    for message in told.values():
        forms = [message.string] if isinstance(message.string, str) else [*(message.string or ())]
        assert len(forms) == (catalogue.num_plurals if message.pluralizable else 1)
        assert all(form.strip() for form in forms)
        assert not message.fuzzy


@pytest.mark.parametrize("language", UN_LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_text_has_the_blanks_of_the_english_one(language: str, name: str) -> None:
    words = words_of(language)

    assert blanks(words.catalogue.gettext(NAMES[name])) == blanks(NAMES[name])


@pytest.mark.parametrize("language", UN_LANGUAGES)
@pytest.mark.parametrize("name", PLURALS)
def test_every_number_is_told(language: str, name: str) -> None:
    words = words_of(language)

    for number in NUMBERS:
        told = words.number(name, number, kind="kind")
        assert "%" not in told
        # Arabic has forms for one and two that need no figure.
        if language != "ar" or number not in {1, 2}:
            assert str(number) in re.findall(r"\d+", told)
        assert ("kind" in told) == ("%(kind)s" in PLURALS[name][0])


@pytest.mark.parametrize(
    "language,number,told",
    [
        ("en", 1, "1 module published"),
        ("en", 5, "5 modules published"),
        ("fr", 1, "1 module publié"),
        ("fr", 5, "5 modules publiés"),
        ("es", 1, "1 módulo publicado"),
        ("ru", 1, "Опубликован 1 модуль"),
        ("ru", 3, "Опубликованы 3 модуля"),
        ("ru", 5, "Опубликовано 5 модулей"),
        ("ru", 21, "Опубликован 21 модуль"),
        ("ar", 1, "نُشرت وحدة تدريبية واحدة"),
        ("ar", 2, "نُشرت وحدتان تدريبيتان"),
        ("ar", 5, "نُشرت 5 وحدات تدريبية"),
        ("ar", 11, "نُشرت 11 وحدة تدريبية"),
        ("zh", 5, "发布5个培训模块"),
    ],
)
def test_a_number_takes_its_languages_form(language: str, number: int, told: str) -> None:
    assert words_of(language).number("module", number) == told


def test_arabic_alone_runs_from_right_to_left() -> None:
    assert [one for one in UN_LANGUAGES if words_of(one).is_right_to_left] == ["ar"]


def test_chinese_texts_have_chinese_punctuation() -> None:
    words = words_of("zh")
    texts = [words.catalogue.gettext(text) for text in NAMES.values()]

    assert not any(mark in re.sub(r"%\(\w+\)s", "", text) for text in texts for mark in string.punctuation)
