"""``knowwho letters``: what is written to speakers, looked at, sent and told."""

import asyncio
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graph.viewer import Viewer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    import orjson
    from rich.console import Console
    from rich.table import Table

    from api.cli.fictional import FICTIONAL
    from api.cli.speakers import plain

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
                fault = f"{letter.fault} ({letter.id})" if letter.fault else ""
                table.add_row(*plain(name, f"{at:%Y-%m-%d %H:%M}", letter.occasion, _how_far(letter), fault))
            for reply in letters.replies:
                said = "; suggests: ".join(part for part in (reply.reason, reply.suggestion) if part)
                answer = f"answer: {reply.answer.replace('_', ' ')}"
                table.add_row(*plain(name, f"{reply.at:%Y-%m-%d %H:%M}", answer, "", said))
        console.print(table)
    if is_fictional:
        console.print(FICTIONAL, style="yellow")


@letters_app.command("send")
def send_command(*, as_json: AsJson = False) -> None:
    """Send every letter that is due; a running server does so by itself.

    Ends with exit code 1 if a letter could not be sent: it is tried again later, unless the mail server refused it, or
    has been asked for three days.
    """
    import orjson

    from api.settings import MailSettings, ServerSettings

    mail = MailSettings()
    mail.check(ServerSettings())
    if not mail.sends:
        raise typer.BadParameter("No letter leaves: set KNOWWHO_SMTP_HOST, see docs/letters.md.", param_hint="send")
    tally = asyncio.run(_sent(mail))
    if as_json:
        typer.echo(orjson.dumps(asdict(tally), option=orjson.OPT_INDENT_2).decode())
    else:
        again = f", {tally.tried} to be tried again" if tally.tried else ""
        refused = f", {tally.failed} given up" if tally.failed else ""
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
        typer.echo(f"{names[one.expert]} is not reached by letters any more: tell them yourself.")


@letters_app.command("again")
def again_command(
    letter: Annotated[str, typer.Argument(metavar="LETTER", help="The id of a letter that failed or bounced.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Have a letter that failed or bounced go out once more; 'knowwho letters list EVENT' tells its id."""
    import orjson

    made = asyncio.run(_again(letter))
    if as_json:
        typer.echo(orjson.dumps(asdict(made), option=orjson.OPT_INDENT_2).decode())
    else:
        typer.echo(f"Another letter waits: {made.occasion}.")


@letters_app.command("due")
def due_command(
    event: Annotated[str | None, typer.Argument(metavar="[EVENT]", help="The event's id; without it, all.")] = None,
    *,
    remind: Annotated[
        bool, typer.Option("--remind", help="Write to those whose answer is overdue and who were not reminded since.")
    ] = False,
    answer_by: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Until which day they are to answer, where the event is."),
    ] = None,
    note: Annotated[str, typer.Option(help="A few words to them.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show who was asked to speak at an event to come and has not answered, and until when they were to."""
    import orjson
    from rich.console import Console
    from rich.table import Table

    from api.cli.fictional import FICTIONAL
    from api.cli.speakers import plain

    for name, is_given in (("--note", note), ("--answer-by", answer_by)):
        if is_given and not remind:
            raise typer.BadParameter("it goes with --remind", param_hint=name)
    due = asyncio.run(_due(event, reminds=remind, note=note, answer_by=answer_by))
    if as_json:
        told = {
            "waited_for": [asdict(one) for one in due.waited_for],
            "reminded": due.reminded,
            "not_reachable": due.not_reachable,
            "begins_before": due.begins_before,
        }
        typer.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
        return
    console = Console(highlight=False)
    if not due.waited_for:
        console.print("Nobody is waited for.")
    else:
        table = Table("Who", "Event", "Asked last", "To answer by (UTC)", "Reminded")
        for one in due.waited_for:
            by = (
                "" if one.answer_by is None else f"{one.answer_by:%Y-%m-%d %H:%M}{' overdue' if one.is_overdue else ''}"
            )
            cells = plain(due.names[one.expert], one.event, f"{one.asked_at:%Y-%m-%d}", by, str(one.reminders))
            table.add_row(*cells)
        console.print(table)
    for person in due.reminded:
        console.print(f"{due.names[person]} is written to.", markup=False)
    for person in due.not_reachable:
        console.print(f"{due.names[person]} shows no address any more: ask them yourself.", markup=False)
    for person in due.begins_before:
        console.print(f"{due.names[person]} is not written to: the event has begun by that day.", markup=False)
    if due.is_fictional:
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


@dataclass(frozen=True, slots=True)
class _Due:
    """Who is waited for, who was reminded just now, and who could not be, by why."""

    waited_for: "Sequence[Unanswered]"
    reminded: "list[ExpertId]"
    not_reachable: "list[ExpertId]"
    begins_before: "list[ExpertId]"
    """Whose event has begun by the day that was named."""
    names: "Mapping[str, str]"
    is_fictional: bool


async def _due(event: str | None, *, reminds: bool, note: str, answer_by: datetime | None) -> _Due:
    """Who is waited for, once those are reminded who are to be, if they are."""
    from api.cli.speakers import names_of, network_is_fictional
    from api.network import open_graph
    from graph import speaking
    from graph.people.profiles import OtherVersion
    from graph.settings import GraphSettings
    from graph.speaking import AnswerTooLate, NotReachable, State, Wanted
    from graph.values import EventId

    viewer, asked = Viewer.at_the_command_line(), None if event is None else EventId(event)
    until = None if answer_by is None else answer_by.date()
    reminded, not_reachable, begins_before = [], [], []
    async with open_graph(GraphSettings()) as graph:
        waited_for = await speaking.unanswered(graph, viewer, event=asked)
        for one in waited_for:
            if not (reminds and one.is_to_be_reminded):
                continue
            try:
                await speaking.advance(
                    graph,
                    viewer,
                    id=one.candidacy,
                    expected_version=one.version,
                    to=State.REMINDED,
                    answer_by=until,
                    letter=Wanted(note),
                )
            except NotReachable:
                not_reachable.append(one.expert)
            except AnswerTooLate:
                begins_before.append(one.expert)
            except OtherVersion:  # they have just answered
                continue
            else:
                reminded.append(one.expert)
        if reminded:
            waited_for = await speaking.unanswered(graph, viewer, event=asked)
        left = [*not_reachable, *begins_before]
        names = await names_of(graph, [*(one.expert for one in waited_for), *reminded, *left])
        return _Due(waited_for, reminded, not_reachable, begins_before, names, await network_is_fictional(graph))


async def _again(letter: str) -> "Letter":
    from api.network import open_graph
    from graph import speaking
    from graph.settings import GraphSettings
    from graph.speaking import LetterId

    async with open_graph(GraphSettings()) as graph:
        return await speaking.send_again(graph, Viewer.at_the_command_line(), letter=LetterId(letter))


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
