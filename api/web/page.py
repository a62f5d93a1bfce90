"""The page that GraphiQL runs in, and what a browser may do on it."""

from pathlib import Path
from typing import Final

__all__ = ["GRAPHIQL_PAGE", "GRAPHIQL_POLICY"]

GRAPHIQL_PAGE: Final = Path(__file__).with_name("graphiql.html")
"""A static file: it loads /assets/graphiql/graphiql.js and .css, and asks /graphql."""

GRAPHIQL_POLICY: Final = (
    "default-src 'none'; "
    "script-src 'self'; "
    "worker-src 'self'; "
    "connect-src 'self'; "
    # Monaco makes style elements while it runs, and its fonts and icons are data in the style sheet.
    "style-src 'self' 'unsafe-inline'; "
    "font-src data:; "
    "img-src 'self' data:; "
    "base-uri 'none'; "
    "form-action 'none'; "
    "frame-ancestors 'none'"
)
"""The Content-Security-Policy of that page: no inline script, nothing from another host."""
