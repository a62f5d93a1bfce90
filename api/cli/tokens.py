"""``knowwho token …``: what programs show to be let in."""

import asyncio
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from graph.errors import GraphError
from graph.viewer import Role, Scope, Viewer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.tokens import Token

__all__ = ["token_app"]

token_app = typer.Typer(help="Clients' tokens: what programs show to be let in.", no_args_is_help=True)

NAME = typer.Argument(metavar="NAME", help="The name by which people know it.")
AT_ONCE = 500
LONGEST_DAYS = 36_500


class NotAnExpiry(GraphError):
    """What was given says no end."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            f"'{text[:40]}' is no expiry; write a number of days such as 90d, a date such as 2030-12-31, or never."
        )


@token_app.command()
def create(
    name: Annotated[str, NAME],
    *,
    role: Annotated[Role, typer.Option(help="The role that it asks in.")],
    scope: Annotated[
        list[Scope] | None,
        typer.Option(help="What it is good for; reading what its role reads, if left out. May be repeated."),
    ] = None,
    expires: Annotated[str, typer.Option(help="A number of days (90d), its last day (2030-12-31, UTC), or never.")] = (
        "90d"
    ),
) -> None:
    """Make a token, and print it alone; it is shown here and never again."""
    from api.network import open_graph
    from graph import tokens
    from graph.settings import GraphSettings

    expires_at = expiry(expires, now=datetime.now(UTC))

    async def made() -> "tuple[Token, str]":
        async with open_graph(GraphSettings()) as graph:
            return await tokens.create(
                graph,
                Viewer.at_the_command_line(),
                name=name,
                role=role,
                scopes=frozenset(scope) if scope else None,
                expires_at=expires_at,
            )

    token, secret = asyncio.run(made())
    until = f"until {token.expires_at:%Y-%m-%d %H:%M} UTC" if token.expires_at else "until it is revoked"
    typer.echo(f"'{token.name}' is good for {', '.join(sorted(token.scopes))}, {until}; keep it safe:", err=True)
    typer.echo(secret)


@token_app.command("list")
def list_(*, as_json: Annotated[bool, typer.Option("--json", help="Print them as JSON.")] = False) -> None:
    """Show the tokens by name, people's own and those that work no more too."""
    from dataclasses import asdict

    import orjson

    from api.cli.tables import table_of, terminal

    tokens = asyncio.run(_all())
    if as_json:
        shown = [asdict(one) | {"scopes": sorted(one.scopes)} for one in tokens]
        typer.echo(orjson.dumps(shown, option=orjson.OPT_INDENT_2).decode())
        return
    if not tokens:
        typer.echo("There are no tokens yet; make one with 'knowwho token create NAME --role ROLE'.", err=True)
        return
    table = table_of("Name", "Whose", "Role", "Scopes", "Made", "Expires", "Last used", "Revoked")
    for one in tokens:
        times = (one.created_at, one.expires_at, one.last_used_at, one.revoked_at)
        table.add_row(one.name, one.held_by or "", one.role, ", ".join(sorted(one.scopes)), *map(_shown, times))
    terminal().print(table)


@token_app.command()
def revoke(name: Annotated[str, NAME]) -> None:
    """Make a token worthless, at once and on every server of the network."""
    from api.network import open_graph
    from graph import tokens
    from graph.settings import GraphSettings

    async def revoked() -> "Token":
        keeper = Viewer.at_the_command_line()
        async with open_graph(GraphSettings()) as graph:
            token = await tokens.by_name(graph, keeper, name=name)
            return await tokens.revoke(graph, keeper, id=token.id)

    token = asyncio.run(revoked())
    typer.echo(f"'{token.name}' opens nothing any more.", err=True)


def expiry(text: str, *, now: datetime) -> datetime | None:
    """When what was written ends: so many days from now, with the day that was named (UTC), or never (None).

    Raises:
        NotAnExpiry: it is none of these.
    """
    if text == "never":
        return None
    if (days := re.fullmatch(r"([1-9]\d{0,5})d", text)) and int(days[1]) <= LONGEST_DAYS:
        return now + timedelta(days=int(days[1]))
    try:
        last = date.fromisoformat(text)
        return datetime.combine(last + timedelta(days=1), time(), UTC)
    except (ValueError, OverflowError):
        raise NotAnExpiry(text) from None


def _shown(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""


async def _all() -> "Sequence[Token]":
    from api.network import open_graph
    from graph import tokens
    from graph.settings import GraphSettings
    from graph.values import Cursor

    found: list[Token] = []
    after: Cursor | None = None
    async with open_graph(GraphSettings()) as graph:
        while True:
            some = await tokens.page(graph, Viewer.at_the_command_line(), first=AT_ONCE, after=after)
            found += [token for _, token in some.entries]
            if not some.has_next:
                return found
            after = some.entries[-1][0]
