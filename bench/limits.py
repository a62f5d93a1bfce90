"""What checking a query costs before it runs, for hostile documents of up to 100 kB, beside graphql-core alone.

Run it with ``python -m bench.limits``. Each family is tried at 100 kB, and as large as it can be to be parsed, and to
be validated. Times are of the processor, the best of three, so that a busy machine counts less.
graphql-core is given the same text, with its own limits alone.
"""

import time
from collections.abc import Callable
from functools import partial

from graphql import GraphQLError, parse, validate
from rich.console import Console
from rich.table import Table

from api.graphql.limits.documents import Documents, Invalid, values_in
from api.graphql.limits.refusals import refuse_document, refuse_operation, refuse_scan, refuse_values
from api.graphql.limits.scanning import scan
from api.graphql.limits.sizes import measure
from api.graphql.schema import schema
from api.settings import LimitSettings
from bench.hostile import FAMILIES, LARGEST, TEXTS, VARIABLES, largest

__all__ = ["main"]

ROUNDS = 3
TARGET_MS = 50.0
SHOWN = 15
SETTINGS = LimitSettings.model_construct()
SCHEMA = schema._schema  # noqa: SLF001 -- Strawberry has no public name for it


def main() -> None:
    """Measure and print, the slowest first."""
    documents = {f"{name}, 100 kB": largest(family, is_within=_is_small) for name, family in FAMILIES.items()}
    documents |= {f"{name}, just parsed": largest(family, is_within=_is_parsed) for name, family in FAMILIES.items()}
    documents |= {
        f"{name}, just validated": largest(family, is_within=_is_validated) for name, family in FAMILIES.items()
    }
    documents |= TEXTS
    rows = [(name, _ms(partial(_ours, text)), _said(text), text) for name, text in documents.items()]
    rows += [(f"variables: {name}", _ms(partial(_given, given)), "", "") for name, given in VARIABLES.items()]
    rows.sort(key=lambda row: -row[1])
    table = Table("", "ours, ms", "graphql-core, ms", "answer", title="Checking a query", title_justify="left")
    for name, taken, said, text in rows[:SHOWN]:
        table.add_row(name, f"{taken:.1f}", f"{_ms(partial(_theirs, text), rounds=1):.0f}" if text else "", said)
    console = Console(highlight=False, width=140)
    console.print(table)
    console.print(f"{len(rows)} hostile documents; the slowest takes {rows[0][1]:.1f} ms, the target is {TARGET_MS:g}")


def _is_small(text: str) -> bool:
    return len(text.encode()) <= LARGEST


def _is_parsed(text: str) -> bool:
    try:
        refuse_scan(scan(text, most_tokens=SETTINGS.query_tokens), SETTINGS)
    except GraphQLError:
        return False
    return _is_small(text)


def _is_validated(text: str) -> bool:
    if not _is_parsed(text):
        return False
    try:
        sizes = measure(parse(text))
        refuse_document(sizes, SETTINGS)
        refuse_operation(sizes.of(None), SETTINGS)
    except GraphQLError:
        return False
    return True


def _ours(text: str) -> str:
    try:
        document = Documents(SCHEMA).read(text, SETTINGS, operation=None)
    except Invalid as invalid:
        return str(invalid.errors[0].message)
    except GraphQLError as refusal:
        return refusal.message
    return f"costs {document.costs.of(None, {}):,}"


def _given(variables: object) -> str:
    assert isinstance(variables, dict)
    try:
        refuse_values(values_in(variables))
    except GraphQLError as refusal:
        return refusal.message
    return "let in"


def _theirs(text: str) -> str:
    try:
        errors = validate(SCHEMA, parse(text))
    except GraphQLError as error:
        return error.message
    return str(len(errors))


def _said(text: str) -> str:
    said = _ours(text)
    return said if len(said) < 90 else f"{said[:90]}…"


def _ms(check: Callable[[], object], *, rounds: int = ROUNDS) -> float:
    """Milliseconds of the processor, the best of some rounds."""
    taken = []
    for _ in range(rounds):
        begun = time.thread_time()
        check()
        taken.append(time.thread_time() - begun)
    return min(taken) * 1e3


if __name__ == "__main__":
    main()
