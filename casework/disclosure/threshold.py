"""Which counts are unsafe, and how far an attacker's interval must reach for them to be protected."""

from typing import Final

import numpy as np

from casework.disclosure.counts import BoolArray, CountTable, IntArray, Tally, exclusive_mask
from casework.disclosure.dimensions import is_tags
from casework.disclosure.refusals import refusal

LOWEST_FOR_RELEASES: Final = 5
LOWEST: Final = 2


def check_threshold(k: int, *, for_release: bool) -> None:
    """Releases need k >= 5; tables that stay inside, or that others publish by their own rule, k >= 2.

    Raises DisclosureRefused: threshold_too_low, unknown_option.
    """
    if not isinstance(k, int) or isinstance(k, bool) or not isinstance(for_release, bool):
        raise refusal("unknown_option")
    lowest = LOWEST_FOR_RELEASES if for_release else LOWEST
    if k < lowest:
        raise refusal("threshold_too_low", lowest=lowest)


def unsafe(cases: IntArray, k: int) -> BoolArray:
    """Counts of 1 to k - 1 distinct cases."""
    return (cases >= 1) & (cases < k)


def reach(tally: Tally, case_sizes: IntArray, k: int) -> IntArray:
    """For each unsafe set, the fewest units up to which the attacker's interval must reach.

    One more than any set of fewer than k cases that shares a case with it can hold: never more than its
    own cases' units and those of the k - 1 - c largest, nor than the k - 1 largest hold together. Where
    every case is one unit, this is exactly k.
    """
    largest = np.append([0], np.cumsum(case_sizes[: k - 1]))
    others = np.clip(k - 1 - tally.cases, 0, len(largest) - 1)
    most = np.minimum(tally.mass + largest[others], largest[-1])
    return np.asarray(np.maximum(k, 1 + most), dtype=np.int64)


def floor(table: CountTable) -> IntArray:
    """For each cell, the number of disjoint detailed cells inside it that are known to hold someone.

    Observed zeros are always published, so whatever is hidden is known to be at least 1.
    """
    held = (table.cells.units > 0).astype(np.int64)
    if is_tags(table.dimensions):
        return _floor_of_tags(table, held)
    known = held.copy()
    for axis in range(held.ndim):
        inside = np.take(known, range(held.shape[axis] - 1), axis=axis).sum(axis=axis, keepdims=True)
        known = np.concatenate([np.take(known, range(held.shape[axis] - 1), axis=axis), inside], axis=axis)
    return known


def _floor_of_tags(table: CountTable, held: IntArray) -> IntArray:
    """Exclusive codes are disjoint from each other and from everybody with an answer; tags overlap."""
    exclusive = exclusive_mask(table.dimensions[0])
    classes = int(held[:-1, 0][exclusive].sum())
    answered = int(table.unshown.units[0] > 0)
    known = held.copy()
    known[:-1, 1] = np.where(exclusive, classes - held[:-1, 0] + answered, classes)
    known[-1, 0] = classes + answered
    return np.minimum(np.maximum(known, held), np.maximum(table.cells.units, 0))


def floor_unshown(table: CountTable) -> IntArray:
    """The same for what no cell shows: answered, unanswered (each exclusive code a class), and the gaps."""
    known = np.minimum(table.unshown.units, 1)
    if is_tags(table.dimensions):
        exclusive = exclusive_mask(table.dimensions[0])
        known[1] = int((table.cells.units[:-1, 0][exclusive] > 0).sum())
    return known
