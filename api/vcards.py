"""Contacts for address books, as vCard 4.0 (RFC 6350)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

__all__ = ["Contact", "cards"]

LONGEST_LINE = 75
"""Octets of a line without its end (RFC 6350, 3.2)."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A person as an address book has them; what is empty is left out.

    ``page`` is the absolute address of what the network tells of them; ``positions`` are organisations with the role
    there, which may be empty; ``languages`` are BCP 47 tags, best first.
    """

    name: str
    page: str
    headline: str = ""
    positions: Sequence[tuple[str, str]] = ()
    country: str = ""
    languages: Sequence[str] = ()
    topics: Sequence[str] = ()
    email: str = ""
    phone: str = ""
    other_names: Sequence[str] = ()
    website: str = ""
    orcid: str = ""


def cards(contacts: Sequence[Contact]) -> str:
    """One vCard for each contact, in their order."""
    return "".join(f"{_folded(line)}\r\n" for contact in contacts for line in _lines(contact))


def _lines(contact: Contact) -> Iterator[str]:
    yield "BEGIN:VCARD"
    yield "VERSION:4.0"
    yield "KIND:individual"
    yield f"SOURCE:{_uri(contact.page)}"
    yield f"FN:{_text(contact.name)}"
    if contact.other_names:
        yield f"NICKNAME:{','.join(map(_text, contact.other_names))}"
    if contact.headline:
        yield f"TITLE:{_text(contact.headline)}"
    for number, (organisation, role) in enumerate(contact.positions, start=1):
        yield f"at{number}.ORG:{_text(organisation)}"
        if role:
            yield f"at{number}.ROLE:{_text(role)}"
    if contact.country:
        yield f"ADR:;;;;;;{_text(contact.country)}"
    yield from (f"LANG;PREF={place}:{_text(tag)}" for place, tag in enumerate(contact.languages[:100], start=1))
    if contact.topics:
        yield f"CATEGORIES:{','.join(map(_text, contact.topics))}"
    if contact.email:
        yield f"EMAIL:{_text(contact.email)}"
    if contact.phone:
        yield f"TEL;VALUE=text:{_text(contact.phone)}"
    if contact.website:
        yield f"URL:{_uri(contact.website)}"
    if contact.orcid:
        yield f"URL:https://orcid.org/{_uri(contact.orcid)}"
    yield "END:VCARD"


def _text(value: str) -> str:
    """A value in which nothing is syntax (RFC 6350, 3.4); of control characters, breaks of lines are kept."""
    lines = "\n".join(value.splitlines())
    plain = "".join(one for one in lines if one == "\n" or one.isprintable() or ord(one) > 0x9F)
    for mark in ("\\", ";", ","):
        plain = plain.replace(mark, f"\\{mark}")
    return plain.replace("\n", "\\n")


def _uri(value: str) -> str:
    return "".join(one for one in value if one.isprintable() and not one.isspace())


def _folded(line: str) -> str:
    """A line of at most 75 octets, continued after a break and a space; no character is parted."""
    parts: list[str] = [""]
    left = LONGEST_LINE
    for one in line:
        size = len(one.encode())
        if size > left:
            parts.append("")
            left = LONGEST_LINE - 1
        parts[-1] += one
        left -= size
    return "\r\n ".join(parts)
