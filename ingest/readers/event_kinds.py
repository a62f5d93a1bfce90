"""What kind of event a title or a category names.

In the six languages of the United Nations, in German and in Portuguese.
"""

import re
import unicodedata
from collections.abc import Iterable

from ingest.rows.events import EventKind

__all__ = ["event_kind"]

WORDS = {
    EventKind.BRIEFING: (
        r"briefings?|séances? d['’]information|points? d['’]information|sesi(?:ón|ones) informativas?"
        r"|sesi(?:ón|ones) de información|(?:ال)?إحاطة|(?:ال)?إحاطات|(?:ال)?جلسة (?:ال)?إعلامية|брифинг\w*"
        r"|简报会|通报会|情况介绍会|吹风会|info(?:rmations)?(?:veranstaltung|sitzung)(?:en)?"
        r"|sess(?:ão|ões) (?:de informação|de esclarecimento|informativas?)"
    ),
    EventKind.LAUNCH: (
        r"launch(?:es)?|lancements?|lanzamientos?|(?:ال)?إطلاق|(?:ال)?تدشين|торжественн\w+ запуск\w*"
        r"|启动仪式|发布会|启动会|auftakt(?:veranstaltung(?:en)?)?|lançamentos?"
    ),
    EventKind.WORKSHOP: (
        r"workshops?|ateliers?|taller(?:es)?|(?:ال)?ورشة(?: (?:ال)?عمل)?|(?:ال)?ورش|(?:ال)?ورشات|حلق(?:ة|ات) (?:ال)?عمل"
        r"|воркшоп\w*|мастер-класс\w*|семинар\w*|практикум\w*|工作坊|讲习班|研讨会|werkst(?:att|ätten)"
        # "Oficina" alone is an office in Spanish.
        r"|oficinas? de (?:trabalho|formação|capacitação)"
    ),
    EventKind.TRAINING: (
        r"trainings?|training courses?|formations?|capacitaci(?:ón|ones)|formaci(?:ón|ones)|entrenamientos?"
        r"|(?:ال)?تدريب|(?:ال)?تدريبات|(?:ال)?دورة (?:ال)?تدريبية|(?:ال)?دورات (?:ال)?تدريبية"
        r"|тренинг\w*|обучени\w+|учебн\w+ курс\w*|повышени\w+ квалификации|培训班?|培训课程|训练班"
        r"|(?!(?:ein|um|be)schulung)\w{0,20}schulung(?:en)?|(?:fort|weiter)bildung(?:en)?|lehrg(?:ang|änge)"
        r"|formaç(?:ão|ões)|capacitaç(?:ão|ões)|treinamentos?"
    ),
    EventKind.CONFERENCE: (
        r"conferences?|congress(?:es)?|conférences?|congrès|conferencias?|congresos?|(?:ال)?مؤتمر|(?:ال)?مؤتمرات"
        r"|конференци\w+|конгресс\w*|大会|(?:fach|jahres)?(?:konferenz(?:en)?|tagung(?:en)?|kongresse?)"
        r"|conferências?|congressos?"
    ),
    EventKind.MEETING: (
        r"meetings?|réunions?|reuni(?:ón|ones)|encuentros?|(?:ال)?اجتماع|(?:ال)?اجتماعات|(?:ال)?لقاء|(?:ال)?لقاءات"
        r"|совещани\w+|встреч\w*|заседани\w+|例会|碰头会|座谈会"
        r"|(?:arbeits|fach|jahres|netzwerk)?(?:treffen|sitzung(?:en)?)|(?:jahres|mitglieder)?versammlung(?:en)?"
        r"|besprechung(?:en)?|reuni(?:ão|ões)|encontros?"
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
