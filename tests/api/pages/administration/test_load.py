"""Loading in the browser: what is sent, what is shown of it, what is mended, and what others cannot reach."""

import csv
import html
import io
import re
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from api.door import bodies
from api.loading import LoadId, Loads
from api.pages.administration.load import COLUMNS
from api.pages.loader_words import of_loader
from api.pages.words import words_in
from graph.engine import Address
from graph.graph import Graph
from graph.values import UN_LANGUAGES
from graph.viewer import Role
from tests.api.loading.test_files import archive
from tests.api.pages.administration.sending import HERE, send, send_files, text_of
from tests.door import Browse, MakeAccount, csrf_on, sign_in

EXPERTS = "id,name,country\nana,Ana,ES\nbo,<b>Bo</b>,Spain\n"
PEOPLE = "MATCH (e:Expert) RETURN e.id AS id ORDER BY id"


def file(name: str, content: str | bytes) -> tuple[str, tuple[str, bytes]]:
    return "files", (name, content.encode() if isinstance(content, str) else content)


async def looked_at(
    app: FastAPI, browser: httpx.AsyncClient, *files: tuple[str, tuple[str, bytes]]
) -> tuple[str, httpx.Response]:
    """The path of a load below the administration, and its page once it was looked at."""
    answer = await send_files(browser, "/load", list(files))
    assert answer.status_code == 303, answer.text
    path = answer.headers["location"].removeprefix("/administration")
    await done(app, path)
    return path, await browser.get(f"/administration{path}")


async def done(app: FastAPI, path: str) -> None:
    loads: Loads = app.state.loads
    await loads.done(LoadId(path.rpartition("/")[2]))


async def test_two_wrong_rows_are_mended_on_the_page_and_then_loaded(
    app: FastAPI, browser: httpx.AsyncClient, graph: Graph, engine_address: Address
) -> None:
    wrong = EXPERTS + "Cy,Cy,FR\n"
    path, page = await looked_at(app, browser, file("../experts.csv", wrong), file("notes.xyz", "x"))

    shown = text_of(page)
    assert "1 thing would be stored." in shown
    assert "removed." not in shown
    assert "2 rows are refused." in shown
    assert "People 1 – – – 2 " in shown
    assert "What would come in People, new Ana " in shown
    assert "/people/ana" not in page.text
    assert "Files of this kind are not read: notes.xyz" in shown
    assert "experts.csv , row 3" in shown
    assert "&lt;b&gt;Bo&lt;/b&gt;" in page.text
    assert "<b>Bo" not in page.text
    assert re.search(
        r'id="cell-0-2"[^>]* aria-describedby="cell-0-2-wrong" aria-invalid="true" value="Spain"', page.text
    )
    assert "no-store" in page.headers["cache-control"]
    french = html.unescape((await browser.get(f"/administration{path}", headers={"Accept-Language": "fr"})).text)
    assert (of_loader("'Spain' is not a country code of ISO 3166", "fr") or "none") in french
    assert "is not a country code" in page.text
    assert "is not a country code" not in french
    assert "<bdi>ligne 3</bdi>" in french
    table = await browser.get(f"/administration{path}/refused.csv")
    assert table.text.removeprefix("\ufeff").splitlines()[1].startswith("experts.csv,row 3,country,Spain,")
    rows = await browser.get(f"/administration{path}/refused.csv?file=0")
    assert rows.text.removeprefix("\ufeff").splitlines()[0] == "id,name,country,problem"
    assert "filename*=UTF-8''experts.csv" in rows.headers["content-disposition"]

    for number in ("1", "-1", "x", "²", "9" * 22, "9" * 5000):
        assert (await browser.get(f"/administration{path}/refused.csv?file={number}")).status_code == 404

    mended = {"row-0": "3", "cell-0-0": "bo", "cell-0-1": "Bo", "cell-0-2": "ES"}
    answer = await send(browser, f"{path}/mend", **mended, **{"row-1": "4", "cell-1-0": "Cy", "leave-1": "yes"})
    assert answer.headers["location"] == f"/administration{path}"
    await done(app, path)
    page = await browser.get(f"/administration{path}")
    assert "2 things would be stored." in text_of(page)
    assert "refused" not in text_of(page).partition("Kind")[0]

    answer = await send(browser, f"{path}/start")
    await done(app, path)
    page = await browser.get(answer.headers["location"])
    assert "2 things were stored." in text_of(page)
    assert '<a href="/people/ana"><bdi>Ana</bdi></a>' in page.text
    assert '<a href="/people/bo"><bdi>Bo</bdi></a>' in page.text
    listed = text_of(await browser.get("/administration/load"))
    assert "experts.csv , notes.xyz loaded" in listed
    assert "The 5 latest are kept, for 1 hour" in listed
    assert [row["id"] for row in await graph.read(PEOPLE)] == ["ana", "bo"]
    assert await own_loads(browser) == 1

    await send(browser, f"{path}/remove")
    assert (await browser.get(f"/administration{path}")).status_code == 404
    assert await own_loads(browser) == 0


@pytest.mark.parametrize(
    "content, why",
    [
        ("", "What could be loaded is refused; what is wrong with it stands below. 1 file is refused as a whole."),
        ("id,name\n", "There is nothing in these files that could be loaded; how they were read stands below."),
        ("id,name,country\nbo,Bo,Spain\n", "What could be loaded is refused; what is wrong with it stands below."),
    ],
    ids=["empty", "header alone", "all refused"],
)
async def test_what_would_change_nothing_is_said_and_cannot_be_loaded(
    app: FastAPI, browser: httpx.AsyncClient, engine_address: Address, content: str, why: str
) -> None:
    path, page = await looked_at(app, browser, file("experts.csv", content))

    assert f"Loading would change nothing. {why}" in text_of(page)
    assert f"{path}/start" not in page.text


async def test_what_is_of_no_kind_that_is_read_is_not_taken_in(browser: httpx.AsyncClient) -> None:
    page = await send_files(browser, "/load", [file("picture.png", b"\x89PNG")])

    assert page.status_code == 422
    assert "None of these files is of a kind that is read. Send lists in CSV, Excel" in text_of(page)
    assert await own_loads(browser) == 0


async def test_who_may_be_one_is_to_be_looked_at_on_a_page_and_not_by_a_command(
    app: FastAPI, browser: httpx.AsyncClient, engine_address: Address
) -> None:
    roster = "Name,E-mail,Country\nAna Diaz Ruiz,ana@one.example,ES\nAna Diaz-Ruiz,ana@two.example,ES\n"
    path, page = await looked_at(app, browser, file("roster.csv", roster))
    table = await browser.get(f"/administration{path}/refused.csv")

    assert '<a href="/administration/people/duplicates">once they are loaded, say among the people' in page.text
    for told in (page.text, table.text):
        assert "may be the same person as" in html.unescape(told)
        assert "knowwho people" not in told


async def test_a_refused_value_is_no_refused_row(
    app: FastAPI, browser: httpx.AsyncClient, engine_address: Address
) -> None:
    roster = "Name,E-mail,Country\nQuin Walker,quin@walk.example,Atlantis\nPat Walker,pat@walk.example,Kenya\n"
    _, page = await looked_at(app, browser, file("roster.csv", roster))

    shown = text_of(page)
    assert "2 things would be stored. 1 value or other part of a file is refused. Load without what is refused" in shown
    assert "row is refused" not in shown
    assert "People 2 – – – –" in shown


async def test_what_is_refused_is_taken_along_in_the_language_of_the_page_and_its_rows_go_back_in(
    app: FastAPI, browser: httpx.AsyncClient, engine_address: Address
) -> None:
    path, _ = await looked_at(
        app, browser, file("experts.csv", "id,name,country,problem\nana,Ana,ES,\nbo,<b>Bo</b>,Spain,\n")
    )
    in_french = {"Accept-Language": "fr"}

    table = await browser.get(f"/administration{path}/refused.csv", headers=in_french)
    rows = await browser.get(f"/administration{path}/refused.csv?file=0", headers=in_french)
    again = await browser.get(f"/administration{path}/refused.csv?file=0")

    told = rows_of(table)[0]
    reason, remedy = told["Problème"], told["Solution"]
    assert [told[name] for name in ("Fichier", "Emplacement dans le fichier", "Colonne", "Valeur")] == [
        "experts.csv", "ligne 3", "country", "Spain",
    ]  # fmt: skip
    assert reason == of_loader("'Spain' is not a country code of ISO 3166", "fr")
    assert "write" not in remedy
    assert [*rows_of(rows)[0].items()] == [
        *(("id", "bo"), ("name", "<b>Bo</b>"), ("country", "Spain"), ("problem", "")),
        ("problème", f"{reason}\u00a0; {remedy}."),
    ]
    assert [*rows_of(again)[0]] == ["id", "name", "country", "problem", "problem (5)"]

    mended = [("mended", ("experts.csv", rows.text.replace("Spain", "ES").encode()))]
    await send_files(browser, f"{path}/file", mended, file="0")
    await done(app, path)
    page = text_of(await browser.get(f"/administration{path}"))
    assert "1 thing would be stored. Load" in page
    assert "column 'problème' is not known and was left out" in page


def rows_of(table: httpx.Response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))


@pytest.mark.parametrize("language", UN_LANGUAGES)
def test_no_two_columns_of_what_is_refused_are_called_the_same(language: str) -> None:
    assert len({words_in(language).gettext(heading) for heading in COLUMNS.values()}) == len(COLUMNS)


async def own_loads(browser: httpx.AsyncClient) -> int:
    return (await browser.get("/administration/load")).text.count('action="/administration/load/')


async def test_what_is_no_list_is_refused_on_the_page_and_replaced_there(
    app: FastAPI, browser: httpx.AsyncClient, engine_address: Address
) -> None:
    path, page = await looked_at(
        app,
        browser,
        file("experts.csv", bytes(range(256)) * 40),
        file("empty.csv", ""),
        file("events.csv", "id,title,kind\nday,A day,briefing\n"),
    )

    shown = text_of(page)
    assert "experts.csv" in shown
    assert "empty.csv" in shown
    assert "the whole file" in shown
    files = [html.unescape(name) for name in re.findall(r"<h3><bdi>([^<]+)</bdi></h3>", page.text)]
    number = str(files.index("experts.csv"))

    answer = await send_files(
        browser, f"{path}/file", [("mended", ("Anything.csv", EXPERTS.replace("Spain", "ES").encode()))], file=number
    )
    assert answer.status_code == 303
    await done(app, path)
    page = await browser.get(f"/administration{path}")
    assert "3 things would be stored. Load" in text_of(page)
    assert "empty.csv : the file was left out: it has no rows below a header" in text_of(page)

    for wrong in ({"file": "99"}, {"file": "../../x"}, {}):
        answer = await send_files(browser, f"{path}/file", [("mended", ("x.csv", b"x"))], **wrong)
        assert answer.status_code == 404
    answer = await send_files(browser, f"{path}/file", [], file="0")
    assert answer.status_code == 422


async def test_another_accounts_load_is_not_there(
    app: FastAPI, browser: httpx.AsyncClient, browse: Browse, make_account: MakeAccount, engine_address: Address
) -> None:
    answer = await send_files(browser, "/load", [file("experts.csv", EXPERTS)])
    path = answer.headers["location"].removeprefix("/administration")
    other = await browse(app)
    await sign_in(other, await make_account("other@example.org", role=Role.ADMINISTRATOR))

    for step in ("", "/refused.csv"):
        assert (await other.get(f"/administration{path}{step}")).status_code == 404
    for step in ("/preview", "/mend", "/start", "/remove"):
        assert (await send(other, f"{path}{step}")).status_code == 404
    assert (await send_files(other, f"{path}/file", [("mended", ("x.csv", b"x"))], file="0")).status_code == 404

    assert (await browser.get(f"/administration{path}")).status_code == 200
    assert await own_loads(other) == 0


@pytest.mark.parametrize(
    "files,why",
    [
        ([], "no file was chosen"),
        ([file("n.zip", archive({"../x.csv": b"x"}))], "a path in it leads out of it"),
        ([file("n.zip", archive({"x.csv": bytes(3_000_000)}))], "more than 200 times its size"),
        ([file("n.zip", archive({f"{number}.csv": b"" for number in range(10_000)}))], "more than 5,000 files"),
        ([file("a.csv", "x"), file("A.csv", "x")], "two files are called"),
    ],
    ids=["nothing", "traversal", "bomb", "many", "twins"],
)
async def test_what_cannot_be_taken_in_is_said(
    browser: httpx.AsyncClient, files: list[tuple[str, tuple[str, bytes]]], why: str
) -> None:
    answer = await send_files(browser, "/load", files or [("other", ("", b""))])

    assert answer.status_code == 422
    assert why in html.unescape(answer.text)
    assert await own_loads(browser) == 0


async def test_too_much_is_refused_as_it_comes_and_too_many_files(
    app: FastAPI, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "ENVELOPE", -99_900_000)  # so that 100 kB are too much

    large = await send_files(browser, "/load", [file("experts.csv", b"x" * 200_000)])

    async def endless() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.csv"\r\n\r\n'
        while True:
            yield b"x" * 10_000

    headers = {**HERE, "Content-Type": "multipart/form-data; boundary=x"}
    streamed = await browser.post("/administration/load", content=endless(), headers=headers)
    many = await send_files(browser, "/load", [file(f"{number}.csv", "") for number in range(201)])

    assert (large.status_code, streamed.status_code, many.status_code) == (413, 413, 400)
    assert "more than 100 MB together" in large.text
    assert "<h1>Too large</h1>" in large.text
    assert 'href="/administration/load">Open the page again</a>' in large.text
    assert "more than 200" in many.text


async def test_a_load_may_have_a_table_of_its_own_size_and_no_other_form_has(browser: httpx.AsyncClient) -> None:
    csrf = await csrf_on(browser)

    table = await browser.post(
        f"/administration/load/{'x' * 22}/mend", data={"csrf": csrf, "cell-0-0": "x" * 500_000}, headers=HERE
    )
    other = await browser.post("/administration/tokens", data={"csrf": csrf, "name": "x" * 500_000}, headers=HERE)

    assert (table.status_code, other.status_code) == (404, 413)


async def test_what_was_loaded_of_somebody_is_told_no_more_once_they_are_erased(
    app: FastAPI, browser: httpx.AsyncClient, graph: Graph, engine_address: Address
) -> None:
    path, _ = await looked_at(app, browser, file("experts.csv", "id,name\nzoe-lindt,Zoe Lindt\n"))
    await send(browser, f"{path}/start")
    await done(app, path)
    assert "Zoe Lindt" in text_of(await browser.get(f"/administration{path}"))

    asked = await send(browser, "/people/erase/find", person="zoe-lindt")
    await send(browser, "/people/erase", person="zoe-lindt", confirmation="Zoe Lindt")

    assert "Loads whose report or files tell of them are deleted, too" in text_of(asked)
    assert (await browser.get(f"/administration{path}")).status_code == 404
    kept = app.state.loads.settings.home / "loads"
    assert [one for one in kept.rglob("*") if one.is_file()] == []


async def test_a_file_called_like_a_source_says_what_is_taken_out_with_it(
    app: FastAPI, browser: httpx.AsyncClient, engine_address: Address
) -> None:
    first, page = await looked_at(app, browser, file("experts.csv", "id,name\nana,Ana\n"))
    assert "Already known" not in text_of(page)
    await send(browser, f"{first}/start")
    await done(app, first)

    second, page = await looked_at(app, browser, file("experts.csv", "id,name\nbo,Bo\n"))
    await send(browser, f"{second}/start")
    await done(app, second)
    loaded = text_of(await browser.get(f"/administration{second}"))

    assert "The network had 1 row from a file called experts.csv before this." in text_of(page)
    assert "give it another name and send it again" in text_of(page)
    assert "The network had 1 row from a file called experts.csv before this. It goes with what came now." in loaded
    assert "before this" not in text_of(await browser.get(f"/administration{first}"))


async def test_a_load_in_line_and_a_file_that_cannot_be_read_are_called_so(
    app: FastAPI, browser: httpx.AsyncClient, engine_address: Address
) -> None:
    paths = []
    for content in (b"", b"id,name\nana,Ana\n"):
        answer = await send_files(browser, "/load", [file("experts.csv", content)])
        paths.append(answer.headers["location"].removeprefix("/administration"))
    in_line = text_of(await browser.get(f"/administration{paths[1]}"))
    while_waiting = text_of(await browser.get("/administration/load"))
    for path in paths:
        await done(app, path)
    listed = text_of(await browser.get("/administration/load"))

    assert "It waits until another load is done." in in_line
    assert "experts.csv waits until another is done" in while_waiting
    assert "experts.csv could not be read" in listed
    assert "experts.csv looked at, not loaded yet" in listed
