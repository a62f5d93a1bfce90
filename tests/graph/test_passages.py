from datetime import UTC, date, datetime
from typing import Any

import pytest
from neo4j import AsyncGraphDatabase

from graph import intake
from graph.engine import Address
from graph.graph import CYPHER, Graph, Row, Transaction
from graph.intake import ExpertRecord, TopicRecord
from graph.passages import (
    RESTAMP,
    DocumentRecord,
    PassageRecord,
    name_stamps,
    passage_id,
    remove_documents,
    restamp,
    store_documents,
)

PASSAGES = """
MATCH (e:Expert)-[:EVIDENCED_BY]->(p:Passage)-[:PART_OF]->(d:Document)
RETURN e.id AS owner, p.text AS text, p.position AS position, p.title AS title, p.kind AS kind,
       p.language AS language, p.source AS source, p.occurred_on AS occurred_on, p.encoder AS encoder,
       p.stamps AS stamps, d.id AS document, p.id AS id
ORDER BY owner, document, position
"""


def topic(id: str, broader: str | None = None) -> TopicRecord:
    return TopicRecord(
        id=id,
        broader=broader,
        names={"label_en": id},
        labels=[id],
        definition=None,
        scheme=None,
        iri=None,
        exact_match=[],
        deprecated=None,
        digest="t",
    )


def expert(id: str, **changes: Any) -> ExpertRecord:
    record = ExpertRecord(
        id=id,
        name=id.title(),
        headline=None,
        other_names=[],
        email=None,
        phone=None,
        website=None,
        orcid=None,
        identifiers=[],
        country="TN",
        languages=[{"language": "fr", "level": "fluent"}, {"language": "ar", "level": "native"}],
        topics=[{"topic": "worship-stewards", "level": "lead", "since": 2011}],
        worked_in=[],
        joined=None,
        digest="e",
    )
    record.update(changes)  # type: ignore[typeddict-item]
    return record


def document(id: str, *texts: str, owners: tuple[str, ...] = ("salma",), **changes: Any) -> DocumentRecord:
    record = DocumentRecord(
        id=id,
        source=id,
        place=None,
        kind="talk",
        title="Three gestures",
        language="fr",
        occurred_on=date(2022, 6, 2),
        event=None,
        resource=None,
        passages=[
            PassageRecord(
                id=passage_id(owner=owner, document=id, text=text),
                owner=owner,
                text=text,
                position=position,
                place=f"page {position + 1}",
                language="fr",
            )
            for owner in owners
            for position, text in enumerate(texts)
        ],
        digest="d",
    )
    record.update(changes)  # type: ignore[typeddict-item]
    return record


@pytest.fixture
async def people(graph: Graph) -> Graph:
    """Two people who know a topic of three levels."""

    async def work(tx: Transaction) -> None:
        names = {"name_en": "name"}
        await intake.store_regions(tx, [{"id": "001", "names": names, "within": None, "digest": "r"}])
        await intake.store_countries(
            tx, [{"id": id, "names": names, "region": "001", "digest": "c"} for id in ("TN", "FR")]
        )
        await intake.store_languages(tx, [{"id": id, "names": names, "digest": "l"} for id in ("ar", "fr", "en")])
        await intake.store_topics(
            tx,
            [
                topic("vulnerable-places"),
                topic("religious-sites", "vulnerable-places"),
                topic("worship-stewards", "religious-sites"),
                topic("markets"),
            ],
        )
        await intake.store_experts(tx, [expert("salma"), expert("kofi", topics=[], languages=[], country="FR")])

    await graph.transact(work)
    return graph


async def stored(graph: Graph, *documents: DocumentRecord) -> list[Row]:
    at = datetime(2022, 6, 2, tzinfo=UTC)
    await graph.transact(lambda tx: store_documents(tx, documents, merged={}, folder="/network", at=at))
    return await graph.read(PASSAGES)


async def stamps(graph: Graph, owner: str = "salma") -> dict[str, list[str]]:
    """What the passages of a person are stamped with, by their kind."""
    rows = await graph.read("MATCH (:Expert {id: $owner})-[:EVIDENCED_BY]->(p:Passage) RETURN p {.*} AS p", owner=owner)
    return {row["p"]["kind"]: row["p"]["stamps"] for row in rows}


def test_a_passages_id_is_a_digest_of_owner_document_and_text() -> None:
    one = passage_id(owner="a", document="d", text="t")

    assert one == passage_id(owner="a", document="d", text="t")
    assert len({one, passage_id(owner="b", document="d", text="t"), passage_id(owner="ad", document="", text="t")}) == 3
    assert len(one) == 32


async def test_a_document_gives_each_owner_its_passages_with_stamps(people: Graph) -> None:
    rows = await stored(people, document("documents/a.md", "One.", "Two.", owners=("salma", "kofi")))

    assert [(row["owner"], row["text"], row["position"]) for row in rows] == [
        ("kofi", "One.", 0),
        ("kofi", "Two.", 1),
        ("salma", "One.", 0),
        ("salma", "Two.", 1),
    ]
    kofi, salma = rows[0], rows[2]
    assert (salma["title"], salma["kind"], salma["language"], salma["source"]) == (
        "Three gestures",
        "talk",
        "fr",
        "documents/a.md",
    )
    assert salma["occurred_on"].to_native() == date(2022, 6, 2)
    assert (salma["stamps"], kofi["stamps"]) == (["of_salma"], ["of_kofi"])


async def test_a_document_tells_what_it_is_drawn_from(people: Graph) -> None:
    event = intake.EventRecord(
        id="briefing",
        title="Briefing",
        kind="briefing",
        format=None,
        status=None,
        series=None,
        starts_at=datetime(2022, 6, 2, 12, tzinfo=UTC),
        ends_at=None,
        time_zone=None,
        place=None,
        capacity=None,
        url=None,
        identifiers=[],
        sequence=None,
        country=None,
        topics=[],
        languages=[],
        partners=[],
        description=None,
        digest="v",
    )
    await people.transact(lambda tx: intake.store_events(tx, [event]))
    await stored(people, document("documents/a.md", "One.", event="briefing"))
    await stored(people, document("documents/a.md", "One.", event="briefing"))

    rows = await people.read("MATCH (d:Document)-[:DRAWN_FROM]->(n) RETURN d.id AS document, n.id AS source")

    assert rows == [{"document": "documents/a.md", "source": "briefing"}]


async def test_a_changed_paragraph_makes_one_new_passage_and_the_others_keep_their_vectors(people: Graph) -> None:
    before = await stored(people, document("documents/a.md", "One.", "Two.", "Three."))
    await people.write("MATCH (p:Passage) SET p.encoder = 'revision'")

    after = await stored(people, document("documents/a.md", "One.", "New.", "Three."))

    assert [row["encoder"] for row in after] == ["revision", None, "revision"]
    assert [row["id"] for row in after if row["text"] != "New."] == [before[0]["id"], before[2]["id"]]


async def test_a_changed_title_sends_for_new_vectors(people: Graph) -> None:
    await stored(people, document("documents/a.md", "One."), document("documents/b.md", "One.", title=None))
    await people.write("MATCH (p:Passage) SET p.encoder = 'revision'")

    rows = await stored(
        people,
        document("documents/a.md", "One.", title="Four gestures"),
        document("documents/b.md", "One.", title=None, kind="article"),
    )

    assert [(row["title"], row["language"], row["encoder"]) for row in rows] == [
        ("Four gestures", "fr", None),
        (None, "fr", "revision"),
    ]


async def test_another_owner_takes_the_passages_over(people: Graph) -> None:
    await stored(people, document("documents/a.md", "One."))

    rows = await stored(people, document("documents/a.md", "One.", owners=("kofi",)))

    assert [(row["owner"], row["stamps"]) for row in rows] == [("kofi", ["of_kofi"])]


async def test_a_removed_document_takes_its_passages_along_and_no_others(people: Graph) -> None:
    await stored(people, document("documents/a.md", "One."), document("documents/b.md", "One."))

    await people.transact(lambda tx: remove_documents(tx, ["documents/a.md"]))

    assert [row["document"] for row in await people.read(PASSAGES)] == ["documents/b.md"]
    assert await people.read("MATCH (n:Document|Passage) WHERE n.kind = 'talk' RETURN count(n) AS c") == [{"c": 2}]


async def test_a_profile_is_stamped_with_names_as_every_script_has_them(people: Graph) -> None:
    await stored(people, document("documents/a.md", "One."))

    await people.transact(lambda tx: intake.store_experts(tx, [expert("salma", name="Salma", other_names=["سلمى"])]))

    assert await stamps(people) == {"talk": ["of_salma"], "profile": ["of_salma", "name_slm"]}


async def test_stamps_follow_the_person(people: Graph) -> None:
    await people.transact(lambda tx: intake.store_experts(tx, [expert("salma", name="Jean-Calvin Mbarga")]))

    assert await stamps(people) == {"profile": ["of_salma", *name_stamps(["jean", "calvin", "mbarga", "jeancalvin"])]}


async def test_only_the_people_named_are_restamped(people: Graph) -> None:
    await stored(people, document("documents/a.md", "One."))
    await people.write("MATCH (p:Passage) SET p.stamps = ['other']")

    await people.transact(lambda tx: restamp(tx, experts=["kofi"]))
    others_restamped = await stamps(people)
    await people.transact(lambda tx: restamp(tx, experts=["salma"]))

    assert others_restamped["talk"] == ["other"]
    assert (await stamps(people))["talk"] == ["of_salma"]


async def test_what_is_stamped_already_is_not_written(people: Graph, engine_address: Address) -> None:
    await stored(people, document("documents/a.md", "One."))

    async with AsyncGraphDatabase.driver(
        engine_address.uri, auth=(engine_address.user, engine_address.password.get_secret_value())
    ) as driver:
        names = {"salma": name_stamps(["salma"])}
        same = await driver.execute_query(CYPHER + RESTAMP, experts=["salma"], names=names)
        await people.write("MATCH (p:Passage {kind: 'talk'}) SET p.stamps = ['other']")
        other = await driver.execute_query(CYPHER + RESTAMP, experts=["salma"], names=names)

    assert same.summary.counters.properties_set == 0
    assert other.summary.counters.properties_set == 3


async def profiles(graph: Graph) -> dict[str, tuple[str, str, str | None]]:
    rows = await graph.read(
        "MATCH (e:Expert)-[:EVIDENCED_BY]->(p:Passage {kind: 'profile'}) "
        "RETURN e.id AS owner, p.title AS title, p.text AS text, p.encoder AS encoder"
    )
    return {row["owner"]: (row["title"], row["text"], row["encoder"]) for row in rows}


async def test_a_profile_has_the_headline_and_the_labels_of_what_the_person_knows(people: Graph) -> None:
    topics = [
        {"topic": "worship-stewards", "level": "lead", "since": 2011},
        {"topic": "markets", "level": "lead", "since": 2009},
    ]
    await people.transact(lambda tx: intake.store_experts(tx, [expert("salma", headline="Trainer", topics=topics)]))

    assert await profiles(people) == {
        "salma": ("Salma", "Trainer; markets; worship-stewards", None),
        "kofi": ("Kofi", "", None),
    }


@pytest.mark.parametrize(
    "change, waits",
    [
        (lambda tx: intake.store_experts(tx, [expert("salma", country="FR")]), False),
        (lambda tx: intake.store_experts(tx, [expert("salma", headline="Trainer")]), True),
        (lambda tx: intake.store_experts(tx, [expert("salma", name="Salma B.")]), True),
        (lambda tx: intake.store_topics(tx, [topic("religious-sites", "markets")]), False),
        (lambda tx: intake.store_topics(tx, [topic("worship-stewards") | {"names": {"label_en": "Stewards"}}]), True),
    ],
    ids=["moved", "another headline", "another name", "topic moved", "topic renamed"],
)
async def test_a_profile_waits_for_a_new_vector_when_its_words_change(people: Graph, change: Any, waits: bool) -> None:
    await people.write("MATCH (p:Passage) SET p.encoder = 'revision'")

    await people.transact(change)

    assert ((await profiles(people))["salma"][2] is None) == waits
