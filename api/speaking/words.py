"""The words of letters to speakers, and of the page on which they answer, in the six UN languages."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from api.catalogues import Words, catalogue

__all__ = ["NAMES", "PLURALS", "words_of"]

FOLDER: Final = Path(__file__).with_name("translations")

NAMES: Final[Mapping[str, str]] = {
    # The event.
    "told": "%(label)s: %(value)s",
    "event": "Event",
    "kind": "Kind",
    "when": "When",
    "begins": "Begins",
    "ends": "Ends",
    "in UTC": "In UTC",
    "where": "Where",
    "web page": "Web page",
    "undated": "no date has been given yet",
    "joined": "%(first)s, %(second)s",
    "moment": "%(day)s, %(time)s",
    "zoned": "%(moment)s (%(zone)s)",
    "span": "%(since)s – %(until)s",
    "kind briefing": "Briefing",
    "kind launch": "Launch",
    "kind workshop": "Workshop",
    "kind training": "Training",
    "kind conference": "Conference",
    "kind meeting": "Meeting",
    "online": "Online",
    "online at": "Online (%(place)s)",
    "in person": "In person",
    "hybrid": "In person and online",
    "hybrid at": "%(place)s, and online",
    # Letters.
    "subject invitation": "Invitation to speak: %(title)s",
    "subject reminder": "A reminder of our invitation to speak: %(title)s",
    "subject confirmation": "Confirmed, you are speaking: %(title)s",
    "subject release": "No need to keep the date free: %(title)s",
    "subject change": "Changed: %(title)s",
    "subject cancellation": "Cancelled: %(title)s",
    "greeting": "Dear %(name)s,",
    "greeting without a name": "Hello,",
    "opening invitation": "%(network)s warmly invites you to speak at this event:",
    "opening reminder": (
        "%(network)s invited you to speak at this event and has not had an answer from you yet. "
        "We would still be glad to have you:"
    ),
    "opening confirmation": (
        "Thank you for saying yes. It is now settled that you will speak at this event, to which %(network)s "
        "invited you:"
    ),
    "opening release": (
        "%(network)s had asked you to speak at this event. The plans have changed, and you need not keep the date "
        "free any longer:"
    ),
    "opening change": (
        "Something has changed about this event, at which %(network)s asked you to speak. This is how it stands now:"
    ),
    "opening cancellation": (
        "We are sorry to tell you that this event, at which %(network)s had asked you to speak, will not take place:"
    ),
    "closing": (
        "You need do nothing more. We are sorry for any trouble this causes you, and thank you for your readiness "
        "to speak."
    ),
    "note": "Those who organise the event write:",
    "about": "About the event",
    "answer here": (
        "Please answer on this page; you need not sign in. There you can accept, decline, name somebody else who "
        "could speak, or propose another time:"
    ),
    "not after all": "If you cannot come after all, please say so on this page; you need not sign in:",
    "after a change": (
        "If this no longer suits you, or if you have not answered yet, please say so on this page; you need not "
        "sign in:"
    ),
    "answer by": "Please let us have your answer by %(moment)s.",
    "yours alone": "The link is meant for you alone: whoever has it can answer for you.",
    "why asked": (
        "You get this letter because those who organise the event would like you to speak at it. As long as you do "
        "not answer, you have agreed to nothing."
    ),
    "why told": "You get this letter because you were asked to speak at this event.",
    "fictional": "This is a sample network: all that it tells of people, organisations and events is fictional.",
    # The page.
    "to the content": "To the content",
    "page title": "Your answer: %(title)s",
    "state asked": "You are invited to speak at this event, and we look forward to your answer.",
    "state accepted": "You have agreed to speak at this event. The organisers will confirm it to you.",
    "state declined": "You have declined to speak at this event.",
    "state confirmed": "It is settled that you will speak at this event.",
    "state withdrawn": "You are not expected to speak at this event.",
    "state cancelled": "This event will not take place.",
    "state over": "This event has begun or is over, so there is nothing to answer any more.",
    "thanks accept": "Thank you for saying yes! The organisers will write to you as soon as everything is settled.",
    "thanks decline": "Thank you for letting us know. You need do nothing more.",
    "thanks other_time": "Thank you. The organisers will look at what you propose and get back to you.",
    "thanks withdraw": "Thank you for telling us. The organisers now know that you cannot come.",
    "by organisers": "from those who organise the event",
    "accept": "Accept",
    "accept help": "If something comes up later, you can say so on this page.",
    "decline": "I cannot speak",
    "send decline": "Decline",
    "other time": "Another time would suit me better",
    "send other time": "Propose another time",
    "withdraw": "I cannot come after all",
    "send withdraw": "Tell the organisers",
    "reason": "Why not? You may leave this empty.",
    "suggestion": "Who else could speak? You may leave this empty.",
    "suggestion help": "A name and where the person works are enough.",
    "which time": "When would it suit you?",
    "too often": (
        "Too many answers came from your network at once, so this one was not taken down. What you wrote is still "
        "here: please send it again in a few minutes."
    ),
    "ended title": "This link is not in use",
    "ended": "It may have been replaced by a newer one, may have ended, or may not have been copied in full.",
    "ended help": (
        "If you expect an invitation here, please use the link in the latest letter, or ask whoever wrote to you."
    ),
}
"""Every text without a number, by what it is for; English is what catalogues translate."""

PLURALS: Final[Mapping[str, tuple[str, str]]] = {
    "languages": ("Language", "Languages"),
}
"""Every text that depends on a number, by what is counted."""


@cache
def words_of(language: str) -> Words:
    """The words of one of the six languages."""
    return Words(language, catalogue(FOLDER, language), NAMES, PLURALS)
