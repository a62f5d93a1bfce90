"""Every setting stands in docs/settings.md with its default, and nothing else does; what is unsafe is refused."""

import re
from pathlib import Path

import pytest

from api.settings import NotLoopback, ServerSettings
from graph.settings import GraphSettings

PAGE = (Path(__file__).parents[1] / "docs" / "settings.md").read_text(encoding="utf-8")
FIELDS = {**GraphSettings.model_fields, **ServerSettings.model_fields}


def test_every_setting_is_documented_and_nothing_else_is() -> None:
    documented = set(re.findall(r"^\| `KNOWWHO_(\w+)`", PAGE, re.MULTILINE))

    assert documented == {name.upper() for name in FIELDS}


@pytest.mark.parametrize(
    "name", [name for name, field in FIELDS.items() if isinstance(field.default, int | str) and field.default != ""]
)
def test_the_documented_default_is_the_real_one(name: str) -> None:
    default = str(FIELDS[name].default).lower()

    assert re.search(rf"^\| `KNOWWHO_{name.upper()}` \| `{re.escape(default)}` ", PAGE, re.MULTILINE)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.8.9.1"])
def test_loopback_needs_no_leave(host: str) -> None:
    ServerSettings(host=host, unprotected=False).check()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "knowwho.example.org"])  # noqa: S104
def test_any_other_address_needs_leave(host: str) -> None:
    with pytest.raises(NotLoopback, match="set KNOWWHO_UNPROTECTED=true where something else guards the door"):
        ServerSettings(host=host, unprotected=False).check()

    ServerSettings(host=host, unprotected=True).check()
