"""Letters to speakers by a real SMTP server: each once, whatever dies, is slow or refuses."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from api.settings import MailSettings
from api.speaking.sending import Sending, Tally, send_waiting
from graph import event_changes
from graph.graph import Graph
from graph.settings import GraphSettings, SecretUnreadable
from graph.speaking import Answer, LetterState, Occasion, State, answer
from graph.speaking.outbox import LEASE
from tests.graph.speaking.network import AMA, BRIEFING, DANA, ORGANISER, SAME_TIME, add_people
from tests.graph.speaking.written import address_people, invited, lettered, letters_of, tell
from tests.mailbox import Mailbox, link_in, mail_settings, smtp_server, text_of
from tests.sample_network import environment

BASE = "http://localhost:8123"
PASS_TIME = "MATCH (l:Letter) SET l.taken_until = l.taken_until - $lease"
DUE_NOW = "MATCH (l:Letter {state: 'waiting'}) SET l.next_at = datetime() - duration('PT1S')"
WITHIN_S = 120


@pytest.fixture
async def people(graph: Graph) -> Graph:
    """Ama and Dana, with addresses, and events."""
    await add_people(graph)
    await address_people(graph)
    return graph


async def send(graph: Graph, mailbox: Mailbox) -> Tally:
    return await send_waiting(graph, mail_settings(mailbox), base=BASE)


def entry_in(letter: EmailMessage) -> tuple[str, Any]:
    """The method of the calendar file in a letter, and its one event."""
    (part,) = [one for one in letter.walk() if one.get_content_type() == "text/calendar"]
    calendar: Any = Calendar.from_ical(part.get_content())
    assert part.get_param("method") == str(calendar["METHOD"])
    (event,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), event


async def test_an_invitation_arrives_whole_and_is_answered_by_its_link(people: Graph, mailbox: Mailbox) -> None:
    id = await invited(people)

    assert await send(people, mailbox) == Tally(sent=1)

    letter = await mailbox.letter()
    (stored,) = await letters_of(people, id)
    assert letter["Message-ID"] == f"<{stored.id}@example.org>"
    assert letter["To"] == "ama@people.example"
    assert "A briefing" in letter["Subject"]
    method, event = entry_in(letter)
    assert (method, event["UID"], event["SEQUENCE"]) == ("REQUEST", f"{id}@example.org", 0)
    assert event["ATTENDEE"] == "mailto:ama@people.example"
    assert event["ORGANIZER"] == "mailto:network@example.org"
    link = link_in(letter)
    assert link.startswith(f"{BASE}/answer/")
    told = await answer(people, secret=link.rpartition("/")[2], answer=Answer.ACCEPT)
    assert told.state is State.ACCEPTED


async def test_each_speaker_is_written_to_in_their_language(people: Graph, mailbox: Mailbox) -> None:
    await invited(people)
    await invited(people, DANA)

    await send(people, mailbox)

    told = {str(letter["To"]): letter for letter in [await mailbox.letter(), await mailbox.letter()]}
    assert told["ama@people.example"].get_body()["Content-Language"] == "fr"  # type: ignore[index]
    assert told["dana@people.example"].get_body()["Content-Language"] == "ar"  # type: ignore[index]
    assert "ابة" in text_of(told["dana@people.example"]) or "دعو" in text_of(told["dana@people.example"])


async def test_one_calendar_entry_follows_the_event_to_its_end(people: Graph, mailbox: Mailbox) -> None:
    id = await invited(people)
    await send(people, mailbox)
    changed = await event_changes.update(
        people, ORGANISER, event=BRIEFING, expected_version=0, changes={"place": "The old hall"}
    )
    await tell(people)
    await send(people, mailbox)
    await event_changes.cancel(people, ORGANISER, event=BRIEFING, expected_version=changed.version)
    await tell(people)
    await send(people, mailbox)

    entries = [entry_in(await mailbox.letter()) for _ in range(3)]
    assert [(method, str(event["UID"]), event["SEQUENCE"]) for method, event in entries] == [
        ("REQUEST", f"{id}@example.org", 0), ("REQUEST", f"{id}@example.org", 1), ("CANCEL", f"{id}@example.org", 2),
    ]  # fmt: skip
    assert "The old hall" in entries[1][1]["LOCATION"]
    assert entries[2][1]["STATUS"] == "CANCELLED"


async def test_a_refused_recipient_stops_nobody_else(people: Graph, mailbox: Mailbox) -> None:
    refused, taken = await invited(people), await invited(people, DANA)
    mailbox.refuses, mailbox.refuses_only = "550 5.1.1 No such mailbox", "ama@people.example"

    assert await send(people, mailbox) == Tally(sent=1, failed=1)

    assert (await mailbox.letter())["To"] == "dana@people.example"
    (letter,) = await letters_of(people, refused)
    assert (letter.state, letter.fault) == (LetterState.FAILED, "SMTPRecipientRefused 550")
    assert (await letters_of(people, taken))[0].state is LetterState.SENT


async def test_a_recipient_who_is_refused_for_now_is_tried_again(people: Graph, mailbox: Mailbox) -> None:
    id = await invited(people)
    mailbox.refuses = "451 4.7.1 Come back later"

    assert await send(people, mailbox) == Tally(tried=1)
    assert await send(people, mailbox) == Tally()

    mailbox.refuses = None
    await people.write(DUE_NOW)
    assert await send(people, mailbox) == Tally(sent=1)
    assert (await letters_of(people, id))[0].attempts == 2


async def test_a_letter_that_cannot_be_written_holds_up_nobody(people: Graph, mailbox: Mailbox) -> None:
    await invited(people, event=SAME_TIME)
    await invited(people, DANA)
    await people.write("MATCH (v:Event {id: 'same-time'}) REMOVE v.title")

    assert await send(people, mailbox) == Tally(sent=1, tried=1)

    assert (await mailbox.letter())["To"] == "dana@people.example"


async def test_a_password_that_cannot_be_read_takes_no_letter(people: Graph, mailbox: Mailbox, tmp_path: Path) -> None:
    id = await invited(people)
    settings = mail_settings(mailbox, smtp_user="network", smtp_password_file=tmp_path / "none")

    with pytest.raises(SecretUnreadable):
        await send_waiting(people, settings, base=BASE)

    assert (await letters_of(people, id))[0].attempts == 0


async def test_a_dead_server_is_asked_once_and_loses_nothing(people: Graph) -> None:
    await invited(people)
    await invited(people, DANA)
    async with smtp_server() as gone:
        settings = mail_settings(gone)

    assert await send_waiting(people, settings, base=BASE) == Tally(tried=1)

    async with smtp_server() as back:
        await people.write(DUE_NOW)
        assert await send(people, back) == Tally(sent=2)


async def test_several_who_send_at_once_send_each_letter_once(people: Graph, mailbox: Mailbox) -> None:
    await invited(people)
    await invited(people, DANA)

    tallies = await asyncio.gather(*(send(people, mailbox) for _ in range(3)))

    assert sum(tally.sent for tally in tallies) == 2
    assert {str((await mailbox.letter())["To"]) for _ in range(2)} == {"ama@people.example", "dana@people.example"}
    assert mailbox.is_empty


@pytest.fixture
async def slow(mailbox: Mailbox) -> AsyncIterator[Mailbox]:
    """A server that takes a letter and does not say so."""
    mailbox.answers = asyncio.Event()
    yield mailbox
    mailbox.answers.set()


def mail_environment(graph_settings: GraphSettings, mailbox: Mailbox) -> dict[str, str]:
    return environment(graph_settings) | {
        "KNOWWHO_SMTP_HOST": "127.0.0.1",
        "KNOWWHO_SMTP_PORT": str(mailbox.port),
        "KNOWWHO_SMTP_TLS": "none",
        "KNOWWHO_MAIL_FROM": "network@example.org",
    }


async def test_killed_between_sending_and_writing_it_down(
    people: Graph, slow: Mailbox, graph_settings: GraphSettings
) -> None:
    """It goes out once more, since nobody can know that it arrived; a mailbox knows it again by its Message-ID."""
    id = await invited(people)
    command = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "api.cli", "letters", "send"),
        env=mail_environment(graph_settings, slow),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    first = await slow.letter()
    command.send_signal(signal.SIGKILL)
    assert await command.wait() == -signal.SIGKILL
    assert (await letters_of(people, id))[0].state is LetterState.WAITING
    assert slow.answers is not None
    slow.answers.set()

    assert await send(people, slow) == Tally()  # whoever took it may still be at it
    await people.write(PASS_TIME, lease=LEASE)
    assert await send(people, slow) == Tally(sent=1)

    again = await slow.letter()
    assert again["Message-ID"] == first["Message-ID"]
    assert str(entry_in(again)[1]["UID"]) == str(entry_in(first)[1]["UID"])
    assert await send(people, slow) == Tally()


async def test_what_waits_leaves_by_the_running_server(people: Graph, mailbox: Mailbox) -> None:
    sending = Sending(mail_settings(mailbox), base=lambda: BASE)
    async with sending.at_work(people):
        id = await invited(people)
        sending.soon()
        assert (await mailbox.letter())["To"] == "ama@people.example"
        await lettered(people, id, State.REMINDED)
        sending.soon()
        await mailbox.letter()
    assert [letter.state for letter in await letters_of(people, id)] == [LetterState.SENT] * 2


async def test_a_running_server_reminds_whose_answer_is_overdue_unless_it_is_told_not_to(
    people: Graph, mailbox: Mailbox
) -> None:
    id = await invited(people)
    assert await send(people, mailbox) == Tally(sent=1)
    await mailbox.letter()
    await people.write("MATCH (c:Candidacy) SET c.answer_by = datetime() - duration('P1D')")

    await invited(people, DANA)
    async with Sending(mail_settings(mailbox, remind_overdue=False), base=lambda: BASE).at_work(people):
        assert (await mailbox.letter())["To"] == "dana@people.example"
    assert len(await letters_of(people, id)) == 1
    async with Sending(mail_settings(mailbox), base=lambda: BASE).at_work(people):
        reminder = await mailbox.letter()

    assert reminder["To"] == "ama@people.example"
    assert [letter.occasion for letter in await letters_of(people, id)] == [Occasion.INVITATION, Occasion.REMINDER]


async def test_a_server_that_stops_finishes_the_letter_on_its_way(people: Graph, slow: Mailbox) -> None:
    id = await invited(people)
    sending = Sending(mail_settings(slow), base=lambda: BASE)

    async with sending.at_work(people):
        await slow.letter()
        assert slow.answers is not None
        asyncio.get_running_loop().call_later(0.2, slow.answers.set)

    assert (await letters_of(people, id))[0].state is LetterState.SENT


async def test_nothing_leaves_where_no_server_is_set(people: Graph) -> None:
    id = await invited(people)
    async with Sending(MailSettings(smtp_host=None), base=lambda: BASE).at_work(people):
        pass

    assert (await letters_of(people, id))[0].attempts == 0


async def knowwho(
    graph_settings: GraphSettings, mailbox: Mailbox | None, *arguments: str
) -> subprocess.CompletedProcess[str]:
    told = environment(graph_settings) if mailbox is None else mail_environment(graph_settings, mailbox)
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "api.cli", *arguments],
        env=told | {"COLUMNS": "200"},
        input="",
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )


async def test_a_speaker_is_invited_reminded_and_told_at_the_command_line(
    people: Graph, mailbox: Mailbox, graph_settings: GraphSettings
) -> None:
    shown = await knowwho(graph_settings, None, "invite", AMA, "--to", BRIEFING, "--preview")
    made = await knowwho(graph_settings, mailbox, "invite", AMA, "--to", BRIEFING, "--note", "Do come.", "--json")
    preview = await knowwho(graph_settings, None, "invite", AMA, "--to", BRIEFING, "--preview", "--language", "en")
    sent = await knowwho(graph_settings, mailbox, "letters", "send")
    letter = await mailbox.letter()
    due = json.loads((await knowwho(graph_settings, None, "letters", "due", BRIEFING, "--json")).stdout)
    accepted = await knowwho(graph_settings, None, "advance", BRIEFING, AMA, "accepted", "--reason", "By telephone.")
    impossible = await knowwho(graph_settings, None, "advance", BRIEFING, AMA, "spoke")
    listed = await knowwho(graph_settings, None, "letters", "list", BRIEFING)
    as_json = json.loads((await knowwho(graph_settings, None, "letters", "list", BRIEFING, "--json")).stdout)
    told = await knowwho(graph_settings, None, "letters", "tell", BRIEFING)
    unset = await knowwho(graph_settings, None, "letters", "send")

    assert (shown.returncode, "is not on the shortlist" in shown.stderr) == (2, True)
    assert json.loads(made.stdout)["candidacy"]["state"] == "invited"
    assert "A briefing" in preview.stdout
    assert f"/answer/…{os.linesep}" in preview.stdout
    assert (sent.returncode, sent.stdout) == (0, "1 letter sent.\n")
    assert "> Do come." in text_of(letter)
    assert [(one["expert"], one["is_overdue"]) for one in due["waited_for"]] == [(AMA, False)]
    assert (accepted.returncode, accepted.stdout) == (0, "Ama Owusu (ama) is accepted.\n")
    assert (impossible.returncode, "can become confirmed" in impossible.stderr) == (2, True)
    assert "invitation" in listed.stdout
    assert "sent" in listed.stdout
    assert [one["letters"][0]["state"] for one in as_json] == ["sent"]
    assert told.stdout == "Everybody who was written to knows already.\n"
    assert (unset.returncode, "KNOWWHO_SMTP_HOST" in unset.stderr) == (2, True)
