"""What a mapping file says to a reader that takes a few words from it, not columns."""

from collections.abc import Mapping

from ingest.cells import closest, visible
from ingest.files import FileRefused
from ingest.readers import Options

__all__ = ["mapped"]


def mapped(options: Options, *names: str) -> Mapping[str, str]:
    """What the mapping file says under these names, as texts; nothing where there is none.

    Raises:
        FileRefused: it says something under another name, or something that is no text.
    """
    said = options.mapping or {}
    for name, value in said.items():
        if name not in names:
            meant = closest(name, names)
            raise FileRefused(
                f"its mapping file says '{visible(name)}', which is not one of {', '.join(names)}",
                remedy=f"did you mean {meant}?" if meant else "delete it there",
            )
        if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
            raise FileRefused(
                f"its mapping file says nothing that is a text under '{name}'", remedy=f"write it such as {name}: TEXT"
            )
    return {name: str(value).strip() for name, value in said.items()}
