"""``knowwho sign-in-link``: a way in for people of a network that sends no letters, or whose letters do not arrive."""

import asyncio
from typing import Annotated

import typer

from graph.viewer import Viewer

__all__ = ["sign_in_link_command"]


def sign_in_link_command(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="The address that they sign in with.")],
) -> None:
    """Print a link that signs somebody in, once, within 15 minutes, in whichever browser opens it."""
    from api.network import open_graph
    from api.pages.sign_in import link_address
    from api.running import network_address
    from graph import sign_in_links
    from graph.settings import GraphSettings

    settings = GraphSettings()

    async def made() -> str:
        async with open_graph(settings) as graph:
            secret = await sign_in_links.create(graph, Viewer.at_the_command_line(), email=address, browser=None)
        assert secret is not None  # noqa: S101 -- a link for any browser is made, or refused by an error
        return link_address(network_address(settings), secret)

    link = asyncio.run(made())
    typer.echo("Give this only to the owner of the address; it works once, for 15 minutes:", err=True)
    typer.echo(link)
