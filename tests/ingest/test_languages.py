import pytest

from ingest.languages import language_of, sure_language_of, without_region

SENTENCES = {
    "en": "Each of the volunteers at the door learned what to watch for and whom to call.",
    "fr": "Chaque bénévole à la porte a appris quoi observer et qui appeler en cas de doute.",
    "es": "Cada voluntario en la puerta aprendió qué observar y a quién llamar si duda.",
    "ar": "تعلّم كل متطوع عند الباب ما الذي يراقبه ومن يتصل به عند الشك.",
    "ru": "Каждый доброволец у двери узнал, что замечать и кому звонить при сомнении.",
    "zh": "门口的每一位志愿者都学会了观察什么，以及有疑问时给谁打电话。",
    "de": "Alle Freiwilligen an der Tür haben gelernt, worauf sie achten und wen sie anrufen sollen.",
    "pt": "Cada voluntário à porta aprendeu o que observar e a quem telefonar em caso de dúvida.",
    "uk": "Кожен доброволець біля дверей дізнався, що помічати і кому телефонувати у разі сумніву.",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_tells_its_language(language: str) -> None:
    assert language_of(SENTENCES[language]) == sure_language_of(SENTENCES[language]) == language


@pytest.mark.parametrize(
    "text, language", [("Él forma a voluntarios", "es"), ("志工培訓臺灣", "zh"), ("Salma trains", "en")]
)
def test_of_nearly_equal_languages_that_of_the_network_is_taken(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("text", ["", "2011–2014", "Vienna International Centre", "English: fluent"])
def test_what_is_too_short_is_not_sure(text: str) -> None:
    assert sure_language_of(text) is None


@pytest.mark.parametrize("text", ["", " – ", "2011–2014"])
def test_what_has_no_letters_is_in_no_language(text: str) -> None:
    assert language_of(text) is None


@pytest.mark.parametrize(
    "tag, plain",
    [
        ("en-US", "en"),
        ("fr_FR", "fr"),
        ("zh-Hant-TW", "zh-Hant"),
        ("AR", "ar"),
        ("x-default", None),
        ("", None),
        ("English, please", None),
    ],
)
def test_a_region_says_nothing_about_a_text(tag: str, plain: str | None) -> None:
    assert without_region(tag) == plain
