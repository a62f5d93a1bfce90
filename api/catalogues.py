"""Words in the six UN languages: gettext catalogues, with each language's own plural forms and way of writing."""

import gettext
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from graph.values import UN_LANGUAGES

__all__ = ["N_", "Words", "beside", "catalogue", "is_right_to_left", "locale_of", "messages"]


def N_(english: str) -> str:  # noqa: N802 -- gettext's own name for it
    """A text that is translated where it is shown; the tools that write catalogues look for this name."""
    return english


def locale_of(language: str) -> str:
    """Whose way of writing dates and lists goes with a language: in English as in Britain, as the UN does."""
    return "en_GB" if language == "en" else language


def is_right_to_left(language: str) -> bool:
    """Which way a language is written."""
    return Locale(language).text_direction == "rtl"


def beside(texts: Iterable[str], language: str) -> str:
    """Texts beside each other, without an 'and'."""
    return {"ar": "، ", "zh": "、"}.get(language, ", ").join(texts)


def catalogue(folder: Path, language: str) -> gettext.NullTranslations:
    """What a folder's catalogue translates into one of the six languages; English needs none.

    Raises:
        ValueError: it is none of the six, or its catalogue is not in order.
    """
    if language not in UN_LANGUAGES:
        raise ValueError(f"There are no words in '{language[:20]}'; use one of {', '.join(UN_LANGUAGES)}.")
    return gettext.NullTranslations() if language == "en" else _read(folder, language).translations


def messages(folder: Path, language: str, context: str | None) -> Mapping[str, str]:
    """What a folder's catalogue of a language has under a context: English texts, and what each says in it."""
    return _read(folder, language).by_context.get(context, {})


@dataclass(frozen=True, slots=True)
class _Catalogue:
    """A catalogue as it is asked for: by text and number, and by context; of plurals the latter has nothing."""

    translations: gettext.GNUTranslations
    by_context: Mapping[str | None, Mapping[str, str]]


@cache
def _read(folder: Path, language: str) -> _Catalogue:
    """A catalogue, which takes a moment to read."""
    with (folder / f"{language}.po").open("rb") as file:
        read = read_po(file, locale=language, abort_invalid=True)
    made = io.BytesIO()
    write_mo(made, read)
    made.seek(0)
    by_context: dict[str | None, dict[str, str]] = {}
    for one in read:
        if isinstance(one.id, str) and one.id and one.string:
            by_context.setdefault(one.context, {})[one.id] = str(one.string)
    return _Catalogue(gettext.GNUTranslations(made), by_context)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language: English ones by what they are for, and what translates them.

    ``names`` are the texts without a number, ``plurals`` those with one.
    """

    language: str
    catalogue: gettext.NullTranslations
    names: Mapping[str, str]
    plurals: Mapping[str, tuple[str, str]]

    @property
    def locale(self) -> str:
        """Whose way of writing dates and lists it is."""
        return locale_of(self.language)

    @property
    def is_right_to_left(self) -> bool:
        """Which way the language is written."""
        return is_right_to_left(self.language)

    def name(self, of: str, **values: str) -> str:
        """The text without a number that is for this."""
        return self.catalogue.gettext(self.names[of]) % values

    def number(self, of: str, count: int, **values: str) -> str:
        """The text for so many of this, in the form that the number takes."""
        singular, plural = self.plurals[of]
        return self.catalogue.ngettext(singular, plural, count) % {"n": count, **values}
