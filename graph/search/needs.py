"""What a question says about whom it is looking for: what they speak, where they are, which topics they know.

Names are CLDR's (babel) in the six UN languages; what CLDR does not have stands in needs.yaml. Words are found in their
inflected forms by what does not change of them. What is found is suggested as a filter, and filters nothing by itself.
"""

import asyncio
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from babel import Locale

from graph.filters import ExpertFilter, countries_within, folded
from graph.graph import Graph
from graph.search.candidates import NearTopic
from graph.values import UN_LANGUAGES, CountryId, LanguageId, RegionId, TopicId
from graph.viewer import Viewer

__all__ = ["Need", "Needs", "needs_of", "said_in"]

WORD = re.compile(r"\w+")
CYRILLIC = re.compile(r"[\u0400-\u04ff]")
ARABIC = re.compile(r"[\u0600-\u06ff]")
HAN = re.compile(r"[\u4e00-\u9fff]")
ARABIC_PREFIX = re.compile(r"^(?:[وف])?(?:ال|لل|بال|كال|[بلك](?=\w{4}))?")
ADJECTIVES = ("ая", "ой", "ое", "ый", "ий", "яя", "ее")
ENDING = 4
"""How many letters a Russian word has at most after what does not change of it."""
LATIN_SHORTEST = 4
WORLD = "001"
NO_LANGUAGES = frozenset({"mis", "mul", "und", "zxx"})


@dataclass(frozen=True, slots=True)
class Need:
    """What a question says about a person, and in which of its words; one of the others is not empty."""

    said: str
    languages: tuple[LanguageId, ...] = ()
    countries: tuple[CountryId, ...] = ()
    regions: tuple[RegionId, ...] = ()
    topics: tuple[TopicId, ...] = ()


@dataclass(frozen=True, slots=True)
class Needs:
    """What a question says about whom it is looking for, with all countries in the places that it names."""

    told: tuple[Need, ...] = ()
    countries: frozenset[CountryId] = frozenset()

    def unmet(self, *, languages: Collection[LanguageId], countries: Collection[CountryId]) -> tuple[str, ...]:
        """The question's words for what somebody does not show who speaks these languages and is of these countries.

        All the languages are needed, and one of the places.
        """
        elsewhere = self.countries.isdisjoint(countries)
        return tuple(
            need.said
            for need in self.told
            if (need.languages and not set(need.languages) & set(languages))
            or ((need.countries or need.regions) and elsewhere)
        )

    def beyond(self, only: ExpertFilter, topics: Sequence[NearTopic]) -> tuple[Need, ...]:
        """What is to be suggested to somebody who filters so already; of topics, those whose labels the question has.

        A label that is part of another one there is not meant.
        """
        said = [topic for topic in topics if topic.said]
        named = [
            Need(topic.said, topics=(topic.id,))
            for topic in sorted(said, key=lambda topic: (-topic.similarity, topic.id))
            if not any(topic.said in other.said and topic.said != other.said for other in said)
        ]
        return tuple(
            need
            for need in (*self.told, *named)
            if not (
                (need.languages and set(need.languages) <= only.languages)
                or ((need.countries or need.regions) and only.countries is not None)
                or (need.topics and only.topics is not None)
            )
        )


@dataclass(frozen=True, slots=True)
class _Name:
    words: tuple[str, ...]
    need: Need
    needs_cue: bool


async def needs_of(graph: Graph, viewer: Viewer, *, question: str) -> Needs:
    """What a question says of languages and places; which countries a region has, the graph is asked."""
    told = await asyncio.to_thread(said_in, question)  # the first one reads all names
    regions = sorted({region for need in told for region in need.regions})
    within = await countries_within(graph, viewer, regions=regions) if regions else {}
    countries = {country for need in told for country in need.countries}
    return Needs(told, frozenset(countries.union(*within.values())))


def said_in(question: str) -> tuple[Need, ...]:
    """The languages and places that a question names, each once, in its order."""
    words = [(folded(found.group()), found.start(), found.end()) for found in WORD.finditer(question)]
    keyed = [_stem(word) for word, _, _ in words]
    has_capitals = question != question.lower()
    found: list[tuple[int, int, Need]] = []
    for at, key in enumerate(keyed):
        for name in _names().get(_key(key), ()):
            end = at + len(name.words)
            if end > len(words) or not all(map(_matches, name.words, (word for word, _, _ in words[at:end]))):
                continue
            said = question[words[at][1] : words[end - 1][2]]
            if name.needs_cue and not _has_cue(words, at, end):
                continue
            is_name = bool(name.need.countries or name.need.regions)
            if is_name and has_capitals and said[0].islower() and not ARABIC.match(said):
                continue
            found.append((words[at][1], words[end - 1][2], name.need))
    found.extend(_in_han(question))
    return tuple(_once(found, question))


def _once(found: Iterable[tuple[int, int, Need]], question: str) -> Iterator[Need]:
    """Each need at its longest, as the question says it: not Guinea where it is Equatorial Guinea."""
    taken: list[tuple[int, int]] = []
    told: set[Need] = set()
    chosen: list[tuple[int, Need]] = []
    for start, end, need in sorted(found, key=lambda one: (one[0] - one[1], one[0])):
        if need not in told and not any(start < other_end and end > other for other, other_end in taken):
            told.add(need)
            chosen.append((start, replace(need, said=question[start:end])))
        taken.append((start, end))
    for _, need in sorted(chosen, key=lambda one: one[0]):
        yield need


def _has_cue(words: Sequence[tuple[str, int, int]], start: int, end: int) -> bool:
    before, after = _cues()
    near = {_stem(word) for word, _, _ in words[max(0, start - 3) : start]}
    behind = {_stem(word) for word, _, _ in words[end : end + 1]}
    return not before.isdisjoint(near) or not after.isdisjoint(behind) or words[start][0].startswith("بال")


def _in_han(question: str) -> Iterator[tuple[int, int, Need]]:
    """Chinese is written without spaces: a name is found wherever it stands."""
    if HAN.search(question):
        pattern, needs = _han()
        for place in pattern.finditer(question):
            yield place.start(), place.end(), needs[place.group()]


def _stem(word: str) -> str:
    """What does not change of a word in its script's way."""
    if CYRILLIC.match(word):
        is_long = len(word) > 5 or (len(word) > 4 and word.endswith(ADJECTIVES))
        return word[:-2] if is_long else word[:-1] if len(word) > 3 else word
    if ARABIC.match(word):
        return ARABIC_PREFIX.sub("", word).replace("ة", "ه").replace("أ", "ا").replace("إ", "ا")
    return word


def _matches(stem: str, word: str) -> bool:
    if CYRILLIC.match(word):
        return word.startswith(stem) and len(word) <= len(stem) + ENDING
    return _stem(word) == stem


def _key(stem: str) -> str:
    """By what names are looked up: all of a first word that does not change at its end, else its beginning."""
    return stem[:3] if CYRILLIC.match(stem) else stem


@cache
def _cues() -> tuple[frozenset[str], frozenset[str]]:
    speaking = _extra()["speaking"]
    return frozenset(map(_stem, speaking["before"])), frozenset(map(_stem, speaking["after"]))


@cache
def _extra() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load((files(__package__) / "needs.yaml").read_text(encoding="utf-8"))
    return found


def _all() -> Iterator[tuple[str, Need, bool]]:
    """Every name, what it stands for, and whether it stands for that only beside a word for speaking."""
    yield from _of_cldr()
    extra = _extra()
    for code, names in extra["speakers"].items():
        for name in names:
            yield name, Need("", languages=(LanguageId(code),)), False
    for code, names in extra["regions"].items():
        for name in names:
            yield name, Need("", regions=(RegionId(code),)), False
    for group in extra["groups"]:
        for name in group["names"]:
            yield name, Need("", countries=tuple(map(CountryId, group["countries"]))), False


def _of_cldr() -> Iterator[tuple[str, Need, bool]]:
    for language in UN_LANGUAGES:
        locale = Locale(language)
        for code, name in locale.territories.items():
            if code.isdecimal() and code != WORLD:
                yield name, Need("", regions=(RegionId(code),)), False
            elif len(code) == 2 and code.isalpha():
                yield name, Need("", countries=(CountryId(code),)), False
        for code, name in locale.languages.items():
            if len(code) in {2, 3} and code not in NO_LANGUAGES:
                yield name, Need("", languages=(LanguageId(code),)), True


@cache
def _names() -> Mapping[str, Sequence[_Name]]:
    """The names of scripts that write words apart, by their first word."""
    found: dict[str, list[_Name]] = defaultdict(list)
    for text, need, needs_cue in _all():
        if HAN.search(text):
            continue
        words = tuple(_stem(folded(word)) for word in WORD.findall(text))
        if words and sum(map(len, words)) >= LATIN_SHORTEST:
            found[_key(words[0])].append(_Name(words, need, needs_cue))
    return found


@cache
def _han() -> tuple[re.Pattern[str], Mapping[str, Need]]:
    needs = {text: need for text, need, _ in _all() if HAN.search(text) and len(text) > 1}
    return re.compile("|".join(map(re.escape, sorted(needs, key=len, reverse=True)))), needs
