"""Columns of codes: of each row one answer, or several. A code is an answer's place among those there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.integer[Any]]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Single:
    """One code a row."""

    codes: Ints

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, rows: Ints) -> "Single":
        """Return these rows, in this order."""
        return Single(self.codes[rows])

    def fits(self, wanted: Bools) -> Bools:
        """Return which rows have a wanted code; `wanted` says it of each code."""
        fitting: Bools = wanted[self.codes]
        return fitting

    def spread(self, rows: Ints) -> tuple[Ints, Ints]:
        """Return every pair of a place in `rows` and a code that the row there has."""
        return np.arange(len(rows)), self.codes[rows]


@dataclass(frozen=True, slots=True, eq=False)
class Several:
    """One code a row or more, each once: those of row i are `codes[offsets[i]:offsets[i + 1]]`."""

    offsets: Ints
    codes: Ints

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def take(self, rows: Ints) -> "Several":
        """Return these rows, in this order."""
        _places, codes = self.spread(rows)
        lengths = np.diff(self.offsets)[rows]
        return Several(offsets_of(lengths), codes)

    def fits(self, wanted: Bools) -> Bools:
        """Return which rows have a wanted code, or several; `wanted` says it of each code."""
        before = np.concatenate(([0], np.cumsum(wanted[self.codes])))
        fitting: Bools = before[self.offsets[1:]] > before[self.offsets[:-1]]
        return fitting

    def spread(self, rows: Ints) -> tuple[Ints, Ints]:
        """Return every pair of a place in `rows` and a code that the row there has."""
        starts, lengths = self.offsets[:-1][rows], np.diff(self.offsets)[rows]
        places = np.repeat(np.arange(len(rows)), lengths)
        within = np.arange(len(places)) - np.repeat(offsets_of(lengths)[:-1], lengths)
        return places, self.codes[np.repeat(starts, lengths) + within]


Column = Single | Several


def offsets_of(lengths: Ints) -> Ints:
    """Return where each of several runs of these lengths begins, and where the last one ends."""
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(lengths, dtype=np.int64)))


def several(answers: Iterable[Sequence[int]]) -> Several:
    """Return a column of the codes of each row."""
    listed = list(answers)
    lengths = np.fromiter(map(len, listed), dtype=np.int64, count=len(listed))
    codes = np.fromiter((code for row in listed for code in row), dtype=np.int32, count=int(lengths.sum()))
    return Several(offsets_of(lengths), codes)


def gather(rows: Ints, codes: Ints, count: int, size: int, missing: int) -> Several:
    """Return a column of `count` rows that has for each the codes paired with it, each once.

    A row without a pair has the code `missing`; `size` is how many codes there are, `missing` included.
    """
    pairs = rows.astype(np.int64) * size + codes
    if (np.diff(pairs) <= 0).any():  # mostly they come in order, each once
        pairs = np.unique(pairs)
    alone = np.ones(count, dtype=np.bool_)
    alone[pairs // size] = False
    if alone.any():
        pairs = np.sort(np.concatenate((pairs, np.flatnonzero(alone) * size + missing)))
    return Several(np.searchsorted(pairs // size, np.arange(count + 1)), (pairs % size).astype(np.int32))
