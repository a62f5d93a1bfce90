"""``knowwho doctor``: what is unsafe about this deployment, the worst first."""

import asyncio
from dataclasses import asdict

import orjson
import typer

from api.doctor import Severity, examine

__all__ = ["examine_and_print"]

COLOURS = {Severity.UNSAFE: typer.colors.RED, Severity.ADVICE: typer.colors.YELLOW}


def examine_and_print(*, as_json: bool) -> None:
    """Print what was found; the exit code is 1 if something is unsafe."""
    found = asyncio.run(examine())
    unsafe = sum(one.severity is Severity.UNSAFE for one in found)
    if as_json:
        typer.echo(orjson.dumps([asdict(one) for one in found], option=orjson.OPT_INDENT_2).decode())
    else:
        for one in found:
            typer.secho(f"{one.severity:7} ", fg=COLOURS.get(one.severity), bold=True, nl=False)
            typer.echo(f"{one.what}\n        {one.remedy}")
        typer.echo(f"{unsafe} unsafe, {len(found) - unsafe} more to know." if found else "Nothing unsafe was found.")
    raise typer.Exit(1 if unsafe else 0)
