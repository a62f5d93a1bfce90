"""What a reader of documents found, as one document with plain text: the last step of each of them."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from ingest.cells import HOSTILE, SLUG
from ingest.files import FileRefused
from ingest.found import CellValue, FoundDocument, FoundText, Reading
from ingest.languages import load_languages, sure_language_of, without_region
from ingest.texts import Block, sectioned, title_of, unwrapped

__all__ = ["ensure_bounded", "reading_of", "reading_of_blocks", "tidy"]

LONGEST_DOCUMENT = 2_000_000
LONGEST_TITLE = 300
# No document of an office program is older.
FIRST_YEAR = 1990
# When the templates of python-docx and python-pptx were made, which files that programs write with them still say.
OF_TEMPLATES = {date(2013, 12, 23), date(2013, 1, 27)}
# So many characters tell their language.
LEAST_TELLING = 200

# Signs that programs draw letters with: ligatures, the shapes that Arabic letters take in a word, the radicals that
# some fonts use for whole Chinese characters (all of them have the letters that are meant in Unicode's NFKC), and what
# is there only for breaking lines.
DRAWN = re.compile("[\u2e80-\u2fdf\ufb00-\ufb4f\ufb50-\ufdff\ufe70-\ufefc]")
INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
# Titles that programs write by themselves.
NO_TITLE = re.compile(
    r"(microsoft \w+ - .*|untitled.*|document ?\d*|powerpoint[ -](presentation|präsentation)|title|slide 1"
    r"|(présentation|presentación de|apresentação do) powerpoint|.*\.(docx?|pptx?|pdf|odt|rtf|indd|html?))",
    re.IGNORECASE,
)
# What a file may say of itself in words of ours: whose evidence it is, and what it tells of.
OWN_PROPERTIES = ("owner", "event", "resource")

# Readers are imported before their time runs.
load_languages()


def tidy(text: str) -> str:
    """A paragraph on one line, composed (NFC), without hidden characters and the shapes that letters are drawn in."""
    plain = INVISIBLE.sub("", HOSTILE.sub("", text))
    letters = DRAWN.sub(lambda drawn: unicodedata.normalize("NFKC", drawn[0]), plain)
    return unwrapped(unicodedata.normalize("NFC", letters))


def ensure_bounded(length: int) -> None:
    """Return if a document with so many characters may be read on.

    Raises:
        FileRefused: it is too long.
    """
    if length > LONGEST_DOCUMENT:
        raise FileRefused(f"it has more than {LONGEST_DOCUMENT:,} characters", remedy="split it into several documents")


def reading_of_blocks(
    blocks: Sequence[Block],
    *,
    title: str | None,
    created: date | None,
    language: str | None,
    properties: Mapping[str, str],
    notes: Sequence[str] = (),
) -> Reading:
    """The reading of a document whose places are its headings; without a title of its own it has its first heading's.

    Raises:
        FileRefused: as :func:`reading_of`.
    """
    filled = [Block(text, block.level) for block in blocks if (text := tidy(block.text))]
    return reading_of(
        sectioned(filled),
        title=_title(title) or title_of(filled),
        created=created,
        language=language,
        properties=properties,
        notes=notes,
    )


def reading_of(
    paragraphs: Sequence[FoundText],
    *,
    title: str | None,
    created: date | None,
    language: str | None,
    properties: Mapping[str, str],
    notes: Sequence[str] = (),
) -> Reading:
    """The reading of a document, with what it says of itself as far as that can be believed.

    Its title is not one that a program made up, its date lies in the past, its language is that of its words.

    Raises:
        FileRefused: it has no text, or too much.
    """
    tidied = [FoundText(text=text, place=tidy(one.place)) for one in paragraphs if (text := tidy(one.text))]
    length = sum(len(paragraph.text) for paragraph in tidied)
    ensure_bounded(length)
    if not length:
        raise FileRefused("it has no text", remedy="check that it is the right file")
    told: dict[str, str | None] = {
        "title": _title(title),
        "date": _day(created),
        "language": _language(language, tidied),
        **{name: _ids(value) for name, value in properties.items() if name in OWN_PROPERTIES},
    }
    cells: dict[str, CellValue] = {name: value for name, value in told.items() if value}
    return Reading(documents=[FoundDocument(key="", cells=cells, paragraphs=tidied)], notes=list(notes))


def _title(title: str | None) -> str | None:
    plain = tidy(title or "")
    if not plain or NO_TITLE.fullmatch(plain):
        return None
    return plain if len(plain) <= LONGEST_TITLE else f"{plain[: LONGEST_TITLE - 1]}…"


def _day(created: date | None) -> str | None:
    if created is None:
        return None
    day = created.date() if isinstance(created, datetime) else created
    is_possible = day.year >= FIRST_YEAR and day <= datetime.now(UTC).date() + timedelta(days=1)
    return day.isoformat() if is_possible and day not in OF_TEMPLATES else None


def _language(told: str | None, paragraphs: Sequence[FoundText]) -> str | None:
    """The language that the file says it is in, if no quarter of its text is surely in another one."""
    language = without_region(told) if told else None
    if language is None:
        return None
    text = " ".join(paragraph.text for paragraph in paragraphs)
    quarter = max(LEAST_TELLING, -(-len(text) // 4))
    seen = {sure_language_of(text[start : start + quarter]) for start in range(0, len(text), quarter)}
    return language if seen <= {language.split("-", maxsplit=1)[0], None} else None


def _ids(value: str) -> str | None:
    """Ids that a property holds, which semicolons separate; None if it holds something else, such as a name."""
    parts = [part.strip() for part in value.split(";") if part.strip()]
    return "; ".join(parts) if parts and all(re.fullmatch(SLUG, part) for part in parts) else None
