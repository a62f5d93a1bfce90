"""Practitioners, where they work, and the evidence on them."""

from graph.alphabet import SORT_KEY
from graph.model.parts import (
    BY_NAME,
    BY_NAME_EN,
    BY_TITLE,
    DEPTH,
    EXPERTISE,
    NEWEST,
    PROFICIENCY,
    SLOT,
    SPEAKS_BEST,
    slug,
)
from graph.model.shapes import Column, Facet, Kind, Noun, Order, Relation
from graph.values import Gender
from graph.viewer import FieldGroup, sees

__all__ = ["EXPERT", "ORGANISATION", "PASSAGE", "WORKPLACE"]

PROFILE = FieldGroup.PROFILE

WORKPLACE = (
    Column("role", Kind.TEXT, "As what.", is_edge=True),
    Column("since", Kind.TEXT, "Since when, a year or a date as the roster has it.", of="from", is_edge=True),
    Column("until", Kind.TEXT, "Until when; null while it lasts.", of="to", is_edge=True),
)

# By what everybody who sees a passage sees of it: a cursor tells what a list is ordered by.
PASSAGES = (
    Order("{m}.kind <> 'biography'"),
    Order("coalesce(toString({m}.occurred_on), '')", is_descending=True),
    Order("coalesce({m}.title, '')"),
    Order("coalesce({m}.position, 0)"),
)

AWAY = (
    "[i IN range(0, size(coalesce({n}.away_from, [])) - 1) | "
    "toString({n}.away_from[i]) + '/' + toString({n}.away_until[i])]"
)

EXPERT = Noun(
    "Expert",
    "experts",
    "A practitioner of the network.",
    columns=(
        slug("the roster"),
        Column("name", Kind.TEXT, "The person's name.", is_required=True, has_order=True, is_alphabetical=True),
        Column("headline", Kind.TEXT, "What the person does, in a few words.", group=PROFILE, is_required=True),
        Column("email", Kind.EMAIL, "The address to write to.", group=FieldGroup.CONTACT),
        Column("phone", Kind.PHONE, "The telephone number with its country's code (E.164).", group=FieldGroup.CONTACT),
        Column("other_names", Kind.TEXTS, "Other names and spellings of the same person.", group=PROFILE),
        Column("website", Kind.URL, "A page of the person's own.", group=PROFILE),
        Column("orcid", Kind.ID, "The person's ORCID iD.", group=PROFILE),
        Column(
            "version",
            Kind.WHOLE,
            "Which version of the profile this is, for changing it; told to the person and to organisers.",
            cypher="CASE WHEN $reach >= 2 OR {n}.id = $me THEN coalesce({n}.version, 0) END",
            has_filter=False,
        ),
        # Told as the version is: organisers see to the balance of panels, and no audience makes it wider.
        Column(
            "gender",
            Kind.CHOICE,
            "What the person says they are, for the balance of panels; told to the person and to organisers.",
            choices=Gender,
            cypher="CASE WHEN $reach >= 2 OR {n}.id = $me THEN {n}.gender END",
            has_filter=False,
        ),
        Column(
            "away",
            Kind.PERIODS,
            "When the person is not available, the earliest first.",
            cypher=AWAY,
            group=FieldGroup.CONTACT,
            has_filter=False,
        ),
        Column("joined", Kind.DAY, "When the person joined the network.", group=PROFILE, has_order=True),
    ),
    relations=(
        Relation(
            "country",
            "Country",
            "({n})-[{r}:BASED_IN]->({m}:Country)",
            "The country where the person lives.",
            sees=FieldGroup.COUNTRY,
            is_one=True,
        ),
        Relation(
            "languages",
            "Language",
            "({n})-[{r}:SPEAKS]->({m}:Language)",
            "Languages that the person speaks, best first.",
            PROFICIENCY,
            sees=FieldGroup.LANGUAGES,
            order=(SPEAKS_BEST,),
            shows=True,
        ),
        Relation(
            "expertise",
            "Topic",
            "({n})-[{r}:EXPERT_IN]->({m}:Topic)",
            "Topics that the person knows, deepest first.",
            EXPERTISE,
            sees=PROFILE,
            order=(DEPTH, Order("coalesce({r}.since, 9999)")),
        ),
        Relation(
            "affiliations",
            "Organisation",
            "({n})-[{r}:AFFILIATED_WITH]->({m}:Organisation)",
            "Where the person works and worked, present ones first.",
            WORKPLACE,
            sees=FieldGroup.ORGANISATION,
            order=(Order("{r}.to IS NOT NULL"), Order("coalesce({r}.from, '9999')", is_descending=True)),
            is_repeated=True,
            shows=True,
        ),
        Relation(
            "worked_in",
            "Country",
            "({n})-[{r}:WORKED_IN]->({m}:Country)",
            "Countries where the person worked.",
            sees=FieldGroup.COUNTRY,
            order=BY_NAME_EN,
        ),
        Relation(
            "talks",
            "Event",
            "({n})-[{r}:SPOKE_AT]->({m}:Event)",
            "Events where the person spoke, newest first.",
            SLOT,
            sees=FieldGroup.ATTENDANCE,
            order=NEWEST,
            is_repeated=True,
        ),
        Relation(
            "attended",
            "Event",
            "({n})-[{r}:ATTENDED]->({m}:Event)",
            "Events that the person came to, newest first.",
            sees=FieldGroup.ATTENDANCE,
            order=NEWEST,
        ),
        Relation(
            "resources",
            "Resource",
            "({n})-[{r}:AUTHORED]->({m}:Resource)",
            "What the person wrote, by title.",
            sees=PROFILE,
            order=BY_TITLE,
        ),
        Relation(
            "passages",
            "Passage",
            "({n})-[{r}:EVIDENCED_BY]->({m}:Passage)",
            "The evidence on the person, biography first.",
            order=PASSAGES,
        ),
    ),
    order=(Order("{key}"),),
    listed="Experts by name.",
    sees=sees("{n}", FieldGroup.LISTING),
    in_index=SORT_KEY,
    facets=(
        Facet(
            "topics",
            "Topic",
            "({n})-[:EXPERT_IN]->(:Topic)-[:BROADER]->*({m}:Topic)",
            "Topics by how many of these experts know them or a narrower one.",
            sees=PROFILE,
        ),
        Facet(
            "countries",
            "Country",
            "({n})-[:BASED_IN]->({m}:Country)",
            "Countries by how many of these experts live there.",
            sees=FieldGroup.COUNTRY,
        ),
        Facet(
            "languages",
            "Language",
            "({n})-[:SPEAKS]->({m}:Language)",
            "Languages by how many of these experts speak them.",
            sees=FieldGroup.LANGUAGES,
        ),
    ),
)

# An organisation that is known only as somebody's employer is seen by those who see that.
ORGANISATION = Noun(
    "Organisation",
    "organisations",
    "Where people work, or a partner of the programme.",
    columns=(
        slug("the roster"),
        Column("name", Kind.TEXT, "The organisation's name.", is_required=True, has_order=True, is_alphabetical=True),
        Column("kind", Kind.TEXT, "What kind of organisation it is, such as police or civil-society."),
        Column("website", Kind.URL, "Its website."),
    ),
    relations=(
        Relation(
            "country",
            "Country",
            "({n})-[{r}:BASED_IN]->({m}:Country)",
            "The country where it sits.",
            is_one=True,
        ),
        Relation(
            "experts",
            "Expert",
            "({n})<-[{r}:AFFILIATED_WITH]-({m}:Expert)",
            "Experts who work or worked there, present ones first.",
            WORKPLACE,
            sees=FieldGroup.ORGANISATION,
            owner="m",
            order=(Order("{r}.to IS NOT NULL"), *BY_NAME),
            is_repeated=True,
        ),
        Relation(
            "events",
            "Event",
            "({n})-[{r}:PARTNER_IN]->({m}:Event)",
            "Events that it is a partner in, newest first.",
            order=NEWEST,
        ),
        Relation(
            "resources",
            "Resource",
            "({n})-[{r}:PARTNER_IN]->({m}:Resource)",
            "Resources that it is a partner in, by title.",
            order=BY_TITLE,
        ),
        Relation(
            "projects",
            "Project",
            "({n})-[{r}:PARTNER_IN]->({m}:Project)",
            "Projects that it is a partner in, by title.",
            order=BY_TITLE,
        ),
        Relation(
            "activities",
            "Activity",
            "({n})-[{r}:PARTNER_IN]->({m}:Activity)",
            "Activities that it is a partner in, by title.",
            order=BY_TITLE,
        ),
    ),
    order=BY_NAME,
    listed="Organisations by name.",
    sees=(
        "($reach >= 2 OR EXISTS { ({n})-[:PARTNER_IN]->() } OR EXISTS { "
        f"(e:Expert)-[:AFFILIATED_WITH]->({{n}}) WHERE {sees('e', FieldGroup.ORGANISATION)}"
        " })"
    ),
)

# Whoever the passage is on sees it, and where in the roster's folder it comes from; of others, only organisers see
# that: a document may be of several people, and its path name one whom the viewer must not know.
OWN = "EXISTS { ({n})<-[:EVIDENCED_BY]-(:Expert {id: $me}) }"

PASSAGE = Noun(
    "Passage",
    "passages",
    "A piece of evidence: a paragraph of a biography, a talk given, a resource written.",
    columns=(
        Column("text", Kind.TEXT, "What it says, in its own language.", is_required=True),
        Column("title", Kind.TEXT, "The title of the talk or resource."),
        Column("kind", Kind.TEXT, "Where it comes from: biography, talk or resource.", is_required=True),
        Column("language", Kind.LANGUAGE_TAG, "The BCP 47 tag of its language."),
        Column(
            "source",
            Kind.TEXT,
            "The document it was cut from, as a path in the network's folder.",
            cypher=f"CASE WHEN $reach >= 2 OR {OWN} THEN {{n}}.source END",
            has_filter=False,
        ),
        Column(
            "place",
            Kind.TEXT,
            "The page or heading where it begins.",
            cypher=f"CASE WHEN $reach >= 2 OR {OWN} THEN {{n}}.place END",
            has_filter=False,
        ),
        Column("occurred_on", Kind.DAY, "When the talk was given or the resource published."),
    ),
    relations=(
        Relation(
            "expert",
            "Expert",
            "({n})<-[{r}:EVIDENCED_BY]-({m}:Expert)",
            "The person whom it is evidence on.",
            is_one=True,
        ),
        Relation(
            "event",
            "Event",
            "({n})-[:PART_OF]->(:Document)-[{r}:DRAWN_FROM]->({m}:Event)",
            "The event where it was said.",
            is_one=True,
        ),
        Relation(
            "resource",
            "Resource",
            "({n})-[:PART_OF]->(:Document)-[{r}:DRAWN_FROM]->({m}:Resource)",
            "The resource that it stands in.",
            is_one=True,
        ),
    ),
    order=PASSAGES,
    # A profile is a passage for searches alone.
    sees=f"({{n}}.kind <> 'profile' AND ({{n}}.audience <= $reach OR {OWN}))",
)
