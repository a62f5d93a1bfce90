"""``knowwho audience …``: who sees what of the people who chose nothing themselves."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from graph.viewer import Audience, FieldGroup, Viewer

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["audience_app"]

audience_app = typer.Typer(
    help="Audiences: who sees what of people who chose nothing themselves.", no_args_is_help=True
)

NAMES = [audience.name.lower() for audience in Audience]


def _audience(name: str) -> Audience:
    if name not in NAMES:
        raise typer.BadParameter(f"'{name}' is none of {', '.join(NAMES)}.")
    return Audience[name.upper()]


@audience_app.command()
def show(*, as_json: Annotated[bool, typer.Option("--json", help="Print them as JSON.")] = False) -> None:
    """Show what is in force for those who chose nothing."""
    from api.network import open_graph
    from graph import audiences
    from graph.settings import GraphSettings

    async def found() -> "Mapping[FieldGroup, Audience]":
        async with open_graph(GraphSettings()) as graph:
            return await audiences.of_network(graph, Viewer.at_the_command_line())

    _tell(asyncio.run(found()), as_json=as_json)


@audience_app.command("set")
def set_(
    group: Annotated[FieldGroup, typer.Argument(metavar="GROUP", help=f"One of {', '.join(FieldGroup)}.")],
    audience: Annotated[
        Audience, typer.Argument(metavar="AUDIENCE", parser=_audience, help=f"One of {', '.join(NAMES)}.")
    ],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print what is in force then as JSON.")] = False,
) -> None:
    """Set who sees a group of fields; it is in force at once for everybody who chose nothing for it."""
    from api.network import open_graph
    from graph import audiences
    from graph.encoder import identity
    from graph.settings import GraphSettings
    from graph.vectors import waiting

    settings = GraphSettings()

    async def changed() -> "tuple[Mapping[FieldGroup, Audience], int]":
        async with open_graph(settings) as graph:
            done = await audiences.set_of_network(graph, Viewer.at_the_command_line(), audiences={group: audience})
            return done, await waiting(graph, identity(settings))

    in_force, waiting_for_vectors = asyncio.run(changed())
    _tell(in_force, as_json=as_json)
    if waiting_for_vectors:
        typer.echo(f"{waiting_for_vectors} passages or topics wait for a vector: 'knowwho embed' writes it.", err=True)


def _tell(in_force: "Mapping[FieldGroup, Audience]", *, as_json: bool) -> None:
    import json

    named = {group.value: audience.name.lower() for group, audience in in_force.items()}
    if as_json:
        typer.echo(json.dumps(named, indent=2))
        return
    for group, audience in named.items():
        typer.echo(f"{group:13} {audience}")
