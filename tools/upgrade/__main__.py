"""`make upgrade ARGS=/root/casework-0.2.0.tar.gz`, or without ARGS to finish what was begun."""

import argparse
import fcntl
import os
import sys
from pathlib import Path

from tools.upgrade.machine import Server
from tools.upgrade.releases import Failed
from tools.upgrade.steps import Upgrade

HOME = Path("/srv/casework")


def main() -> int:
    """0: the new release runs; 1: the old one does, or nothing was begun; 2: somebody has to look."""
    parser = argparse.ArgumentParser(prog="make upgrade", description=__doc__)
    parser.add_argument(
        "source", nargs="?", type=Path, help="an archive, with SHA256SUMS beside it, or a folder"
    )
    source = parser.parse_args().source
    if os.getuid() or not (HOME / "current").is_symlink():
        print(
            "This is for root, on a server that deploy/install.sh set up: docs/install.md.", file=sys.stderr
        )
        return 1
    with (HOME / "upgrade.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            print("An upgrade is under way already.", file=sys.stderr)
            return 1
        try:
            return 0 if Upgrade(HOME, Server()).run(source) else 1
        except Failed as failed:
            print(f"Stopped: {failed}", file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main())
