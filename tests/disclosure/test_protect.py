"""Protection: worked examples of docs/disclosure.md, and properties of random tables."""

from dataclasses import replace

import numpy as np
import pytest

from casework.disclosure import (
    TOTAL,
    Candidate,
    Cell,
    CountTable,
    Dimension,
    ProtectedTable,
    attack,
    protect,
    protect_with_coarsening,
    serialise,
    tabulate,
)
from casework.errors import DisclosureRefused
from tests.disclosure.tables import (
    cross,
    dimension,
    line,
    tagged,
)


def hidden_codes(table: ProtectedTable) -> set[tuple[str, ...]]:
    """The cells without a number."""
    return {codes for codes, cell in table.items() if cell.value is None}


def test_a_single_small_cell_takes_a_rectangle_with_it() -> None:
    """Worked example 1: one unsafe cell, and the cheapest rectangle that opens it to 1…k and beyond."""
    table = protect(cross([[2, 20, 30], [12, 9, 40], [25, 31, 50]]), 5)
    assert hidden_codes(table) == {("row0", "col0"), ("row0", "col1"), ("row1", "col0"), ("row1", "col1")}
    found = attack(serialise(table))
    assert found["row0", "col0"] == (1, 13)
    assert found["row1", "col1"] == (8, 20)
    assert table.cell(TOTAL, TOTAL) == Cell(219)


def test_two_small_cells_in_a_row_are_not_enough_for_each_other() -> None:
    """Worked example 2: 1 and 1 add up to 2, so both would be exact; something larger joins them."""
    table = protect(line([1, 1, 8, 30]), 5)
    assert hidden_codes(table) == {("row0",), ("row1",), ("row2",)}
    assert attack(serialise(table))["row0",] == (1, 8)


def test_four_and_one_are_opened_to_the_threshold() -> None:
    """Worked example 3: 1 + 4 reach only 4, though neither is exact: the rule asks for k."""
    assert hidden_codes(protect(line([1, 4, 9, 30]), 5)) == {("row0",), ("row1",), ("row2",)}
    assert hidden_codes(protect(line([2, 4, 9, 30]), 5)) == {("row0",), ("row1",)}


def test_an_unsafe_margin_is_hidden_with_what_it_sums() -> None:
    """Worked example 4: a row of 3 in all; its interval reaches down to its two non-zero cells."""
    table = protect(cross([[1, 2, 0], [20, 30, 9], [40, 50, 8]]), 5)
    assert {("row0", "col0"), ("row0", "col1"), ("row0", TOTAL)} <= hidden_codes(table)
    low, high = attack(serialise(table))["row0", TOTAL]
    assert low == 2
    assert high >= 5
    assert table.cell("row0", "col2") == Cell(0)


def test_a_household_counts_once() -> None:
    """Worked example 5: six people of one case are one case, and the interval outgrows the family.

    The cell beside it is hidden with it; the sum of both would be known, so it must hold five cases.
    """
    sizes = [6, 2, 2, 9, 20]
    rows = np.repeat(np.arange(5), sizes)
    cases = np.concatenate([[0] * 6, np.arange(1, 34)])
    table = protect(tabulate([dimension("row", 5)], [rows], cases, unit="people"), 5)
    assert ("row0",) in hidden_codes(table)
    low, high = attack(serialise(table))["row0",]
    assert low == 1
    assert high >= 1 + 6 + 3
    together = np.isin(rows, [int(codes[0][3:]) for codes in hidden_codes(table)])
    assert len(set(cases[together].tolist())) >= 5


def test_a_tag_is_hidden_with_its_complement() -> None:
    """Worked example 6: tag c is carried twice; another tag has to go, for the tags make up the answers."""
    units = [{"a"}] * 12 + [{"b"}] * 9 + [{"c"}] * 2 + [{"not_asked"}] * 10
    table = protect(tagged(["a", "b", "c", "not_asked"], units), 5)
    assert table.cell("c", "with").value is None
    assert table.cell("c", "without").value is None
    low, high = attack(serialise(table))["c", "with"]
    assert low == 1
    assert high >= 5


def test_overlapping_tags_shield_each_other() -> None:
    """Worked example 7: where other tags cover everybody, the small tag alone is already open."""
    units = [{"a", "b"}] * 12 + [{"a", "b", "c"}] * 2 + [{"a"}] * 10 + [{"b"}] * 10
    table = protect(tagged(["a", "b", "c"], units), 5)
    assert hidden_codes(table) == {("c", "with"), ("c", "without")}
    assert attack(serialise(table))["c", "with"] == (1, 33)


def test_a_small_complement_is_unsafe() -> None:
    """Worked example 8: all but two carry the tag, which tells as much as two who do."""
    units = [{"a", "b"}] * 20 + [{"a"}] * 10 + [{"b"}] * 2
    table = protect(tagged(["a", "b"], units), 5)
    assert table.cell("a", "with").value is None
    low, high = attack(serialise(table))["a", "without"]
    assert (low <= 1, high >= 5) == (True, True)


def test_the_few_who_answered_otherwise_are_not_left_exact() -> None:
    """Worked example 9: 30 answered, 28 carry the tag; the complement of 22 is safe, those two are not."""
    units = [{"a"}] * 22 + [{"a", "b"}] * 6 + [{"b"}] * 2 + [{"not_asked"}] * 20
    table = protect(tagged(["a", "b", "not_asked"], units), 5)
    document = serialise(table)
    found = attack(document)
    assert ("a", "with") in found or ("not_asked", "with") in found


def test_structural_zeros_are_shown_as_such() -> None:
    """A structural zero is no number, an observed zero is one, and neither is ever hidden."""
    dims = [dimension("row", 2), dimension("col", 3)]
    rows = np.repeat([0, 0, 1, 1], [20, 3, 30, 40])
    columns = np.repeat([0, 1, 0, 1], [20, 3, 30, 40])
    mask = np.array([[False, False, True], [False, False, False]])
    made = tabulate(dims, [rows, columns], np.arange(93), unit="people", impossible=mask)
    table = protect(made, 5)
    assert table.cell("row0", "col2") == Cell(0, impossible=True)
    assert table.cell("row1", "col2") == Cell(0)


@pytest.mark.parametrize(
    ("table", "k", "reason"),
    [
        (line([0, 0]), 5, "empty"),
        (line([2, 2]), 5, "too_few_cases"),
        (line([1, 4]), 5, "cannot_protect"),
        (line([9, 9]), 4, "threshold_too_low"),
        (line([9, 9]), True, "unknown_option"),
    ],
)
def test_tables_that_cannot_be_published_are_refused(table: CountTable, k: int, reason: str) -> None:
    """Each reason has its code, and no message names a small count."""
    with pytest.raises(DisclosureRefused) as refused:
        protect(table, k)
    assert refused.value.reason == reason
    assert str(refused.value)


def test_a_table_of_one_large_household_is_refused() -> None:
    """Forty people of one case are one case."""
    table = tabulate(
        [dimension("row", 2)], [np.repeat([0, 1], 20)], np.zeros(40, dtype=np.int64), unit="people"
    )
    with pytest.raises(DisclosureRefused) as refused:
        protect(table, 5)
    assert refused.value.reason == "too_few_cases"


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf"), "5"])
def test_a_time_limit_that_is_none_is_refused(seconds: float) -> None:
    """Only positive, finite seconds."""
    with pytest.raises(DisclosureRefused) as refused:
        protect(line([9, 9]), 5, time_limit_seconds=seconds)
    assert refused.value.reason == "unknown_option"


def test_a_time_out_is_a_refusal() -> None:
    """A limit that nothing could keep refuses, also when a coarser table is waiting."""
    table = cross([[2, 20, 30], [12, 9, 40], [25, 31, 50]])
    with pytest.raises(DisclosureRefused) as refused:
        protect(table, 5, time_limit_seconds=1e-9)
    assert refused.value.reason == "time_limit"
    with pytest.raises(DisclosureRefused) as refused:
        protect_with_coarsening([Candidate("a", table), Candidate("b", table)], time_limit_seconds=1e-9)
    assert refused.value.reason == "time_limit"


def test_counts_made_by_hand_are_checked() -> None:
    """Negative counts, fractions, more cases than units and false margins never get through."""
    table = cross([[2, 20], [30, 40]])
    minus = table.cells.units.copy()
    minus[0, 0] = -1
    false = table.cells.units.copy()
    false[0, 2] += 1
    for units, reason in (
        (minus, {"negative"}),
        (np.asarray(table.cells.units / 2, dtype=object), {"not_a_number"}),
        (np.zeros_like(minus), {"inconsistent"}),
        (false, {"inconsistent", "cannot_protect", "solver"}),
    ):
        broken = replace(table, cells=replace(table.cells, units=units))
        with pytest.raises(DisclosureRefused) as refused:
            protect(broken, 5)
        assert refused.value.reason in reason


def test_a_protected_table_cannot_be_made_by_hand() -> None:
    """Neither the constructor nor a changed copy gets round the audit."""
    table = protect(line([9, 9]), 5)
    with pytest.raises(TypeError):
        ProtectedTable((Dimension("x", ("a",)),), "people", 5, (Cell(1), Cell(1)), "as_composed", ())
    with pytest.raises(TypeError):
        replace(table, cells=(Cell(1), Cell(8), Cell(9)))


def test_cells_are_found_by_their_codes() -> None:
    """The total of a line, a code that is not there, and a wrong number of codes."""
    table = protect(line([9, 10]), 5)
    assert (table.cell(TOTAL).value, table.total, table.nonzero_cells) == (19, 19, 3)
    for codes in (("nowhere",), ("row0", "row1"), ()):
        with pytest.raises(KeyError):
            table.cell(*codes)


def test_forty_by_twenty_is_a_matter_of_seconds() -> None:
    """A large table with many small cells is protected and audited well under its limit."""
    counts = np.random.default_rng(7).negative_binomial(1, 1 / 21, (40, 20))
    table = protect(cross(counts.tolist()), 5, time_limit_seconds=10)
    assert table.hidden_cells > 0
