"""What people change in their profiles: it counts before files, is found at once, and nobody overwrites anybody."""

import asyncio
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph import accounts, changes, erasure, export
from graph.errors import NoSuchExpert
from graph.fields import InvalidFields
from graph.filters import ExpertFilter, narrowed
from graph.graph import Graph
from graph.people import profiles
from graph.people.merging import merge
from graph.people.profiles import OtherVersion, Profile, ProfileChanges, update
from graph.people.undoing import undo
from graph.permissions import NotAllowed
from graph.provenance import of, remove_source
from graph.search.candidates import EVERYWHERE, PASSING
from graph.values import ExpertId, Gender, TopicId
from graph.viewer import PUBLIC, Role, Scope, Viewer
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
    written,
)

OWN = Viewer(Role.MEMBER, person=AMA, actor="account:ama")
ALL: ProfileChanges = {
    "name": "Ama  Newname",
    "other_names": ["Ama T.", "Ama Newname"],
    "headline": "Adviser to mosques",
    "website": "https://ama.example.org",
    "orcid": "https://orcid.org/0000-0002-1825-0097",
    "phone": "+216 71 234 567",
    "email": "ama@example.net",
    "country": "fr",
    "worked_in": ["GH", "TN"],
    "languages": [{"language": "en", "level": "working"}],
    "topics": [{"topic": "law", "level": "familiar", "since": 2020}],
    "gender": Gender.WOMAN,
    "away": ["2027-03-01/2027-03-10", " 2027-01-04/2027-01-04 "],
}
RELATED = """
MATCH (e:Expert {id: $expert})
RETURN COLLECT { MATCH (e)-[:BASED_IN]->(c) RETURN c.id } AS country,
       COLLECT { MATCH (e)-[:WORKED_IN]->(c) RETURN c.id ORDER BY c.id } AS worked_in,
       COLLECT { MATCH (e)-[s:SPEAKS]->(l) RETURN l.id + ':' + s.level ORDER BY l.id } AS languages,
       COLLECT { MATCH (e)-[x:EXPERT_IN]->(t)
                 RETURN t.id + ':' + x.level + ':' + coalesce(toString(x.since), '') ORDER BY t.id } AS topics
"""
RECORDS = "MATCH (r:Record {kind: 'experts'})-[:FROM]->(s:Source) RETURN DISTINCT s.id AS source ORDER BY source"


async def version_of(graph: Graph, expert: str = AMA) -> int:
    version: int = (await person(graph, expert))["version"]
    return version


async def changed(graph: Graph, expert: ExpertId = AMA, *, viewer: Viewer = OWN, **given: Any) -> Profile:
    """Change a profile whose version is known."""
    version = (await person(graph, expert)).get("version", 0)
    return await update(graph, viewer, expert=expert, expected_version=version, changes=given)  # type: ignore[arg-type]


async def knowing(graph: Graph, topic: str) -> list[str]:
    """Who passes a filter on a topic, as organisers ask."""
    only = ExpertFilter(topics=frozenset({TopicId(topic)}))
    (found,) = await graph.read(narrowed(EVERYWHERE + PASSING, only), reach=2, most=100, **only.parameters())
    return sorted(found["people"])


async def related(graph: Graph, expert: str = AMA) -> dict[str, list[str]]:
    return (await graph.read(RELATED, expert=expert))[0]


def said_alone(properties: Mapping[str, Any]) -> tuple[str, list[tuple[date, date]]]:
    """What a person says they are, and the first and last days on which they are away."""
    days = [[day.to_native() for day in properties[name]] for name in ("away_from", "away_until")]
    return properties["gender"], list(zip(*days, strict=True))


async def refused(graph: Graph, changes: ProfileChanges) -> list[tuple[str, ...]]:
    """The paths of what is wrong."""
    with pytest.raises(InvalidFields) as refusal:
        await update(graph, OWN, expert=AMA, expected_version=await version_of(graph), changes=changes)
    return [tuple(map(str, problem.path)) for problem in refusal.value.problems]


async def test_a_person_says_all_of_it_anew(graph: Graph, folder: Path) -> None:
    before = await version_of(graph)

    profile = await update(graph, OWN, expert=AMA, expected_version=before, changes=ALL)

    now = await person(graph, AMA)
    assert profile == Profile(AMA, before + 1)
    assert {name: now[name] for name in ("name", "other_names", "headline", "website", "orcid", "phone", "email")} == {
        "name": "Ama Newname",
        "other_names": ["Ama T."],
        "headline": "Adviser to mosques",
        "website": "https://ama.example.org",
        "orcid": "0000-0002-1825-0097",
        "phone": "+21671234567",
        "email": "ama@example.net",
    }
    assert said_alone(now) == (
        "woman",
        [(date(2027, 1, 4), date(2027, 1, 4)), (date(2027, 3, 1), date(2027, 3, 10))],
    )
    assert await related(graph) == {
        "country": ["FR"],
        "worked_in": ["GH", "TN"],
        "languages": ["en:working"],
        "topics": ["law:familiar:2020"],
    }


async def test_what_is_left_out_stays_and_null_takes_away_what_a_file_says(graph: Graph, folder: Path) -> None:
    await changed(graph, headline=None, topics=None, email=" ")

    now = await person(graph, AMA)
    assert [now.get(name) for name in ("name", "headline", "email")] == ["Ama Testperson", None, None]
    assert (await related(graph))["topics"] == []
    assert (await related(graph))["languages"] == ["ar:native", "fr:fluent"]


async def test_a_person_takes_back_their_gender_and_when_they_are_away(graph: Graph, folder: Path) -> None:
    await changed(graph, gender=Gender.OTHER, away=["2027-01-04/2027-01-05"])
    before = said_alone(await person(graph, AMA))

    await changed(graph, gender=None, away=[])

    assert before == ("other", [(date(2027, 1, 4), date(2027, 1, 5))])
    assert {"gender", "away_from", "away_until"} & set(await person(graph, AMA)) == set()


async def test_nothing_given_is_nothing_changed(graph: Graph, folder: Path) -> None:
    before = await everything(graph)

    profile = await changed(graph)

    assert profile.version == await version_of(graph)
    assert await everything(graph) == before


async def test_a_topic_that_is_taken_away_finds_them_no_more(graph: Graph, folder: Path) -> None:
    await changed(graph, topics=[{"topic": "law", "level": "lead", "since": None}], country="FR", languages=[])

    found = {topic: await knowing(graph, topic) for topic in ("stewards", "prevention", "law")}
    assert found == {"stewards": [], "prevention": [], "law": [AMA, SECOND, KOFI]}


async def test_a_file_that_is_loaded_again_does_not_undo_it(graph: Graph, folder: Path) -> None:
    await changed(graph, headline=None, topics=[], languages=[{"language": "en", "level": "basic"}])
    roster = (
        FILES["experts.csv"].replace("Trainer of stewards", "Teacher").replace("ama@example.org,TN", "a@b.example,GH")
    )
    version = await version_of(graph)

    await loaded(graph, written(folder, experts=roster))

    now = await person(graph, AMA)
    assert (now.get("headline"), now["email"]) == (None, "a@b.example")
    assert await related(graph) == {
        "country": ["GH"], "worked_in": ["TN"], "languages": ["en:basic"], "topics": [],
    }  # fmt: skip
    assert now["version"] == version + 1


async def test_loading_what_is_known_raises_no_version(graph: Graph, folder: Path) -> None:
    await changed(graph, headline="Adviser")
    before = await everything(graph)
    version = await version_of(graph)

    await loaded(graph, folder)

    assert await everything(graph) == before
    assert await version_of(graph) == version


async def test_the_name_of_a_file_is_one_of_the_other_names_unless_the_person_says_which_they_have(
    graph: Graph, folder: Path
) -> None:
    await changed(graph, name="Ama Newname")
    first = (await person(graph, AMA))["other_names"]
    await changed(graph, other_names=[])
    await loaded(graph, written(folder, experts=FILES["experts.csv"].replace("Ama Testperson", "Ama Test")))

    assert first == ["Ama Testperson"]
    assert (await person(graph, AMA))["other_names"] == []


async def test_who_is_in_no_file_any_more_goes_with_what_they_changed(graph: Graph, folder: Path) -> None:
    await changed(graph, headline="Adviser")

    removed = await remove_source(graph, OPERATOR, source="experts.csv")

    assert removed.people == 3
    assert await person(graph, AMA) == {}
    assert await graph.read(RECORDS) == []


async def test_what_names_somebody_who_goes_is_refused_though_they_had_changed_their_profile(
    graph: Graph, folder: Path
) -> None:
    await changed(graph, KOFI, viewer=OPERATOR, headline="Adviser")
    roster = "".join(FILES["experts.csv"].splitlines(keepends=True)[:3])

    report = await load(graph, OPERATOR, written(folder, experts=roster), prune=True)

    assert await person(graph, KOFI) == {}
    assert {refusal.value for refusal in report.refusals} == {"kofi"}


async def test_where_it_comes_from_is_told(graph: Graph, folder: Path) -> None:
    await changed(graph, headline="Adviser")
    await changed(graph, viewer=OPERATOR, website="https://ama.example.org")

    facts = {
        (fact.name, fact.value): [place.source for place in fact.places] for fact in await of(graph, OPERATOR, id=AMA)
    }

    assert facts["headline", "Adviser"] == ["own profile"]
    assert facts["headline", "Trainer of stewards"] == ["experts.csv"]
    assert facts["website", "https://ama.example.org"] == ["own profile"]


@pytest.mark.parametrize(
    "viewer",
    [
        PUBLIC,
        Viewer(Role.MEMBER, person=KOFI),
        ORGANISER,
        Viewer(Role.MEMBER, person=AMA, scopes=frozenset({Scope.READ_MEMBERS})),
        Viewer(Role.ADMINISTRATOR, scopes=frozenset(Scope) - {Scope.ADMINISTER}),
    ],
)
async def test_nobody_else_changes_it_or_learns_who_there_is(graph: Graph, folder: Path, viewer: Viewer) -> None:
    before = await everything(graph)

    for expert in (AMA, ExpertId("nobody")):
        with pytest.raises(NotAllowed, match="the person and administrators may"):
            await update(graph, viewer, expert=expert, expected_version=1, changes={"headline": "Mine"})

    assert await everything(graph) == before


async def test_administrators_change_it_for_them(graph: Graph, folder: Path) -> None:
    await changed(graph, viewer=OPERATOR, headline="Adviser")

    assert (await person(graph, AMA))["headline"] == "Adviser"
    with pytest.raises(NoSuchExpert):
        await update(graph, OPERATOR, expert=ExpertId("nobody"), expected_version=1, changes={"headline": "Adviser"})


async def test_all_that_is_wrong_is_told_and_nothing_is_changed(graph: Graph, folder: Path) -> None:
    before = await everything(graph)

    paths = await refused(
        graph,
        {
            "name": None,
            "other_names": ["Ama", "", "Ama"],
            "headline": "x" * 301,
            "website": "javascript:alert(1)",
            "orcid": "0000-0002-1825-0098",
            "phone": "71 000 000",
            "email": "ama",
            "country": "XX",
            "worked_in": ["TN", "Tunisia", "TN"],
            "languages": [{"language": "xx", "level": "fluent"}],
            "topics": [
                {"topic": "law", "level": "lead", "since": 1800},
                {"topic": "nothing", "level": "lead", "since": None},
                {"topic": "law", "level": "lead", "since": None},
            ],
        },
    )

    assert paths == [
        ("country",), ("email",), ("headline",), ("languages", "0", "language"), ("name",), ("orcid",),
        ("other_names", "1"), ("other_names", "2"), ("phone",), ("topics", "0", "since"), ("topics", "1", "topic"),
        ("topics", "2", "topic"), ("website",), ("worked_in", "1"), ("worked_in", "2"),
    ]  # fmt: skip
    assert await everything(graph) == before


@pytest.mark.parametrize(
    "given",
    [
        {"name": " "},
        {"headline": "Ama\u202eeno"},
        {"website": "ftp://example.org"},
        {"website": "https://exa mple.org"},
        {"orcid": "1825"},
        {"phone": "+216 71 234 567 ext. 8"},
        {"email": "ama@example.org\nBcc: kofi@example.org"},
        {"other_names": [str(number) for number in range(51)]},
        {"topics": [{"topic": "law", "level": "lead", "since": 2999}]},
        {"away": ["2027-03-10/2027-03-01"]},
        {"away": ["2027-03-01/"]},
        {"away": ["2027-03-01"]},
        {"away": ["2027-02-29/2027-03-01"]},
        {"away": [""]},
        {"away": ["2027-03-01/2027-03-10", "2027-03-01 / 2027-03-10"]},
        {"away": [f"2027-01-01/{2100 + year}-01-01" for year in range(51)]},
    ],
)
async def test_what_cannot_be_kept_is_refused(graph: Graph, folder: Path, given: ProfileChanges) -> None:
    (path,) = await refused(graph, given)

    assert path[0] == next(iter(given))


async def test_of_two_who_saw_the_same_one_is_told_of_the_other(graph: Graph, folder: Path) -> None:
    version = await version_of(graph)

    outcomes = await asyncio.gather(
        update(graph, OWN, expert=AMA, expected_version=version, changes={"headline": "One"}),
        update(graph, OPERATOR, expert=AMA, expected_version=version, changes={"headline": "Other"}),
        return_exceptions=True,
    )

    (won,) = [one for one in outcomes if isinstance(one, Profile)]
    (lost,) = [one for one in outcomes if isinstance(one, OtherVersion)]
    assert won.version == lost.version == version + 1
    assert (await person(graph, AMA))["headline"] == ("One" if outcomes[0] is won else "Other")


async def test_a_version_that_is_gone_changes_nothing(graph: Graph, folder: Path) -> None:
    await changed(graph, headline="Adviser")
    before = await everything(graph)

    with pytest.raises(OtherVersion) as conflict:
        await update(graph, OWN, expert=AMA, expected_version=1, changes={"headline": "Late", "email": "wrong"})

    assert conflict.value.version == await version_of(graph) == 2
    assert await everything(graph) == before


async def test_a_file_that_changes_the_person_meanwhile_is_a_change_too(graph: Graph, folder: Path) -> None:
    seen = await version_of(graph)
    await loaded(graph, written(folder, experts=FILES["experts.csv"].replace("Trainer of stewards", "Teacher")))

    with pytest.raises(OtherVersion):
        await update(graph, OWN, expert=AMA, expected_version=seen, changes={"headline": "Adviser"})


async def test_stopped_in_the_middle_nothing_is_changed(
    graph: Graph, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await everything(graph)

    async def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(profiles, "record", stop)
        with pytest.raises(KeyboardInterrupt):
            await changed(graph, headline="Adviser")

    assert await everything(graph) == before


async def test_the_change_log_has_the_names_of_the_fields_alone(graph: Graph, folder: Path) -> None:
    await changed(graph, phone="+21671234567", headline="Adviser")

    newest = (await changes.page(graph, OPERATOR, first=1)).entries[0][1]
    assert (newest.verb, newest.subject, newest.actor) == ("profile changed", "expert:ama", "account:ama")
    assert sorted(newest.fields) == ["headline", "phone"]
    assert (newest.before, newest.after) == ({}, {})


async def test_who_joined_and_is_in_no_file_changes_their_profile_too(graph: Graph, folder: Path) -> None:
    joined = await invited(graph, "lena@example.org", "Lena Newcomer")
    own = Viewer(Role.MEMBER, person=joined)

    await changed(graph, joined, viewer=own, headline=None, topics=[{"topic": "law", "level": "lead", "since": None}])
    await loaded(graph, folder)

    now = await person(graph, joined)
    assert (now["name"], now.get("headline"), now["email"]) == ("Lena Newcomer", None, "lena@example.org")
    assert (await related(graph, joined))["topics"] == ["law:lead:"]


async def test_what_was_written_when_a_profile_was_claimed_is_on_record_with_the_first_change(
    graph: Graph, folder: Path
) -> None:
    await invited(graph, "ama@example.org", "Ama Claims")

    await changed(graph, phone="+21671234567")
    await loaded(graph, written(folder, experts=FILES["experts.csv"].replace("Trainer of stewards", "Teacher")))

    now = await person(graph, AMA)
    assert (now["name"], now["headline"], now["phone"]) == ("Ama Claims", "I am Ama Claims", "+21671234567")


async def test_joining_is_a_change_too(graph: Graph, folder: Path) -> None:
    before = await version_of(graph)

    await invited(graph, "ama@example.org", "Ama Claims")

    assert await version_of(graph) == before + 1


async def test_merged_the_words_of_both_count_and_those_of_the_one_who_is_kept_first(
    graph: Graph, folder: Path
) -> None:
    await changed(graph, headline="Of the first")
    await changed(graph, SECOND, viewer=OPERATOR, headline="Of the second", website="https://second.example.org")

    await merge(graph, OPERATOR, keep=AMA, gone=SECOND)
    merged = await person(graph, AMA)
    await changed(graph, phone="+21671234567")
    await undo(graph, OPERATOR, gone=SECOND)

    assert (merged["headline"], merged["website"]) == ("Of the first", "https://second.example.org")
    first, second = await person(graph, AMA), await person(graph, SECOND)
    assert (first["headline"], first.get("website"), first["phone"]) == ("Of the first", None, "+21671234567")
    assert (second["headline"], second["website"], second.get("phone")) == (
        "Of the second", "https://second.example.org", None,
    )  # fmt: skip


async def test_who_joined_and_was_merged_keeps_what_they_changed_when_they_are_two_again(
    graph: Graph, folder: Path
) -> None:
    joined = await invited(graph, "lena@example.org", "Lena Newcomer")
    await merge(graph, OPERATOR, keep=joined, gone=SECOND)
    await changed(graph, joined, viewer=Viewer(Role.MEMBER, person=joined), headline="Changed meanwhile")

    await undo(graph, OPERATOR, gone=SECOND)
    await loaded(graph, folder)

    now = await person(graph, joined)
    assert (now["name"], now["headline"], now["email"]) == ("Lena Newcomer", "Changed meanwhile", "lena@example.org")
    assert (await related(graph, joined))["topics"] == []


async def test_it_is_in_the_export_and_goes_with_the_person(graph: Graph, folder: Path) -> None:
    await changed(graph, headline="Adviser to mosques", email="ama@example.net")

    told = str(await export.about(graph, OWN, expert=AMA))
    await erasure.erase(graph, OPERATOR, expert=AMA)

    assert "own profile" in told
    left = str(await everything(graph)) + str(await graph.read("MATCH (c:Change) RETURN c {.*} AS c"))
    assert [word for word in ("mosques", "example.net", "ama@", "'ama'") if word in left] == []
    assert "ama@example.net" in await erasure.erased_people(graph, OPERATOR)


async def test_nobody_is_kept_from_their_account_by_who_takes_their_address(graph: Graph, folder: Path) -> None:
    await accounts.create(graph, OPERATOR, email="ama@example.org", role=Role.MEMBER, expert=AMA)
    await changed(graph, email="kofi@example.org")

    account = await accounts.for_address(graph, PUBLIC, email="kofi@example.org")
    joined = await invited(graph, "amah@example.org", "Amah")

    assert account is not None
    assert (account.expert, joined) == (KOFI, SECOND)


async def test_who_is_invited_at_an_address_that_somebody_took_claims_their_own_profile(
    graph: Graph, folder: Path
) -> None:
    await accounts.create(graph, OPERATOR, email="ama@example.org", role=Role.MEMBER, expert=AMA)
    await changed(graph, email="kofi@example.org")

    assert await invited(graph, "kofi@example.org", "Kofi Otherperson") == KOFI


@pytest.mark.parametrize("way", ["sign in", "invitation"])
async def test_an_address_in_a_profile_opens_no_account_that_was_closed(graph: Graph, folder: Path, way: str) -> None:
    account = await accounts.create(graph, OPERATOR, email="ama@example.org", role=Role.MEMBER, expert=AMA)
    await changed(graph, email="back@example.org")
    await accounts.close(graph, OPERATOR, id=account.id)

    if way == "sign in":
        assert await accounts.for_address(graph, PUBLIC, email="back@example.org") is None
        assert not await accounts.knows_address(graph, email="back@example.org")
    else:
        assert await invited(graph, "back@example.org", "Somebody") != AMA


async def test_the_address_of_somebody_who_was_erased_tells_nothing_and_stops_no_load(
    graph: Graph, folder: Path
) -> None:
    await erasure.erase(graph, OPERATOR, expert=KOFI)

    await changed(graph, email="kofi@example.org")
    roster = FILES["experts.csv"].replace("Trainer of stewards", "Teacher").splitlines(keepends=True)[:3]
    others = {
        name: FILES[f"{name}.csv"].replace("; kofi", "").replace("workshop,kofi\n", "")
        for name in ("resources", "attendance")
    }
    document = FILES["documents/talks/briefing.md"].replace("; kofi", "")
    await loaded(graph, written(folder, experts="".join(roster), briefing=document, **others))

    assert (await person(graph, AMA))["headline"] == "Teacher"


async def test_who_was_erased_and_joined_again_changes_their_profile(graph: Graph, folder: Path) -> None:
    await erasure.erase(graph, OPERATOR, expert=KOFI)
    joined = await invited(graph, "kofi@example.org", "Kofi")

    await changed(graph, joined, viewer=Viewer(Role.MEMBER, person=joined), headline="Back")

    assert (joined, (await person(graph, KOFI))["headline"]) == (KOFI, "Back")
