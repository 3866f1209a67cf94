"""5,226 real arrests: what is published equals what Python's csv and Counter find in the file."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from casework.disclosure.ledger.parts import protect_in_parts
from casework.domain.person import band_of_age
from casework.reports.layout import TOTAL
from casework.reports.publication.grids import read_grids
from casework.services.books import FactBook
from casework.services.releases.composing import compose
from tests.services.releases.written import draft
from tests.services.statistics.books import Told, agreed, make_book

BANDS = ((0, 11), (12, 17), (18, 24), (25, 34), (35, 44), (45, 54), (55, 64), (65, 120))
STATUS = {"Yes": "citizen", "No": "non_citizen_status_unknown"}


@pytest.fixture(scope="module")
def arrests(data_dir: Path) -> list[dict[str, str]]:
    """The rows of the file."""
    with (data_dir / "toronto_arrests_cardata.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def book(arrests: list[dict[str, str]]) -> FactBook:
    """Every arrest as an incident of a case of its own, with consent."""
    people = {
        at: agreed(immigration_status=STATUS[row["citizen"]], age_band=band_of_age(int(row["age"])))
        for at, row in enumerate(arrests, start=1)
    }
    told = [Told(at, row["year"], people=[(at, ("suspect",))]) for at, row in enumerate(arrests, start=1)]
    return make_book(told, people)


Cell = tuple[str, str]


def _publish(book: FactBook, show: str) -> dict[Cell, int | None]:
    """Return the protected table by its codes; the engine attacks it before it gives it back."""
    wanted = draft([(show, "year")], 1997, 2002, unit="people")
    composed = compose(book, wanted)
    made = protect_in_parts(composed.records, composed.layouts, [], composed.rules, time_limit_seconds=60)
    (grid,) = read_grids(made.release, wanted.tables)
    return {(row, column): grid.at(row, column).value for row in grid.rows for column in grid.columns}


def _tally(pairs: list[Cell]) -> Counter[Cell]:
    return Counter(cell for a, b in pairs for cell in ((a, b), (a, TOTAL), (TOTAL, b), (TOTAL, TOTAL)))


def _check(table: dict[Cell, int | None], expected: Counter[Cell]) -> set[Cell]:
    """Shown cells are exact, small ones hidden; return the hidden ones."""
    hidden = {codes for codes, value in table.items() if value is None}
    shown = {codes: value for codes, value in table.items() if codes not in hidden and value}
    assert shown == {codes: number for codes, number in expected.items() if codes not in hidden}
    assert {codes for codes, number in expected.items() if 1 <= number <= 4} <= hidden
    return hidden


def test_citizenship_by_year(book: FactBook, arrests: list[dict[str, str]]) -> None:
    """Every number is large enough, so nothing is hidden."""
    groups = {"Yes": "citizen", "No": "non_citizen"}
    table = _publish(book, "citizenship")
    assert _check(table, _tally([(groups[row["citizen"]], row["year"]) for row in arrests])) == set()
    assert table[TOTAL, TOTAL] == len(arrests) == 5226


def test_age_band_by_year(book: FactBook, arrests: list[dict[str, str]]) -> None:
    """Several cells and a margin are unsafe; they are hidden together with what would give them away."""
    pairs = []
    for row in arrests:
        low, high = next(band for band in BANDS if band[0] <= int(row["age"]) <= band[1])
        pairs.append(("65_plus" if low == 65 else f"{low}_{high}", row["year"]))
    expected = _tally(pairs)
    unsafe = {codes for codes, number in expected.items() if 1 <= number <= 4}
    assert any(codes[1] == TOTAL for codes in unsafe)
    assert len(_check(_publish(book, "age_band"), expected)) > len(unsafe)
