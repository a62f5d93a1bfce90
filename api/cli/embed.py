"""``knowwho embed``: write the vectors that are missing, with a bar that says how far it is."""

import asyncio

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from api.network import open_graph
from graph.encoder import load
from graph.settings import GraphSettings
from graph.vectors import embed_waiting

__all__ = ["embed_and_report"]


def embed_and_report() -> None:
    """Write the vectors that are missing and say how many there were."""
    written = asyncio.run(_embed(GraphSettings()))
    typer.echo(f"{written} vectors written." if written else "Every passage and topic has its vector already.")


async def _embed(settings: GraphSettings) -> int:
    encoder_loading = asyncio.create_task(asyncio.to_thread(load, settings))
    async with open_graph(settings) as graph:
        encoder = await encoder_loading
        with Progress(
            TextColumn("Encoding"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        ) as bars:
            bar = bars.add_task("Encoding", total=None)
            return await embed_waiting(
                graph, encoder, progress=lambda done, total: bars.update(bar, completed=done, total=total)
            )
