"""What the beginning of a question may name: topics, countries and people, as one types.

All three come from full-text indexes, by the beginnings of words and in one statement. People come from the index of
the asker's reach, which holds whom a search finds for them and nobody else; a country is suggested to whoever sees
somebody live there.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import LiteralString

from anyascii import anyascii

from graph.graph import Graph, Row
from graph.passages import name_stamps
from graph.spelling import Writing, folded, name_words, skeleton, writings
from graph.values import Names
from graph.viewer import Viewer, found, seen

__all__ = ["Kind", "Suggestion", "named_so", "suggested"]

HITS = 100
"""How many of each kind are looked at: the best of more are those that the index gives first."""

MOST_WORDS = 6
"""A text of more words is a question, and names nothing as a whole."""

SHORTEST = 2
"""Letters to begin with, in scripts whose characters are sounds."""

SHORTEST_STAMP = 3
"""Consonants of a name in another script than the one it is written in."""

WORD = re.compile(r"[\w'’]+")
UNPARTED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
ARABIC = re.compile("[\u0600-\u06ff]")
ARTICLE = "ال"


class Kind(StrEnum):
    """What is suggested."""

    TOPIC = "topic"
    COUNTRY = "country"
    PERSON = "person"


SHARES = {Kind.TOPIC: 3, Kind.COUNTRY: 2, Kind.PERSON: 3}
"""How many of each kind there are in eight, if there are enough of all."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something of the network whose name begins so, by its own id and its name in the asker's language.

    ``said`` is another of its names, if it is that one which begins so.
    """

    kind: Kind
    id: str
    name: str
    said: str = ""


NAMED: LiteralString = seen(
    found("""
CALL () {
  CALL db.index.fulltext.queryNodes('topic_labels', $words, {limit: $hits}) YIELD node AS t
  WITH t WHERE coalesce(t.deprecated, false) = false
  RETURN collect(t {.id, .label_en, .label_fr, .label_es, .label_ar, .label_ru, .label_zh, .labels}) AS topics
}
CALL () {
  CALL db.index.fulltext.queryNodes('country_names', $words, {limit: $hits}) YIELD node AS c
  WITH c WHERE EXISTS { MATCH (c)<-[:BASED_IN]-(e:Expert) WHERE SEES(e.country) }
  RETURN collect(c {.*}) AS countries
}
CALL () {
  CALL db.index.fulltext.queryNodes('passage_text_' + $reach, $names, {limit: $hits}) YIELD node AS p
  MATCH (e:Expert)-[:EVIDENCED_BY]->(p) WHERE FINDS(p)
  RETURN collect(DISTINCT [e.id, e.name] + coalesce(e.other_names, [])) AS people
}
RETURN topics, countries, people
""")
)


async def suggested(graph: Graph, viewer: Viewer, *, text: str, language: str, first: int = 8) -> list[Suggestion]:
    """Topics, countries and people whose names begin as the text does, in this order, at most ``first`` in all.

    Every word of the text is a word of the name, in any of the six UN languages, the last one perhaps only its
    beginning; accents and letters' case do not matter. A person's name may be in another script than the text.
    """
    words = _words(text)
    if not 0 < len(words) <= MOST_WORDS or (len(words[-1]) < SHORTEST and not UNPARTED.search(words[-1])):
        return []
    (row,) = await graph.read(NAMED, **viewer.sight, words=_beginnings(words), names=_of_names(text, words), hits=HITS)
    asked = _folded(text)
    of_kind = {
        Kind.TOPIC: _best(asked, Kind.TOPIC, row["topics"], language, "label"),
        Kind.COUNTRY: _best(asked, Kind.COUNTRY, row["countries"], language, "name"),
        Kind.PERSON: _people(asked, text, row["people"]),
    }
    return _shared(of_kind, first)


def named_so(text: str) -> str:
    """A Lucene query for what has all the words of a text among its names, of the last one perhaps the beginning.

    What has the last one as a whole word comes first. Empty for a text without a word.
    """
    words = _words(text)
    return f'{_beginnings(words)} "{words[-1]}"' if words else ""


def _words(text: str) -> list[str]:
    return [word for one in WORD.findall(text.lower()) if (word := _as_indexed(one.strip("'’_")))]


def _as_indexed(word: str) -> str:
    """A word with its Latin letters as the index has them, which folds those and no others."""
    composed = unicodedata.normalize("NFC", word)
    return "".join(_plain(one) if unicodedata.name(one, "").startswith("LATIN") else one for one in composed)


def _plain(letter: str) -> str:
    """A Latin letter without its marks; some are written with signs, which would be syntax in a query."""
    return "".join(one for one in anyascii(letter) if one.isalnum())


def _beginnings(words: Sequence[str], field: str = "") -> str:
    """A Lucene query for what has all of these words, of the last one the beginning. Nothing of it is syntax."""
    return " ".join([*(f'+{field}"{word}"' for word in words[:-1]), *(f"+({' '.join(_begun(words[-1], field))})",)])


def _begun(word: str, field: str) -> list[str]:
    """Terms for a word that is not written out yet; Chinese has no words to begin, and Arabic an article before."""
    if UNPARTED.search(word):
        return [f'{field}"{word}"']
    found = [f"{field}{word}*"]
    if word.startswith("ا") and not word.startswith(ARTICLE):
        found += [f"{field}{hamza}{word[1:]}*" for hamza in "أإ"]
    if ARABIC.match(word) and not word.startswith(ARTICLE):
        found += [f"{field}{ARTICLE}{one.removeprefix(field)}" for one in found]
    return found


def _of_names(text: str, words: Sequence[str]) -> str:
    """A query for the profiles whose title, the person's name, begins so, or sounds so in another script.

    Names alone are stamped by their sound (graph.passages), so that the titles of talks and works are no names.
    """
    begun = f"({_beginnings(words, 'title:')} +stamps:name_*)"
    sounds = [word for word in name_words(text) if len(skeleton(word)) >= SHORTEST_STAMP]
    if not sounds:
        return f"{begun}^0"
    sounding = " ".join(f"+stamps:{stamp}*" for stamp in name_stamps(sounds))
    return f"{begun}^0 ({sounding})^0"


def _best(asked: str, kind: Kind, rows: Sequence[Row], language: str, prefix: str) -> list[Suggestion]:
    """What is named so, first by a name in the asker's language, and first of all where the whole name begins so."""
    found = []
    for row in rows:
        names = Names.from_row(row, prefix)
        name = names.in_language(language)
        others = [one for one in (*names.by_language.values(), *(row.get("labels") or ())) if _begins(asked, one)]
        said = "" if _begins(asked, name) else next(iter(others), "")
        found.append((bool(said), not _folded(name).startswith(asked), Suggestion(kind, row["id"], name, said)))
    return [one for *_, one in sorted(found, key=lambda row: (*row[:2], row[2].name, row[2].id))]


def _people(asked: str, text: str, rows: Sequence[Sequence[str]]) -> list[Suggestion]:
    """People, those first whose name begins as the text does, and those last whose name is in another script."""
    told = []
    for id, name, *others in rows:
        is_spelled = any(_begins(asked, one) for one in (name, *others))
        if is_spelled or all(_script(text) != _script(one) for one in (name, *others)):
            told.append((not is_spelled, not _folded(name).startswith(asked), name, id))
    return [Suggestion(Kind.PERSON, id, name) for *_, name, id in sorted(told)]


def _begins(asked: str, name: str) -> bool:
    """Whether every word of the text is one of the name, the last one perhaps its beginning."""
    if UNPARTED.search(asked):
        return asked.replace(" ", "") in _folded(name).replace(" ", "")
    *whole, last = asked.split() or [""]
    words = _folded(name).split()
    return set(whole) <= set(words) and any(word.startswith(last) for word in words)


def _folded(text: str) -> str:
    """Text by which names are compared: folded, in Arabic without the article."""
    return " ".join(word.removeprefix(ARTICLE) or word for word in folded(text).split())


def _script(text: str) -> Writing | None:
    return next((one.writing for one in writings(text)), None)


def _shared(of_kind: Mapping[Kind, list[Suggestion]], first: int) -> list[Suggestion]:
    """The share of each kind, and what the others leave of theirs."""
    taken = {kind: min(len(named), SHARES[kind]) for kind, named in of_kind.items()}
    for kind, named in of_kind.items():
        taken[kind] += min(len(named) - taken[kind], max(first - sum(taken.values()), 0))
    return [one for kind, named in of_kind.items() for one in named[: taken[kind]]][:first]
