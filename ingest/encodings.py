"""In which encoding a file of a network's folder is written: UTF-8, as it should be, or what old programs write.

UTF-16 says so by its first two bytes. What is neither is one of the older encodings, which look alike:
charset-normalizer tells them by how orderly the text is and how like a language. Only what is certain is read, for a
wrong guess would quietly misspell somebody's name.
"""

import codecs
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import CharsetMatch, from_bytes

from ingest.files import LONGEST_LINE, FileRefused, ensure_plain

__all__ = ["UTF_8", "Encoding", "encoding_of"]

LARGEST_FILE = 1_000_000_000
SAMPLE_BYTES = 20_000

# By Python's names: what Excel, Notepad, LibreOffice and older systems write, by language and country.
OLDER = {
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1252": "Windows-1252",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
    "cp1255": "Windows-1255",
    "cp1256": "Windows-1256",
    "cp1257": "Windows-1257",
    "iso8859_2": "ISO 8859-2",
    "iso8859_15": "ISO 8859-15",
    "mac_roman": "Mac Roman",
    "cp850": "code page 850",
    "koi8_r": "KOI8-R",
    "gb18030": "GB 18030",
    "big5": "Big5",
    "cp932": "Shift JIS",
    "cp949": "Korean (code page 949)",
}
# A reading of the bytes rivals the best one if it is about as orderly and about as much like a language.
CHAOS_MARGIN, COHERENCE_MARGIN, LEAST_COHERENCE = 0.03, 0.03, 0.15
# Where letter frequencies leave two Latin readings, the right one is spelt with the letters of one language.
ALPHABETS = tuple(
    frozenset(letters)
    for letters in (
        "áéíóúüñ",  # Spanish
        "àâæçéèêëîïôœùûüÿ",  # French
        "äöüß",  # German
        "áâãàçéêíóôõúü",  # Portuguese
        "àèéìíîòóùú",  # Italian
        "åäöé",  # Swedish, Finnish
        "æøåé",  # Danish, Norwegian
        "ąćęłńóśźż",  # Polish
        "áčďéěíňóřšťúůýž",  # Czech
        "áäčďéíĺľňóôŕšťúýž",  # Slovak
        "áéíóöőúüű",  # Hungarian
        "čćđšž",  # Croatian, Slovenian
        "ăâîșțşţ",  # Romanian
        "çğıöşüâîû",  # Turkish
    )
)
PUNCTUATION = frozenset("–—‘’‚“”„«»‹›…€¿¡°ªº\N{NO-BREAK SPACE}")


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding by Python's name; ``note`` is a sentence for the report if it is not the usual one."""

    name: str
    note: str | None = None


UTF_8 = Encoding("utf-8")


def encoding_of(path: Path, *, folder: Path) -> Encoding:
    """The encoding that a file of a network's folder is certainly in.

    A file with a line that is longer than any text is called UTF-8; :func:`ingest.files.lines_of` refuses it.

    Raises:
        FileRefused: it is no plain file of the folder, larger than any table, ends within a character, or its encoding
            cannot be told with certainty.
    """
    ensure_plain(path, folder=folder, largest=LARGEST_FILE)
    try:
        return _encoding_of(path)
    except OSError as problem:
        raise FileRefused(
            f"it cannot be read ({problem.strerror})", remedy="check the file and its permissions"
        ) from None


def _encoding_of(path: Path) -> Encoding:
    sample = bytearray()
    first_odd = 0
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return Encoding("utf-16", "it was read as UTF-16")
        file.seek(0)
        number = 0
        while line := file.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                return UTF_8
            if line.isascii() or len(sample) > SAMPLE_BYTES:
                continue
            if not first_odd and not _is_utf8(line):
                if sample and _is_cut(line):
                    raise FileRefused(
                        "it ends in the middle of a character",
                        remedy="copy it again from where it is whole: a part of it is missing",
                    )
                first_odd = number
            sample += line
    return _older(bytes(sample), first_odd) if first_odd else UTF_8


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_cut(line: bytes) -> bool:
    """Whether a line is UTF-8 but for its last character, of which a part is missing."""
    return not line.endswith(b"\n") and any(_is_utf8(line[:-missing]) for missing in (1, 2, 3))


def _older(sample: bytes, number: int) -> Encoding:
    """Which of the older encodings, of which a line with this number gave the first sign, these lines are in."""
    if b"\0" in sample:
        raise _untold(number)
    matches = list(from_bytes(sample, cp_isolation=list(OLDER)))
    rivals = [match for match in matches if _rivals(match, matches[0])]
    if not any(_is_spelt(str(match)) for match in rivals):
        rivals += [match for match in matches if _is_spelt(str(match))]
    if len({str(match) for match in rivals}) > 1:
        rivals = [match for match in rivals if _is_spelt(str(match))]
    if len({str(match) for match in rivals}) != 1 or rivals[0].coherence < LEAST_COHERENCE:
        raise _untold(number)
    # Of several names for the same text the most usual one is said.
    names = {match.encoding for match in rivals} | {name for match in rivals for name in match.could_be_from_charset}
    name = "cp1252" if "cp1252" in names else rivals[0].encoding
    return Encoding(name, f"it was read as {OLDER[name]}, not as UTF-8")


def _rivals(match: CharsetMatch, best: CharsetMatch) -> bool:
    return match.chaos <= best.chaos + CHAOS_MARGIN and match.coherence >= best.coherence - COHERENCE_MARGIN


def _is_spelt(text: str) -> bool:
    """Whether all letters of a text are of one language's alphabet, and its other marks those of running text."""
    letters = {character for character in text.lower() if not character.isascii()} - PUNCTUATION
    return any(letters <= alphabet for alphabet in ALPHABETS)


def _untold(number: int) -> FileRefused:
    return FileRefused(f"line {number} is not UTF-8 text", remedy="save the file in UTF-8 (in Excel: 'CSV UTF-8')")
