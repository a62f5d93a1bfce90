"""The board by HTTP: who comes in, and in which column an event stands; events made, changed, cancelled and back."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from lxml import html

from api.pages.words import translated
from graph import drafts
from graph.agenda import AgendaItem, agenda, set_agenda
from graph.drafts import page
from graph.event_changes import EventChanges, cancel, update
from graph.graph import Graph
from graph.speaking import Answer, State, advance, answer_own
from graph.values import EventId
from graph.viewer import FieldGroup, Role, Viewer
from tests.api.pages.organise.conftest import Send
from tests.door import Browse, MakeAccount, Serve, sign_in
from tests.graph.speaking.network import (
    AMA,
    BRIEFING,
    DANA,
    HELD,
    KOFI,
    NOW,
    ORGANISER,
    SAME_TIME,
    hide,
    listed,
    stepped,
)
from tests.graph.speaking.written import all_sent, invited

HOSTILE = "<script>alert('x')</script> & gates"
FORM = {"title": "Who stands at the gate", "kind": "briefing", "time_zone": "Africa/Tunis"}
EVENT = "MATCH (v:Event|Draft {id: $id}) RETURN v {.*, labels: labels(v)} AS event"


def columns(page: httpx.Response) -> dict[str, list[str]]:
    """The titles in each column."""
    tree = html.fromstring(page.text)
    return {
        section.get("aria-labelledby").removeprefix("column-"): [one.text_content() for one in section.xpath(".//h3")]
        for section in tree.xpath("//section[starts-with(@aria-labelledby, 'column-')]")
    }


async def stored(graph: Graph, id: str) -> dict[str, object]:
    (row,) = await graph.read(EVENT, id=id)
    return dict(row["event"])


def wrong_in(answer: httpx.Response) -> dict[str, str]:
    """What the form has atop of itself of wrong fields, which has the focus: label and id of each, which is there."""
    tree = html.fromstring(answer.text)
    (summary,) = tree.xpath("//div[@class='wrong-fields'][@role='alert'][@tabindex='-1'][@autofocus]")
    found = {one.text: one.get("href").removeprefix("#") for one in summary.xpath(".//dt/a")}
    assert all(tree.get_element_by_id(id) is not None for id in found.values())
    assert len(summary.xpath(".//dd")) == len(found)
    return found


async def slug_of(answer: httpx.Response) -> str:
    found = re.fullmatch(r"/organise/events/([^?]+)\?said=\w+", answer.headers["location"])
    assert found is not None, answer.headers["location"]
    return found[1]


PAGES = ["", "/new", f"/events/{BRIEFING}", f"/events/{BRIEFING}/edit", f"/events/{BRIEFING}/panel"]
PAGES += [f"/events/{BRIEFING}/attendance", "/answers", "/coverage", "/coverage.csv", "/coverage/nearest", "/events/no"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.usefixtures("people")
async def test_only_organisers_come_in(path: str, serve: Serve, browse: Browse, make_account: MakeAccount) -> None:
    stranger, member = await browse(serve()), await browse(serve())
    await sign_in(member, await make_account("member@example.org", role=Role.MEMBER))

    led, refused = await stranger.get(f"/organise{path}?by=region"), await member.get(f"/organise{path}")

    assert led.status_code == 303
    assert led.headers["location"] == f"/sign-in?next=/organise{path}%3Fby%3Dregion"
    assert refused.status_code == 403
    assert "organisers and administrators may" in refused.text


async def test_an_event_stands_where_asking_has_come(graph: Graph, browser: httpx.AsyncClient) -> None:
    await drafts.create(graph, ORGANISER, given={"title": HOSTILE}, idempotency_key=None)
    assert columns(await browser.get("/organise")) == {
        "idea": [HOSTILE], "shortlisting": ["A briefing", "Another"], "inviting": [], "confirmed": [],
        "held": ["A workshop"],
    }  # fmt: skip

    ama, dana = await listed(graph, AMA, DANA)
    asked = await advance(
        graph, ORGANISER, id=ama.id, expected_version=1, to=State.INVITED, answer_by=NOW - timedelta(1)
    )
    assert columns(await browser.get("/organise"))["inviting"] == ["A briefing"]
    assert "1 answer overdue" in (await browser.get("/organise")).text
    await advance(graph, ORGANISER, id=ama.id, expected_version=asked.candidacy.version, to=State.ACCEPTED)
    assert columns(await browser.get("/organise"))["confirmed"] == ["A briefing"]
    await stepped(graph, dana.id, "invited")
    assert columns(await browser.get("/organise"))["inviting"] == ["A briefing"]

    await hide(graph, DANA, FieldGroup.LISTING)
    page_ = await browser.get("/organise")
    assert columns(page_)["confirmed"] == ["A briefing"]
    assert "Called off" in page_.text
    assert "<script>" not in page_.text


async def test_the_board_waits_for_those_whom_the_answers_wait_for(graph: Graph, browser: httpx.AsyncClient) -> None:
    ama, dana = await listed(graph, AMA, DANA)
    await stepped(graph, ama.id, "invited")
    await stepped(graph, dana.id, "invited")

    async def waiting() -> str:
        (card,) = html.fromstring((await browser.get("/organise")).text).xpath("//li[@class='card'][.//dt]")
        return str(card.xpath("string(.//div[dt='Waiting']/dd)"))

    assert await waiting() == "2"
    of_ama = Viewer(Role.MEMBER, person=AMA, actor="account:ama")
    await answer_own(graph, of_ama, event=BRIEFING, answer=Answer.OTHER_TIME, reason="In May.")
    assert await waiting() == "1"
    assert "1 person was asked and has not answered" in (await browser.get("/organise/answers")).text
    await graph.write("MATCH (v:Event {id: 'briefing'}) SET v.starts_at = datetime() - duration('P1D')")
    assert "Nobody is waited for." in (await browser.get("/organise/answers")).text
    assert "<dt>Waiting</dt><dd>1" not in (await browser.get("/organise")).text


async def test_nobody_is_waited_for_where_the_event_is_cancelled_and_who_wants_another_time_is_asked_still(
    graph: Graph, browser: httpx.AsyncClient, send: Send
) -> None:
    await invited(graph)
    of_ama = Viewer(Role.MEMBER, person=AMA, actor="account:ama")
    await answer_own(graph, of_ama, event=BRIEFING, answer=Answer.OTHER_TIME, reason="In May.")

    assert columns(await browser.get("/organise"))["inviting"] == ["A briefing"]
    await stepped(graph, (await listed(graph, DANA))[-1].id, "invited")
    assert "<dt>Waiting</dt><dd>1" in (await browser.get("/organise")).text
    await send(f"/organise/events/{BRIEFING}/cancel", version="0")
    assert "<dt>Waiting</dt><dd>1" not in (await browser.get("/organise")).text


async def test_an_unknown_time_zone_and_the_end_of_the_calendar_break_no_page(
    graph: Graph, browser: httpx.AsyncClient
) -> None:
    placed = "MATCH (v:Event {id: $id}) SET v.time_zone = $zone, v.starts_at = coalesce($at, v.starts_at)"
    await graph.write(placed, id=BRIEFING, zone="Atlantis/Harbour", at=None)
    await graph.write(placed, id=HELD, zone="Asia/Tokyo", at=datetime(9999, 12, 31, 23, tzinfo=UTC))

    for path in ("/organise", f"/organise/events/{BRIEFING}/edit", f"/organise/events/{HELD}/edit", f"/events/{HELD}"):
        assert (await browser.get(path)).status_code == 200, path


async def test_older_events_are_behind_a_link_that_leads_to_the_last_of_them(
    graph: Graph, browser: httpx.AsyncClient
) -> None:
    await graph.write("MATCH (v:Event {id: 'held'}) SET v.starts_at = v.starts_at - duration('P3000D')")

    now = await browser.get("/organise")
    (older,) = html.fromstring(now.text).xpath("//a[text()='Show older']/@href")
    before = await browser.get(older)

    assert columns(now)["held"] == []
    assert "Show what was held then" not in now.text
    assert columns(before)["held"] == ["A workshop"]
    assert "Show older" not in before.text


async def test_an_empty_board_says_when_something_was_held_last(graph: Graph, browser: httpx.AsyncClient) -> None:
    await graph.write("MATCH (v:Event) SET v.starts_at = datetime('2019-03-05T09:00:00Z')")

    now = await browser.get("/organise")
    (older,) = html.fromstring(now.text).xpath("//a[text()='Show what was held then']/@href")

    assert set(map(len, columns(now).values())) == {0}
    assert "The last event before was on 5 March 2019." in now.text
    assert "A workshop" in columns(await browser.get(older))["held"]


async def test_a_draft_is_made_once_changed_and_published(graph: Graph, browser: httpx.AsyncClient, send: Send) -> None:
    given = {**FORM, "starts_at": "2027-03-01T10:00", "topics": ["gates"], "key": "once", "as": "draft"}
    made, again = await send("/organise/new", **given), await send("/organise/new", **given)
    slug = await slug_of(made)

    assert await slug_of(again) == slug
    assert len((await page(graph, ORGANISER, first=10)).entries) == 1
    assert "Only organisers know of it." in (await browser.get(made.headers["location"])).text
    was = await stored(graph, slug)
    assert str(was["starts_at"])[:16] == "2027-03-01T09:00"  # in UTC
    form = (await browser.get(f"/organise/events/{slug}/edit")).text
    assert 'value="2027-03-01T10:00"' in form
    assert 'name="topics" value="gates" checked' in form

    changed = await send(f"/organise/events/{slug}/edit", **{**given, "title": "At the gate", "version": "1"})
    assert "Saved." in changed.text
    published = await send(f"/organise/events/{slug}/publish", version="2")
    assert published.headers["location"] == f"/organise/events/{slug}?said=published"
    assert (await stored(graph, slug))["labels"] == ["Event"]


async def test_a_new_event_has_the_six_languages_first_and_is_not_asked_whether_it_takes_place(
    graph: Graph, browser: httpx.AsyncClient
) -> None:
    await graph.write("CREATE (:Language {id: 'aa', name_en: 'Afar'}), (:Language {id: 'ru', name_en: 'Russian'})")

    new = html.fromstring((await browser.get("/organise/new")).text)
    there = html.fromstring((await browser.get(f"/organise/events/{BRIEFING}/edit")).text)

    assert new.xpath("//input[@name='languages']/@value") == ["ar", "fr", "ru", "aa"]
    assert new.xpath("//*[@name='status']") == []
    assert len(there.xpath("//select[@name='status']")) == 1


async def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(send: Send) -> None:
    answer = await send(
        "/organise/new", title=HOSTILE, kind="briefing", starts_at="soon", time_zone="Mars", key="k", **{"as": "event"}
    )
    other = await send("/organise/new", title=" ", kind="briefing", time_zone="Mars", key="k", **{"as": "event"})

    assert (answer.status_code, other.status_code) == (422, 422)
    tree = html.fromstring(answer.text)
    (field,) = tree.xpath("//input[@name='starts_at']")
    assert tree.get_element_by_id(field.get("aria-describedby")).text_content().startswith("That is no day and time")
    assert tree.xpath("//input[@name='title']/@value") == [HOSTILE]
    assert html.fromstring(other.text).xpath("//input[@aria-invalid='true']/@name") == ["title", "time_zone"]


async def test_all_that_is_wrong_is_said_atop_the_form_with_the_way_to_each_field(send: Send) -> None:
    answer = await send(
        "/organise/new", title="Err", kind="", capacity="many", url="ftp://example.org/x", topics="no", key="k",
        **{"as": "draft"},
    )  # fmt: skip
    other = await send("/organise/new", title="Err", capacity="0", url="ftp://example.org/x", topics="no", key="k")

    assert wrong_in(answer) == {"How many people there is room for": "capacity"}
    assert wrong_in(other) == {
        "How many people there is room for": "capacity", "Topics": "topics", "Web page": "url",
    }  # fmt: skip


async def test_a_draft_without_a_kind_is_published_from_its_form(
    graph: Graph, browser: httpx.AsyncClient, send: Send
) -> None:
    draft = await drafts.create(graph, ORGANISER, given={"title": "An idea"}, idempotency_key=None)
    edit = f"/organise/events/{draft.id}/edit"

    refused = await send(f"/organise/events/{draft.id}/publish", version="1")
    given = {**FORM, "title": "An idea", "version": "1", "as": "event"}
    still = await send(edit, **{**given, "kind": "", "capacity": "40"})
    published = await send(edit, **{**given, "version": "2", "capacity": "40"})

    for answer in (refused, still):
        assert answer.status_code == 422
        assert wrong_in(answer) == {"Kind": "kind"}
        assert "There is no kind yet; choose one." in answer.text
    assert published.headers["location"] == f"/organise/events/{draft.id}?said=published"
    now = await stored(graph, draft.id)
    assert (now["labels"], now["kind"], now["capacity"]) == (["Event"], "briefing", 40)
    (kept,) = html.fromstring((await browser.get(edit)).text).xpath("//input[@name='capacity']")
    assert kept.get("value") == "40"


async def test_when_an_event_is_stands_by_its_own_clock_first(graph: Graph, browser: httpx.AsyncClient) -> None:
    placed = "MATCH (v:Event {id: $id}) SET v.time_zone = 'Africa/Tunis', v.starts_at = datetime($at), v.ends_at = NULL"
    await graph.write(placed, id=BRIEFING, at="2027-03-10T09:00:00Z")

    for path in ("", "/attendance", "/agenda"):
        page_ = html.fromstring((await browser.get(f"/organise/events/{BRIEFING}{path}")).text)
        facts = " ".join(page_.xpath("//main//p[@class='facts']")[0].text_content().split())
        own, utc = facts.index("10:00"), facts.index("09:00")
        assert own < utc, path
        assert "UTC+01:00" in facts[own:utc]


async def test_chosen_topics_and_languages_stand_first(graph: Graph, browser: httpx.AsyncClient) -> None:
    await graph.write("CREATE (:Topic {id: 'squares', label_en: 'Squares'})")
    await update(graph, ORGANISER, event=BRIEFING, expected_version=0, changes={"topics": ["squares"]})

    form = html.fromstring((await browser.get(f"/organise/events/{BRIEFING}/edit")).text)

    assert form.xpath("//input[@name='topics']/@value") == ["squares", "gates"]


async def test_an_event_is_held_again_as_a_draft_or_at_once(
    graph: Graph, browser: httpx.AsyncClient, send: Send
) -> None:
    page_, place = f"/organise/events/{HELD}/again", "MATCH (v:Event {id: $id}) SET v.time_zone = 'Africa/Tunis'"
    await graph.write(place, id=HELD)
    item = AgendaItem("Opening")
    await set_agenda(graph, ORGANISER, event=HELD, expected_version=0, items=[item])
    given = {"title": "A workshop", "starts_at": "2027-03-10T10:00"}
    form = html.fromstring((await browser.get(page_)).text)
    assert form.xpath("//input[@name='title']/@value") == ["A workshop"]

    undated = await send(page_, title="A workshop", key="a", **{"as": "event"})
    without = await send(page_, **given, with_agenda="1", key="b", **{"as": "draft"})
    draft = await send(page_, **given, key="c", **{"as": "draft"})
    event = await send(page_, **given, with_agenda="1", key="d", **{"as": "event"})

    assert wrong_in(undated) == {"Begins": "starts_at"}
    assert wrong_in(without) == {"Take the agenda along, without its speakers": "with_agenda"}
    for answer, label in ((draft, "Draft"), (event, "Event")):
        made = await stored(graph, await slug_of(answer))
        assert (made["labels"], made["kind"], str(made["starts_at"])[:16]) == ([label], "workshop", "2027-03-10T09:00")
    assert [one.title for one in (await agenda(graph, ORGANISER, event=EventId(await slug_of(event)))).items] == [
        "Opening"
    ]
    assert (await browser.get(f"/organise/events/{await slug_of(draft)}/again")).status_code == 404


@pytest.mark.parametrize("language", ["fr", "ar"])
async def test_what_is_wrong_is_said_in_the_language_of_the_page(
    browser: httpx.AsyncClient, send: Send, language: str
) -> None:
    browser.headers["Accept-Language"] = language
    answer = await send("/organise/new", title="At the gate", starts_at="soon", time_zone="UTC", key="k")

    said = translated("That is no day and time; write them as 2026-03-01T14:00.", language)
    (refusal,) = html.fromstring(answer.text).xpath("//*[@id='wrong-starts_at']")
    assert refusal.text_content() == said
    assert refusal.xpath(".//@lang") == []


async def test_what_an_event_has_beyond_the_choices_is_kept_when_it_is_changed(
    graph: Graph, browser: httpx.AsyncClient, send: Send
) -> None:
    await graph.write(
        "UNWIND range(100, 220) AS n CREATE (:Series {id: 'series-' + n, name: 'Series ' + n}), "
        "(:Language {id: 'x' + n, name_en: 'Language ' + n}) "
        "WITH count(*) AS all MATCH (v:Event {id: $id}), (s:Series {id: 'series-219'}), (l:Language {id: 'x219'}) "
        "CREATE (v)-[:PART_OF]->(s), (v)-[:IN_LANGUAGE]->(l) SET v.kind = 'seminar'",
        id=BRIEFING,
    )

    form = html.fromstring((await browser.get(f"/organise/events/{BRIEFING}/edit")).text).xpath(
        "//form[@class='fields']"
    )[0]
    assert form.xpath("//select[@name='series']/option[@selected]/text()") == ["Series 219"]
    assert form.xpath("//input[@name='languages'][@checked]/@value") == ["x219"]
    given = {one: value for one, value in form.form_values() if one not in {"csrf", "languages"}}
    saved = await send(f"/organise/events/{BRIEFING}/edit", **{**given, "title": "Renamed", "languages": ["x219"]})

    assert "Saved." in saved.text
    (row,) = await graph.read(
        "MATCH (v:Event {id: $id}) RETURN v.title AS title, v.kind AS kind, "
        "COLLECT { MATCH (v)-[:PART_OF]->(s) RETURN s.id } AS series, "
        "COLLECT { MATCH (v)-[:IN_LANGUAGE]->(l) RETURN l.id } AS languages",
        id=BRIEFING,
    )
    assert row == {"title": "Renamed", "kind": "seminar", "series": ["series-219"], "languages": ["x219"]}


async def test_who_comes_second_sees_what_changed_and_loses_nothing(graph: Graph, send: Send) -> None:
    theirs: EventChanges = {
        "place": "A hall", "country": "GH", "format": "in-person", "status": "confirmed",
        "starts_at": datetime(2027, 3, 11, 10, tzinfo=UTC), "ends_at": None,
    }  # fmt: skip
    first = await update(graph, ORGANISER, event=BRIEFING, expected_version=0, changes=theirs)

    second = await send(
        f"/organise/events/{BRIEFING}/edit", title="Mine", kind="briefing", place="A tent", time_zone="UTC", version="0"
    )

    assert second.status_code == 409
    tree = html.fromstring(second.text)
    assert tree.xpath("//input[@name='place']/@value") == ["A tent"]
    assert tree.xpath("//input[@name='version']/@value") == [str(first.version)]
    assert "Somebody changed this meanwhile" in second.text
    said_now = {"place": "A hall", "country": "Ghana", "format": "in person", "status": "Certainly"}
    for field, said in {**said_now, "starts_at": "11 March 2027, 10:00"}.items():
        beneath = tree.xpath(f"//div[@class='field'][.//*[@name='{field}']]/p[@class='help']/bdi/text()")
        assert beneath == [said], field
    assert (await stored(graph, BRIEFING))["title"] == "A briefing"


async def test_what_was_changed_is_undone_unless_somebody_changed_it_since(
    graph: Graph, browser: httpx.AsyncClient, send: Send
) -> None:
    page = f"/organise/events/{BRIEFING}/edit"
    form = html.fromstring((await browser.get(page)).text).xpath("//form[@class='fields']")[0]
    given = {one: value for one, value in form.form_values() if one != "csrf"}

    changed = await send(page, **{**given, "title": "Renamed", "description": HOSTILE, "topics": ["gates"]})
    again = await send(page, **{**given, "title": "Renamed", "description": HOSTILE, "topics": ["gates"]})
    undo = html.fromstring(changed.text).xpath("//form[.//button[normalize-space()='Undo']]")[0]
    fields = {one: value for one, value in undo.form_values() if one != "csrf"}
    assert (await stored(graph, BRIEFING))["title"] == "Renamed"
    assert again.headers["location"] == f"/organise/events/{BRIEFING}?said=saved"
    undone = await send(undo.get("action"), **fields)
    assert (await stored(graph, BRIEFING))["title"] == "A briefing"
    assert "Undo" in undone.text
    late = await send(undo.get("action"), **{**fields, "title": "Older still"})

    assert late.status_code == 409
    assert (await stored(graph, BRIEFING))["title"] == "A briefing"


async def test_a_cancelled_event_is_taken_back_as_it_was(graph: Graph, browser: httpx.AsyncClient, send: Send) -> None:
    was = await update(graph, ORGANISER, event=SAME_TIME, expected_version=0, changes={"status": "confirmed"})

    cancelled = await send(f"/organise/events/{SAME_TIME}/cancel", version=str(was.version))
    page_ = html.fromstring((await browser.get(cancelled.headers["location"])).text)
    (form,) = page_.xpath(f"//form[@action='/organise/events/{SAME_TIME}/restore']")
    back = await send(form.get("action"), **{one.get("name"): one.get("value") for one in form.xpath(".//input")[1:]})

    assert back.headers["location"] == f"/organise/events/{SAME_TIME}?said=restored"
    assert (await stored(graph, SAME_TIME))["status"] == "confirmed"
    assert (await send(f"/organise/events/{SAME_TIME}/cancel", version=str(was.version))).status_code == 409


async def test_a_draft_is_thrown_away_and_brought_back_and_what_is_not_there_is_not(
    graph: Graph, browser: httpx.AsyncClient, send: Send
) -> None:
    draft = await drafts.create(graph, ORGANISER, given={"title": "An idea"}, idempotency_key=None)
    await listed(graph, KOFI, event=draft.id)

    gone = await send(f"/organise/events/{draft.id}/discard", version="1")

    assert gone.headers["location"] == f"/organise?said=discarded&draft={draft.id}"
    board = html.fromstring((await browser.get(gone.headers["location"])).text)
    (undo,) = board.xpath("//div[@role='status']//form/@action")
    for path in ("", "/edit", "/panel", "/attendance"):
        assert (await browser.get(f"/organise/events/{draft.id}{path}")).status_code == 404
    late = await send(f"/organise/events/{HELD}/discard", version="0")
    assert late.status_code == 409
    assert "This draft was published, so it is an event now" in late.text
    assert "What you wrote" not in late.text
    back = await send(undo)
    assert back.headers["location"] == f"/organise/events/{draft.id}?said=brought-back"
    assert "Kofi" in (await browser.get(back.headers["location"])).text
    assert (await send("/organise/events/nothing/bring-back")).status_code == 404
    assert (await send(f"/organise/events/{HELD}/bring-back")).status_code == 409


async def test_whom_a_letter_does_not_reach_is_named_on_the_page_and_in_no_address(graph: Graph, send: Send) -> None:
    await invited(graph)
    await all_sent(graph)
    await hide(graph, AMA, FieldGroup.CONTACT)
    await cancel(graph, ORGANISER, event=BRIEFING, expected_version=0)

    told = [await send(f"/organise/events/{BRIEFING}/tell", words="") for _ in range(2)]

    assert [answer.status_code for answer in told] == [200, 200]
    for answer in told:
        assert "Letters do not reach these people any more; tell them yourself: <bdi>Ama" in answer.text
        assert "Nobody had to be told" in answer.text
