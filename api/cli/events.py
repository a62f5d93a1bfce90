"""``knowwho events …``: what organisers do with events."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graph.values import EventId
from graph.viewer import Viewer

if TYPE_CHECKING:
    from graph.event_changes import ChangedEvent, EventCopy

__all__ = ["events_app"]

events_app = typer.Typer(help="Events: hold an earlier one once more, and what is on an agenda.", no_args_is_help=True)


@events_app.callback()
def _events() -> None:
    """With a callback the one command keeps its name."""


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise typer.BadParameter(f"'{text}' is no time with its offset from UTC; write it as 2027-03-01T14:00+01:00.")
    return at


@events_app.command("copy")
def copy_command(
    event: Annotated[str, typer.Argument(metavar="EVENT", help="The earlier event's id.")],
    *,
    starts: Annotated[
        datetime,
        typer.Option(metavar="TIME", parser=_moment, help="When the new one starts, as 2027-03-01T14:00+01:00."),
    ],
    ends: Annotated[
        datetime | None,
        typer.Option(metavar="TIME", parser=_moment, help="When it ends; else it is as long as the earlier one."),
    ] = None,
    title: Annotated[str | None, typer.Option(help="Its title; else that of the earlier one.")] = None,
    with_agenda: Annotated[
        bool, typer.Option("--with-agenda", help="With the earlier one's agenda, as much later, without its speakers.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print its id and version as JSON.")] = False,
) -> None:
    """Make an event as an earlier one was, at another time: all that is said of it, none of its people."""
    import json

    given: EventCopy = {"title": title, "starts_at": starts, "ends_at": ends}
    made = asyncio.run(_copied(EventId(event), given, with_agenda=with_agenda))
    if as_json:
        typer.echo(json.dumps({"event": made.event, "version": made.version}, indent=2))
        return
    typer.echo(f"'{made.event}' is made as '{event}' was; it has no speakers, partners and page yet.")


@events_app.command("agenda")
def agenda_command(
    event: Annotated[str, typer.Argument(metavar="EVENT", help="The event's id.")],
    *,
    file: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="Write it anew as this table tells it; see docs/agendas.md."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it, or what was written, as JSON.")] = False,
) -> None:
    """Show what is on an event's agenda, or write all of it anew."""
    from api.cli.agenda import set_and_print, show

    if file is None:
        show(EventId(event), as_json=as_json)
    else:
        set_and_print(EventId(event), file, as_json=as_json)


async def _copied(event: EventId, given: "EventCopy", *, with_agenda: bool) -> "ChangedEvent":
    from api.network import open_graph
    from graph.event_changes import copy
    from graph.settings import GraphSettings

    async with open_graph(GraphSettings()) as graph:
        return await copy(
            graph,
            Viewer.at_the_command_line(),
            event=event,
            given=given,
            idempotency_key=None,
            with_agenda=with_agenda,
        )
