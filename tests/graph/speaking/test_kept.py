"""What becomes of candidacies: erased, exported, merged and parted, taken from rosters, told to nobody, searched by."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from graph import accounts, changes, erasure, export, feed
from graph.filters import ANYONE
from graph.graph import Graph
from graph.intake import remove_experts
from graph.people.merging import merge
from graph.people.undoing import undo
from graph.search.candidates import candidates_for
from graph.search.scoring import lifts_of
from graph.speaking import (
    Answer,
    AnswerLinkEnded,
    Candidacy,
    Occasion,
    Proposed,
    State,
    advance,
    answer,
    asked,
    move,
    set_note,
    shortlist,
)
from graph.values import EventId, ExpertId
from graph.vectors import CREATE_INDEX
from graph.viewer import PUBLIC, Role, Viewer
from tests.graph.people.duplicated import loaded, written
from tests.graph.speaking.network import (
    ADMINISTRATOR,
    AMA,
    BRIEFING,
    DANA,
    HELD,
    KOFI,
    NOW,
    ORGANISER,
    line,
    listed,
    on_list,
    stepped,
    stored,
)
from tests.graph.speaking.written import all_sent, invited, tell

LEFT = "MATCH (n:Candidacy|Step) RETURN count(n) AS left"


async def noted(graph: Graph, candidacy: Candidacy, note: str) -> None:
    await set_note(graph, ORGANISER, id=candidacy.id, expected_version=candidacy.version, note=note)


async def test_an_erasure_takes_all_that_somebody_was_considered_for(people: Graph) -> None:
    ama, dana = await listed(people, AMA, DANA)
    await stepped(people, ama.id, "invited", "declined")
    await noted(people, dana, "If Ama Owusu does not come.")

    await erasure.erase(people, ADMINISTRATOR, expert=AMA)

    (left,) = await on_list(people)
    assert (left.expert, left.rank, left.note) == (DANA, 1, "If [erased] does not come.")
    assert (await people.read(LEFT))[0]["left"] == 2
    log = (await changes.page(people, ADMINISTRATOR, first=50)).entries
    assert ama.id not in {one.subject.removeprefix("candidacy:") for _, one in log}


async def test_an_erased_organiser_is_named_by_no_step(people: Graph) -> None:
    account = await accounts.create(people, ADMINISTRATOR, email="kofi@example.org", role=Role.ORGANISER, expert=KOFI)
    await shortlist(people, account.viewer, event=BRIEFING, people=[Proposed(AMA)])

    await erasure.erase(people, ADMINISTRATOR, expert=KOFI)

    (step,) = (await on_list(people))[0].steps
    assert account.id not in step.by
    assert "erased" in step.by


async def test_who_leaves_a_roster_leaves_shortlists(people: Graph) -> None:
    await listed(people, AMA, DANA)

    await people.transact(lambda tx: remove_experts(tx, [AMA]))

    assert await line(people) == [DANA]
    assert (await people.read(LEFT))[0]["left"] == 2


async def test_an_export_tells_what_its_person_knows_of(people: Graph) -> None:
    as_ama = Viewer(Role.MEMBER, person=AMA, actor="account:ama")
    ama, dana = await listed(people, AMA, DANA)
    await listed(people, AMA, event=HELD)
    await noted(people, ama, "Secret note")
    await advance(people, ORGANISER, id=ama.id, expected_version=2, to=State.INVITED, reason="Secret reason",
                  answer_by=NOW)  # fmt: skip
    await stepped(people, dana.id, "withdrawn")

    told = await export.about(people, as_ama, expert=AMA)

    (invitation,) = told["invitations_to_speak"]
    assert (invitation["event"], invitation["state"], invitation["answer_by"]) == (
        BRIEFING, "invited", NOW.isoformat(),
    )  # fmt: skip
    text = json.dumps(told)
    assert [word for word in ("Secret", "Candidacy", "CONSIDERED", "account:organiser", ama.id) if word in text] == []
    assert (await export.about(people, ADMINISTRATOR, expert=DANA))["invitations_to_speak"] == []


async def test_nobody_who_follows_the_network_is_told_but_administrators(people: Graph) -> None:
    latest = (await feed.start(people, PUBLIC, after=None)).sequence
    ama, dana = await listed(people, AMA, DANA)
    await noted(people, ama, "A note")
    await move(people, ORGANISER, id=dana.id, expected_version=1, rank=1)
    await stepped(people, ama.id, "invited")

    told = {
        viewer.role: [one.verb for one in (await feed.changes(people, viewer, after=latest, first=10)).told]
        for viewer in (PUBLIC, Viewer(Role.MEMBER, person=AMA), ORGANISER, ADMINISTRATOR)
    }

    assert told.pop(Role.ADMINISTRATOR) == [feed.Verb.OTHER] * 4
    assert set(map(len, told.values())) == {0}
    log = (await changes.page(people, ADMINISTRATOR, first=4)).entries
    assert [one.verb for _, one in log] == [
        "candidate advanced", "candidate moved", "candidate noted", "candidates shortlisted",
    ]  # fmt: skip
    assert "A note" not in str(log)


async def test_who_was_invited_lately_is_not_found_by_who_asks_for_others(people: Graph) -> None:
    (ama,) = await listed(people, AMA)
    await people.write(CREATE_INDEX, dimensions=8)
    vector = [1.0, *[0.0] * 7]
    await people.write(
        "MATCH (p:Passage {id: 'p-ama'}) SET p.encoder = 'x' "
        "WITH p CALL db.create.setNodeVectorProperty(p, 'embedding', $vector)",
        vector=vector,
    )
    only = replace(ANYONE, not_invited_since=NOW.date() - timedelta(days=1))

    async def found(viewer: Viewer) -> list[str]:
        lifts = lifts_of([], words_asked=1)
        asked: dict[str, Any] = {"question": "gates", "vector": vector, "revision": "x", "lifts": lifts}
        rows = await candidates_for(people, viewer, **asked, only=only, people=10)
        return [one.expert for one in rows if one.expert == AMA]

    before = await found(ORGANISER)
    await stepped(people, ama.id, "invited")

    assert (before, await found(ORGANISER)) == ([AMA], [])
    await people.write("MATCH (s:Step) SET s.at = s.at - duration('P3D')")
    assert await found(ORGANISER) == [AMA]


# Two who are one.

FIRST, SECOND, MEETING = ExpertId("ama"), ExpertId("ama-2"), EventId("workshop")


@pytest.fixture
async def twice(graph: Graph, tmp_path: Path) -> Graph:
    """A network that tells of one person twice."""
    await loaded(graph, written(tmp_path / "network"))
    return graph


async def test_of_two_who_are_one_what_says_most_stays_and_parts_again(twice: Graph) -> None:
    first, second = await listed(twice, FIRST, SECOND)
    await listed(twice, SECOND, event=MEETING)
    await stepped(twice, second.id, "invited", "declined")
    before = await stored(twice)

    await merge(twice, ADMINISTRATOR, keep=FIRST, gone=SECOND)

    (joined,) = await on_list(twice)
    assert (joined.id, joined.expert, joined.state, joined.rank) == (second.id, FIRST, State.DECLINED, 1)
    assert [step.to for step in joined.steps] == ["shortlisted", "shortlisted", "invited", "declined"]
    assert await line(twice, MEETING) == [FIRST]
    assert [one.expert for one in await listed(twice, FIRST)] == []
    await stepped(twice, second.id, "shortlisted")
    await undo(twice, ADMINISTRATOR, gone=SECOND)
    after = await stored(twice)
    assert [row["person"] for row in after] == [row["expert"] for row in after]
    changed = [{**row, "steps": row["steps"][:3]} for row in after if row["expert"] == SECOND and row["steps"][1:]]
    assert [row["steps"] for row in changed] == [["shortlisted", "invited", "declined"]]
    assert [row for row in after if len(row["steps"]) == 1] == [row for row in before if len(row["steps"]) == 1]
    assert [one.id for one in await on_list(twice)] == [first.id, second.id]


async def test_what_came_after_a_merge_stays_with_who_was_kept(twice: Graph) -> None:
    await merge(twice, ADMINISTRATOR, keep=FIRST, gone=SECOND)
    await listed(twice, FIRST)

    await undo(twice, ADMINISTRATOR, gone=SECOND)

    assert await line(twice) == [FIRST]
    assert [one.expert for one in await listed(twice, SECOND)] == [SECOND]


async def test_the_link_of_a_candidacy_that_was_set_aside_answers_for_the_one_in_force(twice: Graph) -> None:
    await twice.write(
        "MATCH (v:Event {id: $event}) SET v.starts_at = $then, v.ends_at = $then",
        event=BRIEFING,
        then=NOW + timedelta(days=30),
    )
    first = await invited(twice, FIRST)
    (letter,) = await all_sent(twice)
    second = await invited(twice, SECOND)
    await all_sent(twice)
    await stepped(twice, second, "reminded")

    await merge(twice, ADMINISTRATOR, keep=FIRST, gone=SECOND)

    assert letter.secret is not None
    (in_force,) = await on_list(twice)
    assert (in_force.id, (await asked(twice, secret=letter.secret)).candidacy) == (second, second)
    await twice.write("MATCH (v:Event {id: $event}) SET v.place = 'Elsewhere'", event=BRIEFING)
    assert [one.id for one in (await tell(twice)).written] == [second]
    (told,) = await all_sent(twice)
    assert (told.candidacy, told.occasion) == (second, Occasion.CHANGE)
    assert (await answer(twice, secret=letter.secret, answer=Answer.ACCEPT)).state is State.ACCEPTED
    await stepped(twice, second, "withdrawn", "shortlisted")
    with pytest.raises(AnswerLinkEnded):
        await asked(twice, secret=letter.secret)
    assert first != second


async def test_who_got_letters_under_another_name_is_told_what_changed(twice: Graph) -> None:
    await twice.write(
        "MATCH (v:Event {id: $event}) SET v.starts_at = $then, v.ends_at = $then",
        event=BRIEFING,
        then=NOW + timedelta(days=30),
    )
    await invited(twice, FIRST)
    await all_sent(twice)
    (second,) = await listed(twice, SECOND)
    await stepped(twice, second.id, "invited", "accepted")

    await merge(twice, ADMINISTRATOR, keep=FIRST, gone=SECOND)
    await twice.write("MATCH (v:Event {id: $event}) SET v.place = 'Elsewhere'", event=BRIEFING)

    assert [one.id for one in (await tell(twice)).written] == [second.id]
    assert [one.occasion for one in await all_sent(twice)] == [Occasion.CHANGE]


async def test_an_erasure_takes_what_was_set_aside_too(twice: Graph) -> None:
    _, second = await listed(twice, FIRST, SECOND)
    await stepped(twice, second.id, "invited")
    await merge(twice, ADMINISTRATOR, keep=FIRST, gone=SECOND)

    await erasure.erase(twice, ADMINISTRATOR, expert=FIRST)

    assert (await twice.read(LEFT))[0]["left"] == 0
