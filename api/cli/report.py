"""``knowwho report`` and ``knowwho plan``: what the programme did, and what it plans."""

import asyncio
import os
from collections.abc import Coroutine, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graph.errors import GraphError
from graph.values import UN_LANGUAGES, Period

if TYPE_CHECKING:
    from api.report import Report
    from graph.plan import Planned
    from graph.values import Network

__all__ = ["plan_command", "report_command"]

MOST_PLANNED = 500


class ReportInTheWay(GraphError):
    """There is a file already where a report is to be written."""

    def __init__(self, file: Path) -> None:
        self.file = file
        super().__init__(f"{file} is there already; name another file, or write over it with --force.")


class CannotWriteReport(GraphError):
    """A report cannot be written where it is to be."""

    def __init__(self, file: Path, *, reason: str) -> None:
        self.file = file
        self.reason = reason
        super().__init__(f"{file} cannot be written ({reason}); name another file.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"'{text}' is no date; write one as 2026-03-01.") from None


def _language(text: str) -> str:
    if text not in UN_LANGUAGES:
        raise typer.BadParameter(f"'{text}' is none of {', '.join(UN_LANGUAGES)}.")
    return text


InLanguage = Annotated[
    str, typer.Option(metavar="|".join(UN_LANGUAGES), parser=_language, help="The language of the page.")
]
AsWord = Annotated[Path | None, typer.Option(metavar="FILE", help="Write it as a Word document.")]
AsPdf = Annotated[Path | None, typer.Option(metavar="FILE", help="Write it as a PDF.")]
OverFiles = Annotated[bool, typer.Option("--force", help="Write over files that are there.")]


def report_command(
    *,
    year: Annotated[int | None, typer.Option(min=1900, max=9998, help="The year; this one if left out.")] = None,
    since: Annotated[
        date | None, typer.Option(metavar="DATE", parser=_day, help="Instead of a year: the first day.")
    ] = None,
    until: Annotated[date | None, typer.Option(metavar="DATE", parser=_day, help="And the last day.")] = None,
    language: InLanguage = "en",
    people: Annotated[
        bool, typer.Option("--people", help="List people by name too; without it they are only counted.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    docx: AsWord = None,
    pdf: AsPdf = None,
    force: OverFiles = False,
) -> None:
    """Report what the programme did in a year: each figure with the list behind it, and what comes next."""
    span = _span(year, since, until)
    _check_files(docx, pdf, as_json=as_json, force=force)
    asked = _report(span, language=language, people=people)
    if as_json:
        _print_json(asyncio.run(asked).as_json())
    else:
        _tell(asked, docx=docx, pdf=pdf, force=force, named=f"the report from {span.first} to {span.last}")


def plan_command(
    *,
    year: Annotated[int | None, typer.Option(min=1900, max=9999, help="The year; the next one if left out.")] = None,
    language: InLanguage = "en",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the plan as JSON, in the network's own words in every language.")
    ] = False,
    docx: AsWord = None,
    pdf: AsPdf = None,
    force: OverFiles = False,
) -> None:
    """Show what is planned for a year: how far each thing is, and what it has not got yet."""
    from graph import achievements

    span = achievements.year(year or _today().year + 1)
    _check_files(docx, pdf, as_json=as_json, force=force)
    if not as_json:
        asked = _plan(span, language=language)
        _tell(asked, docx=docx, pdf=pdf, force=force, named=f"the plan from {span.first} to {span.last}")
        return
    from dataclasses import asdict

    planned, has_more, network = asyncio.run(_planned(span))
    _print_json(
        {
            "since": span.first,
            "until": span.last,
            "fictional": bool(network and network.is_fictional),
            "planned": [asdict(one) for one in planned],
            "has_more": has_more,
        }
    )


def _check_files(docx: Path | None, pdf: Path | None, *, as_json: bool, force: bool) -> None:
    if as_json and (docx or pdf):
        raise typer.BadParameter("give --json, or files to write", param_hint="--json")
    for file in (docx, pdf):
        if file is not None and file.exists() and not force:
            raise ReportInTheWay(file)


def _tell(
    asked: Coroutine[Any, Any, "Report"], *, docx: Path | None, pdf: Path | None, force: bool, named: str
) -> None:
    """Write a page as the files that are asked for, or print it if there are none."""
    from api.report import as_docx, as_text

    page = asyncio.run(asked)
    if docx is None and pdf is None:
        typer.echo(as_text(page), nl=False)
    for file, make in ((docx, as_docx), (pdf, _as_pdf)):
        if file is not None:
            _write(file, make(page), force=force)
            typer.echo(f"{file} has {named}.", err=True)


async def _report(span: Period, *, language: str, people: bool) -> "Report":
    from api.network import open_graph
    from api.report import following, report_of
    from graph.settings import GraphSettings
    from graph.viewer import Viewer

    async with open_graph(GraphSettings()) as graph:
        return await report_of(
            graph,
            Viewer.at_the_command_line(),
            span=span,
            following=following(span),
            language=language,
            names_people=people,
            today=_today(),
        )


async def _plan(span: Period, *, language: str) -> "Report":
    from api.network import open_graph
    from api.report import plan_of
    from graph.settings import GraphSettings
    from graph.viewer import Viewer

    async with open_graph(GraphSettings()) as graph:
        return await plan_of(graph, Viewer.at_the_command_line(), span=span, language=language, today=_today())


async def _planned(span: Period) -> "tuple[Sequence[Planned], bool, Network | None]":
    from api.network import open_graph
    from graph import plan
    from graph.network import describe
    from graph.settings import GraphSettings
    from graph.viewer import Viewer

    viewer = Viewer.at_the_command_line()
    async with open_graph(GraphSettings()) as graph:
        page = await plan.page(graph, viewer, span=span, today=_today(), first=MOST_PLANNED)
        return [one for _, one in page.entries], page.has_next, await describe(graph, viewer)


def _as_pdf(report: "Report") -> bytes:
    from api import web
    from api.report import as_pdf
    from graph.settings import GraphSettings

    return as_pdf(report, fonts=web.folder(GraphSettings()))


def _span(year: int | None, since: date | None, until: date | None) -> Period:
    from graph import achievements

    if since is None and until is None:
        return achievements.year(year or _today().year)
    if year is not None or since is None or until is None:
        raise typer.BadParameter("give a year, or both --since and --until", param_hint="--since")
    if until < since:
        raise typer.BadParameter(f"{until} is before {since}", param_hint="--until")
    return Period(since, until)


def _today() -> date:
    return datetime.now(UTC).date()


def _print_json(of: object) -> None:
    import orjson

    typer.echo(orjson.dumps(of, option=orjson.OPT_INDENT_2).decode())


def _write(file: Path, content: bytes, *, force: bool) -> None:
    """Write a file beside its place, and move it there when it is whole."""
    beside = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        try:
            with beside.open("xb") as opened:
                opened.write(content)
                opened.flush()
                os.fsync(opened.fileno())
            if file.exists() and not force:
                raise ReportInTheWay(file)
            beside.replace(file)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as problem:
        raise CannotWriteReport(file, reason=problem.strerror or type(problem).__name__) from None
