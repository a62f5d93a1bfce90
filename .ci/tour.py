"""Makes docs/tour.md and its pictures from the sample network: a demo of its own is started, looked at and stopped.

The pictures are of what the pages show today, so a change of a page is followed by ``make tour``.
"""

import asyncio
import json
import os
import shutil
import socket
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, Page, async_playwright

ROOT: Final = Path(__file__).resolve().parent.parent
DOCS: Final = ROOT / "docs"
PICTURES: Final = DOCS / "tour"
STARTS_WITHIN_S: Final = 600


@dataclass(frozen=True, slots=True)
class Stop:
    """A page of the tour: whose eyes see it, where it is, how wide, and what is to be said of it.

    ``{event}`` in a path is the briefing that organisers work on, and ``{waits}`` whoever is asked next for it.
    """

    name: str
    title: str
    text: str
    path: str
    role: str | None = None
    language: str = "en"
    width: int = 1280
    height: int = 800
    scheme: Any = "light"


STOPS: Final = (
    Stop(
        "ask",
        "Ask",
        "One field. The question here is French; the people come with the sentence that earned the place, why they are "
        "there, and their languages. Filters are in the address, so a search can be shared, saved, and taken along.",
        "/?q=Qui%20a%20form%C3%A9%20des%20b%C3%A9n%C3%A9voles%20dans%20des%20lieux%20de%20culte%20%3F",
        role="member",
    ),
    Stop(
        "ask-arabic",
        "The same in Arabic, on a telephone, at night",
        "Six languages, chosen by the browser or at the foot of each page; right to left where the language is.",
        "/?q=من%20درّب%20متطوعين%20في%20المساجد؟",
        language="ar",
        width=390,
        scheme="dark",
    ),
    Stop(
        "person",
        "A person",
        "What they know, said and wrote, how to reach them by their own rules, and who could introduce you.",
        "/people/grace-nakimuli",
        role="organiser",
    ),
    Stop(
        "neighbourhood",
        "What they share with others",
        "A picture of the graph to walk along; the list beneath says the same.",
        "/people/grace-nakimuli/neighbourhood",
        role="member",
    ),
    Stop(
        "topics", "Topics", "The scheme as a tree, in the language of the page; here Spanish.", "/topics", language="es"
    ),
    Stop(
        "countries",
        "Countries",
        "Where experts live, where they worked, where there are activities; the table beneath says the same.",
        "/countries",
    ),
    Stop("events", "Events", "What comes and what was, as a list, a month or a calendar to subscribe to.", "/events"),
    Stop(
        "board",
        "Organise: the board",
        "From idea to held, each briefing with who was asked and who said yes.",
        "/organise",
        role="organiser",
    ),
    Stop(
        "shortlist",
        "A shortlist",
        "Who is considered beside what the event is about: why they were found, what speaks against asking them, their "
        "letters and answers, and who is next in line. Each step can be undone until a letter left.",
        "/organise/events/{event}",
        role="organiser",
        height=1400,
    ),
    Stop(
        "letter",
        "A letter before it leaves",
        "In the language that the speaker reads best, with a link to answer by in two taps.",
        "/organise/candidacies/{waits}/invited",
        role="organiser",
        width=390,
        height=1000,
    ),
    Stop(
        "panel",
        "The panel builder",
        "Rules as controls; the best panel is proven, with reasons, alternatives and substitutes.",
        "/organise/events/briefing-gender/panel?seats=4",
        role="organiser",
    ),
    Stop(
        "coverage",
        "Coverage",
        "Who knows what, and where, with the gaps in words.",
        "/organise/coverage",
        role="organiser",
        language="fr",
    ),
    Stop(
        "achievements",
        "The year",
        "Each figure opens to the list behind it, and the page is ready to print.",
        "/achievements?year=2022",
        language="zh",
    ),
    Stop(
        "me",
        "Your own page",
        "Who sees what of you, in plain sentences, and how it looks to them.",
        "/me",
        role="member",
    ),
    Stop(
        "load",
        "Administration: load a network",
        "Files are looked at first; what is refused is mended in the page.",
        "/administration/load",
        role="administrator",
        language="ru",
    ),
)


def main() -> None:
    """Start the demo, take every picture, write the page."""
    with tempfile.TemporaryDirectory(prefix="knowwho-tour-") as home:
        asyncio.run(_tour(Path(home)))


async def _tour(home: Path) -> None:
    made = home / "pictures"
    made.mkdir()
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("There is no chromium: `make tour` installs it on Debian, else put one on the path.")
    async with _demo(home) as address, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        story = await _story(browser, address, home)
        for stop in STOPS:
            print(f"  {stop.name}", flush=True)
            path = stop.path.format(**story)
            await _picture(browser, address, replace(stop, path=path), made / f"{stop.name}.png")
        await browser.close()
    shutil.rmtree(PICTURES, ignore_errors=True)
    shutil.copytree(made, PICTURES)
    (DOCS / "tour.md").write_text(document())


async def _story(browser: Browser, address: str, home: Path) -> dict[str, str]:
    """What organisers would have under way: an idea, and briefings next spring like those that were held."""
    year = datetime.now(UTC).year + 1
    context = await browser.new_context(locale="en")
    page = await context.new_page()
    await _sign_in(page, address, "organiser")
    await page.goto(f"{address}/organise/new")
    await page.locator("#title").fill("Stadiums: the hour after the match")
    async with page.expect_navigation():
        await page.get_by_role("button", name="Save as a draft").click()
    await context.close()

    listed = await _held_again(home, "briefing-tourism-security", f"{year}-05-12T14:00+00:00", "Hotels in high season")
    await _shortlisted(home, listed, 3)
    sure = await _held_again(home, "briefing-legislation", f"{year}-03-03T14:00+00:00", "Laws that protect, a year on")
    for considered in await _shortlisted(home, sure, 2):
        await _invite(home, sure, considered["expert"])
        await _told(home, "advance", sure, considered["expert"], "accepted")
        await _told(home, "advance", sure, considered["expert"], "confirmed")

    event = await _held_again(
        home, "briefing-religious-sites", f"{year}-04-14T14:00+00:00", "Places of worship on feast days"
    )
    yes, no, open_, waits, _ = await _shortlisted(home, event, 5)
    for considered in (yes, no, open_):
        await _invite(home, event, considered["expert"])
    await _told(home, "advance", event, yes["expert"], "accepted")
    await _told(home, "advance", event, no["expert"], "declined", "--reason", "Travels that week")
    return {"event": event, "waits": waits["id"]}


async def _held_again(home: Path, event: str, starts: str, title: str) -> str:
    return str((await _told(home, "events", "copy", event, "--starts", starts, "--title", title))["event"])


async def _shortlisted(home: Path, event: str, first: int) -> list[Any]:
    told = await _told(home, "shortlist", event, "--like-event", "--first", str(first))
    return list(told["added"])


async def _invite(home: Path, event: str, person: str) -> None:
    await _told(home, "invite", person, "--to", event, "--no-letter")


async def _told(home: Path, *command: str) -> Any:
    """What a command of the network says as JSON."""
    run = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "api.cli", *command, "--json"),
        cwd=ROOT,
        env=_environment(home),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complained = await run.communicate()
    if run.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{complained.decode()[-2000:]}")
    return json.loads(said)


async def _sign_in(page: Page, address: str, role: str) -> None:
    await page.goto(f"{address}/demo")
    async with page.expect_navigation():
        await page.locator(f"form:has(input[value={role}]) button").click()


async def _picture(browser: Browser, address: str, stop: Stop, file: Path) -> None:
    context = await browser.new_context(
        viewport={"width": stop.width, "height": stop.height},
        locale=stop.language,
        color_scheme=stop.scheme,
        reduced_motion="reduce",
        timezone_id="UTC",
    )
    page = await context.new_page()
    if stop.role:
        await _sign_in(page, address, stop.role)
    await page.goto(address + stop.path)
    await _settled(page)
    await page.screenshot(path=file)
    await context.close()


async def _settled(page: Page) -> None:
    """Wait until what the page still asks for is there, and its letters are set."""
    await page.wait_for_load_state("networkidle")
    await page.evaluate("document.fonts.ready")


@asynccontextmanager
async def _demo(home: Path) -> AsyncIterator[str]:
    """The address of a demo with a network of its own, once it answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    with (home / "demo.log").open("wb") as log:
        demo = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "api.cli", "demo", "--port", str(port)),
            cwd=ROOT,
            env=_environment(home),
            stdout=log,
            stderr=log,
        )
    try:
        await asyncio.wait_for(_answering(demo, port), STARTS_WITHIN_S)
        yield f"http://127.0.0.1:{port}"
    except (OSError, TimeoutError):
        sys.exit(f"The demo did not start:\n{(home / 'demo.log').read_text()[-2000:]}")
    finally:
        demo.terminate()
        await demo.wait()


def _environment(home: Path) -> dict[str, str]:
    """This process's, without settings of a network that somebody else has here."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("KNOWWHO_")}
    return others | {"KNOWWHO_HOME": str(home / "network")}


async def _answering(demo: Process, port: int) -> None:
    while demo.returncode is None:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.5)  # nothing else tells when another process listens
            continue
        writer.close()
        return
    raise OSError


def document() -> str:
    """The page that tells of every stop."""
    lines = [
        "# A tour",
        "",
        "Pictures of the sample network, whose people, organisations and events are all fictional. `make tour` takes",
        "them again from the pages as they are.",
    ]
    for stop in STOPS:
        who = f"As {'an' if stop.role in {'organiser', 'administrator'} else 'a'} {stop.role}. " if stop.role else ""
        lines += ["", f"## {stop.title}", "", who + stop.text, "", f"![{stop.title}](tour/{stop.name}.png)"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
