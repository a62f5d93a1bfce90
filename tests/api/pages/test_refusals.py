"""Refusals on pages are in the page's language: what the door says, how long to wait, what was wrong with a form."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from api import pages
from api.door.limits import Limited
from api.pages.limited import SENTENCES
from graph.graph import Graph
from tests.door import Browse, Serve, csrf_on

HERE = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}


@pytest.mark.parametrize(
    "language,said",
    [
        ("en", "These were too many attempts to sign in at once; try again in 60 minutes."),
        ("ru", "Слишком много попыток входа сразу; попробуйте ещё раз через 60 минут."),
        ("ar", "كان عدد محاولات تسجيل الدخول كبيراً جداً في وقت واحد؛ حاولوا مجدداً بعد 60 دقيقة."),
    ],
)
async def test_how_long_to_wait_is_said_with_the_languages_own_numbers(
    serve: Serve, browse: Browse, graph: Graph, monkeypatch: pytest.MonkeyPatch, *, language: str, said: str
) -> None:
    monkeypatch.setenv("KNOWWHO_LIMIT_SIGN_IN", "1/hour")
    browser = await browse(serve())
    headers = {**HERE, "Accept-Language": language}
    for _ in range(2):
        form = {"csrf": await csrf_on(browser)}
        page = await browser.post("/sign-in/link/nothing", data=form, headers=headers)

    assert page.status_code == 429
    assert said in page.text


async def test_what_the_door_refuses_is_translated_and_leads_to_a_page_that_is_there(
    serve: Serve, browse: Browse, graph: Graph
) -> None:
    page = await (await browse(serve())).post("/sign-out", headers={**HERE, "Accept-Language": "es"})

    assert page.status_code == 403
    assert '<html lang="es"' in page.text
    assert (
        "Esta página estuvo abierta demasiado tiempo, o es de antes de que usted iniciara o cerrara la sesión"
        in page.text
    )
    assert 'href="/?' in page.text
    assert "/sign-out?" not in page.text


async def test_what_was_typed_before_a_session_ended_can_be_copied(serve: Serve, browse: Browse, graph: Graph) -> None:
    sent = {"csrf": "of a session", "text": "Who knows <gates>?\nAnd doors?", "find": "城门", "language": "en"}

    page = await (await browse(serve())).post("/questions/new", data=sent, headers=HERE)

    assert page.status_code == 403
    texts = re.findall(r'<blockquote class="as-written" dir="auto">(.*?)</blockquote>', page.text, re.DOTALL)
    assert texts == ["Who knows &lt;gates&gt;?\nAnd doors?", "城门"]


def test_every_limit_has_its_sentence() -> None:
    assert set(SENTENCES) == set(Limited)


def unguarded() -> Iterator[str]:
    """Where a page makes a refusal of every error of the graph, of those too that the application itself answers."""
    folder = Path(pages.__file__).parent
    for file in sorted(folder.rglob("*.py")):
        for tried in (node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Try)):
            caught = [ast.unparse(handler.type) if handler.type else "" for handler in tried.handlers]
            if "GraphError" in caught and "NO_ANSWER" not in caught[: caught.index("GraphError")]:
                yield f"{file.relative_to(folder)}:{tried.lineno}"


def test_a_database_that_does_not_answer_is_no_refusal() -> None:
    in_the_background = "sign_in.py"

    assert [place for place in unguarded() if not place.startswith(in_the_background)] == []
