"""Files that somebody made to do harm: what each is called, of which kind it is, and whether it must be refused."""

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from tests.ingest.hostile.valid import KINDS, TEXT

__all__ = ["HOSTILE", "SECRET", "Hostile"]

SECRET = "a secret of this machine"
OVERRIDE = "\u202eAma\u202c\u2066"
SCRIPT = "<script>alert(1)</script><b onclick='x()'>Ama</b>"
GIGABYTES_10 = 10_000_000_000
OFFICE = {
    "xlsx": "xl/worksheets/sheet1.xml",
    "ods": "content.xml",
    "docx": "word/document.xml",
    "pptx": "ppt/slides/slide1.xml",
    "odt": "content.xml",
}


@dataclass(frozen=True, slots=True)
class Hostile:
    """A hostile file: ``make`` gets the path of a secret file, and ``refused`` says whether it must be refused."""

    name: str
    kind: str
    make: Callable[[Path], bytes]
    refused: bool | None = None
    """None where a reader may as well clean it."""


def replaced(content: bytes, member: str, change: Callable[[bytes], bytes]) -> bytes:
    """A zip with one member changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info.filename, change(data) if info.filename == member else data)
    return out.getvalue()


def bomb(_: Path, *, kind: str, filler: bytes, keep: bool) -> bytes:
    """A file whose main part unpacks to 10 GB of one byte; with ``keep``, as space within the XML that was there."""
    member = OFFICE[kind]
    content = KINDS[kind].content()
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        text = old.read(member)
    start, end = (text[: (cut := text.rindex(b"</"))], text[cut:]) if keep else (b"", b"")
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    head = packer.compress(start) + packer.flush(zlib.Z_FULL_FLUSH)
    # A block after a full flush knows nothing of what came before it, so that it may be repeated.
    block = 10_000_000
    body = packer.compress(filler * block) + packer.flush(zlib.Z_FULL_FLUSH)
    times = GIGABYTES_10 // block
    data = head + body * times + packer.compress(end) + packer.flush()
    return with_packed(content, member, data, size=len(start) + block * times + len(end))


def with_packed(content: bytes, member: str, data: bytes, *, size: int) -> bytes:
    """A zip with one member's packed bytes given, which zipfile only writes from unpacked ones."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != member:
                new.writestr(info.filename, old.read(info))
        info = zipfile.ZipInfo(member)
        info.compress_type, info.file_size, info.compress_size = zipfile.ZIP_DEFLATED, size, len(data)
        info.header_offset, info.CRC = new.start_dir, 0
        out.seek(new.start_dir)
        out.write(info.FileHeader(zip64=True) + data)
        new.start_dir = out.tell()
        new.filelist.append(info)
        new.NameToInfo[member] = info
    return out.getvalue()


def with_doctype(text: bytes, doctype: str, entity: str) -> bytes:
    """XML with a document type, and an entity before its last words."""
    declared = text.index(b"?>") + 2 if text.startswith(b"<?xml") else 0
    before = text[:declared] + doctype.encode() + text[declared:]
    place = before.index(b"Ama")
    return before[:place] + entity.encode() + before[place:]


def naming(_: Path, *, kind: str, name: str) -> bytes:
    return KINDS[kind].content(name, f"{TEXT} {name}")


def with_nul(_: Path, *, kind: str) -> bytes:
    return KINDS[kind].content().replace(b"stewards", b"stew\0ards")


def empty(_: Path) -> bytes:
    return b""


def growing(_: Path) -> str:
    return LAUGHS


LAUGHS = "<!DOCTYPE x [<!ENTITY a0 'ha'>{}]>".format(
    "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 11))
)


def external(secret: Path) -> str:
    return f"<!DOCTYPE x [<!ENTITY a10 SYSTEM '{secret.as_uri()}'>]>"


def external_dtd(secret: Path) -> str:
    return f"<!DOCTYPE x [<!ENTITY % d SYSTEM '{secret.as_uri()}'> %d; <!ENTITY a10 'x'>]>"


def with_entity(secret: Path, *, kind: str, doctype_of: Callable[[Path], str]) -> bytes:
    doctype = doctype_of(secret)
    content = KINDS[kind].content()
    if kind == "xlsx":
        # Its texts are in a list of their own.
        return replaced(content, "xl/sharedStrings.xml", lambda text: with_doctype(text, doctype, "&a10;"))
    if kind in OFFICE:
        return replaced(content, OFFICE[kind], lambda text: with_doctype(text, doctype, "&a10;"))
    return with_doctype(content, doctype, "&a10;")


def nested_zip(_: Path, *, kind: str) -> bytes:
    """A zip in a zip in a zip, each ten times as large as it looks."""
    inner = bytes(1_000_000)
    for _depth in range(5):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
            for number in range(10):
                file.writestr(f"{number}.zip", inner)
        inner = out.getvalue()
    out = io.BytesIO(KINDS[kind].content())
    with zipfile.ZipFile(out, "a") as file:
        file.writestr("embeddings/a.zip", inner)
    return out.getvalue()


def escaping_members(_: Path, *, kind: str) -> bytes:
    out = io.BytesIO(KINDS[kind].content())
    with zipfile.ZipFile(out, "a") as file:
        for name in ("../../escaped.txt", "/escaped.txt", "a/../../../escaped.txt"):
            file.writestr(name, "escaped")
    return out.getvalue()


def locked_office(_: Path) -> bytes:
    """What Office writes for a file with a password: an OLE container (MS-CFB) with the stream EncryptedPackage."""
    sector = 512
    head = bytearray(sector)
    head[:8] = bytes.fromhex("D0CF11E0A1B11AE1")
    struct.pack_into("<5H", head, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<5I", head, 44, 1, 1, 0, 4096, 0xFFFFFFFE)
    struct.pack_into("<3I", head, 64, 0, 0xFFFFFFFE, 0)
    struct.pack_into("<109I", head, 76, 0, *[0xFFFFFFFF] * 108)
    table = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)

    def entry(name: str, kind: int, child: int, right: int) -> bytes:
        text = name.encode("utf-16-le")
        return struct.pack(
            "<64sHBBIII16sIQQIQ",
            *(text, len(text) + 2, kind, 1, 0xFFFFFFFF, right, child, b"", 0, 0, 0, 0xFFFFFFFE, 0),
        )

    none = 0xFFFFFFFF
    directory = entry("Root Entry", 5, 1, none) + entry("EncryptionInfo", 2, none, 2)
    directory += entry("EncryptedPackage", 2, none, none) + bytes(128)
    return bytes(head) + table + directory


def locked_odf(_: Path, *, kind: str) -> bytes:
    """What LibreOffice writes for a file with a password: the manifest tells, and the content is noise."""
    content = KINDS[kind].content()

    def told(manifest: bytes) -> bytes:
        data = (
            b'<manifest:encryption-data manifest:checksum-type="SHA1/1K" manifest:checksum="AAAA">'
            b'<manifest:algorithm manifest:algorithm-name="Blowfish CFB" manifest:initialisation-vector="AAAA"/>'
            b'<manifest:key-derivation manifest:key-derivation-name="PBKDF2" manifest:iteration-count="1024" '
            b'manifest:salt="AAAA"/></manifest:encryption-data>'
        )
        entry = b'manifest:full-path="content.xml"'
        start = manifest.index(entry)
        end = manifest.index(b"/>", start)
        return manifest[:end] + b">" + data + b"</manifest:file-entry>" + manifest[end + 2 :]

    noise = bytes(number * 7 % 256 for number in range(2_000))
    return replaced(replaced(content, "META-INF/manifest.xml", told), "content.xml", lambda _: noise)


def locked_pdf(_: Path) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, encrypt=StandardEncryption("open sesame", ownerPassword="sesame", canPrint=0))
    canvas.drawString(72, 700, TEXT[:60])
    canvas.save()
    return file.getvalue()


def pdf_of(objects: list[str], *, trailer: str = "") -> bytes:
    """A PDF of these objects, the first of which is its catalogue."""
    out = b"%PDF-1.7\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    start = len(out)
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{rows}".encode()
    return out + f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()


def looping_pages(_: Path) -> bytes:
    return pdf_of(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 1 /Parent 2 0 R >>",
        ]
    )


def looping_xref(_: Path) -> bytes:
    content = pdf_of(["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>"])
    return content.replace(b"/Root 1 0 R", f"/Root 1 0 R /Prev {content.index(b'xref')}".encode())


def looping_length(_: Path) -> bytes:
    """A stream whose length is an object that is the stream itself."""
    page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R >>"
    return pdf_of(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            page,
            "<< /Length 4 0 R >>\nstream\nBT (x) Tj ET\nendstream",
        ]
    )


def looping_forms(_: Path) -> bytes:
    """A drawing that draws itself twice."""
    page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 5 0 R /Resources 6 0 R >>"
    draw = "/F Do /F Do"
    return pdf_of(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            page,
            f"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources 6 0 R /Length {len(draw)} >>\n"
            f"stream\n{draw}\nendstream",
            f"<< /Length {len(draw)} >>\nstream\n{draw}\nendstream",
            "<< /XObject << /F 4 0 R >> >>",
        ]
    )


def swelling_stream(_: Path) -> bytes:
    """A page of two gigabytes of spaces, packed twice."""
    inner = zlib.compress(b" " * 20_000_000, 9)
    data = zlib.compress(inner * 100, 9).decode("latin-1")
    page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R >>"
    return pdf_of(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            page,
            f"<< /Length {len(data)} /Filter [/FlateDecode /FlateDecode] >>\nstream\n{data}\nendstream",
        ]
    )


def many_columns(_: Path) -> bytes:
    return (",".join(f"c{number}" for number in range(100_000)) + "\n" + "," * 99_999 + "\n").encode()


def far_corner(_: Path) -> bytes:
    """A sheet of two cells, the second in the last column of the last row."""
    return replaced(
        KINDS["xlsx"].content(),
        OFFICE["xlsx"],
        lambda text: text.replace(
            b"</sheetData>",
            b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>far</t></is></c></row></sheetData>',
        ),
    )


def repeated_cells(_: Path) -> bytes:
    """A sheet whose one row and one cell are said to be repeated a thousand million times."""
    row = (
        b'<table:table-row table:number-rows-repeated="1000000000">'
        b'<table:table-cell table:number-columns-repeated="1000000000" office:value-type="string">'
        b"<text:p>again</text:p></table:table-cell></table:table-row></table:table>"
    )
    return replaced(KINDS["ods"].content(), "content.xml", lambda text: text.replace(b"</table:table>", row))


def repeated_spaces(_: Path) -> bytes:
    """A paragraph with an element that stands for a thousand million spaces."""
    spaces = b'<text:s text:c="1000000000"/></text:p>'
    return replaced(KINDS["odt"].content(), "content.xml", lambda text: text.replace(b"</text:p>", spaces))


def formulas(_: Path) -> bytes:
    return KINDS["csv"].content(name="=HYPERLINK(1)", text="+1+1|' /C calc'!A0")


def deep_json(_: Path, *, start: str, close: str) -> bytes:
    return (start * 100_000 + close * 100_000).encode()


def deep_turtle(_: Path) -> bytes:
    return b"@prefix s: <http://www.w3.org/2004/02/skos/core#> .\n<a:b> s:broader " + b"[ s:broader " * 100_000


def deep_html(_: Path) -> bytes:
    return b"<html><body>" + b"<div>" * 100_000 + TEXT.encode() + b"</div>" * 100_000


def deep_office(_: Path, *, kind: str, element: str) -> bytes:
    opened, closed = f"<{element}>".encode() * 100_000, f"</{element}>".encode() * 100_000

    def deep(text: bytes) -> bytes:
        cut = text.index(b"Ama")
        return text[:cut] + opened + closed + text[cut:]

    return replaced(KINDS[kind].content(), OFFICE[kind], deep)


def remote_context(secret: Path) -> bytes:
    return json.dumps(
        {
            "@context": ["http://127.0.0.1:9/context.jsonld", secret.as_uri()],
            "@id": "https://example.org/t/training",
            "@type": "http://www.w3.org/2004/02/skos/core#Concept",
            "http://www.w3.org/2004/02/skos/core#prefLabel": "Training",
        }
    ).encode()


def endless(_: Path, *, rule: str) -> bytes:
    return KINDS["ics"].content().replace(b"SUMMARY:", f"RRULE:{rule}\r\nSUMMARY:".encode())


def attached(secret: Path) -> bytes:
    line = f"ATTACH:{secret.as_uri()}\r\nSUMMARY:"
    return KINDS["ics"].content().replace(b"SUMMARY:", line.encode())


def framed_page(secret: Path) -> bytes:
    frame = f"<iframe src='{secret.as_uri()}'></iframe><script src='{secret.as_uri()}'></script><h1>"
    return KINDS["html"].content().replace(b"<h1>", frame.encode(), 1)


def aliases(_: Path) -> bytes:
    """A calendar that says the same thing five hundred times."""
    event = KINDS["ics"].content()
    start, end = event.index(b"BEGIN:VEVENT"), event.index(b"END:VCALENDAR")
    return event[:start] + event[start:end] * 500 + event[end:]


TEXTS = [kind for kind in KINDS if kind not in OFFICE and kind != "pdf"]
JSON = ("json-ld", "pretalx", "frab", "orcid", "openalex")
HOSTILE = [
    *(
        Hostile(f"10 GB of zeros in {kind}", kind, partial(bomb, kind=kind, filler=b"\0", keep=False), True)
        for kind in OFFICE
    ),
    *(
        Hostile(f"10 GB of space in {kind}", kind, partial(bomb, kind=kind, filler=b" ", keep=True), True)
        for kind in OFFICE
    ),
    *(Hostile(f"zips in {kind}", kind, partial(nested_zip, kind=kind), False) for kind in OFFICE),
    *(Hostile(f"members out of {kind}", kind, partial(escaping_members, kind=kind)) for kind in OFFICE),
    *(
        Hostile(f"{what} in {kind}", kind, partial(with_entity, kind=kind, doctype_of=doctype_of))
        for kind in (*OFFICE, "rdf-xml", "html")
        for what, doctype_of in (
            ("entities that grow", growing),
            ("an external entity", external),
            ("an external DTD", external_dtd),
        )
    ),
    *(Hostile(f"overrides in {kind}", kind, partial(naming, kind=kind, name=OVERRIDE)) for kind in KINDS),
    # In a PDF and in what office programs write, angle brackets are text as any other.
    *(
        Hostile(f"a script in {kind}", kind, partial(naming, kind=kind, name=SCRIPT))
        for kind in ("xlsx", "ods", *TEXTS)
    ),
    *(Hostile(f"NUL bytes in {kind}", kind, partial(with_nul, kind=kind)) for kind in TEXTS),
    *(Hostile(f"nothing in {kind}", kind, empty, None if kind == "csv" else True) for kind in KINDS),
    *(Hostile(f"a password on {kind}", kind, locked_office, True) for kind in ("xlsx", "docx", "pptx")),
    *(Hostile(f"a password on {kind}", kind, partial(locked_odf, kind=kind), True) for kind in ("ods", "odt")),
    Hostile("a password on pdf", "pdf", locked_pdf, True),
    Hostile("pages that hold themselves", "pdf", looping_pages, True),
    Hostile("an earlier table that is the same", "pdf", looping_xref),
    Hostile("a length that is its stream", "pdf", looping_length),
    Hostile("a drawing that draws itself", "pdf", looping_forms),
    Hostile("2 GB in a page", "pdf", swelling_stream),
    Hostile("100,000 columns", "csv", many_columns, True),
    Hostile("a cell in the far corner", "xlsx", far_corner),
    Hostile("a cell repeated for ever", "ods", repeated_cells),
    Hostile("spaces without end", "odt", repeated_spaces),
    Hostile("formulas", "csv", formulas),
    *(Hostile(f"100,000 lists deep in {kind}", kind, partial(deep_json, start="[", close="]"), True) for kind in JSON),
    *(
        Hostile(f"100,000 objects deep in {kind}", kind, partial(deep_json, start='{"results":', close="}"), True)
        for kind in JSON
    ),
    Hostile("100,000 deep in turtle", "turtle", deep_turtle, True),
    Hostile("100,000 deep in html", "html", deep_html),
    Hostile("100,000 deep in docx", "docx", partial(deep_office, kind="docx", element="w:r")),
    Hostile("100,000 deep in odt", "odt", partial(deep_office, kind="odt", element="text:span")),
    Hostile("a context elsewhere", "json-ld", remote_context),
    Hostile("every second for ever", "ics", partial(endless, rule="FREQ=SECONDLY")),
    Hostile("every day for ever", "ics", partial(endless, rule="FREQ=DAILY")),
    Hostile("never, though asked for ever", "ics", partial(endless, rule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")),
    Hostile("an attachment elsewhere", "ics", attached),
    Hostile("the same event 500 times", "ics", aliases),
    Hostile("a frame from elsewhere", "html", framed_page),
]
