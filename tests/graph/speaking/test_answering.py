"""What is answered by the link of a letter, or signed in: once, in time, by whoever was asked alone."""

import asyncio
import base64
from datetime import UTC, datetime, timedelta

import pytest

from graph import event_changes
from graph.graph import Graph, Transaction
from graph.invitations import UnfitText
from graph.speaking import (
    Answer,
    AnswerLinkEnded,
    CannotAnswer,
    State,
    answer,
    answer_own,
    asked,
    correspondence,
)
from graph.speaking.answer_links import LinkedLetter, key, opened, sealed
from graph.speaking.outbox import LINK_LASTS
from graph.values import ExpertId
from graph.viewer import FieldGroup, Role, Viewer
from tests.graph.speaking.network import AMA, BRIEFING, DANA, NOW, ORGANISER, hide, listed, on_list, stepped
from tests.graph.speaking.written import all_sent, invited, lettered, letters_of, taken

AS_AMA = Viewer(Role.MEMBER, person=AMA, actor="account:of-ama")


async def link(graph: Graph) -> str:
    """The secret of the link in the letter that leaves next."""
    letter = await taken(graph)
    assert letter.secret is not None
    return letter.secret


async def state_of_ama(graph: Graph) -> State:
    return next(one.state for one in await on_list(graph) if one.expert == AMA)


async def test_opening_a_link_tells_what_is_asked_and_answers_nothing(addressed: Graph) -> None:
    await invited(addressed)

    told = await asked(addressed, secret=await link(addressed))

    assert (told.name, told.language, told.state) == ("Ama Owusu", "fr", State.INVITED)
    assert told.possible == (Answer.ACCEPT, Answer.DECLINE, Answer.OTHER_TIME)
    assert await state_of_ama(addressed) is State.INVITED


async def test_a_yes_is_taken_down_once(addressed: Graph) -> None:
    id = await invited(addressed)
    secret = await link(addressed)

    told = await answer(addressed, secret=secret, answer=Answer.ACCEPT)
    assert (told.state, told.possible) == (State.ACCEPTED, (Answer.WITHDRAW,))
    assert await answer(addressed, secret=secret, answer=Answer.ACCEPT) == told

    (ama,) = await on_list(addressed)
    assert [step.to for step in ama.steps] == [State.SHORTLISTED, State.INVITED, State.ACCEPTED]
    assert ama.steps[-1].by == "answer link"
    assert ama.answer_by is None
    replies = (await correspondence(addressed, ORGANISER, candidacies=[id]))[id].replies
    assert [one.answer for one in replies] == ["accept"]


async def test_of_answers_at_once_one_is_taken_down(addressed: Graph) -> None:
    id = await invited(addressed)
    secret = await link(addressed)

    await asyncio.gather(*(answer(addressed, secret=secret, answer=Answer.ACCEPT) for _ in range(4)))

    (ama,) = await on_list(addressed)
    assert [step.to for step in ama.steps] == [State.SHORTLISTED, State.INVITED, State.ACCEPTED]
    replies = (await correspondence(addressed, ORGANISER, candidacies=[id]))[id].replies
    assert [one.answer for one in replies] == ["accept"]


async def test_of_own_answers_at_once_one_is_taken_down(addressed: Graph) -> None:
    await invited(addressed)

    await asyncio.gather(*(answer_own(addressed, AS_AMA, event=BRIEFING, answer=Answer.ACCEPT) for _ in range(4)))

    assert len((await on_list(addressed))[0].steps) == 3


async def test_of_yes_and_no_at_once_the_second_is_told_so(addressed: Graph) -> None:
    id = await invited(addressed)
    secret = await link(addressed)

    answers = (Answer.ACCEPT, Answer.DECLINE)
    told = await asyncio.gather(
        *(answer(addressed, secret=secret, answer=one) for one in answers), return_exceptions=True
    )

    assert [type(one) for one in told].count(CannotAnswer) == 1
    assert len((await on_list(addressed))[0].steps) == 3
    assert len((await correspondence(addressed, ORGANISER, candidacies=[id]))[id].replies) == 1


async def test_another_time_asked_for_at_once_is_taken_down_once(addressed: Graph) -> None:
    id = await invited(addressed)
    secret = await link(addressed)

    await asyncio.gather(
        *(answer(addressed, secret=secret, answer=Answer.OTHER_TIME, reason="In May.") for _ in range(4))
    )

    assert len((await correspondence(addressed, ORGANISER, candidacies=[id]))[id].replies) == 1


async def test_a_no_says_why_and_who_else_could(addressed: Graph) -> None:
    id = await invited(addressed)

    told = await answer(
        addressed, secret=await link(addressed), answer=Answer.DECLINE, reason="I travel.", suggestion="My colleague."
    )

    assert (told.state, told.possible) == (State.DECLINED, ())
    (reply,) = (await correspondence(addressed, ORGANISER, candidacies=[id]))[id].replies
    assert (reply.answer, reply.reason, reply.suggestion) == ("decline", "I travel.", "My colleague.")
    assert (await on_list(addressed))[0].steps[-1].reason == "I travel."


async def test_another_time_leaves_the_question_open(addressed: Graph) -> None:
    id = await invited(addressed)
    secret = await link(addressed)
    with pytest.raises(UnfitText, match="write which other time would do"):
        await answer(addressed, secret=secret, answer=Answer.OTHER_TIME, reason="  ")

    for _ in range(2):
        told = await answer(addressed, secret=secret, answer=Answer.OTHER_TIME, reason="In May.")

    assert (told.state, Answer.ACCEPT in told.possible) == (State.INVITED, True)
    (reply,) = (await correspondence(addressed, ORGANISER, candidacies=[id]))[id].replies
    assert (reply.answer, reply.reason) == ("other_time", "In May.")


async def test_who_said_yes_can_say_that_they_cannot_come_after_all(addressed: Graph) -> None:
    id = await invited(addressed)
    secret = await link(addressed)
    await answer(addressed, secret=secret, answer=Answer.ACCEPT)
    await stepped(addressed, id, "confirmed")

    told = await answer(addressed, secret=secret, answer=Answer.WITHDRAW, reason="Ill.")

    assert (told.state, told.possible) == (State.WITHDRAWN, ())
    with pytest.raises(CannotAnswer, match="nothing is asked of you"):
        await answer(addressed, secret=secret, answer=Answer.ACCEPT)


async def test_an_answer_that_does_not_fit_changes_nothing(addressed: Graph) -> None:
    await invited(addressed)
    secret = await link(addressed)

    with pytest.raises(CannotAnswer, match="you can answer accept or decline or other time"):
        await answer(addressed, secret=secret, answer=Answer.WITHDRAW)
    with pytest.raises(UnfitText):
        await answer(addressed, secret=secret, answer=Answer.DECLINE, reason="x" * 1001)

    assert await state_of_ama(addressed) is State.INVITED


async def forged(graph: Graph, letter: str, until: datetime) -> str:
    """A link as the network itself would make it."""

    async def work(tx: Transaction) -> str:
        return sealed(await key(tx), LinkedLetter(letter, until))

    return await graph.transact(work)


async def test_what_the_network_did_not_make_or_is_too_old_answers_nothing(addressed: Graph) -> None:
    id = await invited(addressed)
    secret = await link(addressed)
    (letter,) = await letters_of(addressed, id)
    whole = bytearray(base64.urlsafe_b64decode(secret + "=" * (-len(secret) % 4)))
    changed = [secret[:-4], "", "é", "x" * 2000, secret + "AAAA"]
    for place in (0, 17, 30, -1):
        other = bytearray(whole)
        other[place] ^= 1
        changed.append(base64.urlsafe_b64encode(other).rstrip(b"=").decode())
    changed.append(await forged(addressed, letter.id, datetime.now(UTC) - timedelta(seconds=1)))
    changed.append(await forged(addressed, "0" * 32, datetime.now(UTC) + timedelta(days=1)))

    for one in changed:
        with pytest.raises(AnswerLinkEnded):
            await answer(addressed, secret=one, answer=Answer.ACCEPT)
    assert await state_of_ama(addressed) is State.INVITED


async def test_a_link_is_good_until_the_event_begins(addressed: Graph) -> None:
    await invited(addressed)
    secret = await link(addressed)
    await addressed.write("MATCH (v:Event {id: 'briefing'}) SET v.starts_at = datetime() - duration('PT1M')")

    assert (await asked(addressed, secret=secret)).possible == ()
    with pytest.raises(CannotAnswer):
        await answer(addressed, secret=secret, answer=Answer.ACCEPT)


async def test_a_link_stays_good_when_the_event_is_put_off(addressed: Graph) -> None:
    await invited(addressed)
    secret = await link(addressed)
    await addressed.write("MATCH (v:Event {id: 'briefing'}) SET v.starts_at = v.starts_at + duration('P200D')")

    assert (await answer(addressed, secret=secret, answer=Answer.ACCEPT)).state is State.ACCEPTED


@pytest.mark.parametrize("days, lasts", [(30, LINK_LASTS), (500, timedelta(days=530))])
async def test_a_link_lasts_a_year_or_until_well_after_the_event(addressed: Graph, days: int, lasts: timedelta) -> None:
    await addressed.write("MATCH (v:Event {id: 'briefing'}) SET v.starts_at = $at", at=NOW + timedelta(days=days))
    await invited(addressed)
    secret = await link(addressed)

    until = (await addressed.transact(lambda tx: opened(tx, secret))).until

    assert abs(until - NOW - lasts) < timedelta(days=1)  # NOW is when the tests began


async def test_without_any_letter_no_key_is_made(addressed: Graph) -> None:
    with pytest.raises(AnswerLinkEnded):
        await asked(addressed, secret="x" * 70)

    assert await addressed.read("MATCH (k:AnswerKey) RETURN k") == []


async def test_nothing_is_answered_to_a_cancelled_event(addressed: Graph) -> None:
    await invited(addressed)
    secret = await link(addressed)
    await event_changes.cancel(addressed, ORGANISER, event=BRIEFING, expected_version=0)

    told = await asked(addressed, secret=secret)

    assert (told.is_cancelled, told.possible) == (True, ())


async def test_a_link_of_an_earlier_time_answers_nothing(addressed: Graph) -> None:
    id = await invited(addressed)
    secret = await link(addressed)
    await stepped(addressed, id, "declined", "shortlisted")
    with pytest.raises(AnswerLinkEnded):
        await asked(addressed, secret=secret)

    await lettered(addressed, id, State.INVITED)
    with pytest.raises(AnswerLinkEnded):
        await asked(addressed, secret=secret)


@pytest.mark.parametrize("who, other", [(AMA, DANA), (DANA, AMA)])
async def test_a_link_answers_for_one_candidacy_alone(addressed: Graph, who: ExpertId, other: ExpertId) -> None:
    await invited(addressed, AMA)
    await invited(addressed, DANA)
    secrets = {letter.address.split("@")[0]: letter.secret for letter in await all_sent(addressed)}

    await answer(addressed, secret=secrets[who] or "", answer=Answer.DECLINE)

    assert {one.expert: one.state for one in await on_list(addressed)} == {who: State.DECLINED, other: State.INVITED}


async def test_the_seal_of_one_letter_is_none_of_another(addressed: Graph) -> None:
    await invited(addressed, AMA)
    await invited(addressed, DANA)
    one, other = (base64.urlsafe_b64decode(f"{letter.secret}==") for letter in await all_sent(addressed))

    mixed = base64.urlsafe_b64encode(one[:21] + other[21:]).rstrip(b"=").decode()

    with pytest.raises(AnswerLinkEnded):
        await answer(addressed, secret=mixed, answer=Answer.DECLINE)


async def test_who_hid_from_the_network_may_still_answer(addressed: Graph) -> None:
    await invited(addressed)
    secret = await link(addressed)
    await hide(addressed, AMA, FieldGroup.LISTING)

    assert (await answer(addressed, secret=secret, answer=Answer.DECLINE)).state is State.DECLINED


async def test_who_is_signed_in_answers_for_themselves_alone(addressed: Graph) -> None:
    (ama,) = await listed(addressed, AMA)
    with pytest.raises(AnswerLinkEnded):  # they know nothing of it yet
        await answer_own(addressed, AS_AMA, event=BRIEFING, answer=Answer.ACCEPT)
    await stepped(addressed, ama.id, "invited")

    for other in (Viewer(Role.MEMBER, person=DANA), ORGANISER):
        with pytest.raises(AnswerLinkEnded):
            await answer_own(addressed, other, event=BRIEFING, answer=Answer.ACCEPT)
    told = await answer_own(addressed, AS_AMA, event=BRIEFING, answer=Answer.ACCEPT)

    assert told.state is State.ACCEPTED
    assert (await on_list(addressed))[0].steps[-1].by == "account:of-ama"


async def test_of_being_taken_off_a_list_unasked_nothing_is_told(addressed: Graph) -> None:
    (ama,) = await listed(addressed, AMA)
    await stepped(addressed, ama.id, "withdrawn")

    with pytest.raises(AnswerLinkEnded):
        await answer_own(addressed, AS_AMA, event=BRIEFING, answer=Answer.ACCEPT)
