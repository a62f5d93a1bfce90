"""``knowwho letters``: what is written to speakers, looked at, sent and told."""

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graph.viewer import Viewer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.speaking.sending import Tally
    from graph.speaking import Candidacy, Letter, Told, Unanswered
    from graph.values import ExpertId

__all__ = ["letters_app"]

NOT_ALL_SENT = 1

letters_app = typer.Typer(help="Letters to speakers: see them, send what waits, tell of changes.", no_args_is_help=True)

Event = Annotated[str, typer.Argument(metavar="EVENT", help="The event's id.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print it as JSON.")]


@letters_app.command("list")
def list_command(event: Event, *, as_json: AsJson = False) -> None:
    """Show the letters to everybody who is considered for an event, how far each came, and what they answered."""
    from dataclasses import asdict

    import orjson
    from rich.console import Console
    from rich.table import Table

    from api.cli.fictional import FICTIONAL

    told, is_fictional = asyncio.run(_correspondence(event))
    if as_json:
        rows = [
            {"candidacy": candidacy.id, "expert": candidacy.expert, "state": candidacy.state, **asdict(letters)}
            for candidacy, _, letters in told
        ]
        typer.echo(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode())
        return
    console = Console(highlight=False)
    written = [(name, letters) for _, name, letters in told if letters.letters or letters.replies]
    if not written:
        console.print("No letters yet; 'knowwho invite PERSON --to EVENT' writes one.")
    else:
        table = Table("Who", "When", "What", "How far", "")
        for name, letters in written:
            for letter in letters.letters:
                at = letter.left_at or letter.made_at
                table.add_row(name, f"{at:%Y-%m-%d %H:%M}", letter.occasion, _how_far(letter), letter.fault)
            for reply in letters.replies:
                said = "; suggests: ".join(part for part in (reply.reason, reply.suggestion) if part)
                table.add_row(name, f"{reply.at:%Y-%m-%d %H:%M}", f"answer: {reply.answer.replace('_', ' ')}", "", said)
        console.print(table)
    if is_fictional:
        console.print(FICTIONAL, style="yellow")


@letters_app.command("send")
def send_command(*, as_json: AsJson = False) -> None:
    """Send every letter that is due; a running server does so by itself.

    Ends with exit code 1 if a letter could not be sent: it is tried again later, unless the mail server refused it.
    """
    from dataclasses import asdict

    import orjson

    from api.settings import MailSettings

    mail = MailSettings()
    if not mail.sends:
        raise typer.BadParameter("No letter leaves: set KNOWWHO_SMTP_HOST, see docs/letters.md.", param_hint="send")
    tally = asyncio.run(_sent(mail))
    if as_json:
        typer.echo(orjson.dumps(asdict(tally), option=orjson.OPT_INDENT_2).decode())
    else:
        again = f", {tally.tried} to be tried again" if tally.tried else ""
        refused = f", {tally.failed} refused by the mail server" if tally.failed else ""
        typer.echo(f"{tally.sent} {'letter' if tally.sent == 1 else 'letters'} sent{again}{refused}.")
    if tally.tried or tally.failed:
        raise typer.Exit(NOT_ALL_SENT)


@letters_app.command("tell")
def tell_command(
    event: Event, *, note: Annotated[str, typer.Option(help="A few words to them.")] = "", as_json: AsJson = False
) -> None:
    """Write to an event's speakers that it is cancelled, or what it is now, if they do not know it yet."""
    import orjson

    told, names = asyncio.run(_told(event, note))
    if as_json:
        found = {
            "written": [one.expert for one in told.written],
            "not_reachable": [one.expert for one in told.not_reachable],
        }
        typer.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
        return
    if not told.written and not told.not_reachable:
        typer.echo("Everybody who was written to knows already.")
    for one in told.written:
        typer.echo(f"{names[one.expert]} is written to.")
    for one in told.not_reachable:
        typer.echo(f"{names[one.expert]} shows no address any more: tell them yourself.")


@letters_app.command("due")
def due_command(
    event: Annotated[str | None, typer.Argument(metavar="[EVENT]", help="The event's id; without it, all.")] = None,
    *,
    remind: Annotated[bool, typer.Option("--remind", help="Write once more to those whose answer is overdue.")] = False,
    note: Annotated[str, typer.Option(help="A few words to them.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show who was asked to speak at an event to come and has not answered, and until when they were to."""
    from dataclasses import asdict

    import orjson
    from rich.console import Console
    from rich.table import Table

    from api.cli.fictional import FICTIONAL

    if note and not remind:
        raise typer.BadParameter("it goes with --remind", param_hint="--note")
    waited_for, names, not_reachable, is_fictional = asyncio.run(_due(event, note if remind else None))
    if as_json:
        typer.echo(orjson.dumps([asdict(one) for one in waited_for], option=orjson.OPT_INDENT_2).decode())
        return
    console = Console(highlight=False)
    if not waited_for:
        console.print("Nobody is waited for.")
    else:
        table = Table("Who", "Event", "Asked last", "To answer by", "Reminded")
        for one in waited_for:
            by = "" if one.answer_by is None else f"{one.answer_by:%Y-%m-%d}{' overdue' if one.is_overdue else ''}"
            table.add_row(names[one.expert], one.event, f"{one.asked_at:%Y-%m-%d}", by, str(one.reminders))
        console.print(table)
    for person in not_reachable:
        console.print(f"{names[person]} shows no address any more: ask them yourself.", markup=False)
    if is_fictional:
        console.print(FICTIONAL, style="yellow")


def _how_far(letter: "Letter") -> str:
    return f"{letter.state}, tried {letter.attempts} times" if letter.attempts > 1 else letter.state


async def _correspondence(event: str) -> "tuple[list[tuple[Candidacy, str, Any]], bool]":
    from api.cli.speakers import AT_ONCE, names_of, network_is_fictional
    from api.network import open_graph
    from graph import speaking
    from graph.settings import GraphSettings
    from graph.values import EventId

    viewer = Viewer.at_the_command_line()
    async with open_graph(GraphSettings()) as graph:
        page = await speaking.page(graph, viewer, event=EventId(event), first=AT_ONCE)
        everybody = [one for _, one in page.entries]
        found = await speaking.correspondence(graph, viewer, candidacies=[one.id for one in everybody])
        names = await names_of(graph, [one.expert for one in everybody])
        told = [(one, names[one.expert], found[one.id]) for one in everybody if one.id in found]
        return told, await network_is_fictional(graph)


async def _due(event: str | None, note: str | None) -> "tuple[Sequence[Unanswered], Any, list[ExpertId], bool]":
    """Who is waited for, once those whose answer is overdue are reminded with a note, if there is one."""
    from api.cli.speakers import names_of, network_is_fictional
    from api.network import open_graph
    from graph import speaking
    from graph.settings import GraphSettings
    from graph.speaking import NotReachable, State, Wanted
    from graph.values import EventId

    viewer = Viewer.at_the_command_line()
    not_reachable = []
    async with open_graph(GraphSettings()) as graph:
        asked = None if event is None else EventId(event)
        waited_for = await speaking.unanswered(graph, viewer, event=asked)
        for one in waited_for if note is not None else ():
            if one.is_overdue:
                try:
                    await speaking.advance(
                        graph,
                        viewer,
                        id=one.candidacy,
                        expected_version=one.version,
                        to=State.REMINDED,
                        letter=Wanted(note or ""),
                    )
                except NotReachable:
                    not_reachable.append(one.expert)
        if note is not None:
            waited_for = await speaking.unanswered(graph, viewer, event=asked)
        names = await names_of(graph, [one.expert for one in waited_for])
        return waited_for, names, not_reachable, await network_is_fictional(graph)


async def _sent(mail: Any) -> "Tally":
    from api.network import open_graph
    from api.running import network_address
    from api.speaking.sending import send_waiting
    from graph.settings import GraphSettings

    settings = GraphSettings()
    async with open_graph(settings) as graph:
        return await send_waiting(graph, mail, base=network_address(settings))


async def _told(event: str, note: str) -> "tuple[Told, Any]":
    from api.cli.speakers import names_of
    from api.network import open_graph
    from graph import speaking
    from graph.settings import GraphSettings
    from graph.values import EventId

    async with open_graph(GraphSettings()) as graph:
        told = await speaking.tell_speakers(graph, Viewer.at_the_command_line(), event=EventId(event), note=note)
        return told, await names_of(graph, [one.expert for one in (*told.written, *told.not_reachable)])
