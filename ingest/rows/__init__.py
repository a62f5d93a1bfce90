"""The rows of a network's CSV files: one model for each file, its fields the file's columns.

A field without a default is a column that every file must have and every row must fill. What a row refers to is
checked elsewhere, when all files have been read. ``record`` gives what the graph stores.
"""

from collections.abc import Mapping

from graph.intake import Kind
from ingest.rows.events import Attendance, Event, Series, Speaker
from ingest.rows.people import Affiliation, Expert, Organisation
from ingest.rows.programme import Activity, Project, Resource
from ingest.rows.row import Reference, Row, cell_of
from ingest.rows.topics import Topic

__all__ = [
    "MODELS",
    "Activity",
    "Affiliation",
    "Attendance",
    "Event",
    "Expert",
    "Organisation",
    "Project",
    "Reference",
    "Resource",
    "Row",
    "Series",
    "Speaker",
    "Topic",
    "cell_of",
]

MODELS: Mapping[Kind, type[Row]] = {
    model.stands_for: model
    for model in (
        Organisation,
        Topic,
        Series,
        Project,
        Expert,
        Event,
        Resource,
        Activity,
        Affiliation,
        Speaker,
        Attendance,
    )
}
