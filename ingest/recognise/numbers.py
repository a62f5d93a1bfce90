"""Numbers of people."""

import re

from graph.fields import LARGEST_CAPACITY
from ingest.cells import Unfit, visible
from ingest.recognise.words import text_line

__all__ = ["number_of_people"]

LONGEST = 9

# Of any script's digits; between thousands stand a space, a comma, a dot or an apostrophe.
GROUPED = re.compile(r"\d{1,3}(?:([ ,.'’\u00a0\u202f])\d{3})?(?:\1\d{3})*|\d+")


def number_of_people(text: str) -> str:
    """For how many people there is room: 1 to 1,000,000, such as ``120`` for ``120``, ``1 200`` and ``١٢٠``."""
    written = text_line(text)
    digits = re.sub(r"\D", "", written) if GROUPED.fullmatch(written) else ""
    if not digits or len(digits) > LONGEST or not 1 <= int(digits) <= LARGEST_CAPACITY:
        raise Unfit(
            f"'{visible(text)}' is no number of people",
            remedy=f"write for how many people there is room, 1 to {LARGEST_CAPACITY}, such as 120",
        )
    return str(int(digits))
