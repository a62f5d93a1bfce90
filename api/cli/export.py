"""``knowwho export``: everything about a person in one file, which its owner alone can read."""

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graph.errors import GraphError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["export_command"]


class FileInTheWay(GraphError):
    """There is a file already where the export is to be written."""

    def __init__(self, file: Path) -> None:
        self.file = file
        super().__init__(f"{file} is there already; name another file with -o, or write over it with --force.")


class CannotWriteFile(GraphError):
    """The export cannot be written where it is to be."""

    def __init__(self, file: Path, *, reason: str) -> None:
        self.file = file
        self.reason = reason
        super().__init__(f"{file} cannot be written ({reason}); name another file with -o.")


def export_command(
    expert: Annotated[str, typer.Argument(metavar="EXPERT", help="The person's id.")],
    *,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The file; EXPERT.zip if left out.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the JSON alone instead of writing a file.")] = False,
) -> None:
    """Write everything about a person into a zip: JSON, a page to read, and a list of the two.

    That it was taken is in the change log.
    """
    import json

    from api.export import archive

    file = output or Path(f"{expert}.zip")
    if not as_json and file.exists() and not force:
        raise FileInTheWay(file)
    about = asyncio.run(_about(expert))
    if as_json:
        typer.echo(json.dumps(about, ensure_ascii=False, indent=2))
        return
    _write(file, archive(about), force=force)
    typer.echo(f"{file} has everything about '{expert}'; it is personal: hand it to nobody else.", err=True)


async def _about(expert: str) -> "Mapping[str, Any]":
    from api.network import open_graph
    from graph import export
    from graph.settings import GraphSettings
    from graph.values import ExpertId
    from graph.viewer import Viewer

    async with open_graph(GraphSettings()) as graph:
        return await export.about(graph, Viewer.at_the_command_line(), expert=ExpertId(expert))


def _write(file: Path, content: bytes, *, force: bool) -> None:
    """Write a file that only its owner reads from its first byte on; beside the old one first, if there is one."""
    target = file.with_name(f".{file.name}.part") if force else file
    try:
        if force:
            target.unlink(missing_ok=True)
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(content)
        if force:
            target.replace(file)
    except FileExistsError:
        raise FileInTheWay(file) from None
    except OSError as problem:
        raise CannotWriteFile(file, reason=problem.strerror or type(problem).__name__) from None
