"""Who was at an event, ticked on its page."""

import json

import httpx
from lxml import html

from graph.graph import Graph
from graph.speaking import State
from graph.viewer import FieldGroup
from tests.api.pages.organise.conftest import Send
from tests.graph.speaking.network import AMA, BRIEFING, DANA, HELD, HIDDEN, KOFI, hide, listed, on_list, stepped

PAGE = f"/organise/events/{HELD}/attendance"


def ticked(page: httpx.Response) -> dict[str, str]:
    """What is ticked of each person of the list."""
    return {
        one.get("name").removeprefix("was "): one.get("value")
        for one in html.fromstring(page.text).xpath("//input[@type='radio'][@checked]")
    }


def undo_of(page: httpx.Response) -> tuple[str, dict[str, str]]:
    """Where the form goes that takes back what was done, and what it holds but for the page's secret."""
    (form,) = html.fromstring(page.text).xpath("//form[.//button[normalize-space()='Undo']]")
    return form.get("action"), {one: str(value) for one, value in form.form_values() if one != "csrf"}


async def test_who_spoke_came_and_did_not_is_taken_down_once(
    graph: Graph, browser: httpx.AsyncClient, send: Send
) -> None:
    dana, _ = await listed(graph, DANA, AMA, event=HELD)
    await stepped(graph, dana.id, "invited", "accepted", "confirmed")
    assert ticked(await browser.get(PAGE)) == {AMA: "came", DANA: "", KOFI: "spoke"}

    given = {"person": [DANA, KOFI, AMA], f"was {DANA}": "spoke", f"talk {DANA}": "On gates", f"was {KOFI}": "came"}
    first, again = await send(PAGE, **given), await send(PAGE, **given)

    assert "Taken down who was there." in first.text
    for answer in (first, again):
        assert "which “Came” does not replace: <bdi>Kofi" in answer.text
    assert "was taken down before" not in again.text
    once_more = await send(PAGE, person=DANA, **{f"was {DANA}": "spoke", f"talk {DANA}": "On gates"})
    assert once_more.headers["location"] == f"{PAGE}?said=recorded-before"
    page = await browser.get(PAGE)
    assert ticked(page) == {AMA: "came", DANA: "spoke", KOFI: "spoke"}
    assert html.fromstring(page.text).get_element_by_id(f"talk-{DANA}").get("value") == "On gates"
    assert next(one.state for one in await on_list(graph, HELD)) is State.SPOKE
    await send(PAGE, person=DANA, **{f"was {DANA}": "absent"})
    assert next(one.state for one in await on_list(graph, HELD)) is State.ABSENT


async def test_what_was_taken_down_is_taken_back_unless_somebody_changed_it_since(
    graph: Graph, browser: httpx.AsyncClient, send: Send
) -> None:
    dana, _ = await listed(graph, DANA, AMA, event=HELD)
    await stepped(graph, dana.id, "invited", "accepted", "confirmed")
    given = {"person": [DANA, KOFI], f"was {DANA}": "spoke", f"talk {DANA}": "On gates", f"was {KOFI}": "came"}

    undo = undo_of(await send(PAGE, **given))
    undone = await send(*undo[:1], **undo[1])

    assert undone.headers["location"] == f"{PAGE}?said=not-recorded"
    assert ticked(await browser.get(PAGE)) == {AMA: "came", DANA: "", KOFI: "spoke"}
    assert (await on_list(graph, HELD))[0].state is State.CONFIRMED
    assert await graph.read("MATCH (d:Document {title: 'On gates'}) RETURN d.id AS id") == []
    undo = undo_of(await send(PAGE, **given))
    await send(PAGE, person=KOFI, **{f"was {KOFI}": "absent"})
    late = await send(*undo[:1], **undo[1])
    assert late.status_code == 409
    assert "Somebody has changed since then who was there" in late.text
    assert ticked(await browser.get(PAGE))[DANA] == "spoke"
    assert (await send(f"{PAGE}/back", before='[{"expert": "ama"}]')).status_code == 404


async def test_a_form_that_was_tampered_with_takes_nothing_down(
    graph: Graph, browser: httpx.AsyncClient, send: Send
) -> None:
    action, fields = undo_of(await send(PAGE, person=KOFI, **{f"was {KOFI}": "came"}))
    (entry,) = json.loads(fields["before"])
    never = {"expert": AMA, "was": {"was_there": True, "talks": []}, "became": {"was_there": False, "talks": []}}

    twice = await send(action, before=json.dumps([entry, entry]))
    too_early = await send(f"/organise/events/{BRIEFING}/attendance/back", before=json.dumps([never]))

    assert (twice.status_code, too_early.status_code) == (409, 422)
    assert ticked(await browser.get(PAGE))[KOFI] == "spoke"
    assert await graph.read("MATCH (:Expert {id: 'ama'})-[a:ATTENDED]->(:Event {id: $id}) RETURN a", id=BRIEFING) == []


async def test_who_did_not_come_is_taken_back_with_their_talk(
    graph: Graph, browser: httpx.AsyncClient, send: Send
) -> None:
    await send(PAGE, person=DANA, **{f"was {DANA}": "spoke", f"talk {DANA}": "On gates"})

    undo = undo_of(await send(PAGE, person=DANA, **{f"was {DANA}": "absent"}))
    assert DANA not in ticked(await browser.get(PAGE))
    await send(*undo[:1], **undo[1])

    page = await browser.get(PAGE)
    assert html.fromstring(page.text).get_element_by_id(f"talk-{DANA}").get("value") == "On gates"
    assert len(await graph.read("MATCH (d:Document {title: 'On gates'}) RETURN d.id AS id")) == 1


async def test_who_spoke_is_told_as_such_and_a_page_that_is_saved_unchanged_changes_nothing(
    graph: Graph, browser: httpx.AsyncClient, send: Send
) -> None:
    dana, ama = await listed(graph, DANA, AMA, event=HELD)
    await stepped(graph, dana.id, "invited", "accepted", "confirmed")
    await stepped(graph, ama.id, "invited", "accepted")
    await graph.write("MATCH (e:Expert {id: 'dana'}), (v:Event {id: 'held'}) CREATE (e)-[:SPOKE_AT {id: 's3'}]->(v)")
    await send(PAGE, person=AMA, **{f"was {AMA}": "spoke", f"talk {AMA}": "On walls"})
    told = "MATCH (r:Record) WITH count(r) AS records MATCH (s:Step) RETURN records, count(s) AS steps"
    before = await graph.read(told)

    page = await browser.get(PAGE)
    (form,) = html.fromstring(page.text).xpath("//form[.//button[normalize-space()='Take it down']]")
    names = {one for one, _ in form.form_values()} - {"csrf"}
    saved = await send(PAGE, **{name: [value for one, value in form.form_values() if one == name] for name in names})

    assert ticked(page) == {AMA: "spoke", DANA: "", KOFI: "spoke"}  # a programme has named whoever is confirmed
    assert html.fromstring(page.text).get_element_by_id(f"talk-{AMA}").get("value") == "On walls"
    assert saved.headers["location"] == f"{PAGE}?said=nobody-chosen"
    assert "Nothing was chosen, so nothing was taken down." in (await browser.get(saved.headers["location"])).text
    assert await graph.read(told) == before
    boxes = html.fromstring(page.text).xpath("//table[@class='sheet']//tr[./th]/td[1]")
    assert [one.text_content() for one in boxes] == ["✓", "", "✓"]


async def test_a_list_to_tick_on_paper_names_people_and_organisations(graph: Graph, browser: httpx.AsyncClient) -> None:
    (dana,) = await listed(graph, DANA)
    await stepped(graph, dana.id, "invited", "accepted")
    announced = "MATCH (e:Expert {id: $id}), (v:Event {id: 'briefing'}) CREATE (e)-[:SPOKE_AT {id: 's4'}]->(v)"
    await graph.write(announced, id=KOFI)

    page = html.fromstring((await browser.get(f"/organise/events/{BRIEFING}/attendance")).text)

    (sheet,) = page.xpath("//table[@class='sheet']")
    assert [one.text_content() for one in sheet.xpath("./tbody/tr[1]/*")] == ["", "Dana Haddad", "School", "Accepted"]
    assert len(sheet.xpath("./tbody/tr")) == 10
    assert "✓" not in sheet.text_content()


async def test_others_are_found_by_name_and_who_hides_is_told_or_not_there(
    graph: Graph, browser: httpx.AsyncClient, send: Send
) -> None:
    await hide(graph, DANA, FieldGroup.ATTENDANCE)

    found = await browser.get(PAGE, params={"who": "dana"})
    recorded = await send(PAGE, person=DANA, **{f"was {DANA}": "came"})
    hidden = await send(PAGE, person=HIDDEN, **{f"was {HIDDEN}": "came"})

    assert "Dana Haddad" in found.text
    assert "Nobody Known" not in (await browser.get(PAGE, params={"who": "known"})).text
    assert recorded.status_code == 200
    assert "do not show where they were: <bdi>Dana Haddad</bdi>" in recorded.text.replace("\n", "")
    assert "was taken down before" not in recorded.text
    assert hidden.status_code == 422
    assert "There is no expert" in hidden.text


async def test_nobody_was_at_what_has_not_begun(browser: httpx.AsyncClient, send: Send) -> None:
    page = f"/organise/events/{BRIEFING}/attendance"

    refused = await send(page, person=KOFI, **{f"was {KOFI}": "came"})

    assert "has not begun" in (await browser.get(page)).text
    assert refused.status_code == 422


async def test_what_was_ticked_is_not_lost(browser: httpx.AsyncClient, send: Send) -> None:
    untold = {f"was {AMA}": "", f"talk {AMA}": "On walls"}
    answer = await send(PAGE, person=[KOFI, AMA], **{f"was {KOFI}": "spoke", f"talk {KOFI}": "x" * 301}, **untold)

    assert answer.status_code == 422
    assert ticked(answer)[KOFI] == "spoke"
    assert html.fromstring(answer.text).get_element_by_id(f"talk-{KOFI}").get("value") == "x" * 301
    assert html.fromstring(answer.text).get_element_by_id(f"talk-{AMA}").get("value") == "On walls"
