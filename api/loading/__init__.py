"""What an administrator sends to be loaded: its files taken in, and each load from its preview to its end.

``knowwho ingest`` does the loading, in a process of its own; here it is started, watched and ended.
"""

from api.loading.files import NOTHING_TO_READ, READ, UnfitUpload, Upload, is_read, put_in_place, take_in
from api.loading.loads import KEPT_S, MOST_OF_ACCOUNT, Load, LoadId, Loads, NoSuchLoad, NotNow, Step, Trouble
from api.loading.report import Count, Problem, RowToMend, Things, Told

__all__ = [
    "KEPT_S",
    "MOST_OF_ACCOUNT",
    "NOTHING_TO_READ",
    "READ",
    "Count",
    "Load",
    "LoadId",
    "Loads",
    "NoSuchLoad",
    "NotNow",
    "Problem",
    "RowToMend",
    "Step",
    "Things",
    "Told",
    "Trouble",
    "UnfitUpload",
    "Upload",
    "is_read",
    "put_in_place",
    "take_in",
]
