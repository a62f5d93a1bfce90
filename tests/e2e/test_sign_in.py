"""A person in a real browser with a real mail server's letters: signing in by a link, and joining by invitation."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from playwright.async_api import Browser, Page

from graph import invitations
from graph.graph import Graph
from tests.door import KEEPER, MakeAccount, Serve
from tests.mailbox import Mailbox, link_in, mail_settings
from tests.served import served

AMA = "ama@example.org"
KOFI = "kofi@example.org"
PAGES = [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")]


@pytest.fixture
async def address(serve: Serve, mailbox: Mailbox, graph: Graph) -> AsyncIterator[str]:
    """A network on a socket, which sends letters."""
    await graph.write(
        "CREATE (:Network {id: 'network', title: 'A network', description: 'For tests.', fictional: true})"
    )
    app: FastAPI = serve()
    app.state.mail = mail_settings(mailbox)
    async with served(app) as at:
        yield at


async def test_somebody_signs_in_by_keyboard_and_out_again(
    page: Page, address: str, mailbox: Mailbox, make_account: MakeAccount
) -> None:
    await make_account(AMA)
    await page.goto(f"{address}/sign-in?next=/me")
    await page.get_by_label("Your e-mail address").fill(AMA)
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name="Look into your mailbox").wait_for()

    await page.goto(link_in(await mailbox.letter()))
    await page.get_by_role("main").get_by_role("button", name="Sign in").press("Enter")
    await page.wait_for_url(f"{address}/me")
    await page.get_by_text(AMA).first.wait_for()

    await page.get_by_role("button", name="Sign out").click()
    await page.wait_for_url(f"{address}/")
    await page.get_by_role("link", name="Sign in").first.wait_for()


async def test_a_link_opened_in_another_browser_says_where_it_works(
    browser: Browser, page: Page, address: str, mailbox: Mailbox, make_account: MakeAccount
) -> None:
    await make_account(AMA)
    await page.goto(f"{address}/sign-in")
    await page.get_by_label("Your e-mail address").fill(AMA)
    async with page.expect_navigation():
        await page.get_by_role("button", name="Send me a link").click()
    link = link_in(await mailbox.letter())

    elsewhere = await browser.new_context()
    other = await elsewhere.new_page()
    answer = await other.goto(link)
    assert answer is not None
    assert answer.status == 403
    assert await other.get_by_role("heading", name="This is another browser").is_visible()
    await elsewhere.close()

    await page.goto(link)
    await page.get_by_role("main").get_by_role("button", name="Sign in").click()
    await page.wait_for_url(f"{address}/")


async def test_somebody_joins_by_invitation_and_sees_what_they_chose(page: Page, address: str, graph: Graph) -> None:
    _, secret = await invitations.invite(graph, KEEPER, email=KOFI, note="Do come.")
    await page.goto(f"{address}/join/{secret}")

    await page.get_by_label("Your name", exact=True).fill("Kofi")
    await page.get_by_label("What you do, in a few words").fill("Trains stewards")
    await page.get_by_label("Being listed").check()
    await page.get_by_label("How to reach you").select_option("organisers")
    await page.get_by_role("button", name="Join").click()

    await page.wait_for_url(f"{address}/me")
    assert await page.get_by_label("How to reach you").input_value() == "organisers"
    assert await page.get_by_role("link", name="Kofi").is_visible()


async def test_what_is_missing_is_said_at_the_field_and_nothing_is_lost(page: Page, address: str, graph: Graph) -> None:
    _, secret = await invitations.invite(graph, KEEPER, email=KOFI)
    await page.goto(f"{address}/join/{secret}")

    await page.get_by_label("Your name", exact=True).fill(" ")
    await page.get_by_label("What you do, in a few words").fill("Trains stewards")
    await page.get_by_label("Being matched").check()
    await page.get_by_role("button", name="Join").click()

    assert "The name is empty" in await page.get_by_role("alert").inner_text()
    assert await page.get_by_label("What you do, in a few words").input_value() == "Trains stewards"
    assert await page.get_by_label("Being matched").is_checked()
    assert await page.get_by_label("Being listed").is_checked() is False


async def test_somebody_declines_without_writing_a_word(page: Page, address: str, graph: Graph) -> None:
    _, secret = await invitations.invite(graph, KEEPER, email=KOFI)
    await page.goto(f"{address}/join/{secret}")

    await page.get_by_role("button", name="Decline").click()

    await page.get_by_role("heading", name="You have declined").wait_for()


@pytest.mark.parametrize("width,scheme", PAGES)
async def test_nothing_is_wider_than_the_window_and_the_console_is_quiet(
    browser: Browser, address: str, graph: Graph, *, width: int, scheme: str
) -> None:
    _, secret = await invitations.invite(graph, KEEPER, email="a" * 60 + "@example.org", note="Do come. " * 40)
    context = await browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = await context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))

    for path in ("/sign-in", f"/join/{secret}"):
        await page.goto(f"{address}{path}")
        assert await page.evaluate("document.documentElement.scrollWidth") <= width

    assert said == []
    await context.close()
