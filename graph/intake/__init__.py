"""What the graph takes in from a network's folder: a record per noun, and the one statement that stores it.

Every function works inside a transaction that the caller opened, so that a batch is stored whole or not at all. A
record carries the digest of the row that it was made from; the graph keeps it, and :func:`known` gives it back, so
that an unchanged row is recognised without writing. What was not taken in from a folder has no digest, and is never
removed from here. Documents and passages are stored by graph.passages.
"""

from graph.intake.events import (
    AttendanceRecord,
    EventRecord,
    SeriesRecord,
    SpeakerRecord,
    remove_attendance,
    remove_events,
    remove_series,
    remove_speakers,
    store_attendance,
    store_events,
    store_series,
    store_speakers,
)
from graph.intake.experts import (
    AffiliationRecord,
    ExpertiseRecord,
    ExpertRecord,
    SpokenLanguageRecord,
    remove_affiliations,
    remove_experts,
    store_affiliations,
    store_experts,
)
from graph.intake.known import Kind, Known, KnownPassage, Place, known, known_passages, known_places
from graph.intake.network import NetworkRecord, known_network, store_network
from graph.intake.organisations import OrganisationRecord, remove_organisations, store_organisations
from graph.intake.places import (
    CountryRecord,
    LanguageRecord,
    RegionRecord,
    store_countries,
    store_languages,
    store_regions,
)
from graph.intake.programme import (
    ActivityRecord,
    ProjectRecord,
    ResourceRecord,
    remove_activities,
    remove_projects,
    remove_resources,
    store_activities,
    store_projects,
    store_resources,
)
from graph.intake.topics import TopicRecord, remove_topics, store_topics

__all__ = [
    "ActivityRecord",
    "AffiliationRecord",
    "AttendanceRecord",
    "CountryRecord",
    "EventRecord",
    "ExpertRecord",
    "ExpertiseRecord",
    "Kind",
    "Known",
    "KnownPassage",
    "LanguageRecord",
    "NetworkRecord",
    "OrganisationRecord",
    "Place",
    "ProjectRecord",
    "RegionRecord",
    "ResourceRecord",
    "SeriesRecord",
    "SpeakerRecord",
    "SpokenLanguageRecord",
    "TopicRecord",
    "known",
    "known_network",
    "known_passages",
    "known_places",
    "remove_activities",
    "remove_affiliations",
    "remove_attendance",
    "remove_events",
    "remove_experts",
    "remove_organisations",
    "remove_projects",
    "remove_resources",
    "remove_series",
    "remove_speakers",
    "remove_topics",
    "store_activities",
    "store_affiliations",
    "store_attendance",
    "store_countries",
    "store_events",
    "store_experts",
    "store_languages",
    "store_network",
    "store_organisations",
    "store_projects",
    "store_regions",
    "store_resources",
    "store_series",
    "store_speakers",
    "store_topics",
]
