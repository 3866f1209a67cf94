"""The last word: attacks the table as it was serialised, and compares it with the exact counts."""

from collections.abc import Iterator, Mapping

import numpy as np

from casework.disclosure.attack import Attacker, Quantity
from casework.disclosure.counts import CountTable
from casework.disclosure.dimensions import is_tags
from casework.disclosure.published import Published, read
from casework.disclosure.refusals import refusal
from casework.disclosure.solver import Deadline
from casework.disclosure.threshold import floor, floor_unshown, reach, unsafe


def audit(document: Mapping[str, object], table: CountTable, deadline: Deadline) -> None:
    """Passes silently, or raises DisclosureRefused("audit_failed") and whatever `attack` raises.

    Checks that shown numbers are the exact ones and safe, that zeros and structural zeros are shown, that
    nothing hidden is exact or provably unsafe from outside, and that every unsafe count, shown in no cell
    or in one, stays between its floor and its reach.
    """
    published = read(document)
    if (published.dimensions, published.unit) != (table.dimensions, table.unit):
        raise refusal("audit_failed")
    _check_shown(published, table)
    attacker = check_from_outside(published, deadline)
    for quantity, least, far in _unsafe_quantities(attacker, published, table):
        low, high = attacker.interval(quantity)
        if low > least or high < far:
            raise refusal("audit_failed")


def check_from_outside(published: Published, deadline: Deadline) -> Attacker:
    """What can be checked without the exact counts: shown counts reach k, hidden ones stay open.

    Raises DisclosureRefused: audit_failed, inconsistent, bad_document, time_limit, solver.
    """
    if any(value is not None and 0 < value < published.k for value in published.values):
        raise refusal("audit_failed")
    attacker = Attacker(published, deadline)
    for index in attacker.hidden:
        low, high = attacker.interval(attacker.cell(index))
        if low >= high or high < published.k:
            raise refusal("audit_failed")
    return attacker


def _check_shown(published: Published, table: CountTable) -> None:
    shown = np.array([value is not None for value in published.values])
    exact = np.array([value or 0 for value in published.values])
    units, cases = table.cells.units.ravel(), table.cells.cases.ravel()
    faults = (
        shown & (exact != units),
        shown & unsafe(cases, published.k),
        ~shown & (units == 0),
        np.array(published.impossible) != table.impossible.ravel(),
    )
    if any(np.any(fault) for fault in faults):
        raise refusal("audit_failed")


def _unsafe_quantities(
    attacker: Attacker, published: Published, table: CountTable
) -> Iterator[tuple[Quantity, int, int]]:
    """Every unsafe count with the floor and the reach that its interval must have."""
    k, sizes = published.k, table.case_sizes
    least, far = floor(table).ravel(), reach(table.cells, sizes, k).ravel()
    for index in np.flatnonzero(unsafe(table.cells.cases.ravel(), k)).tolist():
        yield attacker.cell(index), int(least[index]), int(far[index])
    if not is_tags(table.dimensions):
        return
    least, far = floor_unshown(table), reach(table.unshown, sizes, k)
    for index in np.flatnonzero(unsafe(table.unshown.cases, k)).tolist():
        whole = attacker.answered() if index == 0 else attacker.unanswered()
        yield (attacker.gap(2 * (index - 2)) if index > 1 else whole), int(least[index]), int(far[index])
