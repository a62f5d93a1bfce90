"""Resources, projects, activities and series by GraphQL: made once with a key, changed, removed, refusals by type."""

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
from tests.graph.people.duplicated import everything, loaded
from tests.graph.programme.made import FROM_FILES, folder_of

HEADERS = {"X-Knowwho": "1", "Sec-Fetch-Site": "same-origin"}
KINDS = ("Resource", "Project", "Activity", "Series")
LEAST: dict[str, dict[str, str]] = {
    "Resource": {"title": "Energy sites", "kind": "guide"},
    "Project": {"title": "Energy sites"},
    "Activity": {"title": "Energy sites", "kind": "national"},
    "Series": {"name": "Energy sites"},
}
MUTATION = """
mutation ($input: VERBKINDInput!) {
  done: verbKIND(input: $input) {
    __typename
    ... on KINDDONE { id SHOWN }
    ... on Error { message }
    ... on NotAllowed { who }
    ... on Invalid { field fields { path } }
    CONFLICT
  }
}
"""
SHOWN = {
    "Resource": "version resource { title version languages { edges { title url publishedOn node { tag } } } "
    "authors { edges { node { slug } } } partners { edges { node { slug } } } }",
    "Project": "version project { title version partners { edges { node { slug } } } }",
    "Activity": "version activity { title status version startsOn project { slug } "
    "countries { edges { node { code } } } }",
    "Series": "version series { name description version }",
}


def mutation(verb: str, kind: str) -> str:
    """The document that creates, updates or removes a thing of a kind."""
    done = {"create": "Created", "update": "Updated", "remove": "Removed"}[verb]
    conflict = "" if verb == "create" else "... on Conflict { version }"
    shown = "" if verb == "remove" else SHOWN[kind]
    words = {"VERB": verb.title(), "verb": verb, "KIND": kind, "DONE": done, "SHOWN": shown, "CONFLICT": conflict}
    document = MUTATION
    for word, instead in words.items():
        document = document.replace(word, instead)
    return document


@pytest.fixture
async def network(graph: Graph, tmp_path: Path) -> Graph:
    await loaded(graph, folder_of(tmp_path / "network"))
    return graph


async def signed_in(serve: Serve, browse: Browse, graph: Graph, role: Role) -> httpx.AsyncClient:
    browser = await browse(serve())
    await sign_in(browser, await accounts.create(graph, KEEPER, email=f"{role}@example.net", role=role))
    return browser


@pytest.fixture
async def organiser(serve: Serve, browse: Browse, network: Graph) -> httpx.AsyncClient:
    return await signed_in(serve, browse, network, Role.ORGANISER)


async def asked(browser: httpx.AsyncClient, document: str, **variables: object) -> dict[str, Any]:
    answer = await browser.post("/graphql", json={"query": document, "variables": variables}, headers=HEADERS)
    told: dict[str, Any] = answer.raise_for_status().json()
    assert "errors" not in told, told
    data: dict[str, Any] = told["data"]
    return data


async def ask(browser: httpx.AsyncClient, verb: str, noun: str, /, **input: object) -> dict[str, Any]:
    payload: dict[str, Any] = (await asked(browser, mutation(verb, noun), input=input))["done"]
    return payload


async def make(browser: httpx.AsyncClient, noun: str, /, *, key: str = "k", **more: object) -> dict[str, Any]:
    return await ask(browser, "create", noun, **{**LEAST[noun], "idempotencyKey": key, **more})


@pytest.mark.parametrize("kind", KINDS)
async def test_a_thing_is_made_once_changed_and_removed(
    network: Graph, organiser: httpx.AsyncClient, kind: str
) -> None:
    before = await everything(network)
    id = to_base64(kind, "energy-sites")

    made, again = [await make(organiser, kind) for _ in range(2)]
    changed = await ask(organiser, "update", kind, id=id, expectedVersion=1, description="Of ports")
    conflict = [await ask(organiser, verb, kind, id="energy-sites", expectedVersion=1) for verb in ("update", "remove")]
    removed = await ask(organiser, "remove", kind, id=id, expectedVersion=2)
    spent = await make(organiser, kind)

    assert made == again
    assert (made["__typename"], made["id"], made["version"]) == (f"{kind}Created", id, 1)
    assert made[kind.lower()]["version"] == 1
    assert (changed["__typename"], changed["version"]) == (f"{kind}Updated", 2)
    assert [(one["__typename"], one["version"]) for one in conflict] == [("Conflict", 2)] * 2
    assert removed == {"__typename": f"{kind}Removed", "id": id}
    assert (spent["__typename"], spent["field"]) == ("Invalid", "input.idempotencyKey")
    assert [one for one in await everything(network) if one["labels"] != ["IdempotencyKey"]] == before


async def test_a_module_in_three_languages_is_told_with_its_versions_and_counted(
    network: Graph, organiser: httpx.AsyncClient
) -> None:
    versions = [
        {"language": "fr", "title": "Sites", "url": "https://example.org/fr", "publishedOn": "2026-09-01"},
        {"language": "en"},
        {"language": "ar", "title": "مواقع"},
    ]

    made = await make(
        organiser,
        "Resource",
        kind="module",
        publishedOn="2026-09-01",
        versions=versions,
        authors=[to_base64("Expert", "kofi"), "ama"],
        partners=[to_base64("Organisation", "school")],
        topics=[to_base64("Topic", "law")],
        country=to_base64("Country", "TN"),
    )
    told = await asked(
        organiser,
        """{
          achievements(year: 2026) { resources { kind count } }
          plan(year: 2026) { edges { stage node { ... on Resource { slug } } } }
          resources(filter: {languages: {some: {title: {contains: "ites"}, node: {named: ["French"]}}}}) {
            edges { node { slug topics { totalCount } country { code } } }
          }
          language(id: "fr") { resources { edges { title node { slug } } } }
        }""",
    )

    resource = made["resource"]
    edges = resource["languages"]["edges"]
    told_of = [(one["node"]["tag"], one["title"], one["url"], one["publishedOn"]) for one in edges]
    assert told_of == [
        ("ar", "مواقع", None, None),
        ("en", None, None, None),
        ("fr", "Sites", "https://example.org/fr", "2026-09-01"),
    ]  # fmt: skip
    assert [edge["node"]["slug"] for edge in resource["authors"]["edges"]] == ["ama", "kofi"]
    assert [edge["node"]["slug"] for edge in resource["partners"]["edges"]] == ["school"]
    assert {"stage": "DONE", "node": {"slug": "energy-sites"}} in told["plan"]["edges"]
    assert told["achievements"]["resources"] == [{"kind": "module", "count": 1}]
    assert told["resources"]["edges"] == [
        {"node": {"slug": "energy-sites", "topics": {"totalCount": 1}, "country": {"code": "TN"}}}
    ]
    assert told["language"]["resources"]["edges"] == [{"title": "Sites", "node": {"slug": "energy-sites"}}]


async def test_a_national_activity_is_in_the_plan_and_when_done_in_the_achievements(
    network: Graph, organiser: httpx.AsyncClient
) -> None:
    figures = """{
      plan(year: 2026) { edges { stage node { ... on Activity { slug } } } }
      achievements(year: 2026) { activities { kind status count } countries { code } }
    }"""
    project = await make(organiser, "Project", partners=["school"])

    made = await make(
        organiser, "Activity", startsOn="2026-11-01", countries=[to_base64("Country", "TG")], project=project["id"]
    )
    ahead = await asked(organiser, figures)
    done = await ask(organiser, "update", "Activity", id=made["id"], expectedVersion=1, status="done")
    after = await asked(organiser, figures)

    assert (made["activity"]["status"], made["activity"]["project"]) == ("projected", {"slug": "energy-sites"})
    assert done["activity"]["status"] == "done"
    assert {"stage": "PLANNED", "node": {"slug": "energy-sites"}} in (
        [{**edge, "stage": "PLANNED"} for edge in ahead["plan"]["edges"] if edge["stage"] != "DONE"]
    )
    assert {"stage": "DONE", "node": {"slug": "energy-sites"}} in after["plan"]["edges"]
    assert ahead["achievements"]["activities"] == [{"kind": "national", "status": "projected", "count": 1}]
    assert ahead["achievements"]["countries"] == []
    assert after["achievements"]["activities"] == [{"kind": "national", "status": "done", "count": 1}]
    assert after["achievements"]["countries"] == [{"code": "TG"}]


async def test_an_event_has_the_partners_that_organisers_say(network: Graph, organiser: httpx.AsyncClient) -> None:
    create = """mutation ($input: CreateEventInput!) { done: createEvent(input: $input) {
      ... on EventCreated { event { partners { edges { node { slug } } } } } ... on Invalid { field } } }"""
    update = """mutation ($input: UpdateEventInput!) { done: updateEvent(input: $input) {
      ... on EventUpdated { event { partners { edges { node { slug } } } } } } }"""
    least = {"title": "Ports", "kind": "meeting"}

    made = await asked(
        organiser, create, input={**least, "idempotencyKey": "1", "partners": [to_base64("Organisation", "port")]}
    )
    wrong = await asked(organiser, create, input={**least, "idempotencyKey": "2", "partners": ["school", "nothing"]})
    of_file = await asked(
        organiser, update, input={"id": "briefing", "expectedVersion": 1, "partners": ["school", "port"]}
    )

    assert [one["node"]["slug"] for one in made["done"]["event"]["partners"]["edges"]] == ["port"]
    assert wrong["done"] == {"field": "input.partners.1"}
    assert [one["node"]["slug"] for one in of_file["done"]["event"]["partners"]["edges"]] == ["port", "school"]


@pytest.mark.parametrize("kind", KINDS)
async def test_what_a_file_tells_of_is_not_removed_and_the_file_is_named(
    network: Graph, organiser: httpx.AsyncClient, kind: str
) -> None:
    file = {"Resource": "resources", "Project": "projects", "Activity": "activities", "Series": "series"}[kind]

    told = await ask(organiser, "remove", kind, id=FROM_FILES[kind], expectedVersion=1)

    assert (told["__typename"], told["field"]) == ("Invalid", "input.id")
    assert told["message"].startswith(f"{file}.csv tells of this {kind.lower()};")


async def test_every_field_that_is_wrong_is_told_by_its_path(network: Graph, organiser: httpx.AsyncClient) -> None:
    told = await make(
        organiser,
        "Resource",
        title=" ",
        kind="poem",
        versions=[{"language": "fr"}, {"language": "xx", "url": "nowhere"}],
        authors=["nobody"],
        partners=["school", "nothing"],
    )

    assert [one["path"] for one in told["fields"]] == [
        ["input", "authors", "0"],
        ["input", "kind"],
        ["input", "partners", "1"],
        ["input", "title"],
        ["input", "versions", "1", "language"],
        ["input", "versions", "1", "url"],
    ]


@pytest.mark.parametrize("kind", KINDS)
async def test_members_may_not_and_learn_nothing_and_what_is_not_there_is_not_found(
    serve: Serve, browse: Browse, network: Graph, kind: str
) -> None:
    member = await signed_in(serve, browse, network, Role.MEMBER)
    keeper = await signed_in(serve, browse, network, Role.ADMINISTRATOR)
    before = await everything(network)

    refused = [await make(member, kind)]
    for id in (FROM_FILES[kind], "nothing"):
        refused += [await ask(member, verb, kind, id=id, expectedVersion=1) for verb in ("update", "remove")]
    missing = [await ask(keeper, verb, kind, id="nothing", expectedVersion=1) for verb in ("update", "remove")]

    assert {(one["__typename"], one["who"]) for one in refused} == {("NotAllowed", "organisers and administrators")}
    assert refused[1:3] == refused[3:5]
    assert [one["__typename"] for one in missing] == ["NotFound"] * 2
    assert await everything(network) == before


async def test_two_servers_that_are_asked_at_once_with_one_key_make_one_thing(
    serve: Serve, browse: Browse, network: Graph, organiser: httpx.AsyncClient
) -> None:
    other = await browse(serve())
    other.cookies = organiser.cookies

    answers = await asyncio.gather(*(make(browser, "Series") for browser in (organiser, other) * 2))

    assert [one["id"] for one in answers] == [to_base64("Series", "energy-sites")] * 4
    assert len(await network.read("MATCH (s:Series) RETURN s.id AS id")) == 2
