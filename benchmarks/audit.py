"""Prints what verifying the audit log costs, beside hashing the same entries and rows plainly, in one run."""

import argparse
import hashlib
import tempfile
import time
from pathlib import Path

from sqlalchemy import select

from benchmarks.instances import open_instance
from benchmarks.records import draft, found
from casework.services import incidents
from casework.services.auditing.verifying import check_log
from casework.services.transactions import transaction
from casework.store.audit import list_entries_after
from casework.store.database import db
from casework.store.head import find_head
from casework.store.snapshot import list_covered_tables

# One write of a record for so many entries that write nothing, as reading does.
_READS = 19


def main() -> None:
    """Build the log, time both, print the seconds and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=20_000)
    entries = parser.parse_args().entries
    with tempfile.TemporaryDirectory() as folder:
        app = open_instance(Path(folder) / "log")
        with app.app_context():
            context = found(app)
            while find_head().audit_sequence < entries:
                db.session.rollback()
                incidents.log_incident(context, draft(find_head().audit_sequence))
                for _ in range(_READS):
                    with transaction(context, "member.signed_in"):
                        pass
            begun = time.perf_counter()
            hashed = _hash_plainly()
            plain = time.perf_counter() - begun
            begun = time.perf_counter()
            report = check_log(context)
            verified = time.perf_counter() - begun
    if report.findings:
        raise SystemExit("the log does not verify")
    print(f"entries {report.last:,}, rows {report.rows:,}, megabytes {hashed / 1e6:.0f}")
    print(f"verified in {verified:.1f} s, hashed in {plain:.2f} s, ratio {verified / plain:.0f}")


def _hash_plainly() -> int:
    """Read every entry and row, and hash all of their bytes once; returns how many bytes."""
    digest, size, reached = hashlib.sha256(), 0, 0
    while rows := list_entries_after(reached, 500):
        reached = rows[-1][0]
        for part in (part for row in rows for part in row if isinstance(part, bytes)):
            digest.update(part)
            size += len(part)
    for table in list_covered_tables():
        for row in db.session.execute(select(table)):
            for part in (part for part in row if isinstance(part, bytes)):
                digest.update(part)
                size += len(part)
    db.session.rollback()
    return size


if __name__ == "__main__":
    main()
