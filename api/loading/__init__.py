"""What an administrator sends to be loaded: its files taken in, and each load from its preview to its end.

``knowwho ingest`` does the loading, in a process of its own; here it is started, watched and ended.
"""

from api.loading.files import UnfitUpload, Upload, put_in_place, take_in
from api.loading.loads import Load, LoadId, Loads, NoSuchLoad, NotNow, Step, Trouble
from api.loading.report import Count, Problem, RowToMend, Told

__all__ = [
    "Count",
    "Load",
    "LoadId",
    "Loads",
    "NoSuchLoad",
    "NotNow",
    "Problem",
    "RowToMend",
    "Step",
    "Told",
    "Trouble",
    "UnfitUpload",
    "Upload",
    "put_in_place",
    "take_in",
]
