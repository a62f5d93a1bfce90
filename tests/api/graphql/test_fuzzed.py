"""Whatever is asked that fits the schema is answered or refused as GraphQL over HTTP says, and never breaks anything.

Schemathesis reads the schema from the running server, as any client may, and asks what it makes of it. FUZZ_EXAMPLES
says how often each viewer asks (150 if it is not set); under CI, hypothesis asks the same each time.
"""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.graphql import nodes

from api.app import create_app
from api.door.limits import Limits
from api.graphql.http.codes import Code
from api.network import OpenNetwork
from api.settings import LimitSettings
from graph import tokens
from graph.settings import GraphSettings
from graph.viewer import Role, Viewer
from tests.served import served

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "150"))
MEDIA = "application/graphql-response+json"
ANSWER_TIMEOUT_S = 60
OFTEN = "1000000 per 1 minute"
LIMITS = LimitSettings(
    limit_search=OFTEN, limit_mutation=OFTEN, limit_graphql=OFTEN, limit_cost="1000000000000 per 1 minute"
)
SCALARS = {
    "CountryCode": st.sampled_from(["TN", "fr", "ZZ"]),
    "EmailAddress": st.emails(),
    "LanguageTag": st.sampled_from(["fr", "pt-BR", "x-none"]),
    "PhoneNumber": st.from_regex(r"\+[1-9][0-9]{4,14}", fullmatch=True),
    "URL": st.sampled_from(["https://example.org", "http://example.org/a?b=c#d"]),
}
SIZE = "MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN count(DISTINCT n) AS nodes, count(r) AS relations"
FORGET = "MATCH (n) WHERE n:Token AND n.id = $id OR n:Change AND n.subject = 'token:' + $id DETACH DELETE n"

for scalar, texts in SCALARS.items():
    schemathesis.graphql.scalar(scalar, texts.map(nodes.String))


@pytest.fixture(scope="module")
async def address(sample: OpenNetwork, sample_settings: GraphSettings) -> AsyncIterator[str]:
    """A server of the sample network that lets one viewer ask as often as they like."""
    app = create_app(sample_settings)
    app.state.network = sample
    app.state.limits = Limits(LIMITS)
    async with served(app) as address:
        yield address


@pytest.fixture(scope="module")
async def secret(sample: OpenNetwork) -> AsyncIterator[str]:
    """The secret of a member's token, which is taken away again: others use the sample network too."""
    keeper = Viewer.at_the_command_line()
    token, secret = await tokens.create(sample.graph, keeper, name="fuzzed", role=Role.MEMBER, expires_at=None)
    yield secret
    await sample.graph.write(FORGET, id=token.id)


@pytest.mark.slow
@pytest.mark.timeout(120 + 4 * EXAMPLES)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("role", [Role.PUBLIC, Role.MEMBER])
async def test_whatever_is_asked_is_answered_or_refused(
    sample: OpenNetwork, address: str, secret: str, role: Role, mode: GenerationMode
) -> None:
    headers = {"Accept": MEDIA} | ({"Authorization": f"Bearer {secret}"} if role is Role.MEMBER else {})
    (before,) = await sample.graph.read(SIZE)
    with requests.Session() as client:
        client.headers.update(headers)

        came_to = await asyncio.to_thread(asked, address, client, mode)

    print(f"{role}, {mode.value}: {sum(came_to.values())} asked: {dict(came_to.most_common())}")  # noqa: T201 -- make fuzz shows it
    # What Hypothesis tried again, to make it smaller, would count as well; so would nothing at all.
    assert sum(came_to.values()) >= EXAMPLES
    assert came_to["answered"] >= (EXAMPLES // 3 if mode is GenerationMode.POSITIVE else 0)
    assert await sample.graph.read(SIZE) == [before]


def asked(address: str, client: requests.Session, mode: GenerationMode) -> Counter[str]:
    """What came of asking: how often it was answered, or refused with which code first."""
    came_to: Counter[str] = Counter()
    api = schemathesis.graphql.from_url(f"{address}/graphql")

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=api.as_strategy(generation_mode=mode))
    def ask(case: Case[Any]) -> None:
        answer = case.call(base_url=address, session=client, timeout=ANSWER_TIMEOUT_S)
        told = answer.json()
        codes = codes_in(told, answer.status_code, answer.headers["content-type"][0])
        # Where nothing can be made wrong, schemathesis asks what is right.
        assert case.meta is not None
        assert codes or case.meta.generation.mode is GenerationMode.POSITIVE
        came_to[str(codes[0]) if codes else "answered"] += 1

    ask()
    return came_to


def codes_in(told: Any, status: int, media: str) -> list[Code]:
    """The codes of an answer's errors; fails where it is none that GraphQL over HTTP allows, or tells of a fault."""
    assert media == f"{MEDIA}; charset=utf-8"
    assert isinstance(told, dict)
    assert set(told) <= {"data", "errors", "extensions"}
    assert {"data", "errors"} & set(told)
    assert isinstance(told.get("data", {}), dict | None)
    # There is data, be it null, if and only if the operation was executed; only then is the status 200.
    assert (status == 200) == ("data" in told)
    assert 200 <= status < 500
    if "errors" not in told:
        return []
    assert told["errors"]
    for error in told["errors"]:
        assert set(error) <= {"message", "locations", "path", "extensions"}
        assert error["message"]
        assert all(place["line"] >= 1 and place["column"] >= 1 for place in error.get("locations", ()))
        assert all(isinstance(part, str | int) for part in error.get("path", ()))
    codes = [Code(error["extensions"]["code"]) for error in told["errors"]]
    assert not {Code.INTERNAL, Code.UNAVAILABLE, Code.TIMED_OUT, Code.RATE_LIMITED} & set(codes)
    return codes


REFUSED = {"errors": [{"message": "No.", "extensions": {"code": "NOT_ALLOWED"}}]}
BROKEN = {"data": None, "errors": [{"message": "Oh.", "extensions": {"code": "INTERNAL"}}]}


@pytest.mark.parametrize(
    "told, status",
    [
        ({}, 200),
        ({"data": {}}, 500),
        ({"data": {}}, 400),
        ({"data": {}, "errors": []}, 200),
        (REFUSED, 200),
        (BROKEN, 200),
        ({"data": {}, "other": 1}, 200),
    ],
)
def test_an_answer_that_is_none_would_be_seen(told: Any, status: int) -> None:
    with pytest.raises(AssertionError):
        codes_in(told, status, f"{MEDIA}; charset=utf-8")


def test_what_an_answer_is_refused_for_is_told() -> None:
    assert codes_in(REFUSED, 403, f"{MEDIA}; charset=utf-8") == [Code.NOT_ALLOWED]
