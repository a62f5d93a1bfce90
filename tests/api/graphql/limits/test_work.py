"""However hostile a document is, checking it is bounded work: counted in tokens, nodes and terms, not in seconds."""

from collections.abc import Callable
from typing import Any

import pytest
from graphql import GraphQLError, GraphQLObjectType, get_named_type, is_leaf_type, is_required_argument, parse, validate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.graphql.limits import MOST_DEFINITIONS, MOST_VALUES, documents
from api.graphql.limits.cost import Costs, compile_costs
from api.graphql.limits.documents import MOST_ERRORS, Document, Documents, Invalid, values_in
from api.graphql.limits.refusals import refuse_values
from api.graphql.limits.scanning import scan
from api.graphql.limits.sizes import Sizes, measure
from api.graphql.schema import schema
from api.settings import LimitSettings
from bench.hostile import FAMILIES, LARGEST, TEXTS, VARIABLES, largest

SCHEMA = schema._schema
SETTINGS = LimitSettings.model_construct()
CODES = {"QUERY_TOO_LONG", "QUERY_TOO_DEEP", "QUERY_HAS_TOO_MANY_ALIASES", "QUERY_HAS_TOO_MANY_ROOT_FIELDS"}

names = st.sampled_from(
    ["a", "b", "id", "name", "label", "experts", "topic", "edges", "node", "f0", "f1", "f2", "Query"]
)
values = st.recursive(
    st.sampled_from(["1", "-5", "2.5", '"x"', "null", "true", "EN", "$n", "$v", "99999999999"]),
    lambda inner: (
        st.lists(inner, max_size=6).map(lambda all_: "[" + " ".join(all_) + "]")
        | st.lists(st.tuples(names, inner), max_size=4).map(
            lambda all_: "{" + " ".join(f"{n}: {v}" for n, v in all_) + "}"
        )
    ),
    max_leaves=10,
)
directives = st.lists(
    st.sampled_from(["@skip(if: true)", "@include(if: $v)", "@skip", "@unknown(a: [1])", "@include(if: false)"]),
    max_size=5,
).map(" ".join)
arguments = st.lists(
    st.tuples(st.sampled_from(["first", "last", "id", "after", "filter", "zz"]), values), max_size=4
).map(lambda all_: f"({' '.join(f'{n}: {v}' for n, v in all_)})" if all_ else "")
leaves = st.builds("{} {} {}".format, names, arguments, directives)
selections = st.recursive(
    leaves | st.sampled_from(["...f0", "...f1", "...f2 @skip(if: $v)", "...nowhere", "__typename"]),
    lambda inner: st.builds(
        "{}{} {} {{ {} }}".format,
        st.sampled_from(["", "x: ", "y: "]),
        st.sampled_from(
            [
                "experts",
                "experts(first: $n)",
                "edges",
                "node",
                "topics(first: 50)",
                "broader",
                "...",
                "... on Expert",
                "talks",
            ]
        ),
        directives,
        st.lists(inner, min_size=1, max_size=8).map(" ".join),
    ),
    max_leaves=20,
)
definitions = st.one_of(
    st.builds("{{ {} }}".format, selections),
    st.builds("query q{}($n: Int = 5, $v: Boolean!) {{ {} }}".format, st.integers(0, 3), selections),
    st.builds(
        "fragment f{} on {} {{ {} }}".format,
        st.integers(0, 2),
        st.sampled_from(["Query", "Expert", "Topic"]),
        selections,
    ),
)
hostile = st.builds(
    lambda parts, times: " ".join(parts * times), st.lists(definitions, min_size=1, max_size=6), st.integers(1, 20)
)


@st.composite
def sound(draw: st.DrawFn) -> str:
    """A valid query of the schema, with fragments, aliases, pages and branches."""
    fragments: list[str] = []

    def below(type_: Any, levels: int) -> str:
        if not isinstance(type_, GraphQLObjectType):
            return "__typename"
        fields = [
            (name, field)
            for name, field in type_.fields.items()
            if not any(is_required_argument(argument) for argument in field.args.values())
        ]
        chosen = draw(st.lists(st.sampled_from(fields), min_size=1, max_size=4, unique_by=lambda pair: pair[0]))
        parts = []
        for name, field in chosen:
            named = get_named_type(field.type)
            page = f"(first: {draw(st.integers(1, 100))})" if "first" in field.args and draw(st.booleans()) else ""
            if is_leaf_type(named):
                parts.append(name)
            elif levels > 0:
                alias = draw(st.sampled_from(["", f"a{len(fragments)}{levels}: "]))
                inside = below(named, levels - 1)
                if draw(st.booleans()):
                    fragments.append(f"fragment g{len(fragments)} on {named.name} {{ {inside} }}")
                    inside = f"...g{len(fragments) - 1}"
                parts.append(f"{alias}{name}{page} {{ {inside} }}")
        return " ".join(parts) or "__typename"

    query = below(SCHEMA.query_type, draw(st.integers(1, 6)))
    return f"{{ {query} }} {' '.join(fragments)}"


class Worked:
    """What the steps of one checking did, and whether they came to be done at all."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_parsed = self.is_validated = False
        self.sizes: Sizes | None = None
        self.costs: Costs | None = None
        self._seen(monkeypatch, "parse", parse, self._parsed)
        self._seen(monkeypatch, "measure", measure, lambda found: setattr(self, "sizes", found))
        self._seen(monkeypatch, "validate", validate, lambda _: setattr(self, "is_validated", True))
        self._seen(monkeypatch, "compile_costs", compile_costs, lambda made: setattr(self, "costs", made))

    def _parsed(self, _: object) -> None:
        self.is_parsed = True

    @staticmethod
    def _seen(
        monkeypatch: pytest.MonkeyPatch, name: str, real: Callable[..., Any], told: Callable[[Any], None]
    ) -> None:
        def seen(*given: Any, **more: Any) -> Any:
            result = real(*given, **more)
            told(result)
            return result

        monkeypatch.setattr(documents, name, seen)


def check(text: str) -> tuple[Worked, Document | list[GraphQLError]]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        worked = Worked(monkeypatch)
        try:
            return worked, Documents(SCHEMA).read(text, SETTINGS, operation=None)
        except Invalid as invalid:
            return worked, invalid.errors
        except GraphQLError as refusal:
            return worked, [refusal]


def assert_bounded(text: str) -> Document | list[GraphQLError]:
    """That what is validated is small, and our own walks look at no more nodes than the text has tokens."""
    worked, found = check(text)
    if worked.is_parsed:
        assert len(text.encode(errors="surrogatepass")) <= LARGEST
        assert scan(text, most_tokens=10 * LARGEST).tokens <= SETTINGS.query_tokens
    if worked.sizes is not None:
        assert worked.sizes.steps <= SETTINGS.query_tokens
    if worked.is_validated:
        assert worked.sizes is not None
        assert worked.sizes.fields <= SETTINGS.query_fields
        assert worked.sizes.values <= MOST_VALUES
        assert worked.sizes.definitions <= MOST_DEFINITIONS
    if worked.costs is not None:
        assert worked.costs.terms <= SETTINGS.query_tokens
    if isinstance(found, list):
        assert 1 <= len(found) <= MOST_ERRORS + 1
        assert sum(len(error.message) for error in found) < 10 * LARGEST
        assert all("Recursion" not in error.message for error in found)
    return found


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(hostile)
def test_whatever_is_written_is_bounded_work(text: str) -> None:
    assert_bounded(text[:LARGEST])


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(sound())
def test_what_is_sound_is_weighed_or_refused_by_a_limit(text: str) -> None:
    found = assert_bounded(text)

    if isinstance(found, Document):
        assert found.costs.of(None, {}) >= 0
    else:
        # Two fields of one name may still differ in their page; all else that is wrong with it is its size.
        assert all((error.extensions or {}).get("code") in CODES or "conflict" in error.message for error in found)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_of_hostile_documents_is_bounded_work_at_every_size(name: str) -> None:
    family = FAMILIES[name]

    for count in (3, 40, 650):
        assert_bounded(family(count))
    assert_bounded(largest(family, is_within=lambda text: len(text) <= LARGEST))


@pytest.mark.parametrize("name", TEXTS)
def test_a_hostile_text_of_100_kb_is_bounded_work(name: str) -> None:
    assert len(TEXTS[name]) <= LARGEST

    assert_bounded(TEXTS[name])


@pytest.mark.parametrize("name", ["a long list", "a long wrong list", "a large wrong object", "unknown variables"])
def test_variables_are_counted_before_they_are_coerced(name: str) -> None:
    given_variables = VARIABLES[name]
    assert isinstance(given_variables, dict)

    with pytest.raises(GraphQLError, match="The query gives more than 250 values; give fewer at once"):
        refuse_values(values_in(given_variables))


def test_values_of_variables_are_counted_through_lists_and_objects() -> None:
    assert values_in({"a": 1, "b": [1, [2]], "c": {"d": {"e": None}}}) == 1 + 4 + 3
    assert values_in(None) == 0
