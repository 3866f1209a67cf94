"""The way from exact counts to a table that may be shown. There is no other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from casework.disclosure.audit import audit
from casework.disclosure.counts import BoolArray, CountTable
from casework.disclosure.linked import link
from casework.disclosure.refusals import refusal
from casework.disclosure.serialise import serialise
from casework.disclosure.solver import Deadline
from casework.disclosure.suppress import suppress
from casework.disclosure.tables import _PROTECTED, Attempt, Cell, ProtectedTable
from casework.disclosure.threshold import check_threshold, unsafe
from casework.errors import DisclosureRefused

DEFAULT_LABEL: Final = "as_composed"
MOST_HIDDEN_PERCENT: Final = 40
DEFAULT_SECONDS: Final = 30.0
LARGE: Final = 100

# A coarser table can help against these; against a time-out or a contradiction in the data it cannot.
_REMEDIABLE: Final = frozenset({"cannot_protect", "too_much_hidden", "too_few_cases", "empty"})


@dataclass(frozen=True, eq=False)
class Candidate:
    """A table to try, under the label that the screen explains (`as_composed`, `by_year`, …)."""

    label: str
    table: CountTable


def protect(
    table: CountTable, k: int = 5, *, time_limit_seconds: float = DEFAULT_SECONDS, for_release: bool = True
) -> ProtectedTable:
    """Hides what must be hidden and audits the result, or raises DisclosureRefused.

    `for_release=False` admits a threshold under 5, for tests and for tables by somebody else's rule.
    Every reason of `REASONS` is possible save no_candidates and too_much_hidden.
    """
    check_threshold(k, for_release=for_release)
    return _protect(table, k, DEFAULT_LABEL, (), Deadline(time_limit_seconds))


def protect_with_coarsening(
    candidates: Sequence[Candidate],
    k: int = 5,
    *,
    time_limit_seconds: float = DEFAULT_SECONDS,
    for_release: bool = True,
) -> ProtectedTable:
    """Protects the first candidate, from fine to coarse, of whose non-zero cells at most 40 % get hidden.

    The seconds are for all candidates together. When none passes, the last one's reason is raised.
    """
    check_threshold(k, for_release=for_release)
    deadline = Deadline(time_limit_seconds)
    refused: list[Attempt] = []
    last = refusal("no_candidates")
    for candidate in candidates:
        try:
            _check_unsafe_share(candidate.table, k)
            found = _protect(candidate.table, k, candidate.label, tuple(refused), deadline)
            _check_share(found.hidden_cells, found.nonzero_cells)
            return found
        except DisclosureRefused as refused_now:
            if refused_now.reason not in _REMEDIABLE:
                raise
            last = refused_now
            numbers = tuple(sorted(refused_now.numbers.items()))
            refused.append(Attempt(candidate.label, refused_now.reason, numbers))
    raise last


def _check_unsafe_share(table: CountTable, k: int) -> None:
    """Spares the solver a large table whose unsafe cells, all to be hidden, are too many by themselves."""
    _check_counts(table, k)
    nonzero = int(np.count_nonzero(table.cells.units))
    if nonzero > LARGE:
        _check_share(int(unsafe(table.cells.cases, k).sum()), nonzero)


def _check_share(hidden: int, nonzero: int) -> None:
    if hidden * 100 > MOST_HIDDEN_PERCENT * nonzero:
        percent = -(-hidden * 100 // nonzero)
        raise refusal("too_much_hidden", percent=percent, most=MOST_HIDDEN_PERCENT)


def _protect(
    table: CountTable, k: int, label: str, refused: tuple[Attempt, ...], deadline: Deadline
) -> ProtectedTable:
    if not isinstance(label, str) or not label:
        raise refusal("unknown_option")
    _check_counts(table, k)
    cells = link(table, k)
    hidden = np.append(suppress(cells, deadline).hidden, False)[cells.column_of]
    if hidden.ndim == 2 and table.dimensions[0].multi_valued:
        hidden[:, 1] = hidden[:, 0]
    protected = ProtectedTable(
        dimensions=table.dimensions,
        unit=table.unit,
        k=k,
        cells=_cells(table, hidden),
        remedy=label,
        refused=refused,
        seal=_PROTECTED,
    )
    audit(serialise(protected), table, deadline)
    return protected


def _check_counts(table: CountTable, k: int) -> None:
    """A CountTable may have been built by hand."""
    for counts in (table.cells.units, table.cells.cases, table.unshown.units, table.unshown.cases):
        if counts.dtype.kind != "i":
            raise refusal("not_a_number")
        if np.any(counts < 0):
            raise refusal("negative")
    if np.any(table.cells.cases > table.cells.units) or np.any(table.cells.units[table.impossible]):
        raise refusal("inconsistent")
    cases = int(table.cells.cases.max(initial=0))
    if cases == 0:
        raise refusal("empty")
    if cases < k:
        raise refusal("too_few_cases", threshold=k)


def _cells(table: CountTable, hidden: BoolArray) -> tuple[Cell, ...]:
    flat = zip(table.cells.units.ravel(), hidden.ravel(), table.impossible.ravel(), strict=True)
    return tuple(Cell(None if veiled else int(units), bool(never)) for units, veiled, never in flat)
