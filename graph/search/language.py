"""Which UN language a question is asked in."""

from functools import cache
from typing import TYPE_CHECKING

from graph.values import UN_LANGUAGES

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

__all__ = ["language_of"]

SURE = 0.9


def language_of(text: str) -> str | None:
    """The UN language that the text is surely written in; None for a text too short to tell."""
    language, probability = _identifier().classify(text)
    return str(language) if probability >= SURE else None


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(UN_LANGUAGES))
    return identifier
