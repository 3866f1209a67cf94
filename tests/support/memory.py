"""What stands in the memory of a running process; for root alone, whom nothing else keeps out."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path


def find_in_memory(pids: Iterable[int], secrets: Mapping[str, bytes]) -> set[str]:
    """Return the names of the secrets that one of these processes still holds."""
    contents = [region for pid in pids for region in _regions(pid)]
    return {name for name, secret in secrets.items() if any(secret in region for region in contents)}


def _regions(pid: int) -> list[bytes]:
    """Return what the process can write to; a region that goes away meanwhile is left out."""
    spans = re.findall(r"^([0-9a-f]+)-([0-9a-f]+) rw", Path(f"/proc/{pid}/maps").read_text(), re.MULTILINE)
    found = []
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for start, end in spans:
            try:
                memory.seek(int(start, 16))
                found.append(memory.read(int(end, 16) - int(start, 16)))
            except (OSError, ValueError, OverflowError):
                continue
    return found
