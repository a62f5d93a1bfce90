"""``knowwho account …``: who may sign in, and in which role."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from graph.viewer import Role, Viewer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.accounts import Account

__all__ = ["account_app"]

account_app = typer.Typer(help="Accounts: who may sign in, and in which role.", no_args_is_help=True)

ADDRESS = typer.Argument(metavar="EMAIL", help="The address that its holder signs in with.")
AT_ONCE = 500
ROLES = "member, organiser or administrator"


def _role(text: str) -> Role:
    if text not in set(Role) - {Role.PUBLIC}:
        raise typer.BadParameter(f"'{text}' is no role of an account; choose {ROLES}.")
    return Role(text)


@account_app.command()
def create(
    email: Annotated[str, ADDRESS],
    *,
    role: Annotated[Role, typer.Option(parser=_role, metavar="ROLE", help=f"What its holder is: {ROLES}.")],
    expert: Annotated[str | None, typer.Option(metavar="ID", help="The person of the roster that they are.")] = None,
    name: Annotated[str, typer.Option(help="The holder's name; the person's, if left out.")] = "",
) -> None:
    """Make an account, or open a closed one again; the roster's people need none made, they claim theirs."""
    from api.network import open_graph
    from graph import accounts
    from graph.settings import GraphSettings
    from graph.values import ExpertId

    async def made() -> "Account":
        async with open_graph(GraphSettings()) as graph:
            person = ExpertId(expert) if expert else None
            return await accounts.create(
                graph, Viewer.at_the_command_line(), email=email, role=role, name=name, expert=person
            )

    account = asyncio.run(made())
    typer.echo(f"{account.email} may sign in as {account.role} now.", err=True)


@account_app.command("list")
def list_(*, as_json: Annotated[bool, typer.Option("--json", help="Print them as JSON.")] = False) -> None:
    """Show the accounts by address, closed ones too."""
    from dataclasses import asdict

    import orjson

    from api.cli.tables import table_of, terminal

    accounts = asyncio.run(_all())
    if as_json:
        typer.echo(orjson.dumps([asdict(one) for one in accounts], option=orjson.OPT_INDENT_2).decode())
        return
    if not accounts:
        typer.echo("There are no accounts yet; make one with 'knowwho account create EMAIL --role ROLE'.", err=True)
        return
    table = table_of("Address", "Role", "Name", "Expert", "Made", "Closed", whole=["Address"])
    for one in accounts:
        closed = one.closed_at.date().isoformat() if one.closed_at else ""
        table.add_row(one.email, one.role, one.name, one.expert or "", one.created_at.date().isoformat(), closed)
    terminal().print(table)


@account_app.command("role")
def set_role(
    email: Annotated[str, ADDRESS],
    role: Annotated[
        Role, typer.Argument(parser=_role, metavar="ROLE", help=f"What its holder is from now on: {ROLES}.")
    ],
) -> None:
    """Give an account another role; it is in force with its holder's next request."""
    from api.network import open_graph
    from graph import accounts
    from graph.settings import GraphSettings

    async def changed() -> "Account":
        keeper = Viewer.at_the_command_line()
        async with open_graph(GraphSettings()) as graph:
            account = await accounts.by_email(graph, keeper, email=email)
            return await accounts.set_role(graph, keeper, id=account.id, role=role)

    account = asyncio.run(changed())
    typer.echo(f"{account.email} is {account.role} now.", err=True)


@account_app.command()
def close(email: Annotated[str, ADDRESS]) -> None:
    """Close an account: its sessions end at once, and its address opens nothing any more."""
    from api.network import open_graph
    from graph import accounts
    from graph.settings import GraphSettings

    async def closed() -> "Account":
        keeper = Viewer.at_the_command_line()
        async with open_graph(GraphSettings()) as graph:
            account = await accounts.by_email(graph, keeper, email=email)
            return await accounts.close(graph, keeper, id=account.id)

    account = asyncio.run(closed())
    typer.echo(f"{account.email} is closed; its sessions have ended.", err=True)


async def _all() -> "Sequence[Account]":
    from api.network import open_graph
    from graph import accounts
    from graph.settings import GraphSettings
    from graph.values import Cursor

    found: list[Account] = []
    after: Cursor | None = None
    async with open_graph(GraphSettings()) as graph:
        while True:
            some = await accounts.page(graph, Viewer.at_the_command_line(), first=AT_ONCE, after=after)
            found += [account for _, account in some.entries]
            if not some.has_next:
                return found
            after = some.entries[-1][0]
