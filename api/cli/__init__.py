"""The command line: one module a command, put together in ``commands``."""

from api.cli.commands import main

__all__ = ["main"]
