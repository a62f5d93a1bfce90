"""Speakers by GraphQL: shortlisted, asked and counted by organisers, and each refusal a type of its own."""

from typing import Any

import httpx
import pytest
from strawberry.relay import to_base64

from graph import accounts
from graph.graph import Graph
from graph.viewer import Role
from tests.door import KEEPER, Browse, Serve, sign_in
from tests.graph.speaking.network import AMA, BRIEFING, DANA, HELD, HIDDEN, KOFI, add_people, stored

HEADERS = {"X-Knowwho": "1", "Sec-Fetch-Site": "same-origin"}
EVENT = to_base64("Event", BRIEFING)
SHORTLIST = """
mutation ($input: ShortlistExpertsInput!) {
  done: shortlistExperts(input: $input) {
    __typename
    ... on ExpertsShortlisted { added { id rank note expert { slug } } already { id } nobody }
    ... on Error { message } ... on Invalid { field }
  }
}
"""
ADVANCE = """
mutation ($input: AdvanceCandidacyInput!) {
  done: advanceCandidacy(input: $input) {
    __typename
    ... on CandidacyAdvanced {
      candidacy { state version possible answerBy reminders } nextInLine { expert { slug } }
    }
    ... on ImpossibleStep { state possible } ... on Conflict { version } ... on Invalid { field }
    ... on Error { message }
  }
}
"""
NOTE = """
mutation ($input: SetCandidacyNoteInput!) {
  done: setCandidacyNote(input: $input) {
    __typename ... on CandidacyChanged { candidacy { note version } }
    ... on Conflict { version } ... on Invalid { field }
  }
}
"""
MOVE = """
mutation ($input: MoveCandidacyInput!) {
  done: moveCandidacy(input: $input) {
    __typename ... on CandidacyChanged { candidacy { rank version } }
    ... on Conflict { version } ... on Invalid { field }
  }
}
"""
LIST = """
query ($event: ID!, $first: Int, $after: String) {
  shortlist(event: $event, first: $first, after: $after) {
    edges { node {
      expert { slug } event { slug } state rank grounds { foundBy question passages { id } topics { slug } }
      steps { before to reason by }
      history { spoke { slug } attended { slug } asked { event { slug } state } }
      conflicts { kind event { slug } organisation { slug } expert { slug } away }
    } }
    pageInfo { hasNextPage endCursor }
  }
  nextInLine(event: $event) { expert { slug } }
}
"""
FAIRNESS = """
query ($since: Date!, $until: Date!) {
  fairness(since: $since, until: $until, moreThan: 0) {
    total { shortlisted invited accepted spoke } regions { group spoke } genders { group spoke }
    askedOften { expert { slug } times }
  }
}
"""
MINE = "{ mySpeakingInvitations { event { slug } state invitedAt changedAt answerBy } }"


@pytest.fixture
async def people(graph: Graph) -> Graph:
    await add_people(graph)
    return graph


@pytest.fixture
async def organiser(serve: Serve, browse: Browse, people: Graph) -> httpx.AsyncClient:
    return await signed_in(serve, browse, people, Role.ORGANISER)


async def signed_in(serve: Serve, browse: Browse, graph: Graph, role: Role, expert: Any = None) -> httpx.AsyncClient:
    browser = await browse(serve())
    email = f"{expert or role}@example.net"
    await sign_in(browser, await accounts.create(graph, KEEPER, email=email, role=role, expert=expert))
    return browser


async def query(browser: httpx.AsyncClient, document: str, **variables: object) -> dict[str, Any]:
    answer = await browser.post("/graphql", json={"query": document, "variables": variables}, headers=HEADERS)
    told: dict[str, Any] = answer.json()
    return told


async def ask(browser: httpx.AsyncClient, document: str, **input: object) -> dict[str, Any]:
    told = await query(browser, document, input=input)
    assert "errors" not in told, told
    done: dict[str, Any] = told["data"]["done"]
    return done


async def listed(browser: httpx.AsyncClient, *experts: str, event: str = EVENT, key: str = "k") -> list[str]:
    people = [{"expert": to_base64("Expert", expert), "note": f"On {expert}"} for expert in experts]
    made = await ask(browser, SHORTLIST, event=event, people=people, idempotencyKey=key)
    return [one["id"] for one in made["added"]]


async def test_an_organiser_shortlists_asks_and_is_told_who_is_next(organiser: httpx.AsyncClient) -> None:
    ama, kofi = await listed(organiser, AMA, KOFI)
    until = "2027-01-05T12:00:00+00:00"

    moved = await ask(organiser, MOVE, id=kofi, expectedVersion=1, rank=1)
    noted = await ask(organiser, NOTE, id=ama, expectedVersion=1, note="Ask her.")
    invited = await ask(organiser, ADVANCE, id=ama, expectedVersion=2, to="INVITED", reason="By phone", answerBy=until)
    reminded = await ask(organiser, ADVANCE, id=ama, expectedVersion=3, to="REMINDED")
    told = await query(organiser, LIST, event=EVENT)
    declined = await ask(organiser, ADVANCE, id=ama, expectedVersion=4, to="DECLINED")

    assert moved["candidacy"] == {"rank": 1, "version": 2}
    assert noted["candidacy"] == {"note": "Ask her.", "version": 2}
    assert invited["candidacy"]["possible"] == ["REMINDED", "ACCEPTED", "DECLINED", "WITHDRAWN"]
    assert (reminded["candidacy"]["answerBy"], reminded["candidacy"]["reminders"]) == (until, 1)
    assert (invited["nextInLine"], declined["nextInLine"]) == (None, {"expert": {"slug": "kofi"}})
    first, second = [edge["node"] for edge in told["data"]["shortlist"]["edges"]]
    assert (first["expert"]["slug"], first["grounds"]["foundBy"], first["history"]["spoke"]) == (
        "kofi", "HAND", [{"slug": "held"}],
    )  # fmt: skip
    assert [(one["kind"], one["event"], one["organisation"]) for one in first["conflicts"]] == [
        ("SPEAKS_ELSEWHERE", {"slug": "same-time"}, None),
        ("ASKED_LATELY", {"slug": "same-time"}, None),
        ("ASKED_LATELY", {"slug": "held"}, None),
        ("ORGANISATION_ON_PANEL", None, {"slug": "guild"}),
    ]
    assert [(one["before"], one["to"], one["reason"]) for one in second["steps"]] == [
        (None, "SHORTLISTED", ""), ("SHORTLISTED", "INVITED", "By phone"), ("INVITED", "REMINDED", ""),
    ]  # fmt: skip
    assert second["history"]["asked"] == [{"event": {"slug": "briefing"}, "state": "REMINDED"}]


async def test_each_refusal_is_a_type_of_its_own(organiser: httpx.AsyncClient) -> None:
    (ama,) = await listed(organiser, AMA)
    until = "2027-01-05T12:00:00Z"
    ghost = [{"expert": to_base64("Expert", HIDDEN)}]

    conflict = await ask(organiser, ADVANCE, id=ama, expectedVersion=7, to="INVITED")
    impossible = await ask(organiser, ADVANCE, id=ama, expectedVersion=1, to="SPOKE")
    missing = await ask(organiser, ADVANCE, id="none", expectedVersion=1, to="SPOKE")
    no_deadline = await ask(organiser, ADVANCE, id=ama, expectedVersion=1, to="WITHDRAWN", answerBy=until)
    hidden = await ask(organiser, SHORTLIST, event=EVENT, people=ghost, idempotencyKey="h")
    no_event = await ask(organiser, SHORTLIST, event=to_base64("Event", "none"), people=[], idempotencyKey="e")
    other = await ask(organiser, SHORTLIST, event=EVENT, people=[], idempotencyKey="k")
    before_first = await ask(organiser, MOVE, id=ama, expectedVersion=1, rank=0)
    too_long = await ask(organiser, NOTE, id=ama, expectedVersion=1, note="x" * 5000)

    assert (conflict["__typename"], conflict["version"]) == ("Conflict", 1)
    assert (impossible["__typename"], impossible["state"], impossible["possible"]) == (
        "ImpossibleStep", "SHORTLISTED", ["INVITED", "WITHDRAWN"],
    )  # fmt: skip
    assert missing["__typename"] == hidden["__typename"] == no_event["__typename"] == "NotFound"
    assert (no_deadline["field"], other["field"], before_first["field"], too_long["field"]) == (
        "input.answerBy", "input.idempotencyKey", "input.rank", "input.note",
    )  # fmt: skip


@pytest.mark.parametrize("way, field", [(["INVITED", "ACCEPTED", "CONFIRMED", "SPOKE"], "input.to")])
async def test_nobody_has_spoken_at_an_event_to_come(organiser: httpx.AsyncClient, way: list[str], field: str) -> None:
    (ama,) = await listed(organiser, AMA)

    done = [
        await ask(organiser, ADVANCE, id=ama, expectedVersion=number, to=to) for number, to in enumerate(way, start=1)
    ]

    assert [one["__typename"] for one in done] == [*["CandidacyAdvanced"] * 3, "Invalid"]
    assert done[-1]["field"] == field


@pytest.mark.parametrize("expert", [None, AMA])
async def test_others_may_not(
    serve: Serve, browse: Browse, people: Graph, organiser: httpx.AsyncClient, expert: Any
) -> None:
    (ama,) = await listed(organiser, AMA)
    await ask(organiser, ADVANCE, id=ama, expectedVersion=1, to="INVITED")
    before = await stored(people)
    member = await signed_in(serve, browse, people, Role.MEMBER, expert)

    refused = [
        await ask(member, SHORTLIST, event=EVENT, people=[], idempotencyKey="m"),
        await ask(member, NOTE, id=ama, expectedVersion=2, note="x"),
        await ask(member, MOVE, id=ama, expectedVersion=2, rank=1),
        await ask(member, ADVANCE, id=ama, expectedVersion=2, to="ACCEPTED"),
    ]
    reading = [
        await query(member, LIST, event=EVENT),
        await query(member, FAIRNESS, since="2026-01-01", until="2026-02-01"),
    ]
    mine = await query(member, MINE)

    assert {one["__typename"] for one in refused} == {"NotAllowed"}
    assert {error["extensions"]["code"] for one in reading for error in one["errors"]} == {"NOT_ALLOWED"}
    assert await stored(people) == before
    told = mine["data"]["mySpeakingInvitations"]
    assert [(one["event"]["slug"], one["state"]) for one in told] == ([("briefing", "INVITED")] if expert else [])


async def test_fairness_is_counted(organiser: httpx.AsyncClient) -> None:
    await listed(organiser, AMA, DANA, event=to_base64("Event", HELD))

    told = (await query(organiser, FAIRNESS, since="2000-01-01", until="2100-01-01"))["data"]["fairness"]

    assert told["total"] == {"shortlisted": 2, "invited": 0, "accepted": 0, "spoke": 1}
    assert {one["group"]: one["spoke"] for one in told["regions"]} == {"002": 1, "142": 0}
    assert told["askedOften"] == [{"expert": {"slug": "kofi"}, "times": 1}]


async def test_the_list_goes_on_where_it_ended(organiser: httpx.AsyncClient) -> None:
    await listed(organiser, AMA, DANA, KOFI)

    first = (await query(organiser, LIST, event=EVENT, first=2))["data"]["shortlist"]
    rest = await query(organiser, LIST, event=EVENT, first=2, after=first["pageInfo"]["endCursor"])

    assert [edge["node"]["expert"]["slug"] for edge in first["edges"]] == [AMA, DANA]
    assert [edge["node"]["expert"]["slug"] for edge in rest["data"]["shortlist"]["edges"]] == [KOFI]
