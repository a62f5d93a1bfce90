"""Contacts for address books: what RFC 6350 asks of lines and values, read again by another parser."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar.parser import Contentlines

from api.vcards import Contact, cards

PAGE = "https://experts.example.org/people/ama"
HOSTILE = 'A, B; C\\D\r\nEMAIL:evil@example.org\u2028END:VCARD\x00\x1b "x"'


def read(text: str) -> list[tuple[str, dict[str, Any], str]]:
    """Each line as its name, parameters and value, which that parser takes the escapes from."""
    found = []
    for line in Contentlines.from_ical(text.encode()):  # type: ignore[no-untyped-call]
        if line:
            name, parameters, value = line.parts()
            found.append((name, dict(parameters), value))
    return found


def test_a_contact_has_what_is_shown_of_a_person_and_nothing_that_is_empty() -> None:
    positions = [("Abbey, Ltd", "Head; of all"), ("Port", "")]
    whole = Contact(
        "Ama", PAGE, "Gates", positions, "Ghana", ["fr", "en"], ["Law"], "a@example.org", "+233 1", ["Amma"]
    )

    assert cards([whole, Contact("Kofi", PAGE)]).split("\r\n") == [
        *("BEGIN:VCARD", "VERSION:4.0", "KIND:individual", f"SOURCE:{PAGE}", "FN:Ama", "NICKNAME:Amma", "TITLE:Gates"),
        *("at1.ORG:Abbey\\, Ltd", "at1.ROLE:Head\\; of all", "at2.ORG:Port"),
        *("ADR:;;;;;;Ghana", "LANG;PREF=1:fr", "LANG;PREF=2:en", "CATEGORIES:Law", "EMAIL:a@example.org"),
        *("TEL;VALUE=text:+233 1", "END:VCARD"),
        *("BEGIN:VCARD", "VERSION:4.0", "KIND:individual", f"SOURCE:{PAGE}", "FN:Kofi", "END:VCARD", ""),
    ]


@pytest.mark.parametrize("field", ["name", "headline", "country", "email", "phone"])
def test_nothing_that_people_write_is_syntax(field: str) -> None:
    told: dict[str, Any] = {"name": "Ama", "page": PAGE, field: HOSTILE}
    contact = Contact(**told)

    lines = read(cards([contact]))

    assert [name for name, _, _ in lines].count("EMAIL") == (field == "email")
    assert [name for name, _, _ in lines].count("END") == 1
    value = next(value for _, _, value in lines if "A, B" in value)
    assert value.removeprefix(";;;;;;") == 'A, B; C\\D\nEMAIL:evil@example.org\nEND:VCARD "x"'


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=200))
def test_lines_are_no_longer_than_they_may_be_and_read_as_they_were(name: str) -> None:
    made = cards([Contact(name, PAGE)])

    assert max(len(line.encode()) for line in made.split("\r\n")) <= 75
    (value,) = [value for of, _, value in read(made) if of == "FN"]
    assert value == name
