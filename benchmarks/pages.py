"""Prints how long the server takes for each page, warm, at ten thousand cases and at a hundred thousand."""

import argparse
import csv
import gc
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from benchmarks.filling import TWIN
from benchmarks.instances import open_instance, read_member, recall
from benchmarks.plain import PlainTwin
from benchmarks.records import RECORD_WORDS, draft, identity
from casework.domain.permissions import Permission
from casework.services import incidents, lists
from casework.services.context import Context
from casework.services.signing_in.sessions import start_session
from casework.services.works import do_all
from casework.web.forms.people import PURPOSES

SIZES = (10_000, 100_000)
ROUNDS = 15
ROLES = ("coordinator", "caseworker")
_MEGABYTE = 1024
"""Linux tells memory in kibibytes."""
COLUMNS = (
    "database cases member page rounds clock_ms clock_worst_ms processor_ms processor_worst_ms megabytes"
)
"""Of `--csv`: a line for each page, and one for each look at the memory of the process, without times."""
FIRST, OPENED, PEAK = "first list, nothing in memory", "memory, all opened", "memory, at the peak"

_FILTERED = "unit=people&show=roles&by=immigration_status&contact_group=ticket&cbsa_actions=removed"

Deed = Callable[[], object]


@dataclass(frozen=True)
class Line:
    """What is timed: the request; what goes before each round, untimed; the same in plain SQLite, if any."""

    name: str
    deed: Deed
    before: Deed | None = None
    plain: Deed | None = None


def main() -> None:
    """Fill or reuse an instance for each size, and time its pages for a coordinator and a caseworker."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, action="append", help="instead of 10,000 and 100,000")
    parser.add_argument("--keep", type=Path, help="a folder to fill once and use again")
    parser.add_argument("--database", default="", help="an empty PostgreSQL database; with one --cases")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", default="", help="the lines whose names hold one of these, with | between")
    parser.add_argument("--but", default="-", help="without the lines whose names hold one of these")
    parser.add_argument("--csv", type=Path, help="a file to add the numbers to, for `figures`")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        for cases in arguments.cases or SIZES:
            folder = (arguments.keep or Path(temporary)) / f"{cases}"
            if not recall(folder):
                _fill(folder, cases, arguments.database)
            _time_all(folder, arguments)


def _fill(folder: Path, cases: int, database: str) -> None:
    # In a process of its own, so that its memory does not count as that of serving.
    command = [sys.executable, "-m", "benchmarks.filling", str(folder), "--cases", str(cases)]
    subprocess.run([*command, *(["--database", database] if database else [])], check=True)  # noqa: S603


def _time_all(folder: Path, arguments: argparse.Namespace) -> None:
    app, known, rounds = open_instance(folder, arguments.database), recall(folder), arguments.rounds
    cases, twin, before = int(known["cases"]), PlainTwin(folder / TWIN), _memory()
    database = "PostgreSQL" if arguments.database else "SQLite"
    note = _Notes(arguments.csv, database, cases)
    print(f"\n{cases:,} cases, {database}, {rounds} rounds; milliseconds")
    for role in ROLES:
        with app.app_context():
            context = read_member(app, known[role])
            client = _sign_in(app, context)
            do_all(context)
            first = [_clock(lambda: lists.list_cases(context, lists.Filter()))]  # noqa: B023
        if role == ROLES[0]:  # the second finds everything opened
            note.write(role, FIRST, first)
            note.write(role, OPENED, megabytes=_memory_now())
        print(f"\n{role}; first list {first[0][0] * 1000:,.0f}, CPU {first[0][1] * 1000:,.0f}")
        print(f"{'':34}{'median':>9}{'worst':>9}{'CPU':>9}{'worst':>9}{'plain':>9}{'ratio':>8}")
        for line in _lines(app, client, context, twin):
            if _is_asked(line.name, arguments.only, arguments.but):
                note.write(role, line.name, _time(line, rounds))
        note.write(role, PEAK, megabytes=_memory())
    peak = _memory()
    print(f"\nmemory {before:,.0f} MB before, {peak:,.0f} MB at the peak", end="; ")
    print(f"{(peak - before) / cases * 10_000:,.1f} MB for each 10,000 cases")
    with app.app_context():
        app.extensions["casework"].casebook.drop_all()


def _is_asked(name: str, only: str, but: str) -> bool:
    return any(one in name for one in only.split("|")) and not any(one in name for one in but.split("|"))


class _Notes:
    """Adds the numbers to a CSV file, if there is to be one."""

    def __init__(self, path: Path | None, database: str, cases: int) -> None:
        self.path, self.known = path, {"database": database, "cases": cases}

    def write(
        self,
        member: str,
        page: str,
        clocked: Sequence[tuple[float, float]] = (),
        megabytes: float | None = None,
    ) -> None:
        """Add a line: clock and processor time in milliseconds, each its median and worst; or megabytes."""
        if not self.path:
            return
        row = self.known | {"member": member, "page": page, "rounds": len(clocked)}
        for name, times in zip(("clock", "processor"), zip(*clocked, strict=True), strict=False):
            median, worst = _both(times)
            row |= {f"{name}_ms": f"{median * 1000:.1f}", f"{name}_worst_ms": f"{worst * 1000:.1f}"}
        is_new = not self.path.exists()
        with self.path.open("a", newline="") as target:
            writer = csv.DictWriter(target, COLUMNS.split())
            if is_new:
                writer.writeheader()
            writer.writerow(row | ({"megabytes": f"{megabytes:.0f}"} if megabytes else {}))


def _sign_in(app: Flask, context: Context) -> FlaskClient:
    client = app.test_client()
    client.set_cookie(
        app.config["MEMBER_COOKIE"], start_session(context.runtime, context.member_id, context.secret)
    )
    return client


def _lines(app: Flask, client: FlaskClient, context: Context, twin: PlainTwin) -> Iterator[Line]:
    numbers = count(1_000_000)

    def get(address: str) -> Deed:
        return lambda: _sound(client.get(address))

    def save() -> None:
        with app.app_context():
            incidents.log_incident(context, draft(next(numbers)))

    def search(text: str) -> Deed:
        found = client.post("/incidents", data={"who": "all", "text": text})
        return get(found.headers["Location"])

    def forget() -> None:
        app.extensions["casework"].casebook.drop_all()

    with app.app_context():
        case_id = lists.list_cases(context, lists.Filter(mine=False)).lines[20].id
    yield Line("start page", get("/"))
    yield Line("cases, all", get("/cases?who=all"), plain=twin.list_page)
    yield Line("cases, mine", get("/cases?who=mine"))
    yield Line("cases, filtered", get("/cases?who=all&service=spvm&first=2025-01-01"))
    yield Line("cases, last page", get("/cases?who=all&page=999999"))
    yield Line("cases, after a save", get("/cases?who=all"), before=save)
    yield Line("incidents, all", get("/incidents?who=all"))
    yield Line("search: a name", search(identity(20).name))
    yield Line("search: two common words", search("river window"))
    yield Line("search: two rare words", search(" ".join(RECORD_WORDS)), plain=_search(twin, RECORD_WORDS))
    yield Line("search: nothing fits", search("zzzz qqqq"), plain=_search(twin, ["zzzz", "qqqq"]))
    yield Line("explorer", get("/explore"))
    yield Line("explorer, people, filtered", get(f"/explore?{_FILTERED}"))
    yield Line("explorer, three questions", get("/explore?show=cbsa_actions&by=year&panels=contact_group"))
    yield Line("explorer, after a save", get("/explore"), before=save)
    yield Line("explorer, nothing in memory", get("/explore"), before=forget)
    yield Line("pathway", get("/explore/pathway?show=police_service"))
    yield Line("pathway, after a save", get("/explore/pathway?show=police_service"), before=save)
    yield Line("signals", get("/signals"))
    yield Line("signals, after a save", get("/signals"), before=save)
    yield Line("signals, nothing in memory", get("/signals"), before=forget)
    yield Line("incidents behind a number", get("/explore/incidents?show=city&in.contact_group=ticket"))
    yield Line("one case", get(f"/cases/{case_id}"))
    form = get(f"/incidents/new?form={uuid4().hex}")
    yield Line("form of an incident", form)
    yield Line("saving an incident", lambda: _sound(client.post("/incidents/new", data=_form()), 302))
    yield Line("start page, after a save", get("/"), before=save)
    yield Line("form, after a save", form, before=save)
    yield Line("bin", get("/cases/bin"))
    if context.may(Permission.READ_AUDIT):
        yield from _of_coordinators(get, save, forget, client)


def _of_coordinators(
    get: Callable[[str], Deed], save: Deed, forget: Deed, client: FlaskClient
) -> Iterator[Line]:
    yield Line("asking one number, the form", get("/statistics"))
    yield Line("asking one number, the form after a save", get("/statistics"), before=save)
    yield Line("asking one number, nothing in memory", get("/statistics"), before=forget)
    yield Line("releases", get("/releases"))
    yield Line("releases, after a save", get("/releases"), before=save)
    yield Line("releases, nothing in memory", get("/releases"), before=forget)
    yield Line("audit log", get("/audit"))
    yield Line("members", get("/members"))
    rules = {"months": "6", "grace_days": "30", "preview": "1", "version": "0"}
    yield Line("retention, preview", lambda: _sound(client.post("/retention", data=rules)))


def _form() -> dict[str, str]:
    asked = {f"consent_{purpose}": "not_asked" for purpose in PURPOSES}
    letters = "".join(chr(ord("a") + byte % 26) for byte in uuid4().bytes)
    name = f"{letters[:8]} {letters[8:]}"  # like nobody's: no question
    person = {"name": name, "person_id": "", "version": "", "roles": "driver"} | asked
    fields = {
        "form": uuid4().hex,
        "precision": "day",
        "day": "2026-05-12",
        "police_service": "spvm",
        "text": "A car, then another.",
    }
    return fields | {"contact_type": "traffic_stop"} | {f"people-0-{key}": person[key] for key in person}


def _search(twin: PlainTwin, words: list[str]) -> Deed:
    return lambda: twin.search(words)


def _sound(answer: TestResponse, status: int = 200) -> None:
    if answer.status_code != status:
        raise SystemExit(f"{answer.request.path} answered {answer.status_code}")
    answer.get_data()


def _time(line: Line, rounds: int) -> list[tuple[float, float]]:
    """Print a line: wall and processor time, each its median and worst; the ratio is of processor times.

    Returns both of each round, in seconds.
    """
    walls, processors, plains = [], [], []
    for _ in range(rounds + 1):
        if line.before:
            line.before()
        wall, processor = _clock(line.deed)
        walls.append(wall)
        processors.append(processor)
        if line.plain:
            plains.append(_clock(line.plain)[1])
    figures = [*_both(walls[1:]), *_both(processors[1:])]
    if plains:
        figures.append(statistics.median(plains[1:]))
    written = "".join(f"{figure * 1000:9,.0f}" for figure in figures)
    print(f"{line.name:34}{written}{f'{figures[2] / figures[4]:8.1f}' if plains else ''}", flush=True)
    return list(zip(walls[1:], processors[1:], strict=True))


def _clock(deed: Deed) -> tuple[float, float]:
    started, worked = time.perf_counter(), time.process_time()
    deed()
    return time.perf_counter() - started, time.process_time() - worked


def _both(times: Sequence[float]) -> tuple[float, float]:
    return statistics.median(times), max(times)


def _memory() -> float:
    gc.collect()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MEGABYTE


def _memory_now() -> float:
    gc.collect()
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / _MEGABYTE


if __name__ == "__main__":
    main()
