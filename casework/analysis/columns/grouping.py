"""Counting rows, and distinct cases, by the answers of one or several columns."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from casework.analysis.columns.column import Answer, Column, width_of

Counts = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_ROWS_AT_ONCE = 1 << 16
"""So many rows stay in the processor's cache while they are combined and counted."""


def count_by(columns: Sequence[Column], where: Mask | None = None) -> Counts:
    """Return how many rows give each combination of answers: an axis for each column, in its values' order.

    A combination of several codes counts as one answer; `count_each` takes it apart. Raises ValueError where
    the columns are not equally long.
    """
    shape = _shape(columns)
    counts = np.zeros(math.prod(shape), dtype=np.int64)
    for start in range(0, len(columns[0]), _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        cells = _combine([column.codes[rows] for column in columns], shape)
        if where is not None:
            cells = cells[where[rows]]
        counts += np.bincount(cells, minlength=len(counts))
    return counts.reshape(shape)


def count_distinct(
    columns: Sequence[Column], numbers: npt.NDArray[np.unsignedinteger], where: Mask | None = None
) -> Counts:
    """Return the same of how many different `numbers`, such as those of their cases, the rows carry."""
    shape = _shape(columns)
    cells = _combine([column.codes for column in columns], shape).astype(np.int64)
    if where is not None:
        cells, numbers = cells[where], numbers[where]
    size = math.prod(shape)
    # By number first: rows that lie in the order of their cases are nearly sorted, which costs little.
    pairs = np.sort(numbers.astype(np.int64) * size + cells, kind="stable")
    first = np.ones(len(pairs), dtype=np.bool_)
    np.not_equal(pairs[1:], pairs[:-1], out=first[1:])
    found = np.bincount(pairs[first] % size if size else pairs, minlength=size)
    return found.astype(np.int64).reshape(shape)


def count_each(
    columns: Sequence[Column],
    numbers: npt.NDArray[np.unsignedinteger] | None = None,
    where: Mask | None = None,
) -> tuple[list[tuple[str, ...]], Counts]:
    """Count by single codes: a row that gives several of one column counts for each of them.

    Returns the codes of each axis in the order of its values, and the counts: of rows, or, with `numbers`,
    of different numbers.
    """
    if numbers is None:
        counts = count_by(columns, where)
        axes = [_membership(column) for column in columns]
        for axis, (_codes, members) in enumerate(axes):
            counts = np.moveaxis(np.tensordot(members, counts, axes=(0, axis)), 0, axis)
        return [codes for codes, _members in axes], counts
    rows = np.arange(len(columns[0])) if where is None else np.flatnonzero(where)
    taken = [column.take(rows) for column in columns]
    kept = np.arange(len(rows))
    for at in range(len(taken)):
        again, single = explode(taken[at])
        taken = [column.take(again) for column in taken]
        taken[at], kept = single, kept[again]
    return [_texts(column) for column in taken], count_distinct(taken, numbers[rows][kept])


def explode(column: Column) -> tuple[npt.NDArray[np.int64], Column]:
    """Return each code of each row in a row of its own: the number of the row that gave it, and the code."""
    codes, members = _membership(column)
    counted = members.sum(axis=1)
    lengths = counted[column.codes]
    rows = np.repeat(np.arange(len(column)), lengths)
    starts = np.concatenate(([0], np.cumsum(counted)))[column.codes]
    flat = np.nonzero(members)[1]
    offsets = np.arange(len(rows)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    given = flat[np.repeat(starts, lengths) + offsets]
    return rows, Column(codes, given.astype(width_of(len(codes))))


def gather(column: Column, owners: npt.NDArray[np.unsignedinteger], count: int) -> Column:
    """Return for each of `count` owners all codes that their rows give, each once; maybe none."""
    order = np.argsort(owners, kind="stable")
    owner, codes = owners[order], column.codes[order].astype(np.int64)
    starts = np.searchsorted(owner, np.arange(count))
    place = np.arange(len(owner)) - starts[owner]
    numbers: dict[tuple[str, ...], int] = {(): 0}
    gathered = np.zeros(count, dtype=np.int64)
    for at in range(int(place.max(initial=-1)) + 1):
        rows = place == at
        whose, values = owner[rows], tuple(numbers)
        pairs, which = np.unique(gathered[whose] * len(column.values) + codes[rows], return_inverse=True)
        joined = [
            (*values[pair // len(column.values)], *_parts(column.values[pair % len(column.values)]))
            for pair in pairs.tolist()
        ]
        table = [numbers.setdefault(tuple(dict.fromkeys(one)), len(numbers)) for one in joined]
        gathered[whose] = np.array(table, dtype=np.int64)[which]
    return Column(tuple(numbers), gathered.astype(width_of(len(numbers)))).without_unused()


def _membership(column: Column) -> tuple[tuple[str, ...], Counts]:
    """Return the single codes of all values, and which of them each value consists of."""
    parts = [_parts(value) for value in column.values]
    codes = {code: at for at, code in enumerate(dict.fromkeys(code for part in parts for code in part))}
    members = np.zeros((len(parts), len(codes)), dtype=np.int64)
    for row, part in enumerate(parts):
        members[row, [codes[code] for code in part]] = 1
    return tuple(codes), members


def _parts(value: Answer) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def _texts(column: Column) -> tuple[str, ...]:
    return tuple(value for value in column.values if isinstance(value, str))


def _shape(columns: Sequence[Column]) -> tuple[int, ...]:
    if len({len(column) for column in columns}) != 1:
        raise ValueError("columns of one table are equally long, and at least one is asked for")
    return tuple(len(column.values) for column in columns)


def _combine(
    codes: Sequence[npt.NDArray[np.unsignedinteger]], shape: Sequence[int]
) -> npt.NDArray[np.unsignedinteger]:
    if len(codes) == 1:
        return codes[0]
    cells = math.prod(shape)
    width = np.uint64 if cells > 1 << 32 else width_of(cells)
    combined = codes[0].astype(width)
    for more, size in zip(codes[1:], shape[1:], strict=True):
        combined *= np.asarray(size, dtype=np.uint64).astype(width)
        combined += more
    return combined
