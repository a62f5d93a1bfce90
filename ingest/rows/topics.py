"""Topics."""

import re
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from graph.intake import Kind, TopicRecord
from graph.values import UN_LANGUAGES
from ingest.cells import Cell, Id, Label, Prose, Title, Unfit, all_different, line, listed, one_of, slug, visible
from ingest.rows.columns import Labels, TopicId
from ingest.rows.row import Row

__all__ = ["Iri", "Topic"]

# A scheme, a colon, and none of the characters that RFC 3987 keeps out of an IRI.
IRI = r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+"


def iri(text: str) -> str:
    """An IRI (RFC 3987), such as https://example.org/topics/stadiums."""
    found = line(2000)(text)
    if re.fullmatch(IRI, found) is None:
        raise Unfit(f"'{visible(found)}' is not an IRI", remedy="write one such as https://example.org/topics/stadiums")
    return found


def topic_anywhere(text: str) -> str:
    """A topic of this or another scheme: an IRI, or the id of a topic."""
    return iri(text) if ":" in text else slug(text)


class YesNo(StrEnum):
    """How a cell says whether something is so."""

    TRUE = "true"
    FALSE = "false"


Iri = Annotated[str, BeforeValidator(iri), Cell(max_length=2000, format="uri")]
ExactMatches = Annotated[
    tuple[Annotated[str, BeforeValidator(topic_anywhere)], ...],
    BeforeValidator(listed),
    AfterValidator(all_different),
    Cell("list"),
]


class Topic(Row):
    """A concept of the network's topic scheme (SKOS): what people can know and events can cover."""

    stands_for: ClassVar[Kind] = Kind.TOPICS

    id: Id = Field(description="The topic's id.", examples=["worship-stewards"])
    broader: TopicId | None = Field(
        None, description="The next broader topic; empty at the top.", examples=["religious-sites"]
    )
    label_en: Label | None = Field(
        None,
        description="Its preferred name in English; it may be missing where there is one in another language.",
        examples=["Stewards at places of worship"],
    )
    label_fr: Label | None = Field(
        None, description="The same in French.", examples=["Bénévoles d'accueil des lieux de culte"]
    )
    label_es: Label | None = Field(None, description="The same in Spanish.", examples=["Voluntarios de acogida"])
    label_ar: Label | None = Field(None, description="The same in Arabic.", examples=["متطوعو التنظيم في دور العبادة"])
    label_ru: Label | None = Field(None, description="The same in Russian.", examples=["Волонтёры-распорядители"])
    label_zh: Label | None = Field(None, description="The same in Chinese.", examples=["礼拜场所志愿管理员"])
    other_labels_en: Labels = Field((), description="Other names in English.", examples=["church wardens; ushers"])
    other_labels_fr: Labels = Field((), description="Other names in French.", examples=["marguilliers; placiers"])
    other_labels_es: Labels = Field((), description="Other names in Spanish.", examples=["ujieres"])
    other_labels_ar: Labels = Field((), description="Other names in Arabic.", examples=["خدام الكنيسة"])
    other_labels_ru: Labels = Field((), description="Other names in Russian.", examples=["церковные старосты"])
    other_labels_zh: Labels = Field((), description="Other names in Chinese.", examples=["教堂执事"])
    definition: Prose | None = Field(
        None, description="What it means, in English.", examples=["Training the volunteers who welcome worshippers."]
    )

    scheme: Title | None = Field(
        None, description="The concept scheme that it is of.", examples=["Thesaurus of vulnerable places"]
    )
    iri: Iri | None = Field(
        None, description="The IRI that its scheme gives it.", examples=["https://example.org/topics/worship-stewards"]
    )
    exact_match: ExactMatches = Field(
        (),
        description="The same topic in other schemes, by its IRI or id (skos:exactMatch).",
        examples=["https://example.org/places/stewards; church-wardens"],
    )
    deprecated: Annotated[YesNo, BeforeValidator(one_of(YesNo)), Cell(choices=(*YesNo,))] | None = Field(
        None, description="Whether it should no longer be used; it is kept and marked.", examples=["true"]
    )

    @model_validator(mode="after")
    def has_a_label(self) -> Self:
        """A topic has a preferred name in one language at least."""
        if not any(getattr(self, f"label_{language}") for language in UN_LANGUAGES):
            raise Unfit(
                "it has no label in any language", remedy="write its name in label_en or another", column="label_en"
            )
        return self

    def record(self) -> TopicRecord:
        """As graph.intake.store_topics takes it."""
        names: dict[str, str | list[str] | None] = {}
        labels: list[str] = []
        for language in UN_LANGUAGES:
            label, others = getattr(self, f"label_{language}"), getattr(self, f"other_labels_{language}")
            names[f"label_{language}"] = label
            names[f"other_labels_{language}"] = list(others)
            labels += [label, *others] if label else others
        return TopicRecord(
            id=self.id,
            broader=self.broader,
            names=names,
            labels=labels,
            definition=self.definition,
            scheme=self.scheme,
            iri=self.iri,
            exact_match=list(self.exact_match),
            deprecated=None if self.deprecated is None else self.deprecated is YesNo.TRUE,
            digest=self.digest,
        )
