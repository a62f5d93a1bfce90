"""Whatever happens to the bytes of a file, its reader neither crashes nor hangs, and the next file is read."""

import importlib.util
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.apart import Apart, Limits
from ingest.files import FileRefused
from ingest.readers import Options
from tests.ingest.hostile.mutating import Change, changed, changes
from tests.ingest.hostile.valid import KINDS, existing

LIMITS = Limits(seconds=20.0, memory_bytes=800_000_000)
FUZZER = Path(__file__).parent / "fuzz_readers.py"
RUNS = 300


@pytest_asyncio.fixture(scope="module")
async def apart() -> AsyncIterator[Apart]:
    """One child for all of them."""
    async with Apart(LIMITS) as reader:
        yield reader


@pytest.mark.parametrize("kind", existing())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=changes, inside=st.booleans())
async def test_changed_bytes_neither_crash_nor_hang(
    apart: Apart, tmp_path: Path, kind: str, made: list[Change], inside: bool
) -> None:
    file = tmp_path / f"changed{KINDS[kind].suffix}"
    file.write_bytes(changed(KINDS[kind].content(), made, inside=inside))
    reason = ""

    try:
        await apart.read(file, reader=KINDS[kind].reader, options=Options(file=file.name), folder=tmp_path)
    except FileRefused as problem:
        reason = problem.reason

    assert not any(word in reason for word in ("crashed", "took longer", "memory")), reason


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris is not made for this machine")
@pytest.mark.parametrize("kind", {KINDS[kind].reader: kind for kind in existing()}.values())
def test_atheris_finds_no_crash_and_no_hang(tmp_path: Path, kind: str) -> None:
    done = subprocess.run(
        [sys.executable, str(FUZZER), kind, str(tmp_path), str(RUNS)],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
        cwd=tmp_path,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    assert f"Done {RUNS} runs" in done.stderr
