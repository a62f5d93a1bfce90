"""Events of organisers, with what is odd about times, for tests of their pages and calendars."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from graph import event_changes
from graph.agenda import AgendaItem, set_agenda
from graph.audiences import set_of_person
from graph.graph import Graph
from graph.values import EventId
from graph.viewer import Audience, FieldGroup, Role, Viewer
from tests.graph.people.duplicated import AMA, KOFI, SECOND, loaded, written
from tests.graph.speaking.network import ORGANISER

__all__ = ["CLOCKS", "HOSTILE", "PARIS", "SOON", "WHOLE_DAY", "folder_of_events", "made", "speaks"]

PARIS = ZoneInfo("Europe/Paris")
HOSTILE = "<script>alert('x')</script> & gates"
SOON = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=40)
CLOCKS: dict[str, Any] = {
    "title": "Across the clocks",
    "starts_at": datetime(2027, 3, 27, 22, tzinfo=PARIS),
    "ends_at": datetime(2027, 3, 28, 12, tzinfo=PARIS),
    "time_zone": "Europe/Paris",
}
WHOLE_DAY: dict[str, Any] = {
    "title": "يوم مفتوح",
    "starts_at": datetime(2027, 3, 2, tzinfo=PARIS),
    "ends_at": datetime(2027, 3, 3, tzinfo=PARIS),
    "time_zone": "Europe/Paris",
}


async def made(graph: Graph, **given: Any) -> EventId:
    """An event of an organiser's, of which this is said."""
    said: Any = {"kind": "briefing", "format": "online", **given}
    return (await event_changes.create(graph, ORGANISER, given=said, idempotency_key=None)).event


async def speaks(graph: Graph, event: EventId, *items: AgendaItem) -> None:
    """Write an event's first agenda."""
    await set_agenda(graph, ORGANISER, event=event, expected_version=0, items=items)


async def folder_of_events(graph: Graph, folder: Path) -> None:
    """Load people who show everything to everyone, two events of 2022 where two of them spoke, and a series."""
    written(folder)
    (folder / "series.csv").write_text("id,name,description\nbriefings,Briefings,Monthly\n", encoding="utf-8")
    await loaded(graph, folder)
    for expert in (AMA, SECOND, KOFI):
        as_them = Viewer(Role.MEMBER, person=expert, actor=f"account:of-{expert}")
        await set_of_person(graph, as_them, expert=expert, chosen=dict.fromkeys(FieldGroup, Audience.EVERYONE))
