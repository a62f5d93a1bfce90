"""Every benchmark, one after the other: ``python -m bench``."""

from bench import encoder, engine, loading, search

for benchmark in (engine, encoder, search, loading):
    benchmark.main()
