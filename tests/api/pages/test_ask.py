"""The first page in its languages and as files, what it suggests, and searches that are saved, by HTTP."""

import csv
import html
import io
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from markupsafe import escape

from api.app import create_app
from api.door import Visitor, visitor_of
from api.door.limits import Limits
from api.network import OpenNetwork
from api.settings import LimitSettings
from graph import saved_searches
from graph.accounts import Account, AccountId
from graph.graph import Graph
from graph.settings import GraphSettings
from graph.viewer import PUBLIC, Role, Viewer
from tests.door import Browse, MakeAccount, Serve, csrf_on, sign_in
from tests.graph.person import add_person

HERE = {"Sec-Fetch-Site": "same-origin"}
HOSTILE = "<script>alert('x')</script>"


class Asker:
    """Somebody who asks the sample network, as whoever they are said to be."""

    def __init__(self, browser: httpx.AsyncClient) -> None:
        self.browser = browser
        self.visitor = Visitor(Viewer(Role.MEMBER), account=None, session=None, csrf="")

    async def get(self, path: str = "/", *, page_in: str = "en", **asked: str) -> httpx.Response:
        return await self.browser.get(path, params=asked, headers={"Accept-Language": page_in})


@pytest.fixture
async def asker(sample: OpenNetwork, sample_settings: GraphSettings) -> AsyncIterator[Asker]:
    app = create_app(sample_settings)
    app.state.network = sample
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as browser:
        made = Asker(browser)
        app.dependency_overrides[visitor_of] = lambda: made.visitor
        yield made


@pytest.fixture
def signed_in(asker: Asker, an_account: Account) -> Asker:
    asker.visitor = Visitor(an_account.viewer, account=an_account, session=None, csrf="")
    return asker


@pytest.fixture
def an_account() -> Account:
    """Somebody's account, of which the sample network knows nothing."""
    return Account(AccountId("tester"), "tester@example.org", "", Role.MEMBER, None, datetime.now(UTC), None)


def text_of(page: httpx.Response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


# In six languages.


@pytest.mark.parametrize(
    "language, said",
    [
        ("fr", ["Qui sait ?", "pays de résidence", "Autres filtres", "résidence : Tunisie", "Tunisie"]),
        ("ar", ["من يعرف؟", "الإقامة: تونس", "تونس"]),
        ("zh", ["谁了解？", "居住地：突尼斯", "突尼斯"]),
    ],
)
async def test_words_and_names_are_in_the_language_of_the_page(asker: Asker, language: str, said: list[str]) -> None:
    page = await asker.get(page_in=language, q="places of worship", country="TN")

    assert page.status_code == 200
    assert [words for words in said if words not in text_of(page)] == []
    assert "Only people who" not in page.text
    assert 'href="/countries/TN"' in page.text


async def test_evidence_from_a_work_has_its_title_in_the_language_of_the_page(asker: Asker) -> None:
    page = await asker.get(page_in="ru", q="A scoring sheet to judge threat, exposure and consequence of places")

    assert '<strong><bdi lang="ru">Защита уязвимых мест: принципы и партнёрство</bdi></strong>' in page.text
    assert "<strong>Protecting vulnerable places: principles and partnerships</strong>" not in page.text


async def test_choices_are_in_the_order_of_their_language(asker: Asker) -> None:
    page = await asker.get(page_in="fr")

    part = page.text.partition('<select name="country">')[2].partition("</select>")[0]
    named = [html.unescape(one) for one in re.findall(r"<option[^>]*>(.*?)</option>", part)][1:]
    assert {"Afrique du Sud", "Égypte", "Tunisie"} <= set(named)
    assert named.index("Égypte") < named.index("Fidji" if "Fidji" in named else "Tunisie")
    assert named.index("Égypte") > named.index("Afrique du Sud")


@pytest.mark.parametrize(
    "asked, said",
    [
        (
            {"country": "Tunesia"},
            "Valeur inconnue du réseau (pays) : « Tunesia » ; vouliez-vous dire Tunisia ou Tunisie ?",
        ),
        ({"available_from": "soon"}, "« soon » n’est pas une date"),
        ({"gender": "woman"}, "Vous ne pouvez pas faire cela ; qui peut le faire : les personnes qui organisent."),
        ({"not_invited_for": "0"}, "Vous ne pouvez pas faire cela ; qui peut le faire : les personnes qui organisent."),
        (
            {"available_from": "2027-02-02", "available_until": "2027-02-01"},
            "La période du 2 février 2027 au 1 février",
        ),
    ],
)
async def test_refusals_are_in_the_language_of_the_page(asker: Asker, asked: dict[str, str], said: str) -> None:
    page = await asker.get(page_in="fr", q="markets", **asked)

    if "not_invited_for" in asked:  # the number is looked at first
        said = "« 0 » n’est pas un nombre de mois écoulés valable ; indiquez un nombre de 1 à 120."
    assert page.status_code in {403, 422}
    assert said.replace(" ", " ") in text_of(page).replace("\u202f", " ").replace("\xa0", " ")


# More people, and nobody.


async def test_more_people_are_one_link_away_until_there_are_no_more(asker: Asker) -> None:
    first = await asker.get(q="places of worship")
    (more,) = re.findall(r'<a href="([^"]+)" class="button quiet">Show more', first.text)
    second = await asker.browser.get(html.unescape(more))
    last = await asker.get(q="places of worship", first="50")

    assert urlsplit(html.unescape(more)).fragment == "match-11"
    assert first.text.count('class="person"') == 10
    assert second.text.count('class="person"') == 20
    assert 'id="match-11"' in second.text
    assert last.text.count('class="person"') == 50
    assert "Show more" not in last.text
    assert "Show more" not in (await asker.get(q="places of worship", country="TN")).text


@pytest.mark.parametrize("first", ["", "0", "-5", "x", "1000000000000", "²", "999"])
async def test_how_many_is_within_bounds_whatever_is_asked(asker: Asker, first: str) -> None:
    page = await asker.get(q="places of worship", first=first)

    assert page.status_code == 200
    assert page.text.count('class="person"') == (50 if first == "999" else 10)


async def test_filters_that_let_nobody_through_can_be_left_out_one_by_one(asker: Asker) -> None:
    page = await asker.get(q="places of worship", country="TN", topic="e-learning", language="zh")

    assert "Nobody passes the filter" in page.text
    part = page.text.partition("Nobody passes")[2].partition("</section>")[0]
    left_out = [set(parse_qs(urlsplit(html.unescape(one)).query)) for one in re.findall(r'href="([^"]+)"', part)]
    assert left_out == [
        {"q", "topic", "language"},
        {"q", "country", "topic"},
        {"q", "country", "language"},
        {"q"},
    ]


async def test_nobody_fits_and_the_nearest_topics_are_told(asker: Asker) -> None:
    page = await asker.get(q="sourdough bread")

    part = page.text.partition("Nobody fits")[2].partition("</section>")[0]
    assert len(re.findall(r'<a href="/topics/[a-z-]+"><bdi>\w', part)) == 5


async def test_an_empty_network_says_to_whom_it_is_empty(
    serve: Serve, browse: Browse, make_account: MakeAccount
) -> None:
    browser = await browse(serve())
    stranger = await browser.get("/")
    await sign_in(browser, await make_account())
    member = await browser.get("/")
    await sign_in(browser, await make_account("root@example.org", role=Role.ADMINISTRATOR))

    assert "still empty to visitors" in stranger.text
    assert "still empty to you" in member.text
    assert "knowwho ingest FOLDER" in (await browser.get("/")).text


# Suggestions.


async def test_suggestions_lead_to_pages_in_the_language_of_the_page(asker: Asker) -> None:
    topic = await asker.get("/suggestions", page_in="fr", q="hôtel")
    country = await asker.get("/suggestions", page_in="fr", q="tuni")
    person = await asker.get("/suggestions", page_in="fr", q="grace")

    assert 'href="/topics/hotels" role="option"' in topic.text
    assert "<bdi>Hôtels</bdi> <small>Sujet" in topic.text
    assert 'href="/countries/TN"' in country.text
    assert 'href="/people/grace-nakimuli"' in person.text
    assert (await asker.get("/suggestions")).text.strip() == ""


async def test_nobody_is_suggested_to_who_may_not_see_them(
    serve: Serve, browse: Browse, graph: Graph, make_account: MakeAccount
) -> None:
    await add_person(graph)
    browser = await browse(serve())
    to_stranger = [(await browser.get("/suggestions", params={"q": text})).text.strip() for text in ("salma", "tuni")]
    await sign_in(browser, await make_account("reader@example.org"))
    to_member = (await browser.get("/suggestions", params={"q": "salma"})).text

    assert to_stranger == ["", ""]
    assert 'href="/people/salma-testperson"' in to_member


async def test_suggestions_are_counted_apart_from_questions(serve: Serve, browse: Browse) -> None:
    app = serve()
    app.state.limits = Limits(LimitSettings(limit_suggestion="1 per 1 hour"))
    browser = await browse(app)

    answers = [(await browser.get("/suggestions", params={"q": "ho"})).status_code for _ in range(2)]

    assert answers == [200, 429]
    assert (await browser.get("/achievements")).status_code == 200


# As files.


async def test_the_list_is_a_table_for_spreadsheet_programs(signed_in: Asker) -> None:
    page = await signed_in.get(q="places of worship", country="SN", page_in="fr")
    file = await signed_in.get("/search.csv", page_in="fr", q="places of worship", country="SN")

    assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert file.headers["Content-Disposition"] == 'attachment; filename="people.csv"'
    assert file.headers["Cache-Control"] == "no-store"
    assert file.content.startswith("\ufeffNom,".encode())
    rows = list(csv.DictReader(io.StringIO(file.text.removeprefix("\ufeff"))))
    shown = re.findall(r"<h2 id=[^>]*><a [^>]*><bdi>(.*?)</bdi>", page.text)
    assert [row["Nom"] for row in rows] == [html.unescape(name) for name in shown]
    assert {row["Pays"] for row in rows} == {"Sénégal"}
    assert all(row["Page"].startswith("http://localhost/people/") for row in rows)
    assert all(row["Téléphone"].startswith("'+") for row in rows if row["Téléphone"])


async def test_the_list_is_contacts_for_address_books(signed_in: Asker) -> None:
    file = await signed_in.get("/search.vcf", q="places of worship", country="SN")

    assert file.headers["Content-Type"] == "text/vcard; charset=utf-8"
    assert file.headers["Content-Disposition"] == 'attachment; filename="people.vcf"'
    assert file.text.count("BEGIN:VCARD\r\nVERSION:4.0\r\n") == file.text.count("END:VCARD\r\n") > 0
    assert "ADR:;;;;;;Senegal\r\n" in file.text


@pytest.mark.parametrize("name", ["csv", "vcf"])
async def test_a_file_has_what_its_viewer_sees(signed_in: Asker, an_account: Account, name: str) -> None:
    of_member = await signed_in.get(f"/search.{name}", q="places of worship", first="50")
    signed_in.visitor = Visitor(PUBLIC, account=an_account, session=None, csrf="")
    of_public = await signed_in.get(f"/search.{name}", q="places of worship", first="50")

    assert "@" in of_member.text
    assert "@" not in of_public.text
    assert "/people/" in of_public.text


@pytest.mark.parametrize("name", ["csv", "vcf"])
async def test_a_file_is_for_who_signed_in_and_what_is_refused_is_told_on_the_page(
    asker: Asker, an_account: Account, name: str
) -> None:
    stranger = await asker.get(f"/search.{name}", q="markets", country="TN")
    asker.visitor = Visitor(an_account.viewer, account=an_account, session=None, csrf="")
    nothing = await asker.get(f"/search.{name}")
    unknown = await asker.get(f"/search.{name}", q="markets", country="Tunesia")

    assert stranger.headers["location"] == "/sign-in?next=/%3Fq%3Dmarkets%26country%3DTN"
    assert nothing.headers["location"] == "/"
    assert unknown.headers["location"] == "/?q=markets&country=Tunesia"


async def test_the_page_offers_files_and_saving_to_who_signed_in(asker: Asker, an_account: Account) -> None:
    stranger = await asker.get(q="places of worship", country="SN")
    asker.visitor = Visitor(an_account.viewer, account=an_account, session=None, csrf="")
    page = await asker.get(q="places of worship", country="SN")

    assert "/search.csv" not in stranger.text
    assert "Save this search" not in stranger.text
    assert 'href="/sign-in?next=%2F%3Fq%3Dplaces%2Bof%2Bworship%26country%3DSN"' in stranger.text
    for name in ("csv", "vcf"):
        assert f'href="/search.{name}?q=places+of+worship&amp;country=SN" download' in page.text
    assert 'data-address="/?q=places+of+worship&amp;country=SN"' in page.text
    assert 'value="places of worship" maxlength="200"' in page.text


# What nobody answers.


async def test_a_question_is_left_open_with_the_topics_that_are_recognised_in_it(signed_in: Asker) -> None:
    fits = await signed_in.get(q="places of worship", topic="hotels")
    nobody = await signed_in.get(q="zzz", topic="nothing-of-the-kind", country="FJ")
    nobody_fits = await signed_in.get(q="zzz")
    form = await signed_in.get("/questions/new", q="Who protects hotels and places of worship?")
    unclear = await signed_in.get("/questions/new", q="?")
    signed_in.visitor = Visitor(PUBLIC, account=None, session=None, csrf="")
    stranger = await signed_in.get(q="places of worship")

    assert 'href="/questions/new?q=places%20of%20worship&amp;topic=hotels"' in fits.text.replace("+", "%20")
    assert 'href="/questions/new?q=zzz' in nobody_fits.text
    assert "/questions/new" not in nobody.text
    assert "/questions" not in stranger.text
    assert ">\nWho protects hotels and places of worship?</textarea>" in form.text
    assert set(re.findall(r'name="topic" value="([\w-]+)" checked', form.text)) >= {"hotels", "religious-sites"}
    assert unclear.status_code == 200
    assert 'type="checkbox" name="topic"' not in unclear.text


# Saved searches.


@pytest.fixture
async def ama(graph: Graph) -> Account:
    return await add_person(graph)


@pytest.fixture
async def browser(serve: Serve, browse: Browse, ama: Account) -> httpx.AsyncClient:
    opened = await browse(serve())
    await sign_in(opened, ama)
    return opened


async def send(browser: httpx.AsyncClient, path: str = "/searches", **fields: str) -> httpx.Response:
    given = {"csrf": await csrf_on(browser), "q": "Who guards gates?", "country": "TN"}
    return await browser.post(path, data=given | fields, headers=HERE)


async def test_a_search_is_saved_found_again_removed_and_had_back(
    graph: Graph, ama: Account, browser: httpx.AsyncClient
) -> None:
    saved = await send(browser, title=HOSTILE)
    page = await browser.get("/")
    (one,) = await saved_searches.own(graph, ama.viewer)
    removed = await browser.post(
        "/searches/remove", data={"csrf": await csrf_on(browser), "search": one.id}, headers=HERE
    )
    offered = await browser.get(removed.headers["location"])
    form = offered.text.partition("The saved search is removed.")[2].partition("</form>")[0]
    fields = {name: html.unescape(of) for name, of in re.findall(r'name="([^"]+)" value="([^"]*)"', form)}
    gone = await saved_searches.own(graph, ama.viewer)
    undone = await browser.post("/searches", data=fields, headers=HERE)

    assert (saved.status_code, saved.headers["location"]) == (303, "/?q=Who+guards+gates%3F&country=TN#keeping")
    assert f'<a href="/?q=Who+guards+gates%3F&amp;country=TN" id="search-{one.id}">' in page.text
    assert escape(HOSTILE) in page.text
    assert HOSTILE not in page.text + offered.text
    assert (removed.status_code, gone) == (303, [])
    assert undone.headers["location"] == "/#saved"
    (again,) = await saved_searches.own(graph, ama.viewer)
    assert (again.title, again.question, again.filters) == (one.title, one.question, one.filters)


@pytest.mark.parametrize("fields", [{"q": "?"}, {"title": "x" * 201}])
async def test_what_cannot_be_saved_is_said_and_the_title_is_kept(
    graph: Graph, ama: Account, browser: httpx.AsyncClient, fields: dict[str, str]
) -> None:
    answer = await send(browser, **{"title": "Gates"} | fields)

    assert answer.status_code == 422
    assert '<p class="refusal" role="alert">' in answer.text
    assert f'name="title" value="{fields.get("title", "Gates")}"' in answer.text
    assert await saved_searches.own(graph, ama.viewer) == []


@pytest.mark.parametrize("path", ["/searches", "/searches/remove"])
async def test_a_form_from_elsewhere_and_who_is_not_signed_in_change_nothing(
    graph: Graph, ama: Account, browser: httpx.AsyncClient, serve: Serve, browse: Browse, *, path: str
) -> None:
    kept = await saved_searches.save(graph, ama.viewer, title="", question="Who?", filters={})

    forged = await send(browser, path, csrf="guessed", search=kept.id)
    stranger = await send(await browse(serve()), path, search=kept.id)

    assert forged.status_code == 403
    assert stranger.headers["location"].startswith("/sign-in?next=/%3Fq%3DWho")
    assert await saved_searches.own(graph, ama.viewer) == [kept]
