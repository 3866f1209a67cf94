"""Another process of the same account, without special rights: what can it read of a process?"""

import subprocess
import sys
from collections.abc import Sequence

# Root is let in everywhere, and lets nobody in: what is probed and what probes give root's rights up first.
_GIVE_UP = """
import ctypes, os, sys
libc = ctypes.CDLL(None)
for right in range(64):
    libc.prctl(24, right, 0, 0, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
_PROBE = """
import sys
for name in ("environ", "mem"):
    try:
        with open(f"/proc/{sys.argv[1]}/{name}", "rb") as file:
            name == "mem" or file.read()
        print(name)
    except PermissionError:
        pass
"""


def as_anybody(command: Sequence[str]) -> list[str]:
    """Return a command that runs this one without special rights, under the same process id."""
    return [sys.executable, "-c", _GIVE_UP, *command]


def readable(pid: int) -> list[str]:
    """Return which of a process's environment and memory a neighbour can open."""
    command = as_anybody([sys.executable, "-c", _PROBE, str(pid)])
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout.split()
