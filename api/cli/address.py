"""Where the links that a command prints or sends lead to."""

from api.running import running_server
from api.settings import ServerSettings
from graph.settings import GraphSettings

__all__ = ["network_address"]


def network_address(settings: GraphSettings) -> str:
    """The address as set, else the running server's, else where a server would listen; without a slash at the end."""
    server = ServerSettings()
    if server.public_url is not None:
        return server.public_url
    running = running_server(settings)
    return running.url if running is not None else f"http://127.0.0.1:{server.port}"
