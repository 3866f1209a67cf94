"""Which series there are: answers of several dimensions, alone and crossed, each set of incidents once."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

import numpy as np

from casework.analysis.signals.counting import Integers

NO_ANSWER = -1
_SEED = 5


@dataclass(frozen=True, slots=True)
class Crossing:
    """Dimensions that are crossed, by their places, and the series that this gives.

    `numbers` is the series of each incident, -1 where it has no answer in one of them; `codes` are the
    answers of each series, in the order of `dimensions`.
    """

    dimensions: tuple[int, ...]
    numbers: Integers
    codes: Integers


def cross(answers: Sequence[Integers]) -> Iterator[Crossing]:
    """Cross the dimensions in every way, none of them first: that is the series of everything.

    `answers` has an array for each dimension, with the answer of each incident, `NO_ANSWER` where it has
    none.
    """
    places = range(len(answers))
    for chosen in chain.from_iterable(combinations(places, size) for size in range(len(answers) + 1)):
        if not chosen:
            numbers = np.zeros(len(answers[0]), dtype=np.int64)
            yield Crossing((), numbers, np.zeros((1, 0), dtype=np.int64))
        else:
            yield _cross(chosen, [answers[place] for place in chosen])


def _cross(chosen: tuple[int, ...], answers: Sequence[Integers]) -> Crossing:
    """Number the combinations that there are, in the order of their answers; to sort them would be dear."""
    has_all = np.logical_and.reduce([column != NO_ANSWER for column in answers])
    given = [column[has_all] for column in answers]
    sizes = [int(column.max(initial=0)) + 1 for column in given]
    keys = np.ravel_multi_index(given, sizes)
    present = np.bincount(keys, minlength=math.prod(sizes)) > 0
    numbers = np.full(len(has_all), -1, dtype=np.int64)
    numbers[has_all] = (np.cumsum(present) - 1)[keys]
    codes = np.unravel_index(np.flatnonzero(present), sizes)
    return Crossing(chosen, numbers, np.stack(codes, axis=1).astype(np.int64))


class Repeats:
    """Tells series of the very same incidents apart from others: such a series is to be judged once."""

    def __init__(self, count: int) -> None:
        """Take how many incidents there are."""
        chance = np.random.default_rng(_SEED)
        self._marks = chance.integers(0, 2**63, size=count, dtype=np.uint64)
        self._known: set[tuple[int, int]] = set()

    def find_new(self, crossing: Crossing, rows: Integers) -> Integers:
        """Give which series of a crossing no earlier one was, among these incidents, by sums of marks."""
        numbers = crossing.numbers[rows]
        of, count = numbers >= 0, len(crossing.codes)
        sums = np.zeros(count, dtype=np.uint64)
        np.add.at(sums, numbers[of], self._marks[rows[of]])
        sizes = np.bincount(numbers[of], minlength=count)
        new = []
        for number, key in enumerate(zip(sizes.tolist(), sums.tolist(), strict=True)):
            if key[0] and key not in self._known:
                self._known.add(key)
                new.append(number)
        return np.array(new, dtype=np.int64)
