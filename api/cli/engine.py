"""``knowwho engine …``: the managed Neo4j, installed, started, stopped and looked at."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.progress import TaskID

    from graph.settings import GraphSettings

__all__ = ["engine_app", "install_with_bars"]

engine_app = typer.Typer(help="The managed Neo4j: installed once, started when it is needed.", no_args_is_help=True)


@engine_app.command()
def install(
    *,
    repair: Annotated[bool, typer.Option("--repair", help="Verify every file again and mend what is damaged.")] = False,
) -> None:
    """Fetch Neo4j into the cache folder and write Java's start-up cache; quick when both are there."""
    from graph.engine.lock import neo4j_version
    from graph.settings import GraphSettings

    settings = GraphSettings()
    install_with_bars(settings, repair=repair)
    typer.echo(f"Neo4j {neo4j_version()} is installed in {settings.cache / 'engine'}.")


@engine_app.command()
def start() -> None:
    """Start the engine and let it run until `knowwho engine stop`."""
    from graph.engine import start, status
    from graph.settings import GraphSettings

    settings = GraphSettings()
    start(settings)
    running = status(settings)
    typer.echo(f"The engine runs at {running.uri} until `knowwho engine stop`; data in {running.home}.")


@engine_app.command()
def stop() -> None:
    """Stop the engine, even if someone is using it; nothing that was stored is lost."""
    from graph.engine import stop
    from graph.settings import GraphSettings

    typer.echo("The engine has stopped." if stop(GraphSettings()) else "The engine was not running.")


@engine_app.command()
def reindex() -> None:
    """Stop the engine and delete its indexes, where traces of what was erased may be; its next start makes new ones."""
    from graph.engine import forget_indexes
    from graph.settings import GraphSettings

    forget_indexes(GraphSettings())
    typer.echo("The indexes are deleted; the engine's next start makes new ones and takes longer.")


@engine_app.command()
def status(
    *, as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON, sizes in bytes.")] = False
) -> None:
    """Show whether the engine runs, where, since when, for whom, and how much it takes."""
    from graph.engine import status
    from graph.settings import GraphSettings

    settings = GraphSettings()
    shown = _external_server(settings) or asdict(status(settings))
    if as_json:
        typer.echo(json.dumps(shown, default=str, indent=2))
        return
    for name, value in shown.items():
        if value is not None:
            typer.echo(f"{name.removesuffix('_bytes').replace('_', ' '):18} {_readable(name, value)}")


@engine_app.command()
def logs(
    *,
    lines: Annotated[int, typer.Option(min=1, help="How many of the newest lines.")] = 30,
    paths: Annotated[bool, typer.Option("--paths", help="Print only where the logs are.")] = False,
) -> None:
    """Show the newest lines of the engine's log, and where all its logs are."""
    from graph.engine import logs
    from graph.settings import GraphSettings

    files = logs(GraphSettings())
    if not files:
        typer.echo("The engine has no logs: it has never run for this network.")
        return
    if not paths:
        for line in files[0].read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]:
            typer.echo(line)
    for file in files:
        typer.echo(file, err=not paths)


def install_with_bars(settings: "GraphSettings", *, repair: bool = False) -> None:
    """Install the engine, showing how far it is.

    Raises:
        EngineError: one of its subclasses, saying what failed and what to do.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from graph.engine import InstallPhase, InstallStep, install

    told = {
        InstallPhase.VERIFYING: "Engine: verifying what is there",
        InstallPhase.FETCHING: "Engine: fetching Neo4j",
        InstallPhase.TRAINING: "Engine: preparing quick starts",
    }
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[amount]}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        shown: dict[InstallPhase, TaskID] = {}

        def show(step: InstallStep) -> None:
            for phase, bar in shown.items():
                if phase is not step.phase:
                    bars.update(bar, total=1, completed=1)
            if step.phase not in told:
                return
            if step.phase not in shown:
                shown[step.phase] = bars.add_task(told[step.phase], total=step.total, amount="")
            amount = f"{step.done / 1e6:.0f} of {step.total / 1e6:.0f} MB" if step.total else ""
            bars.update(shown[step.phase], completed=step.done, amount=amount)

        install(settings, repair=repair, progress=show)


def _external_server(settings: "GraphSettings") -> dict[str, object] | None:
    """The Neo4j that the settings name instead of the managed engine, once it has answered."""
    if settings.neo4j_uri is None:
        return None
    from graph.engine import attach, verify

    with attach(settings) as address:
        found = verify(address)
    return {"state": "yours", "uri": settings.neo4j_uri, "version": found.version, "edition": found.edition}


def _readable(name: str, value: object) -> str:
    if name.endswith("_bytes") and isinstance(value, int):
        return f"{value / 1e6:.0f} MB"
    if isinstance(value, datetime):
        return value.astimezone().isoformat(sep=" ", timespec="seconds")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
