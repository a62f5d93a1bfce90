"""A network's folder with a series, a project, an activity and a resource, and how things look in the graph."""

from pathlib import Path
from typing import Any, LiteralString

from graph import programme
from graph.graph import Graph
from graph.programme import ACTIVITY, PROJECT, RESOURCE, SERIES, Described, Made
from graph.viewer import Role, Viewer
from tests.graph.people.duplicated import written

__all__ = ["FROM_FILES", "GIVEN", "KINDS", "ORGANISER", "changed", "folder_of", "make", "shown"]

ORGANISER = Viewer(Role.ORGANISER, actor="account:organiser")
KINDS = (RESOURCE, PROJECT, ACTIVITY, SERIES)

FILES = {
    "series.csv": "id,name,description\nbriefings,Briefings,Monthly\n",
    "projects.csv": "id,title,starts_on,partners\ninsights,Insights,2022-11-22,school\n",
    "activities.csv": "id,title,kind,status,starts_on,project,countries\n"
    "clinic,Drafting clinic,national,done,2022-06-07,insights,TN\n",
    "organisations.csv": "id,name,kind,country\nschool,School of Prevention,academia,TN\nport,Port Office,,GH\n",
}

FROM_FILES = {RESOURCE.label: "guide", PROJECT.label: "insights", ACTIVITY.label: "clinic", SERIES.label: "briefings"}
"""What files tell of, by label."""

GIVEN: dict[str, dict[str, Any]] = {
    RESOURCE.label: {"title": "Energy  sites", "kind": "guide"},
    PROJECT.label: {"title": "Energy  sites"},
    ACTIVITY.label: {"title": "Energy  sites", "kind": "national"},
    SERIES.label: {"name": "Energy  sites"},
}
"""The least that has to be said of each, by label."""

SHOWN: LiteralString = """
MATCH (n:$($label) {id: $id})
RETURN n {
  .*,
  country: COLLECT { MATCH (n)-[:FOR_COUNTRY]->(c) RETURN c.id ORDER BY c.id },
  topics: COLLECT { MATCH (n)-[:COVERS]->(t) RETURN t.id ORDER BY t.id },
  languages: COLLECT {
    MATCH (n)-[r:IN_LANGUAGE]->(l) RETURN [l.id, r.title, r.url, toString(r.published_on)] ORDER BY l.id
  },
  partners: COLLECT { MATCH (n)<-[:PARTNER_IN]-(o) RETURN o.id ORDER BY o.id },
  authors: COLLECT { MATCH (n)<-[:AUTHORED]-(e) RETURN e.id ORDER BY e.id },
  part_of: COLLECT { MATCH (n)-[:PART_OF]->(p) RETURN p.id },
  starts_on: toString(n.starts_on), ends_on: toString(n.ends_on), published_on: toString(n.published_on)
} AS thing
"""


def folder_of(folder: Path, **changes: str) -> Path:
    """The files in a folder; ``changes`` by the file's name without its suffix."""
    written(folder, **changes)
    for name, text in FILES.items():
        (folder / name).write_text(changes.get(name.removesuffix(".csv"), text), encoding="utf-8")
    return folder


async def make(graph: Graph, of: Described, *, viewer: Viewer = ORGANISER, key: str | None = None, **more: Any) -> Made:
    """A thing of which the least is said, and more."""
    return await programme.create(graph, viewer, of=of, given={**GIVEN[of.label], **more}, idempotency_key=key)


async def changed(graph: Graph, of: Described, id: str, *, viewer: Viewer = ORGANISER, **changes: Any) -> Made:
    """A thing changed by who saw it as it is."""
    version = (await shown(graph, of, id))["version"]
    return await programme.update(graph, viewer, of=of, id=id, expected_version=version, changes=changes)


async def shown(graph: Graph, of: Described, id: str) -> dict[str, Any]:
    """A thing with what it is related to; empty if there is none."""
    rows = await graph.read(SHOWN, label=of.label, id=id)
    return rows[0]["thing"] if rows else {}
