"""Protection: worked examples of docs/disclosure.md, and properties of random tables."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings

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
from tests.disclosure import enumeration
from tests.disclosure.tables import (
    cross,
    dimension,
    household_crosses,
    line,
    small_crosses,
    tag_units,
    tagged,
)


def hidden_codes(table: ProtectedTable) -> set[tuple[str, ...]]:
    """The cells without a number."""
    return {codes for codes, cell in table.items() if cell.value is None}


def protect_or_skip(table: CountTable, k: int) -> ProtectedTable:
    """The protected table, or another draw where there is none."""
    try:
        return protect(table, k, for_release=False)
    except DisclosureRefused as refused:
        assert refused.reason in {"cannot_protect", "too_few_cases", "empty"}
        assume(False)
        raise


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
    assert (low, high >= 1 + 6 + 3) == (1, True)
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


@settings(max_examples=100, deadline=None)
@given(small_crosses)
def test_the_attack_finds_what_enumeration_finds(counts: list[list[int]]) -> None:
    """On random tables the intervals equal those over all integer tables, one by one."""
    document = serialise(protect_or_skip(cross(counts), 3))
    assert dict(attack(document)) == enumeration.intervals(document)


@settings(max_examples=100, deadline=None)
@given(small_crosses)
def test_no_unsafe_cell_of_a_random_table_can_be_inferred(counts: list[list[int]]) -> None:
    """By enumeration: unsafe cells reach floor and k, and nothing hidden is exact or provably small."""
    table = cross(counts)
    protected = protect_or_skip(table, 3)
    found = enumeration.intervals(serialise(protected))
    flat = dict(zip(dict(protected.items()), table.cells.units.ravel().tolist(), strict=True))
    for codes, units in flat.items():
        shown = protected.cell(*codes).value
        assert shown in (None, units)
        inside = [
            other for other in flat if TOTAL not in other and flat[other] and enumeration.covers(codes, other)
        ]
        if 1 <= units < 3:
            assert found[codes][0] <= max(1, len(inside))
            assert found[codes][1] >= 3
        elif shown is None:
            assert found[codes][0] < found[codes][1]
            assert found[codes][1] >= 3


@settings(max_examples=100, deadline=None)
@given(tag_units)
def test_the_attack_on_tags_finds_what_dealing_finds(units: list[set[str]]) -> None:
    """Intervals of random tags equal those over all counts that could be dealt to real units."""
    document = serialise(protect_or_skip(tagged(["a", "b", "c", "not_asked", "unknown"], units), 3))
    assert dict(attack(document)) == enumeration.intervals(document)


@settings(max_examples=100, deadline=None)
@given(household_crosses())
def test_no_known_sum_of_hidden_cells_is_that_of_few_cases(
    data: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    """With households: hidden cells of a line whose sum is known belong to k cases or more."""
    rows, columns, cases = data
    made = tabulate([dimension("row", 3), dimension("col", 3)], [rows, columns], cases, unit="people")
    protected = protect_or_skip(made, 3)
    for axis, codes in ((rows, 0), (columns, 1)):
        for at in range(3):
            margin = (f"row{at}", TOTAL) if codes == 0 else (TOTAL, f"col{at}")
            veiled = [
                place
                for place in np.ndindex(3, 3)
                if place[codes] == at and protected.cell(f"row{place[0]}", f"col{place[1]}").value is None
            ]
            if protected.cell(*margin).value is None or not veiled:
                continue
            across = columns if codes == 0 else rows
            chosen = (axis == at) & np.isin(across, [place[1 - codes] for place in veiled])
            assert len(set(cases[chosen].tolist())) >= 3


@settings(max_examples=40, deadline=None)
@given(small_crosses)
def test_the_same_table_is_always_protected_alike(counts: list[list[int]]) -> None:
    """Two runs give the same document, byte for byte."""
    first = json.dumps(serialise(protect_or_skip(cross(counts), 3)))
    assert json.dumps(serialise(protect(cross(counts), 3, for_release=False))) == first


@settings(max_examples=40, deadline=None)
@given(small_crosses)
def test_hiding_more_never_narrows_an_interval(counts: list[list[int]]) -> None:
    """Monotonicity: with one more cell hidden, each interval holds the former one."""
    protected = protect_or_skip(cross(counts), 3)
    before = attack(serialise(protected))
    document = json.loads(json.dumps(serialise(protected)))
    at = next(
        (at for at, value in enumerate(document["cells"][:-1]) if isinstance(value, int) and value), None
    )
    assume(at is not None)
    document["cells"][at] = "hidden"
    document["hidden_cells"] += 1
    after = attack(document)
    assert all(after[codes].low <= low and after[codes].high >= high for codes, (low, high) in before.items())


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


def test_the_first_candidate_that_keeps_enough_is_taken() -> None:
    """Months lose too much, so quarters are taken, and the table says why."""
    months = line([3] * 6 + [20] * 3)
    quarters = line([9, 9, 60])
    table = protect_with_coarsening([Candidate("as_composed", months), Candidate("by_quarter", quarters)])
    assert table.remedy == "by_quarter"
    (attempt,) = table.refused
    assert (attempt.label, attempt.reason) == ("as_composed", "too_much_hidden")
    assert dict(attempt.numbers) == {"percent": 60, "most": 40}
    assert table.hidden_cells == 0


def test_a_finer_table_that_keeps_enough_is_preferred() -> None:
    """Nothing is coarsened without need."""
    fine, coarse = line([9, 20, 30]), line([59])
    table = protect_with_coarsening([Candidate("as_composed", fine), Candidate("coarse", coarse)])
    assert (table.remedy, table.refused) == ("as_composed", ())


@pytest.mark.parametrize(
    ("candidates", "reason"),
    [
        ([], "no_candidates"),
        ([Candidate("as_composed", line([3] * 9))], "too_much_hidden"),
        ([Candidate("as_composed", line([3] * 9)), Candidate("coarse", line([1, 4]))], "cannot_protect"),
        ([Candidate("", line([9, 9]))], "unknown_option"),
    ],
)
def test_without_a_safe_candidate_nothing_is_published(candidates: list[Candidate], reason: str) -> None:
    """The reason of the last and coarsest one is given."""
    with pytest.raises(DisclosureRefused) as refused:
        protect_with_coarsening(candidates)
    assert refused.value.reason == reason


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
