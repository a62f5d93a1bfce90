"""The graph as it is read: every noun with its columns and relations, in both directions, and who sees what of it.

This is the one description that the statements (:mod:`graph.reading`) and the schema (api.graphql) are made from, so
that what is told here of a noun is what clients find.
"""

from collections.abc import Mapping

from graph.model.parts import LONG_AGO
from graph.model.people import EXPERT, ORGANISATION, PASSAGE
from graph.model.places import COUNTRY, LANGUAGE, REGION
from graph.model.programme import ACTIVITY, EVENT, PROJECT, RESOURCE, SERIES
from graph.model.shapes import Column, Facet, Kind, Noun, Order, Part, Relation
from graph.model.topics import TOPIC

__all__ = ["LONG_AGO", "NOUNS", "Column", "Facet", "Kind", "Noun", "Order", "Part", "Relation"]

NOUNS: Mapping[str, Noun] = {
    noun.label: noun
    for noun in (
        EXPERT,
        TOPIC,
        EVENT,
        SERIES,
        COUNTRY,
        REGION,
        LANGUAGE,
        ORGANISATION,
        RESOURCE,
        PROJECT,
        ACTIVITY,
        PASSAGE,
    )
}
"""Every noun by its label, which is its name in the schema as well."""
