"""``knowwho people …``: who may be one person told of twice, and what somebody who knows them says about it."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from graph.errors import GraphError
from graph.values import ExpertId
from graph.viewer import Viewer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.intake.names import KnownPerson
    from graph.people.duplicates import Candidate, Decision
    from graph.people.merging import Merged
    from graph.people.undoing import Undone

__all__ = ["people_app"]

people_app = typer.Typer(
    help="People who are told of twice: find them, merge them, keep them apart.", no_args_is_help=True
)

JSON = Annotated[bool, typer.Option("--json", help="Print them as JSON.")]


class NotConfirmed(GraphError):
    """Whoever was asked whether to merge two people did not say yes."""

    def __init__(self) -> None:
        super().__init__("Nothing was merged; run the command again to merge them, or 'knowwho people distinct'.")


@people_app.command()
def duplicates(*, as_json: JSON = False) -> None:
    """Show which two people may be one, likeliest first, with the reasons; nobody is merged by itself."""
    import json

    found = asyncio.run(_candidates())
    if as_json:
        told = [
            {
                "first": _person(one.first),
                "second": _person(one.second),
                "score": one.likeness.score,
                "reasons": [reason.value for reason in one.likeness.reasons],
            }
            for one in found
        ]
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    if not found:
        typer.echo("Nobody looks like somebody else, apart from those who were decided on.", err=True)
        return
    for one in found:
        typer.echo(_line(one.first))
        typer.echo(_line(one.second))
        typer.echo(f"  {one.likeness.score:.0%}: {', '.join(one.likeness.reasons)}")
        for word in ("merge", "distinct"):
            typer.echo(f"  knowwho people {word} {one.first.id} {one.second.id}")
        typer.echo()


@people_app.command()
def merge(
    keep: Annotated[str, typer.Argument(metavar="KEEP", help="The id that stays.")],
    gone: Annotated[str, typer.Argument(metavar="GONE", help="The id of the same person that goes.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether to go on.")] = False,
) -> None:
    """Make two people one: what is known of GONE is known of KEEP, and nothing becomes more visible.

    It is remembered, so no roster brings GONE back; 'knowwho people undo GONE' makes them two again.
    """
    merged = asyncio.run(_merge(ExpertId(keep), ExpertId(gone), dry_run=dry_run, yes=yes))
    if not dry_run:
        typer.echo(f"'{merged.gone}' is '{merged.kept}' now; 'knowwho people undo {merged.gone}' undoes it.", err=True)
        typer.echo("Passages that wait for a vector get it with 'knowwho embed'.", err=True)


@people_app.command()
def distinct(
    one: Annotated[str, typer.Argument(metavar="A", help="The one's id.")],
    other: Annotated[str, typer.Argument(metavar="B", help="The other's id.")],
) -> None:
    """Remember that two people are two, so that nobody asks again."""
    asyncio.run(_keep_apart(ExpertId(one), ExpertId(other)))
    typer.echo(f"'{one}' and '{other}' are two; 'knowwho people undo {one} {other}' forgets it.", err=True)


@people_app.command()
def undo(
    gone: Annotated[str, typer.Argument(metavar="GONE", help="The id that was merged into another.")],
    other: Annotated[
        str | None, typer.Argument(metavar="OTHER", help="If both are kept apart: the other's id, to forget that.")
    ] = None,
) -> None:
    """Make two people of one again who were merged, or with two ids forget that they are two."""
    if other is not None:
        asyncio.run(_forget_apart(ExpertId(gone), ExpertId(other)))
        typer.echo(f"Forgotten that '{gone}' and '{other}' are two.", err=True)
        return
    undone = asyncio.run(_undo(ExpertId(gone)))
    typer.echo(f"'{undone.gone}' and '{undone.kept}' are two again, as the sources tell of them now.", err=True)
    if undone.stays:
        typer.echo(f"Decided since they were merged, and left to '{undone.kept}': {', '.join(undone.stays)}.", err=True)
    if undone.documents:
        typer.echo(
            f"Documents that came since then: {undone.documents}. Load the network's folder again, so that each of the "
            "two has what these tell of them.",
            err=True,
        )


@people_app.command()
def decisions(*, as_json: JSON = False) -> None:
    """Show who was merged and who is kept apart, by whom and when, newest first."""
    import json

    found = asyncio.run(_decisions())
    if as_json:
        told = [
            {
                "decision": "merged" if one.is_one else "distinct",
                **({"kept": one.first, "gone": one.second} if one.is_one else {"people": [one.first, one.second]}),
                "by": one.by,
                "at": one.at.isoformat(timespec="seconds"),
            }
            for one in found
        ]
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    if not found:
        typer.echo("Nobody was merged, and no two are kept apart.", err=True)
    for one in found:
        said = f"{one.second} is {one.first}" if one.is_one else f"{one.first} and {one.second} are two"
        typer.echo(f"{one.at.astimezone():%Y-%m-%d %H:%M}  {said}  ({one.by})")


def _person(person: "KnownPerson") -> dict[str, object]:
    return {"id": person.id, "name": person.name, "email": person.email, "organisations": list(person.organisations)}


def _line(person: "KnownPerson") -> str:
    address = f" <{person.email}>" if person.email else ""
    return f"{person.id}: {person.name}{address}"


def _show(merged: "Merged") -> None:
    for one in merged.differences:
        typer.echo(f"{one.field}: {one.before or '(nothing)'} → {one.after or '(nothing)'}")
    typer.echo(
        f"From '{merged.gone}' to '{merged.kept}': facts on record {merged.records}, passages {merged.passages}, "
        f"accounts {merged.accounts}, decisions on consent {merged.consents}."
    )


async def _candidates() -> "Sequence[Candidate]":
    from api.network import open_graph
    from graph.people.duplicates import candidates
    from graph.settings import GraphSettings

    async with open_graph(GraphSettings()) as graph:
        return await candidates(graph, Viewer.at_the_command_line())


async def _merge(keep: ExpertId, gone: ExpertId, *, dry_run: bool, yes: bool) -> "Merged":
    from api.network import open_graph
    from graph.people.merging import merge
    from graph.settings import GraphSettings

    viewer = Viewer.at_the_command_line()
    async with open_graph(GraphSettings()) as graph:
        rehearsed = await merge(graph, viewer, keep=keep, gone=gone, dry_run=True)
        _show(rehearsed)
        if dry_run:
            return rehearsed
        if not yes and not typer.confirm(f"Are '{gone}' and '{keep}' one person?", err=True):
            raise NotConfirmed
        return await merge(graph, viewer, keep=keep, gone=gone)


async def _undo(gone: ExpertId) -> "Undone":
    from api.network import open_graph
    from graph.people.undoing import undo
    from graph.settings import GraphSettings

    async with open_graph(GraphSettings()) as graph:
        return await undo(graph, Viewer.at_the_command_line(), gone=gone)


async def _keep_apart(one: ExpertId, other: ExpertId) -> None:
    from api.network import open_graph
    from graph.people.duplicates import keep_apart
    from graph.settings import GraphSettings

    async with open_graph(GraphSettings()) as graph:
        await keep_apart(graph, Viewer.at_the_command_line(), one=one, other=other)


async def _forget_apart(one: ExpertId, other: ExpertId) -> None:
    from api.network import open_graph
    from graph.people.duplicates import forget_apart
    from graph.settings import GraphSettings

    async with open_graph(GraphSettings()) as graph:
        await forget_apart(graph, Viewer.at_the_command_line(), one=one, other=other)


async def _decisions() -> "Sequence[Decision]":
    from api.network import open_graph
    from graph.people.duplicates import decisions
    from graph.settings import GraphSettings

    async with open_graph(GraphSettings()) as graph:
        return await decisions(graph, Viewer.at_the_command_line())
