"""What may follow on what: each step there is, and each there is not, against a table that was written on its own."""

import pytest

from graph.graph import Graph
from graph.speaking import (
    NEXT,
    EventCancelled,
    EventNotBegun,
    ImpossibleStep,
    NotRecorded,
    State,
    advance,
)
from graph.viewer import FieldGroup
from tests.graph.speaking.network import AMA, BRIEFING, CANCELLED, HELD, ORGANISER, hide, listed, on_list, stepped

# Rows: what somebody is. Columns: what they are to become. Letters: yes (x) or no (.).
TABLE = """
             shortlisted invited reminded accepted declined withdrawn confirmed spoke absent
shortlisted  .           x       .        .        .        x         .         .     .
invited      .           .       x        x        x        x         .         .     .
reminded     .           .       x        x        x        x         .         .     .
accepted     .           .       .        .        x        x         x         .     .
declined     x           .       .        .        .        .         .         .     .
withdrawn    x           .       .        .        .        .         .         .     .
confirmed    .           .       .        .        .        x         .         x     x
spoke        .           .       .        .        .        .         .         .     x
absent       .           .       .        .        .        .         .         x     .
"""
WAY_TO = {
    "shortlisted": [],
    "invited": ["invited"],
    "reminded": ["invited", "reminded"],
    "accepted": ["invited", "accepted"],
    "declined": ["invited", "declined"],
    "withdrawn": ["withdrawn"],
    "confirmed": ["invited", "accepted", "confirmed"],
    "spoke": ["invited", "accepted", "confirmed", "spoke"],
    "absent": ["invited", "accepted", "confirmed", "absent"],
}


def table() -> dict[tuple[str, str], bool]:
    head, *rows = [line.split() for line in TABLE.strip().splitlines()]
    return {(row[0], to): letter == "x" for row in rows for to, letter in zip(head, row[1:], strict=True)}


def test_the_table_tells_of_every_pair() -> None:
    states = {state.value for state in State}

    assert table().keys() == {(one, other) for one in states for other in states}
    assert set(NEXT) == set(State)


@pytest.mark.parametrize("before", WAY_TO)
async def test_what_follows_on_a_state_is_what_the_table_says(people: Graph, before: str) -> None:
    (candidacy,) = await listed(people, AMA, event=HELD)
    if WAY_TO[before]:
        candidacy = (await stepped(people, candidacy.id, *WAY_TO[before])).candidacy
    can = [to for (one, to), is_possible in table().items() if one == before and is_possible]

    for to in State:
        if to not in can:
            with pytest.raises(ImpossibleStep) as refusal:
                await advance(people, ORGANISER, id=candidacy.id, expected_version=candidacy.version, to=to)
            assert (refusal.value.state, refusal.value.to, sorted(refusal.value.possible)) == (before, to, sorted(can))
            assert f"Who is {before} cannot become {to}" in str(refusal.value)
            (now,) = await on_list(people, HELD)
            assert now == candidacy
    for to in map(State, can):
        await people.write("MATCH (c:Candidacy) OPTIONAL MATCH (c)-->(s:Step) DETACH DELETE c, s")
        (again,) = await listed(people, AMA, event=HELD)
        made = await stepped(people, again.id, *WAY_TO[before], to)
        assert (made.candidacy.state, made.candidacy.steps[-1].before) == (to, before)


@pytest.mark.parametrize("to", ["invited"])
async def test_nobody_is_invited_to_a_cancelled_event(people: Graph, to: str) -> None:
    (candidacy,) = await listed(people, AMA, event=CANCELLED)

    with pytest.raises(EventCancelled, match="cancelled"):
        await stepped(people, candidacy.id, to)

    assert (await on_list(people, CANCELLED))[0].state is State.SHORTLISTED
    assert (await stepped(people, candidacy.id, "withdrawn")).candidacy.state is State.WITHDRAWN


@pytest.mark.parametrize("way, to", [("invited", "reminded"), ("accepted", "confirmed"), ("confirmed", "spoke")])
async def test_what_was_asked_before_goes_no_further_once_an_event_is_cancelled(
    people: Graph, way: str, to: str
) -> None:
    (candidacy,) = await listed(people, AMA, event=HELD)
    await stepped(people, candidacy.id, *WAY_TO[way])
    await people.write("MATCH (v:Event {id: $event}) SET v.status = 'cancelled'", event=HELD)

    with pytest.raises(EventCancelled):
        await stepped(people, candidacy.id, to)

    assert (await on_list(people, HELD))[0].state is State(way)


@pytest.mark.parametrize("to", ["spoke", "absent"])
async def test_nobody_has_spoken_at_an_event_to_come(people: Graph, to: str) -> None:
    (candidacy,) = await listed(people, AMA, event=BRIEFING)
    await stepped(people, candidacy.id, *WAY_TO["confirmed"])

    with pytest.raises(EventNotBegun, match="has not begun"):
        await stepped(people, candidacy.id, to)

    assert (await on_list(people))[0].state is State.CONFIRMED


@pytest.mark.parametrize("to", ["spoke", "absent"])
async def test_who_does_not_show_where_they_spoke_is_not_taken_down(people: Graph, to: str) -> None:
    (candidacy,) = await listed(people, AMA, event=HELD)
    await stepped(people, candidacy.id, *WAY_TO["confirmed"])
    await hide(people, AMA, FieldGroup.ATTENDANCE)

    with pytest.raises(NotRecorded):
        await stepped(people, candidacy.id, to)

    assert (await on_list(people, HELD))[0].state is State.CONFIRMED


@pytest.mark.parametrize("to", ["spoke", "absent"])
async def test_who_hides_where_they_spoke_was_confirmed_and_no_more_is_told(people: Graph, to: str) -> None:
    (candidacy,) = await listed(people, AMA, event=HELD)
    await stepped(people, candidacy.id, *WAY_TO[to])

    await hide(people, AMA, FieldGroup.ATTENDANCE)

    (told,) = await on_list(people, HELD)
    assert (told.state, [step.to for step in told.steps]) == (
        State.CONFIRMED, [State.SHORTLISTED, State.INVITED, State.ACCEPTED, State.CONFIRMED],
    )  # fmt: skip
