"""Every benchmark, one after the other: ``python -m bench``."""

from bench import encoder, engine, limits, loading, nested, pages, panels, search

for benchmark in (engine, encoder, search, pages, nested, limits, loading, panels):
    benchmark.main()
