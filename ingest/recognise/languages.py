"""Languages by tag or by name in eight languages, and how well somebody speaks them, in the words of those languages.

Names are CLDR's (babel) in the six UN languages, German and Portuguese, each language's name for itself, and ISO
639-3's English names (pycountry). Levels are this network's four words, their translations, and the six levels of the
Common European Framework of Reference (Council of Europe): A1 and A2 are basic, B1 and B2 working, C1 and C2 fluent.
"""

import re
from collections.abc import Mapping
from functools import cache

import langcodes
import pycountry
from babel import Locale
from langcodes.tag_parser import LanguageTagError

from graph.values import LanguageLevel
from ingest.cells import Unfit, visible
from ingest.recognise.countries import LOCALES
from ingest.recognise.words import Doubtful, doubt, near, plain, remembered, text_line

__all__ = ["language", "language_level", "prepare", "spoken"]

OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "zh": ("Mandarin", "Mandarin Chinese", "Hochchinesisch", "mandarín", "mandarim", "普通话", "汉语", "华语", "国语"),
    "fa": ("Farsi", "فارسی"),
    "ar": ("Modern Standard Arabic", "Hocharabisch", "arabe standard", "العربية الفصحى", "عربي", "عربية"),
    "fr": ("فرنسي", "فرنسية"),
    "en": ("إنجليزي", "إنجليزية", "انكليزي"),
    "es": ("Castilian", "castellano", "castillan", "castelhano", "Kastilisch"),
    "el": ("Modern Greek",),
    "nl": ("Flämisch", "Flemish", "flamand"),
    "nb": ("Norwegian Bokmål",),
    "sw": ("Kiswahili", "swahili", "Suaheli"),
    "ps": ("Pashtu", "Paschtu"),
}
# Languages, beside those that names are in, whose own name for themselves is known too; each costs a file of CLDR's.
AUTONYMS = (
    *("am", "az", "be", "bg", "bn", "bs", "cs", "da", "el", "et", "fa", "fi", "ha", "he", "hi", "hr", "hu", "hy", "id"),
    *("it", "ja", "ka", "kk", "km", "ko", "ky", "lt", "lv", "mk", "mn", "ms", "my", "nb", "ne", "nl", "pl", "ps", "ro"),
    *("si", "sk", "sl", "so", "sq", "sr", "sv", "sw", "ta", "tg", "th", "tk", "tr", "uk", "ur", "uz", "vi"),
)
LEVELS: Mapping[LanguageLevel, str] = {
    LanguageLevel.NATIVE: (
        "native, native speaker, native language, mother tongue, mother language, first language, bilingual, L1, "
        "native or bilingual proficiency, langue maternelle, maternelle, natif, native, bilingue, lengua materna, "
        "idioma materno, materna, nativo, nativa, bilingüe, língua materna, Muttersprache, Muttersprachler, "
        "Muttersprachlerin, muttersprachlich, Erstsprache, zweisprachig, родной, родной язык, носитель, "
        "носитель языка, اللغة الأم, لغة أم, لغة الأم, الأم, 母语, 第一语言"
    ),
    LanguageLevel.FLUENT: (
        "fluent, fluently, proficient, very good, excellent, advanced, full professional proficiency, C1, C2, courant, "
        "couramment, très bon, très bien, avancé, excellent, fluido, fluida, con fluidez, avanzado, muy bueno, "
        "muy bien, excelente, fluente, avançado, muito bom, fließend, verhandlungssicher, sehr gut, "
        "fortgeschritten, свободно, свободный, свободное владение, в совершенстве, отлично, بطلاقة, طليق, طلاقة, "
        "ممتاز, جيد جدا, 流利, 精通, 熟练"
    ),
    LanguageLevel.WORKING: (
        "working, working knowledge, working language, good, intermediate, professional, limited working proficiency, "
        "professional working proficiency, B1, B2, bon, bien, intermédiaire, professionnel, langue de travail, bueno, "
        "intermedio, profesional, bom, intermediário, intermédio, profissional, gut, gute Kenntnisse, mittel, "
        "Arbeitssprache, хорошо, хороший, средний, рабочий, جيد, جيدة, متوسط, متوسطة, 良好, 中级, 工作语言"
    ),
    LanguageLevel.BASIC: (
        "basic, beginner, elementary, elementary proficiency, some, notions, A1, A2, débutant, élémentaire, base, "
        "bases, scolaire, básico, básica, principiante, elemental, iniciante, noções, Grundkenntnisse, "
        "Anfänger, elementar, Basis, базовый, начальный, элементарный, со словарем, أساسي, أساسية, مبتدئ, "
        "ضعيف, 基础, 初级"
    ),
}
# Words beside a language and a level that say neither: "fluent in French", "niveau C1", "уровень B2".
BESIDE = frozenset(
    plain(word)
    for word in [
        "in",
        "of",
        "as",
        "the",
        "a",
        "level",
        "speaker",
        "language",
        "skills",
        "knowledge",
        "niveau",
        "langue",
        "en",
        "de",
        "la",
        "nivel",
        "idioma",
        "em",
        "nível",
        "Sprache",
        "Kenntnisse",
        "als",
        "auf",
        "Sprachniveau",
        "CEFR",
        "CECR",
        "MCER",
        "GER",
        "GERS",
        "уровень",
        "язык",
        "владение",
        "на",
        "مستوى",
        "لغة",
        "水平",
    ]
)


@remembered
def language(text: str) -> str:
    """The tag (BCP 47, in its standard form) of the language that a text certainly names.

    Raises:
        Doubtful: it is one or two letters away from a language's name.
        Unfit: it names no language that is known.
    """
    found = text_line(text)
    word = plain(found)
    known = _by_name().get(word)
    if known is not None:
        return known
    if re.fullmatch(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*", found) is not None:
        try:
            if langcodes.tag_is_valid(found):
                return langcodes.standardize_tag(found)
        except (LanguageTagError, ValueError):
            pass
    if word in _several():
        raise Unfit(
            f"'{visible(found)}' is the name of more than one language", remedy="write the language's tag", value=found
        )
    named = _in_iso_639().get(word)
    if named is not None:
        return named
    missed = near(word, _by_name())
    if missed is not None:
        raise doubt(found, meant=missed[1], name=_english(missed[1]), reason="is not quite a language's name")
    raise Unfit(
        f"'{visible(found)}' is not a language's name or tag",
        remedy="write its tag, such as fr for French",
        value=found,
    )


def language_level(text: str) -> LanguageLevel | None:
    """How well a language is spoken, if the text says just that in words that are known."""
    words = [word for word in plain(text).split() if word not in BESIDE]
    return _levels().get(plain(text)) or _levels().get(" ".join(words))


@remembered
def spoken(text: str) -> tuple[str, LanguageLevel | None]:
    """A language, and how well it is spoken if the text says it: "français (courant)", "fr:fluent", "C1 Englisch".

    Raises:
        Doubtful: the language's name is not quite one, or what stands beside it is no level that is known.
        Unfit: it names no language that is known.
    """
    found = text_line(text)
    try:
        return language(found), None
    except Unfit as problem:
        whole = problem
    words = plain(found).split()
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length + 1):
            level = _levels().get(" ".join(words[start : start + length]))
            rest = [word for word in words[:start] + words[start + length :] if word not in BESIDE]
            if level is not None and rest:
                return _language_of(rest), level
    bare = [word for word in words if word not in BESIDE]
    if bare != words and bare:
        return _language_of(bare), None
    beside = re.fullmatch(r"(.+?)\s*(?:[(:\[–—]|\s-\s)\s*(.+?)[)\]]?", found)
    if beside is not None:
        meant = language(beside[1])
        raise Doubtful(
            f"'{visible(beside[2])}' does not say how well {_english(meant)} is spoken",
            meant=meant,
            remedy=f"write one of {', '.join(LanguageLevel)}",
            value=found,
        )
    raise whole


def prepare() -> None:
    """Read the tables of names now, which are read once in a process."""
    _by_name()
    _several()
    _in_iso_639()
    _levels()


def _language_of(words: list[str]) -> str:
    """The language of some plain words; a tag lost its hyphens when they were made plain."""
    tag = "-".join(words)
    return language(tag if len(words) > 1 and len(words[0]) == 2 and langcodes.tag_is_valid(tag) else " ".join(words))


def _english(tag: str) -> str:
    return str(Locale("en").languages.get(tag.replace("-", "_"), tag))


@cache
def _levels() -> Mapping[str, LanguageLevel]:
    return {plain(word): level for level, words in LEVELS.items() for word in words.split(", ")} | {
        level.value: level for level in LanguageLevel
    }


@cache
def _names() -> Mapping[str, frozenset[str]]:
    """The tags that a plain name has in CLDR; more than one where languages differ."""
    found: dict[str, set[str]] = {}
    english = Locale("en").languages
    for locale in LOCALES:
        for tag, name in Locale.parse(locale).languages.items():
            if tag in english and "_" not in tag:
                found.setdefault(plain(name), set()).add(langcodes.standardize_tag(tag))
    for tag in AUTONYMS:
        found.setdefault(plain(Locale(tag).get_language_name(tag) or ""), {tag})
    for tag, names in OTHER_NAMES.items():
        for name in names:
            found[plain(name)] = {tag}
    return {name: frozenset(tags) for name, tags in found.items() if name}


@cache
def _by_name() -> Mapping[str, str]:
    return {name: next(iter(tags)) for name, tags in _names().items() if len(tags) == 1}


@cache
def _several() -> frozenset[str]:
    return frozenset(name for name, tags in _names().items() if len(tags) > 1)


@cache
def _in_iso_639() -> Mapping[str, str]:
    """Names of ISO 639-3, which no other language of it bears."""
    found: dict[str, set[str]] = {}
    for one in pycountry.languages:
        found.setdefault(plain(one.name), set()).add(getattr(one, "alpha_2", None) or one.alpha_3)
    return {name: langcodes.standardize_tag(next(iter(tags))) for name, tags in found.items() if len(tags) == 1}
