"""What can go wrong when the packages of npm are made ready, one class for each thing to be mended."""

from pathlib import Path

__all__ = ["BundleFailed", "CannotWrite", "DamagedPackage", "NoSpace", "RegistryUnreachable", "WebError"]


class WebError(Exception):
    """The files of npm's packages cannot be made."""


class RegistryUnreachable(WebError):
    """The npm registry did not give the packages."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"npm could not fetch the packages of pages ({reason}): check the network, or set HTTPS_PROXY or "
            "npm_config_registry, then run `knowwho setup` again; what was fetched is kept."
        )


class DamagedPackage(WebError):
    """A package is not the one that the lock names."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"npm got a package that is not the one in package-lock.json ({reason}): run `knowwho setup` again, and "
            "if it stays, ask whoever runs the mirror that npm uses."
        )


class NoSpace(WebError):
    """The disk is full."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            f"The disk of {folder} is full: make room for 300 MB (or set KNOWWHO_CACHE to a folder elsewhere), "
            "then run `knowwho setup` again."
        )


class CannotWrite(WebError):
    """The cache folder cannot be written."""

    def __init__(self, folder: Path, reason: str) -> None:
        self.folder = folder
        self.reason = reason
        super().__init__(f"{folder} cannot be written ({reason}): mend its permissions, or set KNOWWHO_CACHE.")


class BundleFailed(WebError):
    """A step failed for a reason that set-up does not know."""

    def __init__(self, step: str, output: str) -> None:
        self.step = step
        self.output = output
        super().__init__(
            f"The packages of pages could not be made ready, {step} said: {output}; please report this, the rest works "
            "without it."
        )
