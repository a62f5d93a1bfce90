"""Every benchmark, one after the other: ``python -m bench``."""

from bench import encoder, engine, limits, loading, search

for benchmark in (engine, encoder, search, limits, loading):
    benchmark.main()
