"""The file that a person takes away: what is in it, and that hostile and right-to-left texts are only texts."""

import hashlib
import io
import json
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from api.export import archive
from tests.browser import chromium

ABOUT = {
    "format": "knowwho-person 1",
    "made_at": "2026-01-02T03:04:05+00:00",
    "left_out": "Left out: vectors.",
    "person": {
        "is_a": ["Expert"],
        "id": "ama",
        "name": "<script>document.title = 'taken'</script>",
        "headline": "مدرّبة متطوعين",
        "relations": {
            "EVIDENCED_BY": [
                {
                    "direction": "from here",
                    "leads_to": {"is_a": ["Passage"], "text": '"><img src=x onerror=alert(1)>', "has_vector": True,
                                 "topics": ["a", "b"], "relations": {}},
                }
            ],
            "IS": [{"direction": "to here", "properties": {"since": 2020}, "leads_to": {"is_a": ["Account"]}}],
        },
    },
    "invitations": [],
    "sign_in_links": [],
    "consent_texts": [{"purpose": "listed", "text_ar": "أوافق"}],
    "merges": [{"gone": "ama-2", "kept": "ama"}],
    "kept_apart": [],
    "changes": [{"verb": "exported", "fields": [], "before": "{}"}],
}  # fmt: skip


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


def test_the_manifest_has_the_digest_of_each_file() -> None:
    with zipfile.ZipFile(io.BytesIO(archive(ABOUT))) as file:
        manifest = json.loads(file.read("manifest.json"))

        assert [one["name"] for one in manifest["files"]] == ["person.json", "person.html"]
        for one in manifest["files"]:
            content = file.read(one["name"])
            assert (len(content), hashlib.sha256(content).hexdigest()) == (one["bytes"], one["sha256"])


def test_the_json_is_what_was_given() -> None:
    with zipfile.ZipFile(io.BytesIO(archive(ABOUT))) as file:
        assert json.loads(file.read("person.json")) == ABOUT


async def test_the_page_shows_hostile_text_as_text_and_arabic_from_right_to_left(
    browser: Browser, tmp_path: Path
) -> None:
    with zipfile.ZipFile(io.BytesIO(archive(ABOUT))) as file:
        file.extractall(tmp_path)
    page = await browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto((tmp_path / "person.html").as_uri())

    assert await page.get_by_role("heading", level=1).inner_text() == (
        "What the network knows of <script>document.title = 'taken'</script>"
    )
    assert await page.locator("script, img").count() == 0
    headline = page.get_by_text("مدرّبة متطوعين")
    assert await headline.evaluate("element => getComputedStyle(element).direction") == "rtl"
    assert len(asked) == 1
    await page.close()
