"""What people write in a filter; a name that the viewer may not know of is as unknown as one that is not there."""

import pytest

from graph import filters
from graph.filters import UnknownFilterValue
from graph.graph import Graph
from graph.viewer import PUBLIC, Audience, Role, Viewer

MEMBER = Viewer(Role.MEMBER)
CEBUANO = """
CREATE (l:Language {id: 'ceb', name_en: 'Cebuano'})
CREATE (e:Expert {id: 'ama', name: 'Ama', audience_listing: $listing, audience_languages: $languages})
CREATE (e)-[:SPEAKS]->(l)
"""
AN_EVENT = "MATCH (l:Language) CREATE (:Event {id: 'briefing'})-[:IN_LANGUAGE]->(l)"


@pytest.fixture
async def spoken(graph: Graph) -> Graph:
    """A network of one person, whose language members see."""
    await graph.write(CEBUANO, listing=Audience.EVERYONE, languages=Audience.MEMBERS)
    return graph


async def test_a_language_is_known_to_those_who_see_somebody_speak_it(spoken: Graph) -> None:
    assert (await filters.resolve(spoken, MEMBER, languages=["cebuano"])).languages == {"ceb"}
    assert await filters.ids_of(spoken, MEMBER, noun="Language", names=["CEB"]) == {"CEB": ["ceb"]}


@pytest.mark.parametrize("name", ["ceb", "Cebuano"])
async def test_to_others_it_is_as_unknown_as_one_that_is_not_there(spoken: Graph, name: str) -> None:
    with pytest.raises(UnknownFilterValue) as resolving:
        await filters.resolve(spoken, PUBLIC, languages=[name])
    with pytest.raises(UnknownFilterValue) as naming:
        await filters.ids_of(spoken, PUBLIC, noun="Language", names=[name])

    assert str(resolving.value) == f"The network knows no language '{name}'; 'language' takes a code, an id or a name."
    assert str(naming.value) == str(resolving.value)


async def test_the_language_of_an_event_is_known_to_everybody(spoken: Graph) -> None:
    await spoken.write(AN_EVENT)

    assert (await filters.resolve(spoken, PUBLIC, languages=["Cebuano"])).languages == {"ceb"}
