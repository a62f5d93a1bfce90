"""Judgements by GraphQL: one input, one payload, and a type for each way in which nothing was kept."""

from typing import Any

import httpx
import pytest
from strawberry.relay import to_base64

from api.door.limits import Limits
from api.settings import LimitSettings
from graph import audiences, feedback, tokens
from graph.accounts import Account
from graph.graph import Graph
from graph.viewer import Audience, FieldGroup, Role, Scope, Viewer
from tests.door import KEEPER, Browse, Serve, sign_in
from tests.graph.person import EXPERT, OTHER, add_person

HEADERS = {"X-Knowwho": "1", "Sec-Fetch-Site": "same-origin"}
QUESTION = "Who trains stewards?"
JUDGE = """
mutation ($input: JudgeMatchInput!) {
  judgeMatch(input: $input) {
    __typename
    ... on MatchJudged { judgement { question isUseful expert { slug } } }
    ... on Error { message }
    ... on NotAllowed { who }
    ... on Invalid { field }
  }
}
"""
TAKE_BACK = """
mutation ($input: TakeBackJudgementInput!) {
  takeBackJudgement(input: $input) { __typename ... on JudgementTakenBack { expert } ... on Error { message } }
}
"""
OWN = "{ myJudgements { edges { node { question isUseful at expert { slug } } } pageInfo { hasNextPage } } }"


@pytest.fixture
async def ama(graph: Graph) -> Account:
    return await add_person(graph)


@pytest.fixture
async def browser(serve: Serve, browse: Browse, ama: Account) -> httpx.AsyncClient:
    opened = await browse(serve())
    await sign_in(opened, ama)
    return opened


async def ask(browser: httpx.AsyncClient, document: str, **given: object) -> dict[str, Any]:
    body = {"query": document, "variables": {"input": given}} if given else {"query": document}
    answer = await browser.post("/graphql", json=body, headers=HEADERS)
    told: dict[str, Any] = answer.raise_for_status().json()
    assert "errors" not in told, told
    (payload,) = told["data"].values()
    assert isinstance(payload, dict)
    return payload


async def judge(browser: httpx.AsyncClient, **other: object) -> dict[str, Any]:
    given: dict[str, object] = {"question": QUESTION, "expert": OTHER, "isUseful": True, "keepQuestion": True}
    return await ask(browser, JUDGE, **given | other)


async def test_a_match_is_judged_listed_and_taken_back(browser: httpx.AsyncClient) -> None:
    made = await judge(browser, expert=to_base64("Expert", OTHER), isUseful=False)
    listed = await ask(browser, OWN)
    gone = await ask(browser, TAKE_BACK, question=QUESTION, expert=OTHER)
    after = await ask(browser, OWN)

    said = {"question": QUESTION, "isUseful": False, "expert": {"slug": OTHER}}
    assert made == {"__typename": "MatchJudged", "judgement": said}
    (edge,) = listed["edges"]
    assert edge["node"].pop("at")
    assert edge["node"] == said
    assert gone == {"__typename": "JudgementTakenBack", "expert": OTHER}
    assert after == {"edges": [], "pageInfo": {"hasNextPage": False}}


@pytest.mark.parametrize(
    "given,told",
    [
        ({"keepQuestion": False}, {"__typename": "Invalid", "field": "input.keepQuestion"}),
        ({"question": "?"}, {"__typename": "Invalid", "field": "input.question"}),
        ({"question": "x" * 10_001}, {"__typename": "Invalid", "field": "input.question"}),
        ({"expert": "nobody"}, {"__typename": "NotFound"}),
        (
            {"expert": EXPERT},
            {"__typename": "NotAllowed", "who": "others"},
        ),
    ],
)
async def test_why_nothing_was_kept_is_told_by_type(
    graph: Graph, ama: Account, browser: httpx.AsyncClient, given: dict[str, object], told: dict[str, str]
) -> None:
    payload = await judge(browser, **given)

    assert payload.pop("message").endswith(".")
    assert payload == told
    assert (await feedback.own(graph, ama.viewer, first=10)).entries == []


async def test_too_many_are_told_by_type(
    graph: Graph, browser: httpx.AsyncClient, ama: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feedback, "MOST", 0)

    assert (await judge(browser))["__typename"] == "Invalid"


async def test_who_is_hidden_is_not_found_as_who_is_not_there(graph: Graph, browser: httpx.AsyncClient) -> None:
    as_other = Viewer(Role.MEMBER, person=OTHER, actor="account:of-other")
    await audiences.set_of_person(graph, as_other, expert=OTHER, chosen={FieldGroup.LISTING: Audience.NOBODY})

    hidden, absent = await judge(browser), await judge(browser, expert="nobody")

    assert hidden["message"].replace(OTHER, "nobody") == absent["message"]
    assert hidden["__typename"] == absent["__typename"] == "NotFound"


@pytest.fixture
async def secret(graph: Graph, ama: Account) -> str:
    """The secret of a client's token that may write."""
    scopes = frozenset({Scope.WRITE, Scope.READ_ORGANISERS})
    _, shown = await tokens.create(graph, KEEPER, name="judging", role=Role.ORGANISER, scopes=scopes, expires_at=None)
    return shown


@pytest.mark.parametrize("document,given", [(JUDGE, {"isUseful": True, "keepQuestion": True}), (TAKE_BACK, {})])
async def test_the_public_and_clients_with_tokens_judge_nobody(
    serve: Serve, browse: Browse, secret: str, document: str, given: dict[str, object]
) -> None:
    client = await browse(serve())
    told = []
    nothing: dict[str, str] = {}
    for headers in (nothing, {"Authorization": f"Bearer {secret}"}):
        variables = {"input": {"question": QUESTION, "expert": OTHER, **given}}
        answer = await client.post("/graphql", json={"query": document, "variables": variables}, headers=headers)
        (payload,) = answer.json()["data"].values()
        told.append(payload["__typename"])
        listed = await client.post("/graphql", json={"query": OWN}, headers=headers)
        assert listed.json()["data"]["myJudgements"]["edges"] == []

    assert told == ["NotAllowed", "NotAllowed"]


async def test_judgements_count_as_changes(serve: Serve, browse: Browse, ama: Account) -> None:
    app = serve()
    app.state.limits = Limits(LimitSettings(limit_mutation="1 per 1 hour"))
    browser = await browse(app)
    await sign_in(browser, ama)

    told = [(await judge(browser))["__typename"] for _ in range(2)]

    assert told == ["MatchJudged", "RateLimited"]
