"""``knowwho feedback``: what askers said of matches, counted, or as questions that ``knowwho evaluate`` reads."""

import asyncio

import orjson
import typer
from rich.console import Console
from rich.table import Table

from api.network import open_graph
from graph import feedback
from graph.encoder import sure_language
from graph.feedback import Feedback, JudgedQuestion
from graph.settings import GraphSettings
from graph.viewer import Viewer

__all__ = ["print_feedback"]

UNDETERMINED = "und"  # BCP 47 (RFC 5646, 4.1), for a question too short to tell


def print_feedback(*, as_json: bool) -> None:
    """Print how much askers said, or with JSON each question on a line, with who fits and who does not."""
    told = asyncio.run(_told())
    if as_json:
        for one in told.questions:
            typer.echo(orjson.dumps(_labelled(one)).decode())
    else:
        _print(told)


async def _told() -> Feedback:
    async with open_graph(GraphSettings()) as graph:
        return await feedback.of_network(graph, Viewer.at_the_command_line())


def _labelled(one: JudgedQuestion) -> dict[str, object]:
    return {
        "language": sure_language(one.question) or UNDETERMINED,
        "question": one.question,
        "fits": one.useful,
        "not_useful": one.not_useful,
    }


def _print(told: Feedback) -> None:
    if not told.questions:
        typer.echo("Nobody has judged a match yet.", err=True)
        return
    table = Table("What", "How many")
    for name, count in (
        ("Questions", len(told.questions)),
        ("Askers", told.askers),
        ("People judged", told.people),
        ("Called useful", told.useful),
        ("Called not useful", told.not_useful),
    ):
        table.add_row(name, str(count))
    Console().print(table)
