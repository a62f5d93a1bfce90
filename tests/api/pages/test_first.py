"""The first page by HTTP: whom its filters let through, the chips that take them away, and who is offered what."""

import html
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import parse_qsl

import httpx
import pytest

from api.app import create_app
from api.door import Visitor, visitor_of
from api.network import OpenNetwork
from graph.audiences import set_of_person
from graph.graph import Graph
from graph.settings import GraphSettings
from graph.viewer import PUBLIC, Audience, FieldGroup, Role, Viewer
from tests.door import Browse, MakeAccount, Serve, sign_in
from tests.graph.people.duplicated import AMA, KOFI, SECOND, loaded, written

MEMBER, ORGANISER = Viewer(Role.MEMBER), Viewer(Role.ORGANISER)
QUESTION = "Who protects places of worship?"

Ask = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
async def ask(sample: OpenNetwork, sample_settings: GraphSettings) -> AsyncIterator[Ask]:
    """Ask the sample network on its first page, filtered so, as a viewer."""
    app = create_app(sample_settings)
    app.state.network = sample
    async with AsyncExitStack() as open_:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        browser = await open_.enter_async_context(httpx.AsyncClient(transport=transport, base_url="http://localhost"))

        async def asked(viewer: Viewer = MEMBER, *, address: str | None = None, **only: str) -> httpx.Response:
            visitor = Visitor(viewer, account=None, session=None, csrf="")
            app.dependency_overrides[visitor_of] = lambda: visitor
            return await browser.get(address) if address else await browser.get("/", params={"q": QUESTION, **only})

        yield asked


def people(page: httpx.Response) -> list[str]:
    return [html.unescape(name) for name in re.findall(r"<h2 id=[^>]*><a [^>]*><bdi>(.*?)</bdi></a></h2>", page.text)]


def chips(page: httpx.Response) -> dict[str, str]:
    """The addresses without a filter, by the chip's label."""
    found = re.findall(r'<li><a href="([^"]+)" aria-label="([^"]+)"><bdi>', page.text)
    return {html.unescape(label): html.unescape(address) for address, label in found}


def refusal(page: httpx.Response) -> str:
    found = re.search(r'<p class="refusal" role="alert">(.*?)</p>', page.text)
    return html.unescape(found[1]) if found else ""


def offered(page: httpx.Response, name: str) -> list[str]:
    """What the page suggests or lets choose for a filter."""
    part = re.search(
        rf'<(?:datalist id="{name}-known"|select name="{name}")>(.*?)</(?:datalist|select)>', page.text, re.DOTALL
    )
    assert part is not None
    return [html.unescape(value) for value in re.findall(r'<option value="([^"]+)"', part[1])]


BRIEFING = {"spoke_at": "Protecting religious sites while keeping their doors open"}
SPEAKERS = {
    "Aïssatou Ndiaye Sarr",
    "Grace Nakimuli",
    "Yakubu Danjibrin",
    "Fausto Iza Guamán",
    "Abdulrahman Al-Subaihi",
}


@pytest.mark.parametrize(
    "only, left",
    [
        ({}, SPEAKERS),
        ({"language": "fr", "language_level": "fluent"}, {"Aïssatou Ndiaye Sarr"}),
        ({"worked_in": "DE"}, {"Abdulrahman Al-Subaihi"}),
        ({"organisation": "Doha Laboratory for Large Gatherings"}, {"Abdulrahman Al-Subaihi"}),
        ({"organisation_kind": "private-sector"}, set()),
        ({"available_from": "2027-03-09"}, SPEAKERS - {"Aïssatou Ndiaye Sarr"}),
        ({"available_until": "2027-03-09"}, SPEAKERS - {"Aïssatou Ndiaye Sarr"}),
        (
            {"available_from": "2027-03-09", "available_until": "2027-03-22"},
            SPEAKERS - {"Aïssatou Ndiaye Sarr", "Grace Nakimuli"},
        ),
        ({"active_since": "2022-06-01"}, SPEAKERS),
        ({"active_since": "2026-01-01"}, set()),
        ({"gender": "woman"}, {"Aïssatou Ndiaye Sarr", "Grace Nakimuli"}),
        ({"not_invited_for": "12"}, SPEAKERS),
        ({"not_invited_for": "120"}, set()),
    ],
)
async def test_a_filter_lets_through_of_whom_it_is_true(ask: Ask, only: dict[str, str], left: set[str]) -> None:
    page = await ask(ORGANISER, **BRIEFING, **only)

    assert page.status_code == 200
    assert set(people(page)) == left


async def test_every_filter_in_force_is_a_chip_that_takes_it_away(ask: Ask) -> None:
    only = {
        "country": "SA",
        "region": "002",
        "language": "ar",
        "language_level": "fluent",
        "topic": "pilgrimages",
        "worked_in": "DE",
        "organisation": "Doha Laboratory for Large Gatherings",
        "organisation_kind": "academia",
        **BRIEFING,
        "available_from": "2027-01-01",
        "available_until": "2027-01-03",
        "active_since": "2022-01-01",
        "not_invited_for": "12",
        "gender": "man",
    }

    found = chips(await ask(ORGANISER, **only))

    assert list(found) == [
        "Remove filter live in Saudi Arabia",
        "Remove filter live in Africa",
        "Remove filter speak Arabic",
        "Remove filter speak it fluent or better",
        "Remove filter know Pilgrimages",
        "Remove filter worked in Germany",
        "Remove filter work at Doha Laboratory for Large Gatherings",
        "Remove filter work at an organisation of the kind Academia",
        "Remove filter spoke at Protecting religious sites while keeping their doors open",
        "Remove filter were active since 1 January 2022",
        "Remove filter were not invited for 12 months",
        "Remove filter are men",
        "Remove filter are available from 1 January 2027 to 3 January 2027",
    ]
    left = []
    for address in found.values():
        asked = httpx.URL(address).params
        assert asked["q"] == QUESTION
        left.append(set(only) - set(asked))
        assert {name: asked[name] for name in asked if name != "q"}.items() <= only.items()
    assert left == [
        *({name} for name in ("country", "region")),
        {"language", "language_level"},
        *({name} for name in ("language_level", "topic", "worked_in", "organisation", "organisation_kind", "spoke_at")),
        *({name} for name in ("active_since", "not_invited_for", "gender")),
        {"available_from", "available_until"},
    ]


async def test_a_chip_leads_to_the_same_search_without_it(ask: Ask) -> None:
    narrowed = await ask(**BRIEFING, worked_in="DE")

    wider = await ask(address=chips(narrowed)["Remove filter worked in Germany"])

    assert set(people(wider)) == SPEAKERS
    assert list(chips(wider)) == [f"Remove filter spoke at {BRIEFING['spoke_at']}"]
    assert chips(await ask()) == {}


@pytest.mark.parametrize(
    "only, said",
    [
        ({"worked_in": "Tunesia"}, "The network knows no country 'Tunesia'; did you mean Tunisia"),
        (
            {"organisation": "Doha Laboratory of Large Gatherings"},
            "The network knows no organisation 'Doha Laboratory of Large Gatherings'; did you mean Doha",
        ),
        ({"organisation_kind": "acadmia"}, "The network knows no organisation kind 'acadmia'; did you mean academia?"),
        (
            {"spoke_at": "nothing"},
            "The network knows no event 'nothing'; look at its spelling, or write its code or id.",
        ),
        ({"language_level": "good"}, "The network knows no language level 'good'; did you mean native or fluent"),
        ({"gender": "women"}, "The network knows no gender 'women'; did you mean woman or man or other?"),
        ({"available_from": "soon"}, "'soon' is no date; write one as 2026-03-01."),
        (
            {"available_from": "2027-02-02", "available_until": "2027-02-01"},
            "The period from 2027-02-02 to 2027-02-01 ",
        ),
        ({"active_since": "2026-13-01"}, "'2026-13-01' is no date; write one as 2026-03-01."),
        ({"not_invited_for": "0"}, "'0' is no number of months to look back; give 1 to 120."),
        ({"not_invited_for": "²"}, "'²' is no number of months to look back; give 1 to 120."),
        ({"not_invited_for": "a year"}, "'a year' is no number of months to look back; give 1 to 120."),
    ],
)
async def test_what_cannot_be_filtered_by_is_said_and_kept(ask: Ask, only: dict[str, str], said: str) -> None:
    page = await ask(ORGANISER, **only)

    assert page.status_code == 422
    assert refusal(page).startswith(said)
    for value in only.values():
        assert f'value="{html.escape(value)}"' in page.text


async def test_a_part_of_a_name_leads_to_those_that_may_be_meant(ask: Ask) -> None:
    page = await ask(organisation="teranga", country="SN")

    (meant,) = re.findall(r'<ul class="chips" aria-label="What may be meant">(.*?)</ul>', page.text, re.DOTALL)
    ((address, said),) = re.findall(r'<a href="([^"]+)"><bdi>(.*?)</bdi>', meant)
    assert page.status_code == 422
    assert said == "work at Teranga Association of Worship Wardens"
    found = await ask(address=html.unescape(address))
    assert set(people(found)) == {"Aïssatou Ndiaye Sarr", "Augustin Manga Diatta"}
    assert len(chips(found)) == 2


async def test_how_well_people_speak_is_asked_of_a_language_beside_its_field(ask: Ask) -> None:
    page = await ask(language_level="native")

    assert page.status_code == 422
    assert '<select name="language" aria-invalid="true" aria-describedby="wrong-language">' in page.text
    beside = page.text.partition('<div id="wrong-language">')[2].partition("</div>")[0]
    assert "not which language; choose the language too." in beside
    assert page.text.count('class="refusal"') == 1
    assert list(chips(page)) == ["Remove filter speak it native"]


async def test_there_are_said_to_be_more_where_there_are(ask: Ask) -> None:
    ten, fifty, few = await ask(), await ask(first="50"), await ask(country="SN", first="50")

    assert [len(people(page)) for page in (ten, fifty)] == [10, 50]
    assert "The first 10 people, best first" in ten.text
    assert "The first 50 people, best first" in fifty.text
    assert "These are the best 50 people; add filters to see others." in fifty.text
    assert "add filters to see others" not in ten.text
    assert f"{len(people(few))} people, best first" in few.text
    assert "The first" not in few.text


async def test_filters_alone_list_everybody_of_whom_they_are_true(ask: Ask) -> None:
    page = await ask(address="/?country=SN")
    named = re.findall(r'<li><a href="/people/([^"]+)"><bdi>(.*?)</bdi>', page.text)
    found = await ask(address="/?country=SN&q=guards&first=50")
    nobody = await ask(address="/?country=SN&language=zh")
    unknown = await ask(address="/?organisation=teranga")
    forbidden = await ask(PUBLIC, address="/?gender=woman")

    assert "Aïssatou Ndiaye Sarr" in [html.unescape(name) for _, name in named]
    assert f"{len(named)} people" in page.text
    assert "Ask a question to see who of them fits best." in page.text
    assert list(chips(page).items()) == [("Remove filter live in Senegal", "/")]
    assert {html.unescape(name) for _, name in named} >= set(people(found))
    assert "Nobody passes the filter" in nobody.text
    assert "What may be meant" in unknown.text
    assert forbidden.status_code == 403


@pytest.mark.parametrize("address", ["/?q=", "/?q=&country=", "/?q=+++"])
async def test_who_asks_nothing_is_told_what_to_do(ask: Ask, address: str) -> None:
    page = await ask(address=address)
    home = await ask(address="/")

    assert page.status_code == 422
    assert refusal(page) == "The question has no words; ask for a kind of expert in a few words."
    assert not chips(page)
    assert (home.status_code, refusal(home)) == (200, "")


async def test_many_who_pass_come_in_parts(ask: Ask) -> None:
    seen, address = [], "/?language=en"
    while address:
        page = await ask(address=address)
        part = re.findall(r'<li><a href="/people/([^"]+)"><bdi>', page.text)
        seen += part
        following = re.search(r'href="([^"]+)" rel="next"', page.text)
        address = html.unescape(following[1]) if following else ""

    assert len(seen) == len(set(seen)) > len(part)
    assert f"{len(seen)} people" in page.text
    assert (await ask(address="/?language=en&after=x")).status_code == 200


async def test_the_whole_world_is_no_region_to_live_in(ask: Ask) -> None:
    regions = offered(await ask(), "region")

    assert "002" in regions
    assert "001" not in regions


@pytest.mark.parametrize("viewer", [PUBLIC, MEMBER])
@pytest.mark.parametrize("only", [{"gender": "woman"}, {"not_invited_for": "12"}])
async def test_what_is_for_organisers_is_refused_and_not_offered_to_others(
    ask: Ask, viewer: Viewer, only: dict[str, str]
) -> None:
    (name,) = only

    theirs = await ask(viewer)
    refused = await ask(viewer, **only)
    organisers = await ask(ORGANISER)

    assert f'name="{name}"' not in theirs.text
    assert f'name="{name}"' in organisers.text
    assert (refused.status_code, people(refused)) == (403, [])
    assert refusal(refused).startswith("You may not filter by ")
    assert len(chips(refused)) == 1


@pytest.mark.parametrize("only, is_open", [({}, False), ({"country": "SA"}, False), ({"worked_in": "DE"}, True)])
async def test_more_filters_are_open_if_one_of_them_is_set(ask: Ask, only: dict[str, str], *, is_open: bool) -> None:
    page = (await ask(**only)).text

    assert ("<details open>" in page) is is_open
    before, _, within = page.partition("<details")
    for name in ("country", "region", "language", "topic"):
        assert f'<select name="{name}">' in before
    assert '<input type="date" name="active_since"' in within


async def test_only_what_the_viewer_sees_is_offered(
    serve: Serve, browse: Browse, make_account: MakeAccount, graph: Graph, tmp_path: Path
) -> None:
    await loaded(graph, written(tmp_path / "network"))
    browser = await browse(serve())
    await sign_in(browser, await make_account("kofi@example.org", expert=KOFI))

    async def lists() -> list[list[str]]:
        page = await browser.get("/")
        assert page.status_code == 200
        return [offered(page, name) for name in ("organisation", "organisation_kind", "spoke_at", "worked_in")]

    seen = await lists()
    for person in (AMA, SECOND):
        await set_of_person(
            graph, Viewer(Role.MEMBER, person=person), expert=person, chosen={FieldGroup.LISTING: Audience.NOBODY}
        )
    hidden = await lists()

    assert seen == [
        ["School of Prevention"],
        ["academia"],
        ["Workshop on law", "Briefing on prevention"],
        ["FR", "TN"],
    ]
    assert hidden == [[], [], [], []]


@pytest.mark.parametrize("only", [{"organisation": "School of Prevention"}, {"organisation_kind": "academia"}])
async def test_where_only_hidden_people_work_is_unknown(
    serve: Serve, browse: Browse, graph: Graph, tmp_path: Path, only: dict[str, str]
) -> None:
    await loaded(graph, written(tmp_path / "network"))
    stranger = await browse(serve())

    page = await stranger.get("/", params={"q": "law", **only})

    assert page.status_code == 422
    assert refusal(page).startswith("The network knows no organisation")


async def test_peers_of_somebody_are_one_link_away(ask: Ask) -> None:
    answer = await ask(country="SN")
    (somebody, *_) = people(answer)
    (address, *_) = re.findall(r'<a href="(/\?like=[^"]+)"', answer.text)

    page = await ask(address=html.unescape(address))
    narrowed = await ask(address=f"{html.unescape(address)}&language=ar")

    assert page.status_code == 200
    assert f"<bdi>{somebody}</bdi>, until you ask something." in html.unescape(page.text)
    assert len(people(page)) == 10
    assert somebody not in people(page)
    assert 0 < len(people(narrowed)) < 10 or people(narrowed) != people(page)
    (without,) = chips(narrowed).values()
    assert people(await ask(address=without)) == people(page)
    assert "Your question is kept" not in page.text


@pytest.mark.parametrize("language", ["ar", "ru"])
async def test_what_somebody_is_known_for_is_suggested_in_the_language_of_the_page(ask: Ask, language: str) -> None:
    page = await ask(address=f"/?like=grace-nakimuli&lang={language}")

    suggested = re.findall(r'<li><a href="/\?([^"]+)"><span aria-hidden="true">\+</span> <bdi>(.*?)</bdi>', page.text)
    assert suggested
    for address, said in suggested:
        asked = dict(parse_qsl(html.unescape(address)))
        (name,) = asked.keys() - {"like"}
        options = re.search(rf'<select name="{name}"[^>]*>(.*?)</select>', page.text, re.DOTALL)
        assert options is not None
        assert re.search(rf'value="{asked[name]}"[^>]*>{re.escape(said)}<', options[1])


async def test_nobody_is_told_to_be_there_by_their_peers(ask: Ask) -> None:
    page = await ask(address="/?like=nobody-of-this-name")

    assert page.status_code == 422
    assert "nobody-of-this-name" in refusal(page)
    assert people(page) == []
