"""What a programme makes and does, made, changed and removed by organisers: resources, projects, activities, series."""

from graph.programme.activities import ACTIVITY, STATUSES, ActivityChanges
from graph.programme.making import Described, Made, StillNeeded, ToldByFile, create, remove, update
from graph.programme.projects import PROJECT, ProjectChanges
from graph.programme.resources import RESOURCE, ResourceChanges, VersionGiven
from graph.programme.series import SERIES, SeriesChanges

__all__ = [
    "ACTIVITY",
    "PROJECT",
    "RESOURCE",
    "SERIES",
    "STATUSES",
    "ActivityChanges",
    "Described",
    "Made",
    "ProjectChanges",
    "ResourceChanges",
    "SeriesChanges",
    "StillNeeded",
    "ToldByFile",
    "VersionGiven",
    "create",
    "remove",
    "update",
]
