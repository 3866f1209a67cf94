"""How well and how fast people written down twice are found: `python -m benchmarks.duplicates`.

Precision and recall over pairs, on RLdata500 (from CASEWORK_DATA) and on people of `benchmarks.population`
with another seed than the one that the weights were chosen on; time as a ratio to folding every name once.
"""

import csv
import os
import resource
import sys
import time
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

from benchmarks.population import make_population
from casework.analysis.duplicates.finding import find_duplicates, find_like
from casework.analysis.duplicates.people import Described, describe_people
from casework.domain.folding import fold

UNSEEN_SEED = 20261125


def read_rldata(folder: Path) -> tuple[list[Described], list[int]]:
    """Read the 500 people with the number of who each truly is."""
    with (folder / "dedupe_RLdata500.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    people = [
        Described(
            " ".join(
                row[column] for column in ("fname_c1", "fname_c2", "lname_c1", "lname_c2") if row[column]
            ),
            f"{int(row['by']):04}-{int(row['bm']):02}-{int(row['bd']):02}",
        )
        for row in rows
    ]
    return people, [int(row["true_entity"]) for row in rows]


def measure(people: Sequence[Described], entities: Sequence[int]) -> tuple[float, float, int]:
    """Give precision, recall and the number of pairs found."""
    groups: dict[int, list[int]] = {}
    for place, entity in enumerate(entities):
        groups.setdefault(entity, []).append(place)
    truth = {pair for group in groups.values() for pair in combinations(group, 2)}
    found = {(likeness.left, likeness.right) for likeness in find_duplicates(describe_people(people))}
    right = len(truth & found)
    return right / len(found), right / len(truth), len(found)


def main() -> None:
    """Print the figures."""
    folder = Path(os.environ.get("CASEWORK_DATA", "../shared/data"))
    precision, recall, found = measure(*read_rldata(folder))
    print(f"RLdata500: precision {precision:.3f}, recall {recall:.3f}, {found} pairs")
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    population = make_population(count, int(sys.argv[2]) if len(sys.argv) > 2 else UNSEEN_SEED)
    began = time.perf_counter()
    for person in population.people:
        fold(person.name)
    folding = time.perf_counter() - began
    began = time.perf_counter()
    precision, recall, found = measure(population.people, population.entities)
    seconds = time.perf_counter() - began
    print(
        f"{count:,} generated people: precision {precision:.3f}, recall {recall:.3f}, {found:,} pairs,"
        f" {seconds:.1f} s ({seconds / folding:.0f} × folding their names)"
    )
    dated = [place for place, person in enumerate(population.people) if len(person.birth_date) == 10]
    precision, recall, _ = measure(
        [population.people[place] for place in dated], [population.entities[place] for place in dated]
    )
    print(f"of the {len(dated):,} with a whole birth date: precision {precision:.3f}, recall {recall:.3f}")
    columns = describe_people(population.people)
    began = time.perf_counter()
    find_like(columns, population.people[0])
    print(f"one newcomer among them: {time.perf_counter() - began:.2f} s")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
