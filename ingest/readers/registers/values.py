"""What stands at a place in JSON that a stranger wrote: of the type that is asked for, or nothing."""

from collections.abc import Callable, Mapping

from ingest.cells import Unfit

__all__ = ["accepted", "at", "number_at", "objects_at", "text_at"]


def at(given: object, *path: str) -> object:
    """What stands under these keys, one within the other; None if there is nothing."""
    for key in path:
        if not isinstance(given, Mapping):
            return None
        given = given.get(key)
    return given


def text_at(given: object, *path: str) -> str:
    """The text under these keys, without outer space; empty if there is none."""
    found = at(given, *path)
    return found.strip() if isinstance(found, str) else ""


def number_at(given: object, *path: str) -> float:
    """The number under these keys; 0 if there is none."""
    found = at(given, *path)
    return found if isinstance(found, int | float) and not isinstance(found, bool) else 0


def objects_at(given: object, *path: str) -> list[Mapping[str, object]]:
    """The objects of the list under these keys; what else is in it is left out."""
    found = at(given, *path)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def accepted(check: Callable[[str], object], text: str) -> str:
    """A text as a cell's validator writes it, or empty if that does not take it."""
    try:
        return str(check(text)) if text else ""
    except Unfit:
        return ""
