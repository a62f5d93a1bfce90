"""People considered for a draft: kept when it is published, gone with it, and told of nothing."""

from datetime import timedelta
from typing import Any

import pytest

from graph import drafts, erasure
from graph.drafts import Draft, NoSuchDraft
from graph.errors import NoSuchEvent
from graph.event_changes import EventChanges
from graph.graph import Graph
from graph.panels.candidates import plan_of
from graph.search.like import like_event
from graph.speaking import (
    ConflictKind,
    EventNotPublished,
    ImpossibleStep,
    State,
    Wanted,
    advance,
    conflicts,
    histories,
    move,
    next_in_line,
    own_invitations,
    preview,
    set_note,
)
from graph.viewer import PUBLIC, FieldGroup, Role, Viewer
from tests.graph.speaking.network import (
    ADMINISTRATOR,
    AMA,
    DANA,
    KOFI,
    NOW,
    ORGANISER,
    OTHER_ORGANISER,
    hide,
    line,
    listed,
    on_list,
    stepped,
    stored,
)


async def drafted(graph: Graph, **given: Any) -> Draft:
    return await drafts.create(
        graph,
        ORGANISER,
        given={"title": "Gates", "kind": "briefing", "description": "Who stands there.", "topics": ["gates"], **given},  # type: ignore[typeddict-item]
        idempotency_key=None,
    )


@pytest.fixture
async def draft(people: Graph) -> Draft:
    return await drafted(people)


async def test_people_are_put_on_a_draft_s_list_noted_moved_and_taken_off(people: Graph, draft: Draft) -> None:
    ama, dana, _ = await listed(people, AMA, DANA, KOFI, event=draft.id)

    await move(people, ORGANISER, id=dana.id, expected_version=1, rank=1)
    await set_note(people, ORGANISER, id=ama.id, expected_version=1, note="Knows stadiums.")
    await stepped(people, dana.id, "withdrawn")

    assert await line(people, draft.id) == [DANA, AMA, KOFI]
    found = {one.expert: one for one in await on_list(people, draft.id, OTHER_ORGANISER)}
    assert (found[AMA].note, found[DANA].state) == ("Knows stadiums.", State.WITHDRAWN)
    following = await next_in_line(people, ORGANISER, event=draft.id)
    assert following is not None
    assert following.expert == AMA


@pytest.mark.parametrize("letter", [None, Wanted()])
async def test_nobody_is_invited_to_a_draft(addressed: Graph, letter: Wanted | None) -> None:
    draft = await drafted(addressed)
    (ama,) = await listed(addressed, AMA, event=draft.id)

    with pytest.raises(EventNotPublished, match=r"is a draft.*Publish the event first\."):
        await advance(addressed, ORGANISER, id=ama.id, expected_version=1, to=State.INVITED, letter=letter)
    with pytest.raises(ImpossibleStep):
        await advance(addressed, ORGANISER, id=ama.id, expected_version=1, to=State.CONFIRMED)
    with pytest.raises(EventNotPublished):
        await preview(addressed, ORGANISER, id=ama.id, wanted=Wanted())

    assert [row["steps"] for row in await stored(addressed)] == [["shortlisted"]]
    assert await addressed.read("MATCH (l:Letter) RETURN l.id AS id") == []
    assert await own_invitations(addressed, Viewer(Role.MEMBER, person=AMA)) == ()


async def test_who_is_considered_is_considered_for_the_event_that_it_becomes(people: Graph, draft: Draft) -> None:
    await listed(people, AMA, DANA, event=draft.id)
    before = await on_list(people, draft.id)

    await drafts.publish(people, ORGANISER, draft=draft.id, expected_version=1)
    after = await on_list(people, draft.id)
    invited = await stepped(people, after[0].id, "invited")

    assert after == before
    assert (invited.candidacy.event, invited.candidacy.state) == (draft.id, State.INVITED)


EARLIER = "MATCH (d:DiscardedDraft) SET d.discarded_at = d.discarded_at - $by"


async def test_a_draft_that_was_thrown_away_comes_back_with_who_was_considered(people: Graph, draft: Draft) -> None:
    await listed(people, AMA, DANA, event=draft.id)
    before = await stored(people)

    await drafts.discard(people, ORGANISER, draft=draft.id, expected_version=1)
    with pytest.raises(NoSuchEvent):
        await on_list(people, draft.id)
    gone = await drafts.by_ids(people, ORGANISER, ids=[draft.id])
    with pytest.raises(NoSuchDraft):
        await drafts.update(people, ORGANISER, draft=draft.id, expected_version=1, changes={"place": "Hall 2"})
    back, again = [await drafts.restore(people, ORGANISER, draft=draft.id) for _ in range(2)]

    assert gone == {}
    assert back == again == draft
    assert await stored(people) == before


async def test_a_draft_that_was_thrown_away_a_day_ago_is_gone_for_good(people: Graph, draft: Draft) -> None:
    other = await drafted(people)
    await listed(people, AMA, event=draft.id)
    await drafts.discard(people, ORGANISER, draft=draft.id, expected_version=1)
    await people.write(EARLIER, by=drafts.KEPT_FOR)

    with pytest.raises(NoSuchDraft):
        await drafts.restore(people, ORGANISER, draft=draft.id)
    await drafts.discard(people, ORGANISER, draft=other.id, expected_version=1)

    assert await people.read("MATCH (d:Draft|DiscardedDraft) RETURN d.id AS id") == [{"id": other.id}]
    assert await stored(people) == []


async def test_opening_the_network_forgets_what_was_thrown_away(people: Graph, draft: Draft) -> None:
    await listed(people, AMA, event=draft.id)
    await drafts.discard(people, ORGANISER, draft=draft.id, expected_version=1)
    await drafts.forget_discarded(people)
    kept = await stored(people)
    await people.write(EARLIER, by=drafts.KEPT_FOR)
    await drafts.forget_discarded(people)

    assert len(kept) == 1
    assert await people.read("MATCH (n:DiscardedDraft|Candidacy|Step) RETURN count(n) AS left") == [{"left": 0}]


async def test_an_erased_person_is_in_no_draft_that_was_thrown_away(people: Graph, draft: Draft) -> None:
    said: EventChanges = {"description": "If Ama Owusu can come."}
    await drafts.update(people, ORGANISER, draft=draft.id, expected_version=1, changes=said)
    await listed(people, AMA, DANA, event=draft.id)
    await drafts.discard(people, ORGANISER, draft=draft.id, expected_version=2)

    await erasure.erase(people, ADMINISTRATOR, expert=AMA)
    back = await drafts.restore(people, ORGANISER, draft=draft.id)

    assert "Ama" not in (back.description or "")
    assert [row["expert"] for row in await stored(people)] == [DANA]


async def test_with_a_draft_goes_who_was_considered_for_it(people: Graph, draft: Draft) -> None:
    other = await drafted(people)
    ama, *_ = await listed(people, AMA, DANA, KOFI, event=draft.id)
    await stepped(people, ama.id, "withdrawn")
    await listed(people, AMA, event=other.id)
    await hide(people, KOFI, FieldGroup.LISTING)

    gone = await drafts.discard(people, ORGANISER, draft=draft.id, expected_version=1)

    assert gone.considered == 2  # and Kofi, whom nobody sees any more
    considered = await histories(people, ORGANISER, experts=[AMA, DANA])
    assert [one.asked for one in considered.values()] == [(), ()]
    on_other = await on_list(people, other.id)
    assert [one.expert for one in on_other] == [AMA]


async def test_an_erased_person_is_in_no_draft(people: Graph, draft: Draft) -> None:
    await drafts.update(
        people, ORGANISER, draft=draft.id, expected_version=1, changes={"description": "If Ama Owusu can come."}
    )
    await listed(people, AMA, DANA, event=draft.id)

    await erasure.erase(people, ADMINISTRATOR, expert=AMA)

    now = (await drafts.by_ids(people, ORGANISER, ids=[draft.id]))[draft.id]
    assert (now.description, now.topics) == ("If [erased] can come.", ("gates",))
    assert [(row["expert"], row["event"]) for row in await stored(people)] == [(DANA, draft.id)]


async def test_a_draft_is_looked_for_by_its_own_words_by_organisers_alone(people: Graph, draft: Draft) -> None:
    like = await like_event(people, ORGANISER, event=draft.id)

    assert (like.text, like.without) == ("Gates. Who stands there.. Gates", frozenset())
    for viewer in (PUBLIC, Viewer(Role.MEMBER)):
        with pytest.raises(NoSuchEvent):
            await like_event(people, viewer, event=draft.id)


async def test_a_panel_is_planned_for_a_draft_by_organisers_alone(people: Graph) -> None:
    draft = await drafted(people, starts_at=NOW)

    plan = await plan_of(people, ORGANISER, event=draft.id)

    assert (plan.topics, plan.days) == (("gates",), (NOW.date(), NOW.date()))
    for viewer in (PUBLIC, Viewer(Role.MEMBER)):
        with pytest.raises(NoSuchEvent):
            await plan_of(people, viewer, event=draft.id)


async def test_what_speaks_against_asking_somebody_is_told_of_a_draft_too(people: Graph) -> None:
    draft = await drafted(people, starts_at=NOW + timedelta(days=30, hours=1))

    found = await conflicts(people, ORGANISER, event=draft.id, experts=[KOFI], asked_since=NOW.date())

    assert (ConflictKind.SPEAKS_ELSEWHERE, "same-time") in {(one.kind, one.event) for one in found[KOFI]}
