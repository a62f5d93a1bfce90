"""Resources, as organisers publish them: one work with its authors and partners, in as many languages as there are."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Final, TypedDict

from graph.fields import Checked, Path, Problem, distinct, line, one_of, paragraphs, web_address
from graph.intake.known import Kind
from graph.programme.making import Described, country_code, ids, the_day
from graph.wording import Wording

__all__ = ["KINDS", "RESOURCE", "ResourceChanges", "VersionGiven"]

KINDS: Final = ("module", "compendium", "course", "roadmap", "guide", "report")


class VersionGiven(TypedDict, total=False):
    """A version of a work: its language, and what it has of its own there."""

    language: str
    title: str | None
    url: str | None
    published_on: date | None


class ResourceChanges(TypedDict, total=False):
    """What is to be said of a resource from now on; None says nothing, also where a file says something.

    Of ``versions`` and ``languages`` one is given: a work is in the languages of its versions.
    """

    title: str | None
    kind: str | None
    published_on: date | None
    languages: Sequence[str] | None
    versions: Sequence[VersionGiven] | None
    topics: Sequence[str] | None
    country: str | None
    authors: Sequence[str] | None
    partners: Sequence[str] | None
    url: str | None
    description: str | None


def _version(found: Checked, path: Path, given: VersionGiven) -> Mapping[str, Any]:
    published_on = given.get("published_on")
    return {
        "language": given["language"].strip(),
        "title": found.of((*path, "title"), line, given.get("title")),
        "url": found.of((*path, "url"), web_address, given.get("url")),
        "published_on": None if published_on is None else published_on.isoformat(),
    }


def _fits(found: Checked, known: Mapping[str, Any]) -> None:
    if not found.values.get("versions"):
        return
    if "languages" in found.given:
        said = Wording("Say the languages or the versions; a work is in the languages of its versions.")
        found.problems.append(Problem(("languages",), said))
    distinct(found, "versions", lambda version: version["language"], at="language")
    found.values["languages"] = [version["language"] for version in found.values["versions"]]


RESOURCE: Final = Described(
    kind=Kind.RESOURCES,
    label="Resource",
    called=Wording("resource"),
    plural="resources",
    needed=("title", "kind"),
    nothing={
        "published_on": None,
        "languages": [],
        "versions": [],
        "topics": [],
        "country": None,
        "authors": [],
        "partners": [],
        "url": None,
        "identifiers": [],
        "description": None,
    },
    checks={
        "title": line,
        "kind": partial(one_of, KINDS),
        "published_on": the_day,
        "country": country_code,
        "url": web_address,
        "description": paragraphs,
    },
    lists={"languages": ids, "versions": _version, "topics": ids, "authors": ids, "partners": ids},
    fits=_fits,
    parts="documents",
)
