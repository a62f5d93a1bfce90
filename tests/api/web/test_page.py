import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import graphql
import pytest
import strawberry
import uvicorn
from fastapi import FastAPI
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from strawberry.fastapi import GraphQLRouter

from api.graphql.schema import schema
from api.web import GRAPHIQL_PAGE, GRAPHIQL_POLICY, install
from graph.settings import GraphSettings
from tests.browser import chromium


@strawberry.type
class Query:
    @strawberry.field
    def greeting(self, name: str) -> str:
        return f"Good day, {name}"


@pytest.mark.parametrize("kind", ["member", "organiser", "client"])
def test_example_fits_the_contract(kind: str) -> None:
    template = re.search(
        rf'<template class="example" id="{kind}"[^>]*>(.*?)</template>', GRAPHIQL_PAGE.read_text(), re.DOTALL
    )
    assert template is not None

    errors = graphql.validate(graphql.build_schema(schema.as_str()), graphql.parse(template[1]))

    assert errors == []


async def test_has_an_example_for_each_kind_of_user_and_keeps_no_token() -> None:
    async with served() as origin, chromium() as browser:
        page = await browser.new_page()
        sent: list[str | None] = []
        page.on("request", lambda request: sent.append(request.headers.get("authorization")))

        await page.goto(f"{origin}/graphiql")
        tabs = page.locator(".graphiql-tab")
        await tabs.nth(2).click()
        names = [(await tab.inner_text()).strip() for tab in await tabs.all()]
        await page.locator(".graphiql-execute-button").click()
        await page.locator(".result-window").get_by_text("Cannot query field").first.wait_for()
        kept = await page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")

    assert names == ["Member", "Organiser", "Client"]
    assert "Bearer PASTE-THE-TOKEN-HERE" in sent
    assert "query Client" in kept
    assert "PASTE-THE-TOKEN" not in kept


async def test_runs_by_keyboard_with_nothing_from_elsewhere() -> None:
    async with served() as origin, chromium() as browser:
        page = await browser.new_page()
        requested: list[str] = []
        complaints: list[str] = []
        page.on("request", lambda request: requested.append(request.url))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))

        await page.goto(f"{origin}/graphiql")
        await page.locator(".graphiql-query-editor .view-lines").click()
        await page.keyboard.press("Control+A")
        await page.keyboard.press("Delete")
        await page.keyboard.insert_text('{ greeting(name: "Salma") }')
        await page.locator(".graphiql-tab").first.get_by_text("<untitled>").wait_for()  # it has seen what was typed
        await page.keyboard.press("Control+Enter")
        await page.get_by_text("Good day, Salma").wait_for()

        assert [url for url in requested if not url.startswith((f"{origin}/", "data:"))] == []
        assert {url.removeprefix(f"{origin}/assets/graphiql/") for url in requested if "worker" in url} == {
            "editor.worker.js",
            "graphql.worker.js",
            "json.worker.js",
        }
        assert complaints == []


async def test_every_query_says_that_it_is_the_persons_own() -> None:
    async with served() as origin, chromium() as browser:
        page = await browser.new_page()
        said: list[str | None] = []
        page.on(
            "request",
            lambda request: said.append(request.headers.get("x-knowwho")) if request.method == "POST" else None,
        )

        await page.goto(f"{origin}/graphiql")
        await page.locator(".graphiql-query-editor .view-lines").click()
        await page.keyboard.press("Control+A")
        await page.keyboard.press("Delete")
        await page.keyboard.insert_text('{ greeting(name: "Salma") }')
        await page.locator(".graphiql-tab").first.get_by_text("<untitled>").wait_for()  # it has seen what was typed
        await page.keyboard.press("Control+Enter")
        await page.get_by_text("Good day, Salma").wait_for()

    assert len(said) > 1
    assert set(said) == {"graphiql"}


async def test_follows_the_persons_light_or_dark() -> None:
    backgrounds = {}

    async with served() as origin, chromium() as browser:
        for scheme in ("light", "dark"):
            context = await browser.new_context(color_scheme=scheme)
            page = await context.new_page()
            await page.goto(f"{origin}/graphiql")
            await page.locator(".graphiql-query-editor .view-lines").wait_for()
            backgrounds[scheme] = await page.evaluate(
                "getComputedStyle(document.querySelector('.graphiql-container')).backgroundColor"
            )

    assert backgrounds["light"] == "rgb(255, 255, 255)"
    assert backgrounds["dark"] != backgrounds["light"]


@asynccontextmanager
async def served() -> AsyncIterator[str]:
    """The page with the files that set-up bundled, in front of a small schema."""
    app = FastAPI()
    app.include_router(GraphQLRouter(strawberry.Schema(Query), graphql_ide=None), prefix="/graphql")
    app.mount("/assets/graphiql", StaticFiles(directory=await asyncio.to_thread(install, GraphSettings())))

    @app.get("/graphiql")
    async def page() -> FileResponse:
        return FileResponse(GRAPHIQL_PAGE, headers={"Content-Security-Policy": GRAPHIQL_POLICY})

    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    running = asyncio.create_task(server.serve())
    while not server.started:
        assert not running.done()
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await running
