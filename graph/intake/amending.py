"""What somebody changes of a person or an event in the network itself: put on record, as a source of its own.

So it is told where it comes from, and a file that is loaded later says what it says beside it: where somebody decided a
field, with a list or with nothing as well, that stands, and everything else follows the files as before.
"""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, LiteralString

from graph.graph import Transaction
from graph.intake.known import Kind
from graph.intake.records import Sourced, Trust, identity_of, read_said, record_id, store_records

__all__ = ["amend"]

SAID_BEFORE: LiteralString = """
MATCH (r:Record {id: $id})
RETURN r.said AS said, coalesce(r.decides, []) AS decides, coalesce(r.amends, false) AS amends
"""


async def amend(
    tx: Transaction,
    kind: Kind,
    *,
    source: str,
    trust: Trust,
    place: str,
    subject: str,
    changes: Mapping[str, Any],
    at: datetime,
) -> None:
    """Take down that a source says this of a subject from now on; what it said before of other fields stays.

    Raises:
        PersonErased: the person was erased.
    """
    rows = await tx.run(SAID_BEFORE, id=record_id(source=source, kind=kind, subject=subject))
    before = read_said(rows[0]["said"]) if rows else {}
    decides: Collection[str] = {*(rows[0]["decides"] if rows else ()), *changes}
    said = {**before, **changes}
    digest = identity_of([source, json.dumps([said, sorted(decides)], ensure_ascii=False, sort_keys=True, default=str)])
    amends = bool(rows[0]["amends"]) if rows else True
    row = Sourced(source, place, trust, {**said, "id": subject, "digest": digest}, decides=decides, amends=amends)
    await store_records(tx, kind, [row], folder="", at=at)
