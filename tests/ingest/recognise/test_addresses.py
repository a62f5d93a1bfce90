"""E-mail addresses, pages and ORCID iDs as lists have them."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.cells import Unfit
from ingest.recognise import Doubtful, email, orcid, url


@pytest.mark.parametrize(
    "text", ["ama@example.org", "mailto:ama@Example.org", "Ama <ama@example.org>", "<ama@EXAMPLE.org>"]
)
def test_an_address_is_found_in_what_surrounds_it(text: str) -> None:
    assert email(text) == "ama@example.org"


def test_an_address_hidden_from_robots_is_a_doubt() -> None:
    with pytest.raises(Doubtful) as raised:
        email("ama (at) example [dot] org")

    assert raised.value.meant == "ama@example.org"


@pytest.mark.parametrize(
    "text, address",
    [
        ("https://example.org/ama", "https://example.org/ama"),
        ("http://example.org", "http://example.org"),
        ("www.example.org", "https://www.example.org"),
        ("example.org/ama", "https://example.org/ama"),
    ],
)
def test_a_page_has_its_scheme(text: str, address: str) -> None:
    assert url(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "0000-0002-1694-233X",
        "https://orcid.org/0000-0002-1694-233X",
        "http://www.orcid.org/0000-0002-1694-233x",
        "orcid.org/0000-0002-1694-233X/",
        "ORCID: 0000-0002-1694-233X",
        "000000021694233X",
    ],
)
def test_an_orcid_is_told_however_it_is_written(text: str) -> None:
    assert orcid(text) == "0000-0002-1694-233X"


@pytest.mark.parametrize("digit", range(10))
def test_an_orcid_with_another_last_digit_is_refused(digit: int) -> None:
    text = f"0000-0002-1825-009{digit}"
    if digit == 7:
        assert orcid(text) == text
        return

    with pytest.raises(Unfit, match="wrong last digit"):
        orcid(text)


@pytest.mark.parametrize(
    "recognised, text",
    [
        (email, "ama"),
        (email, "ama@"),
        (email, "ama@example"),
        (url, "ama@example.org"),
        (url, "javascript:x"),
        (url, "Hall 2"),
        (orcid, "0000"),
    ],
)
def test_what_is_none_is_unfit(recognised: Callable[[str], str], text: str) -> None:
    with pytest.raises(Unfit):
        recognised(text)


@given(
    st.sampled_from([email, url, orcid]),
    st.one_of(st.text(), st.emails(), st.from_regex(r"(https?://)?[a-z.\[\]:/0-9-]{1,30}", fullmatch=True)),
)
def test_no_text_raises_anything_but_unfit(recognised: Callable[[str], str], text: str) -> None:
    try:
        found = recognised(text)
    except Unfit:
        return

    assert recognised(found) == found
