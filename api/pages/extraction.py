"""The English texts that pages show, as they stand in templates and code: what catalogues have to translate."""

from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

from api.pages.loader_extraction import loader_nouns, loader_texts
from api.pages.loader_words import CONTEXT, NOUNS

__all__ = ["extracted"]

PAGES: Final = Path(__file__).parent
FOLDERS: Final = (PAGES, PAGES.parent / "door")
"""The pages, and the door, whose refusals they show."""
ROOMS: Final = (PAGES.parent, PAGES.parent.parent / "graph")
"""Where sentences are worded that pages show too."""

METHODS: Final = [("**.py", "python"), ("**.html", "jinja2")]
OPTIONS: Final = {"**.html": {"newstyle_gettext": "true", "trimmed": "true", "silent": "false"}}
KEYWORDS: Final = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
WORDINGS: Final = {"Wording": None}


def extracted() -> Catalog:
    """Every text of templates and code, with the files that say it."""
    found = Catalog(charset="utf-8")
    for folders, methods, keywords in ((FOLDERS, METHODS, KEYWORDS), (ROOMS, [("**.py", "python")], WORDINGS)):
        for folder in folders:
            for file, _, text, _, context in extract_from_dir(folder, methods, OPTIONS, keywords):
                found.add(text, locations=[(f"{folder.name}/{file}", 0)], context=context)
    for file, text in loader_texts():
        found.add(text, locations=[(file, 0)], context=CONTEXT)
    for file, noun in loader_nouns():
        found.add(noun, locations=[(file, 0)], context=NOUNS)
    return found
