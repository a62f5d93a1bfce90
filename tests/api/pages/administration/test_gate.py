"""Nobody but administrators who signed in is let into any room, by any method; and no body of others is read."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from graph import tokens
from graph.graph import Graph
from graph.viewer import Role, Scope
from tests.api.pages.administration.sending import HERE, send
from tests.door import KEEPER, Browse, MakeAccount, csrf_on, sign_in


def ways(app: FastAPI) -> list[tuple[str, str]]:
    """Every way into the administration, with an id where one belongs."""
    found = [
        (method, path.replace("{purpose}", "listed").replace("{id}", "x" * 22))
        for route in iter_route_contexts(app.routes)
        for method in route.methods or ()
        if (path := route.path or "").startswith("/administration")
    ]
    assert len(found) > 30
    return found


async def test_who_is_not_signed_in_is_sent_to_do_that_and_comes_back(app: FastAPI, browse: Browse) -> None:
    stranger = await browse(app)

    for method, path in ways(app):
        answer = await stranger.request(method, path, params={"q": "a b"})
        back = f"{path}%3Fq%3Da%2Bb" if method == "GET" else "/administration"
        assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next={back}"), path


@pytest.mark.parametrize("role", [Role.MEMBER, Role.ORGANISER])
async def test_others_are_told_who_may(app: FastAPI, browse: Browse, make_account: MakeAccount, role: Role) -> None:
    other = await browse(app)
    await sign_in(other, await make_account("other@example.org", role=role))
    csrf = await csrf_on(other)

    for method, path in ways(app):
        answer = await other.request(method, path, data={"csrf": csrf} if method == "POST" else None, headers=HERE)
        assert answer.status_code == 403, path
        assert answer.json() == {"error": "You may not administer this network; administrators may."}


async def test_a_form_from_elsewhere_does_nothing(app: FastAPI, browser: httpx.AsyncClient) -> None:
    for method, path in ways(app):
        if method != "POST":
            continue
        for headers, csrf in ((HERE, "guessed"), ({"Sec-Fetch-Site": "cross-site"}, await csrf_on(browser))):
            answer = await browser.post(path, data={"csrf": csrf}, headers=headers)
            # A load that is not there is told before anything is read of what was sent.
            assert answer.status_code in ({403, 404} if path.endswith("/file") else {403}), path


async def test_of_what_others_send_nothing_is_read(app: FastAPI, browse: Browse, make_account: MakeAccount) -> None:
    other = await browse(app)
    await sign_in(other, await make_account("other@example.org", role=Role.ORGANISER))
    asked_for = False

    async def body() -> AsyncIterator[bytes]:
        nonlocal asked_for
        asked_for = True
        yield b"x" * 1000

    headers = {**HERE, "Content-Type": "multipart/form-data; boundary=x"}
    answer = await other.post("/administration/load", content=body(), headers=headers)

    assert (answer.status_code, asked_for) == (403, False)


async def test_a_token_is_no_way_into_pages(app: FastAPI, browse: Browse, graph: Graph) -> None:
    client = await browse(app)
    _, secret = await tokens.create(
        graph, KEEPER, name="client", role=Role.ADMINISTRATOR, scopes=set(Scope), expires_at=None
    )

    answer = await client.get("/administration/tokens", headers={"Authorization": f"Bearer {secret}"})

    assert answer.status_code == 303


async def test_the_rooms_have_their_numbers(browser: httpx.AsyncClient) -> None:
    await send(browser, "/people/invitations", email="ana@example.org", role="member")
    await send(browser, "/tokens", name="soon", role="member", lasts="30")

    page = await browser.get("/administration")

    assert page.status_code == 200
    assert "1 invitation is open." in page.text
    assert '<h2><a href="/administration/sources">Sources</a></h2>' in page.text
    assert "0 tokens end within two weeks." in page.text
    assert "no-store" in page.headers["cache-control"]
