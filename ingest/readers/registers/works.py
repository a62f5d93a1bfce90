"""What somebody published, as documents that are evidence on them.

A work with an abstract is a document of its own. Most works of a register are no more than a title, and a person has
hundreds: as documents of their own they would be hundreds of passages of ten words, and whoever published most would
have the most chances to be near a question by accident, for a person is ranked by their best passages. So titles are
listed in one document for each language, newest first, where a passage holds about ten works of the same years, which
is as much text as a passage of any other document and mostly on one subject.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.found import CellValue, FoundDocument, FoundText

__all__ = ["Work", "documents_of"]


@dataclass(frozen=True, slots=True)
class Work:
    """Something published: ``date`` is as exact as the register is, ``language`` empty if it is not told."""

    key: str
    place: str
    title: str
    owners: tuple[str, ...]
    journal: str = ""
    date: str = ""
    language: str = ""
    abstract: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The work as a list of publications has it."""
        where = ", ".join(part for part in (self.journal, self.date[:4]) if part)
        title = self.title if self.title[-1] in ".!?…。؟" else f"{self.title}."
        return f"{title} {where}." if where else title


def documents_of(works: Sequence[Work]) -> list[FoundDocument]:
    """The documents of works: one for each that has an abstract, and lists of the titles of the others.

    A title that comes again, as of a preprint, is taken once, with an abstract rather than without.
    """
    told: set[tuple[str, str]] = set()
    documents: list[FoundDocument] = []
    lists: dict[tuple[str, str], list[Work]] = {}
    for work in sorted(works, key=lambda one: (not one.abstract, _newest_first(one.date), one.key)):
        owners = [owner for owner in work.owners if (owner, work.title.casefold()) not in told]
        told.update((owner, work.title.casefold()) for owner in owners)
        if owners and work.abstract:
            documents.append(_article(work, owners))
        else:
            for owner in owners:
                lists.setdefault((owner, work.language), []).append(work)
    return [*documents, *(_list(owner, language, listed) for (owner, language), listed in lists.items())]


def _newest_first(date: str) -> tuple[int, ...]:
    return tuple(-int(part) for part in date.split("-")) if date else ()


def _article(work: Work, owners: Sequence[str]) -> FoundDocument:
    cells: dict[str, CellValue] = {"owner": [f"#{owner}" for owner in owners], "kind": "article", "title": work.title}
    if len(work.date) == len("2019-05-17"):
        cells["date"] = work.date
    if work.language:
        cells["language"] = work.language
    paragraphs = [FoundText(text=text) for text in (work.line, *work.abstract)]
    return FoundDocument(key=work.key, cells=cells, paragraphs=paragraphs, place=work.place)


def _list(owner: str, language: str, works: Sequence[Work]) -> FoundDocument:
    cells: dict[str, CellValue] = {"owner": [f"#{owner}"], "kind": "article", "title": "Works"}
    if language:
        cells["language"] = language
    paragraphs = [FoundText(text=work.line, place=work.place) for work in works]
    return FoundDocument(key="-".join(filter(None, ("works", owner, language))), cells=cells, paragraphs=paragraphs)
