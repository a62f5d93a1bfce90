"""A person in a real browser signs in through a certified provider on another site, and signs out of both."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Browser, Page
from pydantic import SecretStr

from api.door.provider import OpenIDProvider
from api.settings import ProviderSettings
from tests.door import MakeAccount, Serve
from tests.provider.certified import certified_provider
from tests.served import served

SECRET = "a secret of the client's own"


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context()
    # The provider's own plain pages ask for a font from elsewhere.
    await context.route(lambda url: "font" in url, lambda route: route.abort())
    yield await context.new_page()
    await context.close()


@pytest.fixture
async def address(serve: Serve) -> AsyncIterator[str]:
    """A network at localhost, whose provider is at 127.0.0.1: to a browser these are two sites."""
    app = serve()
    async with AsyncExitStack() as running:
        at = (await running.enter_async_context(served(app))).replace("127.0.0.1", "localhost")
        certified = await running.enter_async_context(certified_provider(back_to=at, secret=SECRET))
        app.state.provider = OpenIDProvider(
            ProviderSettings(
                oidc_issuer=certified.issuer,
                oidc_client_id="knowwho",
                oidc_client_secret=SecretStr(SECRET),
                oidc_name="the Ministry",
            )
        )
        yield at


async def test_in_by_the_provider_and_out_of_both(page: Page, address: str, make_account: MakeAccount) -> None:
    await make_account()
    said: list[tuple[str, str]] = []
    page.on("console", lambda message: said.append((message.location["url"], message.text)))

    await page.goto(f"{address}/sign-in?next=/me")
    await page.get_by_role("link", name="Sign in with the Ministry").click()
    await page.get_by_placeholder("Enter any login").fill("ama")
    await page.get_by_placeholder("and password").fill("any")
    await page.get_by_role("button", name="Sign-in").click()
    await page.get_by_role("button", name="Continue").click()
    await page.wait_for_url(f"{address}/me")
    await page.get_by_text("ama@example.org").first.wait_for()

    await page.get_by_role("button", name="Sign out").first.click()
    await page.get_by_role("link", name="Sign out at the Ministry").click()
    await page.get_by_role("button", name="Yes, sign me out").click()
    await page.wait_for_url(f"{address}/")
    await page.get_by_role("link", name="Sign in").first.wait_for()

    assert [text for url, text in said if url.startswith(address)] == []


async def test_who_is_not_a_member_reads_how_to_become_one(page: Page, address: str) -> None:
    await page.goto(f"{address}/sign-in/provider")
    await page.get_by_placeholder("Enter any login").fill("ama")
    await page.get_by_placeholder("and password").fill("any")
    await page.get_by_role("button", name="Sign-in").click()
    await page.get_by_role("button", name="Continue").click()

    await page.get_by_role("heading", name="You are not a member yet").wait_for()
    assert await page.get_by_role("alert").inner_text()
