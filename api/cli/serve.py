"""``knowwho serve``: uvicorn on loopback, on the port asked for or the next free one."""

import errno
import socket

import typer
import uvicorn

from api.app import create_app
from api.logs import write_logs
from api.running import announced, running_server
from api.settings import ServerSettings
from graph.credentials import fresh_secret
from graph.errors import GraphError
from graph.settings import GraphSettings

__all__ = ["serve_until_stopped"]

PORTS_TRIED = 50


class NoPort(GraphError):
    """No port could be had."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        self.host = host
        self.port = port
        super().__init__(f"{host} has no free port from {port} on ({reason}); choose another with --port or --host.")


class AlreadyServed(GraphError):
    """The network has a server already."""

    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__(f"This network is already served at {url}; stop that server first, or use it.")


class _Server(uvicorn.Server):
    """Says where it serves once it does, and not before."""

    def __init__(self, config: uvicorn.Config, *, url: str) -> None:
        super().__init__(config)
        self._url = url

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            typer.echo(f"Knowwho serves at {self._url}  (GraphQL: {self._url}/graphiql; stop: Ctrl-C)")


def serve_until_stopped(*, host: str | None, port: int | None, demo: bool = False) -> None:
    """Serve this network until told to stop; with ``demo``, let people sign in as sample people (api.door.demo).

    Raises:
        NoPublicUrl: the address is reached from other machines, which do not know how they reach it.
        NoPort: no port is free.
        AlreadyServed: another server has the network.
    """
    settings = GraphSettings()
    chosen = {name: value for name, value in {"host": host, "port": port}.items() if value is not None}
    server_settings = ServerSettings().model_copy(update=chosen)
    server_settings.check()
    if server := running_server(settings):
        raise AlreadyServed(server.url)
    listener = _listener(server_settings.host, server_settings.port)
    bound = listener.getsockname()[1]
    if server_settings.port not in {0, bound}:
        typer.echo(f"Port {server_settings.port} is taken; using {bound}.")
    shown = "127.0.0.1" if server_settings.host in {"0.0.0.0", "::"} else server_settings.host  # noqa: S104
    url = f"http://[{shown}]:{bound}" if ":" in shown else f"http://{shown}:{bound}"
    write_logs(settings, is_server=True)
    typer.echo("Starting the engine and the encoder …")
    key = fresh_secret()
    app = create_app(settings, server=server_settings, local_key=key, demo=demo)
    # Whose word about a client's address is believed, api.door.guard decides.
    config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False, proxy_headers=False)
    with announced(settings, url=url, key=key):
        _Server(config, url=url).run(sockets=[listener])


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    reason = "all are taken"
    for candidate in range(port, min(port + PORTS_TRIED, 65536)):
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
        except OSError as error:
            listener.close()
            if error.errno == errno.EADDRINUSE:
                continue
            reason = error.strerror or str(error)
            break
        listener.listen()
        return listener
    raise NoPort(host, port, reason)
