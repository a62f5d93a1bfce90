"""Where the server listens. Every setting is an environment variable ``KNOWWHO_…``; docs/settings.md lists them."""

import ipaddress

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

__all__ = ["NotLoopback", "ServerSettings"]


class NotLoopback(Exception):
    """The server was told to listen where other machines reach it, while it asks nobody who they are."""

    def __init__(self, host: str) -> None:
        self.host = host
        super().__init__(
            f"Listening on {host} would show the network to everyone who reaches that address, since nobody signs in "
            "yet; use KNOWWHO_HOST=127.0.0.1, or set KNOWWHO_UNPROTECTED=true where something else guards the door."
        )


class ServerSettings(BaseSettings):
    """Settings of the server, read from the environment when made."""

    model_config = SettingsConfigDict(env_prefix="KNOWWHO_", frozen=True)

    host: str = Field("127.0.0.1", description="Address the server listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port the server listens on; if taken, the next free one.")
    unprotected: bool = Field(
        False, description="Allow an address beyond loopback although nobody signs in; for containers behind a proxy."
    )

    def check(self) -> None:
        """Make sure that only this machine is let in, unless somebody said otherwise.

        Raises:
            NotLoopback: the address is reached from elsewhere and nobody said that this is meant.
        """
        if self.unprotected or self.host == "localhost":
            return
        try:
            loopback = ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            loopback = False
        if not loopback:
            raise NotLoopback(self.host)
