"""Tables for spreadsheet programs, as CSV in which no cell is taken for a formula."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

__all__ = ["BYTE_ORDER_MARK", "lines", "table"]

BYTE_ORDER_MARK = "\ufeff"
"""Without it spreadsheet programs take a table to be in the code page of their machine."""

# What a spreadsheet program takes for the start of a formula, also written full width (OWASP, "CSV Injection").
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


# Where some countries' programs part a line, with what would be a formula behind it; a telephone number is none.
AFTER_A_MARK = re.compile(r"""([;|][ \t"']*)(?=[=@＝＠]|[+\-＋－][^\d\s])""")


def table(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """The rows as CSV (RFC 4180) under a header.

    A cell that a spreadsheet program would calculate, such as "=1+1" or "+216 70 123456", has an apostrophe before it,
    which a roster that is loaded is read without.
    """
    return lines(columns, [{column: column for column in columns}]) + lines(columns, rows)


def lines(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """As :func:`table`, without the header: a further part of one."""
    made = io.StringIO()
    writer = csv.DictWriter(made, columns)
    writer.writerows({column: _neutral(cell) for column, cell in row.items()} for row in rows)
    return made.getvalue()


def _neutral(cell: str) -> str:
    """A cell without what would be calculated; also after a mark at which some countries' programs part a line."""
    neutral = f"'{cell}" if cell.startswith(STARTS_FORMULA) else cell
    return AFTER_A_MARK.sub(r"\1'", neutral)
