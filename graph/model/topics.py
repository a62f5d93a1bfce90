"""The topic scheme (SKOS)."""

from graph.model.parts import BY_LABEL, BY_NAME, BY_TITLE, DEPTH, EXPERTISE, NEWEST, slug
from graph.model.shapes import Column, Kind, Noun, Order, Relation
from graph.viewer import FieldGroup

__all__ = ["TOPIC"]

TOPIC = Noun(
    "Topic",
    "topics",
    "A concept of the network's topic scheme.",
    columns=(
        slug("the topic scheme"),
        Column("label", Kind.NAME, "The preferred label.", is_required=True, has_order=True, is_alphabetical=True),
        Column("other_labels", Kind.NAMES, "Other labels: synonyms, acronyms, narrower words."),
        Column("definition", Kind.TEXT, "What the topic is about."),
        Column("scheme", Kind.TEXT, "The concept scheme that it is of, where it comes from one."),
        Column("iri", Kind.ID, "The IRI that its concept scheme gives it."),
        Column(
            "is_deprecated",
            Kind.TRUTH,
            "Whether its scheme says that it should no longer be used.",
            cypher="coalesce({n}.deprecated, false)",
            is_required=True,
        ),
    ),
    relations=(
        Relation("broader", "Topic", "({n})-[{r}:BROADER]->({m}:Topic)", "The next broader topic.", is_one=True),
        Relation(
            "narrower",
            "Topic",
            "({n})<-[{r}:BROADER]-({m}:Topic)",
            "The next narrower topics, by English label.",
            order=BY_LABEL,
        ),
        # Whichever of the two names the other: that they match is true of both.
        Relation(
            "exact_matches",
            "Topic",
            "({n})-[{r}:EXACT_MATCH]-({m}:Topic)",
            "The same topic in other concept schemes, by English label.",
            order=BY_LABEL,
            nearest=BY_LABEL,
        ),
        Relation(
            "experts",
            "Expert",
            "({n})<-[:BROADER]-*(:Topic)<-[{r}:EXPERT_IN]-({m}:Expert)",
            "Experts in this topic or a narrower one, deepest first.",
            EXPERTISE,
            sees=FieldGroup.PROFILE,
            owner="m",
            order=(DEPTH, *BY_NAME),
            nearest=(DEPTH, Order("coalesce({r}.since, 9999)")),
        ),
        Relation("events", "Event", "({n})<-[{r}:COVERS]-({m}:Event)", "Events on it, newest first.", order=NEWEST),
        Relation(
            "resources", "Resource", "({n})<-[{r}:COVERS]-({m}:Resource)", "Resources on it, by title.", order=BY_TITLE
        ),
        Relation(
            "projects", "Project", "({n})<-[{r}:COVERS]-({m}:Project)", "Projects on it, by title.", order=BY_TITLE
        ),
        Relation(
            "activities",
            "Activity",
            "({n})<-[{r}:COVERS]-({m}:Activity)",
            "Activities on it, by title.",
            order=BY_TITLE,
        ),
    ),
    order=BY_LABEL,
    listed="Topics by English label.",
    names="EXISTS { ({n})-[:BROADER]->*(broader:Topic) WHERE broader.id IN {p} }",
)
