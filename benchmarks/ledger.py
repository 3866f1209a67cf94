"""Monthly releases of an 8 × 6 table, each protected and audited against all before it, in several readings.

    .venv/bin/python -m benchmarks.ledger [READING …] [--cases 300] [--releases 24]

own        each month its own table, and the totals of the year so far, which nobody is added to late
late       the same; one case in fifty is told of a month late, and counted in the totals of the year
corrected  the same as own; each month one case in two hundred of all so far is withdrawn
growing    each month the whole table so far
quarterly  the whole table so far, every third month
growing-margins  each month the whole so far by contact and by force, not crossed

The counts are invented: uneven by row and column, with zeros. A release that is refused, or of which more is
hidden than may be, is said to be; the ledger goes on without it. Seconds are the
processor's (one thread is used); those of the steps are the clock's.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from casework.disclosure.ledger.entries import Entry
from casework.disclosure.ledger.layouts import Category, Layout, Scale, scale_of
from casework.disclosure.ledger.protecting import protect_release
from casework.disclosure.ledger.records import Records
from casework.disclosure.ledger.release import Protection
from casework.disclosure.ledger.rules import Rules
from casework.errors import DisclosureRefused

ROWS, COLUMNS = 8, 6
CONTACT = tuple(f"contact {at}" for at in range(ROWS))
FORCE = tuple(f"force {at}" for at in range(COLUMNS))
LATE_SHARE = 0.02
LOST_SHARE = 0.005
LIMIT_SECONDS = 600.0


@dataclass(frozen=True)
class Cases:
    """One entry per case: the months of its incident, of when it was told and lost; its row and column."""

    month: npt.NDArray[np.int64]
    told: npt.NDArray[np.int64]
    lost: npt.NDArray[np.int64]
    row: npt.NDArray[np.int64]
    column: npt.NDArray[np.int64]


def draw(months: int, per_month: int, late: float, lost: float) -> Cases:
    """Invented cases, the same at each run."""
    random = np.random.default_rng(24)
    share = np.outer(random.gamma(1.5, size=ROWS), random.gamma(1.5, size=COLUMNS)).ravel()
    share /= share.sum()
    month = np.repeat(np.arange(months), random.poisson(per_month, size=months))
    cell = random.choice(share.size, size=len(month), p=share)
    delay = (random.random(len(month)) < late).astype(np.int64)
    kept = random.geometric(lost, size=len(month)) if lost else np.full(len(month), months)
    told = month + delay
    return Cases(month, told, told + kept, cell // COLUMNS, cell % COLUMNS)


def name(month: int) -> str:
    """A month as a code."""
    return f"{2024 + month // 12}-{month % 12 + 1:02}"


def lay_out_own(month: int) -> list[Layout]:
    """The month crossed, and the year so far by contact and by force."""
    alone = Scale("month", (Category(name(month), (name(month),)),))
    first = month // 12 * 12
    year = Scale("month", (Category(name(month)[:4], tuple(map(name, range(first, month + 1)))),))
    contact, force = scale_of("contact", CONTACT), scale_of("force", FORCE)
    return [
        Layout("month", (alone, contact, force)),
        Layout("year by contact", (year, contact)),
        Layout("year by force", (year, force)),
    ]


def lay_out_growing(_month: int) -> list[Layout]:
    """All so far, crossed."""
    return [Layout("so far", (scale_of("contact", CONTACT), scale_of("force", FORCE)))]


def lay_out_margins(_month: int) -> list[Layout]:
    """All so far, by contact and by force."""
    return [
        Layout("by contact", (scale_of("contact", CONTACT),)),
        Layout("by force", (scale_of("force", FORCE),)),
    ]


@dataclass(frozen=True)
class Reading:
    """How the tables follow each other."""

    lay_out: Callable[[int], Sequence[Layout]]
    late: float = 0.0
    lost: float = 0.0
    every: int = 1
    by_month: bool = False


READINGS = {
    "own": Reading(lay_out_own, by_month=True),
    "late": Reading(lay_out_own, late=LATE_SHARE, by_month=True),
    "corrected": Reading(lay_out_own, lost=LOST_SHARE, by_month=True),
    "growing": Reading(lay_out_growing),
    "quarterly": Reading(lay_out_growing, every=3),
    "growing-margins": Reading(lay_out_margins),
}


def records_of(cases: Cases, month: int, *, by_month: bool) -> Records:
    """What is known by the end of a month."""
    known = (cases.told <= month) & (month < cases.lost)
    axes = {"contact": CONTACT, "force": FORCE}
    columns = {"contact": cases.row[known], "force": cases.column[known]}
    if by_month:
        axes["month"] = tuple(map(name, range(month + 1)))
        columns["month"] = cases.month[known]
    return Records("cases", axes, columns, np.flatnonzero(known))


def release_all(
    reading: Reading, cases: Cases, releases: int
) -> Iterator[tuple[str, float, Protection | str]]:
    """Each release with the seconds of the processor that it took, or the reason why it was refused."""
    ledger: list[Entry] = []
    rules = Rules(most_hidden_percent=100)
    for month in range(reading.every - 1, releases, reading.every):
        begun = time.process_time()
        records = records_of(cases, month, by_month=reading.by_month)
        try:
            found = protect_release(
                records, reading.lay_out(month), ledger, rules, time_limit_seconds=LIMIT_SECONDS
            )
        except DisclosureRefused as refused:
            yield name(month), time.process_time() - begun, refused.reason or ""
            continue
        ledger.append(found.entry)
        yield name(month), time.process_time() - begun, found


def main() -> None:
    """Print a line for each release: seconds, and the share of its cells that is still published."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("readings", nargs="*", metavar="READING", default=["own", "growing"])
    parser.add_argument("--cases", type=int, default=300, help="a month")
    parser.add_argument("--releases", type=int, default=24)
    arguments = parser.parse_args()
    for chosen in arguments.readings:
        reading = READINGS[chosen]
        print(f"{chosen}: {arguments.cases} cases a month")
        cases = draw(arguments.releases, arguments.cases, reading.late, reading.lost)
        for label, seconds, found in release_all(reading, cases, arguments.releases):
            print(f"  {label}  {seconds:6.2f} s  {describe(found)}", flush=True)


def describe(found: Protection | str) -> str:
    """The share published of each table, or why there is none."""
    if isinstance(found, str):
        return f"refused: {found}"
    shares = ", ".join(f"{table.name} {table.share_shown:4.0%}" for table in found.report.tables)
    steps = ", ".join(f"{step} {spent:.1f}" for step, spent in found.report.seconds.items())
    return f"{shares}  ({found.report.rounds} rounds: {steps})"


if __name__ == "__main__":
    main()
