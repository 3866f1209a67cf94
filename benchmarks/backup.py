"""Prints what a backup of files costs beside copying the same: ratio of times, memory at the peak."""

import argparse
import hashlib
import os
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.records import draft, found
from casework.app import create_app, prepare
from casework.config import load_settings
from casework.services.attachments.adding import add_attachment
from casework.services.backups.making import make_backup
from casework.services.context import Context
from casework.services.incidents import log_incident

FILES, FILE_BYTES = 5, 200_000_000
PIECE_BYTES = 256 * 1024
ROUNDS = 3


def main() -> None:
    """Add recordings to a case, then back everything up and copy the same in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a tenth of the gigabyte")
    size_bytes = FILE_BYTES // (10 if parser.parse_args().small else 1)
    with tempfile.TemporaryDirectory(dir=".") as name:
        folder = Path(name).resolve()
        settings = load_settings(
            {"CASEWORK_CONFIG": ""},
            overrides={
                "INSTANCE_PATH": folder / "instance",
                "VOLATILE_URL": f"sqlite:///{folder}/memory/volatile.sqlite",
            },
        )
        app = create_app(settings)
        prepare(app)
        with app.app_context():
            context = found(app)
            _fill(context, size_bytes)
            _compare(context, folder)


def _fill(context: Context, size_bytes: int) -> None:
    case_id = log_incident(context, draft(1)).case_id
    piece = b"ID3\x04" + os.urandom(PIECE_BYTES - 4)
    for number in range(FILES):
        pieces = (piece for _ in range(size_bytes // PIECE_BYTES))
        add_attachment(context, case_id, f"recording {number}.mp3", "", pieces)


def _compare(context: Context, folder: Path) -> None:
    instance = folder / "instance"
    sources = [path for path in sorted(instance.rglob("*")) if path.is_file()]
    backups, copies = [], []
    before = _peak_mb()
    for _ in range(ROUNDS):
        copies.append(_time(lambda: _copy_all(sources, folder / "copy")))
        backups.append(_time(lambda: make_backup(context.runtime)))
    size = sum(source.stat().st_size for source in sources) / 1e6
    seconds, plain = sorted(backups)[ROUNDS // 2], sorted(copies)[ROUNDS // 2]
    print(f"database and files    {size:,.0f} MB")
    newest = max(path.stat().st_size for path in instance.rglob("*.age")) / 1e6
    print(f"backup file           {newest:,.0f} MB")
    print(f"backup                {seconds:6.2f} s   {size / seconds:6.0f} MB/s")
    print(f"cp, fsync and sha256  {plain:6.2f} s   {size / plain:6.0f} MB/s")
    print(f"ratio                 {seconds / plain:6.2f}")
    print(f"memory at the peak    {_peak_mb():6.0f} MB, of which {_peak_mb() - before:.0f} MB for backups")


def _copy_all(sources: list[Path], target: Path) -> None:
    for source in sources:
        _copy(source, target)


def _copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    with target.open("rb") as file:
        os.fsync(file.fileno())
        hashlib.file_digest(file, "sha256")


def _time(deed: Callable[[], object]) -> float:
    started = time.perf_counter()
    deed()
    elapsed = time.perf_counter() - started
    time.sleep(1.1)  # backups are named by the second
    return elapsed


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
