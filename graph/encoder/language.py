"""Which UN language a text is written in."""

from functools import cache
from typing import TYPE_CHECKING

from graph.values import UN_LANGUAGES

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

__all__ = ["likely_language", "sure_language"]

SURE = 0.9


def likely_language(text: str) -> str:
    """The UN language that the text most looks like; a text in another language looks like its nearest relative."""
    language, _ = _identifier().classify(text)
    return str(language)


def sure_language(text: str) -> str | None:
    """The UN language that the text is surely written in; None for a text too short to tell."""
    language, probability = _identifier().classify(text)
    return str(language) if probability >= SURE else None


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(UN_LANGUAGES))
    return identifier
