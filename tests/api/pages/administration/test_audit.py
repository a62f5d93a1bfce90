"""The change log on its page: newest first, narrowed by each word, and nothing written by others becomes markup."""

import csv
import html
import io
import re
from datetime import UTC, datetime

import httpx
import pytest

from api.pages.terms import TERMS, term
from api.pages.words import in_order_of
from graph import accounts, drafts
from graph.accounts import Account
from graph.changes import record
from graph.graph import Graph, Transaction
from graph.values import UN_LANGUAGES
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
    assert "keeper@example.org role set A person ama ↗ Role: <i>a</i> → b" in first
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


@pytest.mark.parametrize("typed", ["Grace", "GRACE NAK", "grace@example.org", "account:{id}"])
async def test_somebody_is_found_by_the_name_that_is_shown(
    graph: Graph, browser: httpx.AsyncClient, typed: str
) -> None:
    command_line = Viewer.at_the_command_line()
    grace = await accounts.create(
        graph, command_line, email="grace@example.org", role=Role.MEMBER, name="Grace Nakimuli"
    )
    await change(graph, f"account:{grace.id}", "role set")
    await change(graph, "token:1", "role set", f"account:{grace.id}")

    by_her = await browser.get("/administration/audit", params={"actor": typed.format(id=grace.id), "verb": "role set"})
    of_her = await browser.get("/administration/audit", params={"subject": typed.format(id=grace.id)})
    table = await browser.get(
        "/administration/audit.csv", params={"actor": typed.format(id=grace.id), "verb": "role set"}
    )

    assert by_her.text.count("<time ") == 1
    assert ">Grace Nakimuli<" in by_her.text
    assert "An account Grace Nakimuli" in text_of(of_her)
    assert len(table.text.splitlines()) == 1 + 1
    assert grace.id not in re.sub(r'(href|value)="[^"]*"', "", of_her.text)


async def test_values_are_told_in_words_and_moments_of_the_language(graph: Graph, browser: httpx.AsyncClient) -> None:
    async def work(tx: Transaction) -> None:
        after = {
            "role": "member",
            "scopes": ["read:members", "read:public"],
            "expires_at": datetime(2027, 2, 28, 11, 30, 49, 113202, UTC),
            "how": "demo",
        }
        await record(tx, Viewer.at_the_command_line(), verb="token made", subject="token:1", after=after)

    await graph.transact(work)

    page = await browser.get("/administration/audit")

    by_words = await browser.get(
        "/administration/audit", params={"actor": "whoever runs the server", "verb": "token made"}
    )
    by_code = await browser.get("/administration/audit", params={"actor": "command line", "verb": "token made"})
    assert (by_words.text.count("<time "), by_code.text.count("<time ")) == (1, 1)
    assert 'name="actor" value="whoever runs the server"' in by_code.text
    told = text_of(page).partition("Fields and values")[2]
    assert "whoever runs the server" in told
    assert "What it may do: read what members see and read what everyone sees" in told
    assert "Ends: 28 February 2027, 11:30 UTC" in told
    assert "How: in the demo" in told
    for raw in ("expires_at", "2027-02-28", "read:members", "command line"):
        assert raw not in told


@pytest.mark.parametrize("verb", ["erased", '"><i>x'])
async def test_a_verb_is_chosen_by_its_word_in_the_order_of_the_language(browser: httpx.AsyncClient, verb: str) -> None:
    page = await browser.get("/administration/audit", params={"verb": verb}, headers={"Accept-Language": "es"})

    choices = page.text.partition('<select name="verb">')[2].partition("</select>")[0]
    options = re.findall(r'<option value="([^"]*)"( selected)?>([^<]*)</option>', choices)
    words = {html.unescape(value): html.unescape(word) for value, _, word in options}
    assert words == {"": "cualquiera", **{one: term("change", one, "es") for one in TERMS["change"]}, verb: words[verb]}
    assert [*words.values()][1:] == sorted([*words.values()][1:], key=in_order_of("es"))
    assert [html.unescape(value) for value, selected, _ in options if selected] == [verb]
    assert "<i>x" not in page.text


@pytest.mark.parametrize("language", UN_LANGUAGES)
def test_no_two_verbs_are_called_the_same(language: str) -> None:
    assert len({term("change", verb, language) for verb in TERMS["change"]}) == len(TERMS["change"])


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


async def test_drafts_are_told_by_their_titles_also_once_they_are_published(
    graph: Graph, browser: httpx.AsyncClient
) -> None:
    organiser = Viewer(Role.ORGANISER, actor="account:1")
    draft = await drafts.create(graph, organiser, given={"title": "Soils & seeds"}, idempotency_key=None)
    await change(graph, "token:1", "shortlisted", f"shortlist:{draft.id}")
    await graph.write("CREATE (:Event {id: 'hall-1a2b3c4d', title: 'Town hall', sort_key: 'town hall'})")
    await change(graph, "token:1", "draft changed", "draft:hall-1a2b3c4d")

    told = text_of(await browser.get("/administration/audit")).partition("Fields and values")[2]

    assert told.count("Soils & seeds") == 2
    assert "A draft of an event Town hall" in told
    assert draft.id not in told
