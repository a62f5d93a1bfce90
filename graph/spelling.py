"""How names are written: one name in several scripts, orders and spellings, and how alike two names are.

Transliteration is anyascii's, which leaves out what a script leaves out: Arabic and Hebrew give the consonants alone.
Names are therefore compared as they are spelled, as they sound, and by their consonants. The spellings that are
treated as one are those by which the same name is romanised in English, French, German and pinyin.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from anyascii import anyascii
from rapidfuzz.fuzz import ratio

__all__ = [
    "LONGEST_PATTERN",
    "Writing",
    "Written",
    "alikeness",
    "folded",
    "initial",
    "is_named",
    "latin",
    "may_be_one",
    "name_words",
    "pattern",
    "share_a_word",
    "skeleton",
    "writings",
]

# Words that come before a name and are no part of it.
TITLES = frozenset({"dr", "prof", "professor", "mr", "mrs", "ms", "mme", "mlle", "sr", "sra", "herr", "frau", "phd"})
# What may be written apart from the word after it, together with it, or not at all.
LINKING = frozenset(
    {"al", "el", "ul", "ben", "bin", "ibn", "bint", "ould", "ait", "de", "da", "do", "dos", "del", "di", "du", "van"}
    | {"von", "der", "den", "la", "le"}
)
# What may be written apart from the word after it or together with it, and is always said.
BINDING = frozenset({"abd", "abu", "bou", "abou"})
ABD = re.compile(r"\babd[aeu][lr][ -]?(?=\w)|\babd[ -][aeu]l[ -]")

# What Arabic writes before a name, as it is mostly romanised: transliterated alone it would have no vowel.
ARABIC = tuple(
    (re.compile(rf"\b{pattern}"), latin)
    for pattern, latin in (
        (r"عبد\s*(ال)?(?=\w)", "abd "),
        (r"[أا]بو\s", "abu "),
        (r"ا?بن\s", "ben "),
        (r"ال(?=\w{2})", "al "),
    )
)
SYLLABIC = re.compile("[\u3400-\u9fff\uac00-\ud7af]+")
APART = re.compile(r"[()\[\]/|]")

# In this order; capitals stand for sounds that have no letter of their own.
SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"shch|schtsch|chtch|tsch|tch|sch|sh|ch|cz|sz", "S"),
        (r"dzh|dsch|dj|zh|j", "J"),
        (r"kh|ck|q|c", "k"),
        (r"ph", "f"),
        (r"gh", "g"),
        (r"th", "t"),
        (r"dh", "d"),
        (r"ts|tz|z|x", "s"),
        (r"w", "v"),
        (r"ou|oo", "u"),
        (r"ee|ie|y", "i"),
        (r"o", "u"),
        (r"e", "a"),
        (r"(.)\1+", r"\1"),
        (r"(?<=.)h$", ""),
    )
)
# For consonants alone: what voices or writes the same one differently.
CONSONANTS = str.maketrans({"b": "P", "p": "P", "d": "T", "t": "T", "g": "K", "k": "K", "J": "S", "v": None})
VOWELS = re.compile("[aiu]")

# What Unicode does not take apart into a letter and its marks, by the letters that people write for it.
WRITTEN_FOR = {"ss": "ß", "ae": "æ", "oe": "œ", "th": "þ", "d": "đð", "h": "ħ", "i": "ı", "l": "ł", "o": "ø", "t": "ŧ"}
PLAIN = str.maketrans({one: plain for plain, written in WRITTEN_FOR.items() for one in written})
LONGEST_PATTERN = 200
"""Java goes deeper with each letter, and has no room for some thousand."""
MARKS = r"\p{M}*"
PIECES = re.compile("|".join([*(plain for plain in WRITTEN_FOR if len(plain) > 1), "."]), re.DOTALL)

SAME_SOUND, SAME_VOWELS, SAME_CONSONANTS, AN_INITIAL, LEAST = 0.97, 0.9, 0.85, 0.8, 0.75
A_WORD_LEFT_OVER = 0.03
NAMED_FROM, ENOUGH_OF_A_NAME = 0.9, 5
"""How alike a part of a text is to a name that it tells, and how many consonants it has."""
LONGEST_NAME = 4
A_LONG_TEXT = 12
"""In words."""


class Writing(StrEnum):
    """What a script writes of a name."""

    LATIN = "latin"
    WHOLE = "whole"
    """Another script, which writes vowels, or whose characters each have a reading."""
    CONSONANTS = "consonants"
    """Another script, which leaves vowels out."""


@dataclass(frozen=True, slots=True)
class Written:
    """One way in which a name is written, as words of Latin letters in lower case."""

    words: tuple[str, ...]
    writing: Writing


@lru_cache(maxsize=200_000)
def folded(text: str) -> str:
    """Text by which to tell whether two labels are the same: without case, diacritics, punctuation and double space.

    Letters of every script stay what they are (Unicode's NFKC and full case folding, then NFD without its marks).
    """
    apart = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    letters = (one if one.isalnum() else " " for one in apart if not unicodedata.combining(one))
    return " ".join("".join(letters).split())


def pattern(text: str) -> str:
    """A regular expression for a text, accents aside, in texts that are in Unicode's NFKD; for Java, with ``(?iu)``.

    Of a long text it is for the beginning, of :data:`LONGEST_PATTERN` letters.
    """
    apart = unicodedata.normalize("NFKD", text).casefold().translate(PLAIN)
    plain = "".join(one for one in apart if not unicodedata.combining(one))
    return "".join(_in_any_writing(piece[0]) for piece in PIECES.finditer(plain[:LONGEST_PATTERN]))


def _in_any_writing(piece: str) -> str:
    """One letter, or two that stand for one, with any marks."""
    if len(piece) == 1:
        written = WRITTEN_FOR.get(piece, "")
        return (f"[{piece}{written}]" if written else re.escape(piece)) + MARKS
    return f"(?:{''.join(map(_in_any_writing, piece))}|{WRITTEN_FOR[piece]}{MARKS})"


def latin(text: str) -> str:
    """Text in Latin letters without diacritics; of Chinese and Korean each syllable is a word."""
    apart = SYLLABIC.sub(lambda found: f" {' '.join(map(anyascii, found[0]))} ", unicodedata.normalize("NFKC", text))
    return anyascii(apart)


@lru_cache(maxsize=50_000)
def writings(name: str) -> tuple[Written, ...]:
    """Every way in which a name may be meant to be read; more than one for 'Ben Ali', 'Benali (بن علي)'."""
    found: dict[Written, None] = {}
    for part in APART.split(name):
        writing = _writing(part)
        for text in dict.fromkeys((part, part.replace("-", ""))):
            words = [word for word in _words(text) if word not in TITLES]
            for variant in (_joined(words), _joined([word for word in words if word not in LINKING]), tuple(words)):
                if variant:
                    found[Written(variant, writing)] = None
    return tuple(found)


def _writing(text: str) -> Writing:
    names = {unicodedata.name(one, "?").split()[0] for one in text if one.isalpha()}
    if names & {"ARABIC", "HEBREW", "SYRIAC", "THAANA"}:
        return Writing.CONSONANTS
    return Writing.LATIN if names <= {"LATIN", "MODIFIER", "FEMININE", "MASCULINE"} else Writing.WHOLE


def _words(text: str) -> Iterator[str]:
    """The words of a name in Latin letters, a Chinese or Korean name as family name and given name."""
    composed = unicodedata.normalize("NFKC", text)
    for pattern, romanised in ARABIC:
        composed = pattern.sub(romanised, composed)
    composed = ABD.sub("abd ", re.sub(r"['’`ʼ]", "", composed.lower()))
    for word in re.split(r"[\W_]+", composed):
        if SYLLABIC.fullmatch(word):
            family = 2 if len(word) == 4 else 1
            parts: tuple[str, ...] = (word[:family], word[family:])
        else:
            parts = (word,)
        for part in parts:
            plain = re.sub(r"[^a-z0-9]", "", anyascii(part).lower())
            if plain:
                yield plain


def _joined(words: Sequence[str]) -> tuple[str, ...]:
    """The words, each that links or binds written together with the next."""
    joined: list[str] = []
    before = ""
    for word in words:
        before += word
        if word not in LINKING and word not in BINDING:
            joined.append(before)
            before = ""
    return (*joined, before) if before else tuple(joined)


@lru_cache(maxsize=100_000)
def _sound(word: str) -> str:
    for pattern, sound in SOUNDS:
        word = pattern.sub(sound, word)
    return word


@lru_cache(maxsize=100_000)
def skeleton(word: str) -> str:
    """The consonants of a word, those that spellings exchange as one; without w, which Arabic writes for u."""
    return VOWELS.sub("", _sound(word.replace("w", "")).translate(CONSONANTS))


def _vowels(word: str) -> str:
    return "".join(VOWELS.findall(_sound(word)))


def initial(word: str) -> str:
    """The first sound of a word as far as every script and spelling agrees on it; a vowel is 'a'."""
    return (skeleton(word[0] + "a") if word[0] not in "aeiouywv" else "") or "a"


def alikeness(one: Written, other: Written) -> float:
    """How alike two names are written, from 0 to 1: whatever their order, with initials, without a middle name.

    One word alone says little: two such are at most 0.8, one beside a longer name is nothing.
    """
    few, many = sorted((one.words, other.words), key=len)
    if _turned("".join(few), "".join(many)) and max(len(few), len(many)) > 1:
        return 1.0 if sorted(few) == sorted(many) else SAME_SOUND
    if len(few) < 2:
        return 0.8 if few == many else 0.0
    bare = Writing.CONSONANTS in {one.writing, other.writing} and one.writing != other.writing
    left = list(many)
    weights = total = 0.0
    for word in sorted(few, key=lambda word: (-len(word), word)):
        likest, most = max(((each, _same_word(word, each, bare=bare)) for each in left), key=lambda pair: pair[1])
        if most == 0.0:
            return 0.0
        left.remove(likest)
        weight = max(len(word), len(likest))
        weights += weight
        total += weight * most
    found = total / weights - A_WORD_LEFT_OVER * len(left)
    # Three or four consonants alone are many people's.
    return min(found, 0.9) if bare and sum(len(skeleton(word)) for word in few) < 5 else max(found, 0.0)


def name_words(text: str) -> tuple[str, ...]:
    """Every word of a text that may be one of a name, in Latin letters; of Chinese, each run of up to three syllables.

    Of a long text in a script that has capitals and uses them, only such words.
    """
    cased = [word for word in re.findall(r"\w+", text) if word[0].lower() != word[0].upper()]
    has_capitals = len(cased) > A_LONG_TEXT and any(word[0].isupper() for word in cased[1:])
    names = re.sub(r"\w+", lambda found: " " if has_capitals and found[0][0].islower() else found[0], text)
    spelled = [word for writing in writings(SYLLABIC.sub(" ", names)) for word in writing.words]
    runs = (
        run[0][at : at + size] for run in SYLLABIC.finditer(text) for size in (1, 2, 3) for at in range(len(run[0]))
    )
    return tuple(dict.fromkeys([*spelled, *(re.sub(r"[^a-z0-9]", "", anyascii(run).lower()) for run in runs)]))


def is_named(names: Sequence[str], text: str) -> bool:
    """Whether somebody's name stands in a text, in any script and spelling, perhaps without a middle name."""
    return any(
        (part.writing == Writing.LATIN and set(part.words) <= set(name.words))
        or (alikeness(part, name) >= NAMED_FROM and sum(map(len, map(skeleton, part.words))) >= ENOUGH_OF_A_NAME)
        for name in {writing for one in names for writing in writings(one) if len(writing.words) > 1}
        for part in _parts(text)
        if len(part.words) <= len(name.words)
    )


@lru_cache(maxsize=64)
def _parts(text: str) -> tuple[Written, ...]:
    """Whatever in a text may be a name: two to four words beside each other; of Chinese, two to four syllables."""
    found: dict[Written, None] = {}
    for writing in writings(SYLLABIC.sub(" ", text)):
        for size in range(2, LONGEST_NAME + 1):
            for at in range(len(writing.words) - size + 1):
                found[Written(writing.words[at : at + size], writing.writing)] = None
    for run in SYLLABIC.finditer(text):
        for size in range(2, LONGEST_NAME + 1):
            for at in range(len(run[0]) - size + 1):
                found.update(dict.fromkeys(writings(run[0][at : at + size])))
    return tuple(found)


def may_be_one(name: str, other: str) -> bool:
    """Whether two names may be one person's: alike, or one of them with fewer words."""
    return any(
        alikeness(one, two) > LEAST or set(one.words) <= set(two.words) or set(two.words) <= set(one.words)
        for one in writings(name)
        for two in writings(other)
    )


def share_a_word(name: str, other: str) -> bool:
    """Whether two names have a word that is alike, or are not written alike enough to tell."""
    return any(
        one.writing != two.writing or any(_same_word(a, b, bare=False) for a in one.words for b in two.words)
        for one in writings(name)
        for two in writings(other)
    )


def _turned(one: str, other: str) -> bool:
    """Whether one text is the other with its beginning moved to its end."""
    return len(one) == len(other) and one in other + other


@lru_cache(maxsize=200_000)
def _same_word(one: str, other: str, *, bare: bool) -> float:
    """How alike two words of names are; 0 below what is alike at all. ``bare``: one of them lacks its vowels."""
    if one == other:
        return 1.0
    first, second = skeleton(one), skeleton(other)
    if bare:
        if first == second:
            return SAME_SOUND if len(first) >= 3 else 0.9
        found = ratio(first, second) / 100 * SAME_SOUND
    elif 1 in {len(one), len(other)}:
        return AN_INITIAL if one[0] == other[0] else 0.0
    else:
        sounds = _sound(one), _sound(other)
        if sounds[0] == sounds[1]:
            return SAME_SOUND
        found = max(ratio(one, other), ratio(*sounds) * 0.95) / 100
        if first == second and _vowels(one) == _vowels(other) and (len(first) >= 2 or min(len(one), len(other)) >= 5):
            found = max(found, SAME_VOWELS)
        elif first == second and len(first) >= 3:
            found = max(found, SAME_CONSONANTS)
    return found if found >= LEAST else 0.0
