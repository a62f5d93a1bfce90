"""What the loader says is known again by its templates, whatever stands in their places."""

import pytest

from api.catalogues import messages
from api.pages.loader_extraction import loader_nouns, loader_texts
from api.pages.loader_words import CONTEXT, NOUNS, PLACE, PLACES_OF_NOUNS, SENTENCES, of_command, of_loader
from api.pages.words import FOLDER
from graph.values import UN_LANGUAGES

OTHERS = tuple(language for language in UN_LANGUAGES if language != "en")
TEXTS = sorted({text for _, text in loader_texts()})
NOUN = min(noun for _, noun in loader_nouns())
EMPTY = "it is empty"


def filled(template: str) -> dict[str, str]:
    """What stands in the places of a text: anything, or what must stand there."""
    return {
        place: EMPTY if place in SENTENCES else NOUN if place in PLACES_OF_NOUNS else f"‹{place}›"
        for place in PLACE.findall(template)
    }


def around(template: str) -> tuple[str, ...]:
    """What stands around the places of a text."""
    return tuple(PLACE.split(template)[::2])


@pytest.mark.parametrize("language", OTHERS)
def test_each_text_of_the_loader_is_said_in_every_language_with_what_stands_in_it(language: str) -> None:
    kept, nouns = messages(FOLDER, language, CONTEXT), messages(FOLDER, language, NOUNS)
    assert len(TEXTS) > 400
    for template in TEXTS:
        facts = filled(template)
        said = {
            place: kept[EMPTY] if fact == EMPTY else nouns[NOUN] if fact == NOUN else fact
            for place, fact in facts.items()
        }
        alike = [other for other in kept if around(other) == around(template)]
        by_place = [said[place] for place in PLACE.findall(template)]
        fitting = {kept[other] % dict(zip(PLACE.findall(other), by_place, strict=True)) for other in alike}
        assert of_loader(template % facts, language) in fitting, template


def test_what_stands_in_a_text_may_be_anything() -> None:
    hostile = "' is not a date; %(found)s %s <b>'"

    assert hostile in (of_loader(f"'{hostile}' is not a date", "ru") or "")
    assert of_loader(f"'{hostile}' is not a date", "en") == f"'{hostile}' is not a date"


@pytest.mark.parametrize("value", [EMPTY, "row 3", "write hello", ""])
def test_what_somebody_wrote_is_quoted_as_it_is(value: str) -> None:
    assert of_loader(f"'{value}' is not a date", "es") == f"«{value}» no es una fecha"


@pytest.mark.parametrize("again", ["a: ", "row ", "write ", "' ", "its mapping, at a: "])
def test_texts_within_texts_without_end_are_read_as_far_as_they_need_be(again: str) -> None:
    assert of_loader(again * 1_000 + EMPTY, "fr") != ""


def test_a_part_of_a_text_may_be_the_loaders_too() -> None:
    said = of_loader("correct that first (row 3 of experts.csv)", "es")

    assert said is not None
    assert "fila 3 de experts.csv" in said


def test_reasons_beside_each_other_are_each_said() -> None:
    said = of_loader("a may be the same person as b (same name, names alike)", "fr")

    assert said is not None
    assert "same name" not in said
    assert "names alike" not in said


@pytest.mark.parametrize("text", ["", "Nobody ever said this.", "'x' is not a date at all", "x" * 100_000])
def test_what_the_loader_never_says_is_in_no_language(text: str) -> None:
    assert of_loader(text, "fr") is None


def test_why_loading_came_to_nothing_is_known_again_whoever_says_it() -> None:
    known = messages(FOLDER, "fr", None)
    template = "The %(field)s holds a hidden character; write it anew."

    assert of_command(template % {"field": "‹field›"}, "fr") == known[template] % {"field": "‹field›"}
    assert of_command(f"row 3: {EMPTY}; ‹remedy›.", "fr") is None
    assert of_command("Whatever it says.", "en") == "Whatever it says."
