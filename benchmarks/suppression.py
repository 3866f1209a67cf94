"""What protecting tables costs, in counts and seconds, beside τ-Argus: `python -m benchmarks.suppression`.

Known tables, two-way tables, three-way tables of 800 cells, and of 3,500. Both sides get one model: the same
cells, costs, bounds and intervals; both answers are attacked. Where pytauargus is not
installed, its side is left out, and the first line says so.
"""

import argparse
import os
import statistics
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from benchmarks import argus
from casework.disclosure.frequency.auditing import Nested, audit
from casework.disclosure.frequency.files import FrequencyTable, read_frequencies, write_frequencies
from casework.disclosure.frequency.model import Policy, link_frequencies
from casework.disclosure.frequency.protecting import Report, protect_frequencies
from casework.disclosure.solver import Deadline
from casework.errors import DisclosureRefused

SECTIONS: Final = ("known", "two-way", "three-way", "large")
Z2: Final = (("region", "fylke"), ("region", "kostragr"))
KNOWN: Final = (("z1.csv", (), 4, 29), ("z2.csv", Z2, 4, 298), ("z2.csv", Z2, 5, 458))
TWO_WAY: Final = ((4, 5), (6, 9), (9, 9), (8, 14), (12, 14), (5, 40), (12, 20), (10, 25), (14, 19))
LEVELS: Final = (1.8, 2.6, 3.5, 4.5)
"""Logarithms of a middling count: from tables that hide most of their cells to tables that hide few."""
THREE_WAY: Final = ((7, 9, 9), (3, 9, 19), (4, 7, 19))
LARGE: Final = ((13, 13, 17), (14, 14, 15))
AUDIT_SECONDS: Final = 600.0
POLICY: Final = Policy(5, zeros_published=True)


class Run(NamedTuple):
    """What became of one table; no report where it was refused, with the reason in its place."""

    report: Report | None
    refused: str
    seconds: float
    processor: float


def main() -> None:
    """Print the sections that are asked for."""
    options = _options()
    print(f"load of the machine: {os.getloadavg()[0]:.1f}; pytauargus: {_argus_or_not()}")
    for section in options.sections or SECTIONS:
        print(f"\n{section}")
        if section == "known":
            compare_known(Path(os.environ.get("CASEWORK_DATA", "../shared/data")))
        elif section == "two-way":
            compare_two_way(options.tables or 4, options.seed, options.seconds)
        elif section == "three-way":
            compare_three_way(THREE_WAY, options.tables or 2, options.seed, options.seconds)
        else:
            measure_large(LARGE, options.tables or 2, options.seed, options.seconds)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"of {', '.join(SECTIONS)}; else all")
    parser.add_argument("--tables", type=int, help="how many of each kind")
    parser.add_argument("--seconds", type=float, default=60.0, help="our time for each table")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    unknown = set(options.sections) - set(SECTIONS)
    if unknown:
        parser.error(f"there is no section {', '.join(sorted(unknown))}")
    return options


def _argus_or_not() -> str:
    return "its optimal mode, one minute" if argus.is_installed() else "NOT INSTALLED, its side is left out"


def make_cross(shape: Sequence[int], level: float, seed: int) -> FrequencyTable:
    """Counts that vary as those of real tables do: Poisson around log-normal means."""
    draw = np.random.default_rng([seed, *shape, round(100 * level)])
    counts = draw.poisson(np.exp(draw.normal(level, 1.2, size=shape)))
    columns = [f"dimension{at}" for at in range(len(shape))]
    lines = [",".join([*map(str, place), str(count)]) for place, count in np.ndenumerate(counts)]
    return read_frequencies("\n".join([",".join([*columns, "count"]), *lines]) + "\n", "count", [])


def protect(table: FrequencyTable, nested: Nested, policy: Policy, seconds: float) -> Run:
    """Ours, timed."""
    begun, used = time.perf_counter(), time.process_time()
    report, refused = None, ""
    try:
        report = protect_frequencies(table, nested, policy, seconds).report
    except DisclosureRefused as refusal:
        refused = refusal.reason
    return Run(report, refused, time.perf_counter() - begun, time.process_time() - used)


def compare(name: str, table: FrequencyTable, nested: Nested, policy: Policy, seconds: float) -> float | None:
    """One table by both, in a line; the ratio of the costs."""
    ours = protect(table, nested, policy, seconds)
    said = [f"{name}: ours {_describe(ours)}"]
    ratio = None
    if argus.is_installed():
        model = link_frequencies(table, policy)
        theirs = argus.solve(model, 1)
        if theirs.hidden is None:
            said.append(f"theirs no answer in {theirs.seconds:.1f} s")
        else:
            cost = int(model.values[theirs.hidden & ~model.primary].sum())
            hidden = theirs.hidden.reshape(table.crossing.shape)
            text = write_frequencies(table, hidden, table.crossing.sum_up(table.details))
            judged = _attack(text, table, nested, policy)
            said.append(f"theirs {cost} in {theirs.seconds:.1f} s, {judged}")
            if ours.report and cost:
                ratio = ours.report.objective / cost
                said.append(f"ratio {ratio:.3f} of cost, {ours.seconds / theirs.seconds:.2f} of time")
    print("; ".join(said), flush=True)
    return ratio


def compare_known(folder: Path) -> None:
    """The tables of Statistics Norway whose optima are known."""
    for name, nested, threshold, least in KNOWN:
        table = read_frequencies((folder / name).read_text("utf-8"), "ant", nested)
        compare(f"{name}, k = {threshold}, optimum {least}", table, nested, Policy(threshold, True), 60.0)


def compare_two_way(tables: int, seed: int, seconds: float) -> None:
    """Tables of up to 300 cells, margins included: how many are proven, and how fast."""
    runs: list[Run] = []
    for shape in TWO_WAY:
        for level in LEVELS:
            for number in range(tables):
                table = make_cross(shape, level, seed + number)
                runs.append(protect(table, [], POLICY, seconds))
    print(_summarise(runs))


def compare_three_way(shapes: Iterable[Sequence[int]], tables: int, seed: int, seconds: float) -> None:
    """Tables of about 800 cells, beside the best that theirs finds in a minute."""
    ratios = []
    for shape in shapes:
        for level in LEVELS[:3]:
            for number in range(tables):
                name = f"{' × '.join(map(str, shape))}, level {level}, seed {seed + number}"
                table = make_cross(shape, level, seed + number)
                ratios.append(compare(name, table, [], POLICY, seconds))
    found = [ratio for ratio in ratios if ratio is not None]
    if found:
        print(
            f"ratio of cost: median {statistics.median(found):.3f}, worst {max(found):.3f}, of {len(found)}"
        )


def measure_large(shapes: Iterable[Sequence[int]], tables: int, seed: int, seconds: float) -> None:
    """Tables of about 3,500 cells: whether they are safe in time."""
    for shape in shapes:
        for level in LEVELS[:3]:
            for number in range(tables):
                run = protect(make_cross(shape, level, seed + number), [], POLICY, seconds)
                name = f"{' × '.join(map(str, shape))}, level {level}, seed {seed + number}"
                print(f"{name}: {_describe(run)}", flush=True)


def _attack(text: str, table: FrequencyTable, nested: Nested, policy: Policy) -> str:
    try:
        audit(text, table, nested, policy, Deadline(AUDIT_SECONDS))
    except DisclosureRefused as refused:
        return f"NOT SAFE by our rule ({refused.reason})"
    return "safe"


def _describe(run: Run) -> str:
    if run.report is None:
        return f"refused ({run.refused}) in {run.seconds:.1f} s"
    report = run.report
    bound = "proven" if report.bound == report.objective else f"at least {report.bound}"
    steps = ", ".join(f"{step} {seconds:.1f}" for step, seconds in report.seconds.items())
    cells = f"{report.cells} cells, {report.primaries} unsafe, {report.secondaries} more"
    seconds = f"{run.seconds:.1f} s, {run.processor:.1f} of processor [{steps}]"
    return f"{report.objective} ({bound}; {cells}) in {seconds}, safe"


def _summarise(runs: Sequence[Run]) -> str:
    reports = [run.report for run in runs if run.report]
    proven = sum(report.bound == report.objective for report in reports)
    seconds, processor = [run.seconds for run in runs], [run.processor for run in runs]
    return (
        f"{len(runs)} tables of up to {max((report.cells for report in reports), default=0)} cells:"
        f" {proven} proven, {len(runs) - len(reports)} refused;"
        f" median {statistics.median(seconds):.2f} s, worst {max(seconds):.1f} s;"
        f" of processor {statistics.median(processor):.2f} and {max(processor):.1f} s"
    )


if __name__ == "__main__":
    main()
