"""Speakers: who is considered for which event, what becomes of that, and how fairly people are asked.

A candidacy is one person considered for one event. It is the organisers' own: nobody else knows of it but the person
who was invited, of their own invitation and its state alone.
"""

from graph.speaking.answer_links import AnswerLinkEnded
from graph.speaking.answering import POSSIBLE, Answer, AskedToSpeak, CannotAnswer, answer, answer_own, asked
from graph.speaking.answers import AnswerGiven, answers_given
from graph.speaking.attendance import (
    Before,
    OtherAttendance,
    OwnWord,
    Present,
    Recorded,
    record_attendance,
    restore_attendance,
)
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
from graph.speaking.changing import Advanced, TakenBack, advance, move, set_note, take_back
from graph.speaking.counting import Fairness, Share, SpanEndsFirst, TimesAsked, fairness
from graph.speaking.deadlines import Unanswered, unanswered
from graph.speaking.history import Asked, Conflict, ConflictKind, History, TookPart, conflicts, histories
from graph.speaking.letters import (
    AnswerTooLate,
    Correspondence,
    GivenAnswer,
    Letter,
    LetterId,
    LetterState,
    NotReachable,
    Prepared,
    Wanted,
    correspondence,
    preview,
)
from graph.speaking.occasions import LINKED, EventTold, Occasion
from graph.speaking.outbox import Waiting, not_sent, secret_of, sent, take
from graph.speaking.own import SpeakingInvitation, own_invitations
from graph.speaking.reminding import remind_overdue
from graph.speaking.replies import Outcome, Replied, Reply, take_replies
from graph.speaking.returned import NoSuchLetter, record_bounce, send_again
from graph.speaking.shortlisting import Proposed, Shortlisted, ShortlistFull, shortlist, shortlist_found
from graph.speaking.standing import standings
from graph.speaking.states import (
    NEXT,
    EventCancelled,
    EventNotBegun,
    EventNotPublished,
    ImpossibleStep,
    NotRecorded,
    NotTakenBack,
    State,
)
from graph.speaking.telling import Told, tell_speakers

__all__ = [
    "LINKED",
    "NEXT",
    "POSSIBLE",
    "Advanced",
    "Answer",
    "AnswerGiven",
    "AnswerLinkEnded",
    "AnswerTooLate",
    "Asked",
    "AskedToSpeak",
    "Attendee",
    "Before",
    "Candidacy",
    "CandidacyId",
    "CannotAnswer",
    "Certainty",
    "Conflict",
    "ConflictKind",
    "Correspondence",
    "EventCancelled",
    "EventNotBegun",
    "EventNotPublished",
    "EventTold",
    "Fairness",
    "FoundBy",
    "GivenAnswer",
    "Ground",
    "Grounds",
    "History",
    "ImpossibleStep",
    "Letter",
    "LetterId",
    "LetterState",
    "MatchedAttendee",
    "NoSuchCandidacy",
    "NoSuchLetter",
    "NotReachable",
    "NotRecorded",
    "NotTakenBack",
    "Occasion",
    "OtherAttendance",
    "Outcome",
    "OwnWord",
    "Prepared",
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
    "TakenBack",
    "TimesAsked",
    "Told",
    "TookPart",
    "Unanswered",
    "Waiting",
    "Wanted",
    "advance",
    "answer",
    "answer_own",
    "answers_given",
    "asked",
    "by_id",
    "conflicts",
    "correspondence",
    "fairness",
    "histories",
    "match_attendees",
    "move",
    "next_in_line",
    "not_sent",
    "own_invitations",
    "page",
    "preview",
    "record_attendance",
    "record_bounce",
    "remind_overdue",
    "restore_attendance",
    "secret_of",
    "send_again",
    "sent",
    "set_note",
    "shortlist",
    "shortlist_found",
    "standings",
    "take",
    "take_back",
    "take_replies",
    "tell_speakers",
    "unanswered",
]
