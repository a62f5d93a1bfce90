"""Columns and orders that several nouns share."""

from graph.model.shapes import Column, Kind, Order
from graph.values import ExpertiseLevel, LanguageLevel

__all__ = [
    "BY_LABEL",
    "BY_NAME",
    "BY_NAME_EN",
    "BY_TITLE",
    "DEPTH",
    "EXPERTISE",
    "LONG_AGO",
    "NEWEST",
    "PROFICIENCY",
    "SLOT",
    "SPEAKS_BEST",
    "VERSION_OF_WORK",
    "name",
    "slug",
    "title",
]


def slug(where: str) -> Column:
    """The id within the noun."""
    return Column("slug", Kind.ID, f"The id in {where}.", of="id", is_required=True)


def title(of: str) -> Column:
    """A title in one language."""
    return Column("title", Kind.TEXT, f"The {of}'s title.", is_required=True, has_order=True, is_alphabetical=True)


def name(of: str) -> Column:
    """A name in several languages."""
    return Column("name", Kind.NAME, f"The {of}'s name.", is_required=True, has_order=True, is_alphabetical=True)


# The name itself tells apart what is alike in its first hundred letters.
SORT_KEY = "coalesce({key}, '')"
BY_NAME = (Order(SORT_KEY), Order("{m}.name"))
BY_NAME_EN = (Order(SORT_KEY), Order("coalesce({m}.name_en, '')"))
BY_TITLE = (Order(SORT_KEY), Order("coalesce({m}.title, '')"))
BY_LABEL = (
    Order(SORT_KEY),
    Order("coalesce({m}.label_en, {m}.label_fr, {m}.label_es, {m}.label_ar, {m}.label_ru, {m}.label_zh, '')"),
)

LONG_AGO = "-62135596800000"
"""A moment before every other, in milliseconds: 1 January of the year 1."""

# What has no date yet comes last.
NEWEST = (Order("coalesce({m}.starts_at.epochMillis, " + LONG_AGO + ")", is_descending=True),)

DEPTH = Order("CASE {r}.level WHEN 'lead' THEN 0 WHEN 'practitioner' THEN 1 ELSE 2 END")
EXPERTISE = (
    Column(
        "level",
        Kind.CHOICE,
        "How deep the expertise goes.",
        choices=ExpertiseLevel,
        is_required=True,
        is_edge=True,
    ),
    Column("since", Kind.WHOLE, "The year since when.", is_edge=True),
)

SPEAKS_BEST = Order("CASE {r}.level WHEN 'native' THEN 0 WHEN 'fluent' THEN 1 WHEN 'working' THEN 2 ELSE 3 END")
PROFICIENCY = (
    Column(
        "proficiency",
        Kind.CHOICE,
        "How well they speak it.",
        of="level",
        choices=LanguageLevel,
        is_required=True,
        is_edge=True,
    ),
)

SLOT = (
    Column("role", Kind.TEXT, "As what: speaker, moderator or panellist.", is_edge=True),
    Column("title", Kind.TEXT, "The talk's title.", of="talk", is_edge=True),
    Column("starts_at", Kind.MOMENT, "When the talk begins.", is_edge=True),
    Column("ends_at", Kind.MOMENT, "When the talk ends.", is_edge=True),
    Column("room", Kind.TEXT, "The room.", is_edge=True),
    Column("language", Kind.LANGUAGE_TAG, "The BCP 47 tag of the language it is given in.", is_edge=True),
    Column("url", Kind.URL, "The talk's page.", is_edge=True),
)

VERSION_OF_WORK = (
    Column("title", Kind.TEXT, "The title in that language, where it is said.", is_edge=True),
    Column("url", Kind.URL, "Where the version in that language is found.", is_edge=True),
    Column("published_on", Kind.DAY, "When the version in that language was published.", is_edge=True),
)
