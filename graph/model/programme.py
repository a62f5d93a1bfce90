"""What a programme makes and does: events in series, resources, projects and activities."""

from typing import LiteralString

from graph.model.agenda import AGENDA
from graph.model.parts import (
    BY_LABEL,
    BY_NAME,
    BY_NAME_EN,
    BY_TITLE,
    NEWEST,
    SLOT,
    VERSION_OF_WORK,
    slug,
    title,
)
from graph.model.people import PASSAGE
from graph.model.shapes import Column, Kind, Noun, Order, Relation
from graph.values import EventStage
from graph.viewer import FieldGroup

__all__ = ["ACTIVITY", "EVENT", "PROJECT", "RESOURCE", "SERIES", "event_stage"]

DESCRIPTION = Column("description", Kind.TEXT, "What it is about, in a paragraph.")
STARTS_ON = Column("starts_on", Kind.DAY, "The day it begins.", has_order=True)
ENDS_ON = Column("ends_on", Kind.DAY, "The day it ends.", has_order=True)
VERSION = Column(
    "version",
    Kind.WHOLE,
    "Which version this is, for changing it.",
    cypher="coalesce({n}.version, 0)",
    is_required=True,
    has_filter=False,
)


# The times are moments, or days; where nobody said when, an event is to come.
STAGE: LiteralString = (
    "CASE WHEN STATUS = 'cancelled' THEN 'cancelled' WHEN ENDS < NOW THEN 'held' WHEN STARTS <= NOW THEN 'under_way' "
    "WHEN STATUS = 'confirmed' THEN 'confirmed' ELSE 'planned' END"
)


def event_stage(
    *, status: LiteralString, starts: LiteralString, ends: LiteralString, now: LiteralString
) -> LiteralString:
    """Cypher for how far an event is (:class:`graph.values.EventStage`), from Cypher for its status and times."""
    return STAGE.replace("STATUS", status).replace("STARTS", starts).replace("ENDS", ends).replace("NOW", now)


def _topics() -> Relation:
    return Relation(
        "topics", "Topic", "({n})-[{r}:COVERS]->({m}:Topic)", "What it covers, by English label.", order=BY_LABEL
    )


def _languages(*columns: Column) -> Relation:
    return Relation(
        "languages",
        "Language",
        "({n})-[{r}:IN_LANGUAGE]->({m}:Language)",
        "The languages it is in, by English name.",
        columns,
        order=BY_NAME_EN,
        shows=True,
    )


def _partners() -> Relation:
    return Relation(
        "partners",
        "Organisation",
        "({n})<-[{r}:PARTNER_IN]-({m}:Organisation)",
        "Organisations that are partners in it, by name.",
        order=BY_NAME,
        shows=True,
    )


def _countries() -> Relation:
    return Relation(
        "countries",
        "Country",
        "({n})-[{r}:FOR_COUNTRY]->({m}:Country)",
        "The countries it is for, by English name.",
        order=BY_NAME_EN,
    )


# A version is called what is said of it, else what the one document of the work in that language is, to whoever sees a
# passage of that. The version in the language that is asked for comes first, then one that is called as the work is.
VERSION_TO_SHOW = """head(COLLECT {
  MATCH ({n})-[own:IN_LANGUAGE]->(version:Language)
  OPTIONAL MATCH ({n})<-[:DRAWN_FROM]-(document:Document {kind: 'resource', language: version.id})
  WHERE EXISTS { MATCH (document)<-[:PART_OF]-(piece:Passage) WHERE SEES }
  WITH own, version, collect(DISTINCT document.title) AS titles
  WITH version.id AS tag, coalesce(own.title, CASE size(titles) WHEN 1 THEN titles[0] END) AS title
  WHERE title IS NOT NULL AND (tag = '{language}' OR title = {n}.title)
  RETURN {title: title, tag: tag} ORDER BY tag <> '{language}', tag LIMIT 1
})""".replace("SEES", PASSAGE.sees.replace("{n}", "piece"))


def _passages() -> Relation:
    return Relation(
        "passages",
        "Passage",
        "({n})<-[:DRAWN_FROM]-(:Document)<-[{r}:PART_OF]-({m}:Passage)",
        "Evidence drawn from it.",
        order=(Order("{m}.id"),),
    )


EVENT = Noun(
    "Event",
    "events",
    "A briefing, launch, workshop or training.",
    columns=(
        slug("the calendar"),
        title("event"),
        Column("kind", Kind.TEXT, "What kind of event it is, such as briefing or launch.", is_required=True),
        Column("format", Kind.TEXT, "How people take part: online, in-person or hybrid."),
        Column("status", Kind.TEXT, "Whether it takes place: confirmed, tentative or cancelled."),
        Column("starts_at", Kind.MOMENT, "When it begins.", has_order=True),
        Column("ends_at", Kind.MOMENT, "When it ends.", has_order=True),
        Column("time_zone", Kind.TEXT, "The time zone it is held in, as the IANA database names it."),
        Column("place", Kind.TEXT, "Where it is held, in words."),
        Column("capacity", Kind.WHOLE, "How many people it has room for; null if nobody said.", has_order=True),
        Column("url", Kind.URL, "Its page."),
        DESCRIPTION,
        VERSION,
        Column(
            "stage",
            Kind.CHOICE,
            "How far it is now: to come, under way, held or cancelled; without an end it is under way all day (UTC).",
            cypher=event_stage(
                status="{n}.status",
                starts="{n}.starts_at",
                ends="CASE WHEN {n}.ends_at IS NULL AND {n}.starts_at IS NOT NULL "
                "THEN datetime.truncate('day', {n}.starts_at) + duration('P1D') ELSE {n}.ends_at END",
                now="datetime()",
            ),
            choices=EventStage,
            is_required=True,
        ),
        Column(
            "agenda_version",
            Kind.WHOLE,
            "Which version of its agenda this is, for changing that.",
            cypher="coalesce({n}.agenda_version, 0)",
            is_required=True,
            has_filter=False,
        ),
    ),
    relations=(
        Relation("series", "Series", "({n})-[{r}:PART_OF]->({m}:Series)", "The series it is part of.", is_one=True),
        Relation("country", "Country", "({n})-[{r}:HELD_IN]->({m}:Country)", "Where it is held.", is_one=True),
        _topics(),
        _languages(),
        _partners(),
        Relation(
            "speakers",
            "Expert",
            "({n})<-[{r}:SPOKE_AT]-({m}:Expert)",
            "Who spoke, by name.",
            SLOT,
            sees=FieldGroup.ATTENDANCE,
            owner="m",
            order=BY_NAME,
            is_repeated=True,
        ),
        Relation(
            "attendees",
            "Expert",
            "({n})<-[{r}:ATTENDED]-({m}:Expert)",
            "Who came, by name.",
            sees=FieldGroup.ATTENDANCE,
            owner="m",
            order=BY_NAME,
        ),
        _passages(),
    ),
    parts=(AGENDA,),
    order=NEWEST,
    listed="Events, newest first.",
)

SERIES = Noun(
    "Series",
    "series",
    "A series of events, such as the expert briefings.",
    columns=(
        slug("the calendar"),
        Column("name", Kind.TEXT, "The series' name.", is_required=True, has_order=True, is_alphabetical=True),
        DESCRIPTION,
        VERSION,
    ),
    relations=(
        Relation("events", "Event", "({n})<-[{r}:PART_OF]-({m}:Event)", "Its events, newest first.", order=NEWEST),
    ),
    order=BY_NAME,
    listed="Series of events by name.",
)

RESOURCE = Noun(
    "Resource",
    "resources",
    "Something to learn from: a module, compendium, course, roadmap or guide.",
    columns=(
        slug("the roster"),
        title("resource"),
        Column(
            "title_in",
            Kind.TEXT,
            "The title of its version in a language, as far as you may see; else the resource's own title.",
            cypher=f"coalesce({VERSION_TO_SHOW}.title, {{n}}.title)",
            is_required=True,
            has_filter=False,
        ),
        Column(
            "title_language",
            Kind.LANGUAGE_TAG,
            "The BCP 47 tag of the language that titleIn is in; null if nobody said.",
            cypher=f"{VERSION_TO_SHOW}.tag",
            has_filter=False,
        ),
        Column("kind", Kind.TEXT, "What kind of resource it is, such as module or course.", is_required=True),
        Column("published_on", Kind.DAY, "When it was published.", has_order=True),
        Column("url", Kind.URL, "Where it is found."),
        DESCRIPTION,
        VERSION,
    ),
    relations=(
        Relation("country", "Country", "({n})-[{r}:FOR_COUNTRY]->({m}:Country)", "The country it is for.", is_one=True),
        _topics(),
        _languages(*VERSION_OF_WORK),
        _partners(),
        Relation(
            "authors",
            "Expert",
            "({n})<-[{r}:AUTHORED]-({m}:Expert)",
            "Who wrote it, by name.",
            sees=FieldGroup.PROFILE,
            owner="m",
            order=BY_NAME,
        ),
        _passages(),
    ),
    order=BY_TITLE,
    listed="Resources by title.",
)

PROJECT = Noun(
    "Project",
    "projects",
    "A project of the programme.",
    columns=(slug("the roster"), title("project"), STARTS_ON, ENDS_ON, DESCRIPTION, VERSION),
    relations=(
        _topics(),
        _countries(),
        _partners(),
        Relation(
            "activities", "Activity", "({n})<-[{r}:PART_OF]-({m}:Activity)", "Its activities, by title.", order=BY_TITLE
        ),
    ),
    order=BY_TITLE,
    listed="Projects by title.",
)

ACTIVITY = Noun(
    "Activity",
    "activities",
    "A piece of technical assistance or outreach.",
    columns=(
        slug("the roster"),
        title("activity"),
        Column("kind", Kind.TEXT, "What kind of activity it is, such as national or regional.", is_required=True),
        Column("status", Kind.TEXT, "How far it is: idea, projected, confirmed, done or cancelled.", is_required=True),
        STARTS_ON,
        ENDS_ON,
        DESCRIPTION,
        VERSION,
    ),
    relations=(
        Relation("project", "Project", "({n})-[{r}:PART_OF]->({m}:Project)", "The project it is part of.", is_one=True),
        _topics(),
        _countries(),
        _partners(),
    ),
    order=BY_TITLE,
    listed="Activities by title.",
)
