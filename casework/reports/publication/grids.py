"""The tables of a protected release as rows and columns: numbers are passed on, never computed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from casework.disclosure.ledger.release import WITHOUT, ProtectedRelease
from casework.domain.period import Period
from casework.domain.releasedraft import Names
from casework.domain.timelabels import AXIS, code_of_line
from casework.domain.vocabulary import NOT_ASKED, UNKNOWN
from casework.reports.labels import Labels
from casework.reports.layout import TOTAL, Column, Layout, Line, Shown
from casework.reports.publication import words
from casework.reports.publication.edition import DataLine, DataTable

_STATUS = {"shown": "shown", "hidden": "hidden", "structural": "impossible"}


@dataclass(frozen=True, slots=True)
class Grid:
    """A table by its codes. What has one dimension has one column, the total."""

    names: Names
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Shown, ...], ...]

    def at(self, row: str, column: str) -> Shown:
        """Give a cell by its codes."""
        return self.cells[self.rows.index(row)][self.columns.index(column)]


def lay_out_release(
    protected: ProtectedRelease, tables: Sequence[Names], period: Period, language: str
) -> tuple[Layout, ...]:
    """Lay each table out; rows and columns of nothing but published zeros are left out, totals never."""
    labels = Labels(language, period, {})
    return tuple(lay_out(grid, labels, protected.told.unit, period) for grid in read_grids(protected, tables))


def read_grids(protected: ProtectedRelease, tables: Sequence[Names]) -> Iterator[Grid]:
    """Read the tables of a release, which are of these dimensions, in their order."""
    if not isinstance(protected, ProtectedRelease):
        raise TypeError("only a protected release is ever drawn")
    told = protected.told
    for names, layout, values in zip(tables, told.layouts, told.values, strict=True):
        axes = [_codes(scale.axis, [one.label for one in scale.categories]) for scale in layout.scales]
        rows, columns = axes[0], axes[1] if len(names) > 1 else (TOTAL,)
        shown = [
            _show(value, place in layout.impossible)
            for place, value in zip(layout.places(), values, strict=True)
        ]
        wide = len(columns)
        # Those without an answer are its line taken from the total: protected with it, and no line to read.
        lines = [at for at, row in enumerate(rows) if not row.startswith(WITHOUT)]
        yield Grid(
            names,
            tuple(rows[at] for at in lines),
            columns,
            tuple(tuple(shown[at * wide : (at + 1) * wide]) for at in lines),
        )


def lay_out(grid: Grid, labels: Labels, unit: str, period: Period) -> Layout:
    """Arrange a table for the eye."""
    kept = [
        at
        for at, code in enumerate(grid.columns)
        if code == TOTAL or not _is_empty([line[at] for line in grid.cells])
    ]
    first = grid.names[0]
    return Layout(
        caption=words.name_table(grid.names, labels),
        subtitle=words.ask(unit, period, labels.language),
        corner=labels.dimension(first),
        columns=tuple(
            Column(grid.columns[at], _head(grid, grid.columns[at], labels, unit), _kind(grid.columns[at]))
            for at in kept
        ),
        rows=tuple(
            Line(code, labels.code(first, code), _kind(code), tuple(line[at] for at in kept))
            for code, line in zip(grid.rows, grid.cells, strict=True)
            if code == TOTAL or not _is_empty(line)
        ),
    )


def list_data(grid: Grid, labels: Labels) -> DataTable:
    """List every cell of a table for machines, row by row."""
    lines = []
    for row, cells in zip(grid.rows, grid.cells, strict=True):
        for column, cell in zip(grid.columns, cells, strict=True):
            codes = (row, column)[: len(grid.names)]
            named = tuple(labels.code(name, code) for name, code in zip(grid.names, codes, strict=True))
            count = 0 if cell.state == "structural" else cell.value
            lines.append(DataLine(codes, named, count, _STATUS[cell.state]))
    return DataTable("_".join(grid.names), grid.names, tuple(lines))


def _head(grid: Grid, column: str, labels: Labels, unit: str) -> str:
    """Name a column; the one of a table of one dimension is of all that is counted."""
    return labels.code(grid.names[-1], column) if len(grid.names) > 1 else labels.text(unit)


def _codes(axis: str, labels: Sequence[str]) -> tuple[str, ...]:
    """Give the codes of statistics, where the period is no part of a name."""
    return tuple(_code(label, labels[-1]) for label in labels) if axis == AXIS else tuple(labels)


def _code(label: str, whole: str) -> str:
    return TOTAL if label == whole else code_of_line(label)


def _is_empty(cells: Sequence[Shown]) -> bool:
    return all(cell.state == "structural" or cell.value == 0 for cell in cells)


def _kind(code: str) -> str:
    return "total" if code == TOTAL else "aside" if code in (UNKNOWN, NOT_ASKED) else ""


def _show(value: int | None, is_impossible: bool) -> Shown:
    if is_impossible:
        return Shown("structural", None)
    return Shown("hidden", None) if value is None else Shown("shown", value)
