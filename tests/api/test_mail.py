"""Letters by a real SMTP server: what is in them, how they are kept from being read, and how they fail in silence."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

import pytest
import structlog
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from api import mail
from api.mail import Letter, MailNotSent, deliver, invitation_letter, send, sign_in_letter
from api.settings import MailEncryption, MailSettings
from graph.values import Network
from tests.mailbox import Mailbox, link_in, mail_settings, smtp_server, text_of

AMA = "ama@example.org"
LETTER = Letter(AMA, "A subject", "A text.\n")
NETWORK = Network("Réseau des expertes", "People who protect places.", is_fictional=False)
LINK = "https://experts.example.org/sign-in/link/" + "s" * 43


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """What a server shows that it is 127.0.0.1; this process believes it, and no other."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "certificate.pem"
    file.write_bytes(
        signed.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return context


@pytest.fixture
def said() -> Iterator[list[structlog.typing.EventDict]]:
    """What is logged meanwhile."""
    with structlog.testing.capture_logs() as lines:
        yield lines


async def test_a_letter_arrives_as_it_was_written(mailbox: Mailbox) -> None:
    await send(mail_settings(mailbox), replace(LETTER, subject="Réseau: Приглашение", text="Ama, 你好.\n\nYours\n"))

    letter = await mailbox.letter()
    assert (letter["From"], letter["To"]) == ("The Network <network@example.org>", AMA)
    assert letter["Subject"] == "Réseau: Приглашение"
    assert text_of(letter) == "Ama, 你好.\n\nYours\n"
    assert (letter.get_content_type(), letter.get_content_charset()) == ("text/plain", "utf-8")
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"].endswith("@example.org>")
    assert datetime.now(UTC) - letter["Date"].datetime < timedelta(minutes=1)


async def test_this_machines_name_is_not_told(mailbox: Mailbox) -> None:
    await send(mail_settings(mailbox), LETTER)

    assert socket.gethostname() not in str(await mailbox.letter())
    assert mailbox.envelope is not None
    assert (mailbox.envelope.mail_from, mailbox.envelope.rcpt_tos) == ("network@example.org", [AMA])


@pytest.mark.parametrize("field", ["to", "subject"])
@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x0c"])
async def test_no_text_becomes_a_header(mailbox: Mailbox, field: str, ending: str) -> None:
    hostile = replace(LETTER, **{field: f"{getattr(LETTER, field)}{ending}Bcc: salma@example.org"})  # type: ignore[arg-type]

    try:
        await send(mail_settings(mailbox), hostile)
    except MailNotSent:
        assert mailbox.is_empty
        return
    letter = await mailbox.letter()
    assert letter["Bcc"] is None
    assert mailbox.envelope is not None
    assert mailbox.envelope.rcpt_tos == [AMA]


@pytest.mark.parametrize(
    "to",
    ["ama@example.org, salma@example.org", "a,b@example.org", "<ama@example.org>", "Ama <ama@example.org>", "", "@"],
)
async def test_a_letter_goes_to_one_address_or_to_none(mailbox: Mailbox, to: str) -> None:
    with pytest.raises(MailNotSent):
        await send(mail_settings(mailbox), replace(LETTER, to=to))

    assert mailbox.is_empty


async def test_a_text_cannot_end_the_letter_early(mailbox: Mailbox) -> None:
    text = "One.\n.\nMAIL FROM:<x@example.org>\n.hidden\n"

    await send(mail_settings(mailbox), replace(LETTER, text=text))

    assert text_of(await mailbox.letter()) == text
    assert mailbox.is_empty


async def test_the_password_is_shown_to_a_server_that_asks(certificate: ssl.SSLContext, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("right password\n", encoding="utf-8")
    file.chmod(0o600)

    async with smtp_server(asks_for_password=True, certificate=certificate) as mailbox:
        settings = mail_settings(
            mailbox, smtp_user="network", smtp_password_file=file, smtp_tls=MailEncryption.STARTTLS
        )
        await send(settings, LETTER)

        assert (await mailbox.letter())["To"] == AMA
        assert mailbox.user == "network"


async def test_a_wrong_password_is_a_sentence_without_it(certificate: ssl.SSLContext) -> None:
    async with smtp_server(asks_for_password=True, certificate=certificate) as mailbox:
        settings = mail_settings(
            mailbox, smtp_user="network", smtp_password="wrong password", smtp_tls=MailEncryption.STARTTLS
        )
        with pytest.raises(MailNotSent, match=r"SMTPAuthenticationError 535.*check KNOWWHO_SMTP_HOST") as failure:
            await send(settings, LETTER)

    assert "wrong password" not in str(failure.value)


@pytest.mark.parametrize("encryption", [MailEncryption.STARTTLS, MailEncryption.TLS])
async def test_letters_travel_encrypted(certificate: ssl.SSLContext, encryption: MailEncryption) -> None:
    async with smtp_server(certificate=certificate, tls=encryption is MailEncryption.TLS) as mailbox:
        await send(mail_settings(mailbox, smtp_tls=encryption), LETTER)

        await mailbox.letter()
        assert mailbox.is_encrypted


async def test_a_server_that_cannot_encrypt_gets_no_letter(mailbox: Mailbox) -> None:
    with pytest.raises(MailNotSent):
        await send(mail_settings(mailbox, smtp_tls=MailEncryption.STARTTLS), LETTER)

    assert mailbox.is_empty


@pytest.mark.parametrize("encryption", [MailEncryption.STARTTLS, MailEncryption.TLS])
async def test_a_server_that_cannot_show_who_it_is_gets_no_letter(
    certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch, encryption: MailEncryption
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")

    async with smtp_server(certificate=certificate, tls=encryption is MailEncryption.TLS) as mailbox:
        with pytest.raises(MailNotSent):
            await send(mail_settings(mailbox, smtp_tls=encryption), LETTER)

        assert mailbox.is_empty


@pytest.mark.parametrize(
    "host,set_to,used,port",
    [
        ("127.0.0.1", None, MailEncryption.NONE, 25),
        ("::1", None, MailEncryption.NONE, 25),
        ("localhost", None, MailEncryption.NONE, 25),
        ("mail.example.org", None, MailEncryption.STARTTLS, 587),
        ("mail.example.org", MailEncryption.TLS, MailEncryption.TLS, 465),
        ("192.0.2.1", None, MailEncryption.STARTTLS, 587),
    ],
)
def test_beyond_this_machine_letters_are_encrypted_unless_set_otherwise(
    host: str, set_to: MailEncryption | None, used: MailEncryption, port: int
) -> None:
    settings = MailSettings(smtp_host=host, mail_from=AMA, smtp_tls=set_to)

    assert (settings.encryption, settings.port) == (used, port)


async def test_without_a_server_no_letter_leaves() -> None:
    with pytest.raises(MailNotSent, match="no SMTP server is set"):
        await send(MailSettings(smtp_host=None), LETTER)


async def test_a_server_that_is_not_there_fails_in_silence(said: list[structlog.typing.EventDict]) -> None:
    async with smtp_server() as mailbox:
        settings = mail_settings(mailbox)

    await deliver(settings, LETTER)

    assert [(line["event"], line["reason"]) for line in said] == [("letter_not_sent", "SMTPConnectError")]


async def test_a_refusal_is_logged_without_the_address(
    mailbox: Mailbox, said: list[structlog.typing.EventDict]
) -> None:
    mailbox.refuses = f"550 <{AMA}>: no such user"

    await deliver(mail_settings(mailbox), LETTER)

    assert [line["event"] for line in said] == ["letter_not_sent"]
    assert AMA not in str(said)


async def test_a_password_that_cannot_be_read_fails_in_silence(
    mailbox: Mailbox, said: list[structlog.typing.EventDict], tmp_path: Path
) -> None:
    await deliver(mail_settings(mailbox, smtp_user="network", smtp_password_file=tmp_path / "none"), LETTER)

    assert [line["reason"] for line in said] == ["SecretUnreadable"]
    assert mailbox.is_empty


@pytest.mark.parametrize("limit", ["TAKING_TIMEOUT_S", "LETTER_TIMEOUT_S"])
async def test_a_server_that_hangs_is_left(
    mailbox: Mailbox, said: list[structlog.typing.EventDict], monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    mailbox.hangs = asyncio.Event()
    monkeypatch.setattr(mail, limit, 0.2)

    async with asyncio.timeout(10):
        await deliver(mail_settings(mailbox), LETTER)
    mailbox.hangs.set()

    assert [line["event"] for line in said] == ["letter_not_sent"]


async def sent(mailbox: Mailbox, letter: Letter) -> EmailMessage:
    await send(mail_settings(mailbox), letter)
    return await mailbox.letter()


async def test_a_sign_in_letter_says_from_whom_why_and_what_if_not(mailbox: Mailbox) -> None:
    letter = await sent(mailbox, sign_in_letter(NETWORK, to=AMA, link=LINK))

    text = " ".join(text_of(letter).split())
    assert letter["Subject"] == "Your link to sign in to Réseau des expertes"
    assert link_in(letter) == LINK
    assert "works once, and for 15 minutes" in text
    assert "asked Réseau des expertes for a link to sign in with this address" in text
    assert "If you did not ask for it, you need do nothing" in text
    assert "fictional" not in text


async def test_an_invitation_says_what_it_is_to_and_quotes_who_invites(mailbox: Mailbox) -> None:
    note = "Do come.\nhttps://elsewhere.example.org/join\n-- \nThe administrators"

    letter = await sent(mailbox, invitation_letter(NETWORK, to=AMA, link=LINK, note=note))

    text = text_of(letter)
    assert letter["Subject"] == "Invitation to join Réseau des expertes"
    assert link_in(letter) == LINK
    assert "People who protect places." in text
    assert "> Do come.\n> https://elsewhere.example.org/join\n> --\n> The administrators\n" in text
    assert "works once, and for 14 days" in " ".join(text.split())


@pytest.mark.parametrize("make", [sign_in_letter, invitation_letter])
async def test_a_letter_of_the_sample_says_that_it_is_fictional(mailbox: Mailbox, make: Callable[..., Letter]) -> None:
    letter = await sent(mailbox, make(replace(NETWORK, is_fictional=True), to=AMA, link=LINK))

    assert "all that it tells of people, organisations and events is fictional" in " ".join(text_of(letter).split())


@pytest.mark.parametrize("network", [None, replace(NETWORK, title="  ")])
async def test_a_network_without_a_name_is_called_by_its_address(mailbox: Mailbox, network: Network | None) -> None:
    letter = await sent(mailbox, sign_in_letter(network, to=AMA, link=LINK))

    assert letter["Subject"] == "Your link to sign in to the network at https://experts.example.org"


async def test_a_name_on_two_lines_is_written_on_one(mailbox: Mailbox) -> None:
    letter = await sent(mailbox, sign_in_letter(replace(NETWORK, title="One\r\nBcc: x"), to=AMA, link=LINK))

    assert letter["Subject"] == "Your link to sign in to One Bcc: x"
    assert letter["Bcc"] is None
