"""Documents that are known by their hash, and who must ask in one of them."""

import hashlib
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from api.failures import sentence_for
from api.graphql.http import TrustedDocuments
from api.settings import DocumentsUnusable, GraphQLSettings, Who
from graph.viewer import Role
from tests.api.graphql.http.conftest import GRAPHQL, MakeToken, ServeWith
from tests.door import Browse, MakeAccount, sign_in

KNOWN = "query Known { viewer { role } }"
CHANGE = "mutation Change { endOtherSessions { __typename } }"
OTHER = "{ network { isFictional } }"


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def by_id(text: str) -> dict[str, Any]:
    return {"documentId": f"sha256:{sha(text)}"}


def by_apollo(text: str, **more: Any) -> dict[str, Any]:
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": sha(text)}}, **more}


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """A folder with one query and one change."""
    folder = tmp_path / "documents"
    (folder / "reports").mkdir(parents=True)
    (folder / "known.graphql").write_text(KNOWN + "\n")
    (folder / "reports" / "change.gql").write_text(CHANGE)
    (folder / "README.md").write_text("# Our documents")
    return folder


async def code_of(client: httpx.AsyncClient, body: dict[str, Any], **headers: str) -> tuple[int, str | None]:
    answer = await client.post("/graphql", json=body, headers={"Accept": GRAPHQL, **headers})
    errors = answer.json().get("errors")
    return answer.status_code, errors[0]["extensions"]["code"] if errors else None


@pytest.mark.parametrize("asked", [by_id(KNOWN), by_id(KNOWN + "\n"), by_apollo(KNOWN), by_apollo(KNOWN, query=KNOWN)])
async def test_a_known_document_is_answered_by_its_hash(
    serve_with: ServeWith, browse: Browse, documents: Path, asked: dict[str, Any]
) -> None:
    client = await browse(serve_with(documents=documents))

    answer = await client.post("/graphql", json=asked)

    assert answer.json()["data"] == {"viewer": {"role": "PUBLIC"}}


async def test_a_known_document_is_answered_by_get_and_may_be_kept(
    serve_with: ServeWith, browse: Browse, documents: Path
) -> None:
    client = await browse(serve_with(documents=documents, other_documents="nobody"))

    told = await client.get("/graphql", params=by_id(KNOWN))
    apollo = await client.get("/graphql", params={"extensions": json.dumps(by_apollo(KNOWN)["extensions"])})
    change = await client.get("/graphql", params=by_id(CHANGE))

    assert told.json() == apollo.json() == {"data": {"viewer": {"role": "PUBLIC"}}}
    assert told.headers["cache-control"] == "public, max-age=30"
    assert (change.status_code, change.headers["allow"]) == (405, "POST")


async def test_nobody_teaches_the_server_a_document(serve_with: ServeWith, browse: Browse, documents: Path) -> None:
    client = await browse(serve_with(documents=documents))

    before = await code_of(client, by_apollo(OTHER))
    taught = await code_of(client, by_apollo(OTHER, query=OTHER))
    after = await code_of(client, by_apollo(OTHER))

    assert [before, taught, after] == [
        (400, "PERSISTED_QUERY_NOT_FOUND"),
        (200, None),
        (400, "PERSISTED_QUERY_NOT_FOUND"),
    ]


async def test_where_no_documents_are_known_apollos_clients_are_told_to_stop_asking(
    serve_with: ServeWith, browse: Browse
) -> None:
    client = await browse(serve_with())

    answer = await client.post("/graphql", json=by_apollo(KNOWN))

    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["message"]) == (200, "PersistedQueryNotSupported")
    assert error["extensions"]["code"] == "PERSISTED_QUERY_NOT_SUPPORTED"


@pytest.mark.parametrize("asked", [by_apollo(KNOWN, query=OTHER), {**by_id(KNOWN), "query": OTHER}])
async def test_a_query_under_the_hash_of_another_is_refused(
    serve_with: ServeWith, browse: Browse, documents: Path, asked: dict[str, Any]
) -> None:
    client = await browse(serve_with(documents=documents))

    assert await code_of(client, asked) == (400, "BAD_REQUEST")


async def test_everything_else_is_refused_by_role(
    serve_with: ServeWith, browse: Browse, documents: Path, make_token: MakeToken
) -> None:
    client = await browse(serve_with(documents=documents, other_documents=Who.ORGANISERS))
    seen = {}
    for role in Role:
        headers = await make_token(role)
        seen[role] = [await code_of(client, {"query": text}, **headers) for text in (OTHER, KNOWN)]

    refused, taken = (403, "DOCUMENT_NOT_TRUSTED"), (200, None)
    assert seen == {
        Role.PUBLIC: [refused, taken],
        Role.MEMBER: [refused, taken],
        Role.ORGANISER: [taken, taken],
        Role.ADMINISTRATOR: [taken, taken],
    }


async def test_a_refused_change_changes_nothing_and_a_line_more_makes_another_document(
    serve_with: ServeWith, browse: Browse, documents: Path, make_account: MakeAccount
) -> None:
    app, account = serve_with(documents=documents, other_documents="nobody"), await make_account()
    browser, other = await browse(app), await browse(app)
    for one in (browser, other):
        await sign_in(one, account)

    refused = await code_of(browser, {"query": CHANGE + " "}, **{"X-Knowwho": "1"})
    still = (await other.get("/for-tests/visitor")).json()["role"]
    taken = await code_of(browser, {"query": CHANGE}, **{"X-Knowwho": "1"})

    assert (refused, still, taken) == ((403, "DOCUMENT_NOT_TRUSTED"), "member", (200, None))
    assert (await other.get("/for-tests/visitor")).json()["role"] == "public"


async def test_whoever_runs_the_network_asks_what_they_like_at_its_command_line(
    serve_with: ServeWith, browse: Browse, documents: Path, make_token: MakeToken
) -> None:
    app = serve_with(documents=documents, other_documents="nobody")
    app.state.local_key = "the-key-of-this-machine"
    client = await browse(app)

    at_the_machine = await code_of(client, {"query": OTHER}, Authorization="Bearer the-key-of-this-machine")
    by_token = await code_of(client, {"query": OTHER}, **await make_token(Role.ADMINISTRATOR))

    assert (at_the_machine, by_token) == ((200, None), (403, "DOCUMENT_NOT_TRUSTED"))


@pytest.mark.parametrize(
    "manifest",
    [
        {sha(KNOWN): KNOWN, sha(CHANGE): CHANGE},
        {f"sha256:{sha(KNOWN)}": KNOWN, sha(CHANGE): CHANGE},
        {
            "format": "apollo-persisted-query-manifest",
            "version": 1,
            "operations": [{"id": sha(text), "name": "x", "type": "query", "body": text} for text in (KNOWN, CHANGE)],
        },
    ],
    ids=["graphql-codegen", "with the prefix", "apollo"],
)
def test_manifests_of_clients_builds_are_read(tmp_path: Path, manifest: dict[str, Any]) -> None:
    file = tmp_path / "persisted-documents.json"
    file.write_text(json.dumps(manifest))

    assert TrustedDocuments.load(file).texts == {sha(text): text for text in (KNOWN, CHANGE)}


@pytest.mark.parametrize(
    "name,content,reason",
    [
        ("a.graphql", b"{", "Syntax Error: Expected Name, found <EOF>."),
        ("a.graphql", b"\xff{ a }", "it is not UTF-8"),
        ("a.json", b"{", "it is not JSON"),
        ("a.json", b"[]", "there is no .graphql, .gql or .json file with a document in it"),
        ("a.json", b"[1]", "it is not a manifest of documents"),
        ("a.json", b'{"operations": [{"body": "{ a }"}]}', "it is not a manifest of documents"),
        ("a.json", b'{"a": 5}', "it is not a manifest of documents"),
        ("a.json", b'{"d41d8cd98f00b204e9800998ecf8427e": "{ a }"}', "is not the SHA-256 of its document"),
        ("a.txt", b"{ a }", "there is no .graphql, .gql or .json file with a document in it"),
    ],
)
def test_what_cannot_be_used_is_said_in_a_sentence(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(content)

    with pytest.raises(DocumentsUnusable) as refusal:
        TrustedDocuments.load(tmp_path)

    assert reason in str(refusal.value)
    assert sentence_for(refusal.value) == str(refusal.value)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(DocumentsUnusable, match="No such file or directory; docs/http"):
        TrustedDocuments.load(tmp_path / "nowhere.json")


def test_refusing_all_without_knowing_any_is_refused() -> None:
    with pytest.raises(ValidationError, match="nobody could ask anything") as refusal:
        GraphQLSettings(other_documents=Who.NOBODY)

    assert sentence_for(refusal.value).startswith("KNOWWHO_OTHER_DOCUMENTS cannot be used")
