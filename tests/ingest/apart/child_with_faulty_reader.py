"""The child of ingest.apart, with one reader more, and less patience in its alarm."""

from pathlib import Path

import ingest.readers
from ingest.apart import child, guard

ingest.readers.__path__.append(str(Path(__file__).parent / "readers"))
guard.SECONDS_TO_SPARE = 1

if __name__ == "__main__":
    child.main()
