"""The attack against brute force, and protection against both, on random tables."""

import json
from typing import Any

import numpy as np
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from casework.disclosure import TOTAL, CountTable, ProtectedTable, attack, protect, serialise, tabulate
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


def protect_or_skip(table: CountTable, k: int) -> ProtectedTable:
    """The protected table, or another draw where there is none."""
    try:
        return protect(table, k, for_release=False)
    except DisclosureRefused as refused:
        assert refused.reason in {"cannot_protect", "too_few_cases", "empty"}
        assume(False)
        raise


@settings(max_examples=100, deadline=None)
@given(small_crosses)
def test_the_attack_finds_what_enumeration_finds(counts: list[list[int]]) -> None:
    """On random tables the intervals equal those over all integer tables, one by one."""
    document = serialise(protect_or_skip(cross(counts), 3))
    expected = enumerate_or_skip(document)
    assert dict(attack(document)) == expected


@settings(max_examples=100, deadline=None)
@given(small_crosses)
def test_no_unsafe_cell_of_a_random_table_can_be_inferred(counts: list[list[int]]) -> None:
    """By enumeration: unsafe cells reach floor and k, and nothing hidden is exact or provably small."""
    table = cross(counts)
    protected = protect_or_skip(table, 3)
    found = enumerate_or_skip(serialise(protected))
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


def enumerate_or_skip(document: dict[str, Any]) -> enumeration.Intervals:
    """The intervals by brute force, or another draw where that would take too long."""
    try:
        return enumeration.intervals(document)
    except enumeration.TooManyWorlds:
        assume(False)
        raise


def veiled(table: CountTable, flags: list[bool]) -> dict[str, Any]:
    """A document with cells hidden at random, safe or not; zeros and the total are shown, as always."""
    safe = serialise(protect(line([9, 9]), 5))
    units, tags = table.cells.units, table.dimensions[0].multi_valued
    cells: list[int | str] = list(units.ravel().tolist())
    total = len(cells) - (2 if tags else 1)
    for at, flag in zip(range(0, total, 2 if tags else 1), flags, strict=False):
        pair = [at, at + 1] if tags else [at]
        if flag and all(cells[place] for place in pair):
            cells[pair[0]] = cells[pair[-1]] = "hidden"
    named = [
        {
            "name": dimension.name,
            "codes": list(dimension.codes),
            "kind": "tags" if tags else "single",
            "exclusive": sorted(dimension.exclusive),
        }
        for dimension in table.dimensions
    ]
    counted = {
        "hidden_cells": sum(cell == "hidden" for cell in cells),
        "nonzero_cells": sum(cell != 0 for cell in cells),
    }
    return safe | {"dimensions": named, "cells": cells} | counted


@settings(max_examples=100, deadline=None)
@given(small_crosses, st.lists(st.booleans(), min_size=16, max_size=16))
def test_the_attack_is_exact_on_unsafe_tables_too(counts: list[list[int]], flags: list[bool]) -> None:
    """Whatever is hidden, the intervals equal those over all integer tables."""
    document = veiled(cross(counts), flags)
    expected = enumerate_or_skip(document)
    assert dict(attack(document)) == expected


@settings(max_examples=100, deadline=None)
@given(tag_units, st.lists(st.booleans(), min_size=5, max_size=5))
def test_the_attack_on_tags_finds_what_dealing_finds(units: list[set[str]], flags: list[bool]) -> None:
    """Whatever is hidden, intervals of tags equal those over all counts that could be dealt to units."""
    document = veiled(tagged(["a", "b", "c", "not_asked", "unknown"], units), flags)
    expected = enumerate_or_skip(document)
    assert dict(attack(document)) == expected


@settings(max_examples=100, deadline=None)
@given(tag_units)
def test_no_unsafe_tag_can_be_inferred(units: list[set[str]]) -> None:
    """By dealing: no tag, complement or exclusive code of 1 or 2 units is shown, exact or provably small."""
    table = tagged(["a", "b", "c", "not_asked", "unknown"], units)
    protected = protect_or_skip(table, 3)
    found = enumerate_or_skip(serialise(protected))
    for (codes, cell), exact in zip(protected.items(), table.cells.units.ravel().tolist(), strict=True):
        assert cell.value in (None, exact)
        if 1 <= exact < 3 or cell.value is None:
            assert found[codes][0] < found[codes][1]
            assert found[codes][1] >= 3
        if 1 <= exact < 3:
            assert found[codes][0] <= 3 - (codes[1] == "with") * 2


# From the vertex of the program before, HiGHS 1.x ends here without an answer.
ASTRAY = (
    np.array([0] * 10 + [1] * 6 + [2] * 6),
    np.array([0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 2]),
    np.array([0, 0, 1, 2, 0, 0, 0, 1, 5, 2, 0, 1, 2, 0, 1, 2, 0, 1, 4, 4, 6, 3]),
)


@settings(max_examples=100, deadline=None)
@given(household_crosses())
@example(ASTRAY)
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
