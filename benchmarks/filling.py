"""Fills an instance for the benchmark of pages: an office, teams, restricted cases, a bin."""

import argparse
import gc
import sqlite3
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, event

from benchmarks.agenda import draw_follow_ups
from benchmarks.instances import add_member, note_member, open_instance, remember
from benchmarks.plain import PlainTwin
from benchmarks.records import add_cases, found
from benchmarks.releasing import add_releases
from casework.domain.case import CaseFacts
from casework.domain.permissions import Role
from casework.services import patterns
from casework.services.context import Context, build_context
from casework.services.restricted.restricting import choose_access
from casework.services.transactions import transaction

CASEWORKERS = 10
TEAM_ONLY_EVERY, BINNED_EVERY, MOST_BINNED = 20, 50, 100
RESTRICTED = 10
READS = 2_000
TWIN = "plain.sqlite"


def main() -> None:
    """Fill the folder; prints how long it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--database", default="", help="another database than SQLite in the folder")
    arguments = parser.parse_args()
    # Nobody keeps what is written here: it need not survive a power cut while it is written.
    event.listen(Engine, "connect", _do_not_wait_for_the_disk)
    gc.set_threshold(100_000)  # a thousand cases are many objects, and all of them are needed
    started = time.perf_counter()
    fill(arguments.folder, arguments.cases, arguments.database)
    print(f"{arguments.cases:,} cases written in {time.perf_counter() - started:.0f} s")


def fill(folder: Path, cases: int, database_url: str) -> None:
    """Write members, cases, releases, what is restricted or binned, entries of the log, the plain twin."""
    app = open_instance(folder, database_url)
    with app.app_context():
        coordinator = found(app)
        patterns.add_starter_patterns(coordinator)
        staff = [add_member(coordinator, f"worker{n}", Role.CASEWORKER) for n in range(CASEWORKERS)]
        advocate = add_member(coordinator, "advocate", Role.ADVOCATE)
        coordinator = build_context(coordinator.runtime, coordinator.member_id, coordinator.secret)
        worker = build_context(coordinator.runtime, staff[0].member_id, staff[0].secret)
        kinds = _kinds(coordinator, [one.member_id for one in staff])
        rows = add_cases(coordinator, cases, kinds, draw_follow_ups)
        print(f"cases after {time.process_time():,.0f} s of processor time", flush=True)
        PlainTwin(folder / TWIN).add(rows)
        add_releases(build_context(advocate.runtime, advocate.member_id, advocate.secret), coordinator)
        _restrict(
            coordinator, worker, [UUID(row[0]) for row in rows[: RESTRICTED * CASEWORKERS : CASEWORKERS]]
        )
        for _ in range(READS):
            with transaction(coordinator, "audit.read"):
                pass
        known = {"coordinator": note_member(coordinator), "caseworker": note_member(worker)}
        remember(folder, known | {"cases": str(cases)})


def _kinds(context: Context, members: list[UUID]) -> Iterator[tuple[CaseFacts, bool, frozenset[UUID]]]:
    """Yield for each case who accompanies it, whether only a team opens it, and whether it is binned."""
    today, binned = context.runtime.today(), 0
    for number, member_id in enumerate(cycle(members)):
        facts = CaseFacts.opened("2026-AAAAAA", today - timedelta(days=number % 700), member_id)
        facts = replace(facts, touched_on=facts.opened_on)
        if number % BINNED_EVERY == 1 and binned < MOST_BINNED:
            facts, binned = replace(facts, binned_on=today), binned + 1
        # Another step than that of the members: teams are everybody's.
        team_only = number // len(members) % TEAM_ONLY_EVERY == 0
        yield facts, team_only, frozenset({member_id}) if team_only else frozenset()


def _restrict(coordinator: Context, worker: Context, cases: Iterable[UUID]) -> None:
    """Close these cases of the caseworker's to all but them and the coordinator."""
    team = frozenset({coordinator.member_id, worker.member_id})
    for case_id in cases:
        choose_access(worker, case_id, 1, team, team_only=False, restricted=True)


def _do_not_wait_for_the_disk(connection: Any, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")


if __name__ == "__main__":
    main()
