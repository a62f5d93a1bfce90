"""GraphQL over HTTP: how a request is read, who may ask what in which words, and how the answer is told and kept.

``graphql_router`` makes the endpoint. What other transports need as well is here too: the closed list of codes, how an
error is told, and which documents are known. docs/http.md is this room's page for clients and operators.
"""

from api.graphql.http.codes import Code, RequestRefused, told
from api.graphql.http.disclosure import Disclosure, shows_suggestions
from api.graphql.http.documents import TrustedDocuments
from api.graphql.http.endpoint import graphql_router
from api.graphql.http.operations import NamedOperation

__all__ = [
    "Code",
    "Disclosure",
    "NamedOperation",
    "RequestRefused",
    "TrustedDocuments",
    "graphql_router",
    "shows_suggestions",
    "told",
]
