"""The refusals of searches, addresses and tokens in the six languages; of others what catalogues have."""

from collections.abc import Mapping
from dataclasses import dataclass

from api.asking import MOST_MONTHS, NotThatManyMonths
from api.pages.words import N_, day, listed, told, words_in
from graph.errors import GraphError, NoSuchExpert
from graph.filters import PeriodEndsFirst, UnknownFilterValue
from graph.own_tokens import MOST as MOST_TOKENS
from graph.own_tokens import LastsTooLong, RoleAboveOwn, TooManyTokens
from graph.permissions import NotAllowed
from graph.questions import (
    LONGEST_NOTE,
    LONGEST_TEXT,
    MOST_OPEN,
    MOST_TOPICS,
    NoteTooLong,
    NothingAsked,
    NotSeenByMembers,
    QuestionClosed,
    TextTooLong,
    TooManyOpen,
    TopicsUnfit,
)
from graph.saved_searches import LONGEST_TITLE, MOST, TitleTooLong, TooManySaved
from graph.search import LONGEST_QUESTION, EmptyQuestion, QuestionTooLong
from graph.tokens import LONGEST_NAME, ExpiryPassed, NoSuchToken, NotAName, ScopeNotGranted, TokenNameTaken

__all__ = ["FIRST_YEAR", "LAST_YEAR", "NoSuchSpan", "NotADay", "NotAMonth", "NotAYear", "Refusal", "refusal_in"]

FIRST_YEAR, LAST_YEAR = 1900, 9998
"""Of which years pages are."""
LONGEST = 80
"""Letters that are shown of what an address has where it should say something else."""

KINDS = {
    "country": N_("a country"),
    "region": N_("a region"),
    "language": N_("a language"),
    "topic": N_("a topic"),
    "organisation": N_("an organisation"),
    "organisation kind": N_("a kind of organisation"),
    "event": N_("an event"),
    "language level": N_("a language level"),
    "gender": N_("a gender"),
}


class NotADay(GraphError):
    """The address has something else where a day belongs."""

    def __init__(self, text: str) -> None:
        self.text = text[:LONGEST]
        super().__init__(f"'{self.text}' is no date; write one as 2026-03-01.")


class NotAYear(GraphError):
    """The address has something else where a year belongs."""

    def __init__(self, text: str) -> None:
        self.text = text[:LONGEST]
        super().__init__(f"'{self.text}' is no year from {FIRST_YEAR} to {LAST_YEAR}; write ?year=2026.")


class NotAMonth(GraphError):
    """The address has something else where a month belongs."""

    def __init__(self, text: str) -> None:
        self.text = text[:LONGEST]
        super().__init__(
            f"'{self.text}' is no month from {FIRST_YEAR}-01 to {LAST_YEAR}-12; write ?view=month&month=2026-11."
        )


class NoSuchSpan(GraphError):
    """The address of a report names no days that there are."""

    def __init__(self) -> None:
        super().__init__(
            f"The address names no year from {FIRST_YEAR} to {LAST_YEAR}, or no two days in order; write ?year=2022 "
            "or ?since=2022-01-01&until=2022-06-30."
        )


@dataclass(frozen=True, slots=True)
class Refusal:
    """The sentence that a page shows; ``is_english`` if it is in English whatever the page's language."""

    text: str
    is_english: bool = False


YEARS: Mapping[str, object] = {"first": FIRST_YEAR, "last": LAST_YEAR}
UNFIT: Mapping[type[GraphError], str] = {
    NotADay: N_("“%(text)s” is not a date; write one as 2026-03-01."),
    NotAYear: N_("“%(text)s” is no year from %(first)s to %(last)s; write ?year=2026."),
    NotAMonth: N_("“%(text)s” is no month from %(first)s-01 to %(last)s-12; write ?view=month&month=2026-11."),
}
"""What is said of a text that does not belong where it is."""
SAID: Mapping[type[GraphError], tuple[str, Mapping[str, object]]] = {
    NotThatManyMonths: (N_("The number of months to look back must be from 1 to %(most)s."), {"most": MOST_MONTHS}),
    EmptyQuestion: (N_("The question is empty; ask for a kind of expert in a few words."), {}),
    QuestionTooLong: (
        N_("The question is longer than %(most)s characters; shorten it."),
        {"most": LONGEST_QUESTION},
    ),
    TitleTooLong: (N_("The title is longer than %(most)s characters; shorten it."), {"most": LONGEST_TITLE}),
    TooManySaved: (N_("You have %(most)s saved searches already; remove one to save another."), {"most": MOST}),
    NoSuchSpan: (
        N_(
            "The address names no year from %(first)s to %(last)s, or no two days in order; write ?year=2022 or "
            "?since=2022-01-01&until=2022-06-30."
        ),
        YEARS,
    ),
    NoSuchExpert: (N_("The network knows no such person."), {}),
    NothingAsked: (N_("The question is empty; write what you want to know."), {}),
    TextTooLong: (N_("The question is longer than %(most)s characters; shorten it."), {"most": LONGEST_TEXT}),
    NoteTooLong: (N_("The note is longer than %(most)s characters; shorten it."), {"most": LONGEST_NOTE}),
    TopicsUnfit: (N_("Choose from 1 to %(most)s topics."), {"most": MOST_TOPICS}),
    TooManyOpen: (
        N_("You have %(most)s open questions already; close one to open another."),
        {"most": MOST_OPEN},
    ),
    QuestionClosed: (N_("This question is closed; offer your help with one that is open."), {}),
    NotSeenByMembers: (
        N_(
            "Members may not see your name, by your own choice of who sees that you are in the network, so your offer "
            "would not reach whoever asked; let members see you, and offer again."
        ),
        {},
    ),
    NotAName: (
        N_("A token needs a name of 1 to %(most)s characters in one line; give it one."),
        {"most": LONGEST_NAME},
    ),
    TokenNameTaken: (N_("There is a token of this name already; revoke it first, or choose another name."), {}),
    TooManyTokens: (
        N_("You have %(most)s tokens that work already; revoke one to make another."),
        {"most": MOST_TOKENS},
    ),
    RoleAboveOwn: (N_("A token of your own cannot ask in a role above yours; choose another role."), {}),
    ScopeNotGranted: (N_("The role that you chose may not do all of that; choose what it may."), {}),
    ExpiryPassed: (N_("The token would have expired already; give it an end that is still to come."), {}),
    LastsTooLong: (N_("A token of your own works for a year at most; choose an earlier end."), {}),
    NoSuchToken: (N_("There is no such token in use."), {}),
}


def refusal_in(language: str, error: GraphError) -> Refusal:
    """What an error says to people, in the language of the page if catalogues have it."""
    if language == "en":
        return Refusal(str(error))
    text = _translated(language, error) or told(error, language)
    return Refusal(str(error), is_english=True) if text is None else Refusal(text)


def _translated(language: str, error: GraphError) -> str | None:
    say = words_in(language).gettext
    if isinstance(error, UnknownFilterValue):
        said = say(N_("Not known to the network as %(kind)s: “%(value)s”."))
        hint = say(N_("Did you mean: %(names)s?")) % {"names": listed(list(error.nearest), language)}
        unknown = said % {"kind": say(KINDS.get(error.kind, error.kind)), "value": error.value[:80]}
        return f"{unknown} {hint}" if error.nearest else unknown
    if isinstance(error, PeriodEndsFirst):
        days = {"first": day(error.first, language), "last": day(error.last, language)}
        return say(N_("The period from %(first)s to %(last)s ends before it begins; swap its days.")) % days
    if isinstance(error, NotADay | NotAYear | NotAMonth):
        return say(UNFIT[type(error)]) % {**YEARS, "text": error.text}
    if isinstance(error, NotAllowed) and error.action.startswith("filter by"):
        return say(N_("This filter is for organisers alone."))
    sentence, facts = SAID.get(type(error), (None, {}))
    return None if sentence is None else say(sentence) % facts


def status_of(refusal: Exception | None) -> int:
    """The status of a page that says why something was not done."""
    return 200 if refusal is None else 403 if isinstance(refusal, NotAllowed) else 422
