"""Steps that organisers took down by mistake, taken back: on record, and counted no more."""

from datetime import timedelta

import pytest

from graph import changes
from graph.graph import Graph
from graph.people.profiles import OtherVersion
from graph.speaking import (
    Answer,
    EventCancelled,
    NotTakenBack,
    State,
    advance,
    answer_own,
    fairness,
    histories,
    own_invitations,
    take_back,
    unanswered,
)
from graph.viewer import FieldGroup, Role, Viewer
from tests.graph.speaking.network import (
    ADMINISTRATOR,
    AMA,
    BRIEFING,
    DANA,
    NOW,
    ORGANISER,
    hide,
    listed,
    on_list,
    stepped,
)
from tests.graph.speaking.written import all_sent, invited

OF_AMA = Viewer(Role.MEMBER, person=AMA, actor="account:ama")
BACK = """
MATCH (c:Candidacy {id: $id})
CREATE (c)-[:STEP]->(:Step {id: 'back', number: 9, before: 'spoke', to: 'confirmed', at: $at, by: 'account:organiser',
                            reason: '', undone: true})
"""


async def test_a_step_back_is_a_step_and_neither_counts(addressed: Graph) -> None:
    graph = addressed
    (ama,) = await listed(graph, AMA)
    await advance(graph, ORGANISER, id=ama.id, expected_version=1, to=State.INVITED, answer_by=NOW)
    await advance(graph, ORGANISER, id=ama.id, expected_version=2, to=State.ACCEPTED, reason="Misheard.")
    asked_at = (await on_list(graph))[0].steps[1].at

    taken = await take_back(graph, ORGANISER, id=ama.id, expected_version=3)

    now = taken.candidacy
    assert (now.state, now.answer_by, now.version, taken.is_off_agenda) == (State.INVITED, NOW, 4, False)
    assert [(step.to, step.is_undone, step.reason) for step in now.steps] == [
        (State.SHORTLISTED, False, ""),
        (State.INVITED, False, ""),
        (State.ACCEPTED, True, "Misheard."),
        (State.INVITED, True, ""),
    ]
    (waits,) = await unanswered(graph, ORGANISER)
    assert waits.asked_at == asked_at
    (history,) = (await histories(graph, ORGANISER, experts=[AMA])).values()
    assert [(one.at, one.answered_at) for one in history.asked] == [(asked_at, None)]
    day = timedelta(days=1)
    assert (await fairness(graph, ORGANISER, since=NOW.date() - day, until=NOW.date() + day)).total.accepted == 0
    assert [one.state for one in await own_invitations(graph, OF_AMA)] == [State.INVITED]
    log = await changes.page(graph, ADMINISTRATOR, first=1)
    assert [one.verb for _, one in log.entries] == ["candidate step taken back"]


async def test_the_invitation_itself_is_taken_back_and_they_were_never_asked(addressed: Graph) -> None:
    graph = addressed
    (ama,) = await listed(graph, AMA)
    await stepped(graph, ama.id, "invited")

    await take_back(graph, ORGANISER, id=ama.id, expected_version=2)

    assert (await on_list(graph))[0].state is State.SHORTLISTED
    assert await own_invitations(graph, OF_AMA) == ()
    assert (await histories(graph, ORGANISER, experts=[AMA]))[AMA].asked == ()


async def test_what_others_know_of_is_not_taken_back(addressed: Graph) -> None:
    graph = addressed
    (first,) = await listed(graph, DANA)
    with pytest.raises(NotTakenBack, match="take them off the list"):
        await take_back(graph, ORGANISER, id=first.id, expected_version=1)
    id = await invited(graph)
    with pytest.raises(NotTakenBack, match="A letter goes with this step"):
        await take_back(graph, ORGANISER, id=id, expected_version=2)
    await answer_own(graph, OF_AMA, event=BRIEFING, answer=Answer.ACCEPT)
    with pytest.raises(NotTakenBack, match="They answered this themselves"):
        await take_back(graph, ORGANISER, id=id, expected_version=3)
    with pytest.raises(OtherVersion):
        await take_back(graph, ORGANISER, id=id, expected_version=2)

    assert [one.state for one in await on_list(graph) if one.expert == AMA] == [State.ACCEPTED]


async def test_what_was_answered_since_is_not_taken_back(addressed: Graph) -> None:
    graph = addressed
    (ama,) = await listed(graph, AMA)
    await stepped(graph, ama.id, "invited")
    await answer_own(graph, OF_AMA, event=BRIEFING, answer=Answer.OTHER_TIME, reason="In May.")
    (now,) = await on_list(graph)

    with pytest.raises(NotTakenBack, match="They answered this themselves"):
        await take_back(graph, ORGANISER, id=ama.id, expected_version=now.version)


async def test_nobody_is_invited_again_by_a_letter_that_never_left(addressed: Graph) -> None:
    graph = addressed
    id = await invited(graph)
    await stepped(graph, id, "withdrawn")
    assert await all_sent(graph) == []

    with pytest.raises(NotTakenBack, match="was not sent because of this step"):
        await take_back(graph, ORGANISER, id=id, expected_version=3)


async def test_nobody_is_in_touch_again_for_an_event_that_does_not_take_place(addressed: Graph) -> None:
    graph = addressed
    (ama,) = await listed(graph, AMA)
    await stepped(graph, ama.id, "invited", "withdrawn")
    await graph.write("MATCH (v:Event {id: $id}) SET v.status = 'cancelled'", id=BRIEFING)

    with pytest.raises(EventCancelled):
        await take_back(graph, ORGANISER, id=ama.id, expected_version=3)


async def test_what_is_hidden_is_neither_taken_back_nor_told_by_its_step_back(addressed: Graph) -> None:
    graph = addressed
    ama, dana = await listed(graph, AMA, DANA)
    await stepped(graph, ama.id, "invited", "accepted", "confirmed")
    await stepped(graph, dana.id, "invited", "accepted", "confirmed")
    await graph.write("MATCH (v:Event {id: $id}) SET v.starts_at = $at", id=BRIEFING, at=NOW - timedelta(hours=1))
    await stepped(graph, ama.id, "spoke")
    await hide(graph, AMA, FieldGroup.ATTENDANCE)
    await hide(graph, DANA, FieldGroup.ATTENDANCE)

    for one in await on_list(graph):
        assert one.state is State.CONFIRMED
        with pytest.raises(NotTakenBack, match="do not show where they spoke"):
            await take_back(graph, ORGANISER, id=one.id, expected_version=one.version)

    await graph.write(BACK, id=ama.id, at=NOW)
    told = {one.expert: [step.to for step in one.steps] for one in await on_list(graph)}
    assert told[AMA] == told[DANA]
