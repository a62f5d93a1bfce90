"""What is told where something went wrong: a page for people, JSON for programs, and nothing of the fault."""

import pytest
from fastapi import FastAPI

from tests.door import Browse, Serve


@pytest.fixture
def app(serve: Serve) -> FastAPI:
    """An application that has no graph to ask, and a page that fails."""
    made = serve()

    @made.get("/fails")
    async def fails() -> None:
        raise ValueError("a secret of the inside")

    made.state.network = None
    return made


async def test_people_get_a_page_in_their_language_with_the_number_in_the_log(app: FastAPI, browse: Browse) -> None:
    browser = await browse(app)

    answer = await browser.get("/fails", headers={"Accept": "text/html", "Accept-Language": "fr"})

    assert (answer.status_code, answer.headers["cache-control"]) == (500, "no-store")
    assert '<html lang="fr"' in answer.text
    assert "<h1>Un incident s’est produit ici</h1>" in answer.text
    assert f"<code>{answer.headers['x-request-id']}</code>" in answer.text
    assert "secret" not in answer.text


async def test_programs_get_json(app: FastAPI, browse: Browse) -> None:
    answer = await (await browse(app)).get("/fails", headers={"Accept": "*/*"})

    assert answer.status_code == 500
    assert answer.json() == {
        "error": f"Something went wrong here; it has been written down as {answer.headers['x-request-id']}."
    }
