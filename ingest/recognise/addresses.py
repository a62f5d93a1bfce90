"""Addresses of people in the web: e-mail, pages and ORCID iDs, as people write them in lists."""

import re

from graph.fields import EMAIL
from ingest import cells
from ingest.cells import Unfit, visible
from ingest.recognise.words import Doubtful, text_line

__all__ = ["email", "orcid", "url"]

HOST = r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?\.)+[a-zA-Z]{2,}"


def email(text: str) -> str:
    """An e-mail address, its host in small letters: also of "mailto:ama@example.org" and "Ama <ama@example.org>".

    Raises:
        Doubtful: it hides the address from robots: "ama (at) example.org".
        Unfit: it is none.
    """
    found = text_line(text)
    named = re.fullmatch(r"[^<>]*<([^<>]+)>", found)
    bare = re.sub(r"^mailto:", "", (named[1] if named else found).strip(), flags=re.IGNORECASE)
    shown = re.sub(r"\s*[\[(]\s*(?:dot|punkt|point|punto)\s*[\])]\s*", ".", bare, flags=re.IGNORECASE)
    shown = re.sub(r"\s*[\[(]\s*(?:at|ät|a|arroba)\s*[\])]\s*", "@", shown, flags=re.IGNORECASE)
    if shown != bare and EMAIL.fullmatch(shown) is not None:
        raise Doubtful(
            f"'{visible(found)}' is not written as an e-mail address",
            meant=shown,
            remedy=f"write {shown} if you mean that",
            value=found,
        )
    name, at, host = cells.email(bare).rpartition("@")
    return f"{name}{at}{host.lower()}"


def url(text: str) -> str:
    """The address of a page; what is written without its scheme, as "www.example.org", has https.

    Raises:
        Unfit: it is none.
    """
    found = text_line(text)
    if re.fullmatch(rf"(?:www\.)?{HOST}(?::\d+)?(?:[/?#]\S*)?", found) is not None:
        found = f"https://{found}"
    return cells.url(found)


def orcid(text: str) -> str:
    """An ORCID iD whose last digit is right (ISO 7064, MOD 11-2), alone, as an address or without hyphens.

    Raises:
        Unfit: it is none, or its last digit is wrong.
    """
    found = text_line(text)
    bare = re.sub(
        r"^(?:orcid(?:\s*id)?(?:\s*:\s*|\s+))?(?:(?:https?://)?(?:www\.)?orcid\.org/)?", "", found, flags=re.IGNORECASE
    )
    if re.fullmatch(r"[0-9]{15}[0-9Xx]", bare) is not None:
        bare = "-".join(bare[start : start + 4] for start in range(0, 16, 4))
    if re.fullmatch(r"(?:[0-9]{4}-){3}[0-9]{3}[0-9Xx]/?", bare) is None:
        raise Unfit(
            f"'{visible(found)}' is not an ORCID iD", remedy="write one such as 0000-0002-1825-0097", value=found
        )
    return cells.orcid(bare.rstrip("/"))
