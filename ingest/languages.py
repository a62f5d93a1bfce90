"""Which language a text is written in, told from its words."""

from functools import cache
from typing import TYPE_CHECKING

import langcodes
from langcodes.tag_parser import LanguageTagError

from graph.values import UN_LANGUAGES

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

__all__ = ["UNDETERMINED", "language_of", "load_languages", "sure_language_of", "without_region"]

UNDETERMINED = "und"
"""The tag of a text whose language is not known (BCP 47)."""

# Varieties that are written so much like their standard language that a paragraph cannot tell them apart.
STANDARD = {"arz": "ar", "ary": "ar", "yue": "zh", "wuu": "zh"}
NO_LANGUAGE = "zxx"

# The start of a text tells its language as well as all of it.
ENOUGH = 2_000
# A UN language is taken before one that is this much more likely, such as Spanish before Galician.
NEARLY_EQUAL = 0.5
SURE = 0.8
LEAST_LETTERS = 40


def load_languages() -> None:
    """Load what languages are told by, which takes a second, before there is anything to tell."""
    _identifier()


def language_of(text: str) -> str | None:
    """The language that the text is most likely written in (BCP 47); None if it has no words."""
    found = _likeliest(text)
    return found[0] if found else None


def sure_language_of(text: str) -> str | None:
    """The language that the text is surely written in; None if it is too short or too mixed to tell."""
    if sum(map(str.isalpha, text[:ENOUGH])) < _least_letters(text):
        return None
    found = _likeliest(text)
    return found[0] if found and found[1] >= SURE else None


def without_region(tag: str) -> str | None:
    """A language's tag without region, as texts are told by: 'en' for 'en-US', 'zh-Hant' as it is; None if it is none.

    Office programs write into a file which country's spelling they check, which says little about the text.
    """
    try:
        told = langcodes.Language.get(tag.replace("_", "-").strip())
    except LanguageTagError:
        return None
    if told.language is None or not told.language.isalpha() or not langcodes.tag_is_valid(told.language):
        return None
    return langcodes.Language.make(language=told.language, script=told.script).to_tag()


def _least_letters(text: str) -> float:
    """Fewer letters do not tell a language; a letter of Chinese or Japanese says three times as much."""
    return LEAST_LETTERS / 3 if any("\u3040" <= letter <= "\u9fff" for letter in text[:20]) else LEAST_LETTERS


def _likeliest(text: str) -> tuple[str, float] | None:
    if not any(map(str.isalpha, text)):
        return None
    chances: dict[str, float] = {}
    for language, chance in _identifier().rank(text[:ENOUGH]):
        tag = STANDARD.get(language, language)
        chances[tag] = chances.get(tag, 0.0) + float(chance)
    best = max(chances, key=chances.__getitem__)
    if best not in UN_LANGUAGES:
        known = max(UN_LANGUAGES, key=lambda language: chances.get(language, 0.0))
        if chances.get(known, 0.0) >= NEARLY_EQUAL * chances[best]:
            best = known
    return None if best == NO_LANGUAGE else (best, chances[best])


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
