"""5,226 real arrests: what is published equals what Python's csv and Counter find in the file."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from casework.disclosure import TOTAL, ProtectedTable, attack, serialise
from casework.domain.person import band_of_age
from casework.services.books import FactBook
from casework.services.statistics.columns import count_columns
from casework.services.statistics.dimensions import Unit
from casework.services.statistics.tables import protect_columns
from tests.services.statistics.books import Told, agreed, ask, make_book

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


def _publish(book: FactBook, show: str) -> ProtectedTable:
    question = ask(show, "year", Unit.PEOPLE, first="1997", last="2002")
    return protect_columns(count_columns(book, question, ()), question, 5)


def _tally(pairs: list[tuple[str, str]]) -> Counter[tuple[str, ...]]:
    return Counter(cell for a, b in pairs for cell in ((a, b), (a, TOTAL), (TOTAL, b), (TOTAL, TOTAL)))


def _check(table: ProtectedTable, expected: Counter[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """Shown cells are exact, hidden ones stay open; return the hidden ones."""
    hidden = {codes for codes, cell in table.items() if cell.value is None}
    assert {codes: cell.value for codes, cell in table.items() if codes not in hidden} == {
        codes: expected[codes] for codes, _ in table.items() if codes not in hidden
    }
    assert {codes for codes, number in expected.items() if 1 <= number <= 4} <= hidden
    assert all(low < high and high >= 5 for low, high in attack(serialise(table)).values())
    return hidden


def test_citizenship_by_year(book: FactBook, arrests: list[dict[str, str]]) -> None:
    """Every number is large enough, so nothing is hidden."""
    groups = {"Yes": "citizen", "No": "non_citizen"}
    table = _publish(book, "citizenship")
    assert table.remedy == "as_composed"
    assert _check(table, _tally([(groups[row["citizen"]], row["year"]) for row in arrests])) == set()
    assert table.total == len(arrests) == 5226


def test_age_band_by_year(book: FactBook, arrests: list[dict[str, str]]) -> None:
    """Several cells and a margin are unsafe; they are hidden together with what would give them away."""
    pairs = []
    for row in arrests:
        low, high = next(band for band in BANDS if band[0] <= int(row["age"]) <= band[1])
        pairs.append(("65_plus" if low == 65 else f"{low}_{high}", row["year"]))
    table = _publish(book, "age_band")
    expected = _tally(pairs)
    assert [dimension.name for dimension in table.dimensions] == ["age_band", "year"]
    unsafe = {codes for codes, number in expected.items() if 1 <= number <= 4}
    assert any(codes[1] == TOTAL for codes in unsafe)
    assert len(_check(table, expected)) > len(unsafe)
