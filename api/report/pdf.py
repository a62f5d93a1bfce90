"""A report as a PDF, set by Typst with the fonts that set-up fetched: Latin and Cyrillic, Arabic, Chinese."""

from pathlib import Path
from typing import Final

import orjson

from api.report.errors import CannotSet, NoFonts
from api.report.page import Report
from api.report.telling import told

__all__ = ["as_pdf"]

TEMPLATE: Final = Path(__file__).with_name("report.typ")

FONTS: Final = tuple(
    f"{name}_{weight}.ttf"
    for name in ("NotoSans", "NotoSansArabic", "NotoSansSC")
    for weight in ("400Regular", "700Bold")
)


def as_pdf(report: Report, *, fonts: Path) -> bytes:
    """The document, tagged for those who have it read aloud; ``fonts`` is the folder with the fonts.

    Raises:
        NoFonts: they are not there.
        CannotSet: Typst refused.
    """
    import typst

    files = [fonts / name for name in FONTS]
    if not all(file.is_file() for file in files):
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
            font_paths=typst.Fonts(font_paths=[*files], include_system_fonts=False, include_embedded_fonts=False),
            sys_inputs={"report": orjson.dumps(page).decode()},
        )
    except typst.TypstError as error:
        raise CannotSet(error.message) from error
    if not isinstance(made, bytes):
        raise CannotSet("no document came of it")
    return made
