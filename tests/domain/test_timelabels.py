"""Labels of time: each is read as the period that it was written for."""

import pytest

from casework.domain.period import Period
from casework.domain.timelabels import code_of_line, is_unplaced, label_period, label_unplaced, read_label
from casework.errors import Invalid


@pytest.mark.parametrize(
    ("period", "label", "code"),
    [
        (Period((2025, 1), (2025, 4)), "2025", "2025"),
        (Period((2025, 3), (2025, 4)), "2025-Q3/2025-Q4", "2025"),
        (Period((2025, 2), (2025, 2)), "2025-Q2/2025-Q2", "2025"),
        (Period((2025, 1), (2026, 4)), "2025-Q1/2026-Q4", "2025"),
    ],
)
def test_a_period_is_read_as_it_was_written(period: Period, label: str, code: str) -> None:
    assert label_period(period) == label
    assert read_label(label) == period
    assert code_of_line(label) == code
    assert not is_unplaced(label)
    assert is_unplaced(label_unplaced(period))
    assert code_of_line(label_unplaced(period)) == "unknown"


def test_a_quarter_is_a_label_too() -> None:
    assert read_label("2025-Q3") == Period((2025, 3), (2025, 3))
    assert code_of_line("2025-Q3") == "2025-Q3"


@pytest.mark.parametrize("label", ["", "2025-Q5", "unknown 2025", "20x5", "2025-Q1/2025", "2025-Q1/"])
def test_anything_else_is_refused(label: str) -> None:
    with pytest.raises(Invalid):
        read_label(label)
