"""The agenda of an event, written on its page."""

from datetime import UTC, datetime

import httpx
import pytest
from lxml import html

from graph import drafts
from graph.agenda import AgendaItem, agenda, set_agenda
from graph.graph import Graph
from tests.api.pages.organise.conftest import Send
from tests.graph.speaking.network import AMA, BRIEFING, DANA, HIDDEN, ORGANISER, listed, stepped

PAGE = f"/organise/events/{BRIEFING}/agenda"
HOSTILE = "<script>alert('x')</script> & gates"
COLUMNS = ("id", "starts_at", "ends_at", "title", "kind", "room", "language", "description")
PLACED = """
MATCH (v:Event {id: $id})
SET v.time_zone = 'Africa/Tunis', v.starts_at = datetime('2027-03-10T09:00:00Z'),
    v.ends_at = datetime('2027-03-10T11:00:00Z')
"""


@pytest.fixture
async def placed(graph: Graph, people: None) -> Graph:
    """A briefing in Tunis, from ten to noon by its clocks."""
    await graph.write(PLACED, id=BRIEFING)
    return graph


def rows(*several: dict[str, str]) -> dict[str, list[str]]:
    """The fields of rows that every row has."""
    return {name: [row.get(name, "") for row in several] for name in COLUMNS}


def form_of(answer: httpx.Response, button: str) -> tuple[str, dict[str, list[str]]]:
    """Where the form of a button goes, and what it holds but for the page's secret."""
    (form,) = html.fromstring(answer.text).xpath(f"//form[.//button[normalize-space()='{button}']]")
    fields: dict[str, list[str]] = {}
    for name, value in form.form_values():
        fields.setdefault(name, []).append(str(value))
    return form.get("action"), {name: value for name, value in fields.items() if name != "csrf"}


async def told(graph: Graph) -> list[tuple[str, str, list[tuple[str, str | None]]]]:
    return [
        (one.title, f"{one.starts_at:%H:%M}" if one.starts_at else "", [(who.expert, who.role) for who in one.speakers])
        for one in (await agenda(graph, ORGANISER, event=BRIEFING)).items
    ]


async def test_rows_are_written_by_the_events_clock_and_undone(
    placed: Graph, browser: httpx.AsyncClient, send: Send
) -> None:
    ama, _ = await listed(placed, AMA, DANA)
    await stepped(placed, ama.id, "invited", "accepted")
    first = html.fromstring((await browser.get(PAGE)).text)
    assert first.xpath("//input[@name='speaker 0']/@value") == [AMA]  # Dana was not asked

    opening = {"title": HOSTILE, "starts_at": "10:00", "ends_at": "10:10", "kind": "opening"}
    talk = {"title": "At the gate", "starts_at": "10:10", "room": "B"}
    given = {**rows(opening, {}, talk), "speaker 2": AMA, f"role 2 {AMA}": "moderator"}
    saved = await send(PAGE, **given, version="0")

    assert saved.status_code == 200
    assert "<script>" not in saved.text.partition("</head>")[2]
    both = [(HOSTILE, "09:00", []), ("At the gate", "09:10", [(AMA, "moderator")])]
    assert await told(placed) == both
    path, again = form_of(saved, "Save")
    assert again["starts_at"][:3] == ["10:00", "10:10", ""]
    removed = await send(path, **{**again, "off": "1"})
    assert await told(placed) == both[:1]
    undo, before = form_of(removed, "Undo")
    await send(undo, **before)
    assert await told(placed) == both


async def test_what_is_wrong_is_said_at_its_row_and_nothing_is_lost(placed: Graph, send: Send) -> None:
    early = {"title": "Too early", "starts_at": "08:00"}
    untitled = {"room": "B", "starts_at": "10:30"}

    unread = await send(PAGE, **rows({}, {"title": "Now", "starts_at": "soon"}), version="0")
    answer = await send(PAGE, **rows(early, untitled), version="0", **{"speaker 1": HIDDEN})

    assert (unread.status_code, answer.status_code) == (422, 422)
    tree = html.fromstring(answer.text)
    links = tree.xpath("//div[@class='wrong-fields']//a/@href")
    assert links == ["#starts_at-0", "#speakers-1", "#title-1"]
    for link in links:
        assert tree.get_element_by_id(link[1:]).get("aria-invalid") == "true"
    assert tree.get_element_by_id("starts_at-0").get("value") == "08:00"
    assert "before the event begins, at 10 March 2027, 10:00 (Africa/Tunis); correct it." in answer.text
    assert await told(placed) == []


async def test_more_rows_are_given_and_nothing_is_saved(placed: Graph, send: Send) -> None:
    answer = await send(PAGE, **rows({"title": "Opening"}, {}, {}), version="0", do="more")

    tree = html.fromstring(answer.text)
    assert tree.xpath("//input[@name='title']/@value") == ["Opening", *[""] * 6]
    assert tree.xpath("//input[@autofocus]/@id") == ["title-1"]
    assert await told(placed) == []

    fewer = await send(PAGE, **rows({"title": "Opening"}, {"title": "Not this"}), version="0", do="more", off="1")
    assert html.fromstring(fewer.text).xpath("//input[@name='title']/@value") == ["Opening", *[""] * 6]


async def test_a_time_stays_where_the_event_lasts_longer_than_a_day_meanwhile(placed: Graph, send: Send) -> None:
    await placed.write("MATCH (v:Event {id: $id}) SET v.ends_at = v.ends_at + duration('P1D')", id=BRIEFING)

    answer = await send(PAGE, **rows({"title": "Opening", "starts_at": "10:30"}), version="0", do="more")

    first = html.fromstring(answer.text).get_element_by_id("starts_at-0")
    assert (first.get("type"), first.get("value")) == ("time", "10:30")


async def test_who_writes_second_sees_what_is_there_and_loses_nothing(placed: Graph, send: Send) -> None:
    at = datetime(2027, 3, 10, 9, tzinfo=UTC)
    await set_agenda(placed, ORGANISER, event=BRIEFING, expected_version=0, items=[AgendaItem("Hers", starts_at=at)])

    second = await send(PAGE, **rows({"title": "Mine"}), version="0")

    assert second.status_code == 409
    assert "Somebody changed this meanwhile" in second.text
    path, again = form_of(second, "Save")
    assert (again["title"][0], again["version"]) == ("Mine", ["1"])
    assert "<bdi>Hers</bdi>" in second.text
    await send(path, **again)
    assert [title for title, _, _ in await told(placed)] == ["Mine"]


async def test_a_draft_has_no_agenda(graph: Graph, browser: httpx.AsyncClient) -> None:
    draft = await drafts.create(graph, ORGANISER, given={"title": "An idea"}, idempotency_key=None)

    assert (await browser.get(f"/organise/events/{draft.id}/agenda")).status_code == 404
