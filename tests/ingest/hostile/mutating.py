"""Changes to the bytes of a file, such as a bad disk, a bad line or a bad person makes them."""

import io
import zipfile
from dataclasses import dataclass

from hypothesis import strategies as st

__all__ = ["Change", "changed", "changes"]


@dataclass(frozen=True, slots=True)
class Change:
    """At a place, given as a part of the whole, so many bytes are replaced by others."""

    place: float
    length: int
    bytes_: bytes


# What parsers take for something: numbers without end, signs of structure, markup, NUL, half characters.
TELLING = [
    b"\0",
    b"\xff\xfe",
    b"\xc3",
    b"9" * 30,
    b"-1",
    b"1e999",
    b"<",
    b"</",
    b"&",
    b"]]>",
    b"{",
    b"[",
    b'"',
    b"\\",
    b"\n",
]
TELLING += [
    b"\r\nBEGIN:VEVENT\r\n",
    b"FREQ=SECONDLY",
    b"<!DOCTYPE x>",
    b"endobj",
    b"/Kids [",
    b"true",
    b"null",
    b"@prefix",
]

changes = st.lists(
    st.builds(
        Change,
        place=st.floats(0, 1),
        length=st.integers(0, 40),
        bytes_=st.one_of(st.sampled_from(TELLING), st.binary(max_size=8)),
    ),
    min_size=1,
    max_size=6,
)


def changed(content: bytes, made: list[Change], *, inside: bool) -> bytes:
    """A file after these changes; ``inside`` makes them to the longest member of a zip, which fits again afterwards."""
    if not inside or not zipfile.is_zipfile(io.BytesIO(content)):
        return _bytes_changed(content, made)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        members = [info for info in old.infolist() if info.filename.endswith((".xml", ".rels"))]
        longest = max(
            members, key=lambda info: ("slide1.xml" in info.filename or "sheet1" in info.filename, info.file_size)
        )
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info.filename, _bytes_changed(data, made) if info is longest else data)
    return out.getvalue()


def _bytes_changed(content: bytes, made: list[Change]) -> bytes:
    for change in made:
        place = int(change.place * len(content))
        content = content[:place] + change.bytes_ + content[place + change.length :]
    return content
