"""What can go wrong with the engine, one class for each thing a person can do something about.

Every message is one sentence: what is wrong, and the remedy.
"""

import errno
from pathlib import Path

from graph.errors import GraphError
from graph.wording import Wording

__all__ = [
    "AddressUnusable",
    "DamagedDownload",
    "DatabaseNotFound",
    "EngineError",
    "EngineNotUsed",
    "FolderUnwritable",
    "JavaFailed",
    "ListenFailed",
    "NoSpace",
    "NotEnoughMemory",
    "NotInstalled",
    "PasswordExpired",
    "PasswordUnreadable",
    "RegistryUnreachable",
    "ServerUnreachable",
    "StartTimedOut",
    "StoreLocked",
    "StoreTooNew",
    "VersionTooOld",
    "WrongCredentials",
]


class EngineError(GraphError):
    """The engine cannot be installed, started or reached."""

    @classmethod
    def of_disk(cls, problem: OSError, folder: Path, needed_mb: int) -> "EngineError":
        """What an error of the file system means for the one who chose the folder."""
        if problem.errno in {errno.ENOSPC, errno.EDQUOT}:
            return NoSpace(folder, needed_mb)
        return FolderUnwritable(str(problem.filename or folder), problem.strerror or type(problem).__name__)


class EngineNotUsed(EngineError):
    """The settings name a Neo4j of the user's own."""

    def __init__(self, uri: str) -> None:
        self.uri = uri
        super().__init__(
            f"KNOWWHO_NEO4J_URI points to {uri}, so the managed engine is not used: unset it to use the managed engine."
        )


class AddressUnusable(EngineError):
    """KNOWWHO_NEO4J_URI is no address that the driver can use."""

    def __init__(self, problem: Wording) -> None:
        self.problem = problem
        super().__init__(
            Wording(
                "%(problem)s: write bolt://HOST:PORT or neo4j://HOST:PORT (also with +s or +ssc), "
                "the user in KNOWWHO_NEO4J_USER and the password in KNOWWHO_NEO4J_PASSWORD_FILE.",
                problem=problem,
            )
        )


class NotInstalled(EngineError):
    """The jars of the engine are not in the cache folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            Wording("The engine is not installed in %(folder)s: run `knowwho engine install`.", folder=str(folder))
        )


class DamagedDownload(EngineError):
    """A jar differs from the lock."""

    def __init__(self, file: Path) -> None:
        self.file = file
        super().__init__(
            Wording(
                "%(file)s is missing or not what the lock file says: run `knowwho engine install --repair`.",
                file=str(file),
            )
        )


class RegistryUnreachable(EngineError):
    """Maven Central did not give a jar."""

    def __init__(self, artifact: str, reason: str) -> None:
        self.artifact = artifact
        self.reason = reason
        super().__init__(
            f"Maven Central did not give {artifact} ({reason}): check the network or set HTTPS_PROXY, "
            "then run `knowwho engine install` again; what is already fetched is kept."
        )


class NoSpace(EngineError):
    """A disk is full."""

    def __init__(self, folder: Path, needed_mb: int) -> None:
        self.folder = folder
        self.needed_mb = needed_mb
        super().__init__(
            Wording(
                "The disk of %(folder)s is full: free at least %(needed)s MB, or choose another disk "
                "with KNOWWHO_HOME (data) or KNOWWHO_CACHE (programs).",
                folder=str(folder),
                needed=needed_mb,
            )
        )


class FolderUnwritable(EngineError):
    """The engine's files cannot be written where the settings say."""

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(
            Wording(
                "%(path)s cannot be written (%(reason)s): make it writable, or choose another folder "
                "with KNOWWHO_HOME (data) or KNOWWHO_CACHE (programs).",
                path=path,
                reason=reason,
            )
        )


class ListenFailed(EngineError):
    """The engine could not listen on the loopback port it was given."""

    def __init__(self, line: str, log: Path) -> None:
        self.line = line
        self.log = log
        super().__init__(
            Wording(
                "The engine could not listen on a loopback port (%(line)s): run the command again; see %(log)s.",
                line=line,
                log=str(log),
            )
        )


class NotEnoughMemory(EngineError):
    """Java cannot have the memory that the settings promise it."""

    def __init__(self, line: str) -> None:
        self.line = line
        super().__init__(
            Wording(
                "The machine has too little memory for the engine (%(line)s): free some, or lower "
                "KNOWWHO_ENGINE_HEAP_MB and KNOWWHO_ENGINE_PAGE_CACHE_MB.",
                line=line,
            )
        )


class StoreTooNew(EngineError):
    """The data was written by a newer Neo4j."""

    def __init__(self, folder: Path, line: str, version: str) -> None:
        self.folder = folder
        self.line = line
        self.version = version
        super().__init__(
            Wording(
                "The data in %(folder)s was written by a Neo4j newer than %(version)s (%(line)s): "
                "upgrade knowwho, or point KNOWWHO_HOME to other data.",
                folder=str(folder),
                version=version,
                line=line,
            )
        )


class StoreLocked(EngineError):
    """Another process has the store open."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            Wording(
                "Another process has the data in %(folder)s open: stop that Neo4j, or point KNOWWHO_HOME to "
                "other data.",
                folder=str(folder),
            )
        )


class JavaFailed(EngineError):
    """Java ended before the engine answered."""

    def __init__(self, line: str, log: Path) -> None:
        self.line = line
        self.log = log
        super().__init__(Wording("The engine ended while starting (%(line)s): read %(log)s.", line=line, log=str(log)))


class StartTimedOut(EngineError):
    """The engine runs but does not answer."""

    def __init__(self, timeout_s: float, log: Path) -> None:
        self.timeout_s = timeout_s
        self.log = log
        super().__init__(
            Wording(
                "The engine did not answer within %(seconds)s s: run the command again when the machine is less busy, "
                "or read %(log)s.",
                seconds=f"{timeout_s:.0f}",
                log=str(log),
            )
        )


class PasswordUnreadable(EngineError):
    """The password of the graph is not where it should be, or not the one it was."""

    def __init__(self, sentence: Wording) -> None:
        super().__init__(sentence)


class ServerUnreachable(EngineError):
    """No Neo4j answers at the address."""

    def __init__(self, uri: str, reason: str) -> None:
        self.uri = uri
        self.reason = reason
        super().__init__(
            Wording(
                "No Neo4j answers at %(uri)s (%(reason)s): "
                "check that it runs and that KNOWWHO_NEO4J_URI names its Bolt address.",
                uri=uri,
                reason=reason,
            )
        )


class WrongCredentials(EngineError):
    """The server refused user and password."""

    def __init__(self, uri: str, user: str) -> None:
        self.uri = uri
        self.user = user
        super().__init__(
            Wording(
                "%(uri)s refused the password of %(user)s: check KNOWWHO_NEO4J_USER and "
                "KNOWWHO_NEO4J_PASSWORD or KNOWWHO_NEO4J_PASSWORD_FILE.",
                uri=uri,
                user=user,
            )
        )


class PasswordExpired(EngineError):
    """The server lets the user in only to change the password."""

    def __init__(self, uri: str, user: str) -> None:
        self.uri = uri
        self.user = user
        super().__init__(
            Wording(
                "%(uri)s wants %(user)s to choose a new password first: set one with Neo4j's own tools, "
                "then give it in KNOWWHO_NEO4J_PASSWORD or KNOWWHO_NEO4J_PASSWORD_FILE.",
                uri=uri,
                user=user,
            )
        )


class DatabaseNotFound(EngineError):
    """The server has no database of that name."""

    def __init__(self, uri: str, database: str) -> None:
        self.uri = uri
        self.database = database
        super().__init__(
            Wording(
                "%(uri)s has no database %(database)s: create it, or correct KNOWWHO_NEO4J_DATABASE "
                "(unset, it is the server's default one).",
                uri=uri,
                database=database,
            )
        )


class VersionTooOld(EngineError):
    """The server cannot filter inside a vector index."""

    def __init__(self, uri: str, version: str, needed: str) -> None:
        self.uri = uri
        self.version = version
        self.needed = needed
        super().__init__(
            Wording(
                "%(uri)s runs Neo4j %(version)s, but %(needed)s or later is needed: upgrade it, or unset "
                "KNOWWHO_NEO4J_URI to use the managed engine.",
                uri=uri,
                version=version,
                needed=needed,
            )
        )
