"""What was answered to invitations to speak, as organisers read it, the newest first."""

import httpx
from lxml import html

from graph.graph import Graph
from graph.speaking import Answer, State, advance, answer_own, take_back
from graph.viewer import FieldGroup, Role, Viewer
from tests.graph.speaking.network import AMA, BRIEFING, DANA, KOFI, ORGANISER, SAME_TIME, hide, listed, stepped

HOSTILE = "<script>alert('x')</script> & gates"
MANY = """
MATCH (c:Candidacy {id: $id})
UNWIND range(1, 60) AS day
CREATE (c)-[:REPLY]->(:Reply {id: 'many' + day, answer: 'other_time', reason: 'Day ' + day, suggestion: '',
                              at: datetime() - duration({days: day})})
"""


def rows_of(page: httpx.Response) -> list[list[str]]:
    """The answers, cell by cell but for when."""
    rows = html.fromstring(page.text).xpath("//h2[@id='given']/following-sibling::div//tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row][:4] for row in rows]


async def test_answers_are_told_newest_first_with_their_words_and_the_way_to_the_shortlist(
    graph: Graph, browser: httpx.AsyncClient
) -> None:
    ama, dana = await listed(graph, AMA, DANA)
    (kofi,) = await listed(graph, KOFI, event=SAME_TIME)
    assert "Nobody has answered yet." in (await browser.get("/organise/answers")).text
    for one in (ama, dana, kofi):
        await stepped(graph, one.id, "invited")
    of_ama = Viewer(Role.MEMBER, person=AMA, actor="account:ama")
    await answer_own(graph, of_ama, event=BRIEFING, answer=Answer.DECLINE, reason=HOSTILE, suggestion="Efua")
    await advance(graph, ORGANISER, id=kofi.id, expected_version=2, to=State.ACCEPTED, reason="By telephone.")
    await advance(graph, ORGANISER, id=dana.id, expected_version=2, to=State.DECLINED)
    await take_back(graph, ORGANISER, id=dana.id, expected_version=3)

    page = await browser.get("/organise/answers")

    assert rows_of(page) == [
        ["Kofi Mensah", "Another", "Yes.taken down by organisers", "By telephone."],
        ["Ama Owusu", "A briefing", "No.", f"{HOSTILE}Who else could speak: Efua"],
    ]
    assert "<script>alert" not in page.text
    assert f'href="/organise/events/{BRIEFING}#candidate-{ama.id}"' in page.text
    assert [row[0] for row in rows_of(await browser.get("/organise/answers", params={"event": BRIEFING}))] == [
        "Ama Owusu"
    ]
    await hide(graph, AMA, FieldGroup.LISTING)
    assert "Ama Owusu" not in (await browser.get("/organise/answers")).text


async def test_fifty_are_shown_and_the_next_are_behind_a_link(graph: Graph, browser: httpx.AsyncClient) -> None:
    (ama,) = await listed(graph, AMA)
    await graph.write(MANY, id=ama.id)

    first = await browser.get("/organise/answers")
    (older,) = html.fromstring(first.text).xpath("//a[text()='Show older']/@href")
    second = await browser.get(older)

    told = [row[3] for row in (*rows_of(first), *rows_of(second))]
    assert told == [f"Day {day}" for day in range(1, 61)]
    assert len(rows_of(first)) == 50
    assert "Show older" not in second.text
    assert (await browser.get("/organise/answers?after=nonsense")).status_code == 404
