"""An event's shortlist by HTTP: added, moved, noted, invited by a letter that is read first, answered, taken back."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from lxml import html

from api.settings import MailSettings
from graph import drafts
from graph.graph import Graph
from graph.permissions import NotAllowed
from graph.speaking import LetterId, State, advance, correspondence, secret_of, set_note
from graph.speaking.returned import record_bounce
from graph.viewer import FieldGroup, Role, Viewer
from tests.api.pages.organise.conftest import Send
from tests.graph.speaking.network import (
    AMA,
    BRIEFING,
    DANA,
    HIDDEN,
    KOFI,
    NOW,
    ORGANISER,
    OTHER_ORGANISER,
    SAME_TIME,
    hide,
    line,
    listed,
    on_list,
    stepped,
)  # fmt: skip
from tests.graph.speaking.written import all_sent, invited

HOSTILE = "<script>alert('x')</script> & gates"
EVENT = f"/organise/events/{BRIEFING}"


def cards(page: httpx.Response) -> dict[str, str]:
    """What each candidate's card says, by id."""
    found = html.fromstring(page.text).xpath("//li[starts-with(@id, 'candidate-')]")
    return {one.get("id").removeprefix("candidate-"): " ".join(one.text_content().split()) for one in found}


def fields_of(page: httpx.Response, label: str) -> tuple[str, dict[str, str]]:
    """The form with this button: where it goes, and what it holds but for the page's secret."""
    (form,) = html.fromstring(page.text).xpath(f"//form[.//button[normalize-space()='{label}']]")
    fields = {one.get("name"): one.get("value") for one in form.xpath(".//input|.//button") if one.get("name")}
    fields.pop("csrf")
    return form.get("action"), fields


async def test_people_are_added_and_taken_off_and_each_is_undone(
    graph: Graph, browser: httpx.AsyncClient, send: Send
) -> None:
    added = await send(f"{EVENT}/shortlist", expert=[AMA, DANA])
    assert added.headers["location"].startswith(f"{EVENT}?said=added&count=2&of=")
    assert await line(graph) == [AMA, DANA]
    again = await send(f"{EVENT}/shortlist", expert=AMA, q="gates & guards")
    assert again.headers["location"] == f"{EVENT}?q=gates+%26+guards&said=already#add"

    kofi = await send(f"{EVENT}/shortlist", expert=KOFI)
    page = await browser.get(kofi.headers["location"])
    undone = await send(*fields_of(page, "Undo")[:1], **fields_of(page, "Undo")[1])
    assert [one.state for one in await on_list(graph)][-1] is State.WITHDRAWN
    page = await browser.get(undone.headers["location"])
    assert "Taken off the shortlist." in page.text
    await send(*fields_of(page, "Undo")[:1], **fields_of(page, "Undo")[1])
    assert [one.state for one in await on_list(graph)][-1] is State.SHORTLISTED


async def test_several_who_were_added_together_are_taken_off_together_unless_somebody_touched_them(
    graph: Graph, browser: httpx.AsyncClient, send: Send
) -> None:
    await listed(graph, KOFI)
    added = await send(f"{EVENT}/shortlist", expert=[AMA, DANA])
    page = await browser.get(added.headers["location"])
    assert "2 people were added to the shortlist." in page.text
    path, fields = fields_of(page, "Undo")
    off = await send(path, **fields)

    assert "2 people were taken off the shortlist." in (await browser.get(off.headers["location"])).text
    assert {one.expert: one.state for one in await on_list(graph)} == {
        KOFI: State.SHORTLISTED, AMA: State.WITHDRAWN, DANA: State.WITHDRAWN,
    }  # fmt: skip
    assert "Undo" not in (await browser.get(added.headers["location"])).text

    again = await send(f"{EVENT}/shortlist", expert=[AMA, DANA, KOFI])
    assert again.headers["location"] == f"{EVENT}?said=added&count=2#list"
    assert {one.state for one in await on_list(graph)} == {State.SHORTLISTED}
    await send(path, **fields)
    assert {one.state for one in await on_list(graph)} == {State.SHORTLISTED}


async def test_who_is_considered_no_more_stands_behind_the_others_and_counts_as_nobody(
    graph: Graph, browser: httpx.AsyncClient, send: Send
) -> None:
    ama, dana, kofi = await listed(graph, AMA, DANA, KOFI)
    await stepped(graph, dana.id, "invited", "declined")

    off = await send(f"/organise/candidacies/{ama.id}/step", version="1", to="withdrawn")
    tree = html.fromstring((await browser.get(EVENT)).text)

    assert off.headers["location"] == f"{EVENT}?said=taken-off&of={ama.id}&version=2#list"
    assert tree.xpath("//*[@id='line']/ol/li/@id") == [f"candidate-{kofi.id}"]
    assert tree.xpath("//*[@id='out']/ol/li/@id") == [f"candidate-{ama.id}", f"candidate-{dana.id}"]
    assert " ".join(tree.xpath("//*[@id='list']")[0].text_content().split()) == "Shortlist 1"
    (summary,) = tree.xpath("//*[@id='out']/summary")
    assert " ".join(summary.text_content().split()) == "Not considered any more 2"
    assert tree.xpath("//*[starts-with(@id, 'up-') or starts-with(@id, 'down-')]") == []
    tally = html.fromstring((await browser.get("/organise")).text).xpath("//dl[@class='tally']//dd/text()")
    assert tally == ["1", "0", "0", "1"]  # shortlisted, waiting, yes, no
    (card,) = tree.xpath(f"//*[@id='candidate-{kofi.id}']")
    assert "asked" not in card.text_content()


async def test_a_move_passes_over_who_is_considered_no_more(
    graph: Graph, browser: httpx.AsyncClient, send: Send
) -> None:
    ama, dana, kofi = await listed(graph, AMA, DANA, KOFI)
    await stepped(graph, dana.id, "withdrawn")

    tree = html.fromstring((await browser.get(EVENT)).text)
    up = tree.get_element_by_id(f"up-{kofi.id}").get("value")
    await send(f"/organise/candidacies/{kofi.id}/move", version="1", rank=up)

    assert [one for one in await line(graph) if one != DANA] == [KOFI, AMA]
    assert tree.xpath(f"//*[@id='up-{ama.id}' or @id='down-{kofi.id}']") == []
    last = await send(f"/organise/candidacies/{dana.id}/move", version="2", rank="9")
    assert last.headers["location"] == f"{EVENT}?said=not-moved#list"


def answer_links(page: httpx.Response) -> list[str]:
    found: list[str] = html.fromstring(page.text).xpath("//a[contains(@href, '/organise/letters/')]/@href")
    return found


async def test_where_no_letter_can_leave_its_answer_link_is_given_by_hand(
    graph: Graph, browser: httpx.AsyncClient, send: Send
) -> None:
    (ama,) = await listed(graph, AMA)
    sent = await send(f"/organise/candidacies/{ama.id}/invited", do="send", version="1")

    (address,) = answer_links(await browser.get(sent.headers["location"]))
    page = await browser.get(address)
    (link,) = html.fromstring(page.text).xpath("//code[@class='secret']/text()")
    opened = await browser.get(link)
    await hide(graph, AMA, FieldGroup.LISTING)

    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert opened.status_code == 200
    assert "/answer/" in link
    assert (await browser.get(address)).status_code == 404
    with pytest.raises(NotAllowed):
        await secret_of(graph, Viewer(Role.MEMBER), letter=LetterId(address.split("/")[3]))


async def test_where_letters_leave_no_answer_link_is_shown(
    graph: Graph, browser: httpx.AsyncClient, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    (ama,) = await listed(graph, AMA)
    await send(f"/organise/candidacies/{ama.id}/invited", do="send", version="1")
    (address,) = answer_links(await browser.get(EVENT))
    monkeypatch.setattr(MailSettings, "sends", True)

    assert answer_links(await browser.get(EVENT)) == []
    assert (await browser.get(address)).status_code == 404


async def test_where_no_letter_can_leave_it_is_said_that_it_waits(
    graph: Graph, browser: httpx.AsyncClient, send: Send
) -> None:
    (ama,) = await listed(graph, AMA)

    sent = await send(f"/organise/candidacies/{ama.id}/invited", do="send", version="1")

    told = await browser.get(sent.headers["location"])
    assert "Taken down, and the letter waits until a mail server is set." in told.text
    assert (
        "The letters to the speakers wait until a mail server is set." in (await browser.get(f"{EVENT}?said=told")).text
    )


async def test_that_speakers_do_not_know_of_a_change_is_said_where_they_are_to(
    graph: Graph, browser: httpx.AsyncClient, send: Send
) -> None:
    (ama,) = await listed(graph, AMA)

    async def changed(**fields: str) -> httpx.Response:
        form = html.fromstring((await browser.get(f"{EVENT}/edit")).text).xpath("//form[@class='fields']")[0]
        given = {one: value for one, value in form.form_values() if one != "csrf"}
        return await send(f"{EVENT}/edit", **{**given, **fields})

    unknown = await changed(place="A hall")
    await stepped(graph, ama.id, "invited")
    moved, told = await changed(place="A tent"), await changed(description="More of it.")
    restored = await browser.get(f"{EVENT}?said=restored")

    for page, sentence in ((moved, "Saved. Nobody"), (restored, "The event takes place again. Nobody")):
        assert f"{sentence} has been told yet." in page.text
        tree = html.fromstring(page.text)
        assert tree.xpath("//*[@id='told']//a/@href") == ["#tell"]
        assert tree.xpath("//details[@id='tell'][@open]")
    assert all("Nobody has been told yet" not in page.text for page in (unknown, told))


async def test_of_an_event_that_was_held_nobody_is_next_and_an_answer_that_is_overdue_is_marked(
    graph: Graph, browser: httpx.AsyncClient
) -> None:
    ama, _ = await listed(graph, AMA, DANA)
    await advance(graph, ORGANISER, id=ama.id, expected_version=1, to=State.INVITED, answer_by=NOW)
    now = await browser.get(EVENT)
    await graph.write(
        "MATCH (v:Event {id: 'briefing'}) SET v.starts_at = datetime('2024-03-01T10:00:00Z'), v.ends_at = null"
    )

    held = await browser.get(EVENT)

    assert cards(now)[ama.id].count("overdue") == 1
    assert "Next in line" in now.text
    assert "Next in line" not in held.text
    assert "overdue" not in cards(held)[ama.id]


@pytest.mark.parametrize("who", [HIDDEN, "nobody"])
async def test_who_is_hidden_is_as_who_is_not_there(graph: Graph, send: Send, who: str) -> None:
    answer = await send(f"{EVENT}/shortlist", expert=who)

    assert answer.status_code == 422
    assert f"There is no expert &#39;{who}&#39;" in answer.text
    assert await on_list(graph) == []


async def test_a_move_is_undone(graph: Graph, browser: httpx.AsyncClient, send: Send) -> None:
    ama, dana, _ = await listed(graph, AMA, DANA, KOFI)

    moved = await send(f"/organise/candidacies/{dana.id}/move", version="1", rank="1")
    assert await line(graph) == [DANA, AMA, KOFI]
    path, fields = fields_of(await browser.get(moved.headers["location"]), "Undo")
    await send(path, **fields)

    assert await line(graph) == [AMA, DANA, KOFI]
    assert (await send(f"/organise/candidacies/{ama.id}/move", version="1", rank="0")).status_code == 422


async def test_a_note_of_who_comes_second_is_not_lost(graph: Graph, browser: httpx.AsyncClient, send: Send) -> None:
    (ama,) = await listed(graph, AMA)
    await set_note(graph, OTHER_ORGANISER, id=ama.id, expected_version=1, note="Hers.")

    second = await send(f"/organise/candidacies/{ama.id}/note", version="1", note=HOSTILE)

    assert second.status_code == 409
    assert (
        "Somebody changed this meanwhile" in html.fromstring(second.text).xpath("//*[@class='strip']")[0].text_content()
    )
    (card,) = html.fromstring(second.text).xpath("//li[starts-with(@id, 'candidate-')]")
    assert card.xpath(".//textarea")[0].text == HOSTILE
    assert "Now it says: Hers." in " ".join(card.text_content().split())
    saved = await send(f"/organise/candidacies/{ama.id}/note", version="2", note=HOSTILE)
    assert "<script>" not in saved.text.partition("</head>")[2]
    assert (await on_list(graph))[0].note == HOSTILE


async def test_conflicts_and_letters_are_told_in_words(graph: Graph, browser: httpx.AsyncClient) -> None:
    ama, dana, kofi = await listed(graph, AMA, DANA, KOFI)
    await stepped(graph, ama.id, "invited")
    await listed(graph, AMA, event=SAME_TIME)
    page = await browser.get(EVENT)

    told = cards(page)

    assert "Speaks elsewhere then: Another" in told[kofi.id]
    assert "Of the same organisation as somebody on the panel: Guild, Ama Owusu" in told[kofi.id]
    assert "Away then: " in told[dana.id]
    assert "Invited" in told[ama.id]
    assert "Next in line: Dana Haddad" in " ".join(html.fromstring(page.text).text_content().split())


async def test_a_letter_is_read_before_it_leaves(graph: Graph, browser: httpx.AsyncClient, send: Send) -> None:
    placed = (
        "MATCH (v:Event {id: $id}) SET v.time_zone = 'America/Lima', v.starts_at = datetime('2099-03-10T15:00:00Z')"
    )
    await graph.write(placed, id=BRIEFING)
    (dana,) = await listed(graph, DANA)
    page = f"/organise/candidacies/{dana.id}/invited"
    first = html.fromstring((await browser.get(page)).text)
    (letter,) = first.xpath("//div[@class='letter-preview']")
    assert (letter.get("lang"), letter.get("dir")) == ("ar", "rtl")

    shown = await send(page, do="preview", version="1", words=HOSTILE, language="fr", answer_by="2020-02-30")
    assert shown.status_code == 422
    shown = await send(page, do="preview", version="1", words=HOSTILE, language="fr", answer_by="9999-12-31")
    assert shown.status_code == 422
    assert "choose an earlier day" in shown.text
    assert 'value="9999-12-31"' in shown.text
    shown = await send(page, do="preview", version="1", words=HOSTILE, language="fr", answer_by="2020-02-28")
    assert shown.status_code == 422
    assert "a time that is past" in shown.text
    shown = await send(page, do="preview", version="1", words=HOSTILE, language="fr", answer_by="2099-03-10")
    assert shown.status_code == 422
    assert "only after the event has begun" in shown.text
    shown = await send(page, do="preview", version="1", words=HOSTILE, language="fr", answer_by="2099-02-28")
    tree = html.fromstring(shown.text)
    assert HOSTILE in tree.xpath("//div[@class='letter-preview']")[0].text_content()
    assert tree.xpath("//div[@class='letter-preview']/@lang") == ["fr"]
    assert (await on_list(graph))[0].state is State.SHORTLISTED

    sent = await send(page, do="send", version="1", words="Do come.", language="fr", answer_by="2099-02-28")
    assert sent.headers["location"] == f"{EVENT}?said=written#candidate-{dana.id}"
    (now,) = await on_list(graph)
    assert (now.state, now.answer_by) == (State.INVITED, datetime(2099, 3, 1, 4, 59, 59, tzinfo=UTC))
    (kept,) = (await correspondence(graph, ORGANISER, candidacies=[dana.id]))[dana.id].letters
    assert (kept.note, kept.language) == ("Do come.", "fr")
    told = cards(await browser.get(EVENT))[dana.id]
    assert "Invitation: waits to leave" in told
    assert "To answer by 28 February 2099." in told
    assert "28 February 2099" in (await browser.get("/organise/answers")).text
    late = await send(page, do="send", version="1", words="Twice.")
    assert late.status_code == 409
    assert "Twice." in late.text


async def test_words_to_the_speakers_that_cannot_be_sent_stay_in_their_field(send: Send) -> None:
    answer = await send(f"{EVENT}/tell", words=f"{HOSTILE}\u2066")

    assert answer.status_code == 422
    (field,) = html.fromstring(answer.text).xpath("//details[@open]//textarea[@name='words']")
    assert field.text == f"{HOSTILE}\u2066"


async def test_who_shows_no_address_is_asked_without_a_letter(
    graph: Graph, browser: httpx.AsyncClient, send: Send
) -> None:
    (kofi,) = await listed(graph, KOFI)
    page = f"/organise/candidacies/{kofi.id}/invited"

    shown = await browser.get(page)
    await send(page, do="without", version="1")

    assert "show organisers no address" in shown.text
    assert "Send the letter" not in shown.text
    assert (await on_list(graph))[0].state is State.INVITED


async def test_answers_are_taken_down_by_hand_and_what_cannot_follow_is_refused(
    graph: Graph, browser: httpx.AsyncClient, send: Send
) -> None:
    (ama,) = await listed(graph, AMA)
    step = f"/organise/candidacies/{ama.id}/step"

    early = await send(step, version="1", to="accepted", reason="By telephone.")
    assert early.status_code == 422
    assert "Who is shortlisted cannot become accepted" in early.text
    assert html.fromstring(early.text).get_element_by_id(f"reason-{ama.id}").get("value") == "By telephone."
    await stepped(graph, ama.id, "invited")
    said = await send(step, version="2", to="declined", reason="She travels.")
    assert said.headers["location"] == f"{EVENT}?said=declined&of={ama.id}&version=3#list"
    assert "Declined, " in cards(await browser.get(EVENT))[ama.id]
    assert "She travels." in cards(await browser.get(EVENT))[ama.id]
    again = await send(step, version="3", to="shortlisted")
    assert again.headers["location"].startswith(f"{EVENT}?said=thought-of")


async def test_an_answer_that_was_taken_down_by_mistake_is_taken_back(
    graph: Graph, browser: httpx.AsyncClient, send: Send
) -> None:
    (ama,) = await listed(graph, AMA)
    await advance(graph, ORGANISER, id=ama.id, expected_version=1, to=State.INVITED, answer_by=NOW)
    said = await send(f"/organise/candidacies/{ama.id}/step", version="2", to="accepted")

    page = await browser.get(said.headers["location"])
    path, fields = fields_of(page, "Undo")
    undone = await send(path, **fields)

    assert undone.headers["location"] == f"{EVENT}?said=taken-back&of={ama.id}#candidate-{ama.id}"
    page = await browser.get(undone.headers["location"])
    assert "Taken back. Both steps stay on record." in page.text
    assert cards(page)[ama.id].count("taken back") == 2
    (now,) = await on_list(graph)
    assert (now.state, now.answer_by) == (State.INVITED, NOW)
    late = await send(path, **fields)
    assert late.status_code == 409
    assert "Somebody changed this meanwhile" in late.text
    assert "What you wrote" not in late.text
    assert "Undo" not in (await browser.get(said.headers["location"])).text


async def test_a_letter_of_a_second_tab_is_refused_in_one_sentence(graph: Graph, send: Send) -> None:
    id = await invited(graph)

    late = await send(f"/organise/candidacies/{id}/invited", do="send", version="1", words="Do come.", reason="Asked.")

    assert late.status_code == 409
    tree = html.fromstring(late.text)
    (told,) = tree.xpath("//p[@class='refusal']")
    assert " ".join(told.text_content().split()) == (
        "Somebody took another step meanwhile, so nothing was sent: this does not follow on what they are now. "
        "Go back to the event."
    )
    assert late.text.count("What you wrote:") == 1
    assert tree.xpath("//blockquote/text()") == ["Do come.", "Asked."]
    assert "waits until" not in late.text


async def test_what_a_letter_goes_with_is_not_taken_back(graph: Graph, send: Send) -> None:
    id = await invited(graph)

    refused = await send(f"/organise/candidacies/{id}/back", version="2")

    assert refused.status_code == 422
    assert "A letter goes with this step" in refused.text
    assert (await on_list(graph))[0].state is State.INVITED


async def test_a_note_is_undone_and_is_in_no_address(graph: Graph, browser: httpx.AsyncClient, send: Send) -> None:
    (ama,) = await listed(graph, AMA)
    await set_note(graph, ORGANISER, id=ama.id, expected_version=1, note="Before.")

    noted = await send(f"/organise/candidacies/{ama.id}/note", version="2", note=HOSTILE)
    again = await send(f"/organise/candidacies/{ama.id}/note", version="2", note=HOSTILE)
    path, fields = fields_of(noted, "Undo")
    undone = await send(path, **fields)

    assert again.headers["location"] == f"{EVENT}?said=noted#candidate-{ama.id}"
    assert undone.status_code == 200
    assert (await on_list(graph))[0].note == "Before."
    late = await send(path, **{**fields, "note": "Older still."})
    assert late.status_code == 409
    assert (await on_list(graph))[0].note == "Before."


async def test_what_a_script_sends_is_answered_with_the_list_to_put_in_place(
    graph: Graph, browser: httpx.AsyncClient
) -> None:
    await listed(graph, AMA, DANA)

    tree = html.fromstring((await browser.get(EVENT)).text)

    for form in tree.xpath("//*[@id='shortlist']//li//form[@method='post']"):
        assert form.get("hx-post") == form.get("action")
        assert form.xpath(".//button[@id]")
    targets = [(one.get("id"), one.get("hx-target"), one.get("hx-select")) for one in tree.xpath("//*[@hx-target]")]
    assert targets == [
        ("told", "#line", "#line"),
        ("shortlist", "#shortlist", "#shortlist"),
        ("line", "#line", "#line"),
    ]
    assert tree.get_element_by_id("told").get("role") == "status"


async def test_a_letter_that_came_back_goes_out_again(graph: Graph, browser: httpx.AsyncClient, send: Send) -> None:
    id = await invited(graph)
    (letter,) = await all_sent(graph)
    await record_bounce(graph, ORGANISER, letter=letter.id, fault="no such mailbox")
    page = await browser.get(EVENT)
    assert "came back" in cards(page)[id]

    path, fields = fields_of(page, "Send it again")
    again = await send(path, **fields)

    assert again.headers["location"] == f"{EVENT}?said=sent-again"
    assert (await send(path, **fields)).status_code == 404


async def test_of_a_draft_nobody_is_invited(graph: Graph, browser: httpx.AsyncClient, send: Send) -> None:
    draft = await drafts.create(graph, ORGANISER, given={"title": "An idea"}, idempotency_key=None)
    (ama,) = await listed(graph, AMA, event=draft.id)

    page = await browser.get(f"/organise/events/{draft.id}")
    refused = await send(f"/organise/candidacies/{ama.id}/invited", do="without", version="1")

    assert "/invited" not in page.text
    assert refused.status_code == 422
    assert "is a draft, so nobody is asked" in html.fromstring(refused.text).text_content()


async def test_who_hides_is_on_no_page(graph: Graph, browser: httpx.AsyncClient, send: Send) -> None:
    ama, _ = await listed(graph, AMA, DANA)
    await hide(graph, AMA, FieldGroup.LISTING)

    page = await browser.get(EVENT)

    assert "Ama Owusu" not in page.text
    assert re.findall(r'class="count">(\d+)</span></h2>', page.text) == ["1"]
    for path in ("invited", "note", "move", "step"):
        answer = await send(f"/organise/candidacies/{ama.id}/{path}", version="1", to="invited", rank="1", do="send")
        assert answer.status_code == 404


async def test_who_is_overdue_comes_first_and_is_reminded_once(
    graph: Graph, browser: httpx.AsyncClient, send: Send
) -> None:
    dana, ama, kofi = await listed(graph, DANA, AMA, KOFI)
    await advance(graph, ORGANISER, id=dana.id, expected_version=1, to=State.INVITED)
    for one in (ama, kofi):
        await advance(graph, ORGANISER, id=one.id, expected_version=1, to=State.INVITED, answer_by=NOW)
    await graph.write(
        "MATCH (c:Candidacy)-[:STEP]->(s:Step) SET s.at = s.at - duration('P9D')"
        " SET c.answer_by = c.answer_by - duration('P1D')"
    )

    rows = html.fromstring((await browser.get("/organise/answers")).text).xpath("(//table)[1]/tbody/tr")
    reminded = await send("/organise/answers/remind")
    again = await send("/organise/answers/remind", event=BRIEFING)

    assert [" ".join(row.xpath("./th")[0].text_content().split()) for row in rows] == [
        "Ama Owusu", "Kofi Mensah", "Dana Haddad",
    ]  # fmt: skip
    assert [len(row.xpath(".//strong[@class='overdue']")) for row in rows] == [1, 1, 0]
    assert reminded.headers["location"] == "/organise/answers?said=reminded"
    assert again.headers["location"] == f"/organise/answers?said=nobody-reached&event={BRIEFING}"  # Kofi has no address
    assert {one.expert: one.state for one in await on_list(graph)} == {
        DANA: State.INVITED, AMA: State.REMINDED, KOFI: State.INVITED,
    }  # fmt: skip


async def test_who_was_asked_when_the_day_to_answer_by_was_past_is_reminded(graph: Graph, send: Send) -> None:
    (ama,) = await listed(graph, AMA)
    await advance(graph, ORGANISER, id=ama.id, expected_version=1, to=State.INVITED, answer_by=NOW - timedelta(days=9))

    reminded, again = [await send("/organise/answers/remind") for _ in range(2)]

    assert reminded.headers["location"] == "/organise/answers?said=reminded"
    assert again.headers["location"] == "/organise/answers?said=nobody-reminded"
    assert (await on_list(graph))[0].state is State.REMINDED
