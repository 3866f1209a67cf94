"""One column: its distinct answers, and for each row which of them is given."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Answer = str | tuple[str, ...]
"""One code; or, where several may be given, all that are: a combination is one answer."""

Codes = npt.NDArray[np.unsignedinteger[Any]]
Rows = npt.NDArray[np.bool_ | np.integer[Any]]
"""Which rows: one yes or no for each, or their numbers."""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Column:
    """`codes` are indexes into `values`, which are distinct; a value that no row gives may stand there."""

    values: tuple[Answer, ...]
    codes: Codes

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.codes)

    def __eq__(self, other: object) -> bool:
        """Tell whether both give the same answers in the same order, however they are numbered."""
        return isinstance(other, Column) and self.answers() == other.answers()

    __hash__ = None  # type: ignore[assignment]  # arrays are not hashed

    def answers(self) -> list[Answer]:
        """Return each row's answer: for few rows, or for a test."""
        return [self.values[code] for code in self.codes]

    def take(self, rows: Rows) -> "Column":
        """Return these rows, with all values."""
        return Column(self.values, self.codes[rows])

    def without_unused(self) -> "Column":
        """Return the same answers without the values that no row gives: nothing stays of a row that went."""
        used = np.flatnonzero(np.bincount(self.codes, minlength=len(self.values)))
        if len(used) == len(self.values):
            return self
        numbers = np.zeros(len(self.values), dtype=width_of(len(used)))
        numbers[used] = np.arange(len(used))
        return Column(tuple(self.values[at] for at in used), numbers[self.codes])

    def map(self, change: Callable[[Answer], Answer]) -> "Column":
        """Return the column with each value changed, such as a place to its province; equal ones are one."""
        return _renumbered(map(change, self.values), self.codes)


def width_of(count: int) -> npt.DTypeLike:
    """Return the narrowest unsigned type that numbers so many."""
    return np.uint8 if count <= 1 << 8 else np.uint16 if count <= 1 << 16 else np.uint32


def encode_answers(answers: Iterable[Answer]) -> Column:
    """Return a column of these answers, numbered as they first come."""
    numbers: dict[Answer, int] = {}
    codes = [numbers.setdefault(answer, len(numbers)) for answer in answers]
    return Column(tuple(numbers), np.array(codes, dtype=width_of(len(numbers))))


def join_columns(columns: Sequence[Column]) -> Column:
    """Return one column of all rows, those of the first column first."""
    if len(columns) == 1:
        return columns[0]
    numbers: dict[Hashable, int] = {}
    tables = [[numbers.setdefault(value, len(numbers)) for value in column.values] for column in columns]
    width = width_of(len(numbers))
    joined = np.empty(sum(map(len, columns)), dtype=width)
    start = 0
    for column, table in zip(columns, tables, strict=True):
        end = start + len(column)
        if len(column):
            np.take(np.array(table, dtype=width), column.codes, out=joined[start:end], mode="clip")
        start = end
    return Column(tuple(numbers), joined)  # type: ignore[arg-type]  # its keys are values


def _renumbered(values: Iterable[Answer], codes: Codes) -> Column:
    numbers: dict[Answer, int] = {}
    table = [numbers.setdefault(value, len(numbers)) for value in values]
    return Column(tuple(numbers), np.array(table, dtype=width_of(len(numbers)))[codes])
