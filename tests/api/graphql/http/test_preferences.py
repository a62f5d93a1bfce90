"""What is read out of Accept and Accept-Encoding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.graphql.http.preferences import media_type, takes_gzip

NEWER = "application/graphql-response+json"
OLDER = "application/json"


@pytest.mark.parametrize(
    "accept,media",
    [
        (None, OLDER),
        ("", OLDER),
        ("*/*", OLDER),
        ("application/*", OLDER),
        (OLDER, OLDER),
        (NEWER, NEWER),
        (f"{NEWER}; charset=utf-8, {OLDER}; charset=utf-8", NEWER),
        (f"{NEWER}, {OLDER};q=0.9", NEWER),
        (f"{OLDER}, {NEWER};q=0.9", OLDER),
        (f"{OLDER}, {NEWER}", NEWER),
        (f"{NEWER};q=0, */*", OLDER),
        (f"{NEWER.upper()} ; Q=0.5", NEWER),
        ("text/html,application/xhtml+xml,*/*;q=0.8", OLDER),
        ("text/html", None),
        (f"{OLDER};q=0", None),
        (f"{OLDER};q=0, */*", None),
        ("*/*;q=often", None),
        ("*/*;q=nan", None),
    ],
)
def test_the_media_type_is_the_one_that_is_liked_best(accept: str | None, media: str | None) -> None:
    assert media_type(accept) == media


@pytest.mark.parametrize(
    "accept,takes",
    [
        (None, False),
        ("", False),
        ("identity", False),
        ("br", False),
        ("gzip;q=0, *", False),
        ("gzip", True),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", True),
        ("*", True),
    ],
)
def test_gzip_is_for_who_takes_it(accept: str | None, takes: bool) -> None:
    assert takes_gzip(accept) is takes


@given(st.text(alphabet=st.characters(max_codepoint=255)))
def test_nothing_that_a_header_holds_brings_it_down(header: str) -> None:
    assert media_type(header) in {NEWER, OLDER, None}
    assert takes_gzip(header) in {True, False}
