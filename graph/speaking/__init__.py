"""Speakers: who is considered for which event, what becomes of that, and how fairly people are asked.

A candidacy is one person considered for one event. It is the organisers' own: nobody else knows of it but the person
who was invited, of their own invitation and its state alone.
"""

from graph.speaking.attendance import Present, Recorded, record_attendance
from graph.speaking.attendees import Attendee, Certainty, Ground, MatchedAttendee, match_attendees
from graph.speaking.candidacies import (
    Candidacy,
    CandidacyId,
    FoundBy,
    Grounds,
    NoSuchCandidacy,
    Step,
    by_id,
    next_in_line,
    page,
)
from graph.speaking.changing import Advanced, advance, move, set_note
from graph.speaking.counting import Fairness, Share, SpanEndsFirst, TimesAsked, fairness
from graph.speaking.history import Asked, Conflict, ConflictKind, History, TookPart, conflicts, histories
from graph.speaking.own import SpeakingInvitation, own_invitations
from graph.speaking.replies import Outcome, Replied, Reply, take_replies
from graph.speaking.shortlisting import Proposed, Shortlisted, ShortlistFull, shortlist, shortlist_found
from graph.speaking.states import NEXT, EventCancelled, EventNotBegun, ImpossibleStep, NotRecorded, State

__all__ = [
    "NEXT",
    "Advanced",
    "Asked",
    "Attendee",
    "Candidacy",
    "CandidacyId",
    "Certainty",
    "Conflict",
    "ConflictKind",
    "EventCancelled",
    "EventNotBegun",
    "Fairness",
    "FoundBy",
    "Ground",
    "Grounds",
    "History",
    "ImpossibleStep",
    "MatchedAttendee",
    "NoSuchCandidacy",
    "NotRecorded",
    "Outcome",
    "Present",
    "Proposed",
    "Recorded",
    "Replied",
    "Reply",
    "Share",
    "ShortlistFull",
    "Shortlisted",
    "SpanEndsFirst",
    "SpeakingInvitation",
    "State",
    "Step",
    "TimesAsked",
    "TookPart",
    "advance",
    "by_id",
    "conflicts",
    "fairness",
    "histories",
    "match_attendees",
    "move",
    "next_in_line",
    "own_invitations",
    "page",
    "record_attendance",
    "set_note",
    "shortlist",
    "shortlist_found",
    "take_replies",
]
