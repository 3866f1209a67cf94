"""Prints what sealing costs: the same work on sealed records and on plain text, in turn, in one run."""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from uuid import uuid4

from flask import Flask

from benchmarks.instances import open_instance
from benchmarks.plain import PlainTwin
from benchmarks.records import RECORD_WORDS, add_cases, add_incidents, draft, found, plain_row
from casework.domain.incident import IncidentFacts
from casework.services import incidents, lists
from casework.services.context import Context
from casework.services.signing_in.sessions import start_session
from casework.store import cases as store
from casework.store.database import db
from casework.vault import documents
from casework.vault.fields import INCIDENT_CODED

ROUNDS = 7


def main() -> None:
    """Build both databases, time each line in turn, print medians and the ratio of medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a tenth of the records")
    scale = 10 if parser.parse_args().small else 1
    with tempfile.TemporaryDirectory() as folder:
        _records(Path(folder), 100_000 // scale)
        _cases(Path(folder), 10_000 // scale)


def _records(folder: Path, number: int) -> None:
    app, twin = open_instance(folder / "records"), PlainTwin(folder / "records.sqlite")
    with app.app_context():
        context = found(app)
        facts = add_incidents(context, number)
        twin.add([plain_row(uuid4(), index, fact) for index, fact in enumerate(facts)])
        db.session.remove()
        _compare(f"open {number:,} coded records", lambda: _open_sealed(context), twin.open_all, rounds=3)


def _open_sealed(context: Context) -> int:
    rows = store.list_changed_coded(store.Incident, 0)
    opened = context.keyring.open_many(
        INCIDENT_CODED, ((row.id, row.coded_version, row.coded_sealed) for row in rows)
    )
    facts = [IncidentFacts.from_document(documents.decode(plain)) for plain in opened]
    db.session.rollback()
    return len(facts)


def _cases(folder: Path, number: int) -> None:
    app, twin = open_instance(folder / "cases"), PlainTwin(folder / "cases.sqlite")
    with app.app_context():
        context = found(app)
        twin.add(add_cases(context, number))
        every = lists.Filter(mine=False)
        started = time.perf_counter()
        lists.list_cases(context, every)
        print(f"first list after a start, nothing cached: {_ms(time.perf_counter() - started)}")
        _compare(
            f"list page, {number:,} cases", lambda: lists.list_cases(context, every).total, twin.list_page
        )
        wanted = replace(every, text=" ".join(RECORD_WORDS))
        _compare(
            f"search, {number:,} cases",
            lambda: lists.list_incidents(context, wanted).total,
            lambda: twin.search(RECORD_WORDS),
        )
        numbers = count()
        _compare(
            "save an incident",
            lambda: incidents.log_incident(context, draft(next(numbers))),
            lambda: twin.add([plain_row(uuid4(), next(numbers), None)]),
            rounds=41,
        )
        context.runtime.casebook.drop_all()
    _page(app, context, number)


def _page(app: Flask, context: Context, number: int) -> None:
    client = app.test_client()
    with app.app_context():
        cookie = start_session(context.runtime, context.member_id, context.secret)
    client.set_cookie(app.config["MEMBER_COOKIE"], cookie)
    times = []
    for _ in range(ROUNDS + 1):
        started = time.perf_counter()
        response = client.get("/cases?who=all")
        times.append(time.perf_counter() - started)
        assert response.status_code == 200, response.status_code  # noqa: S101
    print(f"list page, {number:,} cases, whole request, warm: {_ms(statistics.median(times[1:]))}")


def _compare(
    what: str, sealed: Callable[[], object], plain: Callable[[], object], rounds: int = ROUNDS
) -> None:
    times: dict[str, list[float]] = {"sealed": [], "plain": []}
    for _ in range(rounds):
        for name, work in (("sealed", sealed), ("plain", plain)):
            started = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - started)
    ours, theirs = statistics.median(times["sealed"]), statistics.median(times["plain"])
    print(f"{what}: sealed {_ms(ours)}, plain {_ms(theirs)}, ratio {ours / theirs:.2f}")


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:,.1f} ms"


if __name__ == "__main__":
    main()
