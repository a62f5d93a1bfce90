"""docs/limits.md gives the numbers that are in force, and its example costs what it says."""

import re
from pathlib import Path

import pytest
from limits import parse as parse_limit

from api.graphql import limits
from api.graphql.limits.documents import MOST_DOCUMENTS, MOST_ERRORS, MOST_KEPT_BYTES, Documents
from api.graphql.limits.weights import ASSUMED_LENGTH, INTROSPECTION, LENGTHS, UNSAID_PAGE, WEIGHTS
from api.graphql.schema import schema
from api.settings import LimitSettings
from graph.coverage import MOST_CELLS
from graph.reading.cypher import MOST_PREDICATES, MOST_RELATIONS, OF_A_RELATION
from graph.values import UN_LANGUAGES

PAGE = (Path(__file__).parents[1] / "docs" / "limits.md").read_text(encoding="utf-8")
SAID = re.sub(r"\s+", " ", PAGE)
ROWS: list[list[str]] = [row.split(" | ") for row in re.findall(r"^\| (.+) \|$", PAGE, re.MULTILINE)]


def row(words: str) -> list[str]:
    (found,) = [cells for cells in ROWS if words in cells[0]]
    return found


@pytest.mark.parametrize("name", [name for name in LimitSettings.model_fields if name.startswith("query_")])
def test_every_limit_that_is_a_setting_is_told_with_its_default(name: str) -> None:
    (cells,) = [cells for cells in ROWS if f"`KNOWWHO_{name.upper()}`" in cells[-1]]

    assert cells[1] == f"{LimitSettings.model_fields[name].default:,}"


@pytest.mark.parametrize(
    "words,most",
    [
        ("bytes of the document", limits.MOST_BYTES),
        ("its lines", limits.MOST_LINES),
        ("letters of its strings", limits.MOST_LETTERS),
        ("its operations and fragments", limits.MOST_DEFINITIONS),
        ("values in it", limits.MOST_VALUES),
        ("brackets within brackets", limits.MOST_BRACKETS),
        ("conditions of the filters", MOST_PREDICATES),
        ("relations within relations", MOST_RELATIONS),
    ],
)
def test_every_limit_that_is_none_is_told(words: str, most: int) -> None:
    assert row(words)[1] == f"{most:,}"


def test_what_counts_as_several_conditions_is_told() -> None:
    assert f"a relation counts as {OF_A_RELATION}, for" in SAID
    assert f"each test of a name in several languages as {len(UN_LANGUAGES)}." in SAID


def test_what_all_queries_may_cost_is_told() -> None:
    limit = parse_limit(LimitSettings.model_fields["limit_cost"].default)

    assert row("cost of all queries")[1] == f"{limit.amount:,} in a minute"
    assert limit.get_expiry() == 60


def test_the_rule_has_the_numbers_in_force() -> None:
    assert f"{UNSAID_PAGE} where it has none" in SAID
    assert f"is taken to hold {ASSUMED_LENGTH} where no size is given, but" in SAID
    of_three = [field for field, length in LENGTHS.items() if length == 3]
    three = {
        "ExpertMatchEdge.evidence",
        "PanelSuggestion.alternatives",
        "PanelSeat.substitutes",
        "AgendaItem.speakers",
    }
    assert set(of_three) == three
    assert set(re.findall(r"`([\w.]+)`", SAID[SAID.index("but for") : SAID.index(", which hold 3,")])) == three
    assert f"`Event.agenda`, which holds {LENGTHS['Event.agenda']}," in SAID
    assert f"`Coverage.rows` are taken to be {LENGTHS['Coverage.rows']}, with {LENGTHS['CoverageRow.cells']}" in SAID
    assert LENGTHS["Coverage.places"] == LENGTHS["CoverageRow.cells"] == MOST_CELLS / LENGTHS["Coverage.rows"]
    assert all(f"`{field}`" in SAID for field in LENGTHS)
    said = re.findall(r"`(\w+)`", SAID[SAID.index("- `matchExperts`") : SAID.index(" cost 100 themselves")])
    dearer = re.findall(r"`(\w+)` costs (\d+)\.", SAID[SAID.index("- `matchExperts`") :])
    assert {name.partition(".")[2]: cost for name, cost in WEIGHTS.items() if "." in name} == {
        **dict.fromkeys(said, 100),
        **{name: int(cost) for name, cost in dearer},
    }
    assert WEIGHTS["totalCount"] == 1
    assert INTROSPECTION == 0.25
    assert f"the last {MOST_DOCUMENTS}, in at most {MOST_KEPT_BYTES // 1_000_000} MB" in SAID
    assert MOST_ERRORS == 3


def test_the_example_costs_what_it_says() -> None:
    query = re.search(r"```graphql\n(.+?)```", PAGE, re.DOTALL)
    said = re.search(r"This query costs (\d+):", PAGE)
    assert query is not None
    assert said is not None

    document = Documents(schema._schema).read(query[1], LimitSettings.model_construct(), operation=None)

    assert document.costs.of(None, {}) == int(said[1])
    assert f'"asked": {said[1]}' in PAGE
