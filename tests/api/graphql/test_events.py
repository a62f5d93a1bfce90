"""Events by GraphQL: made and copied once with a key, changed and cancelled by organisers, each refusal by its type."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from strawberry.relay import to_base64

from graph import accounts
from graph.graph import Graph
from graph.viewer import Role
from tests.door import KEEPER, Browse, Serve, sign_in
from tests.graph.people.duplicated import everything, loaded, written

HEADERS = {"X-Knowwho": "1", "Sec-Fetch-Site": "same-origin"}
ERRORS = """
    ... on Error { message } ... on NotAllowed { who } ... on Invalid { field fields { path } }
    ... on Conflict { version }
"""
CREATE = """
mutation ($input: CreateEventInput!) {
  done: createEvent(input: $input) { __typename ... on EventCreated { id version } ERRORS }
}
""".replace("... on Conflict { version }", "").replace("ERRORS", ERRORS.replace("... on Conflict { version }", ""))
COPY = """
mutation ($input: CopyEventInput!) {
  done: copyEvent(input: $input) {
    __typename ... on EventCopied { id version event { title capacity startsAt endsAt speakers { totalCount } } } ERRORS
  }
}
""".replace("ERRORS", ERRORS.replace("... on Conflict { version }", ""))
UPDATE = """
mutation ($input: UpdateEventInput!) {
  done: updateEvent(input: $input) { __typename ... on EventUpdated { id version } ERRORS }
}
""".replace("ERRORS", ERRORS)
CANCEL = """
mutation ($input: CancelEventInput!) {
  done: cancelEvent(input: $input) { __typename ... on EventCancelled { id version } ERRORS }
}
""".replace("ERRORS", ERRORS)
SQUARES = {"title": "Squares", "kind": "meeting", "idempotencyKey": "k-1"}
SHOWN = "MATCH (v:Event {id: $event}) RETURN v {.*} AS event"


@pytest.fixture
async def network(graph: Graph, tmp_path: Path) -> Graph:
    await loaded(graph, written(tmp_path / "network"))
    return graph


@pytest.fixture
async def organiser(serve: Serve, browse: Browse, network: Graph) -> httpx.AsyncClient:
    return await signed_in(serve, browse, network, Role.ORGANISER)


async def signed_in(serve: Serve, browse: Browse, graph: Graph, role: Role) -> httpx.AsyncClient:
    browser = await browse(serve())
    await sign_in(browser, await accounts.create(graph, KEEPER, email=f"{role}@example.net", role=role))
    return browser


async def ask(browser: httpx.AsyncClient, document: str, **input: object) -> dict[str, Any]:
    answer = await browser.post("/graphql", json={"query": document, "variables": {"input": input}}, headers=HEADERS)
    told: dict[str, Any] = answer.raise_for_status().json()
    assert "errors" not in told, told
    payload: dict[str, Any] = told["data"]["done"]
    return payload


async def shown(graph: Graph, event: str) -> dict[str, Any]:
    found: dict[str, Any] = (await graph.read(SHOWN, event=event))[0]["event"]
    return found


async def test_an_organiser_makes_changes_and_cancels_an_event(network: Graph, organiser: httpx.AsyncClient) -> None:
    id = to_base64("Event", "squares")

    made = await ask(
        organiser, CREATE, **SQUARES, startsAt="2027-03-02T14:00:00+01:00", topics=[to_base64("Topic", "law")]
    )
    changed = await ask(organiser, UPDATE, id=id, expectedVersion=1, place="Hall 2", topics=None)
    cancelled = await ask(organiser, CANCEL, id="squares", expectedVersion=2)

    assert made == {"__typename": "EventCreated", "id": id, "version": 1}
    assert changed == {"__typename": "EventUpdated", "id": id, "version": 2}
    assert cancelled == {"__typename": "EventCancelled", "id": id, "version": 3}
    now = await shown(network, "squares")
    assert (now["title"], now["place"], now["status"]) == ("Squares", "Hall 2", "cancelled")
    assert now["starts_at"].to_native().isoformat() == "2027-03-02T13:00:00+00:00"


async def test_an_organiser_copies_an_event_once_with_a_key(network: Graph, organiser: httpx.AsyncClient) -> None:
    again = {"event": to_base64("Event", "briefing"), "startsAt": "2027-03-02T14:00:00+01:00", "idempotencyKey": "k-2"}
    await ask(organiser, UPDATE, id="briefing", expectedVersion=1, capacity=40)

    made, second = [await ask(organiser, COPY, **again) for _ in range(2)]
    another = await ask(organiser, COPY, **{**again, "title": "Others"})
    missing = await ask(organiser, COPY, **{**again, "event": "nothing", "idempotencyKey": "k-3"})
    wrong = await ask(organiser, COPY, **{**again, "endsAt": "2027-03-02T12:00:00Z", "idempotencyKey": "k-4"})

    assert made == second == {
        "__typename": "EventCopied",
        "id": to_base64("Event", "briefing-on-prevention"),
        "version": 1,
        "event": {
            "title": "Briefing on prevention",
            "capacity": 40,
            "startsAt": "2027-03-02T13:00:00+00:00",
            "endsAt": "2027-03-02T15:00:00+00:00",
            "speakers": {"totalCount": 0},
        },
    }  # fmt: skip
    assert (another["__typename"], another["field"]) == ("Invalid", "input.idempotencyKey")
    assert missing["__typename"] == "NotFound"
    assert (wrong["__typename"], wrong["field"]) == ("Invalid", "input.endsAt")
    events = await network.read("MATCH (v:Event) RETURN v.id AS id ORDER BY id")
    assert [row["id"] for row in events] == ["briefing", "briefing-on-prevention", "workshop"]


async def test_events_are_filtered_and_ordered_by_how_many_they_have_room_for(
    network: Graph, organiser: httpx.AsyncClient
) -> None:
    for number, capacity in enumerate((120, 25, 60)):
        await ask(
            organiser, CREATE, title=f"Room {number}", kind="meeting", idempotencyKey=str(number), capacity=capacity
        )
    refused = await ask(organiser, CREATE, **SQUARES, capacity=0)
    document = "{ events(filter: {capacity: {gte: 60}}, order: [{capacity: ASC}]) { edges { node { capacity } } } }"

    answer = await organiser.post("/graphql", json={"query": document}, headers=HEADERS)

    found = answer.json()["data"]["events"]["edges"]
    assert [edge["node"]["capacity"] for edge in found] == [60, 120]
    assert (refused["__typename"], refused["field"]) == ("Invalid", "input.capacity")


async def test_two_servers_that_are_asked_at_once_with_one_key_make_one_event(
    serve: Serve, browse: Browse, network: Graph, organiser: httpx.AsyncClient
) -> None:
    other = await browse(serve())
    other.cookies = organiser.cookies

    answers = await asyncio.gather(*(ask(browser, CREATE, **SQUARES) for browser in (organiser, other) * 2))
    another = await ask(organiser, CREATE, **{**SQUARES, "title": "Others"})

    assert answers == [{"__typename": "EventCreated", "id": to_base64("Event", "squares"), "version": 1}] * 4
    assert (another["__typename"], another["field"]) == ("Invalid", "input.idempotencyKey")
    events = await network.read("MATCH (v:Event) RETURN v.id AS id ORDER BY id")
    assert [row["id"] for row in events] == ["briefing", "squares", "workshop"]


async def test_every_field_that_is_wrong_is_told_by_its_path(network: Graph, organiser: httpx.AsyncClient) -> None:
    before = await everything(network)

    told = await ask(
        organiser,
        CREATE,
        title=" ",
        kind="party",
        idempotencyKey="k",
        startsAt="2027-03-02T14:00:00Z",
        endsAt="2027-03-02T14:00:00+01:00",
        timeZone="Tunis",
        topics=["law", "nothing"],
    )

    assert [one["path"] for one in told["fields"]] == [
        ["input", "endsAt"], ["input", "kind"], ["input", "timeZone"], ["input", "title"], ["input", "topics", "1"],
    ]  # fmt: skip
    assert told["field"] == "input.endsAt"
    assert await everything(network) == before


async def test_another_version_is_a_conflict_that_tells_the_present_one(
    network: Graph, organiser: httpx.AsyncClient
) -> None:
    await ask(organiser, UPDATE, id="briefing", expectedVersion=1, title="First")

    told = [
        await ask(organiser, UPDATE, id="briefing", expectedVersion=1, title="Second"),
        await ask(organiser, CANCEL, id="briefing", expectedVersion=1),
    ]

    assert [(one["__typename"], one["version"]) for one in told] == [("Conflict", 2)] * 2
    assert (await shown(network, "briefing"))["title"] == "First"


async def test_members_may_not_and_learn_nothing(serve: Serve, browse: Browse, network: Graph) -> None:
    member = await signed_in(serve, browse, network, Role.MEMBER)
    keeper = await signed_in(serve, browse, network, Role.ADMINISTRATOR)
    before = await everything(network)

    told = [
        await ask(member, CREATE, **SQUARES),
        *[await ask(member, UPDATE, id=id, expectedVersion=1, title="Mine") for id in ("briefing", "nothing")],
        *[
            await ask(member, COPY, event=id, startsAt="2027-03-02T14:00:00Z", idempotencyKey="k")
            for id in ("briefing", "nothing")
        ],
        *[await ask(member, CANCEL, id=id, expectedVersion=1) for id in ("briefing", "nothing")],
    ]
    missing = [
        await ask(keeper, UPDATE, id="nothing", expectedVersion=1, title="Mine"),
        await ask(keeper, CANCEL, id="nothing", expectedVersion=1),
    ]

    assert {(one["__typename"], one["who"]) for one in told} == {("NotAllowed", "organisers and administrators")}
    assert (told[1], told[3], told[5]) == (told[2], told[4], told[6])
    assert [one["__typename"] for one in missing] == ["NotFound"] * 2
    assert await everything(network) == before
