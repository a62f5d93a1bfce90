"""``knowwho invite``: ask somebody to join, by a letter, or by a link where no letter leaves."""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from graph.viewer import Role, Viewer

if TYPE_CHECKING:
    from graph.invitations import Invitation

__all__ = ["invite_command"]

NOT_SENT = 1


def invite_command(
    who: Annotated[
        str, typer.Argument(metavar="ADDRESS|PERSON", help="An address, to join; or with --to a person's id, to speak.")
    ],
    *,
    role: Annotated[
        Role | None, typer.Option(help="What they are in the network if they join; a member, if nothing is said.")
    ] = None,
    to: Annotated[str | None, typer.Option(metavar="EVENT", help="Invite a person to speak at this event.")] = None,
    remind: Annotated[bool, typer.Option("--remind", help="Ask them to speak once more.")] = False,
    answer_by: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Until which day they are to answer, where the event is."),
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="The language of the letter to a speaker: en, fr, es, ar, ru or zh.")
    ] = None,
    letter: Annotated[bool, typer.Option(help="Write to the speaker; without it you ask them yourself.")] = True,
    preview: Annotated[bool, typer.Option("--preview", help="Print the letter to a speaker, and do nothing.")] = False,
    note: Annotated[str, typer.Option(help="A few words to them.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print what became of it as JSON.")] = False,
) -> None:
    """Invite somebody to join, or with --to to speak at an event.

    Prints the link to join by, alone, where the network sends no letters. Ends with exit code 1 if the letter could not
    be sent; the link is then printed too.
    """
    if to is not None:
        if role is not None:
            raise typer.BadParameter("it is for who joins, not for who speaks", param_hint="--role")
        _invite_to_speak(
            who, to, remind=remind, answer_by=answer_by, language=language, letter=letter, preview=preview, note=note,
            as_json=as_json,
        )  # fmt: skip
        return
    for name, is_given in (
        ("--remind", remind), ("--answer-by", answer_by), ("--language", language), ("--no-letter", not letter),
        ("--preview", preview),
    ):  # fmt: skip
        if is_given:
            raise typer.BadParameter("it goes with --to EVENT", param_hint=name)
    _invite_to_join(who, role=role or Role.MEMBER, note=note, as_json=as_json)


def _invite_to_speak(
    person: str,
    event: str,
    *,
    remind: bool,
    answer_by: datetime | None,
    language: str | None,
    letter: bool,
    preview: bool,
    note: str,
    as_json: bool,
) -> None:
    from api.cli.stepping import advance_and_print, preview_and_print
    from graph.speaking import State, Wanted
    from graph.values import EventId, ExpertId

    state = State.REMINDED if remind else State.INVITED
    until = None if answer_by is None else answer_by.date()
    wanted = Wanted(note, language)
    if preview:
        preview_and_print(EventId(event), ExpertId(person), state, answer_by=until, letter=wanted, as_json=as_json)
        return
    advance_and_print(
        EventId(event),
        ExpertId(person),
        state,
        reason="",
        answer_by=until,
        letter=wanted if letter else None,
        shortlists=not remind,
        as_json=as_json,
    )


def _invite_to_join(address: str, *, role: Role, note: str, as_json: bool) -> None:
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
    from api.mail import MailNotSent, invitation_letter, send
    from api.network import open_graph
    from api.pages.join import join_address
    from api.running import network_address
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
