"""``knowwho events …``: what organisers do with events."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graph.values import EventId
from graph.viewer import Viewer

if TYPE_CHECKING:
    from graph.drafts import Draft
    from graph.event_changes import ChangedEvent, EventCopy

__all__ = ["events_app"]

PAGE = 100

events_app = typer.Typer(
    help="Events: hold an earlier one once more, what is on an agenda, and drafts.", no_args_is_help=True
)


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


@events_app.command("drafts")
def drafts_command(
    *, as_json: Annotated[bool, typer.Option("--json", help="Print all that is said of them as JSON.")] = False
) -> None:
    """List drafts of events, which organisers alone know of, the one that was made last first."""
    import json
    from dataclasses import asdict

    found = asyncio.run(_drafts())
    if as_json:
        typer.echo(json.dumps([asdict(draft) for draft in found], indent=2, ensure_ascii=False, default=_in_words))
        return
    for draft in found:
        day = "no day yet" if draft.starts_at is None else draft.starts_at.date().isoformat()
        typer.echo(f"{draft.id}  {day}  {draft.title}")
    if not found:
        typer.echo("There are no drafts.")


@events_app.command("publish")
def publish_command(
    draft: Annotated[str, typer.Argument(metavar="DRAFT", help="The draft's id.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the event's id and version as JSON.")] = False,
) -> None:
    """Make a draft an event that everybody knows of, with the same id and the same shortlist."""
    import json

    made = asyncio.run(_published(EventId(draft)))
    if as_json:
        typer.echo(json.dumps({"event": made.event, "version": made.version}, indent=2))
        return
    typer.echo(f"'{made.event}' is published: it is an event now, and everybody knows of it.")


def _in_words(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


async def _drafts() -> "list[Draft]":
    from api.network import open_graph
    from graph import drafts
    from graph.settings import GraphSettings

    found: list[Draft] = []
    async with open_graph(GraphSettings()) as graph:
        page = await drafts.page(graph, Viewer.at_the_command_line(), first=PAGE)
        found += [draft for _, draft in page.entries]
        while page.has_next:
            page = await drafts.page(graph, Viewer.at_the_command_line(), first=PAGE, after=page.entries[-1][0])
            found += [draft for _, draft in page.entries]
    return found


async def _published(draft: EventId) -> "ChangedEvent":
    from api.network import open_graph
    from graph import drafts
    from graph.settings import GraphSettings

    async with open_graph(GraphSettings()) as graph:
        viewer = Viewer.at_the_command_line()
        found = await drafts.by_ids(graph, viewer, ids=[draft])
        version = found[draft].version if draft in found else 0
        return await drafts.publish(graph, viewer, draft=draft, expected_version=version)
