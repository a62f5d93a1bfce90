"""What people write to filter by: names that several share, parts of names, and what nobody may learn by guessing."""

from collections.abc import Sequence
from typing import Any

import pytest

from graph.filters import LevelWithoutLanguage, UnknownFilterValue, resolve
from graph.graph import Graph
from graph.search import passing
from graph.values import LanguageLevel, NotACursor
from graph.viewer import Role, Viewer

MEMBER, ORGANISER = Viewer(Role.MEMBER), Viewer(Role.ORGANISER)
MINISTRY = "Ministry of Interior, Training Directorate"

NETWORK = """
CREATE (ma:Organisation {id: 'ministry-ma', name: $ministry}), (sn:Organisation {id: 'ministry-sn', name: $ministry}),
       (t:Organisation {id: 'wardens-sn', name: 'Teranga Association of Worship Wardens'}),
       (h:Organisation {id: 'hidden', name: 'Hidden Ministry of Wardens'}),
       (z:Organisation {id: 'beijing', name: '北京市公安局'}),
       (:Event {id: 'gates-2021', title: 'Gates'}), (:Event {id: 'gates-2022', title: 'Gates'}),
       (:Topic {id: 'worship', label_en: 'Places of worship', other_labels_en: ['Shrines']}),
       (:Topic {id: 'tombs', label_en: 'Tombs', other_labels_en: ['Shrines']})
WITH [ma, sn, t, z, h] AS organisations
UNWIND range(0, 4) AS n
WITH n, organisations[n] AS organisation
CREATE (e:Expert {id: 'person-' + n, name: 'Person ' + n, sort_key: toString(n), headline: 'Guards',
                  audience_listing: 1, audience_profile: 1, audience_organisation: CASE n WHEN 4 THEN 2 ELSE 1 END,
                  audience_country: 1, audience_languages: 1, audience_attendance: 1, audience_contact: 1})
CREATE (e)-[:AFFILIATED_WITH {id: 'job-' + n}]->(organisation)
"""


@pytest.fixture
async def network(graph: Graph) -> Graph:
    """Two ministries of one name, each with somebody; and an organisation of somebody who shows it to organisers."""
    await graph.write(NETWORK, ministry=MINISTRY)
    return graph


async def people(graph: Graph, viewer: Viewer = MEMBER, **asked: Any) -> list[str]:
    only = await resolve(graph, viewer, **asked)
    found = await passing.page(graph, viewer, only=only, first=10)
    assert await passing.count(graph, viewer, only=only) == len(found.entries)
    return [one.id for _, one in found.entries]


async def meant(graph: Graph, viewer: Viewer = MEMBER, **asked: Any) -> Sequence[str]:
    with pytest.raises(UnknownFilterValue) as refused:
        await resolve(graph, viewer, **asked)
    return refused.value.nearest


async def test_a_name_that_two_share_means_both_and_an_id_its_own_alone(network: Graph) -> None:
    assert await people(network, organisations=[MINISTRY.upper()]) == ["person-0", "person-1"]
    assert await people(network, organisations=["ministry-sn"]) == ["person-1"]
    both = await resolve(network, MEMBER, spoke_at=["gates"], topics=["shrines"])
    assert sorted(both.spoke_at or ()) == ["gates-2021", "gates-2022"]
    assert sorted(both.topics or ()) == ["tombs", "worship"]


@pytest.mark.parametrize(
    "asked, nearest",
    [
        ("Teranga", ["Teranga Association of Worship Wardens"]),
        ("worship wardens", ["Teranga Association of Worship Wardens"]),
        ("Wardens, Terranga", ["Teranga Association of Worship Wardens"]),
        ("Ministry", [MINISTRY]),
        ("training dir", [MINISTRY]),
        ("北京", ["北京市公安局"]),
        ("of", []),
        ("Atlantis", []),
    ],
)
async def test_a_part_of_a_name_leads_to_the_whole(network: Graph, asked: str, nearest: list[str]) -> None:
    assert list(await meant(network, organisations=[asked])) == nearest


async def test_what_a_viewer_does_not_see_is_not_offered(network: Graph) -> None:
    assert "Hidden Ministry of Wardens" in await meant(network, ORGANISER, organisations=["Wardens"])
    assert list(await meant(network, organisations=["Wardens"])) == ["Teranga Association of Worship Wardens"]
    assert list(await meant(network, organisations=["Hidden"])) == []


async def test_how_well_is_asked_of_a_language(network: Graph) -> None:
    with pytest.raises(LevelWithoutLanguage):
        await resolve(network, MEMBER, language_level=LanguageLevel.NATIVE)


async def test_those_who_pass_come_by_name_in_pages_of_which_each_follows_the_other(network: Graph) -> None:
    only = await resolve(network, MEMBER, organisations=[MINISTRY, "wardens-sn"])
    first = await passing.page(network, MEMBER, only=only, first=2)
    rest = await passing.page(network, MEMBER, only=only, first=2, after=first.entries[-1][0])

    assert [one.id for _, one in first.entries] == ["person-0", "person-1"]
    assert ([one.id for _, one in rest.entries], first.has_next, rest.has_next) == (["person-2"], True, False)
    assert await people(network, Viewer(Role.PUBLIC), organisations=[]) == []


async def test_a_place_among_those_who_pass_is_of_one_language(network: Graph) -> None:
    only = await resolve(network, MEMBER, organisations=[MINISTRY, "wardens-sn"])
    first = await passing.page(network, MEMBER, only=only, first=2, language="ru")

    with pytest.raises(NotACursor):
        await passing.page(network, MEMBER, only=only, first=2, language="es", after=first.entries[-1][0])
