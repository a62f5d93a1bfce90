"""A report as a PDF, set by Typst with the fonts that set-up fetched: Latin and Cyrillic, Arabic, Chinese."""

from pathlib import Path
from typing import Final

import orjson

from api.report.errors import CannotSet, NoFonts
from api.report.page import Report
from api.report.telling import told
from graph.wording import Wording

__all__ = ["as_pdf"]

TEMPLATE: Final = Path(__file__).with_name("report.typ")

FAMILIES: Final = frozenset({"Noto Sans", "Noto Sans Arabic", "Noto Sans SC"})


def as_pdf(report: Report, *, fonts: Path) -> bytes:
    """The document, tagged for those who have it read aloud; ``fonts`` is the folder with the fonts.

    Raises:
        NoFonts: they are not there.
        CannotSet: Typst refused.
    """
    import typst

    found = typst.Fonts(font_paths=[fonts], include_system_fonts=False, include_embedded_fonts=False)
    if not set(found.families()) >= FAMILIES:
        raise NoFonts(fonts)
    page = report.as_json()
    page["lists"] = [
        {
            "text": statement.text,
            "entries": [{"title": entry.title, "told": told(entry, report.language)} for entry in statement.entries],
            "more": statement.more,
        }
        for statement in report.lists
    ]
    try:
        made = typst.compile(
            TEMPLATE,
            root=TEMPLATE.parent,
            font_paths=found,
            sys_inputs={"report": orjson.dumps(page).decode()},
        )
    except typst.TypstError as error:
        raise CannotSet(error.message) from error
    if not isinstance(made, bytes):
        raise CannotSet(Wording("no document came of it"))
    return made
