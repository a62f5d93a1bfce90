"""Letters to speakers, in their language: an invitation and what may follow it, as plain text."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from api.catalogues import Words
from api.speaking.layout import cut, inline, one_line, quoted, wrapped
from api.speaking.telling import event_lines, moment_told
from api.speaking.words import words_of
from graph.speaking.occasions import EventTold, Occasion
from graph.values import Network

__all__ = ["LetterText", "letter_text"]

LONGEST_SUBJECT: Final = 150
LONGEST_DESCRIPTION: Final = 1500

ASKING: Final = (Occasion.INVITATION, Occasion.REMINDER)
ENDING: Final = (Occasion.RELEASE, Occasion.CANCELLATION)


@dataclass(frozen=True, slots=True)
class LetterText:
    """What a letter says, and the language in which it does."""

    subject: str
    text: str
    language: str


def letter_text(
    network: Network | None,
    event: EventTold,
    *,
    occasion: Occasion,
    language: str,
    name: str,
    base: str,
    answer_link: str | None = None,
    answer_by: datetime | None = None,
    note: str = "",
) -> LetterText:
    """The letter to somebody called ``name``, in one of the six languages.

    ``base`` is the network's own address, ``note`` the organisers' words. ``answer_link`` stands alone on its line,
    wherever there is still something to answer; until when is told in the event's time zone.
    """
    words = words_of(language)
    title = one_line(network.title) if network and network.title.strip() else urlsplit(base).netloc
    paragraphs = [
        _greeting(words, name),
        wrapped(words.name(f"opening {occasion}", network=inline(title, language))),
        "\n".join(_event(words, event)),
        *_described(words, event, occasion),
        *([f"{wrapped(words.name('note'))}\n\n{quoted(note)}"] if note.strip() else []),
        *_answering(words, event, occasion, answer_link, answer_by),
        *([wrapped(words.name("closing"))] if occasion in ENDING else []),
        wrapped(words.name("why asked" if occasion in ASKING else "why told")),
        *([wrapped(words.name("fictional"))] if network and network.is_fictional else []),
        f"-- \n{words.name('joined', first=title, second=base)}",
    ]
    return LetterText(_subject(words, event, occasion), "\n\n".join(paragraphs) + "\n", language)


def _subject(words: Words, event: EventTold, occasion: Occasion) -> str:
    """What the letter is about and the event's title, which is cut if it is long."""
    room = (
        LONGEST_SUBJECT - len(words.name(f"subject {occasion}", title=inline("", words.language))) - len("\u2068\u2069")
    )
    return words.name(f"subject {occasion}", title=inline(cut(one_line(event.title), room), words.language))


def _greeting(words: Words, name: str) -> str:
    called = inline(name, words.language)
    return wrapped(words.name("greeting", name=called) if called else words.name("greeting without a name"))


def _event(words: Words, event: EventTold) -> Iterator[str]:
    """The event line by line; its page has a line of its own, so that it can be followed in any language."""
    for label, value in [
        (words.name("event"), inline(event.title, words.language)),
        *event_lines(event, words.language),
    ]:
        if value == event.url:
            yield _heading(words, label)
            yield f"  {value}"
        else:
            yield wrapped(words.name("told", label=label, value=value), rest="  ")


def _heading(words: Words, label: str) -> str:
    """A label before what stands on lines of its own."""
    return words.name("told", label=label, value="").rstrip()


def _described(words: Words, event: EventTold, occasion: Occasion) -> list[str]:
    """What the event is about, for those who are to decide whether they speak."""
    said = [one_line(line) for line in cut((event.description or "").strip(), LONGEST_DESCRIPTION).splitlines()]
    told = [wrapped(line) for line in said if line]
    return [_heading(words, words.name("about")), *told] if told and occasion in ASKING else []


def _answering(
    words: Words, event: EventTold, occasion: Occasion, link: str | None, answer_by: datetime | None
) -> Iterator[str]:
    """Where to answer what, and until when; nothing where there is nothing to answer."""
    if link is None or occasion in ENDING:
        return
    match occasion:
        case Occasion.CONFIRMATION:
            yield wrapped(words.name("not after all"))
        case Occasion.CHANGE:
            yield wrapped(words.name("after a change"))
        case _:
            yield wrapped(words.name("answer here"))
    yield link
    if answer_by is not None and occasion in ASKING:
        yield wrapped(words.name("answer by", moment=moment_told(answer_by, event, words.language)))
    yield wrapped(words.name("yours alone"))
