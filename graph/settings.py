"""Where the graph is, where its files are kept and which encoder writes its vectors.

Every setting is an environment variable with the prefix ``KNOWWHO_``; docs/settings.md lists them.
"""

import errno
import os
import stat
from functools import cached_property
from pathlib import Path

import platformdirs
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from graph.errors import GraphError
from graph.wording import Wording

__all__ = ["GraphSettings", "SecretExposed", "SecretUnreadable", "SecretWeak", "secret_of"]

SHORTEST_SECRET = 12
FEWEST_DIFFERENT = 5
# Where Docker and Podman mount secrets into a container, which holds this one program; they choose the permissions.
MOUNTED_SECRETS = Path("/run/secrets")

UNREADABLE = {
    errno.ENOENT: Wording("No such file or directory"),
    errno.EACCES: Wording("Permission denied"),
    errno.EISDIR: Wording("Is a directory"),
}
"""Why a file cannot be read, in the system's own words, by its number for that."""


class SecretUnreadable(GraphError):
    """The file of a secret cannot be read."""

    def __init__(self, setting: str, file: Path, reason: str) -> None:
        self.setting = setting
        self.file = file
        super().__init__(
            Wording(
                "The file %(file)s of %(setting)s cannot be read (%(reason)s): "
                "correct the setting or the file's permissions.",
                file=str(file),
                setting=f"KNOWWHO_{setting}_FILE",
                reason=reason,
            )
        )


class SecretExposed(GraphError):
    """Others on this machine can read the file of a secret."""

    def __init__(self, setting: str, file: Path) -> None:
        self.setting = setting
        self.file = file
        super().__init__(
            Wording(
                "Other users of this machine can read %(file)s, the file of %(setting)s: run %(command)s, "
                "and choose a new secret if others had a look.",
                file=str(file),
                setting=f"KNOWWHO_{setting}_FILE",
                command=f"chmod 600 {file}",
            )
        )


class SecretWeak(GraphError):
    """A secret is too easy to guess."""

    def __init__(self, setting: str, *, shortest: int) -> None:
        self.setting = setting
        self.shortest = shortest
        super().__init__(
            Wording(
                "The secret of %(setting)s is empty or easy to guess: choose one of at least %(shortest)s "
                "characters, such as openssl rand -hex 24 prints.",
                setting=f"KNOWWHO_{setting}",
                shortest=shortest,
            )
        )


class GraphSettings(BaseSettings):
    """Settings of the graph room, read from the environment when made."""

    model_config = SettingsConfigDict(env_prefix="KNOWWHO_", frozen=True)

    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("knowwho", appauthor=False)),
        description="Folder of one network: its graph, logs and run files.",
    )
    cache: Path = Field(
        default_factory=lambda: Path(platformdirs.user_cache_dir("knowwho", appauthor=False)),
        description="Folder shared by all networks of this user: engine jars and encoder models.",
    )
    neo4j_uri: str | None = Field(
        None, description="Address of your own Neo4j (bolt:// or neo4j://, +s, +ssc). Unset: the managed engine."
    )
    neo4j_user: str = Field("neo4j", description="User of your own Neo4j.")
    neo4j_password: SecretStr | None = Field(None, description="Password of your own Neo4j.")
    neo4j_password_file: Path | None = Field(
        None, description="File that holds the password of your own Neo4j; wins over the variable."
    )
    neo4j_database: str | None = Field(None, description="Database of your own Neo4j; its default one when unset.")
    engine_heap_mb: int = Field(384, ge=256, description="Heap of the managed engine, in MiB.")
    engine_page_cache_mb: int = Field(128, ge=16, description="Page cache of the managed engine, in MiB.")
    encoder: str = Field(
        "default",
        description="Sentence-transformers models and weights that write the vectors, as 'MODEL=WEIGHT,MODEL=WEIGHT' "
        "(names on the hub or folders); 'default' is the pair that set-up installs.",
    )

    @cached_property
    def logs(self) -> Path:
        """Folder of the engine's and the server's logs."""
        return self.home / "logs"

    @cached_property
    def run(self) -> Path:
        """Folder of what running processes tell each other: locks, addresses, process ids."""
        return self.home / "run"


def secret_of(
    value: SecretStr | None, file: Path | None, *, setting: str, shortest: int = SHORTEST_SECRET
) -> SecretStr | None:
    """The secret in ``KNOWWHO_<setting>_FILE``, else the one in ``KNOWWHO_<setting>``; None if neither is set.

    ``shortest`` is 1 for secrets that somebody else chose. Who may read a file is PostgreSQL's rule for key files:
    its owner alone, or its group too if root owns it.

    Raises:
        SecretUnreadable: the file cannot be read.
        SecretExposed: others can read the file as well.
        SecretWeak: the secret is empty or too easy to guess.
    """
    if file is not None:
        value = SecretStr(_read_secret(file, setting))
    if value is None:
        return None
    secret = value.get_secret_value()
    different = min(FEWEST_DIFFERENT, shortest)
    if len(secret) < shortest or len(set(secret)) < different:
        raise SecretWeak(setting, shortest=shortest)
    return value


def _read_secret(file: Path, setting: str) -> str:
    try:
        with file.open(encoding="utf-8") as opened:
            status = os.fstat(opened.fileno())
            if os.name == "posix" and MOUNTED_SECRETS not in file.absolute().parents:
                others = stat.S_IRWXO | (stat.S_IRWXG if status.st_uid else stat.S_IWGRP)
                if status.st_mode & others:
                    raise SecretExposed(setting, file)
            return opened.read().strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise SecretUnreadable(setting, file, _why_unreadable(problem)) from None


def _why_unreadable(problem: OSError | UnicodeDecodeError) -> str:
    if isinstance(problem, UnicodeDecodeError):
        return Wording("not UTF-8 text")
    return UNREADABLE.get(problem.errno or 0, problem.strerror or "")
