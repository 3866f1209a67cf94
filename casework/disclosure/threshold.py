"""Which counts are unsafe, and how far an attacker's interval must reach for them to be protected."""

from typing import Final

import numpy as np

from casework.disclosure.counts import BoolArray, IntArray, Tally
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
