"""Searches that people keep: whose they are, how many, what becomes of them with their account, and who is told."""

import json

import pytest

from graph import accounts, changes, erasure, export, saved_searches
from graph.accounts import Account
from graph.graph import Graph
from graph.intake import remove_experts
from graph.permissions import NotAllowed
from graph.saved_searches import SavedSearch, SavedSearchId, TitleTooLong, TooManySaved
from graph.search import EmptyQuestion
from graph.viewer import PUBLIC, Role, Scope, Viewer
from tests.graph.person import EXPERT, NAME, add_person

ADMINISTRATOR = Viewer.at_the_command_line()
KEPT = "MATCH (s:SavedSearch) RETURN s.title AS title, s.question AS question, s.filters AS filters ORDER BY title"
FILL = """
MATCH (a:Account {id: $account})
UNWIND range(1, $many) AS number
CREATE (a)-[:SAVED]->(:SavedSearch {id: 's' + number, title: 'x', question: 'q' + number, filters: [], at: datetime()})
"""


@pytest.fixture
async def ama(graph: Graph) -> Account:
    return await add_person(graph)


@pytest.fixture
async def other(graph: Graph, ama: Account) -> Account:
    return await accounts.create(graph, ADMINISTRATOR, email="org@example.org", role=Role.ORGANISER)


async def save(graph: Graph, account: Account, question: str = "Who guards gates?", **more: str) -> SavedSearch:
    title = more.pop("title", "")
    return await saved_searches.save(graph, account.viewer, title=title, question=question, filters=more)


async def titles(graph: Graph, account: Account) -> list[str]:
    return [one.title for one in await saved_searches.own(graph, account.viewer)]


async def test_it_is_the_question_and_its_filters_newest_first(graph: Graph, ama: Account, other: Account) -> None:
    await save(graph, ama, "Who  guards\ngates?", country="TN", language="fr", topic="", title="  My   gates ")
    await save(graph, ama, "Who trains?")
    await save(graph, other, "Not mine")

    newest, oldest = await saved_searches.own(graph, ama.viewer)

    assert (newest.title, newest.question, newest.filters) == ("Who trains?", "Who trains?", {})
    assert (oldest.title, oldest.question) == ("My gates", "Who guards gates?")
    assert oldest.filters == {"country": "TN", "language": "fr"}


async def test_the_same_search_is_kept_once_as_it_was_saved_last(graph: Graph, ama: Account) -> None:
    await save(graph, ama, title="One", organisation="A=B")
    await save(graph, ama, title="Other")
    await save(graph, ama, title="Two", organisation="A=B")

    assert await titles(graph, ama) == ["Two", "Other"]
    assert (await saved_searches.own(graph, ama.viewer))[0].filters == {"organisation": "A=B"}


async def test_a_removed_one_is_gone_and_nobody_elses_is_removed(graph: Graph, ama: Account, other: Account) -> None:
    mine = await save(graph, ama)

    assert await saved_searches.remove(graph, other.viewer, id=mine.id) is None
    assert await titles(graph, ama) == ["Who guards gates?"]
    assert await saved_searches.remove(graph, ama.viewer, id=mine.id) == mine
    assert await saved_searches.remove(graph, ama.viewer, id=SavedSearchId("nothing")) is None
    assert await graph.read(KEPT) == []
    (entry,) = (await changes.page(graph, ADMINISTRATOR, first=1)).entries
    assert (entry[1].verb, entry[1].actor) == ("saved search removed", ama.viewer.actor)


async def test_there_is_a_bound_and_the_same_again_is_within_it(graph: Graph, ama: Account) -> None:
    await save(graph, ama)
    await graph.write(FILL, account=ama.id, many=saved_searches.MOST - 1)

    with pytest.raises(TooManySaved, match="50 saved searches"):
        await save(graph, ama, "One more")
    await save(graph, ama, title="Again")

    assert len(await titles(graph, ama)) == saved_searches.MOST


@pytest.mark.parametrize(
    "viewer", [PUBLIC, ADMINISTRATOR, Viewer(Role.MEMBER, scopes=frozenset({Scope.READ_MEMBERS}), actor="account:x")]
)
async def test_who_has_no_account_saves_and_removes_nothing(graph: Graph, viewer: Viewer) -> None:
    with pytest.raises(NotAllowed):
        await saved_searches.save(graph, viewer, title="", question="Who?", filters={})
    with pytest.raises(NotAllowed):
        await saved_searches.remove(graph, viewer, id=SavedSearchId("nothing"))
    assert await saved_searches.own(graph, viewer) == []


async def test_what_is_no_search_is_not_kept(graph: Graph, ama: Account) -> None:
    with pytest.raises(EmptyQuestion):
        await save(graph, ama, "?")
    with pytest.raises(TitleTooLong):
        await save(graph, ama, title="x" * 201)

    assert await graph.read(KEPT) == []


async def test_they_are_in_their_holders_export_and_in_nobody_elses(graph: Graph, ama: Account, other: Account) -> None:
    await save(graph, ama, title="My own title")
    await save(graph, other, title="Title of others")

    told = json.dumps(await export.about(graph, ama.viewer, expert=EXPERT))

    assert "My own title" in told
    assert "Title of others" not in told


async def test_an_erased_persons_go_and_they_are_named_in_no_others(graph: Graph, ama: Account, other: Account) -> None:
    await save(graph, ama)
    await save(graph, other, f"Who knows {NAME}?", organisation=f"Office of {NAME}")

    await erasure.erase(graph, ama.viewer, expert=EXPERT)

    assert await graph.read(KEPT) == [
        {
            "title": "Who knows [erased]?",
            "question": "Who knows [erased]?",
            "filters": ["organisation=Office of [erased]"],
        }
    ]


async def test_they_go_with_the_account_of_a_member_whom_no_source_tells_of_any_more(
    graph: Graph, ama: Account, other: Account
) -> None:
    await save(graph, ama)
    await save(graph, other, "Another")

    await graph.transact(lambda tx: remove_experts(tx, [EXPERT]))

    assert [row["question"] for row in await graph.read(KEPT)] == ["Another"]


async def test_they_go_with_the_account(graph: Graph, ama: Account, other: Account) -> None:
    await save(graph, ama)
    await save(graph, other, "Another")

    await accounts.close(graph, ADMINISTRATOR, id=ama.id)

    assert [row["question"] for row in await graph.read(KEPT)] == ["Another"]
    with pytest.raises(NotAllowed):
        await save(graph, ama)
