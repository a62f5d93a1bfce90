"""Letters to speakers by GraphQL: looked at, asked for with a step, told, sent back; and one's own answer."""

from typing import Any

import httpx
import pytest
from strawberry.relay import to_base64

from graph.event_changes import cancel
from graph.graph import Graph
from graph.speaking import correspondence
from graph.viewer import Role
from tests.api.graphql.test_speaking import ADVANCE, EVENT, ask, listed, query, signed_in
from tests.door import Browse, Serve
from tests.graph.speaking.network import AMA, BRIEFING, DANA, KOFI, ORGANISER, add_people, stored
from tests.graph.speaking.written import address_people, all_sent, invited

PREVIEW = """
query ($candidacy: ID!, $letter: SpeakerLetterInput) {
  speakerLetterPreview(candidacy: $candidacy, occasion: INVITATION, letter: $letter) { subject text language }
}
"""
LETTERS = """
query ($event: ID!) {
  shortlist(event: $event) { edges { node {
    letters { occasion state language note by attempts fault leftAt nextAt madeAt }
    replies { answer reason suggestion at }
  } } }
}
"""
TELL = """
mutation ($input: TellSpeakersInput!) {
  done: tellSpeakers(input: $input) {
    __typename ... on SpeakersTold { written { expert { slug } } notReachable { expert { slug } } }
    ... on NotAllowed { who } ... on Invalid { field } ... on Error { message }
  }
}
"""
RETURNED = """
mutation ($input: RecordLetterReturnInput!) {
  done: recordLetterReturn(input: $input) {
    __typename ... on LetterReturnRecorded { letter { state fault } } ... on Error { message }
  }
}
"""
ANSWER = """
mutation ($input: AnswerSpeakingInvitationInput!) {
  done: answerSpeakingInvitation(input: $input) {
    __typename ... on SpeakingInvitationAnswered { state possible }
    ... on CannotAnswer { possible message } ... on Invalid { field } ... on NotFound { message }
  }
}
"""


@pytest.fixture
async def people(graph: Graph) -> Graph:
    await add_people(graph)
    await address_people(graph)
    return graph


@pytest.fixture
async def organiser(serve: Serve, browse: Browse, people: Graph) -> httpx.AsyncClient:
    return await signed_in(serve, browse, people, Role.ORGANISER)


async def advance(browser: httpx.AsyncClient, id: str, to: str, **others: Any) -> dict[str, Any]:
    return await ask(browser, ADVANCE, id=id, to=to, **{"expectedVersion": 1, **others})


async def test_a_letter_is_looked_at_and_goes_out_with_its_step(organiser: httpx.AsyncClient, people: Graph) -> None:
    (ama,) = await listed(organiser, AMA)

    preview = await query(organiser, PREVIEW, candidacy=ama, letter={"note": "Do come.", "language": "en"})
    nothing = await query(organiser, LETTERS, event=EVENT)
    made = await advance(organiser, ama, "INVITED", letter={"note": "Do come."})
    told = await query(organiser, LETTERS, event=EVENT)

    text = preview["data"]["speakerLetterPreview"]
    assert (text["language"], "A briefing" in text["subject"]) == ("en", True)
    assert "> Do come." in text["text"]
    assert "http://localhost/answer/…" in text["text"]
    assert nothing["data"]["shortlist"]["edges"][0]["node"]["letters"] == []
    assert made["__typename"] == "CandidacyAdvanced"
    (letter,) = told["data"]["shortlist"]["edges"][0]["node"]["letters"]
    assert (letter["occasion"], letter["state"], letter["language"], letter["note"]) == (
        "INVITATION", "WAITING", "fr", "Do come.",
    )  # fmt: skip


async def test_what_cannot_be_written_changes_nothing(organiser: httpx.AsyncClient, people: Graph) -> None:
    ama, kofi = await listed(organiser, AMA, KOFI)

    assert (await advance(organiser, kofi, "INVITED", letter={}))["__typename"] == "NotReachable"
    assert (await advance(organiser, ama, "INVITED", letter={"language": "xx"}))["field"] == "input.letter.language"
    assert (await advance(organiser, ama, "INVITED", letter={"note": "x" * 4001}))["field"] == "input.letter.note"
    assert (await advance(organiser, ama, "WITHDRAWN", letter={}))["field"] == "input.letter"
    assert (await advance(organiser, ama, "INVITED", reason="x" * 1001))["field"] == "input.reason"
    refused = await query(organiser, PREVIEW, candidacy=kofi)
    assert "show organisers no address" in refused["errors"][0]["message"]

    assert {row["state"] for row in await stored(people)} == {"shortlisted"}


async def test_speakers_are_told_that_an_event_is_cancelled(organiser: httpx.AsyncClient, people: Graph) -> None:
    await invited(people)
    await all_sent(people)
    await cancel(people, ORGANISER, event=BRIEFING, expected_version=0)

    told = await ask(organiser, TELL, event=EVENT)
    again = await ask(organiser, TELL, event=EVENT)

    assert told["written"] == [{"expert": {"slug": AMA}}]
    assert (again["written"], again["notReachable"]) == ([], [])
    assert (await ask(organiser, TELL, event=to_base64("Event", "none")))["__typename"] == "NotFound"
    assert (await ask(organiser, TELL, event=EVENT, note="x" * 4001))["field"] == "input.note"


async def test_what_came_back_is_taken_down(organiser: httpx.AsyncClient, people: Graph) -> None:
    await invited(people)
    (letter,) = await all_sent(people)

    back = await ask(organiser, RETURNED, letter=letter.id, fault="No such mailbox.")
    complaint = await ask(organiser, RETURNED, letter=letter.id, isComplaint=True)
    nothing = await ask(organiser, RETURNED, letter="none")

    assert back["letter"] == {"state": "BOUNCED", "fault": "No such mailbox."}
    assert complaint["letter"]["state"] == "UNWANTED"
    assert nothing["__typename"] == "NotFound"


async def test_members_neither_tell_nor_look(serve: Serve, browse: Browse, people: Graph) -> None:
    id = await invited(people)
    member = await signed_in(serve, browse, people, Role.MEMBER, expert=DANA)

    assert (await ask(member, TELL, event=EVENT))["who"] == "organisers and administrators"
    assert (await ask(member, RETURNED, letter="none"))["__typename"] == "NotAllowed"
    assert "errors" in await query(member, PREVIEW, candidacy=id)
    assert "errors" in await query(member, LETTERS, event=EVENT)


async def test_who_was_invited_answers_signed_in(serve: Serve, browse: Browse, people: Graph) -> None:
    id = await invited(people)
    ama = await signed_in(serve, browse, people, Role.MEMBER, expert=AMA)
    dana = await signed_in(serve, browse, people, Role.MEMBER, expert=DANA)

    other_time = await ask(ama, ANSWER, event=EVENT, answer="OTHER_TIME")
    yes = await ask(ama, ANSWER, event=EVENT, answer="ACCEPT", reason="With pleasure.")
    no = await ask(ama, ANSWER, event=EVENT, answer="DECLINE")
    nobody = await ask(dana, ANSWER, event=EVENT, answer="ACCEPT")

    assert other_time["field"] == "input.reason"
    assert (yes["state"], yes["possible"]) == ("ACCEPTED", ["WITHDRAW"])
    assert (no["__typename"], no["possible"]) == ("CannotAnswer", ["WITHDRAW"])
    assert nobody["__typename"] == "NotFound"
    (reply,) = (await correspondence(people, ORGANISER, candidacies=[id]))[id].replies
    assert (reply.answer, reply.reason) == ("accept", "With pleasure.")
