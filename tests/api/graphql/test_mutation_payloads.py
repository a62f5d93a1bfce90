"""Every mutation has one input and one payload: a union of what was done and of typed errors, and is counted."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLField, GraphQLInputObjectType, GraphQLUnionType, get_named_type

from api.door.limits import Limits
from api.graphql.schema import schema
from api.settings import LimitSettings
from graph import tokens
from graph.viewer import Role
from tests.door import KEEPER, Browse, Serve

WITHOUT_INPUT = {"endOtherSessions"}
PROGRAMME = ("Activity", "Project", "Resource", "Series")


def mutations() -> Iterator[tuple[str, GraphQLField]]:
    root = schema._schema.mutation_type
    assert root is not None
    yield from root.fields.items()


MUTATIONS = dict(mutations())


@pytest.mark.parametrize("name", sorted(MUTATIONS))
def test_a_mutation_has_one_input_and_a_union_with_every_refusal(name: str) -> None:
    payload = get_named_type(MUTATIONS[name].type)
    inputs = [get_named_type(argument.type) for argument in MUTATIONS[name].args.values()]

    assert isinstance(payload, GraphQLUnionType)
    assert payload.name == f"{name[0].upper()}{name[1:]}Payload" or name in {"giveConsent", "withdrawConsent"}
    assert len(inputs) == (name not in WITHOUT_INPUT)
    assert all(isinstance(one, GraphQLInputObjectType) for one in inputs)
    assert {"NotAllowed", "RateLimited"} <= {one.name for one in payload.types}
    errors = [one for one in payload.types if "Error" in {interface.name for interface in one.interfaces}]
    assert len(errors) == len(payload.types) - 1


def test_whoever_says_which_version_they_saw_is_told_of_another() -> None:
    saying = {
        name
        for name, field in MUTATIONS.items()
        for argument in field.args.values()
        if "expectedVersion" in getattr(get_named_type(argument.type), "fields", {})
    }
    telling = {
        name
        for name, field in MUTATIONS.items()
        if "Conflict" in {one.name for one in getattr(get_named_type(field.type), "types", ())}
    }

    of_candidacies = {"setCandidacyNote", "moveCandidacy", "advanceCandidacy"}
    of_events = {"updateEvent", "cancelEvent", "recordAttendance", "setEventAgenda"}
    of_drafts = {"updateEventDraft", "publishEventDraft", "discardEventDraft"}
    of_programme = {f"{verb}{noun}" for verb in ("update", "remove") for noun in PROGRAMME}
    assert saying == telling == {"updateProfile", *of_events, *of_drafts, *of_candidacies, *of_programme}


async def test_one_too_many_is_told_by_type_in_every_field_and_none_is_made(serve: Serve, browse: Browse) -> None:
    app = serve(local_key="the-key-of-this-machine")
    app.state.limits = Limits(LimitSettings(limit_mutation="3 per 1 hour"))
    client = await browse(app)

    async def create(*names: str) -> dict[str, Any]:
        fields = [f'{name}: createToken(input: {{name: "{name}", role: MEMBER}}) {{ ...told }}' for name in names]
        document = (
            "mutation { __typename ...f } fragment f on Mutation { " + " ".join(fields) + " } "
            "fragment told on CreateTokenPayload "
            "{ kind: __typename ... on RateLimited { message retryAfterS } ... on Error { again: message } }"
        )
        headers = {"Authorization": "Bearer the-key-of-this-machine"}
        answer = await client.post("/graphql", json={"query": document}, headers=headers)
        told: dict[str, Any] = answer.raise_for_status().json()
        assert "errors" not in told, told
        data: dict[str, Any] = told["data"]
        return data

    made = await create("one")
    refused = await create("two", "three")

    # __typename at the root is counted, too: it is a field.
    assert made["one"] == {"kind": "TokenCreated"}
    assert refused.keys() == {"__typename", "two", "three"}
    assert refused["__typename"] == "Mutation"
    message = "These were too many changes at once; try again in 60 minutes."
    for told in (refused["two"], refused["three"]):
        assert 3500 < told.pop("retryAfterS") <= 3600
        assert told == {"kind": "RateLimited", "message": message, "again": message}
    listed = await tokens.page(app.state.network.graph, KEEPER, first=10)
    assert [(token.name, token.role) for _, token in listed.entries] == [("one", Role.MEMBER)]


async def test_what_is_skipped_is_not_told_though_it_is_counted(serve: Serve, browse: Browse) -> None:
    app = serve()
    app.state.limits = Limits(LimitSettings(limit_mutation="1 per 1 hour"))
    client = await browse(app)
    document = (
        "mutation ($no: Boolean!) { a: endOtherSessions @include(if: $no) { __typename } "
        "b: endOtherSessions { __typename } }"
    )

    answer = await client.post(
        "/graphql", json={"query": document, "variables": {"no": False}}, headers={"X-Knowwho": "1"}
    )

    assert answer.json()["data"] == {"b": {"__typename": "RateLimited"}}
