"""The sample network: a folder as any other network's. Its people, organisations and talks are fictional."""

from pathlib import Path

__all__ = ["SAMPLE"]

SAMPLE = Path(__file__).parent
