"""Benchmarks: each prints figures measured side by side in one run, so that ratios hold on any machine."""

__all__: list[str] = []
