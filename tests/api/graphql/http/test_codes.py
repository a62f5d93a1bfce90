"""Every code that an answer can have stands in the closed list and in the page for clients, with its status."""

import re
from pathlib import Path

import pytest
from graphql import GraphQLError

from api.graphql.http.codes import Code, RequestRefused, told
from graph.engine.errors import EngineError
from graph.errors import GraphCannotWrite, GraphUnavailable
from graph.filters import UnknownFilterValue
from graph.permissions import NotAllowed
from tests.api.graphql.http.conftest import JSON

ROOT = Path(__file__).parents[4]
PAGE = (ROOT / "docs" / "http.md").read_text(encoding="utf-8")
TABLE = re.findall(r"^\| `([A-Z_]+)` \| (\d+) \| (\d+) \|", PAGE, re.MULTILINE)


def test_the_page_for_clients_has_every_code_with_its_statuses() -> None:
    assert {code: (int(newer), int(older)) for code, newer, older in TABLE} == {
        code.value: (code.status, 200 if code.is_outcome else code.status) for code in Code
    }


def test_every_code_that_our_code_writes_is_in_the_list() -> None:
    written = {
        code
        for file in (ROOT / "api").rglob("*.py")
        for code in re.findall(r'"code": "([A-Z_]+)"|"(?=QUERY_)([A-Z_]+)"', file.read_text(encoding="utf-8"))
    }

    codes = {part for pair in written for part in pair if part}
    assert codes
    assert codes <= set(Code)


@pytest.mark.parametrize(
    "down", [GraphUnavailable("bolt://inside"), GraphCannotWrite("bolt://inside"), EngineError("inside")]
)
def test_what_is_for_whoever_runs_the_network_is_not_told(down: Exception) -> None:
    error = told(GraphQLError(str(down), original_error=down), request_id="a", is_executed=True)

    assert error["extensions"] == {"code": "UNAVAILABLE", "requestId": "a"}
    assert "inside" not in str(error)


@pytest.mark.parametrize(
    "problem,code",
    [
        (NotAllowed("read changes", who="administrators"), Code.NOT_ALLOWED),
        (UnknownFilterValue(kind="country", value="Tunesia", nearest=["Tunisia"]), Code.BAD_USER_INPUT),
        (RequestRefused(Code.NOT_ACCEPTABLE, "No."), Code.NOT_ACCEPTABLE),
        (GraphQLError("no field", extensions={"code": "of nobody"}), Code.GRAPHQL_VALIDATION_FAILED),
        (MemoryError(), Code.INTERNAL),
    ],
)
def test_a_problem_has_the_code_of_its_kind(problem: Exception, code: Code) -> None:
    assert told(problem, request_id=None)["extensions"]["code"] == code


def test_suggestions_are_left_out_where_they_are_not_to_be_shown_but_not_those_of_values() -> None:
    ours = UnknownFilterValue(kind="country", value="Tunesia", nearest=["Tunisia"])
    schemas = GraphQLError("Cannot query field 'nam' on type 'Expert'. Did you mean 'name' or 'node'?")

    assert told(schemas, request_id=None, with_suggestions=False)["message"] == (
        "Cannot query field 'nam' on type 'Expert'."
    )
    assert told(ours, request_id=None, with_suggestions=False)["message"] == str(ours)


def test_the_page_names_the_media_types() -> None:
    assert f"`{JSON}`" in PAGE
