"""Ids made from a name or a title, as files have them: salma-benrabah, salma-benrabah-2 and so on."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import count

__all__ = ["slugs"]

LONGEST = 80


def slugs(text: str, *, otherwise: str) -> Iterator[str]:
    """Ids without end, the shortest first; of ``otherwise`` where the text has none of the letters that ids have."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST].strip("-") or otherwise
    yield slug
    for number in count(2):
        yield f"{slug}-{number}"
