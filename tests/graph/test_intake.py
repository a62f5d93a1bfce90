# ruff: noqa: E501 -- exact sentences and rows stand on one line each
"""Each kind is stored as the graph's shape says, changed without traces of what it was, and removed without loose ends."""

from datetime import UTC, date, datetime
from typing import Any, LiteralString, cast

import pytest
from neo4j.time import DateTime

from graph import intake
from graph.alphabet import SORT_KEYS, sort_keys
from graph.graph import Graph, Row, Transaction
from graph.intake import Kind, NetworkRecord, Place
from graph.network import describe
from graph.passages import PassageRecord, store_documents
from graph.permissions import NotAllowed
from graph.values import UN_LANGUAGES, Network
from graph.viewer import PUBLIC, Audience, FieldGroup, Viewer

OPERATOR = Viewer.at_the_command_line()
START = datetime(2022, 6, 2, 12, tzinfo=UTC)


async def take_in(tx: Transaction) -> None:
    """One of each kind, each referring to all that it can refer to."""
    names = {"name_en": "name", "name_fr": "nom"}
    await intake.store_regions(
        tx,
        [
            {"id": "015", "names": names, "within": "001", "digest": "r1"},
            {"id": "001", "names": names, "within": None, "digest": "r2"},
        ],
    )
    await intake.store_countries(
        tx, [{"id": id, "names": names, "region": "015", "digest": "c"} for id in ("TN", "MA")]
    )
    await intake.store_languages(tx, [{"id": id, "names": names, "digest": "l"} for id in ("ar", "fr")])
    await intake.store_organisations(
        tx,
        [
            {
                "id": "org",
                "name": "Org",
                "kind": "police",
                "country": "TN",
                "website": "https://o.example",
                "digest": "o",
            },
            {"id": "partner", "name": "Partner", "kind": "police", "country": None, "website": None, "digest": "o"},
        ],
    )
    await intake.store_topics(tx, [topic("narrow", broader="broad"), topic("broad")])
    await intake.store_series(tx, [{"id": "series", "name": "Series", "description": None, "digest": "s"}])
    await intake.store_projects(tx, [project()])
    await intake.store_experts(tx, [expert()])
    await intake.store_events(tx, [event()])
    await intake.store_resources(tx, [resource()])
    await intake.store_activities(tx, [activity()])
    await intake.store_affiliations(tx, [affiliation()])
    await intake.store_speakers(
        tx,
        [
            {
                "id": "s",
                "event": "event",
                "expert": "expert",
                "role": "speaker",
                "talk": "Talk",
                "starts_at": START,
                "ends_at": None,
                "room": "Hall 2",
                "language": None,
                "url": None,
                "digest": "sp",
            }
        ],
    )
    await intake.store_attendance(tx, [{"id": "at", "event": "event", "expert": "expert", "digest": "at"}])
    await store_documents(
        tx,
        [
            {
                "id": "documents/a.md",
                "source": "documents/a.md",
                "place": None,
                "kind": "talk",
                "title": None,
                "language": "fr",
                "occurred_on": None,
                "event": "event",
                "resource": None,
                "passages": [
                    PassageRecord(id="p", owner="expert", text="Text.", position=0, place="page 1", language="fr")
                ],
                "digest": "d",
            }
        ],
        merged={},
        folder="/network",
        at=START,
    )


def topic(id: str, *, broader: str | None = None) -> intake.TopicRecord:
    return {
        "id": id,
        "broader": broader,
        "names": {"label_en": id, "label_fr": None, "other_labels_en": ["other"]},
        "labels": [id, "other"],
        "definition": "What it is.",
        "scheme": None,
        "iri": None,
        "exact_match": [],
        "deprecated": None,
        "digest": f"t-{id}",
    }


def expert(**changes: Any) -> intake.ExpertRecord:
    record: dict[str, Any] = {
        "id": "expert",
        "name": "Expert",
        "headline": "Trainer",
        "other_names": [],
        "email": "expert@example.org",
        "phone": "+21671000000",
        "website": None,
        "orcid": None,
        "identifiers": [],
        "country": "TN",
        "languages": [{"language": "ar", "level": "native"}, {"language": "fr", "level": "fluent"}],
        "topics": [{"topic": "narrow", "level": "lead", "since": 2011}],
        "worked_in": ["TN", "MA"],
        "joined": date(2022, 2, 10),
        "digest": "e",
    }
    return cast("intake.ExpertRecord", record | changes)


def event(**changes: Any) -> intake.EventRecord:
    record: dict[str, Any] = {
        "id": "event",
        "title": "Event",
        "kind": "briefing",
        "format": "online",
        "status": "confirmed",
        "series": "series",
        "starts_at": START,
        "ends_at": None,
        "time_zone": None,
        "place": None,
        "capacity": None,
        "url": None,
        "identifiers": [],
        "sequence": None,
        "country": "TN",
        "topics": ["narrow"],
        "languages": ["ar", "fr"],
        "partners": ["org", "partner"],
        "description": "About.",
        "digest": "v",
    }
    return cast("intake.EventRecord", record | changes)


def resource(**changes: Any) -> intake.ResourceRecord:
    record: dict[str, Any] = {
        "id": "resource",
        "title": "Resource",
        "kind": "module",
        "published_on": date(2022, 9, 6),
        "languages": ["fr"],
        "topics": ["narrow"],
        "country": "TN",
        "authors": ["expert"],
        "partners": ["partner"],
        "url": None,
        "description": None,
        "identifiers": [],
        "digest": "re",
    }
    return cast("intake.ResourceRecord", record | changes)


def project(**changes: Any) -> intake.ProjectRecord:
    record: dict[str, Any] = {
        "id": "project",
        "title": "Project",
        "starts_on": date(2022, 1, 1),
        "ends_on": None,
        "topics": ["broad"],
        "countries": ["TN", "MA"],
        "partners": ["partner"],
        "description": None,
        "digest": "pr",
    }
    return cast("intake.ProjectRecord", record | changes)


def activity(**changes: Any) -> intake.ActivityRecord:
    record: dict[str, Any] = {
        "id": "activity",
        "title": "Activity",
        "kind": "national",
        "status": "done",
        "starts_on": date(2022, 6, 13),
        "ends_on": date(2022, 6, 15),
        "project": "project",
        "topics": ["broad"],
        "countries": ["TN"],
        "partners": ["partner"],
        "description": None,
        "digest": "ac",
    }
    return cast("intake.ActivityRecord", record | changes)


def affiliation(**changes: Any) -> intake.AffiliationRecord:
    record: dict[str, Any] = {
        "id": "af",
        "expert": "expert",
        "organisation": "org",
        "role": "Head",
        "since": "2014-09",
        "until": None,
        "digest": "af",
    }
    return cast("intake.AffiliationRecord", record | changes)


@pytest.fixture
async def taken(graph: Graph) -> Graph:
    """A graph that took in one of each kind."""
    await graph.transact(take_in)
    return graph


AROUND: LiteralString = """
MATCH (n {id: $id})-[r]-(other)
RETURN type(r) AS type, startNode(r) = n AS out, other.id AS other, r {.*, id: null, digest: null} AS properties
ORDER BY type, other
"""


async def around(graph: Graph, id: str) -> list[str]:
    """What a node is related to, each as 'TYPE> other' or 'TYPE< other'."""
    return [f"{row['type']}{'>' if row['out'] else '<'} {row['other']}" for row in await graph.read(AROUND, id=id)]


async def node(graph: Graph, id: str) -> Row:
    found: Row = (await graph.read("MATCH (n {id: $id}) RETURN n {.*} AS node", id=id))[0]["node"]
    keys = {name: found.pop(name) for name in SORT_KEYS if name in found}
    called = found.get("name", found.get("title"))
    names = {one: found.get(f"name_{one}", found.get(f"label_{one}")) for one in UN_LANGUAGES}
    wanted = sort_keys(names if called is None else called) if called or any(names.values()) else {}
    assert keys == {name: key for name, key in wanted.items() if key is not None}
    return found


@pytest.mark.parametrize(
    "id, relations",
    [
        ("001", ["WITHIN< 015"]),
        ("015", ["IN_REGION< MA", "IN_REGION< TN", "WITHIN> 001"]),
        ("org", ["AFFILIATED_WITH< expert", "BASED_IN> TN", "PARTNER_IN> event"]),
        ("narrow", ["BROADER> broad", "COVERS< event", "COVERS< resource", "EXPERT_IN< expert"]),
        ("series", ["PART_OF< event"]),
        ("project", ["COVERS> broad", "FOR_COUNTRY> MA", "FOR_COUNTRY> TN", "PARTNER_IN< partner", "PART_OF< activity"]),
        ("event", ["ATTENDED< expert", "COVERS> narrow", "DRAWN_FROM< documents/a.md", "HELD_IN> TN", "IN_LANGUAGE> ar", "IN_LANGUAGE> fr", "PARTNER_IN< org", "PARTNER_IN< partner", "PART_OF> series", "SPOKE_AT< expert"]),
        ("resource", ["AUTHORED< expert", "COVERS> narrow", "FOR_COUNTRY> TN", "IN_LANGUAGE> fr", "PARTNER_IN< partner"]),
        ("activity", ["COVERS> broad", "FOR_COUNTRY> TN", "PARTNER_IN< partner", "PART_OF> project"]),
        ("expert", ["AFFILIATED_WITH> org", "ATTENDED> event", "AUTHORED> resource", "BASED_IN> TN", "EVIDENCED_BY> p", "EVIDENCED_BY> profile:expert", "EXPERT_IN> narrow", "SPEAKS> ar", "SPEAKS> fr", "SPOKE_AT> event", "WORKED_IN> MA", "WORKED_IN> TN"]),
        ("documents/a.md", ["DRAWN_FROM> event", "FROM> documents/a.md", "FROM< documents/a.md", "PART_OF< p"]),
    ],
)  # fmt: skip
async def test_each_kind_is_related_as_the_graphs_shape_says_however_often_it_comes(
    taken: Graph, id: str, relations: list[str]
) -> None:
    await taken.transact(take_in)

    assert await around(taken, id) == relations


async def test_each_kind_keeps_its_properties(taken: Graph) -> None:
    assert await node(taken, "TN") == {"id": "TN", "name_en": "name", "name_fr": "nom", "digest": "c"}
    assert await node(taken, "org") == {
        "id": "org",
        "name": "Org",
        "kind": "police",
        "website": "https://o.example",
        "digest": "o",
    }
    assert await node(taken, "narrow") == {
        "id": "narrow",
        "label_en": "narrow",
        "other_labels_en": ["other"],
        "labels": ["narrow", "other"],
        "definition": "What it is.",
        "digest": "t-narrow",
    }
    person = await node(taken, "expert")
    assert person.pop("joined").to_native() == date(2022, 2, 10)
    assert person == {
        "id": "expert",
        "name": "Expert",
        "headline": "Trainer",
        "other_names": [],
        "email": "expert@example.org",
        "phone": "+21671000000",
        "identifiers": [],
        "digest": "e",
        "version": 1,
        **{f"audience_{group}": Audience.MEMBERS for group in FieldGroup},
    }
    briefing = await node(taken, "event")
    assert briefing.pop("starts_at").to_native() == START
    assert briefing == {
        "id": "event",
        "title": "Event",
        "kind": "briefing",
        "format": "online",
        "status": "confirmed",
        "identifiers": [],
        "description": "About.",
        "digest": "v",
        "version": 1,
    }


async def test_relations_keep_their_properties(taken: Graph) -> None:
    rows = await taken.read(AROUND, id="expert")

    found = {(row["type"], row["other"]): {k: v for k, v in row["properties"].items() if v} for row in rows}
    assert found["EXPERT_IN", "narrow"] == {"level": "lead", "since": 2011}
    assert found["SPEAKS", "ar"] == {"level": "native"}
    assert found["AFFILIATED_WITH", "org"] == {"role": "Head", "from": "2014-09"}
    assert found["SPOKE_AT", "event"] == {
        "role": "speaker",
        "talk": "Talk",
        "starts_at": DateTime.from_native(START),
        "room": "Hall 2",
    }


async def test_a_changed_row_leaves_nothing_of_what_it_was(taken: Graph) -> None:
    async def work(tx: Transaction) -> None:
        await intake.store_topics(tx, [{**topic("narrow"), "names": {"label_en": "new", "other_labels_en": None}}])
        await intake.store_experts(tx, [expert(headline=None, country="MA", languages=[], topics=[], worked_in=[])])
        await intake.store_events(
            tx, [event(series=None, country=None, topics=[], languages=[], partners=[], starts_at=None)]
        )
        await intake.store_resources(tx, [resource(country=None, topics=[], languages=[], partners=[], authors=[])])
        await intake.store_projects(tx, [project(topics=[], countries=[], partners=[])])
        await intake.store_activities(tx, [activity(project=None, topics=[], countries=[], partners=[])])
        await intake.store_affiliations(tx, [affiliation(until="2022")])
        await intake.store_organisations(
            tx, [{"id": "org", "name": "Org", "kind": "police", "country": None, "website": None, "digest": "o2"}]
        )

    await taken.transact(work)

    assert await around(taken, "narrow") == []
    assert "other_labels_en" not in await node(taken, "narrow")
    assert await around(taken, "expert") == [
        "AFFILIATED_WITH> org",
        "ATTENDED> event",
        "BASED_IN> MA",
        "EVIDENCED_BY> p",
        "EVIDENCED_BY> profile:expert",
        "SPOKE_AT> event",
    ]
    assert "headline" not in await node(taken, "expert")
    assert await around(taken, "event") == ["ATTENDED< expert", "DRAWN_FROM< documents/a.md", "SPOKE_AT< expert"]
    assert "starts_at" not in await node(taken, "event")
    assert [await around(taken, id) for id in ("resource", "project", "activity")] == [[], [], []]
    assert await around(taken, "org") == ["AFFILIATED_WITH< expert"]
    rows = await taken.read("MATCH ()-[a:AFFILIATED_WITH]->() RETURN a.to AS until")
    assert rows == [{"until": "2022"}]


async def test_what_the_graph_holds_is_told_with_its_digests(taken: Graph) -> None:
    await taken.write("CREATE (:Expert {id: 'signed-up'})-[:ATTENDED]->(:Event {id: 'other'})")

    found = await intake.known(taken, OPERATOR)

    assert found.digests == {
        Kind.ORGANISATIONS: {"org": "o", "partner": "o"},
        Kind.TOPICS: {"narrow": "t-narrow", "broad": "t-broad"},
        Kind.SERIES: {"series": "s"},
        Kind.PROJECTS: {"project": "pr"},
        Kind.EXPERTS: {"expert": "e", "signed-up": None},
        Kind.EVENTS: {"event": "v", "other": None},
        Kind.RESOURCES: {"resource": "re"},
        Kind.ACTIVITIES: {"activity": "ac"},
        Kind.AFFILIATIONS: {"af": "af"},
        Kind.SPEAKERS: {"s": "sp"},
        Kind.ATTENDANCE: {"at": "at"},
        Kind.DOCUMENTS: {"documents/a.md": "d"},
    }
    assert found.broader == {"narrow": "broad"}
    assert await intake.known_passages(taken, OPERATOR) == [("p", "documents/a.md", "expert")]
    assert await intake.known_places(taken, OPERATOR, place=Place.REGIONS) == {"015": "r1", "001": "r2"}
    assert await intake.known_places(taken, OPERATOR, place=Place.COUNTRIES) == {"TN": "c", "MA": "c"}
    assert await intake.known_places(taken, OPERATOR, place=Place.LANGUAGES) == {"ar": "l", "fr": "l"}


async def test_an_empty_graph_holds_nothing(graph: Graph) -> None:
    found = await intake.known(graph, OPERATOR)

    nothing = intake.Known.nothing()
    assert (found.digests, found.broader) == (nothing.digests, nothing.broader)
    assert "expert" not in found.erased


@pytest.mark.parametrize(
    "remove, id, stale",
    [
        (intake.remove_organisations, "partner", {"event", "resource", "project", "activity"}),
        (intake.remove_topics, "narrow", {"expert", "event", "resource"}),
        (intake.remove_topics, "broad", {"narrow", "project", "activity"}),
        (intake.remove_series, "series", {"event"}),
        (intake.remove_projects, "project", {"activity"}),
        (intake.remove_experts, "expert", {"resource", "documents/a.md"}),
        (intake.remove_events, "event", {"documents/a.md"}),
        (intake.remove_resources, "resource", set()),
        (intake.remove_activities, "activity", set()),
    ],
)  # fmt: skip
async def test_what_named_a_removed_thing_is_stored_again_when_it_comes_next(
    taken: Graph, remove: Any, id: str, stale: set[str]
) -> None:
    await taken.transact(lambda tx: remove(tx, [id]))

    rows = await taken.read("MATCH (n) WHERE n.digest = '' RETURN n.id AS id")
    assert {row["id"] for row in rows} == stale
    assert await taken.read("MATCH (n {id: $id}) RETURN count(n) AS left", id=id) == [{"left": 0}]


async def test_a_removed_person_takes_the_passages_along(taken: Graph) -> None:
    await taken.transact(lambda tx: intake.remove_experts(tx, ["expert"]))

    assert await taken.read("MATCH (p:Passage) RETURN count(p) AS left") == [{"left": 0}]


async def test_relations_are_removed_by_their_ids(taken: Graph) -> None:
    async def work(tx: Transaction) -> None:
        await intake.remove_affiliations(tx, ["af", "none"])
        await intake.remove_speakers(tx, ["s"])
        await intake.remove_attendance(tx, ["at"])

    await taken.transact(work)

    assert not {"AFFILIATED_WITH> org", "SPOKE_AT> event", "ATTENDED> event"} & set(await around(taken, "expert"))


async def test_two_talks_at_one_event_are_two(taken: Graph) -> None:
    second = intake.SpeakerRecord(
        id="s2",
        event="event",
        expert="expert",
        role="panellist",
        talk="Two",
        starts_at=None,
        ends_at=None,
        room=None,
        language=None,
        url=None,
        digest="x",
    )

    await taken.transact(lambda tx: intake.store_speakers(tx, [second]))

    rows = await taken.read("MATCH ()-[s:SPOKE_AT]->() RETURN s.talk AS talk ORDER BY talk")
    assert [row["talk"] for row in rows] == ["Talk", "Two"]


async def test_the_networks_description_is_one_node(graph: Graph) -> None:
    await graph.transact(lambda tx: intake.store_network(tx, NetworkRecord(Network("First", "", is_fictional=False))))
    await graph.transact(
        lambda tx: intake.store_network(tx, NetworkRecord(Network("Sample", "Invented.", is_fictional=True)))
    )

    assert await describe(graph, OPERATOR) == Network("Sample", "Invented.", is_fictional=True)
    assert await graph.read("MATCH (n:Network) RETURN count(n) AS count") == [{"count": 1}]


IN_FORCE: LiteralString = "MATCH (e:Expert) RETURN e.audience_listing AS listing, e.audience_contact AS contact"
OPEN = NetworkRecord(
    Network("Sample", "", is_fictional=True),
    {FieldGroup.LISTING: Audience.EVERYONE, FieldGroup.CONTACT: Audience.EVERYONE},
)


async def test_the_networks_audiences_are_taken_before_it_has_people_and_in_force_for_them(graph: Graph) -> None:
    taken = await graph.transact(lambda tx: intake.store_network(tx, OPEN))
    await graph.transact(lambda tx: intake.store_experts(tx, [expert()]))

    assert taken == OPEN.audiences
    assert await graph.read(IN_FORCE) == [{"listing": 0, "contact": 0}]


async def test_no_load_shows_people_more_widely_who_are_there_already(taken: Graph) -> None:
    before = await taken.read(IN_FORCE)

    assert await taken.transact(lambda tx: intake.store_network(tx, OPEN)) == {}
    assert await taken.read(IN_FORCE) == before == [{"listing": 1, "contact": 1}]


async def test_the_audiences_that_an_administrator_set_first_stay(graph: Graph) -> None:
    await graph.write("CREATE (:Network {id: 'network', audience_profile: 2})")

    assert await graph.transact(lambda tx: intake.store_network(tx, OPEN)) == {}
    assert (await intake.known_network(graph, OPERATOR)).audiences == {FieldGroup.PROFILE: Audience.ORGANISERS}
    with pytest.raises(NotAllowed):
        await intake.known_network(graph, PUBLIC)
