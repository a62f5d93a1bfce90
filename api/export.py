"""Everything about a person as one file to take away: JSON for programs, a page for people, and what is in the file."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

__all__ = ["archive"]

TEMPLATES = Path(__file__).parent / "pages" / "templates"

# A page of its own, opened from a disk: apart from the pages that the server makes.
environment = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def archive(about: Mapping[str, Any]) -> bytes:
    """A zip of ``person.json``, ``person.html`` and ``manifest.json``, which has the sha256 of the other two."""
    files = {
        "person.json": json.dumps(about, ensure_ascii=False, indent=2) + "\n",
        "person.html": environment.get_template("export.html").render(about=about),
    }
    manifest = {
        "format": about["format"],
        "made_at": about["made_at"],
        "files": [
            {"name": name, "sha256": hashlib.sha256(text.encode()).hexdigest(), "bytes": len(text.encode())}
            for name, text in files.items()
        ],
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("manifest.json", json.dumps(manifest, indent=2) + "\n")
        for name, text in files.items():
            file.writestr(name, text)
    return made.getvalue()
