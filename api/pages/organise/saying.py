"""What was done, as the address of the next page says it: by a short word, never by text of anybody's own."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from api.pages.languages import language_of
from api.pages.words import N_, number, words_in
from api.settings import MailSettings

__all__ = ["Said", "done", "in_words", "said_in", "word_in"]


class Said(StrEnum):
    """What was done."""

    DRAFTED = "drafted"
    MADE = "made"
    SAVED = "saved"
    PUBLISHED = "published"
    DISCARDED = "discarded"
    BROUGHT_BACK = "brought-back"
    CANCELLED = "cancelled"
    RESTORED = "restored"
    ADDED = "added"
    ALREADY = "already"
    MOVED = "moved"
    NOT_MOVED = "not-moved"
    NOTED = "noted"
    TAKEN_OFF = "taken-off"
    THOUGHT_OF = "thought-of"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WRITTEN = "written"
    STEPPED = "stepped"
    SENT_AGAIN = "sent-again"
    TOLD = "told"
    NOBODY_TOLD = "nobody-told"
    REMINDED = "reminded"
    NOBODY_REMINDED = "nobody-reminded"
    NOBODY_REACHED = "nobody-reached"
    RECORDED = "recorded"
    RECORDED_BEFORE = "recorded-before"
    NOBODY_CHOSEN = "nobody-chosen"
    NOT_RECORDED = "not-recorded"
    TAKEN_BACK = "taken-back"
    OFF_AGENDA = "off-agenda"


SAID: Final[Mapping[Said, str]] = {
    Said.DRAFTED: N_("The draft is saved. Only organisers know of it."),
    Said.MADE: N_("The event is published."),
    Said.SAVED: N_("Saved."),
    Said.PUBLISHED: N_("The event is published. People can be invited now."),
    Said.DISCARDED: N_("The draft is thrown away."),
    Said.BROUGHT_BACK: N_("The draft is back, with its shortlist."),
    Said.CANCELLED: N_("The event is cancelled. Nobody has been told yet."),
    Said.RESTORED: N_("The event takes place again."),
    Said.ADDED: N_("Added to the shortlist."),
    Said.ALREADY: N_("They were on the shortlist already."),
    Said.MOVED: N_("Moved."),
    Said.NOT_MOVED: N_("They stand there already."),
    Said.NOTED: N_("The note is saved."),
    Said.TAKEN_OFF: N_("Taken off the shortlist."),
    Said.THOUGHT_OF: N_("Back on the shortlist."),
    Said.ACCEPTED: N_("Taken down: they said yes."),
    Said.DECLINED: N_("Taken down: they said no."),
    Said.WRITTEN: N_("Taken down, and the letter is on its way."),
    Said.STEPPED: N_("Taken down, without a letter."),
    Said.SENT_AGAIN: N_("The letter goes out once more."),
    Said.TOLD: N_("The speakers are written to."),
    Said.NOBODY_TOLD: N_("Nobody had to be told: whoever was written to knows already."),
    Said.REMINDED: N_("Whoever is overdue and shows an address is written to."),
    Said.NOBODY_REMINDED: N_("Nobody is overdue who was not reminded already."),
    Said.NOBODY_REACHED: N_("Nobody was reminded: whoever is overdue shows no address. Ask them in another way."),
    Said.RECORDED: N_("Taken down who was there."),
    Said.RECORDED_BEFORE: N_("All of it was taken down before."),
    Said.NOBODY_CHOSEN: N_("Nothing was chosen, so nothing was taken down."),
    Said.NOT_RECORDED: N_("Who was there is as it was taken down before."),
    Said.TAKEN_BACK: N_("Taken back. Both steps stay on record."),
    Said.OFF_AGENDA: N_("Taken back. They are not on the agenda any more; whoever speaks is put there again by hand."),
}

WAITING: Final[Mapping[Said, str]] = {
    Said.WRITTEN: N_("Taken down, and the letter waits until a mail server is set."),
    Said.SENT_AGAIN: N_("The letter waits until a mail server is set."),
    Said.TOLD: N_("The letters to the speakers wait until a mail server is set."),
    Said.REMINDED: N_("Whoever is overdue and shows an address is reminded once a mail server is set."),
}
"""What is said instead where no letter can leave."""

UNTOLD: Final[Mapping[Said, str]] = {
    Said.SAVED: N_("Saved. Nobody has been told yet."),
    Said.RESTORED: N_("The event takes place again. Nobody has been told yet."),
}
"""What is said instead where somebody was asked or is on the panel, and is to know of it."""


def done(page: str, said: Said, *, anchor: str = "", **more: str) -> Response:
    """The way to a page that says what was done."""
    at = f"#{anchor}" if anchor else ""
    separator = "&" if "?" in page else "?"
    return RedirectResponse(f"{page}{separator}{urlencode({'said': said.value, **more})}{at}", status_code=303)


def word_in(request: Request) -> Said | None:
    """What was done, as the address says it; None if it says nothing of it."""
    word = request.query_params.get("said")
    return next((said for said in SAID if said == word), None)


def said_in(request: Request) -> str | None:
    """The sentence of what was done, in the page's language; None if the address says nothing of it."""
    said = word_in(request)
    return None if said is None else in_words(request, said)


def in_words(request: Request, said: Said, *, count: int = 1, is_untold: bool = False) -> str:
    """The sentence of what was done, in the page's language.

    ``count`` is to how many people at once, ``is_untold`` whether somebody is to know of it and does not yet.
    """
    language = language_of(request)
    words = words_in(language)
    several = ""
    if count > 1 and said is Said.ADDED:
        several = words.ngettext(
            "%(num)s person was added to the shortlist.", "%(num)s people were added to the shortlist.", count
        )
    elif count > 1 and said is Said.TAKEN_OFF:
        several = words.ngettext(
            "%(num)s person was taken off the shortlist.", "%(num)s people were taken off the shortlist.", count
        )
    elif count > 1 and said is Said.THOUGHT_OF:
        several = words.ngettext(
            "%(num)s person is back on the shortlist.", "%(num)s people are back on the shortlist.", count
        )
    if several:
        return several % {"num": number(count, language)}
    mail: MailSettings = request.app.state.mail
    instead = UNTOLD.get(said) if is_untold else None if mail.sends else WAITING.get(said)
    return words.gettext(instead or SAID[said])
