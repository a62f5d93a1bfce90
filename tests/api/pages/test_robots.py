"""What search engines are told: to read nothing, unless the network says otherwise."""

import pytest

from tests.door import Browse, Serve


@pytest.mark.parametrize("crawlers, told", [(None, "Disallow: /\n"), ("true", "Disallow:\n")])
async def test_search_engines_read_nothing_unless_the_network_lets_them(
    serve: Serve, browse: Browse, monkeypatch: pytest.MonkeyPatch, crawlers: str | None, told: str
) -> None:
    if crawlers is not None:
        monkeypatch.setenv("KNOWWHO_CRAWLERS", crawlers)
    browser = await browse(serve())

    answer = await browser.get("/robots.txt")

    assert (answer.status_code, answer.text) == (200, f"User-agent: *\n{told}")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
