"""Languages by name or tag, with levels in the words of eight languages."""

import langcodes
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.values import LanguageLevel
from ingest.cells import Unfit
from ingest.recognise import Doubtful, language, language_level, spoken

NATIVE, FLUENT, WORKING, BASIC = LanguageLevel


@pytest.mark.parametrize(
    "text, tag",
    [
        ("fr", "fr"),
        ("FR", "fr"),
        ("fra", "fr"),
        ("zh-Hant", "zh-Hant"),
        ("kek", "kek"),
        ("Arabisch", "ar"),
        ("französisch", "fr"),
        ("Francais", "fr"),
        ("русский", "ru"),
        ("法语", "fr"),
        ("الفرنسية", "fr"),
        ("espanhol", "es"),
        ("Mandarin", "zh"),
        ("Kiswahili", "sw"),
        ("Türkçe", "tr"),
        ("Ewe", "ee"),
        ("Wolof", "wo"),
    ],
)
def test_a_certain_language_gives_its_tag(text: str, tag: str) -> None:
    assert language(text) == tag


@pytest.mark.parametrize(
    "text, tag, level",
    [
        ("Arabisch (Muttersprache)", "ar", NATIVE),
        ("Französisch fließend", "fr", FLUENT),
        ("français (courant)", "fr", FLUENT),
        ("langue maternelle : arabe", "ar", NATIVE),
        ("fluent in French", "fr", FLUENT),
        ("English B2", "en", WORKING),
        ("C1 Englisch", "en", FLUENT),
        ("niveau A2 en anglais", "en", BASIC),
        ("Русский — родной", "ru", NATIVE),
        ("английский (свободно)", "en", FLUENT),
        ("中文（母语）", "zh", NATIVE),
        ("法语 流利", "fr", FLUENT),
        ("العربية (اللغة الأم)", "ar", NATIVE),
        ("الفرنسية: بطلاقة", "fr", FLUENT),
        ("espanhol fluente", "es", FLUENT),
        ("inglés básico", "en", BASIC),
        ("fr:fluent", "fr", FLUENT),
        ("zh-Hant: native", "zh-Hant", NATIVE),
        ("Englisch", "en", None),
        ("Sprache: Englisch", "en", None),
    ],
)
def test_a_language_is_told_with_its_level(text: str, tag: str, level: LanguageLevel | None) -> None:
    assert spoken(text) == (tag, level)


@pytest.mark.parametrize("text", ["Muttersprache", "C2", "niveau C1", "Niveau: sehr gut", "بطلاقة"])
def test_a_level_may_stand_alone(text: str) -> None:
    assert language_level(text) is not None


@pytest.mark.parametrize("text, tag", [("Frensh", "fr"), ("Arabich (fließend)", "ar"), ("French (rusty)", "fr")])
def test_a_misspelling_or_an_unknown_level_is_a_doubt(text: str, tag: str) -> None:
    with pytest.raises(Doubtful) as raised:
        spoken(text)

    assert raised.value.meant == tag


@pytest.mark.parametrize("text", ["", "not fluent in French", "Muttersprache", "17", "Tunisia"])
def test_what_is_no_language_is_unfit(text: str) -> None:
    with pytest.raises(Unfit):
        spoken(text)


@given(st.one_of(st.text(), st.from_regex(r"[A-Za-z]{2,8}([-_ (:][A-Za-z0-9]{1,8}\)?){0,3}", fullmatch=True)))
def test_no_text_raises_anything_but_unfit(text: str) -> None:
    try:
        tag, _ = spoken(text)
    except Unfit:
        return

    assert langcodes.standardize_tag(tag) == tag
