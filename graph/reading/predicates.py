"""Filters as predicates: what a viewer does not see is as if it were not there, also under ``not``."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from graph.model import NOUNS, Column, Kind, Noun, Part, Relation
from graph.reading.cypher import Names, matched, of_column
from graph.spelling import pattern
from graph.values import UN_LANGUAGES

__all__ = ["led", "predicate"]

Filter: TypeAlias = Mapping[str, Any]

COMPARED = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def led(names: Names, filter: Filter, *, noun: Noun, n: str) -> tuple[Sequence[str], Filter]:
    """The matches that find the nodes ``n`` of a list from what they are related to, and what is left of the filter.

    Of a filter's relations those lead that name nodes by their ids: the database can begin there, by an index, while
    from a predicate it cannot. A node may be found more than once.
    """
    found, rest = [], {}
    for name, wanted in filter.items():
        of = noun.by_name.get(name)
        if not isinstance(of, Relation) or wanted is None:
            rest[name] = wanted
            continue
        some = wanted if of.is_one else wanted.get("some")
        if some is None or not _names_ids(some, NOUNS[of.to]):
            rest[name] = wanted
            continue
        names.count_predicates()
        found.append(_related(names, of, some, n=n, has_node=bool(of.columns) and not of.is_one))
        if not of.is_one and len(wanted) > 1:
            rest[name] = {word: one for word, one in wanted.items() if word != "some"}
    return found, rest


def _names_ids(filter: Filter, noun: Noun) -> bool:
    """Whether a filter holds for few nodes, which it names."""
    given = {**filter, **(filter.get("node") or {})}
    if given.get("named") is not None:
        return True
    ids = [given.get(column.name) for column in noun.columns if column.property == "id"]
    return any(one is not None and (one.get("eq") is not None or one.get("in") is not None) for one in ids)


def predicate(
    names: Names, filter: Filter, *, noun: Noun, n: str, relation: Relation | None = None, r: str = ""
) -> str:
    """The Cypher that a filter stands for, over the node ``n`` and, in a relation's list, the relation ``r``."""
    parts = []
    for name, wanted in filter.items():
        if wanted is None:
            continue

        def inner(one: Filter) -> str:
            return predicate(names, one, noun=noun, n=n, relation=relation, r=r)

        names.count_predicates()
        if name == "and":
            parts.append(_all([inner(one) for one in wanted]))
        elif name == "or":
            parts.append(_any([inner(one) for one in wanted]))
        elif name == "not":
            parts.append(f"NOT {inner(wanted)}")
        elif name == "named":
            p = names.parameter_of_names(noun.label, list(wanted))
            parts.append(noun.names.replace("{n}", n).replace("{p}", p))
        elif relation is not None and name == "node":
            parts.append(predicate(names, wanted, noun=NOUNS[relation.to], n=n))
        else:
            parts.append(_of(names, name, wanted, noun=noun, n=n, relation=relation, r=r))
    return _all(parts)


def _of(names: Names, name: str, wanted: Filter, *, noun: Noun, n: str, relation: Relation | None, r: str) -> str:
    edge = {column.name: column for column in relation.columns} if relation is not None else {}
    of = edge.get(name) or noun.by_name[name]
    if isinstance(of, Column):
        return _column(names, of, wanted, node=r if of.is_edge else n)
    if isinstance(of, Part):  # no filter has one
        raise KeyError(name)
    if of.is_one:
        return _exists(names, of, wanted, n=n, has_node=False)
    return _all(
        [
            ("NOT " if word == "none" else "") + _exists(names, of, one, n=n, has_node=bool(of.columns))
            for word, one in wanted.items()
            if one is not None
        ]
    )


def _exists(names: Names, relation: Relation, wanted: Filter, *, n: str, has_node: bool) -> str:
    return f"EXISTS {{ {_related(names, relation, wanted, n=n, has_node=has_node)} }}"


def _related(names: Names, relation: Relation, wanted: Filter, *, n: str, has_node: bool) -> str:
    """``MATCH … WHERE …``: what ``n`` is related to, as far as the viewer sees it and the filter lets it through."""
    m, r = names.fresh("m"), names.fresh("r")
    target = NOUNS[relation.to]
    with names.within_a_relation():
        if has_node:
            inner = predicate(names, wanted, noun=target, n=m, relation=relation, r=r)
        else:
            inner = predicate(names, wanted, noun=target, n=m)
    return f"{matched(relation, n=n, m=m, r=r)} AND {inner}"


def _column(names: Names, column: Column, wanted: Filter, *, node: str) -> str:
    """A predicate that is true or false, never unknown."""
    values = _values(column, node)
    parts = []
    for word, given in wanted.items():
        if given is None:
            continue
        if word == "is_set":
            parts.append(_any([f"{value} IS {'NOT ' if given else ''}NULL" for value in values[:1]]))
            continue
        test = _test(names, column, word, given)
        names.count_predicates(len(values) - 1)  # a name is compared in each language
        # An id is always there, and compared as it is the database can find it by its index.
        is_id = column.property == "id"
        parts.append(_any([test(value) if is_id else f"coalesce({test(value)}, false)" for value in values]))
    return _all(parts)


def _values(column: Column, node: str) -> list[str]:
    """What of a node is compared: one expression, or one for each language."""
    if column.kind is Kind.NAME:
        return [f"{node}.{column.property}_{language}" for language in UN_LANGUAGES]
    value = of_column(column, node)
    # Of one moment in two time zones, Cypher says that one comes before the other.
    return [f"({value}).epochMillis" if column.kind is Kind.MOMENT else value]


def _test(names: Names, column: Column, word: str, given: Any) -> Callable[[str], str]:
    if column.kind is Kind.MOMENT:
        given = round(given.timestamp() * 1000)
    if word in COMPARED:
        p = names.parameter(given)
        return lambda value: f"{value} {COMPARED[word]} {p}"
    is_text = column.kind in {Kind.TEXT, Kind.NAME, Kind.TEXTS}
    if word == "eq":
        p = names.parameter(given)
        if column.kind is Kind.TEXTS:
            return lambda value: f"{p} IN {value}"
        return lambda value: f"{value} = {p}"
    if word == "in":
        p = names.parameter(list(given))
        return lambda value: f"{value} IN {p}"
    if word in {"contains", "starts_with"} and is_text:
        p = names.parameter(f"(?isu){'.*' if word == 'contains' else ''}{pattern(str(given))}.*")
        if column.kind is Kind.TEXTS:
            return lambda value: f"any(one IN {value} WHERE normalize(one, NFKD) =~ {p})"
        return lambda value: f"normalize({value}, NFKD) =~ {p}"
    raise KeyError(word)


def _all(parts: Sequence[str]) -> str:
    return "(" + " AND ".join(parts) + ")" if parts else "true"


def _any(parts: Sequence[str]) -> str:
    return "(" + " OR ".join(parts) + ")" if parts else "false"
