"""What those who follow the change log are told: in order, each once, and nothing of what they may not see."""

import asyncio
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

import graph as room
from graph import feed
from graph.changes import record
from graph.feed import GROUPS, LOADS, VERBS, Subject, Told, Verb
from graph.graph import Graph, Transaction
from graph.intake import Kind, Place
from graph.people.profiles import ProfileChanges
from graph.values import ExpertId, NotACursor
from graph.viewer import PUBLIC, Role, Scope, Viewer

ADMINISTRATOR = Viewer(Role.ADMINISTRATOR, actor="account:1")
ORGANISER = Viewer(Role.ORGANISER, actor="account:2")
MEMBER = Viewer(Role.MEMBER, actor="account:3")
AMA = Viewer(Role.MEMBER, ExpertId("ama"), actor="account:4")
OTHERS = [PUBLIC, MEMBER, ORGANISER]

# Ama is listed to members, her contact to organisers and her country to nobody; Salma is listed to nobody.
PEOPLE = """
CREATE (:Expert {id: 'ama', name: 'Ama', audience_listing: 1, audience_profile: 1, audience_contact: 2,
                 audience_country: 3, audience_languages: 1}),
       (:Expert {id: 'salma', name: 'Salma', audience_listing: 3, audience_profile: 3, audience_contact: 3,
                 audience_country: 3, audience_languages: 3}),
       (:Expert {id: 'unstamped', name: 'Nobody knows'})
"""


async def change(graph: Graph, verb: str, subject: str, *fields: str) -> None:
    async def work(tx: Transaction) -> None:
        await record(tx, ADMINISTRATOR, verb=verb, subject=subject, fields=fields, after={"count": 7})

    await graph.transact(work)


async def told_to(viewer: Viewer, graph: Graph, *, after: int = 0) -> Sequence[Told]:
    await feed.start(graph, viewer, after=None)  # which makes the key of cursors, as whoever follows does
    return (await feed.changes(graph, viewer, after=after, first=100)).told


async def test_administrators_are_told_every_change_in_full_and_in_order(graph: Graph) -> None:
    await graph.write(PEOPLE)
    await change(graph, "profile changed", "expert:salma", "country")
    await change(graph, "signed in", "account:9")
    await change(graph, "erased", "erased")

    told = await told_to(ADMINISTRATOR, graph)

    assert [(one.sequence, one.verb, one.subject, one.id) for one in told] == [
        (1, Verb.CHANGED, Subject.EXPERT, "salma"),
        (2, Verb.OTHER, None, None),
        (3, Verb.OTHER, None, None),
    ]
    assert [(one.change.verb, one.change.after) for one in told if one.change] == [
        ("profile changed", {"count": 7}),
        ("signed in", {"count": 7}),
        ("erased", {"count": 7}),
    ]


@pytest.mark.parametrize(
    "viewer", [*OTHERS, Viewer(Role.ADMINISTRATOR, scopes=frozenset(Scope) - {Scope.ADMINISTER}, actor="token:1")]
)
async def test_others_are_told_of_things_that_everybody_sees_and_nothing_of_who_or_what(
    graph: Graph, viewer: Viewer
) -> None:
    await change(graph, "event made", "event:briefing", "title")
    await change(graph, "event changed", "event:briefing", "title")
    await change(graph, "event cancelled", "event:briefing")
    for verb in ("made", "changed", "removed"):
        await change(graph, f"resource {verb}", "resource:guide")
        await change(graph, f"project {verb}", "project:insights")
        await change(graph, f"activity {verb}", "activity:clinic")
        await change(graph, f"series {verb}", "series:briefings")

    told = await told_to(viewer, graph)

    of_things = [
        (Subject.RESOURCE, "guide"),
        (Subject.PROJECT, "insights"),
        (Subject.ACTIVITY, "clinic"),
        (Subject.SERIES, "briefings"),
    ]
    assert [(one.verb, one.subject, one.id) for one in told[3:]] == [
        (verb, *thing) for verb in (Verb.ADDED, Verb.CHANGED, Verb.REMOVED) for thing in of_things
    ]
    assert [(one.verb, one.subject, one.id) for one in told[:3]] == [
        (Verb.ADDED, Subject.EVENT, "briefing"),
        (Verb.CHANGED, Subject.EVENT, "briefing"),
        (Verb.CHANGED, Subject.EVENT, "briefing"),
    ]
    assert {one.change for one in told} == {None}


@pytest.mark.parametrize(
    "fields,seen_by",
    [
        (["headline"], {MEMBER, ORGANISER, AMA}),
        (["name"], {MEMBER, ORGANISER, AMA}),
        (["email"], {ORGANISER, AMA}),
        (["away"], {ORGANISER, AMA}),
        (["gender"], set()),
        (["country"], {AMA}),
        (["country", "email"], {ORGANISER, AMA}),
        (["country", "languages"], {MEMBER, ORGANISER, AMA}),
        (["something new"], set()),
        ([], set()),
    ],
)
async def test_a_change_of_fields_that_the_viewer_does_not_see_is_no_change(
    graph: Graph, fields: list[str], seen_by: set[Viewer]
) -> None:
    await graph.write(PEOPLE)
    await change(graph, "profile changed", "expert:ama", *fields)

    told = {viewer for viewer in (*OTHERS, AMA) if await told_to(viewer, graph)}

    assert told == seen_by


@pytest.mark.parametrize("viewer", OTHERS)
@pytest.mark.parametrize("subject", ["expert:salma", "expert:unstamped", "expert:nobody", "expert:"])
async def test_whom_the_viewer_may_not_know_of_never_changes(graph: Graph, viewer: Viewer, subject: str) -> None:
    await graph.write(PEOPLE)
    await change(graph, "profile changed", subject, *GROUPS)

    assert not await told_to(viewer, graph)


async def test_a_change_is_told_as_its_person_is_seen_now(graph: Graph) -> None:
    await graph.write(PEOPLE)
    await change(graph, "profile changed", "expert:ama", "headline")
    before = await told_to(MEMBER, graph)

    await graph.write("MATCH (e:Expert {id: 'ama'}) SET e.audience_listing = 3, e.audience_profile = 3")

    assert [one.id for one in before] == ["ama"]
    assert not await told_to(MEMBER, graph)


@pytest.mark.parametrize("viewer", OTHERS)
@pytest.mark.parametrize("subject", ["expert:ama", "network", "account:9", "token:9", "invitation:9", "erased"])
@pytest.mark.parametrize(
    "verb",
    ["audiences chosen", "audiences set", "consent withdrawn", "signed in", "exported", "merged", "erased", "role set"],
)
async def test_what_people_do_about_themselves_is_told_to_nobody(
    graph: Graph, viewer: Viewer, verb: str, subject: str
) -> None:
    await graph.write(PEOPLE)
    await change(graph, verb, subject, *GROUPS, "listing", "profile")

    assert not await told_to(viewer, graph)


@pytest.mark.parametrize("verb", ["loaded", "removed"])
async def test_a_load_is_told_by_kind_without_a_number(graph: Graph, verb: str) -> None:
    for kind in ("experts", "attendance", "topics", "source:folder/roster.csv", "whatever"):
        await change(graph, verb, kind)

    told = await told_to(PUBLIC, graph)

    assert [(one.verb, one.subject, one.id, one.change) for one in told] == [
        (Verb.LOADED, Subject.EXPERT, None, None),
        (Verb.LOADED, Subject.EXPERT, None, None),
        (Verb.LOADED, Subject.TOPIC, None, None),
        (Verb.LOADED, None, None, None),
    ]


def test_every_kind_of_a_load_and_every_field_of_a_profile_has_its_place() -> None:
    assert set(LOADS) == {*Kind, *Place, "network"}
    # What only organisers see of whoever they see has no group: it is told to administrators alone.
    assert {*GROUPS, "gender"} == set(ProfileChanges.__annotations__)


def test_no_word_is_told_that_nobody_writes() -> None:
    sources = "".join(file.read_text(encoding="utf-8") for file in Path(room.__file__).parent.rglob("*.py"))

    called, done = (
        set(re.findall(pattern, sources)) for pattern in (r'called=Wording\("(\w+)"', r'verb=f"\{of.called\} (\w+)"')
    )
    of_each_kind = {f"{thing} {what}" for thing in called for what in done}
    assert set(VERBS) <= {*re.findall(r'verb="([^"]+)"', sources), *of_each_kind}


async def test_parts_follow_each_other_whatever_is_told_of_them(graph: Graph) -> None:
    for number in range(5):
        await change(graph, "signed in" if number % 2 else "event changed", f"event:{number}")
    await feed.start(graph, MEMBER, after=None)

    parts = [await feed.changes(graph, MEMBER, after=after, first=2) for after in (0, 2, 4, 5)]

    assert [[one.id for one in part.told] for part in parts] == [["0"], ["2"], ["4"], []]
    assert [(part.until, part.is_full) for part in parts] == [(2, True), (4, True), (5, False), (5, False)]


async def test_who_follows_while_many_write_gets_each_change_once(graph: Graph) -> None:
    begun = await feed.start(graph, MEMBER, after=None)
    writing = asyncio.gather(*(change(graph, "event changed", f"event:{number}") for number in range(60)))
    got: list[int] = []
    place = begun.sequence
    while len(got) < 60:
        part = await feed.changes(graph, MEMBER, after=place, first=7)
        got += [one.sequence for one in part.told]
        place = part.until
    await writing

    assert got == list(range(1, 61))


async def test_a_change_that_is_lost_holds_up_nobody(graph: Graph) -> None:
    for number in range(3):
        await change(graph, "event changed", f"event:{number}")
    await graph.write("MATCH (c:Change {sequence: 2}) DELETE c")

    assert [one.sequence for one in await told_to(MEMBER, graph)] == [1, 3]


async def test_the_newest_change_is_known_by_its_number(graph: Graph) -> None:
    assert await feed.latest(graph, PUBLIC) == 0
    await change(graph, "event changed", "event:briefing")
    assert await feed.latest(graph, PUBLIC) == 1


async def test_one_goes_on_after_a_cursor_of_whoever_got_it(graph: Graph) -> None:
    for number in range(3):
        await change(graph, "event changed", f"event:{number}")
    first, second, _ = await told_to(MEMBER, graph)

    assert (await feed.start(graph, ORGANISER, after=first.cursor)).sequence == 1
    assert (await feed.start(graph, MEMBER, after=second.cursor)).sequence == 2
    assert (await feed.start(graph, MEMBER, after=None)).sequence == 3


async def test_a_cursor_tells_nothing_not_even_whether_anything_happened(graph: Graph) -> None:
    await change(graph, "event changed", "event:briefing")
    cursors = [(await feed.start(graph, MEMBER, after=None)).cursor for _ in range(3)]
    await change(graph, "signed in", "account:9")
    cursors.append((await feed.start(graph, MEMBER, after=None)).cursor)

    assert len(set(cursors)) == 4
    assert len({len(cursor) for cursor in cursors}) == 1


async def test_only_administrators_name_a_place_by_its_number(graph: Graph) -> None:
    await change(graph, "event changed", "event:briefing")

    assert (await feed.start(graph, ADMINISTRATOR, after="0")).sequence == 0
    for viewer in OTHERS:
        with pytest.raises(NotACursor):
            await feed.start(graph, viewer, after="0")


@pytest.mark.parametrize("after", ["", "-1", "2", "²", "9" * 30, "gAAAAA", "\ud800", "\x00"])
async def test_what_is_no_cursor_of_this_log_is_refused(graph: Graph, after: str) -> None:
    await change(graph, "event changed", "event:briefing")

    with pytest.raises(NotACursor):
        await feed.start(graph, ADMINISTRATOR, after=after)


async def test_a_cursor_of_a_log_that_went_on_longer_is_refused(graph: Graph) -> None:
    await change(graph, "event changed", "event:briefing")
    later = (await feed.start(graph, MEMBER, after=None)).cursor
    await graph.write("MATCH (n:ChangeCounter) SET n.last = 0")

    with pytest.raises(NotACursor):
        await feed.start(graph, MEMBER, after=later)


async def test_servers_that_begin_at_once_have_one_key(graph: Graph) -> None:
    begun = await asyncio.gather(*(feed.start(graph, MEMBER, after=None) for _ in range(8)))

    for one in begun:
        assert (await feed.start(graph, MEMBER, after=one.cursor)).sequence == 0
