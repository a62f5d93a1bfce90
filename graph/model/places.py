"""Countries, the regions they lie in, and languages."""

from graph.model.parts import BY_NAME, BY_NAME_EN, BY_TITLE, NEWEST, PROFICIENCY, SPEAKS_BEST, VERSION_OF_WORK, name
from graph.model.shapes import Column, Kind, Noun, Order, Relation
from graph.viewer import FieldGroup, sees

__all__ = ["COUNTRY", "LANGUAGE", "REGION"]

COUNTRY = Noun(
    "Country",
    "countries",
    "A country or area of ISO 3166.",
    columns=(
        Column("code", Kind.COUNTRY_CODE, "The two-letter code of ISO 3166-1.", of="id", is_required=True),
        name("country"),
    ),
    relations=(
        Relation(
            "regions",
            "Region",
            "({n})-[:IN_REGION]->(:Region)-[:WITHIN]->*({m}:Region)",
            "The regions that the country lies in, the smallest first.",
            order=(Order("COUNT { ({m})-[:WITHIN]->+(:Region) }", is_descending=True),),
        ),
        Relation(
            "experts",
            "Expert",
            "({n})<-[{r}:BASED_IN]-({m}:Expert)",
            "Experts who live there, by name.",
            sees=FieldGroup.COUNTRY,
            owner="m",
            order=BY_NAME,
        ),
        Relation(
            "experts_who_worked_there",
            "Expert",
            "({n})<-[{r}:WORKED_IN]-({m}:Expert)",
            "Experts who worked there, by name.",
            sees=FieldGroup.COUNTRY,
            owner="m",
            order=BY_NAME,
        ),
        Relation(
            "organisations",
            "Organisation",
            "({n})<-[{r}:BASED_IN]-({m}:Organisation)",
            "Organisations that sit there, by name.",
            order=BY_NAME,
        ),
        Relation(
            "events", "Event", "({n})<-[{r}:HELD_IN]-({m}:Event)", "Events held there, newest first.", order=NEWEST
        ),
        Relation(
            "resources",
            "Resource",
            "({n})<-[{r}:FOR_COUNTRY]-({m}:Resource)",
            "Resources made for it, such as roadmaps, by title.",
            order=BY_TITLE,
        ),
        Relation(
            "projects",
            "Project",
            "({n})<-[{r}:FOR_COUNTRY]-({m}:Project)",
            "Projects for it, by title.",
            order=BY_TITLE,
        ),
        Relation(
            "activities",
            "Activity",
            "({n})<-[{r}:FOR_COUNTRY]-({m}:Activity)",
            "Technical assistance and outreach for it, by title.",
            order=BY_TITLE,
        ),
    ),
    order=BY_NAME_EN,
    listed="Countries by English name.",
    names="{n}.id IN {p}",
)

REGION = Noun(
    "Region",
    "regions",
    "A region of the world, by the United Nations' M49 standard.",
    columns=(
        Column("code", Kind.ID, "The three-digit M49 code.", of="id", is_required=True),
        name("region"),
    ),
    relations=(
        Relation(
            "within",
            "Region",
            "({n})-[{r}:WITHIN]->({m}:Region)",
            "The next larger region.",
            is_one=True,
        ),
        Relation(
            "parts",
            "Region",
            "({n})<-[{r}:WITHIN]-({m}:Region)",
            "The next smaller regions, by English name.",
            order=BY_NAME_EN,
        ),
        Relation(
            "countries",
            "Country",
            "({n})<-[:WITHIN]-*(:Region)<-[{r}:IN_REGION]-({m}:Country)",
            "The countries that lie in it, by English name.",
            order=BY_NAME_EN,
        ),
    ),
    order=BY_NAME_EN,
    listed="Regions by English name.",
    names="EXISTS { ({n})-[:WITHIN]->*(larger:Region) WHERE larger.id IN {p} }",
)

# A language that is known only as somebody's is seen by those who see that they speak it.
LANGUAGE = Noun(
    "Language",
    "languages",
    "A language that people speak.",
    columns=(
        Column("tag", Kind.LANGUAGE_TAG, "The BCP 47 tag.", of="id", is_required=True),
        name("language"),
    ),
    relations=(
        Relation(
            "speakers",
            "Expert",
            "({n})<-[{r}:SPEAKS]-({m}:Expert)",
            "Experts who speak it, best first.",
            PROFICIENCY,
            sees=FieldGroup.LANGUAGES,
            owner="m",
            order=(SPEAKS_BEST, *BY_NAME),
        ),
        Relation(
            "events", "Event", "({n})<-[{r}:IN_LANGUAGE]-({m}:Event)", "Events held in it, newest first.", order=NEWEST
        ),
        Relation(
            "resources",
            "Resource",
            "({n})<-[{r}:IN_LANGUAGE]-({m}:Resource)",
            "Resources in it, by title.",
            VERSION_OF_WORK,
            order=BY_TITLE,
        ),
    ),
    order=BY_NAME_EN,
    listed="Languages by English name.",
    sees=(
        "($reach >= 2 OR EXISTS { ({n})<-[:IN_LANGUAGE]-() } OR EXISTS { "
        f"(e:Expert)-[:SPEAKS]->({{n}}) WHERE {sees('e', FieldGroup.LANGUAGES)}"
        " })"
    ),
    names="{n}.id IN {p}",
)
