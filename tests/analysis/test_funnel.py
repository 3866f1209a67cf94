"""A funnel of a few pathways, counted by hand."""

import numpy as np

from casework.analysis.funnel import NO_DAY, NOT_ASKED, NOT_REACHED, REACHED, UNKNOWN, Lag, read_funnel

STATES = np.array(
    [
        [REACHED, REACHED, REACHED],
        [REACHED, REACHED, NOT_REACHED],
        [REACHED, UNKNOWN, REACHED],
        [REACHED, NOT_ASKED, REACHED],
        [REACHED, REACHED, REACHED],
    ]
)
DAYS = np.array(
    [[100, 101, 104], [100, 103, NO_DAY], [100, NO_DAY, 110], [NO_DAY, NO_DAY, 120], [50, 60, 55]]
)


def test_each_step_says_how_many_and_of_how_many() -> None:
    """Nobody is lost: who did not reach it, of whom it is not known, and who was not asked."""
    _contact, status, detention = read_funnel(STATES, DAYS, np.arange(5))
    assert (status.reached, status.not_reached, status.unknown, status.not_asked) == (3, 0, 1, 1)
    assert (detention.reached, detention.not_reached, detention.total) == (4, 1, 5)
    assert (detention.before, detention.after) == (3, 2)


def test_days_are_those_between_dated_steps() -> None:
    """The quartiles of 4, 5 and 10 days; one pathway has no day of its contact."""
    _contact, status, detention = read_funnel(STATES, DAYS, np.arange(5))
    assert detention.since_start == Lag((4.5, 5.0, 7.5), 3, 4)
    assert status.since_start == Lag((2.0, 3.0, 6.5), 3, 3)


def test_what_is_dated_backwards_is_said_and_not_measured() -> None:
    """Of four detentions one is dated five days before its contact, and one contact is not dated."""
    days = DAYS.copy()
    days[4] = 50, 60, 45
    _contact, _status, detention = read_funnel(STATES, days, np.arange(5))
    assert detention.since_start == Lag((5.5, 7.0, 8.5), 2, 4, backwards=1)


def test_no_rows_have_no_days() -> None:
    """And nothing is divided by them."""
    for stage in read_funnel(STATES, DAYS, np.zeros(0, dtype=np.int64)):
        assert stage.total == 0
        assert stage.since_start == Lag(None, 0, 0)
