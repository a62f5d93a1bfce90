"""Fuzz one reader with atheris, guided by what of its code each input reaches.

``python tests/ingest/hostile/fuzz_readers.py KIND FOLDER RUNS`` writes a valid file of the kind into FOLDER and starts
from there. It ends at the first crash of the process, at an input that takes longer than ten seconds or more than
1.5 GB, and at a reading that cannot be told to the parent. An error that a reader did not foresee is no failure, since
ingest.apart makes a sentence of it; there is a line for the first of each.
"""

import importlib
import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[3]))

from ingest.files import FileRefused
from ingest.readers import Options
from tests.ingest.hostile.valid import KINDS

__all__ = ["main"]


def main(kind: str, folder: Path, runs: int) -> None:
    """Fuzz the reader of a kind of file so many times."""
    valid = KINDS[kind]
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "valid").write_bytes(valid.content())
    file = folder / f"fuzzed{valid.suffix}"
    with atheris.instrument_imports(include=["ingest.readers"]):
        reader = importlib.import_module(valid.reader)
    unforeseen: set[str] = set()

    def read(content: bytes) -> None:
        file.write_bytes(content)
        try:
            reader.read(file, options=Options(file=file.name)).model_dump_json()
        except (FileRefused, RecursionError):
            pass
        except Exception as problem:  # noqa: BLE001 -- whatever it is, the child makes a sentence of it
            name = type(problem).__name__
            if name not in unforeseen:
                unforeseen.add(name)
                sys.stderr.write(f"unforeseen: {name}\n")

    # A process begins with the peak of the one that started it, here a worker that has an encoder in memory.
    options = [f"-runs={runs}", "-timeout=10", "-rss_limit_mb=6000", "-max_len=200000", f"-artifact_prefix={folder}/"]
    atheris.Setup([sys.argv[0], *options, str(corpus)], read)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
