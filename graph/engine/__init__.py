"""The graph's engine: a managed Neo4j as a child process, or a Neo4j of the user's own."""

from graph.engine.address import Address
from graph.engine.installation import InstallPhase, InstallStep, install
from graph.engine.lifecycle import attach

__all__ = ["Address", "InstallPhase", "InstallStep", "attach", "install"]
