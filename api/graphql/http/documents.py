"""Documents that are known here by the SHA-256 of their text, and who must ask in one of them.

Which documents there are is decided by whoever runs the network, with the files that a client's build writes; nobody
teaches a running server a new one. GraphQL over HTTP describes this as persisted documents (its appendix), and Apollo's
clients by ``extensions.persistedQuery``.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import orjson
from graphql import GraphQLSyntaxError, parse

from api.graphql.http.asking import Asked
from api.graphql.http.codes import Code, RequestRefused
from api.settings import DocumentsUnusable

__all__ = ["TrustedDocuments"]

IDENTIFIER = re.compile(r"sha256:([0-9a-f]{64})")
HASH = re.compile(r"[0-9a-f]{64}")
TEXTS = (".graphql", ".gql")
MANIFEST = ".json"


@dataclass(frozen=True, slots=True)
class TrustedDocuments:
    """The texts that are known, by their hashes."""

    texts: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, place: Path | None) -> Self:
        """The documents of a file, or of every file in a folder and those in it; none without a place.

        A ``.graphql`` or ``.gql`` file is one document, known with and without the line break at its end. A ``.json``
        file is a manifest, as graphql-codegen writes it (``{hash: text}``) or as Apollo's tools do
        (``{"operations": [{"id": hash, "body": text}]}``).

        Raises:
            DocumentsUnusable: a file cannot be read, is no document, or names one by something else than its hash.
        """
        if place is None:
            return cls()
        try:
            files = sorted(place.rglob("*")) if place.is_dir() else [place]
            read = [text for file in files if file.suffix in {*TEXTS, MANIFEST} for text in _texts_in(file)]
        except OSError as error:
            raise DocumentsUnusable(str(error.filename or place), error.strerror or "it cannot be read") from error
        if not read:
            raise DocumentsUnusable(str(place), "there is no .graphql, .gql or .json file with a document in it")
        return cls({_hash_of(text): text for text in read})

    def text_of(self, asked: Asked, *, takes_others: bool) -> str:
        """The document that is asked for; ``takes_others`` is whether this viewer may bring one that is not known.

        Raises:
            RequestRefused: it is not known, may not be asked, or is not what its own hash says.
        """
        wanted = _wanted(asked)
        if wanted is not None and asked.query is None:
            if wanted in self.texts:
                return self.texts[wanted]
            raise self._unknown()
        if asked.query is None:
            raise RequestRefused(
                Code.BAD_REQUEST,
                "There is no query; send one as 'query', or the id of a known document as 'documentId'.",
            )
        if wanted is not None and wanted != _hash_of(asked.query):
            raise RequestRefused(
                Code.BAD_REQUEST, "The query is not the one of the hash; send one of them, or mend it."
            )
        if not takes_others and _hash_of(asked.query) not in self.texts:
            raise RequestRefused(
                Code.DOCUMENT_NOT_TRUSTED,
                "Only documents that this network knows are answered to you; ask whoever runs it to add yours.",
            )
        return asked.query

    def _unknown(self) -> RequestRefused:
        # These words, too, are what Apollo's clients look for.
        if self.texts:
            return RequestRefused(Code.PERSISTED_QUERY_NOT_FOUND, "PersistedQueryNotFound")
        return RequestRefused(Code.PERSISTED_QUERY_NOT_SUPPORTED, "PersistedQueryNotSupported")


def _wanted(asked: Asked) -> str | None:
    """The hash of the document that is asked for by it."""
    if asked.document_id is not None:
        named = IDENTIFIER.fullmatch(asked.document_id)
        if named is None:
            raise RequestRefused(
                Code.BAD_REQUEST,
                "'documentId' is not 'sha256:' with the 64 lower-case hexadecimal digits of a SHA-256.",
            )
        return named[1]
    persisted = (asked.extensions or {}).get("persistedQuery")
    if persisted is None:
        return None
    given = persisted.get("sha256Hash") if isinstance(persisted, dict) else None
    if not (isinstance(given, str) and HASH.fullmatch(given)):
        raise RequestRefused(
            Code.BAD_REQUEST,
            "'extensions.persistedQuery.sha256Hash' is not the 64 lower-case hexadecimal digits of a SHA-256.",
        )
    return given


def _texts_in(file: Path) -> Iterator[str]:
    try:
        text = file.read_text(encoding="utf-8")
        texts = _of_manifest(file, orjson.loads(text)) if file.suffix == MANIFEST else {text, text.rstrip("\r\n")}
        for one in texts:
            parse(one)
    except UnicodeDecodeError as error:
        raise DocumentsUnusable(str(file), "it is not UTF-8") from error
    except orjson.JSONDecodeError as error:
        raise DocumentsUnusable(str(file), "it is not JSON") from error
    except GraphQLSyntaxError as error:
        raise DocumentsUnusable(str(file), error.message) from error
    yield from texts


def _of_manifest(file: Path, manifest: Any) -> set[str]:
    """The texts of a manifest, each known by its hash and not by a name of somebody's own."""
    operations = manifest.get("operations") if isinstance(manifest, dict) else None
    try:
        entries = {one["id"]: one["body"] for one in operations} if operations is not None else dict(manifest)
    except (KeyError, TypeError, ValueError) as error:
        raise DocumentsUnusable(str(file), "it is not a manifest of documents") from error
    for name, text in entries.items():
        if not isinstance(text, str):
            raise DocumentsUnusable(str(file), "it is not a manifest of documents")
        if str(name).removeprefix("sha256:") != _hash_of(text):
            raise DocumentsUnusable(str(file), f"'{str(name)[:80]}' is not the SHA-256 of its document")
    return set(entries.values())


def _hash_of(text: str) -> str:
    # What a client wrote with half a letter in it has no UTF-8; it is no known document either.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
