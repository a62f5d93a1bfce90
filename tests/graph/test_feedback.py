"""What askers say of matches: who may, of whom, that it is replaced and taken back, and who is told of it."""

import json
from typing import Any

import pytest

from graph import accounts, changes, erasure, export, feed, feedback
from graph.accounts import Account
from graph.audiences import set_of_person
from graph.consents import How, Purpose, decide
from graph.errors import NoSuchExpert
from graph.feedback import JudgedQuestion, QuestionNotKept, TooManyJudgements
from graph.graph import Graph, Row, Transaction
from graph.passages import restamp
from graph.people.merging import merge
from graph.people.undoing import undo
from graph.permissions import NotAllowed
from graph.search import EmptyQuestion, QuestionTooLong
from graph.values import ExpertId
from graph.viewer import PUBLIC, Audience, FieldGroup, Role, Scope, Viewer
from tests.graph.person import EXPERT, OTHER, add_person

ADMINISTRATOR = Viewer.at_the_command_line()
QUESTION = "Who trains stewards?"
HIDDEN, ORGANISERS_ONLY = ExpertId("hidden"), ExpertId("organisers-only")
MORE = """
UNWIND $ids AS id
CREATE (e:Expert {id: id, name: 'Of ' + id})-[:EVIDENCED_BY]->
       (:Passage {id: 'p-' + id, text: 'Gates.', kind: 'biography', position: 0})
"""
JUDGED = """
MATCH (a:Account)-[j:JUDGED]->(e:Expert)
RETURN a.email AS asker, j.question AS question, e.id AS expert, j.is_useful AS is_useful
ORDER BY asker, question, expert
"""
MAKE_MANY = """
MATCH (a:Account {id: $account}), (e:Expert {id: $expert})
UNWIND range(1, $many) AS number
CREATE (a)-[:JUDGED {id: 'j' + number, question: 'Question ' + number, is_useful: true, at: datetime()}]->(e)
"""


@pytest.fixture
async def ama(graph: Graph) -> Account:
    """Somebody who asks, with an account and a profile."""
    return await add_person(graph)


@pytest.fixture
async def organiser(graph: Graph, ama: Account) -> Account:
    """Somebody who asks and is nobody of the network's people."""
    return await accounts.create(graph, ADMINISTRATOR, email="org@example.org", role=Role.ORGANISER)


async def add(graph: Graph, *ids: ExpertId) -> None:
    await graph.write(MORE, ids=list(ids))

    async def work(tx: Transaction) -> None:
        await restamp(tx, experts=list(ids))

    await graph.transact(work)


async def say(graph: Graph, account: Account, is_useful: bool = True, **other: Any) -> feedback.Judgement:
    given: dict[str, Any] = {"question": QUESTION, "expert": OTHER, "is_useful": is_useful, "keeps_question": True}
    return await feedback.judge(graph, account.viewer, **given | other)


async def judged(graph: Graph) -> list[Row]:
    return await graph.read(JUDGED)


async def listed_for(graph: Graph, expert: ExpertId, audience: Audience) -> None:
    await set_of_person(
        graph,
        Viewer(Role.MEMBER, person=expert, actor="account:of-them"),
        expert=expert,
        chosen={FieldGroup.LISTING: audience},
    )


async def verbs(graph: Graph) -> list[str]:
    return [one.verb for _, one in (await changes.page(graph, ADMINISTRATOR, first=3)).entries]


async def test_a_judgement_is_the_question_the_person_and_whether_they_were_useful(graph: Graph, ama: Account) -> None:
    made = await say(graph, ama, question=f"  {QUESTION}\n ")

    assert (made.question, made.expert, made.is_useful) == (QUESTION, OTHER, True)
    assert await judged(graph) == [{"asker": ama.email, "question": QUESTION, "expert": OTHER, "is_useful": True}]
    assert await feedback.marks(graph, ama.viewer, question=QUESTION, experts=[OTHER, EXPERT]) == {OTHER: True}
    assert (await feedback.own(graph, ama.viewer, first=10)).entries[0][1] == made


@pytest.mark.parametrize("again", [QUESTION, "WHO trains\tstewards?", "Ｗho trains stewards?"])
async def test_judging_again_replaces_what_was_said(graph: Graph, ama: Account, again: str) -> None:
    await say(graph, ama)

    await say(graph, ama, is_useful=False, question=again)

    (one,) = await judged(graph)
    assert (one["question"], one["is_useful"]) == (" ".join(again.split()), False)
    assert await feedback.marks(graph, ama.viewer, question=QUESTION, experts=[OTHER]) == {OTHER: False}


async def test_the_same_once_more_changes_nothing(graph: Graph, ama: Account) -> None:
    first = await say(graph, ama)

    again = await say(graph, ama)

    assert again == first
    assert (await verbs(graph))[:2] == ["match judged", "audiences chosen"]


async def test_another_question_and_another_asker_are_other_judgements(
    graph: Graph, ama: Account, organiser: Account
) -> None:
    await say(graph, ama)
    await say(graph, ama, question="Who guards gates?", is_useful=False)
    await say(graph, organiser, is_useful=False)

    assert [(one["asker"], one["question"], one["is_useful"]) for one in await judged(graph)] == [
        (ama.email, "Who guards gates?", False),
        (ama.email, QUESTION, True),
        (organiser.email, QUESTION, False),
    ]


async def test_what_was_said_is_taken_back_and_nothing_of_it_is_left(
    graph: Graph, ama: Account, organiser: Account
) -> None:
    await say(graph, ama)
    await say(graph, organiser)

    await feedback.take_back(graph, ama.viewer, question=QUESTION.upper(), expert=OTHER)

    assert [one["asker"] for one in await judged(graph)] == [organiser.email]
    assert await feedback.marks(graph, ama.viewer, question=QUESTION, experts=[OTHER]) == {}
    assert (await verbs(graph))[0] == "judgement taken back"


async def test_taking_back_what_was_never_said_does_and_tells_nothing(graph: Graph, ama: Account) -> None:
    for expert in (OTHER, ExpertId("nobody")):
        await feedback.take_back(graph, ama.viewer, question=QUESTION, expert=expert)

    assert (await verbs(graph))[0] == "audiences chosen"


# Who may, and of whom.


@pytest.mark.parametrize(
    "viewer",
    [
        PUBLIC,
        ADMINISTRATOR,
        Viewer(Role.ORGANISER, actor="token:t1"),
        Viewer(Role.MEMBER, actor="account:x", scopes=frozenset({Scope.READ_MEMBERS})),
        Viewer(Role.MEMBER, actor="account:x", person=OTHER),
    ],
    ids=["public", "command line", "token", "without write", "the person themselves"],
)
async def test_nobody_else_judges(graph: Graph, ama: Account, viewer: Viewer) -> None:
    with pytest.raises(NotAllowed):
        await feedback.judge(graph, viewer, question=QUESTION, expert=OTHER, is_useful=True, keeps_question=True)

    assert await judged(graph) == []
    assert await feedback.marks(graph, PUBLIC, question=QUESTION, experts=[OTHER]) == {}
    assert (await feedback.own(graph, PUBLIC, first=10)).entries == []


@pytest.mark.parametrize("viewer", [PUBLIC, ADMINISTRATOR, Viewer(Role.MEMBER, actor="token:t1")])
async def test_nobody_else_takes_back(graph: Graph, ama: Account, viewer: Viewer) -> None:
    with pytest.raises(NotAllowed):
        await feedback.take_back(graph, viewer, question=QUESTION, expert=OTHER)


async def test_without_the_askers_consent_nothing_is_kept(graph: Graph, ama: Account) -> None:
    with pytest.raises(QuestionNotKept):
        await say(graph, ama, keeps_question=False)

    assert await judged(graph) == []


@pytest.mark.parametrize("question,error", [(" ?! ", EmptyQuestion), ("x" * 10_001, QuestionTooLong)])
async def test_what_is_no_question_is_not_kept(
    graph: Graph, ama: Account, question: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await say(graph, ama, question=question)


async def test_only_whom_the_asker_finds_is_judged_and_others_do_not_exist(
    graph: Graph, ama: Account, organiser: Account
) -> None:
    await add(graph, HIDDEN, ORGANISERS_ONLY)
    await listed_for(graph, HIDDEN, Audience.NOBODY)
    await listed_for(graph, ORGANISERS_ONLY, Audience.ORGANISERS)

    said = []
    for account, expert in ((ama, HIDDEN), (ama, ORGANISERS_ONLY), (ama, ExpertId("nobody")), (organiser, HIDDEN)):
        with pytest.raises(NoSuchExpert) as refused:
            await say(graph, account, expert=expert)
        said.append(str(refused.value).replace(expert, "…"))

    assert len(set(said)) == 1
    assert (await say(graph, organiser, expert=ORGANISERS_ONLY)).expert == ORGANISERS_ONLY
    assert len(await judged(graph)) == 1


async def test_who_hid_since_is_in_nothing_that_is_told_and_can_still_be_forgotten(graph: Graph, ama: Account) -> None:
    await add(graph, HIDDEN)
    await say(graph, ama, expert=HIDDEN)
    await listed_for(graph, HIDDEN, Audience.NOBODY)

    assert await feedback.marks(graph, ama.viewer, question=QUESTION, experts=[HIDDEN]) == {}
    assert (await feedback.own(graph, ama.viewer, first=10)).entries == []
    assert (await feedback.of_network(graph, ADMINISTRATOR)).questions == ()
    await feedback.take_back(graph, ama.viewer, question=QUESTION, expert=HIDDEN)
    assert await judged(graph) == []


async def test_who_is_matched_no_more_is_in_no_evaluation(graph: Graph, ama: Account) -> None:
    await add(graph, HIDDEN)
    await say(graph, ama, expert=HIDDEN)
    await say(graph, ama)
    as_them = Viewer(Role.MEMBER, person=HIDDEN, actor="account:of-them")

    await decide(graph, as_them, expert=HIDDEN, purpose=Purpose.MATCHED, given=False, how=How.PAGE)

    (question,) = (await feedback.of_network(graph, ADMINISTRATOR)).questions
    assert question.useful == (OTHER,)


async def test_an_account_keeps_so_many_and_may_still_change_them(
    graph: Graph, ama: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feedback, "MOST", 3)
    await graph.write(MAKE_MANY, account=ama.id, expert=OTHER, many=3)

    with pytest.raises(TooManyJudgements):
        await say(graph, ama)

    assert (await say(graph, ama, question="Question 2", is_useful=False)).is_useful is False
    assert len(await judged(graph)) == 3


async def test_the_list_of_ones_own_goes_on_where_it_ended(graph: Graph, ama: Account, organiser: Account) -> None:
    await graph.write(MAKE_MANY, account=ama.id, expert=OTHER, many=5)
    await say(graph, organiser)

    first = await feedback.own(graph, ama.viewer, first=3)
    rest = await feedback.own(graph, ama.viewer, first=3, after=first.entries[-1][0])

    told = [one.question for page in (first, rest) for _, one in page.entries]
    assert sorted(told) == [f"Question {number}" for number in range(1, 6)]
    assert (first.has_next, rest.has_next) == (True, False)


# Who is told.


async def test_organisers_are_told_what_was_said_and_by_how_many(
    graph: Graph, ama: Account, organiser: Account
) -> None:
    await add(graph, HIDDEN, ORGANISERS_ONLY)
    third = await accounts.create(graph, ADMINISTRATOR, email="third@example.org", role=Role.MEMBER)
    await say(graph, ama)
    await say(graph, organiser, question=QUESTION.upper())
    await say(graph, third, is_useful=False)
    await say(graph, ama, expert=HIDDEN, is_useful=False)
    await say(graph, ama, expert=ORGANISERS_ONLY)
    await say(graph, organiser, expert=ORGANISERS_ONLY, is_useful=False)

    told = await feedback.of_network(graph, organiser.viewer)

    assert told.questions == (JudgedQuestion(QUESTION, useful=(OTHER,), not_useful=(HIDDEN,)),)
    assert (told.askers, told.people, told.useful, told.not_useful) == (3, 3, 3, 3)


@pytest.mark.parametrize(
    "viewer",
    [
        PUBLIC,
        Viewer(Role.MEMBER, person=OTHER, actor="account:x"),
        Viewer(Role.ORGANISER, actor="token:t", scopes=frozenset({Scope.READ_MEMBERS})),
    ],
)
async def test_nobody_else_is_told(graph: Graph, viewer: Viewer) -> None:
    with pytest.raises(NotAllowed):
        await feedback.of_network(graph, viewer)


async def test_the_asker_has_it_in_their_export_and_the_person_judged_has_nothing_of_it_in_theirs(
    graph: Graph, ama: Account
) -> None:
    other = await accounts.create(graph, ADMINISTRATOR, email="salma@example.org", role=Role.MEMBER, expert=OTHER)
    await say(graph, ama)

    of_asker = await export.about(graph, ama.viewer, expert=EXPERT)
    of_judged = json.dumps(await export.about(graph, other.viewer, expert=OTHER))

    (is_account,) = of_asker["person"]["relations"]["IS"]
    (told,) = is_account["leads_to"]["relations"]["JUDGED"]
    assert told["properties"].keys() == {"at", "id", "is_useful", "question"}
    assert (told["properties"]["question"], told["leads_to"]) == (QUESTION, {"is_a": ["Expert"]})
    assert "match judged" in {change["verb"] for change in of_asker["changes"]}
    assert [word for word in ("JUDGED", QUESTION, "judged", ama.id) if word in of_judged] == []


async def test_the_change_log_says_who_judged_and_neither_whom_nor_what(graph: Graph, ama: Account) -> None:
    await say(graph, ama)

    ((_, change),) = (await changes.page(graph, ADMINISTRATOR, first=1)).entries
    assert (change.actor, change.verb, change.subject) == (f"account:{ama.id}", "match judged", f"account:{ama.id}")
    assert (change.fields, change.before, change.after) == ((), {}, {})


async def test_nobody_who_follows_the_network_is_told_but_administrators(graph: Graph, ama: Account) -> None:
    latest = (await feed.start(graph, PUBLIC, after=None)).sequence
    await say(graph, ama)
    await feedback.take_back(graph, ama.viewer, question=QUESTION, expert=OTHER)

    told = {
        viewer.role: [one.verb for one in (await feed.changes(graph, viewer, after=latest, first=10)).told]
        for viewer in (PUBLIC, ama.viewer, Viewer(Role.ORGANISER, actor="account:x"), ADMINISTRATOR)
    }

    assert told.pop(Role.ADMINISTRATOR) == [feed.Verb.OTHER, feed.Verb.OTHER]
    assert set(map(len, told.values())) == {0}


# What becomes of it.


async def test_it_goes_with_whoever_was_judged(graph: Graph, organiser: Account) -> None:
    await say(graph, organiser, expert=EXPERT)

    await erasure.erase(graph, ADMINISTRATOR, expert=EXPERT)

    assert await judged(graph) == []


async def test_it_goes_with_the_asker(graph: Graph, ama: Account, organiser: Account) -> None:
    await say(graph, ama)
    await say(graph, organiser)

    await erasure.erase(graph, ama.viewer, expert=EXPERT)

    assert [one["asker"] for one in await judged(graph)] == [organiser.email]


async def test_it_goes_when_the_account_is_closed(graph: Graph, ama: Account, organiser: Account) -> None:
    await say(graph, ama)
    await say(graph, organiser)

    await accounts.close(graph, ADMINISTRATOR, id=organiser.id)

    assert [one["asker"] for one in await judged(graph)] == [ama.email]


async def test_who_is_erased_is_erased_from_the_questions_of_others(graph: Graph, organiser: Account) -> None:
    await say(graph, organiser, question="Does Ama Testperson know who trains stewards?")

    await erasure.erase(graph, ADMINISTRATOR, expert=EXPERT)

    (one,) = await judged(graph)
    assert one["question"] == "Does [erased] know who trains stewards?"


async def test_of_two_who_are_one_it_is_said_once_more_and_told_of_nobody_else(
    graph: Graph, ama: Account, organiser: Account
) -> None:
    await add(graph, HIDDEN, ORGANISERS_ONLY)
    await say(graph, ama, expert=HIDDEN)
    await say(graph, ama, expert=ORGANISERS_ONLY, is_useful=False)

    await merge(graph, ADMINISTRATOR, keep=HIDDEN, gone=ORGANISERS_ONLY)

    text = json.dumps(await export.about(graph, ama.viewer, expert=EXPERT))
    assert ORGANISERS_ONLY not in text
    await undo(graph, ADMINISTRATOR, gone=ORGANISERS_ONLY)
    assert {(one["expert"], one["is_useful"]) for one in await judged(graph)} == {
        (HIDDEN, True),
        (ORGANISERS_ONLY, False),
    }
