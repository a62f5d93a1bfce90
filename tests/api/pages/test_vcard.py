"""A person as a vCard: nothing in it ends a line or a value, and no line is too long."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from api.pages.vcard import vcard

NOTHING: dict[str, Any] = {"edges": []}


def person(**told: object) -> dict[str, Any]:
    nobody = dict.fromkeys(("headline", "email", "phone", "website", "orcid", "country"))
    lists = {"otherNames": [], "affiliations": NOTHING, "languages": NOTHING, "expertise": NOTHING}
    return {"name": "Ama Testperson", **nobody, **lists, **told}


def test_a_card_says_what_is_known() -> None:
    card = vcard(
        person(
            email="ama@example.org",
            phone="+21671000000",
            country={"name": "Tunisia"},
            affiliations={
                "edges": [
                    {"role": "Head; of all", "until": None, "node": {"name": "Stewards, Ltd"}},
                    {"role": "Guard", "until": "2014", "node": {"name": "Port"}},
                ]
            },
            languages={"edges": [{"node": {"tag": "fr"}}]},
            expertise={"edges": [{"node": {"label": "Worship"}}, {"node": {"label": "Gates"}}]},
        ),
        source="https://knowwho.example.org/people/ama",
    )

    assert card.decode().split("\r\n") == [
        "BEGIN:VCARD",
        "VERSION:4.0",
        "KIND:individual",
        "SOURCE:https://knowwho.example.org/people/ama",
        "FN:Ama Testperson",
        "at1.ORG:Stewards\\, Ltd",
        "at1.ROLE:Head\\; of all",
        "EMAIL:ama@example.org",
        "TEL;VALUE=uri:tel:+21671000000",
        "ADR:;;;;;;Tunisia",
        "LANG;PREF=1:fr",
        "CATEGORIES:Worship,Gates",
        "END:VCARD",
        "",
    ]


CHARACTERS = st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.sampled_from("\r\n,;\\:é中🙂")


@given(st.text(CHARACTERS, min_size=1), st.integers(1, 40))
def test_any_name_comes_back_from_lines_of_75_octets(part: str, times: int) -> None:
    name = part * times

    card = vcard(person(name=name), source="https://example.org")

    assert max(map(len, card.split(b"\r\n"))) <= 75
    assert all(line.decode() for line in card.removesuffix(b"\r\n").split(b"\r\n"))
    unfolded = card.replace(b"\r\n ", b"").decode().split("\r\n")
    (written,) = [line for line in unfolded if line.startswith("FN:")]
    assert "\n" not in written
    plain = written.removeprefix("FN:").replace("\\\\", "\0").replace("\\n", "\n").replace("\\,", ",")
    plain = plain.replace("\\;", ";").replace("\0", "\\")
    assert plain == name.replace("\r\n", "\n").replace("\r", "\n")
