"""What single fields cost and how long their lists are taken to be, where it is not what the rule of cost says.

The rule: an object in the answer costs 1, a leaf nothing; what stands beneath a list is multiplied by its length. The
keys are fields of the schema, as ``Type.field``; a name alone stands for that field in every type.
"""

from collections.abc import Mapping

__all__ = ["ASSUMED_LENGTH", "INTROSPECTION", "LENGTHS", "UNSAID_PAGE", "WEIGHTS"]

WEIGHTS: Mapping[str, int] = {
    "Query.matchExperts": 100,  # encodes a question and searches three indexes
    "Query.matchExpertsLike": 100,
    "Mutation.shortlistMatches": 100,  # the same
    "Query.suggestPanel": 200,  # searches, and takes a processor for some tenths of a second
    "Query.coverage": 100,  # counts everybody who knows a topic
    "Query.nearestTo": 100,  # looks among everybody who knows a topic
    "Query.matchAttendees": 100,  # compares with everybody
    "Query.fairness": 100,  # reads what became of everybody
    "Mutation.exportPerson": 100,  # reads all that is stored about somebody
    "Mutation.erasePerson": 100,  # reads the texts of others
    "totalCount": 1,  # a leaf, but the database counts for it
}
"""What one such field costs itself."""

LENGTHS: Mapping[str, int] = {
    "Query.matchAttendees": 100,  # more rows than the variables of a query can have
    "ExpertMatchEdge.evidence": 3,
    "PanelSuggestion.alternatives": 3,
    "PanelSeat.substitutes": 3,
    "Event.agenda": 25,
    "AgendaItem.speakers": 3,
    "Coverage.places": 100,
    "Coverage.rows": 25,  # with the cells the 2,500 that a table has at most
    "CoverageRow.cells": 100,
}
"""Lists without a page size that are known to hold another number than ASSUMED_LENGTH at most; agendas mostly."""

ASSUMED_LENGTH = 10
"""What a list that is no connection is taken to hold where nobody says how many: a match's reasons, a facet."""

UNSAID_PAGE = 20
"""The page of a connection where neither the query nor the schema says how large: what it is then."""

INTROSPECTION = 0.25
"""What an object of introspection costs: it is resolved in memory."""
