"""Reference data that comes with Knowwho: countries, regions and languages, with names in the six UN languages.

Countries are those of ISO 3166-1 (pycountry). The tree of regions is that of UN M49 ("Standard country or area codes
for statistical use"), in m49.csv beside this file: it was written once from CLDR 48's territory containment, with
M49's own levels 202 (Sub-Saharan Africa) and 419 (Latin America and the Caribbean) in their places. Antarctica lies
in no region but the world. Names are CLDR's (babel), of languages that it has none for those of ISO 639-3 (pycountry).
"""

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from gettext import NullTranslations, translation
from importlib.resources import files

import langcodes
import pycountry
from babel import Locale

from graph.intake import CountryRecord, LanguageRecord, RegionRecord
from graph.values import UN_LANGUAGES

__all__ = ["countries", "languages", "regions"]


def regions() -> list[RegionRecord]:
    """The regions of UN M49, each with the next larger one."""
    return [
        RegionRecord(
            id=code, names=_territory_names(code), within=within, digest=_digest(_territory_names(code), within)
        )
        for code, within in _places().items()
        if code.isdigit()
    ]


def countries() -> list[CountryRecord]:
    """The countries and areas of ISO 3166-1, each with the smallest region that it lies in."""
    return [
        CountryRecord(
            id=code, names=_territory_names(code), region=within, digest=_digest(_territory_names(code), within)
        )
        for code, within in _places().items()
        if within is not None and not code.isdigit()
    ]


def languages(tags: Iterable[str]) -> list[LanguageRecord]:
    """The languages with these tags (BCP 47 in standard form), by tag."""
    return [
        LanguageRecord(id=tag, names=names, digest=_digest(names, None))
        for tag in sorted(set(tags))
        for names in (_language_names(tag),)
    ]


@cache
def _places() -> Mapping[str, str | None]:
    text = files(__name__).joinpath("m49.csv").read_text(encoding="utf-8")
    return {row["id"]: row["within"] or None for row in csv.DictReader(text.splitlines())}


@cache
def _locales() -> Mapping[str, Locale]:
    return {language: Locale(language) for language in UN_LANGUAGES}


@cache
def _territory_names(code: str) -> Mapping[str, str]:
    return {f"name_{language}": locale.territories[code] for language, locale in _locales().items()}


@cache
def _language_names(tag: str) -> Mapping[str, str]:
    """A language's names as CLDR has them; where it has none, those of ISO 639-3, in English at least; else the tag."""
    names = {
        f"name_{language}": name
        for language, locale in _locales().items()
        if (name := _name_in_cldr(tag, locale)) is not None
    }
    if "name_en" not in names:
        code = langcodes.Language.get(tag).language
        found = pycountry.languages.get(alpha_3=code) if code else None
        names["name_en"] = found.name if found is not None else tag
        names |= {
            f"name_{language}": name
            for language in UN_LANGUAGES
            if f"name_{language}" not in names and found is not None and code == tag
            for name in _name_in_iso(found.name, language)
        }
    return names


def _name_in_iso(english: str, language: str) -> list[str]:
    """What ISO 639-3 calls a language in another, as Debian's iso-codes translate it; nothing where nobody did."""
    name = _iso_names(language).gettext(english)
    if name == english:
        return []
    # French and Spanish write names of languages small, as CLDR has them.
    return [name[:1].lower() + name[1:] if language in {"fr", "es"} else name]


@cache
def _iso_names(language: str) -> NullTranslations:
    locale = "zh_CN" if language == "zh" else language
    return translation("iso639-3", pycountry.LOCALES_DIR, languages=[locale], fallback=True)


def _name_in_cldr(tag: str, locale: Locale) -> str | None:
    """The name of the whole tag ('zh-Hant': Traditional Chinese), else its parts' ('sr-Latn': Serbian (Latin))."""
    whole: str | None = locale.languages.get(tag.replace("-", "_"))
    parts = langcodes.Language.get(tag)
    language: str | None = locale.languages.get(parts.language or "")
    if whole is not None or language is None:
        return whole
    more: list[str] = [
        name
        for name in (locale.scripts.get(parts.script or ""), locale.territories.get(parts.territory or ""))
        if name is not None
    ]
    return f"{language} ({', '.join(more)})" if more else language


def _digest(names: Mapping[str, str], within: str | None) -> str:
    return hashlib.sha256(json.dumps([names, within], sort_keys=True).encode()).hexdigest()[:32]
