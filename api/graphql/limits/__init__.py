"""How large, how deep and how costly a query may be, told before it runs: a short text cannot mean long work.

A text is scanned, then parsed, then measured in one walk that counts each fragment once, then validated, then weighed;
each step bounds what the next one has to do. docs/limits.md has the rules and the numbers.
"""

from api.graphql.limits.limiter import MutationLimiter, QueryLimiter
from api.graphql.limits.refusals import (
    MOST_BRACKETS,
    MOST_BYTES,
    MOST_DEFINITIONS,
    MOST_LETTERS,
    MOST_LINES,
    MOST_VALUES,
)

__all__ = [
    "LIMITS",
    "MOST_BRACKETS",
    "MOST_BYTES",
    "MOST_DEFINITIONS",
    "MOST_LETTERS",
    "MOST_LINES",
    "MOST_VALUES",
    "MutationLimiter",
    "QueryLimiter",
]

LIMITS = (QueryLimiter, MutationLimiter)
"""The extensions of the schema that hold the limits, in this order: what is too costly changes nothing."""
