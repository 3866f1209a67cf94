"""Some tables whose rows refer to each other by their numbers, such as people to their case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from casework.analysis.columns.column import Column, join_columns
from casework.analysis.columns.writing import ID_BYTES, Array

Mask = npt.NDArray[np.bool_]
NOBODY = np.uint32(0xFFFFFFFF)
"""A reference to a row that is not in the block."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one table: of answers, of ids, and of references, each with the table it leads to."""

    answers: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    references: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Every column."""
        return (*self.ids, *self.references, *self.answers)


Schema = Mapping[str, Layout]
"""The layout of each table; a table comes after those that its references lead to."""


@dataclass(frozen=True, slots=True, repr=False)
class Table:
    """`count` rows. Columns of answers; of numbers and ids as arrays."""

    count: int
    answers: Mapping[str, Column]
    arrays: Mapping[str, Array]

    def get(self, column: str) -> Column | Array:
        """Return a column of either kind; raises KeyError."""
        return self.answers[column] if column in self.answers else self.arrays[column]

    def take(self, rows: Mask) -> "Table":
        """Return these rows; their answers with no value that none of them gives."""
        return Table(
            int(rows.sum()),
            {name: column.take(rows).without_unused() for name, column in self.answers.items()},
            {name: array[rows] for name, array in self.arrays.items()},
        )


Block = Mapping[str, Table]


def keep_rows(block: Block, schema: Schema, root: str, rows: Mask) -> Block:
    """Return the block with these rows of its `root` table, and of the others what leads to one of them.

    A reference to a row that went leads nowhere; where a table has several, the first decides what goes.
    """
    numbers, kept = {root: _number(rows)}, {root: block[root].take(rows)}
    for name, layout in schema.items():
        if name == root:
            continue
        arrays = block[name].arrays
        deciding, target = next(iter(layout.references.items()))
        stays = _follow(numbers[target], arrays[deciding]) != NOBODY
        numbers[name], taken = _number(stays), block[name].take(stays)
        moved = {
            column: _follow(numbers[leads_to], taken.arrays[column])
            for column, leads_to in layout.references.items()
        }
        kept[name] = Table(taken.count, taken.answers, {**taken.arrays, **moved})
    return kept


def join_blocks(blocks: Sequence[Block], schema: Schema) -> Block:
    """Return one block of all rows, those of the first block first."""
    joined: dict[str, Table] = {}
    for name, layout in schema.items():
        tables = [block[name] for block in blocks]
        arrays = {column: _join([table.arrays[column] for table in tables]) for column in layout.ids}
        for column, leads_to in layout.references.items():
            starts = np.cumsum([0, *(block[leads_to].count for block in blocks[:-1])])
            arrays[column] = _join(
                [shift(table.arrays[column], int(at)) for table, at in zip(tables, starts, strict=True)]
            )
        answers = {
            column: join_columns([table.answers[column] for table in tables]).without_unused()
            for column in layout.answers
        }
        joined[name] = Table(sum(table.count for table in tables), answers, arrays)
    return joined


def empty_block(schema: Schema) -> Block:
    """Return a block of no rows."""
    none = Column((), np.zeros(0, dtype=np.uint8))
    return {
        name: Table(
            0,
            dict.fromkeys(layout.answers, none),
            {
                **dict.fromkeys(layout.ids, np.zeros((0, ID_BYTES), dtype=np.uint8)),
                **dict.fromkeys(layout.references, np.zeros(0, dtype=np.uint32)),
            },
        )
        for name, layout in schema.items()
    }


def shift(references: Array, by: int) -> Array:
    """Return references into a table that stands `by` rows further down."""
    return np.where(references == NOBODY, NOBODY, references + np.uint32(by)) if by else references


def _number(rows: Mask) -> Array:
    """Return by the number of each row its number among those kept."""
    numbers = np.full(len(rows), NOBODY, dtype=np.uint32)
    numbers[rows] = np.arange(int(rows.sum()), dtype=np.uint32)
    return numbers


def _follow(numbers: Array, references: Array) -> Array:
    followed = np.full(len(references), NOBODY, dtype=np.uint32)
    there = references != NOBODY
    followed[there] = numbers[references[there]]
    return followed


def _join(arrays: Sequence[Array]) -> Array:
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)
