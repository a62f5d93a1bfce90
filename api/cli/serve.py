"""``knowwho serve``: uvicorn on loopback, on the port asked for or the next free one, in one process or several."""

import asyncio
import errno
import math
import os
import signal
import socket
import time
from collections.abc import Callable
from functools import partial
from multiprocessing import parent_process
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Thread

import structlog
import typer
import uvicorn
from fastapi import FastAPI
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors.multiprocess import Multiprocess, Process

from api.app import create_app
from api.door.bodies import LARGEST_QUERY
from api.logs import log_file, write_logs
from api.network import open_graph
from api.running import announced, running_server
from api.settings import GraphQLSettings, LimitSettings, MailSettings, ServerSettings
from graph.credentials import fresh_secret
from graph.engine import attach
from graph.errors import GraphError
from graph.settings import GraphSettings

__all__ = ["serve_until_stopped", "server_config"]

log = structlog.get_logger(__name__)

PORTS_TRIED = 50
GRACE_S = 5
PING_WAIT_S = 0.5
# A worker that says nothing for so long is ended and replaced; loading torch holds Python's lock for seconds.
WORKER_SILENT_S = 60.0


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


class NotStarted(GraphError):
    """The server ended before it served."""

    def __init__(self, log: Path) -> None:
        self.log = log
        super().__init__(f"The server could not start; {log} has the reason, and 'knowwho doctor' may know the remedy.")


class _Server(uvicorn.Server):
    """Says where it serves once it does, and not before."""

    def __init__(self, config: uvicorn.Config, *, url: str) -> None:
        super().__init__(config)
        self._url = url

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            _say_where(self._url)


class _Workers(Multiprocess):
    """Several processes that take requests from one socket; one that dies, or says nothing any more, is replaced."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket], *, url: str) -> None:
        super().__init__(config, sockets)
        self._url = url
        self._serve = False
        self._heard_at: dict[Process, float] = {}
        self.have_failed = False

    def keep_subprocess_alive(self) -> None:
        """Look after each of them, but wait for none: uvicorn's own way hears no signal while a worker starts."""
        for place, worker in enumerate(self.processes):
            if self._is_well(worker):
                continue
            worker.kill()
            worker.join()
            if worker.exitcode == STARTUP_FAILURE:
                self.have_failed = True  # and the next one would fail as well
                self.should_exit.set()
                return
            log.warning("worker_replaced")
            self._heard_at.pop(worker, None)
            self.processes[place] = Process(self.config, self.sockets)
            self.processes[place].start()
        if not self._serve and all(worker.is_ready(PING_WAIT_S) for worker in self.processes):
            self._serve = True
            _say_where(self._url)

    def _is_well(self, worker: Process) -> bool:
        if not worker.process.is_alive():
            return False
        if worker.ping(PING_WAIT_S):
            self._heard_at[worker] = time.monotonic()
        heard_at = self._heard_at.get(worker)
        # One that still starts says nothing, for as long as it takes on a busy machine.
        return heard_at is None or time.monotonic() - heard_at < WORKER_SILENT_S

    def terminate_all(self) -> None:
        # Or who comes while the last requests are answered would be let in, and wait for nobody.
        for listener in self.sockets:
            listener.close()
        super().terminate_all()

    def join_all(self) -> None:
        """Wait until their last requests are answered; who does something else then, such as loading, is killed."""
        ends_at = time.monotonic() + (self.config.timeout_graceful_shutdown or 0) + GRACE_S
        for worker in self.processes:
            worker.process.join(max(0.0, ends_at - time.monotonic()))
            if worker.process.is_alive():
                log.warning("worker_killed")
                worker.process.kill()
                worker.process.join()


def serve_until_stopped(*, host: str | None, port: int | None, workers: int | None = None, demo: bool = False) -> None:
    """Serve this network until told to stop; with ``demo``, let people sign in as sample people (api.door.demo).

    Raises:
        NoPublicUrl: other machines are let in, or written to, and nobody said how they reach it.
        NoPort: no port is free.
        AlreadyServed: another server has the network.
        NotStarted: the log has the reason.
    """
    settings = GraphSettings()
    chosen = {
        name: value for name, value in {"host": host, "port": port, "workers": workers}.items() if value is not None
    }
    server_settings = ServerSettings().model_copy(update=chosen)
    server_settings.check()
    MailSettings().check(server_settings)
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
    application = partial(_application, settings, server_settings, local_key=key, demo=demo)
    if server_settings.workers > 1:
        application()  # what is wrong with the settings is said here, once, and not by each worker
    config = server_config(application, workers=server_settings.workers)
    with announced(settings, url=url, key=key):
        if config.workers > 1:
            _serve_with_workers(settings, config, listener, url=url)
        else:
            _serve_alone(settings, config, listener, url=url)


def server_config(application: Callable[[], FastAPI], *, workers: int) -> uvicorn.Config:
    """How uvicorn serves an application, which each worker makes for itself."""
    return uvicorn.Config(
        application,
        factory=True,
        workers=workers,
        loop="uvloop",
        http="httptools",
        ws_max_size=LARGEST_QUERY,
        ws_per_message_deflate=False,  # beside a cookie, how small an answer becomes tells what is in it
        # Requests at work are answered, or told that time is up, before the server ends.
        timeout_graceful_shutdown=math.ceil(GraphQLSettings().query_timeout_s) + GRACE_S,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # whose word about a client's address is believed, api.door.guard decides
    )


def _serve_alone(settings: GraphSettings, config: uvicorn.Config, listener: socket.socket, *, url: str) -> None:
    try:
        _Server(config, url=url).run(sockets=[listener])
    except SystemExit as end:
        if end.code == STARTUP_FAILURE:
            raise NotStarted(log_file(settings)) from None
        raise


def _serve_with_workers(settings: GraphSettings, config: uvicorn.Config, listener: socket.socket, *, url: str) -> None:
    """The engine is this process's, so that it outlives any worker; the graph is brought into shape once for all."""
    if LimitSettings().limits_store == "memory://":
        typer.echo(
            f"Each of the {config.workers} workers counts for itself how often something is done, so that up to "
            f"{config.workers} times as much is let through; KNOWWHO_LIMITS_STORE lets them count together."
        )
    with attach(settings):
        asyncio.run(_bring_into_shape(settings))
        workers = _Workers(config, [listener], url=url)
        workers.run()
    if workers.have_failed:
        raise NotStarted(log_file(settings))


async def _bring_into_shape(settings: GraphSettings) -> None:
    async with open_graph(settings):
        pass


def _application(settings: GraphSettings, server: ServerSettings, *, local_key: str, demo: bool) -> FastAPI:
    """The application of this process, which ends with the one that started it, if that is one of ours."""
    if parent := parent_process():
        write_logs(settings, is_server=True)
        Thread(target=_end_with, args=(parent,), daemon=True).start()
    return create_app(settings, server=server, local_key=local_key, demo=demo)


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)


def _say_where(url: str) -> None:
    typer.echo(f"Knowwho serves at {url}  (GraphQL: {url}/graphiql; stop: Ctrl-C)")


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
