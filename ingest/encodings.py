"""In which encoding a file of a network's folder is written: UTF-8, as it should be, or what old programs write.

UTF-16 says so by its first two bytes. What is neither is one of the older encodings, which look alike. Each of them
reads the bytes as other words, and how likely these are is asked word by word, of every language that is written in
that encoding: so a list of names from many countries is read too. What words look like in a language is learnt from
the names of countries, languages, currencies, cities and regions in CLDR and ISO 3166 and from some names of people.
Only what is certain is read, for a wrong guess would quietly misspell somebody's name.
"""

import codecs
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import exp, log
from pathlib import Path

import pycountry
from babel import Locale
from babel.languages import get_official_languages

from ingest.files import LONGEST_LINE, FileRefused, ensure_plain

__all__ = ["UTF_8", "Encoding", "encoding_of"]

LARGEST_FILE = 1_000_000_000
SAMPLE_BYTES = 6_000
# Lines with a byte that no line of the sample has are taken too: it may be what tells two encodings apart.
LARGEST_SAMPLE = 100_000
MOST_WORDS, LONGEST_WORD = 600, 24

WESTERN = ("en", "de", "fr", "es", "pt", "it", "nl", "sv", "da", "nb", "fi", "is", "tr")
CENTRAL = ("en", "de", "pl", "cs", "sk", "hu", "sl", "hr", "ro")
CYRILLIC = ("en", "ru", "uk", "bg", "sr")


@dataclass(frozen=True, slots=True)
class Older:
    """One of the older encodings: what it is called, what is written in it, and how much rarer it is than the usual."""

    title: str
    languages: tuple[str, ...]
    rarity: float = 0


# By Python's names: what Excel, Notepad, LibreOffice and older systems write, by language and country.
OLDER = {
    "cp1252": Older("Windows-1252", WESTERN),
    "cp1250": Older("Windows-1250", CENTRAL, 2),
    "cp1251": Older("Windows-1251", CYRILLIC, 2),
    "cp1253": Older("Windows-1253", ("en", "el"), 2),
    "cp1254": Older("Windows-1254", ("en", "de", "tr"), 2),
    "cp1255": Older("Windows-1255", ("en", "he"), 2),
    "cp1256": Older("Windows-1256", ("en", "fr", "ar", "fa", "ur"), 2),
    "cp1257": Older("Windows-1257", ("en", "de", "pl", "et", "lt", "lv"), 2),
    "iso8859_2": Older("ISO 8859-2", CENTRAL, 4),
    "iso8859_15": Older("ISO 8859-15", WESTERN, 4),
    "mac_roman": Older("Mac Roman", WESTERN, 4),
    "cp850": Older("code page 850", WESTERN, 4),
    "koi8_r": Older("KOI8-R", CYRILLIC, 4),
    "gb18030": Older("GB 18030", ("en", "zh_Hans"), 2),
    "big5": Older("Big5", ("en", "zh_Hant"), 2),
    "cp932": Older("Shift JIS", ("en", "ja"), 2),
    "cp949": Older("Korean (code page 949)", ("en", "ko"), 2),
}
# The first bytes of the characters that each of these standards counts among the common ones, and their number.
COMMON = {
    "zh_Hans": ("gb2312", 0xB0, 0xD7, 3755),
    "zh_Hant": ("big5", 0xA4, 0xC6, 5401),
    "ja": ("cp932", 0x88, 0x97, 2965),
    "ko": ("euc_kr", 0xB0, 0xC8, 2350),
}
# CLDR has no names of people: some of the commonest in each language, for their letters and their endings.
NAMES = {
    "de": "Müller Schäfer König Böhm Krüger Köhler Jäger Groß Weiß Jürgen Jörg Käthe Günther Björn Händel",
    "fr": "Lefèvre Gérard Noël Lemaître Béranger François Hélène Zoé Benoît Jérôme Renée Loïc Chloë Aurélie Agnès",
    "es": "Núñez García Peña Íñiguez Muñoz López González Rodríguez Martínez José María Ángel Sofía Andrés Begoña",
    "pt": "Gonçalves Simões Magalhães Brandão Araújo Guimarães João Conceição Inês Luís Antônio Mônica Fátima Júlia",
    "it": "Nicolò Niccolò Salomè Dalla Conti Ferrari",
    "sv": "Håkansson Sjöberg Åkesson Ångström Björklund Nyström Sjögren Björn Åsa Märta Håkan Göran Östen",
    "da": "Sørensen Jørgensen Møller Nørgaard Kjær Søren Jørgen Åse Bjørn",
    "nb": "Øystein Håkon Pål Bjørn Ødegård Bjørk Næss Børresen Sæther Åse",
    "fi": "Mäkinen Hämäläinen Mäkelä Väinö Päivi Jyrki Lehtimäki",
    "is": "Þóra Jón Sigurðsson Guðmundsdóttir Björk Ólafur Þorsteinn Guðrún Sigríður Ragnarsdóttir",
    "tr": "Yılmaz Öztürk Çelik Şahin Yıldız Kılıç Doğan Çakır Aydın Ayşe Gülşah İbrahim Işıl Tuğçe Müge Özge",
    "pl": (
        "Wójcik Zieliński Wiśniewska Dąbrowski Kamiński Woźniak Kozłowska Szymański Jabłońska Król Zając "
        "Pawłowski Wróbel Stępień Górski Głowacka Świątek Cieślak Błaszczyk Kołodziej Kaźmierczak Szczepańska "
        "Łukasz Paweł Małgorzata Stanisław Grażyna Bożena Elżbieta Rafał Michał"
    ),
    "cs": (
        "Dvořák Procházka Černý Kučera Veselý Němec Růžičková Novotná Pospíšil Hájek Král Beneš Zeman Kovář "
        "Štěpánek Jiří Tomáš Lukáš Zdeněk Kateřina Ondřej Vojtěch Matěj Eliška Bořek"
    ),
    "sk": "Kováč Horváthová Baláž Polák Ďurica Krajčí Lukáč Ján Ľubomír Štefan Mária Ľudovít Šimková Žofia Matúš",
    "hu": (
        "Kovács Tóth Szabó Horváth Németh Szűcs Erdős Lőrinc Győri Fehér Juhász Balázs Molnár György Zoltán "
        "Erzsébet László István Gergő Dezső Péter"
    ),
    "sl": "Kovačič Kranjc Zupančič Žagar Božič Matjaž Aljaž Andrej Nuša Špela",
    "hr": "Kovačević Marić Babić Jurić Petrović Nikolić Đurić Željko Šime Krešimir Đurđica Andrijašević Knežević",
    "ro": (
        "Ionuţ Ştefan Ţepeş Rădulescu Brânză Mihăilescu Cătălin Niţă Dumitraşcu Mureşan Bălan Stănescu Pârvu Gheorghiţă"
    ),
    "et": "Tõnu Jüri Ülo Mäe Põder Kõiv",
    "lt": "Jankauskienė Petrauskaitė Žukauskas Šimkus Stankevičius Rūta Žydrūnas Eglė Gražina",
    "lv": "Bērziņš Kalniņš Ozoliņa Jānis Līga Pēteris Krūmiņš",
    "zh_Hans": (
        "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
        "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
        "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀英霞平刚桂华玉建国红小晓志海燕雪梅峰鹏飞宇浩然子欣怡婷雨佳琪嘉俊"
        "辉斌波宁倩琳莉春兰凤珍云天永成新东晨轩"
    ),
    "zh_Hant": (
        "陳林黃張李王吳劉蔡楊許鄭謝洪郭邱曾廖賴徐周葉蘇莊呂江何蕭羅高潘簡朱鍾彭游詹胡施沈余盧梁趙顏柯翁魏孫戴"
        "范方宋鄧杜怡君志明淑芬雅婷家豪美玲俊傑宗翰佳穎冠宇惠雯麗華秀英國文建宏偉承恩詩涵心子欣慧珍娟貞雪月春"
        "梅玉彥廷柏哲"
    ),
    "ja": "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 太郎 花子 健一 美咲 翔太",
    "ko": "김 이 박 최 정 강 조 윤 장 임 민수 지영 서연 현우 지훈 은정",
}
# All as logarithms: how much likelier the best reading must be than the next, and what is unlikely in a text.
MARGIN = 8.0
# The same by those words alone that tell the two readings apart.
MARGIN_APART = 2.0
RARE_LETTER, MARK, CAPITAL_IN_WORD, ASCII_LETTER = 14.0, 3.0, 5.0, 2.9
# A single word that is not plain ASCII proves nothing.
LEAST_WORDS = 2
# The languages whose names are of characters that each may be a name.
CHARACTERS = ("zh_Hans", "zh_Hant")
# How much a name of a person teaches, in names of places.
PEOPLE = 5
# Above this for a letter of the words that are not plain ASCII, no reading is a likely one.
UNLIKELY = 6.5
# The older encodings have Romanian only with cedillas.
CEDILLAS = str.maketrans("șț", "şţ")
# Marks that are written on or below a letter belong to it.
LETTER, ON_LETTER = r"[^\W\d_]", r"·\u0300-\u036f\u0591-\u05c7\u064b-\u0670"
SIGN_IN_WORD = re.compile(rf"{LETTER}(?:(?!{LETTER})[^{ON_LETTER}])+{LETTER}")
ASCII = frozenset(map(chr, range(128)))
MARKS = frozenset("—‘‚“”„«»‹›…€¿¡°ªº·、。，；：（）・\N{NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}")
# What parts words: all of ASCII but its letters, and the other marks unless letters stand on both sides of them.
PARTS, OUTER = r"\x00-@\[-`{-\x7f’–", "".join(sorted(MARKS))
WORD = re.compile(rf"[^{PARTS}{OUTER}]+(?:[{OUTER}]+[^{PARTS}{OUTER}]+)*")


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding by Python's name; ``note`` is a sentence for the report if it is not the usual one."""

    name: str
    note: str | None = None


UTF_8 = Encoding("utf-8")


def encoding_of(path: Path, *, folder: Path) -> Encoding:
    """The encoding that a file of a network's folder is certainly in.

    A file with a line that is longer than any text is called UTF-8; :func:`ingest.files.lines_of` refuses it.

    Raises:
        FileRefused: it is no plain file of the folder, larger than any table, ends within a character, or its encoding
            cannot be told with certainty.
    """
    ensure_plain(path, folder=folder, largest=LARGEST_FILE)
    try:
        return _encoding_of(path)
    except OSError as problem:
        raise FileRefused(
            f"it cannot be read ({problem.strerror})", remedy="check the file and its permissions"
        ) from None


def _encoding_of(path: Path) -> Encoding:
    sample = bytearray()
    seen: set[int] = set()
    first_odd = 0
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return Encoding("utf-16", "it was read as UTF-16")
        file.seek(0)
        number = 0
        while line := file.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                return UTF_8
            if line.isascii() or len(sample) > LARGEST_SAMPLE:
                continue
            if len(sample) > SAMPLE_BYTES and seen.issuperset(line):
                continue
            seen.update(line)
            if not first_odd and not _is_utf8(line):
                if sample and _is_cut(line):
                    raise FileRefused(
                        "it ends in the middle of a character",
                        remedy="copy it again from where it is whole: a part of it is missing",
                    )
                first_odd = number
            sample += line
    return _older(bytes(sample), first_odd) if first_odd else UTF_8


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_cut(line: bytes) -> bool:
    """Whether a line is UTF-8 but for its last character, of which a part is missing."""
    return not line.endswith(b"\n") and any(_is_utf8(line[:-missing]) for missing in (1, 2, 3))


def _older(sample: bytes, number: int) -> Encoding:
    """Which of the older encodings, of which a line with this number gave the first sign, these lines are in."""
    if b"\0" in sample:
        raise _untold(number)
    readings: dict[str, tuple[float, str]] = {}
    for name, older in OLDER.items():
        text = _read(sample, name)
        if text is not None:
            reading = _cost(text, older.languages) + older.rarity, name
            readings[text] = min(readings.get(text, reading), reading)
    best, *rivals = sorted(readings, key=readings.__getitem__) or [""]
    odd = [word for word in _words(best) if not word.isascii()]
    if len(odd) < LEAST_WORDS or any(SIGN_IN_WORD.search(word) for word in odd):
        raise _untold(number)
    cost, name = readings[best]
    if _cost(" ".join(odd), OLDER[name].languages) > UNLIKELY * len("".join(odd).encode(name)):
        raise _untold(number)
    for rival in rivals:
        if readings[rival][0] - cost < MARGIN or _lead(best, name, rival, readings[rival][1]) < MARGIN_APART:
            raise _untold(number)
    # Of several names for the same text the most usual one is said.
    name = next(name for name in OLDER if _read(sample, name) == best)
    return Encoding(name, f"it was read as {OLDER[name].title}, not as UTF-8")


def _read(sample: bytes, name: str) -> str | None:
    """Bytes as text, unless they are none in this encoding."""
    try:
        text = sample.decode(name)
    except UnicodeDecodeError:
        return None
    return text if _is_text(text) else None


def _lead(text: str, name: str, rival: str, rival_name: str) -> float:
    """How much likelier one reading is than a rival by those words alone that tell the two apart."""
    words, others = _words(text), _words(rival)
    return _cost(" ".join(others - words), OLDER[rival_name].languages) - _cost(
        " ".join(words - others), OLDER[name].languages
    )


def _is_text(text: str) -> bool:
    """Whether it has no control character, and none that nobody gave a meaning, beyond ASCII."""
    return not any(unicodedata.category(character) in ("Cc", "Co", "Cn") for character in set(text) - ASCII)


def _words(text: str) -> set[str]:
    """The first different words of a text, without the ends of those that are longer than words are."""
    words: dict[str, None] = {}
    for match in WORD.finditer(text):
        words[match[0][:LONGEST_WORD]] = None
        if len(words) == MOST_WORDS:
            break
    return set(words)


def _cost(text: str, languages: tuple[str, ...]) -> float:
    """How unlikely a text is, as a negative logarithm: every word once, in whichever of the languages is likeliest."""
    words = _words(text)
    odd = [word for word in words if not word.isascii()]
    spelt = [{language: _spelling(language).cost(word.lower()) for language in languages} for word in odd]
    # Words of a language that many other words of the text are in are likelier.
    often = Counter(min(languages, key=costs.__getitem__) for costs in spelt)
    rarity = {language: log((len(odd) + len(languages)) / (often[language] + 1)) for language in languages}
    capitals = sum(before.islower() and after.isupper() for word in odd for before, after in pairwise(word))
    return (
        MARK * len(MARKS & set(text))
        + CAPITAL_IN_WORD * capitals
        + RARE_LETTER * sum(map(_is_of_two_scripts, odd))
        + ASCII_LETTER * sum(map(len, words - set(odd)))
        + sum(min(cost + rarity[language] for language, cost in costs.items()) for costs in spelt)
    )


def _is_of_two_scripts(word: str) -> bool:
    """Whether a word has letters of the Latin script beside those of another."""
    latin = [unicodedata.name(letter, "").startswith("LATIN") for letter in word if letter.isalpha()]
    return any(latin) and not all(latin)


class Spelling:
    """What words look like in a language: how often which letter follows two others."""

    def __init__(self, language: str) -> None:
        self.common = COMMON.get(language)
        self.runs: Counter[str] = Counter()
        for word in _learnt(language):
            for size in (1, 2, 3):
                self.runs.update(word[at : at + size] for at in range(len(word) - size + 1))
        self.letters = {run for run in self.runs if len(run) == 1}
        self.all = sum(self.runs[letter] for letter in self.letters)

    def cost(self, word: str) -> float:
        """How unlikely a word is in the language, as a negative logarithm."""
        padded = f"^^{word}$"
        return sum(self._cost(padded[at - 2 : at], padded[at]) for at in range(2, len(padded)))

    def _cost(self, before: str, letter: str) -> float:
        """How unlikely a letter is after two others: as often as seen, with a part for what was never seen."""
        likely = exp(-RARE_LETTER)
        for share, known in ((0.6, before), (0.33, before[1:])):
            if self.runs[known]:
                likely += share * self.runs[known + letter] / self.runs[known]
        likely += 0.06 * self.runs[letter] / self.all
        if self.common:
            name, first, last, number = self.common
            code = letter.encode(name, "ignore")
            if len(code) == 2 and first <= code[0] <= last:
                likely += 0.3 / number
        elif letter in self.letters:
            likely += 0.01 / len(self.letters)
        return -log(likely)


_spelling = cache(Spelling)


@cache
def _spoken(country: str) -> tuple[str, ...]:
    return get_official_languages(country)


def _learnt(language: str) -> list[str]:
    """The words of CLDR's and ISO 3166's names in a language and of its people, with beginnings and ends marked."""
    locale = Locale.parse(language)
    places = [one.name for one in pycountry.subdivisions if locale.language in _spoken(one.country_code)]
    cities = [f"{zone.get('city')}" for zone in locale.time_zones.values() if "city" in zone]
    people = NAMES.get(language, "").lower()
    names = [*locale.territories.values(), *locale.languages.values(), *locale.currencies.values(), *cities, *places]
    words = {word for name in names for word in WORD.findall(name.lower().translate(CEDILLAS))}
    return [f"^^{word}$" for word in [*words, *(people if language in CHARACTERS else people.split()) * PEOPLE]]


def _untold(number: int) -> FileRefused:
    return FileRefused(f"line {number} is not UTF-8 text", remedy="save the file in UTF-8 (in Excel: 'CSV UTF-8')")
