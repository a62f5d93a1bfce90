# ruff: noqa: E501 -- exact sentences and rows stand on one line each
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.values import ExpertiseLevel, LanguageLevel
from ingest import cells
from ingest.cells import Expertise, Spoken, Unfit


@pytest.mark.parametrize(
    "read, text, value",
    [
        (cells.slug, " salma-benrabah ", "salma-benrabah"),
        (cells.day, "2022-02-10", date(2022, 2, 10)),
        (cells.partial_date, "2017", "2017"),
        (cells.partial_date, "2017-03", "2017-03"),
        (cells.moment, "2022-06-02T14:00:00+02:00", datetime(2022, 6, 2, 12, tzinfo=UTC)),
        (cells.moment, "2022-06-02 14:00Z", datetime(2022, 6, 2, 14, tzinfo=UTC)),
        (cells.email, "salma.b+x@example.org", "salma.b+x@example.org"),
        (cells.url, "https://stewards.example.org/a?b=1", "https://stewards.example.org/a?b=1"),
        (cells.country, "tn", "TN"),
        (cells.language, "zh-hant", "zh-Hant"),
        (cells.language, "kek", "kek"),
        (cells.language, "iw", "he"),
        (cells.spoken, "fr : fluent", Spoken("fr", LanguageLevel.FLUENT)),
        (cells.expertise, "stadiums:lead:2011", Expertise("stadiums", ExpertiseLevel.LEAD, 2011)),
        (cells.expertise, "stadiums:Lead", Expertise("stadiums", ExpertiseLevel.LEAD, None)),
        (cells.line(20), "two\n  words", "two words"),
        (cells.prose(40), "one  line\n\n\n\nanother ", "one line\n\nanother"),
        (cells.line(20), "e\u0301", "é"),
        (cells.line(20), "شهر\u200cها", "شهر\u200cها"),
    ],
)
def test_a_cell_that_fits_becomes_its_value(read: Callable[[str], Any], text: str, value: object) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    "read, text, sentence",
    [
        (cells.slug, "Salma Benrabah", "'Salma Benrabah' is not an id, which has only a to z, 0 to 9 and hyphens; write salma-benrabah"),
        (cells.slug, "سلمى", "'سلمى' is not an id, which has only a to z, 0 to 9 and hyphens; write it with a to z, 0 to 9 and hyphens"),
        (cells.slug, "a--b", "'a--b' is not an id, which has only a to z, 0 to 9 and hyphens; write a-b"),
        (cells.day, "10.2.2022", "'10.2.2022' is not a date; write year-month-day, such as 2022-02-10"),
        (cells.day, "2022-02-30", "'2022-02-30' is not a date; write year-month-day, such as 2022-02-10"),
        (cells.day, "20220210", "'20220210' is not a date; write year-month-day, such as 2022-02-10"),
        (cells.partial_date, "2017-13", "'2017-13' is not a year, month or day; write it such as 2017, 2017-03 or 2017-03-01"),
        (cells.moment, "2022-06-02T14:00", "'2022-06-02T14:00' does not say its offset from UTC; add Z for UTC or an offset such as +02:00: 2022-06-02T14:00Z"),
        (cells.moment, "1654171200", "'1654171200' is not a date with a time; write it such as 2022-02-10T14:00:00Z or 2022-02-10T14:00:00+02:00"),
        (cells.email, "salma at example.org", "'salma at example.org' is not an e-mail address; write one such as name@example.org"),
        (cells.url, "stewards.example.org", "'stewards.example.org' is not a web address; write one such as https://example.org"),
        (cells.url, "javascript://example.org/%0aalert(1)", "'javascript://example.org/%0aalert(1)' is not a web address; write one such as https://example.org"),
        (cells.url, "http://[::1", "'http://[::1' is not a web address; write one such as https://example.org"),
        (cells.country, "Tunisia", "'Tunisia' is not a country code of ISO 3166; write TN"),
        (cells.country, "Tunesia", "'Tunesia' is not a country code of ISO 3166; write TN if you mean Tunisia"),
        (cells.country, "UK", "'UK' is not a country code of ISO 3166; write GB"),
        (cells.country, "XX", "'XX' is not a country code of ISO 3166; write the two-letter code, such as TN for Tunisia"),
        (cells.language, "french", "'french' is not a language tag of BCP 47; write fr"),
        (cells.language, "xx", "'xx' is not a language tag of BCP 47; write a tag such as fr, or look it up in BCP 47"),
        (cells.spoken, "fr", "'fr' does not say how well the language is spoken; write it such as fr:fluent (native, fluent, working, basic)"),
        (cells.spoken, "fr:flunet", "'flunet' is not one of native, fluent, working, basic; did you mean fluent?"),
        (cells.spoken, "fr:", "'fr:' does not have the form language:level; write it as language:level"),
        (cells.expertise, "stadiums", "'stadiums' does not say how deeply the topic is known; write it such as stadiums:practitioner (lead, practitioner, familiar)"),
        (cells.expertise, "stadiums:lead:11", "'11' is not a year; write it such as 2011"),
        (cells.expertise, "stadiums:guru", "'guru' is not one of lead, practitioner, familiar; choose one of them"),
        (cells.line(5), "too long", "it has 8 characters, more than 5; shorten it"),
        (cells.line(50), "a\x00b", "it holds the hidden character U+0000 (a control character); delete that character"),
        (cells.line(50), "a\u202eb", "it holds the hidden character U+202E (RIGHT-TO-LEFT OVERRIDE); delete that character"),
        (cells.prose(50), "a\u2066b", "it holds the hidden character U+2066 (LEFT-TO-RIGHT ISOLATE); delete that character"),
    ],
)  # fmt: skip
def test_a_cell_that_does_not_fit_says_why_and_what_to_do(read: Callable[[str], Any], text: str, sentence: str) -> None:
    with pytest.raises(Unfit) as refused:
        read(text)

    assert str(refused.value) == sentence


def test_a_list_drops_empty_parts_and_outer_space() -> None:
    assert cells.listed(" TN;  FR ;; ") == ["TN", "FR"]


def test_a_list_names_nothing_twice() -> None:
    values = (Spoken("fr", LanguageLevel.FLUENT), Spoken("fr", LanguageLevel.BASIC))

    with pytest.raises(Unfit, match=r"^'fr' is listed twice; delete one of the two$"):
        cells.all_different(values)


def test_what_is_shown_has_no_hidden_character_and_no_great_length() -> None:
    assert cells.visible("a\x1b[31m\u202e") == "a\\x1b[31m\\u202e"
    assert cells.visible("a" * 100, limit=5) == "aaaa…"


@given(st.text())
def test_text_is_cleaned_once_for_all(text: str) -> None:
    try:
        once = cells.prose(10_000)(text)
    except Unfit:
        return

    assert cells.prose(10_000)(once) == once
    assert once == once.strip()
