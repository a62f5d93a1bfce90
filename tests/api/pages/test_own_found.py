"""How a person is found: what is told of their own place, of what counts, and of why a question does not find them."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from filelock import AsyncFileLock

from api.network import OpenNetwork
from graph import accounts, consents, sessions
from graph.accounts import Account
from graph.consents import How, Purpose
from graph.graph import Graph
from graph.sessions import SignedInBy
from graph.settings import GraphSettings
from graph.values import ExpertId
from graph.viewer import Role
from tests.door import KEEPER, Browse, MakeAccount, Serve, sign_in
from tests.graph.person import EXPERT, add_person

GRACE = ExpertId("grace-nakimuli")
FORGET = "MATCH (a:Account {id: $id}) OPTIONAL MATCH (a)<-[:OF]-(s:Session) DETACH DELETE a, s"


@pytest.fixture
async def grace(sample: OpenNetwork, sample_settings: GraphSettings) -> AsyncIterator[Account]:
    """A person of the sample network who signed in, and whose account is gone again afterwards.

    Whose account another worker uses is waited for, since a person has one.
    """
    async with AsyncFileLock(sample_settings.home.parent / f"account-of-{GRACE}.lock"):
        account = await accounts.create(sample.graph, KEEPER, email="found@example.org", role=Role.MEMBER, expert=GRACE)
        yield account
        await sample.graph.write(FORGET, id=account.id)


@pytest.fixture
async def signed_in(client: httpx.AsyncClient, sample: OpenNetwork, grace: Account) -> httpx.AsyncClient:
    _, secret = await sessions.open_session(
        sample.graph, grace.viewer, account=grace.id, how=SignedInBy.LINK, agent="A browser"
    )
    client.headers["Cookie"] = f"knowwho_session={secret}"
    return client


async def test_a_question_tells_somebody_their_own_place_and_nothing_of_others(
    sample: OpenNetwork, signed_in: httpx.AsyncClient, grace: Account
) -> None:
    question = "Who trains volunteer stewards of churches?"
    told = await sample.search.explain(grace.viewer, question, expert=GRACE)
    answer = await sample.search.ask(grace.viewer, question, first=20)
    others = [match.expert.name for match in answer.matches if match.expert.id != GRACE]

    page = (await signed_in.get("/me/found", params={"q": question})).text

    assert f"You have place {told.place} of {told.compared}." in page
    assert re.search(r"<td>You know a topic near the question</td><td>(much|some|a little)</td>", page)
    assert others
    assert [name for name in others if name in page] == []


@pytest.mark.parametrize("question,status", [("…", 422), ("x" * 10_001, 422), ("<script>alert(1)</script>", 200)])
async def test_what_is_no_question_is_refused_and_stays_as_text(
    signed_in: httpx.AsyncClient, question: str, status: int
) -> None:
    page = await signed_in.get("/me/found", params={"q": question})

    assert page.status_code == status
    assert "<script>alert" not in page.text


async def test_topics_and_passages_are_told_with_where_they_come_from(
    graph: Graph, serve: Serve, browse: Browse
) -> None:
    account = await add_person(graph)
    browser = await browse(serve())
    await sign_in(browser, account)

    page = (await browser.get("/me/found")).text
    await consents.decide(graph, account.viewer, expert=EXPERT, purpose=Purpose.MATCHED, given=False, how=How.PAGE)
    withdrawn = (await browser.get("/me/found")).text

    assert '<a href="/topics/worship"><bdi>Worship</bdi> <span>leads in it</span></a>' in page
    assert "amatest has trained stewards." in page
    assert "Members and organisers can find you when they ask." in page
    assert "No search suggests you, since you do not agree to being matched." in withdrawn


async def test_an_account_that_is_no_person_is_told_so(serve: Serve, browse: Browse, make_account: MakeAccount) -> None:
    browser = await browse(serve())
    await sign_in(browser, await make_account())

    page = await browser.get("/me/found?q=stewards")

    assert page.status_code == 200
    assert "Your account stands for nobody whom the network lists" in page.text
