"""The graph's engine: a managed Neo4j as a child process, or a Neo4j of the user's own."""

from graph.engine.address import Address
from graph.engine.errors import EngineError
from graph.engine.files import managed_password
from graph.engine.installation import InstallPhase, InstallStep, install
from graph.engine.lifecycle import attach, forget_indexes, start, stop
from graph.engine.status import EngineState, EngineStatus, logs, status
from graph.engine.version import ServerVersion, verify

__all__ = [
    "Address",
    "EngineError",
    "EngineState",
    "EngineStatus",
    "InstallPhase",
    "InstallStep",
    "ServerVersion",
    "attach",
    "forget_indexes",
    "install",
    "logs",
    "managed_password",
    "start",
    "status",
    "stop",
    "verify",
]
