"""A whole briefing, from its idea to the achievements, by a real server and a real mail server, killed in the middle.

Ama says yes. Dana says no and names somebody else. Kofi would at another time, and the briefing is moved for him. The
server is killed just after the first letter reached its mailbox and before it could write that down.
"""

import asyncio
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import httpx
import pytest
from icalendar import Calendar
from strawberry.relay import to_base64

from graph import tokens
from graph.changes import page as changes_page
from graph.engine import Address
from graph.graph import Graph
from graph.settings import GraphSettings
from graph.speaking.outbox import LEASE
from graph.viewer import Role, Scope
from tests.door import KEEPER
from tests.graph.speaking.network import AMA, DANA, KOFI, add_people
from tests.graph.speaking.written import address_people
from tests.mailbox import Mailbox, link_in
from tests.sample_network import environment

STARTS = datetime.now(UTC).replace(microsecond=0) + timedelta(days=40)
ENDS_WITHIN_S = 200  # it waits for the encoder that it is still loading
TITLE = "Who stands at the gate"
OTHERS = """
MATCH (kofi:Expert {id: 'kofi'}) SET kofi.email = 'kofi@people.example'
CREATE (e:Expert {id: 'salma', name: 'Salma Testperson', email: 'salma@people.example', audience_listing: 1,
  audience_profile: 1, audience_contact: 1, audience_country: 1, audience_organisation: 1, audience_languages: 1,
  audience_attendance: 1})
"""
TIME_PASSES = "MATCH (l:Letter) SET l.taken_until = l.taken_until - $lease"
THE_DAY_COMES = """
MATCH (v:Event {id: $event})
SET v.starts_at = datetime() - duration('PT3H'), v.ends_at = datetime() - duration('PT1H')
"""
CREATE = """
mutation ($input: CreateEventInput!) {
  done: createEvent(input: $input) { __typename ... on EventCreated { event { id slug version } } }
}
"""
UPDATE = """
mutation ($input: UpdateEventInput!) {
  done: updateEvent(input: $input) { __typename ... on EventUpdated { event { version } } }
}
"""
SHORTLIST = """
mutation ($input: ShortlistExpertsInput!) {
  done: shortlistExperts(input: $input) {
    __typename ... on ExpertsShortlisted { added { id version expert { slug } } }
  }
}
"""
ADVANCE = """
mutation ($input: AdvanceCandidacyInput!) {
  done: advanceCandidacy(input: $input) {
    __typename ... on CandidacyAdvanced { candidacy { state } nextInLine { id version expert { slug } } }
    ... on Error { message }
  }
}
"""
LINE = """
query ($event: ID!) {
  shortlist(event: $event, first: 50) {
    edges { node {
      id version state expert { slug } letters { occasion state attempts } replies { answer reason suggestion }
      steps { to by }
    } }
  }
  nextInLine(event: $event) { id version expert { slug } }
}
"""
TELL = """
mutation ($input: TellSpeakersInput!) {
  done: tellSpeakers(input: $input) { __typename ... on SpeakersTold { written { expert { slug } } } }
}
"""
ATTENDANCE = """
mutation ($input: RecordAttendanceInput!) {
  done: recordAttendance(input: $input) {
    __typename ... on AttendanceRecorded { advanced { state expert { slug } } notRecorded } ... on Error { message }
  }
}
"""
ACHIEVEMENTS = """
query ($since: Date!, $until: Date!) {
  achievements(since: $since, until: $until) {
    speakers events { kind count }
    list(of: EVENTS, kind: "briefing", first: 50) { edges { node { __typename ... on Event { title } } } }
  }
  fairness(since: $since, until: $until) { total { shortlisted invited accepted spoke } }
}
"""
EVENT = """
query ($id: ID!) {
  event(id: $id) { speakers { edges { title node { slug } } } attendees { edges { node { slug } } } }
}
"""


class Organiser:
    """Somebody who organises, at a server that may be another one after a crash."""

    def __init__(self, secret: str) -> None:
        self.base = ""
        self._headers = {"Authorization": f"Bearer {secret}"}

    async def ask(self, document: str, *, tries: int = 5, **variables: object) -> dict[str, Any]:
        async with httpx.AsyncClient(base_url=self.base, headers=self._headers, timeout=180, trust_env=False) as client:
            answer = await client.post("/graphql", json={"query": document, "variables": variables})
        told: dict[str, Any] = answer.json()
        if tries > 1 and document.lstrip().startswith("query") and "TIMED_OUT" in answer.text:
            return await self.ask(document, tries=tries - 1, **variables)  # planned by now
        assert "errors" not in told, told
        data: dict[str, Any] = told["data"]
        return data

    async def do(self, document: str, **input: object) -> dict[str, Any]:
        done: dict[str, Any] = (await self.ask(document, input=input))["done"]
        assert done["__typename"][0] != "I", done
        return done

    async def everybody(self, event: str) -> dict[str, dict[str, Any]]:
        edges = (await self.ask(LINE, event=event))["shortlist"]["edges"]
        return {edge["node"]["expert"]["slug"]: edge["node"] for edge in edges}

    async def advance(self, event: str, who: str, to: str, **others: object) -> dict[str, Any]:
        held = (await self.everybody(event))[who]
        return await self.do(ADVANCE, id=held["id"], expectedVersion=held["version"], to=to, **others)


@asynccontextmanager
async def serving(graph_settings: GraphSettings, mailbox: Mailbox) -> AsyncIterator[tuple[Any, str]]:
    """``knowwho serve``, which sends by the mailbox's server, and its address; told to stop at the end if it runs."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "api.cli", "serve", "--port", "0"),
        env=environment(graph_settings)
        | {
            "PYTHONUNBUFFERED": "1",
            "KNOWWHO_QUERY_TIMEOUT_S": "120",  # a database that has just begun plans each statement first
            "KNOWWHO_SMTP_HOST": "127.0.0.1",
            "KNOWWHO_SMTP_PORT": str(mailbox.port),
            "KNOWWHO_SMTP_TLS": "none",
            "KNOWWHO_MAIL_FROM": "network@example.org",
        },
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    said = ""
    try:
        while not said.startswith("Knowwho serves at "):
            said = (await process.stdout.readline()).decode()
            assert said, "the server did not start"
        yield process, said.split()[3]
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.wait(), ENDS_WITHIN_S)


@pytest.fixture
async def organiser(engine_address: Address, graph: Graph) -> Organiser:
    """Four people with addresses, and somebody who organises."""
    await add_people(graph)
    await address_people(graph)
    await graph.write(OTHERS)
    scopes = {Scope.READ_PUBLIC, Scope.READ_MEMBERS, Scope.READ_ORGANISERS, Scope.WRITE}
    _, secret = await tokens.create(
        graph, KEEPER, name="organiser", role=Role.ORGANISER, scopes=scopes, expires_at=None
    )
    return Organiser(secret)


async def answered(letter: EmailMessage, *, base: str, **typed: str) -> None:
    """Follow a letter's link to whichever server is there, and send one of the page's forms."""
    path = "/" + link_in(letter).split("/", 3)[3]
    headers = {"Origin": base, "Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
    async with httpx.AsyncClient(base_url=base, headers=headers, timeout=60, trust_env=False) as browser:
        found = re.search(r'name="csrf" value="([^"]+)"', (await browser.get(path)).text)
        assert found
        page = await browser.post(path, data={"csrf": found[1], **typed})
        assert page.status_code == 200, page.text


def sequence_of(letter: EmailMessage) -> int:
    """How often the calendar entry in a letter was told."""
    (part,) = [one for one in letter.walk() if one.get_content_type() == "text/calendar"]
    calendar: Any = Calendar.from_ical(part.get_content())
    (event,) = calendar.walk("VEVENT")
    return int(event["SEQUENCE"])


async def letters(mailbox: Mailbox, count: int) -> dict[str, EmailMessage]:
    """So many letters, by whom they reached."""
    found = [await mailbox.letter() for _ in range(count)]
    return {str(letter["To"]).partition("@")[0]: letter for letter in found}


async def test_from_an_idea_to_the_achievements(  # noqa: PLR0915 -- one story
    graph: Graph, graph_settings: GraphSettings, organiser: Organiser, mailbox: Mailbox
) -> None:
    async with serving(graph_settings, mailbox) as (process, organiser.base):
        made = await organiser.do(
            CREATE,
            title=TITLE,
            kind="briefing",
            format="online",
            startsAt=STARTS.isoformat(),
            endsAt=(STARTS + timedelta(hours=2)).isoformat(),
            timeZone="Africa/Tunis",
            topics=[to_base64("Topic", "gates")],
            idempotencyKey="a briefing",
        )
        event, slug = made["event"]["id"], made["event"]["slug"]
        people = [{"expert": to_base64("Expert", who)} for who in (AMA, DANA, KOFI, "salma")]
        listed = await organiser.do(SHORTLIST, event=event, people=people, idempotencyKey="the list")
        assert [one["expert"]["slug"] for one in listed["added"]] == [AMA, DANA, KOFI, "salma"]

        # The mail server has the letter, the server does not know it yet, and is killed.
        mailbox.answers = asyncio.Event()
        await organiser.advance(event, AMA, "INVITED", letter={"note": "We need you."})
        first = await mailbox.letter()
        process.send_signal(signal.SIGKILL)
        await process.wait()
        mailbox.answers.set()
        mailbox.answers = None

    async with serving(graph_settings, mailbox) as (_, organiser.base):
        await graph.write(TIME_PASSES, lease=LEASE)
        await organiser.advance(event, DANA, "INVITED", letter={}, answerBy=(STARTS - timedelta(days=9)).isoformat())
        await organiser.advance(event, KOFI, "INVITED", letter={})
        invitations = await letters(mailbox, 3)
        assert set(invitations) == {AMA, DANA, KOFI}
        assert invitations[AMA]["Message-ID"] == first["Message-ID"]

        await answered(first, base=organiser.base, answer="accept")
        await answered(invitations[DANA], base=organiser.base, answer="decline", reason="I travel.", suggestion="Salma")
        await answered(invitations[KOFI], base=organiser.base, answer="other_time", reason="A day later.")
        now = await organiser.everybody(event)
        assert {who: one["state"] for who, one in now.items()} == {
            AMA: "ACCEPTED", DANA: "DECLINED", KOFI: "INVITED", "salma": "SHORTLISTED",
        }  # fmt: skip
        assert now[DANA]["replies"] == [{"answer": "DECLINE", "reason": "I travel.", "suggestion": "Salma"}]
        assert now[KOFI]["replies"][0]["reason"] == "A day later."

        # Who is next in line takes Dana's place; the briefing is moved for Kofi, and all who know of it are told.
        next_in_line = (await organiser.ask(LINE, event=event))["nextInLine"]
        assert next_in_line["expert"]["slug"] == "salma"
        await organiser.advance(event, "salma", "INVITED", letter={})
        await answered((await letters(mailbox, 1))["salma"], base=organiser.base, answer="accept")
        later = {
            "startsAt": (STARTS + timedelta(days=1)).isoformat(),
            "endsAt": (STARTS + timedelta(days=1, hours=2)).isoformat(),
        }
        await organiser.do(UPDATE, id=event, expectedVersion=made["event"]["version"], **later)
        told = await organiser.do(TELL, event=event, note="A day later, as one of you asked.")
        assert [one["expert"]["slug"] for one in told["written"]] == [AMA, KOFI, "salma"]
        changes = await letters(mailbox, 3)
        assert {sequence_of(one) for one in changes.values()} == {1}
        await answered(changes[KOFI], base=organiser.base, answer="accept")

        for who in (AMA, KOFI, "salma"):
            await organiser.advance(event, who, "CONFIRMED", letter={})
        assert set(await letters(mailbox, 3)) == {AMA, KOFI, "salma"}
        await answered(changes["salma"], base=organiser.base, answer="withdraw", reason="Ill.")

        await graph.write(THE_DAY_COMES, event=slug)
        present = [{"expert": to_base64("Expert", who), "spoke": True, "talk": f"By {who}"} for who in (AMA, KOFI)]
        recorded = await organiser.do(
            ATTENDANCE, event=event, present=[*present, {"expert": to_base64("Expert", DANA)}], absent=[]
        )
        assert {one["expert"]["slug"]: one["state"] for one in recorded["advanced"]} == {AMA: "SPOKE", KOFI: "SPOKE"}
        told = await organiser.ask(EVENT, id=event)
        assert {(edge["node"]["slug"], edge["title"]) for edge in told["event"]["speakers"]["edges"]} == {
            (AMA, f"By {AMA}"), (KOFI, f"By {KOFI}"),
        }  # fmt: skip

        today = datetime.now(UTC).date()
        span = {"since": (today - timedelta(days=1)).isoformat(), "until": today.isoformat()}
        achieved = await organiser.ask(ACHIEVEMENTS, since=span["since"], until=span["until"])
        assert {"kind": "briefing", "count": 1} in achieved["achievements"]["events"]
        assert achieved["achievements"]["speakers"] == 2
        assert [edge["node"]["title"] for edge in achieved["achievements"]["list"]["edges"]] == [TITLE]

        # Each letter once in the graph, and each step; nothing waits, and no number is missing in the change log.
        now = await organiser.everybody(event)
        assert {letter["state"] for one in now.values() for letter in one["letters"]} == {"SENT"}
        assert [letter["attempts"] for letter in now[AMA]["letters"]] == [2, 1, 1]
        assert [step["to"] for step in now["salma"]["steps"]] == [
            "SHORTLISTED", "INVITED", "ACCEPTED", "CONFIRMED", "WITHDRAWN",
        ]  # fmt: skip
        assert mailbox.is_empty
    log = [change.sequence for _, change in (await changes_page(graph, KEEPER, first=100)).entries]
    assert log == list(range(log[0], log[-1] - 1, -1))
