"""The pages of achievements and plan as files, and ready to print."""

import io
from datetime import date

import httpx
import pytest
from docx import Document

from api import web
from graph.graph import Graph
from graph.programme import RESOURCE, create
from graph.settings import GraphSettings
from tests.door import Browse, Serve
from tests.graph.programme.made import ORGANISER


@pytest.fixture
async def browser(graph: Graph, graph_settings: GraphSettings, serve: Serve, browse: Browse) -> httpx.AsyncClient:
    web.install(graph_settings)
    given = {"title": "At the gate", "kind": "module", "published_on": date(2022, 3, 1)}
    await create(graph, ORGANISER, of=RESOURCE, given=given, idempotency_key=None)
    return await browse(serve())


async def test_a_report_is_taken_as_a_document_in_the_language_of_the_page(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/achievements?year=2022&lang=fr")
    word = await browser.get("/achievements.docx?year=2022&lang=fr")
    pdf = await browser.get("/achievements.pdf?since=2022-01-01&until=2022-06-30&lang=ar")
    plan = await browser.get("/plan.docx?year=2022")

    assert 'href="/achievements.docx?year=2022&amp;lang=fr" download' in page.text
    texts = [one.text for one in Document(io.BytesIO(word.content)).paragraphs]
    assert any("1 module publié" in text for text in texts)
    assert word.headers["content-disposition"] == 'attachment; filename="achievements-2022.docx"'
    assert pdf.content.startswith(b"%PDF-")
    assert pdf.headers["content-type"] == "application/pdf"
    assert plan.headers["content-disposition"] == 'attachment; filename="plan-2022.docx"'


@pytest.mark.parametrize("path", ["/achievements.docx?year=x", "/plan.pdf?since=2022-02-01&until=2022-01-01"])
async def test_days_that_there_are_not_have_no_file(browser: httpx.AsyncClient, path: str) -> None:
    assert (await browser.get(path)).status_code == 404


async def test_the_button_to_print_is_for_browsers_with_scripts(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/plan?year=2022")

    assert 'type="button" id="print">' in page.text
