"""What was done, as the address of the next page says it: by a short word, never by text of anybody's own."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from api.pages.languages import language_of
from api.pages.words import N_, words_in

__all__ = ["Said", "done", "in_words", "said_in"]


class Said(StrEnum):
    """What was done."""

    DRAFTED = "drafted"
    MADE = "made"
    SAVED = "saved"
    PUBLISHED = "published"
    DISCARDED = "discarded"
    CANCELLED = "cancelled"
    RESTORED = "restored"
    ADDED = "added"
    ALREADY = "already"
    MOVED = "moved"
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
    RECORDED = "recorded"
    RECORDED_BEFORE = "recorded-before"
    NOT_RECORDED = "not-recorded"
    TAKEN_BACK = "taken-back"
    OFF_AGENDA = "off-agenda"


SAID: Final[Mapping[Said, str]] = {
    Said.DRAFTED: N_("The draft is saved. Only organisers know of it."),
    Said.MADE: N_("The event is published."),
    Said.SAVED: N_("Saved."),
    Said.PUBLISHED: N_("The event is published. People can be invited now."),
    Said.DISCARDED: N_("The draft is thrown away."),
    Said.CANCELLED: N_("The event is cancelled. Nobody has been told yet."),
    Said.RESTORED: N_("The event takes place again."),
    Said.ADDED: N_("Added to the shortlist."),
    Said.ALREADY: N_("They were on the shortlist already."),
    Said.MOVED: N_("Moved."),
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
    Said.RECORDED: N_("Taken down who was there."),
    Said.RECORDED_BEFORE: N_("All of it was taken down before."),
    Said.NOT_RECORDED: N_("Who was there is as it was taken down before."),
    Said.TAKEN_BACK: N_("Taken back. Both steps stay on record."),
    Said.OFF_AGENDA: N_("Taken back. They are not on the agenda any more; whoever speaks is put there again by hand."),
}


def done(page: str, said: Said, *, anchor: str = "", **more: str) -> Response:
    """The way to a page that says what was done."""
    at = f"#{anchor}" if anchor else ""
    separator = "&" if "?" in page else "?"
    return RedirectResponse(f"{page}{separator}{urlencode({'said': said.value, **more})}{at}", status_code=303)


def said_in(request: Request) -> str | None:
    """The sentence of what was done, in the page's language; None if the address says nothing of it."""
    word = request.query_params.get("said")
    said = next((said for said in SAID if said == word), None)
    return None if said is None else in_words(request, said)


def in_words(request: Request, said: Said) -> str:
    """The sentence of what was done, in the page's language."""
    return words_in(language_of(request)).gettext(SAID[said])
