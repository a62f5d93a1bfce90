import pycountry
import pytest

from graph.values import UN_LANGUAGES
from ingest.reference import countries, languages, regions


def test_every_country_of_iso_3166_lies_in_a_region_and_has_six_names() -> None:
    found = countries()

    assert {country["id"] for country in found} == {country.alpha_2 for country in pycountry.countries}
    assert {country["region"] for country in found} <= {region["id"] for region in regions()}
    assert all(set(country["names"]) == {f"name_{language}" for language in UN_LANGUAGES} for country in found)
    assert all(name for country in found for name in country["names"].values())


@pytest.mark.parametrize(
    "country, path",
    [
        ("TN", ["015", "002", "001"]),
        ("TG", ["011", "202", "002", "001"]),
        ("BR", ["005", "419", "019", "001"]),
        ("US", ["021", "019", "001"]),
        ("TJ", ["143", "142", "001"]),
        ("FJ", ["054", "009", "001"]),
        ("FR", ["155", "150", "001"]),
        ("AQ", ["001"]),
    ],
)
def test_regions_lead_to_the_world_as_in_m49(country: str, path: list[str]) -> None:
    within = {region["id"]: region["within"] for region in regions()}
    at: str | None = next(one["region"] for one in countries() if one["id"] == country)

    steps: list[str] = []
    while at is not None:
        steps.append(at)
        at = within[at]

    assert steps == path


def test_languages_have_the_names_that_there_are() -> None:
    tags = ["zh-Hant", "sr-Latn", "kek", "ar", "qaa", "aii"]
    found = {language["id"]: language["names"] for language in languages(tags)}

    assert found["ar"]["name_fr"] == "arabe"
    assert found["zh-Hant"]["name_en"] == "Traditional Chinese"
    assert found["sr-Latn"]["name_en"] == "Serbian (Latin)"
    assert found["kek"] == {"name_en": "Kekchí"}
    assert found["qaa"] == {"name_en": "qaa"}
    assert found["aii"]["name_en"] == "Assyrian Neo-Aramaic"
    assert found["aii"]["name_fr"] == "néo-araméen assyrien"
    assert found["aii"]["name_ru"] == "ассирийский новоарамейский"


def test_the_digest_changes_with_the_names() -> None:
    tunisia, togo = (next(one for one in countries() if one["id"] == id) for id in ("TN", "TG"))

    assert tunisia["digest"] != togo["digest"]
    assert tunisia["digest"] == next(one for one in countries() if one["id"] == "TN")["digest"]
