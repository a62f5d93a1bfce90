"""Everything about a person as one file to take away: JSON for programs, a page for people, and what is in the file."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.pages.words import direction, moment, words_in

__all__ = ["archive"]

TEMPLATES = Path(__file__).parent / "pages" / "templates"


@cache
def environment(language: str) -> Environment:
    """What makes the page in a language: one of its own, opened from a disk, apart from those that the server makes."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_translations(words_in(language), newstyle=True)  # type: ignore[attr-defined]
    made.globals |= {"language": language, "direction": direction}
    made.filters["moment"] = lambda at: moment(at, language)
    return made


def archive(about: Mapping[str, Any], *, language: str = "en") -> bytes:
    """A zip of ``person.json``, ``person.html`` in a language and ``manifest.json``, which has the others' sha256."""
    page = environment(language).get_template("export.html")
    files = {
        "person.json": json.dumps(about, ensure_ascii=False, indent=2) + "\n",
        "person.html": page.render(about=about, made_at=datetime.fromisoformat(about["made_at"])),
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
