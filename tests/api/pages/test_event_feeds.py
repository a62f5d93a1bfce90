"""Calendars of events, read back as calendar programs read them."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import recurring_ical_events
from fastapi import FastAPI
from icalendar import Calendar

from graph import event_changes
from graph.agenda import AgendaItem, AgendaSpeaker
from graph.graph import Graph
from graph.viewer import FieldGroup
from tests.api.pages.event_makers import HOSTILE, SOON, WHOLE_DAY, folder_of_events, made, speaks
from tests.door import Browse, MakeAccount, Serve, sign_in
from tests.graph.people.duplicated import KOFI
from tests.graph.speaking.network import ORGANISER, hide


@pytest.fixture
async def network(graph: Graph, tmp_path: Path) -> Graph:
    await folder_of_events(graph, tmp_path)
    return graph


@pytest.fixture
def app(serve: Serve, network: Graph) -> FastAPI:
    return serve(public_url="https://know.example.org")


@pytest.fixture
async def program(app: FastAPI, browse: Browse) -> httpx.AsyncClient:
    """A calendar program: it has no cookies."""
    return await browse(app, base_url="https://know.example.org")


def read(answer: httpx.Response) -> dict[str, Any]:
    """The events of a calendar by their titles."""
    calendar = Calendar.from_ical(answer.content)
    assert not calendar.errors
    return {str(event["SUMMARY"]): event for event in calendar.walk("VEVENT")}


async def test_an_event_is_read_back_as_it_is(network: Graph, program: httpx.AsyncClient) -> None:
    event = await made(
        network,
        title=HOSTILE,
        starts_at=SOON,
        ends_at=SOON + timedelta(hours=2),
        time_zone="Africa/Tunis",
        status="confirmed",
        place="Hall; 2, left",
        format="in-person",
        country="TN",
        topics=["law"],
        series="briefings",
        description="First line,\nand a second; with \\ signs.",
    )
    await speaks(network, event, AgendaItem("Gates", speakers=(AgendaSpeaker(KOFI),)))

    answer = await program.get(f"/events/{event}.ics")

    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-disposition"] == f'inline; filename="{event}.ics"'
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    (found,) = read(answer).values()
    assert str(found["SUMMARY"]) == HOSTILE
    assert found["UID"] == f"event-{event}@know.example.org"
    assert found["SEQUENCE"] == 1
    assert found["STATUS"] == "CONFIRMED"
    assert found["TRANSP"] == "OPAQUE"
    assert found["DTSTART"].dt == SOON
    assert found["DTEND"].dt == SOON + timedelta(hours=2)
    assert found["LOCATION"] == "Hall; 2, left, Tunisia"
    assert found["CATEGORIES"].cats == ["Briefing", "Law"]
    assert found["URL"] == f"https://know.example.org/events/{event}"
    assert found["DESCRIPTION"] == (
        "First line,\nand a second; with \\ signs.\n\nSpeakers: Kofi Otherperson\nSeries: Briefings\n"
        f"https://know.example.org/events/{event}"
    )
    calendar = Calendar.from_ical(answer.content)
    assert (calendar.get("METHOD"), calendar["X-WR-CALNAME"]) == (None, HOSTILE)  # RFC 5546 asks for an ORGANIZER
    assert calendar.decoded("REFRESH-INTERVAL") == timedelta(hours=6)
    assert [one["UID"] for one in recurring_ical_events.of(calendar).at(SOON.date())] == [found["UID"]]


async def test_a_change_keeps_the_uid_and_has_a_later_sequence(network: Graph, program: httpx.AsyncClient) -> None:
    event = await made(network, title="Gates", starts_at=SOON)
    before = read(await program.get(f"/events/{event}.ics"))["Gates"]

    await event_changes.cancel(network, ORGANISER, event=event, expected_version=1)
    after = read(await program.get(f"/events/{event}.ics"))["Gates"]

    assert (before["STATUS"], after["STATUS"]) == ("TENTATIVE", "CANCELLED")
    assert before["UID"] == after["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["TRANSP"] == "TRANSPARENT"


async def test_whole_days_are_days_and_a_feed_has_the_last_year_and_what_comes(
    network: Graph, program: httpx.AsyncClient
) -> None:
    await made(network, **{**WHOLE_DAY, "title": "Open day"})
    await made(network, title="Some day")
    await made(network, title="Recent", starts_at=datetime.now(UTC) - timedelta(days=300))
    await made(network, title="Long ago", starts_at=datetime.now(UTC) - timedelta(days=400))

    found = read(await program.get("/events.ics"))

    assert set(found) == {"Open day", "Recent"}
    assert (found["Open day"]["DTSTART"].dt, found["Open day"]["DTEND"].dt) == (date(2027, 3, 2), date(2027, 3, 3))
    assert found["Open day"]["TRANSP"] == "TRANSPARENT"


async def test_who_asks_again_is_told_that_nothing_changed_until_something_did(
    network: Graph, program: httpx.AsyncClient
) -> None:
    event = await made(network, title="Gates", starts_at=SOON, series="briefings")
    await speaks(network, event, AgendaItem("Gates", speakers=(AgendaSpeaker(KOFI),)))
    first = await program.get("/series/briefings.ics")
    known = {"If-None-Match": f'"other", {first.headers["etag"]}'}

    again = await program.get("/series/briefings.ics", headers=known)
    french = await program.get("/series/briefings.ics?lang=fr", headers=known)
    await hide(network, KOFI, FieldGroup.ATTENDANCE)
    changed = await program.get("/series/briefings.ics", headers=known)

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert first.headers["cache-control"] == "no-cache"
    assert (french.status_code, french.headers["content-language"]) == (200, "fr")
    assert changed.status_code == 200
    assert "Kofi" not in changed.text


async def test_what_a_member_is_given_nobody_keeps(app: FastAPI, browse: Browse, make_account: MakeAccount) -> None:
    browser = await browse(app, base_url="https://know.example.org")
    await sign_in(browser, await make_account())

    assert (await browser.get("/events.ics")).headers["cache-control"] == "private, no-store"


async def test_pages_name_the_calendar_to_subscribe_to(network: Graph, program: httpx.AsyncClient) -> None:
    await made(network, title="Gates", starts_at=SOON, series="briefings")

    page = await program.get("/series/briefings?lang=ar")

    assert 'href="webcal://know.example.org/series/briefings.ics?lang=ar"' in page.text
