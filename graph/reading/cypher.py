"""The pieces that statements are put together from: names, parameters, columns, and the match with its rule of sight.

Cypher comes from graph.model and graph.viewer alone; what somebody gave becomes a parameter, always.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from graph.alphabet import SORT_KEY, has_own_rules, sort_key_in
from graph.errors import GraphError
from graph.model import NOUNS, Column, Kind, Noun, Relation
from graph.values import UN_LANGUAGES
from graph.viewer import sees
from graph.wording import Wording

__all__ = ["FilterTooDeep", "FilterTooLarge", "Names", "listed_by", "matched", "of_column"]

MOST_PREDICATES = 200
"""Of the filters in one statement: more would take the database long to plan."""

OF_A_RELATION = 3
"""As how many a relation counts in a filter: what it leads to is a statement within the statement."""

MOST_RELATIONS = 5
"""One within another, in a filter: the database takes seconds to plan ten."""


class FilterTooLarge(GraphError):
    """The filters of one question have more conditions than a statement may have."""

    def __init__(self) -> None:
        super().__init__(
            Wording("The filters have more than %(most)s conditions; ask for less at once.", most=MOST_PREDICATES)
        )


class FilterTooDeep(GraphError):
    """A filter goes through more relations, one within another, than a statement may have."""

    def __init__(self) -> None:
        super().__init__(
            Wording(
                "The filter goes through more than %(most)s relations, one within another; ask for fewer.",
                most=MOST_RELATIONS,
            )
        )


class Names:
    """The variables and parameters of one statement; each has a name of its own."""

    def __init__(self) -> None:
        self.parameters: dict[str, Any] = {}
        self.named: dict[str, tuple[str, Sequence[str]]] = {}
        self._count = 0
        self._predicates = 0
        self._relations = 0

    def fresh(self, prefix: str) -> str:
        """A variable that the statement does not have yet."""
        self._count += 1
        return f"{prefix}{self._count}"

    def parameter(self, value: Any) -> str:
        """A parameter with this value, as the statement writes it."""
        name = self.fresh("p")
        self.parameters[name] = value
        return f"${name}"

    def parameter_of_names(self, noun: str, names: Sequence[str]) -> str:
        """A parameter with the ids that these names of a noun stand for, which the graph knows."""
        name = self.fresh("p")
        self.named[name] = (noun, names)
        return f"${name}"

    @contextmanager
    def within_a_relation(self) -> Iterator[None]:
        """Write what a filter asks of the nodes that a relation leads to.

        Raises:
            FilterTooDeep: that is within more relations than it may be.
            FilterTooLarge: the statement would have more predicates than it may.
        """
        self.count_predicates(OF_A_RELATION - 1)  # the field that names it is counted as one already
        self._relations += 1
        if self._relations > MOST_RELATIONS:
            raise FilterTooDeep
        yield
        self._relations -= 1

    def count_predicates(self, count: int = 1) -> None:
        """Note so many more predicates of a filter.

        Raises:
            FilterTooLarge: the statement would have more than it may.
        """
        self._predicates += count
        if self._predicates > MOST_PREDICATES:
            raise FilterTooLarge


def of_column(column: Column, node: str, *, language: str = "en") -> str:
    """A column of a node or relation, null where the viewer does not see it."""
    if column.kind is Kind.NAME:
        value = _in_language(column.property, node, language)
    elif column.kind is Kind.NAMES:
        value = f"coalesce({node}.{column.property}_{language}, [])"
    elif column.cypher:
        value = column.cypher.replace("{n}", node).replace("{language}", language)
    else:
        value = f"{node}.{column.property}"
    if column.group is not None:
        value = f"CASE WHEN {sees(node, column.group)} THEN {value} END"
    return value


def listed_by(noun: Noun, language: str) -> str:
    """What ``{m}`` of a noun is listed by in a language; without more than that an index can have the order."""
    has_names = any(column.kind is Kind.NAME and column.is_alphabetical for column in noun.columns)
    is_plain = language == "en" or not (has_names or has_own_rules(language))
    return f"{{m}}.{SORT_KEY}" if is_plain else f"coalesce({{m}}.{sort_key_in(language)}, {{m}}.{SORT_KEY})"


def _in_language(prefix: str, node: str, language: str) -> str:
    """A name in a language; else in English; else in the first language there is."""
    ordered = dict.fromkeys((language, "en", *UN_LANGUAGES))
    return f"coalesce({', '.join(f'{node}.{prefix}_{one}' for one in ordered)}, '')"


def matched(relation: Relation, *, n: str, m: str, r: str) -> str:
    """``MATCH … WHERE …``: the relation from ``n`` to ``m``, as far as the viewer sees it."""
    path = relation.path.replace("{n}", n).replace("{m}", m).replace("{r}", r)
    rules = []
    if relation.sees is not None:
        rules.append(sees(n if relation.owner == "n" else m, relation.sees))
    target = NOUNS[relation.to]
    # A group of a person is never seen more widely than that they are listed.
    is_told = relation.shows or (relation.sees is not None and relation.owner == "m")
    if target.sees and not is_told:
        rules.append(target.sees.replace("{n}", m))
    return f"MATCH {path} WHERE {' AND '.join(rules) or 'true'}"
