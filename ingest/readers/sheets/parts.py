"""The values that a cell holds: one, or several, as people write them."""

import re
from collections.abc import Callable, Mapping, Sequence

from graph.values import ExpertiseLevel
from ingest.cells import FIRST_YEAR, LAST_YEAR, Unfit, visible
from ingest.recognise import Doubtful, plain

__all__ = ["Expertise", "expertise", "known_parts", "name_in_order", "parts", "strong_parts", "whole_name"]

STRONG = re.compile(r"[;\n\r|•؛；]")
WEAK = re.compile(r"[,،、，]|\s/\s")
WEAKER = re.compile(r"[,،、，/+&]|\s(?:and|und|et|y|e|и|و)\s")
# What is in brackets belongs together: "Crowd safety (lead, 2011)".
BRACKETED = re.compile(r"\([^()]*\)|（[^（）]*）")
SINCE = re.compile(r"(?:since|seit|depuis|desde|с|منذ|自|from)?\s*(\d{4})\s*(?:г|г\.|年|起)?", re.IGNORECASE)
HAN_OR_HANGUL = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+")

Expertise = tuple[str, ExpertiseLevel | None, int | None]


def strong_parts(text: str) -> list[str]:
    """The parts between marks that separate whatever the cell holds: semicolons, line breaks, bars and bullets."""
    return [part.strip() for part in STRONG.split(text) if part.strip()]


def parts(text: str, separators: Sequence[str] | None = None) -> list[str]:
    """The parts of a list of any texts; of commas only where it has no stronger mark, and none between brackets."""
    if separators is not None:
        return _split(re.compile("|".join(map(re.escape, separators))), text)
    strong = strong_parts(text)
    return strong if len(strong) != 1 else _split(WEAK, strong[0])


def known_parts(text: str, recognised: Callable[[str], object], separators: Sequence[str] | None = None) -> list[str]:
    """The parts of a list of things that are known by name; what is known as a whole is not split at a comma."""
    if separators is not None:
        return parts(text, separators)
    found: list[str] = []
    for part in strong_parts(text):
        try:
            recognised(part)
        except Doubtful:
            pieces = _split(WEAKER, part)
            found += pieces if len(pieces) > 1 else [part]
        except Unfit:
            found += _split(WEAKER, part)
        else:
            found.append(part)
    return found


def _split(mark: re.Pattern[str], text: str) -> list[str]:
    """Split outside brackets."""
    bracketed = [match.span() for match in BRACKETED.finditer(text)]
    found, start = [], 0
    for match in mark.finditer(text):
        if any(left < match.start() < right for left, right in bracketed):
            continue
        found.append(text[start : match.start()])
        start = match.end()
    found.append(text[start:])
    return [part.strip() for part in found if part.strip()]


def expertise(text: str, levels: Mapping[str, str]) -> Expertise:
    """A topic with its level and first year, if they are said: "Crowd safety (lead, since 2011)", "Crowds:lead:2011".

    Raises:
        Unfit: there is no topic.
    """
    label, rest = text, list[str]()
    bracketed = re.fullmatch(r"(.+?)\s*[(（]([^()（）]*)[)）]", text)
    if bracketed is not None:
        label, rest = bracketed[1], re.split(r"[,;/:]", bracketed[2])
    elif ":" in text:
        label, *rest = text.split(":")
    level: ExpertiseLevel | None = None
    since: int | None = None
    for one in map(str.strip, rest):
        year = SINCE.fullmatch(one)
        if plain(one) in levels and level is None:
            level = ExpertiseLevel(levels[plain(one)])
        elif year is not None and since is None and FIRST_YEAR <= int(year[1]) <= LAST_YEAR:
            since = int(year[1])
        elif one:
            # The brackets or the colon belong to the topic's name.
            label, level, since = text, None, None
            break
    if not label.strip():
        raise Unfit(f"'{visible(text)}' names no topic", remedy="write its name before the level")
    return label.strip(), level, since


def whole_name(first: str, last: str) -> str:
    """A name of two parts in the order of its script: the family's name first, and no space, in Chinese and Korean."""
    if first and last and HAN_OR_HANGUL.fullmatch(first) and HAN_OR_HANGUL.fullmatch(last):
        return f"{last}{first}"
    return f"{first} {last}".strip()


def name_in_order(text: str) -> str:
    """The name whose last part stands first: "Benrabah, Salma" is Salma Benrabah."""
    last, comma, first = text.partition(",")
    return whole_name(first.strip(), last.strip()) if comma else text
