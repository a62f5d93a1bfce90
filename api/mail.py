"""Letters that the network sends, and the one way in which they leave: plain text over SMTP, to one person each.

Without ``KNOWWHO_SMTP_HOST`` none leaves. Who asked for a letter is never told whether it could be sent, since that
could tell whether somebody is known here; the log tells it, without the address.
"""

import asyncio
import textwrap
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from urllib.parse import urlsplit

import aiosmtplib
import structlog

from api.settings import MailEncryption, MailSettings
from graph.errors import GraphError
from graph.invitations import INVITATION_LASTS, KEPT_AFTER_ITS_END
from graph.sign_in_links import LINK_LASTS
from graph.values import Network
from graph.wording import Wording

__all__ = ["Calendar", "Letter", "MailNotSent", "deliver", "invitation_letter", "send", "sign_in_letter"]

log = structlog.get_logger(__name__)

# For each answer of the server, for the one that says whether it takes the letter, which it may look through, and for a
# letter as a whole, since a server that drips must not hold us for ever. graph.speaking.outbox.LEASE is longer.
ANSWER_TIMEOUT_S = 20.0
TAKING_TIMEOUT_S = 120.0
LETTER_TIMEOUT_S = 150.0


class MailNotSent(GraphError):
    """A letter did not leave; the sentence does not say to whom.

    ``is_final`` if the server, which answered, will never take this letter; else it may at another time.
    ``is_of_server`` if no other letter would have left either.
    """

    def __init__(self, reason: str, *, is_final: bool = False, is_of_server: bool = False) -> None:
        self.reason = reason
        self.is_final = is_final
        self.is_of_server = is_of_server
        super().__init__(
            Wording(
                "The letter could not be sent (%(reason)s); check KNOWWHO_SMTP_HOST and what goes with it.",
                reason=reason,
            )
        )


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar file that goes with a letter (RFC 6047), and its METHOD."""

    file: bytes
    method: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to one address; with an ``id``, the same letter sent again has the same Message-ID.

    ``language`` is that of the text, by its BCP 47 tag; ``calendar`` an iCalendar file with the method that it has.
    """

    to: str
    subject: str
    text: str
    id: str | None = None
    language: str | None = None
    calendar: Calendar | None = None


async def send(settings: MailSettings, letter: Letter) -> None:
    """Give a letter to the SMTP server.

    Raises:
        MailNotSent: no server is set, or it does not answer in time, or it does not take the letter.
        SecretUnreadable, SecretExposed, SecretWeak: the server's password cannot be used.
    """
    if settings.smtp_host is None:
        raise MailNotSent(Wording("no SMTP server is set"), is_of_server=True)
    message = _message(settings, letter)
    client = aiosmtplib.SMTP(
        hostname=settings.smtp_host,
        port=settings.port,
        username=settings.smtp_user,
        password=settings.password,
        # Or the name of this machine would be asked of the network, and told to the server.
        local_hostname=settings.sender.domain,
        timeout=ANSWER_TIMEOUT_S,
        use_tls=settings.encryption is MailEncryption.TLS,
        start_tls=settings.encryption is MailEncryption.STARTTLS,
    )
    try:
        async with asyncio.timeout(LETTER_TIMEOUT_S):
            await client.connect()
            await client.send_message(message, recipients=[letter.to], timeout=TAKING_TIMEOUT_S)
        with suppress(aiosmtplib.SMTPException, OSError):  # the letter is theirs by now
            await client.quit()
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        raise _not_sent(error) from error
    finally:
        client.close()


async def deliver(settings: MailSettings, letter: Letter) -> None:
    """As :func:`send`, for after the answer: a letter that does not leave is only written down."""
    try:
        await send(settings, letter)
    except GraphError as error:
        log.warning("letter_not_sent", reason=error.reason if isinstance(error, MailNotSent) else type(error).__name__)


def sign_in_letter(network: Network | None, *, to: str, link: str) -> Letter:
    """The letter with a link to sign in by."""
    title = _title(network, link)
    return Letter(
        to,
        f"Your link to sign in to {title}",
        _text(
            f"Somebody, most likely you, asked {title} for a link to sign in with this address. Open it in the browser "
            "that asked for it:",
            link,
            f"The link works once, and for {_span(LINK_LASTS)}.",
            "If you did not ask for it, you need do nothing: without this letter nobody signs in as you.",
            network=network,
            link=link,
        ),
    )


def invitation_letter(network: Network | None, *, to: str, link: str, note: str = "") -> Letter:
    """The letter that invites somebody to join; the note is the words of whoever invites them."""
    title = _title(network, link)
    said = [f"Whoever invites you writes:\n\n{_quoted(note)}"] if note else []
    about = [network.description] if network and network.description else []
    return Letter(
        to,
        f"Invitation to join {title}",
        _text(
            f"You are invited to join {title}.",
            *about,
            *said,
            "This page tells what the network is and lets you choose who sees what of you, before you join or decline:",
            link,
            f"The link works once, and for {_span(INVITATION_LASTS)}.",
            "You get this letter because somebody who organises the network gave your address to invite you. If you do "
            "nothing, you do not join. Whatever you answer, the invitation is deleted "
            f"{_span(KEPT_AFTER_ITS_END)} after its end.",
            network=network,
            link=link,
        ),
    )


def _message(settings: MailSettings, letter: Letter) -> EmailMessage:
    """The letter as RFC 5322 has it. A header never takes a line break, so no letter can carry headers of its own."""
    message = EmailMessage(policy=SMTP)
    try:
        message["To"] = Address(addr_spec=letter.to)
        message["Subject"] = letter.subject
    except (HeaderParseError, LookupError, ValueError) as error:
        raise MailNotSent(Wording("its address or subject cannot be written"), is_final=True) from error
    message["From"] = settings.sender
    message["Date"] = format_datetime(datetime.now(UTC))
    domain = settings.sender.domain
    message["Message-ID"] = f"<{letter.id}@{domain}>" if letter.id else make_msgid(domain=domain)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office note comes back
    message.set_content(letter.text, charset="utf-8", cte="quoted-printable")
    if letter.language:
        message["Content-Language"] = letter.language
    if letter.calendar:
        message.add_alternative(
            letter.calendar.file,
            maintype="text",
            subtype="calendar",
            cte="base64",
            disposition="inline",
            filename="event.ics",
            params={"method": letter.calendar.method, "charset": "utf-8"},
        )
    return message


def _not_sent(error: Exception) -> MailNotSent:
    """What the server says may hold the address; its code and the kind of fault do not."""
    refused = error.recipients[0] if isinstance(error, aiosmtplib.SMTPRecipientsRefused) else error
    code = getattr(refused, "code", None)
    # Not supported are letters beyond ASCII in an address, which many a server does not know.
    is_of_letter = isinstance(
        refused, aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError | aiosmtplib.SMTPNotSupported
    )
    return MailNotSent(
        f"{type(refused).__name__} {code}" if code else type(refused).__name__,
        is_final=is_of_letter and code is not None and 500 <= code < 600,
        is_of_server=not is_of_letter,
    )


def _text(*paragraphs: str, network: Network | None, link: str) -> str:
    """The letter's text, wrapped; a paragraph without a space, such as a link, stays on its line."""
    last = [f"-- \n{_title(network, link)}, {_origin(link)}"]
    if network and network.is_fictional:
        last = ["This is a sample network: all that it tells of people, organisations and events is fictional.", *last]
    return "\n\n".join(_wrapped(paragraph) for paragraph in [*paragraphs, *last]) + "\n"


def _wrapped(paragraph: str) -> str:
    if "\n" in paragraph:
        return paragraph
    return textwrap.fill(paragraph, 76, break_long_words=False, break_on_hyphens=False)


def _quoted(note: str) -> str:
    lines = [part for line in note.splitlines() for part in textwrap.wrap(line, 74, break_long_words=False) or [""]]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _title(network: Network | None, link: str) -> str:
    """What the network is called, on one line; where it is, if it has no name."""
    return " ".join(network.title.split()) if network and network.title.strip() else f"the network at {_origin(link)}"


def _origin(link: str) -> str:
    parts = urlsplit(link)
    return f"{parts.scheme}://{parts.netloc}"


def _span(time: timedelta) -> str:
    return f"{time.days} days" if time.days else f"{time.seconds // 60} minutes"
