# ruff: noqa: E501 -- a file of the network stands on one line, however many rows it has
"""A network in which one person is told of twice, under two spellings and two addresses, as `ama` and as `ama-2`."""

from pathlib import Path
from typing import Any, LiteralString

from graph import joining
from graph.graph import Graph
from graph.invitations import invite
from graph.joining import Answer
from graph.values import ExpertId
from graph.viewer import Audience, FieldGroup, Role, Viewer
from ingest import Report, load

__all__ = [
    "AMA",
    "FILES",
    "KOFI",
    "OPERATOR",
    "ORGANISER",
    "SECOND",
    "everything",
    "invited",
    "loaded",
    "person",
    "texts",
    "written",
]

OPERATOR = Viewer.at_the_command_line()
AMA, SECOND, KOFI = ExpertId("ama"), ExpertId("ama-2"), ExpertId("kofi")
ORGANISER = Viewer(Role.ORGANISER, person=KOFI, actor="account:kofi")

FILES = {
    "topics.csv": "id,broader,label_en\nprevention,,Prevention\nstewards,prevention,Stewards\nlaw,,Law\n",
    "organisations.csv": "id,name,kind,country\nschool,School of Prevention,academia,TN\n",
    "experts.csv": """\
id,name,headline,email,country,languages,topics,worked_in,joined,gender,away
ama,Ama Testperson,Trainer of stewards,ama@example.org,TN,ar:native; fr:fluent,stewards:lead:2011,TN,2022-02-10,woman,2027-03-01/2027-03-02
ama-2,Amah Testperson,Adviser on law,amah@example.org,FR,fr:working; en:fluent,law:practitioner,FR,2021-03-01,,2027-01-04/2027-01-05
kofi,Kofi Otherperson,,kofi@example.org,GH,en:fluent,law:familiar,,,man,
""",
    "events.csv": """\
id,title,kind,format,starts_at,ends_at,country,topics,languages
briefing,Briefing on prevention,briefing,online,2022-06-02T14:00:00+02:00,2022-06-02T16:00:00+02:00,AT,prevention,fr
workshop,Workshop on law,workshop,online,2022-07-02T14:00:00+02:00,2022-07-02T16:00:00+02:00,AT,law,en
""",
    "resources.csv": "id,title,kind,authors\nguide,A guide,module,ama-2; kofi\n",
    "affiliations.csv": "expert,organisation,role,from\nama,school,Teacher,2014\nama-2,school,Teacher,2014\nama-2,school,Fellow,2020\n",
    "speakers.csv": "event,expert,role,talk\nbriefing,ama-2,speaker,Who stands at the gate\nworkshop,ama,host,\n",
    "attendance.csv": "event,expert\nbriefing,ama\nbriefing,ama-2\nworkshop,kofi\n",
    "documents/biographies/ama.md": "---\nowner: ama\n---\nShe teaches ushers to greet whoever comes in.\n",
    "documents/biographies/ama-2.md": "---\nowner: ama-2\n---\nShe drafted the statute on crowded squares.\n",
    "documents/talks/briefing.md": "---\nowner: ama; ama-2; kofi\nkind: talk\nevent: briefing\n---\nOpen doors and watchful eyes.\n",
}  # fmt: skip

EVERYTHING: LiteralString = """
MATCH (n) WHERE NOT n:Migration AND NOT n:Change AND NOT n:ChangeCounter
RETURN labels(n) AS labels, n {.*} AS node,
       COLLECT { MATCH (n)-[r]->(m) WITH type(r) AS type, m.id AS other, r {.*} AS properties
                 RETURN [type, other, properties] ORDER BY type, other, properties.id } AS relations
ORDER BY labels, n.id
"""
TIMES = ("read_at", "version")
"""When it was, and how often it was changed: neither goes back."""

SHOWN: LiteralString = "MATCH (e:Expert {id: $expert}) RETURN e {.*} AS e"

TEXTS: LiteralString = """
MATCH (e:Expert {id: $expert})-[:EVIDENCED_BY]->(p:Passage) WHERE p.kind <> 'profile'
RETURN p.text AS text ORDER BY text
"""


def written(folder: Path, **changes: str) -> Path:
    """The files in a folder; ``changes`` by the file's name without its suffix."""
    for name, text in FILES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(changes.get(file.stem.replace("-", "_"), text), encoding="utf-8")
    return folder


async def loaded(graph: Graph, folder: Path) -> Report:
    """Load a folder in which nothing is wrong."""
    report = await load(graph, OPERATOR, folder)
    assert report.is_complete, report.refusals
    return report


async def everything(graph: Graph) -> list[Any]:
    """The whole graph but for times, to be compared with itself."""
    rows = await graph.read(EVERYTHING)
    for row in rows:
        row["labels"] = sorted(row["labels"])
        row["node"] = {name: value for name, value in row["node"].items() if name not in TIMES}
    return sorted(rows, key=lambda row: (row["labels"], str(row["node"].get("id"))))


async def person(graph: Graph, expert: str) -> dict[str, Any]:
    """The properties of a person; none if there is nobody of this id."""
    rows = await graph.read(SHOWN, expert=expert)
    return rows[0]["e"] if rows else {}


async def texts(graph: Graph, expert: str) -> list[str]:
    """What a person's evidence says, passage by passage."""
    return [row["text"] for row in await graph.read(TEXTS, expert=expert)]


async def invited(graph: Graph, email: str, name: str, **choices: Audience) -> ExpertId:
    """Somebody who joined by invitation."""
    _, secret = await invite(graph, OPERATOR, email=email)
    chosen = {FieldGroup(group): audience for group, audience in choices.items()}
    account = await joining.accept(
        graph, Viewer(Role.PUBLIC), secret=secret, answer=Answer(name, f"I am {name}", chosen, {})
    )
    assert account.expert is not None
    return account.expert
