"""How the network is, on its page: what to do, what runs, and no secret."""

import httpx
import pytest

from graph import tokens
from graph.graph import Graph
from graph.viewer import Role
from tests.api.pages.administration.sending import text_of
from tests.door import KEEPER


async def test_it_tells_what_is_to_be_done_and_what_runs_and_no_secret(
    graph: Graph, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tokens.create(graph, KEEPER, name="news", role=Role.MEMBER, expires_at=None)
    monkeypatch.setenv("KNOWWHO_TRUSTED_HOSTS", "*")
    monkeypatch.setenv("KNOWWHO_SMTP_PASSWORD", "hunter2-and-more")

    page = await browser.get("/administration/health")

    shown = text_of(page)
    assert shown.index("unsafe The server answers to any name") < shown.index("better otherwise 1 tokens are good for")
    assert "List the names in KNOWWHO_TRUSTED_HOSTS instead of *." in shown
    assert "Neo4j 20" in shown
    assert "Waiting for a vector 0" in shown
    assert "None leaves: no server is set for them." in shown
    assert "60 per 1 minute" in shown
    assert "hunter2" not in page.text
    home = await browser.get("/administration")
    assert "1 thing is unsafe." in home.text
