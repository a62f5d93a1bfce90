"""The pages of events, series and resources: what comes and was, a month, one of them, and who is not told of."""

import base64
import html
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, LiteralString

import httpx
import pytest
from fastapi import FastAPI

from api.pages.event_shown import EventShown
from api.pages.month import month_of
from graph import drafts, event_changes, programme
from graph.agenda import AgendaItem, AgendaSpeaker
from graph.graph import Graph
from graph.programme import RESOURCE
from graph.viewer import FieldGroup, Role
from tests.api.pages.event_makers import CLOCKS, HOSTILE, PARIS, SOON, WHOLE_DAY, folder_of_events, made, speaks
from tests.door import Browse, MakeAccount, Serve, sign_in
from tests.graph.people.duplicated import AMA, KOFI
from tests.graph.speaking.network import ORGANISER, hide

EARLIER: LiteralString = """
UNWIND range(1, 22) AS n
CREATE (:Event {id: 'old-' + n, title: 'Old ' + n, kind: 'meeting',
                starts_at: datetime('2010-01-01T10:00Z') + duration({days: n})})
"""


def titles(page: httpx.Response) -> list[str]:
    return [html.unescape(title) for title in re.findall(r"<h3>.*?<bdi>(.*?)</bdi></a>", page.text, re.DOTALL)]


@pytest.fixture
async def network(graph: Graph, tmp_path: Path) -> Graph:
    """A folder's network: Ama and Kofi, and two events of 2022 where Ama and somebody else spoke."""
    await folder_of_events(graph, tmp_path)
    return graph


@pytest.fixture
def app(serve: Serve, network: Graph) -> FastAPI:
    return serve()


@pytest.fixture
async def browser(app: FastAPI, browse: Browse) -> httpx.AsyncClient:
    return await browse(app)


async def test_what_comes_is_before_what_was_and_what_has_no_date_between(
    network: Graph, browser: httpx.AsyncClient
) -> None:
    await made(network, title=HOSTILE, starts_at=SOON + timedelta(days=1))
    await made(network, title="Sooner", starts_at=SOON)
    await made(network, title="Some day")
    off = await made(network, title="Called off", starts_at=SOON + timedelta(days=2))
    await event_changes.cancel(network, ORGANISER, event=off, expected_version=1)

    page = await browser.get("/events")

    assert page.status_code == 200
    assert titles(page) == [
        "Sooner",
        HOSTILE,
        "Called off",
        "Some day",
        "Workshop on law",
        "Briefing on prevention",
    ]
    assert "<script>alert" not in page.text
    assert '<s><a href="/events/called-off">' in page.text
    assert '<span class="mark cancelled">cancelled</span>' in page.text
    assert '<a href="/people/ama-2"><bdi>Amah Testperson</bdi></a>' in page.text
    assert "no date has been given yet" in page.text


async def test_cursors_lead_through_what_was_without_gap_or_repeat(network: Graph, browser: httpx.AsyncClient) -> None:
    await network.write(EARLIER)
    found: list[str] = []
    address = "/events?when=past"

    while address:
        page = await browser.get(address)
        found += titles(page)
        onward = re.search(r'<a href="([^"]+)" rel="next"', page.text)
        address = html.unescape(onward[1]) if onward else ""

    assert found == ["Workshop on law", "Briefing on prevention", *(f"Old {n}" for n in range(22, 0, -1))]
    assert 'rel="prev"' in page.text
    assert "What comes" not in page.text


async def test_filters_narrow_and_each_is_a_chip(browser: httpx.AsyncClient) -> None:
    workshop, briefing = "Workshop on law", "Briefing on prevention"
    for only, found in {
        "kind=workshop": [workshop],
        "topic=prevention": [briefing],
        "spoken=en": [workshop],
        "country=AT&q=PREVENTION": [briefing],
        "year=2022": [workshop, briefing],
        "year=2021": [],
        "series=none": [],
    }.items():
        page = await browser.get(f"/events?{only}")

        assert titles(page) == found, only
        assert page.text.count('aria-label="Remove filter ') == only.count("="), only


async def test_what_an_address_got_wrong_is_said_and_the_rest_is_kept(browser: httpx.AsyncClient) -> None:
    for asked, said in {
        "topic=nothing": "The network knows no topic 'nothing'",
        "year=x": "'x' is no year",
        "year=²022": "is no year",
        "view=month&month=2026-13": "'2026-13' is no month",
        "when=past&after=x": "cursor",
    }.items():
        page = await browser.get(f"/events?{asked}&q=gates")

        assert page.status_code == 422, asked
        assert said in html.unescape(page.text), asked
        assert 'value="gates"' in page.text, asked


@pytest.mark.parametrize(
    "asked,said",
    [
        ("year=x", "«\xa0x\xa0» n’est pas une année comprise entre 1900 et 9998"),
        ("view=month&month=y", "«\xa0y\xa0» n’est pas un mois compris entre 1900-01 et 9998-12"),
    ],
)
async def test_what_an_address_got_wrong_is_said_in_the_pages_language(
    browser: httpx.AsyncClient, asked: str, said: str
) -> None:
    page = await browser.get(f"/events?{asked}&lang=fr")

    assert said in html.unescape(page.text)
    assert "is no" not in page.text


async def test_a_month_shows_each_event_on_its_days_by_its_own_clocks(
    network: Graph, browser: httpx.AsyncClient
) -> None:
    await made(network, **CLOCKS)
    await made(network, **WHOLE_DAY)
    await made(
        network, title="Another month", starts_at=datetime(2027, 3, 31, 23, tzinfo=UTC), time_zone="Europe/Paris"
    )

    page = await browser.get("/events?view=month&month=2027-03")

    cells = dict(re.findall(r'<time datetime="(2027-03-\d\d)">(.*?)</td>', page.text, re.DOTALL))
    assert len(cells) == 31
    assert {day for day, cell in cells.items() if "<li" in cell} == {"2027-03-02", "2027-03-27", "2027-03-28"}
    assert '<span class="time">22:00</span>' in cells["2027-03-27"]
    assert '<li class="goes-on">' in cells["2027-03-28"]
    assert "time" not in cells["2027-03-02"].partition("<ul")[2]
    assert "/events?view=month&amp;month=2027-02" in page.text
    assert "/events?view=month&amp;month=2027-04" in page.text
    assert 'aria-current="date"' not in page.text


async def test_an_empty_month_leads_to_the_nearest_ones_with_events(browser: httpx.AsyncClient, network: Graph) -> None:
    await made(network, title="One", starts_at=datetime(2027, 1, 31, 23, 30, tzinfo=UTC), time_zone="Europe/Paris")
    await made(network, title="One", starts_at=datetime(2026, 12, 31, 12, tzinfo=UTC), time_zone="UTC")
    await made(network, title="One", starts_at=datetime(2027, 4, 3, 12, tzinfo=UTC), time_zone="UTC")

    page = (await browser.get("/events?view=month&month=2027-03")).text
    busy = (await browser.get("/events?view=month&month=2027-04")).text

    (said,) = re.findall(r'<p class="nobody".*?</p>', page, re.DOTALL)
    assert re.findall(r">([^<>]+)</a>", said) == ["February 2027", "April 2027"]
    assert "nearest months" not in busy


async def test_today_is_marked_in_its_month(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/events?view=month")

    (marked,) = re.findall(r'aria-current="date"[^>]*>\s*<time datetime="([^"]+)"', page.text)
    assert date.fromisoformat(marked) == datetime.now(UTC).date()


@pytest.mark.parametrize("first", [date(2026, 2, 1), date(2027, 2, 1), date(2028, 2, 1), date(1900, 1, 1)])
def test_a_month_has_whole_weeks_from_monday_and_every_day_once(first: date) -> None:
    month = month_of(first, [], today=first, language="fr")

    assert {len(week) for week in month.weeks} == {7}
    days = [day.day for week in month.weeks for day in week if day]
    assert days == [first + timedelta(days=number) for number in range(len(days))]
    assert (days[-1] + timedelta(days=1)).day == 1
    assert month.weekdays[0] == ("lun.", "lundi")
    assert all(week[0] is None or week[0].day.weekday() == 0 for week in month.weeks)


async def test_a_page_tells_the_agenda_by_the_events_own_clocks(network: Graph, browser: httpx.AsyncClient) -> None:
    event = await made(network, **CLOCKS, capacity=120, description="Bring maps.\n\n<b>All</b> of them.")
    after = datetime(2027, 3, 28, 9, tzinfo=PARIS)
    many = [AgendaItem(f"Item {number}", starts_at=after) for number in range(198)]
    opening = AgendaItem("Opening", kind="opening", starts_at=CLOCKS["starts_at"], room="A")
    talk = AgendaItem(
        HOSTILE, kind="talk", starts_at=after, language="fr", speakers=(AgendaSpeaker(KOFI, "moderator"),)
    )
    await speaks(network, event, opening, talk, *many)

    page = await browser.get(f"/events/{event}")

    assert "Saturday, 27 March 2027, 22:00 (Central European Standard Time, UTC+01:00)" in html.unescape(page.text)
    assert "Sunday, 28 March 2027, 12:00 (Central European Summer Time, UTC+02:00)" in html.unescape(page.text)
    assert 'data-begins="2027-03-27T22:00:00+01:00" data-ends="2027-03-28T12:00:00+02:00"' in page.text
    assert page.text.count('<td class="time">') == 200
    assert '<time datetime="2027-03-28T09:00:00+02:00">09:00</time>' in page.text
    assert (
        '<a href="/people/kofi"><bdi>Kofi Otherperson</bdi></a> <span class="help">(<bdi>moderator</bdi>)</span>'
        in page.text
    )
    assert "&lt;b&gt;All&lt;/b&gt;" in page.text
    assert "<script>alert" not in page.text
    assert "/organise/" not in page.text
    assert f'href="/events/{event}.ics?lang=en"' in page.text


async def test_organisers_are_led_to_where_they_change_it(
    app: FastAPI, browse: Browse, make_account: MakeAccount
) -> None:
    browser = await browse(app)
    await sign_in(browser, await make_account(role=Role.ORGANISER))

    assert 'href="/organise/events/briefing"' in (await browser.get("/events/briefing")).text


async def test_whole_days_have_no_times_and_what_has_no_date_no_calendar(
    network: Graph, browser: httpx.AsyncClient
) -> None:
    whole, undated = await made(network, **WHOLE_DAY), await made(network, title="Some day")

    assert "2 March 2027, all day" in (await browser.get(f"/events/{whole}")).text
    assert ".ics" not in (await browser.get(f"/events/{undated}")).text
    assert (await browser.get(f"/events/{undated}.ics")).status_code == 404


async def test_what_is_not_there_is_a_page_that_says_so(browser: httpx.AsyncClient) -> None:
    ids = {"events": "Event:briefing", "series": "Series:briefings", "resources": "Resource:guide"}
    for address, node in ids.items():
        of_all_nodes = base64.b64encode(node.encode()).decode()
        for slug in ("nothing", of_all_nodes, "%00", "%3Cscript%3E", "a.ics"):
            page = await browser.get(f"/{address}/{slug}", headers={"Accept": "text/html"})

            assert page.status_code == 404, page.url
            assert "Nothing here" in page.text, page.url


async def test_a_draft_is_nowhere(network: Graph, app: FastAPI, browse: Browse, make_account: MakeAccount) -> None:
    given: Any = {"title": "A secret plan", "kind": "briefing", "starts_at": SOON}
    draft = await drafts.create(network, ORGANISER, given=given, idempotency_key=None)
    browser = await browse(app)
    await sign_in(browser, await make_account(role=Role.ORGANISER))

    for address in ("/events", f"/events?view=month&month={SOON:%Y-%m}", "/events.ics"):
        assert "secret" not in (await browser.get(address)).text
    assert (await browser.get(f"/events/{draft.id}")).status_code == 404
    assert (await browser.get(f"/events/{draft.id}.ics")).status_code == 404


async def test_who_hides_where_they_speak_is_on_no_page_in_no_calendar_and_in_no_number(
    network: Graph, browser: httpx.AsyncClient
) -> None:
    event = await made(network, title="To come", starts_at=SOON, series="briefings")
    await speaks(network, event, AgendaItem("Gates", speakers=(AgendaSpeaker(AMA),)))
    await network.write(
        "MATCH (e:Expert {id: 'ama'}), (s:Series {id: 'briefings'}), (v:Event {id: 'workshop'}) "
        "MERGE (v)-[:PART_OF]->(s)"
    )
    addresses = ["/events", "/events/workshop", f"/events/{event}", f"/events/{event}.ics", "/events.ics"]
    addresses += ["/series/briefings", "/series/briefings.ics"]
    before = [(await browser.get(address)).text for address in addresses]

    await hide(network, AMA, FieldGroup.ATTENDANCE)

    after = [(await browser.get(address)).text for address in addresses]
    assert [address for address, text in zip(addresses, before, strict=True) if "Ama Testperson" not in text] == []
    assert [address for address, text in zip(addresses, after, strict=True) if "Ama Testperson" in text] == []
    assert "1 speaker<" in before[5]
    assert "speaker<" not in after[5]


async def test_a_series_tells_of_its_events_and_who_spoke_when(network: Graph, browser: httpx.AsyncClient) -> None:
    await network.write("MATCH (s:Series {id: 'briefings'}), (v:Event {id: 'briefing'}) MERGE (v)-[:PART_OF]->(s)")
    await made(network, title="The next one", starts_at=SOON, series="briefings")

    page = await browser.get("/series/briefings")

    assert titles(page) == ["The next one", "Briefing on prevention"]
    assert "1 event that was" in page.text
    assert "1 event to come" in page.text
    assert '<bdi>Amah Testperson</bdi></a> <span class="mark">2022</span>' in page.text
    assert '<a href="/topics/prevention"><bdi>Prevention</bdi></a>' in page.text
    assert "2 events" in (await browser.get("/series")).text


async def test_a_work_is_shown_in_the_readers_language_with_its_versions(
    network: Graph, browser: httpx.AsyncClient
) -> None:
    given: Any = {
        "title": "Gates",
        "kind": "guide",
        "url": "https://example.org/gates",
        "authors": [KOFI],
        "versions": [{"language": "fr", "title": "Portes", "url": "https://example.org/portes"}],
    }
    work = await programme.create(network, ORGANISER, of=RESOURCE, given=given, idempotency_key=None)

    listed = await browser.get("/resources?lang=fr")
    page = await browser.get(f"/resources/{work.id}?lang=fr")
    found = await browser.get("/resources?q=porte&lang=en")
    await hide(network, KOFI, FieldGroup.PROFILE)
    hidden = await browser.get(f"/resources/{work.id}")

    assert '<bdi lang="fr">Portes</bdi>' in listed.text
    assert "Portes</bdi></h1>" in page.text
    assert 'href="https://example.org/portes" hreflang="fr" rel="noopener noreferrer"' in page.text
    assert 'href="https://example.org/gates" rel="noopener noreferrer"' in page.text
    assert f'href="/resources/{work.id}"' in found.text
    assert "A guide" not in found.text
    assert "Kofi Otherperson" in page.text
    assert "Kofi Otherperson" not in hidden.text


def test_what_ends_at_midnight_is_not_on_the_day_that_begins_then() -> None:
    node = {
        "slug": "late",
        "title": "Late",
        "kind": "meeting",
        "format": None,
        "startsAt": "2027-03-02T20:00:00+01:00",
        "endsAt": "2027-03-03T00:00:00+01:00",
        "timeZone": "Europe/Paris",
        "stage": "PLANNED",
    }

    event = EventShown.of(node)

    assert event.days == (date(2027, 3, 2), date(2027, 3, 2))
    assert not event.lasts_all_day
