"""Topics."""

from typing import ClassVar

from pydantic import Field

from graph.intake import Kind, TopicRecord
from graph.values import UN_LANGUAGES
from ingest.cells import Id, Label, Prose
from ingest.rows.columns import Labels, TopicId
from ingest.rows.row import Row

__all__ = ["Topic"]


class Topic(Row):
    """A concept of the network's topic scheme (SKOS): what people can know and events can cover."""

    stands_for: ClassVar[Kind] = Kind.TOPICS

    id: Id = Field(description="The topic's id.", examples=["worship-stewards"])
    broader: TopicId | None = Field(
        None, description="The next broader topic; empty at the top.", examples=["religious-sites"]
    )
    label_en: Label = Field(description="Its preferred name in English.", examples=["Stewards at places of worship"])
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
            digest=self.digest,
        )
