"""What is told of an entry beneath its title, and a whole report as text."""

from collections.abc import Iterator
from datetime import date

from babel.dates import format_date

from api.catalogues import beside, locale_of
from api.report.entries import Entry, PlannedEntry
from api.report.page import Report

__all__ = ["as_text", "told"]


def told(entry: Entry, language: str) -> str:
    """Days, countries, languages, partners and topics of an entry in one line; empty if nothing is known.

    Of what is planned, its kind and what it lacks as well.
    """
    days = [
        format_date(date.fromisoformat(day), locale=locale_of(language)) for day in (entry.date, entry.until) if day
    ]
    parts = [
        " – ".join(days),
        *(beside(of, language) for of in (entry.countries, entry.languages, entry.partners, entry.topics)),
    ]
    if isinstance(entry, PlannedEntry):
        parts = [entry.kind_told, *parts, entry.missing]
    return " · ".join(part for part in parts if part)


def as_text(report: Report) -> str:
    """The report for a terminal: each statement, and beneath it the list behind it; nothing is told twice."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield report.title
    if report.network:
        yield report.network
    if report.nothing:
        yield ""
        yield report.nothing
    for section in report.sections:
        yield ""
        yield section.title
        for statement in section.statements:
            yield f"  {statement.text}{''.join(f'; {one}' for one in statement.details)}"
            yield from (_line(entry, report.language) for entry in statement.entries)
            if statement.more:
                yield f"    {statement.more}"
    listed = {
        (entry.noun, entry.id)
        for section in report.sections
        for statement in section.statements
        for entry in statement.entries
    }
    projected = [entry for entry in report.projected if (entry.noun, entry.id) not in listed]
    if projected:
        yield ""
        yield report.projected_title
        yield from (_line(entry, report.language) for entry in projected)
        if report.projected_more:
            yield f"    {report.projected_more}"
    if report.notice:
        yield ""
        yield report.notice


def _line(entry: Entry, language: str) -> str:
    about = told(entry, language)
    return f"    {entry.title}" + (f" ({about})" if about else "")
