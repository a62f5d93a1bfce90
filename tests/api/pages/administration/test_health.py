"""How the network is, on its page: what to do, what runs, and no secret."""

from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from lxml import html
from pydantic import ValidationError

from api.doctor import examine
from api.failures import sentence_for
from api.pages.words import number, translated
from api.settings import MailSettings, SessionSettings
from graph import tokens
from graph.graph import Graph
from graph.viewer import Role
from graph.wording import Wording
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
    assert "60 in 1 minute" in shown
    assert "hunter2" not in page.text
    home = await browser.get("/administration")
    assert "1 thing is unsafe." in home.text


async def test_what_is_to_be_done_is_said_in_the_language_of_the_page(
    graph: Graph, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await tokens.create(graph, KEEPER, name="news", role=Role.MEMBER, expires_at=None)
    exposed = tmp_path / "secret"
    exposed.write_text("hunter2-and-more")
    exposed.chmod(0o644)
    monkeypatch.setenv("KNOWWHO_TRUSTED_HOSTS", "*")
    monkeypatch.setenv("KNOWWHO_SMTP_PASSWORD_FILE", str(exposed))
    monkeypatch.setenv("KNOWWHO_OIDC_CLIENT_SECRET_FILE", str(tmp_path / "none"))
    said = [sentence for one in await examine(graph) for sentence in (one.what, one.remedy)]

    page = await browser.get("/administration/health", params={"lang": "fr"})

    findings = html.fromstring(page.text).xpath("//section[@aria-labelledby='findings']//li")
    shown = [" ".join(one.text_content().split()) for finding in findings for one in finding.xpath("p/span[last()]")]
    assert len(said) >= 8
    assert shown == [" ".join((translated(sentence, "fr") or "").split()) for sentence in said]
    assert not set(shown) & set(said)
    assert page.text.count(str(exposed)) == 2
    assert not html.fromstring(page.text).xpath("//main//*[@lang='en']")


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_a_setting_that_cannot_be_used_is_told_in_the_language(
    browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("KNOWWHO_SESSION_HOURS", "many")
    with pytest.raises(ValidationError) as refused:
        SessionSettings()

    page = await browser.get("/administration/health", params={"lang": language})

    sentence = sentence_for(refused.value)
    assert isinstance(sentence, Wording)
    assert isinstance(sentence.facts["why"], Wording)
    assert sentence.startswith("KNOWWHO_SESSION_HOURS cannot be used (Input should be a valid ")
    found = " ".join(
        html.fromstring(page.text).xpath("//section[@aria-labelledby='findings']")[0].text_content().split()
    )
    assert " ".join((translated(sentence, language) or sentence).split()) in found


@pytest.mark.parametrize(
    "language,spans", [("fr", ("1 minute", "2 jours", "15 minutes")), ("ar", ("دقيقة", "يومان", "15 دقيقة"))]
)
async def test_limits_are_told_as_the_language_counts_time(
    browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, language: str, spans: tuple[str, str, str]
) -> None:
    monkeypatch.setenv("KNOWWHO_LIMIT_SIGN_IN", "7/15 minutes; 1000/day")
    monkeypatch.setenv("KNOWWHO_LIMIT_MUTATION", "300 per 2 days")

    page = await browser.get("/administration/health", params={"lang": language})

    limits = html.fromstring(page.text).xpath("//section[@aria-labelledby='limits']//dd")
    questions, changes, _, cost, steps, _ = (" ".join(one.text_content().split()) for one in limits)
    for told, times, span in zip((questions, changes, steps), ("60", "300", "7"), spans, strict=True):
        assert times in told.split()
        assert span in told
    assert " ".join(number(2_000_000, language).split()) in cost


def words_on(page: httpx.Response) -> str:
    return " ".join(html.fromstring(page.text).text_content().split())


async def test_letters_that_travel_as_they_are_are_told_in_words(app: FastAPI, browser: httpx.AsyncClient) -> None:
    app.state.mail = MailSettings(smtp_host="127.0.0.1", mail_from="Network <network@example.org>")
    bare = await browser.get("/administration/health")
    app.state.mail = MailSettings(smtp_host="mail.example.org", mail_from="Network <network@example.org>")
    encrypted = await browser.get("/administration/health")

    assert "by 127.0.0.1, port 25, without encryption, from Network <network@example.org>" in words_on(bare)
    assert "by mail.example.org, port 587, encryption starttls, from Network" in words_on(encrypted)
