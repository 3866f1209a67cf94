"""Prints what bringing in a long list costs: time and memory of each step, cancelled, whole, and again."""

import argparse
import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from benchmarks.instances import open_instance
from benchmarks.records import found
from casework.services.context import Context
from casework.services.importing import checking, receiving, uploads
from casework.services.importing.batches import BatchFacts
from casework.services.importing.sentlist import Upload
from casework.services.importing.wizard import begin_import, import_some, undo_import
from casework.store import imports as store
from casework.store.database import db

ROWS = 100_000
HEADING = "No;Date;Nom;Prénom;Téléphone;Sexe;Corps de police;Remarques"
DATES = ("25/12/2020", "3/4/2021", "été 2020", "(null)", "mars 2019", "2018", "2021-05-06 ")
SEXES = ("F", "M", "féminin ", "N/A", "")
SERVICES = ("SPVM", "SQ", "(null)", "spvm ", "garde du métro")
Done = TypeVar("Done")


def main() -> None:
    """Send, try, bring in half and cancel, bring in whole, send the same list again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--together", type=int, default=1, help="so many rows, far apart, are one incident")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=".") as name:
        app = open_instance(Path(name).resolve() / "instance")
        with app.app_context():
            context = found(app)
            _bring_in_one(context)  # what loads once is not the list's
            _measure(context, said.rows, said.together)


def _measure(context: Context, rows: int, together: int) -> None:
    content = _write(rows, together)
    print(f"list of {rows:,} rows, {len(content) / 1e6:.1f} MB")
    upload = _step("read", rows, lambda: _send(context, content))
    upload = _step("try", rows, lambda: _try(context, upload))
    batch_id = begin_import(context, upload.id)
    for _ in range(len(upload.pieces) // 2):
        import_some(context)
    print(f"half of it: {_count('incident'):,} incidents")
    undo_import(context, batch_id)
    _step("cancel", rows // 2, lambda: _go_on(context))
    print(f"cancelled: {_count('incident'):,} incidents, {_count('case'):,} cases")
    upload = _try(context, _send(context, content))
    batch_id = begin_import(context, upload.id)
    _step("bring in", rows, lambda: _go_on(context))
    _tell(context, batch_id)
    batch_id = begin_import(context, _try(context, _send(context, content)).id)
    _step("again", rows, lambda: _go_on(context))
    _tell(context, batch_id)


def _write(rows: int, together: int) -> bytes:
    """Write a list as a spreadsheet of years is: mixed dates, nulls in words, blanks, unknown terms."""
    dice = random.Random(4)
    lines = [HEADING]
    for number in range(rows):
        phone = f"514 {dice.randrange(1000):03}-{dice.randrange(10000):04}"
        incident = number % max(1, rows // together)
        day, service = DATES[incident % len(DATES)], SERVICES[incident % len(SERVICES)]
        texts = (day, f"Nom{number}", f"Prénom{dice.randrange(500)}", phone)
        words = f"Au coin de la rue {dice.randrange(900)}."
        lines.append(";".join((str(incident), *texts, dice.choice(SEXES), service, words)))
    return "\r\n".join(lines).encode("cp1252")


def _bring_in_one(context: Context) -> None:
    begin_import(context, _try(context, _send(context, b"No;Date\r\n1;2020\r\n", "first")).id)
    _go_on(context)


def _send(context: Context, content: bytes, source: str = "list") -> Upload:
    upload_id = uploads.begin_upload(context, f"{source}.csv")
    receiving.read_upload(context, upload_id, content, "", "")
    upload = uploads.get_upload(context, upload_id)
    if upload.plan is None:
        raise SystemExit(f"the list was refused: {upload.fault}")
    said = {"contact_type": "street_check", "police_service": "spvm", "place": "montreal"}
    said = {name: code for name, code in said.items() if name not in upload.plan.coded()}
    return uploads.change_plan(context, upload, replace(upload.plan, constants=said, park_dates=True))


def _try(context: Context, upload: Upload) -> Upload:
    checking.check_upload(context, checking.begin_check(context, upload))
    return uploads.get_upload(context, upload.id)


def _go_on(context: Context) -> None:
    while import_some(context):
        pass


def _step(what: str, rows: int, deed: Callable[[], Done]) -> Done:
    """Do it, and print how long each thousand rows took and the memory above what was there before."""
    Path("/proc/self/clear_refs").write_text("5", "ascii")
    before, started = _memory_mb("VmRSS"), time.perf_counter()
    done = deed()
    seconds = time.perf_counter() - started
    peak = _memory_mb("VmHWM")
    per = seconds * 1000 / max(rows / 1000, 1)
    print(f"{what:<9}{seconds:8.1f} s {per:7.0f} ms per 1,000   peak {peak:.0f} MB, {peak - before:+.0f} MB")
    return done


def _tell(context: Context, batch_id: UUID) -> None:
    row = store.find_batch(batch_id)
    if row is None:
        raise SystemExit("the batch is gone")
    facts = BatchFacts.of(context, row)
    print(
        f"stored {facts.stored:,} rows, {facts.incidents:,} incidents, "
        f"already {facts.already:,}, refused {facts.refused:,}"
    )


def _count(table: str) -> int:
    number: int = db.session.execute(db.text(f'SELECT count(*) FROM "{table}"')).scalar_one()  # noqa: S608
    return number


def _memory_mb(field: str) -> float:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{field}:"))


if __name__ == "__main__":
    main()
