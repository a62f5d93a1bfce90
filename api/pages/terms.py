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
    "format": {"online": N_("online"), "in-person": N_("in person"), "hybrid": N_("in person and online")},
    "stage": {
        "planned": N_("planned"),
        "confirmed": N_("confirmed"),
        "under_way": N_("under way"),
        "held": N_("held"),
        "cancelled": N_("cancelled"),
        "idea": N_("idea"),
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
    "organisation": {
        "government": N_("Government"),
        "police": N_("Police"),
        "international": N_("International organisation"),
        "academia": N_("Academia"),
        "civil-society": N_("Civil society"),
        "private-sector": N_("Private sector"),
        "faith-community": N_("Faith community"),
    },
    "kind": {
        "network": N_("The network itself"),
        "organisations": N_("Organisations"),
        "topics": N_("Topics"),
        "series": N_("Series"),
        "projects": N_("Projects"),
        "experts": N_("People"),
        "events": N_("Events"),
        "resources": N_("Publications"),
        "activities": N_("Activities"),
        "affiliations": N_("Affiliations"),
        "speakers": N_("Speakers"),
        "attendance": N_("Attendance"),
        "documents": N_("Documents"),
        "passages": N_("Passages"),
        "files": N_("Files"),
    },
    "gender": {"woman": N_("a woman"), "man": N_("a man"), "other": N_("other")},
    "role": {
        "public": N_("the public"),
        "member": N_("member"),
        "organiser": N_("organiser"),
        "administrator": N_("administrator"),
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
