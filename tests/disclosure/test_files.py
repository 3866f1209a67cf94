"""Frequency tables as files: what is read, and every cell that is written."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.disclosure.frequency.crossing import Axis, Crossing, Grouping
from casework.disclosure.frequency.files import read_frequencies, write_frequencies
from casework.disclosure.longform import Lines
from casework.disclosure.outsider.intervals import Outsider
from casework.disclosure.outsider.knowledge import know, quantity_of
from casework.disclosure.outsider.reading import read_claims
from casework.disclosure.solver import Deadline
from casework.errors import Invalid

MONTHS = "month,quarter,year,kind,count\nm1,q1,y,p,3.0\nm2,q1,y,p,4\nm3,q2,y,p,5\nm1,q1,y,q,6\nm4,q3,z,q,7\n"
CHAIN = [("month", "quarter"), ("quarter", "year")]


def test_every_cell_of_the_full_cross_is_written_with_all_margins() -> None:
    """A group's line names the coarser groups that it lies in; what is summed says Total."""
    table = read_frequencies(MONTHS, "count", CHAIN)
    cells = table.crossing.sum_up(table.details)
    hidden = cells == 3
    lines = write_frequencies(table, hidden, cells).splitlines()
    assert lines[0] == "month,quarter,year,kind,count"
    assert len(lines) == 1 + (4 + 3 + 2 + 1) * 3
    for line in (
        "m1,q1,y,p,",
        "m4,q3,z,p,0",
        "m4,q3,z,q,7",
        "Total,q1,y,p,7",
        "Total,q3,z,q,7",
        "Total,Total,y,Total,18",
        "Total,Total,Total,q,13",
        "Total,Total,Total,Total,25",
    ):
        assert line in lines


def test_groups_that_are_the_same_codes_are_one_cell() -> None:
    """Quarter q3 and year z hold month m4 alone: hidden together or not at all."""
    axis = read_frequencies(MONTHS, "count", CHAIN).crossing.axes[0]
    assert len(axis.choices) == 10
    assert len(axis.sets) == 7  # m1 to m4, q1, y, all; q2 is m3, and both q3 and z are m4


def test_groupings_that_are_not_nested_are_not_crossed() -> None:
    """The line of one grouping says nothing of the other."""
    text = "a,r,s,count\nx,r1,s1,9\ny,r1,s2,9\nz,r2,s2,9\n"
    table = read_frequencies(text, "count", [("a", "r"), ("a", "s")])
    cells = table.crossing.sum_up(table.details)
    lines = write_frequencies(table, cells < 0, cells).splitlines()
    assert "Total,r1,Total,18" in lines
    assert "Total,Total,s2,18" in lines
    assert not any(line.startswith("Total,r1,s") for line in lines)


@pytest.mark.parametrize(
    ("text", "nested", "told"),
    [
        ("", [], "the file is empty"),
        ("count\n3\n", [], "no column beside the counts"),
        ("a,number\nx,3\n", [], "there is no column 'count'; the file has a, number"),
        ("a,a,count\nx,x,3\n", [], "two columns are called 'a'"),
        ("a,,count\nx,x,3\n", [], "a column has no heading"),
        ("a,b,count\nx,3\n", [], "line 2 has not 3 fields"),
        ("a,count\nx,3\nTotal,3\n", [], "line 3: 'a' is Total; write the details alone"),
        ("a,count\n,3\n", [], "line 2: 'a' is empty"),
        ("a,count\nx,three\n", [], "line 2: 'three' is no count"),
        ("a,count\nx,\n", [], "line 2: '' is no count"),
        ("a,count\nx,nan\n", [], "line 2: 'nan' is no count"),
        ("a,count\nx,3\ny,4\nx,5\n", [], "lines 2 and 4 are of the same combination"),
        ("a,count\nx,3\n", [("a", "g")], "there is no column 'g'"),
        ("a,g,count\nx,g1,3\ny,g1,4\n", [("a", "g"), ("g", "a")], "'a' is nested in itself"),
        ("a,b,g,count\nx,p,g1,3\nx,q,g2,4\n", [("a", "g")], "a 'x' lies in two groups of 'g'"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(
    text: str, nested: list[tuple[str, str]], told: str
) -> None:
    """Never guessed at."""
    with pytest.raises(Invalid) as invalid:
        read_frequencies(text, "count", nested)
    assert told in str(invalid.value)


@given(
    st.lists(st.integers(0, 2), min_size=6, max_size=6), st.lists(st.integers(0, 1), min_size=6, max_size=6)
)
@settings(max_examples=60, deadline=None)
def test_what_adds_up_to_what_is_true_of_the_true_counts(coarse: list[int], other: list[int]) -> None:
    """Whatever the groupings, in each equation, and every margin takes part in one."""
    groupings = tuple(
        Grouping(name, tuple(map(str, groups))) for name, groups in (("r", coarse), ("s", other))
    )
    crossing = Crossing((Axis("a", tuple("uvwxyz"), groupings), Axis("b", ("p", "q"))))
    lines = "".join(f"{a},{b},{ord(a) % 7 * (3 if b == 'p' else 5)}\n" for a in "uvwxyz" for b in "pq")
    details = read_frequencies("a,b,count\n" + lines, "count", []).details
    cells = crossing.sum_up(details).ravel()
    rows = crossing.rows()
    assert all(
        sum(factor * cells[column] for column, factor in zip(row.columns, row.coefficients, strict=True)) == 0
        for row in rows
    )
    details_of = crossing.sum_up(np.ones(details.shape, dtype=np.int64)).ravel()
    assert {row.columns[-1] for row in rows} == set(np.flatnonzero(details_of > 1).tolist())


OWN = """city,city_label,count,status
a,A,10,shown
b,B,,hidden
total,All,13,shown
"""


def test_a_releases_own_file_is_read_as_it_is() -> None:
    """The words beside its codes and the status of a cell are no dimensions; what is hidden follows."""
    claims = read_claims([OWN], "count", [])
    assert [(claim.named, claim.value) for claim in claims.claims] == [
        ((("city", "a"),), 10),
        ((("city", "b"),), None),
        ((), 13),
    ]
    outsider = Outsider(know(claims, zeros_published=True), Deadline(10))
    assert outsider.bounds(quantity_of(outsider.knowledge, 1)) == (3, 3)


def test_a_column_called_status_is_a_dimension_elsewhere() -> None:
    assert Lines("status,count\nfree,3\nheld,4\n", "count").columns == ("status",)
