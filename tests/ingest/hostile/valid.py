"""A small valid file of each kind that has a reader, made by the library that people use to make it."""

import importlib.util
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import docx
import icalendar
import odfdo
import openpyxl
import pptx
import rdflib
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

__all__ = ["KINDS", "NAME", "TEXT", "Valid", "existing"]

NAME = "Ama"
TEXT = "Trains stewards to welcome people and to look after one another. Training is prevention: it comes before law."


@dataclass(frozen=True, slots=True)
class Valid:
    """A kind of file: the end of its name, the module that reads it, and what makes one."""

    suffix: str
    reader: str
    make: Callable[[str, str], bytes]

    def content(self, name: str = NAME, text: str = TEXT) -> bytes:
        """A file with this name of a person (or a topic, or an event), and this text."""
        return self.make(name, text)


def xlsx(name: str, text: str) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id", "name", "headline", "country", "email"])
    sheet.append(["ama", name, text[:100], "GH", "ama@example.org"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def ods(name: str, text: str) -> bytes:
    document = odfdo.Document("spreadsheet")
    document.body.clear()
    table = odfdo.Table("experts")
    for row in (["id", "name", "headline", "country", "email"], ["ama", name, text[:100], "GH", "ama@example.org"]):
        table.append_row(odfdo.Row())
        table.set_row_values(table.height - 1, row)
    document.body.append(table)
    return saved(document)


def csv(name: str, text: str) -> bytes:
    return f'id,name,headline,country,email\nama,"{name}","{text[:100]}",GH,ama@example.org\n'.encode()


def saved(document: odfdo.Document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def graph(name: str, text: str) -> rdflib.Graph:
    found = rdflib.Graph()
    topic, scheme = rdflib.URIRef("https://example.org/t/training"), rdflib.URIRef("https://example.org/t")
    found.add((scheme, rdflib.RDF.type, rdflib.SKOS.ConceptScheme))
    found.add((topic, rdflib.RDF.type, rdflib.SKOS.Concept))
    found.add((topic, rdflib.SKOS.inScheme, scheme))
    found.add((topic, rdflib.SKOS.prefLabel, rdflib.Literal(name, lang="en")))
    found.add((topic, rdflib.SKOS.definition, rdflib.Literal(text, lang="en")))
    return found


def turtle(name: str, text: str) -> bytes:
    return graph(name, text).serialize(format="turtle", encoding="utf-8")


def rdf_xml(name: str, text: str) -> bytes:
    return graph(name, text).serialize(format="xml", encoding="utf-8")


def json_ld(name: str, text: str) -> bytes:
    return graph(name, text).serialize(format="json-ld", encoding="utf-8")


def ics(name: str, text: str) -> bytes:
    event = icalendar.Event()
    event.add("uid", "a@example.org")
    event.add("summary", name)
    event.add("description", text)
    for field, moment in (
        ("dtstart", "20260302T140000Z"),
        ("dtend", "20260302T160000Z"),
        ("dtstamp", "20260101T000000Z"),
    ):
        event[field] = moment
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//example.org//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def pretalx(name: str, text: str) -> bytes:
    speaker = {"code": "ABCDEF", "name": name, "biography": text, "email": "ama@example.org"}
    return json.dumps({"count": 1, "next": None, "previous": None, "results": [speaker]}).encode()


def frab(name: str, text: str) -> bytes:
    talk = {
        "id": 1,
        "guid": "f2b2b1a0-0000-4000-8000-000000000001",
        "date": "2026-03-02T14:00:00+01:00",
        "start": "14:00",
        "duration": "00:30",
        "room": "A",
        "slug": "talk-1",
        "title": "Opening the doors",
        "subtitle": "",
        "track": "Prevention",
        "type": "Talk",
        "language": "en",
        "abstract": text,
        "description": text,
        "persons": [{"id": 7, "code": "ABCDEF", "public_name": name, "name": name}],
        "links": [],
        "attachments": [],
    }
    day = {"index": 1, "date": "2026-03-02", "rooms": {"A": [talk]}}
    conference = {
        "acronym": "conf",
        "title": "Conference",
        "start": "2026-03-02",
        "end": "2026-03-03",
        "daysCount": 1,
        "timeslot_duration": "00:05",
        "time_zone_name": "Europe/Vienna",
        "days": [day],
    }
    return json.dumps(
        {"schedule": {"version": "1", "base_url": "https://conf.example.org/", "conference": conference}}
    ).encode()


def orcid(name: str, text: str) -> bytes:
    title = {"title": {"value": text[:60]}, "subtitle": None, "translated-title": None}
    work = {"put-code": 1, "title": title, "publication-date": None, "visibility": "public", "display-index": "1"}
    person = {
        "name": {"given-names": {"value": name}, "family-name": None, "credit-name": None, "visibility": "public"},
        "biography": {"content": text, "visibility": "public"},
    }
    record = {
        "orcid-identifier": {"path": "0000-0002-1825-0097"},
        "person": person,
        "activities-summary": {"works": {"group": [{"work-summary": [work]}]}},
    }
    return json.dumps(record).encode()


def openalex(name: str, text: str) -> bytes:
    author = {"id": "https://openalex.org/A1", "display_name": name, "orcid": None}
    work = {
        "id": "https://openalex.org/W1",
        "display_name": "Opening the doors",
        "publication_year": 2019,
        "language": "en",
        "authorships": [{"author": author}],
        "abstract_inverted_index": {word: [place] for place, word in enumerate(dict.fromkeys(text.split()))},
    }
    return json.dumps([author, work]).encode()


def pdf(name: str, text: str) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    canvas.drawString(72, 780, name)
    for line, start in enumerate(range(0, len(text), 60)):
        canvas.drawString(72, 750 - 14 * line, text[start : start + 60])
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def docx_(name: str, text: str) -> bytes:
    document = docx.Document()
    document.add_heading(name)
    document.add_paragraph(text)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def pptx_(name: str, text: str) -> bytes:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    title = slide.shapes.title
    assert title is not None
    title.text = name
    slide.placeholders[1].text = text
    file = io.BytesIO()
    deck.save(file)
    return file.getvalue()


def odt(name: str, text: str) -> bytes:
    document = odfdo.Document("text")
    document.body.clear()
    document.body.append(odfdo.Header(1, name))
    document.body.append(odfdo.Paragraph(text))
    return saved(document)


def html(name: str, text: str) -> bytes:
    return (
        f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>{name}</title></head>"
        f"<body><main><h1>{name}</h1><p>{text}</p><p>{text[::-1]}</p></main></body></html>"
    ).encode()


KINDS: Mapping[str, Valid] = {
    "xlsx": Valid(".xlsx", "ingest.readers.sheets", xlsx),
    "ods": Valid(".ods", "ingest.readers.sheets", ods),
    "csv": Valid(".csv", "ingest.readers.sheets", csv),
    "turtle": Valid(".ttl", "ingest.readers.skos", turtle),
    "rdf-xml": Valid(".rdf", "ingest.readers.skos", rdf_xml),
    "json-ld": Valid(".jsonld", "ingest.readers.skos", json_ld),
    "ics": Valid(".ics", "ingest.readers.calendar", ics),
    "pretalx": Valid(".json", "ingest.readers.pretalx", pretalx),
    "frab": Valid(".json", "ingest.readers.pretalx", frab),
    "orcid": Valid(".json", "ingest.readers.registers", orcid),
    "openalex": Valid(".json", "ingest.readers.registers", openalex),
    "pdf": Valid(".pdf", "ingest.readers.documents.pdf", pdf),
    "docx": Valid(".docx", "ingest.readers.documents.docx", docx_),
    "pptx": Valid(".pptx", "ingest.readers.documents.pptx", pptx_),
    "odt": Valid(".odt", "ingest.readers.documents.odt", odt),
    "html": Valid(".html", "ingest.readers.documents.html", html),
}


def existing() -> list[str]:
    """The kinds whose reader is there."""
    return [kind for kind, valid in KINDS.items() if importlib.util.find_spec(valid.reader) is not None]
