"""Records of the web's registers: a person's ORCID record, and authors and their works as OpenAlex exports them.

A register tells who somebody is, where they worked and what they published; it does not tell what somebody is expert
in. What it says of that (keywords, topics) is not believed: works become evidence, which a search finds by their words.
"""

from pathlib import Path

from ingest.files import FileRefused
from ingest.found import Reading
from ingest.readers import Options
from ingest.readers.json_kinds import JsonKind, kind_of_payload, payload_of
from ingest.readers.registers.openalex import read_openalex
from ingest.readers.registers.orcid import read_orcid

__all__ = ["read"]


def read(path: Path, *, options: Options) -> Reading:
    """The people, their organisations and works in a JSON file from ORCID or OpenAlex.

    Raises:
        FileRefused: it is neither, or it names nobody.
    """
    payload = payload_of(path)
    kind = kind_of_payload(payload)
    if kind is JsonKind.ORCID:
        return read_orcid(payload)
    if kind is JsonKind.OPENALEX:
        return read_openalex(payload, mapping=options.mapping or {})
    raise FileRefused(
        "it is neither an ORCID record nor an export of OpenAlex",
        remedy="download it again as JSON: the record from pub.orcid.org, authors and works from api.openalex.org",
    )
