"""Series of events, as organisers make them."""

from typing import Final, TypedDict

from graph.fields import line, paragraphs
from graph.intake.known import Kind
from graph.programme.making import Described
from graph.wording import Wording

__all__ = ["SERIES", "SeriesChanges"]


class SeriesChanges(TypedDict, total=False):
    """What is to be said of a series from now on; None says nothing."""

    name: str | None
    description: str | None


SERIES: Final = Described(
    kind=Kind.SERIES,
    label="Series",
    called=Wording("series"),
    plural="series",
    named_by="name",
    needed=("name",),
    nothing={"description": None},
    checks={"name": line, "description": paragraphs},
    parts="events and drafts",
)
