"""``knowwho audit``: the change log on the terminal, or as JSON for another program."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict

import orjson
import typer

from api.cli.tables import table_of, terminal
from api.network import open_graph
from graph.changes import Change, page
from graph.settings import GraphSettings
from graph.values import Cursor
from graph.viewer import Viewer

__all__ = ["print_changes"]

AT_ONCE = 500


def print_changes(*, last: int, subject: str | None, as_json: bool) -> None:
    """Print the last changes, newest first."""
    changes = asyncio.run(_changes(last, subject))
    if as_json:
        typer.echo(orjson.dumps([asdict(one) for one in changes], option=orjson.OPT_INDENT_2).decode())
        return
    if not changes:
        typer.echo("Nothing has been changed yet.", err=True)
        return
    table = table_of("No.", "When", "Who", "Did", "What", "Fields", "Values")
    for one in changes:
        when = one.at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
        values = _values(one.before, one.after)
        table.add_row(str(one.sequence), when, one.actor, one.verb, one.subject, ", ".join(one.fields), values)
    terminal().print(table)


async def _changes(last: int, subject: str | None) -> Sequence[Change]:
    found: list[Change] = []
    after: Cursor | None = None
    async with open_graph(GraphSettings()) as graph:
        while len(found) < last:
            some = await page(
                graph,
                Viewer.at_the_command_line(),
                first=min(AT_ONCE, last - len(found)),
                after=after,
                subjects=None if subject is None else [subject],
            )
            found += [change for _, change in some.entries]
            if not some.has_next:
                break
            after = some.entries[-1][0]
    return found


def _values(before: Mapping[str, object], after: Mapping[str, object]) -> str:
    names = dict.fromkeys([*before, *after])
    return "; ".join(
        f"{name}: {before[name]} → {after.get(name)}" if name in before else f"{name}: {after[name]}" for name in names
    )
