"""Random tables, protected, then attacked by the auditor of the tests: `python -m benchmarks.soundness 1000`.

Two to four columns with few codes, zeros and ties, with and without groupings, zeros published or not. Prints
by kind how many were protected, refused and why, and how many yielded; ends with 1 unless that is none.
"""

import argparse
import sys
from collections import Counter
from typing import Final

import numpy as np

from casework.disclosure.frequency.files import read_frequencies
from casework.disclosure.frequency.model import Policy
from casework.disclosure.frequency.protecting import protect_frequencies
from casework.errors import DisclosureRefused
from tests.disclosure.auditor import World, list_combinations, write_table

SIZES: Final = ((2, 3), (3, 4), (4, 3), (2, 2, 3), (3, 2, 2), (2, 3, 3), (2, 2, 2, 2))
GROUPINGS: Final = ((), ("half",), ("half", "pair"), ("half", "other"))
SECONDS: Final = 30.0
PROGRESS: Final = 20


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the number of the first, to go on after a stop")
    options = parser.parse_args()
    became: Counter[tuple[int, str, str]] = Counter()
    for number in range(options.first, options.first + options.tables):
        draw = np.random.default_rng([options.seed, number])
        kind, outcome = _try(draw)
        became[*kind, outcome] += 1
        if outcome == "YIELDED":
            print(f"table {number} of seed {options.seed} yielded")
        if (number + 1) % PROGRESS == 0:
            print(f"{number + 1} tables so far", file=sys.stderr, flush=True)
    for (columns, groupings, outcome), count in sorted(became.items()):
        print(f"{columns} columns, {groupings}: {outcome} {count}")
    yielded = sum(count for (*_kind, outcome), count in became.items() if outcome == "YIELDED")
    print(f"{options.tables} tables, {yielded} yielded")
    raise SystemExit(1 if yielded else 0)


def _try(draw: np.random.Generator) -> tuple[tuple[int, str], str]:
    """A table drawn and protected: its kind, and what became of it."""
    sizes = SIZES[draw.integers(len(SIZES))]
    groupings = GROUPINGS[draw.integers(len(GROUPINGS))]
    threshold, zeros = int(draw.integers(2, 6)), bool(draw.integers(2))
    most = int(draw.choice([3, 9, 30]))
    rows = {}
    for codes in list_combinations(*sizes):
        first, second = int(codes[0][1:]), int(codes[1][1:])
        groups = {"half": f"h{first // 2}", "pair": f"p{first % 2}", "other": f"o{second // 2}"}
        small = draw.random() < 0.5
        rows[(*codes, *(groups[name] for name in groupings))] = int(draw.integers(4 if small else most + 1))
    text = write_table([*(chr(97 + axis) for axis in range(len(sizes))), *groupings], rows)
    nested = [("b" if name == "other" else "a", name) for name in groupings]
    kind = len(sizes), " and ".join(groupings) or "no groupings"
    try:
        table = read_frequencies(text, "count", nested)
        made = protect_frequencies(table, nested, Policy(threshold, zeros), SECONDS)
    except DisclosureRefused as refused:
        return kind, f"refused ({refused.reason})"
    world = World(made.text, nested, zeros_published=zeros)
    return kind, "safe" if _holds(world, _truth(world, text, nested), threshold) else "YIELDED"


def _truth(world: World, text: str, nested: list[tuple[str, str]]) -> list[int]:
    """The true count of each line of the protected file."""
    before = World(text, nested, zeros_published=False)
    at = [world.columns.index(name) for name in before.columns]
    counts = {codes: int(count) for codes, count in before.lines}
    details = [counts[tuple(detail[place] for place in at)] for detail in world.details]
    return [sum(details[one] for one in members) for members in world.members]


def _holds(world: World, truth: list[int], threshold: int) -> bool:
    """No small count is open; none hidden is exact or known to be small; unsafe ones reach the threshold."""
    for at, (_codes, count) in enumerate(world.lines):
        if count and (int(count) != truth[at] or 1 <= truth[at] < threshold):
            return False
    for at, (low, high) in world.program_ends(most=10 * sum(truth) + threshold).items():
        unsafe = 1 <= truth[at] < threshold
        if low == high or (low >= 1 and high < threshold) or (unsafe and high < threshold):
            return False
    return True


if __name__ == "__main__":
    main()
