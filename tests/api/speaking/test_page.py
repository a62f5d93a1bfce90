"""The page on which somebody answers whether they speak: its language, its forms, and what it says at each state."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from lxml import html

from api.pages.rendering import templates
from api.pages.words import told
from api.speaking.telling import event_lines
from api.speaking.words import words_of
from graph.invitations import UnfitText
from graph.speaking import answering
from graph.speaking.answering import CannotAnswer
from graph.speaking.occasions import EventTold
from graph.speaking.states import State
from graph.values import UN_LANGUAGES, EventId, Network
from graph.wording import Wording

HOSTILE = '<script>alert("x")</script> & more'
EVENT = EventTold(
    EventId("stewards"),
    "Stewards",
    "workshop",
    "online",
    datetime(2026, 10, 15, 7, tzinfo=UTC),
    datetime(2026, 10, 15, 9, 30, tzinfo=UTC),
    "Asia/Beirut",
    None,
    None,
    "https://events.example.org/stewards",
    "About stewards.",
    ("fr",),
)
NETWORK = Network("The Network", "", is_fictional=True)


class Answer(StrEnum):
    """What can be answered."""

    ACCEPT = "accept"
    DECLINE = "decline"
    OTHER_TIME = "other_time"
    WITHDRAW = "withdraw"


WHEN_ASKED = (Answer.ACCEPT, Answer.DECLINE, Answer.OTHER_TIME)


@dataclass(frozen=True)
class Asked:
    """What the page is told of the invitation."""

    event: EventTold = EVENT
    name: str = "Ama"
    state: State = State.INVITED
    answer_by: datetime | None = datetime(2026, 10, 1, 20, 59, tzinfo=UTC)
    note: str = "Do come.\nPlease."
    possible: tuple[Answer, ...] = WHEN_ASKED
    is_cancelled: bool = False


def page(language: str = "en", asked: Asked | None = None, name: str = "answer.html", **said: Any) -> str:
    shown = asked or Asked()
    context: dict[str, Any] = {
        "words": words_of(language),
        "asked": shown,
        "told": event_lines(shown.event, language),
        "secret": "s" * 43,
        "network": NETWORK,
        "visitor": SimpleNamespace(csrf="token", account=None),
        "is_demo": False,
        "here": "/answer",
        "languages": [],
        "assets": "",
        "organises": False,
        "administers": False,
        "answered": None,
        "is_too_often": False,
        "refusal": None,
        "typed": {},
        **said,
    }
    return str(templates(language).env.get_template(name).render(context))


def forms(text: str) -> dict[str, list[str]]:
    """What each form on the page answers, and the texts that it asks for."""
    found = {}
    for form in html.fromstring(text).iter("form"):
        assert (form.get("action"), form.get("method")) == (f"/answer/{'s' * 43}", "post")
        hidden = {one.get("name"): one.get("value") for one in form.iter("input")}
        assert hidden.pop("csrf") == "token"
        assert [*hidden] == ["answer"]
        assert len([*form.iter("button")]) == 1
        found[hidden["answer"]] = [one.get("name") for one in form.iter("textarea")]
    return found


def shown(text: str) -> str:
    """What is to be read on the page, on one line."""
    return " ".join(html.fromstring(text).text_content().split())


@pytest.mark.parametrize("language", UN_LANGUAGES)
def test_the_page_is_in_the_letters_language(language: str) -> None:
    text = page(language)

    root = html.fromstring(text)
    assert (root.get("lang"), root.get("dir")) == (language, "rtl" if language == "ar" else "ltr")
    words = words_of(language)
    for name in ("state asked", "accept", "decline", "send decline", "other time", "send other time", "fictional"):
        assert words.name(name) in unescape(text)
    if language != "en":
        assert not re.search(r"\b(Sign in|To the content|Accept|Decline|Kind|answer by|sample)\b", shown(text))


def test_who_is_asked_can_accept_decline_or_propose_another_time() -> None:
    text = page()

    assert forms(text) == {"accept": [], "decline": ["reason", "suggestion"], "other_time": ["reason"]}
    root = html.fromstring(text)
    assert [[*form.iterancestors("details")] != [] for form in root.iter("form")] == [False, True, True]
    assert [area.get("required") is not None for area in root.iter("textarea")] == [False, False, True]
    assert [one.get("src", "").partition("?")[0] for one in root.iter("script", "style")] == ["/static/reached.js"]
    assert not root.xpath("//*[@style or @onclick]")


def test_the_event_the_note_and_the_deadline_are_told() -> None:
    text = page()

    read = shown(text)
    assert html.fromstring(text).find(".//h1").text_content() == "Stewards"
    assert "When Thursday, 15 October 2026, 10:00–12:30 (Eastern European Summer Time, UTC+03:00)" in read
    assert "Do come. Please." in read
    assert "by Thursday, 1 October 2026, 23:59 (Eastern European Summer Time, UTC+03:00)." in read
    assert [a.get("href") for a in html.fromstring(text).iterfind(".//main//a")] == [EVENT.url]


@pytest.mark.parametrize(
    "state,possible,said",
    [
        (State.INVITED, WHEN_ASKED, "state asked"),
        (State.REMINDED, WHEN_ASKED, "state asked"),
        (State.ACCEPTED, (Answer.WITHDRAW,), "state accepted"),
        (State.CONFIRMED, (Answer.WITHDRAW,), "state confirmed"),
        (State.DECLINED, (), "state declined"),
        (State.WITHDRAWN, (), "state withdrawn"),
        (State.INVITED, (), "state over"),
        (State.CONFIRMED, (), "state over"),
        (State.SPOKE, (), "state over"),
        (State.ABSENT, (), "state over"),
    ],
)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_says_how_things_stand(language: str, state: State, possible: tuple[Answer, ...], said: str) -> None:
    text = page(language, Asked(state=state, possible=possible))

    words = words_of(language)
    told = [name for name in words.names if name.startswith("state ") and words.name(name) in shown(text)]
    assert told == [said]
    assert [*forms(text)] == [*possible]
    by = words.name("answer by", moment="").rstrip(" .")
    assert (by in shown(text)) == (Answer.ACCEPT in possible)


def test_an_event_that_does_not_take_place_is_told_as_such() -> None:
    read = shown(page(asked=Asked(is_cancelled=True, possible=())))

    assert "This event will not take place." in read
    assert "begun" not in read


@pytest.mark.parametrize("answered", Answer)
@pytest.mark.parametrize("language", UN_LANGUAGES)
def test_an_answer_is_thanked_for(language: str, answered: Answer) -> None:
    text = page(language, answered=answered)

    (status,) = html.fromstring(text).xpath("//*[@role='status']")
    assert status.text_content().strip() == words_of(language).name(f"thanks {answered}")
    asks = words_of(language).name("state asked") in shown(text)
    assert asks == (answered is not Answer.OTHER_TIME)


@pytest.mark.parametrize("answer,field", [("decline", "reason"), ("decline", "suggestion"), ("other_time", "reason")])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_text_that_cannot_be_taken_stays_beside_why(language: str, answer: str, field: str) -> None:
    typed = {"answer": answer, "reason": f"\nA {HOSTILE}", "suggestion": f"B {HOSTILE}"}

    refusal = UnfitText(field, Wording("The %(field)s holds a hidden character; write it anew.", field=HOSTILE))

    root = html.fromstring(page(language, refusal=refusal, typed=typed))
    (alert,) = root.xpath("//*[@role='alert']")
    (area,) = root.xpath("//textarea[@aria-invalid='true']")
    assert (area.get("id"), area.get("aria-describedby")) == (f"{answer}-{field}", alert.get("id"))
    assert area.text.strip() == typed[field].strip()
    assert alert.text_content() == told(refusal, language)
    assert HOSTILE in alert.text_content()
    assert ("hidden character" in alert.text_content()) == (language == "en")
    assert [one.xpath(".//form/input[@name='answer']/@value") for one in root.xpath("//details[@open]")] == [[answer]]
    others = root.xpath(f"//textarea[not(starts-with(@id, '{answer}-'))]")
    assert others
    assert not any((one.text or "").strip() for one in others)


def test_what_is_missing_is_asked_for_in_the_language() -> None:
    refusal = UnfitText("reason", Wording("The reason is empty; write which other time would do."))

    text = page("fr", refusal=refusal, typed={"answer": "other_time", "reason": " "})

    (alert,) = html.fromstring(text).xpath("//*[@role='alert']")
    assert alert.text_content() == told(refusal, "fr")
    assert "empty" not in alert.text_content()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_an_answer_that_is_not_possible_is_told_above_all(language: str) -> None:
    asked = Asked(state=State.ACCEPTED, possible=(Answer.WITHDRAW,))
    refusal = CannotAnswer((answering.Answer.WITHDRAW,))

    text = page(language, asked, refusal=refusal, typed={"answer": "decline"})
    (alert,) = html.fromstring(text).xpath("//*[@role='alert']")
    assert alert.text_content() == told(refusal, language)


def test_nothing_that_somebody_wrote_becomes_markup() -> None:
    event = replace(EVENT, title=HOSTILE, kind=HOSTILE, place=HOSTILE, country=HOSTILE, description=HOSTILE)

    text = page(asked=Asked(event=event, name=HOSTILE, note=HOSTILE), network=replace(NETWORK, title=HOSTILE))
    assert text.count("<script") == 1  # ours, which every page has
    assert shown(text).count(HOSTILE) >= 6


def test_somebody_without_a_name_is_greeted_all_the_same() -> None:
    assert "Hello," in shown(page(asked=Asked(name=" ")))


@pytest.mark.parametrize("language", UN_LANGUAGES)
def test_a_link_that_has_ended_tells_nothing_of_anybody(language: str) -> None:
    text = page(language, name="answer_ended.html", asked=None)

    root = html.fromstring(text)
    words = words_of(language)
    assert (root.get("lang"), root.get("dir")) == (language, "rtl" if language == "ar" else "ltr")
    (main,) = root.iter("main")
    assert " ".join(main.text_content().split()) == " ".join(
        " ".join(words.name(name) for name in ("ended title", "ended", "ended help")).split()
    )
    assert not [*root.iter("form")]
