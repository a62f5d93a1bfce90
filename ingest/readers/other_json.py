"""The reader of JSON files whose start did not tell which system they are from: half a file, or one told further on."""

from collections.abc import Callable, Mapping
from pathlib import Path

from ingest.found import Doubted, Reading
from ingest.readers import Options, pretalx, registers, skos
from ingest.readers.json_kinds import JsonKind, kind_of_payload, payload_of

__all__ = ["read"]

READERS: Mapping[JsonKind, Callable[..., Reading]] = {
    JsonKind.PRETALX: pretalx.read,
    JsonKind.FRAB: pretalx.read,
    JsonKind.ORCID: registers.read,
    JsonKind.OPENALEX: registers.read,
    JsonKind.JSONLD: skos.read,
}


def read(path: Path, *, options: Options) -> Reading:
    """What the reader of the system finds that the whole file tells; a doubt if it is none that is known.

    Raises:
        FileRefused: it is no JSON or only a part of it, or its reader refuses it.
    """
    kind = kind_of_payload(payload_of(path))
    if kind is not None:
        return READERS[kind](path, options=options)
    doubt = Doubted(
        place="the whole file",
        column=None,
        value="",
        reason="it was left out: its JSON is of no system that is known",
        remedy="export it again if it is one of docs/ingest.md, else keep it outside the network's folder",
    )
    return Reading(doubts=[doubt])
