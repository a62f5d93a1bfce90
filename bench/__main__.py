"""Every benchmark, one after the other: ``python -m bench``."""

from bench import encoder, engine, search

for benchmark in (engine, encoder, search):
    benchmark.main()
