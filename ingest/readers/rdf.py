"""RDF files as a graph of triples: Turtle, N-Triples, RDF/XML and JSON-LD, and never anything but the file itself.

A file may ask for others: JSON-LD for a context at another address, XML for external entities. Such a file is refused
before its parser sees it, and nothing is asked of a network or read from the disk.
"""

import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from xml.parsers import expat
from xml.sax import SAXParseException
from xml.sax.saxutils import XMLFilterBase
from xml.sax.xmlreader import AttributesNSImpl

from rdflib import Graph
from rdflib.exceptions import ParserError
from rdflib.parser import StringInputSource
from rdflib.plugins.parsers.jsonld import to_rdf
from rdflib.plugins.parsers.notation3 import BadSyntax
from rdflib.plugins.parsers.rdfxml import create_parser

from ingest.cells import visible
from ingest.files import FileRefused

__all__ = ["NOWHERE", "parsed"]

NOWHERE = "https://nowhere.invalid/"
"""What addresses without a beginning are resolved against; one that begins so is known inside the file alone."""

# An entity abbreviates the beginning of an address. One that is longer is there to make a small file large.
LONGEST_ENTITY = 200

# rdflib logs every odd address with the text around it; what is odd is told in the reading.
logging.getLogger("rdflib").setLevel(logging.CRITICAL)

XML_LANGUAGE = ("http://www.w3.org/XML/1998/namespace", "lang")


def parsed(path: Path) -> Graph:
    """Everything that the file states, in whichever of its graphs.

    Raises:
        FileRefused: it is not of the kind that its name says, or it asks for other files.
    """
    suffix = path.suffix.lower()
    name, read = KINDS[suffix]
    # The store that knows no named graphs: what JSON-LD puts into some is with all else, and it takes half the time.
    found = Graph(store="SimpleMemory")
    try:
        read(path.read_bytes(), found)
    except FileRefused:
        raise
    except UnicodeDecodeError as problem:
        line = problem.object.count(b"\n", 0, problem.start) + 1
        raise FileRefused(f"line {line} is not UTF-8 text", remedy="save the file in UTF-8") from None
    except RecursionError:
        raise FileRefused("it is nested too deeply to be read", remedy="check that it is the right file") from None
    except BadSyntax as problem:
        raise _broken(name, problem._why, line=problem.lines + 1) from None  # noqa: SLF001 -- told nowhere else
    except SAXParseException as problem:
        raise _broken(name, problem.getMessage(), line=problem.getLineNumber()) from None
    except json.JSONDecodeError as problem:
        raise _broken(name, problem.msg, line=problem.lineno) from None
    except OSError as problem:
        raise FileRefused(
            f"it cannot be read ({problem.strerror})", remedy="check the file and its permissions"
        ) from None
    except Exception as problem:  # noqa: BLE001 -- rdflib's parsers answer broken text with errors of any class
        raise _broken(name, str(problem).partition("\n")[0] or type(problem).__name__, line=None) from None
    return found


def _broken(name: str, why: str, *, line: int | None) -> FileRefused:
    return FileRefused(
        f"it is not {name} ({visible(why)})" if line is None else f"line {line} is not {name} ({visible(why)})",
        remedy="export it again from the tool that it was made with",
    )


def _turtle(data: bytes, found: Graph) -> None:
    found.parse(data=data.decode("utf-8-sig"), format="turtle", publicID=NOWHERE)


def _n_triples(data: bytes, found: Graph) -> None:
    try:
        found.parse(data=data.decode("utf-8-sig"), format="nt", publicID=NOWHERE)
    except ParserError as problem:
        # Its message ends with what is left of the line.
        rest = str(problem).partition(": ")[2]
        raise _broken("N-Triples", f"the end of a line, {rest}", line=None) from None


def _rdf_xml(data: bytes, found: Graph) -> None:
    _refuse_entities(data)
    source = StringInputSource(data, system_id=NOWHERE)
    reader = create_parser(source, found)
    statements = reader.getContentHandler()
    tagged = _LanguageTags()
    tagged.setContentHandler(statements)
    reader.setContentHandler(tagged)
    reader.parse(source)


class _LanguageTags(XMLFilterBase):
    """Passes a document on, with language tags that rdflib takes: it gives up on a whole file with ``en_US`` in it."""

    def startElementNS(  # noqa: N802 -- SAX's name
        self, name: tuple[str | None, str], qname: str | None, attrs: AttributesNSImpl
    ) -> None:
        tag = attrs.get(XML_LANGUAGE)
        if tag:
            values = {key: attrs.getValue(key) for key in attrs.getNames()}
            names = {key: attrs.getQNameByName(key) for key in attrs.getNames()}
            attrs = AttributesNSImpl({**values, XML_LANGUAGE: _as_tag(tag)}, names)
        super().startElementNS(name, qname, attrs)


def _as_tag(text: str) -> str:
    """A language tag in the form that RDF asks for, which does not make it one that means something."""
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-").lstrip("0123456789-") or "und"


class _AtRoot(Exception):
    """The part of an XML document in which entities are declared is over."""


def _refuse_entities(data: bytes) -> None:
    """Refuse XML that refers to other files, or whose entities could make it larger than it is (XML 1.0, 4.4)."""
    remedy = "export it without a document type, or as Turtle"

    def doctype(name: str, system: str | None, public: str | None, _has_subset: int) -> None:  # noqa: ARG001
        if system is not None:
            raise FileRefused(f"its document type is another file, '{visible(system)}'", remedy=remedy)

    def entity(  # noqa: PLR0917 -- expat's signature
        name: str,
        is_parameter: int,
        value: str | None,
        base: str | None,  # noqa: ARG001
        system: str | None,
        public: str | None,  # noqa: ARG001
        notation: str | None,  # noqa: ARG001
    ) -> None:
        if value is None:
            raise FileRefused(
                f"its entity '{visible(name)}' stands for another file, '{visible(system or '')}'", remedy=remedy
            )
        if is_parameter or "&" in value or len(value) > LONGEST_ENTITY:
            raise FileRefused(f"its entity '{visible(name)}' is more than the beginning of an address", remedy=remedy)

    def start(_name: str, _attributes: Mapping[str, str]) -> None:
        raise _AtRoot

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = entity
    parser.StartElementHandler = start
    try:
        parser.ParseFile(BytesIO(data))
    except _AtRoot:
        return
    except expat.ExpatError as problem:
        raise _broken("RDF/XML", expat.ErrorString(problem.code), line=problem.lineno) from None


def _json_ld(data: bytes, found: Graph) -> None:
    document = json.loads(data)
    for part in _objects(document):
        tag = part.get("@language")
        if isinstance(tag, str):
            part["@language"] = _as_tag(tag)
        contexts = part.get("@context")
        for context in contexts if isinstance(contexts, list) else [contexts]:
            remote = context.get("@import") if isinstance(context, dict) else context
            if remote is not None:
                raise FileRefused(
                    f"its @context is at another address, '{visible(str(remote))}'",
                    remedy="write the context itself into the file, or save the thesaurus as Turtle",
                )
    to_rdf(document, found, base=NOWHERE)


def _objects(document: object) -> Iterator[dict[str, object]]:
    """Every object of a JSON document, whatever it is in."""
    waiting = [document]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            yield part
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)


KINDS: Mapping[str, tuple[str, Callable[[bytes, Graph], None]]] = {
    ".ttl": ("Turtle", _turtle),
    ".nt": ("N-Triples", _n_triples),
    ".rdf": ("RDF/XML", _rdf_xml),
    ".owl": ("RDF/XML", _rdf_xml),
    ".xml": ("RDF/XML", _rdf_xml),
    ".jsonld": ("JSON-LD", _json_ld),
    ".json": ("JSON-LD", _json_ld),
}
"""What a file is by the end of its name, and how it is read."""
