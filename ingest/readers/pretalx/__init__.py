"""Conferences out of pretalx (its REST API's JSON, its organiser's export) and c3voc schedules (frab, pretalx, others).

Speakers become experts, their talks what they spoke on and evidence in its own language, tracks and tags topics; rooms
and times are kept. What is not public (reviews, internal notes, answers, availabilities) is never taken.
"""

from ingest.readers.pretalx.reading import read

__all__ = ["read"]
