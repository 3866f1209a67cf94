"""Where linear programs believe in tables of fractions, whole numbers decide."""

import numpy as np

from casework.disclosure.counts import BoolArray
from casework.disclosure.linkedcells import LinkedCells
from casework.disclosure.search.opening import Opener, open_all
from casework.disclosure.search.probe import Probe
from casework.disclosure.search.whole import make_whole
from casework.disclosure.solver import Deadline, Row


def even() -> LinkedCells:
    """x + y = z and x = y, so z (2) is even; it has to reach 3. z + u = 12; apart from these, t + s = 16."""
    values = np.array([1, 1, 2, 10, 9, 7])
    return LinkedCells(
        values=values,
        lower=np.zeros(6, dtype=np.int64),
        upper=np.full(6, 30),
        shown=np.ones(6, dtype=np.bool_),
        hideable=np.ones(6, dtype=np.bool_),
        weight=values.astype(np.float64),
        primary=np.array([True, True, True, False, False, False]),
        needs=((2, 1, 3),),
        rows=(
            Row([0, 1, 2], [1, 1, -1], 0, 0),
            Row([0, 1], [1, -1], 0, 0),
            Row([2, 3], [1, 1], 12, 12),
            Row([4, 5], [1, 1], 16, 16),
        ),
        column_of=np.arange(6),
        places=np.zeros((6, 1), dtype=np.int64),
        integral=False,
    )


def opened(cells: LinkedCells) -> tuple[Probe, BoolArray]:
    deadline = Deadline(60)
    probe = Probe(cells, deadline)
    return probe, open_all(probe, Opener(cells, deadline), cells.primary, cells.weight)


def test_where_fractions_reach_a_goal_whole_numbers_go_beyond() -> None:
    """z at 3 would need x and y at one and a half; there is a whole table with z at 4."""
    probe, hidden = opened(even())
    assert not len(probe.believable.unmet(hidden))
    assert len(probe.believable.unmet(hidden, whole=True))
    settled = make_whole(probe, hidden, Deadline(60))
    assert settled.tolist() == [True, True, True, True, False, False]
    assert not len(probe.believable.unmet(settled, whole=True))


def test_what_whole_numbers_need_besides_is_hidden() -> None:
    """A pattern that only fractions shield is extended: u has to move with z."""
    cells = even()
    probe = Probe(cells, Deadline(60))
    settled = make_whole(probe, cells.primary, Deadline(60))
    assert settled.tolist() == [True, True, True, True, False, False]


def test_what_can_have_one_value_only_is_shown_again() -> None:
    """t is 16 less s, which is shown: it is no secret, and shields nothing."""
    probe, hidden = opened(even())
    needless = hidden | np.array([False, False, False, False, True, False])
    assert make_whole(probe, needless, Deadline(60)).tolist() == [True, True, True, True, False, False]
