"""Technical assistance and outreach, as organisers plan it and tell what became of it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, Final, TypedDict

from graph.fields import Checked, Problem, line, one_of, paragraphs
from graph.intake.known import Kind
from graph.programme.making import Described, country_codes, ids, in_order, the_day
from graph.wording import Wording

__all__ = ["ACTIVITY", "KINDS", "STATUSES", "ActivityChanges"]

KINDS: Final = (
    "national",
    "regional",
    "global",
    "outreach",
    "knowledge-product",
    "e-learning",
    "network",
    "partnership",
)
STATUSES: Final = ("idea", "projected", "confirmed", "done", "cancelled")
"""How far an activity is. What is cancelled is in no plan and no achievements; what is done counts by its first day."""


class ActivityChanges(TypedDict, total=False):
    """What is to be said of an activity from now on; None says nothing, also where a file says something."""

    title: str | None
    kind: str | None
    status: str | None
    starts_on: date | None
    ends_on: date | None
    project: str | None
    topics: Sequence[str] | None
    countries: Sequence[str] | None
    partners: Sequence[str] | None
    description: str | None


def _fits(found: Checked, known: Mapping[str, Any]) -> None:
    turned = Wording("The activity would end before it starts; correct one of the two.")
    in_order(found, known, first="starts_on", last="ends_on", wrong=turned)
    status, starts_on = (found.values.get(name, known.get(name)) for name in ("status", "starts_on"))
    if status == "done" and starts_on is None and found.values.keys() & {"status", "starts_on"}:
        said = Wording("What is done counts in the year of its first day; say when it began.")
        found.problems.append(Problem(("starts_on",), said))
    if status == "done" and starts_on is not None and starts_on > datetime.now(UTC).date() + timedelta(days=1):
        said = Wording("What is done has begun; say when it did, or that it is projected or confirmed.")
        found.problems.append(Problem(("starts_on",), said))


ACTIVITY: Final = Described(
    kind=Kind.ACTIVITIES,
    label="Activity",
    called=Wording("activity"),
    plural="activities",
    needed=("title", "kind", "status"),
    nothing={
        "status": "projected",
        "starts_on": None,
        "ends_on": None,
        "project": None,
        "topics": [],
        "countries": [],
        "partners": [],
        "description": None,
    },
    checks={
        "title": line,
        "kind": partial(one_of, KINDS),
        "status": partial(one_of, STATUSES),
        "starts_on": the_day,
        "ends_on": the_day,
        "project": str.strip,
        "description": paragraphs,
    },
    lists={"topics": ids, "countries": country_codes, "partners": ids},
    fits=_fits,
)
