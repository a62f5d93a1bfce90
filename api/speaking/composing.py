"""A letter to a speaker as it leaves: text, answer link and calendar entry."""

from datetime import UTC, datetime
from typing import Final

from api.mail import Calendar, Letter
from api.settings import MailSettings
from api.speaking.calendar import calendar_file
from api.speaking.letters import LetterText, letter_text
from graph.speaking import LINKED, Occasion, Prepared, Waiting
from graph.values import Network

__all__ = ["answer_address", "composed", "previewed"]

ENDS: Final = (Occasion.RELEASE, Occasion.CANCELLATION)
"""After which the event leaves their calendar."""


def composed(mail: MailSettings, network: Network | None, waiting: Waiting, *, base: str) -> Letter:
    """The letter; where it is sent again, it is the same for a mailbox, and for a calendar too.

    All letters of one candidacy share one calendar entry, whose SEQUENCE grows.
    """
    link = None if waiting.secret is None else answer_address(base, waiting.secret)
    told = letter_text(
        network,
        waiting.event,
        occasion=waiting.occasion,
        language=waiting.language,
        name=waiting.name,
        base=base,
        answer_link=link,
        answer_by=waiting.answer_by,
        note=waiting.note,
    )
    sender, is_cancelled = mail.sender, waiting.occasion in ENDS
    file = calendar_file(
        waiting.event,
        uid=f"{waiting.candidacy}@{sender.domain}",
        sequence=waiting.sequence,
        at=datetime.now(UTC),
        organizer=sender,
        attendee=waiting.address,
        attendee_name=waiting.name,
        url=waiting.event.url,
        is_cancelled=is_cancelled,
        language=waiting.language,
    )
    calendar = None if file is None else Calendar(file, "CANCEL" if is_cancelled else "REQUEST")
    return Letter(waiting.address, told.subject, told.text, waiting.id, told.language, calendar)


def previewed(network: Network | None, prepared: Prepared, *, occasion: Occasion, note: str, base: str) -> LetterText:
    """What a letter would say; its link ends in dots."""
    return letter_text(
        network,
        prepared.event,
        occasion=occasion,
        language=prepared.language,
        name=prepared.name,
        base=base,
        answer_link=answer_address(base, "…") if occasion in LINKED else None,
        answer_by=prepared.answer_by,
        note=note,
    )


def answer_address(base: str, secret: str) -> str:
    """The address that a letter's answer link leads to."""
    return f"{base}/answer/{secret}"
