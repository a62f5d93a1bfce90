"""Two people become one, in a real graph that real files were loaded into."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from graph import accounts, changes, consents, erasure, export
from graph.consents import How, Purpose
from graph.errors import NoSuchExpert
from graph.graph import Graph, Transaction
from graph.intake import known_names
from graph.passages import hold_stamps, restamp
from graph.people import merging
from graph.people.duplicates import keep_apart
from graph.people.merging import CannotMerge, merge
from graph.people.undoing import undo
from graph.permissions import NotAllowed
from graph.provenance import of
from graph.values import ExpertId
from graph.viewer import Audience, FieldGroup, Role
from ingest import load
from tests.graph.people.duplicated import (
    AMA,
    FILES,
    KOFI,
    OPERATOR,
    ORGANISER,
    SECOND,
    everything,
    invited,
    loaded,
    person,
    texts,
    written,
)

FOUND = """
CALL db.index.fulltext.queryNodes('passage_text_1', $words) YIELD node AS p
MATCH (e:Expert)-[:EVIDENCED_BY]->(p) RETURN DISTINCT e.id AS id ORDER BY id
"""
WAITING = "SHOW TRANSACTIONS YIELD status WHERE status STARTS WITH 'Blocked' RETURN count(*) AS blocked"
IN_FORCE = """
MATCH (e:Expert {id: $expert})
UNWIND $groups AS group
RETURN group, e['audience_' + group] AS audience
"""


async def in_force(graph: Graph, expert: str) -> dict[str, int]:
    rows = await graph.read(IN_FORCE, expert=expert, groups=list(FieldGroup))
    return {row["group"]: row["audience"] for row in rows}


async def test_what_is_known_of_both_is_known_of_the_one(graph: Graph, folder: Path) -> None:
    merged = await merge(graph, OPERATOR, keep=AMA, gone=SECOND)

    one = await person(graph, AMA)
    assert await person(graph, SECOND) == {}
    assert (one["name"], one["other_names"], one["email"]) == ("Ama Testperson", ["Amah Testperson"], "ama@example.org")
    assert await texts(graph, AMA) == [
        "Open doors and watchful eyes.",
        "She drafted the statute on crowded squares.",
        "She teaches ushers to greet whoever comes in.",
    ]
    assert {one.field: one.after for one in merged.differences} == {
        "other_names": "Amah Testperson",
        "languages": "ar:native; en:fluent; fr:fluent",
        "topics": "law:practitioner; stewards:lead",
        "worked_in": "FR; TN",
        "spoke_at": "briefing; workshop",
        "authored": "guide",
        "away": "2027-01-04/2027-01-05; 2027-03-01/2027-03-02",
    }
    related = "MATCH (:Expert {id: 'ama'})-[r:ATTENDED|AFFILIATED_WITH]->(n) RETURN type(r) AS type, count(*) AS count"
    assert {row["type"]: row["count"] for row in await graph.read(related)} == {"ATTENDED": 1, "AFFILIATED_WITH": 2}


async def test_search_finds_the_one_by_both_peoples_passages(graph: Graph, folder: Path) -> None:
    await merge(graph, OPERATOR, keep=AMA, gone=SECOND)
    await graph.read("CALL db.awaitIndexes(60)")

    assert await graph.read(FOUND, words="statute") == [{"id": "ama"}]
    assert await graph.read(FOUND, words="ushers") == [{"id": "ama"}]


async def test_a_dry_run_tells_the_same_and_changes_nothing(graph: Graph, folder: Path) -> None:
    before = await everything(graph)

    rehearsed = await merge(graph, OPERATOR, keep=AMA, gone=SECOND, dry_run=True)

    assert await everything(graph) == before
    assert rehearsed == await merge(graph, OPERATOR, keep=AMA, gone=SECOND)


async def test_the_same_folder_again_changes_nothing(graph: Graph, folder: Path) -> None:
    await merge(graph, OPERATOR, keep=AMA, gone=SECOND)
    before = await everything(graph)

    report = await loaded(graph, folder)

    assert {name for name, of_kind in report.kinds.items() if of_kind.created or of_kind.changed} == set()
    assert await everything(graph) == before


async def test_a_roster_that_changes_the_one_who_is_gone_changes_the_one_who_is_kept(
    graph: Graph, folder: Path
) -> None:
    await merge(graph, OPERATOR, keep=AMA, gone=SECOND)
    written(folder, experts=FILES["experts.csv"].replace("Amah Testperson", "Amma Testperson"))

    await loaded(graph, folder)

    assert (await person(graph, AMA))["other_names"] == ["Amma Testperson"]
    assert await person(graph, SECOND) == {}


async def test_what_somebody_wrote_of_themselves_goes_before_what_files_say(graph: Graph, folder: Path) -> None:
    joined = await invited(graph, "amaha@example.org", "Amaha Testperson")

    await merge(graph, OPERATOR, keep=AMA, gone=joined)
    written(folder, experts=FILES["experts.csv"].replace("Trainer of stewards", "Trainer of ushers"))
    await loaded(graph, folder)

    one = await person(graph, AMA)
    assert (one["name"], one["headline"], one["email"]) == (
        "Amaha Testperson", "I am Amaha Testperson", "amaha@example.org",
    )  # fmt: skip
    assert one["other_names"] == ["Ama Testperson"]
    facts = {fact.value: fact.places[0].source for fact in await of(graph, OPERATOR, id=AMA)}
    assert facts["I am Amaha Testperson"] == "own word"


async def test_who_claimed_a_profile_keeps_the_name_that_they_gave_themselves(graph: Graph, folder: Path) -> None:
    claimed = await invited(graph, "ama@example.org", "Ama the Younger")
    before = await everything(graph)

    await merge(graph, OPERATOR, keep=claimed, gone=SECOND)
    name = (await person(graph, AMA))["name"]
    await undo(graph, OPERATOR, gone=SECOND)

    assert (claimed, name) == (AMA, "Ama the Younger")
    assert await everything(graph) == before


async def test_the_account_moves_along_and_its_holder_is_the_one(graph: Graph, folder: Path) -> None:
    account = await accounts.create(graph, OPERATOR, email="amah@example.org", role=Role.MEMBER, expert=SECOND)

    await merge(graph, OPERATOR, keep=AMA, gone=SECOND)

    found = await accounts.by_id(graph, OPERATOR, id=account.id)
    assert found is not None
    assert (found.expert, found.viewer.person) == (AMA, AMA)


async def test_a_relation_that_nobody_thought_of_moves_along_and_back(graph: Graph, folder: Path) -> None:
    await graph.write(
        "MATCH (e:Expert {id: 'ama-2'}), (k:Expert {id: 'kofi'}) CREATE (e)-[:MENTORS {since: 2024}]->(k), "
        "(k)-[:THANKS {day: date('2024-05-06')}]->(e) SET e.motto = 'Look twice'"
    )
    before = await everything(graph)

    await merge(graph, OPERATOR, keep=AMA, gone=SECOND)

    between = (
        "MATCH (:Expert {id: 'ama'})-[r:MENTORS|THANKS]-(:Expert {id: 'kofi'}) RETURN type(r) AS type ORDER BY type"
    )
    assert [row["type"] for row in await graph.read(between)] == ["MENTORS", "THANKS"]
    assert (await person(graph, AMA))["motto"] == "Look twice"
    await undo(graph, OPERATOR, gone=SECOND)
    assert await everything(graph) == before


async def test_who_withdrew_once_has_withdrawn_and_can_agree_again(graph: Graph, folder: Path) -> None:
    await consents.decide(graph, OPERATOR, expert=SECOND, purpose=Purpose.CONTACTED, given=False, how=How.PAPER)
    await consents.decide(graph, OPERATOR, expert=AMA, purpose=Purpose.CONTACTED, given=True, how=How.PAPER)

    await merge(graph, OPERATOR, keep=AMA, gone=SECOND)

    history, _ = await consents.history_of(graph, OPERATOR, expert=AMA)
    assert [(one.given, one.how) for one in history] == [
        (False, How.MERGE), (True, How.PAPER), (False, How.PAPER),
    ]  # fmt: skip
    assert (await in_force(graph, AMA))["contact"] == Audience.NOBODY
    await consents.decide(graph, OPERATOR, expert=AMA, purpose=Purpose.CONTACTED, given=True, how=How.PAPER)
    assert (await in_force(graph, AMA))["contact"] == Audience.MEMBERS


CHOICES = st.dictionaries(st.sampled_from(list(FieldGroup)), st.sampled_from(list(Audience)), max_size=4)
WITHDRAWALS = st.lists(st.sampled_from(list(Purpose)), unique=True, max_size=2)
SET_BOTH = """
UNWIND $people AS row
MATCH (e:Expert {id: row.id})
SET e += row.properties
"""
SET_NETWORK = "MERGE (n:Network {id: 'network'}) SET n = {id: 'network'} SET n += $audiences"
STAMPS = """
MATCH (e:Expert)-[:EVIDENCED_BY]->(p:Passage) WHERE e.id IN $people AND p.kind <> 'profile'
RETURN p.text + coalesce(p.source, '') AS passage, max(p.audience) AS audience, max(coalesce(p.found_by, 3)) AS found_by
"""


@settings(
    deadline=None, max_examples=20, phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck)
)
@given(choices=st.tuples(CHOICES, CHOICES, CHOICES), withdrawn=st.tuples(WITHDRAWALS, WITHDRAWALS))
async def test_nothing_becomes_more_visible(
    graph: Graph,
    tmp_path_factory: pytest.TempPathFactory,
    choices: Sequence[dict[FieldGroup, Audience]],
    withdrawn: Sequence[list[Purpose]],
) -> None:
    if not await person(graph, AMA):
        await loaded(graph, written(tmp_path_factory.mktemp("network")))
    nothing = {f"chosen_{group}": None for group in FieldGroup}
    people = [
        {
            "id": id,
            "properties": nothing
            | {f"chosen_{group}": int(audience) for group, audience in chosen.items()}
            | {"withdrawn": [purpose.value for purpose in purposes]},
        }
        for id, chosen, purposes in zip((AMA, SECOND), choices, withdrawn, strict=False)
    ]
    await graph.write(SET_NETWORK, audiences={f"audience_{group}": int(of) for group, of in choices[2].items()})
    await graph.write(SET_BOTH, people=people)
    await graph.transact(lambda tx: restamp(tx, experts=[AMA, SECOND]))
    before = [await in_force(graph, id) for id in (AMA, SECOND)]
    passages = {row["passage"]: row for row in await graph.read(STAMPS, people=[AMA, SECOND])}

    await merge(graph, OPERATOR, keep=AMA, gone=SECOND)

    after = await in_force(graph, AMA)
    assert {group: audience for group, audience in after.items() if audience < max(one[group] for one in before)} == {}
    for row in await graph.read(STAMPS, people=[AMA]):
        assert row["audience"] >= passages[row["passage"]]["audience"]
        assert row["found_by"] >= passages[row["passage"]]["found_by"]
    await undo(graph, OPERATOR, gone=SECOND)
    assert [await in_force(graph, id) for id in (AMA, SECOND)] == before


@pytest.mark.parametrize("stopped_at", ["settle", "restamp"])
async def test_stopped_in_the_middle_nothing_is_done(
    graph: Graph, folder: Path, monkeypatch: pytest.MonkeyPatch, stopped_at: str
) -> None:
    before = await everything(graph)

    async def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(merging, stopped_at, stop)
        with pytest.raises(KeyboardInterrupt):
            await merge(graph, OPERATOR, keep=AMA, gone=SECOND)
    assert await everything(graph) == before


async def test_two_who_merge_at_once_merge_once(graph: Graph, folder: Path) -> None:
    done = await asyncio.gather(
        merge(graph, OPERATOR, keep=AMA, gone=SECOND),
        merge(graph, OPERATOR, keep=SECOND, gone=AMA),
        return_exceptions=True,
    )

    assert sorted(type(one).__name__ for one in done) == ["CannotMerge", "Merged"]


async def test_who_cannot_be_merged_is_told_why(graph: Graph, folder: Path) -> None:
    for keep, gone, said in [
        (AMA, AMA, "they are the same id"),
        (AMA, ExpertId("nobody"), "There is no expert 'nobody'"),
        (ExpertId("nobody"), AMA, "There is no expert 'nobody'"),
    ]:
        with pytest.raises((CannotMerge, NoSuchExpert), match=said):
            await merge(graph, OPERATOR, keep=keep, gone=gone)
    await keep_apart(graph, OPERATOR, one=KOFI, other=AMA)
    await accounts.create(graph, OPERATOR, email="ama@example.org", role=Role.MEMBER, expert=AMA)
    await accounts.create(graph, OPERATOR, email="amah@example.org", role=Role.MEMBER, expert=SECOND)
    with pytest.raises(CannotMerge, match="somebody said that they are two"):
        await merge(graph, OPERATOR, keep=AMA, gone=KOFI)
    with pytest.raises(CannotMerge, match="both have an account"):
        await merge(graph, OPERATOR, keep=AMA, gone=SECOND)
    await graph.write("MATCH (a:Expert {id: 'kofi'}), (b:Expert {id: 'ama-2'}) CREATE (a)-[:MENTORS]->(b)")
    with pytest.raises(CannotMerge, match=r"one is related to the other \(MENTORS\)"):
        await merge(graph, OPERATOR, keep=KOFI, gone=SECOND)
    await graph.write("CREATE (:Expert {id: 'old', name: 'Old Testperson', digest: 'x'})")
    with pytest.raises(CannotMerge, match="'old' was loaded by an earlier release"):
        await merge(graph, OPERATOR, keep=KOFI, gone=ExpertId("old"))


async def test_nobody_is_merged_twice_or_in_circles(graph: Graph, folder: Path) -> None:
    await merge(graph, OPERATOR, keep=AMA, gone=SECOND)

    for keep, gone in [(AMA, SECOND), (SECOND, AMA), (KOFI, SECOND), (SECOND, KOFI)]:
        with pytest.raises(CannotMerge, match="'ama-2' was merged into 'ama' already"):
            await merge(graph, OPERATOR, keep=keep, gone=gone)


async def test_administrators_alone_merge_and_undo_and_it_is_written_down(graph: Graph, folder: Path) -> None:
    with pytest.raises(NotAllowed):
        await merge(graph, ORGANISER, keep=AMA, gone=SECOND)
    await merge(graph, OPERATOR, keep=AMA, gone=SECOND)
    with pytest.raises(NotAllowed):
        await undo(graph, ORGANISER, gone=SECOND)
    await undo(graph, OPERATOR, gone=SECOND)

    log = [change for _, change in (await changes.page(graph, OPERATOR, first=2)).entries]
    assert [(one.verb, one.subject, one.after) for one in log] == [
        ("merge undone", "expert:ama", {"with": "ama-2"}),
        ("merged", "expert:ama", {"with": "ama-2"}),
    ]


async def test_the_export_has_what_every_source_says_and_the_merge_and_nothing_of_who_is_apart(
    graph: Graph, folder: Path
) -> None:
    await keep_apart(graph, OPERATOR, one=KOFI, other=SECOND)
    await merge(graph, OPERATOR, keep=AMA, gone=SECOND)

    about = await export.about(graph, OPERATOR, expert=AMA)

    said = [one["leads_to"]["said"] for one in about["person"]["relations"]["SAID_OF"]]
    assert sum("Amah Testperson" in one for one in said) == 1
    assert [(one["gone"], one["kept"]) for one in about["merges"]] == [("ama-2", "ama")]
    assert [sorted(one) for one in about["kept_apart"]] == [["at", "by"]]
    assert [one["verb"] for one in about["changes"]] == ["kept apart", "merged"]


async def test_erased_nothing_of_either_is_left_and_neither_comes_back(graph: Graph, folder: Path) -> None:
    written(
        folder,
        speakers=FILES["speakers.csv"] + "workshop,kofi,speaker,With Amah Testperson\n",
        experts=FILES["experts.csv"].replace("Kofi Otherperson,,", "Kofi Otherperson,Friend of Ama Testperson,"),
    )
    await loaded(graph, folder)
    await keep_apart(graph, OPERATOR, one=KOFI, other=SECOND)
    await merge(graph, OPERATOR, keep=AMA, gone=SECOND)

    said = str(await everything(graph))
    await erasure.erase(graph, OPERATOR, expert=AMA)

    assert all(one in said for one in ("woman", "2027-03-01/", "Date(2027, 3, 1)"))
    left = str(await everything(graph)) + str(await graph.read("MATCH (c:Change) RETURN c {.*} AS c"))
    names = ("Amah", "Ama ", "ama-2", "amah@example.org", "ushers", "statute")
    assert [word for word in (*names, "woman", "2027-03-01/", "Date(2027, 3, 1)") if word in left] == []
    people = await erasure.erased_people(graph, OPERATOR)
    assert [one in people for one in ("ama", "ama-2", "ama@example.org", "amah@example.org", "kofi")] == [True] * 4 + [
        False
    ]
    report = await load(graph, OPERATOR, folder)
    assert {refusal.value for refusal in report.refusals if "was erased" in refusal.reason} == {"ama", "ama-2"}
    assert {row["node"]["id"] for row in await everything(graph) if row["labels"] == ["Expert"]} == {"kofi"}


async def test_what_was_said_is_known_to_whoever_brings_files(graph: Graph, folder: Path) -> None:
    await keep_apart(graph, OPERATOR, one=KOFI, other=SECOND)
    await merge(graph, OPERATOR, keep=AMA, gone=SECOND)

    names = await known_names(graph, OPERATOR)

    assert names.merged == {"ama-2": "ama"}
    assert names.distinct == {frozenset(("ama", "kofi"))}


async def test_what_is_said_of_two_while_they_are_merged_is_waited_for(graph: Graph, folder: Path) -> None:
    said, blocked = asyncio.Event(), asyncio.Event()

    async def keep_them_apart(tx: Transaction) -> None:
        await hold_stamps(tx)
        await tx.run("CREATE (:Distinct {id: 'ama ama-2', one: 'ama', other: 'ama-2'})")
        said.set()
        await blocked.wait()

    apart = asyncio.create_task(graph.transact(keep_them_apart))
    await said.wait()
    merging_them = asyncio.create_task(merge(graph, OPERATOR, keep=AMA, gone=SECOND))
    while not (await graph.read(WAITING))[0]["blocked"]:
        assert not merging_them.done()
    blocked.set()
    await apart

    with pytest.raises(CannotMerge, match="somebody said that they are two"):
        await merging_them


async def test_a_roster_that_is_loaded_while_people_are_merged_brings_nobody_back(graph: Graph, folder: Path) -> None:
    merged, blocked = asyncio.Event(), asyncio.Event()
    written(folder, experts=FILES["experts.csv"].replace("Amah Testperson", "Amma Testperson"))

    async def merge_them(tx: Transaction) -> None:
        await hold_stamps(tx)
        await merging._merge(tx, OPERATOR, keep=AMA, gone=SECOND)
        merged.set()
        await blocked.wait()

    merges = asyncio.create_task(graph.transact(merge_them))
    await merged.wait()
    loads = asyncio.create_task(loaded(graph, folder))
    while not (await graph.read(WAITING))[0]["blocked"]:
        assert not loads.done()
    blocked.set()
    await asyncio.gather(merges, loads)

    assert await person(graph, SECOND) == {}
    assert (await person(graph, AMA))["other_names"] == ["Amma Testperson"]


async def test_evidence_keeps_its_vectors_there_and_back(graph: Graph, folder: Path) -> None:
    await graph.write(
        "MATCH (p:Passage) SET p.embedding = [0.6, 0.8], p.encoder = 'x', p.sentences = [], p.sentence_vectors = $none",
        none=b"",
    )
    evidence = """
    MATCH (e:Expert)-[:EVIDENCED_BY]->(p:Passage) WHERE p.kind <> 'profile'
    RETURN e.id AS id, count(*) AS passages, count(p.embedding) AS vectors, count(p.encoder) AS encoded,
           count(p.sentences) AS cut, count(p.sentence_vectors) AS of_sentences
    ORDER BY id
    """
    before = await graph.read(evidence)

    await merge(graph, OPERATOR, keep=AMA, gone=SECOND)

    assert [tuple(row.values()) for row in await graph.read(evidence)] == [
        ("ama", 3, 3, 3, 3, 3),
        ("kofi", 1, 1, 1, 1, 1),
    ]
    await undo(graph, OPERATOR, gone=SECOND)
    assert await graph.read(evidence) == before
    assert [tuple(row.values()) for row in before] == [
        ("ama", 2, 2, 2, 2, 2),
        ("ama-2", 2, 2, 2, 2, 2),
        ("kofi", 1, 1, 1, 1, 1),
    ]
