"""Small tables for the tests, and strategies for random ones."""

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from casework.disclosure import CountTable, Dimension, count_table, tabulate

EXCLUSIVE = frozenset({"not_asked", "unknown"})


def dimension(name: str, size: int) -> Dimension:
    """A dimension with the codes name0, name1, …"""
    return Dimension(name, tuple(f"{name}{at}" for at in range(size)))


def cross(counts: Sequence[Sequence[int]]) -> CountTable:
    """A two-way table in which every unit is a case of its own."""
    array = np.array(counts)
    return count_table([dimension("row", array.shape[0]), dimension("col", array.shape[1])], array)


def line(counts: Sequence[int]) -> CountTable:
    """A one-way table in which every unit is a case of its own."""
    return count_table([dimension("row", len(counts))], np.array(counts))


def tagged(codes: Sequence[str], units: Sequence[set[str]], cases: Sequence[int] | None = None) -> CountTable:
    """A table of tags from the set of codes that each unit carries."""
    members = np.array([[code in unit for code in codes] for unit in units], dtype=np.bool_)
    members = members.reshape(len(units), len(codes))
    exclusive = EXCLUSIVE & set(codes)
    case_ids = np.arange(len(units)) if cases is None else np.array(cases)
    tags = Dimension("tag", tuple(codes), multi_valued=True, exclusive=exclusive)
    return tabulate([tags], [members], case_ids, unit="incidents")


small_crosses = st.integers(2, 3).flatmap(
    lambda columns: st.lists(
        st.lists(st.integers(0, 4), min_size=columns, max_size=columns), min_size=2, max_size=3
    )
)

tag_units = st.lists(
    st.one_of(
        st.sets(st.sampled_from(["a", "b", "c"]), min_size=1),
        st.sampled_from([{"not_asked"}, {"unknown"}]),
    ),
    min_size=5,
    max_size=16,
)


@st.composite
def household_crosses(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows, columns and case ids of people, several of whom may belong to one case."""
    people = draw(
        st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 11)), min_size=8, max_size=40)
    )
    rows, columns, cases = np.array(people).T
    return rows, columns, cases
