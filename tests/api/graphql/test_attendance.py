"""Attendance by GraphQL: a list looked up, people taken down, and each refusal a type of its own."""

from typing import Any

import httpx
import pytest
from strawberry.relay import to_base64

from graph import accounts
from graph.graph import Graph
from graph.viewer import FieldGroup, Role
from tests.door import KEEPER, Browse, Serve, sign_in
from tests.graph.speaking.network import (
    AMA,
    BRIEFING,
    CANCELLED,
    DANA,
    HELD,
    HIDDEN,
    KOFI,
    add_people,
    hide,
    listed,
    stepped,
)

HEADERS = {"X-Knowwho": "1", "Sec-Fetch-Site": "same-origin"}
EVENT = to_base64("Event", HELD)
MATCH = """
query ($event: ID!, $attendees: [AttendeeInput!]!) {
  matchAttendees(event: $event, attendees: $attendees) { row certainty ground people { slug name } }
}
"""
RECORD = """
mutation ($input: RecordAttendanceInput!) {
  done: recordAttendance(input: $input) {
    __typename
    ... on AttendanceRecorded {
      event { slug attendees { edges { node { slug } } } speakers { edges { title node { slug } } } }
      recorded already notRecorded unexpected advanced { state expert { slug } }
    }
    ... on Conflict { version } ... on Invalid { field } ... on NotAllowed { who } ... on Error { message }
  }
}
"""

REPLIES = """
mutation ($input: RecordCalendarRepliesInput!) {
  done: recordCalendarReplies(input: $input) {
    __typename
    ... on CalendarRepliesRecorded { replies { email outcome state expert { slug } } }
    ... on Invalid { field } ... on NotAllowed { who } ... on Error { message }
  }
}
"""


@pytest.fixture
async def people(graph: Graph) -> Graph:
    await add_people(graph)
    await graph.write("MATCH (e:Expert) SET e.email = e.id + '@example.org'")
    return graph


@pytest.fixture
async def organiser(serve: Serve, browse: Browse, people: Graph) -> httpx.AsyncClient:
    return await signed_in(serve, browse, people, Role.ORGANISER)


async def signed_in(serve: Serve, browse: Browse, graph: Graph, role: Role) -> httpx.AsyncClient:
    browser = await browse(serve())
    await sign_in(browser, await accounts.create(graph, KEEPER, email=f"{role}@example.net", role=role))
    return browser


async def query(browser: httpx.AsyncClient, document: str, **variables: object) -> dict[str, Any]:
    answer = await browser.post("/graphql", json={"query": document, "variables": variables}, headers=HEADERS)
    told: dict[str, Any] = answer.json()
    return told


async def ask(browser: httpx.AsyncClient, **input: object) -> dict[str, Any]:
    told = await query(browser, RECORD, input={"event": EVENT, **input})
    assert "errors" not in told, told
    done: dict[str, Any] = told["data"]["done"]
    return done


def ids(*people: str) -> list[str]:
    return [to_base64("Expert", one) for one in people]


async def test_a_list_is_looked_up(organiser: httpx.AsyncClient) -> None:
    rows = [
        {"row": 3, "email": "DANA@example.org"},
        {"row": 4, "name": "Owusu Ama"},
        {"row": 9, "name": "Nobody Known", "email": "hidden@example.org"},
    ]

    told = await query(organiser, MATCH, event=EVENT, attendees=rows)

    assert told["data"]["matchAttendees"] == [
        {"row": 3, "certainty": "CERTAIN", "ground": "ADDRESS", "people": [{"slug": DANA, "name": "Dana Haddad"}]},
        {"row": 4, "certainty": "DOUBTFUL", "ground": "SIMILAR", "people": [{"slug": AMA, "name": "Ama Owusu"}]},
        {"row": 9, "certainty": "NOBODY", "ground": None, "people": []},
    ]


async def test_who_was_there_is_taken_down_once(organiser: httpx.AsyncClient, people: Graph) -> None:
    (kofi,) = await listed(people, KOFI, event=HELD)
    await stepped(people, kofi.id, "invited", "accepted", "confirmed")
    await hide(people, DANA, FieldGroup.ATTENDANCE)
    present = [{"expert": ids(DANA)[0]}, {"expert": ids(AMA)[0], "spoke": True, "talk": "The gates"}]

    made = await ask(organiser, present=present, absent=ids(KOFI))
    again = await ask(organiser, present=present, absent=ids(KOFI), expectedVersion=0)

    assert (made["__typename"], made["recorded"], made["notRecorded"]) == (
        "AttendanceRecorded", ids(AMA, KOFI), ids(DANA),
    )  # fmt: skip
    assert made["advanced"] == [{"state": "ABSENT", "expert": {"slug": KOFI}}]
    assert {"title": "The gates", "node": {"slug": AMA}} in made["event"]["speakers"]["edges"]
    assert (again["recorded"], again["already"], again["advanced"]) == ([], ids(AMA, KOFI), [])
    assert (await ask(organiser, absent=ids(DANA, AMA)))["recorded"] == ids(AMA)


@pytest.mark.parametrize(
    "given, refusal",
    [
        ({"event": to_base64("Event", "none")}, ("NotFound", None)),
        ({"present": [{"expert": ids(HIDDEN)[0]}]}, ("NotFound", None)),
        ({"event": to_base64("Event", BRIEFING)}, ("Invalid", "input.event")),
        ({"event": to_base64("Event", CANCELLED)}, ("Invalid", "input.event")),
        ({"present": [{"expert": ids(AMA)[0], "talk": "x"}]}, ("Invalid", "input.present.0.talk")),
        ({"present": [{"expert": ids(AMA)[0]}], "absent": ids(AMA)}, ("Invalid", "input.absent.0")),
        ({"expectedVersion": 5}, ("Conflict", None)),
    ],
)
async def test_each_refusal_is_a_type(
    organiser: httpx.AsyncClient, people: Graph, given: dict[str, object], refusal: tuple[str, str | None]
) -> None:
    done = await ask(organiser, **given)

    assert (done["__typename"], done.get("field")) == refusal
    assert (await people.read("MATCH (r:Record) RETURN count(r) AS records"))[0]["records"] == 0


async def test_members_are_refused(serve: Serve, browse: Browse, people: Graph) -> None:
    member = await signed_in(serve, browse, people, Role.MEMBER)

    done = await ask(member, present=[{"expert": ids(AMA)[0]}])
    told = await query(member, MATCH, event=EVENT, attendees=[{"row": 1, "email": "ama@example.org"}])

    assert (done["__typename"], done["who"]) == ("NotAllowed", "organisers and administrators")
    assert [one["extensions"]["code"] for one in told["errors"]] == ["NOT_ALLOWED"]


async def test_a_list_of_an_event_that_is_not_there_is_refused(organiser: httpx.AsyncClient) -> None:
    told = await query(organiser, MATCH, event=to_base64("Event", "none"), attendees=[])

    assert [one["extensions"]["code"] for one in told["errors"]] == ["BAD_USER_INPUT"]


async def test_answers_from_calendars_are_taken_down_and_told_one_by_one(
    organiser: httpx.AsyncClient, people: Graph
) -> None:
    ama, dana = await listed(people, AMA, DANA)
    await stepped(people, ama.id, "invited")
    replies = [
        {"uid": f"{ama.id}@example.org", "email": "AMA@example.org", "answer": "ACCEPTED"},
        {"uid": "another", "email": f"{dana.expert}@example.org", "answer": "DECLINED"},
        {"uid": "another", "email": "nobody@example.org", "answer": "DECLINED"},
    ]
    input = {"event": to_base64("Event", BRIEFING), "replies": replies}

    first = (await query(organiser, REPLIES, input=input))["data"]["done"]
    again = (await query(organiser, REPLIES, input=input))["data"]["done"]

    told = [(one["outcome"], one["state"], (one["expert"] or {}).get("slug")) for one in first["replies"]]
    assert told == [
        ("TAKEN", "ACCEPTED", AMA),
        ("IMPOSSIBLE", "SHORTLISTED", DANA),
        ("NOBODY", None, None),
    ]
    assert [one["outcome"] for one in again["replies"]] == ["ALREADY", "IMPOSSIBLE", "NOBODY"]


async def test_answers_from_calendars_that_cannot_be_taken_down_say_where(
    organiser: httpx.AsyncClient, serve: Serve, browse: Browse, people: Graph
) -> None:
    event, reply = to_base64("Event", BRIEFING), {"uid": "x", "email": "ama@example.org", "answer": "ACCEPTED"}
    member = await signed_in(serve, browse, people, Role.MEMBER)

    async def refused(browser: httpx.AsyncClient, **input: Any) -> dict[str, Any]:
        told: dict[str, Any] = (await query(browser, REPLIES, input={"event": event, **input}))["data"]["done"]
        return told

    too_many = await refused(organiser, replies=[reply] * 41)
    assert (too_many["__typename"], too_many["field"]) == ("Invalid", "input.replies")
    nowhere = await refused(organiser, event=to_base64("Event", "nowhere"), replies=[])
    assert nowhere["__typename"] == "NotFound"
    assert (await refused(member, replies=[reply]))["__typename"] == "NotAllowed"
