"""Which pretalx a file is from, and of which conference: its host and the conference's slug, which make identifiers."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote, urlsplit

from ingest.readers import Options

__all__ = ["Source", "source_of"]

API = re.compile(r"https?://([^/\s]+)/api/events/([^/?\s]+)/", re.IGNORECASE)
EXPORT = re.compile(r"(.+)_(?:sessions|speakers)(?: ?\(\d+\))?", re.IGNORECASE)
SLUG = re.compile(r"[a-z0-9][a-z0-9.-]*", re.IGNORECASE)
# Fields that hold addresses on the conference's own host; what speakers link to may be anywhere.
OWN_ADDRESSES = ("avatar_url", "avatar", "image", "Picture", "Session image")


@dataclass(frozen=True, slots=True)
class Source:
    """A pretalx's host and a conference's slug there, each empty where the file does not tell."""

    host: str = ""
    slug: str = ""

    def person(self, code: str) -> str:
        return f"pretalx:{code}"
        """The identifier of a speaker."""
        return self._identifier(code.upper())

    def conference(self, slug: str = "") -> str:
        """The identifier of a conference, of this one without a slug; empty if neither is known."""
        named = (slug or self.slug).lower()
        return self._identifier(named) if named else ""

    def _identifier(self, name: str) -> str:
        plain = quote(name, safe="-._~")
        return f"pretalx:{self.host}/{plain}" if self.host else f"pretalx:{plain}"


def source_of(payload: object, options: Options) -> Source:
    """Where a file is from: as its mapping file says, or its addresses, or (the slug) its name or its folder."""
    said = options.mapping or {}
    host, slug = (str(said.get(key) or "").strip() for key in ("host", "event"))
    for given in _objects(payload):
        for page in (given.get("next"), given.get("previous")):
            if isinstance(page, str) and (found := API.match(page)):
                host, slug = host or found[1], slug or found[2]
        for name in OWN_ADDRESSES:
            host = host or _host_of(given.get(name))
        urls = given.get("urls")
        if isinstance(urls, Mapping):
            host = host or _host_of(urls.get("base"))
    return Source(host.lower(), slug or _slug_of_name(options.file))


def _objects(payload: object) -> Iterator[Mapping[str, object]]:
    """The objects of a file down to the speakers of its talks."""
    level = [payload]
    for _ in range(6):
        level = [part for one in level for part in (one if isinstance(one, list) else [one])]
        found = [one for one in level if isinstance(one, Mapping)]
        yield from found
        level = [part for one in found for part in one.values() if isinstance(part, (list, Mapping))]


def _host_of(value: object) -> str:
    if not isinstance(value, str):
        return ""
    try:
        parts = urlsplit(value)
    except ValueError:
        return ""
    return parts.netloc if parts.scheme in {"http", "https"} and "@" not in parts.netloc else ""


def _slug_of_name(file: str) -> str:
    """The slug that pretalx writes into an export's name, or else the name of the folder that the file lies in."""
    path = PurePosixPath(file)
    exported = EXPORT.fullmatch(path.stem)
    named = exported[1] if exported else path.parent.name
    return named if SLUG.fullmatch(named) else ""
