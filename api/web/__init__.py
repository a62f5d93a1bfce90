"""GraphiQL without internet: bundled once at set-up from packages of npm, then served by this server alone.

``install`` makes the files, ``folder`` says where they are, to be served at ``/assets/graphiql``; ``GRAPHIQL_PAGE``
is the page that loads them, to be sent with ``GRAPHIQL_POLICY``. The fonts that api.report sets PDFs with come the same
way and lie beside. Nothing here knows the graph.
"""

from api.web.errors import BundleFailed, CannotWrite, DamagedPackage, NoSpace, RegistryUnreachable, WebError
from api.web.install import folder, install
from api.web.page import GRAPHIQL_PAGE, GRAPHIQL_POLICY

__all__ = [
    "GRAPHIQL_PAGE",
    "GRAPHIQL_POLICY",
    "BundleFailed",
    "CannotWrite",
    "DamagedPackage",
    "NoSpace",
    "RegistryUnreachable",
    "WebError",
    "folder",
    "install",
]
