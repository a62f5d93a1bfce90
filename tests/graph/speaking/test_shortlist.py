"""Shortlists by hand: order, notes, steps, versions, keys, and who may see and do what."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from graph import changes
from graph.errors import NoSuchEvent, NoSuchExpert
from graph.fields import InvalidFields
from graph.graph import Graph
from graph.idempotency import KeyOfOther, KeySpent
from graph.invitations import UnfitText
from graph.people.profiles import OtherVersion
from graph.permissions import NotAllowed
from graph.speaking import (
    CandidacyId,
    NoSuchCandidacy,
    Proposed,
    ShortlistFull,
    State,
    advance,
    by_id,
    conflicts,
    fairness,
    histories,
    move,
    next_in_line,
    own_invitations,
    page,
    set_note,
    shortlist,
    shortlisting,
)
from graph.values import EventId, ExpertId
from graph.viewer import PUBLIC, FieldGroup, Role, Scope, Viewer
from tests.graph.speaking.network import (
    ADMINISTRATOR,
    AMA,
    BRIEFING,
    DANA,
    HELD,
    HIDDEN,
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


async def test_people_are_put_on_a_list_in_order_with_notes(people: Graph) -> None:
    given = [Proposed(DANA, "  Knows stadiums. "), Proposed(AMA)]

    made = await shortlist(people, ORGANISER, event=BRIEFING, people=given)

    assert [(one.expert, one.note, one.rank, one.state, one.version) for one in made.added] == [
        (DANA, "Knows stadiums.", 1, State.SHORTLISTED, 1),
        (AMA, "", 2, State.SHORTLISTED, 1),
    ]
    (step,) = made.added[0].steps
    assert (step.before, step.to, step.by, step.reason) == (None, State.SHORTLISTED, "account:organiser", "")
    assert list(made.added) == await on_list(people)
    assert made.added[0] == await by_id(people, OTHER_ORGANISER, id=made.added[0].id)


async def test_who_is_there_stays_as_they_are(people: Graph) -> None:
    (first,) = await listed(people, AMA)
    await stepped(people, first.id, "invited", "declined")

    made = await shortlist(people, ORGANISER, event=BRIEFING, people=[Proposed(AMA, "Again"), Proposed(DANA)])

    assert ([one.expert for one in made.added], [one.id for one in made.already]) == ([DANA], [first.id])
    assert made.already[0].state is State.DECLINED
    assert [row["expert"] for row in await stored(people)] == [AMA, DANA]


async def test_one_person_twice_is_one_candidacy(people: Graph) -> None:
    made = await shortlist(people, ORGANISER, event=BRIEFING, people=[Proposed(AMA), Proposed(AMA)])

    assert [one.expert for one in made.added] == [AMA]


async def test_one_person_may_be_considered_for_two_events(people: Graph) -> None:
    await listed(people, AMA)
    await listed(people, AMA, event=HELD)

    assert (await line(people), await line(people, HELD)) == ([AMA], [AMA])


async def test_two_organisers_who_add_one_person_at_once_have_one_candidacy(people: Graph) -> None:
    made = await asyncio.gather(
        *(
            shortlist(people, viewer, event=BRIEFING, people=[Proposed(AMA), Proposed(DANA)])
            for viewer in (ORGANISER, OTHER_ORGANISER)
        )
    )

    assert sorted(len(one.added) for one in made) == [0, 2]
    assert [(row["expert"], row["rank"]) for row in await stored(people)] == [(AMA, 1), (DANA, 2)]


@pytest.mark.parametrize("expert", [HIDDEN, ExpertId("nobody")])
async def test_who_is_not_seen_is_not_there_and_nobody_is_added(people: Graph, expert: ExpertId) -> None:
    with pytest.raises(NoSuchExpert, match=f"There is no expert '{expert}'"):
        await shortlist(people, ORGANISER, event=BRIEFING, people=[Proposed(AMA), Proposed(expert)])

    assert await stored(people) == []


async def test_there_must_be_such_an_event(people: Graph) -> None:
    with pytest.raises(NoSuchEvent):
        await shortlist(people, ORGANISER, event=EventId("none"), people=[Proposed(AMA)])
    with pytest.raises(NoSuchEvent):
        await page(people, ORGANISER, event=EventId("none"), first=3)


async def test_so_many_and_no_more(people: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shortlisting, "MOST", 2)
    await listed(people, AMA)

    with pytest.raises(ShortlistFull):
        await listed(people, DANA, KOFI)

    assert await line(people) == [AMA]
    assert [one.expert for one in await listed(people, DANA)] == [DANA]


# Keys.


async def test_the_same_key_adds_once_and_tells_what_was_added(people: Graph) -> None:
    given: dict[str, Any] = {"event": BRIEFING, "people": [Proposed(AMA)], "idempotency_key": "k"}
    first = await shortlist(people, ORGANISER, **given)
    await stepped(people, first.added[0].id, "invited")

    again = await shortlist(people, ORGANISER, **given)

    assert (again.added[0].id, again.added[0].state, again.already) == (first.added[0].id, State.INVITED, ())
    assert (await shortlist(people, OTHER_ORGANISER, **given)).already[0].id == first.added[0].id
    with pytest.raises(KeyOfOther):
        await shortlist(people, ORGANISER, **{**given, "people": [Proposed(DANA)]})


async def test_a_key_whose_person_is_hidden_now_is_spent(people: Graph) -> None:
    given: dict[str, Any] = {"event": BRIEFING, "people": [Proposed(AMA)], "idempotency_key": "k"}
    await shortlist(people, ORGANISER, **given)
    await hide(people, AMA, FieldGroup.LISTING)

    with pytest.raises(KeySpent):
        await shortlist(people, ORGANISER, **given)


# Notes, places and steps.


async def test_a_note_is_changed(people: Graph) -> None:
    (candidacy,) = await listed(people, AMA)

    noted = await set_note(people, ORGANISER, id=candidacy.id, expected_version=1, note=" Ask her first. ")
    same = await set_note(people, ORGANISER, id=candidacy.id, expected_version=2, note="Ask her first.")

    assert (noted.note, noted.version, same) == ("Ask her first.", 2, noted)
    with pytest.raises(UnfitText):
        await set_note(people, ORGANISER, id=candidacy.id, expected_version=2, note="x" * 4001)


@pytest.mark.parametrize(
    "who, rank, order",
    [
        (2, 1, [KOFI, AMA, DANA]),
        (0, 2, [DANA, AMA, KOFI]),
        (0, 9, [DANA, KOFI, AMA]),
        (1, 2, [AMA, DANA, KOFI]),
    ],
)
async def test_somebody_is_put_in_another_place(people: Graph, who: int, rank: int, order: list[str]) -> None:
    candidacies = await listed(people, AMA, DANA, KOFI)

    await move(people, ORGANISER, id=candidacies[who].id, expected_version=1, rank=rank)

    told = await on_list(people)
    assert [one.expert for one in told] == order
    assert [one.rank for one in told] == [1, 2, 3]


async def test_there_is_no_place_before_the_first(people: Graph) -> None:
    (candidacy,) = await listed(people, AMA)

    with pytest.raises(InvalidFields):
        await move(people, ORGANISER, id=candidacy.id, expected_version=1, rank=0)


async def test_every_step_stays_with_who_made_it_when_and_why(people: Graph) -> None:
    (candidacy,) = await listed(people, AMA)
    until = datetime(2027, 1, 5, 13, tzinfo=timezone(timedelta(hours=1)))

    await advance(
        people, ORGANISER, id=candidacy.id, expected_version=1, to=State.INVITED, reason=" By phone. ", answer_by=until
    )
    reminded = await advance(people, OTHER_ORGANISER, id=candidacy.id, expected_version=2, to=State.REMINDED)
    last = (await stepped(people, candidacy.id, "reminded", "declined", "shortlisted")).candidacy

    assert (reminded.candidacy.answer_by, reminded.candidacy.reminders) == (until.astimezone(UTC), 1)
    assert [(step.before, step.to, step.by, step.reason) for step in last.steps[:3]] == [
        (None, State.SHORTLISTED, "account:organiser", ""),
        (State.SHORTLISTED, State.INVITED, "account:organiser", "By phone."),
        (State.INVITED, State.REMINDED, "account:other", ""),
    ]
    assert [step.to for step in last.steps] == [
        "shortlisted", "invited", "reminded", "reminded", "declined", "shortlisted",
    ]  # fmt: skip
    assert all(NOW - timedelta(minutes=5) < step.at <= datetime.now(UTC) for step in last.steps)
    assert (last.version, last.answer_by, last.reminders) == (6, None, 0)


@pytest.mark.parametrize("to", [State.ACCEPTED, State.DECLINED])
async def test_only_who_is_asked_has_until_when_to_answer(people: Graph, to: State) -> None:
    (candidacy,) = await listed(people, AMA)
    await stepped(people, candidacy.id, "invited")

    with pytest.raises(InvalidFields):
        await advance(people, ORGANISER, id=candidacy.id, expected_version=2, to=to, answer_by=NOW)
    with pytest.raises(InvalidFields):
        await advance(
            people,
            ORGANISER,
            id=candidacy.id,
            expected_version=2,
            to=State.REMINDED,
            answer_by=NOW.replace(tzinfo=None),
        )

    assert (await on_list(people))[0].version == 2


async def test_of_two_organisers_at_once_the_second_is_told_so(people: Graph) -> None:
    (candidacy,) = await listed(people, AMA)

    made = await asyncio.gather(
        advance(people, ORGANISER, id=candidacy.id, expected_version=1, to=State.INVITED),
        advance(people, OTHER_ORGANISER, id=candidacy.id, expected_version=1, to=State.WITHDRAWN),
        return_exceptions=True,
    )

    (refused,) = [one for one in made if isinstance(one, BaseException)]
    assert isinstance(refused, OtherVersion)
    assert refused.version == 2
    assert len((await on_list(people))[0].steps) == 2


async def test_another_version_changes_nothing(people: Graph) -> None:
    (candidacy,) = await listed(people, AMA)

    with pytest.raises(OtherVersion):
        await set_note(people, ORGANISER, id=candidacy.id, expected_version=2, note="x")
    with pytest.raises(OtherVersion):
        await move(people, ORGANISER, id=candidacy.id, expected_version=0, rank=1)

    assert await on_list(people) == [candidacy]


async def test_who_is_next_in_line_is_told_when_somebody_says_no(people: Graph) -> None:
    ama, dana, kofi = await listed(people, AMA, DANA, KOFI)
    await stepped(people, dana.id, "withdrawn")
    asked = await stepped(people, ama.id, "invited")

    declined = await stepped(people, ama.id, "declined")

    assert asked.next_in_line is None
    assert declined.next_in_line is not None
    assert declined.next_in_line.id == kofi.id
    assert await next_in_line(people, ORGANISER, event=BRIEFING) == declined.next_in_line
    await stepped(people, kofi.id, "withdrawn")
    assert await next_in_line(people, ORGANISER, event=BRIEFING) is None


async def test_the_list_goes_on_where_it_ended(people: Graph) -> None:
    await listed(people, AMA, DANA, KOFI)

    first = await page(people, ORGANISER, event=BRIEFING, first=2)
    rest = await page(people, ORGANISER, event=BRIEFING, first=2, after=first.entries[-1][0])

    assert ([one.expert for _, one in first.entries], first.has_next) == ([AMA, DANA], True)
    assert ([one.expert for _, one in rest.entries], rest.has_next) == ([KOFI], False)


# Who sees it and may do it.

NOBODY_ELSE = [
    PUBLIC,
    Viewer(Role.MEMBER, person=AMA, actor="account:ama"),
    Viewer(Role.ORGANISER, actor="token:t", scopes=frozenset({Scope.READ_MEMBERS, Scope.WRITE})),
]


@pytest.mark.parametrize("viewer", NOBODY_ELSE)
async def test_nobody_else_reads_or_changes_it(people: Graph, viewer: Viewer) -> None:
    (candidacy,) = await listed(people, AMA)
    before, (latest, *_) = await stored(people), (await changes.page(people, ADMINISTRATOR, first=1)).entries
    today = NOW.date()

    for ask in (
        page(people, viewer, event=BRIEFING, first=3),
        by_id(people, viewer, id=candidacy.id),
        next_in_line(people, viewer, event=BRIEFING),
        histories(people, viewer, experts=[AMA]),
        conflicts(people, viewer, event=BRIEFING, experts=[AMA], asked_since=today),
        fairness(people, viewer, since=today, until=today),
        shortlist(people, viewer, event=BRIEFING, people=[Proposed(DANA)]),
        set_note(people, viewer, id=candidacy.id, expected_version=1, note="x"),
        move(people, viewer, id=candidacy.id, expected_version=1, rank=1),
        advance(people, viewer, id=candidacy.id, expected_version=1, to=State.INVITED),
    ):
        with pytest.raises(NotAllowed, match="organisers and administrators may"):
            await ask

    assert await stored(people) == before
    assert (await changes.page(people, ADMINISTRATOR, first=1)).entries[0] == latest


async def test_a_token_that_only_reads_changes_nothing(people: Graph) -> None:
    reader = Viewer(Role.ORGANISER, actor="token:t", scopes=frozenset({Scope.READ_ORGANISERS}))
    (candidacy,) = await listed(people, AMA)

    with pytest.raises(NotAllowed):
        await advance(people, reader, id=candidacy.id, expected_version=1, to=State.INVITED)

    assert await line(people, viewer=reader) == [AMA]


async def test_administrators_may(people: Graph) -> None:
    made = await shortlist(people, ADMINISTRATOR, event=BRIEFING, people=[Proposed(AMA)])

    assert (await stepped(people, made.added[0].id, "invited", viewer=ADMINISTRATOR)).candidacy.steps[1].by == (
        "command line"
    )


async def test_who_hides_is_as_if_they_had_never_been_there(people: Graph) -> None:
    ama, dana, kofi = await listed(people, AMA, DANA, KOFI)
    await stepped(people, ama.id, "invited")

    await hide(people, AMA, FieldGroup.LISTING)

    assert [(one.expert, one.rank) for one in await on_list(people)] == [(DANA, 1), (KOFI, 2)]
    none = CandidacyId("none")
    for id, version in ((ama.id, 2), (none, 2), (ama.id, 9)):
        for ask in (
            by_id(people, ORGANISER, id=id),
            set_note(people, ORGANISER, id=id, expected_version=version, note="x"),
            move(people, ORGANISER, id=id, expected_version=version, rank=1),
            advance(people, ORGANISER, id=id, expected_version=version, to=State.SPOKE),
        ):
            with pytest.raises(NoSuchCandidacy):
                await ask
    with pytest.raises(NoSuchExpert):
        await listed(people, AMA)
    await move(people, ORGANISER, id=kofi.id, expected_version=1, rank=1)
    assert await line(people) == [KOFI, DANA]
    assert dana.id in {one.id for one in await on_list(people)}


async def test_grounds_are_told_as_far_as_they_are_seen(people: Graph) -> None:
    await listed(people, AMA)
    await people.write(
        "MATCH (c:Candidacy) SET c.found_by = 'question', c.question = 'Gates?', c.strength = 'good', "
        "c.passages = ['p-ama', 'gone'], c.topics = ['gates'], c.talks = ['held'], c.languages = ['fr'] "
        "WITH c MATCH (e:Expert {id: 'ama'}), (v:Event {id: 'held'}) CREATE (e)-[:SPOKE_AT {id: 's9'}]->(v)"
    )
    (before,) = await on_list(people)

    await hide(people, AMA, FieldGroup.PROFILE, FieldGroup.LANGUAGES, FieldGroup.ATTENDANCE)

    (after,) = await on_list(people)
    assert (before.grounds.passages, before.grounds.topics, before.grounds.talks, before.grounds.languages) == (
        ("p-ama",), ("gates",), ("held",), ("fr",),
    )  # fmt: skip
    assert (after.grounds.passages, after.grounds.topics, after.grounds.talks, after.grounds.languages) == (
        (), (), (), (),
    )  # fmt: skip


# What they are told themselves.


async def test_people_are_told_of_their_invitation_and_nothing_before(people: Graph) -> None:
    as_ama = Viewer(Role.MEMBER, person=AMA, actor="account:ama")
    ama, _ = await listed(people, AMA, DANA)
    until = NOW + timedelta(days=5)
    before = await own_invitations(people, as_ama)
    await advance(people, ORGANISER, id=ama.id, expected_version=1, to=State.INVITED, answer_by=until, reason="Secret")

    (told,) = await own_invitations(people, as_ama)

    assert before == ()
    assert (told.event, told.state, told.answer_by, told.invited_at == told.changed_at) == (
        BRIEFING, State.INVITED, until, True,
    )  # fmt: skip
    assert set(told.__slots__) == {
        "event", "state", "invited_at", "changed_at", "answer_by", "letters", "replies",
    }  # fmt: skip
    assert await own_invitations(people, Viewer(Role.MEMBER, person=DANA, actor="account:dana")) == ()
    assert await own_invitations(people, ORGANISER) == ()


@pytest.mark.parametrize(
    "way, told",
    [
        (["withdrawn"], None),
        (["withdrawn", "shortlisted"], None),
        (["invited", "declined", "shortlisted"], "declined"),
        (["invited", "declined", "shortlisted", "withdrawn"], "declined"),
        (["invited", "declined", "shortlisted", "invited"], "invited"),
        (["invited", "withdrawn"], "withdrawn"),
        (["invited", "reminded"], "reminded"),
    ],
)
async def test_that_organisers_think_of_somebody_is_not_told(people: Graph, way: list[str], told: str | None) -> None:
    (ama,) = await listed(people, AMA)

    await stepped(people, ama.id, *way)

    found = await own_invitations(people, Viewer(Role.MEMBER, person=AMA, actor="account:ama"))
    assert [one.state.value for one in found] == ([told] if told else [])
