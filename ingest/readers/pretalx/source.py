"""Which pretalx a file is from, and of which conference: its host and the conference's slug, which make identifiers."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote, urlsplit

from ingest.readers import Options
from ingest.readers.mapped import mapped

__all__ = ["Source", "source_of"]

API = re.compile(r"https?://([^/\s]+)/api/events/([^/?\s]+)/", re.IGNORECASE)
EXPORT = re.compile(r"(.+)_(?:sessions|speakers)(?: ?\(\d+\))?", re.IGNORECASE)
SLUG = re.compile(r"[a-z0-9][a-z0-9.-]*", re.IGNORECASE)
# Fields that hold addresses on the conference's own host, if it keeps the pictures itself.
PICTURES = ("avatar_url", "avatar", "image", "Picture", "Session image")


@dataclass(frozen=True, slots=True)
class Source:
    """A pretalx's host, a conference's slug there and its title, each empty where nothing tells it."""

    host: str = ""
    slug: str = ""
    title: str = ""
    """As its mapping file says; what the file itself says is no part of this."""

    def person(self, code: str) -> str:
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
    said = mapped(options, "host", "event", "title")
    objects = list(_objects(payload))
    pages = [
        found
        for given in objects
        for page in (given.get("next"), given.get("previous"))
        if isinstance(page, str) and (found := API.match(page))
    ]
    hosts = (
        said.get("host", ""),
        *(page[1] for page in pages),
        *(_host_of(urls.get("base")) for given in objects if isinstance(urls := given.get("urls"), Mapping)),
        *(_host_of(given.get(name), under="/media/") for name in PICTURES for given in objects),
    )
    slugs = (said.get("event", ""), *(page[2] for page in pages), _slug_of_name(options.file))
    return Source(next(filter(None, hosts), "").lower(), next(filter(None, slugs), ""), said.get("title", ""))


def _objects(payload: object) -> Iterator[Mapping[str, object]]:
    """The objects of a file down to the speakers of its talks."""
    level = [payload]
    for _ in range(6):
        level = [part for one in level for part in (one if isinstance(one, list) else [one])]
        found = [one for one in level if isinstance(one, Mapping)]
        yield from found
        level = [part for one in found for part in one.values() if isinstance(part, (list, Mapping))]


def _host_of(value: object, *, under: str = "") -> str:
    """The host of a web address whose path begins so; empty of anything else."""
    try:
        parts = urlsplit(value if isinstance(value, str) else "")
    except ValueError:
        return ""
    is_usable = parts.scheme in {"http", "https"} and "@" not in parts.netloc and parts.path.startswith(under)
    return parts.netloc if is_usable else ""


def _slug_of_name(file: str) -> str:
    """The slug that pretalx writes into an export's name, or else the name of the folder that the file lies in."""
    path = PurePosixPath(file)
    exported = EXPORT.fullmatch(path.stem)
    named = exported[1] if exported else path.parent.name
    return named if SLUG.fullmatch(named) else ""
