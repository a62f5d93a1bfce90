"""Lists as meeting tools write them, and answers as calendar programs send them; read in a process of their own."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from graph.speaking import Attendee, Reply, State
from ingest.attendance import attendees_in, replies_in
from ingest.files import FileRefused

# As they are downloaded: what stands above the header, the header's words, and how a duration is written.
ZOOM = """\
Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants
123 456,A workshop,01/03/2026 14:00,01/03/2026 15:00,host@example.org,60,3

Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest
Ama Owusu,ama@example.org,01/03/2026 14:00,01/03/2026 14:20,20,No
"Haddad, Dana",,01/03/2026 14:00,01/03/2026 15:00,60,Yes
Ama Owusu,AMA@example.org,01/03/2026 14:30,01/03/2026 15:00,30,No
"""
TEAMS = """\
1. Summary
Meeting title\tA workshop
Attended participants\t2

2. Participants
Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole
Ama Owusu\t3/1/26, 2:00:00 PM\t3/1/26, 3:00:00 PM\t1h 2m 30s\tama@example.org\tama@example.org\tOrganizer
Müller Zoé (Guest)\t3/1/26, 2:00:00 PM\t3/1/26, 2:01:00 PM\t45s\t\t\tPresenter

3. In-Meeting Activities
Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole
Ama Owusu\t3/1/26, 2:00:00 PM\t3/1/26, 3:00:00 PM\t1h 2m 30s\tama@example.org\tOrganizer
"""
MEET = """\
First name;Last name;Email;Duration;Time joined
Ama;Owusu;ama@example.org;1 hr 5 min;14:00
Kofi;;;00:30:00;14:00
Ama;Owusu;;5 min;14:00
"""
CHINESE = "姓名,邮箱\n王小明,wang@example.org\n"


def written(folder: Path, text: str, *, encoding: str = "utf-8", name: str = "list.csv") -> Path:
    file = folder / name
    file.write_bytes(text.encode(encoding))
    return file


@pytest.mark.parametrize(
    "text, encoding, found, places",
    [
        (
            ZOOM,
            "utf-8-sig",
            [Attendee(5, "Ama Owusu", "ama@example.org", 50), Attendee(6, "Haddad, Dana", "", 60)],
            ["rows 5, 7", "row 6"],
        ),
        (
            TEAMS,
            "utf-16",
            [Attendee(7, "Ama Owusu", "ama@example.org", 62), Attendee(8, "Müller Zoé", "", 1)],
            ["row 7", "row 8"],
        ),
        (
            MEET,
            "cp1252",
            [Attendee(2, "Ama Owusu", "ama@example.org", 70), Attendee(3, "Kofi", "", 30)],
            ["rows 2, 4", "row 3"],
        ),
        (CHINESE, "gb18030", [Attendee(2, "王小明", "wang@example.org")], ["row 2"]),
        ("Email\nama@example.org\nnot an address\n", "utf-8", [Attendee(2, "", "ama@example.org")], ["row 2"]),
        (
            "Name,Email\nKofi Mensah,k1@example.org\nKofi Mensah,k2@example.org\nKofi Mensah,\n",
            "utf-8",
            [
                Attendee(2, "Kofi Mensah", "k1@example.org"),
                Attendee(3, "Kofi Mensah", "k2@example.org"),
                Attendee(4, "Kofi Mensah"),
            ],
            ["row 2", "row 3", "row 4"],
        ),
    ],
    ids=["zoom", "teams", "meet", "chinese", "addresses", "namesakes"],
)
async def test_a_list_is_read_as_its_tool_writes_it(
    tmp_path: Path, text: str, encoding: str, found: list[Attendee], places: list[str]
) -> None:
    told = await attendees_in(written(tmp_path, text, encoding=encoding))

    assert (list(told.attendees), list(told.places.values())) == (found, places)
    assert list(told.places) == [one.row for one in found]


async def test_a_second_table_and_a_row_that_cannot_be_read_are_told_of(tmp_path: Path) -> None:
    teams = await attendees_in(written(tmp_path, TEAMS))
    hidden = await attendees_in(written(tmp_path, f"Name,Email\nA\x07ma,\n{'x' * 301},\nKofi Mensah,\n"))

    assert "from row 10 on it has another table, which was left out" in teams.notes
    assert [one.name for one in hidden.attendees] == ["Kofi Mensah"]
    assert [note.partition(" was left out")[0] for note in hidden.notes] == ["row 2", "row 3"]


@pytest.mark.parametrize("text", ["Topic,Minutes\nGates,5\n", "Name of the room,Seats\nHall,5\n", ""])
async def test_a_file_without_names_or_addresses_is_refused_with_what_it_has(tmp_path: Path, text: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        await attendees_in(written(tmp_path, text))

    first = text.partition(",")[0]
    assert "no" in refusal.value.reason
    assert (f"'{first}'" if first else "nothing") in refusal.value.reason


REPLY = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//EN
METHOD:REPLY
BEGIN:VEVENT
UID:one two@example.org
DTSTAMP:20260302T090000Z
SEQUENCE:1
{attendees}
END:VEVENT
BEGIN:VEVENT
UID:earlier@example.org
DTSTAMP:20260301T090000Z
SEQUENCE:0
ATTENDEE;PARTSTAT=DECLINED:mailto:kofi@example.org
END:VEVENT
END:VCALENDAR
"""
ATTENDEES = """\
ATTENDEE;CN="Ama Owusu";PARTSTAT=ACCEPTED:MAILTO:Ama@example.org
ATTENDEE;PARTSTAT=TENTATIVE:mailto:dana@example.org
ATTENDEE;PARTSTAT=ACCEPTED:urn:uuid:1"""


async def test_answers_are_read_with_the_oldest_first(tmp_path: Path) -> None:
    text = REPLY.format(attendees=ATTENDEES).replace("\n", "\r\n")

    replies, notes = await replies_in(written(tmp_path, text, name="reply.ics"))

    assert replies == [
        Reply("earlier@example.org", "kofi@example.org", State.DECLINED, datetime(2026, 3, 1, 9, tzinfo=UTC)),
        Reply("one%20two@example.org", "Ama@example.org", State.ACCEPTED, datetime(2026, 3, 2, 9, tzinfo=UTC)),
    ]
    assert notes == [
        "1 answer was left out, which says neither yes nor no: TENTATIVE",
        "1 answer was left out, because it is from no e-mail address",
    ]


@pytest.mark.parametrize("method", ["METHOD:PUBLISH\r\n", ""])
async def test_a_calendar_that_is_no_answer_is_refused(tmp_path: Path, method: str) -> None:
    text = REPLY.format(attendees=ATTENDEES).replace("\n", "\r\n").replace("METHOD:REPLY\r\n", method)

    with pytest.raises(FileRefused, match="no answer to an invitation"):
        await replies_in(written(tmp_path, text, name="reply.ics"))


async def test_two_people_with_one_address_stay_two(tmp_path: Path) -> None:
    text = "Name,Email\nAma Owusu,office@example.org\nKofi Mensah,office@example.org\nAma Owusu,\n,office@example.org\n"

    found = (await attendees_in(written(tmp_path, text))).attendees

    assert [(one.name, one.email) for one in found] == [
        ("Ama Owusu", "office@example.org"),
        ("Kofi Mensah", "office@example.org"),
        ("", "office@example.org"),
    ]
