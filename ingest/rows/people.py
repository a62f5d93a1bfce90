"""Organisations, experts and their affiliations."""

from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import BeforeValidator, Field, model_validator

from graph.intake import (
    AffiliationRecord,
    ExpertiseRecord,
    ExpertRecord,
    Kind,
    OrganisationRecord,
    SpokenLanguageRecord,
)
from graph.values import Gender
from ingest.cells import Cell, CountryCode, Day, Email, Id, Orcid, PartialDate, Phone, Title, Url, one_of
from ingest.rows.columns import (
    CountryCodes,
    ExpertId,
    ExpertiseList,
    Identifiers,
    Names,
    OrganisationId,
    Periods,
    SpokenLanguages,
)
from ingest.rows.row import Row, in_order

__all__ = ["Affiliation", "Expert", "Organisation", "OrganisationKind"]


class OrganisationKind(StrEnum):
    """What sort of organisation it is."""

    GOVERNMENT = "government"
    POLICE = "police"
    INTERNATIONAL = "international"
    ACADEMIA = "academia"
    CIVIL_SOCIETY = "civil-society"
    PRIVATE_SECTOR = "private-sector"
    FAITH_COMMUNITY = "faith-community"


class Organisation(Row):
    """An organisation: where people work, or a partner of the programme."""

    stands_for: ClassVar[Kind] = Kind.ORGANISATIONS

    id: Id = Field(description="The organisation's id.", examples=["tunis-safe-mosques"])
    name: Title = Field(description="Its name.", examples=["Association of Mosque Stewards"])
    kind: (
        Annotated[OrganisationKind, BeforeValidator(one_of(OrganisationKind)), Cell(choices=(*OrganisationKind,))]
        | None
    ) = Field(None, description="What sort of organisation it is.", examples=["civil-society"])
    country: CountryCode | None = Field(None, description="Where it is based (ISO 3166 alpha-2).", examples=["TN"])
    website: Url | None = Field(None, description="Its web address.", examples=["https://stewards.example.org"])

    def record(self) -> OrganisationRecord:
        """As graph.intake.store_organisations takes it."""
        return OrganisationRecord(
            id=self.id,
            name=self.name,
            kind=self.kind,
            country=self.country,
            website=self.website,
            digest=self.digest,
        )


class Expert(Row):
    """A practitioner of the network."""

    stands_for: ClassVar[Kind] = Kind.EXPERTS

    id: Id = Field(description="The person's id.", examples=["salma-benrabah"])
    name: Title = Field(description="The name as the person writes it.", examples=["Salma Benrabah"])
    headline: Title | None = Field(
        None, description="The role in a few words.", examples=["Trainer of volunteer stewards"]
    )
    other_names: Names = Field(
        (), description="Other names and spellings of the same person.", examples=["سلمى بنرابح; S. Benrabah"]
    )
    email: Email | None = Field(None, description="The e-mail address.", examples=["salma@example.org"])
    phone: Phone | None = Field(
        None, description="The telephone number with its country's code (E.164).", examples=["+21671000000"]
    )
    website: Url | None = Field(None, description="A page of the person's own.", examples=["https://salma.example.org"])
    orcid: Orcid | None = Field(None, description="The person's ORCID iD.", examples=["0000-0002-1825-0097"])
    identifiers: Identifiers = Field(
        (),
        description="What other registers know the person by (register:number).",
        examples=["openalex:A5000000000; pretalx:conference.example.org/ABCDEF"],
    )
    country: CountryCode | None = Field(None, description="Where the person lives (ISO 3166 alpha-2).", examples=["TN"])
    languages: SpokenLanguages = Field(
        (),
        description="Languages with how well each is spoken: native, fluent, working or basic (BCP 47 tag:level).",
        examples=["ar:native; fr:fluent"],
    )
    topics: ExpertiseList = Field(
        (),
        description="Topics with how deeply each is known, lead, practitioner or familiar, "
        "and since which year, if that is known (topic:level:year).",
        examples=["worship-stewards:lead:2011; religious-sites:practitioner"],
    )
    worked_in: CountryCodes = Field(
        (), description="Countries where the person has worked (ISO 3166 alpha-2).", examples=["TN; FR"]
    )
    joined: Day | None = Field(None, description="When the person joined the network.", examples=["2022-02-10"])
    gender: Annotated[Gender, BeforeValidator(one_of(Gender)), Cell(choices=(*Gender,))] | None = Field(
        None,
        description="What the person says they are, for the balance of panels; only organisers and the person see it.",
        examples=["woman"],
    )
    away: Periods = Field(
        (),
        description="When the person is not available: first and last day (ISO 8601 intervals), 50 periods at most.",
        examples=["2027-07-01/2027-07-31; 2027-12-20/2028-01-03"],
    )
    documents: Names = Field(
        (),
        description="Files that are evidence on the person and do not say so themselves: their paths in the folder, "
        "or their names.",
        examples=["scan-17.pdf; documents/cvs/benrabah.docx"],
    )

    def record(self) -> ExpertRecord:
        """As graph.intake.store_experts takes it."""
        return ExpertRecord(
            id=self.id,
            name=self.name,
            headline=self.headline,
            other_names=list(self.other_names),
            email=self.email,
            phone=self.phone,
            website=self.website,
            orcid=self.orcid,
            identifiers=list(self.identifiers),
            country=self.country,
            languages=[SpokenLanguageRecord(language=one.language, level=one.level) for one in self.languages],
            topics=[ExpertiseRecord(topic=one.topic, level=one.level, since=one.since) for one in self.topics],
            worked_in=list(self.worked_in),
            joined=self.joined,
            gender=self.gender,
            away=[str(period) for period in self.away],
            digest=self.digest,
        )


class Affiliation(Row):
    """That a person works or worked for an organisation."""

    stands_for: ClassVar[Kind] = Kind.AFFILIATIONS
    key: ClassVar[tuple[str, ...]] = ("expert", "organisation", "role", "since")

    expert: ExpertId = Field(description="Id of the person.", examples=["salma-benrabah"])
    organisation: OrganisationId = Field(description="Id of the organisation.", examples=["tunis-safe-mosques"])
    role: Title | None = Field(None, description="What the person is there.", examples=["Head of training"])
    since: PartialDate | None = Field(None, alias="from", description="First year, month or day.", examples=["2014-09"])
    until: PartialDate | None = Field(
        None, alias="to", description="Last year, month or day; empty for a present one.", examples=["2021"]
    )

    @model_validator(mode="after")
    def ends_after_start(self) -> Self:
        """An affiliation ends no earlier than it starts, as far as both are known."""
        if self.since is not None and self.until is not None:
            known = min(len(self.since), len(self.until))
            in_order(self.since[:known], self.until[:known], column="to")
        return self

    def record(self) -> AffiliationRecord:
        """As graph.intake.store_affiliations takes it."""
        return AffiliationRecord(
            id=self.identity,
            expert=self.expert,
            organisation=self.organisation,
            role=self.role,
            since=self.since,
            until=self.until,
            digest=self.digest,
        )
