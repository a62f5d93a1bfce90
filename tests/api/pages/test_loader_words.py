"""What the loader says is known again by its templates, whatever stands in their places."""

import pytest

from api.pages.loader_extraction import loader_texts
from api.pages.loader_words import PLACE, SENTENCES, of_loader
from graph.values import UN_LANGUAGES

OTHERS = tuple(language for language in UN_LANGUAGES if language != "en")
TEXTS = sorted({text for _, text in loader_texts()})


EMPTY = "it is empty"


def filled(template: str) -> tuple[str, list[str]]:
    """A text by a template, and what stands in its places: anything, or where it must be so another of the texts."""
    facts = {name: EMPTY if name in SENTENCES else f"‹{name}›" for name in PLACE.findall(template)}
    return template % facts, list(facts.values())


@pytest.mark.parametrize("language", OTHERS)
def test_each_text_of_the_loader_is_said_in_every_language_with_what_stands_in_it(language: str) -> None:
    assert len(TEXTS) > 400
    for template in TEXTS:
        text, facts = filled(template)
        said = of_loader(text, language)
        assert said is not None, template
        assert all((of_loader(fact, language) or fact) in said for fact in facts), (template, said)


def test_what_stands_in_a_text_may_be_anything() -> None:
    hostile = "' is not a date; %(found)s %s <b>'"

    assert hostile in (of_loader(f"'{hostile}' is not a date", "ru") or "")
    assert of_loader(f"'{hostile}' is not a date", "en") == f"'{hostile}' is not a date"


def test_a_part_of_a_text_may_be_the_loaders_too() -> None:
    said = of_loader("correct that first (row 3 of experts.csv)", "es")

    assert said is not None
    assert "fila 3 de experts.csv" in said


@pytest.mark.parametrize("text", ["", "Nobody ever said this.", "'x' is not a date at all", "x" * 100_000])
def test_what_the_loader_never_says_is_in_no_language(text: str) -> None:
    assert of_loader(text, "fr") is None
