"""``knowwho erase``: a person out of the network for good, after their id was typed once more."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from graph.errors import GraphError
from graph.viewer import Viewer

if TYPE_CHECKING:
    from graph.erasure import Erased

__all__ = ["erase_command"]


class NotConfirmed(GraphError):
    """The id that was typed to confirm an erasure is another one."""

    def __init__(self) -> None:
        super().__init__("That is not the id, so nothing was erased; run the command again to erase somebody.")


class NothingToErase(GraphError):
    """Neither somebody to erase nor somebody to readmit was named."""

    def __init__(self) -> None:
        super().__init__("Name either the person to erase, or with --readmit those who may come back.")


def erase_command(
    expert: Annotated[str | None, typer.Argument(metavar="EXPERT", help="The person's id.")] = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for the id once more.")] = False,
    readmit: Annotated[
        list[str] | None,
        typer.Option(metavar="ID|EMAIL", help="Instead, let rosters bring back who was erased; may be repeated."),
    ] = None,
) -> None:
    """Erase a person for good: profile, passages, account, and their traces in the texts of others.

    Rosters cannot bring the person back, until --readmit says so. docs/privacy.md tells what remains.
    """
    if (expert is None) == (not readmit):
        raise NothingToErase
    if readmit:
        asyncio.run(_readmit(readmit))
        typer.echo("Rosters may bring them back now.", err=True)
    if expert is not None:
        if not yes and typer.prompt(f"Type the id '{expert}' once more to erase this person", err=True) != expert:
            raise NotConfirmed
        erased = asyncio.run(_erase(expert))
        typer.echo(
            f"Erased, with passages: {erased.passages}, documents: {erased.documents}, accounts: {erased.accounts}. "
            f"Texts of others in which a trace was: {erased.texts}. Nameless participants: {erased.participations}.",
            err=True,
        )
        if erased.texts:
            typer.echo("Passages among those texts wait for a new vector: 'knowwho embed' writes it.", err=True)


async def _erase(expert: str) -> "Erased":
    from api.erasing import erase
    from api.loading import Loads
    from api.network import open_graph
    from graph.erasure import sweep
    from graph.settings import GraphSettings
    from graph.values import ExpertId

    settings = GraphSettings()
    loads = Loads(settings, upload_mb=0, loaded=lambda: None)
    async with open_graph(settings) as graph:
        erased = await erase(graph, loads, Viewer.at_the_command_line(), expert=ExpertId(expert))
        await sweep(graph)
        return erased


async def _readmit(ids_and_addresses: list[str]) -> None:
    from api.network import open_graph
    from graph.erasure import readmit
    from graph.settings import GraphSettings

    async with open_graph(GraphSettings()) as graph:
        for one in ids_and_addresses:
            await readmit(graph, Viewer.at_the_command_line(), id_or_address=one)
