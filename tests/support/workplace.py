"""Where and how tests run: files in memory where there is room, and few rounds of the garbage collector.

Thousands of small databases wait for a disk otherwise, and a heap that holds every test is long to walk.
"""

import gc
import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3  # a run takes a fraction of it, mostly the workers' PostgreSQL


def pytest_configure() -> None:
    """Choose before the first temporary folder is made; who sets TMPDIR has chosen. Workers inherit it."""
    gc.set_threshold(20_000, 20, 20)
    if "TMPDIR" not in os.environ and _has_room():
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # what Python remembers of before


def _has_room() -> bool:
    return MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
