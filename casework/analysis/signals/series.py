"""Which series there are: answers of several dimensions, alone and crossed, each set of incidents once."""

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
            continue
        columns = np.stack([answers[place] for place in chosen], axis=1)
        has_all = (columns != NO_ANSWER).all(axis=1)
        codes, inverse = np.unique(columns[has_all], axis=0, return_inverse=True)
        numbers = np.full(len(columns), -1, dtype=np.int64)
        numbers[has_all] = inverse.reshape(-1)
        yield Crossing(chosen, numbers, codes.reshape(-1, len(chosen)))


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
