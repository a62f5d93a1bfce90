"""``knowwho events …``: what organisers do with events."""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from graph.values import EventId
from graph.viewer import Viewer

if TYPE_CHECKING:
    from graph.event_changes import ChangedEvent, EventCopy

__all__ = ["events_app"]

events_app = typer.Typer(help="Events: hold an earlier one once more.", no_args_is_help=True)


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
    as_json: Annotated[bool, typer.Option("--json", help="Print its id and version as JSON.")] = False,
) -> None:
    """Make an event as an earlier one was, at another time: all that is said of it, none of its people."""
    import json

    made = asyncio.run(_copied(EventId(event), {"title": title, "starts_at": starts, "ends_at": ends}))
    if as_json:
        typer.echo(json.dumps({"event": made.event, "version": made.version}, indent=2))
        return
    typer.echo(f"'{made.event}' is made as '{event}' was; it has no speakers, partners and page yet.")


async def _copied(event: EventId, given: "EventCopy") -> "ChangedEvent":
    from api.network import open_graph
    from graph.event_changes import copy
    from graph.settings import GraphSettings

    async with open_graph(GraphSettings()) as graph:
        return await copy(graph, Viewer.at_the_command_line(), event=event, given=given, idempotency_key=None)
