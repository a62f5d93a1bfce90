"""The ids of nodes among all nodes (Relay's): the noun and its own id, in Base64."""

import base64

from graph.model import NOUNS

__all__ = ["noun_and_id", "own_id"]


def noun_and_id(given: str) -> tuple[str, str] | None:
    """The noun and the own id that an id stands for; None if it is no id of a node."""
    try:
        noun, _, own = base64.b64decode(given, validate=True).decode().partition(":")
    except ValueError:  # no Base64, or no text
        return None
    return (noun, own) if noun in NOUNS and own else None


def own_id(given: str, noun: str) -> str:
    """The id within its noun, from an id among all nodes or from itself."""
    found = noun_and_id(given)
    return found[1] if found and found[0] == noun else given
