"""docs/security.md names only tests that there are, one at least for each attack, and the limits that are in force."""

import ast
import re
from pathlib import Path

import pytest

from api.door.bodies import LARGEST_FORM, LARGEST_QUERY, SLOWEST_S
from api.settings import LimitSettings
from graph.graph import READ_TIMEOUT_S, WRITE_TIMEOUT_S

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ATTACKS = PAGE.partition("## Attacks tried")[2]
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py(?:::\w+)?)`", PAGE)))
ROWS = [row.split(" | ") for row in re.findall(r"^\| (.+) \|$", ATTACKS, re.MULTILINE) if not row.startswith("point |")]


def test_tests_are_named() -> None:
    assert len(NAMED) > 60


@pytest.mark.parametrize("named", NAMED)
def test_every_named_test_exists(named: str) -> None:
    file, _, name = named.partition("::")
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}

    assert not name or name in functions


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_every_attack_has_a_test_or_is_out_of_scope(row: list[str]) -> None:
    assert len(row) == 3 or "Out of scope" in row[1]
    assert "`tests/" in row[-1] or "Out of scope" in row[1]


def test_the_numbers_are_those_in_force() -> None:
    said = PAGE.replace(",", "").replace("\n", " ")

    assert f"{LARGEST_QUERY // 1_000_000} MB {LARGEST_FORM // 1000} kB; a minute to arrive" in said
    assert SLOWEST_S == 60
    query = LimitSettings.model_construct()
    assert (
        f"cost {query.query_cost} {query.query_depth} levels {query.query_aliases} aliases "
        f"{query.query_fields} fields with its fragments written out {query.query_tokens} tokens"
    ) in said
    assert f"{READ_TIMEOUT_S:g} s to read {WRITE_TIMEOUT_S:g} s to write" in said
    limits = LimitSettings.model_fields
    for name, words in {
        "limit_sign_in": "60 in 10 minutes",
        "limit_sign_in_letters": "5 in 15 minutes",
        "limit_sign_in_strangers": "20 in an hour",
        "limit_search": "60 in a minute",
        "limit_suggestion": "300 in a minute",
        "limit_mutation": "60 in a minute",
        "limit_graphql": "600 in a minute",
        "limit_cost": "2000000 in a minute",
    }.items():
        assert f"{words} | `KNOWWHO_{name.upper()}`" in said
        assert limits[name].default == words.replace(" in an ", " per 1 ").replace(" in a ", " per 1 ").replace(
            " in ", " per "
        )
