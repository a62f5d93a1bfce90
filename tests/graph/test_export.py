"""The export of a person: all that is stored, nothing of others, and who may ask for it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from graph import changes, export
from graph.accounts import Account
from graph.alphabet import SORT_KEYS
from graph.errors import NoSuchExpert
from graph.graph import Graph
from graph.permissions import NotAllowed
from graph.values import ExpertId
from graph.viewer import PUBLIC, Role, Viewer
from tests.graph.person import EXPERT, OTHER, add_person

ADMINISTRATOR = Viewer.at_the_command_line()
UNKNOWN_RELATION = """
MATCH (e:Expert {id: 'ama-testperson'})
CREATE (e)-[:MENTORS {since: 2024}]->(s:Scheme {id: 'scheme', said: 'for beginners'})
CREATE (s)-[:HELD_ON {room: 'blue'}]->(:Sitting {id: 'sitting', at: datetime('2024-05-06T07:08:09Z')})
"""
# Every property of everything that is the person's: its names must be in the export, or withheld for a reason.
OWN_PROPERTIES = """
MATCH (n) WHERE n:Session OR n:Identity OR n:Consent OR (n:Invitation AND n.id = 'i1')
   OR (n:Account AND n.email = 'ama@example.org') OR (n:Expert AND n.id = 'ama-testperson')
   OR (n:Passage AND n.id IN ['p1', 'p2'])
UNWIND keys(n) AS key
RETURN DISTINCT key
"""


@pytest.fixture
async def account(graph: Graph) -> Account:
    return await add_person(graph)


def keys_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys_in(inner)


async def test_it_has_every_property_of_everything_that_is_the_persons(graph: Graph, account: Account) -> None:
    about = await export.about(graph, account.viewer, expert=EXPERT)

    stored = {row["key"] for row in await graph.read(OWN_PROPERTIES)}
    assert stored - set(keys_in(about)) == {
        "browser", "digest", "embedding", "known_browsers", "sentence_vectors", "sentences", *SORT_KEYS,
    } & stored  # fmt: skip
    assert about["person"]["name"] == "Ama Testperson"
    assert about["person"]["joined"] == "2022-02-10"


async def test_it_has_every_relation_with_its_properties(graph: Graph, account: Account) -> None:
    relations = (await export.about(graph, account.viewer, expert=EXPERT))["person"]["relations"]

    assert relations.keys() == {
        "AFFILIATED_WITH", "ATTENDED", "AUTHORED", "BASED_IN", "EVIDENCED_BY", "EXPERT_IN", "GAVE", "IS", "SPEAKS",
        "SPOKE_AT", "WORKED_IN",
    }  # fmt: skip
    (spoke,) = relations["SPOKE_AT"]
    assert spoke["properties"] == {"id": "s1", "role": "The one from Tunis", "talk": "amatest talks"}
    assert (spoke["direction"], spoke["leads_to"]["id"]) == ("from here", "briefing")
    (is_account,) = relations["IS"]
    assert is_account["direction"] == "to here"
    assert is_account["leads_to"]["relations"].keys() == {"OF", "SIGNS_IN_AS"}


async def test_a_relation_that_nobody_thought_of_is_there_and_what_it_leads_to(graph: Graph, account: Account) -> None:
    await graph.write(UNKNOWN_RELATION)

    (mentors,) = (await export.about(graph, account.viewer, expert=EXPERT))["person"]["relations"]["MENTORS"]

    assert mentors["properties"] == {"since": 2024}
    assert mentors["leads_to"]["said"] == "for beginners"
    (held,) = mentors["leads_to"]["relations"]["HELD_ON"]
    assert held["properties"] == {"room": "blue"}
    assert held["leads_to"] == {
        "is_a": ["Sitting"],
        "at": "2024-05-06T07:08:09+00:00",
        "id": "sitting",
        "relations": {},
    }


async def test_it_has_passages_documents_consents_with_texts_invitations_links_and_changes(
    graph: Graph, account: Account
) -> None:
    about = await export.about(graph, account.viewer, expert=EXPERT)

    passages = [relation["leads_to"] for relation in about["person"]["relations"]["EVIDENCED_BY"]]
    assert {passage["id"]: passage["has_vector"] for passage in passages if passage["kind"] != "profile"} == {
        "p1": True, "p2": True,
    }  # fmt: skip
    documents = {passage["relations"]["PART_OF"][0]["leads_to"]["id"] for passage in passages if "source" in passage}
    assert documents == {"documents/biographies/ama-testperson.md", "documents/talks/briefing--ama-testperson.md"}
    assert {(text["purpose"], text["version"]) for text in about["consent_texts"]} == {("matched", 1), ("contacted", 1)}
    assert [invitation["note"] for invitation in about["invitations"]] == ["Dear amatest"]
    assert len(about["sign_in_links"]) == 1
    assert {"audiences chosen", "consent given", "consent withdrawn"} <= {change["verb"] for change in about["changes"]}


async def test_it_has_no_secret_no_vector_and_nothing_of_others(graph: Graph, account: Account) -> None:
    text = json.dumps(await export.about(graph, account.viewer, expert=EXPERT))

    assert [
        word for word in ("d-link", "d-invitation", "d-browser", "d-known", 'embedding"', 'sentences"') if word in text
    ] == []
    assert [word for word in (OTHER, "Salma", "She asked", "salma@example.org") if word in text] == []


async def test_what_an_administrator_takes_is_in_the_change_log_and_what_the_person_takes_is_not(
    graph: Graph, account: Account
) -> None:
    before = (await changes.page(graph, ADMINISTRATOR, first=1)).entries[0][1].sequence

    await export.about(graph, account.viewer, expert=EXPERT)
    await export.about(graph, ADMINISTRATOR, expert=EXPERT)

    newest = (await changes.page(graph, ADMINISTRATOR, first=1)).entries[0][1]
    assert (newest.sequence, newest.verb, newest.subject) == (before + 1, "exported", f"expert:{EXPERT}")


@pytest.mark.parametrize("viewer", [PUBLIC, Viewer(Role.ORGANISER, person=OTHER, actor="account:x")])
async def test_nobody_else_takes_it(graph: Graph, account: Account, viewer: Viewer) -> None:
    with pytest.raises(NotAllowed):
        await export.about(graph, viewer, expert=EXPERT)


async def test_of_nobody_there_is_nothing(graph: Graph) -> None:
    with pytest.raises(NoSuchExpert):
        await export.about(graph, ADMINISTRATOR, expert=ExpertId("nobody"))
