"""Projects with their partners, as organisers make them."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Final, TypedDict

from graph.fields import line, paragraphs
from graph.intake.known import Kind
from graph.programme.making import Described, country_codes, ids, in_order, the_day
from graph.wording import Wording

__all__ = ["PROJECT", "ProjectChanges"]


class ProjectChanges(TypedDict, total=False):
    """What is to be said of a project from now on; None says nothing, also where a file says something."""

    title: str | None
    starts_on: date | None
    ends_on: date | None
    topics: Sequence[str] | None
    countries: Sequence[str] | None
    partners: Sequence[str] | None
    description: str | None


PROJECT: Final = Described(
    kind=Kind.PROJECTS,
    label="Project",
    called=Wording("project"),
    plural="projects",
    needed=("title",),
    nothing={"starts_on": None, "ends_on": None, "topics": [], "countries": [], "partners": [], "description": None},
    checks={"title": line, "starts_on": the_day, "ends_on": the_day, "description": paragraphs},
    lists={"topics": ids, "countries": country_codes, "partners": ids},
    fits=partial(
        in_order,
        first="starts_on",
        last="ends_on",
        wrong=Wording("The project would end before it starts; correct one of the two."),
    ),
    parts="activities",
)
