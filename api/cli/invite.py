"""``knowwho invite``: ask somebody to join, by a letter, or by a link where no letter leaves."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from graph.viewer import Role, Viewer

if TYPE_CHECKING:
    from graph.invitations import Invitation

__all__ = ["invite_command"]

NOT_SENT = 1


def invite_command(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="The address that the letter goes to.")],
    *,
    role: Annotated[Role, typer.Option(help="What they are in the network if they accept.")] = Role.MEMBER,
    note: Annotated[str, typer.Option(help="A few words to them.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the invitation as JSON.")] = False,
) -> None:
    """Invite somebody to join. Prints the link, alone, where the network sends no letters.

    Ends with exit code 1 if the letter could not be sent; the link is then printed too.
    """
    from dataclasses import asdict

    import orjson

    invitation, link, failure = asyncio.run(_invited(address, role=role, note=note))
    if as_json:
        typer.echo(orjson.dumps(asdict(invitation) | {"link": link}, option=orjson.OPT_INDENT_2).decode())
    until = f"{invitation.expires_at:%Y-%m-%d %H:%M} UTC"
    if link is None:
        typer.echo(f"A letter is on its way to {invitation.email}; its link is good until {until}.", err=True)
        return
    typer.echo(failure or f"Send this to {invitation.email} yourself; it is good once, until {until}:", err=True)
    if not as_json:
        typer.echo(link)
    if failure:
        raise typer.Exit(NOT_SENT)


async def _invited(address: str, *, role: Role, note: str) -> "tuple[Invitation, str | None, str | None]":
    """The invitation; its link if no letter left with it; and why, if one should have."""
    from api.running import network_address
    from api.mail import MailNotSent, invitation_letter, send
    from api.network import open_graph
    from api.pages.join import join_address
    from api.settings import MailSettings
    from graph import invitations
    from graph.network import describe
    from graph.settings import GraphSettings

    settings, mail, viewer = GraphSettings(), MailSettings(), Viewer.at_the_command_line()
    async with open_graph(settings) as graph:
        invitation, secret = await invitations.invite(graph, viewer, email=address, role=role, note=note)
        link = join_address(network_address(settings), secret)
        if not mail.sends:
            return invitation, link, None
        letter = invitation_letter(await describe(graph, viewer), to=invitation.email, link=link, note=invitation.note)
    try:
        await send(mail, letter)
    except MailNotSent as error:
        return invitation, link, f"{error} Until then, send them this link yourself:"
    return invitation, None, None
