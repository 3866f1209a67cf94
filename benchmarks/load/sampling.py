"""What the server's processes hold now and then: memory, open files, threads; how its files grow. Linux."""

import csv
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TextIO

EVERY_SECONDS = 10
FIELDS = ("seconds", "resident_mb", "files", "threads", "data_mb", "requests")


class Sampler:
    """Writes a line of CSV every ten seconds until it is stopped."""

    def __init__(self, pid: int, folder: Path, target: Path) -> None:
        self._pid, self._folder, self._target = pid, folder, target
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.requests = 0

    def __enter__(self) -> "Sampler":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        began = time.monotonic()
        with self._target.open("w", newline="") as target:
            _write(target, FIELDS)
            while not self._stopped.wait(EVERY_SECONDS):
                values = [
                    time.monotonic() - began,
                    *_measure(self._pid),
                    _megabytes(self._folder),
                    self.requests,
                ]
                _write(target, tuple(f"{value:.1f}" for value in values))


def _write(target: TextIO, values: tuple[str, ...]) -> None:
    csv.writer(target).writerow(values)
    target.flush()


def _measure(pid: int) -> tuple[float, int, int]:
    """Return memory in megabytes, open files and threads of a process and those that it started, together."""
    memory, files, threads = 0.0, 0, 0
    for one in [pid, *_children(pid)]:
        try:
            told = dict(line.split(":", 1) for line in Path(f"/proc/{one}/status").read_text().splitlines())
            memory += int(told["VmRSS"].split()[0]) / 1024
            threads += int(told["Threads"])
            files += sum(1 for _ in Path(f"/proc/{one}/fd").iterdir())
        except (OSError, KeyError):
            continue  # it ended meanwhile
    return memory, files, threads


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
    return found


def _megabytes(folder: Path) -> float:
    size = 0
    for path in folder.rglob("*"):
        with suppress(OSError):  # it was deleted meanwhile
            size += path.stat().st_size
    return size / 1_000_000
