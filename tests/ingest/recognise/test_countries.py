"""Countries: what is certain is taken, what is probable is doubted."""

import pycountry
import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from ingest.cells import Unfit
from ingest.recognise import Doubtful, country, default_country


@pytest.mark.parametrize("locale", ["en", "fr", "es", "ar", "ru", "zh", "de", "pt"])
def test_every_country_is_known_by_its_name_in_each_language(locale: str) -> None:
    names = Locale(locale).territories
    several = {"Congo", "Kongo"}

    wrong = [
        (one.alpha_2, names[one.alpha_2])
        for one in pycountry.countries
        if names[one.alpha_2] not in several and country(names[one.alpha_2]) != one.alpha_2
    ]

    assert not wrong


@pytest.mark.parametrize(
    "text, code",
    [
        ("TN", "TN"),
        ("tn", "TN"),
        ("TUN", "TN"),
        ("UK", "GB"),
        ("U.S.A.", "US"),
        ("TÚNEZ", "TN"),
        ("osterreich", "AT"),
        ("Côte d'Ivoire", "CI"),
        ("Elfenbeinküste", "CI"),
        ("RDC", "CD"),
        ("الإمارات", "AE"),
        ("США", "US"),
        ("中国", "CN"),
        ("Federal Republic of Germany", "DE"),
        ("  Tuni\u200bsia ", "TN"),
    ],
)
def test_a_certain_country_gives_its_code(text: str, code: str) -> None:
    assert country(text) == code


@pytest.mark.parametrize(
    "text, code",
    [
        ("Tunisian", "TN"),
        ("tunisienne", "TN"),
        ("tunesisch", "TN"),
        ("Tunesier", "TN"),
        ("tunecino", "TN"),
        ("تونسية", "TN"),
        ("тунисский", "TN"),
        ("突尼斯人", "TN"),
        ("Allemand", "DE"),
        ("alemão", "DE"),
        ("polonais", "PL"),
        ("Swiss", "CH"),
        ("Nigerien", "NE"),
        ("Nigerian", "NG"),
        ("marokkanisch", "MA"),
        ("узбекский", "UZ"),
        ("American", "US"),
        ("French", "FR"),
    ],
)
def test_a_demonym_is_a_doubt_with_the_probable_country(text: str, code: str) -> None:
    with pytest.raises(Doubtful) as raised:
        country(text)

    assert raised.value.meant == code


@pytest.mark.parametrize(
    "text, code", [("Germny", "DE"), ("Morroco", "MA"), ("Phillipines", "PH"), ("Tunesia", "TN"), ("Kazachstan", "KZ")]
)
def test_a_misspelling_is_a_doubt_with_the_probable_country(text: str, code: str) -> None:
    with pytest.raises(Doubtful) as raised:
        country(text)

    assert raised.value.meant == code
    assert raised.value.remedy.startswith(f"write {code} if you mean ")


@pytest.mark.parametrize("text", ["no", "de", "In", "la"])
def test_a_small_word_that_is_also_a_code_is_a_doubt(text: str) -> None:
    with pytest.raises(Doubtful):
        country(text)


@pytest.mark.parametrize("text", ["Congo", "Korea", "كوريا", "刚果"])
def test_a_name_of_two_countries_is_neither(text: str) -> None:
    with pytest.raises(Unfit, match="may be more than one country") as raised:
        country(text)

    assert not isinstance(raised.value, Doubtful)


@pytest.mark.parametrize("text", ["", "Atlantis", "Berlin", "12", "Tunisia and France", "a" * 400])
def test_what_is_no_country_is_unfit(text: str) -> None:
    with pytest.raises(Unfit) as raised:
        country(text)

    assert not isinstance(raised.value, Doubtful)


def test_a_default_country_is_a_code_alone() -> None:
    assert default_country("tn") == "TN"
    with pytest.raises(Unfit):
        default_country("Tunisia")


@given(st.text())
def test_no_text_raises_anything_but_unfit(text: str) -> None:
    try:
        found = country(text)
    except Unfit:
        return

    assert pycountry.countries.get(alpha_2=found) is not None


ABBREVIATED = {
    "SS": ("S. Sudan", "S Sudan", "Soudan du S.", "Sudán del S.", "Sudão do S."),
    "ZA": ("S. Africa", "Afrique du S."),
    "KR": ("S. Korea", "Corée du S.", "Corea del S.", "Coreia do S.", "Rep. of Korea"),
    "KP": ("N. Korea", "Corée du N.", "Corea del N."),
    "MK": ("N. Macedonia",),
    "PG": ("Papua N. Guinea",),
    "GS": ("S. Georgia", "S. Georgia and the S. Sandwich Is."),
    "GQ": ("Eq. Guinea",),
    "EH": ("W. Sahara",),
    "GF": ("Guyane", "Fr. Guiana", "Guyane fr."),
    "GY": ("Guyana",),
    "GW": ("Guinea-B.", "Guinée-B."),
    "GN": ("Guinea Conakry",),
    "GB": ("N. Ireland", "Northern Ireland", "Nordirland"),
    "CD": ("Dem. Rep. Congo", "Dem. Rep. of the Congo", "Rép. dém. du Congo", "Rep. Dem. del Congo", "RD Congo"),
    "CG": ("Rep. of the Congo", "Rép. du Congo", "Rep. Congo", "Rep. Kongo", "Congo, Rep."),
    "CF": ("Central African Rep.", "Central Afr. Rep.", "Rép. centrafricaine", "Rep. Centroafricana", "RCA"),
    "CZ": ("Czech Rep.", "Rép. tchèque", "Rep. Checa"),
    "DO": ("Dominican Rep.", "Rép. dominicaine", "Rep. Dominicana"),
    "SB": ("Solomon Is.",),
    "ST": ("S. Tomé and Príncipe",),
    "LC": ("St. Lucia", "St Lucia"),
    "SM": ("S. Marino",),
}  # fmt: skip


@pytest.mark.parametrize("code, name", [(code, name) for code, names in ABBREVIATED.items() for name in names])
def test_abbreviated_names_are_those_of_the_country(code: str, name: str) -> None:
    assert country(name) == code


@pytest.mark.parametrize("name, codes", [("Guayana", "GF or GY"), ("Virgin Is.", "VG or VI")])
def test_what_may_be_two_countries_advises_both(name: str, codes: str) -> None:
    with pytest.raises(Unfit, match=f"write {codes}"):
        country(name)


def test_every_short_form_is_its_own_country_when_abbreviated() -> None:
    words = {"South": "S.", "North": "N.", "Saint": "St.", "Republic": "Rep.", "Democratic": "Dem.", "Islands": "Is."}

    for one in pycountry.countries:
        for name in {one.name, getattr(one, "common_name", one.name)} - {"Congo"}:
            short = " ".join(words.get(word, word) for word in name.split())
            assert country(short) == country(name), short
