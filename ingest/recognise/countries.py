"""Countries by code, by name in eight languages, by demonym and by common misspellings.

Certain are ISO 3166-1's codes, and the names that CLDR (babel) gives in the six UN languages, German and Portuguese
and ISO 3166 in English, whatever their case and accents, and the other names of ``OTHER_NAMES``. Demonyms ("Tunisian",
"tunisienne", "tunesisch") and near misses are doubts: they may tell where somebody lives, or not.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from typing import Any

import langcodes
import pycountry
from babel import Locale
from countryinfo import CountryInfo
from countryinfo.exceptions import CountryNotFoundError

from ingest.cells import Unfit, visible
from ingest.recognise.words import doubt, near, plain, remembered, text_line

__all__ = ["LOCALES", "country", "country_name", "default_country", "prepare"]

LOCALES = ("en", "fr", "es", "ar", "ru", "zh", "de", "pt", "pt_PT", "es_MX", "de_AT", "de_CH", "zh_Hant")

NORTHERN_IRELAND = (
    "Northern Ireland",
    "N. Ireland",
    "Irlande du Nord",
    "Irlanda del Norte",
    "Irlanda do Norte",
    "Nordirland",
)
# Names in common use that neither CLDR nor ISO 3166 gives (any more), and that mean one country only.
OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "AE": ("UAE", "Emirates", "VAE", "EAU", "Émirats", "الإمارات", "ОАЭ", "Объединенные Арабские Эмираты", "阿联酋"),
    "BA": ("Bosnia", "Bosnia-Herzegovina", "Bosnien-Herzegowina", "Bosnien und Herzegowina", "Bosnie"),
    "BY": ("Weißrussland", "Byelorussia", "Biélorussie", "Bielorrusia", "Белоруссия", "Bielorrússia"),
    "BO": ("Bolivia",),
    "BN": ("Brunei",),
    "CD": (
        "DRC",
        "R.D.C.",
        "RD Congo",
        "Congo RDC",
        "Congo, Dem. Rep.",
        "Democratic Republic of the Congo",
        "Democratic Republic Congo",
        "DR Congo",
        "RDC",
        "République démocratique du Congo",
        "Demokratische Republik Kongo",
        "República Democrática del Congo",
        "República Democrática do Congo",
        "Демократическая Республика Конго",
        "ДРК",
        "جمهورية الكونغو الديمقراطية",
        "刚果民主共和国",
        "Zaire",
    ),
    "CF": ("RCA",),
    "CG": (
        "Congo-Brazzaville",
        "Republic of Congo",
        "Republic Congo",
        "Congo Republic",
        "Congo, Rep.",
        "République du Congo",
        "Republik Kongo",
        "Republic of the Congo",
        "刚果共和国",
    ),
    "CI": ("Ivory Coast", "Elfenbeinküste", "Costa de Marfil", "Costa do Marfim", "Берег Слоновой Кости"),
    "CN": ("PRC", "PR China", "VR China", "Volksrepublik China", "КНР", "中华人民共和国"),
    "CV": ("Cape Verde", "Kap Verde"),
    "CZ": ("Czech Republic", "Tschechische Republik", "République tchèque", "República Checa", "Чешская Республика"),
    "DE": ("BRD", "Bundesrepublik Deutschland"),
    "GB": (
        "UK",
        "U.K.",
        "Great Britain",
        "Großbritannien",
        "Grande-Bretagne",
        "Gran Bretaña",
        "Grã-Bretanha",
        "英国",
        *NORTHERN_IRELAND,
    ),
    "GF": ("Guyane",),
    "GN": ("Guinea Conakry", "Guinée Conakry"),
    "GS": ("South Georgia",),
    "GW": ("Guinea Bissau", "Guinea-B.", "Guinée-B.", "Guiné-B."),
    "IR": ("Iran", "Persia"),
    "KG": ("Kirghizistan", "Kirgisistan", "Киргизия"),
    "KP": ("North Korea", "DPRK", "КНДР"),
    "KR": ("South Korea", "Republic of Korea", "Republik Korea", "República de Corea", "Республика Корея"),
    "LA": ("Laos",),
    "MD": ("Moldova", "Moldavia", "Молдова"),
    "MK": ("Macedonia", "Mazedonien", "Macédoine", "Македония", "FYROM"),
    "MM": ("Burma", "Birma", "Birmanie", "Birmania"),
    "NL": ("Holland", "Hollande", "Holanda", "Голландия", "Niederlande", "The Netherlands"),
    "PS": ("Palestine", "Palästina", "Palestina", "فلسطين", "Палестина", "巴勒斯坦", "State of Palestine"),
    "RU": ("Russia", "РФ", "Российская Федерация", "Fédération de Russie", "Russische Föderation"),
    "SY": ("Syria",),
    "SZ": ("Swaziland",),
    "TL": ("East Timor", "Osttimor"),
    "TR": ("Turkey", "Turkiye"),
    "TZ": ("Tanzania",),
    "US": ("U.S.", "U.S.A.", "USA", "United States of America", "EE.UU.", "EEUU", "EUA", "США", "America", "美国"),
    "VA": ("Vatican", "Vatikan", "Vaticano", "Ватикан", "الفاتيكان", "Holy See"),
    "VE": ("Venezuela",),
    "VN": ("Vietnam",),
}
# What may mean more than one country, though ISO 3166 gives the name to one of them.
SEVERAL: Mapping[str, str] = {
    plain(name): codes
    for names, codes in {
        ("Congo", "Kongo", "Конго", "الكونغو", "刚果"): "CD or CG",
        ("Korea", "Corea", "Corée", "Coreia", "Корея", "كوريا"): "KR or KP",
        ("Guayana",): "GF or GY",
        ("Virgin Islands", "Virgin Is.", "Jungferninseln", "Îles Vierges", "Islas Vírgenes"): "VG or VI",
        ("Dominican", "dominicain", "dominicaine", "dominicano", "dominicana"): "DO or DM",
        ("Congolese", "congolais", "congolaise", "kongolesisch", "congoleño", "congoleña"): "CD or CG",
    }.items()
    for name in names
}
# How words of countries' names are abbreviated in English, French, Spanish, Portuguese and German.
SHORT: Mapping[str, str] = {
    word: short
    for short, words in {
        "s": ("south", "sud", "sur", "sul", "sao", "san", "santo"),
        "n": ("north", "northern", "nord", "norte", "new"),
        "w": ("western",),
        "st": ("saint", "sankt"),
        "is": ("islands", "iles", "islas", "ilhas"),
        "eq": ("equatorial", "equatoriale"),
        "fr": ("french", "francaise", "francesa"),
        "br": ("british", "britanniques"),
        "rep": ("republic", "republique", "republica", "republik"),
        "dem": ("democratic", "democratique", "democratica", "demokratische"),
        "afr": ("african", "africaine", "africana"),
    }.items()
    for word in words
}
# Demonyms that share no stem with their country's name in the same language.
IRREGULAR: Mapping[str, tuple[str, ...]] = {
    "AE": ("émirien", "émirienne", "emiratisch"),
    "AR": ("argentin", "argentine"),
    "BR": ("brasileiro", "brasileira"),
    "CI": ("ivoirien", "ivoirienne", "ivorisch", "marfileño", "marfileña", "marfinense"),
    "CH": ("schweizer", "schweizerin", "schweizerisch", "suizo", "suiza", "suíço", "suíça", "швейцарец"),
    "CN": ("китаец", "китаянка"),
    "DE": ("german", "deutscher", "deutsche", "allemand", "allemande", "alemán", "alemana", "alemão", "немец", "немка"),
    "EG": ("egipcio", "egipcia", "egípcio", "egípcia"),
    "ES": ("espagnol", "espagnole", "испанец", "испанка"),
    "FR": ("french", "français", "française", "francés", "francesa", "francês", "француз", "француженка"),
    "GB": ("british", "britannique", "britisch", "británico", "britânico", "británica", "britânica", "британец"),
    "GH": ("ganés", "ganesa", "ganeense"),
    "GR": ("grec", "grecque", "griego", "griega", "grego", "grega", "грек", "гречанка"),
    "LB": ("libanais", "libanaise", "libanesisch"),
    "MA": ("marokkanisch", "marokkaner", "marocain", "marocaine", "marroquí", "marroquino", "marroquina", "марокканец"),
    "MG": ("malgache", "madagassisch"),
    "ML": ("malien", "malienne", "malisch"),
    "MZ": ("mosambikanisch",),
    "NE": ("nigérien", "nigérienne", "nigerino", "nigerina", "nigrisch"),
    "NG": ("nigérian", "nigériane", "nigeriano", "nigeriana", "nigerianisch"),
    "NL": ("dutch", "néerlandais", "néerlandaise", "holländisch"),
    "PH": ("filipino", "filipina", "philippin", "philippine"),
    "PL": ("polonais", "polonaise", "polaco", "polaca"),
    "PT": ("português", "portuguesa", "portugais", "portugaise"),
    "RU": ("russian", "russe", "россиянин", "россиянка", "русский", "русская"),
    "SV": ("salvadorien", "salvadoreño", "salvadoreña"),
    "TR": ("turc", "turque", "turco", "turca", "türkisch", "турок", "турчанка"),
    "TG": ("togolais", "togolaise", "togolesisch"),
    "TN": ("tunecino", "tunecina"),
    "US": ("american", "américain", "américaine", "amerikanisch", "amerikaner", "estadounidense", "американец"),
}
# Endings of demonyms in English, French, Spanish, Portuguese, German and Russian, and the Arabic nisba; longest first.
ENDINGS = re.compile(
    r"(?:(?:al?es|an|i)?isch(?:en|er|e)?|ienne|eenne|iens?|eens?|aines?|ains?|anerin|ianer|aner|ierin|ier|erin|ienses?|enses?|oises?|aises?|oise|aise|"
    r"enos?|enas?|anos?|anas?|ians?|eans?|ese|esa|ois|ais|ens?|ans?|is?|er|es|inos?|inas?|ский|ская|скии|анец|анка|ец|ка|и|а|"
    r"ية|يه|يون|ي)$"
)
CHINESE_ENDINGS = re.compile(r"(?:国人|人|国籍|籍)$")
SHORTEST_STEM = 3
MOST_ABBREVIATED = 4


@remembered
def country(text: str) -> str:
    """The two-letter code (ISO 3166-1 alpha-2) of the country that a text certainly names.

    Raises:
        Doubtful: it is a demonym, or one or two letters away from a country's name.
        Unfit: it names no country that is known.
    """
    found = text_line(text)
    code = _by_code(found)
    if code is not None:
        return code
    word = plain(found)
    if word in SEVERAL:
        raise Unfit(f"'{visible(found)}' may be more than one country", remedy=f"write {SEVERAL[word]}", value=found)
    codes = _by_name().get(word) or _abbreviations().get(word, frozenset())
    if len(codes) == 1:
        return next(iter(codes))
    if len(codes) > 1:
        several = " or ".join(sorted(codes))
        raise Unfit(f"'{visible(found)}' may be more than one country", remedy=f"write {several}", value=found)
    demonyms = _demonyms().get(word, frozenset())
    if len(demonyms) == 1:
        meant = next(iter(demonyms))
        raise doubt(
            found, meant=meant, name=country_name(meant), reason="is a nationality or an adjective, not a country"
        )
    missed = near(word, _near_names())
    stems = _stems().get(_stem(word), frozenset())
    if len(stems) == 1 or missed is not None:
        meant = next(iter(stems)) if len(stems) == 1 or missed is None else missed[1]
        raise doubt(found, meant=meant, name=country_name(meant), reason="is not quite a country's name")
    raise Unfit(
        f"'{visible(found)}' is not a country's name or code",
        remedy="write its two-letter code, such as TN for Tunisia",
        value=found,
    )


def default_country(text: str) -> str:
    """A country's code, where only a code will do: in a mapping file.

    Raises:
        Unfit: it is not one.
    """
    code = _by_code(text_line(text).upper())
    if code is None:
        raise Unfit(f"'{visible(text)}' is not a country code of ISO 3166", remedy="write one such as TN", value=text)
    return code


def country_name(code: str) -> str:
    """The English name."""
    return str(Locale("en").territories[code])


def prepare() -> None:
    """Read the tables of names now, which are read once in a process."""
    _near_names()
    _stems()
    _abbreviations()


def _by_code(text: str) -> str | None:
    """The code of a two-letter or three-letter code. In small letters "no", "in" or "de" may be words: a doubt."""
    bare = text.replace(".", "") if re.fullmatch(r"(?:[A-Z]\.)+", text) else text
    upper = bare.upper()
    found = "GB" if upper == "UK" else _codes().get(upper)
    if found is not None and bare != upper and upper in {"NO", "IN", "DE", "LA", "ES", "IS", "AM", "AND", "CAN", "PER"}:
        raise doubt(text, meant=found, name=country_name(found), reason="may be a word or a country's code")
    return found


@cache
def _codes() -> Mapping[str, str]:
    return {code: one.alpha_2 for one in pycountry.countries for code in (one.alpha_2, one.alpha_3)}


@cache
def _by_name() -> Mapping[str, frozenset[str]]:
    """The codes that a plain name has; more than one where languages differ."""
    found: dict[str, set[str]] = {}
    for name, code in _names():
        found.setdefault(plain(name), set()).add(code)
    return {name: frozenset(codes) for name, codes in found.items()}


@cache
def _abbreviations() -> Mapping[str, frozenset[str]]:
    """The codes of names with some of their words abbreviated: "s sudan", "central african rep"."""
    found: dict[str, set[str]] = {}
    for name, codes in _by_name().items():
        words = [(word, SHORT[word]) if word in SHORT else (word,) for word in name.split()]
        # A word that stands alone is not abbreviated.
        if len(words) > 1 and sum(len(one) > 1 for one in words) <= MOST_ABBREVIATED:
            for abbreviated in product(*words):
                found.setdefault(" ".join(abbreviated), set()).update(codes)
    return {name: frozenset(codes) for name, codes in found.items()}


def _names() -> Iterator[tuple[str, str]]:
    codes = {one.alpha_2 for one in pycountry.countries}
    for locale in LOCALES:
        territories: Mapping[str, str] = Locale.parse(locale).territories
        yield from ((name, code) for code, name in territories.items() if code in codes)
    for one in pycountry.countries:
        for attribute in ("name", "official_name", "common_name"):
            name = getattr(one, attribute, None)
            if name is not None:
                yield name, one.alpha_2
    for code, names in OTHER_NAMES.items():
        yield from ((name, code) for name in names)


@cache
def _near_names() -> Mapping[str, str]:
    """Names that a misspelt word may be near to, with those that only some call a country by."""
    single = {name: next(iter(codes)) for name, codes in _by_name().items() if len(codes) == 1}
    for code, info in _infos().items():
        for name in info.alt_spellings():
            single.setdefault(plain(name), code)
    single.pop("", None)
    return single


@cache
def _infos() -> Mapping[str, Any]:
    """What countryinfo says of each country that it knows."""
    found: dict[str, Any] = {}
    for one in pycountry.countries:
        try:
            found[one.alpha_2] = CountryInfo(one.alpha_2)
        except CountryNotFoundError:
            continue
    return found


@cache
def _demonyms() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for code, info in _infos().items():
        for name in (info.demonym() or "").split(","):
            # Territories bear the demonym of the country that they belong to ("French", "American", "Chinese").
            if name and not (code in _TERRITORIES and name in _SHARED):
                found.setdefault(plain(name), set()).add(code)
    for code, names in IRREGULAR.items():
        for name in names:
            found[plain(name)] = {code}
    for tag, code in _languages_of_one_country().items():
        for locale in LOCALES:
            name = Locale.parse(locale).languages.get(tag)
            if name is not None:
                found.setdefault(plain(name), {code})
    return {name: frozenset(codes) for name, codes in found.items()}


_TERRITORIES = frozenset({"AS", "HK", "IO", "MO", "MP", "MQ", "PF", "PM", "RE", "SJ", "TF", "YT", "WF", "GF"})
_SHARED = frozenset({"American", "Chinese", "French", "Indian", "Norwegian"})


@cache
def _languages_of_one_country() -> Mapping[str, str]:
    """Languages whose name is also the adjective of a country: Polish, polonais, polnisch."""
    tags = [
        "bg",
        "cs",
        "da",
        "el",
        "et",
        "fi",
        "hr",
        "hu",
        "is",
        "it",
        "ja",
        "lt",
        "lv",
        "mn",
        "nb",
        "nl",
        "pl",
        "ro",
        "ru",
        "sk",
        "sl",
        "sq",
        "sr",
        "sv",
        "th",
        "tr",
        "uk",
        "vi",
        "hy",
        "ka",
    ]
    return {tag: langcodes.get(tag).maximize().territory or "" for tag in tags}


@cache
def _stems() -> Mapping[str, frozenset[str]]:
    """The stems of countries' names and demonyms: "tunis", "tunes", "марокк"."""
    found: dict[str, set[str]] = {}
    for name, codes in [*_by_name().items(), *_demonyms().items()]:
        if len(codes) == 1 and " " not in name and len(stem := _stem(name)) >= SHORTEST_STEM - _is_dense(stem):
            found.setdefault(stem, set()).update(codes)
    found.pop("", None)
    return {stem: frozenset(codes) for stem, codes in found.items()}


def _stem(word: str) -> str:
    """A word without its ending and the vowels before it; of a Chinese one without 'people of'."""
    if CHINESE_ENDINGS.search(word):
        return CHINESE_ENDINGS.sub("", word)
    bare = word.removeprefix("ال")
    stem = ENDINGS.sub("", bare)
    if stem == bare:
        stem = re.sub(r"(?:land|国)$", "", bare)
    stem = re.sub(r"(?:i?stan|истан|стан)$", "", stem)
    stem = re.sub(r"(?:[aeiouийяьіا]|ة|ه)+$", "", stem)
    return stem if len(stem) >= SHORTEST_STEM - _is_dense(stem) else ""


def _is_dense(word: str) -> int:
    """How many letters fewer tell as much: Arabic leaves vowels out, and Chinese has a word in one or two."""
    if any("\u4e00" <= one <= "\u9fff" for one in word):
        return 2
    return 1 if any("\u0600" <= one <= "\u06ff" for one in word) else 0
