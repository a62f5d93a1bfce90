"""The panel builder on the sample network: its state is the address, so locking, swapping and undoing are links."""

import csv
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import urlencode

import httpx
import pytest
from lxml import html

from api.app import create_app
from api.door import Visitor, visitor_of
from api.network import OpenNetwork
from api.pages.organise.coverage import COLUMNS, WHY
from api.pages.organise.panel import LONGEST_BACK, Builder, _back
from api.pages.words import words_in
from api.settings import GraphQLSettings
from graph import drafts
from graph.event_changes import EventChanges
from graph.settings import GraphSettings
from graph.values import UN_LANGUAGES
from graph.viewer import Role, Viewer

EVENT = "/organise/events/briefing-religious-sites/panel"
See = Callable[..., Awaitable[httpx.Response]]
ORGANISER = Viewer(Role.ORGANISER, actor="account:organiser")


@pytest.fixture
async def see(sample: OpenNetwork, sample_settings: GraphSettings) -> AsyncIterator[See]:
    """A page of the sample network, as an organiser sees it."""
    app = create_app(sample_settings)
    app.state.network = sample
    app.state.graphql = GraphQLSettings(query_timeout_s=240)
    visitor = Visitor(ORGANISER, account=None, session=None, csrf="")
    app.dependency_overrides[visitor_of] = lambda: visitor
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as browser:
        yield lambda address, **asked: browser.get(address, params=asked or None)


def seated(page: httpx.Response) -> list[str]:
    return [
        one.removeprefix("seat-") for one in html.fromstring(page.text).xpath("//h3[starts-with(@id, 'seat-')]/@id")
    ]


def link(page: httpx.Response, words: str, of: str = "") -> str:
    """Where the link with these words leads; of the seat of somebody."""
    within = f"//li[.//h3[@id='seat-{of}']]" if of else ""
    found = html.fromstring(page.text).xpath(f"{within}//a[normalize-space()='{words}']/@href")
    return str(found[0])


async def test_a_seat_is_locked_and_swapped_by_links_that_undo_each_other(see: See) -> None:
    empty = await see(EVENT)
    assert seated(empty) == []
    panel = await see(EVENT, seats="3", newcomers="1", country="1")
    first, second, third = seated(panel)
    assert "The best panel that keeps all rules, proven, out of" in panel.text
    assert panel.text.count("%</span>") > 0

    locked = await see(link(panel, "Lock", first))
    assert first in seated(locked)
    assert httpx.URL(link(locked, "Somebody else", second)).params.get_list("include") == [first]
    swapped = await see(link(locked, "Somebody else", second))
    assert second not in seated(swapped)
    assert first in seated(swapped)
    undone = await see(link(swapped, "Undo"))

    assert sorted(seated(undone)) == sorted([first, second, third])
    freed = httpx.URL(link(await see(link(panel, "Lock", first)), "Undo")).params
    assert "include" not in freed


async def test_another_panel_is_taken_and_every_change_can_be_undone(see: See) -> None:
    panel = await see(EVENT, seats="3")
    before = seated(panel)

    taken = await see(link(panel, "Take these"))
    after = seated(taken)
    assert len(after) == 3
    assert set(after) != set(before)
    assert sorted(httpx.URL(link(panel, "Take these")).params.get_list("include")) == sorted(after)
    assert sorted(seated(await see(link(taken, "Undo")))) == sorted(before)

    (back,) = html.fromstring(panel.text).xpath("//form[@method='get']/input[@name='back']/@value")
    narrower = await see(EVENT, seats="2", back=str(back))
    assert len(seated(narrower)) == 2
    assert sorted(seated(await see(link(narrower, "Undo")))) == sorted(before)
    freed = await see(link(await see(link(panel, "Lock", before[0])), "Unlock", before[0]))
    assert httpx.URL(link(freed, "Undo")).params.get_list("include") == [before[0]]


async def test_changes_are_undone_one_after_another_and_it_is_said(see: See) -> None:
    panel = await see(EVENT, seats="3")
    first, second, _ = seated(panel)
    locked = await see(link(panel, "Lock", first))
    both = await see(link(locked, "Lock", second))
    assert "What went before is a step back." in both.text

    once = await see(link(both, "Undo"))
    twice = await see(link(once, "Undo"))

    assert once.url.params.get_list("include") == [first]
    assert twice.url.params.get_list("include") == []
    for page in (once, twice):
        assert "The last change is undone." in page.text
        assert "What went before is a step back." not in page.text
    assert html.fromstring(twice.text).xpath("//a[normalize-space()='Undo']") == []


def test_the_oldest_steps_are_left_out_before_an_address_is_too_long() -> None:
    steps = [Builder(1 + number, include=("somebody-of-a-long-name",) * 20) for number in range(20)]

    told = _back(steps)

    assert 0 < len(urlencode(told)) <= LONGEST_BACK
    assert told[-1] == ("back", steps[-1].address)


async def test_a_conflict_is_told_in_words_with_links_that_drop_a_rule(see: See) -> None:
    asked = {"seats": "2", "gender": ["woman", "man"], "gender_least": ["2", "1"], "speaks": "fr", "speaks_least": "1"}
    page, french = await see(EVENT, **asked), await see(EVENT, **asked, lang="fr")

    text = " ".join(html.fromstring(page.text).text_content().split())
    assert "No panel keeps all of these rules" in text
    assert "at least 2 who say they are women" in text
    assert "at least 1 who says he is a man" in text
    assert "by 1 person" in text
    dropped = [httpx.URL(one).params for one in html.fromstring(page.text).xpath("//div[@class='nobody']//a/@href")]
    assert [one.get_list("gender") for one in dropped] == [["man"], ["woman"]]
    assert {one["speaks"] for one in dropped} == {"fr"}
    assert len(seated(page)) == 2
    assert '<html lang="fr"' in french.text
    assert "Aucune table ronde ne respecte toutes ces règles" in french.text


@pytest.mark.parametrize(
    "asked, said",
    [
        ({"seats": "0"}, "A panel has 1 to 20 seats, not 0."),
        ({"seats": "3", "include": "nobody"}, "There is no expert 'nobody'"),
        ({"seats": "3", "region": "<b>"}, "The network knows no region '<b>'"),
    ],
)
async def test_what_is_no_panel_is_refused_and_the_rules_stay(see: See, asked: dict[str, str], said: str) -> None:
    page = await see(EVENT, **asked)

    assert page.status_code == 422
    assert said in html.fromstring(page.text).text_content()
    assert "<b>" not in page.text
    assert html.fromstring(page.text).xpath("//input[@name='seats']/@value") == [asked["seats"]]


async def test_a_rule_that_cannot_be_kept_by_itself_is_told_as_one(see: See) -> None:
    page = await see(EVENT, seats="1", gender="woman", gender_least="2")

    assert "This one cannot be kept. Take it away:" in page.text
    assert "kept together" not in page.text


async def test_a_panel_for_an_event_without_topics_says_so_and_why_each_sits_there(
    see: See, sample: OpenNetwork
) -> None:
    given: EventChanges = {"title": "Stewards of mosques and churches", "languages": ("fr", "en")}
    draft = await drafts.create(sample.graph, ORGANISER, given=given, idempotency_key=None)
    at = f"/organise/events/{draft.id}"

    try:
        before, page = await see(f"{at}/panel"), await see(f"{at}/panel", seats="3")
    finally:
        await drafts.discard(sample.graph, ORGANISER, draft=draft.id, expected_version=draft.version)

    for one in (before, page):
        (hint,) = html.fromstring(one.text).xpath("//p[@class='nobody']")
        assert "This event names no topics; add some first." in hint.text_content()
        assert hint.xpath("./a/@href") == [f"{at}/edit"]
    assert "proven" not in page.text
    assert "Those who fit the event’s text best and keep all rules, out of" in page.text
    why = html.fromstring(page.text).xpath("//ul[@aria-label='Why']")
    reasons = [[reason.text_content() for reason in seat] for seat in why]
    assert len(reasons) == 3
    assert all(seat[0].startswith("fits what the event says of itself") for seat in reasons)
    assert any("as the event does" in reason and "French" in reason for seat in reasons for reason in seat)


async def test_an_event_that_says_nothing_of_itself_is_told_so_and_not_that_nobody_fits(
    see: See, sample: OpenNetwork
) -> None:
    draft = await drafts.create(sample.graph, ORGANISER, given={"title": "Sourdough bread"}, idempotency_key=None)
    at = f"/organise/events/{draft.id}"

    try:
        page = await see(at, like="1")
    finally:
        await drafts.discard(sample.graph, ORGANISER, draft=draft.id, expected_version=draft.version)

    (told,) = html.fromstring(page.text).xpath("//*[@id='shortlist']//p[@class='nobody'][@role='status']")
    assert told.text_content().strip() == "The event says nothing of itself yet. Edit"
    assert told.xpath("./a/@href") == [f"{at}/edit"]


async def test_people_are_found_for_an_event_with_reasons(see: See) -> None:
    asked = await see("/organise/events/briefing-religious-sites", q="Who trains stewards of mosques?")
    like = await see("/organise/events/briefing-religious-sites", like="1")
    nobody = await see("/organise/events/briefing-religious-sites", q="sourdough bread")

    for page in (asked, like):
        found = html.fromstring(page.text).xpath("//ol[@aria-label='People who fit']/li")
        assert len(found) == 12
        assert found[0].xpath(".//ul[@class='reasons']/li")
        assert found[0].xpath(".//button[@name='expert']")
    assert "Nobody fits. Ask in other words." in nobody.text


@pytest.mark.parametrize("by", ["region", "country", "language"])
async def test_coverage_is_a_table_with_gaps_in_words_and_as_csv(see: See, by: str) -> None:
    within = {"within": "Western Africa"} if by == "country" else {}
    page, table = await see("/organise/coverage", by=by, **within), await see("/organise/coverage.csv", by=by, **within)
    tree = html.fromstring(page.text)

    cells = tree.xpath("//td[contains(@class, 'heat')]")
    zero = [cell for cell in cells if cell.get("class") == "heat heat-0"]
    assert zero
    assert all(cell.xpath("./small")[0].text == "nobody" for cell in zero)
    rows = table.text.splitlines()
    assert rows[0].startswith("\ufeffTopic,")
    assert len(rows) - 1 == len(cells)
    nearest = await see(zero[0].xpath("./a/@href")[0])
    assert nearest.status_code == 200
    is_language = by == "language"
    assert ("People who know it, and speak some of the language" in nearest.text) == is_language
    assert f"People by topic and {by}" in page.text
    assert ("people know it, but not in this language" in page.text) == is_language
    assert rows[0].split(",")[1] == ("Language" if is_language else "Place")


@pytest.mark.parametrize("within", ["", "World", "001"])
async def test_countries_need_a_region_and_the_world_is_a_table_for_spreadsheets(see: See, within: str) -> None:
    page = await see("/organise/coverage", by="country", within=within)
    tree = html.fromstring(page.text)

    assert "Choose a region" in tree.xpath("//p[@class='nobody']")[0].text_content()
    assert not tree.xpath("//table")
    assert [one.text for one in tree.xpath("//select[@name='within']/option")].count("choose a region") == 1
    assert not {"World", "the world"} & {one.text for one in tree.xpath("//select[@name='within']/option")}
    (table,) = tree.xpath("//p[@class='nobody']/a/@href")
    places = {row["Place"] for row in csv.DictReader(io.StringIO((await see(table)).text.removeprefix("\ufeff")))}
    assert len(places) > 200


async def test_who_lives_elsewhere_in_the_world_is_not_near(see: See) -> None:
    page = await see("/organise/coverage/nearest", by="region", topic="prevention", place="009")

    near = html.fromstring(page.text).xpath("//h2[.='People who know it, near there']/following-sibling::*[1]")[0]
    assert "lives in the same part of the world" not in near.text_content()
    assert html.fromstring(page.text).xpath("//a[.='Whoever knows it, anywhere']/@href") == ["/topics/prevention"]


@pytest.mark.parametrize("asked", [{"by": "country", "within": "Atlantis"}, {"months": "0"}, {"topic": "<b>"}])
async def test_what_has_no_table_is_said(see: See, asked: dict[str, str]) -> None:
    page = await see("/organise/coverage", **asked)

    assert page.status_code == 422
    assert html.fromstring(page.text).xpath("//p[@class='refusal'][@role='alert']")
    assert (await see("/organise/coverage.csv", **asked)).status_code == 404
    assert "<b>" not in page.text


async def test_it_is_in_the_language_of_the_page(see: See) -> None:
    page, table = await see("/organise/coverage", lang="ar"), await see("/organise/coverage.csv", lang="fr")

    assert '<html lang="ar" dir="rtl"' in page.text
    rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
    assert [*rows[0]][:3] == ["Sujet", "Lieu", "Personnes"]
    assert {row["Lacune"] for row in rows if row["Personnes"] == "0"} == {"personne"}
    assert {row["Lacune"] for row in rows} <= {"", *(words_in("fr").gettext(why) for why in WHY.values())}


@pytest.mark.parametrize("language", UN_LANGUAGES)
def test_no_two_columns_of_a_table_are_called_the_same(language: str) -> None:
    headings = [words_in(language).gettext(heading) for heading in COLUMNS.values()]

    assert len(set(headings)) == len(headings)
