"""Letters to speakers: every text in every language, and a letter for each occasion, whatever is known of the event."""

import re
import string
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from babel import Locale
from babel.dates import format_date
from babel.messages.pofile import read_po

from api.catalogues import catalogue
from api.speaking.letters import LONGEST_SUBJECT, LetterText, letter_text
from api.speaking.telling import event_lines, moment_told
from api.speaking.words import FOLDER, NAMES, PLURALS, words_of
from graph.speaking.occasions import EventTold, Occasion
from graph.values import UN_LANGUAGES, EventId, Network

OTHERS = [language for language in UN_LANGUAGES if language != "en"]
ISOLATES = "\u2068\u2069"

NETWORK = Network("Протея", "People who protect places.", is_fictional=True)
BASE = "https://experts.example.org"
LINK = f"{BASE}/answer/{'s' * 43}"
EVENT = EventTold(
    id=EventId("stewards"),
    title="Портал 7",
    kind="workshop",
    format="hybrid",
    starts_at=datetime(2026, 10, 15, 7, tzinfo=UTC),
    ends_at=datetime(2026, 10, 15, 9, 30, tzinfo=UTC),
    time_zone="Asia/Beirut",
    place="Зал",
    country="LB",
    url="https://events.example.org/stewards?day=1",
    description="Описание.",
    languages=("fr", "zh-Hans"),
)
NOTHING_KNOWN = EventTold(
    EventId("e"), "Портал 7", "briefing", None, None, None, None, None, None, None, None, languages=()
)
DEADLINE = datetime(2026, 10, 1, 20, 59, tzinfo=UTC)
WITH_LINK = {Occasion.INVITATION, Occasion.REMINDER, Occasion.CONFIRMATION, Occasion.CHANGE}


def letter(language: str, occasion: Occasion = Occasion.INVITATION, **said: Any) -> LetterText:
    """The letter about the event, unless something else is said. All that it inserts is Cyrillic."""
    given: dict[str, Any] = {
        "name": "Ама",
        "base": BASE,
        "answer_link": LINK,
        "answer_by": DEADLINE,
        "note": "Ждём.\n\nОчень.",
        **said,
    }
    network, event = given.pop("network", NETWORK), given.pop("event", EVENT)
    return letter_text(network, event, occasion=occasion, language=language, **given)


def blanks(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", text))


def without_isolates(text: str) -> str:
    return text.translate({ord(one): None for one in ISOLATES})


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_has_every_text_and_no_other(language: str) -> None:
    with (FOLDER / f"{language}.po").open("rb") as file:
        read = read_po(file, locale=language, abort_invalid=True)

    told = {message.id: message for message in read if message.id}
    assert set(told) == {*NAMES.values(), *PLURALS.values()}
    for message in told.values():
        forms = [message.string] if isinstance(message.string, str) else [*(message.string or ())]
        assert len(forms) == (read.num_plurals if message.pluralizable else 1)
        assert all(form.strip() for form in forms)
        assert not message.fuzzy


@pytest.mark.parametrize("language", UN_LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_text_has_the_blanks_of_the_english_one(language: str, name: str) -> None:
    told = words_of(language).catalogue.gettext(NAMES[name])

    assert blanks(told) == blanks(NAMES[name])
    assert told.count("%") == told.count("%(")


def test_no_two_texts_are_one_for_translators() -> None:
    assert len(set(NAMES.values())) == len(NAMES)


@pytest.mark.parametrize("language", UN_LANGUAGES)
def test_one_language_is_called_otherwise_than_many_where_the_language_does_so(language: str) -> None:
    words = words_of(language)

    one, many = (words.number("languages", count) for count in (1, 3))
    assert (one == many) == (language == "zh")


def test_there_are_no_words_of_a_seventh_language() -> None:
    with pytest.raises(ValueError, match=r"^There are no words in '\.\./ar'; use one of en, fr, es, ar, ru, zh\.$"):
        catalogue(FOLDER, "../ar")


def test_chinese_texts_have_chinese_punctuation() -> None:
    words = words_of("zh")
    texts = [words.catalogue.gettext(text) for text in NAMES.values()]

    assert not any(mark in re.sub(r"%\(\w+\)s", "", text) for text in texts for mark in string.punctuation)


@pytest.mark.parametrize("language", UN_LANGUAGES)
@pytest.mark.parametrize("occasion", Occasion)
def test_a_letter_tells_the_event(language: str, occasion: Occasion) -> None:
    told = letter(language, occasion)

    text = without_isolates(told.text)
    locale = Locale(language)
    assert told.language == language
    assert without_isolates(told.subject).endswith(EVENT.title)
    assert EVENT.title in text
    assert "Ама" in text.splitlines()[0]
    assert format_date(datetime(2026, 10, 15, tzinfo=UTC), "full", locale=words_of(language).locale) in text
    assert re.search(r"10:00–12:30 ?[(（].*\s*.*UTC\+03:00[)）]", text)
    assert re.search(r"UTC.*0?7:00–0?9:30", text)
    assert locale.territories["LB"] in text
    assert locale.languages["fr"] in text
    assert f"\n  {EVENT.url}\n" in text
    assert "> Ждём.\n>\n> Очень." in text
    assert "".join(words_of(language).name("fictional").split()) in "".join(text.split())
    assert text.endswith(f"{BASE}\n")


@pytest.mark.parametrize("language", UN_LANGUAGES)
@pytest.mark.parametrize("occasion", Occasion)
def test_the_link_stands_alone_on_its_line_where_there_is_something_to_answer(
    language: str, occasion: Occasion
) -> None:
    lines = letter(language, occasion).text.split("\n")

    assert lines.count(LINK) == (1 if occasion in WITH_LINK else 0)
    assert sum(LINK in line for line in lines) == lines.count(LINK)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("occasion", Occasion)
def test_no_english_is_left_in_another_language(language: str, occasion: Occasion) -> None:
    told = letter(language, occasion)

    text = " ".join(f"{told.subject} {told.text}".split())
    for known in (LINK, EVENT.url or "", BASE, "UTC"):
        text = text.replace(known, "")
    english = [part.strip(" ,:;.()") for one in NAMES.values() for part in re.split(r"%\(\w+\)s", one)]
    assert [one for one in english if len(one.split()) > 1 and one in text] == []
    if language in {"ar", "ru", "zh"}:
        assert re.findall("[A-Za-zÀ-ÿ]+", text) == []


@pytest.mark.parametrize("language", UN_LANGUAGES)
def test_lines_are_at_most_76_columns_wide(language: str) -> None:
    lines = letter(language).text.split("\n")

    assert [line for line in lines if "://" not in line and columns(line) > 76] == []
    assert max(columns(line) for line in lines if "://" not in line) > 70


def columns(line: str) -> int:
    """As wide as a terminal shows it: a Chinese character takes two columns (Unicode UAX 11)."""
    return sum(
        0 if unicodedata.category(one) in {"Mn", "Cf"} else 1 + (unicodedata.east_asian_width(one) in "WF")
        for one in line
    )


def test_until_when_an_answer_is_waited_for_is_told_to_those_who_are_asked() -> None:
    told = (
        "Please let us have your answer by Thursday, 1 October 2026, 23:59 (Eastern European Summer Time, UTC+03:00)."
    )

    texts = {occasion: " ".join(letter("en", occasion).text.split()) for occasion in Occasion}
    assert {occasion for occasion, text in texts.items() if told in text} == {Occasion.INVITATION, Occasion.REMINDER}
    assert "answer by" not in letter("en", answer_by=None).text


def test_a_letter_reads_as_a_whole() -> None:
    event = replace(EVENT, title="Stewards", place="City Hall", description="About stewards.", languages=("ar",))
    network = Network("The Network", "", is_fictional=False)

    told = letter("en", network=network, event=event, name="Ama", note="Do come.", answer_by=None)
    assert told.subject == "Invitation to speak: Stewards"
    assert (
        told.text
        == f"""\
Dear Ama,

The Network warmly invites you to speak at this event:

Event: Stewards
Kind: Workshop
When: Thursday, 15 October 2026, 10:00–12:30 (Eastern European Summer Time,
  UTC+03:00)
In UTC: Thursday, 15 October 2026, 07:00–09:30
Where: City Hall, Lebanon, and online
Language: Arabic
Web page:
  https://events.example.org/stewards?day=1

About the event:

About stewards.

Those who organise the event write:

> Do come.

Please answer on this page; you need not sign in. There you can accept,
decline, name somebody else who could speak, or propose another time:

{LINK}

The link is meant for you alone: whoever has it can answer for you.

You get this letter because those who organise the event would like you to
speak at it. As long as you do not answer, you have agreed to nothing.

-- \nThe Network, {BASE}
"""
    )


@pytest.mark.parametrize("language", UN_LANGUAGES)
def test_what_nobody_said_is_not_invented(language: str) -> None:
    words = words_of(language)

    assert event_lines(NOTHING_KNOWN, language) == [
        (words.name("kind"), words.name("kind briefing")),
        (words.name("when"), words.name("undated")),
    ]
    told = letter(language, event=NOTHING_KNOWN, network=None, name=" ", note="", answer_by=None)
    assert told.text.startswith(words.name("greeting without a name"))
    assert "experts.example.org" in told.text
    assert "None" not in told.text


@pytest.mark.parametrize(
    "zone,when",
    [
        (None, [("When", "Thursday, 15 October 2026, 07:00–09:30 (UTC)")]),
        ("Etc/UTC", [("When", "Thursday, 15 October 2026, 07:00–09:30 (UTC)")]),
        ("Atlantis/Deep", [("When", "Thursday, 15 October 2026, 07:00–09:30 (UTC)")]),
        (
            "Africa/Abidjan",
            [("When", "Thursday, 15 October 2026, 07:00–09:30 (Greenwich Mean Time, UTC+00:00)")],
        ),
        (
            "Etc/GMT-3",
            [
                ("When", "Thursday, 15 October 2026, 10:00–12:30 (UTC+03:00)"),
                ("In UTC", "Thursday, 15 October 2026, 07:00–09:30"),
            ],
        ),
        (
            "Europe/Istanbul",
            [
                ("When", "Thursday, 15 October 2026, 10:00–12:30 (Istanbul, UTC+03:00)"),
                ("In UTC", "Thursday, 15 October 2026, 07:00–09:30"),
            ],
        ),
        (
            "Pacific/Kiritimati",
            [
                ("When", "Thursday, 15 October 2026, 21:00–23:30 (Line Islands Time, UTC+14:00)"),
                ("In UTC", "Thursday, 15 October 2026, 07:00–09:30"),
            ],
        ),
    ],
)
def test_a_time_is_told_in_the_events_zone(zone: str | None, when: list[tuple[str, str]]) -> None:
    lines = event_lines(replace(EVENT, time_zone=zone), "en")

    assert [line for line in lines if line[0] in {"When", "In UTC"}] == when


def test_an_event_of_several_days_begins_and_ends_each_by_its_own_clock() -> None:
    # On 25 October 2026 clocks in Lebanon go back.
    event = replace(EVENT, ends_at=datetime(2026, 10, 25, 10, tzinfo=UTC))

    assert event_lines(event, "en")[1:4] == [
        ("Begins", "Thursday, 15 October 2026, 10:00 (Eastern European Summer Time, UTC+03:00)"),
        ("Ends", "Sunday, 25 October 2026, 12:00 (Eastern European Standard Time, UTC+02:00)"),
        ("In UTC", "Thursday, 15 October 2026, 07:00 – Sunday, 25 October 2026, 10:00"),
    ]


@pytest.mark.parametrize("ends_at", [None, EVENT.starts_at, datetime(2026, 10, 14, tzinfo=UTC)])
def test_an_event_without_an_end_after_its_beginning_only_begins(ends_at: datetime | None) -> None:
    assert event_lines(replace(EVENT, ends_at=ends_at), "en")[1:3] == [
        ("When", "Thursday, 15 October 2026, 10:00 (Eastern European Summer Time, UTC+03:00)"),
        ("In UTC", "Thursday, 15 October 2026, 07:00"),
    ]


@pytest.mark.parametrize(
    "format,place,country,where",
    [
        ("online", None, None, "Online"),
        ("online", "Studio 2", None, "Online (Studio 2)"),
        ("hybrid", None, None, "In person and online"),
        ("hybrid", "Vienna", "AT", "Vienna, Austria, and online"),
        ("in-person", None, None, "In person"),
        ("in-person", None, "AT", "Austria"),
        ("in-person", "Vienna, Austria", "AT", "Vienna, Austria"),
        (None, "Vienna", "XQ", "Vienna, XQ"),
        (None, "Hall\n 4\u2028b", None, "Hall 4 b"),
    ],
)
def test_where_it_is_held(format: str | None, place: str | None, country: str | None, where: str) -> None:
    lines = event_lines(replace(EVENT, format=format, place=place, country=country), "en")

    assert dict(lines)["Where"] == where


@pytest.mark.parametrize(
    "tag,name",
    [
        ("fr", "French"),
        ("pt-BR", "Brazilian Portuguese"),
        ("zh-Hans", "Simplified Chinese"),
        ("sr-Latn", "Serbian (Latin)"),
        ("x-village", "x-village"),
        ("und-Arab", "und-Arab"),
        ("nonsense", "nonsense"),
    ],
)
def test_a_language_is_told_by_its_name_or_as_it_is(tag: str, name: str) -> None:
    assert dict(event_lines(replace(EVENT, languages=(tag,)), "en"))["Language"] == name


@pytest.mark.parametrize("language,label", [("en", "Languages"), ("ar", "اللغات"), ("ru", "Языки"), ("zh", "语言")])
def test_languages_are_many_whatever_their_number(language: str, label: str) -> None:
    told = [dict(event_lines(replace(EVENT, languages=UN_LANGUAGES[:count]), language)) for count in (3, 4, 6)]

    assert all(label in lines for lines in told)


def test_a_kind_without_words_is_told_as_it_is() -> None:
    assert event_lines(replace(EVENT, kind="round\ntable"), "fr")[0] == ("Type", "round table")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://e.example/\nX", "https://e.example/a b", "/here"])
def test_only_a_web_address_is_told_as_one(url: str) -> None:
    assert url not in letter("en", event=replace(EVENT, url=url)).text


@pytest.mark.parametrize("language", UN_LANGUAGES)
@pytest.mark.parametrize("ending", ["\r\n", "\n", "\u2028", "\x0b", "\x85", "\x00", "\u202e", "\u2066"])
def test_no_title_or_name_breaks_the_layout(language: str, ending: str) -> None:
    hostile = f"One{ending}Bcc: x"

    told = letter(
        language,
        event=replace(EVENT, title=hostile, kind=hostile, place=hostile, country=hostile, languages=(hostile,)),
        name=hostile,
        network=replace(NETWORK, title=hostile),
    )
    plain = letter(language, event=replace(EVENT, title="One Bcc: x"))
    assert told.subject == plain.subject
    assert not set(ending) & set(told.subject)
    assert not set(ending) & set(told.text.replace("\n", ""))
    assert not any(line.startswith("Bcc") for line in told.text.split("\n"))


@pytest.mark.parametrize("language", UN_LANGUAGES)
@pytest.mark.parametrize("occasion", Occasion)
@pytest.mark.parametrize("word", ["long ", "护", "ب"])
def test_a_long_title_is_cut_in_the_subject_alone(language: str, occasion: Occasion, word: str) -> None:
    title = (word * 300)[:300].strip()

    told = letter(language, occasion, event=replace(EVENT, title=title))
    assert len(told.subject) <= LONGEST_SUBJECT
    assert without_isolates(told.subject).endswith("…")
    assert told.subject.count("\u2068") == told.subject.count("\u2069")
    assert title.replace(" ", "") in re.sub(r"\s", "", told.text)


def test_text_of_the_other_direction_is_isolated() -> None:
    arabic, french = "ندوة (2026)", "Séance 2"

    assert letter("ar", event=replace(EVENT, title=french)).subject.endswith("\u2068Séance 2\u2069")
    assert letter("fr", event=replace(EVENT, title=arabic)).subject.endswith(f"\u2068{arabic}\u2069")
    assert letter("fr", event=replace(EVENT, title=french)).subject.endswith(" Séance 2")
    assert letter("ar", event=replace(EVENT, title="ندوة")).subject.endswith(" ندوة")


def test_only_arabic_letters_have_isolates_around_what_is_cyrillic() -> None:
    isolating = [language for language in UN_LANGUAGES if set(ISOLATES) & set(letter(language).text)]

    assert isolating == ["ar"]


def test_a_note_stays_quoted_line_by_line() -> None:
    said = "First.\n-- \nNot a signature.\r\n" + "word " * 30

    lines = letter("en", note=said).text.split("\n")
    start = lines.index("> First.")
    assert lines[start + 1 : start + 3] == ["> --", "> Not a signature."]
    assert lines[start + 3].startswith("> word word")
    assert lines[start + 4].startswith("> word")


@pytest.mark.parametrize(
    "said,broken",
    [
        ("护" * 40, ["护" * 38, "护护"]),
        ("护" * 38 + "，护", ["护" * 37, "护，护"]),
        ("护" * 37 + "（护）", ["护" * 37, "（护）"]),
        ("护" * 37 + "word护", ["护" * 37, "word护"]),
        ("护" * 37 + " word", ["护" * 37, "word"]),
        ("护" * 30 + "«" + "w" * 20, ["护" * 30, "«" + "w" * 20]),
    ],
)
def test_a_chinese_paragraph_is_broken_between_characters_but_not_before_punctuation(
    said: str, broken: list[str]
) -> None:
    lines = letter("zh", event=replace(EVENT, description=said)).text.split("\n")

    start = lines.index(broken[0])
    assert lines[start : start + 3] == [*broken, ""]


def test_a_moment_is_told_as_the_page_needs_it() -> None:
    assert moment_told(DEADLINE, EVENT, "fr") == (
        "jeudi 1 octobre 2026, 23:59 (heure d’été d’Europe de l’Est, UTC+03:00)"
    )
