"""What the network was loaded from, on its page: file by file, what would go with each, and taking it out."""

import httpx

from graph import changes, intake
from graph.graph import Graph
from tests.api.pages.administration.sending import send, text_of
from tests.door import KEEPER

LOADED = """
CREATE (s:Source {id: $source, folder: '/somewhere', read_at: datetime()})
CREATE (:Expert {id: 'ana', name: 'Ana'})
CREATE (:Record {id: 'one', kind: 'experts', entity: 'ana', subject: 'ana', person: 'ana', place: 'row 2', trust: 1,
                 said: '{"id": "ana", "name": "Ana"}', decides: ['name'], read_at: datetime()})-[:FROM]->(s)
"""
PEOPLE = "MATCH (e:Expert) RETURN e.id AS id"


async def test_what_a_source_told_is_looked_at_and_then_taken_out(graph: Graph, browser: httpx.AsyncClient) -> None:
    source = "<b>people</b>.csv"
    await graph.write(LOADED, source=source)
    listed = await browser.get("/administration/sources")
    assert "&lt;b&gt;people&lt;/b&gt;.csv" in listed.text
    assert "<b>people" not in listed.text
    assert "No file is called so." in (await browser.get("/administration/sources?q=peoples")).text
    assert "people&lt;/b&gt;" in (await browser.get("/administration/sources?q=PEOPLE")).text

    looked = await send(browser, "/sources/look", source=source)
    assert "People of whom nothing else tells, with their evidence and consents: 1" in text_of(looked)
    assert [row["id"] for row in await graph.read(PEOPLE)] == ["ana"]

    taken = await send(browser, "/sources/remove", source=source)

    assert f"What “ {source} ” told is taken out" in text_of(taken)
    assert await graph.read(PEOPLE) == []
    assert await intake.sources(graph, KEEPER) == []
    ((_, change),) = (await changes.page(graph, KEEPER, first=1)).entries
    assert (change.verb, change.subject) == ("removed", f"source:{source}")
    again = await send(browser, "/sources/remove", source=source)
    assert again.status_code == 422
    assert "look at the list of sources" in text_of(again)
