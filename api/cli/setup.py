"""``knowwho setup``: what every network of this user runs on, fetched and prepared once."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

from graph.settings import GraphSettings

__all__ = ["set_up"]


def set_up() -> None:
    """Install the engine, the encoder and the explorer's files, each only if it is not there yet."""
    settings = GraphSettings()
    if settings.neo4j_uri is None:
        from api.cli.engine import install_with_bars

        with _told("engine"):
            install_with_bars(settings)
    from graph import encoder

    with _told("encoder") as tell:
        encoder.install(settings, progress=tell)
    from api import web

    with _told("explorer") as tell:
        web.install(settings, progress=tell)


@contextmanager
def _told(part: str) -> Iterator[Callable[[str], None]]:
    """Say what a part is doing, and how long it took if that was worth the telling."""
    begun = time.monotonic()

    def tell(step: str) -> None:
        typer.echo(f"  {part}: {step}")

    yield tell
    took = time.monotonic() - begun
    typer.echo(f"{part}: ready" + (f" ({took:.0f} s)" if took >= 1 else ""))
