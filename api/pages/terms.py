"""The words for what the graph says in codes: how well a match fits, kinds of evidence and events, levels, stages.

Some codes come from a network's own files and may be any word; those that are not listed are shown as they are.
"""

from collections.abc import Mapping
from typing import Final

from api.pages.words import N_, words_in

__all__ = ["term"]

TERMS: Final[Mapping[str, Mapping[str, str]]] = {
    "strength": {"strong": N_("Strong match"), "good": N_("Good match"), "weak": N_("Weak match")},
    "evidence": {
        "biography": N_("Biography"),
        "profile": N_("Profile"),
        "talk": N_("Talk"),
        "resource": N_("Publication"),
        "article": N_("Article"),
        "answer": N_("Answer"),
    },
    "expertise": {"lead": N_("leads in it"), "practitioner": N_("practises it"), "familiar": N_("knows it")},
    "language level": {
        "native": N_("first language"),
        "fluent": N_("fluent"),
        "working": N_("working level"),
        "basic": N_("basic"),
    },
    "event": {
        "briefing": N_("Briefing"),
        "launch": N_("Launch"),
        "workshop": N_("Workshop"),
        "training": N_("Training"),
        "conference": N_("Conference"),
        "meeting": N_("Meeting"),
    },
    "agenda": {
        "opening": N_("Opening"),
        "talk": N_("Talk"),
        "panel": N_("Panel"),
        "discussion": N_("Discussion"),
        "workshop": N_("Workshop"),
        "break": N_("Break"),
        "closing": N_("Closing"),
    },
    "speaking": {
        "speaker": N_("speaker"),
        "moderator": N_("moderator"),
        "panellist": N_("panellist"),
        "host": N_("host"),
    },
    "format": {"online": N_("online"), "in-person": N_("in person"), "hybrid": N_("in person and online")},
    "stage": {
        "planned": N_("planned"),
        "confirmed": N_("confirmed"),
        "under_way": N_("under way"),
        "held": N_("held"),
        "cancelled": N_("cancelled"),
        "idea": N_("idea"),
        "projected": N_("projected"),
        "done": N_("done"),
    },
    "resource": {
        "module": N_("Module"),
        "compendium": N_("Compendium"),
        "course": N_("Course"),
        "roadmap": N_("Roadmap"),
        "guide": N_("Guide"),
        "report": N_("Report"),
    },
    "activity": {
        "national": N_("National activity"),
        "regional": N_("Regional activity"),
        "global": N_("Global activity"),
        "outreach": N_("Outreach activity"),
        "knowledge-product": N_("Knowledge product"),
        "e-learning": N_("E-learning"),
        "network": N_("Network activity"),
        "partnership": N_("Partnership"),
    },
    "part": {
        "speaker": N_("speaker"),
        "moderator": N_("moderator"),
        "panellist": N_("panellist"),
        "host": N_("host"),
    },
    "shared": {
        "topic": N_("Topics"),
        "event": N_("Events"),
        "organisation": N_("Organisations"),
        "resource": N_("Publications"),
        "country": N_("Countries"),
        "language": N_("Languages"),
    },
    "organisation": {
        "government": N_("Government"),
        "police": N_("Police"),
        "international": N_("International organisation"),
        "academia": N_("Academia"),
        "civil-society": N_("Civil society"),
        "private-sector": N_("Private sector"),
        "faith-community": N_("Faith community"),
    },
    "gap": {
        "nobody": N_("nobody knows it"),
        "nobody_strong": N_("nobody leads in it or practises it"),
    },
    "nearness": {
        "lives_there": N_("lives there"),
        "worked_there": N_("worked there"),
        "lives_near": N_("lives in the same part of the world"),
        "held_before": N_("was held before, and could be held again"),
        "planned_there": N_("is planned there"),
    },
    "gender": {"woman": N_("a woman"), "man": N_("a man"), "other": N_("other")},
    "role": {
        "public": N_("the public"),
        "member": N_("member"),
        "organiser": N_("organiser"),
        "administrator": N_("administrator"),
    },
    "letter": {
        "invitation": N_("Invitation"),
        "reminder": N_("Reminder"),
        "confirmation": N_("Confirmation"),
        "release": N_("Release"),
        "change": N_("News of a change"),
        "cancellation": N_("Cancellation"),
    },
    "letter state": {
        "waiting": N_("waits to leave"),
        "sent": N_("sent"),
        "failed": N_("could not be sent"),
        "outdated": N_("did not leave, since it was no longer so"),
        "bounced": N_("came back"),
        "unwanted": N_("they complained of it"),
    },
    "nearness": {
        "lives_there": N_("lives there"),
        "speaks_it": N_("speaks it"),
        "worked_there": N_("worked there"),
        "lives_near": N_("lives near there"),
        "speaks_some": N_("speaks some of it"),
        "held_before": N_("held before; it could be held again"),
        "planned_there": N_("planned there"),
    },
    "answer": {
        "accept": N_("Yes."),
        "decline": N_("No."),
        "other_time": N_("At another time."),
        "withdraw": N_("They cannot come after all."),
    },
    "standing": {
        "shortlisted": N_("Shortlisted"),
        "invited": N_("Invited"),
        "reminded": N_("Reminded"),
        "accepted": N_("Accepted"),
        "declined": N_("Declined"),
        "withdrawn": N_("Withdrawn"),
        "confirmed": N_("Confirmed"),
        "spoke": N_("Spoke"),
        "absent": N_("Did not come"),
    },
}
"""English by what the code is of, and the code; catalogues translate it."""


def term(of: str, code: str, language: str) -> str:
    """The word for a code in a language; the code itself, with spaces, if a network made it up."""
    english = TERMS[of].get(code)
    return code.replace("-", " ").replace("_", " ") if english is None else words_in(language).gettext(english)
