"""Brings the catalogues of pages in line with what templates and code say: new texts come in, those that are gone go.

What is new is left empty, for a person to translate; tests/api/pages/test_words.py fails until somebody has.
"""

import io
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from api.pages.extraction import extracted

CATALOGUES: Final = Path(__file__).resolve().parent.parent / "api" / "pages" / "translations"
LANGUAGES: Final = ("ar", "es", "fr", "ru", "zh")

ARABIC: Final = (
    "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5);"
)
"""As Unicode has it (CLDR), for 11 to 99 before 100; Babel has the last two the other way round."""

HEADER: Final = """\
msgid ""
msgstr ""
"Project-Id-Version: knowwho\\n"
"Language: %(language)s\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: %(plurals)s\\n"

"""


def main() -> None:
    """Write each catalogue again, and say how many texts wait for a translation."""
    template = extracted()
    for language in LANGUAGES:
        file = CATALOGUES / f"{language}.po"
        known = read_po(io.BytesIO(file.read_bytes()), locale=language) if file.exists() else Catalog(locale=language)
        made = Catalog(locale=language)
        for message in template:
            if message.id:
                before = known.get(message.id, message.context)
                made.add(message.id, before.string if before else None, context=message.context)
        written = io.BytesIO()
        write_po(written, made, width=0, sort_output=True, omit_header=True)
        plurals = ARABIC if language == "ar" else made.plural_forms
        header = HEADER % {"language": language, "plurals": plurals}
        file.write_text(header + written.getvalue().decode())
        missing = sum(not one.string or not all(one.string) for one in made if one.id)
        print(f"{language}: {len(made)} texts, {missing} to be translated")


if __name__ == "__main__":
    main()
