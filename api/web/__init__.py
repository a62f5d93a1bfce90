"""What pages load from npm: made once at set-up, from exact packages, then served by this server alone.

``install`` makes the files, ``folder`` says where they are, ``version`` tells one state of them from another. They are
GraphiQL, to be served at ``/assets/graphiql`` (``GRAPHIQL_PAGE`` is the page that loads it, to be sent with
``GRAPHIQL_POLICY``); Pico CSS, the base of our stylesheet; htmx and Cytoscape.js; Natural Earth's map of countries; and
the fonts that api.report sets PDFs with. Nothing here knows the graph.
"""

from api.web.errors import BundleFailed, CannotWrite, DamagedPackage, NoSpace, RegistryUnreachable, WebError
from api.web.install import folder, install, version
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
    "version",
]
