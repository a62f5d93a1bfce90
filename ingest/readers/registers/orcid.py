"""An ORCID record, as the public API gives it (version 3.0, ``https://pub.orcid.org/v3.0/{iD}/record``, JSON)."""

import re
from collections.abc import Iterator, Mapping

from ingest import cells, recognise
from ingest.cells import visible
from ingest.files import FileRefused
from ingest.found import FoundDocument, FoundText, Reading
from ingest.readers.plain import PlainText
from ingest.readers.registers.people import Membership, Person, rows_of
from ingest.readers.registers.values import accepted, at, objects_at, text_at
from ingest.readers.registers.works import Work, documents_of

__all__ = ["read_orcid"]

Object = Mapping[str, object]

# The sections of a record that tell where somebody was, and what somebody was there without a role of their own.
SECTIONS = {
    "employment": "",
    "education": "Student",
    "qualification": "",
    "invited-position": "",
    "membership": "Member",
    "service": "",
}


class _Record:
    """A record of which only what is public is seen; what is not is counted."""

    def __init__(self, given: object) -> None:
        self.given = given
        self.plain = PlainText()
        self.private = 0

    def public(self, *path: str) -> Iterator[Object]:
        """The public objects of the list under these keys."""
        for one in objects_at(self.given, *path):
            if self.is_public(one):
                yield one

    def is_public(self, one: object) -> bool:
        """Whether everybody may see an item, in the words of the person whom it is about."""
        is_public = text_at(one, "visibility").lower() == "public"
        self.private += not is_public
        return is_public


def read_orcid(payload: object) -> Reading:
    """The person of a record, their organisations, biography and works.

    Raises:
        FileRefused: its iD is none, or it does not tell the person's name publicly.
    """
    record = _Record(payload)
    key = accepted(recognise.orcid, text_at(payload, "orcid-identifier", "path"))
    if not key:
        raise FileRefused("it has no ORCID iD whose last digit is right", remedy="download the record again")
    person = _person(record, key)
    works = list(_works(record, key))
    biography, keywords = _biography(record, key)
    notes = record.plain.notes()
    if keywords:
        notes.append(
            f"{keywords} of its keywords are read as text only: a register does not say how deeply somebody knows a "
            "topic; write that into experts.csv"
        )
    if record.private:
        notes.append(f"{record.private} of its items are not public and were left out")
    return Reading(rows=rows_of([person]), documents=[*biography, *documents_of(works)], notes=notes)


def _person(record: _Record, key: str) -> Person:
    about = at(record.given, "person")
    name = at(about, "name")
    shown, given, family = ("", "", "")
    if isinstance(name, Mapping) and record.is_public(name):
        shown, given, family = (
            record.plain.line(text_at(name, part, "value")) for part in ("credit-name", "given-names", "family-name")
        )
    full = f"{given} {family}".strip()
    if not (shown or full):
        raise FileRefused(
            "it does not tell the person's name",
            remedy=f"ask them to make it public at https://orcid.org/{key}, or write them into experts.csv",
            value=key,
        )
    others = [
        record.plain.line(text_at(one, "content")) for one in record.public("person", "other-names", "other-name")
    ]
    countries = record.public("person", "addresses", "address")
    emails = (one for one in record.public("person", "emails", "email") if one.get("verified") is True)
    pages = record.public("person", "researcher-urls", "researcher-url")
    return Person(
        key=key,
        place=f"record {key}",
        name=shown or full,
        orcid=key,
        other_names=tuple(dict.fromkeys(one for one in (full, *others) if one and one != (shown or full))),
        country=_first(accepted(cells.country, text_at(one, "country", "value")) for one in countries),
        email=_first(accepted(cells.email, text_at(one, "email")) for one in emails),
        website=_first(accepted(cells.url, text_at(one, "url", "value")) for one in pages),
        identifiers=tuple(_identifiers(record)),
        memberships=tuple(_memberships(record)),
    )


def _first(found: Iterator[str]) -> str:
    """The first that is not empty; the rest is looked at too, so that what is not public is counted."""
    return next(iter([one for one in found if one]), "")


def _identifiers(record: _Record) -> Iterator[str]:
    """By what other registers know the person: "scopus-author-id:7004212771"."""
    for one in record.public("person", "external-identifiers", "external-identifier"):
        scheme = re.sub(r"[^a-z0-9]+", "-", text_at(one, "external-id-type").lower()).strip("-")
        value = record.plain.line(text_at(one, "external-id-value"), most=100)
        if scheme and value and text_at(one, "external-id-relationship") == "self":
            yield f"{scheme}:{value}"


def _memberships(record: _Record) -> Iterator[Membership]:
    for section, role in SECTIONS.items():
        for group in objects_at(record.given, "activities-summary", f"{section}s", "affiliation-group"):
            for summary in objects_at(group, "summaries"):
                one = at(summary, f"{section}-summary")
                if isinstance(one, Mapping) and record.is_public(one):
                    found = _membership(record, one, section, role)
                    if found.organisation:
                        yield found


def _membership(record: _Record, one: Object, section: str, role: str) -> Membership:
    return Membership(
        organisation=record.plain.line(text_at(one, "organization", "name")),
        country=accepted(cells.country, text_at(one, "organization", "address", "country")),
        role=record.plain.line(text_at(one, "role-title")) or role,
        since=_date(at(one, "start-date")),
        until=_date(at(one, "end-date")),
        place=f"{section} {_put_code(one)}",
    )


def _put_code(one: Object) -> str:
    """The number by which ORCID knows an item of the record."""
    return visible(str(one.get("put-code", "")), limit=20)


def _date(given: object) -> str:
    """A date as exact as the record gives it: "2014", "2014-09" or "2014-09-01"."""
    parts: list[str] = []
    for part in ("year", "month", "day"):
        value = text_at(given, part, "value")
        if not value.isdecimal():
            break
        parts.append(value.zfill(2))
    return accepted(cells.partial_date, "-".join(parts))


def _biography(record: _Record, key: str) -> tuple[list[FoundDocument], int]:
    """What the person says of themselves, as a document if they say anything, and how many keywords they give."""
    biography = at(record.given, "person", "biography")
    paragraphs: list[FoundText] = []
    if isinstance(biography, Mapping) and text_at(biography, "content") and record.is_public(biography):
        paragraphs += [FoundText(text=text) for text in record.plain.written(text_at(biography, "content"))]
    words = [record.plain.line(text_at(one, "content")) for one in record.public("person", "keywords", "keyword")]
    keywords = [word for word in words if word]
    if keywords:
        paragraphs.append(FoundText(text=f"{'; '.join(keywords)}.", place="keywords"))
    if not paragraphs:
        return [], 0
    return [
        FoundDocument(key="biography", cells={"owner": [f"#{key}"], "kind": "biography"}, paragraphs=paragraphs)
    ], len(keywords)


def _works(record: _Record, key: str) -> Iterator[Work]:
    """The works; of a group, which is one work as several sources tell it, the version that the person prefers."""
    for group in objects_at(record.given, "activities-summary", "works", "group"):
        public = [one for one in objects_at(group, "work-summary") if record.is_public(one)]
        for one in sorted(public, key=_display_index, reverse=True)[:1]:
            yield from _versions(record, one, key)


def _display_index(one: Object) -> int:
    index = str(one.get("display-index", ""))
    return int(index) if index.isdecimal() and len(index) < 10 else 0


def _versions(record: _Record, one: Object, key: str) -> Iterator[Work]:
    """A work under its title, and under the translated one if there is any."""
    number = _put_code(one)
    titles = {"": ": ".join(filter(None, (text_at(one, "title", part, "value") for part in ("title", "subtitle"))))}
    translated = at(one, "title", "translated-title")
    language = accepted(cells.language, text_at(translated, "language-code"))
    titles.setdefault(language, text_at(translated, "value"))
    for tag, title in titles.items():
        shown = record.plain.line(title)
        if shown:
            yield Work(
                key="-".join(filter(None, ("work", number, tag))),
                place=f"work {number}",
                title=shown,
                owners=(key,),
                journal=record.plain.line(text_at(one, "journal-title", "value")),
                date=_date(at(one, "publication-date")),
                language=tag,
            )
