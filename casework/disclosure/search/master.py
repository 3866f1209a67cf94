"""The choice of secondaries as a 0/1 program whose constraints are the cuts known so far (Benders)."""

from typing import NamedTuple

import highspy
import numpy as np

from casework.disclosure.counts import BoolArray, IntArray
from casework.disclosure.refusals import refusal
from casework.disclosure.search.probe import Probe
from casework.disclosure.solver import Deadline, FloatArray, Row, add_row, check, model_of, start_highs


class Choice(NamedTuple):
    """Shares of all columns, 1 where hidden, and a cost below which no pattern within the bounds lies."""

    shares: FloatArray
    bound: float


class Master:
    """Minimises the cost over the candidates; `whole` asks for 0 or 1, else for shares between them."""

    def __init__(self, probe: Probe, deadline: Deadline, *, whole: bool) -> None:
        self._probe = probe
        self._deadline = deadline
        self._whole = whole
        self.columns: IntArray = probe.cells.candidates
        count = len(self.columns)
        self._every = np.arange(count, dtype=np.int32)
        solver = "choose" if whole else "simplex"
        self._highs = start_highs(solver=solver, mip_rel_gap=0.0)
        weight = probe.cells.weight[self.columns]
        price = Row(self._every.tolist(), weight.tolist(), -highspy.kHighsInf, highspy.kHighsInf)
        model = model_of(np.zeros(count), np.ones(count), [price])
        model.col_cost_ = weight
        if whole:
            model.integrality_ = [highspy.HighsVarType.kInteger] * count
        check(self._highs.passModel(model))
        self._pulled = 0

    def solve(
        self,
        *,
        within: tuple[FloatArray, FloatArray] | None = None,
        below: float | None = None,
        seconds: float,
        proves: bool = True,
    ) -> Choice | None:
        """The cheapest choice that no cut forbids, or None where there is none.

        `within` bounds the candidates, `below` the cost. What `proves` nothing may go by the presolve of
        HiGHS, which is quicker, and of 1.15.1 loses choices that there are. Raises
        DisclosureRefused("time_limit") when no answer is proven within the seconds, or the deadline.
        """
        self._pull()
        lower, upper = within or (np.zeros(len(self.columns)), np.ones(len(self.columns)))
        if len(self.columns):
            check(self._highs.changeColsBounds(len(self.columns), self._every, lower, upper))
        check(
            self._highs.changeRowBounds(0, -highspy.kHighsInf, highspy.kHighsInf if below is None else below)
        )
        check(self._highs.setOptionValue("presolve", "off" if proves or not self._whole else "on"))
        spent = self._highs.getRunTime()
        check(self._highs.setOptionValue("time_limit", spent + min(seconds, self._deadline.remaining())))
        self._highs.run()
        return self._read()

    def shares_of(self, hidden: BoolArray) -> FloatArray:
        """A pattern as shares of the candidates."""
        return hidden[self.columns].astype(np.float64)

    def _read(self) -> Choice | None:
        outcome = self._highs.getModelStatus()
        if outcome == highspy.HighsModelStatus.kInfeasible:
            return None
        if outcome == highspy.HighsModelStatus.kTimeLimit:
            raise self._deadline.passed()
        if outcome not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty):
            raise refusal("solver")
        found = np.array(self._highs.getSolution().col_value, dtype=np.float64)
        info = self._highs.getInfo()
        shares = self._probe.cells.open_anyway.astype(np.float64)
        shares[self.columns] = np.clip(np.rint(found) if self._whole else found, 0, 1)
        return Choice(shares, info.mip_dual_bound if self._whole else info.objective_function_value)

    def _pull(self) -> None:
        for places, coefficients, needed in self._probe.cuts.rows(self._pulled, self.columns):
            add_row(self._highs, Row(places.tolist(), coefficients.tolist(), needed, highspy.kHighsInf))
        self._pulled = self._probe.cuts.count
