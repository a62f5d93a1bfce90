"""Whether an office file is locked by a password, which each of the two families says in its own way.

A new Office file under a password is a compound file with a stream for the encrypted package (MS-OFFCRYPTO 2.3.2);
OpenDocument encrypts the parts of its archive and says so in the list of them (ODF 1.3, part 2, 4.8).
"""

import zipfile
import zlib
from pathlib import Path

from ingest.files import FileRefused

__all__ = ["locked", "refuse_locked"]

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
MANIFEST = "META-INF/manifest.xml"
ENCRYPTED_ENTRY = b"encryption-data"
LONGEST_SEARCHED = 50_000_000
LONGEST_MANIFEST = 10_000_000


def locked() -> FileRefused:
    """The refusal of a file that is locked."""
    return FileRefused("it is protected by a password", remedy="save it without the password")


def refuse_locked(path: Path) -> None:
    """Return if the file is not locked, as far as can be told without opening it.

    Raises:
        FileRefused: it is.
    """
    with path.open("rb") as file:
        start = file.read(len(COMPOUND))
        if start == COMPOUND and ENCRYPTED_STREAM in file.read(LONGEST_SEARCHED):
            raise locked()
    try:
        with zipfile.ZipFile(path) as archive, archive.open(MANIFEST) as manifest:
            is_encrypted = ENCRYPTED_ENTRY in manifest.read(LONGEST_MANIFEST)
    except RuntimeError:  # so zipfile says that a part is encrypted
        raise locked() from None
    except (zipfile.BadZipFile, KeyError, EOFError, NotImplementedError, ValueError, zlib.error):
        return  # no archive, or none of OpenDocument
    if is_encrypted:
        raise locked()
