"""An administrator in a real browser, from a roster with faults to its people: in English and in Arabic, with and
without scripts.
"""

import shutil
from collections.abc import AsyncIterator

import httpx
import pytest
from playwright.async_api import FilePayload, Route, expect

from api.pages.loader_words import of_loader
from api.settings import GraphQLSettings
from graph.graph import Graph
from graph.settings import GraphSettings
from graph.viewer import Role
from tests.door import MakeAccount, Serve
from tests.e2e.visiting import PATIENCE_MS, UNREACHED, Visit
from tests.served import served

ROSTER = """name,email,country
Salma Benrabah,salma@roster.example,TN
Kofi Adjei,not an address,GH
,ama@roster.example,GH
"""
PEOPLE = "MATCH (e:Expert) RETURN e.name AS name ORDER BY name"
WHO_ASKS = {"query": "{ viewer { role } }"}


@pytest.fixture
async def address(serve: Serve, graph_settings: GraphSettings) -> AsyncIterator[str]:
    app = serve()
    app.state.graphql = GraphQLSettings(query_timeout_s=240)
    async with served(app) as at:
        yield at
    await app.state.loads.close()
    shutil.rmtree(graph_settings.home / "loads", ignore_errors=True)


async def looks_while_nobody_answers(visit: Visit) -> None:
    """What comes of the files is asked for again and again; that it cannot be is said, and it goes on by a button."""
    page, lost = visit.page, visit.page.locator("#lost")

    async def unreached(route: Route) -> None:
        is_part = "hx-request" in route.request.headers
        await (route.abort("connectionrefused") if is_part else route.continue_())

    await page.route("**/administration/load/*", unreached)
    await visit.press("Look at what they would change")
    await expect(lost).to_contain_text(visit.said(UNREACHED), timeout=PATIENCE_MS)
    await page.unroute("**/administration/load/*")
    await lost.get_by_role("button").click()
    await expect(lost).to_be_empty(timeout=PATIENCE_MS)
    visit.problems.clear()


async def test_a_roster_with_faults_becomes_people_and_a_program_is_let_in_and_out(
    visit: Visit, address: str, graph: Graph, make_account: MakeAccount
) -> None:
    page = visit.page
    keeper = await make_account("keeper@example.org", role=Role.ADMINISTRATOR)
    await page.context.request.post(f"{address}/for-tests/sign-in", form={"account": keeper.id})

    # The roster is sent, and looked at.
    await page.goto(f"{address}/administration")
    await visit.follow("Load a network")
    await page.locator("#files").set_input_files(
        FilePayload(name="Members.csv", mimeType="text/csv", buffer=ROSTER.encode())
    )
    if visit.look.has_scripts:
        await looks_while_nobody_answers(visit)
    else:
        await visit.press("Look at what they would change")
    await page.locator("#rows").wait_for()
    await visit.fits()
    assert await page.locator(".rows fieldset").count() == 2
    wrong = page.locator("#cell-0-1")
    assert (await wrong.input_value(), await wrong.get_attribute("aria-invalid")) == ("not an address", "true")
    language = visit.look.language
    remedy, reason = of_loader("write one such as name@example.org", language), of_loader("it has no name", language)
    assert (remedy or "none") in await page.locator("#cell-0-1-wrong").inner_text()
    assert (reason or "none") in await page.locator(".rows fieldset").nth(1).inner_text()
    assert await graph.read(PEOPLE) == []

    # Both rows are mended on the page, and it is loaded.
    await wrong.fill("kofi@roster.example")
    await page.locator("#cell-1-0").fill("Ama Owusu")
    await visit.press("Try again")
    await page.locator("#rows").wait_for(state="detached")
    await visit.press("Load")
    await page.get_by_role("heading", name=visit.said("Loaded"), exact=True).wait_for()
    await visit.fits()
    assert [row["name"] for row in await graph.read(PEOPLE)] == ["Ama Owusu", "Kofi Adjei", "Salma Benrabah"]
    await page.goto(f"{address}/people")
    await page.get_by_role("link", name="Kofi Adjei").first.click()
    await page.get_by_role("heading", name="Kofi Adjei").wait_for()

    # A program is let in by a token, and let in no more.
    await page.goto(f"{address}/administration/tokens")
    await page.locator("#name").fill("newsletter")
    await page.locator("#role").select_option("organiser")
    await visit.press("Make it")
    secret = await page.locator(".secret").inner_text()
    await visit.fits()
    async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=240) as program:
        program.headers["Authorization"] = f"Bearer {secret}"
        assert (await program.post("/graphql", json=WHO_ASKS)).json()["data"]["viewer"]["role"] == "ORGANISER"
        await page.locator("td summary").click()
        await visit.press("Revoke it for good")
        await page.get_by_role("status").wait_for()
        assert (await program.post("/graphql", json=WHO_ASKS)).status_code == 401
    assert secret not in await page.content()
    assert visit.problems == []
