"""The nouns of the schema: their types, and how what is asked of them is read.

What a noun is, is told once, in graph.model. From there come the types (``types``), the tree of what a document selects
(``selecting``) and the statement that reads it (graph.reading); ``executing`` puts them together.
"""

from api.graphql.nouns.executing import Asked, NounExecutor, one, read_nouns
from api.graphql.nouns.ids import own_id
from api.graphql.nouns.scalars import SCALARS, URL, CountryCode, DateInterval, EmailAddress, LanguageTag, PhoneNumber
from api.graphql.nouns.types import NOUN_TYPES, Node, NounsQuery, type_of

__all__ = [
    "NOUN_TYPES",
    "SCALARS",
    "URL",
    "Asked",
    "CountryCode",
    "DateInterval",
    "EmailAddress",
    "LanguageTag",
    "Node",
    "NounExecutor",
    "NounsQuery",
    "PhoneNumber",
    "one",
    "own_id",
    "read_nouns",
    "type_of",
]
