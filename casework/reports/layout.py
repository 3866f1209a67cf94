"""A protected table as rows and columns for a screen: numbers are passed on or left out, never computed."""

from collections.abc import Sequence
from dataclasses import dataclass

from casework.disclosure.tables import Cell, ProtectedTable
from casework.domain.vocabulary import NOT_ASKED, UNKNOWN
from casework.reports.labels import Labels

TOTAL = "total"
WITH = "with"


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell: `state` is "shown", "hidden" or "structural"."""

    state: str
    value: int | None


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and its code; `kind` is "", "aside" for answers that are none, or "total"."""

    code: str
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its heading, and the code that this stands for."""

    code: str
    label: str
    kind: str
    cells: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """What the macro `tables.protected` draws."""

    caption: str
    subtitle: str
    corner: str
    columns: tuple[Column, ...]
    rows: tuple[Line, ...]


def lay_out(table: ProtectedTable, labels: Labels, caption: str, subtitle: str = "") -> Layout:
    """Arrange the table; rows and columns of nothing but published zeros are left out, totals never."""
    dimensions = table.dimensions
    first = dimensions[0].name
    second = dimensions[1].name if len(dimensions) > 1 else first
    tags = dimensions[0].multi_valued
    rows = table.axes[0]
    columns = table.axes[1] if len(table.axes) > 1 else (TOTAL,)
    grid = {row: _cells(table, row, columns) for row in rows}
    kept_rows = [row for row in rows if row == TOTAL or not _is_empty(grid[row][:1] if tags else grid[row])]
    kept = [
        at
        for at, column in enumerate(columns)
        if tags or column == TOTAL or not _is_empty([grid[row][at] for row in rows])
    ]
    return Layout(
        caption=caption,
        subtitle=subtitle,
        corner=labels.dimension(first),
        columns=tuple(
            Column(columns[at], labels.code(second, columns[at]), _kind(columns[at])) for at in kept
        ),
        rows=tuple(
            Line(row, labels.code(first, row), _kind(row), tuple(_show(grid[row][at]) for at in kept))
            for row in kept_rows
        ),
    )


def _cells(table: ProtectedTable, row: str, columns: Sequence[str]) -> list[Cell]:
    if len(table.axes) == 1:
        return [table.cell(row)]
    return [table.cell(row, column) for column in columns]


def _is_empty(cells: Sequence[Cell]) -> bool:
    return all(cell.value == 0 for cell in cells)


def _kind(code: str) -> str:
    if code == TOTAL:
        return "total"
    return "aside" if code in (UNKNOWN, NOT_ASKED) else ""


def _show(cell: Cell) -> Shown:
    if cell.value is None:
        return Shown("hidden", None)
    return Shown("structural", None) if cell.impossible else Shown("shown", cell.value)
