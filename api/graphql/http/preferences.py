"""What a client would rather have, of what there is: Accept, Accept-Encoding, Accept-Language (RFC 9110, 12.5)."""

from collections.abc import Sequence

from api.graphql.languages import LanguageCode

__all__ = ["language", "media_type", "takes_gzip"]

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"


def media_type(accept: str | None) -> str | None:
    """The media type to answer in; None if the client takes none that there is.

    What names the newer type gets it, where it is liked no less; everybody else gets ``application/json``, which every
    client of GraphQL has always understood.
    """
    if accept is None or not accept.strip():
        return JSON
    liked = _qualities(accept)
    newer = liked.get(GRAPHQL, 0.0)
    older = _first(liked, (JSON, "application/*", "*/*"))
    if max(newer, older) <= 0:
        return None
    return GRAPHQL if newer >= older else JSON


def takes_gzip(accept_encoding: str | None) -> bool:
    """Whether an answer may be compressed; who says nothing of it gets it as it is."""
    return _first(_qualities(accept_encoding or ""), ("gzip", "x-gzip", "*")) > 0


def language(accept_language: str | None) -> LanguageCode:
    """The UN language that the client likes best, by the first part of its tags; English if it names none of them."""
    liked: dict[str, float] = {}
    for tag, quality in _qualities(accept_language or "").items():
        code = tag.partition("-")[0]
        liked[code] = max(quality, liked.get(code, 0.0))
    best = max(LanguageCode, key=lambda code: liked.get(code, 0.0))
    return best if liked.get(best, 0.0) > 0 else LanguageCode.EN


def _first(liked: dict[str, float], names: Sequence[str]) -> float:
    """How much the first of these is liked that is named at all: the most specific one decides."""
    return next((liked[name] for name in names if name in liked), 0.0)


def _qualities(header: str) -> dict[str, float]:
    """Each thing that a header names, with how much it is liked, from 0 to 1; what cannot be read is not named."""
    found: dict[str, float] = {}
    for element in header.split(","):
        name, *parameters = (part.strip().lower() for part in element.split(";"))
        weight = next((part[2:] for part in parameters if part.startswith("q=")), "1")
        try:
            quality = float(weight)
        except ValueError:
            continue
        if name and 0 <= quality <= 1:  # and so it is no NaN
            found[name] = max(quality, found.get(name, 0.0))
    return found
