"""A real SMTP server on a free loopback port, and the mailbox behind it; it can be told to refuse or to hang."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from api.settings import MailEncryption, MailSettings

__all__ = ["Mailbox", "link_in", "mail_settings", "mailbox", "smtp_server", "text_of"]

ARRIVES_WITHIN_S = 20.0


class Mailbox:
    """What aiosmtpd hands the letters to; the last ``envelope`` is kept as it came."""

    def __init__(self) -> None:
        self.port = 0
        self.envelope: Envelope | None = None
        self.user: str | None = None
        self.is_encrypted = False
        self.refuses: str | None = None
        """What the server says to every recipient instead of taking the letter, or to :attr:`refuses_only` alone."""
        self.refuses_only: str | None = None
        self.refuses_text: str | None = None
        """What it says once it has read a letter, instead of taking it."""
        self.hangs: asyncio.Event | None = None
        """What the server waits for before it takes a letter."""
        self.answers: asyncio.Event | None = None
        """What the server waits for, once it took a letter, before it says so."""
        self._letters: asyncio.Queue[EmailMessage] = asyncio.Queue()

    @property
    def is_empty(self) -> bool:
        """Whether no letter waits to be read."""
        return self._letters.empty()

    async def letter(self) -> EmailMessage:
        """The next letter, once it is there."""
        async with asyncio.timeout(ARRIVES_WITHIN_S):
            return await self._letters.get()

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _rcpt_options: list[str]
    ) -> str:
        if self.refuses is not None and self.refuses_only in {None, address}:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 -- the same
        if self.hangs is not None:
            await self.hangs.wait()
        if self.refuses_text is not None:
            return self.refuses_text
        assert isinstance(envelope.content, bytes)
        self.envelope = envelope
        assert server.transport is not None
        self.is_encrypted = server.transport.get_extra_info("ssl_object") is not None
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        await self._letters.put(message)
        if self.answers is not None:
            await self.answers.wait()
        return "250 OK"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        """Whether the password is right, as aiosmtpd asks."""
        assert isinstance(data, LoginPassword)
        self.user = data.login.decode()
        return AuthResult(success=data.password == b"right password", handled=False)


@asynccontextmanager
async def smtp_server(
    *,
    asks_for_password: bool = False,
    certificate: ssl.SSLContext | None = None,
    tls: bool = False,
    is_of_ascii: bool = False,
) -> AsyncIterator[Mailbox]:
    """A server until the end: with TLS from the first byte, or by STARTTLS if it only has a certificate.

    One ``is_of_ascii`` knows no other letters in an address.
    """
    mailbox = Mailbox()
    loop = asyncio.get_running_loop()

    def talk() -> SMTP:
        return SMTP(
            mailbox,
            enable_SMTPUTF8=not is_of_ascii,
            hostname="mail.example.org",
            ident="test",
            loop=loop,
            authenticator=mailbox.authenticate if asks_for_password else None,
            auth_required=asks_for_password,
            tls_context=None if tls else certificate,
            require_starttls=certificate is not None and not tls,
        )

    server = await loop.create_server(talk, "127.0.0.1", 0, ssl=certificate if tls else None)
    mailbox.port = server.sockets[0].getsockname()[1]
    async with server:
        yield mailbox
    for held in (mailbox.hangs, mailbox.answers):
        if held is not None:
            held.set()


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    """A server that takes every letter."""
    async with smtp_server() as mailbox:
        yield mailbox


def mail_settings(mailbox: Mailbox, **others: Any) -> MailSettings:
    """The settings of a network that sends its letters there."""
    given: dict[str, Any] = {"smtp_host": "127.0.0.1", "mail_from": "The Network <network@example.org>", **others}
    return MailSettings(smtp_port=mailbox.port, smtp_tls=given.pop("smtp_tls", MailEncryption.NONE), **given)


def text_of(letter: EmailMessage) -> str:
    """A letter's text, its lines as Python has them; the calendar file that goes with it aside."""
    text = letter.get_body(preferencelist=("plain",))
    assert text is not None
    return str(text.get_content()).replace("\r\n", "\n")


def link_in(letter: EmailMessage) -> str:
    """The address in a letter, which has a line of its own."""
    (link,) = [line for line in text_of(letter).splitlines() if line.startswith("http")]
    return link
