"""Talks by GraphQL: when, where and in which language they are given; events: where and whether they take place."""

from pathlib import Path

from api.graphql.schema import schema
from graph.graph import Graph
from graph.viewer import Role, Viewer
from ingest import load
from tests.ingest.conftest import SMALL, write_files
from tests.visibility.entry_points import context

EVENT = """
query {
  event(id: "briefing") {
    place timeZone status url
    speakers { edges { title startsAt endsAt room language url } }
  }
}
"""


async def test_a_talk_tells_its_slot_and_an_event_its_place(graph: Graph, tmp_path: Path) -> None:
    files = SMALL | {
        "events.csv": "id,title,kind,status,time_zone,place\n"
        "briefing,Briefing,briefing,confirmed,Africa/Tunis,Hall 2\n",
        "speakers.csv": "event,expert,talk,starts_at,ends_at,room,language\n"
        "briefing,salma-benrabah,Three gestures,2022-06-02T14:00:00+02:00,2022-06-02T14:30:00+02:00,Room 1,fr\n",
    }
    await load(graph, Viewer.at_the_command_line(), write_files(tmp_path, files))

    answer = await schema.execute(EVENT, context_value=context(graph, Viewer(Role.MEMBER)))

    assert answer.errors is None
    assert answer.data == {
        "event": {
            "place": "Hall 2",
            "timeZone": "Africa/Tunis",
            "status": "confirmed",
            "url": None,
            "speakers": {
                "edges": [
                    {
                        "title": "Three gestures",
                        "startsAt": "2022-06-02T12:00:00+00:00",
                        "endsAt": "2022-06-02T12:30:00+00:00",
                        "room": "Room 1",
                        "language": "fr",
                        "url": None,
                    }
                ]
            },
        }
    }
