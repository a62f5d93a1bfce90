"""The words of a report in the six UN languages: gettext catalogues, with each language's own plural forms."""

import gettext
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

__all__ = ["NAMES", "PLURALS", "Words", "beside", "locale_of", "words_of"]

FOLDER: Final = Path(__file__).with_name("translations")

NAMES: Final[Mapping[str, str]] = {
    "title": "Programme achievements in %(year)s",
    "title of a span": "Programme achievements from %(since)s to %(until)s",
    "products": "Products",
    "projects": "Innovative projects and partnership building",
    "assistance": "Technical assistance and capacity-building",
    "experts": "Connecting experts",
    "projected": "Projected activities in %(year)s",
    "projected in a span": "Projected activities from %(since)s to %(until)s",
    "behind": "The lists behind the figures",
    "nothing": "Nothing is known of this time.",
    "fictional": "This is a sample network: all that it tells of people, organisations and events is fictional.",
    "told": "%(name)s: %(values)s",
    "languages": "Languages",
    "countries": "Countries",
    "partners": "Partners",
    "themes": "Themes",
    "topics": "Topics",
}
"""Every text without a number, by what it is for; English is what catalogues translate."""

PLURALS: Final[Mapping[str, tuple[str, str]]] = {
    "module": ("%(n)s module published", "%(n)s modules published"),
    "compendium": ("%(n)s compendium published", "%(n)s compendiums published"),
    "course": ("%(n)s course published", "%(n)s courses published"),
    "guide": ("%(n)s guide published", "%(n)s guides published"),
    "roadmap": ("%(n)s roadmap (national action plan) developed", "%(n)s roadmaps (national action plans) developed"),
    "resources": ("%(n)s publication (%(kind)s)", "%(n)s publications (%(kind)s)"),
    "projects": ("%(n)s new project", "%(n)s new projects"),
    "launch": ("%(n)s high-level launch", "%(n)s high-level launches"),
    "briefing": ("%(n)s expert briefing held", "%(n)s expert briefings held"),
    "workshop": ("%(n)s workshop held", "%(n)s workshops held"),
    "training": ("%(n)s training held", "%(n)s trainings held"),
    "events": ("%(n)s event (%(kind)s)", "%(n)s events (%(kind)s)"),
    "outreach": ("%(n)s outreach activity", "%(n)s outreach activities"),
    "partners": ("%(n)s partner organisation took part", "%(n)s partner organisations took part"),
    "countries": (
        "Specialized work conducted in %(n)s beneficiary country",
        "Specialized work conducted in %(n)s beneficiary countries",
    ),
    "national": (
        "%(n)s national capacity-building activity implemented",
        "%(n)s national capacity-building activities implemented",
    ),
    "regional": (
        "%(n)s regional or global activity implemented",
        "%(n)s regional or global activities implemented",
    ),
    "activities": ("%(n)s activity (%(kind)s)", "%(n)s activities (%(kind)s)"),
    "members": ("%(n)s member of the expert network", "%(n)s members of the expert network"),
    "new_members": ("%(n)s new member", "%(n)s new members"),
    "speakers": ("%(n)s expert spoke at the events", "%(n)s experts spoke at the events"),
    "more": ("%(n)s more is not listed here", "%(n)s more are not listed here"),
}
"""Every text with a number, by what is counted."""


def locale_of(language: str) -> str:
    """Whose way of writing dates and lists goes with a language: in English as in Britain, as the UN does."""
    return "en_GB" if language == "en" else language


def beside(texts: Iterable[str], language: str) -> str:
    """Texts beside each other, without an 'and'."""
    return {"ar": "، ", "zh": "、"}.get(language, ", ").join(texts)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language."""

    language: str
    catalogue: gettext.NullTranslations

    @property
    def locale(self) -> str:
        """Whose way of writing dates and lists it is."""
        return locale_of(self.language)

    @property
    def is_right_to_left(self) -> bool:
        """Which way the language is written."""
        return Locale(self.language).text_direction == "rtl"

    def name(self, of: str, **values: str) -> str:
        """The text without a number that is for this."""
        return self.catalogue.gettext(NAMES[of]) % values

    def number(self, of: str, count: int, **values: str) -> str:
        """The text for so many of this, in the form that the number takes."""
        singular, plural = PLURALS[of]
        return self.catalogue.ngettext(singular, plural, count) % {"n": count, **values}


@lru_cache(maxsize=6)
def words_of(language: str) -> Words:
    """The words of one of the six languages; English needs no catalogue."""
    if language == "en":
        return Words(language, gettext.NullTranslations())
    with (FOLDER / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    made = io.BytesIO()
    write_mo(made, catalogue)
    made.seek(0)
    return Words(language, gettext.GNUTranslations(made))
