"""Time zones by their names in the IANA database."""

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from ingest.cells import closest

__all__ = ["closest_zone", "zone_named"]


def zone_named(name: object) -> ZoneInfo | None:
    """The time zone of that name; None if there is none."""
    return ZoneInfo(name) if isinstance(name, str) and name in _names() else None


def closest_zone(name: str) -> str | None:
    """The time zone that was probably meant, if any is close."""
    return closest(name, _names())


@cache
def _names() -> frozenset[str]:
    # Listing them walks through hundreds of files.
    return frozenset(available_timezones())
