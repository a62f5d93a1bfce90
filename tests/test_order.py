"""In which order test files are begun."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SEARCH = "tests/graph/search"


def test_files_with_a_slow_test_are_begun_before_those_with_more_tests() -> None:
    listed = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", SEARCH],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    files = [line.partition("::")[0] for line in listed.stdout.splitlines() if "::" in line]
    order = list(dict.fromkeys(files))
    slow = {
        str(file.relative_to(ROOT)) for file in (ROOT / SEARCH).glob("test_*.py") if "mark.slow" in file.read_text()
    }
    counts = [files.count(file) for file in order if file not in slow]
    assert slow == {order[0]}
    assert counts == sorted(counts, reverse=True)
    assert max(counts) > files.count(order[0])
