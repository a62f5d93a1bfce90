"""Loading a network: files are sent, what they would do is looked at, rows are mended, and then they are loaded."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import Any, Final, cast
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from api.door import CheckedForm, Visitor, checked_upload
from api.door.limits import Limited, spend
from api.loading import (
    KEPT_S,
    MOST_OF_ACCOUNT,
    NOTHING_TO_READ,
    READ,
    Load,
    Loads,
    NoSuchLoad,
    Problem,
    RowToMend,
    Step,
    Told,
    Trouble,
    UnfitUpload,
    Upload,
    is_read,
)
from api.pages.administration.gate import Administrator, account_of
from api.pages.languages import language_of
from api.pages.loader_words import of_command, of_loader
from api.pages.refusals import status_of
from api.pages.rendering import render
from api.pages.typed import number_of
from api.pages.unanswered import NO_ANSWER
from api.pages.words import N_, words_in
from api.spreadsheet import lines, table
from graph import intake
from graph.errors import GraphError
from graph.wording import Wording

__all__ = ["load"]

MOST_FILES: Final = 200
MOST_ROWS: Final = 50
MOST_CELLS: Final = 800
"""How many rows, and cells of them, are mended at once; with these mended, the next ones come up."""
MOST_PROBLEMS: Final = 100
"""How many are told of one file; all of them are in the table to take away."""
MOST_NOT_READ: Final = 20
ACCEPTED: Final = ",".join((*sorted(READ), ".zip"))
PAGES: Final[Mapping[str, str]] = {
    "experts": "/people/",
    "topics": "/topics/",
    "series": "/series/",
    "events": "/events/",
    "resources": "/resources/",
}
"""Where the page of a thing is, by its kind."""
REMEDIES: Final = (
    (
        re.compile(r"knowwho people (merge|distinct)"),
        N_("once they are loaded, say among the people who may be one whether they are"),
        "/administration/people/duplicates",
    ),
)
"""What people can do on a page where the loader names a command: the command, the sentence and the page."""
FORMAT: Final = "docs/network-format.md"
"""Where the command line leads whoever gave it no file of a network; on a page no such document lies beside."""
LONG_CELL: Final = 60
COLUMNS: Final = {
    "file": N_("File"),
    "place": N_("Place in the file"),
    "column": N_("Column"),
    "value": N_("Value"),
    "problem": N_("Problem"),
    "remedy": N_("Remedy"),
}
"""Of the table of all that was told: the heading of each, in English."""

TROUBLES: Final[Mapping[str, str]] = {
    Trouble.LEFT: N_("The preview was ended because nobody looked at it any more; look again."),
    Trouble.TOOK_TOO_LONG: N_("It took too long and was ended; send less at once."),
    Trouble.INTERRUPTED: N_("The server was stopped meanwhile. What was stored stays; doing it again completes it."),
    Trouble.NOT_BEGUN: N_("It could not be begun; try again, and look at the server's log if that does not help."),
    Trouble.TOO_MUCH_TO_TELL: N_("More is refused than a page can show; send less at once."),
    Trouble.UNTOLD: N_("It came to nothing, and the command does not say why; the server's log may know."),
}

load = APIRouter()


@load.get("/administration/load")
async def loads_page(request: Request, visitor: Administrator) -> Response:
    """Where files are sent from, and the visitor's own loads."""
    return await _sending(request, visitor)


@load.post("/administration/load")
async def send_files(request: Request, visitor: Administrator) -> Response:
    """Take files in, and look at what loading them would do."""
    await spend(request, Limited.MUTATION)
    form = await checked_upload(request, visitor, most_files=MOST_FILES)
    try:
        made = await _loads(request).begin(account_of(visitor).id, _uploads(form, "files"))
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _sending(request, visitor, refusal=refusal)
    finally:
        await form.close()
    return _shown(made)


@load.get("/administration/load/{id}")
async def load_page(request: Request, visitor: Administrator, id: str) -> Response:
    """A load: how far it is, what it would do or did, and the rows to be mended."""
    return await _page(request, visitor, _found(request, visitor, id))


@load.post("/administration/load/{id}/preview")
async def look_again(request: Request, visitor: Administrator, form: CheckedForm, id: str) -> Response:  # noqa: ARG001 -- it is checked
    """Look again at what loading would do."""
    await spend(request, Limited.MUTATION)
    found = _found(request, visitor, id)
    try:
        await _loads(request).preview(account_of(visitor).id, found.id)
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _page(request, visitor, found, refusal=refusal)
    return _shown(found)


@load.post("/administration/load/{id}/mend")
async def mend_rows(request: Request, visitor: Administrator, form: CheckedForm, id: str) -> Response:
    """Put mended rows in their place, and look again."""
    await spend(request, Limited.MUTATION)
    loads, found = _loads(request), _found(request, visitor, id)
    told = await asyncio.to_thread(loads.told, found)
    rows = _mended(form, told.rows if told else ())
    try:
        await loads.preview(account_of(visitor).id, found.id, mended=rows)
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _page(request, visitor, found, refusal=refusal, typed=form)
    return _shown(found)


@load.post("/administration/load/{id}/file")
async def send_mended_file(request: Request, visitor: Administrator, id: str) -> Response:
    """Put a file that was mended where it was made in the place of the one that was sent, and look again."""
    await spend(request, Limited.MUTATION)
    loads, found = _loads(request), _found(request, visitor, id)
    form = await checked_upload(request, visitor, most_files=1)
    try:
        uploads = _uploads(form, "mended")
        if not uploads:
            raise UnfitUpload(Wording("Nothing was taken in: no file was chosen; choose the file that you mended."))
        told = await asyncio.to_thread(loads.told, found)
        file = _file(told, str(form.get("file", "")))
        await loads.put_in_place(account_of(visitor).id, found.id, file=file, upload=uploads[0])
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _page(request, visitor, found, refusal=refusal)
    finally:
        await form.close()
    return _shown(found)


@load.post("/administration/load/{id}/start")
async def start_loading(request: Request, visitor: Administrator, form: CheckedForm, id: str) -> Response:  # noqa: ARG001 -- it is checked
    """Load it, once."""
    await spend(request, Limited.MUTATION)
    found = _found(request, visitor, id)
    try:
        before = await _told_before(request, visitor, found)
        await _loads(request).load(account_of(visitor).id, found.id, told_before=before)
    except NO_ANSWER:
        raise
    except GraphError as refusal:
        return await _page(request, visitor, found, refusal=refusal)
    return _shown(found)


@load.post("/administration/load/{id}/remove")
async def remove_load(request: Request, visitor: Administrator, form: CheckedForm, id: str) -> Response:  # noqa: ARG001 -- it is checked
    """End what is being done with a load, and forget what was sent."""
    await spend(request, Limited.MUTATION)
    await _loads(request).remove(account_of(visitor).id, _found(request, visitor, id).id)
    return RedirectResponse("/administration/load?said=removed", status_code=303)


@load.get("/administration/load/{id}/refused.csv")
async def take_refused(request: Request, visitor: Administrator, id: str) -> Response:
    """What was refused or left out, as a table: of a CSV file its rows as they stand there, else all that was told.

    What is wrong with them is said in the language of the page.
    """
    found = _found(request, visitor, id)
    told = await asyncio.to_thread(_loads(request).told, found)
    if told is None:
        raise HTTPException(404)
    number, language = request.query_params.get("file"), language_of(request)
    name = "refused.csv"
    if number is None:
        text = await asyncio.to_thread(_all_told, told, language)
    else:
        file = _file(told, number)
        rows = [one for one in told.rows if one.file == file]
        name, text = file.rpartition("/")[2], await asyncio.to_thread(_rows_told, rows, language)
    return Response(
        text.encode("utf-8-sig"),  # or spreadsheet programs take it for an older encoding
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f"attachment; filename=\"refused.csv\"; filename*=UTF-8''{quote(name, safe='')}",
            "Cache-Control": "no-store",
        },
    )


def _loads(request: Request) -> Loads:
    return cast("Loads", request.app.state.loads)


def _found(request: Request, visitor: Visitor, id: str) -> Load:
    """The visitor's own load; what is another's is not there, as what is gone."""
    try:
        return _loads(request).find(account_of(visitor).id, id)
    except NoSuchLoad:
        raise HTTPException(404) from None


async def _told_before(request: Request, visitor: Visitor, found: Load) -> Sequence[tuple[str, int]]:
    """The files of a load of which the network has rows already, and how many; once it is loaded, had."""
    if found.step is not Step.PREVIEWED:
        return found.told_before
    files = set(await asyncio.to_thread(_loads(request).files, found))
    known = await intake.sources(request.app.state.network.graph, visitor.viewer)
    return [(one.id, one.rows) for one in known if one.id in files and one.rows]


def _shown(found: Load) -> Response:
    return RedirectResponse(f"/administration/load/{found.id}", status_code=303)


def _uploads(form: FormData, field: str) -> list[Upload]:
    sent = [one for one in form.getlist(field) if isinstance(one, UploadFile)]
    return [upload for one in sent if (upload := Upload.of(one)) is not None]


def _file(told: Told | None, number: str) -> str:
    """A file that has something to be mended, by its number on the page: its name may tell of people."""
    files = list(told.problems) if told else []
    place = number_of(number)
    if not 0 <= place < len(files):
        raise HTTPException(404)
    return files[place]


def _mended(form: FormData, rows: Sequence[RowToMend]) -> list[dict[str, object]]:
    """The rows that a form has, of those that were to be mended; others are not looked at."""
    mended: list[dict[str, object]] = []
    for number, one in enumerate(rows):
        if f"cell-{number}-0" not in form or form.get(f"row-{number}") != str(one.row):
            continue
        cells = [] if f"leave-{number}" in form else _cells(form, number, one)
        mended.append({"file": one.file, "row": one.row, "cells": cells})
    return mended


def _cells(form: FormData, number: int, row: RowToMend) -> list[str]:
    """As many cells as the header has, and more only where something stands in them."""
    cells = [str(form.get(f"cell-{number}-{column}", "")).replace("\r\n", "\n") for column in range(row.columns)]
    while len(cells) > len(row.header) and not cells[-1].strip():
        cells.pop()
    return cells


def _all_told(told: Told, language: str) -> str:
    headings = {name: words_in(language).gettext(heading) for name, heading in COLUMNS.items()}
    problems = (_as_cells(one, language) for of_file in told.problems.values() for one in of_file)
    return lines([*COLUMNS], chain([headings], problems))


def _as_cells(one: Problem, language: str) -> dict[str, str]:
    return {
        "file": one.file,
        "place": _said(one.place, language),
        "column": one.column or "",
        "value": one.value,
        "problem": _said(one.reason, language),
        "remedy": _remedy(one, language),
    }


def _remedy(one: Problem, language: str) -> str:
    """What to do, in a language: on a page where there is one."""
    english, address = _remedy_of(one.remedy)
    return words_in(language).gettext(english) if address else _said(english, language)


def _remedy_of(remedy: str) -> tuple[str, str | None]:
    """What to do in the browser and the page where it is done; what the loader says, if it names no command."""
    found = ((english, address) for command, english, address in REMEDIES if command.search(remedy))
    return next(found, (remedy, None))


def _said(text: str, language: str) -> str:
    """What the loader says, in a language; in English where no catalogue has it."""
    return of_loader(text, language) or text


def _rows_told(rows: Sequence[RowToMend], language: str) -> str:
    """Rows under the header of their file, with what is wrong with each at the end, in a column that no list has."""
    say = words_in(language).gettext
    names: list[str] = []
    for place in range(max((one.columns for one in rows), default=0)):
        name = rows[0].header[place] if place < len(rows[0].header) else ""
        name = name or say(N_("Column %(number)s")) % {"number": place + 1}
        names.append(name if name not in names else f"{name} ({place + 1})")
    problem = say(N_("problem"))
    if problem in names:
        problem = f"{problem} ({len(names) + 1})"
    sentence = say(N_("%(reason)s; %(remedy)s."))
    told = (
        {
            **dict.fromkeys(names, ""),
            **dict(zip(names, one.cells, strict=False)),
            problem: " ".join(
                sentence % {"reason": _said(of.reason, language), "remedy": _remedy(of, language)}
                for of in one.problems
            ),
        }
        for one in rows
    )
    return table((*names, problem), told)


async def _sending(request: Request, visitor: Visitor, *, refusal: GraphError | None = None) -> Response:
    loads = _loads(request)
    own = await asyncio.to_thread(
        lambda: [(one, loads.told(one) if one.may_load else None) for one in loads.of(account_of(visitor).id)]
    )
    context = {
        "refusal": refusal,
        "said": request.query_params.get("said"),
        "loads": [
            (one, datetime.fromtimestamp(one.made_at, UTC), told is not None and told.is_unreadable)
            for one, told in own
        ],
        "most": MOST_OF_ACCOUNT,
        "kept_hours": round(KEPT_S / 3600),
        "upload_mb": loads.upload_mb,
        "accepted": ACCEPTED,
    }
    return await render(
        request,
        "administration/load.html",
        visitor,
        context,
        status_code=status_of(refusal),
        page="/administration/load",
    )


async def _page(
    request: Request,
    visitor: Visitor,
    found: Load,
    *,
    refusal: GraphError | None = None,
    typed: FormData | None = None,
) -> Response:
    loads = _loads(request)
    # The page of one that is running asks again every few seconds, and shows none of its files.
    told = None if found.is_running else await asyncio.to_thread(loads.told, found)
    rows = _to_mend(told) if told else []
    kept = () if found.is_running else await asyncio.to_thread(loads.files, found)
    not_read = [file for file in kept if not is_read(file)]
    context: dict[str, Any] = {
        "load": found,
        "problem": found.problem and _problem(found.problem),
        "not_read": not_read[:MOST_NOT_READ],
        "not_read_left": max(0, len(not_read) - MOST_NOT_READ),
        "address_of": _address_of,
        "remedy_of": _remedy_of,
        "counts": {one.kind: one for one in told.kinds} if told else {},
        "of_command": lambda text: of_command(text, language_of(request)),
        "Step": Step,
        "refusal": refusal,
        "told": told,
        "progress": await asyncio.to_thread(loads.progress, found) if found.is_running else [],
        "files": kept,
        "rows": rows,
        "rows_left": 0 if told is None else len(told.rows) - len(rows),
        "with_rows": {one.file for one in told.rows} if told else set(),
        "most_problems": MOST_PROBLEMS,
        "told_before": () if found.is_running else await _told_before(request, visitor, found),
        "typed": typed,
        "is_long": lambda text: len(text) > LONG_CELL or "\n" in text,
    }
    return await render(
        request,
        "administration/load_one.html",
        visitor,
        context,
        status_code=status_of(refusal),
        page=f"/administration/load/{found.id}",
    )


def _problem(told: str) -> str:
    return NOTHING_TO_READ if FORMAT in told else TROUBLES.get(told, told)


def _address_of(kind: str, id: str) -> str | None:
    return f"{PAGES[kind]}{quote(id, safe='')}" if kind in PAGES else None


def _to_mend(told: Told) -> list[RowToMend]:
    """The first rows, as many as one form may have."""
    shown: list[RowToMend] = []
    cells = 0
    for one in told.rows[:MOST_ROWS]:
        cells += one.columns + 2
        if cells > MOST_CELLS:
            break
        shown.append(one)
    return shown
