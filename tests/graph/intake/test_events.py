"""A calendar that calls a whole series off: what becomes of its occurrences, which are events of their own."""

from datetime import UTC, datetime

import pytest

from graph import intake
from graph.graph import Graph, Transaction
from graph.intake import Kind, Sourced, Trust, record_id
from ingest.rows import Event

SERIES = "ical:weekly@example.org"


def said(
    source: str, id: str, *, status: str = "confirmed", sequence: int | None = None, known_as: str = ""
) -> Sourced:
    """What a calendar says of a week of the series, or of all of it under the id 'weekly'."""
    identifier = known_as or (SERIES if id == "weekly" else f"{SERIES}/{id}T130000Z")
    cells = {"id": id, "title": "Weekly", "kind": "meeting", "status": status, "identifiers": [identifier]}
    row = Event.model_validate(cells | ({} if sequence is None else {"sequence": str(sequence)}))
    return Sourced(source, "event", Trust.PROGRAMME, row.record())


async def store(graph: Graph, *rows: Sourced) -> None:
    async def work(tx: Transaction) -> None:
        await intake.store_records(tx, Kind.EVENTS, rows, folder="/network", at=datetime.now(UTC))

    await graph.transact(work)


async def remove(graph: Graph, source: str, *ids: str) -> None:
    async def work(tx: Transaction) -> None:
        records = [record_id(source=source, kind=Kind.EVENTS, subject=id) for id in ids]
        await intake.remove_records(tx, Kind.EVENTS, records)

    await graph.transact(work)


async def statuses(graph: Graph) -> dict[str, str]:
    rows = await graph.read("MATCH (v:Event) WHERE v.id <> 'weekly' RETURN v.id AS id, v.status AS status")
    return {row["id"]: row["status"] for row in rows}


@pytest.mark.parametrize("is_cancelled_first", [True, False])
async def test_what_cancels_a_series_cancels_its_occurrences_alone(graph: Graph, is_cancelled_first: bool) -> None:
    feed = [said("feed.ics", "20220316"), said("feed.ics", "other", known_as=f"{SERIES}.other/20220316T130000Z")]
    cancelled = [said("cancelled.ics", "weekly", status="cancelled")]

    for rows in (cancelled, feed) if is_cancelled_first else (feed, cancelled):
        await store(graph, *rows)

    assert await statuses(graph) == {"20220316": "cancelled", "other": "confirmed"}


async def test_a_cancellation_that_is_taken_out_takes_its_effect_with_it(graph: Graph) -> None:
    await store(graph, said("feed.ics", "20220316"), said("feed.ics", "20220323", status="tentative"))
    await store(graph, said("cancelled.ics", "weekly", status="cancelled"))

    await remove(graph, "cancelled.ics", "weekly")

    assert await statuses(graph) == {"20220316": "confirmed", "20220323": "tentative"}


async def test_a_cancellation_that_is_taken_back_takes_its_effect_with_it(graph: Graph) -> None:
    await store(graph, said("feed.ics", "20220316"))
    await store(graph, said("cancelled.ics", "weekly", status="cancelled"))

    await store(graph, said("cancelled.ics", "weekly", status="confirmed"))

    assert await statuses(graph) == {"20220316": "confirmed"}


@pytest.mark.parametrize("is_cancelled_first", [True, False])
async def test_what_was_changed_after_the_cancellation_takes_place(graph: Graph, is_cancelled_first: bool) -> None:
    feed = [said("feed.ics", "20220316", sequence=3), said("feed.ics", "20220323", sequence=2)]
    cancelled = [said("cancelled.ics", "weekly", status="cancelled", sequence=2)]

    for rows in (cancelled, feed) if is_cancelled_first else (feed, cancelled):
        await store(graph, *rows)

    assert await statuses(graph) == {"20220316": "confirmed", "20220323": "cancelled"}


async def test_of_two_cancellations_the_other_one_stays(graph: Graph) -> None:
    await store(graph, said("feed.ics", "20220316", sequence=1))
    await store(graph, said("one.ics", "weekly", status="cancelled", sequence=2))
    await store(graph, said("two.ics", "weekly", status="cancelled", sequence=2))

    await remove(graph, "one.ics", "weekly")

    assert await statuses(graph) == {"20220316": "cancelled"}


async def test_an_occurrence_that_only_a_calendar_told_of_goes_although_its_series_is_cancelled(graph: Graph) -> None:
    await store(graph, said("feed.ics", "20220316"), said("cancelled.ics", "weekly", status="cancelled"))

    await remove(graph, "feed.ics", "20220316")

    assert await statuses(graph) == {}
