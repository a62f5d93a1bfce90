"""Columns that several files have: ids of other things, one or many, and lists."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from graph.intake import Kind
from graph.values import MOST_PERIODS, Period
from ingest.cells import (
    Cell,
    CountryCode,
    Expertise,
    Identifier,
    Label,
    LanguageTag,
    Spoken,
    Title,
    Unfit,
    all_different,
    expertise,
    listed,
    period,
    slug,
    spoken,
)

__all__ = [
    "CountryCodes",
    "EventId",
    "ExpertId",
    "ExpertIds",
    "ExpertiseList",
    "Identifiers",
    "Labels",
    "LanguageTags",
    "Names",
    "OrganisationId",
    "OrganisationIds",
    "Periods",
    "ProjectId",
    "ResourceId",
    "SeriesId",
    "SpokenLanguages",
    "TopicId",
    "TopicIds",
]

OrganisationId = Annotated[str, BeforeValidator(slug), Cell(refers_to=Kind.ORGANISATIONS)]
TopicId = Annotated[str, BeforeValidator(slug), Cell(refers_to=Kind.TOPICS)]
SeriesId = Annotated[str, BeforeValidator(slug), Cell(refers_to=Kind.SERIES)]
ProjectId = Annotated[str, BeforeValidator(slug), Cell(refers_to=Kind.PROJECTS)]
ExpertId = Annotated[str, BeforeValidator(slug), Cell(refers_to=Kind.EXPERTS)]
EventId = Annotated[str, BeforeValidator(slug), Cell(refers_to=Kind.EVENTS)]
ResourceId = Annotated[str, BeforeValidator(slug), Cell(refers_to=Kind.RESOURCES)]

LIST = "list"
TopicIds = Annotated[
    tuple[TopicId, ...], BeforeValidator(listed), AfterValidator(all_different), Cell(LIST, refers_to=Kind.TOPICS)
]
ExpertIds = Annotated[
    tuple[ExpertId, ...], BeforeValidator(listed), AfterValidator(all_different), Cell(LIST, refers_to=Kind.EXPERTS)
]
OrganisationIds = Annotated[
    tuple[OrganisationId, ...],
    BeforeValidator(listed),
    AfterValidator(all_different),
    Cell(LIST, refers_to=Kind.ORGANISATIONS),
]
CountryCodes = Annotated[tuple[CountryCode, ...], BeforeValidator(listed), AfterValidator(all_different), Cell(LIST)]
LanguageTags = Annotated[tuple[LanguageTag, ...], BeforeValidator(listed), AfterValidator(all_different), Cell(LIST)]
Labels = Annotated[tuple[Label, ...], BeforeValidator(listed), AfterValidator(all_different), Cell(LIST)]
Names = Annotated[tuple[Title, ...], BeforeValidator(listed), AfterValidator(all_different), Cell(LIST)]
Identifiers = Annotated[tuple[Identifier, ...], BeforeValidator(listed), AfterValidator(all_different), Cell(LIST)]


def few(periods: tuple[Period, ...]) -> tuple[Period, ...]:
    """The same periods.

    Raises:
        Unfit: there are more than a person may give.
    """
    if len(periods) > MOST_PERIODS:
        raise Unfit(f"it has {len(periods)} periods, more than {MOST_PERIODS}", remedy="leave out those that are over")
    return periods


Periods = Annotated[
    tuple[Annotated[Period, BeforeValidator(period)], ...],
    BeforeValidator(listed),
    AfterValidator(all_different),
    AfterValidator(few),
    Cell(LIST),
]
SpokenLanguages = Annotated[
    tuple[Annotated[Spoken, BeforeValidator(spoken)], ...],
    BeforeValidator(listed),
    AfterValidator(all_different),
    Cell(LIST),
]
ExpertiseList = Annotated[
    tuple[Annotated[Expertise, BeforeValidator(expertise)], ...],
    BeforeValidator(listed),
    AfterValidator(all_different),
    Cell(LIST, refers_to=Kind.TOPICS),
]
