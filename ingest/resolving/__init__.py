"""From what readers found to the network's ids: who and what every row of every foreign file means.

Files name people and things as they do: by numbers of other registers, by addresses, by a name in some language.
Here these become the ids of the network, or are doubts. Nothing is guessed: a doubt says what would make it certain.
The same files give the same ids, in whatever order they and their rows come.
"""

from ingest.resolving.resolve import Resolved, ResolvedDocument, resolve
from ingest.resolving.rows import ResolvedRow

__all__ = ["Resolved", "ResolvedDocument", "ResolvedRow", "resolve"]
