"""Peers of a person, and speakers for an event: found by what they do and know, as the asker may find it.

What is hidden is held by tests/visibility.
"""

import pytest

from api.network import OpenNetwork
from graph.errors import NoSuchEvent, NoSuchExpert
from graph.search import Search
from graph.search.like import like_event, like_expert
from graph.values import EventId, ExpertId
from graph.viewer import Role, Viewer

ORGANISER = Viewer(Role.ORGANISER)
BIRD = ExpertId("sietske-de-haan-wierda")
KNOWS = "MATCH (e:Expert)-[:EXPERT_IN]->(t:Topic) WHERE e.id IN $experts RETURN collect(DISTINCT t.id) AS topics"
EVENT = """
MATCH (v:Event)<-[:SPOKE_AT]-(e:Expert) WITH v, collect(DISTINCT e.id) AS speakers ORDER BY size(speakers) DESC, v.id
RETURN v.id AS event, speakers LIMIT 1
"""


@pytest.fixture
def search(sample: OpenNetwork) -> Search:
    return sample.search


async def test_a_persons_peers_know_what_they_know_and_are_not_themselves(sample: OpenNetwork, search: Search) -> None:
    answer = await search.like_expert(ORGANISER, BIRD, first=5)

    peers = [match.expert.id for match in answer.matches]
    (own,), (theirs,) = [await sample.graph.read(KNOWS, experts=of) for of in ([BIRD], peers[:1])]
    assert len(peers) == 5
    assert BIRD not in peers
    assert set(own["topics"]) & set(theirs["topics"])


async def test_whom_the_asker_does_not_find_has_no_peers(search: Search) -> None:
    with pytest.raises(NoSuchExpert):
        await search.like_expert(ORGANISER, ExpertId("nobody"))


async def test_speakers_for_an_event_are_others_than_those_who_speak_there(sample: OpenNetwork, search: Search) -> None:
    (row,) = await sample.graph.read(EVENT)

    answer = await search.like_event(ORGANISER, EventId(row["event"]), first=10)
    text = (await like_event(sample.graph, ORGANISER, event=EventId(row["event"]))).text
    asked = await search.ask(ORGANISER, text, first=10)

    found = [match.expert.id for match in answer.matches]
    assert len(found) == 10
    assert not set(found) & set(row["speakers"])
    assert set(row["speakers"]) & {match.expert.id for match in asked.matches}
    with pytest.raises(NoSuchEvent):
        await search.like_event(ORGANISER, EventId("never"))


async def test_what_a_person_is_like_is_their_profile_and_their_titles(sample: OpenNetwork) -> None:
    like = await like_expert(sample.graph, ORGANISER, expert=BIRD)

    assert like.without == {BIRD}
    assert "sietske" not in like.text.casefold()
