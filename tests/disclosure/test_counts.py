"""Counting: the full cross, margins, distinct cases, and every input that is refused."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings

from casework.disclosure import Dimension, count_table, tabulate
from casework.errors import DisclosureRefused
from tests.disclosure.tables import cross, dimension, household_crosses, tagged


def test_units_and_cases_are_counted_apart() -> None:
    """Three people of one case in a cell are three units and one case, in the margins too."""
    table = tabulate(
        [dimension("row", 2), dimension("col", 2)],
        [np.array([0, 0, 0, 1]), np.array([0, 0, 0, 0])],
        np.array([7, 7, 7, 8]),
        unit="people",
    )
    assert table.cells.units.tolist() == [[3, 0, 3], [1, 0, 1], [4, 0, 4]]
    assert table.cells.cases.tolist() == [[1, 0, 1], [1, 0, 1], [2, 0, 2]]
    assert table.cells.mass.tolist() == [[3, 0, 3], [1, 0, 1], [4, 0, 4]]


@settings(deadline=None)
@given(household_crosses())
def test_every_cell_equals_an_independent_count(data: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    """A Counter and sets of case ids find the same units and cases in every cell and margin."""
    rows, columns, cases = data
    table = tabulate([dimension("row", 3), dimension("col", 3)], [rows, columns], cases, unit="people")
    units: Counter[tuple[int, int]] = Counter()
    found: dict[tuple[int, int], set[int]] = {}
    for row, column, case in zip(rows.tolist(), columns.tolist(), cases.tolist(), strict=True):
        for place in ((row, column), (row, 3), (3, column), (3, 3)):
            units[place] += 1
            found.setdefault(place, set()).add(case)
    for place in np.ndindex(4, 4):
        assert table.cells.units[place] == units[place[0], place[1]]
        assert table.cells.cases[place] == len(found.get((place[0], place[1]), set()))


def test_tags_are_counted_with_their_complements() -> None:
    """A unit with two tags counts under both, and each complement is the total less the tag."""
    table = tagged(["a", "b", "not_asked"], [{"a", "b"}, {"a"}, {"not_asked"}])
    assert table.cells.units.tolist() == [[2, 1], [1, 2], [1, 2], [3, 0]]
    assert table.unshown.units.tolist() == [2, 1, 0, 1, 0]


@pytest.mark.parametrize(
    ("column", "cases", "reason"),
    [
        (np.array([0, 2]), np.array([1, 2]), "bad_code"),
        (np.array([0, -1]), np.array([1, 2]), "bad_code"),
        (np.array([0.0, 1.0]), np.array([1, 2]), "bad_shape"),
        (np.array([0, 1, 1]), np.array([1, 2]), "bad_shape"),
        (np.array([[0, 1]]), np.array([1, 2]), "bad_shape"),
        (np.array(0), np.array([1, 2]), "bad_shape"),
        (np.array([0, 1]), np.array([[1, 2]]), "bad_shape"),
        (np.array([0, 1]), np.array([1.0, np.nan]), "bad_shape"),
    ],
)
def test_columns_that_do_not_fit_are_refused(column: np.ndarray, cases: np.ndarray, reason: str) -> None:
    """A code out of range, a float, another length or shape: refused by name."""
    with pytest.raises(DisclosureRefused) as refused:
        tabulate([dimension("row", 2)], [column], cases, unit="people")
    assert refused.value.reason == reason


@pytest.mark.parametrize("units", [[{"a", "not_asked"}], [set()], [{"not_asked", "unknown"}]])
def test_contradictory_tags_are_refused(units: list[set[str]]) -> None:
    """An exclusive code stands alone, and nobody carries nothing."""
    with pytest.raises(DisclosureRefused) as refused:
        tagged(["a", "not_asked", "unknown"], units)
    assert refused.value.reason == "contradictory_codes"


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ([[1, -1], [2, 2]], "negative"),
        ([[1, np.nan], [2, 2]], "not_a_number"),
        ([[1, np.inf], [2, 2]], "not_a_number"),
        ([[1.5, 1], [2, 2]], "not_a_number"),
        ([["1", "2"], ["3", "4"]], "not_a_number"),
        ([[1, 2, 3], [1, 2, 3]], "bad_shape"),
    ],
)
def test_counts_that_are_no_counts_are_refused(counts: list[list[float]], reason: str) -> None:
    """Negative, fractional, infinite, textual and misshapen counts are refused by name."""
    with pytest.raises(DisclosureRefused) as refused:
        count_table([dimension("row", 2), dimension("col", 2)], np.array(counts))
    assert refused.value.reason == reason


def test_more_than_the_first_cut_can_protect_is_refused() -> None:
    """Three dimensions, or tags crossed with anything, are refused."""
    tags = Dimension("tag", ("a",), multi_valued=True)
    for dims in ([dimension(name, 2) for name in "xyz"], [tags, dimension("x", 2)], []):
        with pytest.raises(DisclosureRefused) as refused:
            tabulate(dims, [np.array([0])] * len(dims), np.array([1]), unit="people")
        assert refused.value.reason == "too_many_dimensions"


def test_unknown_units_and_oversized_tables_are_refused() -> None:
    """Only units that can be counted, and only tables that can be audited."""
    with pytest.raises(DisclosureRefused, match="unit"):
        tabulate([dimension("row", 2)], [np.array([0])], np.array([1]), unit="percent")
    with pytest.raises(DisclosureRefused) as refused:
        big = [dimension("row", 200), dimension("col", 200)]
        tabulate(big, [np.array([0]), np.array([0])], np.array([1]), unit="people")
    assert refused.value.reason == "too_large"


@pytest.mark.parametrize(
    ("codes", "multi_valued", "exclusive"),
    [((), False, ()), (("a", "a"), False, ()), (("total",), False, ()), (("",), False, ()),
     (("a",), False, ("a",)), (("a",), True, ("b",))],
)  # fmt: skip
def test_dimensions_that_could_mislead_are_refused(
    codes: tuple[str, ...], multi_valued: bool, exclusive: tuple[str, ...]
) -> None:
    """No code twice, none called total, exclusive ones only among tags."""
    with pytest.raises(DisclosureRefused) as refused:
        Dimension("name", codes, multi_valued, frozenset(exclusive))
    assert refused.value.reason == "unknown_option"


def test_structural_zeros_reach_the_margins_and_hold_nobody() -> None:
    """A column that is impossible throughout has an impossible margin; a unit in it is refused."""
    dims = [dimension("row", 2), dimension("col", 2)]
    mask = np.array([[False, True], [False, True]])
    table = tabulate(
        dims, [np.array([0, 1]), np.array([0, 0])], np.array([1, 2]), unit="people", impossible=mask
    )
    assert table.impossible.tolist() == [[False, True, False], [False, True, False], [False, True, False]]
    with pytest.raises(DisclosureRefused) as refused:
        tabulate(dims, [np.array([0]), np.array([1])], np.array([1]), unit="people", impossible=mask)
    assert refused.value.reason == "impossible_not_zero"


def test_counting_does_not_depend_on_the_order_of_rows() -> None:
    """Two orders of the same units give the same table."""
    one, other = cross([[1, 2], [3, 4]]), cross([[1, 2], [3, 4]])
    assert one.cells.units.tolist() == other.cells.units.tolist()
    rows, columns, cases = np.array([0, 1, 1]), np.array([1, 0, 1]), np.array([5, 5, 6])
    dims = [dimension("row", 2), dimension("col", 2)]
    forward = tabulate(dims, [rows, columns], cases, unit="people")
    backward = tabulate(dims, [rows[::-1], columns[::-1]], cases[::-1], unit="people")
    assert forward.cells.cases.tolist() == backward.cells.cases.tolist()
