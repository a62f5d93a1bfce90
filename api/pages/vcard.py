"""A person as a vCard 4.0 (RFC 6350): what a telephone or a mail program takes into its address book."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

__all__ = ["TYPE", "vcard"]

TYPE: Final = "text/vcard; charset=utf-8"
LONGEST_LINE: Final = 75
"""Octets of a line, without its end (3.2)."""

UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
ESCAPED: Final = {"\\": "\\\\", ",": "\\,", ";": "\\;", "\n": "\\n"}


def vcard(person: Mapping[str, Any], *, source: str) -> bytes:
    """The card of a person as the query ``person`` tells of them; ``source`` is where a newer one is found."""
    lines = ["BEGIN:VCARD", "VERSION:4.0", *_lines(person, source), "END:VCARD"]
    return b"".join(_folded(line) + b"\r\n" for line in lines)


def _lines(person: Mapping[str, Any], source: str) -> Iterator[str]:
    yield "KIND:individual"
    yield f"SOURCE:{_address(source)}"
    yield f"FN:{_text(person['name'])}"
    if person["otherNames"]:
        yield f"NICKNAME:{_texts(person['otherNames'])}"
    if person["headline"]:
        yield f"TITLE:{_text(person['headline'])}"
    present = [edge for edge in person["affiliations"]["edges"] if edge["until"] is None]
    for number, edge in enumerate(present, 1):
        yield f"at{number}.ORG:{_text(edge['node']['name'])}"
        if edge["role"]:
            yield f"at{number}.ROLE:{_text(edge['role'])}"
    if person["email"]:
        yield f"EMAIL:{_text(person['email'])}"
    if person["phone"]:
        yield f"TEL;VALUE=uri:tel:{_address(person['phone'])}"
    if person["website"]:
        yield f"URL:{_address(person['website'])}"
    if person["orcid"]:
        yield f"URL:https://orcid.org/{_address(person['orcid'])}"
    if person["country"]:
        yield f"ADR:;;;;;;{_text(person['country']['name'])}"
    for number, edge in enumerate(person["languages"]["edges"], 1):
        yield f"LANG;PREF={min(number, 100)}:{_address(edge['node']['tag'])}"
    topics = [edge["node"]["label"] for edge in person["expertise"]["edges"]]
    if topics:
        yield f"CATEGORIES:{_texts(topics)}"


def _text(value: str) -> str:
    """A text with what stands for something else in a card escaped (3.4)."""
    plain = UNFIT.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(ESCAPED.get(character, character) for character in plain)


def _texts(values: Sequence[str]) -> str:
    return ",".join(map(_text, values))


def _address(value: str) -> str:
    """What is no text and so has no escapes, such as a web address: without whatever would end its line."""
    return re.sub(r"[\s\x00-\x1f\x7f\ud800-\udfff]", "", value)


def _folded(line: str) -> bytes:
    """A line in parts of 75 octets at most, each but the first after a space; no character is torn (3.2)."""
    parts, part = [], b""
    for character in line:
        octets = character.encode()
        if len(part) + len(octets) > LONGEST_LINE:
            parts.append(part)
            part = b" "
        part += octets
    return b"\r\n".join([*parts, part])
