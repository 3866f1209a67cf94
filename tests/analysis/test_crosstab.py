"""Counts of distinct units in cells and margins, by a worked example and against counting by hand."""

from itertools import product
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.analysis.crosstab.columns import Column, Several, Single, gather, several
from casework.analysis.crosstab.counting import Axis, count

ROWS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.integers(0, 2),
        st.lists(st.integers(0, 2), min_size=1, max_size=3, unique=True),
        st.booleans(),
    ),
    max_size=12,
)


def test_a_worked_example() -> None:
    """Two incidents of one person, as a driver and as a driver and witness: one person in each cell."""
    when, roles = Single(np.array([0, 1])), several([[0], [0, 1]])
    table = count([Axis(when, 2), Axis(roles, 2)], np.array([0, 1]), np.array([7, 7]))
    assert table.tolist() == [[1, 0, 1], [1, 1, 1], [1, 1, 1]]
    apart = count([Axis(when, 2), Axis(roles, 2)], np.array([0, 1]))
    assert apart.tolist() == [[1, 0, 1], [1, 1, 1], [2, 1, 2]]


@settings(deadline=None)
@given(ROWS, st.booleans())
def test_every_cell_is_counted_by_hand(drawn: Any, has_units: bool) -> None:
    """Margins too; rows that are left out count nowhere."""
    units = np.array([row[0] for row in drawn], dtype=np.int64)
    single = Single(np.array([row[1] for row in drawn], dtype=np.int64))
    multiple = several([row[2] for row in drawn])
    kept = np.flatnonzero(np.array([row[3] for row in drawn], dtype=np.bool_))
    table = count([Axis(single, 3), Axis(multiple, 3)], kept, units if has_units else None)
    for first, second in product((0, 1, 2, None), repeat=2):
        found = {
            row[0] if has_units else at
            for at, row in enumerate(drawn)
            if row[3] and first in (row[1], None) and (second is None or second in row[2])
        }
        assert table[-1 if first is None else first, -1 if second is None else second] == len(found)


@given(st.lists(st.lists(st.integers(0, 4), unique=True, max_size=4), max_size=8), st.data())
def test_rows_keep_their_answers_when_they_are_taken(rows: list[list[int]], data: Any) -> None:
    """Some of them, in another order, or twice."""
    places = data.draw(st.lists(st.integers(0, max(len(rows) - 1, 0)), max_size=6)) if rows else []
    taken = several(rows).take(np.array(places, dtype=np.int64))
    assert _read(taken) == [rows[place] for place in places]
    wanted = np.array([False, True, False, True, False])
    assert taken.fits(wanted).tolist() == [bool({1, 3} & set(rows[place])) for place in places]


def test_answers_are_gathered_once_each() -> None:
    """A row of which nobody told has the answer that stands for that."""
    gathered = gather(np.array([2, 0, 0, 2]), np.array([1, 3, 0, 1]), 3, 5, 4)
    assert _read(gathered) == [[0, 3], [4], [1]]


def test_nothing_counts_nothing() -> None:
    """A table of no axis is its total."""
    empty: Column = Several(np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int64))
    assert count([Axis(empty, 2)], np.zeros(0, dtype=np.int64)).tolist() == [0, 0, 0]
    assert int(count([], np.array([0, 1, 2]), np.array([1, 1, 2]))) == 2


def _read(column: Several) -> list[list[int]]:
    return [
        column.codes[begin:end].tolist()
        for begin, end in zip(column.offsets[:-1], column.offsets[1:], strict=True)
    ]
