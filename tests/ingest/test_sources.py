"""Every fact knows its source: several sources of one person, where each fact stands, and taking a source out."""

from pathlib import Path
from typing import Any

import pytest

from graph import intake, provenance
from graph.graph import Graph, Transaction
from graph.intake import Kind, Sourced, Trust
from graph.provenance import NoSuchSource, NothingKnown
from graph.viewer import Viewer
from ingest import load
from ingest.rows import Event, Expert
from tests.ingest.test_loader import Edit, counts, everything

OPERATOR = Viewer.at_the_command_line()


def person(source: str, trust: Trust, **cells: Any) -> Sourced:
    row = Expert.model_validate({"id": "salma", "name": "Salma Benrabah"} | cells)
    return Sourced(source, "row 2", trust, row.record())


async def store(graph: Graph, kind: Kind, *rows: Sourced) -> None:
    from datetime import UTC, datetime

    async def work(tx: Transaction) -> None:
        await intake.store_records(tx, kind, rows, folder="/network", at=datetime.now(UTC))

    await graph.transact(work)


async def salma(graph: Graph) -> dict[str, Any]:
    (row,) = await graph.read("MATCH (e:Expert {id: 'salma'}) RETURN e {.*} AS e")
    return dict(row["e"])


async def test_a_person_is_what_all_sources_say_together(graph: Graph, network: Path) -> None:
    await load(graph, OPERATOR, network)

    await store(
        graph,
        Kind.EXPERTS,
        person("register.json", Trust.REGISTER, name="S. Benrabah", headline="Author", orcid="0000-0002-1825-0097"),
        person("roster.xlsx", Trust.ROSTER, headline="Trainer", languages=["ar:native"], email="salma@example.org"),
    )
    await store(graph, Kind.EXPERTS, person("experts.csv", Trust.OWN, languages=["ar:basic", "fr:fluent"]))

    found = await salma(graph)
    spoken = await graph.read("MATCH (:Expert {id: 'salma'})-[s:SPEAKS]->(l) RETURN l.id AS l, s.level AS s ORDER BY l")
    assert (found["name"], found["headline"], found["email"], found["orcid"], found["other_names"]) == (
        "Salma Benrabah",
        "Trainer",
        "salma@example.org",
        "0000-0002-1825-0097",
        ["S. Benrabah"],
    )
    assert spoken == [{"l": "ar", "s": "basic"}, {"l": "fr", "s": "fluent"}]


async def test_taking_a_source_out_takes_exactly_its_facts(graph: Graph, network: Path) -> None:
    await load(graph, OPERATOR, network)
    before = await everything(graph)
    await store(graph, Kind.EXPERTS, person("roster.xlsx", Trust.ROSTER, headline="Trainer", languages=["ar:native"]))
    kept = await everything(graph)
    await store(graph, Kind.EXPERTS, person("register.json", Trust.REGISTER, website="https://salma.example.org"))

    await provenance.remove_source(graph, OPERATOR, source="register.json")

    assert await everything(graph) == kept
    removed = await provenance.remove_source(graph, OPERATOR, source="roster.xlsx")
    assert (removed.rows, removed.documents) == (1, 0)
    assert await everything(graph) == before


async def test_taking_out_a_document_takes_its_passages(graph: Graph, network: Path) -> None:
    await load(graph, OPERATOR, network)

    removed = await provenance.remove_source(graph, OPERATOR, source="documents/talks/briefing.md")

    assert (removed.rows, removed.documents) == (0, 1)
    assert await graph.read("MATCH (p:Passage {kind: 'talk'}) RETURN p.id") == []
    assert await graph.read("MATCH (s:Source {id: 'documents/talks/briefing.md'}) RETURN s.id") == []
    assert counts(await load(graph, OPERATOR, network))["documents"].created == 1


async def test_what_is_no_source_is_said(graph: Graph) -> None:
    with pytest.raises(NoSuchSource, match=r"Nothing came from 'x\.csv'; look at the list of sources"):
        await provenance.remove_source(graph, OPERATOR, source="x.csv")


async def test_every_fact_knows_its_file_its_row_and_when(graph: Graph, network: Path) -> None:
    await load(graph, OPERATOR, network)

    facts = await provenance.of(graph, OPERATOR, id="salma-benrabah")

    told = {(fact.subject.split()[0], fact.name, fact.value): fact.places for fact in facts}
    (name,) = told["experts", "name", "Salma Benrabah"]
    assert (name.source, name.place) == ("experts.csv", "row 2")
    assert name.read_at is not None
    assert told["experts", "languages", "fr:fluent"][0].place == "row 2"
    assert {fact.subject.split()[0] for fact in facts} == {"experts", "affiliations", "speakers", "document"}
    passages = [fact for fact in facts if fact.name.startswith("passage")]
    assert {place.source for fact in passages for place in fact.places} == {
        "documents/biographies/salma-benrabah.md",
        "documents/talks/briefing.md",
    }


async def test_what_nobody_told_is_said(graph: Graph) -> None:
    with pytest.raises(NothingKnown, match="No file told of 'nobody'"):
        await provenance.of(graph, OPERATOR, id="nobody")


async def test_provenance_of_a_file_has_all_that_it_says(graph: Graph, network: Path) -> None:
    await load(graph, OPERATOR, network)

    facts = await provenance.of(graph, OPERATOR, id="series.csv")

    assert {fact.subject for fact in facts} == {"series expert-briefings"}
    assert {place.source for fact in facts for place in fact.places} == {"series.csv"}


async def test_a_row_that_moved_is_told_where_it_stands_now_and_is_unchanged(
    graph: Graph, network: Path, edit: Edit
) -> None:
    await load(graph, OPERATOR, network)
    edit("series.csv", "id,name,description\n", "id,name,description\nfirst,A First Series,\n")

    report = await load(graph, OPERATOR, network)

    assert (report.kinds["series"].created, report.kinds["series"].unchanged) == (1, 1)
    facts = await provenance.of(graph, OPERATOR, id="expert-briefings")
    assert {place.place for fact in facts for place in fact.places} == {"row 3"}


@pytest.mark.parametrize("trust", [Trust.PROGRAMME, Trust.REGISTER])
async def test_of_two_calendars_the_one_that_saw_the_event_changed_most_often_has_the_word(
    graph: Graph, trust: Trust
) -> None:
    def event(source: str, sequence: str, title: str) -> Sourced:
        row = Event.model_validate({"id": "b", "title": title, "kind": "briefing", "sequence": sequence})
        return Sourced(source, "event", trust, row.record())

    await store(graph, Kind.EVENTS, event("b.ics", "10", "Moved"), event("a.ics", "9", "Planned"))

    assert await graph.read("MATCH (v:Event {id: 'b'}) RETURN v.title AS t, v.sequence AS s") == [
        {"t": "Moved", "s": 10}
    ]


async def test_an_older_calendar_does_not_bring_back_what_was_changed(graph: Graph, network: Path, edit: Edit) -> None:
    edit("events.csv", "id,title,kind", "id,sequence,title,kind")
    edit("events.csv", "briefing,Briefing on religious sites", "briefing,2,Moved")
    await load(graph, OPERATOR, network)
    edit("events.csv", "briefing,2,Moved", "briefing,1,Planned")

    report = await load(graph, OPERATOR, network)

    assert report.kinds["events"].unchanged == 1
    assert "events.csv: row 2 is older than what is known already, and was left out" in map(str, report.notes)
    assert await graph.read("MATCH (v:Event) RETURN v.title AS t") == [{"t": "Moved"}]
