"""Columns that several files have: ids of other things, one or many, and lists."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from graph.intake import Kind
from ingest.cells import (
    Cell,
    CountryCode,
    Expertise,
    Identifier,
    Label,
    LanguageTag,
    Spoken,
    Title,
    all_different,
    expertise,
    listed,
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
