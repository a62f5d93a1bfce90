"""The words of a report, and of a plan, in the six UN languages."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from api.catalogues import Words, catalogue

__all__ = ["NAMES", "PLURALS", "words_of"]

FOLDER: Final = Path(__file__).with_name("translations")

NAMES: Final[Mapping[str, str]] = {
    "title": "Programme achievements in %(year)s",
    "title of a span": "Programme achievements from %(since)s to %(until)s",
    "products": "Products",
    "projects": "Innovative projects and partnership building",
    "assistance": "Technical assistance and capacity-building",
    "experts": "Connecting experts",
    "projected": "Projected activities in %(year)s",
    "projected in a span": "Projected activities from %(since)s to %(until)s",
    "behind": "The lists behind the figures",
    "nothing": "Nothing is known of this time.",
    "fictional": "This is a sample network: all that it tells of people, organisations and events is fictional.",
    "told": "%(name)s: %(values)s",
    "languages": "Languages",
    "countries": "Countries",
    "partners": "Partners",
    "themes": "Themes",
    "topics": "Topics",
    # A plan.
    "plan": "Programme plan for %(year)s",
    "plan of a span": "Programme plan from %(since)s to %(until)s",
    "nothing planned": "Nothing is planned for this time.",
    "stages": "How far the plan is",
    "lacks": "What is still missing",
    "missing": "Missing",
    "lack date": "a date",
    "lack speaker": "a speaker",
    "lack partner": "a partner",
    "lack country": "a country",
    "lack topic": "a topic",
    "lack outcome": "an outcome",
    "Activity national": "National activity",
    "Activity regional": "Regional activity",
    "Activity global": "Global activity",
    "Activity outreach": "Outreach activity",
    "Activity knowledge-product": "Knowledge product",
    "Activity e-learning": "E-learning",
    "Activity network": "Network activity",
    "Activity partnership": "Partnership",
    "Event briefing": "Briefing",
    "Event launch": "Launch",
    "Event workshop": "Workshop",
    "Event training": "Training",
    "Event conference": "Conference",
    "Event meeting": "Meeting",
    "Project": "Project",
    "Resource module": "Module",
    "Resource compendium": "Compendium",
    "Resource course": "Course",
    "Resource roadmap": "Roadmap",
    "Resource guide": "Guide",
    "Resource report": "Report",
}
"""Every text without a number, by what it is for; English is what catalogues translate."""

PLURALS: Final[Mapping[str, tuple[str, str]]] = {
    "module": ("%(n)s module published", "%(n)s modules published"),
    "compendium": ("%(n)s compendium published", "%(n)s compendiums published"),
    "course": ("%(n)s course published", "%(n)s courses published"),
    "guide": ("%(n)s guide published", "%(n)s guides published"),
    "roadmap": ("%(n)s roadmap (national action plan) developed", "%(n)s roadmaps (national action plans) developed"),
    "resources": ("%(n)s publication (%(kind)s)", "%(n)s publications (%(kind)s)"),
    "projects": ("%(n)s new project", "%(n)s new projects"),
    "launch": ("%(n)s high-level launch", "%(n)s high-level launches"),
    "briefing": ("%(n)s expert briefing held", "%(n)s expert briefings held"),
    "workshop": ("%(n)s workshop held", "%(n)s workshops held"),
    "training": ("%(n)s training held", "%(n)s trainings held"),
    "events": ("%(n)s event (%(kind)s)", "%(n)s events (%(kind)s)"),
    "outreach": ("%(n)s outreach activity", "%(n)s outreach activities"),
    "partners": ("%(n)s partner organisation took part", "%(n)s partner organisations took part"),
    "countries": (
        "Specialized work conducted in %(n)s beneficiary country",
        "Specialized work conducted in %(n)s beneficiary countries",
    ),
    "national": (
        "%(n)s national capacity-building activity implemented",
        "%(n)s national capacity-building activities implemented",
    ),
    "regional": (
        "%(n)s regional or global activity implemented",
        "%(n)s regional or global activities implemented",
    ),
    "activities": ("%(n)s activity (%(kind)s)", "%(n)s activities (%(kind)s)"),
    "members": ("%(n)s member of the expert network", "%(n)s members of the expert network"),
    "new_members": ("%(n)s new member", "%(n)s new members"),
    "speakers": ("%(n)s expert spoke at the events", "%(n)s experts spoke at the events"),
    "more": ("%(n)s more is not listed here", "%(n)s more are not listed here"),
    # A plan: how far things are, and what they have not got yet.
    "idea": ("%(n)s idea without a date", "%(n)s ideas without a date"),
    "planned": ("%(n)s item planned", "%(n)s items planned"),
    "confirmed": ("%(n)s item confirmed", "%(n)s items confirmed"),
    "under_way": ("%(n)s item under way", "%(n)s items under way"),
    "done": ("%(n)s item done", "%(n)s items done"),
    "without date": ("%(n)s item without a date", "%(n)s items without a date"),
    "without speaker": ("%(n)s item without a speaker", "%(n)s items without a speaker"),
    "without partner": ("%(n)s item without a partner", "%(n)s items without a partner"),
    "without country": ("%(n)s item without a country", "%(n)s items without a country"),
    "without topic": ("%(n)s item without a topic", "%(n)s items without a topic"),
    "without outcome": ("%(n)s item without a known outcome", "%(n)s items without a known outcome"),
}
"""Every text with a number, by what is counted."""


@cache
def words_of(language: str) -> Words:
    """The words of one of the six languages."""
    return Words(language, catalogue(FOLDER, language), NAMES, PLURALS)
