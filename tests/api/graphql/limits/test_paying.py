"""What queries cost is counted for each viewer, in a store that servers share too, and limits are settings."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from api.door.limits import Limits, RateLimited
from api.failures import sentence_for
from api.settings import LimitSettings
from tests.store_server import StoreServer, store_server

PASSWORD = "the-store-of-a-test"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoreServer]:
    with store_server(tmp_path, password=PASSWORD) as server:
        yield server


async def test_what_is_paid_is_gone_and_what_is_refused_is_not() -> None:
    limits = Limits(LimitSettings(query_cost=10, limit_cost="10 per 1 hour"))

    assert await limits.left("ama") == 10
    assert await limits.pay(7, "ama") == 3
    with pytest.raises(RateLimited, match="too many costly queries at once; try again in 60 minutes") as refusal:
        await limits.pay(4, "ama")

    assert 3590 < refusal.value.retry_after_s <= 3600
    assert await limits.left("ama") == 3
    assert await limits.pay(0, "ama") == 3
    assert await limits.pay(3, "ama") == 0
    assert await limits.pay(10, "salma") == 0


async def test_servers_that_share_a_store_take_from_one_purse(store: StoreServer) -> None:
    settings = LimitSettings(
        query_cost=10,
        limit_cost="10 per 1 hour",
        limits_store=f"valkey://127.0.0.1:{store.port}",
        limits_store_password=SecretStr(PASSWORD),
    )
    one, other = Limits(settings), Limits(settings)

    assert await one.pay(7, "ama") == 3
    with pytest.raises(RateLimited):
        await other.pay(4, "ama")
    assert await other.left("ama") == 3
    assert await other.pay(3, "ama") == 0

    await one.close()
    await other.close()


@pytest.mark.parametrize(
    "setting,value,why",
    [
        ("query_cost", "0", "greater than or equal to 1"),
        ("query_cost", "many", "valid integer"),
        ("query_depth", "51", "less than or equal to 50"),
        ("query_aliases", "-1", "greater than or equal to 0"),
        ("query_root_fields", "0", "greater than or equal to 1"),
        ("query_fields", "10001", "less than or equal to 10000"),
        ("query_tokens", "99", "greater than or equal to 100"),
        ("limit_cost", "often", "couldn't parse"),
        ("limit_cost", "19999 per 1 minute", "it is less than KNOWWHO_QUERY_COST"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, setting: str, value: str, why: str
) -> None:
    monkeypatch.setenv(f"KNOWWHO_{setting.upper()}", value)

    with pytest.raises(ValidationError) as refusal:
        LimitSettings()

    said = sentence_for(refusal.value)
    assert said.startswith(f"KNOWWHO_{setting.upper()} cannot be used (")
    assert why in said


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted: dict[str, Any] = {"query_cost": 5, "query_depth": 4, "query_aliases": 3, "query_tokens": 200}
    for name, value in wanted.items():
        monkeypatch.setenv(f"KNOWWHO_{name.upper()}", str(value))

    settings = LimitSettings()

    assert {name: getattr(settings, name) for name in wanted} == wanted
