"""Calendars in iCalendar (RFC 5545): events with their time zones, repetitions, changes and cancellations.

Every event and every occurrence of a repeated one is a row, known by its UID and by the start that it had first, so
that the same event from another feed, or in another order, or moved to another hour, is the same event again.
"""

from ingest.readers.calendar.reading import read

__all__ = ["read"]
