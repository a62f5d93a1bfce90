"""Files of Office and OpenDocument programs: archives of XML parts, opened without their pictures and films.

The libraries read a whole file into memory, and a presentation with films has a gigabyte of what is no text.
"""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from docx.opc.package import OpcPackage as WordPackage
from lxml import etree
from pptx.opc.package import OpcPackage as PowerPointPackage

from ingest.files import FileRefused
from ingest.readers.locked import locked, refuse_locked

__all__ = ["custom_properties", "local_name", "without_pictures"]

# What a text takes at most when it is unpacked, its formatting included.
LARGEST_UNPACKED = 100_000_000
TEXT_PARTS = (".xml", ".rels")
KEPT_AS_IT_IS = ("mimetype",)


def without_pictures(path: Path, *, kind: str) -> io.BytesIO:
    """The file as its library reads it, with nothing in the place of pictures, films and fonts.

    Raises:
        FileRefused: it is no such file, is protected by a password, or holds too much.
    """
    refuse_locked(path)
    text = io.BytesIO()
    unpacked = 0
    try:
        with zipfile.ZipFile(path) as archive, zipfile.ZipFile(text, "w") as copy:
            for entry in archive.infolist():
                content = b""
                if entry.filename.endswith(TEXT_PARTS) or entry.filename in KEPT_AS_IT_IS:
                    with archive.open(entry) as part:
                        content = part.read(LARGEST_UNPACKED - unpacked + 1)
                    unpacked += len(content)
                if unpacked > LARGEST_UNPACKED:
                    raise FileRefused(
                        f"it takes more than {LARGEST_UNPACKED // 1_000_000} MB when it is unpacked",
                        remedy="split it into several documents",
                    )
                copy.writestr(entry.filename, content)
    except RuntimeError:  # so zipfile says that a part is encrypted
        raise locked() from None
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError):
        raise _not_opened(kind) from None
    text.seek(0)
    return text


def _not_opened(kind: str) -> FileRefused:
    return FileRefused(f"it is no {kind} file that can be read", remedy=f"open it and save it as {kind} again")


def custom_properties(package: WordPackage | PowerPointPackage) -> Mapping[str, str]:
    """The properties that somebody gave a Word or PowerPoint file by hand, by their names in lower case.

    They stand in a part of their own (ECMA-376, part 1, 22.3).
    """
    parts = [part.blob for part in package.iter_parts() if str(part.partname) == "/docProps/custom.xml"]
    found: dict[str, str] = {}
    for blob in parts:
        try:
            root = etree.fromstring(blob, etree.XMLParser(resolve_entities=False, no_network=True))
        except etree.XMLSyntaxError:
            continue
        for one in root:
            found[str(one.get("name", "")).casefold()] = "".join(one.itertext()).strip()
    return found


def local_name(element: etree._Element) -> str:
    """An element's name without its namespace; empty for comments and instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
