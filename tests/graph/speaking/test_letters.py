"""Letters to speakers: made with their step, true when they leave, sent once, given up in time, known to erasures."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from graph import accounts, consents, erasure, event_changes, export
from graph.consents import How
from graph.fields import InvalidFields
from graph.graph import Graph
from graph.intake import remove_experts
from graph.invitations import UnfitText
from graph.permissions import NotAllowed
from graph.speaking import (
    Answer,
    Correspondence,
    LetterState,
    NoSuchLetter,
    NotReachable,
    Occasion,
    State,
    Wanted,
    advance,
    answer,
    correspondence,
    not_sent,
    preview,
    record_bounce,
    remind_overdue,
    send_again,
    take,
    tell_speakers,
    unanswered,
)
from graph.speaking.letters import LetterId
from graph.speaking.outbox import LEASE
from graph.values import Purpose
from graph.viewer import FieldGroup, Role, Viewer
from tests.graph.speaking.network import (
    ADMINISTRATOR,
    AMA,
    BRIEFING,
    DANA,
    HELD,
    KOFI,
    NOW,
    ORGANISER,
    hide,
    listed,
    on_list,
    stepped,
)
from tests.graph.speaking.written import all_sent, invited, lettered, letters_of, taken, tell

LATER = "MATCH (l:Letter {id: $id}) SET l.next_at = datetime() - duration('PT1S'), l.taken_until = NULL"
PASS_TIME = "MATCH (l:Letter) SET l.taken_until = l.taken_until - $lease"
LEFT = "MATCH (n:Candidacy|Step|Letter|Reply) RETURN count(n) AS left"


async def test_an_invitation_waits_with_its_step_and_tells_what_is_so(addressed: Graph) -> None:
    answer_by = NOW + timedelta(days=7)
    id = await invited(addressed, answer_by=answer_by)

    letter = await taken(addressed)

    assert (letter.candidacy, letter.occasion, letter.address) == (id, Occasion.INVITATION, "ama@people.example")
    assert (letter.name, letter.language, letter.sequence) == ("Ama Owusu", "fr", 0)
    assert (letter.event.title, letter.event.starts_at) == ("A briefing", NOW + timedelta(days=30))
    assert letter.answer_by == answer_by
    assert letter.secret


async def test_a_letter_is_taken_by_one_of_those_who_send_at_once(addressed: Graph) -> None:
    await invited(addressed)

    letters = await asyncio.gather(*(take(addressed) for _ in range(4)))

    assert len([one for one in letters if one is not None]) == 1


async def test_a_letter_that_was_taken_by_somebody_who_died_is_taken_again(addressed: Graph) -> None:
    await invited(addressed)
    first = await taken(addressed)
    assert await take(addressed) is None

    await addressed.write(PASS_TIME, lease=LEASE)

    assert (await taken(addressed)).id == first.id


async def test_a_letter_that_was_sent_is_not_sent_again(addressed: Graph) -> None:
    id = await invited(addressed)

    assert len(await all_sent(addressed)) == 1

    await addressed.write(PASS_TIME, lease=LEASE)
    assert await take(addressed) is None
    (letter,) = await letters_of(addressed, id)
    assert letter.state is LetterState.SENT
    assert letter.left_at is not None


async def test_what_did_not_leave_is_tried_later_and_then_given_up(addressed: Graph) -> None:
    id = await invited(addressed)
    letter = await taken(addressed)

    await not_sent(addressed, id=letter.id, fault="SMTPConnectError", is_final=False)
    assert await take(addressed) is None
    (waiting,) = await letters_of(addressed, id)
    assert (waiting.state, waiting.fault, waiting.attempts) == (LetterState.WAITING, "SMTPConnectError", 1)
    assert waiting.next_at is not None

    await addressed.write(LATER, id=letter.id)
    again = await taken(addressed)
    await addressed.write("MATCH (l:Letter) SET l.first_tried_at = l.first_tried_at - duration('P4D')")
    await not_sent(addressed, id=again.id, fault="SMTPConnectError", is_final=False)
    (given_up,) = await letters_of(addressed, id)
    assert (given_up.state, given_up.next_at) == (LetterState.FAILED, None)


async def test_what_is_refused_for_good_is_not_tried_again(addressed: Graph) -> None:
    id = await invited(addressed)

    await not_sent(addressed, id=(await taken(addressed)).id, fault="SMTPRecipientRefused 550", is_final=True)

    (letter,) = await letters_of(addressed, id)
    assert (letter.state, letter.fault) == (LetterState.FAILED, "SMTPRecipientRefused 550")


async def test_who_shows_no_address_is_not_invited_by_letter(addressed: Graph) -> None:
    (kofi,) = await listed(addressed, KOFI)

    with pytest.raises(NotReachable):
        await lettered(addressed, kofi.id, State.INVITED)

    assert (await on_list(addressed))[0].state is State.SHORTLISTED


@pytest.mark.parametrize("way", ["hides", "withdraws"])
async def test_who_hides_their_address_before_a_letter_leaves_does_not_get_it(addressed: Graph, way: str) -> None:
    id = await invited(addressed)
    if way == "hides":
        await hide(addressed, AMA, FieldGroup.CONTACT)
    else:
        as_ama = Viewer(Role.MEMBER, person=AMA, actor="account:of-ama")
        await consents.decide(addressed, as_ama, expert=AMA, purpose=Purpose.CONTACTED, given=False, how=How.PAGE)

    assert await take(addressed) is None

    (letter,) = await letters_of(addressed, id)
    assert (letter.state, letter.fault) == (LetterState.OUTDATED, "they show no address to write to any more")


@pytest.mark.parametrize("then", ["accepted", "withdrawn"])
async def test_an_invitation_that_is_no_longer_so_does_not_leave(addressed: Graph, then: str) -> None:
    id = await invited(addressed)
    await stepped(addressed, id, then)

    assert await take(addressed) is None
    assert (await letters_of(addressed, id))[0].state is LetterState.OUTDATED


async def test_an_invitation_of_an_earlier_time_does_not_leave(addressed: Graph) -> None:
    id = await invited(addressed)
    await stepped(addressed, id, "declined", "shortlisted", "invited")

    assert await take(addressed) is None


async def test_a_reminder_that_waits_says_all_that_the_invitation_would(addressed: Graph) -> None:
    id = await invited(addressed)
    await lettered(addressed, id, State.REMINDED)

    assert [one.occasion for one in await all_sent(addressed)] == [Occasion.REMINDER]


async def test_who_got_no_letter_is_not_released_by_one(addressed: Graph) -> None:
    id = await invited(addressed)
    await lettered(addressed, id, State.WITHDRAWN)
    assert await all_sent(addressed) == []

    other = await invited(addressed, DANA)
    await all_sent(addressed)
    await lettered(addressed, other, State.WITHDRAWN)
    (release,) = await all_sent(addressed)
    assert (release.occasion, release.sequence, release.secret) == (Occasion.RELEASE, 1, None)


async def test_a_letter_is_refused_with_a_step_that_has_none(addressed: Graph) -> None:
    (ama,) = await listed(addressed, AMA)
    with pytest.raises(InvalidFields, match="No letter goes out with this step"):
        await lettered(addressed, ama.id, State.WITHDRAWN)
    await stepped(addressed, ama.id, "invited")
    with pytest.raises(InvalidFields, match="No letter goes out with this step"):
        await lettered(addressed, ama.id, State.ACCEPTED)


async def test_no_letter_asks_for_an_answer_by_a_time_that_is_past(addressed: Graph) -> None:
    (ama,) = await listed(addressed, AMA)
    past = datetime.now(UTC) - timedelta(minutes=1)
    with pytest.raises(InvalidFields, match="a time that is past; choose a later one"):
        await preview(addressed, ORGANISER, id=ama.id, wanted=Wanted(), answer_by=past)
    with pytest.raises(InvalidFields, match="a time that is past; choose a later one"):
        await advance(
            addressed, ORGANISER, id=ama.id, expected_version=1, to=State.INVITED, answer_by=past, letter=Wanted()
        )

    elsewhere = await advance(addressed, ORGANISER, id=ama.id, expected_version=1, to=State.INVITED, answer_by=past)

    assert elsewhere.candidacy.answer_by == past
    assert await letters_of(addressed, ama.id) == ()


async def test_a_day_to_answer_by_lasts_until_it_ends_where_the_event_is(addressed: Graph) -> None:
    (ama,) = await listed(addressed, AMA)
    placed = (
        "MATCH (v:Event {id: $id}) SET v.time_zone = 'America/Lima', v.starts_at = datetime('2099-03-10T15:00:00Z')"
    )
    await addressed.write(placed, id=BRIEFING)
    day, ends = date(2099, 2, 28), datetime(2099, 3, 1, 4, 59, 59, tzinfo=UTC)

    letter = await preview(addressed, ORGANISER, id=ama.id, wanted=Wanted(), answer_by=day)
    asked = await advance(
        addressed, ORGANISER, id=ama.id, expected_version=1, to=State.INVITED, answer_by=day, letter=Wanted()
    )

    assert (letter.answer_by, asked.candidacy.answer_by) == (ends, ends)


async def test_no_letter_asks_for_an_answer_once_the_event_has_begun(addressed: Graph) -> None:
    (ama,) = await listed(addressed, AMA)
    begins = NOW + timedelta(days=30)
    with pytest.raises(InvalidFields, match="only after the event has begun; choose a day before"):
        await preview(addressed, ORGANISER, id=ama.id, wanted=Wanted(), answer_by=begins + timedelta(seconds=1))
    with pytest.raises(InvalidFields, match="only after the event has begun"):
        await advance(
            addressed, ORGANISER, id=ama.id, expected_version=1, to=State.INVITED, answer_by=begins.date(),
            letter=Wanted(),
        )  # fmt: skip

    assert (await preview(addressed, ORGANISER, id=ama.id, wanted=Wanted(), answer_by=begins)).answer_by == begins
    assert await letters_of(addressed, ama.id) == ()


async def test_the_language_is_the_persons_best_unless_it_is_said(addressed: Graph) -> None:
    (dana,) = await listed(addressed, DANA)
    assert (await preview(addressed, ORGANISER, id=dana.id, wanted=Wanted())).language == "ar"
    assert (await preview(addressed, ORGANISER, id=dana.id, wanted=Wanted(language="ru"))).language == "ru"
    with pytest.raises(UnfitText, match="use en, fr"):
        await preview(addressed, ORGANISER, id=dana.id, wanted=Wanted(language="xx"))

    await hide(addressed, DANA, FieldGroup.LANGUAGES)
    assert (await preview(addressed, ORGANISER, id=dana.id, wanted=Wanted())).language == "en"


async def test_speakers_are_told_of_a_change_once(addressed: Graph) -> None:
    ama, dana = await listed(addressed, AMA, DANA)
    await lettered(addressed, ama.id, State.INVITED)
    await stepped(addressed, dana.id, "invited")
    await all_sent(addressed)
    assert (await tell(addressed)).written == ()

    await event_changes.update(
        addressed, ORGANISER, event=BRIEFING, expected_version=0, changes={"place": "The old hall"}
    )
    told = await tell_speakers(addressed, ORGANISER, event=BRIEFING, note="Another hall.")
    assert [one.id for one in told.written] == [ama.id]  # Dana was asked another way
    assert (await tell(addressed)).written == ()

    (letter,) = await all_sent(addressed)
    assert (letter.occasion, letter.event.place, letter.note) == (Occasion.CHANGE, "The old hall", "Another hall.")
    assert (await tell(addressed)).written == ()


async def test_speakers_are_told_once_that_an_event_is_cancelled(addressed: Graph) -> None:
    id = await invited(addressed)
    await all_sent(addressed)
    await event_changes.cancel(addressed, ORGANISER, event=BRIEFING, expected_version=0)

    assert [one.id for one in (await tell(addressed)).written] == [id]
    assert (await tell(addressed)).written == ()

    (letter,) = await all_sent(addressed)
    assert (letter.occasion, letter.secret) == (Occasion.CANCELLATION, None)

    (event,) = await addressed.read("MATCH (v:Event {id: $event}) RETURN v.version AS version", event=BRIEFING)
    await event_changes.update(
        addressed, ORGANISER, event=BRIEFING, expected_version=event["version"], changes={"status": "confirmed"}
    )
    assert [one.id for one in (await tell(addressed)).written] == [id]
    (letter,) = await all_sent(addressed)
    assert (letter.occasion, letter.candidacy) == (Occasion.CHANGE, id)
    assert (await tell(addressed)).written == ()


async def test_who_cannot_be_told_is_named(addressed: Graph) -> None:
    id = await invited(addressed)
    await all_sent(addressed)
    await hide(addressed, AMA, FieldGroup.CONTACT)
    await event_changes.cancel(addressed, ORGANISER, event=BRIEFING, expected_version=0)

    told = await tell(addressed)

    assert (told.written, [one.id for one in told.not_reachable]) == ((), [id])


async def test_a_bounce_is_kept_and_a_complaint_ends_all_letters(addressed: Graph) -> None:
    id = await invited(addressed)
    (letter,) = await all_sent(addressed)

    bounced = await record_bounce(addressed, ORGANISER, letter=letter.id, fault="No such mailbox.")
    assert (bounced.state, bounced.fault) == (LetterState.BOUNCED, "No such mailbox.")

    await record_bounce(addressed, ORGANISER, letter=letter.id, is_complaint=True)
    with pytest.raises(NotReachable):
        await lettered(addressed, id, State.REMINDED)
    as_ama = Viewer(Role.MEMBER, person=AMA, actor="account:of-ama")
    (decision,) = (await consents.history_of(addressed, as_ama, expert=AMA))[0]
    assert (decision.purpose, decision.given, decision.how) == (Purpose.CONTACTED, False, How.COMPLAINT)


async def test_what_failed_or_came_back_goes_out_again_as_it_was_asked_for(addressed: Graph) -> None:
    id = await invited(addressed)
    with pytest.raises(NoSuchLetter):  # it waits
        await send_again(addressed, ORGANISER, letter=(await letters_of(addressed, id))[0].id)
    await not_sent(addressed, id=(await taken(addressed)).id, fault="SMTPRecipientRefused 550", is_final=True)
    (failed,) = await letters_of(addressed, id)

    again = await send_again(addressed, ORGANISER, letter=failed.id)
    with pytest.raises(NoSuchLetter):  # one waits already
        await send_again(addressed, ORGANISER, letter=failed.id)
    with pytest.raises(NotAllowed):
        await send_again(addressed, Viewer(Role.MEMBER), letter=failed.id)

    (letter,) = await all_sent(addressed)
    assert (letter.id, letter.occasion, letter.language) == (again.id, failed.occasion, failed.language)
    await record_bounce(addressed, ORGANISER, letter=letter.id)
    await hide(addressed, AMA, FieldGroup.CONTACT)
    with pytest.raises(NotReachable):
        await send_again(addressed, ORGANISER, letter=letter.id)


async def test_nothing_leaves_for_an_event_that_has_begun(addressed: Graph) -> None:
    id = await invited(addressed)
    other = await invited(addressed, DANA)
    await all_sent(addressed)
    await lettered(addressed, id, State.REMINDED)
    await addressed.write("MATCH (v:Event {id: 'briefing'}) SET v.starts_at = datetime() - duration('PT1M')")

    assert (await tell(addressed)).written == ()
    assert await take(addressed) is None
    assert (await letters_of(addressed, id))[-1].fault == "the event has begun"
    assert len(await letters_of(addressed, other)) == 1


async def test_what_a_letter_told_when_it_left_is_not_told_again(addressed: Graph) -> None:
    id = await invited(addressed)
    changed = await event_changes.update(
        addressed, ORGANISER, event=BRIEFING, expected_version=0, changes={"place": "The old hall"}
    )
    (letter,) = await all_sent(addressed)
    assert letter.event.place == "The old hall"

    await event_changes.update(
        addressed, ORGANISER, event=BRIEFING, expected_version=changed.version, changes={"capacity": 40}
    )

    assert (await tell(addressed)).written == ()
    await record_bounce(addressed, ORGANISER, letter=letter.id)
    told = await tell(addressed)
    assert (told.written, [one.id for one in told.not_reachable]) == ((), [id])
    assert [one.state for one in await letters_of(addressed, id)] == [LetterState.BOUNCED]


async def test_a_complaint_stays_one(addressed: Graph) -> None:
    await invited(addressed)
    (letter,) = await all_sent(addressed)
    await record_bounce(addressed, ORGANISER, letter=letter.id, is_complaint=True)

    assert (await record_bounce(addressed, ORGANISER, letter=letter.id)).state is LetterState.UNWANTED


async def test_only_a_letter_that_left_comes_back(addressed: Graph) -> None:
    id = await invited(addressed)
    (letter,) = await letters_of(addressed, id)

    for nothing in (letter.id, LetterId("none")):
        with pytest.raises(NoSuchLetter):
            await record_bounce(addressed, ORGANISER, letter=nothing)


async def test_letters_are_for_organisers_alone(addressed: Graph) -> None:
    id = await invited(addressed)
    member = Viewer(Role.MEMBER)

    with pytest.raises(NotAllowed):
        await correspondence(addressed, member, candidacies=[id])
    with pytest.raises(NotAllowed):
        await preview(addressed, member, id=id, wanted=Wanted())
    with pytest.raises(NotAllowed):
        await tell_speakers(addressed, member, event=BRIEFING)
    with pytest.raises(NotAllowed):
        await record_bounce(addressed, member, letter=LetterId("none"))


async def test_letters_to_whom_nobody_may_know_are_told_to_nobody(addressed: Graph) -> None:
    id = await invited(addressed)
    (letter,) = await all_sent(addressed)
    await hide(addressed, AMA, FieldGroup.LISTING)

    assert await correspondence(addressed, ORGANISER, candidacies=[id]) == {}
    with pytest.raises(NoSuchLetter):
        await record_bounce(addressed, ORGANISER, letter=letter.id)


async def test_letters_go_with_the_person(addressed: Graph) -> None:
    await invited(addressed)
    await invited(addressed, DANA)
    for letter in await all_sent(addressed):
        await answer(addressed, secret=letter.secret or "", answer=Answer.OTHER_TIME, reason="In May.")

    exported = (await export.about(addressed, ADMINISTRATOR, expert=DANA))["invitations_to_speak"]
    assert [letter["occasion"] for letter in exported[0]["letters"]] == ["invitation"]

    await erasure.erase(addressed, ADMINISTRATOR, expert=AMA)
    await addressed.transact(lambda tx: remove_experts(tx, [DANA]))
    assert (await addressed.read(LEFT))[0]["left"] == 0


async def test_an_erased_person_is_named_in_nothing_that_was_said_of_others(addressed: Graph) -> None:
    account = await accounts.create(
        addressed, ADMINISTRATOR, email="ama@people.example", role=Role.ORGANISER, expert=AMA
    )
    (dana,) = await listed(addressed, DANA)
    said = Wanted("Ama Owusu asks you.")
    await advance(addressed, account.viewer, id=dana.id, expected_version=1, to=State.INVITED, letter=said)
    (letter,) = await all_sent(addressed)
    words = {"reason": "Ask Ama Owusu.", "suggestion": "ama@people.example"}
    await answer(addressed, secret=letter.secret or "", answer=Answer.DECLINE, **words)
    await record_bounce(addressed, ORGANISER, letter=letter.id, fault="Read by Ama Owusu.")

    await erasure.erase(addressed, ADMINISTRATOR, expert=AMA)

    told = (await correspondence(addressed, ORGANISER, candidacies=[dana.id]))[dana.id]
    steps = (await on_list(addressed))[0].steps
    assert [(one.note, one.fault) for one in told.letters] == [("[erased] asks you.", "Read by [erased].")]
    assert [(one.reason, one.suggestion) for one in told.replies] == [("Ask [erased].", "[erased]")]
    assert steps[-1].reason == "Ask [erased]."
    assert account.id not in f"{told} {steps}"


@pytest.mark.parametrize("attempts, minutes", [(1, 1), (2, 2), (4, 8), (9, 256), (10, 360), (400, 360)])
async def test_each_wait_is_twice_as_long_up_to_six_hours(addressed: Graph, attempts: int, minutes: int) -> None:
    id = await invited(addressed)
    letter = await taken(addressed)
    await addressed.write("MATCH (l:Letter) SET l.attempts = $attempts", attempts=attempts)

    assert not await not_sent(addressed, id=letter.id, fault="SMTPConnectError", is_final=False)

    (waiting,) = await letters_of(addressed, id)
    assert waiting.next_at is not None
    waits = waiting.next_at - datetime.now(UTC)
    assert timedelta(0) <= timedelta(minutes=minutes) - waits < timedelta(seconds=50)


async def test_of_two_reminders_that_wait_the_later_leaves(addressed: Graph) -> None:
    id = await invited(addressed)
    await all_sent(addressed)
    await lettered(addressed, id, State.REMINDED, Wanted("Once more."))
    await lettered(addressed, id, State.REMINDED, Wanted("Once and for all."))

    assert [(one.occasion, one.note) for one in await all_sent(addressed)] == [(Occasion.REMINDER, "Once and for all.")]
    assert [(one.state, one.fault) for one in await letters_of(addressed, id)][1] == (
        LetterState.OUTDATED, "another that waits says the same",
    )  # fmt: skip


async def test_a_candidacy_without_letters_has_none(addressed: Graph) -> None:
    (ama,) = await listed(addressed, AMA)

    assert await correspondence(addressed, ORGANISER, candidacies=[ama.id]) == {ama.id: Correspondence((), ())}


async def test_who_was_reminded_or_would_at_another_time_is_not_reminded_again(addressed: Graph) -> None:
    id = await invited(addressed, answer_by=NOW + timedelta(days=1))
    (invitation,) = await all_sent(addressed)
    assert invitation.secret is not None
    await addressed.write("MATCH (s:Step) SET s.at = s.at - duration('P9D')")
    await addressed.write("MATCH (c:Candidacy) SET c.answer_by = datetime() - duration('P1D')")
    (one,) = await unanswered(addressed, ORGANISER)
    assert one.is_to_be_reminded

    await lettered(addressed, id, State.REMINDED)
    (one,) = await unanswered(addressed, ORGANISER)
    assert (one.is_overdue, one.is_to_be_reminded) == (True, False)
    (reminder,) = [letter for letter in await all_sent(addressed) if letter.occasion is Occasion.REMINDER]
    assert reminder.answer_by is None  # a day gone by is not told

    await answer(addressed, secret=invitation.secret, answer=Answer.OTHER_TIME, reason="In May.")
    assert await unanswered(addressed, ORGANISER) == []


async def overdue(graph: Graph) -> None:
    """Everybody was to answer yesterday."""
    await graph.write("MATCH (s:Step) SET s.at = s.at - duration('P9D')")
    await graph.write("MATCH (l:Letter) SET l.made_at = l.made_at - duration('P9D')")
    await graph.write("MATCH (c:Candidacy) SET c.answer_by = datetime() - duration('P1D')")


async def test_whose_answer_is_overdue_is_reminded_once_by_itself(addressed: Graph) -> None:
    id = await invited(addressed, answer_by=NOW + timedelta(days=1))
    await all_sent(addressed)
    assert await remind_overdue(addressed) == 0
    await overdue(addressed)

    reminded = await asyncio.gather(*(remind_overdue(addressed) for _ in range(3)))

    assert sorted(reminded) == [0, 0, 1]
    (reminder,) = await all_sent(addressed)
    assert (reminder.candidacy, reminder.occasion) == (id, Occasion.REMINDER)
    assert reminder.answer_by is not None
    assert timedelta(days=6) < reminder.answer_by - datetime.now(UTC) <= timedelta(days=7)
    await overdue(addressed)
    assert await remind_overdue(addressed) == 0


async def test_no_reminder_is_answered_after_the_event(addressed: Graph) -> None:
    await invited(addressed, answer_by=NOW + timedelta(days=1))
    await all_sent(addressed)
    await overdue(addressed)
    begins = datetime.now(UTC) + timedelta(days=2)
    await addressed.write("MATCH (v:Event {id: $event}) SET v.starts_at = $begins", event=BRIEFING, begins=begins)

    assert await remind_overdue(addressed) == 1

    (reminder,) = await all_sent(addressed)
    assert reminder.answer_by == begins


async def test_whom_a_letter_asked_another_time_nothing_reminds_by_itself(addressed: Graph) -> None:
    id = await invited(addressed, answer_by=NOW + timedelta(days=1))
    await all_sent(addressed)
    await stepped(addressed, id, "declined", "shortlisted", "invited")
    await addressed.write("MATCH (c:Candidacy) SET c.answer_by = datetime() - duration('P1D')")

    assert await remind_overdue(addressed) == 0


async def test_who_was_to_answer_long_ago_is_left_to_the_organisers(addressed: Graph) -> None:
    await invited(addressed, answer_by=NOW + timedelta(days=1))
    await all_sent(addressed)
    await addressed.write("MATCH (c:Candidacy) SET c.answer_by = datetime() - duration('P8D')")

    assert await remind_overdue(addressed) == 0


async def test_whom_no_letter_reached_or_reaches_any_more_nothing_reminds_by_itself(addressed: Graph) -> None:
    (kofi,) = await listed(addressed, KOFI)
    await stepped(addressed, kofi.id, "invited")
    await invited(addressed, DANA)
    (letter,) = await all_sent(addressed)
    await record_bounce(addressed, ORGANISER, letter=letter.id)
    await invited(addressed, AMA)
    await overdue(addressed)

    assert await remind_overdue(addressed) == 0  # Ama's letter still waits
    await all_sent(addressed)
    await addressed.write("MATCH (e:Expert {id: 'ama'}) REMOVE e.email")
    assert await remind_overdue(addressed) == 0
    assert {one.state for one in await on_list(addressed)} == {State.INVITED}


async def test_who_has_not_answered_is_told_by_when_they_were_to(addressed: Graph) -> None:
    ama, dana, kofi = await listed(addressed, AMA, DANA, KOFI)
    for one, days in ((ama, 5), (dana, 3)):
        by = NOW + timedelta(days=days)
        await advance(addressed, ORGANISER, id=one.id, expected_version=1, to=State.INVITED, answer_by=by)
    await stepped(addressed, kofi.id, "invited", "accepted")
    await addressed.write("MATCH (c:Candidacy {id: $id}) SET c.answer_by = datetime() - duration('P1D')", id=ama.id)

    found = await unanswered(addressed, ORGANISER)

    assert [(one.expert, one.is_overdue, one.reminders) for one in found] == [(AMA, True, 0), (DANA, False, 0)]
    assert await unanswered(addressed, ORGANISER, event=HELD) == []
    await hide(addressed, AMA, FieldGroup.LISTING)
    assert [one.expert for one in await unanswered(addressed, ORGANISER)] == [DANA]
    with pytest.raises(NotAllowed):
        await unanswered(addressed, Viewer(Role.MEMBER))
    await addressed.write("MATCH (v:Event {id: 'briefing'}) SET v.status = 'cancelled'")
    assert await unanswered(addressed, ORGANISER) == []
