"""docs/ingest/hostile.md names tests that there are, and the limits that hold."""

import re
from pathlib import Path

from ingest.apart import Limits
from ingest.encodings import LARGEST_FILE
from ingest.files import LONGEST_LINE
from ingest.tables import LONGEST_CELL

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "ingest" / "hostile.md").read_text(encoding="utf-8")


def test_every_test_that_is_named_is_there() -> None:
    named = re.findall(r"`(tests/[\w/.]+)::(\w+)`", TEXT)

    missing = [name for file, name in named if f"def {name}(" not in (ROOT / file).read_text(encoding="utf-8")]
    assert named
    assert not missing


def test_the_limits_are_those_that_hold() -> None:
    limits = Limits()

    assert f"| {limits.seconds:g} s |" in TEXT
    assert f"| {limits.memory_bytes / 1e9:g} GB |" in TEXT
    assert f"| a foreign file | {limits.file_bytes / 1e6:g} MB |" in TEXT
    assert f"| what a reader may find in a file | {limits.answer_bytes / 1e6:g} MB |" in TEXT
    assert f"| {LARGEST_FILE / 1e9:g} GB, lines of {LONGEST_LINE:,} characters, cells of {LONGEST_CELL:,} |" in TEXT
