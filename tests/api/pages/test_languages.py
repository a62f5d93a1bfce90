"""Which language a page is in: what the address names, else what was chosen before, else the browser's."""

import base64

import httpx
import pytest

from tests.door import Browse, Serve

FRENCH = {"Accept-Language": "fr-CA,fr;q=0.9,en;q=0.5"}


@pytest.fixture
async def browser(serve: Serve, browse: Browse) -> httpx.AsyncClient:
    return await browse(serve())


async def test_a_page_is_in_the_language_of_the_browser(browser: httpx.AsyncClient) -> None:
    french = await browser.get("/sign-in", headers=FRENCH)
    other = await browser.get("/sign-in", headers={"Accept-Language": "sw"})

    assert '<html lang="fr" dir="ltr">' in french.text
    assert french.headers["content-language"] == "fr"
    assert "Accept-Language" in french.headers["vary"]
    assert '<html lang="en" dir="ltr">' in other.text


async def test_an_address_chooses_a_language_which_is_remembered(browser: httpx.AsyncClient) -> None:
    chosen = await browser.get("/sign-in?lang=ar", headers=FRENCH)
    later = await browser.get("/sign-in", headers=FRENCH)
    other = await browser.get("/sign-in?lang=ru", headers=FRENCH)

    for page in (chosen, later):
        assert '<html lang="ar" dir="rtl">' in page.text
    assert '<html lang="ru" dir="ltr">' in other.text
    (cookie,) = [one for one in chosen.headers.get_list("set-cookie") if one.startswith("knowwho_language=")]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


@pytest.mark.parametrize("language", ["de", "", "fr'--", "../../en", "EN"])
async def test_what_is_no_language_changes_nothing(browser: httpx.AsyncClient, language: str) -> None:
    page = await browser.get("/sign-in", params={"lang": language}, headers=FRENCH)

    assert '<html lang="fr"' in page.text
    assert not any(one.startswith("knowwho_language=") for one in page.headers.get_list("set-cookie"))


async def test_each_page_links_to_itself_in_every_language(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/?q=caf%C3%A9%20%26%20co&language=fr&country=TN&lang=fr")

    assert (
        'href="/?q=caf%C3%A9+%26+co&amp;language=fr&amp;country=TN&amp;lang=ar" lang="ar" hreflang="ar" dir="rtl"'
        in page.text
    )
    assert 'hreflang="fr" dir="ltr" aria-current="true"' in page.text


async def test_what_is_not_there_is_told_on_a_page(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/nowhere?lang=en", headers={"Accept": "text/html"})
    program = await browser.get("/nowhere")

    assert page.status_code == program.status_code == 404
    assert "<h1>Nothing here</h1>" in page.text
    assert program.json() == {"detail": "Not Found"}


async def test_only_what_is_the_same_for_everybody_is_compressed(browser: httpx.AsyncClient) -> None:
    wanted = {"Accept-Encoding": "gzip"}

    assert (await browser.get("/static/knowwho.css", headers=wanted)).headers["content-encoding"] == "gzip"
    assert "content-encoding" not in (await browser.get("/sign-in", headers=wanted)).headers


@pytest.mark.parametrize("path", ["/series?after", "/series/a?people", "/topics/a?people", "/events/a?speakers"])
async def test_a_place_of_another_language_leads_to_the_beginning_of_the_list(
    browser: httpx.AsyncClient, path: str
) -> None:
    place = base64.urlsafe_b64encode(b'["00000000","a","b"]').decode()

    old = await browser.get(f"{path}={place}&lang=ru")
    none = await browser.get(f"{path}=x&lang=ru")

    assert (old.status_code, old.headers["location"]) == (303, f"{path.partition('?')[0]}?lang=ru")
    assert none.status_code == 404
