"""The sample network: a folder as any other network's. All that it tells is fictional."""

from pathlib import Path

__all__ = ["SAMPLE"]

SAMPLE = Path(__file__).parent
