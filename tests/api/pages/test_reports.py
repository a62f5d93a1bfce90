"""The pages of achievements and plan: figures with their lists, in the language that is asked for."""

from datetime import UTC, date, datetime

import httpx
import pytest
from fastapi import FastAPI
from lxml import html

from graph.graph import Graph
from graph.programme import ACTIVITY, RESOURCE, create
from graph.viewer import Role
from tests.api.pages.event_makers import made
from tests.door import Browse, MakeAccount, Serve
from tests.graph.programme.made import ORGANISER

HOSTILE = "<script>alert('x')</script> & gates"


@pytest.fixture
def app(serve: Serve) -> FastAPI:
    return serve()


@pytest.fixture
async def browser(app: FastAPI, browse: Browse) -> httpx.AsyncClient:
    return await browse(app)


@pytest.fixture
async def programme(graph: Graph) -> None:
    module = {"title": HOSTILE, "kind": "module", "published_on": date(2022, 3, 1)}
    ahead = {"title": "A projected clinic", "kind": "national", "starts_on": date(2023, 5, 1)}
    for of, given in ((RESOURCE, module), (ACTIVITY, ahead)):
        await create(graph, ORGANISER, of=of, given=given, idempotency_key=None)


@pytest.mark.usefixtures("programme")
async def test_each_figure_opens_to_the_list_behind_it(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/achievements?year=2022")

    assert page.status_code == 200
    assert "<summary>1 module published</summary>" in page.text
    assert "&lt;script&gt;" in page.text
    assert "<script>" not in page.text
    assert "A projected clinic" in page.text
    assert 'href="/achievements?year=2021"' in page.text


@pytest.mark.usefixtures("programme")
async def test_it_is_in_the_language_of_the_address_or_of_the_browser(browser: httpx.AsyncClient) -> None:
    french = await browser.get("/achievements?year=2022", headers={"Accept-Language": "fr-FR,fr;q=0.9"})
    arabic = await browser.get("/achievements?year=2022&lang=ar")

    assert '<html lang="ar" dir="rtl"' in arabic.text
    assert '<html lang="fr"' in french.text
    assert "1 module publié" in french.text
    assert 'hreflang="zh"' in french.text


async def test_it_opens_on_the_last_year_in_which_an_event_was_held(browser: httpx.AsyncClient, graph: Graph) -> None:
    empty = await browser.get("/achievements")
    await made(graph, title="One", starts_at=datetime(2021, 12, 31, 23, 30, tzinfo=UTC), time_zone="Europe/Paris")
    await made(graph, title="One", starts_at=datetime(2019, 6, 1, 12, tzinfo=UTC), time_zone="UTC")

    page = await browser.get("/achievements")

    assert f"in {datetime.now(UTC).year}" in empty.text
    assert "in 2022</h1>" in page.text
    assert 'href="/achievements.pdf?year=2022&amp;lang=en"' in page.text


async def test_years_without_events_lead_to_the_nearest_with_some(browser: httpx.AsyncClient, graph: Graph) -> None:
    ahead = datetime.now(UTC).year + 2
    for number in (2019, 2022, ahead):
        await made(graph, title="One", starts_at=datetime(number, 6, 1, 12, tzinfo=UTC), time_zone="UTC")

    async def nearest(address: str) -> list[str]:
        page = html.fromstring((await browser.get(address)).text)
        return [str(one) for one in page.xpath("//p[contains(., 'The nearest years with events')]/a/@href")]

    assert await nearest("/achievements?year=2020") == ["/achievements?year=2019", "/achievements?year=2022"]
    assert await nearest("/achievements?year=2024") == ["/achievements?year=2022"]
    assert await nearest("/achievements?year=2022") == []
    assert await nearest("/plan") == ["/plan?year=2022", f"/plan?year={ahead}"]
    assert await nearest("/plan?since=2022-06-01&until=2022-06-01") == []


@pytest.mark.usefixtures("programme")
async def test_a_plan_tells_what_is_missing(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/plan?since=2023-01-01&until=2023-06-30")

    assert page.status_code == 200
    assert "A projected clinic" in page.text
    assert "1 item without a partner" in page.text


@pytest.mark.parametrize("path", ["/achievements", "/plan"])
@pytest.mark.parametrize(
    "asked",
    ["year=x", "year=0", "year=9999", "since=2022-01-01", "since=2022-02-01&until=2022-01-01", "until=2022-13-01"],
)
async def test_days_that_there_are_not_are_refused_with_the_remedy(
    browser: httpx.AsyncClient, path: str, asked: str
) -> None:
    page = await browser.get(f"{path}?{asked}")

    assert page.status_code == 422
    assert "write ?year=2022" in page.text


@pytest.mark.parametrize("at", ["/achievements", "/plan"])
async def test_organisers_find_the_way_back_to_what_they_organise_and_others_see_none(
    app: FastAPI, browse: Browse, make_account: MakeAccount, at: str
) -> None:
    rooms = {}
    for role in (Role.MEMBER, Role.ORGANISER):
        account = await make_account(f"{role.value}@example.org", role=role)
        browser = await browse(app)
        await browser.post("/for-tests/sign-in", data={"account": account.id})
        tree = html.fromstring((await browser.get(at)).text)
        rooms[role] = tree.xpath("//nav[@aria-label='Organise']/a/@href")
        current = tree.xpath("//nav[@aria-label='Pages']//a[@aria-current]/@href")
        assert current == (["/organise"] if role is Role.ORGANISER else [])

    assert rooms[Role.MEMBER] == []
    assert rooms[Role.ORGANISER] == ["/organise", "/organise/answers", "/organise/coverage", "/achievements", "/plan"]
