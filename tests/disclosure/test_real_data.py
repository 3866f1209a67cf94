"""Real tables: a known optimum, and police arrests counted independently."""

import csv
from collections import Counter
from itertools import product
from pathlib import Path

import numpy as np

from casework.disclosure import (
    TOTAL,
    Candidate,
    CountTable,
    Dimension,
    ProtectedTable,
    attack,
    count_table,
    protect,
    protect_with_coarsening,
    serialise,
    tabulate,
)
from casework.disclosure.linked import link
from casework.disclosure.solver import Deadline
from casework.disclosure.suppress import suppress

AGE_BANDS = {
    "0_11": 0,
    "12_17": 12,
    "18_24": 18,
    "25_34": 25,
    "35_44": 35,
    "45_54": 45,
    "55_64": 55,
    "65_plus": 65,
}
KNOWN_OPTIMUM = 29


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def age_band(age: str) -> str:
    """The band of an age in years."""
    return max((low, band) for band, low in AGE_BANDS.items() if int(age) >= low)[1]


def test_z1_is_protected_at_the_proven_optimum(data_dir: Path) -> None:
    """k = 4 costs no less than the proven optimum of 29; ours reaches it, with three secondaries."""
    rows = read(data_dir / "z1.csv")
    dims = [Dimension(name, tuple(sorted({row[name] for row in rows}))) for name in ("region", "hovedint")]
    counts = np.zeros((len(dims[0].codes), len(dims[1].codes)))
    for row in rows:
        counts[dims[0].codes.index(row["region"]), dims[1].codes.index(row["hovedint"])] += float(row["ant"])
    table = count_table(dims, counts)
    found = suppress(link(table, 4), Deadline(10))
    assert found.cost >= KNOWN_OPTIMUM
    assert (found.cost, int(found.secondary.sum())) == (KNOWN_OPTIMUM, 3)
    assert protect(table, 4, for_release=False).hidden_cells == 6


def arrests(rows: list[dict[str, str]], name: str) -> tuple[CountTable, Counter[tuple[str, str]]]:
    """Arrests by a code and year: as a table, and counted apart with every margin."""
    pairs = [(age_band(row["age"]) if name == "age_band" else row[name], row["year"]) for row in rows]
    first = tuple(AGE_BANDS) if name == "age_band" else ("No", "Yes")
    dims = [Dimension(name, first), Dimension("year", tuple(sorted({row["year"] for row in rows})))]
    columns = [
        np.array([dimension.codes.index(pair[axis]) for pair in pairs]) for axis, dimension in enumerate(dims)
    ]
    case_ids = np.array([row["rownames"] for row in rows])
    counted: Counter[tuple[str, str]] = Counter()
    for one, year in pairs:
        counted.update(product((one, TOTAL), (year, TOTAL)))
    return tabulate(dims, columns, case_ids, unit="people"), counted


def assert_true_and_safe(table: ProtectedTable, counted: Counter[tuple[str, str]]) -> None:
    """Shown numbers equal the count, small ones are hidden, and the attack leaves every interval open."""
    assert table.total == 5226
    inside = {
        codes: sum(
            1
            for other, units in counted.items()
            if units
            and TOTAL not in other
            and all(a in (TOTAL, b) for a, b in zip(codes, other, strict=True))
        )
        for codes, _cell in table.items()
    }
    found = attack(serialise(table))
    for codes, cell in table.items():
        units = counted[codes[0], codes[1]]
        assert cell.value in (None, units)
        if cell.value is None:
            low, high = found[codes]
            assert low < high
            assert low <= units <= high
            assert high >= 5
        if 1 <= units < 5:
            assert cell.value is None
            assert found[codes].low <= inside[codes]


def test_citizen_by_year_is_published_whole(data_dir: Path) -> None:
    """No cell of citizen by year is small: every number is shown and equals the independent count."""
    table, counted = arrests(read(data_dir / "toronto_arrests_cardata.csv"), "citizen")
    protected = protect_with_coarsening([Candidate("as_composed", table)])
    assert_true_and_safe(protected, counted)
    assert protected.hidden_cells == 0


def test_age_band_by_year_hides_its_small_cells_and_margin(data_dir: Path) -> None:
    """Children and the old are few; the margin of 65+ is hidden, true zeros are shown, nothing follows."""
    table, counted = arrests(read(data_dir / "toronto_arrests_cardata.csv"), "age_band")
    protected = protect_with_coarsening([Candidate("as_composed", table)])
    assert_true_and_safe(protected, counted)
    small = {codes for codes, units in counted.items() if 1 <= units < 5}
    assert len(small) >= 3
    assert any(TOTAL in codes for codes in small)
    assert protected.hidden_cells > len(small)
