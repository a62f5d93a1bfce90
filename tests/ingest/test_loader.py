# ruff: noqa: E501 -- exact sentences and rows stand on one line each
"""A folder goes into a real graph: once, again, changed, pruned, refused in part, and killed halfway."""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, LiteralString

import pytest

import ingest
from graph import changes
from graph.audiences import of_network
from graph.engine import Address
from graph.graph import Graph
from graph.network import describe
from graph.viewer import Audience, FieldGroup, Viewer
from ingest import Counts, Report, load, loader
from ingest.report import Thing, Things

OPERATOR = Viewer.at_the_command_line()
Edit = Callable[[str, str, str], None]
Folder = Callable[[dict[str, str]], Path]

EVERYTHING: LiteralString = """
MATCH (n) WHERE NOT n:Migration AND NOT n:Change AND NOT n:ChangeCounter
RETURN labels(n) AS labels, n {.*, read_at: null, version: null} AS node,
       COLLECT { MATCH (n)-[r]->(m) WITH type(r) AS type, m.id AS other, r {.*} AS properties
                 RETURN [type, other, properties] ORDER BY type, other, properties.id } AS relations
ORDER BY labels, n.id
"""


async def everything(graph: Graph) -> list[Any]:
    """The whole graph, to be compared with itself, but for when it was read and how often it was changed."""
    return await graph.read(EVERYTHING)


def counts(report: Report) -> dict[str, Counts]:
    """A report's counts, of the kinds where something other than 'unchanged' is told."""
    return {
        kind: found
        for kind, found in report.kinds.items()
        if found.created or found.changed or found.removed or found.refused
    }


async def names(graph: Graph) -> list[str]:
    return [row["name"] for row in await graph.read("MATCH (e:Expert) RETURN e.name AS name ORDER BY name")]


async def test_a_folder_goes_in_whole(graph: Graph, network: Path) -> None:
    report = await load(graph, OPERATOR, network)

    assert report.is_complete
    assert report.kinds == {
        "organisations": Counts(created=2),
        "topics": Counts(created=3),
        "series": Counts(created=1),
        "projects": Counts(created=1),
        "experts": Counts(created=2),
        "events": Counts(created=1),
        "resources": Counts(created=1),
        "activities": Counts(created=1),
        "affiliations": Counts(created=2),
        "speakers": Counts(created=1),
        "attendance": Counts(created=1),
        "documents": Counts(created=2),
        "passages": Counts(created=3),
    }
    rows = await graph.read(
        "MATCH (e:Expert {id: 'salma-benrabah'})-[:EVIDENCED_BY]->(p:Passage {kind: 'talk'})-[:PART_OF]->()"
        "-[:DRAWN_FROM]->(v:Event)-[:PART_OF]->(s:Series) "
        "RETURN e.name AS name, p.text AS text, p.stamps AS stamps, s.name AS series"
    )
    assert rows == [
        {
            "name": "Salma Benrabah",
            "text": "Trois gestes suffisent à la porte : saluer, regarder, prévenir.",
            "stamps": ["of_salma_benrabah"],
            "series": "Expert Briefing Series",
        }
    ]


async def test_a_report_is_of_what_was_sent_and_names_it(graph: Graph, network: Path, tmp_path: Path) -> None:
    await load(graph, OPERATOR, network)
    sent = tmp_path / "sent"
    (sent / "documents").mkdir(parents=True)
    people = "id,name\nsalma-benrabah,Salma B.\nzoe,Zoe\n"
    (sent / "experts.csv").write_text(people, encoding="utf-8")
    (sent / "documents" / "zoe.md").write_text("Zoe trains stewards at mosques and churches.", encoding="utf-8")

    report = await load(graph, OPERATOR, sent, dry_run=True)

    assert report.kinds["passages"] == Counts(created=1)
    assert report.things["experts"] == Things(
        created=[Thing("zoe", "Zoe")], changed=[Thing("salma-benrabah", "Salma B.")]
    )


async def test_countries_regions_and_languages_come_along(graph: Graph, network: Path) -> None:
    await load(graph, OPERATOR, network)

    rows = await graph.read(
        "MATCH (c:Country {id: 'TN'})-[:IN_REGION]->(r:Region)-[:WITHIN]->(w:Region) "
        "RETURN c.name_ar AS country, r.name_fr AS region, w.name_zh AS within"
    )
    languages = await graph.read("MATCH (l:Language) RETURN l.id AS id ORDER BY id")
    assert rows == [{"country": "تونس", "region": "Afrique septentrionale", "within": "非洲"}]
    assert [row["id"] for row in languages] == ["ar", "en", "fr"]
    assert await graph.read("MATCH (c:Country) RETURN count(c) AS count") == [{"count": 249}]


async def test_the_same_folder_again_writes_nothing(
    graph: Graph, network: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (network / "datapackage.json").write_text('{"title": "Small", "fictional": true}', encoding="utf-8")
    await load(graph, OPERATOR, network)
    before = await everything(graph)

    async def write(*_: object, **__: object) -> None:
        pytest.fail("the second load wrote")

    monkeypatch.setattr(graph, "transact", write)
    monkeypatch.setattr(graph, "write", write)
    report = await load(graph, OPERATOR, network, prune=True)

    assert counts(report) == {}
    assert report.kinds["experts"] == Counts(unchanged=2)
    assert report.kinds["passages"] == Counts(unchanged=3)
    assert report.kinds["network"] == Counts(unchanged=1)
    assert await everything(graph) == before


async def test_audiences_are_taken_with_the_first_load_alone_and_later_ones_are_told(
    graph: Graph, network: Path
) -> None:
    described = '{"title": "Small", "audiences": {"listing": "everyone", "contact": "%s"}}'
    (network / "datapackage.json").write_text(described % "organisers", encoding="utf-8")
    foreseen = await load(graph, OPERATOR, network, dry_run=True)
    first = await load(graph, OPERATOR, network)
    again = await load(graph, OPERATOR, network)
    (network / "datapackage.json").write_text(described % "everyone", encoding="utf-8")
    foreseen_later = await load(graph, OPERATOR, network, dry_run=True)
    later = await load(graph, OPERATOR, network)

    assert [foreseen.doubts, first.doubts, again.doubts] == [(), (), ()]
    assert [str(doubt) for doubt in later.doubts] == [
        "datapackage.json, column audiences: audiences are taken before a network has people or audiences of its own, "
        "and this one does; if it is meant, run 'knowwho audience set contact everyone'"
    ]
    assert foreseen_later.doubts == later.doubts
    assert [report.kinds["network"] for report in (again, later)] == [Counts(unchanged=1)] * 2
    in_force = await of_network(graph, OPERATOR)
    assert (in_force[FieldGroup.LISTING], in_force[FieldGroup.CONTACT]) == (Audience.EVERYONE, Audience.ORGANISERS)
    log = [one for _, one in (await changes.page(graph, OPERATOR, first=9, verb="audiences set")).entries]
    assert [(one.subject, one.before, one.after) for one in log] == [
        ("network", {"listing": "members", "contact": "members"}, {"listing": "everyone", "contact": "organisers"})
    ]


async def test_columns_in_another_order_change_nothing(graph: Graph, network: Path) -> None:
    await load(graph, OPERATOR, network)
    (network / "series.csv").write_text("\ufeffdescription,name,id\r\nSix briefings.,Expert Briefing Series,expert-briefings\r\n", encoding="utf-8")  # fmt: skip

    assert counts(await load(graph, OPERATOR, network)) == {}


async def test_a_changed_row_changes_what_it_says_and_nothing_else(graph: Graph, network: Path, edit: Edit) -> None:
    await load(graph, OPERATOR, network)
    await graph.write("MATCH (p:Passage) SET p.encoder = 'revision'")
    edit("experts.csv", "TN,ar:native; fr:fluent", "FR,fr:native")

    report = await load(graph, OPERATOR, network)

    assert counts(report) == {"experts": Counts(changed=1, unchanged=1)}
    rows = await graph.read(
        "MATCH (e:Expert)-[:EVIDENCED_BY]->(p:Passage {kind: 'biography'}) "
        "RETURN COLLECT { MATCH (e)-[:BASED_IN]->(c) RETURN c.id } AS c, "
        "COLLECT { MATCH (e)-[:SPEAKS]->(l) RETURN l.id } AS s, p.encoder AS e"
    )
    assert rows == [{"c": ["FR"], "s": ["fr"], "e": "revision"}]


async def test_a_changed_document_waits_for_the_vectors_of_what_changed(
    graph: Graph, network: Path, edit: Edit
) -> None:
    await load(graph, OPERATOR, network)
    await graph.write("MATCH (p:Passage) SET p.encoder = 'revision'")
    edit("documents/talks/briefing.md", "Trois", "Quatre")

    report = await load(graph, OPERATOR, network)

    assert counts(report) == {
        "documents": Counts(changed=1, unchanged=1),
        "passages": Counts(created=2, unchanged=1, removed=2),
    }
    rows = await graph.read("MATCH (p:Passage) WHERE p.encoder IS NULL RETURN p.text AS text")
    assert [row["text"] for row in rows] == ["Quatre gestes suffisent à la porte : saluer, regarder, prévenir."] * 2


async def test_a_dry_run_writes_nothing_and_reports_the_same(graph: Graph, network: Path, edit: Edit) -> None:
    foreseen = await load(graph, OPERATOR, network, dry_run=True)

    assert await everything(graph) == []
    done = await load(graph, OPERATOR, network)
    assert foreseen.kinds == done.kinds

    edit("experts.csv", "Kofi Adjei,", "Kofi A. Adjei,")
    edit("experts.csv", "salma@example.org", "salma at example")
    edit("documents/talks/briefing.md", "Trois", "Quatre")
    (network / "documents/biographies/salma-benrabah.md").unlink()
    (network / "attendance.csv").write_text("event,expert\n", encoding="utf-8")
    before = await everything(graph)
    foreseen = await load(graph, OPERATOR, network, dry_run=True, prune=True)

    assert await everything(graph) == before
    done = await load(graph, OPERATOR, network, prune=True)
    assert (foreseen.kinds, foreseen.refusals, foreseen.notes) == (done.kinds, done.refusals, done.notes)
    assert counts(done) == {
        "experts": Counts(changed=1, refused=1),
        "attendance": Counts(removed=1),
        "documents": Counts(changed=1, removed=1),
        "passages": Counts(created=2, removed=3),
    }


class TestARefusedRow:
    async def test_stops_no_other_and_leaves_what_was_there(self, graph: Graph, network: Path, edit: Edit) -> None:
        await load(graph, OPERATOR, network)
        edit("experts.csv", "Salma Benrabah,", "Salma B.,")
        edit("experts.csv", "Kofi Adjei,", "K. Adjei,")
        edit("experts.csv", ",GH,", ",XX,")

        report = await load(graph, OPERATOR, network, prune=True)

        assert counts(report) == {"experts": Counts(changed=1, refused=1)}
        assert await names(graph) == ["Kofi Adjei", "Salma B."]

    async def test_stores_nothing_of_itself(self, graph: Graph, network: Path, edit: Edit) -> None:
        edit("experts.csv", ",GH,", ",XX,")

        report = await load(graph, OPERATOR, network)

        assert {kind: found.refused for kind, found in report.kinds.items() if found.refused} == {
            "experts": 1,
            "affiliations": 1,
            "attendance": 1,
            "documents": 1,
        }
        assert await graph.read("MATCH (n) WHERE n.id = 'kofi-adjei' RETURN n") == []
        assert await graph.read("MATCH (l:Language {id: 'en'})<-[:SPEAKS]-(e) RETURN e") == []

    async def test_goes_in_when_it_is_corrected(self, graph: Graph, network: Path, edit: Edit) -> None:
        edit("experts.csv", ",GH,", ",XX,")
        await load(graph, OPERATOR, network)
        edit("experts.csv", ",XX,", ",GH,")

        report = await load(graph, OPERATOR, network)

        assert report.is_complete
        assert counts(report) == {
            "experts": Counts(created=1, unchanged=1),
            "affiliations": Counts(created=1, unchanged=1),
            "attendance": Counts(created=1),
            "documents": Counts(created=1, unchanged=1),
            "passages": Counts(created=2, unchanged=1),
        }


class TestPruning:
    async def test_leaves_what_another_folder_has_under_the_same_name(
        self, graph: Graph, network: Path, tmp_path: Path
    ) -> None:
        other = tmp_path / "other"
        other.mkdir()
        (other / "organisations.csv").write_text("id,name,kind,country,website\nwho,World,,,\n", encoding="utf-8")
        await load(graph, OPERATOR, network)
        await load(graph, OPERATOR, other)

        report = await load(graph, OPERATOR, other, prune=True)

        assert not any(of_kind.removed for of_kind in counts(report).values())
        assert f"because {network} has a file of this name too" in str(report.notes)

    async def test_removes_what_the_folder_no_longer_has(self, graph: Graph, network: Path, edit: Edit) -> None:
        await load(graph, OPERATOR, network)
        edit("experts.csv", 'kofi-adjei,Kofi Adjei,"Architect, adviser on entrances",,GH,en:fluent,markets:practitioner,,\n', "")  # fmt: skip
        edit("affiliations.csv", "kofi-adjei,osce,Adviser,2010,2015\n", "")
        edit("attendance.csv", "briefing,kofi-adjei\n", "")
        edit("documents/talks/briefing.md", "; kofi-adjei", "")

        kept = await load(graph, OPERATOR, network)
        pruned = await load(graph, OPERATOR, network, prune=True)

        assert counts(kept) == {
            "documents": Counts(changed=1, unchanged=1),
            "passages": Counts(unchanged=2, removed=1),
        }
        assert counts(pruned) == {
            "experts": Counts(unchanged=1, removed=1),
            "affiliations": Counts(unchanged=1, removed=1),
            "attendance": Counts(removed=1),
        }
        assert await names(graph) == ["Salma Benrabah"]
        assert counts(await load(graph, OPERATOR, network, prune=True)) == {}

    async def test_removes_all_that_a_file_told_which_is_gone(self, graph: Graph, network: Path) -> None:
        await load(graph, OPERATOR, network)
        (network / "attendance.csv").unlink()
        shutil.rmtree(network / "documents")

        report = await load(graph, OPERATOR, network, prune=True)

        assert counts(report) == {
            "attendance": Counts(removed=1),
            "documents": Counts(removed=2),
            "passages": Counts(removed=3),
        }
        sources = await graph.read(
            "MATCH (s:Source) WHERE s.id STARTS WITH 'doc' OR s.id STARTS WITH 'att' RETURN s.id"
        )
        assert sources == []

    async def test_leaves_what_another_folder_brought(self, graph: Graph, network: Path, tmp_path: Path) -> None:
        await load(graph, OPERATOR, network)
        before = await everything(graph)
        (tmp_path / "part").mkdir()
        shutil.copy(network / "topics.csv", tmp_path / "part")

        report = await load(graph, OPERATOR, tmp_path / "part", prune=True)

        assert report.is_complete
        assert await everything(graph) == before

    async def test_leaves_what_a_refused_row_or_file_stands_for(self, graph: Graph, network: Path, edit: Edit) -> None:
        await load(graph, OPERATOR, network)
        edit("experts.csv", "kofi-adjei,", "Kofi,")
        edit("speakers.csv", "event,", "evnt,")
        edit("documents/talks/briefing.md", "kind: talk", "kind: tlk")

        report = await load(graph, OPERATOR, network, prune=True)

        assert not any(found.removed for found in report.kinds.values())
        assert await names(graph) == ["Kofi Adjei", "Salma Benrabah"]
        assert [row["c"] for row in await graph.read("MATCH ()-[:SPOKE_AT]->() RETURN count(*) AS c")] == [1]
        assert [row["c"] for row in await graph.read("MATCH (:Document)<--(p) RETURN count(p) AS c")] == [3]

    async def test_leaves_what_no_folder_brought(self, graph: Graph, network: Path) -> None:
        await graph.write("CREATE (:Expert {id: 'signed-up', name: 'Signed Up'})")

        report = await load(graph, OPERATOR, network, prune=True)

        assert report.kinds["experts"] == Counts(created=2)
        assert "Signed Up" in await names(graph)

    async def test_brings_back_every_relation_when_what_was_removed_returns(self, graph: Graph, network: Path) -> None:
        await load(graph, OPERATOR, network)
        before = await everything(graph)
        whole = (network / "topics.csv").read_text(encoding="utf-8")
        experts = (network / "experts.csv").read_text(encoding="utf-8")
        (network / "topics.csv").write_text("id,broader,label_en\nmarkets,,Markets\n", encoding="utf-8")
        (network / "experts.csv").write_text("id,name,country,languages\n", encoding="utf-8")
        await load(graph, OPERATOR, network, prune=True)

        (network / "topics.csv").write_text(whole, encoding="utf-8")
        (network / "experts.csv").write_text(experts, encoding="utf-8")
        await load(graph, OPERATOR, network, prune=True)

        assert await everything(graph) == before


async def test_a_network_describes_itself(graph: Graph, network: Path) -> None:
    (network / "datapackage.json").write_text('{"title": "Small", "fictional": true}', encoding="utf-8")
    created = await load(graph, OPERATOR, network)
    (network / "datapackage.json").write_text('{"title": "Small", "fictional": false}', encoding="utf-8")
    changed = await load(graph, OPERATOR, network)
    (network / "datapackage.json").unlink()
    left = await load(graph, OPERATOR, network, prune=True)

    assert created.kinds["network"] == Counts(created=1)
    assert changed.kinds["network"] == Counts(changed=1)
    assert "network" not in left.kinds
    described = await describe(graph, OPERATOR)
    assert described is not None
    assert (described.title, described.is_fictional) == ("Small", False)


async def test_progress_counts_up_to_all_of_each_kind(
    graph: Graph, network: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "BATCH", 2)
    told: list[tuple[str, int, int]] = []

    await load(graph, OPERATOR, network, progress=lambda kind, done, total: told.append((kind, done, total)))

    assert [step for step in told if step[0] == "topics"] == [("topics", 2, 3), ("topics", 3, 3)]
    assert {step[1] for step in told if step[0] == "experts"} == {2}


async def test_two_loads_at_once_leave_one_network(graph: Graph, network: Path) -> None:
    await asyncio.gather(load(graph, OPERATOR, network), load(graph, OPERATOR, network))

    assert counts(await load(graph, OPERATOR, network, prune=True)) == {}
    assert [row["c"] for row in await graph.read("MATCH (e:Expert)-[r:EXPERT_IN]->() RETURN count(r) AS c")] == [2]


LOAD_AND_WAIT_TO_BE_KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from pydantic import SecretStr
from graph.engine import Address
from graph.graph import Graph
from graph.viewer import Viewer
from ingest import load, loader

loader.BATCH = 5

async def main(uri, user, folder, kind, after):
    address = Address(uri, user, SecretStr(os.environ["PASSWORD"]), None, managed=False)

    def die(told, done, total):
        if told == kind and done >= int(after):
            os.kill(os.getpid(), signal.SIGKILL)

    async with Graph.connect(address) as graph:
        await load(graph, Viewer.at_the_command_line(), Path(folder), progress=die)

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.parametrize("kind, after", [("topics", 5), ("experts", 10), ("documents", 5), ("attendance", 3)])
async def test_a_load_killed_halfway_is_completed_by_running_it_again(
    graph: Graph, engine_address: Address, network: Path, kind: str, after: int
) -> None:
    grown(network, 20)
    environment = {
        **os.environ,
        "PASSWORD": engine_address.password.get_secret_value(),
        "PYTHONPATH": str(Path(ingest.__file__).parent.parent),
    }

    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", LOAD_AND_WAIT_TO_BE_KILLED),
        *(engine_address.uri, engine_address.user, str(network), kind, str(after)),
        env=environment,
    )
    ended = await process.wait()
    halfway = await everything(graph)
    report = await load(graph, OPERATOR, network)
    completed = await everything(graph)

    assert ended == -signal.SIGKILL
    assert len(halfway) < len(completed)
    assert report.is_complete
    assert report.kinds[kind].unchanged >= after
    await graph.write("MATCH (n) WHERE NOT n:Migration DETACH DELETE n")
    await load(graph, OPERATOR, network)
    assert await everything(graph) == completed


def grown(network: Path, many: int) -> None:
    """Add so many topics, people, documents and attendances to the small network."""
    with (network / "topics.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"topic-{n},religious-sites,Topic {n},,,\n" for n in range(many))
    with (network / "experts.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"expert-{n},Expert {n},,,TN,ar:native,topic-{n}:lead,,\n" for n in range(many))
    with (network / "attendance.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"briefing,expert-{n}\n" for n in range(many))
    for n in range(many):
        text = f"---\nowner: expert-{n}\nkind: biography\nlanguage: en\n---\nExpert {n} trains stewards.\n"
        (network / "documents" / f"expert-{n}.md").write_text(text, encoding="utf-8")
