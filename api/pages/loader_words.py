"""What loading a roster says in English, in the languages of pages: its texts are known again by their templates.

The loader is a program of its own, whose report gives reasons, remedies and notes in English, names and numbers filled
in. Catalogues have them as they stand in its code, with places such as ``%(name)s``: api.pages.loader_extraction.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Self

from api.catalogues import messages
from api.pages.words import FOLDER, listed, translated

__all__ = ["CONTEXT", "NOUNS", "PLACE", "SENTENCES", "of_command", "of_loader"]

CONTEXT: Final = "loader"
"""Under which catalogues keep these texts."""
NOUNS: Final = "loader noun"
"""And these, under which they keep the nouns that stand in some places of them."""
PLACES_OF_NOUNS: Final = {"noun", "nouns", "thing"}
SENTENCES: Final = {"reason", "remedy", "sentence"}
"""Places in which another of the loader's texts stands, or the text is not by this template."""
PARTS: Final = SENTENCES | {
    *("advice", "choices", "hint", "it", "like", "message", "people", "place", "shown", "what", "where", "why")
}
"""Places in which another of its texts may stand, unless it stands in quotation marks: that is somebody's own."""
DEEPEST: Final = 3
"""How many texts may stand in one another."""
PLACE: Final = re.compile(r"%\((\w+)\)s")
TWO_WORDS: Final = re.compile(r"[^\W\d_]{2,} [^\W\d_]{2,}")
LONGEST: Final = 10_000


@dataclass(frozen=True, slots=True)
class _Template:
    """A text of the loader: what stands around its places, how these are called, and its translation."""

    around: tuple[str, ...]
    places: tuple[str, ...]
    translation: str

    @classmethod
    def of(cls, english: str, translation: str) -> Self:
        around = tuple(part.replace("%%", "%") for part in PLACE.split(english)[::2])
        return cls(around, tuple(PLACE.findall(english)), translation)

    @property
    def own(self) -> frozenset[str]:
        """The places in quotation marks."""
        beside = zip(self.places, self.around[:-1], self.around[1:], strict=True)
        return frozenset(place for place, before, after in beside if before.endswith("'") and after.startswith("'"))

    def facts(self, text: str) -> Mapping[str, str] | None:
        """What stands in the places of a text that is made by this template; None if it is not.

        Each part of the template is looked for from the left, without trying again, so it takes time as long as the
        text is, whatever stands in it.
        """
        first, last = self.around[0], self.around[-1]
        if not self.places:
            return {} if text == first else None
        if not (text.startswith(first) and text.endswith(last) and len(text) >= len(first) + len(last)):
            return None
        at, end, found = len(first), len(text) - len(last), list[str]()
        for part in self.around[1:-1]:
            next_at = text.find(part, at, end)
            if next_at < 0:
                return None
            found.append(text[at:next_at])
            at = next_at + len(part)
        return dict(zip(self.places, [*found, text[at:end]], strict=True))


def of_loader(text: str, language: str) -> str | None:
    """A reason, remedy, note or place of the loader in a language; None if no catalogue has it.

    Nothing of it is kept: it may tell of people.
    """
    return text if language == "en" else _said(text, language, DEEPEST)


def of_command(text: str, language: str) -> str | None:
    """What loading said last that came to nothing: the loader's words, or the graph's; None if no catalogue has it."""
    return of_loader(text, language) or _first(_wordings(language), text)


def _first(templates: Iterable[_Template], text: str) -> str | None:
    """What a text says by the first template that it is by, with what stands in it as it is."""
    found = ((template, template.facts(text)) for template in templates if not SENTENCES & set(template.places))
    return next((template.translation % facts for template, facts in found if facts is not None), None)


def _said(text: str, language: str, deepest: int) -> str | None:
    if len(text) > LONGEST or not deepest:
        return None
    templates = _templates(language)
    for template in templates.get(text[:1], templates[""]):
        facts = template.facts(text)
        if facts is None:
            continue
        said = {place: _fact(place, fact, template, language, deepest) for place, fact in facts.items()}
        if None not in said.values():
            return template.translation % said
    return None


def _fact(place: str, fact: str, template: _Template, language: str, deepest: int) -> str | None:
    """What stands in a place: a noun, reasons beside each other, another of the loader's texts, or somebody's own."""
    if place in PLACES_OF_NOUNS:
        return _nouns(language).get(fact, fact)
    if place == "reasons":
        return listed([translated(one, language) or one for one in fact.split(", ")], language)
    said = _said(fact, language, deepest - 1) if place in PARTS - template.own else None
    return said if said is not None or place in SENTENCES else fact


@cache
def _nouns(language: str) -> Mapping[str, str]:
    return messages(FOLDER, language, NOUNS)


@cache
def _wordings(language: str) -> tuple[_Template, ...]:
    """What else catalogues have with two words of its own or more, what says most by itself first."""
    found = [_Template.of(*one) for one in messages(FOLDER, language, None).items() if TWO_WORDS.search(one[0])]
    return tuple(sorted(found, key=lambda one: -sum(map(len, one.around))))


@cache
def _templates(language: str) -> Mapping[str, tuple[_Template, ...]]:
    """Those that a text may be by, by its first letter; under "", those that begin with a place.

    Those that say most by themselves come first, or a text would be taken for one that fits anything.
    """
    found = [_Template.of(*one) for one in messages(FOLDER, language, CONTEXT).items()]
    found.sort(key=lambda one: (-sum(map(len, one.around)), not SENTENCES & set(one.places)))
    letters = {"", *(one.around[0][:1] for one in found)}
    return {letter: tuple(one for one in found if one.around[0][:1] in {"", letter}) for letter in letters}
