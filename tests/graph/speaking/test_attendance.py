"""Who was there: taken down once, kept whatever is loaded later, with consent, and as evidence that searches find."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from graph import changes, erasure, export
from graph.agenda import AgendaItem, AgendaSpeaker, set_agenda
from graph.consents import How, Purpose, decide
from graph.errors import NoSuchEvent, NoSuchExpert
from graph.fields import InvalidFields
from graph.graph import Graph, Row
from graph.intake import Kind
from graph.intake.records import ORGANISERS, settle
from graph.passages import owner_stamp, restamp
from graph.people.merging import merge
from graph.people.profiles import OtherVersion
from graph.permissions import NotAllowed
from graph.speaking import (
    Attendee,
    Certainty,
    EventCancelled,
    EventNotBegun,
    Ground,
    Outcome,
    Present,
    Recorded,
    Replied,
    Reply,
    State,
    match_attendees,
    record_attendance,
    set_note,
    take_replies,
)
from graph.values import EventId, ExpertId
from graph.viewer import FieldGroup, Role, Viewer
from ingest import load
from tests.graph.people.duplicated import FILES, loaded, written
from tests.graph.speaking.network import (
    ADMINISTRATOR,
    AMA,
    BRIEFING,
    CANCELLED,
    DANA,
    HELD,
    HIDDEN,
    KOFI,
    NOW,
    ORGANISER,
    SAME_TIME,
    hide,
    listed,
    on_list,
    stepped,
)

THERE = """
MATCH (e:Expert)-[r:ATTENDED|SPOKE_AT]->(:Event {id: $event})
RETURN e.id AS expert, type(r) AS type, r.talk AS talk ORDER BY expert, type, talk
"""
TALKS = """
MATCH (e:Expert)-[:EVIDENCED_BY]->(p:Passage {kind: 'talk'})-[:PART_OF]->(d:Document)-[:DRAWN_FROM]->(v:Event)
RETURN e.id AS expert, p.text AS text, p.title AS title, p.language AS language, p.found_by AS found_by,
       p.stamps AS stamps, p.occurred_on IS NOT NULL AS is_dated, v.id AS event ORDER BY expert, text
"""
SAID = """
MATCH (r:Record)-[:FROM]->(s:Source) WHERE r.kind IN ['attendance', 'speakers']
RETURN r.kind AS kind, s.id AS source, r.person AS person ORDER BY kind, person, source
"""
BEFORE = NOW - timedelta(days=10)
"""When the event that was held began, and ended."""
CONFIRMED = ("invited", "accepted", "confirmed")


async def there(graph: Graph, event: EventId = HELD) -> list[tuple[str, str, str | None]]:
    return [(row["expert"], row["type"], row["talk"]) for row in await graph.read(THERE, event=event)]


async def talks(graph: Graph) -> list[Row]:
    return await graph.read(TALKS)


async def recorded(graph: Graph, *present: Present, absent: tuple[ExpertId, ...] = ()) -> Recorded:
    return await record_attendance(graph, ORGANISER, event=HELD, present=present, absent=absent)


async def test_who_was_there_is_taken_down_once(people: Graph) -> None:
    made = await recorded(people, Present(DANA), Present(AMA, spoke=True, talk=" Opening  the gates "))
    again = await recorded(people, Present(AMA, spoke=True, talk="Opening the Gates"), Present(DANA))

    assert (made.recorded, made.already, made.not_recorded) == ((DANA, AMA), (), ())
    assert (again.recorded, again.already) == ((), (AMA, DANA))
    assert [one for one in await there(people) if one[0] in {DANA, AMA}] == [
        (AMA, "ATTENDED", None),
        (AMA, "ATTENDED", None),
        (AMA, "SPOKE_AT", "Opening the gates"),
        (DANA, "ATTENDED", None),
    ]  # fmt: skip -- Ama was there before, by a relation without a record
    log = [one for _, one in (await changes.page(people, ADMINISTRATOR, first=9)).entries]
    (change,) = [one for one in log if one.verb == "attendance recorded"]
    assert (change.subject, change.after) == (f"event:{HELD}", {"present": 2, "absent": 0})
    assert "gates" not in str(log)


async def test_a_time_zone_that_this_machine_does_not_know_is_taken_for_utc(people: Graph) -> None:
    await people.write("MATCH (v:Event {id: $event}) SET v.time_zone = 'Atlantis/Capital'", event=HELD)

    assert (await recorded(people, Present(DANA))).recorded == (DANA,)


async def test_what_somebody_spoke_about_is_evidence(people: Graph) -> None:
    await recorded(people, Present(AMA, spoke=True, talk="How stewards open the gates of a stadium"))

    (talk,) = await talks(people)
    assert (talk["expert"], talk["text"], talk["title"], talk["event"]) == (
        AMA, "How stewards open the gates of a stadium", "How stewards open the gates of a stadium", HELD,
    )  # fmt: skip
    assert (talk["language"], talk["found_by"], talk["stamps"], talk["is_dated"]) == ("en", 1, [owner_stamp(AMA)], True)
    as_ama = Viewer(Role.MEMBER, person=AMA, actor="account:ama")
    assert "How stewards open" in str(await export.about(people, as_ama, expert=AMA))
    await decide(people, as_ama, expert=AMA, purpose=Purpose.RECORDED, given=False, how=How.PAGE)
    (talk,) = await talks(people)
    assert talk["found_by"] is None
    await erasure.erase(people, ADMINISTRATOR, expert=AMA)
    assert await talks(people) == []
    assert [one for one in await people.read(SAID) if one["person"] == AMA] == []
    assert AMA not in {expert for expert, _, _ in await there(people)}


ON_AGENDA = (
    AgendaItem(
        "How stewards open the gates of a stadium",
        starts_at=BEFORE,
        ends_at=BEFORE,
        room="Hall",
        language="fr",
        speakers=(AgendaSpeaker(AMA, "moderator"), AgendaSpeaker(DANA)),
    ),
    AgendaItem("Where crowds wait", kind="panel", speakers=(AgendaSpeaker(AMA),)),
    AgendaItem("Welcome", kind="opening", room="Foyer", speakers=(AgendaSpeaker(AMA), AgendaSpeaker(KOFI, "host"))),
)
SLOTS = """
MATCH (e:Expert)-[s:SPOKE_AT]->(:Event {id: 'held'}) WHERE s.digest IS NOT NULL
RETURN e.id AS expert, s.talk AS talk, s.starts_at = $starts_at AS is_timed, s.room AS room, s.language AS language,
       s.role AS role
ORDER BY expert, talk
"""


async def slots(graph: Graph) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in await graph.read(SLOTS, starts_at=BEFORE)]


async def test_who_spoke_without_a_title_spoke_on_what_is_on_the_agenda(people: Graph) -> None:
    await set_agenda(people, ORGANISER, event=HELD, expected_version=0, items=ON_AGENDA)

    made = await recorded(people, Present(AMA, spoke=True), Present(DANA))
    again = await recorded(people, Present(AMA, spoke=True))

    assert (made.recorded, again.recorded, again.already) == ((AMA, DANA), (), (AMA,))
    assert await slots(people) == [
        (AMA, "How stewards open the gates of a stadium", True, "Hall", "fr", "moderator"),
        (AMA, "Where crowds wait", None, None, None, None),
    ]
    told = [(one["expert"], one["text"], one["language"]) for one in await talks(people)]
    assert told[0] == (AMA, "How stewards open the gates of a stadium", "fr")
    assert [text for _, text, _ in told] == ["How stewards open the gates of a stadium", "Where crowds wait"]


async def test_an_opening_is_no_talk_and_says_where_somebody_spoke(people: Graph) -> None:
    await set_agenda(people, ORGANISER, event=HELD, expected_version=0, items=ON_AGENDA)

    await recorded(people, Present(KOFI, spoke=True))

    assert await slots(people) == [(KOFI, None, None, "Foyer", None, "host")]
    assert await talks(people) == []


async def test_a_title_that_is_said_goes_before_the_agenda_and_takes_its_slot_if_it_is_the_same(people: Graph) -> None:
    await set_agenda(people, ORGANISER, event=HELD, expected_version=0, items=ON_AGENDA)

    await recorded(
        people,
        Present(AMA, spoke=True, talk="Something else"),
        Present(DANA, spoke=True, talk="How Stewards open the gates of a stadium"),
    )

    assert await slots(people) == [
        (AMA, "Something else", None, None, None, None),
        (DANA, "How Stewards open the gates of a stadium", True, "Hall", "fr", None),
    ]


async def test_an_agenda_that_is_written_later_gives_a_talk_its_title(people: Graph) -> None:
    await recorded(people, Present(AMA, spoke=True))
    assert await slots(people) == [(AMA, None, None, None, None, None)]

    await set_agenda(people, ORGANISER, event=HELD, expected_version=0, items=ON_AGENDA[:1])
    await recorded(people, Present(AMA, spoke=True))

    assert [one[:2] for one in await slots(people)] == [(AMA, "How stewards open the gates of a stadium")]


async def test_a_talk_that_is_told_already_is_told_once(people: Graph) -> None:
    await people.write(
        "MATCH (e:Expert {id: 'ama'}), (v:Event {id: 'held'}) "
        "CREATE (e)-[:EVIDENCED_BY]->(:Passage {id: 'p', kind: 'talk', title: 'The gates', text: 'x', audience: 1})"
        "-[:PART_OF]->(:Document {id: 'd'})-[:DRAWN_FROM]->(v) CREATE (e)-[:SPOKE_AT {id: 's', talk: 'The gates'}]->(v)"
    )

    await recorded(people, Present(AMA, spoke=True, talk="the gates"))

    assert [one["text"] for one in await talks(people)] == ["x"]


async def test_a_talk_without_a_title_is_the_one_on_record(people: Graph) -> None:
    await recorded(people, Present(AMA, spoke=True))
    without = await there(people)
    await recorded(people, Present(AMA, spoke=True, talk="The gates"))
    titled = await recorded(people, Present(AMA, spoke=True))

    assert (AMA, "SPOKE_AT", None) in without
    assert [one for one in await there(people) if one[:2] == (AMA, "SPOKE_AT")] == [(AMA, "SPOKE_AT", "The gates")]
    assert titled.already == (AMA,)


async def test_a_confirmed_candidate_spoke_or_was_absent_and_either_is_put_right(people: Graph) -> None:
    ama, dana = await listed(people, AMA, DANA, event=HELD)
    await stepped(people, ama.id, *CONFIRMED)
    await stepped(people, dana.id, *CONFIRMED)

    made = await recorded(people, Present(AMA, spoke=True, talk="The gates"), absent=(DANA, KOFI))
    again = await recorded(people, Present(AMA, spoke=True), absent=(DANA,))

    assert [(one.expert, one.state) for one in made.advanced] == [(AMA, State.SPOKE), (DANA, State.ABSENT)]
    assert (made.recorded, made.unexpected) == ((AMA, DANA), (KOFI,))
    assert (again.recorded, again.already, again.advanced) == ((), (AMA, DANA), ())
    await recorded(people, Present(DANA, spoke=True), absent=(AMA,))
    assert [(one.expert, one.state, len(one.steps)) for one in await on_list(people, HELD)] == [
        (AMA, State.ABSENT, 6), (DANA, State.SPOKE, 6),
    ]  # fmt: skip
    assert await talks(people) == []
    assert [one for one in await there(people) if one[0] == AMA] == [(AMA, "ATTENDED", None)]


async def test_who_only_listened_or_said_no_more_than_yes_takes_no_step(people: Graph) -> None:
    ama, dana = await listed(people, AMA, DANA, event=HELD)
    await stepped(people, ama.id, *CONFIRMED)
    await stepped(people, dana.id, "invited", "accepted")

    made = await recorded(people, Present(AMA), Present(DANA, spoke=True))

    assert made.advanced == ()
    assert [one.state for one in await on_list(people, HELD)] == [State.CONFIRMED, State.ACCEPTED]
    assert (DANA, "SPOKE_AT", None) in await there(people)


async def test_who_does_not_show_it_or_withdrew_their_consent_is_not_taken_down(people: Graph) -> None:
    (dana, kofi) = await listed(people, DANA, KOFI, event=HELD)
    await stepped(people, dana.id, *CONFIRMED)
    await stepped(people, kofi.id, *CONFIRMED)
    before = await there(people)
    await hide(people, DANA, FieldGroup.ATTENDANCE)
    as_kofi = Viewer(Role.ORGANISER, person=KOFI, actor="account:kofi")
    await decide(people, as_kofi, expert=KOFI, purpose=Purpose.RECORDED, given=False, how=How.PAGE)

    made = await record_attendance(
        people, as_kofi, event=HELD, present=[Present(DANA, spoke=True, talk="x")], absent=[KOFI]
    )

    assert (made.recorded, made.not_recorded, made.advanced) == ((), (DANA, KOFI), ())
    assert await there(people) == before
    assert (await talks(people), await people.read(SAID)) == ([], [])


async def test_nobody_hidden_is_taken_down_and_nobody_else_with_them(people: Graph) -> None:
    for expert in (HIDDEN, ExpertId("nobody")):
        with pytest.raises(NoSuchExpert, match=expert):
            await recorded(people, Present(DANA), Present(expert))

    assert await people.read(SAID) == []


async def test_an_event_has_to_have_begun_and_not_to_be_cancelled(people: Graph) -> None:
    for event, refusal in ((BRIEFING, EventNotBegun), (CANCELLED, EventCancelled), (EventId("none"), NoSuchEvent)):
        with pytest.raises(refusal):
            await record_attendance(people, ORGANISER, event=event, present=[Present(DANA)])
    with pytest.raises(OtherVersion):
        await record_attendance(people, ORGANISER, event=HELD, present=[Present(DANA)], expected_version=7)
    made = await record_attendance(people, ORGANISER, event=HELD, present=[Present(DANA)], expected_version=0)

    assert made.recorded == (DANA,)


@pytest.mark.parametrize(
    "present, absent, path",
    [
        ([Present(AMA)], [AMA], ("absent", 0)),
        ([Present(AMA, talk="x")], [], ("present", 0, "talk")),
        ([Present(DANA), Present(AMA, spoke=True, talk="x" * 301)], [], ("present", 1, "talk")),
        ([Present(AMA)] * 2001, [], ("present",)),
    ],
)
async def test_what_cannot_be_is_told_by_field(
    people: Graph, present: list[Present], absent: list[ExpertId], path: tuple[object, ...]
) -> None:
    with pytest.raises(InvalidFields) as refusal:
        await record_attendance(people, ORGANISER, event=HELD, present=present, absent=absent)

    assert [problem.path for problem in refusal.value.problems] == [path]
    assert await people.read(SAID) == []


async def test_members_take_nobody_down_and_look_nobody_up(people: Graph) -> None:
    member = Viewer(Role.MEMBER, person=AMA)
    with pytest.raises(NotAllowed):
        await record_attendance(people, member, event=HELD, present=[Present(AMA)])
    with pytest.raises(NotAllowed):
        await match_attendees(people, member, event=HELD, rows=[])
    with pytest.raises(NotAllowed):
        await take_replies(people, member, event=HELD, replies=[])


async def test_a_dry_run_tells_and_does_nothing(people: Graph) -> None:
    made = await record_attendance(
        people, ORGANISER, event=HELD, present=[Present(DANA, spoke=True, talk="x")], dry_run=True
    )

    assert made.recorded == (DANA,)
    assert (await people.read(SAID), await talks(people)) == ([], [])


# Beside what files say.

FIRST, SECOND, OTHER, MEETING = (ExpertId("ama"), ExpertId("ama-2"), ExpertId("kofi"), EventId("workshop"))


async def test_no_file_undoes_what_organisers_took_down_and_they_undo_no_file(graph: Graph, tmp_path: Path) -> None:
    folder = written(tmp_path / "network")
    await loaded(graph, folder)
    await record_attendance(
        graph, ORGANISER, event=MEETING, present=[Present(FIRST, spoke=True, talk="On gates"), Present(OTHER)]
    )

    written(tmp_path / "network", attendance="event,expert\nbriefing,ama\n", speakers="event,expert,role,talk\n")
    assert (await load(graph, ADMINISTRATOR, folder, prune=True)).is_complete

    assert await there(graph, MEETING) == [
        ("ama", "ATTENDED", None), ("ama", "SPOKE_AT", "On gates"), ("kofi", "ATTENDED", None),
    ]  # fmt: skip
    written(tmp_path / "network")
    await loaded(graph, folder)
    await record_attendance(graph, ORGANISER, event=MEETING, present=[], absent=[FIRST, OTHER])
    assert await there(graph, MEETING) == [("ama", "SPOKE_AT", None), ("kofi", "ATTENDED", None)]


async def test_an_event_that_comes_back_has_what_organisers_took_down_of_it(graph: Graph, tmp_path: Path) -> None:
    folder = written(tmp_path / "network")
    await loaded(graph, folder)
    await record_attendance(
        graph, ORGANISER, event=MEETING, present=[Present(FIRST, spoke=True, talk="On gates"), Present(OTHER)]
    )
    before = await there(graph, MEETING), await talks(graph)
    (header, briefing, _) = FILES["events.csv"].splitlines()
    files = {
        "events": f"{header}\n{briefing}\n",
        "attendance": "event,expert\nbriefing,ama\nbriefing,ama-2\n",
        "speakers": "event,expert,role,talk\nbriefing,ama-2,speaker,Who stands at the gate\n",
    }

    written(tmp_path / "network", **files)
    assert (await load(graph, ADMINISTRATOR, folder, prune=True)).is_complete
    assert await there(graph, MEETING) == []
    written(tmp_path / "network")
    await loaded(graph, folder)

    assert (await there(graph, MEETING), await talks(graph)) == before


async def test_of_two_who_are_one_what_was_taken_down_stays(graph: Graph, tmp_path: Path) -> None:
    await loaded(graph, written(tmp_path / "network"))
    for expert in (FIRST, SECOND):
        await record_attendance(graph, ORGANISER, event=MEETING, present=[Present(expert, spoke=True, talk="On gates")])

    await merge(graph, ADMINISTRATOR, keep=FIRST, gone=SECOND)

    mine = [one for one in await there(graph, MEETING) if one[0] == "ama" and one[2] == "On gates"]
    again = await record_attendance(
        graph, ORGANISER, event=MEETING, present=[Present(FIRST, spoke=True, talk="On gates")]
    )
    assert (len(mine), again.already) == (1, (FIRST,))
    await record_attendance(graph, ORGANISER, event=MEETING, present=[], absent=[FIRST])
    assert [one for one in await there(graph, MEETING) if one[2] == "On gates"] == []
    assert [one for one in await talks(graph) if one["text"] == "On gates"] == []
    rows = await graph.read(SAID)
    assert {(row["kind"], row["source"]) for row in rows if row["source"] == ORGANISERS} == set()
    assert {row["kind"] for row in rows} == {Kind.ATTENDANCE, Kind.SPEAKERS}


# Whom a list means.

NAMES = """
MATCH (ama:Expert {id: 'ama'}), (dana:Expert {id: 'dana'}), (kofi:Expert {id: 'kofi'}), (hidden:Expert {id: 'hidden'})
SET ama.email = 'Ama@example.org', dana.email = 'dana@example.org', kofi.email = 'kofi@example.org',
    hidden.email = 'hidden@example.org', dana.other_names = ['Dana Hadad-Saleh']
CREATE (:Expert {id: 'kofi-2', name: 'Kofi Mensah', audience_listing: 1, audience_contact: 1, audience_profile: 1})
"""


@pytest.fixture
async def named(people: Graph) -> Graph:
    await people.write(NAMES)
    return people


async def matched(graph: Graph, *rows: tuple[str, str]) -> list[tuple[str, str | None, list[str]]]:
    asked = [Attendee(number, name, email) for number, (name, email) in enumerate(rows)]
    found = await match_attendees(graph, ORGANISER, event=HELD, rows=asked)
    assert [one.row for one in found] == [one.row for one in asked]
    return [(one.certainty, one.ground, list(one.people)) for one in found]


@pytest.mark.parametrize(
    "name, email, certainty, ground, people_meant",
    [
        ("Somebody's phone", "AMA@Example.org ", Certainty.CERTAIN, Ground.ADDRESS, [AMA]),
        ("ama  ówusu", "", Certainty.CERTAIN, Ground.NAME, [AMA]),
        ("Owusu, Ama", "private@example.net", Certainty.CERTAIN, Ground.NAME, [AMA]),
        ("DANA HADAD SALEH", "", Certainty.CERTAIN, Ground.NAME, [DANA]),
        ("Kofi Mensah", "", Certainty.DOUBTFUL, Ground.SEVERAL, [KOFI, "kofi-2"]),
        ("Kofi Mensah", "kofi@example.org", Certainty.CERTAIN, Ground.ADDRESS, [KOFI]),
        ("Ama Owusu", "dana@example.org", Certainty.DOUBTFUL, Ground.AT_ODDS, [DANA, AMA]),
        ("Dana Hadad", "", Certainty.DOUBTFUL, Ground.SIMILAR, [DANA]),
        ("Owusu Ama", "", Certainty.DOUBTFUL, Ground.SIMILAR, [AMA]),
        ("Jo Unknown", "jo@example.net", Certainty.NOBODY, None, []),
        ("", "", Certainty.NOBODY, None, []),
        ("Nobody Known", "hidden@example.org", Certainty.NOBODY, None, []),
    ],
)
async def test_a_row_means_one_person_several_or_nobody(  # noqa: PLR0917 -- one row of the table each
    named: Graph, name: str, email: str, certainty: Certainty, ground: Ground | None, people_meant: list[str]
) -> None:
    assert await matched(named, (name, email)) == [(certainty, ground, people_meant)]


async def test_an_address_that_is_not_seen_means_nobody(named: Graph) -> None:
    await hide(named, DANA, FieldGroup.CONTACT)
    await hide(named, DANA, FieldGroup.PROFILE)

    assert await matched(named, ("", "dana@example.org"), ("Dana Hadad-Saleh", ""), ("Dana Haddad", "")) == [
        (Certainty.NOBODY, None, []), (Certainty.DOUBTFUL, Ground.SIMILAR, [DANA]),
        (Certainty.CERTAIN, Ground.NAME, [DANA]),
    ]  # fmt: skip


async def test_who_is_considered_comes_first_among_those_whom_a_row_may_mean(named: Graph) -> None:
    await listed(named, ExpertId("kofi-2"), event=HELD)

    assert await matched(named, ("Kofi Mensah", "")) == [(Certainty.DOUBTFUL, Ground.SEVERAL, ["kofi-2", KOFI])]


async def test_rows_are_of_an_event_and_not_too_many(named: Graph) -> None:
    with pytest.raises(NoSuchEvent):
        await match_attendees(named, ORGANISER, event=EventId("none"), rows=[])
    for rows in ([Attendee(1)] * 2001, [Attendee(1, "x" * 301)]):
        with pytest.raises(InvalidFields):
            await match_attendees(named, ORGANISER, event=HELD, rows=rows)


# Answers from calendars.


async def test_an_answer_from_a_calendar_is_a_step(named: Graph) -> None:
    ama, dana, kofi = await listed(named, AMA, DANA, KOFI)
    for one in (ama, dana):
        await stepped(named, one.id, "invited")
    await stepped(named, kofi.id, *CONFIRMED)
    soon = NOW + timedelta(days=1)
    replies = [
        Reply("x", "ama@example.org", State.DECLINED, soon),
        Reply("x", "AMA@example.org", State.ACCEPTED, soon),
        Reply("x", "dana@example.org", State.DECLINED, NOW - timedelta(days=1)),
        Reply("x", "kofi@example.org", State.DECLINED, soon),
        Reply("x", "hidden@example.org", State.ACCEPTED, soon),
    ]

    dry = await take_replies(named, ORGANISER, event=BRIEFING, replies=replies, dry_run=True)
    untouched = [one.state for one in await on_list(named)]
    made = await take_replies(named, ORGANISER, event=BRIEFING, replies=replies)
    again = await take_replies(named, ORGANISER, event=BRIEFING, replies=replies)

    told = [Outcome.TAKEN, Outcome.OUTDATED, Outcome.IMPOSSIBLE, Outcome.NOBODY]
    assert [one.outcome for one in dry] == [one.outcome for one in made] == told
    assert untouched == [State.INVITED, State.INVITED, State.CONFIRMED]
    assert [one.outcome for one in again] == [Outcome.ALREADY, *told[1:]]
    (first, *_) = await on_list(named)
    assert (first.state, first.steps[-1].reason) == (State.ACCEPTED, "answered from their calendar")
    assert (made[0].expert, made[0].state) == (AMA, State.ACCEPTED)


async def test_an_answer_to_another_event_or_of_two_people_is_not_taken(named: Graph) -> None:
    await named.write("MATCH (v:Event {id: 'held'}) SET v.identifiers = ['ical:other@example.org/20270101']")
    ama, dana = await listed(named, AMA, DANA)
    await stepped(named, ama.id, "invited")

    made = await take_replies(
        named, ORGANISER, event=BRIEFING, replies=[Reply("other@example.org", "ama@example.org", State.ACCEPTED, None)]
    )
    await named.write("MATCH (e:Expert {id: 'dana'}) SET e.email = 'ama@example.org'")
    both = await take_replies(
        named, ORGANISER, event=BRIEFING, replies=[Reply("mine", "ama@example.org", State.ACCEPTED, None)]
    )

    assert ([one.outcome for one in made], [one.outcome for one in both]) == (
        [Outcome.OTHER_EVENT],
        [Outcome.UNCERTAIN],
    )
    assert {one.state for one in await on_list(named)} == {State.INVITED, State.SHORTLISTED}
    assert dana.state is State.SHORTLISTED


async def test_an_answer_to_the_letter_of_another_event_is_not_taken(named: Graph) -> None:
    (ama,) = await listed(named, AMA)
    (elsewhere,) = await listed(named, AMA, event=SAME_TIME)
    await stepped(named, ama.id, "invited")
    replies = [Reply(f"{one.id}@example.org", "ama@example.org", State.ACCEPTED, None) for one in (elsewhere, ama)]

    made = await take_replies(named, ORGANISER, event=BRIEFING, replies=replies)

    assert [one.outcome for one in made] == [Outcome.OTHER_EVENT, Outcome.TAKEN]


async def test_who_hides_their_address_is_no_answer_of_theirs(named: Graph) -> None:
    (ama,) = await listed(named, AMA)
    await stepped(named, ama.id, "invited")
    await hide(named, AMA, FieldGroup.CONTACT)

    (made,) = await take_replies(
        named, ORGANISER, event=BRIEFING, replies=[Reply("x", "ama@example.org", State.ACCEPTED, None)]
    )

    assert (made.outcome, made.expert) == (Outcome.NOBODY, None)


async def test_who_leaves_the_network_is_forgotten_here_too_and_taken_down_anew_when_they_come_back(
    named: Graph,
) -> None:
    present = [Present(AMA, spoke=True, talk="Gates at night"), Present(KOFI)]
    await record_attendance(named, ORGANISER, event=HELD, present=present)

    await named.transact(lambda tx: settle(tx, Kind.EXPERTS, [AMA]))

    left = await named.read("MATCH (r:Record) WHERE r.kind IN ['attendance', 'speakers'] RETURN r.person AS person")
    assert [row["person"] for row in left] == [KOFI]
    assert await named.read("MATCH (d:Document) WHERE d.id STARTS WITH 'organisers#' RETURN d") == []
    await named.write("CREATE (:Expert {id: 'ama', name: 'Ama Owusu'})")
    await named.transact(lambda tx: restamp(tx, experts=[AMA]))
    again = await record_attendance(named, ORGANISER, event=HELD, present=present)
    assert (again.recorded, again.already) == ((AMA,), (KOFI,))


async def test_an_answer_from_a_calendar_follows_on_what_somebody_else_says_at_that_moment(named: Graph) -> None:
    (ama,) = await listed(named, AMA)
    await stepped(named, ama.id, "invited")
    reply = Reply("x", "ama@example.org", State.ACCEPTED, None)

    async def noted() -> None:
        for number in range(20):
            (now,) = [one for one in await on_list(named) if one.id == ama.id]
            await set_note(named, ORGANISER, id=ama.id, expected_version=now.version, note=f"Note {number}")

    async def taken() -> tuple[Replied, ...]:
        return await take_replies(named, ORGANISER, event=BRIEFING, replies=[reply])

    notes, first, second = await asyncio.gather(noted(), taken(), taken(), return_exceptions=True)

    outcomes = sorted(one.outcome for told in (first, second) if isinstance(told, tuple) for one in told)
    assert outcomes == [Outcome.ALREADY, Outcome.TAKEN]
    assert notes is None or isinstance(notes, OtherVersion)
    assert [one.state for one in await on_list(named)] == [State.ACCEPTED]
