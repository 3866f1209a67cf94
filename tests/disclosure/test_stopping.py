"""Work that nobody waits for any more ends soon, whatever the solver does at the moment."""

import time

import highspy
import numpy as np
import pytest

from casework.disclosure.solver import Deadline, LinearProgram, Row, solve_whole

SECONDS = 60.0


class Enough(Exception):
    """Somebody stopped it."""


def _stop_after(seconds: float) -> Deadline:
    until = time.monotonic() + seconds

    def keep_going() -> None:
        if time.monotonic() > until:
            raise Enough

    return Deadline(SECONDS, keep_going)


def _knapsacks(columns: int, rows: int) -> tuple[list[Row], np.ndarray]:
    draw = np.random.default_rng(1)
    weights = draw.integers(1, 100, (rows, columns)).astype(float)
    limits = [
        Row(list(range(columns)), line.tolist(), -highspy.kHighsInf, line.sum() / 2.3) for line in weights
    ]
    return limits, -draw.integers(1, 100, columns).astype(float)


def test_a_search_for_whole_numbers_stops() -> None:
    """One that takes longer than a minute ends within seconds."""
    rows, cost = _knapsacks(400, 120)
    begun = time.monotonic()
    with pytest.raises(Enough):
        solve_whole(np.zeros(400), np.ones(400), rows, cost, _stop_after(1.0))
    assert time.monotonic() - begun < 15


def test_a_linear_program_stops_between_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casework.disclosure.solver._SLICE_SECONDS", 0.05)
    draw = np.random.default_rng(1)
    rows = [
        Row(
            draw.choice(2000, 12, replace=False).tolist(),
            draw.integers(1, 100, 12).astype(float).tolist(),
            -highspy.kHighsInf,
            float(draw.integers(1000, 9000)),
        )
        for _ in range(1700)
    ]
    cost = -draw.integers(1, 100, 2000).astype(float)

    def solve(deadline: Deadline) -> float | None:
        program = LinearProgram(np.zeros(2000), np.full(2000, 1e3), rows, deadline, integral=False)
        found = program.minimise(cost)
        return found.value if found else None

    with pytest.raises(Enough):
        solve(_stop_after(0.2))
    # In slices it finds what it finds at once.
    assert solve(_stop_after(SECONDS)) == pytest.approx(solve(Deadline(SECONDS)))
