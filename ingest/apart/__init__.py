"""Foreign files, read in a process of its own with little time and memory.

What strangers' programs wrote may loop, swell or crash the library that reads it. :class:`Apart` has a child process
(``python -m ingest.apart``) read one file after the other: a file that is too much is refused with a sentence, the
child is ended and a new one reads the next. The child is told a path and answers a :class:`ingest.found.Reading`; it
never sees the graph, its secrets or the network.
"""

from ingest.apart.apart import Apart, Limits, NotThisTime

__all__ = ["Apart", "Limits", "NotThisTime"]
