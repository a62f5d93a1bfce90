"""What kind of event a title or a category names, in the six languages of the United Nations."""

import re
import unicodedata
from collections.abc import Iterable

from ingest.rows.events import EventKind

__all__ = ["event_kind"]

WORDS = {
    EventKind.BRIEFING: (
        r"briefings?|séances? d['’]information|points? d['’]information|sesi(?:ón|ones) informativas?"
        r"|(?:ال)?إحاطة|(?:ال)?إحاطات|брифинг\w*|简报会|通报会|情况介绍会"
    ),
    EventKind.LAUNCH: (
        r"launch(?:es)?|lancements?|lanzamientos?|(?:ال)?إطلاق|(?:ال)?تدشين|торжественн\w+ запуск\w*"
        r"|启动仪式|发布会|启动会"
    ),
    EventKind.WORKSHOP: (
        r"workshops?|ateliers?|taller(?:es)?|(?:ال)?ورشة(?: (?:ال)?عمل)?|(?:ال)?ورش|воркшоп\w*|мастер-класс\w*"
        r"|семинар\w*-практикум\w*|工作坊|讲习班"
    ),
    EventKind.TRAINING: (
        r"trainings?|training courses?|formations?|capacitaci(?:ón|ones)|formaci(?:ón|ones)|(?:ال)?تدريب|دورة تدريبية"
        r"|тренинг\w*|обучени\w+|учебн\w+ курс\w*|培训班?|培训课程"
    ),
    EventKind.CONFERENCE: (
        r"conferences?|congress(?:es)?|conférences?|congrès|conferencias?|congresos?|(?:ال)?مؤتمر|конференци\w+|конгресс\w*"
        r"|大会"
    ),
    EventKind.MEETING: (
        r"meetings?|réunions?|reuni(?:ón|ones)|(?:ال)?اجتماع|(?:ال)?اجتماعات|совещани\w+|встреч\w*|заседани\w+|例会|碰头会"
    ),
}
CHINESE = "\u4e00-\u9fff"
# Chinese writes no spaces between words; elsewhere a word ends where its letters do.
PATTERNS = {
    kind: re.compile(rf"(?<![^\W{CHINESE}])(?:{words})(?![^\W{CHINESE}])", re.IGNORECASE)
    for kind, words in WORDS.items()
}


def event_kind(title: str, categories: Iterable[str]) -> EventKind | None:
    """The one kind that the categories name, or else the title; None if they name none, or several."""
    for text in (" / ".join(categories), title):
        plain = unicodedata.normalize("NFC", text)
        named = [kind for kind, pattern in PATTERNS.items() if pattern.search(plain)]
        if len(named) == 1:
            return named[0]
        if named:
            return None
    return None
