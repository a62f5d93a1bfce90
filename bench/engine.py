"""How long the engine takes to start, to answer first and to stop, with Java's start-up cache and without, in one run.

Run it with ``python -m bench.engine``. Each round starts both ways in turn, so that a busy machine slows both alike.
"""

import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from neo4j import GraphDatabase

from graph.engine import attach, install, status, stop
from graph.engine.programs import jar_folder, verified_mark
from graph.settings import GraphSettings

__all__ = ["main"]

ROUNDS = 3


@dataclass(slots=True)
class _Figures:
    """One way to start, and the seconds and bytes that it took each time."""

    settings: GraphSettings
    start_s: list[float] = field(default_factory=list)
    first_query_s: list[float] = field(default_factory=list)
    stop_s: list[float] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)

    def measure(self) -> None:
        begun = time.perf_counter()
        with attach(self.settings) as address:
            self.start_s.append(time.perf_counter() - begun)
            with GraphDatabase.driver(address.uri, auth=(address.user, address.password.get_secret_value())) as driver:
                driver.execute_query("RETURN 1")
            self.first_query_s.append(time.perf_counter() - begun)
            self.memory_mb.append((status(self.settings).memory_bytes or 0) / 1e6)
        begun = time.perf_counter()
        stop(self.settings)
        self.stop_s.append(time.perf_counter() - begun)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        warm = GraphSettings(home=home, neo4j_uri=None)
        install(warm)
        cold = _without_start_up_cache(warm, Path(folder) / "cache")
        with attach(warm):
            pass  # the very first start, which makes the store, is not measured
        stop(warm)
        figures = {"without start-up cache": _Figures(cold), "with start-up cache": _Figures(warm)}
        for _ in range(ROUNDS):
            for way in figures.values():
                way.measure()
    print(f"{'engine':24} {'start':>8} {'to first query':>15} {'stop':>8} {'memory':>9}")
    for name, way in figures.items():
        print(
            f"{name:24} {median(way.start_s):6.2f} s {median(way.first_query_s):13.2f} s "
            f"{median(way.stop_s):6.2f} s {median(way.memory_mb):6.0f} MB"
        )
    slow, fast = figures.values()
    print(
        f"{'faster by':24} {median(slow.start_s) / median(fast.start_s):6.2f} x "
        f"{median(slow.first_query_s) / median(fast.first_query_s):13.2f} x"
    )
    print("Targets on two quiet cores, with the start-up cache: first query under 8 s, stop under 2 s.")


def _without_start_up_cache(settings: GraphSettings, cache: Path) -> GraphSettings:
    """The same network with an installation of links to the jars alone."""
    cold = GraphSettings(home=settings.home, cache=cache, neo4j_uri=None)
    jar_folder(cold).mkdir(parents=True)
    for jar in jar_folder(settings).iterdir():
        (jar_folder(cold) / jar.name).symlink_to(jar)
    verified_mark(cold).touch()
    return cold


if __name__ == "__main__":
    main()
