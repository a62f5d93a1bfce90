"""What pages become once somebody did something, or before there is anything: results, conflicts, refusals, answers,
reports and endings, each looked over as tests.e2e.looked_over looks at pages; in English on a desk by day and at night,
in Arabic on a telephone likewise. Pages that links lead to are test_every_page.py's.
"""

import asyncio
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from playwright.async_api import Browser, FilePayload, Page, expect

from api.app import create_app
from api.network import OpenNetwork
from graph import invitations, joining, sign_in_links, speaking
from graph.accounts import Account
from graph.graph import Graph
from graph.settings import GraphSettings
from graph.speaking import Answer, State, Wanted
from graph.viewer import PUBLIC, Role
from tests.door import KEEPER, MakeAccount
from tests.e2e.looked_over import DESK, WINDOWS, Window, faults, opened, watched
from tests.e2e.visiting import PATIENCE_MS, sign_in
from tests.graph.speaking.network import AMA, BRIEFING, DANA, KOFI, ORGANISER, SAME_TIME, add_people, listed
from tests.graph.speaking.written import address_people, lettered, taken
from tests.served import served

Fields = Mapping[str, str]

WRITE: Final = """
(one, value) => { if (one.type === "checkbox") one.checked = true; else one.value = value; }
"""
PRESS: Final = "one => { if (one.form) one.form.noValidate = true; one.click(); }"
ROSTER: Final = """name,email,country
Salma Benrabah,salma@roster.example,TN
Kofi Adjei,not an address,GH
,ama@roster.example,GH
"""
TWICE: Final = """
MATCH (gh:Country {id: 'GH'}), (guild:Organisation {id: 'guild'})
CREATE (e:Expert {id: 'ama-2', name: 'Ama Owusu', email: 'ama@people.example', audience_listing: 1})
CREATE (e)-[:BASED_IN]->(gh), (e)-[:AFFILIATED_WITH {id: 'a9'}]->(guild)
"""


IS_AMA: Final = "MATCH (a:Account {email: $email}), (e:Expert {id: 'ama'}) CREATE (a)-[:IS]->(e)"
ADDRESS: Final = "keeper@example.org"
# Whom letters wait for, for which event and in which language.
LETTERS: Final = (
    ("english", AMA, BRIEFING, "en"),
    ("arabic", DANA, SAME_TIME, "ar"),
    ("answered", AMA, SAME_TIME, "en"),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """A page to look at: where it is, what is done there, and by what one knows that one is there.

    ``does`` are the fields that are filled, by their selectors, and the button that is pressed then, one form after the
    other; WINDOW stands for the window's name.
    """

    at: str
    shows: str
    does: Sequence[tuple[Fields, str]] = ()
    status: int = 200
    by_public: bool = False
    speaks: str | None = None
    """The language that the page has whoever looks at it."""


EMPTY: Final = (
    Seen("/", ".nobody"),
    Seen("/people", "h1"),
    Seen("/events", "h1"),
    Seen("/topics", "h1"),
    Seen("/organise", ".board"),
    Seen("/questions", "h1"),
    Seen("/administration/people/duplicates", ".nobody"),
)
LETTER: Final = "/organise/candidacies/{asked}/invited"
WRITTEN: Final = (
    Seen(
        "/organise/new",
        "#url[aria-invalid=true]",
        [
            (
                {
                    "#title": "Gates",
                    "#starts_at": "2030-01-02T10:00",
                    "#ends_at": "2030-01-01T10:00",
                    "#time_zone": "Nowhere/At all",
                    "#url": "nowhere",
                },
                "[value=draft]",
            )
        ],
        422,
    ),
    Seen(
        "/organise/events/held/edit",
        "main form .help bdi",
        [
            (
                {"main [name=version]": "99", "#title": "Another title", "#place": "Hall"},
                "main form.fields .answers button:first-child",
            )
        ],
        409,
    ),
    Seen("/organise/events/briefing", ".candidate .against"),
    Seen("/organise/events/briefing?who=zzz", ".nobody[role=status]"),
    Seen(LETTER, ".letter-preview"),
    Seen(
        LETTER,
        "main [role=alert]",
        [({"#answer_by": "9000-01-01", "#words": "We need you."}, "[value=send]")],
        422,
    ),
    Seen("/organise/candidacies/{unreachable}/invited", "main [role=alert]"),
    Seen("/questions/new", "#text[aria-invalid=true]", [({}, "[value=ask]")], 422),
    Seen("/questions/new", "#topics [role=status]", [({"#find": "zzz"}, "[value=find]")]),
    Seen(
        "/me/profile",
        "#website[aria-invalid=true]",
        [
            (
                {"#name": "", "#website": "nowhere", "#orcid": "1", "#email": "x", "[name=topics_since]": "19"},
                "form.profile > button",
            )
        ],
        422,
    ),
    Seen(
        "/me",
        "main [role=alert]",
        [({"form[action='/me/erase'] input:not([type=hidden])": "x"}, "form[action='/me/erase'] button")],
        422,
    ),
    Seen("/me/tokens", "main [aria-invalid=true]", [({"#name": ""}, "main form.fields button")], 422),
    Seen("/administration/tokens", ".secret", [({"#name": "newsletter WINDOW"}, "main form.fields button")]),
    Seen(
        "/administration/consents/listed",
        "main [role=alert]",
        [({"#text_en": ""}, "[value=read]"), ({}, "[value=set]")],
        422,
    ),
    Seen("/administration/consents/listed", ".said blockquote[lang=ar]", [({"#text_ar": "أوافق"}, "[value=read]")]),
    Seen(
        "/administration/people/invitations",
        "#email[aria-invalid=true]",
        [({"#email": "nobody"}, "form.door button")],
        422,
    ),
    Seen("/administration/people/erase", "#confirmation", [({"#person": DANA}, "main form.fields button")]),
    Seen(
        "/administration/people/erase",
        "#confirmation[aria-invalid=true]",
        [({"#person": DANA}, "main form.fields button"), ({"#confirmation": "x"}, "button.alarm")],
        422,
    ),
    Seen("/administration/people/duplicates", "form[action$=merge]", [({}, "form[action$=compare] button")]),
    Seen("/administration/load", "main [role=alert]", [({}, "main form.fields button")], 422),
    Seen("/nowhere", "h1", status=404),
)
PREVIEWED: Final = (Seen("{load}", "section[aria-labelledby=rows] [aria-invalid=true]"),)
LOADED: Final = (Seen("{load}", "#now"),)
BY_PUBLIC: Final = (
    Seen("/answer/{english}", ".accept", by_public=True, speaks="en"),
    Seen("/answer/{arabic}", ".accept", by_public=True, speaks="ar"),
    Seen(
        "/answer/{arabic}",
        "[aria-invalid=true]",
        [({}, "details:has([value=other_time]) button")],
        422,
        by_public=True,
        speaks="ar",
    ),
    Seen("/answer/{answered}", "details:has([value=withdraw])", by_public=True, speaks="en"),
    Seen("/answer/ended", "h1", status=410, by_public=True),
    Seen("/join/{open}", ".consent", by_public=True),
    Seen(
        "/join/{open}",
        "#name[aria-invalid=true]",
        [({"#name": ""}, "[value=join]")],
        422,
        by_public=True,
    ),
    Seen("/join/{declined}", "main [role=alert]", status=410, by_public=True),
    Seen("/sign-in", "#email[aria-invalid=true]", [({"#email": "nobody"}, "main form button")], 422, by_public=True),
    Seen("/sign-in", "h1", [({"#email": "somebody@example.org"}, "main form button")], by_public=True),
    Seen("/sign-in/link/{link}", "[autofocus]", by_public=True),
    Seen("/sign-in/link/ended", "main [role=alert]", status=410, by_public=True),
)

PANEL: Final = "/organise/events/briefing-religious-sites/panel?seats="
SAMPLE: Final = (
    Seen(f"{PANEL}3&newcomers=1&country=1&region=002&region_least=1", ".seats .steps"),
    Seen(f"{PANEL}2&gender=woman&gender_least=2&gender=man&gender_least=1&speaks=fr&speaks_least=1", ".nobody li a"),
    Seen(f"{PANEL}0", "main [role=alert]", status=422),
    Seen("/?q=markets&country=Tunesia", "main [role=alert]", status=422),
    Seen("/?q=sourdough+bread", ".nobody h2"),
    Seen("/?like=grace-nakimuli", ".suggested"),
    Seen("/organise/events/briefing-religious-sites?like=1", "form[action$=shortlist]"),
    Seen("/demo", "form [value=organiser]", by_public=True),
)


async def comes(page: Page, address: str, window: Window, seen: Seen) -> list[str]:
    """Go there and do what is done there; what is wrong on the way."""
    answer = await page.goto(address + seen.at)
    for fields, button in seen.does:
        if missing := [one for one in (*fields, button) if not await page.locator(one).count()]:
            return [f"has no {', '.join(missing)}"]
        for field, value in fields.items():
            await page.locator(field).first.evaluate(WRITE, value.replace("WINDOW", window.name))
        async with page.expect_navigation() as sent:
            await page.locator(button).first.evaluate(PRESS)
        answer = await sent.value
    assert answer is not None
    found = [] if answer.status == seen.status else [f"answers {answer.status}, not {seen.status}"]
    return found if await page.locator(seen.shows).count() else [*found, f"does not show {seen.shows}"]


@dataclass(frozen=True, slots=True)
class Visited:
    """A network that is served, and for each window the pages of somebody who is signed in and of the public."""

    address: str
    pages: Mapping[Window, Mapping[bool, Page]]
    wrong: list[str]


async def visited(browser: Browser, address: str, account: Account, network: OpenNetwork) -> Visited:
    """Pages in a context of their own for each window, and whoever is signed in."""
    wrong: list[str] = []
    pages: dict[Window, dict[bool, Page]] = {}
    for window in WINDOWS:
        pages[window] = {}
        for by_public in (True, False):
            context = await opened(browser, window)
            context.set_default_timeout(PATIENCE_MS)
            if not by_public:
                await sign_in(context, network, account, address)
            pages[window][by_public] = await context.new_page()
            watched(pages[window][by_public], address, wrong)
    return Visited(address, pages, wrong)


async def looks(on: Visited, axe: str, window: Window, all_: Sequence[Seen]) -> None:
    """Take down what is wrong with pages, each as it is come to."""
    for seen in all_:
        page = on.pages[window][seen.by_public]
        found = [*await comes(page, on.address, window, seen), *await faults(page, axe, window, speaks=seen.speaks)]
        on.wrong.extend(f"{window.name} {seen.at} {seen.shows}: {one}" for one in found)


async def closed(all_: Visited) -> None:
    """Close what was opened for it."""
    for pages in all_.pages.values():
        for page in pages.values():
            await page.context.close()


async def prepared(graph: Graph, account: Account) -> dict[str, str]:
    """People, one of whom the account is, events, and whom letters and links wait for; what addresses are made of."""
    await add_people(graph)
    await address_people(graph)
    await graph.write(TWICE)
    await graph.write(IS_AMA, email=account.email)
    asked, unreachable = await listed(graph, DANA, KOFI)
    made = {"asked": str(asked.id), "unreachable": str(unreachable.id)}
    for name, expert, event, language in LETTERS:
        (one,) = await listed(graph, expert, event=event)
        await lettered(graph, one.id, State.INVITED, Wanted("We need you.\nDo come.", language))
        made[name] = str((await taken(graph)).secret)
    await speaking.answer(graph, secret=made["answered"], answer=Answer.ACCEPT)
    for name in ("open", "declined"):
        _, made[name] = await invitations.invite(graph, ORGANISER, email=f"{name}@example.org", note="Do come.")
    await joining.decline(graph, PUBLIC, secret=made["declined"])
    made["link"] = str(await sign_in_links.create(graph, KEEPER, email=ADDRESS, browser=None))
    return made


async def begins_a_load(page: Page, address: str) -> str:
    """Send a roster with faults to be looked at; where what it would change is told, once it was read."""
    await page.goto(f"{address}/administration/load")
    roster = FilePayload(name="Members.csv", mimeType="text/csv", buffer=ROSTER.encode())
    await page.locator("#files").set_input_files(roster)
    await page.locator("main form.fields button").click()
    await page.wait_for_url("**/administration/load/*")
    return urlsplit(page.url).path


async def takes_away(page: Page, address: str, language: str, folder: Path) -> None:
    """Open the page that somebody takes away with all that is known of them, from a disk."""
    answer = await page.context.request.get(f"{address}/me/export.zip?lang={language}")
    with zipfile.ZipFile(io.BytesIO(await answer.body())) as file:
        opened_from = file.extract("person.html", folder)
    await page.goto(Path(opened_from).as_uri())


@pytest.mark.slow
async def test_what_pages_become_can_be_used_by_everybody(  # noqa: PLR0917 -- each is a fixture
    browser: Browser,
    served_network: str,
    own_network: OpenNetwork,
    graph: Graph,
    make_account: MakeAccount,
    axe: str,
    tmp_path: Path,
) -> None:
    account = await make_account(ADDRESS, role=Role.ADMINISTRATOR)
    on = await visited(browser, served_network, account, own_network)
    page = on.pages[DESK][False]

    async def look(all_: Sequence[Seen], **made: str) -> None:
        placed = [replace(seen, at=seen.at.format(**made)) for seen in all_]
        await asyncio.gather(*(looks(on, axe, window, placed) for window in WINDOWS))

    try:
        await look(EMPTY)
        load = await begins_a_load(page, served_network)  # it is read, and loaded, while others are looked at
        made = await prepared(graph, account)
        await look(BY_PUBLIC, **made)
        await page.goto(served_network + load)
        await page.locator("#rows").wait_for()
        await look(PREVIEWED, load=load)
        await page.goto(served_network + load)
        async with page.expect_navigation():
            await page.locator("form[action$=start] button").click()
        await look(WRITTEN, **made)
        await page.goto(served_network + load)
        await page.locator("#now").wait_for()
        await look(LOADED, load=load)
        for window in WINDOWS:
            page = on.pages[window][False]
            await takes_away(page, served_network, window.language, tmp_path / window.name)
            on.wrong.extend(f"{window.name} export: {one}" for one in await faults(page, axe, window))
    finally:
        await closed(on)
    assert not on.wrong, "\n".join(on.wrong)


async def suggests(page: Page, address: str) -> None:
    """Type so far that suggestions come."""
    await page.goto(address)
    await page.locator("#q").press_sequentially("ho")
    await page.get_by_role("option").first.wait_for()


async def is_unreached(page: Page, address: str) -> None:
    """Type while nothing answers."""
    await page.goto(address)
    await page.route("**/suggestions?*", lambda route: route.abort("connectionrefused"))
    await page.locator("#q").press_sequentially("ho")
    await page.locator("#lost button").wait_for()
    await page.unroute("**/suggestions?*")


async def walks(page: Page, address: str) -> None:
    """Go on from a person's neighbourhood to another's."""
    await page.goto(f"{address}/people/grace-nakimuli/neighbourhood")
    await page.locator("#walked").get_by_role("link", name="Yakubu Danjibrin").first.click()
    await expect(page.locator("h1")).to_contain_text("Yakubu Danjibrin")


async def looks_on_the_way(on: Visited, axe: str, window: Window) -> None:
    """Take down what is wrong with pages of the sample network, and with what scripts make of them."""
    await looks(on, axe, window, SAMPLE)
    page = await on.pages[window][False].context.new_page()  # where what cannot be reached is no complaint
    for come in (suggests, is_unreached, walks):
        await come(page, on.address)
        on.wrong.extend(f"{window.name} {come.__name__}: {one}" for one in await faults(page, axe, window))


@pytest.mark.slow
async def test_what_the_pages_of_the_sample_become_can_be_used_by_everybody(  # noqa: PLR0917 -- each is a fixture
    browser: Browser,
    app: FastAPI,
    sample: OpenNetwork,
    sample_account: MakeAccount,
    sample_settings: GraphSettings,
    axe: str,
) -> None:
    demo = create_app(sample_settings, demo=True)
    for name in ("network", "graphql", "limits"):
        setattr(demo.state, name, getattr(app.state, name))
    account = await sample_account("states@example.org", role=Role.ADMINISTRATOR, expert="grace-nakimuli")
    async with served(demo) as address:
        on = await visited(browser, address, account, sample)
        try:
            await asyncio.gather(*(looks_on_the_way(on, axe, window) for window in WINDOWS))
        finally:
            await closed(on)
    assert not on.wrong, "\n".join(on.wrong)
