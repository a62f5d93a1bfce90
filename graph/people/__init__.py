"""People who may be one: how likely that is, and why.

Whoever brings files asks it of what the files say, and whoever keeps a network asks it of everybody in the graph.
"""

from graph.people.likeness import Likeness, Reason, candidates, likeness

__all__ = ["Likeness", "Reason", "candidates", "likeness"]
