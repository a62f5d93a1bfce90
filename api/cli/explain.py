"""``knowwho explain``: why a person has their place in the answer to a question, number by number."""

import asyncio
from dataclasses import asdict

import orjson
import typer
from rich.console import Console
from rich.table import Table

from api.network import open_network
from graph.search import Explanation
from graph.settings import GraphSettings
from graph.values import ExpertId, Expertise
from graph.viewer import Viewer

__all__ = ["explain_and_print"]

VIEWER = Viewer.at_the_command_line()
PARTS = {
    "profile": "Headline and topics, by meaning",
    "evidence": "The nearest passage, by meaning",
    "topics": "Knows a topic near the question",
    "named topics": "Knows a topic that the question names",
    "words": "Shares words with the question",
    "name": "The question names the person",
}


def explain_and_print(question: str, *, expert: str, as_json: bool) -> None:
    """Print the account of one person's score.

    Raises:
        NoSuchExpert: there is nobody of this id whom a search finds.
        EmptyQuestion, QuestionTooLong: it is no question that can be asked.
    """
    told = asyncio.run(_explained(question, ExpertId(expert)))
    if as_json:
        typer.echo(orjson.dumps(asdict(told), option=orjson.OPT_INDENT_2).decode())
    else:
        _print(told)


async def _explained(question: str, expert: ExpertId) -> Explanation:
    async with open_network(GraphSettings()) as network:
        return await network.search.explain(VIEWER, question, expert=expert)


def _print(told: Explanation) -> None:
    console = Console(highlight=False)
    score, match = told.score, told.match
    console.print(f"{match.expert.name}: place {told.place} of {told.compared}, a {match.strength} match", style="bold")
    table = Table("What", "Points")
    for name, points in score.parts.items():
        table.add_row(PARTS[name], f"{points:+.3f}")
    table.add_row("Score", f"{score.total:.3f}", style="bold")
    console.print(table)
    console.print(f"How sure it is that they fit: {score.confidence:.0%}")
    if match.unmet:
        console.print(f"They do not show: {', '.join(match.unmet)}; so the match is weak")
    console.print(
        f"The person is {score.similarity:.3f} near the question by meaning, the nearest other field "
        f"{told.other_field:.3f}{'; so the question is answered with nobody' if told.is_beyond else ''}"
    )
    for reason in match.reasons:
        if isinstance(reason, Expertise):
            console.print(f"Topic: {reason.topic.labels.in_language('en')} ({reason.level})")
    for evidence in match.evidence:
        title = f"{evidence.passage.title}: " if evidence.passage.title else ""
        console.print(f"Passage, {evidence.similarity:.3f} near: {title}{evidence.passage.text}", style="dim")
