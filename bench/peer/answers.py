"""Answers of the ways to ask, brought to one form, so that those whose times are compared say the same."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

__all__ = ["Answer", "fields_in", "from_graphql", "from_rows"]

ONE_AT_MOST = ("country", "broader")
"""What the peer has as a list, and we as one or null."""

TIMES = ("startsAt",)


@dataclass(frozen=True, slots=True)
class Answer:
    """Who was found, in order, with all that was asked of them in one form, and of how many where that was asked."""

    experts: list[Any]
    total: int | None

    def __post_init__(self) -> None:
        assert self.experts, "A question that finds nobody measures nothing."


def from_graphql(answer: bytes) -> Answer:
    """From an answer over HTTP, of ours or of the peer's."""
    data = _data(answer)
    (found,) = data.values()
    if isinstance(found, list):
        return Answer([_plain(expert) for expert in found], None)
    if "edges" in found:
        return Answer([_plain(edge["node"]) for edge in found["edges"]], found.get("totalCount"))
    return Answer([_plain(found)], None)


def from_rows(rows: Sequence[Mapping[str, Any]]) -> Answer:
    """From the one row of a statement, with ``experts``, and perhaps ``totalCount``."""
    (row,) = rows
    return Answer([_plain(expert) for expert in row["experts"]], row.get("totalCount"))


def fields_in(answer: bytes) -> int:
    """How many fields an answer over HTTP has, at all levels."""
    return _fields(_data(answer))


def _data(answer: bytes) -> dict[str, Any]:
    told = orjson.loads(answer)
    assert "errors" not in told, told["errors"]
    data: dict[str, Any] = told["data"]
    return data


def _fields(value: Any) -> int:
    if isinstance(value, dict):
        return sum(1 + _fields(part) for part in value.values())
    return sum(map(_fields, value)) if isinstance(value, list) else 0


def _plain(value: Any, name: str = "") -> Any:
    """Without edges, nulls and empty texts and lists; lists sorted; a relation's properties beside its node's."""
    if isinstance(value, dict):
        if "edges" in value:
            return _plain([_entry(edge) for edge in value["edges"]], name)
        # The peer's connections have that in their names.
        named = {key.removesuffix("Connection"): part for key, part in value.items()}
        parts = {key: _plain(part, key) for key, part in named.items()}
        return {key: part for key, part in parts.items() if part not in (None, "", [])}
    if isinstance(value, list):
        entries = sorted((_plain(entry) for entry in value), key=_key)
        if name in ONE_AT_MOST:
            assert len(entries) <= 1
            return entries[0] if entries else None
        return entries
    if hasattr(value, "to_native"):
        value = value.to_native()
    if name in TIMES and value is not None:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return moment.astimezone(UTC).isoformat()
    return value if value is None or isinstance(value, int) else str(value).casefold()


def _entry(edge: Mapping[str, Any]) -> Mapping[str, Any]:
    relation = edge.get("properties") or {key: part for key, part in edge.items() if key not in {"cursor", "node"}}
    assert not relation.keys() & edge["node"].keys()
    return {**relation, **edge["node"]}


def _key(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
