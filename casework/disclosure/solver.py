"""A linear program kept warm in HiGHS: costs and bounds change, the basis stays. Fails closed."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Final

import highspy
import numpy as np
import numpy.typing as npt

from casework.disclosure.counts import IntArray
from casework.disclosure.refusals import refusal
from casework.errors import DisclosureRefused

FloatArray = npt.NDArray[np.float64]

WHOLE: Final = 1e-6
_SLICE_SECONDS: Final = 1.0
_DUAL_SIMPLEX: Final = 1
_PRIMAL_SIMPLEX: Final = 4


def go_on() -> None:
    """Nobody wants to stop it."""


@dataclass(frozen=True)
class Deadline:
    """The wall-clock seconds that protecting a table may take; past them it is refused.

    `keep_going` is called before each step, and at least every few seconds while a step lasts; what it raises
    ends the work, and comes out of it.
    """

    seconds: float
    keep_going: Callable[[], None] = field(default=go_on, compare=False)
    _started: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        """Raises DisclosureRefused("unknown_option") unless the seconds are positive and finite."""
        if isinstance(self.seconds, bool) or not isinstance(self.seconds, int | float):
            raise refusal("unknown_option")
        if not isfinite(self.seconds) or self.seconds <= 0:
            raise refusal("unknown_option")

    def remaining(self) -> float:
        """Seconds left; raises DisclosureRefused("time_limit") when there are none, and what stops it."""
        self.keep_going()
        left = self._started + self.seconds - time.monotonic()
        if left <= 0:
            raise self.passed()
        return left

    def passed(self) -> DisclosureRefused:
        """The refusal to raise when time is up."""
        return refusal("time_limit", seconds=round(self.seconds))


@dataclass(frozen=True)
class Row:
    """lower <= sum of coefficients times columns <= upper."""

    columns: Sequence[int]
    coefficients: Sequence[float]
    lower: float
    upper: float


@dataclass(frozen=True)
class Optimum:
    """The least cost and a vertex where it is reached; what is whole within 1e-6 is rounded to it.

    `reduced` has, per column, by how much the cost rises with each unit that its value is forced up; `prices`
    the same per row.
    """

    value: float
    columns: FloatArray
    reduced: FloatArray
    prices: FloatArray


class LinearProgram:
    """min cost·x over rows and column bounds.

    `integral` promises vertices of whole numbers (proved in docs/disclosure.md) and refuses any other.
    One HiGHS model for its whole life; presolve off, one thread, fixed seed: the same calls in the same
    order give the same vertices. HiGHS counts its time limit over all runs of a model. `bounds_change` tells
    that bounds change from run to run rather than costs: the vertex before stays dual feasible then.
    """

    def __init__(
        self,
        lower: FloatArray,
        upper: FloatArray,
        rows: Sequence[Row],
        deadline: Deadline,
        *,
        integral: bool = True,
        bounds_change: bool = False,
    ) -> None:
        self._integral = integral
        self._deadline = deadline
        self._count = len(lower)
        self._every = np.arange(self._count, dtype=np.int32)
        self._highs = start_highs(
            presolve="off",
            solver="simplex",
            simplex_strategy=_DUAL_SIMPLEX if bounds_change else _PRIMAL_SIMPLEX,
            time_limit=deadline.remaining(),
        )
        check(self._highs.passModel(model_of(lower, upper, rows)))

    def set_bounds(self, lower: FloatArray, upper: FloatArray) -> None:
        """Bounds of all columns."""
        check(self._highs.changeColsBounds(self._count, self._every, lower, upper))

    def set_bound(self, column: int, lower: float, upper: float) -> None:
        """Bounds of one column."""
        check(self._highs.changeColBounds(column, lower, upper))

    def set_some_bounds(self, columns: IntArray, lower: FloatArray, upper: FloatArray) -> None:
        """Bounds of several columns."""
        check(self._highs.changeColsBounds(len(columns), columns.astype(np.int32), lower, upper))

    def minimise(self, cost: FloatArray) -> Optimum | None:
        """The cheapest vertex, or None when no point satisfies the constraints.

        Raises DisclosureRefused: time_limit, or solver for anything but a proven, integral optimum.
        """
        if not np.all(np.isfinite(cost)):
            raise refusal("not_a_number")
        self._deadline.remaining()
        check(self._highs.changeColsCost(self._count, self._every, cost))
        status = run_sliced(self._highs, self._deadline)
        outcome = self._highs.getModelStatus()
        if outcome == highspy.HighsModelStatus.kUnknown:
            # The vertex that it began with led it astray: from the beginning it finds its way.
            check(self._highs.clearSolver())
            status = run_sliced(self._highs, self._deadline)
            outcome = self._highs.getModelStatus()
        if outcome == highspy.HighsModelStatus.kTimeLimit:
            raise self._deadline.passed()
        if outcome == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsStatus.kOk or outcome != highspy.HighsModelStatus.kOptimal:
            raise refusal("solver")
        solution = self._highs.getSolution()
        point = np.array(solution.col_value, dtype=np.float64)
        whole = np.abs(point - np.rint(point)) <= WHOLE
        if not np.all(np.isfinite(point)) or (self._integral and not np.all(whole)):
            raise refusal("solver")
        columns = np.where(whole, np.rint(point), point)
        reduced = np.array(solution.col_dual, dtype=np.float64)
        prices = np.array(solution.row_dual, dtype=np.float64)
        return Optimum(float(cost @ columns), columns, reduced, prices)

    def add_row(self, row: Row) -> None:
        """One more constraint; the vertex before is kept to begin with."""
        add_row(self._highs, row)


def solve_whole(
    lower: FloatArray,
    upper: FloatArray,
    rows: Sequence[Row],
    cost: FloatArray,
    deadline: Deadline,
    whole: npt.NDArray[np.bool_] | None = None,
) -> FloatArray | None:
    """The cheapest whole numbers between the bounds that satisfy the rows, or None where there are none.

    Where `whole` is given, the columns that it leaves out may be fractions. Raises DisclosureRefused:
    time_limit, or solver for anything but a proven optimum.
    """
    model = model_of(lower, upper, rows)
    model.col_cost_ = cost
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    model.integrality_ = [kinds[whole is None or bool(whole[at])] for at in range(len(lower))]
    highs = start_highs(time_limit=deadline.remaining(), mip_rel_gap=0.0, presolve="off")
    check(highs.passModel(model))
    run_stoppable(highs, deadline)
    outcome = highs.getModelStatus()
    if outcome == highspy.HighsModelStatus.kInfeasible:
        return None
    if outcome == highspy.HighsModelStatus.kTimeLimit:
        raise deadline.passed()
    if outcome != highspy.HighsModelStatus.kOptimal:
        raise refusal("solver")
    found = np.array(highs.getSolution().col_value, dtype=np.float64)
    return np.where(True if whole is None else whole, np.rint(found), found)


def run_sliced(highs: highspy.Highs, deadline: Deadline) -> highspy.HighsStatus:
    """Run a program of the simplex method; between slices of a second it is asked whether to go on.

    Each slice begins at the vertex where the one before ended. Where nobody wants to stop it, there is one.
    """
    if deadline.keep_going is go_on:
        return highs.run()
    length = _SLICE_SECONDS
    while True:
        left = deadline.remaining()
        check(highs.setOptionValue("time_limit", highs.getRunTime() + min(length, left)))
        status = highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kTimeLimit or left <= length:
            return status
        length *= 2  # so that a step that is long by itself is not begun again and again


def run_stoppable(highs: highspy.Highs, deadline: Deadline) -> None:
    """Run a search for whole numbers, which asks now and then whether to go on."""
    if deadline.keep_going is not go_on:

        def ask(event: Any) -> None:
            try:
                deadline.keep_going()
            except Exception:
                event.interrupt()

        highs.cbMipInterrupt += ask
    highs.run()
    deadline.keep_going()


def is_whole(columns: FloatArray) -> bool:
    """Whether all are whole numbers, but for 1e-6."""
    return bool(np.all(np.abs(columns - np.rint(columns)) <= WHOLE))


def start_highs(**options: bool | int | float | str) -> highspy.Highs:
    """A silent solver with one thread and a fixed seed."""
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in {"output_flag": False, "threads": 1, "random_seed": 0, **options}.items():
        check(highs.setOptionValue(name, value))
    return highs


def check(status: highspy.HighsStatus) -> None:
    """Raises DisclosureRefused("solver") unless HiGHS did what it was told."""
    if status != highspy.HighsStatus.kOk:
        raise refusal("solver")


def add_row(highs: highspy.Highs, row: Row) -> None:
    """One more constraint of a model."""
    columns = np.asarray(row.columns, dtype=np.int32)
    coefficients = np.asarray(row.coefficients, dtype=np.float64)
    check(highs.addRow(row.lower, row.upper, len(columns), columns, coefficients))


def model_of(lower: FloatArray, upper: FloatArray, rows: Sequence[Row]) -> highspy.HighsLp:
    """The program in HiGHS's own structure, row by row, with zero costs."""
    model = highspy.HighsLp()
    model.num_col_ = len(lower)
    model.num_row_ = len(rows)
    model.col_cost_ = np.zeros(len(lower))
    model.col_lower_ = lower
    model.col_upper_ = upper
    model.row_lower_ = np.array([row.lower for row in rows], dtype=np.float64)
    model.row_upper_ = np.array([row.upper for row in rows], dtype=np.float64)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum([0, *(len(row.columns) for row in rows)]).astype(np.int32)
    model.a_matrix_.index_ = np.array([column for row in rows for column in row.columns], dtype=np.int32)
    model.a_matrix_.value_ = np.array([value for row in rows for value in row.coefficients], dtype=np.float64)
    return model
