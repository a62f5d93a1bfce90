"""Where the graph is, where its files are kept and which encoder writes its vectors.

Every setting is an environment variable with the prefix ``KNOWWHO_``; docs/settings.md lists them.
"""

from functools import cached_property
from pathlib import Path

import platformdirs
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

__all__ = ["GraphSettings"]


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
