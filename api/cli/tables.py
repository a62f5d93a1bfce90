"""Tables on the terminal: nothing in them is cut, and what goes into a pipe or a file is as wide as it needs to be."""

from collections.abc import Collection
from typing import Final

from rich.console import Console
from rich.table import Table

__all__ = ["table_of", "terminal"]

WIDEST: Final = 10_000
"""Columns of a line that no terminal has to show."""


def terminal() -> Console:
    """Where tables are printed."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=WIDEST)


def table_of(*headings: str, whole: Collection[str] = ()) -> Table:
    """A table whose cells go on in further lines where they are too long; those of ``whole`` columns do so last."""
    table = Table()
    for heading in headings:
        table.add_column(heading, overflow="fold", no_wrap=heading in whole)
    return table
