"""The texts of consent on their pages: in six languages, read before they are in force, and nothing typed is lost."""

import httpx
import pytest

from graph import consents
from graph.graph import Graph
from graph.values import UN_LANGUAGES, Purpose
from tests.api.pages.administration.sending import send, text_of
from tests.door import KEEPER

NEW = {f"text_{language}": f"New <b>{language}</b>" for language in UN_LANGUAGES}


async def version(graph: Graph) -> int:
    return (await consents.texts(graph, KEEPER))[Purpose.LISTED].version


async def test_the_texts_are_there_with_who_decided_nothing_yet(graph: Graph, browser: httpx.AsyncClient) -> None:
    await graph.write("CREATE (:Expert {id: 'ama', audience_listing: 1}), (:Expert {id: 'dana', audience_listing: 3})")

    page = await browser.get("/administration/consents?lang=ar")
    english = await browser.get("/administration/consents?lang=en")

    assert page.text.count('<div lang="ar" dir="rtl">') == len(Purpose)
    assert text_of(english).count("1 person decided nothing yet") == len(Purpose)
    assert (await browser.get("/administration/consents/sold")).status_code == 404


async def test_a_new_version_is_read_first_and_then_in_force(graph: Graph, browser: httpx.AsyncClient) -> None:
    read = await send(browser, "/consents/listed", step="read", **NEW)

    assert (
        '<blockquote lang="ar" dir="rtl"><p class="as-written">New &lt;b&gt;ar&lt;/b&gt;</p></blockquote>' in read.text
    )
    assert "It becomes version 2" in read.text
    assert await version(graph) == 1

    answer = await send(browser, "/consents/listed", step="set", **NEW)

    assert answer.headers["location"] == "/administration/consents?said=set"
    text = (await consents.texts(graph, KEEPER))[Purpose.LISTED]
    assert (text.version, text.texts.by_language["zh"]) == (2, "New <b>zh</b>")


@pytest.mark.parametrize("wrong", [{"text_en": " "}, {"text_fr": "x" * 5001}])
async def test_what_cannot_be_a_text_is_said_and_kept(
    graph: Graph, browser: httpx.AsyncClient, wrong: dict[str, str]
) -> None:
    answer = await send(browser, "/consents/listed", step="set", **NEW | wrong)

    assert answer.status_code == 422
    assert "This text of consent cannot be used" in text_of(answer)
    assert "New &lt;b&gt;ru&lt;/b&gt;" in answer.text
    assert await version(graph) == 1
