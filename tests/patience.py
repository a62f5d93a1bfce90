"""Time for statements that the database has never seen: it plans each anew, which takes long on a busy machine."""

from collections.abc import Iterator
from contextlib import contextmanager

from graph.graph import Graph

__all__ = ["patience_with_planning"]

PLANNING_S = 240.0


@contextmanager
def patience_with_planning() -> Iterator[None]:
    """Reads inside may take as long as planning takes."""
    defaults = Graph.read.__kwdefaults__
    assert defaults is not None
    before = defaults["timeout_s"]
    defaults["timeout_s"] = PLANNING_S
    yield
    defaults["timeout_s"] = before
