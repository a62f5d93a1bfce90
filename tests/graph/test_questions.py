"""Questions that are open with the network: who sees them, who asked and who helps, how they close, and what goes."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from graph import accounts, changes, erasure, export, questions
from graph.accounts import Account
from graph.audiences import set_of_person
from graph.errors import NoSuchThing
from graph.graph import Graph
from graph.intake import remove_experts
from graph.invitations import UnfitText
from graph.people.merging import merge
from graph.people.undoing import undo
from graph.permissions import NotAllowed
from graph.questions import (
    NoSuchLanguage,
    NoSuchQuestion,
    NoteTooLong,
    NothingAsked,
    NotSeenByMembers,
    OpenQuestion,
    QuestionClosed,
    QuestionId,
    Standing,
    TextTooLong,
    TooManyOpen,
    TopicsUnfit,
)
from graph.values import Cursor, ExpertId, NotACursor, TopicId
from graph.viewer import PUBLIC, Audience, FieldGroup, Role, Scope, Viewer
from tests.graph.people.duplicated import AMA, SECOND, loaded, written
from tests.graph.person import EXPERT, NAME, OTHER, add_person

ADMINISTRATOR = Viewer.at_the_command_line()
WORSHIP = TopicId("worship")
TEXT = "Who has guarded gates?"
NARROWER = """
MATCH (t:Topic {id: 'worship'})
CREATE (:Topic {id: 'mosques', label_en: 'Mosques'})-[:BROADER]->(t), (:Topic {id: 'hotels', label_en: 'Hotels'})
"""
STORED = "MATCH (q:Question) RETURN q.text AS text ORDER BY text"
OFFERED = "MATCH (a:Account)-[o:OFFERED]->(q:Question) RETURN a.email AS helper, o.note AS note ORDER BY helper"
END = "MATCH (q:Question {id: $id}) SET q.open_until = $until"
FILL = """
MATCH (a:Account {id: $account})
UNWIND range(1, $many) AS number
CREATE (a)-[:ASKED]->(:Question {id: $prefix + number, text: 'x', language: 'en', asked_at: $at, open_until: $until})
"""


@pytest.fixture
async def ama(graph: Graph) -> Account:
    """Somebody with an account and a profile."""
    made = await add_person(graph)
    await graph.write(NARROWER)
    return made


@pytest.fixture
async def salma(graph: Graph, ama: Account) -> Account:
    """Somebody else with both."""
    return await accounts.create(graph, ADMINISTRATOR, email="salma@example.org", role=Role.MEMBER, expert=OTHER)


@pytest.fixture
async def organiser(graph: Graph, ama: Account) -> Account:
    return await accounts.create(graph, ADMINISTRATOR, email="org@example.org", role=Role.ORGANISER)


@pytest.fixture
async def administrator(graph: Graph, ama: Account) -> Account:
    return await accounts.create(graph, ADMINISTRATOR, email="admin@example.org", role=Role.ADMINISTRATOR)


@pytest.fixture
async def member(graph: Graph, ama: Account) -> Account:
    """Somebody who is nobody of the network's people."""
    return await accounts.create(graph, ADMINISTRATOR, email="member@example.org", role=Role.MEMBER)


async def ask(graph: Graph, account: Account, text: str = TEXT, *topics: str, **other: Any) -> QuestionId:
    given = {"language": "en", "topics": [TopicId(one) for one in topics] or [WORSHIP]} | other
    return await questions.ask(graph, account.viewer, text=text, **given)


async def shown(graph: Graph, account: Account, id: QuestionId) -> OpenQuestion:
    found = await questions.by_id(graph, account.viewer, id=id)
    assert found is not None
    return found


async def listed(graph: Graph, viewer: Viewer, topic: str | None = None) -> list[str]:
    page = await questions.page(graph, viewer, first=50, topic=None if topic is None else TopicId(topic))
    assert await questions.count(graph, viewer, topic=None if topic is None else TopicId(topic)) == len(page.entries)
    return [one.text for _, one in page.entries]


async def helpers(graph: Graph, account: Account, id: QuestionId) -> list[tuple[str, str]]:
    page = await questions.offers(graph, account.viewer, id=id, first=50)
    return [(one.helper.name, one.note) for _, one in page.entries]


async def listed_for(graph: Graph, expert: ExpertId, audience: Audience) -> None:
    of_them = Viewer(Role.MEMBER, person=expert, actor="account:of-them")
    await set_of_person(graph, of_them, expert=expert, chosen={FieldGroup.LISTING: audience})


async def verbs(graph: Graph) -> list[tuple[str, str]]:
    page = await changes.page(graph, ADMINISTRATOR, first=20)
    return [(one.verb, one.subject) for _, one in page.entries if "question" in one.verb or "help" in one.verb]


# Who sees what.


async def test_who_signed_in_sees_open_ones_newest_first_and_nobody_else_knows_of_any(
    graph: Graph, ama: Account, *, salma: Account, organiser: Account, administrator: Account, member: Account
) -> None:
    id = await ask(graph, ama, "  Who  guards\r\n\r\ngates? ", "worship", "hotels", language="fr")
    await ask(graph, salma, "Another", "mosques")

    for account in (ama, salma, organiser, administrator, member):
        assert await listed(graph, account.viewer) == ["Another", "Who guards\n\ngates?"]
        assert await listed(graph, account.viewer, "worship") == ["Another", "Who guards\n\ngates?"]
        assert await listed(graph, account.viewer, "mosques") == ["Another"]
        assert await listed(graph, account.viewer, "nothing") == []
    token = Viewer(Role.ADMINISTRATOR, actor="token:t1")
    narrow = Viewer(Role.MEMBER, scopes=frozenset({Scope.READ_PUBLIC}), actor=ama.viewer.actor)
    for viewer in (PUBLIC, ADMINISTRATOR, token, narrow):
        assert await listed(graph, viewer) == []
        assert await questions.by_id(graph, viewer, id=id) is None
        assert await questions.own(graph, viewer) == []
        assert (await questions.offers(graph, viewer, id=id, first=5)).entries == []
    one = await shown(graph, member, id)
    assert (one.language, [topic.id for topic in one.topics], one.standing) == (
        "fr", ["hotels", "worship"], Standing.OPEN,
    )  # fmt: skip
    assert one.open_until - one.asked_at == timedelta(days=90)


@pytest.mark.parametrize(
    "audience,seen_by",
    [
        (Audience.EVERYONE, {"ama", "salma", "organiser", "administrator"}),
        (Audience.MEMBERS, {"ama", "salma", "organiser", "administrator"}),
        (Audience.ORGANISERS, {"ama", "organiser", "administrator"}),
        (Audience.NOBODY, {"ama"}),
    ],
)
async def test_who_asked_is_named_to_whom_they_are_listed_for(
    graph: Graph,
    ama: Account,
    *,
    salma: Account,
    organiser: Account,
    administrator: Account,
    audience: Audience,
    seen_by: set[str],
) -> None:
    id = await ask(graph, ama)
    nameless = await ask(graph, organiser, "Another")
    await listed_for(graph, EXPERT, audience)

    viewers = {"ama": ama, "salma": salma, "organiser": organiser, "administrator": administrator}
    for name, account in viewers.items():
        asker = (await shown(graph, account, id)).asker
        assert (asker is not None and asker.name == NAME) is (name in seen_by)
        of_page = await questions.page(graph, account.viewer, first=5)
        assert [one.asker for _, one in of_page.entries] == [None, asker]
        assert (await shown(graph, account, nameless)).asker is None


async def test_a_page_goes_on_where_the_one_before_ended_whatever_comes_in_between(graph: Graph, ama: Account) -> None:
    at = datetime.now(UTC) - timedelta(days=1)
    await graph.write(FILL, account=ama.id, many=4, prefix="q", at=at, until=at + timedelta(days=9))

    first = await questions.page(graph, ama.viewer, first=2, topic=None)
    await ask(graph, ama, "Newer")
    rest = await questions.page(graph, ama.viewer, first=5, after=first.entries[-1][0])

    assert ([one.id for _, one in first.entries], first.has_next) == (["q1", "q2"], True)
    assert ([one.id for _, one in rest.entries], rest.has_next) == (["q3", "q4"], False)
    assert await questions.count(graph, ama.viewer) == 5
    with pytest.raises(NotACursor):
        await questions.page(graph, ama.viewer, first=2, after=Cursor(("Prevention", "q1")))


async def test_own_ones_are_listed_open_and_closed(graph: Graph, ama: Account, salma: Account) -> None:
    closed = await ask(graph, ama, "Closed")
    await ask(graph, ama, "Open")
    await ask(graph, salma, "Not mine")
    await questions.close(graph, ama.viewer, id=closed, closed_as=Standing.ANSWERED)

    assert [(one.text, one.standing, one.is_own) for one in await questions.own(graph, ama.viewer)] == [
        ("Open", Standing.OPEN, True),
        ("Closed", Standing.ANSWERED, True),
    ]


# Asking.


@pytest.mark.parametrize(
    "given,error",
    [
        ({"text": " \n "}, NothingAsked),
        ({"text": "x" * 1001}, TextTooLong),
        ({"text": "who \x07 knows"}, UnfitText),
        ({"language": "de"}, NoSuchLanguage),
        ({"topics": list("abcdef")}, TopicsUnfit),
        ({"topics": ["worship", "nothing"]}, NoSuchThing),
    ],
)
async def test_what_is_no_question_is_not_kept(
    graph: Graph, ama: Account, given: dict[str, Any], error: type[Exception]
) -> None:
    whole: dict[str, Any] = {"text": TEXT, "language": "en", "topics": [WORSHIP]}

    with pytest.raises(error):
        await questions.ask(graph, ama.viewer, **whole | given)

    assert await graph.read(STORED) == []


async def test_a_question_on_no_topic_is_in_the_list_of_all(graph: Graph, ama: Account, salma: Account) -> None:
    id = await questions.ask(graph, ama.viewer, text=TEXT, language="en", topics=[])
    again = await questions.ask(graph, ama.viewer, text=TEXT, language="en", topics=[])

    listed = await questions.page(graph, salma.viewer, first=5)
    assert [one.id for _, one in listed.entries] == [id] == [again]
    assert listed.entries[0][1].topics == ()


async def test_a_thousand_characters_and_the_same_topic_twice_are_fit(graph: Graph, ama: Account) -> None:
    id = await ask(graph, ama, "x" * 1000, "worship", "worship")

    assert [topic.id for topic in (await shown(graph, ama, id)).topics] == ["worship"]


async def test_the_same_one_sent_once_more_is_no_second_question_while_it_is_open(
    graph: Graph, ama: Account, salma: Account
) -> None:
    first = await ask(graph, ama, TEXT, "hotels", "worship")

    assert await ask(graph, ama, f"  {TEXT}\r\n", "worship", "hotels") == first
    others = {
        await ask(graph, ama, TEXT, "hotels"),
        await ask(graph, ama, TEXT, "hotels", "worship", language="fr"),
        await ask(graph, salma, TEXT, "hotels", "worship"),
    }
    assert len(others - {first}) == 3
    await questions.close(graph, ama.viewer, id=first, closed_as=Standing.ANSWERED)
    assert await ask(graph, ama, TEXT, "hotels", "worship") not in {first, *others}


async def test_ten_are_open_at_once_and_the_oldest_of_the_closed_are_forgotten(graph: Graph, ama: Account) -> None:
    long_ago, now = datetime.now(UTC) - timedelta(days=200), datetime.now(UTC)
    await graph.write(FILL, account=ama.id, many=100, prefix="old", at=long_ago, until=now - timedelta(days=110))
    await graph.write(FILL, account=ama.id, many=9, prefix="q", at=now, until=now + timedelta(days=1))
    tenth = await ask(graph, ama)

    with pytest.raises(TooManyOpen, match="10 open questions already"):
        await ask(graph, ama, "Another")
    assert await ask(graph, ama) == tenth
    await questions.close(graph, ama.viewer, id=tenth, closed_as=Standing.WITHDRAWN)
    await ask(graph, ama, "Eleventh")
    with pytest.raises(TooManyOpen):
        await questions.reopen(graph, ama.viewer, id=tenth)

    kept = await questions.own(graph, ama.viewer)
    assert (len(kept), sum(one.is_open for one in kept)) == (110, 10)


async def test_what_was_taken_down_makes_no_room(graph: Graph, ama: Account, organiser: Account) -> None:
    now = datetime.now(UTC)
    await graph.write(FILL, account=ama.id, many=10, prefix="q", at=now, until=now + timedelta(days=1))

    await questions.close(graph, organiser.viewer, id=QuestionId("q1"), closed_as=Standing.TAKEN_DOWN)

    with pytest.raises(TooManyOpen):
        await ask(graph, ama)


# Closing.


async def test_it_closes_by_itself_and_is_then_its_askers_alone(graph: Graph, ama: Account, salma: Account) -> None:
    id = await ask(graph, ama)
    now = datetime.now(UTC)
    await graph.write(END, id=id, until=now + timedelta(minutes=1))
    assert await listed(graph, salma.viewer) == [TEXT]

    await graph.write(END, id=id, until=now)

    assert await listed(graph, salma.viewer) == []
    assert await listed(graph, salma.viewer, "worship") == []
    assert await questions.by_id(graph, salma.viewer, id=id) is None
    assert (await shown(graph, ama, id)).standing is Standing.RUN_OUT
    await questions.reopen(graph, ama.viewer, id=id)
    again = await shown(graph, salma, id)
    assert again.open_until > now + timedelta(days=89)


@pytest.mark.parametrize("closed_as", [Standing.ANSWERED, Standing.WITHDRAWN])
async def test_the_asker_closes_it_and_opens_it_again(
    graph: Graph, ama: Account, salma: Account, closed_as: Standing
) -> None:
    id = await ask(graph, ama)

    with pytest.raises(NotAllowed):
        await questions.close(graph, salma.viewer, id=id, closed_as=closed_as)
    await questions.close(graph, ama.viewer, id=id, closed_as=closed_as)
    await questions.close(graph, ama.viewer, id=id, closed_as=Standing.ANSWERED)

    assert (await shown(graph, ama, id)).standing is closed_as
    assert await listed(graph, ama.viewer) == []
    with pytest.raises(NoSuchQuestion):
        await questions.reopen(graph, salma.viewer, id=id)
    await questions.reopen(graph, ama.viewer, id=id)
    await questions.reopen(graph, ama.viewer, id=id)
    assert await listed(graph, salma.viewer) == [TEXT]
    asker = ama.viewer.actor
    assert await verbs(graph) == [
        ("question opened again", asker), ("question closed", asker), ("question asked", asker),
    ]  # fmt: skip


async def test_who_organises_takes_any_down_and_puts_it_back_and_nobody_else_does(
    graph: Graph, ama: Account, salma: Account, organiser: Account, administrator: Account
) -> None:
    id = await ask(graph, ama)
    until = (await shown(graph, ama, id)).open_until

    for account in (ama, salma):
        with pytest.raises(NotAllowed):
            await questions.close(graph, account.viewer, id=id, closed_as=Standing.TAKEN_DOWN)
    await questions.close(graph, organiser.viewer, id=id, closed_as=Standing.TAKEN_DOWN)

    assert await questions.by_id(graph, salma.viewer, id=id) is None
    with pytest.raises(NotAllowed):
        await questions.reopen(graph, ama.viewer, id=id)
    assert (await shown(graph, administrator, id)).standing is Standing.TAKEN_DOWN
    await questions.reopen(graph, administrator.viewer, id=id)
    assert ((await shown(graph, salma, id)).open_until, await verbs(graph)) == (
        until,
        [
            ("question put back", f"question:{id}"),
            ("question taken down", f"question:{id}"),
            ("question asked", ama.viewer.actor),
        ],
    )


async def test_what_its_asker_closed_is_nobodys_to_see_or_open(
    graph: Graph, ama: Account, organiser: Account, administrator: Account
) -> None:
    id = await ask(graph, ama)
    await questions.close(graph, ama.viewer, id=id, closed_as=Standing.WITHDRAWN)

    for account in (organiser, administrator):
        assert await questions.by_id(graph, account.viewer, id=id) is None
        with pytest.raises(NoSuchQuestion):
            await questions.reopen(graph, account.viewer, id=id)
        with pytest.raises(NoSuchQuestion):
            await questions.close(graph, account.viewer, id=id, closed_as=Standing.TAKEN_DOWN)


@pytest.mark.parametrize("closed_as", [Standing.OPEN, Standing.RUN_OUT])
async def test_nobody_says_that_its_days_are_over(graph: Graph, ama: Account, closed_as: Standing) -> None:
    id = await ask(graph, ama)

    with pytest.raises(NotAllowed):
        await questions.close(graph, ama.viewer, id=id, closed_as=closed_as)

    assert await listed(graph, ama.viewer) == [TEXT]


# Helping.


async def test_whoever_asked_alone_sees_who_helps(
    graph: Graph, ama: Account, *, salma: Account, organiser: Account, administrator: Account, member: Account
) -> None:
    id = await ask(graph, member)
    await questions.offer(graph, ama.viewer, id=id, note="I was  there")
    await questions.offer(graph, salma.viewer, id=id)

    assert await helpers(graph, member, id) == [("Salma Testperson", ""), (NAME, "I was there")]
    assert (await shown(graph, member, id)).offers == 2
    for account in (ama, salma, organiser, administrator):
        assert await helpers(graph, account, id) == []
        assert (await shown(graph, account, id)).offers is None
    assert [(await shown(graph, one, id)).own_note for one in (ama, salma, member)] == ["I was there", "", None]
    first = await questions.offers(graph, member.viewer, id=id, first=1)
    (second,) = (await questions.offers(graph, member.viewer, id=id, first=1, after=first.entries[0][0])).entries
    assert (first.has_next, second[1].helper.id) == (True, EXPERT)
    with pytest.raises(NotACursor):
        await questions.offers(graph, member.viewer, id=id, first=1, after=Cursor(("x", "y")))
    with pytest.raises(NotACursor):  # Python reads such a moment, Neo4j does not
        await questions.offers(graph, member.viewer, id=id, first=1, after=Cursor(("2026-01-01 00:00:00+00:00", "y")))
    assert await verbs(graph) == [
        ("help offered", salma.viewer.actor),
        ("help offered", ama.viewer.actor),
        ("question asked", member.viewer.actor),
    ]


@pytest.mark.parametrize(
    "asker,audience,is_seen",
    [
        (Role.MEMBER, Audience.EVERYONE, True),
        (Role.MEMBER, Audience.MEMBERS, True),
        (Role.MEMBER, Audience.ORGANISERS, False),
        (Role.ORGANISER, Audience.ORGANISERS, False),
        (Role.ADMINISTRATOR, Audience.ORGANISERS, False),
        (Role.ADMINISTRATOR, Audience.NOBODY, False),
    ],
)
async def test_whom_members_do_not_see_is_refused_whoever_asked_and_who_hides_later_is_not_told(
    graph: Graph, ama: Account, asker: Role, audience: Audience, is_seen: bool
) -> None:
    somebody = await accounts.create(graph, ADMINISTRATOR, email="asks@example.org", role=asker)
    id = await ask(graph, somebody)
    before = await ask(graph, somebody, "Before")
    await questions.offer(graph, ama.viewer, id=before, note="Early")
    await listed_for(graph, EXPERT, audience)

    assert await questions.would_be_seen(graph, ama.viewer) is is_seen
    if is_seen:
        await questions.offer(graph, ama.viewer, id=id)
    else:
        with pytest.raises(NotSeenByMembers, match="let members see you"):
            await questions.offer(graph, ama.viewer, id=id)
    assert await helpers(graph, somebody, id) == ([(NAME, "")] if is_seen else [])
    sees_early = somebody.viewer.reach >= audience
    assert await helpers(graph, somebody, before) == ([(NAME, "Early")] if sees_early else [])
    assert (await shown(graph, somebody, before)).offers == int(sees_early)


async def test_who_is_nobody_of_the_network_and_who_asked_offer_no_help(
    graph: Graph, ama: Account, member: Account, organiser: Account
) -> None:
    id = await ask(graph, ama)

    for viewer in (PUBLIC, ADMINISTRATOR, member.viewer, organiser.viewer, ama.viewer):
        with pytest.raises(NotAllowed):
            await questions.offer(graph, viewer, id=id)
    with pytest.raises(NotAllowed):
        await questions.take_back(graph, PUBLIC, id=id)
    assert await graph.read(OFFERED) == []


async def test_a_note_is_short_and_a_second_one_is_instead_of_the_first(
    graph: Graph, ama: Account, salma: Account
) -> None:
    id = await ask(graph, salma)
    with pytest.raises(NoteTooLong):
        await questions.offer(graph, ama.viewer, id=id, note="x" * 501)

    await questions.offer(graph, ama.viewer, id=id, note="One")
    await questions.offer(graph, ama.viewer, id=id, note="x" * 500)

    assert await helpers(graph, salma, id) == [(NAME, "x" * 500)]


async def test_an_offer_is_taken_back_once_also_of_a_closed_question(
    graph: Graph, ama: Account, salma: Account
) -> None:
    id = await ask(graph, salma)
    await questions.offer(graph, ama.viewer, id=id, note="One")
    await questions.close(graph, salma.viewer, id=id, closed_as=Standing.ANSWERED)

    assert (await shown(graph, ama, id)).standing is Standing.ANSWERED
    with pytest.raises(QuestionClosed):
        await questions.offer(graph, ama.viewer, id=id, note="Two")
    assert await questions.take_back(graph, ama.viewer, id=id) == "One"
    assert await questions.take_back(graph, ama.viewer, id=id) is None
    assert await questions.by_id(graph, ama.viewer, id=id) is None
    with pytest.raises(NoSuchQuestion):
        await questions.offer(graph, ama.viewer, id=id)
    assert await helpers(graph, salma, id) == []


# What becomes of them.

Leave = Callable[[Graph, Account], Awaitable[Any]]


@pytest.mark.parametrize(
    "leave",
    [
        lambda graph, account: accounts.close(graph, ADMINISTRATOR, id=account.id),
        lambda graph, account: erasure.erase(graph, account.viewer, expert=EXPERT),
        lambda graph, account: graph.transact(lambda tx: remove_experts(tx, [EXPERT])),
    ],
    ids=["closed", "erased", "removed"],
)
async def test_they_go_with_the_account_or_the_person(graph: Graph, ama: Account, salma: Account, leave: Leave) -> None:
    mine = await ask(graph, ama, "Of Ama's")
    theirs = await ask(graph, salma, f"Who knows {NAME}?")
    await questions.offer(graph, ama.viewer, id=theirs, note="Mine")
    await questions.offer(graph, salma.viewer, id=mine, note="Theirs")

    await leave(graph, ama)

    assert len(await graph.read(STORED)) == 1
    assert await graph.read(OFFERED) == []
    assert await helpers(graph, salma, theirs) == []


async def test_an_organisers_offers_go_with_their_profile_and_their_questions_stay(graph: Graph, ama: Account) -> None:
    organiser = await accounts.create(graph, ADMINISTRATOR, email="o@example.org", role=Role.ORGANISER, expert=OTHER)
    id = await ask(graph, ama)
    await ask(graph, organiser, "Mine")
    await questions.offer(graph, organiser.viewer, id=id)

    await graph.transact(lambda tx: remove_experts(tx, [OTHER]))

    assert (await graph.read(OFFERED), await listed(graph, ama.viewer)) == ([], ["Mine", TEXT])


async def test_who_is_erased_is_named_in_no_others(graph: Graph, ama: Account, salma: Account, member: Account) -> None:
    id = await ask(graph, salma, f"Who knows {NAME}?")
    third = await ask(graph, member)
    await questions.offer(graph, salma.viewer, id=third, note=f"With {NAME}")

    await erasure.erase(graph, ama.viewer, expert=EXPERT)

    assert (await shown(graph, salma, id)).text == "Who knows [erased]?"
    assert await helpers(graph, member, third) == [("Salma Testperson", "With [erased]")]


async def test_the_export_has_own_questions_and_offers_and_nothing_of_others(
    graph: Graph, ama: Account, salma: Account, member: Account
) -> None:
    mine = await ask(graph, ama, "Of Ama's")
    theirs = await ask(graph, member, "Of a member's")
    await ask(graph, member, "Not to be told")
    await questions.offer(graph, ama.viewer, id=theirs, note="Mine to tell")
    await questions.offer(graph, salma.viewer, id=theirs, note="Of Salma's")
    await questions.offer(graph, salma.viewer, id=mine, note="For Ama to read")

    about = await export.about(graph, ama.viewer, expert=EXPERT)

    of_account = about["person"]["relations"]["IS"][0]["leads_to"]["relations"]
    (asked,), (offered,) = of_account["ASKED"], of_account["OFFERED"]
    assert asked["leads_to"]["text"] == "Of Ama's"
    assert asked["leads_to"]["relations"]["ABOUT"][0]["leads_to"]["id"] == "worship"
    assert (offered["properties"]["note"], offered["leads_to"]["text"]) == ("Mine to tell", "Of a member's")
    told = json.dumps(about)
    for hidden in ("Not to be told", "Of Salma's", "For Ama to read", "salma", "member@"):
        assert hidden not in told


async def test_a_merge_keeps_questions_and_offers_and_undoing_it_gives_them_back(graph: Graph, tmp_path: Path) -> None:
    await loaded(graph, written(tmp_path / "network"))
    helper = await accounts.create(graph, ADMINISTRATOR, email="amah@example.org", role=Role.MEMBER, expert=SECOND)
    asker = await accounts.create(graph, ADMINISTRATOR, email="asks@example.org", role=Role.MEMBER)
    id = await ask(graph, asker, TEXT, "law")
    own = await ask(graph, helper, "Mine", "law")
    await questions.offer(graph, helper.viewer, id=id, note="Statutes")

    async def told() -> tuple[list[tuple[str, str]], str | None]:
        page = await questions.offers(graph, asker.viewer, id=id, first=5)
        asked_by = (await shown(graph, asker, own)).asker
        return [(one.helper.id, one.note) for _, one in page.entries], asked_by.id if asked_by else None

    before = await told()
    await merge(graph, ADMINISTRATOR, keep=AMA, gone=SECOND)
    merged = await told()
    await undo(graph, ADMINISTRATOR, gone=SECOND)

    assert before == ([(SECOND, "Statutes")], SECOND)
    assert merged == ([(AMA, "Statutes")], AMA)
    assert await told() == before


@pytest.mark.parametrize(
    "viewer",
    [
        PUBLIC,
        ADMINISTRATOR,
        Viewer(Role.MEMBER, scopes=frozenset({Scope.READ_MEMBERS}), actor="account:x"),
        Viewer(Role.MEMBER, actor="account:closed"),
    ],
    ids=["public", "command line", "reader", "closed"],
)
async def test_who_has_no_account_that_writes_asks_nothing(graph: Graph, ama: Account, viewer: Viewer) -> None:
    id = await ask(graph, ama)

    with pytest.raises(NotAllowed):
        await questions.ask(graph, viewer, text=TEXT, language="en", topics=[WORSHIP])
    with pytest.raises(NotAllowed):
        await questions.close(graph, viewer, id=id, closed_as=Standing.WITHDRAWN)
    with pytest.raises(NotAllowed):
        await questions.reopen(graph, viewer, id=id)
    assert await listed(graph, ama.viewer) == [TEXT]
