"""Every setting stands in docs/settings.md with its default, and nothing else does; what is unsafe is refused."""

import re
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError
from pydantic_settings import BaseSettings

import api.settings
import graph.settings
from api.settings import MailSettings, NoPublicUrl, ServerSettings, SessionSettings

PAGE = (Path(__file__).parents[1] / "docs" / "settings.md").read_text(encoding="utf-8")
CLASSES = [
    known
    for module in (graph.settings, api.settings)
    for known in vars(module).values()
    if isinstance(known, type) and issubclass(known, BaseSettings) and known is not BaseSettings
]
FIELDS = {
    f"{settings.model_config['env_prefix']}{name}".upper().removeprefix("KNOWWHO_"): field
    for settings in CLASSES
    for name, field in settings.model_fields.items()
}


def test_every_setting_is_documented_and_nothing_else_is() -> None:
    documented = set(re.findall(r"^\| `KNOWWHO_(\w+)`", PAGE, re.MULTILINE))

    assert documented == set(FIELDS)


@pytest.mark.parametrize(
    "name", [name for name, field in FIELDS.items() if isinstance(field.default, int | str) and field.default != ""]
)
def test_the_documented_default_is_the_real_one(name: str) -> None:
    default = str(FIELDS[name].default).lower()

    assert re.search(rf"^\| `KNOWWHO_{name}` \| `{re.escape(default)}` ", PAGE, re.MULTILINE)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.8.9.1"])
def test_loopback_needs_no_public_address(host: str) -> None:
    ServerSettings(host=host, public_url=None).check()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "knowwho.example.org"])  # noqa: S104
def test_any_other_host_needs_the_public_address(host: str) -> None:
    with pytest.raises(NoPublicUrl, match="set KNOWWHO_PUBLIC_URL to the address at which people reach the network"):
        ServerSettings(host=host, public_url=None).check()

    ServerSettings(host=host, public_url="https://experts.example.org").check()


@pytest.mark.parametrize("host,is_far", [("127.0.0.1", False), ("localhost", False), ("mail.example.org", True)])
def test_letters_that_leave_this_machine_need_the_public_address(host: str, is_far: bool) -> None:
    mail = MailSettings(smtp_host=host, mail_from="network@example.org")

    mail.check(ServerSettings(public_url="https://experts.example.org"))
    with (
        pytest.raises(NoPublicUrl, match=r"through mail\.example\.org.*unset KNOWWHO_SMTP_HOST")
        if is_far
        else nullcontext()
    ):
        mail.check(ServerSettings(public_url=None))


@pytest.mark.parametrize(
    "public_url", ["https://experts.example.org", "https://experts.example.org:8443", "http://localhost:8000"]
)
def test_a_public_address_that_keeps_secrets_is_taken(public_url: str) -> None:
    assert ServerSettings(public_url=public_url).public_url == public_url


@pytest.mark.parametrize(
    "public_url",
    ["http://experts.example.org", "http://192.0.2.1:8000", "ftp://localhost", "https://experts.example.org/network"],
)
def test_a_public_address_that_does_not_is_refused(public_url: str) -> None:
    with pytest.raises(ValidationError):
        ServerSettings(public_url=public_url)


def test_a_session_lasts_as_long_as_the_settings_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOWWHO_SESSION_IDLE_MINUTES", "30")
    monkeypatch.setenv("KNOWWHO_SESSION_HOURS", "8")

    limits = SessionSettings().limits

    assert (limits.idle, limits.absolute) == (timedelta(minutes=30), timedelta(hours=8))
