"""The clean-up: shows again what need not be hidden."""

from collections.abc import Callable

import numpy as np

from casework.disclosure.counts import BoolArray
from casework.disclosure.search.probe import Probe
from casework.disclosure.solver import FloatArray


def prune(
    probe: Probe, hidden: BoolArray, order: FloatArray, is_late: Callable[[], bool] = lambda: False
) -> BoolArray:
    """The pattern less each secondary, greatest `order` first, without which all goals are still reached.

    A cut that showing a column would break spares its linear programs. Stops early when it `is_late`.
    What is exact is never needed, and what was needed stays needed: so nothing hidden is exact afterwards,
    unless it stopped early.
    """
    hidden = hidden.copy()
    secondaries = np.flatnonzero(hidden & ~probe.cells.primary)
    slack = probe.cuts.slack(hidden)
    for column in sorted(secondaries.tolist(), key=lambda at: (-order[at], at)):
        if is_late():
            break
        if len(slack) < probe.cuts.count:
            slack = np.concatenate([slack, probe.cuts.slack(hidden, len(slack))])
        if probe.cuts.breaking(slack, column):
            continue
        hidden[column] = False
        if probe.shields(hidden):
            slack = probe.cuts.without(slack, column)
        else:
            hidden[column] = True
    return hidden
