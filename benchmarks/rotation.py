"""Prints what ending a membership costs: new epochs at once, every case key wrapped anew afterwards."""

import argparse
import sqlite3
import tempfile
import time
from pathlib import Path
from uuid import uuid4

from benchmarks.records import add_cases, found
from casework.app import create_app, prepare
from casework.config import load_settings
from casework.services.context import Context, build_context
from casework.services.membership.epochs import sign_into_roster
from casework.services.membership.rotation import BATCH, look_at_rotation, rewrap_some
from casework.services.transactions import transaction
from casework.store.database import db
from casework.vault.identity import MemberSecret
from casework.vault.rosterdeeds import admit, new_epoch_keys, revoke
from casework.vault.rosterrules import rotated_by_leaving

WRAP_BYTES = 66


def main() -> None:
    """Make the cases, let a caseworker leave, wrap every case key anew; the same rows in plain beside it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    cases = parser.parse_args().cases
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(
            {"CASEWORK_CONFIG": ""}, overrides={"INSTANCE_PATH": Path(folder, "instance")}
        )
        app = create_app(settings)
        prepare(app)
        with app.app_context():
            context = found(app)
            add_cases(context, cases)
            print(f"leaving: {_leave(context):.2f} s")
            sealed, keys = _rewrap(build_context(context.runtime, context.member_id, context.secret))
        plain = _plain(Path(folder, "plain.sqlite"), keys)
    print(f"{keys:,} case keys of {cases:,} cases, {BATCH} a transaction")
    print(f"wrapped anew: {sealed:.2f} s; as many updates of the same size in plain: {plain:.2f} s")
    print(f"ratio: {sealed / plain:.1f}")


def _leave(context: Context) -> float:
    member, member_id = MemberSecret.generate(), uuid4()
    with transaction(context, "member.admitted") as opened:
        entry = admit(
            context.secret, context.member_id, context.roster, member_id, ["caseworker"], member.public
        )
        context = sign_into_roster(context, entry, {})
        opened.note(member=member_id)
    started = time.perf_counter()
    with transaction(context, "member.revoked") as opened:
        keys = new_epoch_keys(context.roster, rotated_by_leaving(context.roster.members[member_id]))
        entry = revoke(context.secret, context.member_id, context.roster, member_id, keys)
        sign_into_roster(context, entry, keys)
        opened.note(member=member_id, cases=0)
    return time.perf_counter() - started


def _rewrap(context: Context) -> tuple[float, int]:
    total, started = look_at_rotation(context).waiting, time.perf_counter()
    while rewrap_some(context):
        pass
    took = time.perf_counter() - started
    if look_at_rotation(context).waiting:
        raise SystemExit("some wraps were left")
    db.session.remove()
    return took, total


def _plain(path: Path, rows: int) -> float:
    connection = sqlite3.connect(path)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;")
    connection.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY, content BLOB)")
    old, new = bytes(WRAP_BYTES), bytes([1]) * WRAP_BYTES
    connection.executemany("INSERT INTO kept VALUES (?, ?)", ((number, old) for number in range(rows)))
    connection.commit()
    started = time.perf_counter()
    for first in range(0, rows, BATCH):
        batch = range(first, min(first + BATCH, rows))
        connection.executemany(
            "UPDATE kept SET content = ? WHERE id = ?", ((new, number) for number in batch)
        )
        connection.commit()
    took = time.perf_counter() - started
    connection.close()
    return took


if __name__ == "__main__":
    main()
