"""Drafts by GraphQL: made, changed, shortlisted for, published and discarded by organisers; unknown to others."""

from typing import Any

import httpx
import pytest
from strawberry.relay import to_base64

from graph.graph import Graph
from graph.viewer import Role
from tests.api.graphql.test_events import HEADERS, ask, signed_in
from tests.door import Browse, Serve
from tests.graph.people.duplicated import everything, loaded, written

ERRORS = """
    ... on Error { message } ... on NotAllowed { who } ... on Invalid { field fields { path } }
"""
LATER = ERRORS + "... on Conflict { version } ... on AlreadyPublished { id event { title } }"
DRAFT = """
  id slug version title kind format status startsAt endsAt timeZone place capacity url description
  country { code } series { slug } topics { slug } languages { tag }
"""
CREATE = """
mutation ($input: CreateEventDraftInput!) {
  done: createEventDraft(input: $input) { __typename ... on EventDraftCreated { draft { DRAFT } } ERRORS }
}
""".replace("DRAFT }", DRAFT + "}").replace("ERRORS", ERRORS)
UPDATE = """
mutation ($input: UpdateEventDraftInput!) {
  done: updateEventDraft(input: $input) { __typename ... on EventDraftUpdated { draft { id version place } } ERRORS }
}
""".replace("ERRORS", LATER)
PUBLISH = """
mutation ($input: PublishEventDraftInput!) {
  done: publishEventDraft(input: $input) {
    __typename ... on EventDraftPublished { id version event { title stage topics { totalCount } } } ERRORS
  }
}
""".replace("ERRORS", LATER)
DISCARD = """
mutation ($input: DiscardEventDraftInput!) {
  done: discardEventDraft(input: $input) { __typename ... on EventDraftDiscarded { id considered } ERRORS }
}
""".replace("ERRORS", LATER)
RESTORE = """
mutation ($input: RestoreEventDraftInput!) {
  done: restoreEventDraft(input: $input) {
    __typename ... on EventDraftRestored { draft { title version } } ... on Error { message }
    ... on AlreadyPublished { id event { title } }
  }
}
"""
SHORTLIST = """
mutation ($input: ShortlistExpertsInput!) {
  done: shortlistExperts(input: $input) {
    __typename ... on ExpertsShortlisted { added { id event { id } draft { id title } } } ... on Error { message }
  }
}
"""
ADVANCE = """
mutation ($input: AdvanceCandidacyInput!) {
  done: advanceCandidacy(input: $input) { __typename ... on Error { message } ... on Invalid { field } }
}
"""
ON_LIST = "query ($id: ID!) { shortlist(event: $id) { edges { node { id event { slug } draft { id } } } } }"
READ = "query ($id: ID!) { eventDraft(id: $id) { id title } }"
LIST = """
query ($after: String) { eventDrafts(first: 1, after: $after) { edges { node { title } } pageInfo { endCursor } } }
"""
SQUARES = {"title": "Squares", "idempotencyKey": "k-1"}


@pytest.fixture
async def organiser(serve: Serve, browse: Browse, graph: Graph, tmp_path: Any) -> httpx.AsyncClient:
    await loaded(graph, written(tmp_path / "network"))
    return await signed_in(serve, browse, graph, Role.ORGANISER)


async def query(browser: httpx.AsyncClient, document: str, **variables: object) -> dict[str, Any]:
    answer = await browser.post("/graphql", json={"query": document, "variables": variables}, headers=HEADERS)
    told: dict[str, Any] = answer.json()
    return told


async def drafted(organiser: httpx.AsyncClient, **given: object) -> dict[str, Any]:
    made = await ask(organiser, CREATE, **{**SQUARES, **given})
    assert made["__typename"] == "EventDraftCreated", made
    draft: dict[str, Any] = made["draft"]
    return draft


async def test_an_organiser_makes_and_changes_a_draft(organiser: httpx.AsyncClient) -> None:
    given = {
        "kind": "training",
        "format": "hybrid",
        "startsAt": "2027-03-02T14:00:00+01:00",
        "endsAt": "2027-03-02T16:00:00+01:00",
        "timeZone": "Africa/Tunis",
        "place": "Hall 2",
        "capacity": 120,
        "url": "https://example.org/squares",
        "description": "How squares are protected.",
        "country": to_base64("Country", "TN"),
        "topics": [to_base64("Topic", "stewards"), "law"],
        "languages": ["fr"],
    }

    draft = await drafted(organiser, **given)
    again = await drafted(organiser, **given)
    changed = await ask(organiser, UPDATE, id=draft["id"], expectedVersion=1, place=None)
    late = await ask(organiser, UPDATE, id=draft["id"], expectedVersion=1, place="Hall 3")
    wrong = await ask(organiser, UPDATE, id=draft["id"], expectedVersion=2, title=" ", topics=["nothing"])
    read = await query(organiser, READ, id=draft["id"])

    assert again == draft == {
        **given,
        "id": to_base64("Event", draft["slug"]),
        "slug": draft["slug"],
        "status": None,
        "version": 1,
        "title": "Squares",
        "startsAt": "2027-03-02T13:00:00+00:00",
        "endsAt": "2027-03-02T15:00:00+00:00",
        "country": {"code": "TN"},
        "series": None,
        "topics": [{"slug": "law"}, {"slug": "stewards"}],
        "languages": [{"tag": "fr"}],
    }  # fmt: skip
    assert changed["draft"] == {"id": draft["id"], "version": 2, "place": None}
    assert (late["__typename"], late["version"]) == ("Conflict", 2)
    assert [one["path"] for one in wrong["fields"]] == [["input", "title"], ["input", "topics", "0"]]
    assert read["data"]["eventDraft"] == {"id": draft["id"], "title": "Squares"}


async def test_a_draft_is_a_copy_of_an_event(organiser: httpx.AsyncClient) -> None:
    made = await ask(
        organiser,
        CREATE,
        copyOf=to_base64("Event", "briefing"),
        startsAt="2027-03-02T13:00:00Z",
        idempotencyKey="k-2",
    )
    missing = await ask(organiser, CREATE, copyOf="nothing", idempotencyKey="k-3")
    untitled = await ask(organiser, CREATE, idempotencyKey="k-4")
    other = await ask(organiser, CREATE, title="Other", idempotencyKey="k-2")

    draft = made["draft"]
    assert (draft["title"], draft["kind"], draft["endsAt"], draft["topics"]) == (
        "Briefing on prevention", "briefing", "2027-03-02T15:00:00+00:00", [{"slug": "prevention"}],
    )  # fmt: skip
    assert missing["__typename"] == "NotFound"
    assert (untitled["__typename"], untitled["field"]) == ("Invalid", "input.title")
    assert (other["__typename"], other["field"]) == ("Invalid", "input.idempotencyKey")


async def test_a_shortlist_is_kept_over_publishing_and_nobody_is_invited_before(organiser: httpx.AsyncClient) -> None:
    draft = await drafted(organiser, kind="briefing", topics=["law"])
    shortlisted = await ask(organiser, SHORTLIST, event=draft["id"], people=[{"expert": "kofi"}], idempotencyKey="k-5")
    (kofi,) = shortlisted["added"]

    refused = await ask(organiser, ADVANCE, id=kofi["id"], expectedVersion=1, to="INVITED")
    published = await ask(organiser, PUBLISH, id=draft["id"], expectedVersion=1)
    again = await ask(organiser, PUBLISH, id=draft["id"], expectedVersion=1)
    listed = await query(organiser, ON_LIST, id=draft["id"])
    invited = await ask(organiser, ADVANCE, id=kofi["id"], expectedVersion=1, to="INVITED")

    assert (kofi["event"], kofi["draft"]) == (None, {"id": draft["id"], "title": "Squares"})
    assert (refused["__typename"], refused["field"]) == ("Invalid", "input.to")
    assert refused["message"].endswith("Publish the event first.")
    assert published == {
        "__typename": "EventDraftPublished",
        "id": draft["id"],
        "version": 1,
        "event": {"title": "Squares", "stage": "PLANNED", "topics": {"totalCount": 1}},
    }
    assert (again["__typename"], again["id"], again["event"]) == (
        "AlreadyPublished", draft["id"], {"title": "Squares"},
    )  # fmt: skip
    (edge,) = listed["data"]["shortlist"]["edges"]
    assert edge["node"] == {"id": kofi["id"], "event": {"slug": draft["slug"]}, "draft": None}
    assert invited["__typename"] == "CandidacyAdvanced"


async def test_a_discarded_draft_is_gone_with_its_shortlist(organiser: httpx.AsyncClient) -> None:
    draft = await drafted(organiser)
    await ask(organiser, SHORTLIST, event=draft["id"], people=[{"expert": "kofi"}], idempotencyKey="k-6")

    late = await ask(organiser, DISCARD, id=draft["id"], expectedVersion=2)
    gone = await ask(organiser, DISCARD, id=draft["id"], expectedVersion=1)
    missing = [
        await ask(organiser, document, id=draft["id"], expectedVersion=1) for document in (UPDATE, PUBLISH, DISCARD)
    ]
    read = await query(organiser, READ, id=draft["id"])
    back = await ask(organiser, RESTORE, id=draft["id"])
    on_list = await query(organiser, ON_LIST, id=draft["id"])

    assert back == {"__typename": "EventDraftRestored", "draft": {"title": "Squares", "version": 1}}
    assert len(on_list["data"]["shortlist"]["edges"]) == 1
    assert (await ask(organiser, RESTORE, id=to_base64("Event", "nothing")))["__typename"] == "NotFound"
    assert (late["__typename"], late["version"]) == ("Conflict", 1)
    assert gone == {"__typename": "EventDraftDiscarded", "id": draft["id"], "considered": 1}
    assert [one["__typename"] for one in missing] == ["NotFound"] * 3
    assert read["data"] == {"eventDraft": None}


async def test_drafts_are_paged(organiser: httpx.AsyncClient) -> None:
    for number in range(2):
        await drafted(organiser, title=f"Draft {number}", idempotencyKey=f"k-{number}")

    first = (await query(organiser, LIST, after=None))["data"]["eventDrafts"]
    second = (await query(organiser, LIST, after=first["pageInfo"]["endCursor"]))["data"]["eventDrafts"]

    assert [page["edges"][0]["node"]["title"] for page in (first, second)] == ["Draft 1", "Draft 0"]


async def test_members_know_of_no_draft_and_do_nothing_with_one(
    organiser: httpx.AsyncClient, serve: Serve, browse: Browse, graph: Graph
) -> None:
    draft = await drafted(organiser, kind="briefing")
    member = await signed_in(serve, browse, graph, Role.MEMBER)
    before = await everything(graph)

    for id in (draft["id"], "nothing"):
        for document in (UPDATE, PUBLISH, DISCARD):
            refused = await ask(member, document, id=id, expectedVersion=1)
            assert (refused["__typename"], refused["who"]) == ("NotAllowed", "organisers and administrators")
        read = await query(member, READ, id=id)
        assert read["errors"][0]["message"] == "You may not see drafts of events; organisers and administrators may."
    made = await ask(member, CREATE, **{**SQUARES, "idempotencyKey": "k-7"})
    listed = await query(member, LIST, after=None)

    assert made["__typename"] == "NotAllowed"
    assert listed["errors"][0]["extensions"]["code"] == "NOT_ALLOWED"
    assert await everything(graph) == before
