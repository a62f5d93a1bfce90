"""What is known of people as speakers, what speaks against asking them, and how fairly they are asked."""

from datetime import timedelta

import pytest

from graph.agenda import AgendaItem, AgendaSpeaker, set_agenda
from graph.graph import Graph
from graph.speaking import (
    Asked,
    Conflict,
    ConflictKind,
    Share,
    SpanEndsFirst,
    State,
    TimesAsked,
    TookPart,
    conflicts,
    fairness,
    histories,
)
from graph.values import EventId, ExpertId, OrganisationId, Period
from graph.viewer import FieldGroup
from tests.graph.speaking.network import (
    AMA,
    AWAY,
    BRIEFING,
    DANA,
    HELD,
    HIDDEN,
    KOFI,
    NOW,
    ORGANISER,
    SAME_TIME,
    hide,
    listed,
    stepped,
)

TODAY = NOW.date()
HALF_A_YEAR_AGO = TODAY - timedelta(days=182)
BEFORE, SOON = NOW - timedelta(days=10), NOW + timedelta(days=30)


async def test_a_history_tells_where_somebody_spoke_and_when_they_were_asked(people: Graph) -> None:
    (kofi,) = await listed(people, KOFI)
    (ama,) = await listed(people, AMA, event=HELD)
    declined = (await stepped(people, kofi.id, "invited", "declined")).candidacy
    spoke = (await stepped(people, ama.id, "invited", "accepted", "confirmed", "spoke")).candidacy

    found = await histories(people, ORGANISER, experts=[AMA, KOFI, HIDDEN, ExpertId("nobody")])

    assert set(found) == {AMA, KOFI}
    assert found[KOFI].spoke == (TookPart(HELD, BEFORE),)
    assert found[KOFI].asked == (
        Asked(BRIEFING, declined.steps[1].at, State.DECLINED, answered_at=declined.steps[2].at),
    )
    assert (found[AMA].spoke, found[AMA].attended) == ((TookPart(HELD, BEFORE),), (TookPart(HELD, BEFORE),))
    assert found[AMA].asked == (Asked(HELD, spoke.steps[1].at, State.SPOKE, answered_at=spoke.steps[2].at),)


async def test_who_was_only_thought_of_was_not_asked(people: Graph) -> None:
    await listed(people, DANA)

    assert (await histories(people, ORGANISER, experts=[DANA]))[DANA].asked == ()


async def test_a_history_hides_what_its_person_does(people: Graph) -> None:
    (ama,) = await listed(people, AMA, event=HELD)
    await stepped(people, ama.id, "invited", "accepted", "confirmed", "spoke")
    await hide(people, AMA, FieldGroup.ATTENDANCE)
    await hide(people, KOFI, FieldGroup.ATTENDANCE)

    found = await histories(people, ORGANISER, experts=[AMA, KOFI])

    assert (found[AMA].spoke, found[AMA].attended, found[AMA].asked[0].state) == ((), (), State.CONFIRMED)
    assert found[KOFI].spoke == ()


async def told(graph: Graph, expert: ExpertId) -> list[Conflict]:
    found = await conflicts(graph, ORGANISER, event=BRIEFING, experts=[expert], asked_since=HALF_A_YEAR_AGO)
    return list(found[expert])


async def test_what_speaks_against_somebody_is_told(people: Graph) -> None:
    (ama,) = await listed(people, AMA)
    await listed(people, KOFI, DANA)
    await stepped(people, ama.id, "invited")

    of_kofi, of_dana = await told(people, KOFI), await told(people, DANA)

    assert of_kofi == [
        Conflict(ConflictKind.SPEAKS_ELSEWHERE, event=SAME_TIME, at=SOON),
        Conflict(ConflictKind.ASKED_LATELY, event=SAME_TIME, at=SOON),
        Conflict(ConflictKind.ASKED_LATELY, event=HELD, at=BEFORE),
        Conflict(ConflictKind.ORGANISATION_ON_PANEL, organisation="guild", expert=AMA),  # type: ignore[arg-type]
    ]
    assert of_dana == [Conflict(ConflictKind.AWAY, period=Period(*AWAY))]
    assert await told(people, AMA) == []


async def test_who_said_yes_elsewhere_speaks_elsewhere(people: Graph) -> None:
    (elsewhere,) = await listed(people, DANA, event=SAME_TIME)
    await stepped(people, elsewhere.id, "invited")
    asked = await told(people, DANA)
    await stepped(people, elsewhere.id, "accepted")

    kinds = [one.kind for one in await told(people, DANA)]

    assert [one.kind for one in asked] == [ConflictKind.ASKED_LATELY, ConflictKind.AWAY]
    assert kinds == [ConflictKind.SPEAKS_ELSEWHERE, ConflictKind.ASKED_LATELY, ConflictKind.AWAY]


async def on_agenda(graph: Graph, event: EventId, *experts: ExpertId) -> None:
    items = [AgendaItem("A talk", speakers=tuple(map(AgendaSpeaker, experts)))]
    await set_agenda(graph, ORGANISER, event=event, expected_version=0, items=items)


async def test_who_is_on_an_agenda_elsewhere_speaks_there_and_has_not_spoken_yet(people: Graph) -> None:
    await on_agenda(people, SAME_TIME, DANA)
    await on_agenda(people, HELD, DANA)

    found = await conflicts(people, ORGANISER, event=BRIEFING, experts=[DANA], asked_since=HALF_A_YEAR_AGO)

    assert [(one.kind, one.event) for one in found[DANA] if one.kind is not ConflictKind.AWAY] == [
        (ConflictKind.SPEAKS_ELSEWHERE, SAME_TIME),
        (ConflictKind.ASKED_LATELY, SAME_TIME),
        (ConflictKind.ASKED_LATELY, HELD),
    ]
    assert (await histories(people, ORGANISER, experts=[DANA]))[DANA].spoke == ()
    await hide(people, DANA, FieldGroup.ATTENDANCE)
    hidden = await conflicts(people, ORGANISER, event=BRIEFING, experts=[DANA], asked_since=HALF_A_YEAR_AGO)
    assert {one.kind for one in hidden[DANA]} == {ConflictKind.AWAY}


async def test_who_is_on_the_agenda_stands_for_their_organisation(people: Graph) -> None:
    await on_agenda(people, BRIEFING, AMA)

    found = await conflicts(people, ORGANISER, event=BRIEFING, experts=[KOFI], asked_since=TODAY)

    assert Conflict(ConflictKind.ORGANISATION_ON_PANEL, organisation=OrganisationId("guild"), expert=AMA) in found[KOFI]
    await hide(people, AMA, FieldGroup.ATTENDANCE)
    hidden = await conflicts(people, ORGANISER, event=BRIEFING, experts=[KOFI], asked_since=TODAY)
    assert ConflictKind.ORGANISATION_ON_PANEL not in {one.kind for one in hidden[KOFI]}


@pytest.mark.parametrize("state", [[], ["withdrawn"], ["invited", "declined"]])
async def test_an_organisation_is_on_the_panel_only_by_who_may_still_speak(people: Graph, state: list[str]) -> None:
    (ama,) = await listed(people, AMA)
    if state:
        await stepped(people, ama.id, *state)

    assert ConflictKind.ORGANISATION_ON_PANEL not in [one.kind for one in await told(people, KOFI)]


@pytest.mark.parametrize(
    "who, group, kind",
    [
        (KOFI, FieldGroup.ATTENDANCE, ConflictKind.SPEAKS_ELSEWHERE),
        (KOFI, FieldGroup.ATTENDANCE, ConflictKind.ASKED_LATELY),
        (KOFI, FieldGroup.ORGANISATION, ConflictKind.ORGANISATION_ON_PANEL),
        (AMA, FieldGroup.ORGANISATION, ConflictKind.ORGANISATION_ON_PANEL),
        (AMA, FieldGroup.LISTING, ConflictKind.ORGANISATION_ON_PANEL),
        (DANA, FieldGroup.CONTACT, ConflictKind.AWAY),
    ],
)
async def test_what_is_hidden_is_no_conflict(
    people: Graph, who: ExpertId, group: FieldGroup, kind: ConflictKind
) -> None:
    (ama,) = await listed(people, AMA)
    await stepped(people, ama.id, "invited")
    before = {one.kind for expert in (KOFI, DANA) for one in await told(people, expert)}

    await hide(people, who, group)

    assert kind in before
    assert kind not in {one.kind for expert in (KOFI, DANA) for one in await told(people, expert)}


async def test_events_one_after_the_other_do_not_meet(people: Graph) -> None:
    await people.write(
        "MATCH (v:Event {id: 'same-time'}) WITH v, v.ends_at AS ends "
        "SET v.starts_at = ends, v.ends_at = ends + duration('PT1H')"
    )

    assert ConflictKind.SPEAKS_ELSEWHERE not in [one.kind for one in await told(people, KOFI)]


async def test_events_that_say_no_end_meet_on_one_day(people: Graph) -> None:
    await people.write(
        "MATCH (v:Event {id: 'same-time'}) SET v.starts_at = datetime.truncate('day', v.starts_at), v.ends_at = null"
    )

    assert ConflictKind.SPEAKS_ELSEWHERE in [one.kind for one in await told(people, KOFI)]


async def test_nothing_is_known_of_nobody(people: Graph) -> None:
    assert await histories(people, ORGANISER, experts=[]) == {}
    assert await histories(people, ORGANISER, experts=[HIDDEN]) == {}
    assert await conflicts(people, ORGANISER, event=BRIEFING, experts=[HIDDEN], asked_since=TODAY) == {}


# Fairness.


async def test_fairness_counts_each_group_at_each_stage(people: Graph) -> None:
    ama, _ = await listed(people, AMA, DANA)
    (held,) = await listed(people, AMA, event=HELD)
    await listed(people, DANA, event=HELD)
    await stepped(people, ama.id, "invited", "reminded", "accepted")
    await stepped(people, held.id, "invited", "accepted", "confirmed", "spoke")

    found = await fairness(people, ORGANISER, since=TODAY - timedelta(days=30), until=TODAY, more_than=1)

    assert found.total == Share(None, shortlisted=4, invited=2, accepted=2, spoke=2)
    assert found.regions == (Share("002", 2, 2, 2, 2), Share("142", 2, 0, 0, 0))
    assert found.genders == (Share("woman", 4, 2, 2, 1), Share(None, 0, 0, 0, 1))
    assert found.languages == (Share("fr", 4, 2, 2, 1), Share("ar", 2, 0, 0, 0), Share(None, 0, 0, 0, 1))
    assert found.organisations == (Share("guild", 2, 2, 2, 2), Share("school", 2, 0, 0, 0))
    assert found.asked_often == (TimesAsked(AMA, 2),)
    assert (await fairness(people, ORGANISER, since=TODAY, until=TODAY, more_than=2)).asked_often == ()


async def test_fairness_counts_within_its_span(people: Graph) -> None:
    (ama,) = await listed(people, AMA)
    await stepped(people, ama.id, "invited")
    await people.write("MATCH (s:Step {to: 'shortlisted'}) SET s.at = s.at - duration('P40D')")

    found = await fairness(people, ORGANISER, since=TODAY - timedelta(days=1), until=TODAY)

    assert found.total == Share(None, shortlisted=0, invited=1, accepted=0, spoke=0)
    with pytest.raises(SpanEndsFirst):
        await fairness(people, ORGANISER, since=TODAY, until=TODAY - timedelta(days=1))


async def test_who_was_absent_after_all_did_not_speak(people: Graph) -> None:
    (ama,) = await listed(people, AMA, event=HELD)
    await stepped(people, ama.id, "invited", "accepted", "confirmed", "spoke", "absent")

    assert (await fairness(people, ORGANISER, since=TODAY, until=TODAY)).total.spoke == 0


@pytest.mark.parametrize(
    "group, name",
    [
        (FieldGroup.COUNTRY, "regions"),
        (FieldGroup.LANGUAGES, "languages"),
        (FieldGroup.ORGANISATION, "organisations"),
    ],
)
async def test_fairness_counts_what_is_hidden_under_nothing(people: Graph, group: FieldGroup, name: str) -> None:
    await listed(people, AMA)

    await hide(people, AMA, group)

    assert getattr(await fairness(people, ORGANISER, since=TODAY, until=TODAY), name) == (Share(None, 1, 0, 0, 0),)


async def test_fairness_counts_nobody_who_hides_and_no_hidden_talk(people: Graph) -> None:
    (ama,) = await listed(people, AMA, event=HELD)
    await stepped(people, ama.id, "invited", "accepted", "confirmed", "spoke")
    await hide(people, AMA, FieldGroup.ATTENDANCE)
    await hide(people, KOFI, FieldGroup.ATTENDANCE)
    hidden_talks = await fairness(people, ORGANISER, since=TODAY - timedelta(days=30), until=TODAY)
    await hide(people, AMA, FieldGroup.LISTING)

    nobody = await fairness(people, ORGANISER, since=TODAY - timedelta(days=30), until=TODAY, more_than=0)

    assert hidden_talks.total == Share(None, 1, 1, 1, 0)
    assert (nobody.total, nobody.regions, nobody.asked_often) == (Share(None, 0, 0, 0, 0), (), ())
