"""Prints what a backup costs beside copying the same file: seconds as a ratio, and the memory at its peak."""

import argparse
import hashlib
import os
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from benchmarks.records import found
from casework.app import create_app, prepare
from casework.config import load_settings
from casework.services.backups.making import make_backup
from casework.services.context import Context
from casework.store.database import db
from casework.store.exports import StatisticsExport
from casework.vault.fields import STATISTICS_EXPORT

BLOB_BYTES = 4 * 1024 * 1024
ROUNDS = 3


def main() -> None:
    """Fill a database with sealed blobs, then back it up and copy it in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a tenth of the gigabyte")
    count = 256 // (10 if parser.parse_args().small else 1)
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
            _fill(context, count)
            _compare(context, folder)


def _fill(context: Context, count: int) -> None:
    for number in range(1, count + 1):
        row_id = uuid4()
        sealed = context.keyring.seal(STATISTICS_EXPORT, row_id, 1, os.urandom(BLOB_BYTES))
        db.session.add(StatisticsExport(id=row_id, number=number, version=1, export_sealed=sealed))
        db.session.commit()
        db.session.expunge_all()


def _compare(context: Context, folder: Path) -> None:
    database = folder / "instance" / "casework.sqlite"
    backups, copies = [], []
    before = _peak_mb()
    for _ in range(ROUNDS):
        copies.append(_time(lambda: _copy(database, folder / "copy")))
        backups.append(_time(lambda: make_backup(context.runtime)))
    size = database.stat().st_size / 1e6
    seconds, plain = sorted(backups)[ROUNDS // 2], sorted(copies)[ROUNDS // 2]
    print(f"database {size:,.0f} MB")
    print(f"backup                {seconds:6.2f} s   {size / seconds:6.0f} MB/s")
    print(f"cp, fsync and sha256  {plain:6.2f} s   {size / plain:6.0f} MB/s")
    print(f"ratio                 {seconds / plain:6.2f}")
    print(f"memory at the peak    {_peak_mb():6.0f} MB, of which {_peak_mb() - before:.0f} MB for backups")


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
