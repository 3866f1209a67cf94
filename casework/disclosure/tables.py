"""The one type of table that may be shown, and what it says about how it came about."""

from collections.abc import Iterator
from dataclasses import InitVar, dataclass
from itertools import product
from typing import Final

from casework.disclosure.dimensions import Dimension, axes_of, is_tags

ENGINE: Final = "casework-disclosure 1"

_PROTECTED: Final = object()


@dataclass(frozen=True)
class Cell:
    """A number, or None where it is hidden: nothing tells why. `impossible` is shown as a dash."""

    value: int | None
    impossible: bool = False


@dataclass(frozen=True)
class Attempt:
    """A finer table that was not taken: its label, a reason code of `REASONS`, and the reason's numbers."""

    label: str
    reason: str
    numbers: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class ProtectedTable:
    """A table that passed the audit: all that renderers accept.

    `protect`, `protect_with_coarsening` and `parse` make them, nothing else can: the seal is private to
    this package. Cells are those of the full cross with margins, row by row, margins last; of a table of
    tags, *with* and *without* per code, then the total. `remedy` is the label of the candidate that was
    taken, `refused` the finer ones that were not. `nonzero_cells` counts hidden cells too.
    """

    dimensions: tuple[Dimension, ...]
    unit: str
    k: int
    cells: tuple[Cell, ...]
    remedy: str
    refused: tuple[Attempt, ...]
    engine: str = ENGINE
    seal: InitVar[object] = None

    def __post_init__(self, seal: object) -> None:
        """Raises TypeError unless an audit vouches for the table."""
        if seal is not _PROTECTED:
            raise TypeError("a ProtectedTable is made by protect() alone")

    @property
    def hidden_cells(self) -> int:
        """How many cells are hidden."""
        return sum(cell.value is None for cell in self.cells)

    @property
    def nonzero_cells(self) -> int:
        """How many cells are not zero, hidden ones included."""
        return sum(cell.value != 0 for cell in self.cells)

    @property
    def axes(self) -> tuple[tuple[str, ...], ...]:
        """The codes along each axis, margins last; the second axis of tags is (with, without)."""
        return axes_of(self.dimensions)

    def cell(self, *codes: str) -> Cell:
        """The cell under one code an axis, each possibly `TOTAL`. Raises KeyError for an unknown code."""
        if len(codes) != len(self.axes):
            raise KeyError(codes)
        index = 0
        for code, axis in zip(codes, self.axes, strict=True):
            if code not in axis:
                raise KeyError(code)
            index = index * len(axis) + axis.index(code)
        return self.cells[index]

    def items(self) -> Iterator[tuple[tuple[str, ...], Cell]]:
        """Every cell with its codes, in order."""
        return zip(product(*self.axes), self.cells, strict=True)

    @property
    def total(self) -> int:
        """The grand total, which is never hidden."""
        value = self.cells[-2 if is_tags(self.dimensions) else -1].value
        if value is None:
            raise TypeError("a ProtectedTable without its total")
        return value
