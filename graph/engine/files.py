"""Where the engine keeps what: its programs in the cache, its data, logs and run files in the home of a network."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from graph.settings import GraphSettings

__all__ = ["EngineFiles", "managed_password"]


@dataclass(frozen=True, slots=True)
class EngineFiles:
    """The files of one network's engine."""

    home: Path
    logs: Path
    run: Path

    @classmethod
    def of(cls, settings: GraphSettings) -> Self:
        """The files that the settings name, as absolute paths."""
        return cls(home=settings.home.absolute(), logs=settings.logs.absolute(), run=settings.run.absolute())

    @property
    def graph(self) -> Path:
        """Neo4j's own home: its configuration and its data."""
        return self.home / "graph"

    @property
    def data(self) -> Path:
        """The store and its transaction logs."""
        return self.graph / "data"

    @property
    def indexes(self) -> Path:
        """The indexes of the database, which Neo4j makes anew where they are missing."""
        return self.data / "databases" / "neo4j" / "schema" / "index"

    @property
    def forgotten_indexes(self) -> Path:
        """Where indexes are moved before they are deleted."""
        return self.indexes.with_name("index.forgotten")

    @property
    def password(self) -> Path:
        """The password that belongs to the store; it must be kept as long as the store is."""
        return self.graph / "password"

    @property
    def lease(self) -> Path:
        """Locked, shared, by every process that uses the engine."""
        return self.run / "engine.lease"

    @property
    def starting(self) -> Path:
        """Locked by the process that is starting the engine."""
        return self.run / "engine.starting"

    @property
    def alive(self) -> Path:
        """Locked by the supervisor as long as it lives; holds its process id."""
        return self.run / "engine.alive"

    @property
    def address(self) -> Path:
        """Where the running engine listens; true only while `alive` is locked."""
        return self.run / "engine.json"

    @property
    def keep(self) -> Path:
        """The mark of `knowwho engine start`: the engine stays when nobody uses it."""
        return self.run / "engine.keep"

    @property
    def supervisor_log(self) -> Path:
        """What Java and the supervisor print."""
        return self.logs / "engine.log"

    @property
    def neo4j_log(self) -> Path:
        """What Neo4j tells its operator."""
        return self.logs / "neo4j.log"

    @property
    def debug_log(self) -> Path:
        """What Neo4j tells its developers."""
        return self.logs / "debug.log"

    def make_folders(self) -> None:
        """Make the folders, readable by the owner only, and the file that is locked first."""
        for folder in (self.home, self.graph, self.logs, self.run):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.lease.touch(mode=0o600)


def managed_password(settings: GraphSettings) -> Path:
    """The file of the managed engine's password, whether it is there yet or not."""
    return EngineFiles.of(settings).password
