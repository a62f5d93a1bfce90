"""Where one goes after signing in: this site's own paths, however another site's is dressed up as one."""

from urllib.parse import quote, urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api.pages.return_path import return_path

HERE = "https://experts.example.org"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/me",
        "/me#sessions",
        "/?q=markets&country=TN",
        "/?q=%C3%A9glise%20du%20march%C3%A9",
        "/?q=a//b",
        "/a/b-c_d",
    ],
)
def test_a_path_of_this_site_is_gone_back_to(path: str) -> None:
    assert return_path(path) == path


@pytest.mark.parametrize(
    "text",
    [
        "",
        "me",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\\/evil.example",
        "https://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "/%2Fevil.example",
        "/%2fevil.example",
        "/%5Cevil.example",
        "/%252Fevil.example",
        "/%25252525252525252Fevil.example",
        "%2F%2Fevil.example",
        "/\t/evil.example",
        "/%09/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/ /evil.example",
        "/\u2028/evil.example",
        "/..//evil.example",
        "/.//evil.example",
        "/me\r\nSet-Cookie: a=b",
        "/" + "a" * 2000,
        None,
        3,
    ],
)
def test_everything_else_leads_to_the_first_page(text: object) -> None:
    assert return_path(text) == "/"


def as_a_browser_reads_it(path: str) -> str:
    """What a browser makes of a Location header: no tabs and line ends, and slashes for backslashes (WHATWG URL)."""
    return path.strip().translate({9: None, 10: None, 13: None}).replace("\\", "/")


PIECES = st.sampled_from(["/", "\\", "evil.example", ".", "..", "%2F", "%5C", "%25", "\t", "@", ":", "?", "#", "a"])


@given(st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=40), st.integers(0, 3))
@example("//evil.example", 1)
def test_no_text_leads_elsewhere(text: str, times_encoded: int) -> None:
    for _ in range(times_encoded):
        text = quote(text, safe="/")

    went = urlsplit(urljoin(f"{HERE}/sign-in", as_a_browser_reads_it(return_path(text))))

    assert f"{went.scheme}://{went.netloc}" == HERE
