"""One statement for a whole tree of what is wanted, and what turns its rows into the answer.

Each node becomes a list of values, in the order in which the answer has its keys; a list of related nodes becomes a
subquery with its own match, rule of sight, filter, order and limit. So a tree costs one round trip, however deep, and
the database reads no more of a list than is told.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from graph.model import LONG_AGO, NOUNS, Column, Kind, Noun, Order, Relation
from graph.reading.cursors import LARGEST, beyond, cursor_of, key_of, mark_of
from graph.reading.cypher import Names, listed_by, matched, of_column
from graph.reading.predicates import led, predicate
from graph.reading.wanted import (
    Connection,
    Constant,
    Cursors,
    Edges,
    FacetCounts,
    Facets,
    Identity,
    Items,
    Node,
    PageInfo,
    Parts,
    Related,
    Total,
    Value,
)

__all__ = ["Statement", "global_id", "listed", "of_ids"]

Make = Callable[[Any], Any]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Statement:
    """Cypher with its parameters, whose one row is ``found``, and what makes an answer of that.

    ``named`` are parameters of which the graph has to be asked first: the noun, and the names that people gave.
    """

    cypher: str
    parameters: Mapping[str, Any]
    named: Mapping[str, tuple[str, Sequence[str]]]
    make: Make


def global_id(noun: str, own: str) -> str:
    """The id of a node among all nodes (Relay's: the noun and its own id, in Base64)."""
    return base64.b64encode(f"{noun}:{own}".encode()).decode()


def of_ids(wanted: Node) -> Statement:
    """A statement that reads the nodes of ``$ids``, as far as the viewer sees them: a list of pairs of id and node.

    All in one row: what costs a driver is the number of rows, not what is in them.
    """
    names = Names()
    noun = NOUNS[wanted.noun]
    calls, slots, make = _node(names, wanted, "n")
    sight = f" WHERE {noun.sees.replace('{n}', 'n')}" if noun.sees else ""
    cypher = (
        f"UNWIND $ids AS id MATCH (n:{noun.label} {{id: id}}){sight}\n{calls}"
        f"WITH collect([id, [{slots}]]) AS found RETURN found"
    )
    return Statement(cypher, names.parameters, names.named, lambda found: {id: make(node) for id, node in found})


def listed(noun: Noun, wanted: Connection) -> Statement:
    """A statement that reads part of the list of all nodes of a noun: one row with ``found``."""
    names = Names()
    rules = [noun.sees.replace("{n}", "{m}")] if noun.sees else []
    if noun.in_index:
        rules.append(f"{{m}}.{noun.in_index} IS NOT NULL")
    everything = _Source(noun, match=f"MATCH ({{m}}:{noun.label}) WHERE {' AND '.join(rules) or 'true'}")
    calls, slots, make = _connection(names, wanted, everything, n=None)
    return Statement(f"{calls}RETURN [{slots}] AS found", names.parameters, names.named, make)


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a list comes from: all nodes of a noun, or those that a relation leads to."""

    noun: Noun
    match: str = ""
    relation: Relation | None = None

    def matched(self, *, n: str | None, m: str, r: str) -> str:
        if self.relation is None:
            return self.match.replace("{m}", m)
        return matched(self.relation, n=n or "", m=m, r=r)

    @property
    def order(self) -> Sequence[Order]:
        return self.noun.order if self.relation is None else self.relation.order

    @property
    def ties(self) -> Sequence[Order]:
        """What tells entries apart that nothing else does."""
        is_repeated = self.relation is not None and self.relation.is_repeated
        return (Order("{m}.id"), *((Order("coalesce({r}.id, '')"),) if is_repeated else ()))


class _Slots:
    """Values that a list of the statement has, each in its place."""

    def __init__(self) -> None:
        self.cypher: list[str] = []
        self.calls: list[str] = []

    def add(self, cypher: str) -> int:
        self.cypher.append(cypher)
        return len(self.cypher) - 1

    def call(self, call: str) -> None:
        self.calls.append(call)


Maker = tuple[str, int, Make | None]


def _node(names: Names, wanted: Node, n: str) -> tuple[str, str, Make]:
    """The subqueries, the slots and the maker of a node that a statement calls ``n``."""
    slots = _Slots()
    make = _assembled(_node_makers(names, wanted, n, slots))
    return "".join(slots.calls), ", ".join(slots.cypher), make


def _node_makers(names: Names, wanted: Node, n: str, slots: _Slots) -> list[Maker]:
    return _makers(names, wanted.items, n, slots, label=wanted.noun)


def _makers(names: Names, items: Items, n: str, slots: _Slots, *, label: str) -> list[Maker]:
    """What makes the values of a node or of a part ``n``, whose type is called ``label``."""
    makers: list[Maker] = []
    for key, item in items:
        if isinstance(item, Constant):
            makers.append((key, slots.add("null"), _always(item.value)))
        elif isinstance(item, Identity):
            makers.append((key, slots.add(f"{n}.id"), _identity(label)))
        elif isinstance(item, Value):
            makers.append((key, slots.add(_selected(item, n)), _MADE.get(item.column.kind)))
        elif isinstance(item, Parts):
            call, slot, make = _parts(names, item, n)
            slots.call(call)
            makers.append((key, slots.add(slot), make))
        else:
            related = cast("Related", item)
            if isinstance(related.wanted, Node):
                call, slot, make = _one(names, related.relation, related.wanted, n)
            else:
                source = _Source(NOUNS[related.relation.to], relation=related.relation)
                call, slot, make = _connection(names, related.wanted, source, n=n)
            slots.call(call)
            makers.append((key, slots.add(slot if isinstance(related.wanted, Node) else f"[{slot}]"), make))
    return makers


def _one(names: Names, relation: Relation, wanted: Node, n: str) -> tuple[str, str, Make]:
    m, r, found = names.fresh("m"), names.fresh("r"), names.fresh("one")
    calls, slots, make = _node(names, wanted, m)
    call = (
        f"CALL ({n}) {{ {matched(relation, n=n, m=m, r=r)}\n"
        f"WITH {m} ORDER BY {m}.id LIMIT 1\n{calls}RETURN collect([{slots}])[0] AS {found} }}\n"
    )
    return call, found, _or_none(make)


def _parts(names: Names, wanted: Parts, n: str) -> tuple[str, str, Make]:
    part, m, found = wanted.part, names.fresh("m"), names.fresh("parts")
    slots = _Slots()
    make = _assembled(_makers(names, wanted.items, m, slots, label=part.label))
    order = ", ".join(order.cypher.replace("{m}", m) for order in part.order)
    call = (
        f"CALL ({n}) {{ {part.rows.replace('{n}', n).replace('{m}', m)}\n{''.join(slots.calls)}"
        f"WITH * ORDER BY {order}\nRETURN collect([{', '.join(slots.cypher)}]) AS {found} }}\n"
    )
    return call, found, lambda rows: [make(row) for row in rows]


def _connection(names: Names, wanted: Connection, source: _Source, *, n: str | None) -> tuple[str, str, Make]:
    """The subqueries, the slots and the maker of a list."""
    slots = _Slots()
    makers: list[Maker] = []
    page = _Page(names, wanted, source, n)
    for key, item in wanted.items:
        if isinstance(item, Constant):
            makers.append((key, slots.add("null"), _always(item.value)))
        elif isinstance(item, Total):
            call, slot = page.counted()
            slots.call(call)
            makers.append((key, slots.add(slot), None))
        elif isinstance(item, Edges):
            makers.append((key, -1, page.edges(item.items)))
        elif isinstance(item, PageInfo):
            makers.append((key, -1, page.info(item)))
        elif isinstance(item, Facets):
            facet_slots, make = page.facets(item)
            slots.call("".join(facet_slots.calls))
            makers.append((key, slots.add(f"[{', '.join(facet_slots.cypher)}]"), make))
    if page.is_read:
        call, slot = page.read()
        slots.call(call)
        place = slots.add(slot)
        makers = [(key, place if at == -1 else at, make) for key, at, make in makers]
    return "".join(slots.calls), ", ".join(slots.cypher), _assembled(makers)


class _Page:
    """A part of a list, whose entries each become one list of slots, however often the answer tells them."""

    def __init__(self, names: Names, wanted: Connection, source: _Source, n: str | None) -> None:
        self._names = names
        self._wanted = wanted
        self._source = source
        self._n = n
        self._m, self._r = names.fresh("m"), names.fresh("r")
        self._slots = _Slots()
        self._key: int | None = None
        self.is_read = False
        chosen = [self._chosen(name, is_descending=descends) for name, descends in wanted.order]
        self._listed_by = listed_by(source.noun, wanted.language)
        orders = [
            replace(order, cypher=order.cypher.replace("{key}", self._listed_by))
            for order in (*chosen, *source.order, *source.ties)
        ]
        self._orders = [replace(order, cypher=self._written(order.cypher)) for order in orders]
        self._mark = mark_of(source.relation.path if source.relation else source.noun.label, orders)

    def edges(self, items: Items) -> Make:
        self.is_read = True
        makers: list[Maker] = []
        for key, item in items:
            if isinstance(item, Constant):
                makers.append((key, self._slots.add("null"), _always(item.value)))
            elif isinstance(item, Cursors):
                makers.append((key, self._key_slot(), self._cursor))
            elif isinstance(item, Value):
                makers.append((key, self._slots.add(_selected(item, self._r)), _MADE.get(item.column.kind)))
            elif isinstance(item, Node):
                inner = _Slots()
                make = _assembled(_node_makers(self._names, item, self._m, inner))
                self._slots.call("".join(inner.calls))
                makers.append((key, self._slots.add(f"[{', '.join(inner.cypher)}]"), make))
        make_edge = _assembled(makers)
        size, is_backward = self._wanted.span.size, self._wanted.span.is_backward

        def make_edges(entries: list[Any]) -> list[Any]:
            told = entries[:size]
            if is_backward:
                told.reverse()
            return [make_edge(entry) for entry in told]

        return make_edges

    def info(self, wanted: PageInfo) -> Make:
        self.is_read = True
        span = self._wanted.span
        place = self._key_slot() if any(name in {"start_cursor", "end_cursor"} for _, name in wanted.items) else None
        start, end = (-1, 0) if span.is_backward else (0, -1)

        def make(entries: list[Any]) -> dict[str, Any]:
            told, more = entries[: span.size], len(entries) > span.size
            known: dict[str, Any] = {
                "has_next_page": span.before is not None if span.is_backward else more,
                "has_previous_page": more if span.is_backward else span.after is not None,
            }
            if place is not None:
                known["start_cursor"] = self._cursor(told[start][place]) if told else None
                known["end_cursor"] = self._cursor(told[end][place]) if told else None
            return {key: name.value if isinstance(name, Constant) else known[name] for key, name in wanted.items}

        return make

    def counted(self) -> tuple[str, str]:
        """A subquery that counts all entries, whatever the page."""
        total = self._names.fresh("total")
        counted = f"count(DISTINCT {self._m})" if self._is_nearest else "count(*)"
        return f"CALL ({self._n or ''}) {{ {self._filtered()}\nRETURN {counted} AS {total} }}\n", total

    def facets(self, wanted: Facets) -> tuple[_Slots, Make]:
        """Subqueries that count what the entries are related to."""
        slots = _Slots()
        makers: list[Maker] = []
        for key, item in wanted.items:
            if isinstance(item, Constant):
                makers.append((key, slots.add("null"), _always(item.value)))
            else:
                call, slot, make = self._facet(item)
                slots.call(call)
                makers.append((key, slots.add(slot), make))
        return slots, _assembled(makers)

    def _facet(self, wanted: FacetCounts) -> tuple[str, str, Make]:
        facet = wanted.facet
        relation = Relation(facet.name, facet.to, facet.path, facet.about, sees=facet.sees, shows=True)
        m, count, found = self._names.fresh("m"), self._names.fresh("count"), self._names.fresh("facet")
        inner = _Slots()
        makers: list[Maker] = []
        for key, item in wanted.items:
            if isinstance(item, Constant):
                makers.append((key, inner.add("null"), _always(item.value)))
            elif isinstance(item, Node):
                of_node = _Slots()
                make = _assembled(_node_makers(self._names, item, m, of_node))
                inner.call("".join(of_node.calls))
                makers.append((key, inner.add(f"[{', '.join(of_node.cypher)}]"), make))
            else:
                makers.append((key, inner.add(count), None))
        make_count = _assembled(makers)
        call = (
            f"CALL ({self._n or ''}) {{ {self._filtered()}\nWITH DISTINCT {self._m}\n"
            f"{matched(relation, n=self._m, m=m, r='')}\n"
            f"WITH {m}, count(DISTINCT {self._m}) AS {count} ORDER BY {count} DESC, {m}.id LIMIT "
            f"{self._names.parameter(wanted.first)}\n"
            f"{''.join(inner.calls)}RETURN collect([{', '.join(inner.cypher)}]) AS {found} }}\n"
        )
        return call, found, lambda rows: [make_count(row) for row in rows]

    def read(self) -> tuple[str, str]:
        """The subquery that reads the page, one entry more than it has."""
        span, found = self._wanted.span, self._names.fresh("list")
        relation = self._source.relation
        carried = f"{self._m}, {self._r}" if relation is not None and "{r}" in relation.path else self._m
        lines = [self._filtered()]
        if self._is_nearest:
            assert relation is not None  # noqa: S101 -- what is_nearest says
            nearest = ", ".join(self._written(order.cypher) for order in relation.nearest)
            lines.append(f"WITH {carried} ORDER BY {nearest}")
            lines.append(f"WITH {self._m}, collect({self._r})[0] AS {self._r}")
        past = [
            beyond(self._names, self._orders, self._key_in(cursor), is_before=is_before)
            for cursor, is_before in ((span.after, False), (span.before, True))
            if cursor is not None
        ]
        lines.append(f"WITH {carried}{' WHERE ' + ' AND '.join(past) if past else ''}")
        order = self._order()
        lines.append(f"ORDER BY {order} LIMIT {self._names.parameter(span.size + 1)}" if not past else "")
        if past:
            lines.append(f"WITH {carried} ORDER BY {order} LIMIT {self._names.parameter(span.size + 1)}")
        lines.extend(self._slots.calls)
        if self._slots.calls:
            lines.append(f"WITH * ORDER BY {order}")
        lines.append(f"RETURN collect([{', '.join(self._slots.cypher)}]) AS {found}")
        return f"CALL ({self._n or ''}) {{ " + "\n".join(filter(None, lines)) + " }\n", found

    @property
    def _is_nearest(self) -> bool:
        return self._source.relation is not None and bool(self._source.relation.nearest)

    def _filtered(self) -> str:
        text = self._source.matched(n=self._n, m=self._m, r=self._r)
        filter, noun, relation = self._wanted.filter, self._source.noun, self._source.relation
        if not filter:
            return text
        if relation is not None:
            of = relation if relation.columns else None
            return f"{text} AND {predicate(self._names, filter, noun=noun, n=self._m, relation=of, r=self._r)}"
        leads, rest = led(self._names, filter, noun=noun, n=self._m)
        others = predicate(self._names, rest, noun=noun, n=self._m)
        return "\n".join([text, *leads, f"WITH DISTINCT {self._m} WHERE {others}"]) if leads else f"{text} AND {others}"

    def _order(self) -> str:
        return ", ".join(
            f"{order.cypher}{' DESC' if order.is_descending != self._wanted.span.is_backward else ''}"
            for order in self._orders
        )

    def _cursor(self, key: Sequence[Any]) -> str:
        return cursor_of(key, mark=self._mark)

    def _key_in(self, cursor: str) -> Sequence[Any]:
        return key_of(cursor, mark=self._mark, length=len(self._orders))

    def _key_slot(self) -> int:
        if self._key is None:
            self._key = self._slots.add(f"[{', '.join(order.cypher for order in self._orders)}]")
        return self._key

    def _chosen(self, name: str, *, is_descending: bool) -> Order:
        column = cast("Column", self._source.noun.by_name[name])
        return Order(_sortable(column), is_descending=is_descending)

    def _written(self, cypher: str) -> str:
        return cypher.replace("{key}", self._listed_by).replace("{m}", self._m).replace("{r}", self._r)


def _sortable(column: Column) -> str:
    """A column as something to order by, never null: what is not there, or not seen, sorts first."""
    value = "{key}" if column.is_alphabetical else of_column(column, "{m}")
    if column.kind is Kind.MOMENT:
        return f"coalesce(({value}).epochMillis, {LONG_AGO})"
    if column.kind is Kind.WHOLE:
        return f"coalesce({value}, -{LARGEST})"
    return f"coalesce(toString({value}), '')"


def _selected(wanted: Value, node: str) -> str:
    """A column as the statement returns it: of the types that JSON has, and not null where it must not be."""
    column = wanted.column
    value = of_column(column, node, language=wanted.language)
    if column.kind is Kind.DAY:
        return f"toString({value})"
    if column.kind is Kind.MOMENT:
        return f"({value}).epochMillis"
    if column.kind in {Kind.TEXTS, Kind.PERIODS}:
        return f"coalesce({value}, [])"
    if column.is_required and column.kind is Kind.TEXT:
        return f"coalesce({value}, '')"
    return value


def _moment(milliseconds: int | None) -> str | None:
    """A time as RFC 3339 has it, in UTC."""
    return None if milliseconds is None else (EPOCH + timedelta(milliseconds=milliseconds)).isoformat()


def _choice(value: str | None) -> str | None:
    """A value of a closed set, by its name in the schema."""
    return None if value is None else value.upper().replace("-", "_")


_MADE: Mapping[Kind, Make] = {Kind.MOMENT: _moment, Kind.CHOICE: _choice}


def _always(value: str) -> Make:
    return lambda _: value


def _identity(label: str) -> Make:
    return lambda own: global_id(label, own)


def _or_none(make: Make) -> Make:
    return lambda found: None if found is None else make(found)


def _assembled(makers: Sequence[Maker]) -> Make:
    """What makes a mapping of a list of slots."""
    if all(make is None for _, _, make in makers) and [at for _, at, _ in makers] == list(range(len(makers))):
        keys = [key for key, _, _ in makers]
        return lambda slots: dict(zip(keys, slots, strict=False))
    return lambda slots: {key: slots[at] if make is None else make(slots[at]) for key, at, make in makers}
