"""The change log on its page: newest first, narrowed by each word, and nothing written by others becomes markup."""

import csv
import io
import re
from datetime import datetime

import httpx
import pytest

from graph.accounts import Account
from graph.changes import record
from graph.graph import Graph, Transaction
from graph.viewer import Role, Viewer
from tests.api.pages.administration.sending import text_of


async def change(graph: Graph, actor: str, verb: str, subject: str = "network") -> None:
    async def work(tx: Transaction) -> None:
        viewer = Viewer(Role.ADMINISTRATOR, actor=actor)
        await record(tx, viewer, verb=verb, subject=subject, before={"role": "<i>a</i>"}, after={"role": "b"})

    await graph.transact(work)


async def test_changes_are_told_newest_first_by_the_names_of_accounts(
    graph: Graph, browser: httpx.AsyncClient, keeper: Account
) -> None:
    await change(graph, f"account:{keeper.id}", "role set", "expert:ama")

    page = await browser.get("/administration/audit")

    first = text_of(page).partition("Fields and values")[2]
    assert "keeper@example.org role set expert:ama ↗ role: <i>a</i> → b" in first
    assert "<i>a" not in page.text
    assert 'href="/people/ama"' in page.text


@pytest.mark.parametrize(
    "asked,shown", [({"verb": "removed"}, 1), ({"actor": "token:1"}, 2), ({"subject": "events"}, 1), ({"verb": "x"}, 0)]
)
async def test_it_is_narrowed_by_each_word(
    graph: Graph, browser: httpx.AsyncClient, asked: dict[str, str], shown: int
) -> None:
    await change(graph, "token:1", "loaded", "events")
    await change(graph, "token:1", "removed")

    page = await browser.get("/administration/audit", params=asked)

    assert page.text.count("<time ") == shown
    assert ("No change is like that." in page.text) == (shown == 0)


async def test_a_day_that_is_none_is_said_and_one_of_long_ago_has_nothing(browser: httpx.AsyncClient) -> None:
    wrong = await browser.get("/administration/audit?day=yesterday")
    early = await browser.get("/administration/audit?day=2001-01-01")

    assert (wrong.status_code, early.status_code) == (422, 200)
    assert "That is no day; choose one." in wrong.text
    assert "No change is like that." in early.text


async def test_it_goes_on_page_by_page_as_it_was_narrowed(graph: Graph, browser: httpx.AsyncClient) -> None:
    for _ in range(51):
        await change(graph, "token:1", "loaded")

    first = await browser.get("/administration/audit?verb=loaded")
    more = re.search(r'<a href="([^"]+)" rel="next">', first.text)
    assert more is not None
    rest = await browser.get(more[1].replace("&amp;", "&"))

    assert (first.text.count("<time "), rest.text.count("<time ")) == (50, 1)
    for wrong in ("x", "WyJhIiwgIiJd"):
        assert (await browser.get(f"/administration/audit?after={wrong}")).status_code == 404


async def test_what_is_shown_is_taken_as_a_table_in_parts_and_without_formulas(
    graph: Graph, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.pages.administration.audit.READ_AT_ONCE", 2)
    for number in range(5):
        await change(graph, "token:1", "loaded", f"=events:{number}")
    await change(graph, "token:1", "removed")
    page = await browser.get("/administration/audit", params={"verb": "loaded"})

    (address,) = re.findall(r'href="(/administration/audit.csv[^"]*)"', page.text)
    table = await browser.get(address.replace("&amp;", "&"))
    rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))

    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert table.headers["cache-control"] == "no-store"
    assert [row["subject"] for row in rows] == [f"'=events:{number}" for number in (4, 3, 2, 1, 0)]
    assert (rows[0]["actor"], rows[0]["before"]) == ("token:1", '{"role": "<i>a</i>"}')
    assert datetime.fromisoformat(rows[0]["at"]).tzinfo is not None
    assert (await browser.get("/administration/audit.csv?day=yesterday")).status_code == 404


async def test_a_table_ends_with_as_many_as_are_told_at_once(
    graph: Graph, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.pages.administration.audit.READ_AT_ONCE", 2)
    monkeypatch.setattr("api.pages.administration.audit.MOST_TAKEN", 4)
    for _ in range(7):
        await change(graph, "token:1", "loaded", "events")

    table = await browser.get("/administration/audit.csv?actor=token:1")

    assert len(table.text.splitlines()) == 1 + 4
