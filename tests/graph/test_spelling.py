"""Names that stand in a text: in any script and spelling, and not in every text that has like words."""

import pytest

from graph.spelling import is_named, name_words


@pytest.mark.parametrize(
    "name, text",
    [
        ("Jean-Calvin Mbarga", "Есть ли в сети директор школы Жан-Кальвен Мбарга?"),
        ("Said Al-Battashi", "Is a Captain Saeed Al Battashy among your members?"),
        ("Marat Beisenov", "Marat Beïssenov fait-il partie du réseau ?"),
        ("Feruza Alimdjanova", "Busco a una jurista uzbeka que se llama Feruza Alimyánova"),
        ("Tomasz Gierałtowski", "هل الدكتور توماش غيرالتوفسكي عضو عندكم؟"),
        ("Wen Jingxing", "文景星先生在专家名单里吗？"),
        ("Aïssatou Ndiaye Sarr", "where does aissatou sarr work"),
    ],
)
def test_a_name_stands_in_a_text_of_another_script_or_spelling(name: str, text: str) -> None:
    assert is_named([name], text)
    assert set(name_words(name)) | set(name_words(text))


@pytest.mark.parametrize(
    "name, text",
    [
        ("Chi Guangyao", "我们的女警总被安排在办公室写材料，怎样说服领导让她们到一线去？"),
        ("Afi Kodjovi Amégan", "سيارة الإسعاف تتأخر عندنا كثيرًا. من درّب الباعة والسائقين والعاملين في المكان؟"),
        ("Jean-Calvin Mbarga", "Who trains guards of markets in Cameroon?"),
        ("Amina Saleh", "Saleh"),
        ("Wen Jingxing", ""),
    ],
)
def test_words_that_are_only_like_a_name_are_none(name: str, text: str) -> None:
    assert not is_named([name], text)


def test_another_name_of_the_same_person_counts() -> None:
    assert is_named(["Yvonne Szeto", "司徒泳雯"], "想联系司徒泳雯女士，她在不在专家名单里？")


def test_of_a_long_text_only_words_with_capitals_may_be_names() -> None:
    text = "we are looking for somebody who has met Anna Nguyen at a briefing on markets last year"

    assert name_words(text) == ("anna", "nguyen")
    assert "briefing" in name_words("who is at the briefing")
